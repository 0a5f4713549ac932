package simulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// The statuses of a notebook.
const (
	statusInit         = "INIT"
	statusCreating     = "CREATING"
	statusStarting     = "STARTING"
	statusStopping     = "STOPPING"
	statusDeleting     = "DELETING"
	statusRunning      = "RUNNING"
	statusStopped      = "STOPPED"
	statusSnapshotting = "SNAPSHOTTING"
	statusCreateFailed = "CREATE_FAILED"
	statusStartFailed  = "START_FAILED"
	statusDeleteFailed = "DELETE_FAILED"
	statusError        = "ERROR"
	statusDeleted      = "DELETED"
	statusFrozen       = "FROZEN"
)

var pendingStatuses = []string{
	statusInit, statusCreating, statusStarting, statusStopping, statusDeleting, statusSnapshotting,
}

// phase is a transition of a notebook, a mount or an image. It is never
// changed once it is made.
type phase struct {
	from, until time.Time
	// to is the status that it ends in.
	to string
	// reason and step are those of a transition that fails.
	reason string
	step   int
}

// steps is the number of steps of a start.
const steps = 4

// newPhase is a transition that takes d, or less when life has it fail.
func newPhase(now time.Time, d time.Duration, to string) *phase {
	return &phase{from: now, until: now.Add(d), to: to}
}

// lasts is how long something takes that is said to take d, at the speed of the
// simulator.
func (s *Simulator) lasts(d time.Duration) time.Duration {
	return time.Duration(float64(d) / s.options.Speed)
}

// failing turns a phase into one that fails because of a fault of life, if
// there is one.
func (p *phase) failing(life *Fault, to, reason string) *phase {
	if life == nil {
		return p
	}
	failed := *p
	failed.to, failed.reason = to, reason
	if life.Reason != "" {
		failed.reason = life.Reason
	}
	return &failed
}

// failingStep is failing for a phase with steps: it ends with the step that fails.
func (p *phase) failingStep(life *Fault, to string) *phase {
	if life == nil {
		return p
	}
	step := life.Step
	if step == 0 {
		step = steps
	}
	failed := p.failing(life, to, fmt.Sprintf("Failed to %s.", stepNames[step-1]))
	failed.step = step
	failed.until = p.stepEnd(step)
	return failed
}

// stepEnd is when a step of a start is over.
func (p *phase) stepEnd(step int) time.Time {
	return p.from.Add(p.until.Sub(p.from) * time.Duration(step) / steps)
}

// resize is the growth of a volume.
type resize struct {
	to    int64
	until time.Time
}

// event is something that is due.
type event struct {
	at    time.Time
	apply func(at time.Time)
}

// settle lets everything happen that is due by now, each at its own time, and
// returns now. The caller holds s.mu. It comes first in whatever looks at the
// state, so the state never depends on when somebody looked.
func (s *Simulator) settle() time.Time {
	now := s.now()
	for _, i := range s.images {
		i.settle(now)
	}
	gone := false
	for _, n := range s.notebooks {
		for e := s.next(n); e != nil && !e.at.After(now); e = s.next(n) {
			e.apply(e.at)
			n.record(e.at)
		}
		gone = gone || n.Status == statusDeleted
	}
	if gone {
		s.bury()
	}
	return now
}

// next is the first event of a notebook, or nil.
func (s *Simulator) next(n *notebook) *event {
	var first *event
	offer := func(at time.Time, apply func(time.Time)) {
		if first == nil || at.Before(first.at) {
			first = &event{at, apply}
		}
	}
	if p := n.phase; p != nil {
		if n.Status == statusInit {
			offer(p.stepEnd(1), func(at time.Time) { n.setStatus(statusCreating, at) })
		} else {
			offer(p.until, func(at time.Time) { s.finish(n, at) })
		}
	}
	if r := n.resize; r != nil {
		offer(r.until, func(time.Time) {
			n.Volume.Capacity, n.Volume.Status, n.resize = r.to, "", nil
		})
	}
	if n.Status == statusRunning && n.Lease.Enabled {
		at := n.Lease.EndsAt()
		if at.Before(n.since) {
			// The lease ran out while the notebook was still starting.
			at = n.since
		}
		offer(at, func(at time.Time) { s.beginStop(n, at, nil) })
	}
	for i, st := range n.Storages {
		if st.phase != nil {
			offer(st.phase.until, func(time.Time) { s.finishMount(n, i) })
		}
	}
	if n.savedImage != nil && !n.savedAt.IsZero() {
		offer(n.savedAt, func(time.Time) { n.takeSavedImage() })
	}
	if len(n.remounting) > 0 && n.Status == statusRunning && !n.remountAt.IsZero() {
		offer(n.remountAt, func(at time.Time) { s.mountAgain(n, at) })
	}
	return first
}

