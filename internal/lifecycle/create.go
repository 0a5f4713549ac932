package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// clockSlack is how much older than the request a notebook of it may look to a
// service that counts in whole seconds.
const clockSlack = time.Second

// afterCancel is how long a call may take that is made although the apply was
// cancelled: the create itself, or the last look at a notebook.
const afterCancel = time.Minute

// Creator creates notebooks.
type Creator struct {
	Service Service
	// Creates is the memory of the process: which creates are under way, and
	// which notebooks they made.
	Creates *Creates
	// PollInterval is the pause between two searches for a notebook whose create
	// lost its answer.
	PollInterval time.Duration
}

// Create sends the one request that must neither be repeated nor be given up
// half way: its answer holds the only trace of the notebook. A cancelled apply
// waits for it, for up to a minute. If the answer is lost, the notebook is
// searched for; a second request is never sent.
//
// Notebooks that cannot be told apart are created one after the other, so that
// none is taken for another whose answer was lost.
func (c Creator) Create(ctx context.Context, req modelarts.NotebookCreateRequest) (*modelarts.Notebook, error) {
	unlock, err := c.Creates.Lock(ctx, strings.Join([]string{req.Name, text(req.Flavor), req.ImageID, text(req.WorkspaceID)}, "\n"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel)
	defer cancel()
	began := time.Now()
	nb, err := c.Service.CreateNotebook(detached, req)
	if modelarts.Uncertain(err) {
		nb, err = c.search(ctx, req, began, err)
	}
	if err == nil {
		c.Creates.Claim(nb.ID)
	}
	return nb, err
}

// search finds the notebook of a create whose answer was lost: the one with the
// same name, flavor, image and workspace that is no older than the request and
// that no other create of this process has made. It searches for a while, since
// the service may still be at work: when the answer was given up after some time,
// for as long again. Exactly one is adopted; with several, or none, the error
// says what was sent, what was found, and what to do.
func (c Creator) search(ctx context.Context, req modelarts.NotebookCreateRequest, began time.Time, lost error) (*modelarts.Notebook, error) {
	patience := max(time.Since(began), staleFor)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel+patience)
	defer cancel()
	var found []modelarts.Notebook
	var failed error
	d := Instance{PollInterval: c.PollInterval}.doubt()
	for end := d.began.Add(patience); ; {
		// A search that failed has not shown that there is nothing.
		if found, failed = c.createdSince(ctx, req, began); len(found) > 0 || time.Now().After(end) && !modelarts.Transient(failed) {
			break
		}
		if err := d.pause(ctx); err != nil {
			break
		}
	}
	if len(found) == 1 {
		return &found[0], nil
	}
	return nil, lostCreate(req, lost, found, failed)
}

// lostCreate is the error of a create whose answer was lost and whose notebook
// was not found, or not it alone.
func lostCreate(req modelarts.NotebookCreateRequest, lost error, found []modelarts.Notebook, failed error) error {
	sent := fmt.Sprintf("the answer to the create of %q (flavor %s, image %s) was lost, so that the service may have made the notebook: %v",
		req.Name, text(req.Flavor), req.ImageID, lost)
	switch {
	case len(found) > 1:
		ids := make([]string, len(found))
		for i, nb := range found {
			ids[i] = nb.ID
		}
		return fmt.Errorf("%s.\n\n%d notebooks of that kind were made since: %s. Find out which one is yours, and take it over with terraform import; "+
			"delete what nobody owns. No second create was sent", sent, len(found), strings.Join(ids, ", "))
	case failed != nil:
		return fmt.Errorf("%s.\n\nLooking for it failed too: %w.\n\nLook in the console for a notebook of that name that is as old as this apply. "+
			"If there is one, take it over with terraform import; if not, apply again. No second create was sent", sent, failed)
	default:
		return fmt.Errorf("%s.\n\nNo notebook of that kind that was made since has appeared. If one appears in the console all the same, "+
			"take it over with terraform import; if not, apply again. No second create was sent", sent)
	}
}

