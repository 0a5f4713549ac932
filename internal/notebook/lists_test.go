package notebook_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Lists that lag, leave things out or say something else make no differences, and
// what has changed is seen.
func TestAccNotebook_listsOnlyConfirm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answers []string
		fault   simulator.Fault
	}{
		"short":           {answers: []string{"list-short"}},
		"late":            {answers: []string{"list-lags"}},
		"short and late":  {answers: []string{"list-short", "list-lags"}},
		"empty left out":  {answers: []string{"list-short", "empty-left-out"}},
		"stopped":         {fault: simulator.Fault{Kind: simulator.FaultStatus, Value: "STOPPED"}},
		"failed":          {fault: simulator.Fault{Kind: simulator.FaultStatus, Value: "ERROR"}},
		"creating":        {fault: simulator.Fault{Kind: simulator.FaultStatus, Value: "CREATING"}},
		"deleted":         {fault: simulator.Fault{Kind: simulator.FaultStatus, Value: "DELETED"}},
		"without status":  {fault: simulator.Fault{Kind: simulator.FaultStatus}},
		"from before all": {fault: simulator.Fault{Kind: simulator.FaultStale, Age: 24 * time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: tc.answers, CreateTime: 300 * time.Millisecond, Lag: 300 * time.Millisecond})
			a := base.with(arguments{
				"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["192.0.2.1"] } }`, "lease": `{ type = "IDLE", duration = "4h" }`,
				"tags": `{ team = "vision" }`, "desired_status": `"RUNNING"`,
			})
			if tc.fault.Kind != "" {
				tc.fault.Operation, tc.fault.Count = "ListNotebooks", -1
				s.Inject(tc.fault)
			}
			w := acctest.NewWorkspace(t, many(s, 4, a))
			w.MustRun(t, "apply", "-auto-approve")
			s.ResetRequests()
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			if s.Operations()["ListNotebooks"] == 0 {
				t.Error("the plan read no list")
			}
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), "No changes.")
			if calls := s.Writes(); len(calls) > 0 {
				t.Errorf("an apply of nothing called %q", calls)
			}
			if err := s.Change(s.Notebooks()[2].ID, simulator.Drift{Endpoints: &[]simulator.Endpoint{}}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(s.Options().Lag)
			wantText(t, w.MustRun(t, "plan"), "0 to add, 1 to change, 0 to destroy")
			w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
			if left := s.Notebooks(); len(left) > 0 {
				t.Errorf("%d are left", len(left))
			}
		})
	}
}

// A list that goes on to say CREATING condemns no notebook, not even one whose time
// is up.
func TestAccNotebook_listThatStaysAtCreating(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: 500 * time.Millisecond})
	s.Inject(simulator.Fault{Kind: simulator.FaultStatus, Value: "CREATING", Operation: "ListNotebooks", Count: -1})
	w := acctest.NewWorkspace(t, many(s, 6, base.with(arguments{"timeouts": `{ create = "3s" }`})))
	w.MustRun(t, "apply", "-auto-approve")
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	s.FaultsHit(t)
	w.MustRun(t, "destroy", "-auto-approve")
}

// A proxy that answers 404 in JSON, without a code of the service, empties no
// state: neither in a refresh, nor in a delete, nor after one.
func TestAccNotebook_proxyThatFindsNothing(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no code": `{"message":"not found"}`, "another code": `{"code":"404","message":"not found"}`, "an empty one": `{"error_code":"","error_msg":"not found"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			target, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			var method atomic.Value // whose calls about one notebook are answered by the proxy
			method.Store("")
			service := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host }}
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if one := strings.Contains(r.URL.Path, "/notebooks/"); !one || r.Method != method.Load() {
					service.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(body))
			}))
			t.Cleanup(proxy.Close)
			s.URL = proxy.URL
			w := acctest.NewWorkspace(t, config(s, base.with(arguments{"timeouts": `{ delete = "2s", read = "2s" }`})))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			for _, step := range []struct {
				method string
				args   []string
			}{
				{"GET", []string{"plan"}},
				{"GET", []string{"apply", "-auto-approve", "-refresh-only"}},
				{"DELETE", []string{"destroy", "-auto-approve"}},
				{"GET", []string{"destroy", "-auto-approve", "-refresh=false"}}, // the delete is taken, and its end is not seen
			} {
				method.Store(step.method)
				if out, err := w.Run(t, step.args...); err == nil {
					t.Errorf("%q was believed:\n%s", step.args, out)
				}
				if got := stateOf(t, w).Attributes["id"]; got != id {
					t.Fatalf("after %q the state has %v", step.args, got)
				}
			}
			method.Store("")
			// That one which was just created is gone is believed after half a minute.
			w.Configure(t, config(s, base))
			w.MustRun(t, "apply", "-auto-approve", "-refresh=false") // only the timeouts change
			w.MustRun(t, "destroy", "-auto-approve")
			if left := s.Notebooks(); len(left) > 0 {
				t.Errorf("%d are left", len(left))
			}
		})
	}
}
