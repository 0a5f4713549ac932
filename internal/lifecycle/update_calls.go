package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// The calls of an update: what each step of the table in update.go sends.

// put sends changes in one request. Those that the service has taken are left no
// more.
func (u *update) put(ctx context.Context, left ...*[]Change) error {
	var req modelarts.NotebookUpdateRequest
	var names []string
	for _, changes := range left {
		for _, change := range *changes {
			change.Write(&req)
			names = append(names, change.Argument)
		}
	}
	if len(names) == 0 {
		return nil
	}
	err := u.retryWhenSettled(ctx, func(ctx context.Context) error { return u.Service.UpdateNotebook(ctx, u.ID, req) })
	if err != nil {
		return fmt.Errorf("changing %s: %w", strings.Join(names, ", "), err)
	}
	u.report("changed "+strings.Join(names, ", "), names...)
	for _, changes := range left {
		*changes = nil
	}
	return nil
}

// grow makes the disk larger and waits for it.
func (u *update) grow(ctx context.Context) error {
	if u.growth == nil {
		return nil
	}
	size := u.growth.GB
	req := modelarts.NotebookUpdateRequest{StorageNewSize: &size}
	err := u.retryWhenSettled(ctx, func(ctx context.Context) error { return u.Service.UpdateNotebook(ctx, u.ID, req) })
	if err == nil {
		err = u.awaitVolume(ctx, size)
	}
	if err != nil {
		return fmt.Errorf("growing the disk to %d GB: %w", size, err)
	}
	u.report(fmt.Sprintf("grew the disk to %d GB", size), u.growth.Argument)
	u.growth = nil
	return nil
}

func (u *update) tags(ctx context.Context) error {
	set, remove := u.wish.Tags.Set, asShown(u.wish.Tags.Remove, u.before.Tags)
	workspace := u.workspaceOf(u.before)
	if len(remove) > 0 {
		err := u.retryWhenSettled(ctx, func(ctx context.Context) error { return u.Service.DeleteNotebookTags(ctx, u.ID, workspace, remove) })
		if err != nil {
			return fmt.Errorf("removing tags: %w", err)
		}
		u.report("removed tags")
	}
	if len(set) > 0 {
		err := u.retryWhenSettled(ctx, func(ctx context.Context) error { return u.Service.CreateNotebookTags(ctx, u.ID, workspace, set) })
		if err != nil {
			return fmt.Errorf("setting tags: %w", err)
		}
		u.report("set tags")
	}
	if len(set)+len(remove) > 0 {
		u.applied = append(u.applied, u.wish.Tags.Arguments...)
	}
	return nil
}

// asShown gives tags that are to be removed the values that they have by now: the
// service may take key and value for the tag.
func asShown(remove, shown []modelarts.Tag) []modelarts.Tag {
	remove = slices.Clone(remove)
	for i := range remove {
		at := slices.IndexFunc(shown, func(t modelarts.Tag) bool { return t.Key == remove[i].Key })
		if at >= 0 && shown[at].Value != nil {
			remove[i].Value = shown[at].Value
		}
	}
	return remove
}

// renew renews the lease of a running notebook, unless its start has just given
// it. A notebook that is stopped gets it with its next start.
func (u *update) renew(ctx context.Context) error {
	if !u.wish.Lease.Renew {
		return nil
	}
	if lease := u.lease(); u.runs() && !u.started && !lease.Off {
		var req modelarts.LeaseReq
		if asked := lease.Request(); asked != nil {
			req = *asked
		}
		err := u.retryWhenSettled(ctx, func(ctx context.Context) error { return u.Service.RenewLease(ctx, u.ID, req) })
		if err != nil {
			return fmt.Errorf("renewing the lease: %w", err)
		}
		u.report("renewed the lease")
	}
	u.applied = append(u.applied, u.wish.Lease.Argument)
	return nil
}

