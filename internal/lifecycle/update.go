package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// The order of an update. It stops the notebook at most once, and only when the
// service takes a change in no other state. In the table, "refused" means that
// the service does not take the change in the state that the notebook is in.
//
//	   step                          when                         refused
//	1  wait until it has settled     always
//	2  remove and set tags           tags change                  the update fails
//	   while it runs:
//	3  PUT what any state allows     such arguments change        stays for step 6
//	4  grow the disk                 the disk grows               stays for step 8
//	5  check the consent and what    something is left, the       the update fails
//	   is known to fail, stop        lease is switched off, it
//	                                 is to be restarted, or to
//	                                 end stopped
//	   while it is stopped:
//	6  PUT all that is left          something is left            stays for step 7, or, if
//	                                                              it is of one kind, for
//	                                                              step 10 or 11
//	7  PUT what wants a stop         step 6 was refused, and      stays for step 11
//	                                 what is left is of both
//	                                 kinds
//	8  grow the disk                 the disk has not grown       stays for step 12
//	9  start, with the lease         something is left, or it     the update fails
//	                                 is to end running
//	   at last:
//	10 PUT what any state allows     it is left                   the update fails
//	11 PUT what wants a stop         it is left                   the update fails
//	12 grow the disk                 the disk has not grown       the update fails
//	   of a notebook whose start had failed, 10 to 12 refused: stop, PUT, grow, and
//	   start if it is to run
//	13 stop                          it runs and is to end        the update fails
//	                                 stopped
//	14 renew the lease               the lease changes, and no    the update fails
//	                                 start has given it
//
// When a step fails, the power state from before is restored, or the notebook is
// stopped if it is to end stopped (restore.go), and the rest is left to the next
// update: Outcome says what was applied and what is owed.

// ErrNoConsent ends an update that would have to stop the notebook.
var ErrNoConsent = errors.New("the notebook is running, the service accepts this change only while it is stopped, and " +
	"allow_stopping_for_update is not true: set it, or stop the notebook first")

// Change is a change of one argument by a PUT.
type Change struct {
	// Argument is its name, for Outcome and for texts.
	Argument string
	// AnyState reports that the service takes it in any state of the notebook.
	AnyState bool
	// Write puts it into a request.
	Write func(*modelarts.NotebookUpdateRequest)
	// Done reports whether an answer shows that it is made already; nil: none does.
	Done func(*modelarts.Notebook) bool
}

// Growth is a new size of the disk.
type Growth struct {
	Argument string
	GB       int64
}

// TagChange holds the tags to set, and those to remove with the values that they
// are known to have.
type TagChange struct {
	Arguments   []string
	Set, Remove []modelarts.Tag
}

// LeaseChange is the lease that a start or a renewal of the update is to give.
type LeaseChange struct {
	Argument string
	// Lease is what is asked for.
	Lease Lease
	// Renew reports that it differs from what was asked for before.
	Renew bool
	// SwitchOff and SwitchOn report that the automatic stop goes, or comes.
	SwitchOff, SwitchOn bool
	// Managed reports that the configuration has a duration, or no automatic
	// stop. An update shortens the lease only where it is managed and to be renewed.
	Managed bool
}

// Wish is what an update is to reach.
type Wish struct {
	Changes []Change
	Growth  *Growth
	Tags    TagChange
	Lease   LeaseChange
	// Final is the status to end with: RUNNING, STOPPED, or empty for the one that
	// the notebook has.
	Final modelarts.Status
	// Restart stops a notebook that is running, and starts it again.
	Restart bool
	// MayStop is the consent to stop a running notebook for a change.
	MayStop bool
	// Refused returns why the service is known to refuse changes, by their arguments.
	// It is asked before a notebook is stopped that is to run again; nil: nothing is
	// known.
	Refused func(ctx context.Context, arguments []string) error
	// Owed is what an update before has left, and Noted its Outcome's.
	Owed  Owed
	Noted Noted
	// Now is the time by the service's clock; nil: by this machine's.
	Now func() time.Time
	// JustCreated reports whether the notebook was created so lately that the service may
	// still deny it. It is asked when the service has answered; nil: it was not.
	JustCreated func() bool
}

// Outcome is what an update has reached.
type Outcome struct {
	// Applied are the arguments of the Wish that were changed.
	Applied []string
	// Before is the notebook at the start of the update; nil when it could not be read.
	Before *modelarts.Notebook
	// Shown is the notebook after the update. Where it could not be read, it is what
	// the last start or stop of the update has seen; nil: there was none.
	Shown *modelarts.Notebook
	// ReadErr is why it could not be read.
	ReadErr error
	// Owed is the power state that was not restored, and Noted is to be kept with it.
	Owed  Owed
	Noted Noted
	// MountsErr names what was mounted before the update has stopped the notebook and is
	// not mounted again, with the reasons.
	MountsErr error
	// Err is why the update failed, and what it had done until then.
	Err error
}

