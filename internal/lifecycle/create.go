package lifecycle

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// afterCancel is how long a call may take that is made although the apply was
// cancelled: the create itself, or the last look at a notebook.
const afterCancel = time.Minute

// Creator creates notebooks.
type Creator struct {
	Service Service
	// Reader looks at what a list finds.
	Reader Reader
	// Creates is the memory of the process: which creates are under way, and
	// which notebooks are somebody's already.
	Creates *Creates
	// PollInterval is the pause between two searches for a notebook whose create
	// lost its answer.
	PollInterval time.Duration
	// IgnoresTag reports whether a tag of that key is nothing to those who create: some
	// tool sets it on each new notebook. Nil: there are none.
	IgnoresTag func(key string) bool
}

// Made is a new notebook.
type Made struct {
	*modelarts.Notebook
	// Lost is why the answer to its create was lost, so that it was searched for
	// and adopted; nil when it was answered.
	Lost error
}

// Create sends the one request that must neither be repeated nor be given up
// half way: its answer holds the only trace of the notebook. A cancelled apply
// waits for it, for up to a minute. While the service refuses it because there are
// too many requests, so that nothing has happened, the client sends it again, for
// as long as ctx allows. If the answer is lost, the notebook is searched for; a
// second request is never sent.
//
// Notebooks that cannot be told apart are created one after the other, so that
// none is taken for another whose answer was lost.
func (c Creator) Create(ctx context.Context, req modelarts.NotebookCreateRequest) (Made, error) {
	unlock, err := c.Creates.Lock(ctx, strings.Join([]string{req.Name, text(req.Flavor), req.ImageID, text(req.WorkspaceID)}, "\n"))
	if err != nil {
		return Made{}, err
	}
	defer unlock()
	unbroken, cancel := hold.Unbroken(ctx, afterCancel)
	defer cancel()
	nb, err := c.Service.CreateNotebook(unbroken, req)
	var lost error
	if modelarts.Uncertain(err) {
		lost = err
		nb, err = c.search(ctx, req, hold.SentAt(unbroken), lost)
	}
	if err != nil {
		return Made{}, err
	}
	c.Creates.Claim(nb.ID)
	return Made{nb, lost}, nil
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
// service that refuses to show it, or of which no answer could be read when the time
// was up.
func (c *Created) Failed() bool { return hasFailed(c.Err) }

// hasFailed reports whether the error of a wait means that the object has failed, or was seen
// not to be ready when its time was up.
func hasFailed(err error) bool {
	var status *wait.StatusError
	var interrupted *wait.InterruptedError
	if errors.As(err, &interrupted) && (interrupted.LastErr != nil || interrupted.Status == "") {
		return false // it may have come up unseen
	}
	return errors.As(err, &status) && status.Status != string(modelarts.StatusDeleted) || errors.Is(err, context.DeadlineExceeded)
}

// AwaitCreation follows a new notebook until it has settled, and brings it to
// what a create cannot ask for.
func (i Instance) AwaitCreation(ctx context.Context, creation Creation) Created {
	var c Created
	if c.Shown, c.Err = i.await(ctx, toCreated, modelarts.StatusDeleted); c.Err != nil {
		return c
	}
	if len(creation.Tags) > 0 {
		c.TagsErr = i.retry(ctx, func(ctx context.Context) error {
			return i.Service.CreateNotebookTags(ctx, i.ID, i.workspaceOf(c.Shown), creation.Tags)
		})
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
