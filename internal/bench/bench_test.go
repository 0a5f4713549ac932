// Package bench measures what the provider costs: calls, time and memory, each
// beside its target. Targets are counts and ratios of what was measured in the
// same run, so that they hold on any machine. "make bench" runs it.
package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// row is a line of the table.
type row struct {
	topic, what, unit string
	figure, target    float64 // target zero: none
}

var rows []row

// report adds a figure to the table and to the output of the benchmark. A target
// of zero is none: the figure is there to be read.
func report(b *testing.B, topic, what string, figure float64, unit string, target float64) {
	b.Helper()
	rows = append(rows, row{topic, what, unit, figure, target})
	b.ReportMetric(0, "ns/op") // it would be the time of all that was done here, whatever its use
	b.ReportMetric(figure, strings.ReplaceAll(what, " ", "-")+":"+unit)
}

func TestMain(m *testing.M) {
	if to := os.Getenv(weighed); to != "" {
		os.Exit(weigh(to))
	}
	code := m.Run()
	if !table() {
		code = max(code, 1)
	}
	os.Exit(code)
}

// table prints the rows, and says whether all are within their targets.
func table() bool {
	if len(rows) == 0 {
		return true
	}
	within := true
	fmt.Printf("\n%-11s %-62s %10s %-6s %8s\n", "", "", "figure", "", "target")
	for _, r := range rows {
		target, verdict := "", ""
		if r.target > 0 {
			target, verdict = fmt.Sprintf("<= %g", r.target), "ok"
			if r.figure > r.target {
				verdict, within = "MISS", false
			}
		}
		fmt.Printf("%-11s %-62s %10.4g %-6s %8s  %s\n", r.topic, r.what, r.figure, r.unit, target, verdict)
	}
	fmt.Println()
	return within
}

// service is a simulator whose answers take a time. Nothing holds it to the
// contract, as it does in tests: that takes longer than the rest.
func service(b *testing.B, latency time.Duration, options simulator.Options) *acctest.Service {
	b.Helper()
	s := &acctest.Service{Simulator: simulator.New(options)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(latency)
		s.ServeHTTP(w, r)
	}))
	b.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// notebooks is a configuration of n notebooks with what notebooks usually have,
// and a provider block without settings.
func notebooks(s *acctest.Service, n int) string {
	return strings.ReplaceAll(s.Provider(""), `poll_interval = "20ms"`, "") + fmt.Sprintf(`
resource "modelarts_notebook" "test" {
  count    = %d
  name     = "test-${count.index}"
  flavor   = %q
  image_id = %q
  volume {
    category = "EVS"
    capacity = 10
  }
  lease = { duration = "8h" }
  tags  = { team = "vision", cost = "research" }
}
`, n, acctest.Flavor, acctest.Image)
}

// stocked is a folder in which n notebooks have been applied.
func stocked(b *testing.B, s *acctest.Service, n int) *acctest.Workspace {
	b.Helper()
	w := acctest.NewWorkspace(b, notebooks(s, n))
	w.MustRun(b, "apply", "-auto-approve", "-parallelism=50")
	return w
}

// emptyPlan plans, and fails unless there is nothing to do.
func emptyPlan(b *testing.B, w *acctest.Workspace) {
	b.Helper()
	w.MustRun(b, "plan", "-detailed-exitcode")
}

// seconds is how long something takes.
func seconds(f func()) float64 {
	began := time.Now()
	f()
	return time.Since(began).Seconds()
}

// bestOf takes turns at several things, so that what else the machine does meets
// all of them, and returns the shortest time of each.
func bestOf(rounds int, things ...func()) []float64 {
	best := make([]float64, len(things))
	for round := range rounds {
		for i, f := range things {
			if s := seconds(f); round == 0 || s < best[i] {
				best[i] = s
			}
		}
	}
	return best
}

// built is a program of this module as releases build it, in a folder of its own.
func built(b *testing.B, pkg, name string) (dir string) {
	b.Helper()
	dir = b.TempDir()
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, name), pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("building %s: %v\n%s", pkg, err, out)
	}
	return dir
}

// overrides has Terraform take the programs of providers from folders.
func overrides(b *testing.B, w *acctest.Workspace, dirs map[string]string) {
	b.Helper()
	var text strings.Builder
	text.WriteString("provider_installation {\n  dev_overrides {\n")
	for name, dir := range dirs {
		fmt.Fprintf(&text, "    \"modelarts-community/%s\" = %q\n", name, dir)
	}
	text.WriteString("  }\n  direct {}\n}\n")
	file := filepath.Join(b.TempDir(), "terraform.rc")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	w.Setenv("TF_CLI_CONFIG_FILE", file)
}
