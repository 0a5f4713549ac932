package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Order is a start, a stop, a restart or a renewal of the lease that somebody asks for
// once. Unlike a Wish it changes no argument, and nothing of it is left to a next update.
// See design/0030-doors-to-a-notebook.md.
type Order struct {
	// Final is the status to end with: RUNNING, STOPPED, or empty for the one that the
	// notebook has.
	Final modelarts.Status
	// Restart stops a notebook that is running, and starts it again. One that is not
	// running stays as it is.
	Restart bool
	// Lease is that of the start or of the renewal. Of what it leaves out, a restart and a
	// renewal cut nothing.
	Lease Lease
	// Renew renews the lease of a notebook that is running. What is left of it is not cut,
	// and an automatic stop that is off stays off.
	Renew bool
	// NoWait reports that the last start or stop is requested and not followed.
	NoWait bool
}

// Report is what has become of an Order.
type Report struct {
	// Before is the notebook before it; nil when it could not be read.
	Before *modelarts.Notebook
	// Shown is the notebook after it; nil when it could not be read, or was not to be
	// waited for.
	Shown *modelarts.Notebook
	// Done is what was done, in words; empty: nothing was to be done.
	Done []string
	// Owed is the start of a restart that has stopped the notebook and was not seen to
	// start it again.
	Owed Owed
	// MountsErr names what was mounted before a restart and is not mounted again, with
	// the reasons. A restart that is not waited for mounts nothing again.
	MountsErr error
	// Err is why it failed.
	Err error
}

var (
	// ErrNoNotebook means that the notebook of an order or of a mount does not exist.
	ErrNoNotebook = errors.New("the notebook does not exist")
	// ErrNotRenewed ends a renewal that the service has taken and that left the lease as it
	// was.
	ErrNotRenewed = errors.New("the service accepted the renewal, but returns the same lease as before")
)

// Act carries out an order. Nothing is requested that the notebook has already. A start or
// a stop that fails, or is cut, is not taken back; a restart that was cut between its stop
// and its start requests the start and does not wait for it.
func (i Instance) Act(ctx context.Context, order Order) Report {
	asked := order.Lease != (Lease{})
	u := &update{Instance: i, hasty: order.NoWait, wish: Wish{
		Final: order.Final, Restart: order.Restart, MayStop: true,
		Lease: LeaseChange{Lease: order.Lease, Managed: asked && order.Restart, Renew: order.Renew || asked && order.Restart},
	}}
	err := u.act(ctx)
	r := Report{Before: u.before, Done: u.done, MountsErr: u.mountAgain(ctx), Err: err}
	switch {
	case errors.Is(err, ErrNoNotebook):
	case err == nil && order.NoWait:
	case err == nil && order.Renew && u.begunRenewal():
		r.Shown, r.Err = u.awaitRenewal(ctx)
	default:
		var readErr error
		if r.Shown, readErr = u.lastLook(ctx); err == nil && r.Shown == nil {
			r.Err = fmt.Errorf("it could not be read after that: %w", readErr)
		}
	}
	if err != nil && order.Restart && u.before != nil {
		r.Owed = u.owes(r.Shown)
	}
	return r
}

// act does what is to be done.
func (u *update) act(ctx context.Context) error {
	nb, err := u.firstLookFor(ctx)
	if err == nil && u.isThere(nb) {
		// One such answer can be old, and nothing would come after it that shows that.
		if err = u.pause(ctx); err == nil {
			nb, err = u.firstLookFor(ctx)
		}
	}
	switch {
	case err != nil:
		return err
	case nb.Status == modelarts.StatusDeleted:
		return ErrNoNotebook
	}
	u.before, u.token, u.status = nb, nb.Token, nb.Status
	if u.hasty && u.isOnTheWay(nb) {
		return nil
	}
	if err := u.steps(ctx); err != nil {
		if u.wish.Restart {
			return errors.Join(err, u.restore(ctx))
		}
		return err
	}
	return nil
}

// isThere reports whether nothing would be requested for a notebook that is shown so.
func (u *update) isThere(nb *modelarts.Notebook) bool {
	runs := nb.Status == modelarts.StatusRunning
	switch {
	case nb.Status == modelarts.StatusDeleted:
		return true
	case u.isOnTheWay(nb):
		return false // the wait for it tells
	case u.wish.Final == modelarts.StatusRunning:
		return runs
	default:
		return !runs
	}
}

// firstLookFor reads the notebook before an order. One that is on its way is followed,
// unless it is on its way to where it is to be and that is not to be followed.
func (u *update) firstLookFor(ctx context.Context) (*modelarts.Notebook, error) {
	if !u.hasty {
		return u.firstLook(ctx)
	}
	if nb, err := u.Show(ctx); err == nil && (u.isOnTheWay(nb) || nb.Status.Kind() != modelarts.Pending) {
		return nb, nil
	}
	return u.firstLook(ctx)
}

// isOnTheWay reports whether the notebook is about to reach the status to end with.
func (u *update) isOnTheWay(nb *modelarts.Notebook) bool {
	for _, p := range []power{toStart, toStop} {
		if u.wish.Final == p.target && nb.Status == p.onTheWay {
			return true
		}
	}
	return false
}

// begunRenewal reports whether a renewal was sent.
func (u *update) begunRenewal() bool { return len(u.done) > 0 }

// awaitRenewal looks at the notebook until it shows another lease than before.
func (u *update) awaitRenewal(ctx context.Context) (*modelarts.Notebook, error) {
	for d := u.doubt(); ; {
		nb, err := u.lastLook(ctx)
		switch {
		case err != nil:
			return nb, fmt.Errorf("it could not be read after that: %w", err)
		case renewed(u.before.Lease, nb.Lease):
			return nb, nil
		case !d.lasts():
			return nb, ErrNotRenewed
		}
		if err := d.pause(ctx); err != nil {
			return nb, err
		}
	}
}

// renewed reports whether a lease was renewed since it was shown before. An answer that
// does not hold what would tell counts as a yes.
func renewed(before, now *modelarts.Lease) bool {
	if before == nil || now == nil || before.Duration == nil || now.Duration == nil || before.UpdateAt == nil || now.UpdateAt == nil {
		return true
	}
	return *before.Duration != *now.Duration || *before.UpdateAt != *now.UpdateAt
}
