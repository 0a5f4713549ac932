package modelarts

import (
	"io"
	"net/http"
	"slices"
	"testing"
)

// TestListAuthorizations reads the entries under either name, and takes nothing
// but a page for a page.
func TestListAuthorizations(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string][]string{
		`{"total_count":2,"auth":[{"user_id":"all-users"},{"user_id":"u"}]}`:    {"all", "u"},
		`{"total_count":1.0,"auth":[],"content":[{"user_id":"all"}]}`:           {"all"},
		`{"content":[{"user_id":"u","user_name":null,"content":"the agency"}]}`: {"u"},
		`{"total_count":0,"auth":[]}`:                                           nil,
		`{}`:                                                                    {"error"},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })
		var got []string
		for entry, err := range client.ListAuthorizations(t.Context()) {
			switch {
			case err != nil:
				got = append(got, "error")
			case entry.AllUsers():
				got = append(got, "all")
			default:
				got = append(got, *entry.UserID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", answer, got, want)
		}
	}
}

// TestLeaseTypesAreSentInLowerCase checks each request that names the type.
func TestLeaseTypesAreSentInLowerCase(t *testing.T) {
	t.Parallel()
	var bodies, queries []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies, queries = append(bodies, string(body)), append(queries, r.URL.RawQuery)
		_, _ = io.WriteString(w, `{"id":"x","status":"CREATING"}`)
	})
	given := "TIMING"
	if err := client.RenewLease(t.Context(), notebookID, LeaseReq{Type: &given}); err != nil {
		t.Fatal(err)
	}
	if err := client.StartNotebook(t.Context(), notebookID, StartNotebookQuery{Type: "IDLE"}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(bodies, []string{`{"type":"timing"}`, ""}) || !slices.Equal(queries, []string{"", "type=idle"}) || given != "TIMING" {
		t.Errorf("bodies %q, queries %q, given %q", bodies, queries, given)
	}
}

// TestRenewalOfATimingLeaseIsInTheQueryToo checks what a service that reads only the
// query gets. A duration there makes the type TIMING, so that no other lease has it.
func TestRenewalOfATimingLeaseIsInTheQueryToo(t *testing.T) {
	t.Parallel()
	timing, idle, hours := "TIMING", "IDLE", int64(7200000)
	for name, test := range map[string]struct {
		lease LeaseReq
		query string
	}{
		"timing":             {LeaseReq{Type: &timing, Duration: &hours}, "duration=7200000"},
		"idle":               {LeaseReq{Type: &idle, Duration: &hours}, ""},
		"of no type":         {LeaseReq{Duration: &hours}, ""},
		"without a duration": {LeaseReq{Type: &timing}, ""},
	} {
		query := ""
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			query = r.URL.RawQuery
			_, _ = io.WriteString(w, `{"enable":true}`)
		})
		if err := client.RenewLease(t.Context(), notebookID, test.lease); err != nil || query != test.query {
			t.Errorf("%s: %v, query %q, want %q", name, err, query, test.query)
		}
	}
}
