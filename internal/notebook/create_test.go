package notebook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// lostAnswers are the ways in which the answer to a create is lost although the
// notebook was made.
var lostAnswers = map[string]simulator.Fault{
	"cut":       {Kind: simulator.FaultCutAfter},
	"truncated": {Kind: simulator.FaultTruncate},
	"empty":     {Kind: simulator.FaultEmpty},
	"502":       {Kind: simulator.FaultHTML, AfterEffect: true},
	"500":       {Kind: simulator.FaultRefuse, Code: "ModelArts.6102", AfterEffect: true},
	"408":       {Kind: simulator.FaultTimeout, AfterEffect: true},
}

// The notebook of a create whose answer is lost is found and adopted, and not
// made twice, also beside an older one that looks the same.
func TestAccNotebook_lostCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range lostAnswers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{CreateTime: 50 * time.Millisecond})
			older := acctest.NewWorkspace(t, config(s, base))
			older.MustRun(t, "apply", "-auto-approve")
			first := s.Only(t).ID
			s.Advance(time.Minute) // older than the slack that clocks are given

			s.ResetRequests()
			fault.Operation = "CreateNotebook"
			s.Inject(fault)
			w := acctest.NewWorkspace(t, config(s, base))
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), `Notebook "test" was adopted`)
			if n := s.Operations()["CreateNotebook"]; n != 1 || len(s.Notebooks()) != 2 {
				t.Errorf("%d creates were sent, and there are %d notebooks", n, len(s.Notebooks()))
			}
			if id := stateOf(t, w).Attributes["id"]; id == first {
				t.Error("the older notebook was taken")
			}
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.MustRun(t, "destroy", "-auto-approve")
			if s.Only(t).ID != first {
				t.Error("the older notebook was destroyed")
			}
			older.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// A look for a lost notebook that fails says nothing, however long it takes: it
// is looked for until a look has been answered.
func TestAccNotebook_lostCreateIsHardToFind(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "CreateNotebook"})
	s.Inject(simulator.Fault{Kind: simulator.FaultTruncate, Operation: "ListNotebooks", Count: 4, Delay: 150 * time.Millisecond})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve") // looks for 300 ms at this poll_interval
	if n := s.Operations()["CreateNotebook"]; n != 1 || len(s.Notebooks()) != 1 {
		t.Errorf("%d creates were sent, and there are %d notebooks", n, len(s.Notebooks()))
	}
	s.FaultsHit(t)
	w.MustRun(t, "destroy", "-auto-approve")
}

// Nothing was made: no second create is sent in the same apply, and the next one
// makes one notebook.
func TestAccNotebook_createThatNeverArrived(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Kind: simulator.FaultCutBefore, Operation: "CreateNotebook"})
	s.Check(t,
		resource.TestStep{
			Config: config(s, base),
			ExpectError: acctest.Text(`The response to the create of "test" (flavor modelarts.vm.cpu.2u, image e1a07296-22a8-4f05-8bc8-e936c8e54090) was lost, ` +
				`so the service may have created the notebook:`),
		},
		resource.TestStep{
			PreConfig: func() {
				if n := s.Operations()["CreateNotebook"]; n != 1 || len(s.Notebooks()) != 0 {
					t.Errorf("%d creates were sent, and there are %d notebooks", n, len(s.Notebooks()))
				}
			},
			Config: config(s, base),
		},
	)
}

// Several notebooks of one name in one apply, each of whose answers is lost: each
// gets its own.
func TestAccNotebook_lostCreatesOfOneName(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: 20 * time.Millisecond})
	s.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "CreateNotebook", Count: 3, Skip: 1})
	many := s.Provider("") + "resource \"modelarts_notebook\" \"test\" {\n  count = 5\n" + strings.SplitN(base.resource("test"), "\n", 2)[1]
	w := acctest.NewWorkspace(t, many)
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Operations()["CreateNotebook"]; n != 5 || len(s.Notebooks()) != 5 {
		t.Errorf("%d creates were sent, and there are %d notebooks", n, len(s.Notebooks()))
	}
	s.FaultsHit(t)
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("%d are left, so that one was in the state twice", len(left))
	}
}

// Another one of the same kind appears at the same time: the client cannot tell them
// apart, so nothing is taken, and the error names both.
func TestAccNotebook_lostCreateAmongSeveral(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "CreateNotebook"})
	s.Inject(simulator.Fault{Kind: simulator.FaultUnavailable, Operation: "ListNotebooks", Count: -1})
	one := acctest.NewWorkspace(t, strings.Replace(config(s, base), `"20ms"`, `"500ms"`, 1))
	run := one.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a first notebook", func() bool { return len(s.Notebooks()) == 1 })
	two := acctest.NewWorkspace(t, config(s, base))
	two.MustRun(t, "apply", "-auto-approve")
	s.ClearFaults()
	out, err := run.Wait()
	if err == nil {
		t.Fatalf("one of two was taken:\n%s", out)
	}
	wantText(t, out, "2 matching notebooks were created since:")
	for _, n := range s.Notebooks() {
		wantText(t, out, n.ID)
	}
	if n := s.Operations()["CreateNotebook"]; n != 2 {
		t.Errorf("%d creates were sent, want one by each", n)
	}
	two.MustRun(t, "destroy", "-auto-approve")
}

