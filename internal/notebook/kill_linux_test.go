package notebook_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// These tests kill the provider, or Terraform, with SIGKILL, which cannot be
// handled, and then do what the guide "After a crash" says. They are for Linux,
// since they look up the provider's process in /proc.

// killed runs an apply and kills it as soon as the service is in a state.
func killed(t *testing.T, w *acctest.Workspace, whole bool, when func() bool, args ...string) {
	t.Helper()
	run := w.Start(t, args...)
	acctest.Eventually(t, "the moment to kill it", when)
	if whole {
		if err := run.Kill(); err != nil {
			t.Fatal(err)
		}
	} else if there, err := run.KillProvider(); err != nil || !there {
		t.Fatalf("there is a provider to kill: %t, %v", there, err)
	}
	out, err := run.Wait()
	if err == nil {
		t.Fatalf("nothing was killed:\n%s", out)
	}
	if !whole && !strings.Contains(out, "Error: Plugin did not respond") && !strings.Contains(out, "Error: Request cancelled") {
		t.Errorf("Terraform says neither of what the guide tells:\n%s", out)
	}
	// Terraform leaves its lock behind when it is killed.
	if err := os.Remove(filepath.Join(w.Dir, ".terraform.tfstate.lock.info")); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

func held(t *testing.T, w *acctest.Workspace) bool {
	t.Helper()
	state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate"))
	return err == nil && strings.Contains(string(state), `"type": "modelarts_notebook"`)
}

// A create that is killed leaves a notebook that the state does not know. It is
// found by its name, and taken over.
func TestAccNotebook_createKilled(t *testing.T) {
	t.Parallel()
	for name, whole := range map[string]bool{"provider": false, "terraform": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{CreateTime: 3 * time.Second})
			search := `
data "modelarts_notebooks" "test" { name = "test" }
output "found" { value = [for n in data.modelarts_notebooks.test.notebooks : "${n.id} ${n.created_at}" if n.name == "test"] }
`
			w := acctest.NewWorkspace(t, config(s, base))
			killed(t, w, whole, func() bool {
				return s.Operations()["ShowNotebook"] > 0 && len(s.Notebooks()) > 0
			}, "apply", "-auto-approve")
			id := s.Only(t).ID
			if held(t, w) {
				t.Fatal("the state knows the notebook: the guide can say so")
			}
			acctest.Eventually(t, "the notebook runs", func() bool { return s.Only(t).Status == "RUNNING" })

			// The next plan names it, and how to take it over.
			wantText(t, w.MustRun(t, "plan"), "A notebook of that name exists already (notebook \"test\")")
			wantText(t, w.MustRun(t, "plan"), "terraform import ADDRESS "+id)

			w.Configure(t, config(s, base)+search)
			wantText(t, w.MustRun(t, "apply", "-auto-approve", "-target=data.modelarts_notebooks.test"), `"`+id+" ")
			w.Configure(t, config(s, base))
			w.MustRun(t, "import", address, id)
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), "0 added")
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			if s.Only(t).ID != id {
				t.Error("the notebook was replaced")
			}
		})
	}
}

// An update that is killed between its stop and its start leaves the notebook
// stopped, as the next plan says. desired_status starts it.
func TestAccNotebook_updateKilled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{StopTime: time.Second})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor)})
	w.Configure(t, config(s, larger))
	killed(t, w, false, func() bool { return s.Only(t).Status == "STOPPING" }, "apply", "-auto-approve")
	acctest.Eventually(t, "the notebook has stopped", func() bool { return s.Only(t).Status == "STOPPED" })

	w.Configure(t, config(s, larger.with(arguments{"desired_status": `"RUNNING"`})))
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Only(t); n.ID != id || n.Status != "RUNNING" || n.Flavor != acctest.LargerFlavor {
		t.Errorf("the service holds %+v", n)
	}
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
}

// signalled runs an apply and sends a signal to all its processes as soon as the
// service is in a state.
func signalled(t *testing.T, w *acctest.Workspace, sig syscall.Signal, when func() bool) string {
	t.Helper()
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "the moment to end it", when)
	provider, err := run.Signal(sig)
	if err != nil || provider == 0 {
		t.Fatalf("there is a provider to end: %d, %v", provider, err)
	}
	if sig == syscall.SIGHUP {
		t.Cleanup(func() { _ = syscall.Kill(provider, syscall.SIGTERM) }) // it outlives Terraform
	}
	out, err := run.Wait()
	if err == nil {
		t.Fatalf("nothing has ended:\n%s", out)
	}
	return out
}

// SIGTERM to all processes of a run, as systemd and the runners of jobs send it, is
// handled like Ctrl-C: the state holds the notebook that was being created. An update
// that SIGTERM or SIGHUP has cut after its stop starts the notebook again.
func TestAccNotebook_signalled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: 3 * time.Second, StopTime: 3 * time.Second})
	w := acctest.NewWorkspace(t, config(s, base))
	out := signalled(t, w, syscall.SIGTERM, func() bool { return s.Operations()["ShowNotebook"] > 0 && len(s.Notebooks()) > 0 })
	if !held(t, w) || strings.Contains(out, "Plugin did not respond") {
		t.Fatalf("the notebook is in no state:\n%s", out)
	}
	id := s.Only(t).ID
	w.MustRun(t, "apply", "-auto-approve")

	w.Configure(t, config(s, base.with(arguments{"flavor": quote(acctest.LargerFlavor)})))
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		signalled(t, w, sig, func() bool { return s.Only(t).Status == "STOPPING" })
		acctest.Eventually(t, "the notebook runs again after "+sig.String(), func() bool { return s.Only(t).Status == "RUNNING" })
	}
	if got := s.Only(t).ID; got != id {
		t.Errorf("the notebook is %s, and was %s", got, id)
	}
}

// A destroy that is killed is finished by the next one.
func TestAccNotebook_deleteKilled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{DeleteTime: time.Second})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	killed(t, w, false, func() bool { return s.Operations()["DeleteNotebook"] > 0 }, "destroy", "-auto-approve")
	if !held(t, w) {
		t.Error("the state has forgotten a notebook that was not gone yet")
	}
	w.MustRun(t, "destroy", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 || held(t, w) {
		t.Errorf("left: %+v", left)
	}
}
