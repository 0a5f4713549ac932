package notebook_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// drift changes the one notebook of a service.
func drift(t *testing.T, s *acctest.Service, d simulator.Drift) {
	t.Helper()
	if err := s.Change(s.Only(t).ID, d); err != nil {
		t.Fatal(err)
	}
}

// another puts a service of another make before the simulator: one that shows
// notebooks otherwise.
func another(t *testing.T, s *acctest.Service, change func(notebook map[string]any)) {
	t.Helper()
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: func(resp *http.Response) error {
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				return err
			}
			var notebook map[string]any
			numbers := json.NewDecoder(bytes.NewReader(body))
			numbers.UseNumber()
			if strings.Contains(resp.Request.URL.Path, "/notebooks/") && numbers.Decode(&notebook) == nil && notebook["volume"] != nil {
				change(notebook)
				if body, err = json.Marshal(notebook); err != nil {
					return err
				}
			}
			resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			resp.Header.Del("Content-Length")
			return nil
		},
	})
	t.Cleanup(server.Close)
	s.URL = server.URL
}

func inside(notebook map[string]any, name string) map[string]any {
	m, _ := notebook[name].(map[string]any)
	return m
}

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
	for _, f := range s.Faults() {
		if f.Hits == 0 {
			t.Errorf("%+v hit nothing", f.Fault)
		}
	}
}

// A stopped notebook that had to be started for its disk is stopped again, also
// when that is refused for a while.
func TestAccNotebook_stoppedAgain(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{GrowNeedsRunning: true})
	larger := base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: ptr("STOPPED")})
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
	s := acctest.New(t, simulator.Options{GrowNeedsRunning: true})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	drift(t, s, simulator.Drift{Status: ptr("STOPPED")})
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
	s := acctest.New(t, simulator.Options{})
	larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor)})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
			},
			Config:      config(s, larger),
			ExpectError: acctest.Text(`The next apply does the rest. The notebook was RUNNING and is STOPPED now; the next apply starts it again.`),
		},
		resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, larger), Check: s.ExpectWrites(startAgain)},
		// Once it has been started, a stop by somebody else is left alone again.
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: ptr("STOPPED")}) },
			Config:    config(s, larger), PlanOnly: true,
		},
		// So is one that somebody has started meanwhile.
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: ptr("RUNNING")})
				s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
			},
			Config: config(s, base), ExpectError: acctest.Text("the next apply starts it again"),
		},
		resource.TestStep{
			PreConfig:    func() { drift(t, s, simulator.Drift{Status: ptr("RUNNING")}) },
			RefreshState: true,
		},
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: ptr("STOPPED")}) },
			Config:    config(s, base), PlanOnly: true,
		},
		resource.TestStep{Config: config(s, larger)},
		// So is one that is to stay as it is.
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: ptr("RUNNING")})
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
				drift(t, s, simulator.Drift{Status: ptr("START_FAILED")})
				s.ResetRequests()
			},
			Config: config(s, larger.with(arguments{"desired_status": `"RUNNING"`})), Check: s.ExpectWrites(startAgain),
		},
	)
}

// A start that was asked for, and of which nobody could see what became, stays
// owed until the notebook is known to run.
func TestAccNotebook_startNotFollowed(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]int{"seen on its way": 4, "not seen": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{StartTime: time.Hour})
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
			drift(t, s, simulator.Drift{Status: ptr("START_FAILED")})
			wantText(t, w.MustRun(t, "apply", "-auto-approve"), `Notebook "test" will be started`)
			if n := s.Only(t); n.Status != "RUNNING" || n.Flavor != acctest.LargerFlavor {
				t.Errorf("the next apply made of it %+v", n)
			}
			drift(t, s, simulator.Drift{Status: ptr("STOPPED")})
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
	drift(t, s, simulator.Drift{Status: ptr("RUNNING")})
	w.MustRun(t, "refresh")
	drift(t, s, simulator.Drift{Status: ptr("STOPPED")})
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// A start stays owed through an apply that fails before it comes to it, and
// through one that calls nothing.
func TestAccNotebook_startOwedForLong(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
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
			PreConfig: func() { drift(t, s, simulator.Drift{Status: ptr("STARTING")}) },
			Config:    config(s, larger.with(arguments{"timeouts": `{ read = "20s" }`})),
		},
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: ptr("START_FAILED")})
				s.ResetRequests()
			},
			Config: config(s, tagged), Check: s.ExpectWrites("CreateNotebookTags tags", startAgain),
		},
	)
}

