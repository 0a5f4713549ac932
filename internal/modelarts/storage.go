package modelarts

import (
	"context"
	"net/http"
)

// ListDynamicStorages lists the storages mounted on an instance, at most ten.
//
// API: GET /v1/{project_id}/notebooks/{id}/storage
func (c *Client) ListDynamicStorages(ctx context.Context, notebookID string) ([]Storage, error) {
	answer, err := call[page[Storage]](ctx, c, request{
		operation: "ListDynamicStorages",
		method:    http.MethodGet,
		path:      []string{"notebooks", notebookID, "storage"},
	})
	if err != nil {
		return nil, err
	}
	return answer.Data, nil
}

// AttachDynamicStorage begins to mount storage on a running instance. The ID of
// the answer is never empty. The error is ErrNotRunning when the instance does
// not run.
//
// API: POST /v1/{project_id}/notebooks/{id}/storage
func (c *Client) AttachDynamicStorage(ctx context.Context, notebookID string, mount StorageMountRequest) (*Storage, error) {
	return call[Storage](ctx, c, request{
		operation: "AttachDynamicStorage",
		method:    http.MethodPost,
		path:      []string{"notebooks", notebookID, "storage"},
		body:      mount,
	})
}

// ShowDynamicStorage reads a mounted storage. The error is ErrNotFound when
// there is none, also when the service still shows it as UNMOUNTED, or when the
// instance does not exist.
//
// API: GET /v1/{project_id}/notebooks/{id}/storage/{storage_id}
func (c *Client) ShowDynamicStorage(ctx context.Context, notebookID, storageID string) (*Storage, error) {
	return call[Storage](ctx, c, request{
		operation: "ShowDynamicStorage",
		method:    http.MethodGet,
		path:      []string{"notebooks", notebookID, "storage", storageID},
	})
}

// DetachDynamicStorage begins to unmount a storage of a running instance. What
// it holds stays. The error is ErrNotRunning when the instance does not run.
//
// API: DELETE /v1/{project_id}/notebooks/{id}/storage/{storage_id}
func (c *Client) DetachDynamicStorage(ctx context.Context, notebookID, storageID string) error {
	return c.send(ctx, request{
		operation: "DetachDynamicStorage",
		method:    http.MethodDelete,
		path:      []string{"notebooks", notebookID, "storage", storageID},
	})
}
