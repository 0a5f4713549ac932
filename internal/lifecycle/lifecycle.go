// Package lifecycle leads a notebook through its life: it creates one and finds
// it again when the answer is lost, waits for it, starts, stops, changes and
// deletes it, and restores its power state when a change fails.
//
// It works on the API alone and imports nothing of Terraform. A caller passes
// what is to be reached (a Creation, a Wish) and receives what was reached, also
// when something failed on the way. See
// design/0015-a-house-for-more-than-one-resource.md.
//
// Five words name the ways in which a notebook is read:
//
//   - Show asks the service by ID.
//   - Refresh may take the answer out of a list.
//   - Poll shares its answer with others who wait.
//   - confirmGone repeats a look before it believes that a notebook is gone.
//   - readBack reads the notebook after a change.
package lifecycle

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// Service is the part of the API that the life of a notebook needs.
// *modelarts.Client implements it.
type Service interface {
	CreateNotebook(ctx context.Context, notebook modelarts.NotebookCreateRequest) (*modelarts.Notebook, error)
	ListNotebooks(ctx context.Context, query modelarts.ListNotebooksQuery) iter.Seq2[modelarts.Notebook, error]
	UpdateNotebook(ctx context.Context, id string, change modelarts.NotebookUpdateRequest) error
	DeleteNotebook(ctx context.Context, id string) error
	StartNotebook(ctx context.Context, id string, query modelarts.StartNotebookQuery) error
	StopNotebook(ctx context.Context, id string) error
	RenewLease(ctx context.Context, id string, lease modelarts.LeaseReq) error
	CreateNotebookTags(ctx context.Context, id, workspaceID string, tags []modelarts.Tag) error
	DeleteNotebookTags(ctx context.Context, id, workspaceID string, tags []modelarts.Tag) error
	ListDynamicStorages(ctx context.Context, notebookID string) ([]modelarts.Storage, error)
	AttachDynamicStorage(ctx context.Context, notebookID string, mount modelarts.StorageMountRequest) (*modelarts.Storage, error)
	ShowDynamicStorage(ctx context.Context, notebookID, storageID string) (*modelarts.Storage, error)
	DetachDynamicStorage(ctx context.Context, notebookID, storageID string) error
}

// Reader reads notebooks. *modelarts.Reader implements it.
type Reader interface {
	Show(ctx context.Context, id string) (modelarts.Look, error)
	Read(ctx context.Context, id string) (modelarts.Look, error)
	Poll(ctx context.Context, id string, oldest time.Time) (modelarts.Look, error)
	Watch() (stop func())
}

// Instance is one notebook of the service.
type Instance struct {
	Service Service
	Reader  Reader
	ID      string
	// Workspace is the ID of its workspace; empty: the default one.
	Workspace string
	// PollInterval is about the pause between two status checks of a notebook that has
	// begun to change. Later ones grow with the age of the wait.
	PollInterval time.Duration
	// Progress is called with each new status that a wait sees, and each new step of a
	// start: "STARTING, step 3 of 4: configure the network"; nil: with none.
	Progress func(now string)

	denial *denial // of a notebook that is being deleted; nil: it is not
}

// Show reads the notebook once. One that does not exist has the status DELETED.
func (i Instance) Show(ctx context.Context) (*modelarts.Notebook, error) {
	look, err := i.Reader.Show(ctx, i.ID)
	return i.orDeleted(ctx, look, err)
}

func (i Instance) orDeleted(ctx context.Context, look modelarts.Look, err error) (*modelarts.Notebook, error) {
	err = i.judgeDenial(ctx, err)
	if errors.Is(err, modelarts.ErrNotFound) {
		return &modelarts.Notebook{ID: i.ID, Status: modelarts.StatusDeleted}, nil
	}
	return look.Notebook, err
}

// Refresh reads a notebook that is believed to be at rest, out of a list where
// that takes fewer calls. enough tells whether an entry of a list confirms what is
// known; nil: no list is asked. Where it does not, the notebook is asked for by
// its ID. A notebook that does not exist is looked for once more before that is
// believed, and one that was just created for longer. justCreated is asked when the
// service has answered, so that its clock is known; nil: it was not just created.
func (i Instance) Refresh(ctx context.Context, justCreated func() bool, enough func(*modelarts.Notebook) bool) (*modelarts.Notebook, error) {
	if enough == nil {
		return i.Show(ctx)
	}
	look, err := i.Reader.Read(ctx, i.ID)
	if err == nil && look.Status == modelarts.StatusDeleted {
		return look.Notebook, nil // a Refresh before has confirmed and returned it
	}
	if err == nil && look.Listed && !enough(look.Notebook) {
		look, err = i.Reader.Show(ctx, i.ID)
	}
	absent := err
	nb, err := i.orDeleted(ctx, look, err)
	if err == nil && nb.Status == modelarts.StatusDeleted && errors.Is(absent, modelarts.ErrNotFound) && (justCreated == nil || !justCreated()) {
		// One such answer can be wrong, and what leaves the state is made a second time.
		if err := i.pause(ctx); err != nil {
			return nil, err
		}
		return i.Show(ctx)
	}
	return i.confirmGone(ctx, nb, err, justCreated)
}

// showConfirmed is Show with confirmGone.
func (i Instance) showConfirmed(ctx context.Context, justCreated func() bool) (*modelarts.Notebook, error) {
	nb, err := i.Show(ctx)
	return i.confirmGone(ctx, nb, err, justCreated)
}

// confirmGone looks again for a while before it believes that a notebook that was just created
// does not exist: another node of the service may not have it yet.
func (i Instance) confirmGone(ctx context.Context, nb *modelarts.Notebook, err error, justCreated func() bool) (*modelarts.Notebook, error) {
	if err != nil || nb.Status != modelarts.StatusDeleted || justCreated == nil || !justCreated() {
		return nb, err
	}
	nb, err = i.await(ctx, toAny, modelarts.StatusDeleted)
	var gone *wait.StatusError
	if errors.As(err, &gone) {
		return nb, nil
	}
	return nb, err
}

// poll reads the notebook at a pace. A list may lag and leave anything out: where
// what it shows would end the wait, the notebook is asked for by its ID.
func (i Instance) poll(ctx context.Context, p *pace, ends func(*modelarts.Notebook) bool) (modelarts.Look, error) {
	look, err := i.Reader.Poll(ctx, i.ID, p.oldest())
	if err == nil && look.Listed && ends(look.Notebook) {
		look, err = i.Reader.Show(ctx, i.ID)
	}
	p.saw(look, err)
	look.Notebook, err = i.orDeleted(ctx, look, err)
	return look, err
}

// workspaceOf is the workspace of the notebook, by the service where it says so.
func (i Instance) workspaceOf(nb *modelarts.Notebook) string {
	if nb != nil && nb.WorkspaceID != nil {
		return *nb.WorkspaceID
	}
	return i.Workspace
}

func (i Instance) pause(ctx context.Context) error { return sleep(ctx, i.PollInterval) }

// sleep waits for some time. The error is that of a context that ends before.
func sleep(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
		return nil
	}
}

// orAfterCancel returns ctx or, where it was cut, which means that it has ended, a context
// of its own with a limit.
func orAfterCancel(ctx context.Context, limit time.Duration) (usable context.Context, cancel context.CancelFunc, cut bool) {
	if ctx.Err() == nil {
		return ctx, func() {}, false
	}
	usable, cancel = context.WithTimeout(context.WithoutCancel(ctx), limit)
	return usable, cancel, true
}
