package notebookstorage_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// The example of the documentation works.
func TestAccNotebookStorage_example(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../examples/resources/modelarts_notebook_storage/notebook.tf")
	if err != nil {
		t.Fatal(err)
	}
	s := acctest.New(t, simulator.Options{})
	s.Check(t,
		resource.TestStep{Config: s.Provider("") + string(text), Check: holds(t, s, mounted)},
		resource.TestStep{Config: s.Provider("") + string(text), ConfigPlanChecks: acctest.EmptyPlan()},
	)
}

// An import by identity, and an ID that changes, with which the identity does.
func TestAccNotebookStorage_identity(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewNewerWorkspace(t, config(s, lake))
	w.MustRun(t, "apply", "-auto-approve")
	n := s.Only(t)
	storages := n.Storages
	storages[0].ID = efsID
	if err := s.Change(n.ID, simulator.Drift{Storages: &storages}); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "plan", "-detailed-exitcode") // a new ID is no change
	w.MustRun(t, "apply", "-auto-approve", "-refresh-only")
	if state := w.State(t); strings.Count(state, efsID) != 2 { // as an attribute, and in the identity
		t.Errorf("the state holds\n%s", state)
	}
	mount := lake.with(arguments{"notebook_id": fmt.Sprintf("%q", n.ID)}).resource("test")
	for _, more := range []string{"", fmt.Sprintf("region = %q\n", simulator.DefaultRegion)} {
		other := acctest.NewNewerWorkspace(t, s.Provider("")+mount+fmt.Sprintf("import {\n  to = %s\n  identity = {\n%snotebook_id = %q\n id = %q\n }\n}\n", address, more, n.ID, efsID))
		if out := other.MustRun(t, "apply", "-auto-approve"); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
			t.Errorf("the import:\n%s", out)
		}
	}
	for id, want := range map[string]string{
		n.ID:                        "does not name a mount",
		"a/" + efsID:                "is not the ID of a notebook",
		"A B/" + n.ID + "/" + efsID: "is not the name of a region",
		n.ID + "/" + n.ID:           "Cannot import non-existent remote object",
	} {
		other := acctest.NewNewerWorkspace(t, s.Provider("")+mount)
		if out, err := other.Run(t, "import", address, id); err == nil || !strings.Contains(acctest.Plain(out), want) {
			t.Errorf("%s: %v\n%s", id, err, out)
		}
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// Ten mounts of a stopped notebook share one start and one stop. There is no eleventh.
func TestAccNotebookStorage_many(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Answers: []string{"mount-kept"}})
	text := s.Provider("") + notebookWith(arguments{"desired_status": `"STOPPED"`})
	all := text
	for i := range 10 {
		all += lake.with(arguments{"mount_path": fmt.Sprintf(`"/data/%d"`, i), "start_notebook": "true"}).resource(fmt.Sprintf("m%d", i))
	}
	w := acctest.NewWorkspace(t, text)
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, all)
	s.ResetRequests()
	w.MustRun(t, "apply", "-auto-approve")
	if did := s.Operations(); did["StartNotebook"] != 1 || did["StopNotebook"] != 1 || did["AttachDynamicStorage"] != 10 {
		t.Errorf("the calls: %v", did)
	}
	w.Configure(t, all+lake.with(arguments{"start_notebook": "true"}).resource("one_more"))
	if out, err := w.Run(t, "apply", "-auto-approve"); err == nil || !strings.Contains(acctest.Plain(out), "A notebook has at most 10 mounts") || s.Only(t).Status != "STOPPED" {
		t.Errorf("%v\n%s", err, out)
	}
	s.ResetRequests()
	w.MustRun(t, "destroy", "-auto-approve")
	if did := s.Operations(); did["StartNotebook"] != 1 || did["StopNotebook"] != 1 || did["DetachDynamicStorage"] != 10 {
		t.Errorf("the calls: %v", did)
	}
}

// A restart by the action leaves what is mounted, and the next plan is empty.
func TestAccNotebookStorage_restartAction(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewNewerWorkspace(t, config(s, lake)+`
action "modelarts_notebook_restart" "test" {
  config {
    notebook_id = modelarts_notebook.test.id
  }
}
`)
	w.MustRun(t, "apply", "-auto-approve")
	before := s.Only(t).Storages[0].ID
	w.MustRun(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_restart.test")
	after := s.Only(t).Storages
	if len(after) != 1 || after[0].Status != "MOUNTED" || after[0].ID == before {
		t.Errorf("mounted: %+v", after)
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
	w.MustRun(t, "destroy", "-auto-approve")
}
