package notebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// plannedCase is a plan of one rule. What it does not name is that of a notebook
// which runs and of which nothing changes. The keys of its maps are paths such as
// "volume.capacity".
type plannedCase struct {
	creates             bool
	state, config, plan attributes // differences; those of the state are in the plan too
	applied             attributes // what of the configuration was another when it was applied last
	forgotten           bool       // nothing is remembered of the last apply
	imported            bool       // and not applied since
	owed                lifecycle.Owed
	protectedBefore     string // the ID that the private state has
	unprotectedBefore   bool   // it is noted there as not protected
	policy              settings.Policy
	home                *settings.Process // of the provider's own region; nil: process
	process             *settings.Process
	unconfigured        bool // the provider

	idle     bool
	planned  attributes // what the rule changes in the plan
	replaces []string
	says     []string // "error at volume.capacity: A disk cannot shrink"
	ends     bool
}

// ignoringOwner is a provider that leaves the tag "owner" alone.
var ignoringOwner = settings.Policy{IgnoredTags: settings.IgnoredTags{Keys: []string{"owner"}}}

func existing() attributes {
	return attributes{
		"id": "id", "name": "n", "status": "RUNNING", "feature": "NOTEBOOK", "flavor": "f", "image_id": "i", "workspace_id": "0",
		"volume": attributes{"category": "EVS", "ownership": "MANAGED", "capacity": 10}, "tags_all": attributes{},
		"lease": attributes{"type": "TIMING", "duration": "1h", "enabled": true}, "url": "u", "token": "t", "image": attributes{"name": "m"},
		"allow_stopping_for_update": false, "deletion_protection": false, "billing_items": []any{"ALL"}, "ssh_uri": "s",
		"region": "r", "project_id": "p",
	}
}

func configured() attributes {
	return attributes{"name": "n", "flavor": "f", "image_id": "i", "volume": attributes{"category": "EVS", "capacity": 10}}
}

func (tc *plannedCase) planner(t *testing.T) *planner {
	t.Helper()
	change := func(v values.Value, differences attributes) values.Value {
		for _, name := range slices.Sorted(maps.Keys(differences)) {
			v = with(t, v, name, differences[name])
		}
		return v
	}
	config := change(resourceValue(t, configured()), tc.config)
	state := change(resourceValue(t, existing()), tc.state)
	plan := change(state, tc.plan)
	if tc.creates {
		state = values.Of(tftypes.NewValue(resourceType(), nil))
	}
	private := privateKeys{}
	if !tc.forgotten && !tc.creates {
		must(t, remember(t.Context(), private, change(config, tc.applied)))
	}
	if tc.owed != "" {
		must(t, owe(t.Context(), private, tc.owed))
	}
	if tc.protectedBefore != "" {
		private[protectedKey] = fmt.Appendf(nil, `{"id":%q,"on":%t}`, tc.protectedBefore, !tc.unprotectedBefore)
	}
	if tc.imported {
		must(t, markImported(t.Context(), private, true))
	}
	process := tc.process
	if process == nil {
		process = &settings.Process{Client: lists{}.process().Client}    // no catalogue
		if _, err := process.Client.ProjectID(t.Context()); err != nil { // which a refresh has found out
			t.Fatal(err)
		}
	}
	p := &planner{
		view: &view{ctx: t.Context(), settings: settings.New(tc.policy, func(region string) *settings.Process {
			if region == "" && tc.home != nil {
				return tc.home
			}
			return process
		}), private: private, config: config, state: state, plan: plan},
		resp: new(resource.ModifyPlanResponse),
	}
	if tc.unconfigured {
		p.settings = nil
	}
	return p
}

// SetKey makes the keys a private state to write to.
func (p privateKeys) SetKey(_ context.Context, key string, v []byte) diag.Diagnostics {
	p[key] = v
	return nil
}

// said are diagnostics in words.
func said(diags diag.Diagnostics) []string {
	var all []string
	for _, d := range diags {
		text := map[diag.Severity]string{diag.SeverityError: "error", diag.SeverityWarning: "warning"}[d.Severity()]
		if d, ok := d.(diag.DiagnosticWithPath); ok {
			text += " at " + d.Path().String()
		}
		all = append(all, text+": "+d.Summary())
	}
	return all
}

func ruleNamed(t *testing.T, name string) rule {
	t.Helper()
	at := slices.IndexFunc(rules, func(r rule) bool { return r.name == name })
	if at < 0 {
		t.Fatalf("there is no rule %s", name)
	}
	return rules[at]
}

