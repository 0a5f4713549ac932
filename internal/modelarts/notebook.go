package modelarts

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// notebooksPerPage is the largest page size that the lists of instances accept.
const notebooksPerPage = 50

// DefaultWorkspace is the ID of the workspace that every account has. A create
// that names no workspace makes its notebook there.
const DefaultWorkspace = "0"

// workspace is the workspace that a list or a call on tags names. They name one
// always: sources differ on whether a request without one means DefaultWorkspace
// or every workspace.
func workspace(id string) string { return cmp.Or(id, DefaultWorkspace) }

// ListNotebooksQuery filters ListNotebooks and ListAllNotebooks. Empty fields
// filter nothing, but for the workspace.
type ListNotebooksQuery struct {
	// Feature is NOTEBOOK (the service's default) or DEFAULT.
	Feature string
	// Name is a substring of the name.
	Name    string
	ID      string
	Status  Status
	Flavor  string
	ImageID string
	PoolID  string
	// Owner is a user ID; it needs administrator rights.
	Owner string
	// WorkspaceID is DefaultWorkspace when it is empty: no list is of more than
	// one workspace.
	WorkspaceID string
	// Billing is STORAGE, COMPUTE or ALL.
	Billing string
	// Tags is key1|value1,key2|value2.
	Tags string
	// Description, PoolName, SWRPath and Username are substrings, and IP is the
	// address of the node. The newest model alone has them: filter again what
	// comes back.
	Description string
	PoolName    string
	SWRPath     string
	Username    string
	IP          string
	// SortKey holds names of fields, separated by commas.
	SortKey string
	// SortDir is ASC or DESC (the service's default).
	SortDir string
}

func (q ListNotebooksQuery) values() url.Values {
	return queryValues(
		"feature", q.Feature,
		"name", q.Name,
		"id", q.ID,
		"status", string(q.Status),
		"flavor", q.Flavor,
		"image_id", q.ImageID,
		"pool_id", q.PoolID,
		"owner", q.Owner,
		"workspace_id", workspace(q.WorkspaceID),
		"billing", q.Billing,
		"tags", q.Tags,
		"description", q.Description,
		"pool_name", q.PoolName,
		"swr_path", q.SWRPath,
		"username", q.Username,
		"ip", q.IP,
		"sort_key", q.SortKey,
		"sort_dir", q.SortDir,
	)
}

// ListNotebooks lists the caller's own instances, page by page.
// An error ends the sequence.
//
// API: GET /v1/{project_id}/notebooks
func (c *Client) ListNotebooks(ctx context.Context, query ListNotebooksQuery) iter.Seq2[Notebook, error] {
	return list[Notebook](ctx, c, listNotebooks(query), notebooksPerPage)
}

func listNotebooks(query ListNotebooksQuery) request {
	return request{
		operation: "ListNotebooks",
		method:    http.MethodGet,
		path:      []string{"notebooks"},
		query:     query.values(),
	}
}

// ListAllNotebooks lists every instance of the project, page by page.
// An error ends the sequence.
//
// API: GET /v1/{project_id}/notebooks/all
func (c *Client) ListAllNotebooks(ctx context.Context, query ListNotebooksQuery) iter.Seq2[Notebook, error] {
	return list[Notebook](ctx, c, request{
		operation: "ListAllNotebooks",
		method:    http.MethodGet,
		path:      []string{"notebooks", "all"},
		query:     query.values(),
	}, notebooksPerPage)
}

// CreateNotebook creates an instance and answers at once: the instance is
// CREATING or INIT, and billed from now on. The service has no idempotency key,
// so a second call makes a second instance: after an error for which Uncertain
// is true, look for the instance before you call again. The ID of the answer is
// never empty. The error is a DoubtedFieldError when the service may not know a
// field of the request.
//
// API: POST /v1/{project_id}/notebooks
func (c *Client) CreateNotebook(ctx context.Context, notebook NotebookCreateRequest) (*Notebook, error) {
	nb, err := call[Notebook](ctx, c, request{
		operation: "CreateNotebook",
		method:    http.MethodPost,
		path:      []string{"notebooks"},
		body:      notebook,
	})
	return nb, doubtNetwork(err, notebook.PublicNetworkConfig)
}

