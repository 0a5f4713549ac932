package notebook_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A stopped notebook that had to be started for its disk is stopped again, also
// when that is refused for a while.
func TestAccNotebook_stoppedAgain(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	larger := base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: new("STOPPED")})
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StopNotebook", Code: "ModelArts.6102", Count: 5})
			},
			Config: config(s, larger), ExpectError: acctest.Text("brought the notebook back to STOPPED"),
		},
		resource.TestStep{
			PreConfig: func() {
				if n := s.Only(t); n.Status != "STOPPED" || n.Volume.Capacity != 10 {
					t.Errorf("the service holds %+v", n)
				}
			},
			Config: config(s, larger), PlanOnly: true,
		},
	)
}

// Cut while a stopped notebook is being started for its disk: it is stopped
// again.
func TestAccNotebook_cancelledWhileStartingForADisk(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	drift(t, s, simulator.Drift{Status: new("STOPPED")})
	s.Configure(func(o *simulator.Options) { o.StartTime = 2 * time.Second })
	w.Configure(t, config(s, base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})))
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a start", func() bool { return s.Only(t).Status == "STARTING" })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if out, err := run.Wait(); err == nil {
		t.Errorf("the update was not cut:\n%s", out)
	}
	acctest.Eventually(t, "the notebook is stopped again", func() bool { return s.Only(t).Status == "STOPPED" })
	w.MustRun(t, "destroy", "-auto-approve")
}

// Cut while the service is not ready to start what we have stopped: the start is
// owed all the same.
func TestAccNotebook_cancelledWhileTheStartIsRefused(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, config(s, base.with(arguments{"flavor": quote(acctest.LargerFlavor)})))
	s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6355", Count: 60})
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a start", func() bool { return s.Operations()["StartNotebook"] > 0 })
	if err := run.Interrupt(); err != nil {
		t.Fatal(err)
	}
	if out, err := run.Wait(); err == nil {
		t.Errorf("the update was not cut:\n%s", out)
	}
	acctest.Eventually(t, "the notebook runs again", func() bool { return s.Only(t).Status == "RUNNING" })
	w.MustRun(t, "destroy", "-auto-approve")
}

// A start that stays refused leaves the notebook down. The error says it, and the
// next apply starts it: nothing else would show that it was running.
func TestAccNotebook_startRefused(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, takesFailedStarts)
	larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor)})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
			},
			Config:      config(s, larger),
			ExpectError: acctest.Text(`The next apply makes the remaining changes. The notebook was RUNNING and is STOPPED now; the next apply starts it again.`),
		},
		resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, larger), Check: s.ExpectWrites(startAgain)},
		// Once it has been started, a stop by somebody else is left alone again.
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: new("STOPPED")}) },
			Config:    config(s, larger), PlanOnly: true,
		},
		// So is one that somebody has started meanwhile.
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: new("RUNNING")})
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
			},
			Config: config(s, base), ExpectError: acctest.Text("the next apply starts it again"),
		},
		resource.TestStep{
			PreConfig:    func() { drift(t, s, simulator.Drift{Status: new("RUNNING")}) },
			RefreshState: true,
		},
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: new("STOPPED")}) },
			Config:    config(s, base), PlanOnly: true,
		},
		resource.TestStep{Config: config(s, larger)},
		// So is one that is to stay as it is.
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: new("RUNNING")})
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
			},
			Config: config(s, base), ExpectError: acctest.Text("the next apply starts it again"),
		},
		resource.TestStep{Config: config(s, base.with(arguments{"desired_status": `"STOPPED"`}))},
		resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, base), Check: s.ExpectWrites()},
		resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, larger), Check: s.ExpectWrites("UpdateNotebook flavor")},
		// The same for a start that failed.
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: new("START_FAILED")})
				s.ResetRequests()
			},
			Config: config(s, larger.with(arguments{"desired_status": `"RUNNING"`})), Check: s.ExpectWrites(startAgain),
		},
	)
}

