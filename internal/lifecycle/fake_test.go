package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// fake is the service by its contract, in memory and in the time of the test: a
// status machine whose changes take their time. It implements Service and
// Reader. Faults are asked for by the number of the call.
type fake struct {
	options

	mu        sync.Mutex
	notebooks []*notebook
	log       []logged
	faults    map[int]fault          // the first call is 1
	always    func(op string) *fault // for the calls without a fault of their own; nil: none
	next      map[string][]fault     // of the next calls of an operation
	cancel    context.CancelFunc     // of the context that a fault cancels
	wrote     bool                   // a write was called
	before    modelarts.Status       // that was answered last before the first write, unless it was pending
	jumps     []modelarts.Status     // that faults gave to the notebook
	lent      time.Duration          // by the last lease that was given
	made      int                    // mounts
}

// options are the open questions of the contract, and the times of the service.
type options struct {
	latency, create, start, stop, remove, resize time.Duration

	anyRefusedRunning  bool // name and description are refused while RUNNING
	anyRefusedStopped  bool // name and description are refused while STOPPED
	stopTakenRunning   bool // flavor and image_id are taken while RUNNING
	stopRefusedStopped bool // flavor and image_id are refused while STOPPED
	growRefusedRunning bool
	growRefusedStopped bool
	failedTakesChanges bool // a PUT is taken in START_FAILED
	startFailedTaken   bool // a start leads out of START_FAILED
	deleteStoppedOnly  bool
	tagged             map[string]string // what new notebooks are tagged with by others
	deleteFails        bool
	idleAsked          bool // the duration of an IDLE lease is the one that was asked for
	renewalByQuery     bool // a renewal is taken in the query alone, which the client sends for TIMING
	goneIsShown        bool // a notebook that is gone is shown as DELETED
	goneIsConflict     bool // a delete of one that is gone is refused with 6357
	goneReadsConflict  bool // a look at one that is gone, too
	noToken            bool
	noClock            bool // answers hold no current_time
	dateClock          bool // they hold whole seconds in its place
	noCreation         bool // answers do not say when the notebook was created
	shortLists         bool // lists hold no more than ID and name
	listedTwice        bool // lists hold each notebook twice
	createFails        bool
	startsThatFail     int // how many of the next starts end in START_FAILED
	stopsThatFail      int // how many of the next stops end in ERROR
	refusal            string
	hidden             time.Duration // for so long a new notebook is not found
	hiddenFromLists    time.Duration // for so long a new notebook is in no list
	mountOptions
}

var quick = options{
	latency: 20 * time.Millisecond, create: 20 * time.Second, start: 15 * time.Second, stop: 8 * time.Second,
	remove: 5 * time.Second, resize: 10 * time.Second, mountOptions: mountOptions{mount: 4 * time.Second},
}

// notebook is what the service holds.
type notebook struct {
	modelarts.Notebook
	tags     map[string]string
	starts   int
	stopsAt  time.Time // by the lease; zero: never
	made     time.Time
	next     modelarts.Status // that the present one becomes
	at       time.Time        // when
	larger   int64            // the size that the disk grows to
	grown    time.Time        // when
	past     []moment
	asked    string // the lease that was asked for last
	reason   string // of the next failure
	conflict int    // so many of the next writes are refused as conflicts
	mounts   []*mount
	away     []*mount  // that come back by themselves
	back     time.Time // when
}

// moment is how a notebook was shown from a time on.
type moment struct {
	since time.Time
	shown modelarts.Notebook
}

// logged is a call.
type logged struct {
	op, what, code string
	at             time.Time
	took           time.Duration
	status         modelarts.Status // of the notebook then
}

// fault is what goes wrong with a call. What is done before the effect comes
// before it in time.
type fault struct {
	status        modelarts.Status       // that the notebook gets before the call
	cancelBefore  bool                   // the context of the caller ends before the call
	before, after func(op string) error  // the answer in place of the effect, or although it took place
	lag           time.Duration          // a read answers what was so long ago
	cancelAfter   bool                   // the context of the caller ends after the effect
	takes         time.Duration          // how much longer the call lasts
	then          func(*fake, *notebook) // what somebody else does before the call
}

// The faults in words.
func refuse(code string) func(string) error {
	return func(op string) error { return refusal(op, code) }
}

func noAnswer(op string) error {
	return &modelarts.NoAnswerError{Operation: op, Sent: true, Err: errors.New("connection reset")}
}

func notSent(op string) error {
	return &modelarts.NoAnswerError{Operation: op, Err: errors.New("connection refused")}
}

func internalError(op string) error { return &modelarts.Error{Operation: op, Status: 500} }

func throttled(op string) error {
	return &modelarts.Error{Operation: op, Status: 429, Code: "ModelArts.6101"}
}

func forbidden(op string) error {
	return &modelarts.Error{Operation: op, Status: 403, Code: "ModelArts.0112"}
}

func unreadable(op string) error {
	return &modelarts.Error{Operation: op, Status: 200, Err: modelarts.ErrUnreadableAnswer}
}

