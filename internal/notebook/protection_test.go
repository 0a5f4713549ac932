package notebook_test

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A forced replacement of a protected notebook is refused in the plan, whichever
// half of it comes first. What a taint leaves behind can be
// released.
func TestAccNotebook_forcedReplacementOfAProtected(t *testing.T) {
	t.Parallel()
	protected := base.with(arguments{"deletion_protection": "true", "lifecycle": ""})
	first := strings.Replace(protected.resource("test"), "{\n", "{\n  lifecycle {\n    create_before_destroy = true\n  }\n", 1)
	for name, resource := range map[string]string{"destroy first": protected.resource("test"), "create first": first} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			w := acctest.NewWorkspace(t, s.Provider("")+resource)
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			out, err := w.Run(t, "apply", "-auto-approve", "-replace="+address)
			if err == nil || !strings.Contains(out, "The notebook is protected") || !strings.Contains(out, "MODELARTS_RELEASE_PROTECTION="+id) {
				t.Errorf("%v: %s", err, out)
			}
			if s.Only(t).ID != id {
				t.Error("a second notebook was made")
			}
			w.MustRun(t, "taint", address)
			_, _ = w.Run(t, "apply", "-auto-approve")
			w.Configure(t, s.Provider(`release_protection = ["`+strings.ToUpper(id)+`"]`)+resource)
			w.MustRun(t, "apply", "-auto-approve")
			if s.Only(t).ID == id {
				t.Error("it was not replaced")
			}
		})
	}
}

// A create that failed, of a flavor that is sold out by now, is removed as the
// error of the plan says.
func TestAccNotebook_destroyOfAFailedCreate(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed, Step: 2, Reason: "No resources."})
	w := acctest.NewWorkspace(t, config(s, base))
	if out, err := w.Run(t, "apply", "-auto-approve"); err == nil || !strings.Contains(acctest.Plain(out), "terraform destroy -refresh=false") {
		t.Errorf("%v: %s", err, out)
	}
	w.Configure(t, config(s, base.with(arguments{"flavor": quote("modelarts.nothing.of.the.kind")})))
	for _, args := range [][]string{{"destroy", "-auto-approve"}, {"destroy", "-auto-approve", "-target=" + address}} {
		if out, err := w.Run(t, args...); err == nil || !strings.Contains(acctest.Plain(out), "To destroy what exists as it is: terraform destroy -refresh=false.") {
			t.Errorf("%q: %v: %s", args, err, out)
		}
	}
	w.MustRun(t, "destroy", "-auto-approve", "-refresh=false", "-target="+address)
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("%d are left", len(left))
	}
}