// setStatus changes the status at a time.
func (n *notebook) setStatus(status string, at time.Time) {
	n.Status, n.since = status, at
}

// finish ends the transition of a notebook.
func (s *Simulator) finish(n *notebook, at time.Time) {
	p := n.phase
	n.phase = nil
	n.FailReason = p.reason
	wasStart := n.Status != statusSnapshotting
	n.setStatus(p.to, at)
	if p.to == statusRunning && wasStart {
		n.Lease.Since, n.Lease.UpdatedAt = at, at
		s.open(n)
		s.remount(n, at)
	}
}

// open gives a notebook that runs its addresses.
func (s *Simulator) open(n *notebook) {
	n.URL = s.pageOf(n.ID)
	n.Endpoints = s.withAddresses(n, n.Endpoints)
}

// withAddresses gives SSH endpoints the address that the notebook keeps.
func (s *Simulator) withAddresses(n *notebook, endpoints []Endpoint) []Endpoint {
	endpoints = slices.Clone(endpoints)
	for i := range endpoints {
		if endpoints[i].Service == serviceSSH {
			endpoints[i].URI = fmt.Sprintf("ssh://ma-user@dev-modelarts-%s.huaweicloud.com:%d", s.options.Region, n.sshPort)
		}
	}
	return endpoints
}

// beginCreate starts the life of a notebook.
func (s *Simulator) beginCreate(n *notebook, now time.Time, life *Fault) {
	status := statusCreating
	if s.options.StartsInit {
		status = statusInit
	}
	s.beginStartup(n, now, status, s.startPhase(n, newPhase(now, s.lasts(s.options.CreateTime), statusRunning), life, statusCreateFailed))
}

// beginStart starts a notebook that is stopped.
func (s *Simulator) beginStart(n *notebook, now time.Time, life *Fault) {
	if n.savedImage != nil && n.savedAt.IsZero() {
		n.takeSavedImage()
	}
	s.beginStartup(n, now, statusStarting, s.startPhase(n, newPhase(now, s.lasts(s.options.StartTime), statusRunning), life, statusStartFailed))
}

// startPhase is a start that a fault of life has fail, or its data volumes.
func (s *Simulator) startPhase(n *notebook, p *phase, life *Fault, failed string) *phase {
	n.DataVolumes = slices.Clone(n.DataVolumes)
	all := life != nil && life.Kind == FaultDataMountFailed
	broken := false
	for i := range n.DataVolumes {
		v := &n.DataVolumes[i]
		v.Status = ""
		if all || s.isBroken(v.URI) {
			v.Status, broken = "MOUNT_FAILED", true
		}
	}
	switch {
	case life != nil && !all:
		return p.failingStep(life, failed)
	case !broken || !s.isB("data-fails-start"):
		return p
	}
	fatal := Fault{Step: 1, Reason: "Failed to mount a data volume."}
	if all && life.Reason != "" {
		fatal.Reason = life.Reason
	}
	return p.failingStep(&fatal, failed)
}

// isBroken reports whether a source is in a bucket that cannot be mounted.
func (s *Simulator) isBroken(uri string) bool {
	bucket := bucketPath.FindStringSubmatch(uri)
	return len(bucket) > 1 && slices.Contains(s.options.BrokenBuckets, bucket[1])
}

func (s *Simulator) beginStartup(n *notebook, now time.Time, status string, p *phase) {
	n.setStatus(status, now)
	n.phase, n.startup = p, p
	n.FailReason = ""
	n.Token = uuid.NewString()
	n.Starts++
}

