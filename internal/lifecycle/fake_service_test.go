package lifecycle

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

func (f *fake) CreateNotebook(ctx context.Context, req modelarts.NotebookCreateRequest) (*modelarts.Notebook, error) {
	var made *modelarts.Notebook
	err := f.do(ctx, "CreateNotebook", "", "create "+req.Name, func(*notebook, time.Duration) error {
		n := &notebook{tags: map[string]string{}, made: time.Now(), starts: 1}
		maps.Copy(n.tags, f.tagged)
		n.ID = fmt.Sprintf("made %d", len(f.notebooks)+1)
		n.Name, n.Flavor, n.Image, n.WorkspaceID = req.Name, req.Flavor, &modelarts.Image{ID: req.ImageID}, req.WorkspaceID
		n.URL, n.Description = new("https://notebook"), req.Description
		n.Volume = &modelarts.VolumeRes{Capacity: req.Volume.Capacity}
		if v := req.Volume; v.Category != "" {
			n.Volume.Category, n.Volume.Ownership, n.Volume.URI = new(v.Category), new(v.Ownership), v.URI
		}
		for _, e := range req.Endpoints {
			n.Endpoints = append(n.Endpoints, modelarts.EndpointsRes{Service: e.Service, KeyPairNames: e.KeyPairNames, AllowedAccessIPs: e.AllowedAccessIPs})
		}
		f.lend(n, hour, "TIMING")
		f.notebooks = append(f.notebooks, n)
		f.put(n, modelarts.StatusCreating)
		shown := f.show(n)
		made = &shown
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

func (f *fake) ListNotebooks(ctx context.Context, query modelarts.ListNotebooksQuery) iter.Seq2[modelarts.Notebook, error] {
	return func(yield func(modelarts.Notebook, error) bool) {
		var found []modelarts.Notebook
		err := f.do(ctx, "ListNotebooks", "", "", func(*notebook, time.Duration) error {
			for _, n := range f.notebooks {
				f.advance(n)
				if cmp.Or(text(n.Feature), "NOTEBOOK") != cmp.Or(query.Feature, "NOTEBOOK") {
					continue
				}
				if (query.ID == "" || query.ID == n.ID) && strings.Contains(n.Name, query.Name) && n.Status != modelarts.StatusDeleted && time.Since(n.made) >= f.hiddenFromLists &&
					cmp.Or(text(n.WorkspaceID), "0") == cmp.Or(query.WorkspaceID, "0") {
					found = append(found, f.entry(n))
				}
			}
			if f.listedTwice {
				found = append(found, found...)
			}
			return nil
		})
		if err != nil {
			yield(modelarts.Notebook{}, err)
			return
		}
		for _, nb := range found {
			if !yield(nb, nil) {
				return
			}
		}
	}
}

func (f *fake) UpdateNotebook(ctx context.Context, id string, req modelarts.NotebookUpdateRequest) error {
	var fields []string
	anyState := req.Name != nil || req.Description != nil
	stops := req.Flavor != nil || req.ImageID != nil
	for field, there := range map[string]bool{"name": req.Name != nil, "description": req.Description != nil, "flavor": req.Flavor != nil, "image_id": req.ImageID != nil} {
		if there {
			fields = append(fields, field)
		}
	}
	slices.Sort(fields)
	if req.StorageNewSize != nil {
		fields = append(fields, fmt.Sprintf("disk %d", *req.StorageNewSize))
	}
	return f.write(ctx, "UpdateNotebook", id, "PUT "+strings.Join(fields, " "), func(n *notebook) error {
		wrong := refusal("UpdateNotebook", cmp.Or(f.refusal, "6347"))
		grows := req.StorageNewSize != nil
		switch n.Status {
		case modelarts.StatusRunning:
			if anyState && f.anyRefusedRunning || stops && !f.stopTakenRunning || grows && f.growRefusedRunning {
				return wrong
			}
		case modelarts.StatusStopped:
			if anyState && f.anyRefusedStopped || stops && f.stopRefusedStopped || grows && f.growRefusedStopped {
				return wrong
			}
		case modelarts.StatusStartFailed:
			if !f.failedTakesChanges || grows && f.growRefusedStopped {
				return wrong
			}
		default:
			if n.Status.Kind() == modelarts.Pending {
				return refusal("UpdateNotebook", "6357")
			}
			return wrong
		}
		if grows {
			switch has := *n.Volume.Capacity; {
			case *req.StorageNewSize < has:
				return refusal("UpdateNotebook", "6331")
			case *req.StorageNewSize > has && n.larger == 0:
				n.Volume = &modelarts.VolumeRes{Capacity: &has, Status: modelarts.VolumeResizing}
				n.larger, n.grown = *req.StorageNewSize, time.Now().Add(f.resize)
			}
		}
		if req.Name != nil {
			n.Name = *req.Name
		}
		if req.Description != nil {
			n.Description = req.Description
		}
		if req.Flavor != nil {
			n.Flavor = req.Flavor
		}
		if req.ImageID != nil {
			n.Image = &modelarts.Image{ID: *req.ImageID}
		}
		return nil
	})
}

func (f *fake) DeleteNotebook(ctx context.Context, id string) error {
	return f.write(ctx, "DeleteNotebook", id, "delete", func(n *notebook) error {
		switch {
		case n.Status.Kind() == modelarts.Pending:
			return refusal("DeleteNotebook", "6357")
		case n.Status == modelarts.StatusRunning && f.deleteStoppedOnly:
			return refusal("DeleteNotebook", "6304")
		}
		f.put(n, modelarts.StatusDeleting)
		if f.deleteFails {
			n.next, n.reason = modelarts.StatusDeleteFailed, "The disk is in use."
		}
		return nil
	})
}

func (f *fake) StartNotebook(ctx context.Context, id string, query modelarts.StartNotebookQuery) error {
	what := "start"
	if query.Duration != nil {
		what += fmt.Sprintf(" %d", *query.Duration)
	}
	if query.Type != "" {
		what += " " + query.Type
	}
	return f.write(ctx, "StartNotebook", id, what, func(n *notebook) error {
		if n.Status != modelarts.StatusStopped && (n.Status != modelarts.StatusStartFailed || !f.startFailedTaken) {
			return refusal("StartNotebook", "6357")
		}
		n.starts++
		n.asked = what
		duration := hour
		if query.Duration != nil {
			duration = *query.Duration
		}
		f.lend(n, duration, cmp.Or(query.Type, "TIMING"))
		f.put(n, modelarts.StatusStarting)
		return nil
	})
}

// lend gives a lease that counts from now.
func (f *fake) lend(n *notebook, duration int64, kind string) {
	f.lent = time.Duration(duration) * time.Millisecond
	n.Lease = &modelarts.Lease{
		CreateAt: new(n.made.UnixMilli()), Duration: new(time.Since(n.made).Milliseconds() + duration),
		Enable: new(duration != -1), Type: &kind, UpdateAt: new(time.Now().UnixMilli()),
	}
	if f.idleAsked && strings.EqualFold(kind, "IDLE") {
		n.Lease.Duration = &duration
	}
	n.stopsAt = time.Now().Add(time.Duration(duration) * time.Millisecond)
	if duration == -1 {
		n.stopsAt = time.Time{}
	}
}

func (f *fake) StopNotebook(ctx context.Context, id string) error {
	return f.write(ctx, "StopNotebook", id, "stop", func(n *notebook) error {
		if n.Status != modelarts.StatusRunning {
			return refusal("StopNotebook", "6357")
		}
		f.put(n, modelarts.StatusStopping)
		if f.stopsThatFail > 0 {
			f.stopsThatFail--
			n.next, n.reason = modelarts.StatusError, "The node does not answer."
		}
		return nil
	})
}

func (f *fake) RenewLease(ctx context.Context, id string, lease modelarts.LeaseReq) error {
	what := "renew"
	if lease.Duration != nil {
		what += fmt.Sprintf(" %d", *lease.Duration)
	}
	if lease.Type != nil {
		what += " " + *lease.Type
	}
	return f.write(ctx, "RenewLease", id, what, func(n *notebook) error {
		if n.Status != modelarts.StatusRunning {
			return refusal("RenewLease", "6327")
		}
		if f.renewalByQuery && (lease.Type == nil || lease.Duration == nil || !strings.EqualFold(*lease.Type, "TIMING")) {
			return nil
		}
		duration, kind := hour, "TIMING"
		if lease.Duration != nil {
			duration = *lease.Duration
		}
		if lease.Type != nil {
			kind = *lease.Type
		}
		f.lend(n, duration, kind)
		n.asked = what
		return nil
	})
}

func (f *fake) CreateNotebookTags(ctx context.Context, id, workspace string, tags []modelarts.Tag) error {
	return f.write(ctx, "CreateNotebookTags", id, "tag "+keys(tags), func(n *notebook) error {
		if err := n.notIn(workspace); err != nil {
			return err
		}
		for _, tag := range tags {
			n.tags[tag.Key] = *tag.Value
		}
		return nil
	})
}

func (f *fake) DeleteNotebookTags(ctx context.Context, id, workspace string, tags []modelarts.Tag) error {
	return f.write(ctx, "DeleteNotebookTags", id, "untag "+keys(tags), func(n *notebook) error {
		if err := n.notIn(workspace); err != nil {
			return err
		}
		for _, tag := range tags {
			if tag.Value != nil && n.tags[tag.Key] == *tag.Value {
				delete(n.tags, tag.Key)
			}
		}
		return nil
	})
}

// notIn is the refusal of a call on tags that names another workspace than that
// of the notebook.
func (n *notebook) notIn(workspace string) error {
	if cmp.Or(text(n.WorkspaceID), "0") != cmp.Or(workspace, "0") {
		return refusal("tags", "6309")
	}
	return nil
}

func keys(tags []modelarts.Tag) string {
	var names []string
	for _, tag := range tags {
		names = append(names, tag.Key)
	}
	return strings.Join(names, " ")
}

// Show reads the notebook as the client does: one that is DELETED is not found.
func (f *fake) Show(ctx context.Context, id string) (modelarts.Look, error) {
	look := modelarts.Look{At: time.Now()}
	err := f.do(ctx, "ShowNotebook", id, "", func(n *notebook, lag time.Duration) error {
		if n == nil || time.Since(n.made) < f.hidden {
			return refusal("ShowNotebook", "6309")
		}
		nb := f.ago(n, lag)
		if nb.Status == modelarts.StatusDeleted {
			if f.goneReadsConflict {
				return refusal("ShowNotebook", "6357")
			}
			if f.goneIsShown {
				return &modelarts.Error{Operation: "ShowNotebook", Status: 200, Err: modelarts.ErrNotFound}
			}
			return refusal("ShowNotebook", "6309")
		}
		look.Notebook = nb
		return nil
	})
	if err != nil {
		look.Notebook = nil
		return look, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.wrote && look.Status.Kind() != modelarts.Pending {
		f.before = look.Status
	}
	return look, err
}

// Read is Show.
func (f *fake) Read(ctx context.Context, id string) (modelarts.Look, error) { return f.Show(ctx, id) }

// Poll is Show.
func (f *fake) Poll(ctx context.Context, id string, _ time.Time) (modelarts.Look, error) {
	return f.Show(ctx, id)
}

// Watch does nothing.
func (f *fake) Watch() (stop func()) { return func() {} }
