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
			w.MustRun(t, "apply", "-auto-approve")
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
			ExpectError: acctest.Text(`The answer to the create of "test" (flavor modelarts.vm.cpu.2u, image e1a07296-22a8-4f05-8bc8-e936c8e54090) was lost, ` +
				`so that the service may have made the notebook:`),
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
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("%d are left, so that one was in the state twice", len(left))
	}
}

// Another one of the same kind appears at the same time: nobody can tell them
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
	wantText(t, out, "2 notebooks of that kind were made since:")
	for _, n := range s.Notebooks() {
		wantText(t, out, n.ID)
	}
	if n := s.Operations()["CreateNotebook"]; n != 2 {
		t.Errorf("%d creates were sent, want one by each", n)
	}
	two.MustRun(t, "destroy", "-auto-approve")
}