func (tc *plannedCase) check(t *testing.T, name string) {
	t.Helper()
	r, p := ruleNamed(t, name), tc.planner(t)
	want := p.plan
	for _, where := range slices.Sorted(maps.Keys(tc.planned)) {
		want = with(t, want, where, tc.planned[where])
	}
	if idle := r.idle(p.view); idle != tc.idle {
		t.Fatalf("idle: %t", idle)
	} else if !idle {
		r.plan(p)
	}
	tc.compare(t, p, want)
}

func (tc *plannedCase) compare(t *testing.T, p *planner, want values.Value) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want.Elements())) {
		if !values.Equal(p.plan.At(name), want.At(name)) {
			t.Errorf("%s is planned as %s, want %s", name, p.plan.At(name), want.At(name))
		}
	}
	var replaced []string
	for _, where := range p.resp.RequiresReplace {
		replaced = append(replaced, where.String())
	}
	if !slices.Equal(replaced, tc.replaces) {
		t.Errorf("replaced for %q, want %q", replaced, tc.replaces)
	}
	if got := said(p.resp.Diagnostics); !slices.Equal(got, tc.says) {
		t.Errorf("said %q, want %q", got, tc.says)
	}
	if p.ended != tc.ends {
		t.Errorf("ends the plan: %t", p.ended)
	}
}

// asRestarted are the attributes that a restart makes unknown, written out here so
// that the list in arguments.go cannot lose one.
func asRestarted(others attributes) attributes {
	all := attributes{}
	for _, name := range []string{"status", "token", "url", "ssh_uri", "ssh", "stops_at", "fail_reason", "billing_items"} {
		all[name] = unknown{}
	}
	maps.Copy(all, others)
	return all
}

func manyTags(n int) attributes {
	tags := attributes{}
	for i := range n {
		tags[fmt.Sprint("k", i)] = "v"
	}
	return tags
}

const (
	mayStop    = "allow_stopping_for_update"
	protection = "deletion_protection"
)

const noLeaseWarning = "warning at lease: Without a lease, a notebook stops after one hour"

// firstPlan is the plan of a new notebook without a lease.
func firstPlan(others attributes, says ...string) plannedCase {
	tc := plannedCase{creates: true, config: others, plan: attributes{"status": unknown{}, "fail_reason": unknown{}, "lease": unknown{}}, says: says}
	tc.planned = attributes{"fail_reason": nil, "lease": existing()["lease"]}
	maps.Copy(tc.plan, others)
	return tc
}

// uncallable is what the process holds of a region that cannot be called.
func uncallable() *settings.Process {
	return &settings.Process{Unready: diag.NewErrorDiagnostic("Unable to use the region r", "")}
}

const refusedChange = `warning: The service may refuse the change of notebook "n"`

var changedName = attributes{"name": "m"}

// oneUnknown makes the value of the first tag unknown.
func oneUnknown(tags attributes) attributes {
	tags[slices.Sorted(maps.Keys(tags))[0]] = unknown{}
	return tags
}

func with20() attributes {
	tags := manyTags(19)
	tags["d"] = "1"
	return tags
}

// lost is a process that cannot find out its project.
func lost() *settings.Process {
	project := func(context.Context) (string, error) { return "", errors.New("it is not known") }
	return settings.NewProcess(modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, http.DefaultClient, project, "test"))
}

// newDisk is the create of a notebook without a size, and the size that is planned;
// nil where the service gives it.
func newDisk(category, ownership, size any) plannedCase {
	tc := plannedCase{
		creates: true, config: attributes{"volume.capacity": nil}, idle: size == nil,
		plan: attributes{"volume.category": category, "volume.ownership": ownership, "volume.capacity": unknown{}},
	}
	if size != nil {
		tc.planned = attributes{"volume.capacity": size}
	}
	return tc
}

// named is a region with a notebook of a name.
func named(name string) *settings.Process {
	return lists{"/notebooks": `{"data":[{"id":"taken","name":"` + name + `","status":"RUNNING"}],"total":1}`}.process()
}

func claimed(p *settings.Process, id string) *settings.Process {
	p.Creates.Claim(id)
	return p
}

func replacedFor(name string, v any) plannedCase {
	return plannedCase{plan: attributes{name: v}, replaces: []string{name}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true}
}

