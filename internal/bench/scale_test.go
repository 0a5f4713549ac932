package bench

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const latency = 50 * time.Millisecond

// stateSize is the size of the state file.
func stateSize(b *testing.B, w *acctest.Workspace) int { b.Helper(); return len(w.State(b)) }

// plain is a folder in which n terraform_data have been applied that take as
// much room in the state as so many notebooks.
func plain(b *testing.B, n, size int) *acctest.Workspace {
	b.Helper()
	apply := func(n, padding int) *acctest.Workspace {
		w := acctest.NewWorkspace(b, "")
		write(b, filepath.Join(w.Dir, "main.tf"), fmt.Sprintf(`
resource "terraform_data" "test" {
  count = %d
  input = {
    name     = "test-${count.index}"
    flavor   = %q
    image_id = %q
    volume   = { category = "EVS", capacity = 10 }
    lease    = { duration = "8h" }
    tags     = { team = "vision", cost = "research" }
    padding  = %q
  }
}
`, n, acctest.Flavor, acctest.Image, strings.Repeat("x", padding)))
		w.MustRun(b, "init")
		w.MustRun(b, "apply", "-auto-approve")
		return w
	}
	const few = 10
	without := stateSize(b, apply(few, 0)) / few
	return apply(n, max(0, (size/n-without)/2)) // it is there twice, as input and as output
}

// BenchmarkScale compares the plan of many notebooks at a service that takes
// 50 ms for an answer with a plan of resources that make no calls.
func BenchmarkScale(b *testing.B) {
	provider := built(b, module, program)
	sizes := []int{10, 100, 1000}
	runs := make([]func(), 0, len(sizes)+2)
	var last *acctest.Workspace
	for _, n := range sizes {
		s := service(b, latency, simulator.Options{})
		w := stocked(b, s, n)
		overrides(b, w, map[string]string{"modelarts": provider})
		runs, last = append(runs, func() { emptyPlan(b, w) }), w
	}
	runs = append(runs, func() {
		last.Setenv("MODELARTS_SHORTCUTS", "off")
		emptyPlan(b, last)
		last.Setenv("MODELARTS_SHORTCUTS", "")
	})
	n := sizes[len(sizes)-1]
	size := stateSize(b, last)
	data := plain(b, n, size)
	if got := stateSize(b, data); got < size*9/10 || got > size*11/10 {
		b.Errorf("the states have %d and %d bytes: they are to be of one size", size, got)
	}
	times := bestOf(3, append(runs, func() { emptyPlan(b, data) })...)
	for i, n := range sizes {
		report(b, "scale", fmt.Sprintf("plan of %d notebooks", n), times[i], "s", 0)
	}
	report(b, "scale", fmt.Sprintf("plan of %d terraform_data of their size", n), times[4], "s", 0)
	report(b, "scale", "the notebooks over the terraform_data", times[2]/times[4], "times", 2.2)
	report(b, "scale", "the short ways over the framework's", times[2]/times[3], "times", 0.9)
	few, many := (times[1]-times[0])/90, (times[2]-times[1])/900
	report(b, "scale", "each from 100 to 1000 over each from 10 to 100", many/few, "times", 1.5)
}
