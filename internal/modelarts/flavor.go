package modelarts

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Page sizes of the lists that do not bound them: few round trips, and still a
// page that fits in memory with room to spare.
const (
	flavorsPerPage  = 200
	clustersPerPage = 1000 // the service's own default
)

// ListFlavorsQuery filters ListFlavors. Empty fields filter nothing.
type ListFlavorsQuery struct {
	// Category is CPU, GPU or ASCEND.
	Category string
	// Type is MANAGED or DEDICATED.
	Type string
	// Feature is NOTEBOOK, which is the service's default, or DEFAULT.
	Feature    string
	FlavorType string
	SortKey    string
	// SortDir is ASC or DESC.
	SortDir string
}

func (q ListFlavorsQuery) values() url.Values {
	return queryValues(
		"category", q.Category,
		"type", q.Type,
		"feature", q.Feature,
		"flavor_type", q.FlavorType,
		"sort_key", q.SortKey,
		"sort_dir", q.SortDir,
	)
}

// ListFlavors lists the flavors that instances can have, sold-out ones too, page
// by page. An error ends the sequence.
//
// API: GET /v1/{project_id}/notebooks/flavors
func (c *Client) ListFlavors(ctx context.Context, query ListFlavorsQuery) iter.Seq2[Flavor, error] {
	return list[Flavor](ctx, c, request{
		operation: "ListFlavors",
		method:    http.MethodGet,
		path:      []string{"notebooks", "flavors"},
		query:     query.values(),
	}, flavorsPerPage)
}

// ShowSwitchableFlavors lists the flavors that the instance can be changed to,
// page by page. An error ends the sequence.
//
// API: GET /v1/{project_id}/notebooks/{id}/flavors
func (c *Client) ShowSwitchableFlavors(ctx context.Context, id string) iter.Seq2[Flavor, error] {
	return list[Flavor](ctx, c, request{
		operation: "ShowSwitchableFlavors",
		method:    http.MethodGet,
		path:      []string{"notebooks", id, "flavors"},
	}, flavorsPerPage)
}

// ListAuthoringClustersQuery filters ListAuthoringClusters.
type ListAuthoringClustersQuery struct {
	// Type is MANAGED or DEDICATED, and required.
	Type string
	// Scope is NOTEBOOK (the service's default), TRAIN or INFER.
	Scope string
	// WorkspaceID is DefaultWorkspace when it is empty.
	WorkspaceID string
}

func (q ListAuthoringClustersQuery) values() url.Values {
	return queryValues(
		"type", q.Type,
		"scope", q.Scope,
		"workspace_id", workspace(q.WorkspaceID),
	)
}

// ListAuthoringClusters lists the resource pools that instances can run in, page
// by page. An error ends the sequence.
//
// API: GET /v1/{project_id}/authoring/clusters
func (c *Client) ListAuthoringClusters(ctx context.Context, query ListAuthoringClustersQuery) iter.Seq2[Cluster, error] {
	return list[Cluster](ctx, c, request{
		operation: "ListAuthoringClusters",
		method:    http.MethodGet,
		path:      []string{"authoring", "clusters"},
		query:     query.values(),
	}, clustersPerPage)
}

// ShowCluster reads a resource pool.
//
// API: GET /v1/{project_id}/authoring/clusters/{cluster_id}
func (c *Client) ShowCluster(ctx context.Context, id string) (*Cluster, error) {
	return call[Cluster](ctx, c, request{
		operation: "ShowCluster",
		method:    http.MethodGet,
		path:      []string{"authoring", "clusters", id},
	})
}

// ListFeatures says whether notebooks are enabled, and the quota of instances.
// NOTEBOOK is the one feature that the API knows.
//
// API: GET /v1/{project_id}/authoring/features/{feature}
func (c *Client) ListFeatures(ctx context.Context) (*Feature, error) {
	return call[Feature](ctx, c, request{
		operation: "ListFeatures",
		method:    http.MethodGet,
		path:      []string{"authoring", "features", "NOTEBOOK"},
	})
}
