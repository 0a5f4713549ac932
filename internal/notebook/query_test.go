package notebook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// kinds are notebooks that the service can hold, one of each kind of which the state
// after an import is not plainly a configuration.
var kinds = map[string]arguments{
	"plain":            {},
	"no_lease":         {"lease": `{ enabled = false }`},
	"idle":             {"lease": `{ type = "IDLE", duration = "4h" }`},
	"timing":           {"lease": `{ duration = "8h" }`},
	"stopped":          {"desired_status": `"STOPPED"`},
	"stopped_no_lease": {"desired_status": `"STOPPED"`, "lease": `{ enabled = false }`},
	"custom":           {"flavor": "", "pool_id": quote(acctest.Pool), "custom_spec": `{ cpu = 2, memory = 4096 }`},
	"pool":             {"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor)},
	"described":        {"description": `"What it is for: $${x} and %%{y} \"quoted\""`},
	"tagged":           {"tags": `{ team = "ml", stage = "dev" }`},
	"endpoints":        {"endpoints": `{ SSH = { key_pair_names = ["a", "b"], allowed_access_ips = ["192.0.2.1", "192.0.2.2"] } }`},
	"hooks":            {"hooks": `{ pre_start = { content = "echo" } }`},
	"affinity":         {"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "affinity": `{ required = [{ key = "k", operator = "In", values = ["v"] }], preferred = [{ key = "k", operator = "Exists", weight = 3 }] }`},
	"run_user":         {"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "run_user": `{ uid = 1000, gid = 100 }`},
	"vpc":              {"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "user_vpc": `{ vpc_id = "v", subnet_id = "s", security_group_ids = ["g"], connect_cidrs = ["192.168.0.0/16"] }`},
	"network":          {"public_network_config": `{ public_network_type = "SHARED" }`},
	"data":             {"data_volumes": `{ "/data/lake/" = { category = "OBSFS", uri = "obs://b/c/" }, "/data/share/" = { category = "EFS", uri = "share.example.com:/a", id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11" } }`},
	"efs":              {"volume": `{ category = "EFS", capacity = 100 }`},
	"dedicated":        {"volume": `{ category = "EFS", ownership = "DEDICATED", uri = "share.example.com:/a", id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11" }`},
	"obs":              {"flavor": quote(acctest.BucketFlavor), "volume": `{ category = "OBS", ownership = "DEDICATED", uri = "obs://b/c/", dew_secret_name = "s" }`},
	"obsfs":            {"flavor": quote(acctest.BucketFlavor), "volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "obs://b/c/", dew_secret_name = "s" }`},
	"workspace":        {"workspace_id": quote(simulator.DefaultWorkspace)},
	"free":             {"feature": `"DEFAULT"`, "flavor": `"modelarts.vm.cpu.free"`},
}

var everywhere = fmt.Sprintf("workspace_ids = [\"0\", %q]", simulator.DefaultWorkspace)

// ask writes a query into a workspace, with a limit of 1,000 unless there are other
// arguments.
func ask(t *testing.T, w *acctest.Workspace, config string, arguments ...string) {
	t.Helper()
	if arguments == nil {
		arguments = []string{"limit = 1000"}
	}
	text := "list \"modelarts_notebook\" \"found\" {\n  provider = modelarts\n" + strings.Join(arguments, "\n") + "\n  config {\n" + config + "\n  }\n}\n"
	if err := os.WriteFile(filepath.Join(w.Dir, "query.tfquery.hcl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The configuration that a query generates plans no change, for each kind of notebook
// that the service can hold, and its apply changes nothing.
func TestAccNotebookQuery_generatedConfiguration(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Quota: 100})
	w := acctest.NewNewerWorkspace(t, makeKinds(t, s))
	ask(t, w, everywhere)
	w.MustRun(t, "query", "-generate-config-out=generated.tf")
	text, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"custom.flavor", "token", "feature   = \"NOTEBOOK\"", `team = "ml"`} {
		if strings.Contains(string(text), never) {
			t.Errorf("the configuration has %q", never)
		}
	}
	s.ResetRequests()
	wantText(t, w.MustRun(t, "plan"), fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", len(kinds)))
	w.MustRun(t, "apply", "-auto-approve")
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	if calls := s.Writes(); len(calls) > 0 {
		t.Errorf("imports called %q", calls)
	}
}

// makeKinds makes a notebook of each kind, and returns the provider block for others who
// find them.
func makeKinds(t *testing.T, s *acctest.Service) string {
	t.Helper()
	var text strings.Builder
	for name, a := range kinds {
		text.WriteString(base.with(arguments{"name": quote(name)}).with(a).resource(name))
	}
	provider := s.Provider(`default_tags = { team = "ml", cost = "42" }`)
	acctest.NewWorkspace(t, provider+text.String()).MustRun(t, "apply", "-auto-approve")
	return provider
}

// So does the configuration that an older Terraform generates for import blocks.
func TestAccNotebook_generatedByImportBlocks(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Quota: 100})
	text := makeKinds(t, s)
	for i, nb := range s.Notebooks() {
		text += fmt.Sprintf("import {\n  to = modelarts_notebook.n%d\n  id = %q\n}\n", i, nb.ID)
	}
	w := acctest.NewWorkspace(t, text)
	wantText(t, w.MustRun(t, "plan", "-generate-config-out=generated.tf"), fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", len(kinds)))
	wantText(t, w.MustRun(t, "plan"), fmt.Sprintf("%d to import, 0 to add, 0 to change, 0 to destroy", len(kinds)))
}

// terraform query finds 120 notebooks in two workspaces, in pages of 50, and warns where its
// limit cuts them.
func TestAccNotebookQuery_many(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Quota: 200})
	makeMany(t, s, 70, 50)
	w := acctest.NewNewerWorkspace(t, s.Provider(""))
	ask(t, w, everywhere)
	s.ResetRequests()
	out := w.MustRun(t, "query")
	if found := strings.Count(out, "list.modelarts_notebook.found"); found != 120 {
		t.Errorf("found %d notebooks:\n%s", found, out)
	}
	if got := pages(s); !slices.Equal(got, wholePages) {
		t.Errorf("asked for %q, want %q", got, wholePages)
	}
	ask(t, w, everywhere, "")
	out = w.MustRun(t, "query")
	wantText(t, out, "There are more than 100 notebooks")
	if found := strings.Count(out, "list.modelarts_notebook.found  "); found != 100 {
		t.Errorf("found %d notebooks of 100:\n%s", found, out)
	}
	s.Inject(simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultRefuse, Status: 400, Code: "ModelArts.6336", Skip: 1})
	out, err := w.Run(t, "query")
	if err == nil || strings.Contains(out, "list.modelarts_notebook.found  ") {
		t.Errorf("a query of which a page failed showed:\n%s", out)
	}
	wantText(t, out, "Unable to list notebooks")
}

// The example of the documentation is one that Terraform takes.
func TestAccNotebookQuery_example(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	client := s.Client(t)
	makeRequest(t, client, "quiet", `{"duration": -1}`)
	becomes(t, s, s.Notebooks()[0].ID, "RUNNING")
	query, plan := s.QueryExample(t, kind)
	wantText(t, query, "list.modelarts_notebook.never_stop")
	if strings.Contains(query, "Warning: Only") || strings.Contains(query, "list.modelarts_notebook.failed  ") {
		t.Errorf("the example says:\n%s", query)
	}
	wantText(t, plan, "1 to import, 0 to add, 0 to change, 0 to destroy")
}
