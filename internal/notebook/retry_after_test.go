package notebook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// anHour is a refusal that asks for an hour.
func anHour(operation string, count int) simulator.Fault {
	return simulator.Fault{Kind: simulator.FaultThrottle, Operation: operation, RetryAfter: "3600", Count: count}
}

// One Retry-After of an hour costs each operation some seconds of its time, and the
// notebook nothing.
func TestAccNotebook_retryAfterOnce(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	timed := base.with(arguments{"timeouts": `{ create = "10s", read = "10s", update = "10s", delete = "10s" }`})
	w := acctest.NewWorkspace(t, config(s, timed))
	for _, step := range []struct {
		args    []string
		refused []string
		name    string
	}{
		{[]string{"apply", "-auto-approve"}, []string{"CreateNotebook", "ShowNotebook"}, "test"},
		{[]string{"apply", "-auto-approve"}, []string{"UpdateNotebook"}, "renamed"},
		{[]string{"plan", "-detailed-exitcode"}, []string{"ShowNotebook"}, "renamed"},
		{[]string{"destroy", "-auto-approve"}, []string{"DeleteNotebook"}, "renamed"},
	} {
		w.Configure(t, config(s, timed.with(arguments{"name": quote(step.name)})))
		for _, operation := range step.refused {
			s.Inject(anHour(operation, 1))
		}
		began := time.Now()
		w.MustRun(t, step.args...)
		if took := time.Since(began); took > time.Minute {
			t.Errorf("%s took %s", step.args[0], took)
		}
		for _, fault := range s.Faults() {
			if fault.Hits != 1 {
				t.Errorf("%s has not met %+v", step.args[0], fault)
			}
		}
		s.ClearFaults()
		if step.args[0] == "apply" {
			if state := stateOf(t, w); state.Status != "" || state.Attributes["id"] != s.Only(t).ID {
				t.Errorf("the state holds %+v", state)
			}
		}
	}
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("left: %+v", left)
	}
}

// What is refused until the time is up says so. A notebook that could not be read
// is not tainted.
func TestAccNotebook_retryAfterForGood(t *testing.T) {
	t.Parallel()
	const refusal = "Retry-After: 3600"
	s := acctest.New(t, simulator.Options{})
	timed := base.with(arguments{"timeouts": `{ create = "6s", read = "6s", update = "6s", delete = "6s" }`})
	w := acctest.NewWorkspace(t, config(s, timed))

	s.Inject(anHour("CreateNotebook", -1))
	out, err := w.Run(t, "apply", "-auto-approve")
	if err == nil || len(s.Notebooks()) > 0 {
		t.Fatalf("a create that is refused made %+v:\n%s", s.Notebooks(), out)
	}
	wantText(t, out, refusal)
	s.ClearFaults()

	s.Inject(anHour("ShowNotebook", -1))
	s.Inject(anHour("ListNotebooks", -1))
	out = w.MustRun(t, "apply", "-auto-approve")
	wantText(t, out, `Notebook "test" could not be followed`)
	wantText(t, out, refusal)
	out, err = w.Run(t, "plan")
	if err == nil {
		t.Errorf("it could be read:\n%s", out)
	}
	wantText(t, out, refusal)
	s.ClearFaults()
	w.MustRun(t, "plan", "-out=plan")
	if state := stateOf(t, w); state.Status != "" || state.Attributes["id"] != s.Only(t).ID {
		t.Errorf("the state holds %+v", state)
	}

	s.Inject(anHour("DeleteNotebook", -1))
	out, err = w.Run(t, "destroy", "-auto-approve")
	if err == nil {
		t.Errorf("it was deleted:\n%s", out)
	}
	wantText(t, out, refusal)
}

// A data source has no timeout of its own, and does not take an hour all the same.
func TestAccNotebook_retryAfterInADataSource(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, s.Provider("")+`data "modelarts_notebooks" "test" {}
data "modelarts_quota" "test" {}`)
	s.Inject(anHour("ListNotebooks", 1))
	began := time.Now()
	if out := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(out, "Apply complete") {
		t.Errorf("got %s", out)
	}
	if took := time.Since(began); took < 30*time.Second || took > 45*time.Second {
		t.Errorf("it took %s", took)
	}
}