// createdSince lists the notebooks that may have come of a request.
func (c Creator) createdSince(ctx context.Context, req modelarts.NotebookCreateRequest, began time.Time) ([]modelarts.Notebook, error) {
	var found []modelarts.Notebook
	for nb, err := range c.Service.ListNotebooks(ctx, modelarts.ListNotebooksQuery{Name: req.Name, Feature: text(req.Feature)}) {
		if err != nil {
			return nil, err
		}
		if agrees(&nb, req) && youngerThan(&nb, time.Since(began)) && !c.Creates.Claimed(nb.ID) {
			found = append(found, nb)
		}
	}
	return found, nil
}

// agrees reports whether a notebook is what a request asked for, as far as lists
// show it.
func agrees(nb *modelarts.Notebook, req modelarts.NotebookCreateRequest) bool {
	same := func(asked, has *string) bool { return asked == nil || has == nil || strings.EqualFold(*asked, *has) }
	return nb.Name == req.Name &&
		(req.CustomSpec != nil || same(req.Flavor, nb.Flavor)) &&
		(nb.Image == nil || nb.Image.ID == "" || strings.EqualFold(nb.Image.ID, req.ImageID)) &&
		same(req.WorkspaceID, nb.WorkspaceID)
}

// youngerThan compares the age of a notebook by the service's clock with a time
// that has passed on ours: the two clocks need not agree. Without these times a
// notebook is not known to be young.
func youngerThan(nb *modelarts.Notebook, limit time.Duration) bool {
	if nb.CreateAt == nil || nb.CurrentTime == nil {
		return false
	}
	age := time.Duration(*nb.CurrentTime-*nb.CreateAt) * time.Millisecond
	return age <= limit+clockSlack
}

// Creation is what a new notebook is to become beyond what a create asks for.
type Creation struct {
	Tags []modelarts.Tag
	// Desired is RUNNING, STOPPED, or empty: either will do.
	Desired modelarts.Status
	// Lease is for the start of a notebook that somebody stops meanwhile.
	Lease Lease
}

// Created is what has become of a new notebook.
type Created struct {
	// Shown is the last answer about it; nil when there was none.
	Shown *modelarts.Notebook
	// TagsErr and PowerErr are why it has no tags, or is not in its desired
	// status, although it came up.
	TagsErr, PowerErr error
	// Err is why it has not come up, or was not followed. See CameUp.
	Err error
}

// Failed reports whether the notebook is known not to have come up, or has had
// its time. Any other Err says nothing about the notebook: a cancelled apply, a
// service that refuses to show it.
func (c *Created) Failed() bool {
	var status *wait.StatusError
	return errors.As(c.Err, &status) && status.Status != string(modelarts.StatusDeleted) || errors.Is(c.Err, context.DeadlineExceeded)
}

// AwaitCreation follows a new notebook until it has settled, and brings it to
// what a create cannot ask for.
func (i Instance) AwaitCreation(ctx context.Context, creation Creation) Created {
	var c Created
	if c.Shown, c.Err = i.await(ctx, toCreated, modelarts.StatusDeleted); c.Err != nil {
		return c
	}
	if len(creation.Tags) > 0 {
		c.TagsErr = i.retry(ctx, func(ctx context.Context) error { return i.Service.CreateNotebookTags(ctx, i.ID, creation.Tags) })
	}
	var nb *modelarts.Notebook
	switch {
	case creation.Desired == modelarts.StatusStopped && c.Shown.Status == modelarts.StatusRunning:
		nb, c.PowerErr = i.Stop(ctx)
	case creation.Desired == modelarts.StatusRunning && c.Shown.Status == modelarts.StatusStopped:
		nb, c.PowerErr = i.Start(ctx, creation.Lease, c.Shown)
	}
	if nb != nil {
		c.Shown = nb
	}
	if c.TagsErr == nil && c.PowerErr == nil {
		c.Shown = i.readTagged(ctx, c.Shown, creation.Tags, nil)
	}
	if errors.Is(c.TagsErr, context.Canceled) {
		c.TagsErr = nil // the next plan shows it
	}
	if errors.Is(c.PowerErr, context.Canceled) {
		c.Err, c.PowerErr = c.PowerErr, nil
	}
	return c
}

// text is the string, or empty.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
