package lifecycle

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// clockSlack is how much older than the request a notebook of it may look to a
// service that counts in whole seconds.
const clockSlack = time.Second

// otherClock is how far the clock of the Date header, which a gateway may give, is
// believed to be from the one that stamps notebooks.
const otherClock = time.Minute

// search is the search for the notebook of a create whose answer was lost.
type search struct {
	Creator
	req   modelarts.NotebookCreateRequest
	began time.Time // the request

	// others are the notebooks of that name that are known not to be the one, by
	// ID: an older one, or one that shows something else.
	others map[string]*candidate
	// open are those that may be it, or are it, as of the last look.
	open map[string]*candidate
}

// candidate is a notebook of the name that a create has asked for.
type candidate struct {
	id     string
	nb     *modelarts.Notebook // nil: it could not be read
	differ []string            // the arguments that it shows differently
	older  bool                // than the request
	doubt  string              // why it cannot be told whether it is the one; empty: it is
}

// search finds the notebook of a create whose answer was lost: the one that agrees
// with the request in everything that the service shows, is no older than it, and
// is held by no other create in this process. It searches for a while, since the service may
// still be at work: when the answer was given up after some time, for as long
// again. Exactly one is adopted. With several, or none, or one of which that cannot
// be told, the error says what was sent, what was found, and what to do. See
// design/0018-a-lost-create.md.
func (c Creator) search(ctx context.Context, req modelarts.NotebookCreateRequest, began time.Time, lost error) (*modelarts.Notebook, error) {
	patience := max(time.Since(began), staleFor)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel+patience)
	defer cancel()
	s := &search{Creator: c, req: req, began: began, others: make(map[string]*candidate), open: make(map[string]*candidate)}
	var failed error
	d := newDoubt(c.PollInterval)
	for end := d.began.Add(patience); ; {
		// A look that failed has not shown that there is nothing.
		failed = s.look(ctx)
		if s.decided() || time.Now().After(end) && !modelarts.Transient(failed) {
			break
		}
		if err := d.pause(ctx); err != nil {
			break
		}
	}
	if found := s.found(); s.decided() && len(found) == 1 {
		return found[0].nb, nil
	}
	return nil, s.explain(lost, failed)
}

// look lists the notebooks of the name and looks at each that may be the one. A
// list may show one twice while its pages shift, may lag, and may leave anything
// out: the look at the notebook itself decides.
func (s *search) look(ctx context.Context) error {
	query := modelarts.ListNotebooksQuery{Name: s.req.Name, Feature: text(s.req.Feature), WorkspaceID: text(s.req.WorkspaceID)}
	open := make(map[string]*candidate)
	for entry, err := range s.Service.ListNotebooks(ctx, query) {
		if err != nil {
			return err
		}
		id := entry.ID
		if id == "" || entry.Name != s.req.Name || open[id] != nil || s.others[id] != nil || s.Creates.Claimed(id) {
			continue
		}
		found := s.judge(ctx, id)
		if found.older || len(found.differ) > 0 {
			s.others[id] = found
			continue
		}
		open[id] = found
	}
	s.open = open
	return nil
}

// judge looks at a notebook.
func (s *search) judge(ctx context.Context, id string) *candidate {
	look, err := s.Reader.Show(ctx, id)
	if err != nil {
		return &candidate{id: id, doubt: fmt.Sprintf("it could not be read: %s", err)}
	}
	since := time.Since(s.began)
	shown := *look.Notebook
	if s.IgnoresTag != nil {
		shown.Tags = slices.DeleteFunc(slices.Clone(shown.Tags), func(t modelarts.Tag) bool { return s.IgnoresTag(t.Key) })
	}
	found := &candidate{id: id, nb: look.Notebook, differ: differences(&shown, &s.req, since)}
	found.older, found.doubt = older(look.Notebook, since)
	if found.doubt == "" && !told(look.Notebook) {
		found.doubt = "its flavor or its image is not shown"
	}
	return found
}

