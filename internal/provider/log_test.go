package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// At DEBUG the log has one line for each call and nothing of the framework, and at
// INFO the statuses and steps of a notebook. At TRACE everything is there.
func TestAccProvider_log(t *testing.T) {
	t.Parallel()
	call := regexp.MustCompile(`\[DEBUG\] {1,2}provider\.[^:]*: (GET|POST|PUT|DELETE) /v[0-9][^ ]* [0-9]{3} [0-9]+ms(, attempt [0-9]+)?:`)
	step := regexp.MustCompile(`\[INFO\] {1,2}provider\.[^:]*: notebook [0-9a-f-]{36} is CREATING, step [1-4] of 4: `)
	ours := regexp.MustCompile(`\[[A-Z]+\] {1,2}provider\.terraform-provider-modelarts`)
	for level, framework := range map[string]bool{"DEBUG": false, "TRACE": true} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{CreateTime: 800 * time.Millisecond})
			w := acctest.NewWorkspace(t, s.Provider("")+acctest.Notebook)
			log := filepath.Join(w.Dir, "log")
			w.Setenv("TF_LOG", level)
			w.Setenv("TF_LOG_PATH", log)
			w.MustRun(t, "apply", "-auto-approve")
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			calls, steps, others := 0, 0, []string{}
			for line := range strings.Lines(string(text)) {
				switch {
				case !ours.MatchString(line), strings.Contains(line, ": plugin address: "): // the way to the plugin, of Terraform's go-plugin
				case call.MatchString(line):
					calls++
				case step.MatchString(line):
					steps++
				case strings.Contains(line, "[DEBUG]"), strings.Contains(line, "[TRACE]"):
					others = append(others, line)
				}
			}
			if calls != len(s.Requests()) {
				t.Errorf("%d lines for %d calls", calls, len(s.Requests()))
			}
			if steps == 0 {
				t.Error("no step is in the log")
			}
			if framework != (len(others) > 0) {
				t.Errorf("%d lines of others, for example %q", len(others), others[:min(len(others), 3)])
			}
		})
	}
}
