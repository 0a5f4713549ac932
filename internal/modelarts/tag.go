package modelarts

import (
	"context"
	"net/http"
)

// ShowNotebookTags lists the tags in use on the instances of a workspace, merged by
// key. An empty workspace ID means DefaultWorkspace.
//
// API: GET /v1/{project_id}/notebooks/tags
func (c *Client) ShowNotebookTags(ctx context.Context, workspaceID string) ([]TagValues, error) {
	answer, err := call[struct {
		Tags []TagValues `json:"tags"`
	}](ctx, c, request{
		operation: "ShowNotebookTags",
		method:    http.MethodGet,
		path:      []string{"notebooks", "tags"},
		query:     queryValues("workspace_id", workspace(workspaceID)),
	})
	if err != nil {
		return nil, err
	}
	return answer.Tags, nil
}

// CreateNotebookTags adds tags to an instance of a workspace, or overwrites their
// values. An empty workspace ID means DefaultWorkspace. The error is ErrNotFound
// when the instance is in another one.
//
// API: POST /v1/{project_id}/notebooks/{id}/tags/create
func (c *Client) CreateNotebookTags(ctx context.Context, id, workspaceID string, tags []Tag) error {
	return c.send(ctx, request{
		operation: "CreateNotebookTags",
		method:    http.MethodPost,
		path:      []string{"notebooks", id, "tags", "create"},
		query:     queryValues("workspace_id", workspace(workspaceID)),
		body:      tagsRequest{Tags: tags},
	})
}

// DeleteNotebookTags removes tags from an instance of a workspace. Each needs the
// value that it has: by some sources one with another value stays. A tag that the
// instance does not have is no error. The workspace is as for CreateNotebookTags.
//
// API: DELETE /v1/{project_id}/notebooks/{id}/tags/delete
func (c *Client) DeleteNotebookTags(ctx context.Context, id, workspaceID string, tags []Tag) error {
	return c.send(ctx, request{
		operation: "DeleteNotebookTags",
		method:    http.MethodDelete,
		path:      []string{"notebooks", id, "tags", "delete"},
		query:     queryValues("workspace_id", workspace(workspaceID)),
		body:      tagsRequest{Tags: tags},
	})
}

type tagsRequest struct {
	Tags []Tag `json:"tags"`
}
