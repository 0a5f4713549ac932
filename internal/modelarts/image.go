package modelarts

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// imagesPerPage is the service's own default.
const imagesPerPage = 200

// ListImageQuery filters ListImage. Empty fields filter nothing, but for the
// workspace, which is DefaultWorkspace then.
type ListImageQuery struct {
	Name string
	// NameFuzzyMatch says whether Name is a substring (the service's default).
	NameFuzzyMatch *bool
	Namespace      string
	// ServiceType is COMMON, INFERENCE, TRAIN, DEV or UNKNOWN.
	ServiceType string
	// Type is BUILD_IN (the service's default) or DEDICATED: saved and
	// registered images come only with DEDICATED.
	Type        string
	WorkspaceID string
	ShowName    string
	ShowTag     string
	SortKey     string
	// SortDir is ASC or DESC.
	SortDir string
}

func (q ListImageQuery) values() url.Values {
	values := queryValues(
		"name", q.Name,
		"namespace", q.Namespace,
		"service_type", q.ServiceType,
		"type", q.Type,
		"workspace_id", workspace(q.WorkspaceID),
		"show_name", q.ShowName,
		"show_tag", q.ShowTag,
		"sort_key", q.SortKey,
		"sort_dir", q.SortDir,
	)
	if q.NameFuzzyMatch != nil {
		values.Set("name_fuzzy_match", strconv.FormatBool(*q.NameFuzzyMatch))
	}
	return values
}

// ListImage lists images, page by page. An error ends the sequence.
//
// API: GET /v1/{project_id}/images
func (c *Client) ListImage(ctx context.Context, query ListImageQuery) iter.Seq2[Image, error] {
	return list[Image](ctx, c, request{
		operation: "ListImage",
		method:    http.MethodGet,
		path:      []string{"images"},
		query:     query.values(),
	}, imagesPerPage)
}

// ListImageGroupQuery filters ListImageGroup. Empty fields filter nothing, but for
// the workspace, which is DefaultWorkspace then.
type ListImageGroupQuery struct {
	Name string
	// NameFuzzyMatch says whether Name is a substring.
	NameFuzzyMatch *bool
	Namespace      string
	// Type is BUILD_IN or DEDICATED.
	Type        string
	WorkspaceID string
	// SWRInstanceID is a repository of the enterprise container registry.
	SWRInstanceID string
}

func (q ListImageGroupQuery) values() url.Values {
	values := queryValues(
		"name", q.Name,
		"namespace", q.Namespace,
		"type", q.Type,
		"workspace_id", workspace(q.WorkspaceID),
		"swr_instance_id", q.SWRInstanceID,
	)
	if q.NameFuzzyMatch != nil {
		values.Set("name_fuzzy_match", strconv.FormatBool(*q.NameFuzzyMatch))
	}
	return values
}

// ListImageGroup lists images merged by name, page by page. An error ends the
// sequence.
//
// API: GET /v1/{project_id}/images/group
func (c *Client) ListImageGroup(ctx context.Context, query ListImageGroupQuery) iter.Seq2[ImageGroup, error] {
	return list[ImageGroup](ctx, c, request{
		operation: "ListImageGroup",
		method:    http.MethodGet,
		path:      []string{"images", "group"},
		query:     query.values(),
	}, imagesPerPage)
}

// ShowImage reads an image. The error is ErrNotFound when there is none, also
// when the service still shows it as DELETED.
//
// API: GET /v1/{project_id}/images/{id}
func (c *Client) ShowImage(ctx context.Context, id string) (*Image, error) {
	return call[Image](ctx, c, request{
		operation: "ShowImage",
		method:    http.MethodGet,
		path:      []string{"images", id},
	})
}

// RegisterImage registers an image of the container registry. The ID of the
// answer is never empty.
//
// API: POST /v1/{project_id}/images
func (c *Client) RegisterImage(ctx context.Context, image ImageRegisterRequest) (*Image, error) {
	return call[Image](ctx, c, request{
		operation: "RegisterImage",
		method:    http.MethodPost,
		path:      []string{"images"},
		body:      image,
	})
}

// CreateImage begins to save a running instance as an image; the instance is
// SNAPSHOTTING meanwhile. The ID of the answer is never empty. The error is
// ErrNotRunning when the instance does not run.
//
// API: POST /v1/{project_id}/notebooks/{id}/create-image
func (c *Client) CreateImage(ctx context.Context, notebookID string, image ImageSaveRequest) (*Image, error) {
	return call[Image](ctx, c, request{
		operation: "CreateImage",
		method:    http.MethodPost,
		path:      []string{"notebooks", notebookID, "create-image"},
		body:      image,
	})
}

// DeleteImage deletes an image. With force it also deletes the content from the
// container registry, which works for private images only.
//
// API: DELETE /v1/{project_id}/images/{id}
func (c *Client) DeleteImage(ctx context.Context, id string, force bool) error {
	r := request{
		operation: "DeleteImage",
		method:    http.MethodDelete,
		path:      []string{"images", id},
	}
	if force {
		// Newer versions of the service read the body, older ones the query.
		r.query = queryValues("force", "true")
		r.body = map[string]bool{"is_force": true}
	}
	return c.send(ctx, r)
}

// SyncImage has the service bring the status of an image up to date with the
// container registry. The ID of the answer is never empty.
//
// API: POST /v1/{project_id}/images/{id}/sync
func (c *Client) SyncImage(ctx context.Context, id string) (*Image, error) {
	return call[Image](ctx, c, request{
		operation: "SyncImage",
		method:    http.MethodPost,
		path:      []string{"images", id, "sync"},
	})
}

// UpdateImageGroup changes the guide and the tags of a group of images.
//
// API: PUT /v1/{project_id}/images/group/{id}
func (c *Client) UpdateImageGroup(ctx context.Context, id string, change ImageGroupUpdateRequest) error {
	return c.send(ctx, request{
		operation: "UpdateImageGroup",
		method:    http.MethodPut,
		path:      []string{"images", "group", id},
		body:      change,
	})
}

// DeleteImageGroup deletes all images of a group. With force it also deletes the
// content from the container registry, which works for private images only.
//
// API: DELETE /v1/{project_id}/images/group/{id}
func (c *Client) DeleteImageGroup(ctx context.Context, id string, force bool) error {
	r := request{
		operation: "DeleteImageGroup",
		method:    http.MethodDelete,
		path:      []string{"images", "group", id},
	}
	if force {
		r.body = map[string]bool{"is_force": true}
	}
	return c.send(ctx, r)
}