// ShowNotebook reads an instance. The error is ErrNotFound when there is none,
// also when the service still shows it as DELETED. Right after a create the
// service can say so for a short while of an instance that exists.
//
// API: GET /v1/{project_id}/notebooks/{id}
func (c *Client) ShowNotebook(ctx context.Context, id string) (*Notebook, error) {
	return call[Notebook](ctx, c, request{
		operation: "ShowNotebook",
		method:    http.MethodGet,
		path:      []string{"notebooks", id},
	})
}

// UpdateNotebook changes an instance. The error is ErrNotChangeable when a field
// cannot change in the state that the instance is in. There is no result: the
// service may answer with a few fields only, so read the instance again. The error
// is a DoubtedFieldError when the service may not know a field of the request.
//
// API: PUT /v1/{project_id}/notebooks/{id}
func (c *Client) UpdateNotebook(ctx context.Context, id string, change NotebookUpdateRequest) error {
	err := c.send(ctx, request{
		operation: "UpdateNotebook",
		method:    http.MethodPut,
		path:      []string{"notebooks", id},
		body:      change,
	})
	return doubtNetwork(err, change.PublicNetworkConfig)
}

// DeleteNotebook begins to delete an instance and all its managed storage. The
// error is ErrStopFirst when it must be stopped before.
//
// API: DELETE /v1/{project_id}/notebooks/{id}
func (c *Client) DeleteNotebook(ctx context.Context, id string) error {
	return c.send(ctx, request{
		operation: "DeleteNotebook",
		method:    http.MethodDelete,
		path:      []string{"notebooks", id},
	})
}

// StartNotebookQuery is the lease that a start takes. Without a duration the
// instance stops by itself after one hour.
type StartNotebookQuery struct {
	// Duration in milliseconds; -1 means no automatic stop.
	Duration *int64
	// Type is TIMING or IDLE, in any letter case. It is sent in lower case.
	Type string
}

// StartNotebook begins to start a stopped instance. The error is ErrConflict
// when it is running already.
//
// API: POST /v1/{project_id}/notebooks/{id}/start
func (c *Client) StartNotebook(ctx context.Context, id string, query StartNotebookQuery) error {
	values := queryValues("type", strings.ToLower(query.Type))
	if query.Duration != nil {
		values.Set("duration", strconv.FormatInt(*query.Duration, 10))
	}
	return c.send(ctx, request{
		operation: "StartNotebook",
		method:    http.MethodPost,
		path:      []string{"notebooks", id, "start"},
		query:     values,
	})
}

// StopNotebook begins to stop a running instance. The error is ErrConflict when
// it is stopped already.
//
// API: POST /v1/{project_id}/notebooks/{id}/stop
func (c *Client) StopNotebook(ctx context.Context, id string) error {
	return c.send(ctx, request{
		operation: "StopNotebook",
		method:    http.MethodPost,
		path:      []string{"notebooks", id, "stop"},
	})
}

// ShowLease reads the automatic stop of a running instance.
//
// API: GET /v1/{project_id}/notebooks/{id}/lease
func (c *Client) ShowLease(ctx context.Context, id string) (*Lease, error) {
	return call[Lease](ctx, c, request{
		operation: "ShowLease",
		method:    http.MethodGet,
		path:      []string{"notebooks", id, "lease"},
	})
}

// RenewLease puts off the automatic stop of a running instance: the duration
// counts from now. The error is ErrNotRunning when the instance does not run.
// There is no result: sources differ on what the service answers, so read the
// lease again. A lease of type TIMING is sent in the query too: services may take
// it there alone, and a duration there makes the type TIMING.
//
// API: PATCH /v1/{project_id}/notebooks/{id}/lease
func (c *Client) RenewLease(ctx context.Context, id string, lease LeaseReq) error {
	var query url.Values
	if lease.Duration != nil && lease.Type != nil && strings.EqualFold(*lease.Type, "TIMING") {
		query = queryValues("duration", strconv.FormatInt(*lease.Duration, 10))
	}
	return c.send(ctx, request{
		operation: "RenewLease",
		method:    http.MethodPatch,
		path:      []string{"notebooks", id, "lease"},
		query:     query,
		body:      lease,
	})
}
