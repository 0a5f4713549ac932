package image_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// importBlock is an import by identity.
func importBlock(address, id string) string {
	return fmt.Sprintf("import {\n  to = %s\n  identity = { id = %q }\n}\n", address, id)
}

// An import by identity, with the configuration that the object has, takes over what no
// answer has and calls nothing.
func TestAccImage_importByIdentity(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	config := savedConfig(s, savedArguments{"triggers": `{ a = "1" }`, "description": `"saved"`}) + registeredBlock(otherPath, `description = "registered"`)
	w := acctest.NewNewerWorkspace(t, config)
	w.MustRun(t, "apply", "-auto-approve")
	var blocks string
	for _, i := range s.Images() {
		address := registeredAddress
		if i.Origin == "IMAGE_SAVE" {
			address = savedAddress
		}
		w.MustRun(t, "state", "rm", address)
		blocks += importBlock(address, i.ID)
	}
	s.ResetRequests()
	w.Configure(t, config+blocks)
	if out := acctest.Plain(w.MustRun(t, "apply", "-auto-approve")); !strings.Contains(out, "2 imported, 0 added, 1 changed, 0 destroyed") {
		t.Errorf("Terraform printed\n%s", out)
	}
	if writes := s.Writes(); len(writes) > 0 {
		t.Errorf("the calls are %q", writes)
	}
	if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("Terraform printed\n%s", out)
	}
	w.Configure(t, strings.NewReplacer(`a = "1"`, `a = "2"`, `"registered"`, `"changed"`).Replace(config))
	// One was applied since its import; of the other nothing was.
	out, _ := w.Run(t, "plan")
	for _, want := range []string{"# forces replacement", "The imported image differs in what cannot change"} {
		if !strings.Contains(acctest.Plain(out), want) {
			t.Errorf("Terraform printed\n%s\nwithout %q", out, want)
		}
	}
}

// An import of another image than the configuration says is an error that names both, and
// replaces nothing.
func TestAccImage_importedOther(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	config := savedConfig(s, savedArguments{"description": `"secret"`}) + registeredBlock(otherPath, "")
	w := acctest.NewWorkspace(t, config)
	w.MustRun(t, "apply", "-auto-approve")
	for _, i := range s.Images() {
		address := registeredAddress
		if i.Origin == "IMAGE_SAVE" {
			address = savedAddress
		}
		w.MustRun(t, "state", "rm", address)
		w.MustRun(t, "import", address, i.ID)
	}
	for change, want := range map[string]string{
		`swr_path = "` + otherPath: `was imported with swr_path = "` + otherPath + `"`,
		`name = "vision"`:          `was imported with name = "vision"`,
		`description = "secret"`:   `was imported with description = a value, and the configuration has another one`,
	} {
		w.Configure(t, strings.Replace(config, change, strings.Replace(change, `"`, `"x.`, 1), 1))
		out, err := w.Run(t, "plan")
		if plain := acctest.Plain(out); err == nil || !strings.Contains(plain, want) || !strings.Contains(plain, "terraform destroy -refresh=false") {
			t.Errorf("%s: %v: Terraform printed\n%s", change, err, out)
		}
	}
}

// The examples can be applied, and a new version goes to the notebooks that run the image.
func TestAccImage_examples(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond})
	example := func(name string) string {
		text, err := os.ReadFile("../../examples/resources/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	w := acctest.NewWorkspace(t, s.Provider("")+example("modelarts_image/resource.tf")+example("modelarts_image/notebook.tf")+example("modelarts_notebook_image/pipeline.tf"))
	w.MustRun(t, "apply", "-auto-approve")
	if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("Terraform printed\n%s", out)
	}
	s.ResetRequests()
	if out := acctest.Plain(w.MustRun(t, "apply", "-auto-approve", "-var", "image_version=1.1.0")); !strings.Contains(out, "1 added, 2 changed, 1 destroyed") {
		t.Errorf("Terraform printed\n%s", out)
	}
	if counts := s.Operations(); counts["CreateImage"] != 1 || counts["StopNotebook"] != 2 || counts["UpdateNotebook"] != 2 || counts["DeleteImage"] != 0 {
		t.Errorf("the calls are %v", counts)
	}
	if out := w.MustRun(t, "plan", "-var", "image_version=1.1.0"); !strings.Contains(out, "No changes.") {
		t.Errorf("Terraform printed\n%s", out)
	}
	w.MustRun(t, "destroy", "-auto-approve")
	if err := s.NothingLeft(nil); err != nil || len(s.Images()) != 2 {
		t.Errorf("%v, and %d images are left", err, len(s.Images()))
	}
}

// An image that failed after its apply had ended is replaced by the next one; one that is
// still being saved is waited for.
func TestAccNotebookImage_failedLater(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	w := acctest.NewWorkspace(t, savedConfig(s, nil))
	w.MustRun(t, "apply", "-auto-approve")
	change1(s, simulator.ImageDrift{Status: new("CREATE_FAILED"), StatusMessage: new("The node was lost.")})
	out := acctest.Plain(w.MustRun(t, "apply", "-auto-approve"))
	for _, want := range []string{"will be replaced", "The node was lost.", "1 added, 0 changed, 1 destroyed"} {
		if !strings.Contains(out, want) {
			t.Errorf("Terraform printed\n%s\nwithout %q", out, want)
		}
	}
	if len(s.Images()) != 1 {
		t.Errorf("there are %d images", len(s.Images()))
	}
}

// An image is looked for in its own project, and nowhere else.
func TestAccImage_otherProject(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, registeredConfig(s, ""))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, strings.Replace(registeredConfig(s, ""), "region ", "project_id = \"0123456789abcdef0123456789abcdef\"\n  region ", 1))
	out, err := w.Run(t, "plan")
	if err == nil || !strings.Contains(acctest.Plain(out), "The image is in another project") {
		t.Errorf("%v: Terraform printed\n%s", err, out)
	}
}
