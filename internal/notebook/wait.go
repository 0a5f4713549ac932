package notebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// staleLooks is for how many looks another node of the service is believed to
// answer what was before a change, or that a new notebook does not exist: 30 s
// with the default interval.
const staleLooks = 15

// transition is a change of status as data. What is in none of the lists is
// unknown to this version, and waited through.
type transition struct {
	pending, target, failed []modelarts.Status
}

var (
	moving = []modelarts.Status{
		modelarts.StatusInit, modelarts.StatusCreating, modelarts.StatusStarting,
		modelarts.StatusStopping, modelarts.StatusSnapshotting, modelarts.StatusDeleting,
	}
	broken = []modelarts.Status{
		modelarts.StatusCreateFailed, modelarts.StatusStartFailed, modelarts.StatusDeleteFailed,
		modelarts.StatusError, modelarts.StatusFrozen,
	}

	// created also ends well when somebody stops the notebook meanwhile.
	created = transition{
		pending: moving,
		target:  []modelarts.Status{modelarts.StatusRunning, modelarts.StatusStopped},
		failed:  append(slices.Clone(broken), modelarts.StatusDeleted),
	}
	toRunning = transition{
		pending: moving,
		target:  []modelarts.Status{modelarts.StatusRunning},
		failed:  append(slices.Clone(broken), modelarts.StatusStopped, modelarts.StatusDeleted),
	}
	toStopped = transition{
		pending: moving,
		target:  []modelarts.Status{modelarts.StatusStopped},
		failed:  append(slices.Clone(broken), modelarts.StatusRunning, modelarts.StatusDeleted),
	}
	toGone = transition{
		pending: append(slices.Clone(moving), modelarts.StatusRunning, modelarts.StatusStopped,
			modelarts.StatusCreateFailed, modelarts.StatusStartFailed, modelarts.StatusError, modelarts.StatusFrozen),
		target: []modelarts.Status{modelarts.StatusDeleted},
		failed: []modelarts.Status{modelarts.StatusDeleteFailed},
	}
	// found is reached by a notebook that exists, whatever its status.
	found = transition{
		target: append(slices.Concat(moving, broken), modelarts.StatusRunning, modelarts.StatusStopped),
		failed: []modelarts.Status{modelarts.StatusDeleted},
	}
	// settled is wherever a pending notebook comes to rest.
	settled = transition{
		pending: moving,
		target: append(slices.Clone(broken), modelarts.StatusRunning, modelarts.StatusStopped,
			modelarts.StatusDeleted),
	}
)

// instance is one notebook of the service, and how to change its status.
type instance struct {
	client *modelarts.Client
	reader *modelarts.Reader
	id     string
	poll   time.Duration // longest pause between two close looks
}

// show looks at the notebook once. One that does not exist is DELETED.
func (i instance) show(ctx context.Context) (*modelarts.Notebook, error) {
	return i.orDeleted(i.reader.Show(ctx, i.id))
}

func (i instance) orDeleted(look modelarts.Look, err error) (*modelarts.Notebook, error) {
	if errors.Is(err, modelarts.ErrNotFound) {
		return &modelarts.Notebook{ID: i.id, Status: modelarts.StatusDeleted}, nil
	}
	return look.Notebook, err
}

// find looks at the notebook, and looks again for a while before it believes of
// a young one that it does not exist: another node may not know it yet.
func (i instance) find(ctx context.Context, young bool) (*modelarts.Notebook, error) {
	nb, err := i.show(ctx)
	return i.believe(ctx, nb, err, young)
}

func (i instance) believe(ctx context.Context, nb *modelarts.Notebook, err error, young bool) (*modelarts.Notebook, error) {
	if err != nil || nb.Status != modelarts.StatusDeleted || !young {
		return nb, err
	}
	nb, err = i.await(ctx, found, modelarts.StatusDeleted)
	var gone *wait.StatusError
	if errors.As(err, &gone) {
		return nb, nil
	}
	return nb, err
}

// refresh reads the notebook of a state, out of a list where that will do: a
// list may leave out what a look at the one notebook holds.
func (i instance) refresh(ctx context.Context, state *resourceModel) (*modelarts.Notebook, error) {
	if state.Name.IsNull() {
		return i.show(ctx) // it is being imported
	}
	look, err := i.reader.Read(ctx, i.id)
	if err == nil && look.Listed && state.knowsMore(look.Notebook) {
		look, err = i.reader.Show(ctx, i.id)
	}
	nb, err := i.orDeleted(look, err)
	return i.believe(ctx, nb, err, young(state))
}

// knowsMore says whether an answer leaves out what the state holds, and what
// would look as if it had been removed.
func (m *model) knowsMore(nb *modelarts.Notebook) bool {
	return nb.Tags == nil && len(m.TagsAll.Elements()) > 0 ||
		nb.Endpoints == nil && len(m.Endpoints.Elements()) > 0 ||
		nb.DataVolumes == nil && len(m.DataVolumes.Elements()) > 0 ||
		nb.Affinity == nil && !m.Affinity.IsNull() ||
		nb.BillingItems == nil && len(m.BillingItems.Elements()) > 0 ||
		nb.FailReason == nil && !m.FailReason.IsNull() ||
		nb.URL == nil && !m.URL.IsNull() ||
		nb.Token == nil && !m.Token.IsNull()
}

