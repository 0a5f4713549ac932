package lifecycle

import (
	"context"
	"errors"
	"fmt"
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
	var last modelarts.Status
	return wait.Change[*modelarts.Notebook, modelarts.Status]{
		Fetch: func(ctx context.Context) (*modelarts.Notebook, modelarts.Status, error) {
			nb, err := i.poll(ctx, p)
			if err != nil {
				return nil, "", err
			}
			return nb, nb.Status, nil
		},
		Pending:   t.pending,
		Target:    t.target,
		Failed:    t.failed,
		From:      from,
		Grace:     staleFor,
		Interval:  p.next,
		Transient: modelarts.Transient,
		Reason:    reason,
		Progress: func(_ *modelarts.Notebook, status modelarts.Status) {
			if status != last {
				tflog.Info(ctx, "Notebook changes its status", map[string]any{"notebook": i.ID, "status": string(status)})
				last = status
			}
		},
	}.Wait(ctx)
}

// awaitVolume waits until the disk has grown to capacity GB.
func (i Instance) awaitVolume(ctx context.Context, capacity int64) error {
	const grown = "GROWN"
	defer i.Reader.Watch()()
	p := &pace{interval: i.PollInterval}
	nb, err := wait.Change[*modelarts.Notebook, modelarts.VolumeStatus]{
		Fetch: func(ctx context.Context) (*modelarts.Notebook, modelarts.VolumeStatus, error) {
			nb, err := i.poll(ctx, p)
			switch {
			case err != nil:
				return nil, "", err
			case nb.Status == modelarts.StatusDeleted:
				return nil, "", errors.New("the notebook does not exist any more")
			case nb.Volume == nil && nb.Status.Kind() == modelarts.Pending:
				return nb, modelarts.VolumeResizing, nil
			case nb.Volume == nil:
				return nb, grown, nil // such a service shows no volume at all
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