// older compares the age of a notebook by the service's clock with the time since
// a request on ours: the two clocks need not agree. doubt says why that cannot be
// told.
func older(nb *modelarts.Notebook, since time.Duration) (older bool, doubt string) {
	switch {
	case nb.CreateAt == nil:
		return false, "it does not show when it was created"
	case nb.CurrentTime == nil:
		return false, "the service does not return its clock, so the age is unknown"
	}
	age := time.Duration(*nb.CurrentTime-*nb.CreateAt) * time.Millisecond
	switch whole := *nb.CurrentTime%1000 == 0; {
	case age <= since+clockSlack:
		return false, ""
	case whole && age <= since+otherClock: // it may be the time of the Date header
		return false, "it is about as old as the request, and the clocks may differ"
	default:
		return true, ""
	}
}

// found are the notebooks that are the one, as far as anybody can tell.
func (s *search) found() []*candidate {
	return slices.DeleteFunc(s.sorted(s.open), func(c *candidate) bool { return c.doubt != "" })
}

// decided reports that the search can end: there is something, and nothing that a
// later look may clear up.
func (s *search) decided() bool { return len(s.open) > 0 && len(s.found()) == len(s.open) }

func (s *search) sorted(of map[string]*candidate) []*candidate {
	return slices.SortedFunc(maps.Values(of), func(a, b *candidate) int { return strings.Compare(a.id, b.id) })
}

// explain is the error of a create whose answer was lost and whose notebook was
// not found, or not it alone.
func (s *search) explain(lost, failed error) error {
	sent := fmt.Sprintf("the response to the create of %q (flavor %s, image %s) was lost, so the service may have created the notebook: %v",
		s.req.Name, text(s.req.Flavor), s.req.ImageID, lost)
	open := s.sorted(s.open)
	var err error
	switch found := s.found(); {
	case len(found) > 1:
		err = fmt.Errorf("%s.\n\n%d matching notebooks were created since:\n%s\n\nFind out which one is yours, and import it. "+
			"Delete those without an owner. No second create was sent", sent, len(found), lines(open))
	case len(open) > 0:
		err = fmt.Errorf("%s.\n\nThe provider could not determine whether it is one of these:\n%s\n\nIf one is as old as this apply, import it. "+
			"If none is, apply again. No second create was sent", sent, lines(open))
	case failed != nil:
		err = fmt.Errorf("%s.\n\nThe search for it failed, too: %w.\n\nLook in the console for a notebook of that name that is as old as this apply. "+
			"If there is one, adopt it with terraform import. If not, apply again. No second create was sent", sent, failed)
	default:
		err = fmt.Errorf("%s.\n\nThe search found no matching notebook that was created since. If one appears in the console, "+
			"adopt it with terraform import. If not, apply again. No second create was sent", sent)
	}
	if len(open) > 0 {
		err = fmt.Errorf("%w.\n\nTo import one, with the address of this resource:\n  terraform import ADDRESS %s", err, open[0].id)
	}
	var differ []*candidate
	for _, other := range s.sorted(s.others) {
		if !other.older {
			differ = append(differ, other)
		}
	}
	if len(differ) > 0 {
		err = fmt.Errorf("%w.\n\nThese have the same name but do not match the request:\n%s", err, lines(differ))
	}
	return err
}

// lines describes candidates, a line each.
func lines(candidates []*candidate) string {
	var all []string
	for _, c := range candidates {
		text := "  - " + c.id
		if c.nb != nil {
			text += ": " + string(c.nb.Status)
			if c.nb.CreateAt != nil {
				text += ", created at " + time.UnixMilli(*c.nb.CreateAt).UTC().Format(time.RFC3339)
			}
		}
		switch {
		case len(c.differ) > 0:
			text += "; another " + strings.Join(c.differ, ", ")
		case c.doubt != "":
			text += "; " + c.doubt
		}
		all = append(all, text)
	}
	return strings.Join(all, "\n")
}
