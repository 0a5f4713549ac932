package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	uses   = regexp.MustCompile(`\buses: *(\S.*)`)
	pinned = regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*$`)
	made   = regexp.MustCompile(`\bmake ([a-z -]+)`)
)

// The workflows pin each action by its digest, with the version beside it, and run
// targets of make that exist.
func TestWorkflows(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../GNUmakefile")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no workflows", err)
	}
	actions, targets := 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range uses.FindAllStringSubmatch(string(text), -1) {
			actions++
			if !pinned.MatchString(action[1]) {
				t.Errorf("%s uses %s", file, action[1])
			}
		}
		for line := range strings.SplitSeq(string(text), "\n") {
			if !strings.Contains(line, "run: make ") {
				continue
			}
			for target := range strings.FieldsSeq(made.FindStringSubmatch(line)[1]) {
				targets++
				if !strings.Contains(string(makefile), "\n"+target+":") {
					t.Errorf("%s runs make %s, which does not exist", file, target)
				}
			}
		}
	}
	if actions < len(files) || targets < len(files) {
		t.Errorf("the %d workflows use %d actions, and run %d targets of make", len(files), actions, targets)
	}
}
