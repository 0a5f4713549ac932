package modelarts

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"
)

// catalogueTimeout bounds the reading of one kind of the catalogue.
const catalogueTimeout = time.Minute

// Catalogue is what notebooks can be made of. Each kind is read when it is first
// asked for and once only, however many ask at a time; so is the failure to read
// it. It is safe for concurrent use.
type Catalogue struct {
	client *Client

	preset    once[[]Image]
	dedicated once[[]Image]
	quota     once[*Feature]
	authority once[[]Authorization]

	mu      sync.Mutex
	flavors map[string]*once[[]Flavor]  // by feature
	images  map[string]*once[*Image]    // those that no list holds, by ID
	pools   map[string]*once[[]Cluster] // by workspace
}

// NewCatalogue returns a catalogue that reads with the client.
func NewCatalogue(client *Client) *Catalogue {
	return &Catalogue{
		client: client, flavors: make(map[string]*once[[]Flavor]),
		images: make(map[string]*once[*Image]), pools: make(map[string]*once[[]Cluster]),
	}
}

// Flavors are all flavors of the region for a feature: NOTEBOOK or DEFAULT.
//
// API: GET /v1/{project_id}/notebooks/flavors
func (c *Catalogue) Flavors(ctx context.Context, feature string) ([]Flavor, error) {
	return one(c, c.flavors, feature).get(ctx, func(ctx context.Context) ([]Flavor, error) {
		return collect(c.client.ListFlavors(ctx, ListFlavorsQuery{Feature: feature}))
	})
}

// Image is the image of that ID; the error is ErrNotFound when there is none. The
// lists of preset images and of the account's own come first; an image that
// neither holds, such as one of another workspace, is asked for by ID.
//
// API: GET /v1/{project_id}/images
func (c *Catalogue) Image(ctx context.Context, id string) (*Image, error) {
	for _, kind := range []struct {
		list  *once[[]Image]
		query ListImageQuery
	}{
		{&c.preset, ListImageQuery{Type: "BUILD_IN"}},
		{&c.dedicated, ListImageQuery{Type: "DEDICATED"}},
	} {
		images, err := kind.list.get(ctx, func(ctx context.Context) ([]Image, error) {
			return collect(c.client.ListImage(ctx, kind.query))
		})
		if err != nil {
			return nil, err
		}
		for i := range images {
			if images[i].ID == id {
				return &images[i], nil
			}
		}
	}
	return one(c, c.images, id).get(ctx, func(ctx context.Context) (*Image, error) { return c.client.ShowImage(ctx, id) })
}

// one is what is read once under a key.
func one[T any](c *Catalogue, all map[string]*once[T], key string) *once[T] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if all[key] == nil {
		all[key] = new(once[T])
	}
	return all[key]
}

// Pools are the account's dedicated resource pools that a notebook of a workspace
// may be in: those of its workspace and those of DefaultWorkspace, since no source
// says that these are closed to others. An empty ID means DefaultWorkspace.
//
// API: GET /v1/{project_id}/authoring/clusters
func (c *Catalogue) Pools(ctx context.Context, workspaceID string) ([]Cluster, error) {
	var all []Cluster
	for _, id := range slices.Compact([]string{workspace(workspaceID), DefaultWorkspace}) {
		pools, err := one(c, c.pools, id).get(ctx, func(ctx context.Context) ([]Cluster, error) {
			return collect(c.client.ListAuthoringClusters(ctx, ListAuthoringClustersQuery{Type: "DEDICATED", WorkspaceID: id}))
		})
		if err != nil {
			return nil, err
		}
		all = append(all, pools...)
	}
	return all, nil
}

// Quota says how many notebooks the user may have, and has.
//
// API: GET /v1/{project_id}/authoring/features/NOTEBOOK
func (c *Catalogue) Quota(ctx context.Context) (*Feature, error) {
	return c.quota.get(ctx, func(ctx context.Context) (*Feature, error) { return c.client.ListFeatures(ctx) })
}

// Authorizations are those that let ModelArts act for the account's users.
// Without any, no notebook can be created. Not every user may read them.
//
// API: GET /v2/{project_id}/authorizations
func (c *Catalogue) Authorizations(ctx context.Context) ([]Authorization, error) {
	return c.authority.get(ctx, func(ctx context.Context) ([]Authorization, error) {
		return collect(c.client.ListAuthorizations(ctx))
	})
}

func collect[T any](pages iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range pages {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// once reads a value when it is first asked for.
type once[T any] struct {
	mu    sync.Mutex
	done  chan struct{} // nil before the first call; closed when value and err stand
	value T
	err   error
}

// get returns the value. The reading does not end with the context of the caller
// that happened to come first; a caller whose own context ends stops waiting.
func (o *once[T]) get(ctx context.Context, read func(context.Context) (T, error)) (T, error) {
	o.mu.Lock()
	if o.done == nil {
		o.done = make(chan struct{})
		go func() {
			ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), catalogueTimeout, errors.New("the catalogue took too long"))
			defer cancel()
			o.value, o.err = read(ctx)
			close(o.done)
		}()
	}
	o.mu.Unlock()
	select {
	case <-o.done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