// look polls the notebook, at the pace p. What a list says of a notebook that
// has settled will do when it is all that there is to know.
func (i instance) look(ctx context.Context, p *pace) (*modelarts.Notebook, error) {
	look, err := i.reader.Poll(ctx, i.id, p.oldest())
	if err == nil && look.Listed && look.Status.Kind() == modelarts.Settled && !whole(look.Notebook) {
		look, err = i.reader.Show(ctx, i.id)
	}
	p.saw(look, err)
	return i.orDeleted(look, err)
}

func whole(nb *modelarts.Notebook) bool {
	reachable := nb.URL != nil && nb.Token != nil
	return nb.Image != nil && nb.Volume != nil && nb.Lease != nil && (reachable || nb.Status != modelarts.StatusRunning)
}

// await follows the notebook through a transition. from is the status before
// it, which may still be answered for a while.
func (i instance) await(ctx context.Context, t transition, from modelarts.Status) (*modelarts.Notebook, error) {
	defer i.reader.Watch()()
	p := &pace{longest: i.poll}
	var last modelarts.Status
	return wait.Change[*modelarts.Notebook, modelarts.Status]{
		Fetch: func(ctx context.Context) (*modelarts.Notebook, modelarts.Status, error) {
			nb, err := i.look(ctx, p)
			if err != nil {
				return nil, "", err
			}
			return nb, nb.Status, nil
		},
		Pending:   t.pending,
		Target:    t.target,
		Failed:    t.failed,
		From:      from,
		Grace:     staleLooks * i.poll,
		Interval:  p.next,
		Transient: modelarts.Transient,
		Reason:    reason,
		Progress: func(nb *modelarts.Notebook, status modelarts.Status) {
			if status != last {
				tflog.Info(ctx, "Notebook changes its status", map[string]any{"notebook": i.id, "status": string(status)})
				last = status
			}
		},
	}.Wait(ctx)
}

// awaitVolume waits until the disk has grown to capacity GB.
func (i instance) awaitVolume(ctx context.Context, capacity int64) error {
	const grown = "GROWN"
	defer i.reader.Watch()()
	p := &pace{longest: i.poll}
	nb, err := wait.Change[*modelarts.Notebook, modelarts.VolumeStatus]{
		Fetch: func(ctx context.Context) (*modelarts.Notebook, modelarts.VolumeStatus, error) {
			nb, err := i.look(ctx, p)
			switch {
			case err != nil:
				return nil, "", err
			case nb.Status == modelarts.StatusDeleted:
				return nil, "", errors.New("the notebook does not exist any more")
			case nb.Volume == nil && nb.Status.Kind() == modelarts.Pending:
				return nb, modelarts.VolumeResizing, nil
			case nb.Volume == nil:
				return nb, grown, nil // nothing more is to be learnt from such a service
			case nb.Volume.Status.Pending(), nb.Volume.Capacity != nil && *nb.Volume.Capacity < capacity:
				return nb, modelarts.VolumeResizing, nil
			default:
				return nb, grown, nil
			}
		},
		Pending:   []modelarts.VolumeStatus{modelarts.VolumeResizing},
		Target:    []modelarts.VolumeStatus{grown},
		Interval:  p.next,
		Transient: modelarts.Transient,
	}.Wait(ctx)
	if err != nil && nb != nil && nb.Volume != nil && nb.Volume.Capacity != nil {
		return fmt.Errorf("%w (the disk has %d GB)", err, *nb.Volume.Capacity)
	}
	return err
}

// reason is why the notebook is in its status, in the service's words: the step
// of the start that failed, and fail_reason.
func reason(nb *modelarts.Notebook) string {
	if nb == nil {
		return ""
	}
	text := ""
	if nb.FailReason != nil {
		text = strings.TrimRight(*nb.FailReason, ". ")
	}
	for _, step := range nb.ActionProgress {
		if step.Status == nil || *step.Status != "FAILED" || step.Step == nil {
			continue
		}
		name := fmt.Sprintf("step %d of 4", *step.Step)
		if step.Description != nil && *step.Description != "" {
			name += " (" + *step.Description + ")"
		}
		if text == "" {
			return name + " failed"
		}
		return name + " failed: " + text
	}
	return text
}

// tries is how often a write is sent that failed in a way that says nothing
// about its effect. All but the create can be: sent twice, they do the same.
const tries = 5

// persist sends a write until the service has taken or refused it: over and
// over while the service says that it is not ready yet, and a few times after a
// failure on the way.
func (i instance) persist(ctx context.Context, write func(context.Context) error) error {
	for failures := 1; ; {
		err := write(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return err
		case errors.Is(err, modelarts.ErrNotReady):
		case modelarts.Transient(err) && failures < tries:
			failures++
		default:
			return err
		}
		if e := i.pause(ctx); e != nil {
			return errors.Join(err, e)
		}
	}
}

