package notebook_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// The attributes that a create fills in come from the last look at the
// notebook: the answer to the create has no url and an old status.
func TestAccNotebook_computed(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{CreateTime: 100 * time.Millisecond})
	full := base.with(arguments{"endpoints": `{ SSH = { key_pair_names = ["a"] } }`})
	s.Check(t,
		resource.TestStep{
			Config: config(s, full),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.Value(address, "status", knownvalue.StringExact("RUNNING")),
				acctest.Value(address, "url", knownvalue.StringRegexp(regexp.MustCompile(`^https://`))),
				acctest.Value(address, "token", knownvalue.NotNull()),
				acctest.Value(address, "ssh_uri", knownvalue.StringRegexp(regexp.MustCompile(`^ssh://`))),
				acctest.Value(address, "image.name", knownvalue.StringExact("notebook2.0-mul-kernel-cpu-cp36")),
				acctest.Value(address, "image.arch", knownvalue.StringExact("X86_64")),
				acctest.Value(address, "volume.capacity", knownvalue.Int64Exact(5)),
				acctest.Value(address, "volume.mount_path", knownvalue.StringExact("/home/ma-user/work/")),
				acctest.Value(address, "volume.status", knownvalue.Null()),
				acctest.Value(address, "lease.type", knownvalue.StringExact("TIMING")),
				acctest.Value(address, "lease.duration", knownvalue.StringExact("1h")),
				acctest.Value(address, "lease.enabled", knownvalue.Bool(true)),
				acctest.Value(address, "owner.name", knownvalue.StringExact(simulator.DefaultUserName)),
				acctest.Value(address, "created_at", knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
				acctest.Value(address, "stops_at", knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
				acctest.Value(address, "workspace_id", knownvalue.StringExact("0")),
				acctest.Value(address, "pool_id", knownvalue.Null()),
				acctest.Value(address, "fail_reason", knownvalue.Null()),
			},
			Check: func(*terraform.State) error {
				if got := s.Operations()["KeystoneListProjects"]; got > 2 {
					return fmt.Errorf("the project was looked up %d times by at most two processes", got)
				}
				return nil
			},
		},
		resource.TestStep{
			PreConfig: func() { s.Advance(time.Minute) }, // what is left of a lease is no difference
			Config:    config(s, full), PlanOnly: true,
		},
	)
}

func TestAccNotebook_createFailed(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed, Step: 2, Reason: "The image could not be pulled."})
	protected := base.with(arguments{"deletion_protection": "true"})
	s.Check(t,
		resource.TestStep{
			Config:      config(s, protected),
			ExpectError: acctest.Text("did not come up: the status is CREATE_FAILED: step 2 of 4 (prepare the compute resources) failed: The image could not be pulled. It exists and is billed."),
		},
		// What failed is tainted: the next apply removes it and makes another.
		resource.TestStep{
			PreConfig: s.ResetRequests,
			Config:    config(s, base),
			Check:     s.ExpectWrites("DeleteNotebook", "CreateNotebook"),
		},
	)
}

