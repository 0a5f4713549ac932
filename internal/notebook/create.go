package notebook

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// clockSlack is how much older than the request a notebook of it may look to a
// service that counts in whole seconds.
const clockSlack = time.Second

// create sends the one request that must neither be repeated nor be abandoned
// half way: its answer holds the only trace of the notebook. A cancelled apply
// therefore waits for it, for a short while. If the answer is lost, the notebook
// is looked for; a second request is never sent.
//
// Notebooks that cannot be told apart are created one after the other, so that
// none is taken for another whose answer was lost.
func create(ctx context.Context, s *settings.Settings, req modelarts.NotebookCreateRequest) (*modelarts.Notebook, error) {
	defer s.Home().Creates.Lock(strings.Join([]string{req.Name, values.Deref(req.Flavor), req.ImageID, values.Deref(req.WorkspaceID)}, "\n"))()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel)
	defer cancel()
	began := time.Now()
	nb, err := s.Home().Client.CreateNotebook(detached, req)
	if modelarts.Uncertain(err) {
		nb, err = lookForCreated(ctx, s, req, began, err)
	}
	if err == nil {
		s.Home().Creates.Claim(nb.ID)
	}
	return nb, err
}

// lookForCreated looks for the notebook of a create whose answer was lost: the
// one with the same name, flavor, image and workspace that is no older than the
// request and that no other create of this process has made. It looks for a
// while, since the service may still be at work: when the answer was given up
// after some time, for as long again. Exactly one is adopted; with
// several, or none, nothing is done, and the error says what was sent, what was
// found, and what to do.
func lookForCreated(ctx context.Context, s *settings.Settings, req modelarts.NotebookCreateRequest, began time.Time, lost error) (*modelarts.Notebook, error) {
	patience := max(time.Since(began), staleLooks*s.PollInterval)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel+patience)
	defer cancel()
	var found []modelarts.Notebook
	var failed error
	for end := time.Now().Add(patience); ; {
		// A look that failed has not shown that there is nothing.
		if found, failed = createdSince(ctx, s, req, began); len(found) > 0 || time.Now().After(end) && !modelarts.Transient(failed) {
			break
		}
		if err := (instance{poll: s.PollInterval}).pause(ctx); err != nil {
			break
		}
	}
	sent := fmt.Sprintf("the answer to the create of %q (flavor %s, image %s) was lost, so that the service may have made the notebook: %v",
		req.Name, values.Deref(req.Flavor), req.ImageID, lost)
	switch {
	case len(found) == 1:
		return &found[0], nil
	case len(found) > 1:
		ids := make([]string, len(found))
		for i, nb := range found {
			ids[i] = nb.ID
		}
		return nil, fmt.Errorf("%s.\n\n%d notebooks of that kind were made since: %s. Find out which one is yours, and take it over with terraform import; "+
			"delete what nobody owns. No second create was sent", sent, len(found), enumerate(ids, ""))
	case failed != nil:
		return nil, fmt.Errorf("%s.\n\nLooking for it failed too: %w.\n\nLook in the console for a notebook of that name that is as old as this apply. "+
			"If there is one, take it over with terraform import; if not, apply again. No second create was sent", sent, failed)
	default:
		return nil, fmt.Errorf("%s.\n\nNo notebook of that kind that was made since has appeared. If one appears in the console all the same, "+
			"take it over with terraform import; if not, apply again. No second create was sent", sent)
	}
}

// createdSince lists the notebooks that may have come of a request.
func createdSince(ctx context.Context, s *settings.Settings, req modelarts.NotebookCreateRequest, began time.Time) ([]modelarts.Notebook, error) {
	var found []modelarts.Notebook
	for nb, err := range s.Home().Client.ListNotebooks(ctx, modelarts.ListNotebooksQuery{Name: req.Name, Feature: values.Deref(req.Feature)}) {
		if err != nil {
			return nil, err
		}
		if isOf(&nb, req) && youngerThan(&nb, time.Since(began)) && !s.Home().Creates.Claimed(nb.ID) {
			found = append(found, nb)
		}
	}
	return found, nil
}

// isOf says whether a notebook is what a request asked for, as far as lists show
// it.
func isOf(nb *modelarts.Notebook, req modelarts.NotebookCreateRequest) bool {
	same := func(asked, has *string) bool { return asked == nil || has == nil || strings.EqualFold(*asked, *has) }
	image := &req.ImageID
	if nb.Image == nil || nb.Image.ID == "" {
		image = nil
	}
	return nb.Name == req.Name &&
		(req.CustomSpec != nil || same(req.Flavor, nb.Flavor)) &&
		(image == nil || strings.EqualFold(nb.Image.ID, *image)) &&
		same(req.WorkspaceID, nb.WorkspaceID)
}

// youngerThan compares the age of a notebook by the service's clock with a time
// that has passed on ours: the two clocks need not agree. A notebook without
// these times is none that we could be sure of.
func youngerThan(nb *modelarts.Notebook, limit time.Duration) bool {
	if nb.CreateAt == nil || nb.CurrentTime == nil {
		return false
	}
	age := time.Duration(*nb.CurrentTime-*nb.CreateAt) * time.Millisecond
	return age <= limit+clockSlack
}