// beginStop stops a notebook that runs.
func (s *Simulator) beginStop(n *notebook, now time.Time, life *Fault) {
	s.unmountAll(n)
	n.setStatus(statusStopping, now)
	n.phase = newPhase(now, s.lasts(s.options.StopTime), statusStopped).failing(life, statusError, "Failed to stop the instance.")
}

// beginDelete deletes a notebook.
func (s *Simulator) beginDelete(n *notebook, now time.Time, life *Fault) {
	n.setStatus(statusDeleting, now)
	n.resize, n.Volume.Status = nil, ""
	n.phase = newPhase(now, s.lasts(s.options.DeleteTime), statusDeleted).failing(life, statusDeleteFailed, "Failed to delete the instance.")
}

// beginSnapshot has a notebook that runs saved as an image.
func (s *Simulator) beginSnapshot(n *notebook, now time.Time) {
	n.setStatus(statusSnapshotting, now)
	n.phase = newPhase(now, s.lasts(s.options.SnapshotTime), statusRunning)
}

// beginGrow grows the volume of a notebook.
func (s *Simulator) beginGrow(n *notebook, now time.Time, to int64) {
	n.Volume.Status = "RESIZING"
	n.resize = &resize{to, now.Add(s.lasts(s.options.ResizeTime))}
}

// freeze puts the notebooks of an account in arrears on ice, or takes them off.
func (s *Simulator) freeze(frozen bool, now time.Time) {
	for _, n := range s.notebooks {
		switch {
		case frozen && n.Status != statusDeleting:
			n.phase, n.resize, n.Volume.Status = nil, nil, ""
			n.setStatus(statusFrozen, now)
		case !frozen && n.Status == statusFrozen:
			n.setStatus(statusStopped, now)
		default:
			continue
		}
		n.record(now)
	}
}

var stepNames = [steps]string{
	"prepare the storage",
	"prepare the compute resources",
	"configure the network",
	"initialize the instance",
}

// stepStatus is the status of a step of a start at a time.
func (p *phase) stepStatus(step int, now time.Time) string {
	if p.step != 0 && !now.Before(p.until) {
		// The phase is over and failed at p.step.
		switch {
		case step < p.step:
			return stepCompleted
		case step == p.step:
			return stepFailed
		default:
			return stepWaiting
		}
	}
	// The whole length of a phase that will fail is that of its steps so far.
	last := steps
	if p.step != 0 {
		last = p.step
	}
	length := p.until.Sub(p.from)
	begin := p.from.Add(length * time.Duration(step-1) / time.Duration(last))
	end := p.from.Add(length * time.Duration(step) / time.Duration(last))
	switch {
	case now.Before(begin) || (step > last):
		return stepWaiting
	case now.Before(end) || length == 0 && step == 1:
		return stepProcessing
	case length == 0:
		return stepWaiting
	default:
		return stepCompleted
	}
}

// jumps are the steps of a start that begin out of order, in each quarter of it.
var jumps = [steps][steps]string{
	{stepWaiting, stepProcessing, stepWaiting, stepWaiting},
	{stepCompleted, stepWaiting, stepWaiting, stepProcessing},
	{stepProcessing, stepCompleted, stepWaiting, stepWaiting},
	{stepCompleted, stepCompleted, stepProcessing, stepCompleted},
}

// The statuses of a step of a start.
const (
	stepWaiting    = "WAITING"
	stepProcessing = "PROCESSING"
	stepCompleted  = "COMPLETED"
	stepFailed     = "FAILED"
)

// stepStatuses are the statuses of all steps of a start at a time, in one of the
// shapes.
func (p *phase) stepStatuses(shape string, now time.Time) [steps]string {
	over := !now.Before(p.until)
	switch {
	case shape == ProgressFirst && !over:
		return [steps]string{stepProcessing, stepWaiting, stepWaiting, stepWaiting}
	case shape == ProgressEnd && !over:
		return [steps]string{stepWaiting, stepWaiting, stepWaiting, stepWaiting}
	case shape == ProgressJumping && !over:
		return jumps[int64(steps)*int64(now.Sub(p.from))/int64(p.until.Sub(p.from))]
	}
	var statuses [steps]string
	for i := range statuses {
		statuses[i] = p.stepStatus(i+1, now)
	}
	return statuses
}