func stoppedFor(name string, v any) plannedCase {
	return plannedCase{plan: attributes{name: v}, forgotten: true, says: []string{"error at " + name + ": The notebook would have to be stopped"}}
}

var onNodes = attributes{"required": []any{attributes{"key": "k", "operator": "Exists"}}}

// newBucket is a create on a bucket, with what it lacks.
func newBucket(members attributes, lacks ...string) plannedCase {
	volume := attributes{"category": "obs", "ownership": "dedicated"}
	maps.Copy(volume, members)
	tc := plannedCase{creates: true, config: attributes{"volume": volume}, plan: attributes{"volume": volume}, idle: len(lacks) == 0}
	for _, where := range lacks {
		tc.says = append(tc.says, "error at "+where+": The source of the storage is missing")
	}
	return tc
}

// newData is an update that adds a data volume at /a/, with what it lacks.
func newData(volume any, lacks ...string) plannedCase {
	volumes := attributes{"data_volumes": attributes{"/a/": volume}}
	tc := plannedCase{config: volumes, plan: volumes, idle: len(lacks) == 0}
	for _, name := range lacks {
		tc.says = append(tc.says, `error at data_volumes["/a/"].`+name+": The source of the storage is missing")
	}
	return tc
}

// share is a file system at /a/ without its source, as an import has it, and what is at
// /b/ beside it.
func share(beside attributes) attributes {
	volumes := attributes{"/a/": attributes{"category": "EFS", "read_only": false}}
	if beside != nil {
		volumes["/b/"] = beside
	}
	return attributes{"data_volumes": volumes}
}

// Each rule is idle, plans and says what the table has.
func TestRules(t *testing.T) {
	t.Parallel()
	for name, cases := range ruleCases {
		for which, tc := range cases {
			t.Run(name+"/"+which, func(t *testing.T) {
				t.Parallel()
				tc.check(t, name)
			})
		}
	}
	for _, r := range rules {
		if _, there := ruleCases[r.name]; !there && r.name != "catalogue" { // which has a test of its own
			t.Errorf("the rule %s has no cases", r.name)
		}
	}
}

// Each argument that stops or replaces has a case of that rule under its name.
func TestRulesHaveACaseOfEachRow(t *testing.T) {
	t.Parallel()
	for _, a := range arguments {
		rule := map[effect]string{stops: "stop", replaces: "replacement"}[a.effect]
		if _, there := ruleCases[rule][a.at.String()]; rule != "" && !there {
			t.Errorf("the rule %s has no case of %s", rule, a.at)
		}
	}
}

// A whole plan, of several rules after each other.
func TestPlans(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]plannedCase{
		"nothing": {},
		"a name":  {plan: attributes{"name": "m", "url": unknown{}, "status": unknown{}}, planned: attributes{"url": "u", "status": "RUNNING"}},
		"a restart": {
			plan: attributes{"image_id": "j", mayStop: true, "status": unknown{}}, planned: asRestarted(attributes{"image": unknown{}}),
			says: []string{`warning: Notebook "n" will be stopped and started`},
		},
		"a restart that is to end running": {
			plan: attributes{"flavor": "g", mayStop: true, "desired_status": "RUNNING"}, planned: asRestarted(attributes{"status": "RUNNING"}),
			says: []string{`warning: Notebook "n" will be stopped and started`},
		},
		"a replacement ends the plan": {
			config: attributes{"pool_id": "p"}, applied: attributes{"pool_id": nil},
			plan: attributes{"pool_id": "p", "flavor": "g", "desired_status": "STOPPED"}, replaces: []string{"pool_id"}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true,
		},
		"a stop that is asked for, and a change that needs one": {
			config: attributes{"desired_status": "STOPPED"}, applied: attributes{"desired_status": nil, "flavor": "e"},
			plan: attributes{"flavor": "g", "desired_status": "STOPPED"}, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`},
		},
		"the same, with a consent that it does not need": {
			plan: attributes{"flavor": "g", "desired_status": "STOPPED", mayStop: true}, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`},
		},
		"the same, with a lease that is switched off": {
			config: attributes{"lease": attributes{"enabled": false}}, applied: attributes{"lease": nil}, plan: attributes{"lease.enabled": false, "desired_status": "STOPPED"},
			planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`},
		},
		"the same, of one on its way": {
			forgotten: true, state: attributes{"status": "STARTING"}, plan: attributes{"flavor": "g", "desired_status": "STOPPED"}, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`},
		},
		"only spellings": {plan: attributes{"volume.category": "evs", "lease.duration": "60m", "status": unknown{}}, planned: attributes{"volume.category": "EVS", "lease.duration": "1h", "status": "RUNNING"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := tc.planner(t)
			want := p.plan
			for _, where := range slices.Sorted(maps.Keys(tc.planned)) {
				want = with(t, want, where, tc.planned[where])
			}
			p.run()
			tc.compare(t, p, want)
		})
	}
}

