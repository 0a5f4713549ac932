package notebook_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// fails runs Terraform and wants an error with texts.
func fails(t *testing.T, w *acctest.Workspace, texts []string, args ...string) {
	t.Helper()
	out, err := w.Run(t, args...)
	if err == nil {
		t.Errorf("terraform %s passed:\n%s", strings.Join(args, " "), out)
	}
	for _, text := range texts {
		wantText(t, out, text)
	}
}

// Credentials that lead to another project are an error of everything, and never
// a notebook that is gone.
func TestAccNotebook_wrongProject(t *testing.T) {
	t.Parallel()
	const other = "00000000000000000000000000000001"
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	there := s.Only(t)
	if state := stateOf(t, w); state.Attributes["project_id"] != there.ProjectID || state.Attributes["region"] != simulator.DefaultRegion {
		t.Errorf("the state holds %+v", state)
	}

	both := []string{"The notebook is in another project", "was created in the project " + there.ProjectID, "select the project " + other}
	changed := base.with(arguments{"name": `"other"`})
	w.Configure(t, s.Provider("project_id = "+quote(other))+changed.resource("test"))
	s.ResetRequests()
	for _, command := range []string{"plan", "plan -refresh=false", "refresh", "apply -auto-approve", "destroy -auto-approve", "destroy -auto-approve -refresh=false"} {
		fails(t, w, both, strings.Fields(command)...)
	}
	if calls := s.Writes(); len(calls) > 0 || s.Only(t).ID != there.ID {
		t.Errorf("the service was asked %q", calls)
	}
	if state := stateOf(t, w); state.Attributes["id"] != there.ID || state.Status != "" {
		t.Errorf("the state holds %+v", state)
	}
	w.Configure(t, config(s, base))
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// A notebook is imported by its region too. Another region than the one that the
// endpoints are of cannot be called, and the error says so.
func TestAccNotebook_importByRegion(t *testing.T) {
	t.Parallel()
	const elsewhere = "ap-southeast-1"
	s := acctest.New(t, simulator.Options{})
	first := acctest.NewWorkspace(t, config(s, base))
	first.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID

	imported := base.with(arguments{"allow_stopping_for_update": ""}) // the default, which an import sets
	w := acctest.NewWorkspace(t, config(s, imported))
	for what, texts := range map[string][]string{
		elsewhere + "/" + id:              {"endpoints.modelarts is the endpoint of one region"},
		"no region/" + id:                 {`"no region" is not the name of a region`},
		"/" + id:                          {`"" is not the name of a region`},
		simulator.DefaultRegion + "/test": {`"test" is not the ID of a notebook`},
		"test":                            {`"test" is not the ID of a notebook`},
	} {
		fails(t, w, texts, "import", address, what)
	}
	w.MustRun(t, "import", address, simulator.DefaultRegion+"/"+id)
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")

	// Another region than that of the endpoint is refused, as the provider's and as its own.
	w.Configure(t, config(s, imported.with(arguments{"region": quote(simulator.DefaultRegion)})))
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.Configure(t, strings.Replace(config(s, imported), quote(simulator.DefaultRegion), quote(elsewhere), 1))
	fails(t, w, []string{"endpoints.modelarts is the endpoint of one region", simulator.DefaultRegion}, "plan")
	first.Configure(t, config(s, base.with(arguments{"region": quote(elsewhere)})))
	fails(t, first, []string{"endpoints.modelarts is the endpoint of one region"}, "plan")
	first.Configure(t, config(s, base))
	first.MustRun(t, "destroy", "-auto-approve")
}

// An import never replaces: the plan names what differs, and a configuration that
// agrees ends that.
func TestAccNotebook_importNeverReplaces(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID

	other := base.with(arguments{"volume": `{ category = "EFS" }`})
	w = acctest.NewWorkspace(t, config(s, other))
	w.MustRun(t, "import", address, id)
	s.ResetRequests()
	texts := []string{"The imported notebook differs in what cannot change", `was imported with volume.category = "EVS", and the configuration has "EFS"`}
	fails(t, w, texts, "plan")
	fails(t, w, texts, "apply", "-auto-approve")
	if calls := s.Writes(); len(calls) > 0 || s.Only(t).ID != id {
		t.Errorf("the service was asked %q", calls)
	}

	// What the user changes after an apply replaces.
	w.Configure(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.Configure(t, config(s, other))
	wantText(t, w.MustRun(t, "plan"), "Plan: 1 to add, 0 to change, 1 to destroy.")

	// One that differs can be destroyed.
	w = acctest.NewWorkspace(t, config(s, other))
	w.MustRun(t, "import", address, id)
	fails(t, w, texts, "destroy", "-auto-approve")
	w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("left: %+v", left)
	}
}

// No change at the console makes an apply replace a notebook.
func TestAccNotebook_driftNeverReplaces(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"workspace_id": quote(simulator.DefaultWorkspace)})))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	drift(t, s, simulator.Drift{WorkspaceID: new("0")})
	s.ResetRequests()
	wantText(t, w.MustRun(t, "apply", "-auto-approve"), `workspace_id is "0", and the configuration has "`+simulator.DefaultWorkspace+`", as when it was last applied.`)
	if calls := s.Writes(); len(calls) > 0 || s.Only(t).ID != id {
		t.Errorf("the service was asked %q", calls)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// A service that ignores an argument, or shows it otherwise, is told once: the
// plan after it is empty, and nothing is stopped again.
func TestAccNotebook_ignoredArgument(t *testing.T) {
	t.Parallel()
	const warning = "is not shown as it was applied"
	s := acctest.New(t, simulator.Options{})
	var otherwise atomic.Bool
	otherwise.Store(true)
	another(t, s, func(nb map[string]any) {
		if !otherwise.Load() {
			return
		}
		nb["description"] = "normalised"
		if all, _ := nb["endpoints"].([]any); len(all) > 0 {
			all[0].(map[string]any)["key_pair_names"] = []any{"shown"}
		}
	})
	first := base.with(arguments{"description": `"Applied"`, "endpoints": `{ SSH = { key_pair_names = ["a"] } }`})
	w := acctest.NewWorkspace(t, config(s, first))
	out := w.MustRun(t, "apply", "-auto-approve")
	wantText(t, out, warning)
	wantText(t, out, "description: the service shows another value than the one that was applied")
	wantText(t, out, "endpoints: the service shows another value than the one that was applied")
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")

	// Another change warns of nothing again, and stops nothing.
	renamed := first.with(arguments{"name": `"renamed"`})
	w.Configure(t, config(s, renamed))
	s.ResetRequests()
	if out := w.MustRun(t, "apply", "-auto-approve"); strings.Contains(acctest.Plain(out), warning) {
		t.Errorf("warned again:\n%s", out)
	}
	// A change of it is made, once, and warned of.
	w.Configure(t, config(s, renamed.with(arguments{"endpoints": `{ SSH = { key_pair_names = ["b"] } }`})))
	wantText(t, w.MustRun(t, "apply", "-auto-approve"), warning)
	w.MustRun(t, "apply", "-auto-approve")
	if err := s.ExpectWrites(append([]string{"UpdateNotebook name"}, stopAndStart("UpdateNotebook endpoints")...)...)(nil); err != nil {
		t.Error(err)
	}

	// What is shown as applied ends it: then the other value is a difference.
	otherwise.Store(false)
	w.MustRun(t, "apply", "-auto-approve")
	otherwise.Store(true)
	wantText(t, w.MustRun(t, "plan"), "Plan: 0 to add, 1 to change, 0 to destroy.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// The simulator shows everything as it was applied, in whatever words.
func TestAccNotebook_confirmed(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	everything := base.with(arguments{
		"description": `"a"`, "volume": `{ category = "evs", capacity = 10 }`, "workspace_id": quote(simulator.DefaultWorkspace),
		"data_volumes": `{ "/data/a" = { category = "OBSFS", uri = "obs://bucket/a/", read_only = true } }`,
		"endpoints":    `{ SSH = { key_pair_names = ["l", "k"], allowed_access_ips = ["192.0.2.2", "192.0.2.1"] } }`,
		"hooks":        `{ post_start = { content = "echo" } }`,
		"lease":        `{ duration = "480m", type = "TIMING" }`,
		"tags":         `{ team = "vision" }`, "run_user": `{ uid = 1000, gid = 1000 }`,
	})
	w := acctest.NewWorkspace(t, config(s, everything))
	for _, a := range []arguments{nil, {"lease": `{ duration = "2h", type = "IDLE" }`, "volume": `{ category = "EVS", capacity = 20 }`, "flavor": quote(acctest.LargerFlavor)}, {"lease": `{ enabled = false }`, "endpoints": "", "tags": "", "data_volumes": ""}} {
		everything = everything.with(a)
		w.Configure(t, config(s, everything))
		if out := w.MustRun(t, "apply", "-auto-approve"); strings.Contains(acctest.Plain(out), "is not shown as it was applied") {
			t.Errorf("warned:\n%s", out)
		}
		wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// Tags that could not be set after a create are set by the next apply, although
// the service leaves out that there are none.
func TestAccNotebook_tagsAreOwed(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"tags": `{ team = "vision" }`})))
	s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "CreateNotebookTags", Code: "ModelArts.0104", Count: 1})
	out := w.MustRun(t, "apply", "-auto-approve")
	wantText(t, out, `Notebook "test" has no tags yet`)
	if strings.Contains(acctest.Plain(out), "is not shown as it was applied") {
		t.Errorf("warned twice:\n%s", out)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Only(t); n.Tags["team"] != "vision" {
		t.Errorf("the next apply made of it %+v", n)
	}
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}
