package lifecycle

import (
	"context"
	"errors"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// Start starts the notebook with a lease, unless it runs or is about to, and
// waits until it runs. before is what it was. The token changes at each start: an
// answer RUNNING with the token from before is older than the start, and would
// hide that the start fails.
func (i Instance) Start(ctx context.Context, lease Lease, before *modelarts.Notebook) (*modelarts.Notebook, error) {
	if err := i.requestPower(ctx, toStart, i.start(lease), believed); err != nil {
		return nil, err
	}
	return i.awaitStart(ctx, before)
}

// awaitStart waits until a start is done. before is the notebook before it.
func (i Instance) awaitStart(ctx context.Context, before *modelarts.Notebook) (*modelarts.Notebook, error) {
	d := i.doubt()
	nb, err := i.await(ctx, toRunning, before.Status)
	for err == nil && sameToken(before, nb) && d.lasts() {
		if err := d.pause(ctx); err != nil {
			return nb, err
		}
		nb, err = i.await(ctx, toRunning, before.Status)
	}
	return nb, err
}

// sameToken reports whether two answers show the same token.
func sameToken(a, b *modelarts.Notebook) bool {
	return a.Token != nil && b.Token != nil && *a.Token == *b.Token
}

// Stop stops the notebook, unless it is stopped or about to be, and waits until
// it is.
func (i Instance) Stop(ctx context.Context) (*modelarts.Notebook, error) {
	if err := i.requestPower(ctx, toStop, i.stop, believed); err != nil {
		return nil, err
	}
	return i.awaitStop(ctx)
}

// awaitStop waits until a stop is done.
func (i Instance) awaitStop(ctx context.Context) (*modelarts.Notebook, error) {
	return i.await(ctx, toStopped, modelarts.StatusRunning)
}

func (i Instance) start(lease Lease) func(context.Context) error {
	return func(ctx context.Context) error { return i.Service.StartNotebook(ctx, i.ID, lease.query()) }
}

func (i Instance) stop(ctx context.Context) error { return i.Service.StopNotebook(ctx, i.ID) }

// power is a change of the power state.
type power struct{ target, onTheWay modelarts.Status }

var (
	toStart = power{modelarts.StatusRunning, modelarts.StatusStarting}
	toStop  = power{modelarts.StatusStopped, modelarts.StatusStopping}
)

// believed is for callers who have no reason to doubt an answer.
func believed(*modelarts.Notebook) bool { return false }

// requestPower asks for a change of the power state. ErrConflict means that the
// notebook is there already, or that it is busy: the status decides, and a busy
// notebook is asked again when it has settled. No request leads out of a status
// that is neither RUNNING nor STOPPED. An answer that may be outdated is doubted.
func (i Instance) requestPower(ctx context.Context, p power, write func(context.Context) error, outdated func(*modelarts.Notebook) bool) error {
	for d := i.doubt(); ; {
		err := i.retry(ctx, write)
		if !errors.Is(err, modelarts.ErrConflict) {
			return err
		}
		nb, e := i.await(ctx, settledOr(p.onTheWay), "")
		pause := i.pause
		switch {
		case e != nil:
			return errors.Join(err, e)
		case d.lasts() && outdated(nb):
			pause = d.pause
		case nb.Status == p.onTheWay, nb.Status == p.target:
			return nil
		case nb.Status != modelarts.StatusRunning && nb.Status != modelarts.StatusStopped:
			return errors.Join(err, &wait.StatusError{Status: string(nb.Status), Reason: reason(nb)})
		}
		if e := pause(ctx); e != nil {
			return errors.Join(err, e)
		}
	}
}
