package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// QueryExample runs the example of a list resource in the documentation with a newer
// Terraform, generates configurations of what it finds, and plans them. It returns what was
// printed.
func (s *Service) QueryExample(t testing.TB, resource string) (query, plan string) {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(file), "..", "..", "examples", "list-resources", resource, "list-resource.tfquery.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	w := NewNewerWorkspace(t, s.Provider(""))
	write(t, filepath.Join(w.Dir, "example.tfquery.hcl"), string(text))
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
