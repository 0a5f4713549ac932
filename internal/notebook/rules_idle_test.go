package notebook

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// The short way past the framework is open when every rule is idle, and closed by
// each single reason.
func TestPlansNothing(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		plannedCase
		rule string // the one that is not idle; empty: all are
	}{
		"nothing": {},
		"a whole notebook": {plannedCase: plannedCase{
			config: attributes{"tags": attributes{"a": "1"}, "lease": attributes{"duration": "1h"}, "desired_status": "RUNNING", "hooks": attributes{"pre_start": attributes{"content": "c"}}},
			state: attributes{
				"tags": attributes{"a": "1"}, "tags_all": attributes{"a": "1", "d": "1"}, "desired_status": "RUNNING",
				"hooks": attributes{"pre_start": attributes{"content": "c", "mode": "ASYNC"}},
			},
			policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}, RequireAutoStop: true, MaxAutoStop: lifecycle.MinLease},
		}},
		"a stopped notebook":         {plannedCase: plannedCase{state: attributes{"status": "STOPPED"}}},
		"a default":                  {plannedCase{state: attributes{protection: true}}, "defaults"},
		"a token":                    {plannedCase{policy: settings.Policy{OmitToken: true}}, "token"},
		"another project":            {plannedCase{state: attributes{"project_id": "q"}}, "project"},
		"a default tag":              {plannedCase{policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}}}, "tags"},
		"an unknown provider":        {plannedCase{process: &settings.Process{Unready: diag.NewErrorDiagnostic("", "")}}, "tags"},
		"a lease switched off":       {plannedCase{config: attributes{"lease": attributes{"duration": "1h"}}, state: attributes{"lease.enabled": false}}, "lease"},
		"a failed creation":          {plannedCase{state: attributes{"status": "CREATE_FAILED"}}, "failed creation"},
		"a wish for another power":   {plannedCase{state: attributes{"desired_status": "STOPPED"}}, "power"},
		"a start that is owed":       {plannedCase{state: attributes{"status": "STOPPED"}, owed: lifecycle.OwesStart}, "power"},
		"a notebook on its way":      {plannedCase{state: attributes{"status": "STARTING"}}, "power"},
		"a lease that is too long":   {plannedCase{state: attributes{"lease.duration": "2h"}, policy: settings.Policy{MaxAutoStop: lifecycle.MinLease}}, "guardrails"},
		"a notebook that never ends": {plannedCase{state: attributes{"lease.enabled": false}, policy: settings.Policy{RequireAutoStop: true}}, "guardrails"},
	} {
		p := tc.planner(t)
		keys, ok := p.private.(privateKeys)
		if !ok {
			t.Fatal("the private state is of another type")
		}
		if got := PlansNothing(t.Context(), p.settings, p.config.Value, p.state.Value, keys); got != (tc.rule == "") {
			t.Errorf("%s: %t", name, got)
		}
		for _, r := range rules {
			if idle := r.idle(p.view); idle == (r.name == tc.rule) && (r.name != "power" || tc.rule != "failed creation") { // whose status is not settled
				t.Errorf("%s: the rule %s is idle: %t", name, r.name, idle)
			}
		}
	}
}