func refusal(op, code string) error {
	return &modelarts.Error{Operation: op, Status: 400, Code: "ModelArts." + code}
}

func codeOf(err error) string {
	var e *modelarts.Error
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &e):
		return "no answer"
	case e.Code == "":
		return fmt.Sprint(e.Status)
	default:
		return strings.TrimPrefix(e.Code, "ModelArts.")
	}
}

// hour is an hour in milliseconds.
const hour = int64(time.Hour / time.Millisecond)

// newFake is a service that holds one notebook in a status.
func newFake(o options, status modelarts.Status) *fake {
	f := &fake{options: o, faults: make(map[int]fault), next: make(map[string][]fault)}
	f.add("n", status, 2*hour)
	return f
}

// add puts a notebook that was made an hour ago into the service. Its lease has
// some time left.
func (f *fake) add(id string, status modelarts.Status, left int64) *notebook {
	n := &notebook{tags: map[string]string{"old": "1"}, made: time.Now().Add(-time.Hour), starts: 1}
	n.ID, n.Name, n.Flavor = id, "old", new("small")
	n.Image = &modelarts.Image{ID: "image"}
	n.URL = new("https://notebook")
	n.Volume = &modelarts.VolumeRes{Capacity: new(int64(10))}
	n.Lease = &modelarts.Lease{CreateAt: new(n.made.UnixMilli()), Duration: new(hour + left), Enable: new(true), Type: new("TIMING")}
	n.stopsAt = time.Now().Add(time.Duration(left) * time.Millisecond)
	f.notebooks = append(f.notebooks, n)
	f.put(n, status)
	return n
}

// put gives a notebook a status, whatever it was, and lets a pending one come to
// rest in its time.
func (f *fake) put(n *notebook, status modelarts.Status) {
	n.Status, n.next, n.FailReason = status, "", nil
	switch status {
	case modelarts.StatusInit, modelarts.StatusCreating:
		f.becomes(n, modelarts.StatusRunning, f.create)
		if f.createFails {
			n.next, n.reason = modelarts.StatusCreateFailed, "No node is left."
		}
	case modelarts.StatusStarting:
		f.becomes(n, modelarts.StatusRunning, f.start)
		if f.startsThatFail > 0 {
			f.startsThatFail--
			n.next, n.reason = modelarts.StatusStartFailed, "No node is left."
		}
	case modelarts.StatusSnapshotting:
		f.becomes(n, modelarts.StatusRunning, f.resize)
	case modelarts.StatusStopping:
		f.becomes(n, modelarts.StatusStopped, f.stop)
		f.unmountAll(n)
	case modelarts.StatusDeleting:
		f.becomes(n, modelarts.StatusDeleted, f.remove)
	}
	f.record(n)
}

func (f *fake) becomes(n *notebook, status modelarts.Status, after time.Duration) {
	n.next, n.at = status, time.Now().Add(after)
}

// record remembers what is shown from now on.
func (f *fake) record(n *notebook) { f.recordAt(n, time.Now()) }

func (f *fake) recordAt(n *notebook, since time.Time) {
	n.past = append(n.past, moment{since: since, shown: f.show(n)})
}

// advance lets happen what is due.
func (f *fake) advance(n *notebook) {
	now := time.Now()
	if n.next != "" && !now.Before(n.at) {
		n.Status, n.next = n.next, ""
		if n.Status.Kind() == modelarts.Failed {
			n.FailReason = new(n.reason)
		}
		if n.Status == modelarts.StatusRunning {
			f.remount(n)
		}
		f.recordAt(n, n.at)
	}
	if n.larger != 0 && !now.Before(n.grown) {
		n.Volume = &modelarts.VolumeRes{Capacity: new(n.larger)}
		n.larger = 0
		f.recordAt(n, n.grown)
	}
	if n.Status == modelarts.StatusRunning && !n.stopsAt.IsZero() && !now.Before(n.stopsAt) {
		n.Status, n.stopsAt = modelarts.StatusStopped, time.Time{}
		f.unmountAll(n)
		f.record(n)
	}
	f.advanceMounts(n)
}

// show is the answer about a notebook.
func (f *fake) show(n *notebook) modelarts.Notebook {
	shown := n.Notebook
	shown.Tags = nil
	for _, key := range slices.Sorted(maps.Keys(n.tags)) {
		shown.Tags = append(shown.Tags, modelarts.Tag{Key: key, Value: new(n.tags[key])})
	}
	if !f.noCreation {
		shown.CreateAt = new(n.made.UnixMilli())
	}
	if !f.noToken {
		shown.Token = new(fmt.Sprintf("token %d", n.starts))
	}
	if !f.noClock {
		shown.CurrentTime = new(time.Now().UnixMilli())
	}
	if f.dateClock {
		shown.CurrentTime = new(time.Now().Unix() * 1000)
	}
	return shown
}

// entry is a notebook as lists show it, which have no clock.
func (f *fake) entry(n *notebook) modelarts.Notebook {
	shown := f.show(n)
	shown.CurrentTime = nil
	if f.shortLists {
		shown = modelarts.Notebook{ID: shown.ID, Name: shown.Name}
	}
	return shown
}

