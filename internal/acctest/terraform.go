package acctest

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const module = "github.com/modelarts-community/terraform-provider-modelarts"

// binary is the provider as a program, built once for all tests of a package. Its
// shortcuts past the framework are held to what the framework says.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "terraform-provider-modelarts")
	if err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-ldflags", "-X "+module+"/internal/serve.prove=yes", //nolint:gosec // the arguments are fixed
		"-o", filepath.Join(dir, "terraform-provider-modelarts"), module).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	return dir, nil
})

// Workspace is a folder in which the Terraform program runs with the provider
// as a program of its own: for what needs real processes, such as a signal or
// a log.
type Workspace struct {
	Dir string
	// Terraform is the program to run: that of TF_ACC_TERRAFORM_PATH or that in PATH,
	// unless a test sets another one, as Newer finds it.
	Terraform string
	env       []string
}

// NewWorkspace makes a folder with a configuration, to which it adds the
// requirement of the provider. Nothing of the machine's own environment for the
// cloud or for Terraform is in it.
func NewWorkspace(t testing.TB, config string) *Workspace {
	t.Helper()
	built, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{Dir: t.TempDir(), Terraform: cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")}
	rc := filepath.Join(w.Dir, "terraform.rc")
	write(t, rc, fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"modelarts-community/modelarts\" = %q\n  }\n  direct {}\n}\n", built))
	w.Configure(t, config)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TF_") && !strings.HasPrefix(v, "HW_") && !strings.HasPrefix(v, "HUAWEICLOUD_") && !strings.HasPrefix(v, "MODELARTS_") {
			w.env = append(w.env, v)
		}
	}
	w.env = append(w.env, "TF_CLI_CONFIG_FILE="+rc, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		// Where no profile is, and no metadata.
		"HOME="+w.Dir, "MODELARTS_METADATA_ENDPOINT=http://127.0.0.1:1")
	return w
}

// Configure replaces the configuration.
func (w *Workspace) Configure(t testing.TB, config string) {
	t.Helper()
	write(t, filepath.Join(w.Dir, "main.tf"), `
terraform {
  required_providers {
    modelarts = { source = "modelarts-community/modelarts" }
  }
}
`+config)
}

// Config reads the configuration, with what Configure has added.
func (w *Workspace) Config(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Setenv sets a variable for the runs to come.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// Run runs Terraform and returns what it printed, on both streams.
func (w *Workspace) Run(t testing.TB, args ...string) (string, error) {
	t.Helper()
	r := w.Start(t, args...)
	return r.Wait()
}

// MustRun is Run for what must succeed.
func (w *Workspace) MustRun(t testing.TB, args ...string) string {
	t.Helper()
	out, err := w.Run(t, args...)
	if err != nil {
		t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// Running is a Terraform that is at work.
type Running struct {
	cmd *exec.Cmd
	out bytes.Buffer
}

// Start starts Terraform.
func (w *Workspace) Start(t testing.TB, args ...string) *Running {
	t.Helper()
	r := &Running{cmd: exec.CommandContext(t.Context(), w.Terraform, append(args, "-no-color")...)} //nolint:gosec // the tests' own arguments
	r.cmd.Dir, r.cmd.Env = w.Dir, w.env
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.out
	r.cmd.WaitDelay = 10 * time.Second
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return r
}

// Interrupt presses Ctrl-C.
func (r *Running) Interrupt() error { return r.cmd.Process.Signal(syscall.SIGINT) }

// Signal sends a signal to Terraform and to the provider, as a supervisor does that
// ends all processes of a job. It returns the process of the provider; 0: there is none.
func (r *Running) Signal(sig syscall.Signal) (int, error) {
	pid, err := r.provider()
	if err != nil || pid == 0 {
		return 0, err
	}
	return pid, errors.Join(r.cmd.Process.Signal(sig), syscall.Kill(pid, sig))
}

// KillProvider kills the provider's process, and so the calls that are under way
// in it, as a machine does that runs out of memory. It says whether there was one.
func (r *Running) KillProvider() (bool, error) {
	pid, err := r.provider()
	if err != nil || pid == 0 {
		return false, err
	}
	return true, syscall.Kill(pid, syscall.SIGKILL)
}

// provider is the process of the provider; 0: there is none.
func (r *Running) provider() (int, error) {
	processes, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	for _, file := range processes {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		var pid, parent int
		var state string
		name, rest, _ := strings.Cut(string(stat), ") ")
		_, name, _ = strings.Cut(name, "(")
		if _, err := fmt.Sscan(string(stat), &pid); err != nil {
			continue
		}
		if _, err := fmt.Sscan(rest, &state, &parent); err != nil {
			continue
		}
		if parent == r.cmd.Process.Pid && strings.HasPrefix(name, "terraform-prov") {
			return pid, nil
		}
	}
	return 0, nil
}

// Kill kills Terraform itself, and then the provider, which it leaves behind.
func (r *Running) Kill() error {
	pid, err := r.provider()
	err = errors.Join(err, r.cmd.Process.Kill())
	if pid != 0 {
		err = errors.Join(err, syscall.Kill(pid, syscall.SIGKILL))
	}
	return err
}

// Wait waits for the end and returns what was printed, wrapped lines joined.
func (r *Running) Wait() (string, error) {
	err := r.cmd.Wait()
	return r.out.String(), err
}

// State reads the state as JSON.
func (w *Workspace) State(t testing.TB) string {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	return string(state)
}

// Eventually waits for what another process is about to do.
func Eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to this: " + what)
		}
	}
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
