package notebook_test

import (
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A new notebook that the service refuses to show, or denies for longer than it
// is believed, is a warning: an error would have the next apply destroy it.
func TestAccNotebook_refusedAfterTheCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"refused": {Kind: simulator.FaultUnauthorized, Count: -1},
		"busy":    {Kind: simulator.FaultRefuse, Code: "ModelArts.6357", Count: -1},
		"denied":  {Kind: simulator.FaultNotFound, Count: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			a := base.with(arguments{"tags": `{ team = "vision" }`, "deletion_protection": "true"})
			w := acctest.NewWorkspace(t, config(s, a))
			fault.Operation = "ShowNotebook"
			s.Inject(fault)
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), `Notebook "test" could not be followed`)
			s.ClearFaults()
			id := s.Only(t).ID
			if state := stateOf(t, w); state.Attributes["id"] != id || state.Status != "" {
				t.Fatalf("the state holds %+v, want the untainted notebook %s", state, id)
			}
			w.MustRun(t, "apply", "-auto-approve")
			if now := s.Only(t); now.ID != id || now.Tags["team"] != "vision" {
				t.Errorf("the next apply made of it %+v", now)
			}
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.Configure(t, config(s, a.with(arguments{"deletion_protection": ""})))
			w.MustRun(t, "apply", "-auto-approve")
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// Another node may answer the old status also after others have answered the
// new one.
func TestAccNotebook_flappingAnswers(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: 200 * time.Millisecond, StartTime: 200 * time.Millisecond})
	same := sameNotebook(t)
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook", Skip: 1, Count: 2})
	s.Check(t,
		resource.TestStep{Config: config(s, base), Check: same},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultStatus, Value: "STOPPED", Operation: "ShowNotebook", Skip: 7, Count: 2})
			},
			Config: config(s, base.with(arguments{"flavor": quote(acctest.LargerFlavor)})), Check: same,
		},
	)
	s.FaultsHit(t)
}

// A notebook that is busy refuses a change only for now.
func TestAccNotebook_busyUpdate(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				for _, operation := range []string{"UpdateNotebook", "CreateNotebookTags", "RenewLease"} {
					s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: operation, Code: "ModelArts.6357"})
				}
				s.ResetRequests()
			},
			Config: config(s, base.with(arguments{"name": `"b"`, "tags": `{ a = "b" }`, "lease": `{ duration = "2h" }`})),
			Check: s.ExpectWrites("CreateNotebookTags workspace_id=0 tags", "CreateNotebookTags workspace_id=0 tags", "UpdateNotebook name", "UpdateNotebook name",
				"RenewLease duration=7200000 duration type", "RenewLease duration=7200000 duration type"),
		},
	)
}

// A notebook that was just created and that the service denies to a delete, an update or a read is
// looked for before it is forgotten.
func TestAccNotebook_deniedWhenJustCreated(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, config(s, base.with(arguments{"name": `"b"`})))
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook"})
	w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	s.FaultsHit(t)
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "DeleteNotebook"})
	w.MustRun(t, "destroy", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("forgotten: %+v", left)
	}
	s.FaultsHit(t)

	// One that is still being created is found, and not waited for.
	s.Configure(func(o *simulator.Options) { o.CreateTime = time.Hour })
	w.Configure(t, config(s, base.with(arguments{"timeouts": `{ create = "1s", read = "20s" }`})))
	if out, err := w.Run(t, "apply", "-auto-approve"); err == nil {
		t.Errorf("the create did not time out:\n%s", out)
	}
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook", Count: 2})
	drift(t, s, simulator.Drift{Name: new("test")})
	w.MustRun(t, "plan")
	s.FaultsHit(t)
	drift(t, s, simulator.Drift{Status: new("RUNNING")})
	w.MustRun(t, "destroy", "-auto-approve")
}

// A restart cuts nothing of the present lease, whether the configuration has none or a
// shorter one, with or without the service's clock.
func TestAccNotebook_leaseIsNotCut(t *testing.T) {
	t.Parallel()
	const day = int64(24 * time.Hour / time.Millisecond)
	for name, tc := range map[string]struct {
		before, after arguments
		noClock       bool
	}{
		"restart, a shorter lease": {arguments{"lease": `{ duration = "2h" }`}, arguments{"flavor": quote(acctest.LargerFlavor)}, false},
		"restart, no lease":        {nil, arguments{"flavor": quote(acctest.LargerFlavor)}, false},
		"restart, no clock":        {nil, arguments{"flavor": quote(acctest.LargerFlavor)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			if tc.noClock {
				another(t, s, func(nb map[string]any) { delete(nb, "current_time") })
			}
			s.Check(t,
				resource.TestStep{Config: config(s, base.with(tc.before))},
				resource.TestStep{
					PreConfig: func() { drift(t, s, simulator.Drift{LeaseDuration: new(day)}) },
					Config:    config(s, base.with(tc.before).with(tc.after)),
				},
				resource.TestStep{
					PreConfig: func() {
						// Without current_time the clock is that of the Date header, which counts seconds.
						if asked := s.Only(t).Lease.Duration; asked < day-60_000 || asked > day+1000 {
							t.Errorf("a lease of a day became one of %d ms", asked)
						}
					},
					Config: config(s, base.with(tc.before).with(tc.after)), PlanOnly: true,
				},
			)
		})
	}
}

// Answers from before the stop, after the start, say that the notebook runs. They
// must not hide that the start fails, neither while it is waited for nor once it
// is known to have failed.
func TestAccNotebook_staleAfterStart(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ failures, old int }{
		"before the failure":           {0, 2},
		"after the failure was seen":   {1, 2},
		"after it was seen by another": {2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{StartTime: 100 * time.Millisecond, Answers: takesFailedStarts.Answers})
			var mu sync.Mutex
			var old map[string]any
			failures, shown := 0, 0
			another(t, s, func(notebook map[string]any) {
				mu.Lock()
				defer mu.Unlock()
				switch started := s.Operations()["StartNotebook"] > 0; {
				case !started && notebook["status"] == "RUNNING":
					old = maps.Clone(notebook)
				case started && shown < tc.old && failures == tc.failures:
					shown++
					maps.Copy(notebook, old)
				case notebook["status"] == "START_FAILED":
					failures++
				}
			})
			larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor)})
			s.Check(t,
				resource.TestStep{Config: config(s, base)},
				resource.TestStep{
					PreConfig: func() {
						s.Inject(simulator.Fault{Kind: simulator.FaultStartFailed, Reason: "No resources are left.", Count: -1})
					},
					Config: config(s, larger), ExpectError: acctest.Text("The notebook was RUNNING and is START_FAILED now; the next apply starts it again"),
				},
				resource.TestStep{
					PreConfig: func() {
						if shown != tc.old {
							t.Errorf("%d old answers were given, want %d", shown, tc.old)
						}
						s.ClearFaults()
					},
					Config: config(s, larger), Check: func(*terraform.State) error {
						if n := s.Only(t); n.Status != "RUNNING" || n.Flavor != acctest.LargerFlavor {
							return fmt.Errorf("the service holds %+v", n)
						}
						return nil
					},
				},
			)
		})
	}
}