// ago is what was shown of a notebook so long ago; nil: it did not exist.
func (f *fake) ago(n *notebook, lag time.Duration) *modelarts.Notebook {
	if lag == 0 {
		shown := f.show(n)
		return &shown
	}
	for _, m := range slices.Backward(n.past) {
		if !m.since.After(time.Now().Add(-lag)) {
			return &m.shown
		}
	}
	first := n.past[0].shown
	return &first
}

func (f *fake) find(id string) *notebook {
	for _, n := range f.notebooks {
		if n.ID == id {
			f.advance(n)
			return n
		}
	}
	return nil
}

// do is one call. effect is what it does to the notebook, or why it is refused.
func (f *fake) do(ctx context.Context, op, id, what string, effect func(n *notebook, lag time.Duration) error) error {
	f.mu.Lock()
	number := len(f.log)
	f.log = append(f.log, logged{op: op, what: what, at: time.Now()})
	trouble := f.faults[number+1]
	if _, own := f.faults[number+1]; !own && len(f.next[op]) > 0 {
		trouble, f.next[op] = f.next[op][0], f.next[op][1:]
	} else if !own && f.always != nil {
		if given := f.always(op); given != nil {
			trouble = *given
		}
	}
	f.mu.Unlock()

	err := f.exchange(ctx, op, id, trouble, effect)
	f.mu.Lock()
	f.log[number].code, f.log[number].took = codeOf(err), time.Since(f.log[number].at)
	if n := f.find(id); n != nil {
		f.log[number].status = n.Status
	}
	f.mu.Unlock()
	return err
}

func (f *fake) exchange(ctx context.Context, op, id string, trouble fault, effect func(n *notebook, lag time.Duration) error) error {
	if trouble.cancelBefore && f.cancel != nil {
		f.cancel()
	}
	if ctx.Err() != nil {
		return &modelarts.NoAnswerError{Operation: op, Err: ctx.Err()}
	}
	select {
	case <-ctx.Done():
		return &modelarts.NoAnswerError{Operation: op, Sent: true, Err: ctx.Err()}
	case <-time.After(f.latency):
	}
	f.mu.Lock()
	n := f.find(id)
	if n != nil && trouble.status != "" {
		f.put(n, trouble.status)
		f.jumps = append(f.jumps, trouble.status)
	}
	if trouble.then != nil {
		trouble.then(f, n)
	}
	var err error
	switch {
	case trouble.before != nil:
		err = trouble.before(op)
	default:
		err = effect(n, trouble.lag)
		if err == nil && trouble.after != nil {
			err = trouble.after(op)
		}
	}
	f.mu.Unlock()
	if trouble.cancelAfter && f.cancel != nil {
		f.cancel()
	}
	if trouble.takes > 0 {
		select {
		case <-ctx.Done():
		case <-time.After(trouble.takes):
		}
	}
	if ctx.Err() != nil {
		return &modelarts.NoAnswerError{Operation: op, Sent: true, Err: ctx.Err()}
	}
	return err
}

// write is a call that changes a notebook.
func (f *fake) write(ctx context.Context, op, id, what string, effect func(n *notebook) error) error {
	f.mu.Lock()
	f.wrote = true
	f.mu.Unlock()
	return f.do(ctx, op, id, what, func(n *notebook, _ time.Duration) error {
		switch {
		case n == nil:
			return refusal(op, "6309")
		case n.Status == modelarts.StatusDeleted && op == "DeleteNotebook" && f.goneIsConflict:
			return refusal(op, "6357")
		case n.Status == modelarts.StatusDeleted:
			return refusal(op, "6309")
		case n.conflict > 0:
			n.conflict--
			return refusal(op, "6357")
		}
		err := effect(n)
		f.record(n)
		return err
	})
}

// writes are the calls that are no reads, in words, each with the code of its
// refusal.
func (f *fake) writes() []string {
	var calls []string
	for _, call := range f.log {
		if call.what == "" {
			continue
		}
		text := call.what
		if call.code != "" {
			text += ": " + call.code
		}
		calls = append(calls, text)
	}
	return calls
}

// count is how often an operation was called.
func (f *fake) count(op string) (n int) {
	for _, call := range f.log {
		if call.op == op {
			n++
		}
	}
	return n
}

// rest lets the notebook come to rest, and returns it.
func (f *fake) rest() *notebook {
	time.Sleep(f.create + f.start + f.stop + f.remove + f.resize)
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find("n")
}

// instance is the notebook of the fake with the default interval.
func (f *fake) instance() Instance {
	return Instance{Service: f, Reader: f, ID: "n", PollInterval: 2 * time.Second}
}

// limited is a context with a deadline, which the faults of the service cancel.
func (f *fake) limited(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	f.cancel = cancel
	t.Cleanup(cancel)
	return ctx
}

var (
	_ Service = (*fake)(nil)
	_ Reader  = (*fake)(nil)
)