// A destroy is refused while the notebook is protected, and names the storage
// that goes with it.
func TestPlanOfADestroy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		state    attributes
		leftOver bool // by a replacement, says the private state
		applies  bool // the process serves an apply
		released []string
		says     []string
	}{
		"managed storage":                 {says: []string{`warning: Notebook "n" will be deleted with its storage`}},
		"storage of the account":          {state: attributes{"volume.ownership": "dedicated"}},
		"protected":                       {state: attributes{protection: true}, says: []string{"error at deletion_protection: The notebook is protected"}},
		"protected, released":             {state: attributes{protection: true}, released: []string{"id"}, says: []string{`warning: Notebook "n" will be deleted with its storage`}},
		"protected, but it never came up": {state: attributes{protection: true, "status": "CREATE_FAILED"}, says: []string{`warning: Notebook "n" will be deleted with its storage`}},
		"left over":                       {state: attributes{protection: true}, leftOver: true, says: []string{`warning: Notebook "n" (id) stays: it is protected`}},
		"left over, in an apply":          {state: attributes{protection: true}, leftOver: true, applies: true, says: []string{`warning: Notebook "n" (id) stays: it is protected`}},
		"left over, released":             {state: attributes{protection: true}, leftOver: true, released: []string{"id"}, says: []string{`warning: Notebook "n" will be deleted with its storage`}},
		"in an apply, before the delete":  {state: attributes{protection: true}, applies: true},
		"not protected, in an apply":      {applies: true, says: []string{`warning: Notebook "n" will be deleted with its storage`}},
	} {
		p := (&plannedCase{state: tc.state, policy: settings.Policy{Released: tc.released}}).planner(t)
		if tc.leftOver {
			p.private = privateKeys{leftOverKey: []byte("true")}
		}
		if tc.applies {
			p.settings.NoteApply()
		}
		r := new(notebookResource)
		r.Settings = p.settings
		planned := privateKeys{}
		r.planDestroy(t.Context(), p.state, p.private, planned, &p.resp.Diagnostics)
		if marked := leftOver(t.Context(), planned); marked != (tc.applies && tc.says == nil) {
			t.Errorf("%s: left over: %t", name, marked)
		}
		if got := said(p.resp.Diagnostics); !slices.Equal(got, tc.says) {
			t.Errorf("%s: said %q, want %q", name, got, tc.says)
		}
	}
}

// Whatever the service refuses a change in, the plan names what leads out of it.
func TestFailedStatusesHaveAWayOut(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"START_FAILED": "desired_status = \"RUNNING\" tries one", "ERROR": "terraform apply -replace=ADDRESS", "DELETE_FAILED": "terraform destroy", "FROZEN": "settle that first", "CREATE_FAILED": "-replace=ADDRESS",
	} {
		p := (&plannedCase{state: attributes{"status": status, "fail_reason": "No disk."}, plan: attributes{"flavor": "g"}}).planner(t)
		p.stuck()
		if detail := p.resp.Diagnostics[0].Detail(); !strings.Contains(detail, want) || !strings.Contains(detail, "a change of flavor only") || !strings.Contains(detail, status+" (No disk)") {
			t.Errorf("%s: %s", status, detail)
		}
	}
}

// A first-time user reads this in the first plan.
func TestTextAboutNoLease(t *testing.T) {
	t.Parallel()
	p := (&plannedCase{creates: true, plan: attributes{"lease": unknown{}}}).planner(t)
	p.foresee()
	const want = `Notebook "n" has no lease. The service stops such a notebook one hour after each start: what runs in it ends, and its storage stays. ` +
		`For a longer time, write lease = { duration = "8h" } (1h to 72h). To let it run until it is stopped by hand, write lease = { enabled = false }. ` +
		`If one hour is right, write lease = { duration = "1h" }, which ends this warning.`
	if got := p.resp.Diagnostics[0].Detail(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
