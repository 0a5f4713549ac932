package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// QueryExample runs the examples of a list resource in the documentation with a newer
// Terraform, generates configurations of what it finds, and plans them. It returns what was
// printed.
func (s *Service) QueryExample(t testing.TB, resource string) (query, plan string) {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	examples, err := filepath.Glob(filepath.Join(filepath.Dir(file), "..", "..", "examples", "list-resources", resource, "*.tfquery.hcl"))
	if err != nil || len(examples) == 0 {
		t.Fatalf("%s has no examples: %v", resource, err)
	}
	w := NewNewerWorkspace(t, s.Provider(""))
	for _, example := range examples {
		text, err := os.ReadFile(example)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(w.Dir, filepath.Base(example)), string(text))
	}
	return w.MustRun(t, "query", "-generate-config-out=found.tf"), w.MustRun(t, "plan")
}

// Names are what Terraform shows of the rows of a query, in alphabetical order.
func Names(rows []Found) []string {
	var all []string
	for _, row := range rows {
		all = append(all, row.Name)
	}
	slices.Sort(all)
	return all
}
