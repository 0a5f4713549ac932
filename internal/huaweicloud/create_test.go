package huaweicloud_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// gateway is a network in which a service refuses for a time, and asks for an hour.
type gateway struct {
	until time.Time
	posts int
}

func (g *gateway) RoundTrip(req *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	time.Sleep(50 * time.Millisecond)
	if req.Method == http.MethodPost {
		g.posts++
	}
	resp := &http.Response{StatusCode: http.StatusCreated, Header: http.Header{}, Request: req, Body: io.NopCloser(strings.NewReader(`{"id":"made","name":"new","status":"CREATING"}`))}
	if time.Now().Before(g.until) {
		resp.StatusCode = http.StatusTooManyRequests
		resp.Header.Set("Retry-After", "3600")
		resp.Body = io.NopCloser(strings.NewReader(`{"error_code":"ModelArts.6101","error_msg":"busy"}`))
	}
	return resp, nil
}

// A create that the gateway refuses is sent again for as long as its timeout, since
// it is certain that nothing was made. A cancel ends it at once, and the time that
// it was held back is no time in which a notebook of it could have been made.
func TestThrottledCreatesAreWaitedThrough(t *testing.T) {
	for name, test := range map[string]struct {
		refuses, timeout, cancel time.Duration
		err                      string
		took                     time.Duration // at most
		posts                    int           // at most
	}{
		"for a minute":         {refuses: time.Minute, timeout: 30 * time.Minute, took: 2 * time.Minute, posts: 3},
		"for ten minutes":      {refuses: 10 * time.Minute, timeout: 30 * time.Minute, took: 15 * time.Minute, posts: 7},
		"for longer":           {refuses: time.Hour, timeout: 30 * time.Minute, err: "(HTTP 429, Retry-After: 3600)", took: 30 * time.Minute, posts: 18},
		"until it is cut":      {refuses: time.Hour, timeout: 30 * time.Minute, cancel: 3 * time.Minute, err: "because the service refuses requests: ModelArts.6101: busy (HTTP 429, Retry-After: 3600)", took: 3 * time.Minute, posts: 4},
		"with a short timeout": {refuses: time.Hour, timeout: 20 * time.Second, err: "(HTTP 429, Retry-After: 3600)", took: 20 * time.Second, posts: 6},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				g := &gateway{until: began.Add(test.refuses)}
				session, err := huaweicloud.Open(huaweicloud.Config{Region: "r", ProjectID: "p", AccessKey: "AK", SecretKey: "SK"}, g)
				if err != nil {
					t.Fatal(err)
				}
				client := modelarts.New(&url.URL{Scheme: "https", Host: "example"}, session.HTTPClient(), session.ProjectID, "test")
				ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
				defer cancel()
				if test.cancel > 0 {
					time.AfterFunc(test.cancel, cancel)
				}
				nb, err := lifecycle.Creator{Service: client, Creates: new(lifecycle.Creates), PollInterval: 2 * time.Second}.Create(ctx, modelarts.NotebookCreateRequest{Name: "new"})
				if test.err == "" && (err != nil || nb.ID != "made") || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
					t.Errorf("got %v, %v", nb, err)
				}
				if took := time.Since(began); took > test.took || g.posts > test.posts {
					t.Errorf("it took %s and %d requests", took, g.posts)
				}
				t.Log(time.Since(began), g.posts)
			})
		})
	}
}
