package acctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// vendorBinary is the stand-in for the vendor's provider as a program, built once for all
// tests of a package.
var vendorBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-huaweicloud")
	if err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "terraform-provider-huaweicloud"), module+"/internal/acctest/vendor").CombinedOutput() //nolint:gosec // the arguments are fixed
	if err != nil {
		return "", fmt.Errorf("building the stand-in for the vendor's provider: %w\n%s", err, out)
	}
	return dir, nil
})

// InstallVendor installs the stand-in for the vendor's provider under an address, such as
// huaweicloud/huaweicloud. It has the schemas of a few types and no service. The pool that
// it creates has the ID of a pool of the simulator.
func (w *Workspace) InstallVendor(t testing.TB, source string) {
	t.Helper()
	dir, err := vendorBinary()
	if err != nil {
		t.Fatal(err)
	}
	w.install(t, source, dir)
	w.Setenv("STAND_IN_POOL_ID", Pool)
}

// InstallAs installs this provider under another address, too.
func (w *Workspace) InstallAs(t testing.TB, source string) {
	t.Helper()
	dir, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	w.install(t, source, dir)
}

func (w *Workspace) install(t testing.TB, source, dir string) {
	t.Helper()
	rc := filepath.Join(w.Dir, "terraform.rc")
	text, err := os.ReadFile(rc)
	if err != nil {
		t.Fatal(err)
	}
	const overrides = "dev_overrides {"
	write(t, rc, strings.Replace(string(text), overrides, fmt.Sprintf("%s\n    %q = %q\n   ", overrides, source, dir), 1))
}
