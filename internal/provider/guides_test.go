package provider_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// guideBlocks are the blocks of a language in a guide, in their order.
func guideBlocks(t *testing.T, guide, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/guides/" + guide + ".md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, found := range codeBlock.FindAllStringSubmatch(string(text), -1) {
		if found[1] == language {
			blocks = append(blocks, found[2])
		}
	}
	return blocks
}

// simulate starts a service whose environment the runs of Terraform in a folder have.
func simulate(t *testing.T, w *acctest.Workspace) *acctest.Service {
	t.Helper()
	s := acctest.New(t, simulator.Options{})
	w.Use(s)
	return s
}

const guideNotebook = `
resource "modelarts_notebook" "test" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume { category = "EVS" }
  lease = { duration = "8h" }
  tags  = { team = "vision" }
}
`

// exitCode is that with which a run of Terraform ended.
func exitCode(err error) int {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

// The guide "Adopt what exists": the query, the generated configuration without its null
// lines, and the blocks by ID and by identity plan no change.
func TestAccGuide_adopting(t *testing.T) {
	t.Parallel()
	w := acctest.NewNewerWorkspace(t, `provider "modelarts" {}`+guideNotebook)
	s := simulate(t, w)
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	s.ResetRequests()
	blocks := guideBlocks(t, "adopting-existing-notebooks", "terraform")
	imports := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).ReplaceAllString(blocks[1], id)
	first, second, _ := strings.Cut(imports, "\n\n")
	for name, block := range map[string]string{
		"query": blocks[0], "ID": first, "identity": strings.ReplaceAll(second, "ap-southeast-1", simulator.DefaultRegion),
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(w.Dir, name)
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			writeText(t, filepath.Join(dir, "main.tf"), "terraform {\n  required_providers {\n    modelarts = { source = \"modelarts-community/modelarts\" }\n  }\n}\nprovider \"modelarts\" {}\n", 0o600)
			written := filepath.Join(dir, "found.tf")
			if name == "query" {
				writeText(t, filepath.Join(dir, "found.tfquery.hcl"), block, 0o600)
				w.MustRun(t, "-chdir="+name, "query", "-generate-config-out=found.tf")
			} else {
				writeText(t, filepath.Join(dir, "import.tf"), block, 0o600)
				w.MustRun(t, "-chdir="+name, "plan", "-generate-config-out=found.tf")
			}
			text, err := os.ReadFile(written)
			if err != nil {
				t.Fatal(err)
			}
			writeText(t, written, regexp.MustCompile(`(?m)^.* = null\n`).ReplaceAllString(string(text), ""), 0o600)
			shows(t, w.MustRun(t, "-chdir="+name, "plan"), "1 to import, 0 to add, 0 to change, 0 to destroy")
		})
	}
	if writes := s.Writes(); len(writes) > 0 {
		t.Errorf("the calls are %q", writes)
	}
	// What the table of arguments that are added later says.
	main := filepath.Join(w.Dir, "ID", "found.tf")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^ {2}lease = \{\n( {4}.*\n)* {2}\}\n`).ReplaceAll(text, nil)
	for added, want := range map[string]string{
		`lease = { duration = "9h" }`:                   "0 to add, 1 to change",
		`hooks = { post_start = { content = "echo" } }`: "The notebook would have to be stopped",
		`desired_status = "STOPPED"`:                    `Notebook "training" will be stopped`,
		`deletion_protection = true`:                    "0 to add, 1 to change",
	} {
		config := regexp.MustCompile(`(?m)^ {2}deletion_protection .*\n`).ReplaceAllString(string(text), "")
		writeText(t, main, strings.Replace(config, "  volume {", "  "+added+"\n  volume {", 1), 0o600)
		if out, _ := w.Run(t, "-chdir=ID", "plan"); !strings.Contains(acctest.Plain(out), want) {
			t.Errorf("%s: Terraform printed\n%s", added, out)
		}
	}
	writeText(t, main, strings.Replace(string(text), `"EVS"`, `"EFS"`, 1), 0o600)
	if out, err := w.Run(t, "-chdir=ID", "plan"); err == nil || !strings.Contains(acctest.Plain(out), "The imported notebook differs in what cannot change") {
		t.Errorf("%v: Terraform printed\n%s", err, out)
	}
}

// The guide "Regions and accounts": a provider block for each region, and the error of
// a resource that has moved to the block of another account.
func TestAccGuide_regions(t *testing.T) {
	t.Parallel()
	north := acctest.New(t, simulator.Options{})
	south := acctest.New(t, simulator.Options{Region: "ap-southeast-3"})
	block := func(s *acctest.Service, alias string) string {
		text := s.Provider(alias)
		if s == south {
			text = strings.Replace(text, simulator.DefaultRegion, "ap-southeast-3", 1)
		}
		return text
	}
	config := block(north, "") + block(south, `alias = "singapore"`) + guideNotebook +
		strings.Replace(guideNotebook, "\"test\" {\n", "\"south\" {\n  provider = modelarts.singapore\n", 1)
	w := acctest.NewWorkspace(t, config)
	w.MustRun(t, "apply", "-auto-approve")
	if one, other := north.Only(t), south.Only(t); one.Name != other.Name {
		t.Errorf("the notebooks are %+v and %+v", one, other)
	}
	shows(t, w.MustRun(t, "plan"), "No changes.")
	for change, want := range map[string][2]string{
		"The notebook is in another project":      {`region        = "cn-north-4"`, `region = "cn-north-4"` + "\nproject_id = \"0123456789abcdef0123456789abcdef\""},
		"Unable to use the region ap-southeast-3": {`  provider = modelarts.singapore`, `  region = "ap-southeast-3"`},
		"The credentials have no such project":    {`region        = "cn-north-4"`, `region = "cn-north-4"` + "\nproject_name = \"none\""},
	} {
		w.Configure(t, strings.Replace(config, want[0], want[1], 1))
		if out, err := w.Run(t, "plan"); err == nil || !strings.Contains(acctest.Plain(out), change) {
			t.Errorf("%v: Terraform printed\n%s\nand not %q", err, out, change)
		}
	}
	if len(north.Notebooks())+len(south.Notebooks()) != 2 {
		t.Error("notebooks were created or deleted")
	}
}

// The tests of examples/testing pass, those with mocks without a service.
func TestAccExampleTesting(t *testing.T) {
	t.Parallel()
	for name, terraform := range map[string]string{"installed": "terraform", "newer": acctest.Newer(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, "")
			w.Terraform = terraform
			if err := os.CopyFS(filepath.Join(w.Dir, "example"), os.DirFS("../../examples/testing/")); err != nil {
				t.Fatal(err)
			}
			out := w.MustRun(t, "-chdir=example", "test", "-filter=tests/mocks.tftest.hcl")
			shows(t, out, "1 passed, 0 failed")
			s := simulate(t, w)
			shows(t, w.MustRun(t, "-chdir=example", "test"), "3 passed, 0 failed")
			if counts := s.Operations(); counts["CreateNotebook"] != 2 || counts["StopNotebook"] != 2 || len(s.Notebooks()) != 0 {
				t.Errorf("the calls are %v", counts)
			}
			// What mocks cannot do: an object is never null.
			mocks := filepath.Join(w.Dir, "example", "tests", "mocks.tftest.hcl")
			text, err := os.ReadFile(mocks)
			if err != nil {
				t.Fatal(err)
			}
			writeText(t, mocks, strings.Replace(string(text), "fail_reason = null", "ssh = null", 1), 0o600)
			if out, err := w.Run(t, "-chdir=example", "test", "-filter=tests/mocks.tftest.hcl"); err == nil || !strings.Contains(acctest.Plain(out), "incompatible types") {
				t.Errorf("%v: Terraform printed\n%s", err, out)
			}
		})
	}
}

// elsewhere starts or stops a notebook outside of Terraform, and waits for its status.
func elsewhere(t *testing.T, s *acctest.Service, id, verb, status string) {
	t.Helper()
	answer, err := http.Post(s.URL+"/_simulator/notebooks/"+id+"/"+verb, "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	acctest.Eventually(t, "the notebook is "+status, func() bool { return s.Only(t).Status == status })
}

// The guide "Continuous integration": which outputs change by themselves, and what a saved
// plan does to a notebook that was started since.
func TestAccGuide_ci(t *testing.T) {
	t.Parallel()
	var outputs strings.Builder
	volatile := []string{"status", "billing_items", "stops_at", "token"}
	for _, attribute := range append([]string{"url", "ssh_uri", "created_at"}, volatile...) {
		fmt.Fprintf(&outputs, "output %q {\n  value = modelarts_notebook.test.%s\n  sensitive = %t\n}\n", attribute, attribute, attribute == "token")
	}
	w := acctest.NewWorkspace(t, `provider "modelarts" {}`+guideNotebook+outputs.String())
	s := simulate(t, w)
	w.MustRun(t, "apply", "-auto-approve")
	plan := func(what string, want int, changed ...string) {
		t.Helper()
		out, err := w.Run(t, "plan", "-detailed-exitcode")
		var names []string
		_, text, _ := strings.Cut(out, "Changes to Outputs:")
		for _, found := range regexp.MustCompile(`(?m)^ {2}[~+-] (\w+) `).FindAllStringSubmatch(text, -1) {
			names = append(names, found[1])
		}
		slices.Sort(names)
		slices.Sort(changed)
		if exitCode(err) != want || !slices.Equal(names, changed) {
			t.Errorf("%s: the exit code is %d, and these outputs change: %q, want %d and %q\n%s", what, exitCode(err), names, want, changed, out)
		}
	}
	plan("after the apply", 0)
	s.Advance(9 * time.Hour)
	plan("when the lease has ended", 2, "status", "billing_items", "stops_at")
	id := s.Only(t).ID
	w.MustRun(t, "apply", "-auto-approve")
	elsewhere(t, s, id, "start", "RUNNING")
	plan("after a start elsewhere", 2, volatile...)
	w.Configure(t, `provider "modelarts" {}`+guideNotebook)
	w.MustRun(t, "apply", "-auto-approve")
	elsewhere(t, s, id, "stop", "STOPPED")
	plan("without outputs", 0)

	w.Configure(t, `provider "modelarts" {}`+strings.Replace(guideNotebook, "cpu.2u", "cpu.4u", 1))
	w.MustRun(t, "plan", "-out=plan.bin")
	elsewhere(t, s, id, "start", "RUNNING")
	s.ResetRequests()
	out, err := w.Run(t, "apply", "plan.bin")
	if plain := acctest.Plain(out); err == nil || !strings.Contains(plain, "allow_stopping_for_update is not true") || !strings.Contains(plain, "Nothing was changed.") {
		t.Errorf("%v: Terraform printed\n%s", err, out)
	}
	if writes := s.Writes(); len(writes) > 0 {
		t.Errorf("the calls are %q", writes)
	}
	w.Configure(t, `provider "modelarts" {}`+strings.Replace(guideNotebook, "cpu.2u\"", "cpu.4u\"\n  allow_stopping_for_update = true", 1))
	out = w.MustRun(t, "apply", "-auto-approve", "-compact-warnings")
	shows(t, out, "Warnings:\n\n- Notebook \"training\" will be stopped and started\n  on main.tf line")
	if out, err := w.Run(t, "apply", "plan.bin"); err == nil || !strings.Contains(out, "Saved plan is stale") {
		t.Errorf("%v: Terraform printed\n%s", err, out)
	}
}

// shows checks that Terraform printed texts, however it broke the lines.
func shows(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(acctest.Plain(text), acctest.Plain(want)) {
			t.Errorf("Terraform did not print %q, but\n%s", want, text)
		}
	}
}

// No plan creates an object in a region that cannot be called: here the endpoint is that
// of another region.
func TestAccPlan_regionThatCannotBeCalled(t *testing.T) {
	t.Parallel()
	for _, object := range []string{"notebook", "image", "notebook_image", "notebook_storage"} {
		t.Run(object, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../../examples/resources/modelarts_" + object + "/resource.tf")
			if err != nil {
				t.Fatal(err)
			}
			w := acctest.NewWorkspace(t, `provider "modelarts" {}`+"\n"+regexp.MustCompile(`(?m)^resource .*$`).ReplaceAllString(string(text), "$0\n  region = \"ap-southeast-1\""))
			simulate(t, w)
			out, err := w.Run(t, "plan")
			if plain := acctest.Plain(out); err == nil || !strings.Contains(plain, "Error: Unable to use the region ap-southeast-1") || !strings.Contains(plain, "terraform destroy -refresh=false") {
				t.Errorf("%v: Terraform printed\n%s", err, out)
			}
		})
	}
}
