package notebook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// many is a configuration of n notebooks.
func many(s *acctest.Service, n int, a arguments) string {
	resource := a.with(arguments{"name": `"test-${count.index}"`, "count": fmt.Sprint(n)})
	return s.Provider(fmt.Sprintf("project_id = %q", s.Options().ProjectID)) + resource.resource("test")
}

// reads counts the calls that read notebooks.
func reads(s *acctest.Service) int {
	calls := s.Operations()
	return calls["ShowNotebook"] + calls["ListNotebooks"] + calls["ListAllNotebooks"]
}

// A refresh asks for pages of the list, and sees through them what has become of
// each notebook.
func TestAccNotebook_refreshByList(t *testing.T) {
	t.Parallel()
	const n = 120
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, many(s, n, base.with(arguments{"tags": `{ team = "vision" }`})))
	w.MustRun(t, "apply", "-auto-approve", "-parallelism=50")

	s.ResetRequests()
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	if got := reads(s); got > n/50+1+4 {
		t.Errorf("a plan of %d notebooks takes %d reads and lists, want at most %d: %v", n, got, n/50+1+4, s.Operations())
	}

	notebooks := s.Notebooks()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Change(notebooks[3].ID, simulator.Drift{Status: new("STOPPED")}))
	must(s.Change(notebooks[70].ID, simulator.Drift{Name: new("renamed")}))
	s.Remove(notebooks[100].ID)
	// A list that does not know one of them says nothing about it.
	s.Inject(simulator.Fault{Kind: simulator.FaultStale, Operation: "ListNotebooks", Count: -1, Age: 24 * 3600 * 1e9, Notebook: notebooks[50].ID})
	s.ResetRequests()
	out, err := w.Run(t, "plan", "-detailed-exitcode")
	if err == nil {
		t.Fatalf("the plan is empty:\n%s", out)
	}
	wantText(t, out, "Plan: 1 to add, 1 to change, 0 to destroy.")
	if !strings.Contains(out, `"renamed" ->`) {
		t.Errorf("the plan does not show the new name:\n%s", out)
	}
	var single []string
	for _, r := range s.Requests() {
		if r.Operation == "ShowNotebook" {
			single = append(single, r.NotebookID)
		}
	}
	for _, id := range []string{notebooks[50].ID, notebooks[100].ID} {
		if !slices.Contains(single, id) {
			t.Errorf("%s is in no list and was not asked for by its ID", id)
		}
	}
	slices.Sort(single)
	if got := len(slices.Compact(single)); got > 2+4 { // one that has vanished soon after its create is looked for
		t.Errorf("%d notebooks were asked for by their IDs: %v", got, s.Operations())
	}
}

// Notebooks that come up together share the looks at them, but for the last one:
// no list ends a wait.
func TestAccNotebook_waitsShareTheirLooks(t *testing.T) {
	t.Parallel()
	create := func(n int) int {
		s := acctest.New(t, simulator.Options{CreateTime: 12e9})
		w := acctest.NewWorkspace(t, strings.ReplaceAll(many(s, n, base), `poll_interval = "20ms"`, `poll_interval = "2s"`))
		w.MustRun(t, "apply", "-auto-approve", "-parallelism=50")
		t.Logf("%d: %v", n, s.Operations())
		return reads(s)
	}
	if one, fifty := create(1), create(50); fifty > 2*one+4+50 {
		t.Errorf("50 notebooks that come up together take %d looks, one takes %d", fifty, one)
	}
}
