package lifecycle

import (
	"context"
	"errors"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// tries is how often a write is sent that failed in a way that does not tell
// whether it took effect. All writes but the create can be sent again: twice,
// they have the effect of once. These failures have nothing to do with what another
// node of the service still answers.
const tries = 5

// retry sends a write until the service has taken or refused it: for as long as
// the service is not ready for it or has too many requests, and up to tries times
// after a failure on the way.
func retry(ctx context.Context, interval time.Duration, write func(context.Context) error) error {
	for failures := 1; ; {
		err := write(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return err
		case errors.Is(err, modelarts.ErrNotReady), errors.Is(err, modelarts.ErrThrottled):
		case modelarts.Transient(err) && failures < tries:
			failures++
		default:
			return err
		}
		if e := sleep(ctx, interval); e != nil {
			return errors.Join(err, e)
		}
	}
}

func (i Instance) retry(ctx context.Context, write func(context.Context) error) error {
	return retry(ctx, i.PollInterval, write)
}

// retryWhenSettled is retry for a change that a busy notebook refuses: it is sent
// again when the notebook has settled. Where it is refused and the notebook is shown
// to be settled all the same, one of the two answers may come from another node, so
// that the refusal is doubted. A refusal that can also mean that the change needs
// another status (6305 to 6308) is doubted once.
func (i Instance) retryWhenSettled(ctx context.Context, write func(context.Context) error) error {
	d, byStatus := i.doubt(), 0
	for {
		err := i.retry(ctx, write)
		if !errors.Is(err, modelarts.ErrConflict) || !d.lasts() {
			return err
		}
		if errors.Is(err, modelarts.ErrWrongState) {
			byStatus++
			if byStatus > 1 {
				return err
			}
		}
		if e := d.pause(ctx); e != nil {
			return errors.Join(err, e)
		}
		nb, e := i.await(ctx, toShown, "")
		if e == nil && nb.Status.Kind() == modelarts.Pending {
			_, e = i.await(ctx, toSettled, "")
			d, byStatus = i.doubt(), 0
		}
		if e != nil {
			return errors.Join(err, e)
		}
	}
}
