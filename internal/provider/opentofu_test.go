//go:build opentofu

package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
)

// The guide "OpenTofu". "make opentofu" builds and runs this test, which no other program passes.
func TestAccGuide_openTofu(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, `provider "modelarts" {}`+guideNotebook+guideBlocks(t, "opentofu", "terraform")[0])
	s := simulate(t, w)
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	shows(t, w.MustRun(t, "apply", "-auto-approve"), `"training" = "`+id)
	folder := func(name string, files map[string]string) {
		t.Helper()
		dir := filepath.Join(w.Dir, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		files["main.tf"] = "terraform {\n  required_providers {\n    modelarts = { source = \"modelarts-community/modelarts\" }\n  }\n}\n" + files["main.tf"]
		for file, text := range files {
			writeText(t, filepath.Join(dir, file), text, 0o600)
		}
	}
	action, err := os.ReadFile("../../examples/actions/modelarts_notebook_renew_lease/action.tf")
	if err != nil {
		t.Fatal(err)
	}
	folder("action", map[string]string{"action.tf": string(action)})
	if out, err := w.Run(t, "-chdir=action", "validate"); err == nil || !strings.Contains(acctest.Plain(out), `Blocks of type "action" are not expected here`) {
		t.Errorf("%v: OpenTofu printed\n%s", err, out)
	}
	writeText(t, filepath.Join(w.Dir, "action", "action.tofu"), "# nothing for OpenTofu\n", 0o600)
	w.MustRun(t, "-chdir=action", "validate")
	if out, err := w.Run(t, "query"); err == nil || !strings.Contains(out, `no command named "query"`) {
		t.Errorf("%v: OpenTofu printed\n%s", err, out)
	}
	folder("id", map[string]string{"import.tf": "import {\n  to = modelarts_notebook.test\n  id = \"" + id + "\"\n}\n"})
	shows(t, w.MustRun(t, "-chdir=id", "plan", "-generate-config-out=found.tf"), "1 to import, 0 to add, 0 to change")
	folder("identity", map[string]string{"main.tf": guideNotebook + "import {\n  to = modelarts_notebook.test\n  identity = {\n    id = \"" + id + "\"\n  }\n}\n"})
	shows(t, w.MustRun(t, "-chdir=identity", "plan"), "1 to import, 0 to add, 0 to change")
	if err := os.CopyFS(filepath.Join(w.Dir, "example"), os.DirFS("../../examples/testing/")); err != nil {
		t.Fatal(err)
	}
	shows(t, w.MustRun(t, "-chdir=example", "test", "-filter=tests/simulator.tftest.hcl"), "2 passed, 0 failed")
	if out, err := w.Run(t, "-chdir=example", "test", "-filter=tests/mocks.tftest.hcl"); err == nil || !strings.Contains(acctest.Plain(out), "Invalid mock/override field") {
		t.Errorf("%v: OpenTofu printed\n%s", err, out)
	}
}