// Two configurations create a notebook of the same name, flavor and image, and the
// create of the first is cut before it has any effect. What the other has made is
// visibly not its own.
func TestAccNotebook_lostCreateIsNotAnothers(t *testing.T) {
	t.Parallel()
	for name, theirs := range map[string]arguments{
		"everything":  {"volume": `{ category = "EVS", capacity = 10 }`, "description": `"theirs"`, "endpoints": `{ SSH = { key_pair_names = ["theirs"] } }`},
		"disk":        {"volume": `{ category = "EVS", capacity = 10 }`},
		"description": {"description": `"theirs"`},
		"endpoints":   {"endpoints": `{ SSH = { key_pair_names = ["theirs"] } }`},
		"lease":       {"lease": `{ duration = "8h" }`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			s.Inject(simulator.Fault{Kind: simulator.FaultCutBefore, Operation: "CreateNotebook", Delay: 4 * time.Second})
			unchecked := s.Provider(`plan_checks = "off"`)
			one := acctest.NewWorkspace(t, unchecked+base.resource("test"))
			run := one.Start(t, "apply", "-auto-approve")
			acctest.Eventually(t, "the first create", func() bool { return s.Operations()["CreateNotebook"] == 1 })
			two := acctest.NewWorkspace(t, unchecked+base.with(theirs).resource("test"))
			two.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			out, err := run.Wait()
			if err == nil {
				t.Fatalf("the other's notebook was taken:\n%s", out)
			}
			wantText(t, out, "These have the same name but do not match the request:")
			wantText(t, out, id)
			// Nor does the next apply touch it: it says that there is one of the name.
			one.Configure(t, config(s, base))
			out = one.MustRun(t, "apply", "-auto-approve")
			wantText(t, out, `A notebook of that name exists already (notebook "test")`)
			one.MustRun(t, "destroy", "-auto-approve")
			if s.Only(t).ID != id {
				t.Error("the other's notebook is gone")
			}
			two.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// Under each answer on clocks and workspaces, a lost create is found in the
// workspace that it is in, and its tags are set and removed.
func TestAccNotebook_lostCreateInAWorkspace(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"time-in-lists"}, {"workspace-all"}, {"time-nowhere"}, {"tags-key-enough"}, {"list-short"}, {"list-lags"}, {"times-absent"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers, CreateTime: 50 * time.Millisecond, Lag: 50 * time.Millisecond})
			s.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "CreateNotebook"})
			there := base.with(arguments{"workspace_id": quote(simulator.DefaultWorkspace)})
			w := acctest.NewWorkspace(t, config(s, there.with(arguments{"tags": `{ a = "1", b = "2" }`})))
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), `Notebook "test" was adopted`)
			if n := s.Operations()["CreateNotebook"]; n != 1 || len(s.Only(t).Tags) != 2 {
				t.Errorf("%d creates were sent, and it has the tags %v", n, s.Only(t).Tags)
			}
			time.Sleep(s.Options().Lag)
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.Configure(t, config(s, there.with(arguments{"tags": `{ b = "3" }`})))
			w.MustRun(t, "apply", "-auto-approve")
			if tags := s.Only(t).Tags; len(tags) != 1 || tags["b"] != "3" {
				t.Errorf("it has the tags %v", tags)
			}
			time.Sleep(s.Options().Lag)
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// A plan of creates names the notebooks that have their names, with one list, and
// not those that are in the state.
func TestAccNotebook_nameExists(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	theirs := acctest.NewWorkspace(t, config(s, base))
	theirs.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	const warning = "A notebook of that name exists already"

	several := config(s, base)
	for _, label := range []string{"a", "b", "c", "d"} {
		several += base.with(arguments{"name": quote("te" + label)}).resource(label)
	}
	w := acctest.NewWorkspace(t, several)
	s.ResetRequests()
	out := w.MustRun(t, "plan")
	wantText(t, out, warning+` (notebook "test")`)
	wantText(t, out, "terraform import ADDRESS "+id)
	if n := strings.Count(out, warning); n != 1 || s.Operations()["ListNotebooks"] != 1 {
		t.Errorf("%d warnings, and %d lists", n, s.Operations()["ListNotebooks"])
	}
	w.MustRun(t, "import", address, id)
	if out := w.MustRun(t, "plan"); strings.Contains(out, warning) {
		t.Errorf("it is warned of what is in the state:\n%s", out)
	}

	w = acctest.NewWorkspace(t, strings.Replace(config(s, base), "provider \"modelarts\" {", "provider \"modelarts\" {\n  plan_checks = \"off\"", 1))
	s.ResetRequests()
	if out := w.MustRun(t, "plan"); strings.Contains(out, warning) || s.Operations()["ListNotebooks"] != 0 {
		t.Errorf("it was looked for %d times:\n%s", s.Operations()["ListNotebooks"], out)
	}

	// One that is replaced, or made beside others of its name, is no news.
	replaced := theirs.MustRun(t, "plan", "-replace="+address)
	theirs.Configure(t, config(s, base)+base.resource("twin"))
	for _, out := range []string{replaced, theirs.MustRun(t, "plan"), theirs.MustRun(t, "plan", "-refresh=false")} {
		if strings.Contains(out, warning) {
			t.Errorf("it is warned of what is in the state:\n%s", out)
		}
	}
	theirs.Configure(t, config(s, base))
	theirs.MustRun(t, "destroy", "-auto-approve")
}
