package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// restoring is how long it may take to restore the power state after the apply
// was cancelled or its time is up: a stop that is under way may have to end.
const restoring = 5 * time.Minute

// restore restores the power state from before after a change has failed, or stops
// the notebook where it is to end stopped. It is done also when the apply was
// cancelled or its time is up; the start or stop is then requested and not waited
// for. What it does is decided by the status that the notebook has by now, since a
// request that failed may have been taken.
func (u *update) restore(ctx context.Context) error {
	ctx, cancel, cut := orAfterCancel(ctx, restoring)
	defer cancel()
	was := u.restingAt()
	// A stop that nothing has begun is left to the next apply when this one is cut,
	// and one that was refused is not asked for twice.
	stops := was == modelarts.StatusStopped && u.runs() && !cut && u.stopErr == nil
	if !u.requested && !stops || was != modelarts.StatusRunning && was != modelarts.StatusStopped {
		return nil
	}
	now, err := u.readBack(ctx, func(ctx context.Context) (*modelarts.Notebook, error) { return u.await(ctx, toAny, "") })
	switch {
	case err != nil:
	case now.Status == was || now.Status.Kind() == modelarts.Failed:
		return nil // there, or where no request leads back from
	case was == modelarts.StatusStopped && u.stopErr != nil && !u.begun:
		return nil // the error of which is known
	case was == modelarts.StatusRunning && cut:
		err = u.requestStart(ctx)
	case was == modelarts.StatusRunning:
		err = u.start(ctx)
	case cut:
		err = u.requestStop(ctx)
	default:
		err = u.stop(ctx)
	}
	to := "to "
	if was == u.powerBefore() {
		to = "back to "
	}
	if err != nil {
		return fmt.Errorf("and the notebook could not be brought %s: %w", to+string(was), err)
	}
	if cut {
		u.report("requested to bring the notebook " + to + string(was)) // not followed
	} else {
		u.report("brought the notebook " + to + string(was))
	}
	return nil
}

// restingAt is the status that a notebook has after a change that failed: the one
// from before, or STOPPED where it is to end stopped.
func (u *update) restingAt() modelarts.Status {
	if u.wish.Final == modelarts.StatusStopped {
		return modelarts.StatusStopped
	}
	return u.powerBefore()
}

// errOutdated is why a notebook could not be read of which each answer was older than
// what the update has seen.
var errOutdated = fmt.Errorf("for %s each response was older than the last start or stop", staleFor)

// lastLook reads the notebook after the update, also when the apply was cancelled:
// the state must hold what is. Where only older answers are to be had, or none, it
// returns with the error what the last start or stop has seen.
func (u *update) lastLook(ctx context.Context) (*modelarts.Notebook, error) {
	ctx, cancel, _ := orAfterCancel(ctx, afterCancel)
	defer cancel()
	nb, err := u.readBack(ctx, func(ctx context.Context) (*modelarts.Notebook, error) {
		look, err := u.Reader.Show(ctx, u.ID)
		return look.Notebook, err
	})
	seen := u.seen != nil && !u.starting && !u.stopping
	switch {
	case err != nil && seen:
		return u.seen, err
	case err == nil && seen && u.outdated(nb):
		return u.seen, errOutdated
	default:
		return nb, err
	}
}

// readBack reads the notebook, and again for a while when the answer is older
// than what this update has done.
func (u *update) readBack(ctx context.Context, read func(context.Context) (*modelarts.Notebook, error)) (*modelarts.Notebook, error) {
	d := u.doubt()
	nb, err := read(ctx)
	for err == nil && u.outdated(nb) && d.lasts() && d.pause(ctx) == nil {
		nb, err = read(ctx)
	}
	return nb, err
}

// outdated reports that an answer may come from before a start or stop of this
// update: from before one that is under way, or whose end was seen. Each start,
// and nothing else, gives the notebook a new token.
func (u *update) outdated(nb *modelarts.Notebook) bool {
	known := u.token != nil && nb.Token != nil
	sameStart := known && *u.token == *nb.Token
	switch {
	case !u.requested:
		return false
	case nb.Status == modelarts.StatusRunning:
		off := u.stopping || u.status == modelarts.StatusStopped
		unknown := !known && (u.stopping || !u.starting)
		return off && (sameStart || unknown) || u.fromEarlierStart(nb)
	case nb.Status == modelarts.StatusStopped, nb.Status == u.before.Status && startable(nb.Status):
		return u.starting && (sameStart || !known) || u.started && !u.starting && !u.stopping && !sameStart
	default:
		return false
	}
}

// fromEarlierStart reports whether an answer shows the token of a start that another
// one has followed.
func (u *update) fromEarlierStart(nb *modelarts.Notebook) bool {
	shown := mark(nb.Token)
	return shown != "" && shown != mark(u.token) &&
		slices.ContainsFunc(u.tokens, func(token *string) bool { return mark(token) == shown })
}

// owes is what is owed after an update that failed. A notebook that could not be
// read, or is on its way, may still fail to get there.
func (u *update) owes(now *modelarts.Notebook) Owed {
	owed := u.wish.Owed
	if owed == OwesStart && u.wish.Final == modelarts.StatusStopped {
		owed = OwesNothing // which is not wished any more
	}
	if u.requested && u.powerBefore() == u.final() {
		switch u.powerBefore() {
		case modelarts.StatusRunning:
			owed = OwesStart
		case modelarts.StatusStopped:
			owed = OwesStop
		}
	}
	if now != nil && !u.outdated(now) {
		owed = owed.After(now.Status)
	}
	return owed
}
