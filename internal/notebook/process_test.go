package notebook_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// These tests run the provider as a program of its own: what happens to a
// process cannot be seen inside the test's.

// instance is the notebook as the state has it.
type instance struct {
	Status     string         `json:"status"` // "tainted" or empty
	Attributes map[string]any `json:"attributes"`
}

func stateOf(t *testing.T, w *acctest.Workspace) instance {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []instance `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(w.State(t)), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Resources) != 1 || len(state.Resources[0].Instances) != 1 {
		t.Fatalf("the state holds %+v, want one notebook", state)
	}
	return state.Resources[0].Instances[0]
}

func wantText(t *testing.T, out, want string) {
	t.Helper()
	if !strings.Contains(acctest.Plain(out), want) {
		t.Errorf("Terraform printed\n%s\nwithout: %s", out, want)
	}
}

// Cut in the wait of a create: the ID is in the state, the notebook is healthy,
// and the next apply keeps it.
func TestAccNotebook_createCancelled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: time.Hour})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"tags": `{ team = "vision" }`})))
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a look at the new notebook", func() bool { return s.Operations()["ShowNotebook"] > 0 })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	out, err := run.Wait()
	if err == nil {
		t.Errorf("a cancelled apply must not look like one that is done:\n%s", out)
	}
	wantText(t, out, "was still being created")

	notebook := s.Only(t)
	state := stateOf(t, w)
	if state.Attributes["id"] != notebook.ID || state.Status != "" || state.Attributes["name"] != "test" {
		t.Fatalf("the state holds %+v, want the untainted notebook %s", state, notebook.ID)
	}

	s.Advance(2 * time.Minute) // still being created
	s.Configure(func(o *simulator.Options) { o.CreateTime = 0 })
	if err := s.Change(notebook.ID, simulator.Drift{Status: new("RUNNING")}); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if now := s.Only(t); now.ID != notebook.ID || now.Tags["team"] != "vision" {
		t.Errorf("the next apply made of it %+v", now)
	}
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// An apply while a cut create still goes on waits for it, and does what was left: the
// tags, and the stop. The state says at no time that the notebook is stopped before it is.
func TestAccNotebook_applyWhileItIsCreated(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		desired, fate, now string
		fails              string
	}{
		"to be stopped":    {desired: `"STOPPED"`, fate: "RUNNING", now: "STOPPED"},
		"to run":           {desired: `"RUNNING"`, fate: "RUNNING", now: "RUNNING"},
		"either":           {fate: "RUNNING", now: "RUNNING"},
		"it does not come": {desired: `"STOPPED"`, fate: "CREATE_FAILED", fails: "failed, and the next apply replaces it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{CreateTime: time.Hour})
			w := acctest.NewWorkspace(t, config(s, base.with(arguments{"tags": `{ team = "vision" }`, "desired_status": tc.desired})))
			run := w.Start(t, "apply", "-auto-approve")
			acctest.Eventually(t, "a look at the new notebook", func() bool { return s.Operations()["ShowNotebook"] > 0 })
			if err := run.Interrupt(); err != nil {
				t.Fatal(err)
			}
			if out, err := run.Wait(); err == nil {
				t.Errorf("the create was not cut:\n%s", out)
			}
			id := s.Only(t).ID
			if state := stateOf(t, w); state.Attributes["status"] != "CREATING" || state.Status != "" {
				t.Errorf("the state says %v, %q", state.Attributes["status"], state.Status)
			}
			for _, args := range [][]string{{"plan", "-detailed-exitcode"}, {"plan", "-detailed-exitcode", "-refresh=false"}} {
				if out, err := w.Run(t, args...); err == nil || !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") {
					t.Errorf("%q: %v: %s", args, err, out)
				}
			}
			looks := s.Operations()["ShowNotebook"]
			run = w.Start(t, "apply", "-auto-approve")
			acctest.Eventually(t, "the apply waits", func() bool { return s.Operations()["ShowNotebook"] > looks+2 })
			s.Configure(func(o *simulator.Options) { o.CreateTime = 0 })
			drift(t, s, simulator.Drift{Status: new(tc.fate)})
			out, err := run.Wait()
			if (err != nil) != (tc.fails != "") {
				t.Errorf("%v: %s", err, out)
			}
			wantText(t, out, tc.fails)
			if tc.fails != "" {
				w.MustRun(t, "apply", "-auto-approve")
				tc.now = "STOPPED"
			} else if s.Only(t).ID != id {
				t.Error("it was replaced")
			}
			if now := s.Only(t); now.Status != tc.now || now.Tags["team"] != "vision" {
				t.Errorf("the service holds %+v", now)
			}
			if got := stateOf(t, w).Attributes; got["status"] != tc.now || got["url"] == nil {
				t.Errorf("the state says %v, with the URL %v", got["status"], got["url"])
			}
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
		})
	}
}

// A creation that fails after the apply has ended: the next apply replaces the
// notebook, also one that is protected, since it holds nothing.
func TestAccNotebook_creationFailsUnseen(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: time.Hour})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"deletion_protection": "true"})))
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a look at the new notebook", func() bool { return s.Operations()["ShowNotebook"] > 0 })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if out, err := run.Wait(); err == nil {
		t.Errorf("the create was not cut:\n%s", out)
	}
	failed := s.Only(t).ID
	s.Configure(func(o *simulator.Options) { o.CreateTime = 0 })
	drift(t, s, simulator.Drift{Status: new("CREATE_FAILED"), FailReason: new("The image could not be pulled.")})

	s.ResetRequests()
	wantText(t, w.MustRun(t, "apply", "-auto-approve"), "Its creation failed: The image could not be pulled.")
	if calls, want := s.Writes(), []string{"DeleteNotebook", "CreateNotebook"}; !slices.Equal(calls, want) {
		t.Errorf("the apply called %q, want %q", calls, want)
	}
	if n := s.Only(t); n.ID == failed || n.Status != "RUNNING" {
		t.Errorf("the service holds %+v", n)
	}
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")

	// A destroy removes one too.
	drift(t, s, simulator.Drift{Status: new("CREATE_FAILED")})
	w.MustRun(t, "destroy", "-auto-approve")
}

// Out of time in the wait of a create: the ID is in the state, tainted, and a
// destroy removes the notebook although it was to be protected.
func TestAccNotebook_createTimesOut(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: time.Hour})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"timeouts": `{ create = "2s" }`, "deletion_protection": "true"})))
	out, err := w.Run(t, "apply", "-auto-approve")
	if err == nil {
		t.Fatalf("the create did not fail:\n%s", out)
	}
	wantText(t, out, "did not come up in time: gave up waiting after ")
	wantText(t, out, "the last status seen was CREATING")
	state := stateOf(t, w)
	if state.Attributes["id"] != s.Only(t).ID || state.Status != "tainted" {
		t.Fatalf("the state holds %+v, want the tainted notebook", state)
	}
	if err := s.Change(s.Only(t).ID, simulator.Drift{Status: new("RUNNING")}); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "destroy", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("left: %+v", left)
	}
}

// Cut between the stop and the start of an update: the notebook that we stopped
// is started again, and the next apply does the rest.
func TestAccNotebook_updateCancelled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{StopTime: time.Second})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	w.Configure(t, config(s, base.with(arguments{"flavor": quote(acctest.LargerFlavor)})))
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a stop", func() bool { return s.Operations()["StopNotebook"] > 0 })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	out, err := run.Wait()
	if err == nil {
		t.Fatalf("the update was not cut:\n%s", out)
	}
	acctest.Eventually(t, "the notebook runs again", func() bool { return s.Only(t).Status == "RUNNING" })
	if state := stateOf(t, w); state.Status != "" || state.Attributes["flavor"] != acctest.Flavor {
		t.Errorf("the state holds %+v", state)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Only(t); n.ID != id || n.Flavor != acctest.LargerFlavor || n.Status != "RUNNING" {
		t.Errorf("the next apply made of it %+v", n)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// Cut in the wait of a delete: the notebook stays in the state until it is gone.
func TestAccNotebook_deleteCancelled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{DeleteTime: time.Hour})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	run := w.Start(t, "destroy", "-auto-approve")
	acctest.Eventually(t, "a delete", func() bool { return s.Operations()["DeleteNotebook"] > 0 })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if out, err := run.Wait(); err == nil {
		t.Fatalf("the delete was not cut:\n%s", out)
	}
	stateOf(t, w)
	s.Remove(s.Only(t).ID)
	s.Configure(func(o *simulator.Options) { o.DeleteTime = 0 })
	w.MustRun(t, "destroy", "-auto-approve")
}

// No log at any level holds a secret: neither the keys nor the notebook's token
// nor the header that is made of the keys.
func TestAccNotebook_noSecretsInLogs(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	full := base.with(arguments{
		"endpoints": `{ SSH = { key_pair_names = ["a"] } }`,
		"tags":      `{ a = "b" }`, "lease": `{ duration = "8h" }`,
	})
	w := acctest.NewWorkspace(t, config(s, full))
	logged := w.Log()

	printed := w.MustRun(t, "apply", "-auto-approve")
	token := s.Only(t).Token
	w.Configure(t, config(s, full.with(arguments{"flavor": quote(acctest.LargerFlavor), "lease": `{ duration = "9h" }`, "tags": ""})))
	// It is signed afresh once, so that it takes two refusals to fail.
	s.Inject(simulator.Fault{Kind: simulator.FaultUnauthorized, Operation: "UpdateNotebook", Count: 2})
	failed, err := w.Run(t, "apply", "-auto-approve")
	if err == nil {
		t.Error("the refused signature went by unnoticed")
	}
	printed += failed + w.MustRun(t, "apply", "-auto-approve")
	tokens := []string{token, s.Only(t).Token}
	printed += w.MustRun(t, "plan") + w.MustRun(t, "destroy", "-auto-approve")
	acctest.NoSecrets(t, logged(t), printed, tokens, ": POST /v1/", "/stop")
}

// A replacement that is asked for on the command line is not seen by the plan:
// the delete refuses it.
func TestAccNotebook_protectedAgainstReplace(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base.with(arguments{"deletion_protection": "true"})))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID
	out, err := w.Run(t, "apply", "-auto-approve", "-replace="+address)
	if err == nil {
		t.Errorf("the protected notebook was replaced:\n%s", out)
	}
	wantText(t, out, "has deletion_protection = true in the state.")
	if s.Only(t).ID != id || stateOf(t, w).Attributes["id"] != id {
		t.Error("the notebook is another one now")
	}
	w.Configure(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "destroy", "-auto-approve")
}