// needsACause are the rules whose plan supposes what their idle denies, each with
// the reason; their idle is held against another way to say it.
var needsACause = map[string]struct {
	reason string
	idle   func(*view) bool
}{
	"defaults": {"it plans nothing at all", nil},
	"token":    {"it always plans null", func(v *view) bool { return !v.settings.OmitToken || v.plan.At("token").IsNull() }},
	"region": {"it plans for a new notebook only", func(v *view) bool {
		return !v.state.IsNull() || v.plan.At("region").IsKnown() && !v.plan.At("region").IsNull()
	}},
	"unreplaced": {"it names the two values", func(v *view) bool {
		imported, _ := v.private.GetKey(v.ctx, "imported")
		return v.state.IsNull() || !slices.ContainsFunc(arguments, func(a argument) bool {
			was := v.state.At(a.at...)
			if pool := a.at[0] == "pool_id" && was.IsNull(); imported != nil && !v.plan.At(a.at...).IsKnown() && !pool {
				return false // the apply knows it
			}
			if a.effect != replaces || values.Equal(was, v.plan.At(a.at...)) || was.IsNull() && (a.always || imported != nil && a.at[0] != "pool_id") {
				return false
			}
			return imported != nil || appliedBefore(v.ctx, v.private, a.at, v.config.At(a.at...))
		})
	}},
	"lease": {"there may be no value to plan", func(v *view) bool {
		on, follows := v.leaseOn()
		return !follows || values.Equal(v.plan.With(on, "lease", "enabled"), v.plan)
	}},
	"capacity": {"it names the two sizes", func(v *view) bool {
		return v.creates() || values.Equal(v.plan.With(v.state.At("volume", "capacity").Value, "volume", "capacity"), v.plan)
	}},
	"failed creation": {"it always replaces", func(v *view) bool { return v.state.At("status").Text() != "CREATE_FAILED" }},
	"replacement": {"it always replaces", func(v *view) bool {
		return v.creates() || !slices.ContainsFunc(arguments, func(a argument) bool {
			was := v.state.At(a.at...)
			return a.effect == replaces && !values.Equal(was, v.plan.At(a.at...)) && (!was.IsNull() || !a.always && !v.imported()) && (!v.imported() || v.plan.At(a.at...).IsKnown())
		})
	}},
	"failed status": {"it names what cannot be changed", func(v *view) bool {
		return v.creates() || !slices.Contains([]string{"START_FAILED", "CREATE_FAILED", "ERROR"}, v.state.At("status").Text()) || len(v.stopping()) == 0
	}},
	"forced replacement": {"it always refuses", nil},
	"stop": {"it names what stops", func(v *view) bool {
		if v.creates() || !slices.Contains([]string{"RUNNING", "STARTING"}, v.state.At("status").Text()) {
			return true
		}
		off := v.plan.At("lease", "enabled").False() && !v.state.At("lease", "enabled").False() && v.state.At("lease", "enabled").IsKnown()
		return !off && !slices.ContainsFunc(arguments, func(a argument) bool {
			was := v.state.At(a.at...)
			return a.effect == stops && !values.Equal(was, v.plan.At(a.at...)) && (!a.always || !was.IsNull())
		})
	}},
	"guardrails": {"it always says something", func(v *view) bool {
		limit := v.settings.MaxAutoStop
		d, err := parseLease(v.plan.At("lease", "duration").Text())
		never := v.plan.At("lease", "enabled").False()
		if never {
			return !v.settings.RequireAutoStop && limit == 0
		}
		return limit == 0 || err != nil || d <= limit
	}},
}

// differences are small differences, of which a random plan has some.
var differences = []struct {
	name string
	v    []any
}{
	{"name", []any{"n", "m"}},
	{"description", []any{nil, "", "d"}},
	{"flavor", []any{"f", "g", customFlavor, unknown{}}},
	{"image_id", []any{"i", "I", "j", nil}},
	{"pool_id", []any{nil, "p", unknown{}}},
	{"feature", []any{nil, "NOTEBOOK", "DEFAULT"}},
	{"workspace_id", []any{nil, "0", unknown{}}},
	{"volume.category", []any{"EVS", "evs", "EFS", nil}},
	{"volume.ownership", []any{"MANAGED", "managed", "DEDICATED", nil}},
	{"volume.capacity", []any{nil, 10, 11, 9, unknown{}}},
	{"volume.id", []any{nil, "a", "A"}},
	{"volume.dew_secret_name", []any{nil, "s"}},
	{"custom_spec", []any{nil, attributes{"cpu": 1, "arch": "arm64"}, attributes{"cpu": 1, "arch": "ARM64"}}},
	{"lease", []any{nil, unknown{}, attributes{"duration": "1h"}, attributes{"duration": "60m", "enabled": true}, attributes{"duration": "2h", "enabled": false}, attributes{"type": "idle"}, attributes{"duration": unknown{}}}},
	{"data_volumes", []any{nil, attributes{"/a": attributes{"read_only": true}}, attributes{"/a/": attributes{"read_only": true}}, attributes{"/a/": attributes{"read_only": false}}}},
	{"hooks", []any{nil, attributes{"pre_start": attributes{"mode": "block"}}, attributes{"pre_start": attributes{"mode": "BLOCK"}}}},
	{"endpoints", []any{nil, attributes{"SSH": attributes{"key_pair_names": []any{"a", "b"}}}, attributes{"SSH": attributes{"key_pair_names": []any{"b", "a"}}}}},
	{"tags", []any{nil, attributes{}, attributes{"a": "1"}, attributes{"ignored": "1"}, unknown{}, manyTags(21)}},
	{"tags_all", []any{attributes{}, attributes{"a": "1"}, attributes{"d": "1"}, manyTags(21), unknown{}}},
	{"status", []any{"RUNNING", "STOPPED", "STARTING", "START_FAILED", "START_FAILED", "ERROR", "CREATE_FAILED", unknown{}}},
	{"desired_status", []any{nil, "RUNNING", "STOPPED", unknown{}}},
	{"token", []any{nil, "t", unknown{}}},
	{mayStop, []any{false, true, unknown{}}},
	{protection, []any{false, true}},
	{"region", []any{nil, "r", "s", unknown{}}},
	{"project_id", []any{nil, "p", "q"}},
}