// Update changes the notebook. Whatever happens, the Outcome holds what was done.
func (i Instance) Update(ctx context.Context, wish Wish) Outcome {
	u := &update{Instance: i, wish: wish, growth: wish.Growth}
	for _, change := range wish.Changes {
		if change.AnyState {
			u.anyState = append(u.anyState, change)
		} else {
			u.stopped = append(u.stopped, change)
		}
	}
	err := u.run(ctx)
	out := Outcome{Applied: u.applied, Before: u.before, MountsErr: u.mountAgain(ctx)}
	out.Shown, out.ReadErr = u.lastLook(ctx)
	switch {
	case err != nil:
		out.Owed = u.owes(out.Shown)
		out.Err = u.explain(err, out.Shown)
	case out.ReadErr == nil:
		out.Shown = u.readTagged(ctx, out.Shown, wish.Tags.Set, wish.Tags.Remove)
	}
	if err == nil && wish.Final == "" {
		out.Owed = u.wish.Owed.After(u.status)
	}
	out.Noted = u.noted()
	return out
}

// update is the work on one update.
type update struct {
	Instance
	wish Wish

	// What is left to do.
	anyState []Change // by a PUT in any state that the service takes it in
	stopped  []Change // by a PUT while the notebook is stopped
	growth   *Growth

	before    *modelarts.Notebook // the notebook before the update
	status    modelarts.Status    // the last one that was seen or reached
	started   bool                // the last start was this update's, with the lease
	requested bool                // a start or a stop was requested
	// starting and stopping report that the service has taken a start or a stop,
	// or may have, and that its end was not seen.
	starting, stopping bool
	token              *string             // of the last start that was seen
	tokens             []*string           // of the starts before it
	seen               *modelarts.Notebook // at the end of the last start or stop
	stopErr            error               // why the last stop failed
	begun              bool                // this update has asked for a start
	mounts             []modelarts.Storage // before the first stop
	mountsErr          error               // why they are not known
	hasty              bool                // the last start or stop is requested and not followed

	applied []string
	done    []string // in words
}

func (u *update) run(ctx context.Context) error {
	nb, err := u.firstLook(ctx)
	if err != nil {
		return err
	}
	if u.status = nb.Status; u.status == modelarts.StatusDeleted {
		return fmt.Errorf("the notebook %s does not exist any more: the next plan will show that", u.ID)
	}
	u.before, u.token, u.wish.Owed = nb, nb.Token, u.wish.Owed.After(nb.Status)
	if u.status == modelarts.StatusCreateFailed {
		return fmt.Errorf("the creation of the notebook %s failed, and the next apply replaces it: %w", u.ID, &wait.StatusError{Status: string(nb.Status), Reason: reason(nb)})
	}
	u.dropDone()
	if err := u.steps(ctx); err != nil {
		return errors.Join(err, u.restore(ctx))
	}
	return nil
}

func (u *update) steps(ctx context.Context) error {
	if err := u.tags(ctx); err != nil {
		return err
	}
	final := u.final()
	if u.runs() {
		if err := u.whileRunning(ctx); err != nil {
			return err
		}
		if u.left() || u.wish.Restart || u.wish.Lease.SwitchOff || final != modelarts.StatusRunning {
			if err := u.turnOff(ctx, final); err != nil {
				return err
			}
		}
	}
	if !u.runs() {
		if err := u.whileStopped(ctx); err != nil {
			return err
		}
		if u.left() || final == modelarts.StatusRunning {
			if err := u.turnOn(ctx); err != nil {
				return err
			}
		}
	}
	if err := u.whatWasRefused(ctx, final); err != nil {
		return err
	}
	if u.runs() && final != modelarts.StatusRunning {
		if err := u.turnOff(ctx, final); err != nil {
			return err
		}
	}
	return u.renew(ctx)
}

// whatWasRefused does what the service did not take while the notebook was
// stopped. A second refusal is final, except for a notebook whose start had
// failed: it had not been stopped, so it is stopped once more.
func (u *update) whatWasRefused(ctx context.Context, final modelarts.Status) error {
	mayStop := u.runs() && u.before.Status == modelarts.StatusStartFailed
	for _, changes := range []*[]Change{&u.anyState, &u.stopped} {
		if err := u.put(ctx, changes); err != nil && (!wrongState(err) || !mayStop) {
			return err
		}
	}
	if err := u.grow(ctx); err != nil && (!wrongState(err) || !mayStop) {
		return err
	}
	if !u.left() {
		return nil
	}
	if err := u.restart(ctx, final); err != nil {
		return err
	}
	return u.grow(ctx)
}

