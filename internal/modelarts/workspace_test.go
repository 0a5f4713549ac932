package modelarts

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// TestWorkspaceIsAlwaysNamed holds that each call which takes a workspace names
// one: without one it would mean workspace 0 to some sources, and every workspace
// to others.
func TestWorkspaceIsAlwaysNamed(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(ctx context.Context, c *Client, workspaceID string){
		"ListNotebooks": func(ctx context.Context, c *Client, id string) {
			drain(c.ListNotebooks(ctx, ListNotebooksQuery{WorkspaceID: id}))
		},
		"ListAllNotebooks": func(ctx context.Context, c *Client, id string) {
			drain(c.ListAllNotebooks(ctx, ListNotebooksQuery{WorkspaceID: id}))
		},
		"ListImage": func(ctx context.Context, c *Client, id string) {
			drain(c.ListImage(ctx, ListImageQuery{WorkspaceID: id}))
		},
		"ListImageGroup": func(ctx context.Context, c *Client, id string) {
			drain(c.ListImageGroup(ctx, ListImageGroupQuery{WorkspaceID: id}))
		},
		"ListAuthoringClusters": func(ctx context.Context, c *Client, id string) {
			drain(c.ListAuthoringClusters(ctx, ListAuthoringClustersQuery{WorkspaceID: id}))
		},
		"ShowNotebookTags":   func(ctx context.Context, c *Client, id string) { _, _ = c.ShowNotebookTags(ctx, id) },
		"CreateNotebookTags": func(ctx context.Context, c *Client, id string) { _ = c.CreateNotebookTags(ctx, notebookID, id, nil) },
		"DeleteNotebookTags": func(ctx context.Context, c *Client, id string) { _ = c.DeleteNotebookTags(ctx, notebookID, id, nil) },
	} {
		for given, want := range map[string]string{"": "0", "0": "0", "team": "team"} {
			t.Run(name+" "+given, func(t *testing.T) {
				t.Parallel()
				var asked []string
				c := serving(t, func(w http.ResponseWriter, r *http.Request) {
					asked = append(asked, r.URL.Query()["workspace_id"]...)
					_, _ = w.Write([]byte(`{"data":[],"total":0}`))
				})
				call(t.Context(), c, given)
				if len(asked) != 1 || asked[0] != want {
					t.Errorf("the workspaces asked for are %q, want %s", asked, want)
				}
			})
		}
	}
}

func drain[T any](all iter.Seq2[T, error]) {
	for range all { //nolint:revive // for its calls
	}
}

func serving(t *testing.T, handle http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	endpoint, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return New(endpoint, server.Client(), func(context.Context) (string, error) { return "p", nil }, "test")
}

// TestClockOfAnAnswer holds where the time comes from by which the age of a
// notebook is told: from the answer about it, else from the Date header, and never
// from that of a list.
func TestClockOfAnAnswer(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 27, 1, 2, 3, 0, time.UTC)
	for name, test := range map[string]struct {
		body, date string
		show, list *int64
	}{
		"its own":    {`"current_time":1000`, date.Format(http.TimeFormat), to[int64](1000), to[int64](1000)},
		"the date":   {`"name":"n"`, date.Format(http.TimeFormat), to(date.UnixMilli()), nil},
		"no date":    {`"name":"n"`, "", nil, nil},
		"not a date": {`"name":"n"`, "yesterday", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := serving(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Date"] = nil
				if test.date != "" {
					w.Header().Set("Date", test.date)
				}
				one := `{"id":"` + notebookID + `","status":"RUNNING",` + test.body + `}`
				if r.URL.Query().Has("limit") {
					one = `{"data":[` + one + `],"total":1}`
				}
				_, _ = w.Write([]byte(one))
			})
			check := func(what string, got, want *int64) {
				t.Helper()
				if a, _ := json.Marshal(got); string(a) != text(want) {
					t.Errorf("the time of %s is %s, want %s", what, a, text(want))
				}
			}
			nb, err := c.ShowNotebook(t.Context(), notebookID)
			if err != nil {
				t.Fatal(err)
			}
			check("the detail", nb.CurrentTime, test.show)
			for nb, err := range c.ListNotebooks(t.Context(), ListNotebooksQuery{}) {
				if err != nil {
					t.Fatal(err)
				}
				check("the entry", nb.CurrentTime, test.list)
			}
		})
	}
}

func text(v any) string {
	encoded, _ := json.Marshal(v)
	return string(encoded)
}