// A notebook that was started for its disk and could not be stopped again is
// stopped by the next apply: nothing else would show that it was stopped.
func TestAccNotebook_stopRefused(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{GrowNeedsRunning: true})
	larger := base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})
	refuse := func() {
		drift(t, s, simulator.Drift{Status: ptr("STOPPED")})
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
			PreConfig: func() { drift(t, s, simulator.Drift{Status: ptr("RUNNING")}) },
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
	s := acctest.New(t, simulator.Options{GrowNeedsRunning: true})
	larger := base.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})
	fail := func() { s.Inject(simulator.Fault{Kind: simulator.FaultStartFailed}) }
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() { drift(t, s, simulator.Drift{Status: ptr("STOPPED")}); fail() },
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
			PreConfig:    func() { drift(t, s, simulator.Drift{Status: ptr("RUNNING"), Capacity: ptr(int64(11))}) },
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
	s := acctest.New(t, simulator.Options{})
	larger := base.with(arguments{"flavor": quote(acctest.LargerFlavor), "desired_status": `"RUNNING"`})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		resource.TestStep{
			PreConfig: func() {
				drift(t, s, simulator.Drift{Status: ptr("START_FAILED")})
				s.ResetRequests()
			},
			Config: config(s, larger),
			Check: s.ExpectWrites("UpdateNotebook flavor", startAgain, "UpdateNotebook flavor",
				"StopNotebook", "UpdateNotebook flavor", startAgain),
		},
	)
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
			Check: s.ExpectWrites("CreateNotebookTags tags", "CreateNotebookTags tags", "UpdateNotebook name", "UpdateNotebook name",
				"RenewLease duration type", "RenewLease duration type"),
		},
	)
}

// A young notebook that the service denies to a delete, an update or a read is
// looked for before it is forgotten.
func TestAccNotebook_deniedWhileYoung(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, config(s, base.with(arguments{"name": `"b"`})))
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook"})
	w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "DeleteNotebook"})
	w.MustRun(t, "destroy", "-auto-approve")
	if left := s.Notebooks(); len(left) > 0 {
		t.Errorf("forgotten: %+v", left)
	}

	// One that is still being created is found, and not waited for.
	s.Configure(func(o *simulator.Options) { o.CreateTime = time.Hour })
	w.Configure(t, config(s, base.with(arguments{"timeouts": `{ create = "1s", read = "20s" }`})))
	if out, err := w.Run(t, "apply", "-auto-approve"); err == nil {
		t.Errorf("the create did not time out:\n%s", out)
	}
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook", Count: 2})
	drift(t, s, simulator.Drift{Name: ptr("test")})
	w.MustRun(t, "plan")
	drift(t, s, simulator.Drift{Status: ptr("RUNNING")})
	w.MustRun(t, "destroy", "-auto-approve")
}

