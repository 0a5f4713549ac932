package notebook_test

import (
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// example is the example of an action, for a service.
func example(t *testing.T, s *acctest.Service, action string) string {
	t.Helper()
	return s.Provider("") + read(t, "../../examples/actions/"+action+"/action.tf")
}

// expect checks what an action has written since the last time.
func expect(t *testing.T, s *acctest.Service, status string, writes ...string) {
	t.Helper()
	got := s.Writes()
	if len(got) != len(writes) {
		t.Errorf("the calls are %q, want %q", got, writes)
	} else {
		for i, call := range writes {
			if !strings.HasPrefix(got[i], call) {
				t.Errorf("the calls are %q, want %q", got, writes)
			}
		}
	}
	if nb := s.Only(t); nb.Status != status {
		t.Errorf("the notebook is %s, want %s", nb.Status, status)
	}
	s.ResetRequests()
}

// Two scheduled jobs start and stop a notebook whose power state is not managed. No plan
// shows anything after either.
func TestAccActions_officeHours(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, quickly)
	w := acctest.NewNewerWorkspace(t, example(t, s, startAction))
	w.MustRun(t, "apply", "-auto-approve")
	s.ResetRequests()
	evening := acctest.NewNewerWorkspace(t, example(t, s, stopAction))
	unchanged := func() {
		t.Helper()
		if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
			t.Errorf("there is a change:\n%s", out)
		}
		s.ResetRequests()
	}
	for _, want := range []string{"The notebook is STOPPED\n", "The notebook is STOPPED already"} {
		out := evening.MustRun(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_stop.evening")
		if !strings.Contains(out, want) {
			t.Errorf("it prints\n%s\nwithout %s", out, want)
		}
		if strings.Contains(want, "already") {
			expect(t, s, "STOPPED")
		} else {
			expect(t, s, "STOPPED", "StopNotebook")
		}
		unchanged()
	}
	for _, want := range []string{"The notebook is RUNNING, and its lease stops it at", "The notebook is RUNNING already"} {
		out := w.MustRun(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_start.morning")
		if !strings.Contains(acctest.Plain(out), want) {
			t.Errorf("it prints\n%s\nwithout %s", out, want)
		}
		if strings.Contains(want, "already") {
			expect(t, s, "RUNNING")
		} else {
			expect(t, s, "RUNNING", "StartNotebook duration=32400000&type=timing")
		}
		unchanged()
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// A change of another resource restarts the notebook, once, and the plan says so.
func TestAccActions_trigger(t *testing.T) {
	t.Parallel()
	options := quickly
	options.StartTime = 2 * time.Second // a status that passes between two looks is not told
	s := acctest.New(t, options)
	w := acctest.NewNewerWorkspace(t, example(t, s, restartAction))
	w.MustRun(t, "apply", "-auto-approve")
	expect(t, s, "RUNNING", "CreateNotebook")
	token := s.Only(t).Token
	out := w.MustRun(t, "apply", "-auto-approve", "-var", `packages=["torch","jax"]`)
	if !strings.Contains(out, "action.modelarts_notebook_restart.training") || !strings.Contains(out, "The notebook is STARTING") ||
		!strings.Contains(acctest.Plain(out), "The notebook is RUNNING again, and its lease stops it at") {
		t.Errorf("it prints\n%s", out)
	}
	expect(t, s, "RUNNING", "StopNotebook", "StartNotebook duration=28")
	if now := s.Only(t).Token; now == token {
		t.Error("the notebook was not restarted")
	}
	if out := w.MustRun(t, "plan", "-var", `packages=["torch","jax"]`); !strings.Contains(out, "No changes.") {
		t.Errorf("there is a change after it:\n%s", out)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// A renewal by a job of its own that knows no more than the ID.
func TestAccActions_renewal(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, quickly)
	nb := made(t, s, nil)
	s.ResetRequests()
	w := acctest.NewNewerWorkspace(t, example(t, s, renewAction))
	out := w.MustRun(t, "apply", "-auto-approve", "-var", "notebook_id="+nb.ID, "-invoke=action.modelarts_notebook_renew_lease.training")
	if !strings.Contains(acctest.Plain(out), "The lease is renewed: the notebook is RUNNING, and its lease stops it at") {
		t.Errorf("it prints\n%s", out)
	}
	expect(t, s, "RUNNING", "RenewLease duration=7200000")
}

// A start of a notebook that is to be stopped is undone by the next apply, and a stop of
// one that is to run as well.
func TestAccActions_desiredStatus(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, quickly)
	config := func(status string) string {
		return config(s, base.with(arguments{"desired_status": quote(status), "lease": `{ duration = "1h" }`})) + `
action "modelarts_notebook_start" "test" {
  config { notebook_id = modelarts_notebook.test.id }
}
action "modelarts_notebook_stop" "test" {
  config { notebook_id = modelarts_notebook.test.id }
}
`
	}
	w := acctest.NewNewerWorkspace(t, config("STOPPED"))
	w.MustRun(t, "apply", "-auto-approve")
	expect(t, s, "STOPPED", "CreateNotebook", "StopNotebook")
	w.MustRun(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_start.test")
	expect(t, s, "RUNNING", "StartNotebook")
	w.MustRun(t, "apply", "-auto-approve")
	expect(t, s, "STOPPED", "StopNotebook")
	w.Configure(t, config("RUNNING"))
	w.MustRun(t, "apply", "-auto-approve")
	expect(t, s, "RUNNING", "StartNotebook")
	w.MustRun(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_stop.test")
	expect(t, s, "STOPPED", "StopNotebook")
	w.MustRun(t, "apply", "-auto-approve")
	expect(t, s, "RUNNING", "StartNotebook")
	w.MustRun(t, "destroy", "-auto-approve")
}

// Ctrl-C ends a restart at once. The notebook, which it has stopped, starts again.
func TestAccActions_cancel(t *testing.T) {
	t.Parallel()
	options := quickly
	options.StopTime = 2000 * 1000 * 1000
	s := acctest.New(t, options)
	nb := made(t, s, nil)
	w := acctest.NewNewerWorkspace(t, s.Provider("")+`
action "modelarts_notebook_restart" "test" {
  config { notebook_id = "`+nb.ID+`" }
}
`)
	run := w.Start(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_restart.test")
	becomes(t, s, nb.ID, "STOPPING")
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	out, err := run.Wait()
	if err == nil || !strings.Contains(acctest.Plain(out), "Unable to restart notebook") {
		t.Errorf("it ends with %v:\n%s", err, out)
	}
	becomes(t, s, nb.ID, "RUNNING")
}

// No token is in what Terraform prints, logs or keeps of an action.
func TestAccActions_noSecretsInLogs(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, quickly)
	nb := made(t, s, nil)
	w := acctest.NewNewerWorkspace(t, s.Provider("")+`
action "modelarts_notebook_restart" "test" {
  config { notebook_id = "`+nb.ID+`" }
}
`)
	logged := w.Log()
	before := s.Only(t).Token
	out := w.MustRun(t, "apply", "-auto-approve", "-invoke=action.modelarts_notebook_restart.test")
	acctest.NoSecrets(t, logged(t), out, []string{before, s.Only(t).Token}, "/stop")
}

// What the guide "Start, stop and renew" says of an image before a destroy: the image stays,
// and the notebook goes.
func TestAccActions_imageBeforeADestroy(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	_, block, found := strings.Cut(read(t, "../../templates/guides/start-and-stop.md"), "```terraform\nresource \"modelarts_notebook_image\"")
	block, _, ended := strings.Cut(block, "```")
	if !found || !ended {
		t.Fatal("the guide has no such block")
	}
	w := acctest.NewWorkspace(t, s.Provider("")+base.with(arguments{"lease": `{ duration = "1h" }`}).resource("training")+"\nresource \"modelarts_notebook_image\""+block)
	w.MustRun(t, "apply", "-auto-approve", "-target=modelarts_notebook_image.last")
	w.MustRun(t, "destroy", "-auto-approve")
	if err := s.NothingLeft(nil); err != nil {
		t.Error(err)
	}
	kept := false
	for _, image := range s.Images() {
		kept = kept || image.Name == "training" && strings.Contains(block, `"`+image.Tag+`"`)
	}
	if !kept {
		t.Error("the image is gone")
	}
}
