package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	module  = "github.com/modelarts-community/terraform-provider-modelarts"
	program = "terraform-provider-modelarts"

	// weighed names the file that a provider's weight is written to, and
	// weighs the provider: with them this program stands in its place.
	weighed = "BENCH_WEIGHED"
	weighs  = "BENCH_WEIGHS"
)

// weigh runs the provider and appends the most memory that it has taken to a
// file. Only who has started a process learns that to the byte.
func weigh(to string) int {
	cmd := exec.Command(os.Getenv(weighs), os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 1
	}
	file, err := os.OpenFile(to, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = fmt.Fprintln(file, usage.Maxrss) // KiB on Linux
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// peak is the most memory, in MiB, that a process of the provider takes in a run
// of Terraform.
func peak(b *testing.B, w *acctest.Workspace, provider string, run func()) float64 {
	b.Helper()
	dir := b.TempDir()
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(dir, program))
	}
	if err != nil {
		b.Fatal(err)
	}
	to := filepath.Join(dir, "weights")
	w.Setenv(weighed, to)
	w.Setenv(weighs, filepath.Join(provider, program))
	overrides(b, w, map[string]string{"modelarts": dir})
	run()
	text, err := os.ReadFile(to)
	if err != nil {
		b.Fatal(err)
	}
	most := 0
	for _, line := range strings.Fields(string(text)) {
		kib, err := strconv.Atoi(line)
		if err != nil {
			b.Fatal(err)
		}
		most = max(most, kib)
	}
	return float64(most) / 1024
}

func BenchmarkWeight(b *testing.B) {
	provider, empty := built(b, module, program), built(b, "./testdata/empty", "terraform-provider-empty")
	file, err := os.Stat(filepath.Join(provider, program))
	if err != nil {
		b.Fatal(err)
	}
	report(b, "weight", "stripped program", float64(file.Size())/(1<<20), "MiB", 25)

	ours, theirs := acctest.NewWorkspace(b, ""), acctest.NewWorkspace(b, "")
	write(b, filepath.Join(theirs.Dir, "main.tf"), `terraform {
  required_providers {
    empty = { source = "modelarts-community/empty" }
  }
}
`)
	both := map[string]string{"modelarts": provider, "empty": empty}
	overrides(b, ours, both)
	overrides(b, theirs, both)
	times := bestOf(9,
		func() { ours.MustRun(b, "providers", "schema", "-json") },
		func() { theirs.MustRun(b, "providers", "schema", "-json") })
	report(b, "weight", "providers schema -json", times[0], "s", 0)
	report(b, "weight", "the same of an empty provider", times[1], "s", 0)
	report(b, "weight", "the one over the other", times[0]/times[1], "times", 1.3)
	report(b, "weight", "memory of the provider for it, peak",
		peak(b, ours, provider, func() { ours.MustRun(b, "providers", "schema", "-json") }), "MiB", 45)

	const n = 1000
	s := service(b, 0, simulator.Options{})
	w := stocked(b, s, n)
	report(b, "weight", fmt.Sprintf("memory for a plan of %d notebooks, peak", n),
		peak(b, w, provider, func() { emptyPlan(b, w) }), "MiB", 80)
}

func write(b *testing.B, file, text string) {
	b.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}
