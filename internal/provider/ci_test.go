package provider_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oasdiff/yaml"
)

// githubWorkflow is what the test reads of examples/ci/github.yml.
type githubWorkflow struct {
	On   []string          `json:"on"`
	Env  map[string]string `json:"env"`
	Jobs map[string]struct {
		Steps []struct {
			Name, Uses, Run, If string
		} `json:"steps"`
	} `json:"jobs"`
}

// gitlabJob is what the test reads of examples/ci/gitlab.yml.
type gitlabJob struct {
	Image        string            `json:"image"`
	Variables    map[string]string `json:"variables"`
	BeforeScript []string          `json:"before_script"`
	Script       []string          `json:"script"`
}

// readYAML reads a file of examples/ci, strictly: no name is there twice.
func readYAML(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "ci", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := yaml.Unmarshal(text, into, yaml.DecodeOpts{}); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// ciSteps are the steps in the shell of an example, and its variables.
func ciSteps(t *testing.T, name string) (steps []string, variables map[string]string) {
	t.Helper()
	if name == "gitlab.yml" {
		jobs := map[string]gitlabJob{}
		readYAML(t, name, &jobs)
		job := jobs["modelarts"]
		if job.Image == "" || len(job.BeforeScript) == 0 {
			t.Fatalf("%s has no image or no preparation: %+v", name, jobs)
		}
		return []string{strings.Join(job.Script, "\n")}, job.Variables
	}
	var workflow githubWorkflow
	readYAML(t, name, &workflow)
	for _, step := range workflow.Jobs["simulator"].Steps {
		switch {
		case step.Uses != "" && !regexp.MustCompile(`^[a-z-]+/[a-z-]+@[0-9a-f]{40}$`).MatchString(step.Uses):
			t.Errorf("%s: the action %s is not pinned by its digest", name, step.Uses)
		case step.Run != "" && step.If == "":
			steps = append(steps, step.Run)
		}
	}
	if len(workflow.On) == 0 {
		t.Errorf("%s runs at no event", name)
	}
	return steps, workflow.Env
}

// TestExamplesOfCI reads the examples for continuous integration, and lets the
// shell parse their steps.
func TestExamplesOfCI(t *testing.T) {
	for name, least := range map[string]int{"github.yml": 5, "gitlab.yml": 1} {
		steps, variables := ciSteps(t, name)
		if len(steps) < least || variables["SIMULATOR_VERSION"] == "" {
			t.Errorf("%s has the steps %q and the variables %q", name, steps, variables)
		}
		for _, step := range steps {
			check := exec.CommandContext(t.Context(), "bash", "-n")
			check.Stdin = strings.NewReader(step)
			if out, err := check.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s\n%s", name, err, out, step)
			}
		}
	}
}

// ciConfig is a repository that such a job tests.
const ciConfig = `
terraform {
  required_providers {
    modelarts = { source = "modelarts-community/modelarts" }
  }
}

resource "modelarts_notebook" "first" {
  name     = "first"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  volume {
    category = "EVS"
    capacity = 10
  }
  lease = {
    duration = "2h"
  }
}
`

// TestAccExamplesOfCI runs the steps of the examples: Terraform finds the
// provider in a folder as in a registry, and "go run" runs what is built here.
func TestAccExamplesOfCI(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("curl is not in PATH: the steps of the examples call it, as on the machines of both services")
	}
	bin := t.TempDir()
	mirror := filepath.Join(bin, "mirror")
	platform := filepath.Join(mirror, "registry.terraform.io", "modelarts-community", "modelarts", "0.0.1", runtime.GOOS+"_"+runtime.GOARCH)
	for file, source := range map[string]string{
		filepath.Join(platform, "terraform-provider-modelarts_v0.0.1"): "../..",
		filepath.Join(bin, "simulator"):                                "../cmd/simulator",
	} {
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, source).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	rc := filepath.Join(bin, "terraform.rc")
	writeText(t, rc, "provider_installation {\n  filesystem_mirror {\n    path = "+strconv.Quote(mirror)+"\n  }\n}\n", 0o600)
	// What stands for "go run module/internal/cmd/simulator@version".
	writeText(t, filepath.Join(bin, "go"), `#!/usr/bin/env bash
case "$1 $2" in
  "run github.com/modelarts-community/terraform-provider-modelarts/internal/cmd/simulator@latest") ;;
  *) echo "unexpected: go $*" >&2; exit 1 ;;
esac
echo $$ >simulator.pid
exec `+filepath.Join(bin, "simulator")+` "${@:3}"
`, 0o700)

	for _, name := range []string{"github.yml", "gitlab.yml"} {
		t.Run(name, func(t *testing.T) {
			steps, variables := ciSteps(t, name)
			dir := t.TempDir()
			writeText(t, filepath.Join(dir, "main.tf"), ciConfig, 0o600)
			t.Cleanup(func() { stopSimulator(t, dir) })
			env := []string{
				"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + dir, "TF_CLI_CONFIG_FILE=" + rc,
				"CHECKPOINT_DISABLE=1", "MODELARTS_POLL_INTERVAL=200ms",
			}
			for variable, value := range variables {
				env = append(env, variable+"="+value)
			}
			for _, step := range steps {
				// A step of GitHub is a shell of its own, and so is the script of GitLab.
				shell := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step)
				shell.Dir, shell.Env = dir, env
				if out, err := shell.CombinedOutput(); err != nil {
					log, _ := os.ReadFile(filepath.Join(dir, "simulator.log"))
					t.Fatalf("%v in\n%s\n%s\n%s", err, step, out, log)
				}
			}
			log, err := os.ReadFile(filepath.Join(dir, "simulator.log"))
			if err != nil || !strings.Contains(string(log), "200 CreateNotebook POST") || !strings.Contains(string(log), "200 DeleteNotebook DELETE") {
				t.Errorf("the log of the simulator: %s, %v", log, err)
			}
		})
	}
}

// stopSimulator ends the simulator that the steps in a folder have started.
func stopSimulator(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "simulator.pid"))
	if err != nil {
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Error(err)
		return
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Errorf("the simulator has ended before: %v", err)
	}
	for begin := time.Now(); syscall.Kill(pid, 0) == nil && time.Since(begin) < 10*time.Second; {
		time.Sleep(10 * time.Millisecond)
	}
}

func writeText(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
