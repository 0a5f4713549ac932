package notebook_test

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Terraform prints one warning for all notebooks without a lease, and the apply is
// followed by an empty plan. No lease is sent.
func TestAccNotebook_firstPlan(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"count": "2", "name": `"n${count.index}"`})))
	out := acctest.Plain(w.MustRun(t, "plan"))
	for want, times := range map[string]int{
		"Warning: Without a lease, a notebook stops after one hour": 1,
		"(and one more similar warning elsewhere)":                  1,
		`+ duration = "1h"`: 2,
		"+ fail_reason":     0,
	} {
		if n := strings.Count(strings.Join(strings.Fields(out), " "), want); n != times {
			t.Errorf("%d times %q in\n%s", n, want, out)
		}
	}
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan", "-detailed-exitcode")
}
