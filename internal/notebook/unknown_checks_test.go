package notebook

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// inputsOfChecks are what each check reads, by its summary.
var inputsOfChecks = map[string][]string{
	"There is no such resource pool":                     {"region", "pool_id", "workspace_id"},
	"The resource pool is not active":                    {"region", "pool_id", "workspace_id"},
	"There is no such flavor":                            {"region", "flavor", "custom_spec", "pool_id", "feature", "workspace_id"},
	flavorSoldOut:                                        {"region", "flavor", "custom_spec", "pool_id", "feature", "workspace_id"},
	"The flavor does not work with the storage":          {"region", "flavor", "custom_spec", "pool_id", "feature", "workspace_id", "volume", "volume.category"},
	"The disk is too large for the flavor":               {"region", "flavor", "custom_spec", "pool_id", "feature", "workspace_id", "volume", "volume.category", "volume.capacity"},
	"The notebook cannot change to the flavor":           {"flavor", "custom_spec"},
	"There is no such image":                             {"region", "image_id"},
	"The image is not active":                            {"region", "image_id"},
	"The image has another architecture than the flavor": {"region", "image_id", "flavor", "custom_spec", "pool_id", "feature", "workspace_id"},
	"The image is for another kind of flavor":            {"region", "image_id", "flavor", "custom_spec", "pool_id", "feature", "workspace_id"},
	"The image needs an SSH endpoint":                    {"region", "image_id", "endpoints"},
	quotaTooSmall:                                        {"region"},
	notAuthorized:                                        {"region"},
}

// later is a case in which an argument is not known yet.
func (tc plannedCase) later(names ...string) plannedCase {
	tc.config, tc.plan = maps.Clone(tc.config), maps.Clone(tc.plan)
	if tc.config == nil {
		tc.config = attributes{}
	}
	if tc.plan == nil {
		tc.plan = attributes{}
	}
	for _, name := range names {
		for _, a := range []attributes{tc.config, tc.plan} {
			maps.DeleteFunc(a, func(other string, _ any) bool { return strings.HasPrefix(other, name+".") })
			a[name] = unknown{}
		}
	}
	return tc
}

// No check of the catalogue finds anything by a value that is not known yet, also
// where that is a whole object.
func TestNoCheckReadsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for name, tc := range catalogueCases() {
		summary, _, _ := strings.Cut(tc.summary, " (notebook")
		tried[summary] = true
		for _, input := range inputsOfChecks[summary] {
			// The workspace decides what pools there are, and the feature what flavors the
			// region has.
			if _, pool := tc.config["pool_id"]; input == "workspace_id" && !pool || input == "feature" && pool {
				continue
			}
			service := canned()
			if tc.lists != nil {
				tc.lists(service)
			}
			hidden := tc.later(input)
			if hidden.process == nil {
				hidden.process = service.process()
			}
			p := hidden.planner(t)
			p.check()
			for _, text := range said(p.resp.Diagnostics) {
				if strings.Contains(text, summary) {
					t.Errorf("%s: %s is not known, and yet %q", name, input, p.resp.Diagnostics)
				}
			}
		}
	}
	for _, check := range catalogueChecks {
		if !tried[check.summary] || len(inputsOfChecks[check.summary]) == 0 {
			t.Errorf("%s is not tried", check.summary)
		}
	}
}

// Nor does any other rule.
func TestNoRuleReadsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	guarded := settings.Policy{RequireAutoStop: true, MaxAutoStop: time.Hour}
	for name, tc := range map[string]struct {
		plannedCase
		inputsOfChecks []string
	}{
		"namesakes":  {plannedCase{creates: true, process: named("n")}, []string{"name", "region", "feature", "workspace_id"}},
		"guardrails": {plannedCase{creates: true, policy: guarded, config: attributes{"lease": attributes{"duration": "8h"}}, plan: attributes{"lease.duration": "8h"}}, []string{"lease", "lease.duration"}},
		"tags":       {plannedCase{creates: true, config: attributes{"tags": manyTags(21)}, plan: attributes{"tags": manyTags(21)}}, []string{"tags"}},
		"capacity":   {plannedCase{config: attributes{"volume.capacity": 5}, plan: attributes{"volume.capacity": 5}, applied: attributes{"volume.capacity": 10}}, []string{"volume.capacity", "volume.category"}},
		"stop":       {plannedCase{config: attributes{"flavor": "g"}, plan: attributes{"flavor": "g"}, applied: attributes{"flavor": "f"}}, []string{"flavor"}},
		"unreplaced": {plannedCase{imported: true, config: attributes{"feature": "DEFAULT"}, plan: attributes{"feature": "DEFAULT"}}, []string{"feature"}},
	} {
		run := func(tc plannedCase) []string {
			p, r := tc.planner(t), ruleNamed(t, name)
			if !r.idle(p.view) {
				r.plan(p)
			}
			return slices.DeleteFunc(said(p.resp.Diagnostics), func(text string) bool { return strings.Contains(text, "may be") })
		}
		if len(run(tc.plannedCase)) == 0 {
			t.Errorf("%s finds nothing", name)
		}
		for _, input := range tc.inputsOfChecks {
			if got := run(tc.later(input)); len(got) > 0 {
				t.Errorf("%s: %s is not known, and yet %q", name, input, got)
			}
		}
	}
}
