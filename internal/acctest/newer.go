package acctest

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// newer is the path of a Terraform of 1.14 or newer, empty where there is none.
// tools/newer-terraform.sh says which one.
var newer = sync.OnceValue(func() string {
	_, file, _, _ := runtime.Caller(0)
	found, err := exec.Command(filepath.Join(filepath.Dir(file), "..", "..", "tools", "newer-terraform.sh")).Output() //nolint:gosec // the script is fixed
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(found))
})

// Newer returns the path of a Terraform that has list resources and actions,
// which came with 1.14: the installed one if it is new enough, else the one that
// "make terraform" has built. The test fails if there is neither: "make test" builds
// one.
func Newer(t testing.TB) string {
	t.Helper()
	program := newer()
	if program == "" {
		t.Fatal(`This test needs Terraform 1.14 or newer: "make terraform" builds one into .tools/bin.`)
	}
	return program
}

// NewNewerWorkspace is NewWorkspace for the Terraform that Newer finds.
func NewNewerWorkspace(t testing.TB, config string) *Workspace {
	t.Helper()
	program := Newer(t)
	w := NewWorkspace(t, config)
	w.Terraform = program
	return w
}