// A poll that is answered with rubbish says nothing about the notebook. The
// faults outlast the retries of the client: the wait survives them.
func TestAccNotebook_badPolls(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"502 with HTML":  {Kind: simulator.FaultHTML},
		"429":            {Kind: simulator.FaultThrottle},
		"500":            {Kind: simulator.FaultRefuse, Code: "ModelArts.6102"},
		"408":            {Kind: simulator.FaultTimeout},
		"nothing":        {Kind: simulator.FaultEmpty},
		"half of it":     {Kind: simulator.FaultTruncate},
		"cut":            {Kind: simulator.FaultCutBefore},
		"not ready":      {Kind: simulator.FaultRefuse, Code: "ModelArts.6355"},
		"unknown status": {Kind: simulator.FaultStatus, Value: "HIBERNATING"},
		"stale":          {Kind: simulator.FaultStale},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{
				CreateTime: 50 * time.Millisecond, StartTime: 50 * time.Millisecond, StopTime: 50 * time.Millisecond,
				DeleteTime: 400 * time.Millisecond, ResizeTime: 50 * time.Millisecond,
			})
			few := s.Provider("max_retries = 0")
			fault.Operation, fault.Count = "ShowNotebook", 3
			same := sameNotebook(t)
			bigger := base.with(arguments{"flavor": quote(acctest.LargerFlavor), "volume": `{ category = "EVS", capacity = 10 }`})
			// A fault that hits nothing proves nothing.
			hit := func() {
				t.Helper()
				for _, f := range s.Faults() {
					if f.Hits == 0 {
						t.Errorf("%+v hit no poll", f.Fault)
					}
				}
				s.ClearFaults()
			}
			arm := func(operation string) func() {
				return func() {
					s.ResetRequests()
					hit()
					after := fault
					if operation != "create" {
						after.Skip = 2 // refresh and first look of the update
					}
					s.Inject(after)
				}
			}
			s.Check(t,
				resource.TestStep{PreConfig: arm("create"), Config: few + base.resource("test"), Check: same},
				resource.TestStep{
					PreConfig: arm("update"), Config: few + bigger.resource("test"),
					Check: resource.ComposeAggregateTestCheckFunc(same, func(*terraform.State) error {
						n := s.Only(t)
						if n.Status != "RUNNING" || n.Flavor != acctest.LargerFlavor || n.Volume.Capacity != 10 || n.Starts != 2 {
							return fmt.Errorf("the service holds %+v", n)
						}
						return nil
					}),
				},
				resource.TestStep{
					PreConfig: func() {
						hit()
						s.ResetRequests()
						go injectAfter(s, "DeleteNotebook", fault) // not in the refreshes, which ask once
					},
					Config: few + bigger.resource("test"), Destroy: true,
				},
			)
			hit()
		})
	}
}

// injectAfter injects a fault when an operation has been asked for.
func injectAfter(s *acctest.Service, operation string, fault simulator.Fault) {
	for range time.Tick(2 * time.Millisecond) {
		if s.Operations()[operation] > 0 {
			s.Inject(fault)
			return
		}
	}
}

// A service that is busy is not a notebook that is gone.
func TestAccNotebook_deleteRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		options simulator.Options
		fault   *simulator.Fault
		calls   []string
	}{
		"busy":             {fault: &simulator.Fault{Kind: simulator.FaultRefuse, Operation: "DeleteNotebook", Code: "ModelArts.6357", Count: 2}, calls: []string{"DeleteNotebook", "DeleteNotebook", "DeleteNotebook"}},
		"not ready":        {fault: &simulator.Fault{Kind: simulator.FaultRefuse, Operation: "DeleteNotebook", Code: "ModelArts.6355", Count: 2}, calls: []string{"DeleteNotebook", "DeleteNotebook", "DeleteNotebook"}},
		"cut after effect": {fault: &simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "DeleteNotebook"}, calls: []string{"DeleteNotebook", "DeleteNotebook"}},
		"stop first":       {options: simulator.Options{StrictDelete: true}, calls: []string{"DeleteNotebook", "StopNotebook", "DeleteNotebook"}},
		"gone meanwhile":   {fault: &simulator.Fault{Kind: simulator.FaultVanish, Operation: "DeleteNotebook"}, calls: []string{"DeleteNotebook"}},
		"gone as 400":      {options: simulator.Options{NotFound: simulator.NotFound400}, calls: []string{"DeleteNotebook"}},
		"gone as 6404":     {options: simulator.Options{NotFound: simulator.NotFound6404}, calls: []string{"DeleteNotebook"}},
		"gone as DELETED":  {options: simulator.Options{NotFound: simulator.NotFoundDeleted}, calls: []string{"DeleteNotebook"}},
		"no content":       {options: simulator.Options{DeleteNoContent: true}, calls: []string{"DeleteNotebook"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.options.DeleteTime = 60 * time.Millisecond
			s := acctest.New(t, tc.options)
			s.Check(t,
				resource.TestStep{Config: config(s, base)},
				resource.TestStep{
					PreConfig: func() {
						s.ResetRequests()
						if tc.fault != nil {
							s.Inject(*tc.fault)
						}
					},
					Config: config(s, base), Destroy: true, Check: s.ExpectWrites(tc.calls...),
				},
			)
		})
	}
}