// A start that was asked for, and whose outcome could not be seen, stays
// owed until the notebook is known to run.
func TestAccNotebook_startNotFollowed(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]int{"seen on its way": 4, "not seen": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{StartTime: time.Hour, Answers: takesFailedStarts.Answers})
			w := acctest.NewWorkspace(t, config(s, base))
			w.MustRun(t, "apply", "-auto-approve")
			w.Configure(t, config(s, base.with(arguments{"flavor": quote(acctest.LargerFlavor)})))
			run := w.Start(t, "apply", "-auto-approve")
			acctest.Eventually(t, "a start", func() bool { return s.Only(t).Status == "STARTING" })
			// Each call is signed afresh once, so that it takes two refusals to fail.
			s.Inject(simulator.Fault{Kind: simulator.FaultUnauthorized, Operation: "ShowNotebook", Count: refused})
			if out, err := run.Wait(); err == nil {
				t.Errorf("the update did not fail:\n%s", out)
			}
			s.ClearFaults()
			s.Configure(func(o *simulator.Options) { o.StartTime = 0 })
			w.MustRun(t, "refresh") // still on its way
			drift(t, s, simulator.Drift{Status: new("START_FAILED")})
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), `Notebook "test" will be started`)
			if n := s.Only(t); n.Status != "RUNNING" || n.Flavor != acctest.LargerFlavor {
				t.Errorf("the next apply made of it %+v", n)
			}
			drift(t, s, simulator.Drift{Status: new("STOPPED")})
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// A start that is owed, and was made by somebody else, is owed no more, although
// the state that could not be read has it running all the time.
func TestAccNotebook_startMadeElsewhere(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{StartTime: time.Hour})
	settled := func(a arguments) string {
		return s.Provider("omit_token = true") + base.with(a).with(arguments{"lease": `{ enabled = false }`}).resource("test")
	}
	w := acctest.NewWorkspace(t, settled(nil))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, settled(arguments{"flavor": quote(acctest.LargerFlavor)}))
	run := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "a start", func() bool { return s.Only(t).Status == "STARTING" })
	s.Inject(simulator.Fault{Kind: simulator.FaultUnauthorized, Operation: "ShowNotebook", Count: -1})
	if out, err := run.Wait(); err == nil {
		t.Errorf("the update did not fail:\n%s", out)
	}
	s.ClearFaults()
	drift(t, s, simulator.Drift{Status: new("RUNNING")})
	w.MustRun(t, "refresh")
	drift(t, s, simulator.Drift{Status: new("STOPPED")})
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// A start stays owed through an apply that fails before it comes to it, and
// through one that calls nothing.
func TestAccNotebook_startOwedForLong(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, takesFailedStarts)
	larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor)})
	tagged := larger.with(arguments{"tags": `{ team = "vision" }`})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
			},
			Config: config(s, larger), ExpectError: acctest.Text("the next apply starts it again"),
		},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "CreateNotebookTags", Code: "ModelArts.6336"})
			},
			Config: config(s, tagged), ExpectError: acctest.Text("Setting tags"),
		},
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: new("STARTING")}) },
			Config:    config(s, larger.with(arguments{"timeouts": `{ read = "20s" }`})),
		},
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: new("START_FAILED")})
				s.ResetRequests()
			},
			Config: config(s, tagged), Check: s.ExpectWrites("CreateNotebookTags workspace_id=0 tags", startAgain),
		},
	)
}

// A notebook that was started for its disk and could not be stopped again is
// stopped by the next apply: nothing else would show that it was stopped.
func TestAccNotebook_stopRefused(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	larger := base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})
	refuse := func() {
		drift(t, s, simulator.Drift{Status: new("STOPPED")})
		s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StopNotebook", Code: "ModelArts.0112", Count: 2})
	}
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: refuse, Config: config(s, larger),
			ExpectError: acctest.Text("The notebook was STOPPED and is RUNNING now; the next apply stops it again"),
		},
		resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, larger), Check: s.ExpectWrites("StopNotebook")},
		// Once it has been stopped, a start by somebody else is left alone.
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: new("RUNNING")}) },
			Config:    config(s, larger), PlanOnly: true,
		},
		// So is one that is to run.
		resource.TestStep{
			PreConfig: refuse, Config: config(s, larger.with(arguments{"volume": `{ category = "EVS", capacity = 11 }`})),
			ExpectError: acctest.Text("the next apply stops it again"),
		},
		resource.TestStep{
			PreConfig: s.ResetRequests,
			Config:    config(s, larger.with(arguments{"volume": `{ category = "EVS", capacity = 11 }`, "desired_status": `"RUNNING"`})), Check: s.ExpectWrites(),
		},
		resource.TestStep{Config: config(s, larger.with(arguments{"volume": `{ category = "EVS", capacity = 11 }`})), Check: s.ExpectWrites()},
	)
}

// A stopped notebook that failed at the start for its disk gets it from the next
// apply, and is stopped again.
func TestAccNotebook_startForADiskFails(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, takesFailedStarts)
	larger := base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})
	fail := func() { s.Inject(simulator.Fault{Kind: simulator.FaultStartFailed}) }
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: new("STOPPED")}); fail() },
			Config:    config(s, larger), ExpectError: acctest.Text("The notebook was STOPPED and is START_FAILED now"),
		},
		resource.TestStep{PreConfig: fail, Config: config(s, larger), ExpectError: acctest.Text("the status is START_FAILED")},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "UpdateNotebook", Code: "ModelArts.6331", Skip: 1})
			},
			Config: config(s, larger), ExpectError: acctest.Text("brought the notebook back to STOPPED"),
		},
		resource.TestStep{PreConfig: fail, Config: config(s, larger), ExpectError: acctest.Text("the status is START_FAILED")},
		resource.TestStep{Config: config(s, larger)},
		resource.TestStep{
			PreConfig: func() {
				if n := s.Only(t); n.Status != "STOPPED" || n.Volume.Capacity != 10 {
					t.Errorf("the service holds %+v", n)
				}
			},
			Config: config(s, larger), PlanOnly: true,
		},
		// One that somebody has started since is left running.
		resource.TestStep{
			PreConfig: fail, Config: config(s, larger.with(arguments{"volume": `{ category = "EVS", capacity = 11 }`})),
			ExpectError: acctest.Text("the status is START_FAILED"),
		},
		resource.TestStep{
			PreConfig:    func() { drift(t, s, simulator.Drift{Status: new("RUNNING"), Capacity: new(int64(11))}) },
			RefreshState: true,
		},
		resource.TestStep{
			Config: config(s, larger.with(arguments{"volume": `{ category = "EVS", capacity = 11 }`})), PlanOnly: true,
		},
	)
}

// A change that needs a notebook stopped is refused after a failed start and
// while it runs: it is started, stopped for the change, and started again.
func TestAccNotebook_changeAfterAFailedStart(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, takesFailedStarts)
	larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor), "desired_status": `"RUNNING"`})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: new("START_FAILED")})
				s.ResetRequests()
			},
			Config: config(s, larger),
			Check: s.ExpectWrites("UpdateNotebook flavor", startAgain, "UpdateNotebook flavor",
				"StopNotebook", "UpdateNotebook flavor", startAgain),
		},
	)
}
