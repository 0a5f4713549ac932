package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// await follows the notebook through a transition. from is the status before it,
// which the service may still answer for a while.
func (i Instance) await(ctx context.Context, t transition, from modelarts.Status) (*modelarts.Notebook, error) {
	defer i.Reader.Watch()()
	p := &pace{interval: i.PollInterval}
	ends := func(nb *modelarts.Notebook) bool {
		return nb.Status == "" || slices.Contains(t.target, nb.Status) || slices.Contains(t.failed, nb.Status)
	}
	var last string
	var look modelarts.Look
	doubts := from != modelarts.StatusDeleted && !slices.Equal(t.target, toGone.target) // From is doubted anyway
	var absence absence
	nb, err := wait.Change[*modelarts.Notebook, modelarts.Status]{
		Fetch: func(ctx context.Context) (*modelarts.Notebook, modelarts.Status, error) {
			var err error
			if look, err = i.poll(ctx, p, ends); err != nil {
				return nil, "", err
			}
			if doubts && absence.isFirst(look.Status) {
				return nil, "", errGoneOnce
			}
			return look.Notebook, look.Status, nil
		},
		Pending:  t.pending,
		Target:   t.target,
		Failed:   t.failed,
		From:     from,
		Grace:    staleFor,
		Interval: p.next,
		Transient: func(err error) bool {
			return modelarts.Transient(err) || i.denial.judges(err) || errors.Is(err, errGoneOnce)
		},
		HeldBack: busy,
		Reason:   reason,
		Progress: func(nb *modelarts.Notebook, status modelarts.Status) {
			now := progress(nb, status)
			if known := strings.HasPrefix(last, now+", step"); now != last && !known { // a list has no steps
				tflog.Info(ctx, fmt.Sprintf("notebook %s is %s", i.ID, now), map[string]any{"notebook": i.ID, "status": string(status)})
				if last = now; i.Progress != nil {
					i.Progress(now)
				}
			}
		},
	}.Wait(ctx)
	if look.Listed && errors.Is(err, context.DeadlineExceeded) {
		return i.lastChance(ctx, t, nb, err)
	}
	return nb, err
}

// errGoneOnce means that one answer during a wait was that there is no notebook. Another node of
// the service may know better, so that the next answer decides.
var errGoneOnce = errors.New("the service returned once that there is no such notebook")

// absence tells the first answer that there is no notebook from the next ones in a row.
type absence struct{ shown bool }

func (a *absence) isFirst(status modelarts.Status) bool {
	before := a.shown
	a.shown = status == modelarts.StatusDeleted
	return a.shown && !before
}

// progress says in which status a notebook is, and in which step of its start:
// "CREATING, step 2 of 4: prepare compute resources". An answer out of a list has no
// steps.
func progress(nb *modelarts.Notebook, status modelarts.Status) string {
	if nb == nil || status.Kind() != modelarts.Pending {
		return string(status)
	}
	var at modelarts.JobProgress
	for _, step := range nb.ActionProgress {
		under := step.Step != nil && step.Status != nil && *step.Status == "PROCESSING"
		if under && (at.Step == nil || *step.Step < *at.Step) {
			at = step
		}
	}
	if at.Step == nil {
		return string(status)
	}
	text := fmt.Sprintf("%s, step %d of 4", status, *at.Step)
	if at.Description != nil && *at.Description != "" {
		text += ": " + *at.Description
	}
	return text
}

// lastChance looks at a notebook once more whose time was up while only a list was
// asked: one that shows it as changing must not condemn it.
func (i Instance) lastChance(ctx context.Context, t transition, seen *modelarts.Notebook, late error) (*modelarts.Notebook, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel)
	defer cancel()
	nb, err := i.Show(ctx)
	switch {
	case err != nil:
		return seen, late
	case slices.Contains(t.target, nb.Status):
		return nb, nil
	case slices.Contains(t.failed, nb.Status):
		return nb, &wait.StatusError{Status: string(nb.Status), Reason: reason(nb)}
	default:
		return nb, late
	}
}

// awaitVolume waits until the disk has grown to capacity GB.
func (i Instance) awaitVolume(ctx context.Context, capacity int64) error {
	const grown = "GROWN"
	status := func(nb *modelarts.Notebook) modelarts.VolumeStatus {
		switch {
		case nb.Volume == nil && nb.Status.Kind() == modelarts.Pending:
			return modelarts.VolumeResizing
		case nb.Volume == nil:
			return grown // such a service shows no volume at all
		case nb.Volume.Status.Pending(), nb.Volume.Capacity != nil && *nb.Volume.Capacity < capacity:
			return modelarts.VolumeResizing
		default:
			return grown
		}
	}
	defer i.Reader.Watch()()
	p := &pace{interval: i.PollInterval}
	var absence absence
	nb, err := wait.Change[*modelarts.Notebook, modelarts.VolumeStatus]{
		Fetch: func(ctx context.Context) (*modelarts.Notebook, modelarts.VolumeStatus, error) {
			look, err := i.poll(ctx, p, func(nb *modelarts.Notebook) bool { return status(nb) == grown || nb.Status == modelarts.StatusDeleted })
			switch {
			case err != nil:
				return nil, "", err
			case absence.isFirst(look.Status):
				return nil, "", errGoneOnce
			case absence.shown:
				return nil, "", errors.New("the notebook does not exist any more")
			default:
				return look.Notebook, status(look.Notebook), nil
			}
		},
		Pending:   []modelarts.VolumeStatus{modelarts.VolumeResizing},
		Target:    []modelarts.VolumeStatus{grown},
		Interval:  p.next,
		Transient: func(err error) bool { return modelarts.Transient(err) || errors.Is(err, errGoneOnce) },
		HeldBack:  busy,
	}.Wait(ctx)
	if err != nil && nb != nil && nb.Volume != nil && nb.Volume.Capacity != nil {
		return fmt.Errorf("%w (the disk has %d GB)", err, *nb.Volume.Capacity)
	}
	return err
}

// busy reports whether the service refuses requests because there are too many.
func busy(err error) bool { return errors.Is(err, modelarts.ErrThrottled) }

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
