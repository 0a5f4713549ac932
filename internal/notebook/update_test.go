package notebook_test

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

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
		s := acctest.New(t, simulator.Options{Answers: []string{"update-stopped-only"}})
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
		s := acctest.New(t, simulator.Options{})
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
				ExpectError: acctest.Text("Done so far: set tags; changed name; stopped the notebook; brought the notebook back to RUNNING. The next apply makes the remaining changes"),
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
		s := acctest.New(t, takesFailedStarts)
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
				PreConfig:   func() { drift(t, s, simulator.Drift{Status: new("START_FAILED")}) },
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

func TestAccNotebook_consent(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	without := base.with(arguments{"allow_stopping_for_update": ""})
	larger := without.with(arguments{"flavor": quote(acctest.LargerFlavor), "image_id": quote(acctest.OtherImage)})
	s.Check(t,
		resource.TestStep{Config: config(s, without)},
		resource.TestStep{
			PreConfig: s.ResetRequests, Config: config(s, larger), PlanOnly: true,
			ExpectError: acctest.Text(`The service accepts a change of flavor and image_id only while the notebook is stopped, and notebook "test" is running. Set allow_stopping_for_update = true`),
		},
		// What was changed elsewhere must not stand in the way of a destroy.
		resource.TestStep{
			PreConfig: func() {
				if err := s.Change(s.Only(t).ID, simulator.Drift{Flavor: new(acctest.LargerFlavor)}); err != nil {
					t.Fatal(err)
				}
			},
			Config: config(s, without), Destroy: true,
		},
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
				if err := s.Change(s.Only(t).ID, simulator.Drift{Capacity: new(int64(30))}); err != nil {
					t.Fatal(err)
				}
			},
			Config:           config(s, disk("20")),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}