// Whatever differs between configuration, state and plan: a rule that is idle
// would change nothing and say nothing, were its plan called.
func TestIdleRulesWouldPlanNothing(t *testing.T) {
	t.Parallel()
	idle, busy, short := map[string]int{}, map[string]int{}, 0
	for seed := range uint64(1500) {
		random := rand.New(rand.NewPCG(seed, 1))
		p := randomPlan(t, random)
		for _, r := range rules {
			if !r.idle(p.view) {
				busy[r.name]++
				continue
			}
			idle[r.name]++
			if _, needs := needsACause[r.name]; needs || p.creates() && slices.Contains([]string{"computed", "power", "unknown"}, r.name) {
				continue // those three have nothing to plan from in a create
			}
			v := *p.view
			called := &planner{view: &v, resp: new(resource.ModifyPlanResponse)}
			r.plan(called)
			if !values.Equal(called.plan, p.plan) || len(called.resp.Diagnostics)+len(called.resp.RequiresReplace) > 0 || called.ended {
				t.Errorf("seed %d: the rule %s is idle, and plans %q, says %q", seed, r.name, differing(called.plan, p.plan), said(called.resp.Diagnostics))
			}
		}
		for name, other := range needsACause {
			if other.idle != nil && ruleNamed(t, name).idle(p.view) != other.idle(p.view) {
				t.Errorf("seed %d: the rule %s is idle: %t", seed, name, !other.idle(p.view))
			}
		}
		if p.unchanged() && PlansNothing(t.Context(), p.settings, p.config.Value, p.state.Value, p.private.(privateKeys)) {
			short++
			p.run()
			if !p.unchanged() || len(p.resp.Diagnostics)+len(p.resp.RequiresReplace) > 0 {
				t.Errorf("seed %d: the short way is open, and the plan changes %q, says %q", seed, differing(p.plan, p.state), said(p.resp.Diagnostics))
			}
		}
	}
	if short < 20 {
		t.Errorf("the short way was open %d times", short)
	}
	for _, r := range rules {
		if r.name == "forced replacement" {
			continue // no random plan has its private state
		}
		if idle[r.name] < 100 || busy[r.name] < 10 {
			t.Errorf("the rule %s was idle %d times and busy %d times: the differences are not worth much", r.name, idle[r.name], busy[r.name])
		}
	}
}

// differing are the attributes in which two values of the resource differ.
func differing(a, b values.Value) []string {
	var names []string
	for _, name := range a.Keys() {
		if !values.Equal(a.At(name), b.At(name)) {
			names = append(names, name)
		}
	}
	return names
}

// randomPlan has some differences in each of configuration, state and plan.
func randomPlan(t *testing.T, random *rand.Rand) *planner {
	t.Helper()
	some := func(most int, unknowns bool) attributes {
		chosen := attributes{}
		for range random.IntN(most + 1) {
			d := differences[random.IntN(len(differences))]
			v := d.v[random.IntN(len(d.v))]
			if _, is := v.(unknown); !is || unknowns {
				chosen[d.name] = v
			}
		}
		return chosen
	}
	tc := plannedCase{creates: random.IntN(10) == 0, state: some(7, false), config: some(6, true), forgotten: random.IntN(3) == 0, imported: random.IntN(8) == 0}
	delete(tc.config, "status")
	delete(tc.config, "token")
	delete(tc.config, "project_id")
	delete(tc.config, "tags_all")
	if random.IntN(3) > 0 {
		tc.plan = some(3, true)
	}
	if tc.creates && random.IntN(2) == 0 {
		tc.plan = map[string]any{"region": unknown{}, "volume.capacity": unknown{}} // as most creates have them
		tc.config["volume.capacity"] = nil
	}
	maps.DeleteFunc(tc.state, func(_ string, v any) bool {
		lease, is := v.(attributes)
		return is && lease["duration"] == any(unknown{}) // a state holds nothing unknown
	})
	tc.owed = []lifecycle.Owed{"", "", "", lifecycle.OwesStart, lifecycle.OwesStop, lifecycle.OwesRetry}[random.IntN(6)]
	tc.policy = settings.Policy{
		OmitToken: random.IntN(4) == 0, RequireAutoStop: random.IntN(4) == 0,
		DefaultTags: []map[string]string{nil, nil, {"d": "1"}}[random.IntN(3)],
		IgnoredTags: settings.IgnoredTags{Keys: []string{"ignored"}},
	}
	if random.IntN(4) == 0 {
		tc.policy.MaxAutoStop = lifecycle.MinLease
	}
	if random.IntN(4) == 0 { // a region that cannot be called
		tc.home, tc.process = canned().process(), uncallable()
	}
	return tc.planner(t)
}
