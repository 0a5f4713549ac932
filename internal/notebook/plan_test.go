package notebook

import (
	"os"
	"strings"
	"testing"
)

// The table of the checks in the documentation names everything that a plan can
// find.
func TestDocsNameEverySummary(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../templates/resources/notebook.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, summary := range summaries() {
		if !strings.Contains(string(text), "| "+summary+" |") {
			t.Errorf("the table of the checks does not name %q", summary)
		}
	}
}
