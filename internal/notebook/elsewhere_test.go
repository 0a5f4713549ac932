package notebook_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// drift changes the one notebook of a service.
func drift(t *testing.T, s *acctest.Service, d simulator.Drift) {
	t.Helper()
	if err := s.Change(s.Only(t).ID, d); err != nil {
		t.Fatal(err)
	}
}

// another puts a service of another make before the simulator: one that shows
// notebooks otherwise.
func another(t *testing.T, s *acctest.Service, change func(notebook map[string]any)) {
	t.Helper()
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: func(resp *http.Response) error {
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				return err
			}
			var notebook map[string]any
			numbers := json.NewDecoder(bytes.NewReader(body))
			numbers.UseNumber()
			if strings.Contains(resp.Request.URL.Path, "/notebooks/") && numbers.Decode(&notebook) == nil && notebook["volume"] != nil {
				change(notebook)
				if body, err = json.Marshal(notebook); err != nil {
					return err
				}
			}
			resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			resp.Header.Del("Content-Length")
			return nil
		},
	})
	t.Cleanup(server.Close)
	s.URL = server.URL
}

func inside(notebook map[string]any, name string) map[string]any {
	m, _ := notebook[name].(map[string]any)
	return m
}

// What an answer leaves out is no reason to replace or stop an imported
// notebook.
func TestAccNotebook_importFromAnother(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		without func(notebook map[string]any)
		with    arguments
	}{
		"feature":          {func(nb map[string]any) { delete(nb, "feature") }, nil},
		"volume.ownership": {func(nb map[string]any) { delete(inside(nb, "volume"), "ownership") }, nil},
		"flavor":           {func(nb map[string]any) { delete(nb, "flavor") }, nil},
		"image":            {func(nb map[string]any) { delete(nb, "image") }, nil},
		"workspace_id":     {func(nb map[string]any) { delete(nb, "workspace_id") }, arguments{"workspace_id": `"0"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			another(t, s, tc.without)
			adopted := base.with(tc.with)
			w := acctest.NewWorkspace(t, config(s, adopted))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID

			w = acctest.NewWorkspace(t, config(s, adopted))
			w.MustRun(t, "import", address, id)
			s.ResetRequests()
			w.MustRun(t, "apply", "-auto-approve")
			if calls := s.Writes(); len(calls) > 0 || s.Only(t).ID != id {
				t.Errorf("the apply after the import called %q", calls)
			}
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// A service that says nothing, or the same in other words, makes no differences.
func TestAccNotebook_another(t *testing.T) {
	t.Parallel()
	affinity := arguments{"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "affinity": `{ required = [{ key = "zone", operator = "In", values = ["b", "a"] }] }`}
	for name, tc := range map[string]struct {
		shows func(notebook map[string]any)
		with  arguments
	}{
		"empty texts": {func(nb map[string]any) {
			for object, names := range map[string][]string{"": {"description", "fail_reason"}, "volume": {"status", "dew_secret_name"}} {
				m := nb
				if object != "" {
					m = inside(nb, object)
				}
				for _, n := range names {
					if m[n] == nil {
						m[n] = ""
					}
				}
			}
		}, nil},
		"null lists": {func(nb map[string]any) {
			for _, n := range []string{"tags", "endpoints", "data_volumes", "affinity"} {
				if v, _ := nb[n].([]any); len(v) == 0 {
					nb[n] = nil
				}
			}
		}, nil},
		"an operator in lower case": {func(nb map[string]any) {
			for _, r := range inside(nb, "affinity") {
				for _, rule := range r.([]any) {
					rule := rule.(map[string]any)
					rule["operator"] = strings.ToLower(rule["operator"].(string))
				}
			}
		}, affinity},
		"little": {func(nb map[string]any) {
			for _, n := range []string{"current_time", "workspace_id", "billing_items", "user", "image", "feature", "flavor", "lease", "create_at"} {
				delete(nb, n)
			}
		}, arguments{"lease": `{ duration = "8h" }`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			another(t, s, tc.shows)
			same := sameNotebook(t)
			a := base.with(tc.with)
			s.Check(t,
				resource.TestStep{Config: config(s, a), Check: same},
				resource.TestStep{Config: config(s, a.with(arguments{"name": `"other"`})), Check: same},
				resource.TestStep{Config: config(s, a.with(arguments{"image_id": quote(acctest.OtherImage)})), Check: same},
			)
		})
	}
}

// What was changed elsewhere never stands in the way of a destroy.
func TestAccNotebook_driftAndDestroy(t *testing.T) {
	t.Parallel()
	inPool := arguments{"flavor": "", "pool_id": quote(acctest.Pool)}
	for name, tc := range map[string]struct {
		with  arguments
		drift simulator.Drift
	}{
		"flavor": {nil, simulator.Drift{Flavor: new(acctest.LargerFlavor)}},
		"disk":   {arguments{"volume": `{ category = "EVS", capacity = 5 }`}, simulator.Drift{Capacity: new(int64(20))}},
		"lease":  {arguments{"lease": `{ enabled = false }`}, simulator.Drift{LeaseOn: new(true), LeaseDuration: new(int64(7_200_000)), LeaseType: new("IDLE")}},
		"custom_spec": {
			base.with(inPool).with(arguments{"custom_spec": `{ cpu = 2, memory = 4096 }`}),
			simulator.Drift{CustomSpec: &simulator.CustomSpec{CPU: 1, Memory: 1024, Arch: "X86_64"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			a := base.with(tc.with).with(arguments{"allow_stopping_for_update": ""})
			if name == "custom_spec" {
				delete(a, "flavor")
			}
			w := acctest.NewWorkspace(t, config(s, a))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			if name == "flavor" || name == "disk" {
				w = acctest.NewWorkspace(t, config(s, a)) // nothing was ever applied here
				w.MustRun(t, "import", address, id)
			}
			drift(t, s, tc.drift)
			w.MustRun(t, "destroy", "-auto-approve")
			if left := s.Notebooks(); len(left) > 0 {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

func TestAccNotebook_customSpecBesideFlavor(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	both := base.with(arguments{"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "custom_spec": `{ cpu = 2, memory = 4096 }`})
	w := acctest.NewWorkspace(t, config(s, both))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID

	w = acctest.NewWorkspace(t, config(s, both))
	w.MustRun(t, "import", address, id)
	s.ResetRequests()
	w.MustRun(t, "apply", "-auto-approve")
	if calls := s.Writes(); len(calls) > 0 {
		t.Errorf("the apply after the import called %q", calls)
	}
	w.Configure(t, config(s, both.with(arguments{"custom_spec": ""})))
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Only(t); n.CustomSpec != nil || n.Flavor != acctest.PoolFlavor {
		t.Errorf("without its custom size the notebook is %+v", n)
	}
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// Values of the provider block and inside a lease that are known only after the
// apply.
func TestAccNotebook_unknownElsewhere(t *testing.T) {
	t.Parallel()
	const later = "resource \"terraform_data\" \"later\" { input = \"x\" }\n"
	s := acctest.New(t, simulator.Options{})
	s.Check(t, resource.TestStep{
		Config: later + s.Provider(`default_tags = { team = terraform_data.later.output }`) + base.resource("test"),
	})
	s = acctest.New(t, simulator.Options{})
	s.Check(t, resource.TestStep{
		Config: later + config(s, base.with(arguments{"lease": `{ duration = "8h", type = terraform_data.later.output == "x" ? null : "IDLE" }`})),
	})
}

// Only EVS disks change their size.
func TestAccNotebook_sizeOfAFileSystem(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	size := func(n string) arguments {
		return base.with(arguments{"volume": `{ category = "EFS", capacity = ` + n + ` }`})
	}
	s.Check(t,
		resource.TestStep{Config: config(s, size("50"))},
		resource.TestStep{
			Config: config(s, size("100")), PlanOnly: true,
			ExpectError: acctest.Text(`The service changes the size of EVS disks only, and the storage of notebook "test" is EFS of 50 GB.`),
		},
		resource.TestStep{
			Config:           config(s, size("50")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

// A size that a plan without changes accepted is not remembered by an apply. A disk
// that is grown elsewhere afterwards is kept, and stands in nothing's way.
func TestAccNotebook_acceptedThenGrownElsewhere(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, config(s, base.with(arguments{"volume": `{ category = "evs", capacity = 5 }`})))
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	drift(t, s, simulator.Drift{Capacity: new(int64(20))})
	wantText(t, w.MustRun(t, "plan"), `The disk of notebook "test" was changed elsewhere`)
	w.MustRun(t, "refresh") // the state has the new size now
	for _, command := range []string{"plan", "apply -auto-approve", "plan"} {
		wantText(t, w.MustRun(t, strings.Fields(command)...), `The disk of notebook "test" was changed elsewhere`)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}
