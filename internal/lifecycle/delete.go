package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Delete deletes the notebook and waits until it is gone. A busy notebook is
// asked again when it has settled; one that the service wants stopped first is
// stopped; one that was just created and does not exist is looked for again before
// that is believed. ModelArts.6357 in answer to a look can mean that it is gone: see
// denial.
func (i Instance) Delete(ctx context.Context, justCreated func() bool) error {
	i.denial = &denial{}
	for {
		again, from, err := i.requestDelete(ctx, justCreated)
		if err != nil {
			return err
		}
		switch again {
		case deleteDone:
			return nil
		case deleteAgain:
			continue
		}
		_, err = i.await(ctx, toGone, from)
		return err
	}
}

// What follows a request to delete.
type deleteStep int

const (
	deleteWait  deleteStep = iota // the notebook is being deleted: wait
	deleteAgain                   // send the request again
	deleteDone                    // the notebook is gone
)

// requestDelete sends one request to delete and finds out what follows. from is
// a status that the service may still answer for a while.
func (i Instance) requestDelete(ctx context.Context, justCreated func() bool) (next deleteStep, from modelarts.Status, err error) {
	err = i.retry(ctx, func(ctx context.Context) error {
		err := i.Service.DeleteNotebook(ctx, i.ID)
		i.denial.sent = i.denial.sent || err == nil || modelarts.Uncertain(err)
		return err
	})
	var nb *modelarts.Notebook
	var e error
	switch {
	case err == nil:
		return deleteWait, modelarts.StatusDeleteFailed, nil // the failure of a delete before this one
	case errors.Is(err, modelarts.ErrStopFirst):
		_, e = i.Stop(ctx)
		return deleteAgain, "", e
	case errors.Is(err, modelarts.ErrNotFound):
		nb, e = i.showConfirmed(ctx, justCreated)
	case errors.Is(err, modelarts.ErrConflict):
		nb, e = i.await(ctx, settledOr(modelarts.StatusDeleting), "")
	default:
		return deleteDone, "", err
	}
	switch {
	case e != nil:
		return deleteDone, "", errors.Join(err, e)
	case nb.Status == modelarts.StatusDeleted:
		return deleteDone, "", nil
	case nb.Status == modelarts.StatusDeleting:
		return deleteWait, "", nil
	}
	if e := i.pause(ctx); e != nil {
		return deleteDone, "", errors.Join(err, e)
	}
	return deleteAgain, "", nil
}

// denial judges the answer ModelArts.6357 to a look at a notebook that is being
// deleted. It is the service's word for a notebook that is busy, and some services
// have it for one that is gone as well. It means gone when this client has deleted
// the notebook, when it has been the only answer for the time of staleFor since, and
// when no list shows the notebook. The lists alone tell nothing: they hold the
// notebooks of the caller only. See design/0013-busy-is-not-gone.md.
type denial struct {
	// sent reports that the service has taken a request to delete, or may have.
	sent bool
	// since is when the first of the last answers came that all were 6357; zero: the
	// last answer was another.
	since time.Time
}

// judges reports whether an error is one that may mean that the notebook is gone. It
// is false without a denial.
func (d *denial) judges(err error) bool {
	return d != nil && d.sent && errors.Is(err, modelarts.ErrConflict) && !errors.Is(err, modelarts.ErrWrongState)
}

// judgeDenial returns the error of a look, or ErrNotFound where it means that the
// notebook is gone.
func (i Instance) judgeDenial(ctx context.Context, err error) error {
	d := i.denial
	switch {
	case d == nil:
		return err
	case !d.judges(err):
		if err == nil {
			d.since = time.Time{}
		}
		return err
	case d.since.IsZero():
		d.since = time.Now()
		return err
	case time.Since(d.since) < staleFor:
		return err
	}
	listed, e := i.listed(ctx)
	switch {
	case e != nil && modelarts.Transient(e):
		return err
	case e != nil:
		return fmt.Errorf("the service does not show the notebook (%s), and the list that tells whether it is gone cannot be read: %w", err.Error(), e)
	case listed:
		d.since = time.Now() // it is busy
		return err
	default:
		return modelarts.ErrNotFound
	}
}

// features are the kinds of notebooks of which each has a list.
var features = []string{"NOTEBOOK", "DEFAULT"}

// listed reports whether a list of the workspace holds the notebook.
func (i Instance) listed(ctx context.Context) (bool, error) {
	for _, feature := range features {
		query := modelarts.ListNotebooksQuery{ID: i.ID, Feature: feature, WorkspaceID: i.Workspace}
		for entry, err := range i.Service.ListNotebooks(ctx, query) {
			if err != nil {
				return false, err
			}
			if entry.ID == i.ID && entry.Status != modelarts.StatusDeleted {
				return true, nil
			}
		}
	}
	return false, nil
}