// restart stops the notebook for what is left and, if it is to run, starts it
// again.
func (u *update) restart(ctx context.Context, final modelarts.Status) error {
	if err := u.turnOff(ctx, final); err != nil {
		return err
	}
	if err := u.put(ctx, &u.stopped, &u.anyState); err != nil {
		return err
	}
	if err := u.grow(ctx); err != nil && !wrongState(err) || final != modelarts.StatusRunning {
		return err
	}
	return u.turnOn(ctx)
}

// left reports whether a change needs another state than the notebook has.
func (u *update) left() bool { return len(u.stopped)+len(u.anyState) > 0 || u.growth != nil }

func (u *update) runs() bool { return u.status == modelarts.StatusRunning }

// final is the status to end with.
func (u *update) final() modelarts.Status {
	if u.wish.Final != "" {
		return u.wish.Final
	}
	return u.powerBefore()
}

// powerBefore is the status to restore.
func (u *update) powerBefore() modelarts.Status {
	if u.wish.Owed == OwesRetry && u.before.Status == modelarts.StatusStartFailed {
		return modelarts.StatusStopped
	}
	return u.before.Status
}

// whileRunning does what the service takes while the notebook runs, and leaves
// what it refuses to be done while it is stopped.
func (u *update) whileRunning(ctx context.Context) error {
	if err := u.put(ctx, &u.anyState); err != nil && !wrongState(err) {
		return err
	}
	if err := u.grow(ctx); err != nil && !wrongState(err) {
		return err
	}
	return nil
}

// whileStopped does all that is left, in one request and one for the disk. Where
// the request is refused, what wants a stop is sent alone: it may be the rest that
// is not taken now. What the service refuses is left to be done while the notebook
// runs; but a notebook that has failed is not started for that, unless it is to run
// or has failed at just that.
func (u *update) whileStopped(ctx context.Context) error {
	mayStart := u.status == modelarts.StatusStopped || u.final() == modelarts.StatusRunning || u.wish.Owed == OwesRetry
	bothKinds := len(u.stopped) > 0 && len(u.anyState) > 0
	err := u.put(ctx, &u.stopped, &u.anyState)
	if wrongState(err) && mayStart && bothKinds {
		err = u.put(ctx, &u.stopped)
	}
	if err != nil && (!wrongState(err) || !mayStart) {
		return u.inThisState(err)
	}
	if err := u.grow(ctx); err != nil && (!wrongState(err) || !mayStart) {
		return u.inThisState(err)
	}
	return nil
}

// wrongState reports whether the service refuses a change in the state that the
// notebook is in.
func wrongState(err error) bool { return errors.Is(err, modelarts.ErrWrongState) }

// inThisState adds the status to a refusal that it explains.
func (u *update) inThisState(err error) error {
	switch {
	case !wrongState(err):
		return err
	case u.status == modelarts.StatusStartFailed:
		return fmt.Errorf("the notebook is %s, and the service takes no change in that state (desired_status = \"RUNNING\" starts it first): %w", u.status, err)
	default:
		return fmt.Errorf("the notebook is %s, and the service takes no change in that state: %w", u.status, err)
	}
}

// report notes what was done, in words and as the arguments that it has changed.
func (u *update) report(what string, arguments ...string) {
	u.done = append(u.done, what)
	for _, argument := range arguments {
		if !slices.Contains(u.applied, argument) {
			u.applied = append(u.applied, argument)
		}
	}
}

// explain adds to the error of a failed update what was done before it, and what
// is not as it was.
func (u *update) explain(err error, now *modelarts.Notebook) error {
	var text string
	switch {
	case len(u.done) > 0:
		text = "Done so far: " + strings.Join(u.done, "; ") + ". The next apply makes the remaining changes"
	case !u.requested:
		text = "Nothing was changed"
	default:
		text = "No argument was changed"
	}
	if u.before != nil && now != nil && now.Status != u.before.Status && now.Status.Kind() != modelarts.Pending {
		text += fmt.Sprintf(". The notebook was %s and is %s now", u.before.Status, now.Status)
		switch u.owes(now).Next(now.Status) {
		case modelarts.StatusRunning:
			text += "; the next apply starts it again"
		case modelarts.StatusStopped:
			text += "; the next apply stops it again"
		}
	}
	return fmt.Errorf("%w.\n\n%s", err, text)
}
