package modelarts

import (
	"context"
	"net/http"
)

// ShowNotebookTags lists the tags in use on instances, merged by key. An empty
// workspace ID means every workspace.
//
// API: GET /v1/{project_id}/notebooks/tags
func (c *Client) ShowNotebookTags(ctx context.Context, workspaceID string) ([]TagValues, error) {
	answer, err := call[struct {
		Tags []TagValues `json:"tags"`
	}](ctx, c, request{
		operation: "ShowNotebookTags",
		method:    http.MethodGet,
		path:      []string{"notebooks", "tags"},
		query:     queryValues("workspace_id", workspaceID),
	})
	if err != nil {
		return nil, err
	}
	return answer.Tags, nil
}

// CreateNotebookTags adds tags to an instance, or overwrites their values.
//
// API: POST /v1/{project_id}/notebooks/{id}/tags/create
func (c *Client) CreateNotebookTags(ctx context.Context, id string, tags []Tag) error {
	return c.send(ctx, request{
		operation: "CreateNotebookTags",
		method:    http.MethodPost,
		path:      []string{"notebooks", id, "tags", "create"},
		body:      tagsRequest{Tags: tags},
	})
}

// DeleteNotebookTags removes tags from an instance. A tag that it does not have
// is no error.
//
// API: DELETE /v1/{project_id}/notebooks/{id}/tags/delete
func (c *Client) DeleteNotebookTags(ctx context.Context, id string, tags []Tag) error {
	return c.send(ctx, request{
		operation: "DeleteNotebookTags",
		method:    http.MethodDelete,
		path:      []string{"notebooks", id, "tags", "delete"},
		body:      tagsRequest{Tags: tags},
	})
}

type tagsRequest struct {
	Tags []Tag `json:"tags"`
}
