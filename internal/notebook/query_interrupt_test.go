package notebook_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Ctrl-C ends terraform query at once: in the wait for a page, between the reads of whole
// notebooks, and in the pause after a call that failed. Nothing crashes, and no configuration
// of a part of the notebooks is written.
func TestAccNotebookQuery_interrupted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault simulator.Fault
		calls int
	}{
		"at the first page":   {simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultDelay, Delay: 20 * time.Second, Count: -1}, 1},
		"at the second page":  {simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultDelay, Delay: 20 * time.Second, Count: -1, Skip: 1}, 2},
		"at a whole notebook": {simulator.Fault{Operation: "ShowNotebook", Kind: simulator.FaultDelay, Delay: 20 * time.Second, Count: -1, Skip: 25}, 1},
		"between two tries":   {simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultThrottle, RetryAfter: "30", Count: -1, Skip: 1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Quota: 200})
			makeMany(t, s, 70, 0)
			w := acctest.NewNewerWorkspace(t, s.Provider(""))
			ask(t, w, everywhere, "limit = 1000\n  include_resource = true")
			before := files(t, w.Dir)
			s.ResetRequests()
			s.Inject(tc.fault)
			run := w.Start(t, "query", "-generate-config-out=generated.tf")
			acctest.Eventually(t, tc.fault.Operation, func() bool {
				return s.Operations()[tc.fault.Operation] >= tc.calls && s.Faults()[0].Hits > 0
			})
			pressed := time.Now()
			if err := run.Interrupt(); err != nil {
				t.Fatal(err)
			}
			out, err := run.Wait()
			took := time.Since(pressed)
			if took > 10*time.Second {
				t.Errorf("it took %s", took)
			}
			for _, crash := range []string{"panic", "crash", "goroutine ", "Plugin did not respond", "unexpected"} {
				if strings.Contains(out, crash) {
					t.Errorf("it printed %q", crash)
				}
			}
			if err == nil || !strings.Contains(out, "Error: The query was cancelled") || strings.Contains(out, "list.modelarts_notebook.found  ") {
				t.Errorf("it ended with %v, and printed\n%s", err, out)
			}
			if after := files(t, w.Dir); !slices.Equal(before, after) {
				t.Errorf("the files were %q, and are %q", before, after)
			}
			s.ClearFaults()
			w.MustRun(t, "query", "-generate-config-out=generated.tf") // nothing is in its way
		})
	}
}

// files are the names of what is in a folder.
func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}