// change is persist for a change that a busy notebook refuses: it is made again
// when the notebook has settled.
func (i instance) change(ctx context.Context, write func(context.Context) error) error {
	for busy := 1; ; busy++ {
		err := i.persist(ctx, write)
		if !errors.Is(err, modelarts.ErrConflict) || busy == tries {
			return err
		}
		if e := i.pause(ctx); e != nil {
			return errors.Join(err, e)
		}
		if _, e := i.await(ctx, settled, ""); e != nil {
			return errors.Join(err, e)
		}
	}
}

func (i instance) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(i.poll):
		return nil
	}
}

// start starts the notebook with a lease, unless it runs or is about to, and
// waits until it runs. before is what it was. The token changes at each start: an
// answer that it runs, with the token from before, is older than the start, and
// hides whether that fails.
func (i instance) start(ctx context.Context, lease leaseRequest, before *modelarts.Notebook) (*modelarts.Notebook, error) {
	if err := i.askStart(ctx, lease); err != nil {
		return nil, err
	}
	nb, err := i.await(ctx, toRunning, before.Status)
	for look := 1; err == nil && look < staleLooks && before.Token != nil && nb.Token != nil && *nb.Token == *before.Token; look++ {
		if err := i.pause(ctx); err != nil {
			return nb, err
		}
		nb, err = i.await(ctx, toRunning, before.Status)
	}
	return nb, err
}

func (i instance) askStart(ctx context.Context, lease leaseRequest) error {
	query := modelarts.StartNotebookQuery{Duration: lease.duration}
	if lease.typ != nil {
		query.Type = *lease.typ
	}
	if lease.off {
		off := noAutomaticStop
		query = modelarts.StartNotebookQuery{Duration: &off}
	}
	return i.send(ctx, modelarts.StatusRunning, modelarts.StatusStarting, func(ctx context.Context) error {
		return i.client.StartNotebook(ctx, i.id, query)
	})
}

// stop stops the notebook, unless it is stopped or about to be, and waits until
// it is.
func (i instance) stop(ctx context.Context) (*modelarts.Notebook, error) {
	if err := i.askStop(ctx); err != nil {
		return nil, err
	}
	return i.await(ctx, toStopped, modelarts.StatusRunning)
}

func (i instance) askStop(ctx context.Context) error {
	return i.send(ctx, modelarts.StatusStopped, modelarts.StatusStopping, func(ctx context.Context) error {
		return i.client.StopNotebook(ctx, i.id)
	})
}

// send asks for a change of status. ErrConflict says either that the notebook
// is there already or that it is busy: the status decides, and a busy one is
// asked again when it has settled.
func (i instance) send(ctx context.Context, target, onTheWay modelarts.Status, write func(context.Context) error) error {
	for {
		err := i.persist(ctx, write)
		if !errors.Is(err, modelarts.ErrConflict) {
			return err
		}
		nb, e := i.await(ctx, transition{
			pending: moving,
			target:  append(slices.Clone(settled.target), onTheWay),
		}, "")
		switch {
		case e != nil:
			return errors.Join(err, e)
		case nb.Status == target || nb.Status == onTheWay:
			return nil
		case nb.Status.Kind() == modelarts.Failed || nb.Status.Kind() == modelarts.Gone:
			return errors.Join(err, &wait.StatusError{Status: string(nb.Status), Reason: reason(nb)})
		}
		if e := i.pause(ctx); e != nil {
			return errors.Join(err, e)
		}
	}
}

// remove deletes the notebook and waits until it is gone. A notebook that is
// busy is asked again when it has settled; one that the service wants stopped
// first is stopped; a young one that the service denies is looked for.
func (i instance) remove(ctx context.Context, young bool) error {
	for {
		from := modelarts.Status("")
		err := i.persist(ctx, func(ctx context.Context) error { return i.client.DeleteNotebook(ctx, i.id) })
		switch {
		case errors.Is(err, modelarts.ErrNotFound):
			nb, e := i.find(ctx, young)
			if e != nil {
				return errors.Join(err, e)
			}
			if nb.Status == modelarts.StatusDeleted {
				return nil
			}
			if nb.Status != modelarts.StatusDeleting {
				continue
			}
		case errors.Is(err, modelarts.ErrStopFirst):
			if _, err := i.stop(ctx); err != nil {
				return err
			}
			continue
		case errors.Is(err, modelarts.ErrConflict):
			nb, e := i.await(ctx, transition{
				pending: moving,
				target:  append(slices.Clone(settled.target), modelarts.StatusDeleting),
			}, "")
			if e != nil {
				return errors.Join(err, e)
			}
			if nb.Status == modelarts.StatusDeleted {
				return nil
			}
			if nb.Status != modelarts.StatusDeleting {
				if e := i.pause(ctx); e != nil {
					return errors.Join(err, e)
				}
				continue
			}
		case err != nil:
			return err
		default:
			// A delete that failed before may be answered for a while.
			from = modelarts.StatusDeleteFailed
		}
		_, err = i.await(ctx, toGone, from)
		return err
	}
}