// Where the configuration leaves the duration of a lease open, nothing of the
// present one is cut: neither by a restart nor by a renewal, with or without the
// service's clock.
func TestAccNotebook_leaseIsNotCut(t *testing.T) {
	t.Parallel()
	const day = int64(24 * time.Hour / time.Millisecond)
	for name, tc := range map[string]struct {
		before, after arguments
		noClock       bool
	}{
		"restart, type given":   {arguments{"lease": `{ type = "TIMING" }`}, arguments{"flavor": quote(acctest.LargerFlavor)}, false},
		"restart, {} given":     {arguments{"lease": `{}`}, arguments{"flavor": quote(acctest.LargerFlavor)}, false},
		"restart, no lease":     {nil, arguments{"flavor": quote(acctest.LargerFlavor)}, false},
		"restart, no clock":     {nil, arguments{"flavor": quote(acctest.LargerFlavor)}, true},
		"renewal, another type": {arguments{"lease": `{ type = "TIMING" }`}, arguments{"lease": `{ type = "IDLE" }`}, false},
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
					PreConfig: func() { drift(t, s, simulator.Drift{LeaseDuration: ptr(day)}) },
					Config:    config(s, base.with(tc.before).with(tc.after)),
				},
				resource.TestStep{
					PreConfig: func() {
						if asked := s.Only(t).Lease.Duration; asked < day-60_000 || asked > day {
							t.Errorf("a lease of a day became one of %d ms", asked)
						}
					},
					Config: config(s, base.with(tc.before).with(tc.after)), PlanOnly: true,
				},
			)
		})
	}
}

