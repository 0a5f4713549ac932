// Package modelarts is a client of the ModelArts API for notebook instances.
//
// It is HTTP and JSON only: signing and retries belong to the http.Client that it
// is given, and what an answer means for a state belongs to the caller. Where
// answers of the service differ in shape from one another, the client brings
// them to one form.
package modelarts

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Client calls the API for one project. It is safe for concurrent use.
type Client struct {
	endpoint  *url.URL
	http      *http.Client
	project   func(context.Context) (string, error)
	userAgent string
}

// New returns a client of the API at the endpoint, for example
// https://modelarts.cn-north-4.myhuaweicloud.com.
//
// The http.Client signs the requests and may retry what is safe to retry.
// project gives the project ID; it is asked at each call and should remember
// its answer.
func New(endpoint *url.URL, httpClient *http.Client, project func(context.Context) (string, error), userAgent string) *Client {
	return &Client{endpoint: endpoint, http: httpClient, project: project, userAgent: userAgent}
}

type request struct {
	operation string
	method    string
	path      []string // below /v1/{project_id}
	query     url.Values
	body      any // nil: none
}

func (c *Client) send(ctx context.Context, r request) error { panic("not implemented") }

func call[T any](ctx context.Context, c *Client, r request) (*T, error) { panic("not implemented") }

func list[T any](ctx context.Context, c *Client, r request, limit int) iter.Seq2[T, error] {
	panic("not implemented")
}

type page[T any] struct {
	Data []T `json:"data"`
}

func queryValues(pairs ...string) url.Values { panic("not implemented") }