// lease is the lease for a start or a renewal of this update. Unless it is the
// configuration that changes the lease, nothing of the present one is cut; the present one is
// also that of a notebook which an update before has stopped and owes a start.
func (u *update) lease() Lease {
	wish := u.wish.Lease
	changed := wish.Managed && wish.Renew
	has := u.before.Status == modelarts.StatusRunning || u.wish.Owed == OwesStart
	if changed || wish.Lease.Off || !has {
		return wish.Lease
	}
	return wish.Lease.notShortened(u.before, wish.SwitchOn)
}

// turnOff stops the notebook; unless it is to stay stopped, that needs consent, and
// is not done for what is known to fail.
func (u *update) turnOff(ctx context.Context, final modelarts.Status) error {
	if final == modelarts.StatusRunning {
		if !u.wish.MayStop {
			return ErrNoConsent
		}
		if err := u.refused(ctx); err != nil {
			return err
		}
		u.noteMounts(ctx)
	}
	if err := u.stop(ctx); err != nil {
		return fmt.Errorf("stopping the notebook: %w", err)
	}
	u.report("stopped the notebook")
	return nil
}

// refused is why the service is known to refuse what is left.
func (u *update) refused(ctx context.Context) error {
	var left []string
	for _, change := range slices.Concat(u.stopped, u.anyState) {
		left = append(left, change.Argument)
	}
	if u.growth != nil {
		left = append(left, u.growth.Argument)
	}
	if u.wish.Refused == nil || len(left) == 0 {
		return nil
	}
	return u.wish.Refused(ctx, left)
}

func (u *update) turnOn(ctx context.Context) error {
	if err := u.start(ctx); err != nil {
		return fmt.Errorf("starting the notebook: %w", err)
	}
	u.report("started the notebook")
	return nil
}

func (u *update) stop(ctx context.Context) error {
	if u.stopErr = u.requestStop(ctx); u.stopErr != nil {
		return u.stopErr
	}
	if u.hasty && !u.wish.Restart {
		u.status = modelarts.StatusStopped
		return nil
	}
	nb, err := u.awaitStop(ctx)
	u.stopErr = err
	u.arrived(modelarts.StatusStopped, nb, err)
	return u.stopErr
}

func (u *update) start(ctx context.Context) error {
	before := &modelarts.Notebook{Status: modelarts.StatusStopped, Token: u.token}
	if startable(u.status) {
		before.Status = u.status
	}
	if err := u.requestStart(ctx); err != nil {
		return err
	}
	if u.hasty {
		u.status, u.started = modelarts.StatusRunning, true
		return nil
	}
	nb, err := u.awaitStart(ctx, before)
	u.arrived(modelarts.StatusRunning, nb, err)
	if err == nil {
		u.tokens, u.token = append(u.tokens, u.token), nb.Token
	}
	return err
}

func (u *update) requestStop(ctx context.Context) error {
	u.requested = true
	return u.requestPower(ctx, toStop, noting(&u.stopping, &u.starting, u.Instance.stop), u.outdated)
}

func (u *update) requestStart(ctx context.Context) error {
	u.requested, u.begun = true, true
	return u.requestPower(ctx, toStart, noting(&u.starting, &u.stopping, u.Instance.start(u.lease())), u.outdated)
}

// noting notes that the service has taken a request, or may have. One that it has
// taken ends the doubt about an opposite one.
func noting(taken, opposite *bool, write func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := write(ctx)
		if err == nil {
			*opposite = false
		}
		*taken = *taken || err == nil || modelarts.Uncertain(err)
		return err
	}
}

// arrived notes how a start or a stop ended, and with which answer. After any other
// error than that of a status it may still be under way.
func (u *update) arrived(at modelarts.Status, nb *modelarts.Notebook, err error) {
	if err == nil {
		u.status, u.started, u.seen = at, at == modelarts.StatusRunning, nb
	}
	if err == nil || errors.As(err, new(*wait.StatusError)) {
		u.starting, u.stopping = false, false
	}
}
