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

// value checks an attribute of the notebook, as acctest.Value does.
func value(path string, v knownvalue.Check) statecheck.StateCheck {
	return acctest.Value(address, path, v)
}

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
				value("status", knownvalue.StringExact("RUNNING")),
				value("url", knownvalue.StringRegexp(regexp.MustCompile(`^https://`))),
				value("token", knownvalue.NotNull()),
				value("ssh_uri", knownvalue.StringRegexp(regexp.MustCompile(`^ssh://`))),
				value("ssh.host", knownvalue.StringExact("dev-modelarts-cn-north-4.huaweicloud.com")),
				value("ssh.port", knownvalue.Int64Exact(30000)),
				value("ssh.user", knownvalue.StringExact("ma-user")),
				value("image.name", knownvalue.StringExact("notebook2.0-mul-kernel-cpu-cp36")),
				value("image.arch", knownvalue.StringExact("X86_64")),
				value("volume.capacity", knownvalue.Int64Exact(5)),
				value("volume.mount_path", knownvalue.StringExact("/home/ma-user/work/")),
				value("volume.status", knownvalue.Null()),
				value("lease.type", knownvalue.StringExact("TIMING")),
				value("lease.duration", knownvalue.StringExact("1h")), // as planned
				value("lease.enabled", knownvalue.Bool(true)),
				value("owner.name", knownvalue.StringExact(simulator.DefaultUserName)),
				value("created_at", knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
				value("stops_at", knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))),
				value("workspace_id", knownvalue.StringExact("0")),
				value("pool_id", knownvalue.Null()),
				value("fail_reason", knownvalue.Null()),
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
// faults outlast the retries of the client: the wait survives them. (That it survives
// each other answer too is held without Terraform, and by the matrix.)
func TestAccNotebook_badPolls(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"502 with HTML":  {Kind: simulator.FaultHTML},
		"half of it":     {Kind: simulator.FaultTruncate},
		"unknown status": {Kind: simulator.FaultStatus, Value: "HIBERNATING"},
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
			arm := func(operation string) func() {
				return func() {
					s.ResetRequests()
					s.FaultsHit(t)
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
						s.FaultsHit(t)
						s.ResetRequests()
						go injectAfter(s, "DeleteNotebook", fault) // not in the refreshes, which ask once
					},
					Config: few + bigger.resource("test"), Destroy: true,
				},
			)
			s.FaultsHit(t)
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
		"cut after effect": {fault: &simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "DeleteNotebook"}, calls: []string{"DeleteNotebook", "DeleteNotebook"}},
		"stop first":       {options: simulator.Options{Answers: []string{"delete-stopped-only"}}, calls: []string{"DeleteNotebook", "StopNotebook", "DeleteNotebook"}},
		"gone meanwhile":   {fault: &simulator.Fault{Kind: simulator.FaultVanish, Operation: "DeleteNotebook"}, calls: []string{"DeleteNotebook"}},
		"gone as 6404":     {options: simulator.Options{Answers: []string{"gone-6404"}}, calls: []string{"DeleteNotebook"}},
		"gone as DELETED":  {options: simulator.Options{Answers: []string{"gone-deleted"}}, calls: []string{"DeleteNotebook"}},
		"no content":       {options: simulator.Options{Answers: []string{"delete-no-content"}}, calls: []string{"DeleteNotebook"}},
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

func TestAccNotebook_disappears(t *testing.T) {
	t.Parallel()
	for _, form := range [][]string{nil, {"gone-404"}, {"gone-6404"}, {"gone-deleted"}} {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: form})
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
	s := acctest.New(t, simulator.Options{})
	same := sameNotebook(t)
	steps := []resource.TestStep{{Config: config(s, base), Check: same}}
	for name, fault := range map[string]simulator.Fault{
		"busy":                {Kind: simulator.FaultRefuse, Code: "ModelArts.6357"},
		"404 of a gateway":    {Kind: simulator.FaultRefuse, Status: 404, Code: "APIG.0101", Message: "The API does not exist."},
		"404 with HTML":       {Kind: simulator.FaultHTML, Status: 404},
		"404 of a proxy":      {Kind: simulator.FaultRefuse, Status: 404, Code: "Proxy.404", Message: "No route."},
		"404, unknown code":   {Kind: simulator.FaultRefuse, Status: 404, Code: "ModelArts.9999", Message: "Not found."},
		"denied":              {Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0112"},
		"no permission, 0210": {Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0210"},
	} {
		steps = append(steps, resource.TestStep{
			PreConfig: func() {
				t.Log(name) // a step has only a number
				s.ClearFaults()
				fault.Operation, fault.Count = "ShowNotebook", -1
				s.Inject(fault)
			},
			Config: config(s, base), PlanOnly: true, ExpectError: regexp.MustCompile("Unable to read notebook|Huawei Cloud refused the project"),
		})
	}
	s.Check(t, append(steps, resource.TestStep{PreConfig: s.ClearFaults, Config: config(s, base), Check: same})...)
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
	s.FaultsHit(t)
}

func TestAccNotebook_defaultTagsAndOmitToken(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	with := func(provider string, a arguments) string { return s.Provider(provider) + base.with(a).resource("test") }
	s.Check(t,
		resource.TestStep{
			Config: with(`default_tags = { team = "ml", stage = "dev" }`+"\nomit_token = true", arguments{"tags": `{ stage = "prod" }`}),
			ConfigStateChecks: []statecheck.StateCheck{
				value("tags_all", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("ml"), "stage": knownvalue.StringExact("prod")})),
				value("tags", knownvalue.MapExact(map[string]knownvalue.Check{"stage": knownvalue.StringExact("prod")})),
				value("token", knownvalue.Null()),
			},
		},
		resource.TestStep{
			PreConfig: s.ResetRequests,
			Config:    with(`default_tags = { team = "vision" }`+"\nomit_token = true", nil),
			Check:     s.ExpectWrites("DeleteNotebookTags workspace_id=0 tags", "CreateNotebookTags workspace_id=0 tags"),
		},
		resource.TestStep{
			Config: with(`default_tags = { team = "vision" }`, arguments{"flavor": quote(acctest.LargerFlavor)}),
			ConfigStateChecks: []statecheck.StateCheck{
				value("token", knownvalue.NotNull()),
			},
		},
	)
}

func TestAccNotebook_deletionProtection(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	protected := base.with(arguments{"deletion_protection": "true"})
	same := sameNotebook(t)
	refused := acctest.Text(`has deletion_protection = true in the state. To destroy or replace it, set deletion_protection = false and apply that first. If the notebook is tainted, run terraform untaint before.`)
	s.Check(t,
		resource.TestStep{Config: config(s, protected), Check: same},
		resource.TestStep{Config: config(s, protected), Destroy: true, ExpectError: refused},
		resource.TestStep{Config: config(s, protected.with(arguments{"volume": `{ category = "EFS" }`})), PlanOnly: true, ExpectError: refused},
		resource.TestStep{Config: s.Provider(""), ExpectError: refused},
		resource.TestStep{Config: config(s, base), Check: same},
	)
}

// A rename shows as one line: what cannot change stays known.
func TestAccNotebook_planIsQuiet(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	step := func(a arguments, unknown ...string) resource.TestStep {
		return resource.TestStep{Config: config(s, a), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{onlyUnknown(unknown)}}}
	}
	restarted := []string{"billing_items", "fail_reason", "ssh", "ssh_uri", "status", "stops_at", "token", "url"}
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
			"billing_items", "fail_reason", "ssh", "ssh_uri", "stops_at", "token", "url"),
	)
}