func TestAccNotebook_deleteFailed(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	same := sameNotebook(t)
	s.Check(t,
		resource.TestStep{Config: config(s, base), Check: same},
		resource.TestStep{
			PreConfig: func() {
				s.Inject(simulator.Fault{Kind: simulator.FaultDeleteFailed, Reason: "The disk is still attached."})
			},
			Config: config(s, base), Destroy: true,
			ExpectError: acctest.Text("stays in the state until it is gone: the status is DELETE_FAILED: The disk is still attached."),
		},
		resource.TestStep{Config: config(s, base), Check: same}, // it is in the state, and the next destroy removes it
	)
}

func TestAccNotebook_power(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{
		StartTime: 30 * time.Millisecond, StopTime: 30 * time.Millisecond,
	})
	same := sameNotebook(t)
	step := func(a arguments, calls ...string) resource.TestStep {
		return resource.TestStep{
			PreConfig: s.ResetRequests, Config: config(s, a),
			Check: resource.ComposeAggregateTestCheckFunc(same, s.ExpectWrites(calls...)),
		}
	}
	stopped := base.with(arguments{"desired_status": `"STOPPED"`})
	left := base.with(arguments{"name": `"renamed"`})
	changed := left.with(arguments{
		"flavor": quote(acctest.LargerFlavor), "image_id": quote(acctest.OtherImage),
		"hooks": `{ post_start = { content = "echo" } }`,
	})
	running := changed.with(arguments{"desired_status": `"RUNNING"`, "lease": `{ duration = "8h" }`})
	s.Check(t,
		step(stopped, "CreateNotebook", "StopNotebook"),
		// Renaming a stopped notebook starts nothing, and so do changes that it
		// would have to be stopped for.
		step(left, "UpdateNotebook name"),
		step(changed, "UpdateNotebook flavor hooks image_id"),
		resource.TestStep{
			Config: config(s, changed), PlanOnly: true,
		},
		// The start carries the lease.
		step(running, "StartNotebook duration=28800000&type=timing"),
		// Three arguments, one stop, one PUT, one start.
		step(running.with(arguments{"flavor": quote(acctest.Flavor), "image_id": quote(acctest.Image), "hooks": `{ post_start = { content = "echo two" } }`}),
			"StopNotebook", "UpdateNotebook flavor hooks image_id", "StartNotebook duration=28800000&type=timing"),
		// A disk grows while the notebook runs; the lease goes with the start.
		step(running.with(arguments{"volume": `{ category = "EVS", capacity = 50 }`, "lease": `{ duration = "4h" }`}),
			"UpdateNotebook storage_new_size", "StopNotebook", "UpdateNotebook flavor hooks image_id", "StartNotebook duration=14400000&type=timing"),
		// The lease of a stopped notebook waits for its next start.
		step(stopped.with(arguments{"volume": `{ category = "EVS", capacity = 50 }`, "lease": `{ duration = "5h" }`, "name": `"again"`}),
			"UpdateNotebook name", "StopNotebook", "UpdateNotebook flavor hooks image_id"),
	)
}