// What an answer leaves out is no reason to replace or stop an imported
// notebook.
func TestAccNotebook_importFromAnother(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		without func(notebook map[string]any)
		with    arguments
	}{
		"feature":          {func(nb map[string]any) { delete(nb, "feature") }, nil},
		"volume.ownership": {func(nb map[string]any) { delete(inside(nb, "volume"), "ownership") }, nil},
		"flavor":           {func(nb map[string]any) { delete(nb, "flavor") }, nil},
		"image":            {func(nb map[string]any) { delete(nb, "image") }, nil},
		"workspace_id":     {func(nb map[string]any) { delete(nb, "workspace_id") }, arguments{"workspace_id": `"0"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			another(t, s, tc.without)
			adopted := base.with(tc.with)
			w := acctest.NewWorkspace(t, config(s, adopted))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID

			w = acctest.NewWorkspace(t, config(s, adopted))
			w.MustRun(t, "import", address, id)
			s.ResetRequests()
			w.MustRun(t, "apply", "-auto-approve")
			if calls := s.Writes(); len(calls) > 0 || s.Only(t).ID != id {
				t.Errorf("the apply after the import called %q", calls)
			}
			wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// A service that says nothing, or the same in other words, makes no differences.
func TestAccNotebook_another(t *testing.T) {
	t.Parallel()
	affinity := arguments{"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "affinity": `{ required = [{ key = "zone", operator = "In", values = ["b", "a"] }] }`}
	for name, tc := range map[string]struct {
		shows func(notebook map[string]any)
		with  arguments
	}{
		"empty texts": {func(nb map[string]any) {
			for object, names := range map[string][]string{"": {"description", "fail_reason"}, "volume": {"status", "dew_secret_name"}} {
				m := nb
				if object != "" {
					m = inside(nb, object)
				}
				for _, n := range names {
					if m[n] == nil {
						m[n] = ""
					}
				}
			}
		}, nil},
		"null lists": {func(nb map[string]any) {
			for _, n := range []string{"tags", "endpoints", "data_volumes", "affinity"} {
				if v, _ := nb[n].([]any); len(v) == 0 {
					nb[n] = nil
				}
			}
		}, nil},
		"an operator in lower case": {func(nb map[string]any) {
			for _, r := range inside(nb, "affinity") {
				for _, rule := range r.([]any) {
					rule := rule.(map[string]any)
					rule["operator"] = strings.ToLower(rule["operator"].(string))
				}
			}
		}, affinity},
		"little": {func(nb map[string]any) {
			for _, n := range []string{"current_time", "workspace_id", "billing_items", "user", "image", "feature", "flavor", "lease", "create_at"} {
				delete(nb, n)
			}
		}, arguments{"lease": `{ duration = "8h" }`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			another(t, s, tc.shows)
			same := sameNotebook(t)
			a := base.with(tc.with)
			s.Check(t,
				resource.TestStep{Config: config(s, a), Check: same},
				resource.TestStep{Config: config(s, a.with(arguments{"name": `"other"`})), Check: same},
				resource.TestStep{Config: config(s, a.with(arguments{"image_id": quote(acctest.OtherImage)})), Check: same},
			)
		})
	}
}

// What was changed elsewhere never stands in the way of a destroy.
func TestAccNotebook_driftAndDestroy(t *testing.T) {
	t.Parallel()
	inPool := arguments{"flavor": "", "pool_id": quote(acctest.Pool)}
	for name, tc := range map[string]struct {
		with  arguments
		drift simulator.Drift
	}{
		"flavor": {nil, simulator.Drift{Flavor: ptr(acctest.LargerFlavor)}},
		"disk":   {arguments{"volume": `{ category = "EVS", capacity = 5 }`}, simulator.Drift{Capacity: ptr(int64(20))}},
		"lease":  {arguments{"lease": `{ enabled = false }`}, simulator.Drift{LeaseOn: ptr(true), LeaseDuration: ptr(int64(7_200_000)), LeaseType: ptr("IDLE")}},
		"custom_spec": {
			base.with(inPool).with(arguments{"custom_spec": `{ cpu = 2, memory = 4096 }`}),
			simulator.Drift{CustomSpec: &simulator.CustomSpec{CPU: 1, Memory: 1024, Arch: "X86_64"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			a := base.with(tc.with).with(arguments{"allow_stopping_for_update": ""})
			if name == "custom_spec" {
				delete(a, "flavor")
			}
			w := acctest.NewWorkspace(t, config(s, a))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Only(t).ID
			if name == "flavor" || name == "disk" {
				w = acctest.NewWorkspace(t, config(s, a)) // nothing was ever applied here
				w.MustRun(t, "import", address, id)
			}
			drift(t, s, tc.drift)
			w.MustRun(t, "destroy", "-auto-approve")
			if left := s.Notebooks(); len(left) > 0 {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

func TestAccNotebook_customSpecBesideFlavor(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	both := base.with(arguments{"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor), "custom_spec": `{ cpu = 2, memory = 4096 }`})
	w := acctest.NewWorkspace(t, config(s, both))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID

	w = acctest.NewWorkspace(t, config(s, both))
	w.MustRun(t, "import", address, id)
	s.ResetRequests()
	w.MustRun(t, "apply", "-auto-approve")
	if calls := s.Writes(); len(calls) > 0 {
		t.Errorf("the apply after the import called %q", calls)
	}
	w.Configure(t, config(s, both.with(arguments{"custom_spec": ""})))
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Only(t); n.CustomSpec != nil || n.Flavor != acctest.PoolFlavor {
		t.Errorf("without its custom size the notebook is %+v", n)
	}
	wantText(t, w.MustRun(t, "plan", "-detailed-exitcode"), "No changes.")
	w.MustRun(t, "destroy", "-auto-approve")
}

// Values of the provider block and inside a lease that are known only after the
// apply.
func TestAccNotebook_unknownElsewhere(t *testing.T) {
	t.Parallel()
	const later = "resource \"terraform_data\" \"later\" { input = \"x\" }\n"
	s := acctest.New(t, simulator.Options{})
	s.Check(t, resource.TestStep{
		Config: later + s.Provider(`default_tags = { team = terraform_data.later.output }`) + base.resource("test"),
	})
	s = acctest.New(t, simulator.Options{})
	s.Check(t, resource.TestStep{
		Config: later + config(s, base.with(arguments{"lease": `{ duration = terraform_data.later.output == "x" ? null : "8h" }`})),
	})
}

// Only EVS disks change their size.
func TestAccNotebook_sizeOfAFileSystem(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	size := func(n string) arguments {
		return base.with(arguments{"volume": `{ category = "EFS", capacity = ` + n + ` }`})
	}
	s.Check(t,
		resource.TestStep{Config: config(s, size("50"))},
		resource.TestStep{
			Config: config(s, size("100")), PlanOnly: true,
			ExpectError: acctest.Text(`The service changes the size of EVS disks only, and the storage of notebook "test" is EFS of 50 GB.`),
		},
		resource.TestStep{
			Config:           config(s, size("50")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
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
			s := acctest.New(t, simulator.Options{StartTime: 100 * time.Millisecond})
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
