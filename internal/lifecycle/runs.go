package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// NotMountableError means that a mount was not made, changed or looked for because the
// notebook does not run.
type NotMountableError struct {
	ID     string // of the notebook
	Status modelarts.Status
	Err    error // the refusal; nil where nothing was sent
}

// Error names the status of the notebook.
func (e *NotMountableError) Error() string {
	text := fmt.Sprintf("the notebook %s is %s, and storage is mounted and unmounted only while it runs", e.ID, e.Status)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the refusal.
func (e *NotMountableError) Unwrap() error { return e.Err }

// StillRunningError means that a notebook that was started for its mounts could not
// be stopped again.
type StillRunningError struct {
	ID  string // of the notebook
	Err error
}

// Error says why.
func (e *StillRunningError) Error() string {
	return fmt.Sprintf("the notebook %s was started for its mounts, and could not be stopped again: %s", e.ID, e.Err)
}

// Unwrap gives the reason.
func (e *StillRunningError) Unwrap() error { return e.Err }

// Runs keeps the notebooks of one process that were started for their mounts: the
// first mount starts the notebook, and the last one stops it. It also keeps an update
// of a notebook and the work on its mounts apart. The zero value is ready, and safe for
// concurrent use.
type Runs struct {
	mu  sync.Mutex
	all map[string]*runs
}

// runs are the mounts that need one notebook to run.
type runs struct {
	turn chan struct{} // holds one element while somebody starts or stops the notebook

	// What follows is under Runs.mu.
	users   int           // mounts that need the notebook
	inside  int           // those, and those that stop it after the last one
	alone   bool          // an update of the notebook is under way
	changed chan struct{} // closed when inside or alone has changed
	seen    sighting      // what this process has seen last at the end of an operation

	// What follows belongs to whoever has the turn.
	ours   *modelarts.Notebook // before this process has started it; nil: it has not
	upFrom time.Time           // when a start was seen to end; zero: none was
}

// sighting is what was seen of a notebook, and when.
type sighting struct {
	at time.Time
	nb *modelarts.Notebook
}

// follows reports whether an answer may come from before the sighting: it shows the
// opposite power state, and its token does not show that a start or a stop has followed.
// Each start, and nothing else, gives the notebook a new token.
func (s sighting) follows(nb *modelarts.Notebook) bool {
	if s.nb == nil || time.Since(s.at) >= staleFor {
		return false
	}
	known := s.nb.Token != nil && nb.Token != nil
	switch {
	case s.nb.Status == modelarts.StatusRunning && nb.Status == modelarts.StatusStopped:
		return !known || !sameToken(s.nb, nb)
	case s.nb.Status == modelarts.StatusStopped && nb.Status == modelarts.StatusRunning:
		return !known || sameToken(s.nb, nb)
	default:
		return false
	}
}

// Run is a notebook that is kept running for a mount.
type Run struct {
	// Notebook is what was shown of it; nil when it could not be read.
	Notebook *modelarts.Notebook

	m       Mounts
	runs    *runs
	settled time.Time // until then the service may bring back mounts by itself
}

// enter waits until a notebook can be used: by an update alone, or by mounts together.
// leave must follow.
func (r *Runs) enter(ctx context.Context, id string, alone bool) (*runs, error) {
	for {
		r.mu.Lock()
		own := r.of(id)
		if !own.alone && (!alone || own.inside == 0) {
			own.alone = alone
			if !alone {
				own.users++
				own.inside++
			}
			r.mu.Unlock()
			return own, nil
		}
		changed := own.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// of is what is known of a notebook. The caller has r.mu.
func (r *Runs) of(id string) *runs {
	if r.all == nil {
		r.all = make(map[string]*runs)
	}
	if r.all[id] == nil {
		r.all[id] = &runs{turn: make(chan struct{}, 1), changed: make(chan struct{})}
	}
	return r.all[id]
}

// Saw notes what was seen of a notebook at the end of an operation of this process, or
// nothing where nb is nil. For half a minute an answer that may be older is not believed,
// so that no mount starts a notebook that an update has started already.
func (r *Runs) Saw(id string, nb *modelarts.Notebook) {
	if nb == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(id).seen = sighting{time.Now(), nb}
}

// outdated reports whether an answer may be older than what was seen of the notebook.
func (r *Runs) outdated(own *runs, nb *modelarts.Notebook) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return own.seen.follows(nb)
}

// leave lets others use a notebook.
func (r *Runs) leave(own *runs) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if own.alone {
		own.alone = false
	} else {
		own.inside--
	}
	close(own.changed)
	own.changed = make(chan struct{})
}

// Alone waits until nothing is mounted or unmounted on a notebook, and keeps all of that
// away until end is called. Terraform updates a notebook while it unmounts what is not
// configured any more: without this an update would mount that again after its restart,
// or take a notebook that was started for the unmount for one that runs. The error is
// that of the context.
func (r *Runs) Alone(ctx context.Context, id string) (end func(), err error) {
	own, err := r.enter(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return func() { r.leave(own) }, nil
}

// Begin finds the notebook running, or starts it where that is allowed, with a lease
// that is no shorter than it has. End must follow, whatever happens. The error is a
// NotMountableError where the notebook does not run and may not be started, and
// ErrNoNotebook where it does not exist.
func (m Mounts) Begin(ctx context.Context, start bool) (*Run, error) {
	own, err := m.Runs.enter(ctx, m.ID, false)
	if err != nil {
		return &Run{m: m}, err
	}
	run := &Run{m: m, runs: own}
	if err := run.begin(ctx, start); err != nil {
		return run, errors.Join(err, run.End(ctx))
	}
	return run, nil
}

func (r *Run) begin(ctx context.Context, start bool) error {
	select {
	case r.runs.turn <- struct{}{}:
		defer func() { <-r.runs.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	d := r.m.doubt()
	nb, err := r.m.settledNotebook(ctx, &r.runs.upFrom)
	for err == nil && r.m.Runs.outdated(r.runs, nb) {
		if err := d.pause(ctx); err != nil {
			return err
		}
		nb, err = r.m.settledNotebook(ctx, &r.runs.upFrom)
	}
	if err != nil {
		return err
	}
	if r.Notebook = nb; nb.Status != modelarts.StatusRunning {
		if !start {
			return &NotMountableError{ID: r.m.ID, Status: nb.Status}
		}
		if r.Notebook, err = r.start(ctx, nb); err != nil {
			return fmt.Errorf("starting the notebook for the mount: %w", err)
		}
	}
	if !r.runs.upFrom.IsZero() {
		r.settled = r.runs.upFrom.Add(settling)
	}
	return nil
}

// settledNotebook reads a notebook when it has settled. upFrom is set where a start
// of it was seen to end.
func (m Mounts) settledNotebook(ctx context.Context, upFrom *time.Time) (*modelarts.Notebook, error) {
	nb, err := m.Show(ctx)
	if err != nil && modelarts.Transient(err) {
		nb, err = m.await(ctx, toShown, "")
	}
	if err == nil && nb.Status == modelarts.StatusDeleted { // one such answer can be wrong
		if err := m.pause(ctx); err != nil {
			return nil, err
		}
		nb, err = m.Show(ctx)
	}
	if err == nil && nb.Status.Kind() == modelarts.Pending {
		if nb, err = m.await(ctx, toSettled, ""); err == nil && nb.Status == modelarts.StatusRunning {
			*upFrom = time.Now()
		}
	}
	if err == nil && nb.Status == modelarts.StatusDeleted {
		err = ErrNoNotebook
	}
	return nb, err
}

// start starts the notebook. What is taken, or may be, is stopped by the last End.
func (r *Run) start(ctx context.Context, before *modelarts.Notebook) (*modelarts.Notebook, error) {
	if !startable(before.Status) {
		return before, &wait.StatusError{Status: string(before.Status), Reason: reason(before)}
	}
	var taken, opposite bool
	lease := Lease{}.notShortened(before, false)
	err := r.m.requestPower(ctx, toStart, noting(&taken, &opposite, r.m.start(lease)), believed)
	if taken {
		r.runs.ours = before
	}
	if err != nil {
		return before, err
	}
	nb, err := r.m.awaitStart(ctx, before)
	if errors.As(err, new(*wait.StatusError)) {
		r.runs.ours = nil // it does not run
	}
	r.runs.upFrom = time.Now()
	if err == nil {
		r.m.Runs.Saw(r.m.ID, nb)
	}
	return nb, err
}

// hopeless reports whether an error of Begin says that no start leads out of the
// status of the notebook.
func (r *Run) hopeless(err error) bool {
	if r.Notebook == nil || !errors.As(err, new(*wait.StatusError)) {
		return false
	}
	return !startable(r.Notebook.Status) || errors.Is(err, modelarts.ErrConflict)
}

// runsNot reports whether a notebook of a status does not run: its start has failed, or it is
// gone. After a stop was asked for, a failure is that of the stop, and it may still run.
func runsNot(status modelarts.Status, asked bool) bool {
	return status != modelarts.StatusRunning && (!asked || status.Kind() != modelarts.Failed)
}

// End says that the mount does not need the notebook any more. The last one stops a
// notebook that this process has started, also when ctx has ended: then the stop is
// requested and not waited for. The error is a StillRunningError.
func (r *Run) End(ctx context.Context) error {
	defer r.m.Runs.leave(r.runs)
	r.m.Runs.mu.Lock()
	r.runs.users--
	last := r.runs.users == 0
	r.m.Runs.mu.Unlock()
	if !last {
		return nil
	}
	ctx, cancel, cut := orAfterCancel(ctx, restoring)
	defer cancel()
	select {
	case r.runs.turn <- struct{}{}:
		defer func() { <-r.runs.turn }()
	case <-ctx.Done():
		return &StillRunningError{ID: r.m.ID, Err: ctx.Err()}
	}
	r.m.Runs.mu.Lock()
	needed := r.runs.users > 0 // by one that came meanwhile
	r.m.Runs.mu.Unlock()
	before := r.runs.ours
	if needed || before == nil {
		return nil
	}
	// An answer STOPPED with the token from before is older than the start.
	old := func(nb *modelarts.Notebook) bool {
		return nb.Status == before.Status && sameToken(before, nb)
	}
	err := r.m.requestPower(ctx, toStop, r.m.stop, old)
	asked := err == nil
	if asked && !cut {
		var stopped *modelarts.Notebook
		if stopped, err = r.m.awaitStop(ctx); err == nil {
			r.m.Runs.Saw(r.m.ID, stopped)
		}
	}
	if ended := new(wait.StatusError); errors.As(err, &ended) && runsNot(modelarts.Status(ended.Status), asked) {
		err = nil
	}
	if errors.Is(err, modelarts.ErrNotFound) {
		err = nil
	}
	r.runs.ours, r.runs.upFrom = nil, time.Time{}
	if err != nil {
		return &StillRunningError{ID: r.m.ID, Err: err}
	}
	return nil
}