// Sources differ on what the service takes in which state: what it refuses is
// tried once more in the other.
func TestAccNotebook_notChangeable(t *testing.T) {
	t.Parallel()
	t.Run("only while stopped", func(t *testing.T) {
		t.Parallel()
		s := acctest.New(t, simulator.Options{StrictUpdates: true})
		renamed := base.with(arguments{"name": `"renamed"`, "volume": `{ category = "EVS", capacity = 10 }`})
		s.Check(t,
			resource.TestStep{Config: config(s, base)},
			resource.TestStep{
				PreConfig: s.ResetRequests, Config: config(s, renamed.with(arguments{"allow_stopping_for_update": ""})),
				ExpectError: acctest.Text("allow_stopping_for_update is not true"),
			},
			resource.TestStep{
				PreConfig: s.ResetRequests, Config: config(s, renamed),
				Check: s.ExpectWrites("UpdateNotebook name", "UpdateNotebook storage_new_size",
					"StopNotebook", "UpdateNotebook name", "UpdateNotebook storage_new_size", startAgain),
			},
		)
	})
	t.Run("only while running", func(t *testing.T) {
		t.Parallel()
		s := acctest.New(t, simulator.Options{GrowNeedsRunning: true})
		stopped := base.with(arguments{"desired_status": `"STOPPED"`})
		s.Check(t,
			resource.TestStep{Config: config(s, stopped)},
			resource.TestStep{
				PreConfig: s.ResetRequests, Config: config(s, stopped.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`})),
				Check: s.ExpectWrites("UpdateNotebook storage_new_size", startAgain, "UpdateNotebook storage_new_size", "StopNotebook"),
			},
		)
	})
}

// When a change fails, the notebook gets the power state back that it had, and
// the state holds what was done; the next apply does the rest and only that.
func TestAccNotebook_updateFails(t *testing.T) {
	t.Parallel()
	changed := base.with(arguments{"name": `"renamed"`, "flavor": quote(acctest.LargerFlavor), "tags": `{ team = "vision" }`})
	t.Run("the flavor is sold out", func(t *testing.T) {
		t.Parallel()
		s := acctest.New(t, simulator.Options{})
		same := sameNotebook(t)
		s.Check(t,
			resource.TestStep{Config: config(s, base), Check: same},
			resource.TestStep{
				PreConfig: func() {
					s.ResetRequests()
					s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "UpdateNotebook", Code: "ModelArts.6716", Skip: 1})
				},
				Config:      config(s, changed),
				ExpectError: acctest.Text("Done so far: set tags; changed name; stopped the notebook; brought the notebook back to RUNNING. The next apply does the rest"),
			},
			resource.TestStep{
				PreConfig: func() {
					if n := s.Only(t); n.Status != "RUNNING" || n.Name != "renamed" || n.Flavor != acctest.Flavor {
						t.Errorf("after the failed update the service holds %+v", n)
					}
					s.ResetRequests()
				},
				Config: config(s, changed),
				Check:  resource.ComposeAggregateTestCheckFunc(same, s.ExpectWrites(stopAndStart("UpdateNotebook flavor")...)),
			},
		)
	})
	t.Run("the start fails", func(t *testing.T) {
		t.Parallel()
		s := acctest.New(t, simulator.Options{})
		same := sameNotebook(t)
		s.Check(t,
			resource.TestStep{Config: config(s, base), Check: same},
			resource.TestStep{
				PreConfig: func() {
					s.Inject(simulator.Fault{Kind: simulator.FaultStartFailed, Step: 2, Reason: "No node is free."})
				},
				Config:      config(s, changed),
				ExpectError: acctest.Text("Starting the notebook: the status is START_FAILED: step 2 of 4 (prepare the compute resources) failed: No node is free. Done so far:"),
			},
			// The next apply starts it, since it was running; the service takes the
			// new name only then.
			resource.TestStep{
				PreConfig: s.ResetRequests, Config: config(s, changed.with(arguments{"name": `"again"`})),
				Check: resource.ComposeAggregateTestCheckFunc(same, s.ExpectWrites("UpdateNotebook name", startAgain, "UpdateNotebook name")),
			},
			// One that failed by itself is not started for a change.
			resource.TestStep{
				PreConfig:   func() { drift(t, s, simulator.Drift{Status: ptr("START_FAILED")}) },
				Config:      config(s, changed),
				ExpectError: acctest.Text(`The notebook is START_FAILED, and the service takes no change in that state (desired_status = "RUNNING" starts it first)`),
			},
			resource.TestStep{
				PreConfig: s.ResetRequests, Config: config(s, changed.with(arguments{"desired_status": `"RUNNING"`})),
				Check: resource.ComposeAggregateTestCheckFunc(same, s.ExpectWrites("UpdateNotebook name", startAgain, "UpdateNotebook name")),
			},
		)
	})
}

func TestAccNotebook_disappears(t *testing.T) {
	t.Parallel()
	for _, form := range []string{simulator.NotFound404, simulator.NotFound400, simulator.NotFound6404, simulator.NotFound4006404, simulator.NotFoundDeleted} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{NotFound: form})
			s.Check(t,
				resource.TestStep{Config: config(s, base)},
				resource.TestStep{
					PreConfig: func() {
						s.Advance(10 * time.Minute) // long enough to be believed
						s.Remove(s.Only(t).ID)
						s.ResetRequests()
					},
					Config: config(s, base), Check: s.ExpectWrites("CreateNotebook"),
				},
			)
		})
	}
}

// Only the service's own word takes a notebook out of the state.
func TestAccNotebook_staysInState(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"busy":                {Kind: simulator.FaultRefuse, Code: "ModelArts.6357"},
		"404 of a gateway":    {Kind: simulator.FaultRefuse, Status: 404, Code: "APIG.0101", Message: "The API does not exist."},
		"404 with HTML":       {Kind: simulator.FaultHTML, Status: 404},
		"404 of a proxy":      {Kind: simulator.FaultRefuse, Status: 404, Code: "Proxy.404", Message: "No route."},
		"404, unknown code":   {Kind: simulator.FaultRefuse, Status: 404, Code: "ModelArts.9999", Message: "Not found."},
		"denied":              {Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0112"},
		"no permission, 0210": {Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0210"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			same := sameNotebook(t)
			s.Check(t,
				resource.TestStep{Config: config(s, base), Check: same},
				resource.TestStep{
					PreConfig: func() {
						fault.Operation, fault.Count = "ShowNotebook", -1
						s.Inject(fault)
					},
					Config: config(s, base), PlanOnly: true, ExpectError: acctest.Text("Unable to read notebook"),
				},
				resource.TestStep{PreConfig: s.ClearFaults, Config: config(s, base), Check: same},
			)
		})
	}
}

// Right after a create another node may not know the notebook yet.
func TestAccNotebook_notFoundRightAfterCreate(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	same := sameNotebook(t)
	s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook", Count: 4})
	s.Check(t,
		resource.TestStep{Config: config(s, base), Check: same},
		resource.TestStep{
			PreConfig: func() { s.Inject(simulator.Fault{Kind: simulator.FaultNotFound, Operation: "ShowNotebook", Count: 2}) },
			Config:    config(s, base.with(arguments{"name": `"renamed"`})), Check: same,
		},
	)
}

func TestAccNotebook_defaultTagsAndOmitToken(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	with := func(provider string, a arguments) string { return s.Provider(provider) + base.with(a).resource("test") }
	s.Check(t,
		resource.TestStep{
			Config: with(`default_tags = { team = "ml", stage = "dev" }`+"\nomit_token = true", arguments{"tags": `{ stage = "prod" }`}),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.Value(address, "tags_all", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("ml"), "stage": knownvalue.StringExact("prod")})),
				acctest.Value(address, "tags", knownvalue.MapExact(map[string]knownvalue.Check{"stage": knownvalue.StringExact("prod")})),
				acctest.Value(address, "token", knownvalue.Null()),
			},
		},
		resource.TestStep{
			PreConfig: s.ResetRequests,
			Config:    with(`default_tags = { team = "vision" }`+"\nomit_token = true", nil),
			Check:     s.ExpectWrites("DeleteNotebookTags tags", "CreateNotebookTags tags"),
		},
		resource.TestStep{
			Config: with(`default_tags = { team = "vision" }`, arguments{"flavor": quote(acctest.LargerFlavor)}),
			ConfigStateChecks: []statecheck.StateCheck{
				acctest.Value(address, "token", knownvalue.NotNull()),
			},
		},
	)
}

func TestAccNotebook_consent(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	without := base.with(arguments{"allow_stopping_for_update": ""})
	larger := without.with(arguments{"flavor": quote(acctest.LargerFlavor), "image_id": quote(acctest.OtherImage)})
	s.Check(t,
		resource.TestStep{Config: config(s, without)},
		resource.TestStep{
			PreConfig: s.ResetRequests, Config: config(s, larger), PlanOnly: true,
			ExpectError: acctest.Text(`The service takes a change of flavor and image_id only while the notebook is stopped, and notebook "test" is running. Set allow_stopping_for_update = true`),
		},
		// What was changed elsewhere must not stand in the way of a destroy.
		resource.TestStep{
			PreConfig: func() {
				if err := s.Change(s.Only(t).ID, simulator.Drift{Flavor: ptr(acctest.LargerFlavor)}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(s, without), Destroy: true,
		},
	)
}

func TestAccNotebook_deletionProtection(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	protected := base.with(arguments{"deletion_protection": "true"})
	same := sameNotebook(t)
	refused := acctest.Text(`has deletion_protection = true in the state. To destroy or replace it, set deletion_protection = false and apply that first (one that is tainted: after terraform untaint).`)
	s.Check(t,
		resource.TestStep{Config: config(s, protected), Check: same},
		resource.TestStep{Config: config(s, protected), Destroy: true, ExpectError: refused},
		resource.TestStep{Config: config(s, protected.with(arguments{"volume": `{ category = "EFS" }`})), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: s.Provider(""), ExpectError: refused},
		resource.TestStep{Config: config(s, base), Check: same},
	)
}

func TestAccNotebook_disk(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	disk := func(capacity string) arguments {
		return base.with(arguments{"volume": `{ category = "EVS", capacity = ` + capacity + ` }`})
	}
	s.Check(t,
		resource.TestStep{Config: config(s, disk("20"))},
		resource.TestStep{
			Config: config(s, disk("10")), PlanOnly: true,
			ExpectError: acctest.Text(`The disk of notebook "test" has 20 GB, and the configuration says 10. The service only grows disks: set capacity to 20 or more`),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := s.Change(s.Only(t).ID, simulator.Drift{Capacity: ptr(int64(30))}); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config(s, disk("20")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

// A rename shows as one line: what cannot change stays known.
func TestAccNotebook_planIsQuiet(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	unknown := func(paths ...string) []plancheck.PlanCheck {
		checks := []plancheck.PlanCheck{onlyUnknown(paths)}
		return checks
	}
	step := func(a arguments, paths ...string) resource.TestStep {
		return resource.TestStep{Config: config(s, a), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: unknown(paths...)}}
	}
	restarted := []string{"billing_items", "fail_reason", "ssh_uri", "status", "stops_at", "token", "url"}
	named := base.with(arguments{"name": `"renamed"`})
	s.Check(t,
		resource.TestStep{Config: config(s, base)},
		step(named),
		step(named.with(arguments{"tags": `{ a = "b" }`})),
		step(named.with(arguments{"lease": `{ duration = "2h" }`}), "stops_at"),
		step(named.with(arguments{"volume": `{ category = "EVS", capacity = 6 }`}), "volume.status"),
		step(named.with(arguments{"flavor": quote(acctest.LargerFlavor)}), restarted...),
		step(named.with(arguments{"flavor": quote(acctest.LargerFlavor), "image_id": quote(acctest.OtherImage)}), append([]string{"image"}, restarted...)...),
		step(named.with(arguments{"flavor": quote(acctest.LargerFlavor), "image_id": quote(acctest.OtherImage), "desired_status": `"STOPPED"`}),
			"billing_items", "fail_reason", "ssh_uri", "stops_at", "token", "url"),
	)
}
