package notebook_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// The framework is not asked about a notebook to which nothing happens. Where
// something does, it is, although what Terraform proposes is what was there: no
// shortcut is taken then. (That each shortcut comes to what the framework comes
// to is held in all tests.)
func TestAccNotebook_shortcuts(t *testing.T) {
	t.Parallel()
	everything := arguments{
		"description":  `"a"`,
		"data_volumes": `{ "/data/a/" = { category = "OBSFS", uri = "obs://bucket/a/" } }`,
		"endpoints":    `{ SSH = { key_pair_names = ["k"], allowed_access_ips = ["192.0.2.2", "192.0.2.1"] } }`,
		"hooks":        `{ post_start = { content = "echo" } }`,
		"lease":        `{ duration = "480m", type = "timing" }`,
		"tags":         `{ team = "vision" }`,
		"timeouts":     `{ read = "1m" }`,
	}
	owing := func(s *acctest.Service) {
		s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "StartNotebook", Code: "ModelArts.6360", Count: 2})
	}
	for name, tc := range map[string]struct {
		before, now                 arguments
		providerBefore, providerNow string
		// drift is made between the two; failing injects what makes an apply in
		// between fail.
		drift   *simulator.Drift
		failing func(s *acctest.Service)
		short   bool
	}{
		"nothing":        {short: true},
		"nothing at all": {before: everything, short: true},
		"nothing of a custom size": {
			before: arguments{
				"flavor": "", "pool_id": quote(acctest.Pool), "custom_spec": `{ cpu = 2.5, memory = 4096 }`,
				"user_vpc": `{ vpc_id = "v", subnet_id = "s", security_group_ids = ["b", "a"] }`,
			},
			short: true,
		},
		"a default in place of what was set": {
			before: arguments{"deletion_protection": "true"}, now: arguments{"deletion_protection": ""},
		},
		"a default in a block": {
			before: arguments{"volume": `{ category = "EFS" }`},
			drift:  &simulator.Drift{Volume: &simulator.Volume{Category: "EFS", Ownership: "DEDICATED", Capacity: 50}},
		},
		"a default in an object in a map": {
			before: arguments{"data_volumes": `{ "/data/a/" = { category = "OBSFS", uri = "obs://bucket/a/", read_only = true } }`},
			now:    arguments{"data_volumes": `{ "/data/a/" = { category = "OBSFS", uri = "obs://bucket/a/" } }`},
		},
		"default_tags": {
			providerBefore: `default_tags = { team = "vision" }`, providerNow: `default_tags = { team = "speech" }`,
		},
		"a tag elsewhere": {drift: &simulator.Drift{Tags: map[string]string{"team": "vision"}}},
		"a token":         {providerNow: `omit_token = true`, short: true}, // the refresh has taken it out
		"a lease within a guardrail": {
			before:      arguments{"lease": `{ duration = "8h" }`},
			providerNow: "require_auto_stop = true\nmax_auto_stop = \"12h\"", short: true,
		},
		"a notebook that never stops":     {before: arguments{"lease": `{ enabled = false }`}, providerNow: `require_auto_stop = true`},
		"one that never stops":            {before: arguments{"lease": `{ enabled = false }`}, providerNow: `max_auto_stop = "12h"`},
		"a guardrail":                     {before: arguments{"lease": `{ duration = "13h" }`}, providerNow: `max_auto_stop = "12h"`},
		"a lease that was cut off":        {before: arguments{"lease": `{ duration = "8h" }`}, drift: &simulator.Drift{LeaseOn: new(false)}},
		"a type that was cut off":         {before: arguments{"lease": `{ type = "IDLE", duration = "8h" }`}, drift: &simulator.Drift{LeaseOn: new(false)}},
		"a desired_status":                {before: arguments{"desired_status": `"RUNNING"`}, drift: &simulator.Drift{Status: new("STOPPED")}},
		"a start that failed":             {before: arguments{"desired_status": `"RUNNING"`}, drift: &simulator.Drift{Status: new("START_FAILED")}},
		"a creation that failed":          {drift: &simulator.Drift{Status: new("CREATE_FAILED")}},
		"a stop that no argument forbids": {drift: &simulator.Drift{Status: new("STOPPED")}, short: true},
		"a power state that is owed":      {now: arguments{"flavor": quote(acctest.LargerFlavor)}, failing: owing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, takesFailedStarts)
			var plans, reads atomic.Int64
			factories := acctest.FactoriesThatTell(func(call string) {
				switch call {
				case "PlanResourceChange":
					plans.Add(1)
				case "ReadResource":
					reads.Add(1)
				}
			})
			before := s.Provider(tc.providerBefore) + base.with(tc.before).resource("test")
			now := s.Provider(tc.providerNow) + base.with(tc.before).with(tc.now).resource("test")
			steps := []resource.TestStep{{Config: before}}
			if tc.failing != nil {
				steps = append(steps, resource.TestStep{PreConfig: func() { tc.failing(s) }, Config: now, ExpectError: acctest.Text("the next apply starts it again")})
			}
			steps = append(steps, resource.TestStep{
				PreConfig: func() {
					if plans.Load() == 0 || reads.Load() == 0 {
						t.Errorf("%d plans and %d reads were short before anything happened, want some of both", plans.Load(), reads.Load())
					}
					if tc.drift != nil {
						drift(t, s, *tc.drift)
					}
					plans.Store(0)
				},
				Config: now,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{planned(func() error {
					if short := plans.Load() > 0; short != tc.short {
						return fmt.Errorf("the plan was short: %t", short)
					}
					return nil
				})}},
			})
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps, CheckDestroy: s.NothingLeft})
		})
	}
}

// What the provider block says now counts in a plan without a refresh too.
func TestAccNotebook_shortcutsWithoutARefresh(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	wantText(t, w.MustRun(t, "plan", "-refresh=false"), "No changes.")
	for _, setting := range []string{"omit_token = true", `default_tags = { team = "vision" }`} {
		w.Configure(t, s.Provider(setting)+base.resource("test"))
		wantText(t, w.MustRun(t, "plan", "-refresh=false"), "1 to change")
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// A process that serves a debugger is configured for each command: the shortcuts
// go by what it was told last.
func TestAccNotebook_shortcutsOfALongProcess(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	server, err := acctest.Factories["modelarts"]()
	if err != nil {
		t.Fatal(err)
	}
	later := `resource "terraform_data" "later" { input = "vision" }` + "\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"modelarts": func() (tfprotov6.ProviderServer, error) { return server, nil },
		},
		Steps: []resource.TestStep{
			{Config: config(s, base)},
			{
				Config:      later + s.Provider(`profile = terraform_data.later.output`) + base.resource("test"),
				ExpectError: acctest.Text("profile is known only after an apply"),
			},
			{Config: later + s.Provider(`default_tags = { team = "vision" }`) + base.resource("test")},
		},
		CheckDestroy: s.NothingLeft,
	})
}

// A state without what the provider keeps beside it gets that with a read,
// although nothing else is new.
func TestAccNotebook_shortcutsWithoutAPrivateState(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	file := filepath.Join(w.Dir, "terraform.tfstate")
	lost := regexp.MustCompile(`,\s*"private": "[^"]*"`).ReplaceAllString(w.State(t), "")
	if strings.Contains(lost, "private") {
		t.Fatal("the private state is still there")
	}
	if err := os.WriteFile(file, []byte(lost), 0o600); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if !strings.Contains(w.State(t), `"private"`) {
		t.Error("there is no private state")
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

// planned checks something once a plan is made.
type planned func() error

func (p planned) CheckPlan(_ context.Context, _ plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = p()
}
