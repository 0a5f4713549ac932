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

var ruleCases = map[string]map[string]plannedCase{
	"defaults": {
		"nothing":                                        {idle: true},
		"a create":                                       {creates: true, idle: true},
		"the plan differs anyway":                        {state: attributes{protection: true}, plan: changedName, idle: true},
		"a flag that is no longer configured":            {state: attributes{protection: true}},
		"a flag that is configured":                      {state: attributes{protection: true}, config: attributes{protection: true}, idle: true},
		"a default in a block":                           {state: attributes{"volume.ownership": "DEDICATED"}},
		"a default in an element":                        {state: attributes{"data_volumes": attributes{"/a": attributes{"read_only": true}}}},
		"a default in an object two levels below":        {state: attributes{"hooks": attributes{"pre_start": attributes{"mode": "BLOCK"}}}},
		"no object to have a default in":                 {state: attributes{"hooks": attributes{"pre_start": nil}}, idle: true},
		"what has no default is not taken from the plan": {state: attributes{"description": "d"}, idle: true},
	},
	"later": {
		"nothing":                  {idle: true},
		"all is known":             {plan: changedName, idle: true},
		"it is unknown":            {config: attributes{"name": unknown{}}, plan: attributes{"name": unknown{}}},
		"a default":                {config: attributes{"hooks": unknown{}}, plan: attributes{"hooks": attributes{"pre_start": attributes{"mode": "ASYNC"}}}, planned: attributes{"hooks.pre_start.mode": unknown{}, "hooks.pre_start.content": unknown{}, "hooks.pre_start.path": unknown{}, "hooks.pre_start.content_wo_version": unknown{}, "hooks.post_start": unknown{}}},
		"what was in place before": {config: attributes{"lease": unknown{}}, planned: attributes{"lease.type": unknown{}, "lease.duration": unknown{}, "lease.enabled": unknown{}}},
	},
	"spelling": {
		"nothing":                       {idle: true},
		"a create":                      {creates: true, plan: attributes{"volume.category": "evs"}, idle: true},
		"another name":                  {plan: changedName},
		"volume.category":               {plan: attributes{"volume.category": "evs"}, planned: attributes{"volume.category": "EVS"}},
		"volume.category, another":      {plan: attributes{"volume.category": "efs"}},
		"volume.ownership":              {plan: attributes{"volume.ownership": "Managed"}, planned: attributes{"volume.ownership": "MANAGED"}},
		"volume.id":                     {state: attributes{"volume.id": "Ab"}, plan: attributes{"volume.id": "aB"}, planned: attributes{"volume.id": "Ab"}},
		"volume.uri has one spelling":   {state: attributes{"volume.uri": "obs://b/"}, plan: attributes{"volume.uri": "obs://B/"}},
		"image_id":                      {plan: attributes{"image_id": "I"}, planned: attributes{"image_id": "i"}},
		"name has one spelling":         {plan: attributes{"name": "N"}},
		"custom_spec.arch":              {state: attributes{"custom_spec": attributes{"arch": "arm64"}}, plan: attributes{"custom_spec.arch": "ARM64"}, planned: attributes{"custom_spec.arch": "arm64"}},
		"custom_spec.category":          {state: attributes{"custom_spec": attributes{"category": "gpu", "cpu": 1}}, plan: attributes{"custom_spec": attributes{"category": "GPU", "cpu": 2}}, planned: attributes{"custom_spec.category": "gpu"}},
		"hooks.pre_start.mode":          {state: attributes{"hooks": attributes{"pre_start": attributes{"mode": "block"}}}, plan: attributes{"hooks.pre_start.mode": "BLOCK"}, planned: attributes{"hooks.pre_start.mode": "block"}},
		"hooks.post_start.mode":         {state: attributes{"hooks": attributes{"post_start": attributes{"mode": "block"}}}, plan: attributes{"hooks.post_start.mode": "BLOCK"}, planned: attributes{"hooks.post_start.mode": "block"}},
		"lease.type":                    {plan: attributes{"lease.type": "timing"}, planned: attributes{"lease.type": "TIMING"}},
		"lease.duration":                {plan: attributes{"lease.duration": "3600000"}, planned: attributes{"lease.duration": "1h"}},
		"lease.duration, another":       {plan: attributes{"lease.duration": "61m"}},
		"lease, both":                   {plan: attributes{"lease.type": "timing", "lease.duration": "60m"}, planned: attributes{"lease.type": "TIMING", "lease.duration": "1h"}},
		"a lease that goes":             {plan: attributes{"lease": nil}},
		"data_volumes, a slash":         {state: attributes{"data_volumes": attributes{"/a": attributes{"category": "EFS"}}}, plan: attributes{"data_volumes": attributes{"/a/": attributes{"category": "efs"}}}, planned: attributes{"data_volumes": attributes{"/a": attributes{"category": "EFS"}}}},
		"data_volumes, another source":  {state: attributes{"data_volumes": attributes{"/a": attributes{"uri": "u"}}}, plan: attributes{"data_volumes": attributes{"/a/": attributes{"uri": "v"}}}},
		"data_volumes, another path":    {state: attributes{"data_volumes": attributes{"/a": attributes{}}}, plan: attributes{"data_volumes": attributes{"/b": attributes{}}}},
		"data_volumes, one more":        {state: attributes{"data_volumes": attributes{"/a": attributes{}}}, plan: attributes{"data_volumes": attributes{"/a": attributes{}, "/b": attributes{}}}},
		"data_volumes, all or none":     {state: attributes{"data_volumes": attributes{"/a": attributes{"category": "EFS"}, "/b": attributes{"uri": "u"}}}, plan: attributes{"data_volumes": attributes{"/a": attributes{"category": "efs"}, "/b": attributes{"uri": "v"}}}},
		"a flavor beside a custom size": {state: attributes{"flavor": customFlavor, "custom_spec": attributes{"cpu": 1}}, plan: attributes{"flavor": "f"}, planned: attributes{"flavor": customFlavor}},
		"no custom size any more":       {state: attributes{"flavor": customFlavor, "custom_spec": attributes{"cpu": 1}}, plan: attributes{"flavor": "f", "custom_spec": nil}},
	},
	"computed": {
		"nothing":                         {idle: true},
		"a create":                        {creates: true, plan: attributes{"url": unknown{}}, idle: true},
		"what the framework made unknown": {plan: attributes{"name": "m", "url": unknown{}, "lease": unknown{}, "image": unknown{}, "volume.capacity": unknown{}}, config: attributes{"volume.capacity": nil}, planned: attributes{"url": "u", "lease": existing()["lease"], "image": attributes{"name": "m"}, "volume.capacity": 10}},
		"what the configuration has":      {plan: attributes{"flavor": unknown{}}, config: attributes{"flavor": unknown{}}},
		"an unknown object that is configured": {
			plan: attributes{"lease": unknown{}}, config: attributes{"lease": unknown{}},
		},
	},
	"sources": {
		"nothing":                     {idle: true},
		"a disk":                      {creates: true, idle: true},
		"a bucket, whole":             newBucket(attributes{"uri": "u", "dew_secret_name": "s"}),
		"a bucket without all":        newBucket(nil, "volume.uri", "volume.dew_secret_name"),
		"a bucket without its secret": newBucket(attributes{"uri": "u"}, "volume.dew_secret_name"),
		"what is not known yet":       newBucket(attributes{"uri": unknown{}, "dew_secret_name": unknown{}}),
		"one that is there":           {config: attributes{"volume.category": "OBS", "volume.ownership": "DEDICATED"}, plan: changedName, idle: true},
		"a new data volume":           newData(attributes{"category": "OBSFS", "uri": "u"}),
		"one without its source":      newData(attributes{"category": "obsfs"}, "uri"),
		"a share without its source":  newData(attributes{"category": "EFS"}, "uri", "id"),
		"one that is not known yet":   newData(unknown{}),
		"an imported share":           {state: share(nil), config: share(nil), plan: changedName, idle: true},
		"an imported share, beside another": {
			state: share(nil), config: share(attributes{"category": "OBSFS", "uri": "u"}), plan: share(attributes{"category": "OBSFS", "uri": "u"}),
			says: []string{`error at data_volumes["/a/"].uri: The source of the storage is missing`, `error at data_volumes["/a/"].id: The source of the storage is missing`},
		},
		"affinity": {
			config: attributes{"affinity": onNodes}, plan: attributes{"affinity": onNodes}, says: []string{"error at affinity: affinity needs a dedicated pool"},
		},
		"affinity, of a create": {
			creates: true, config: attributes{"affinity": onNodes}, plan: attributes{"affinity": onNodes}, says: []string{"error at affinity: affinity needs a dedicated pool"},
		},
		"affinity in a pool":               {config: attributes{"affinity": onNodes, "pool_id": "p"}, plan: attributes{"affinity": onNodes, "pool_id": "p"}, idle: true},
		"affinity in the pool that it has": {state: attributes{"pool_id": "p"}, config: attributes{"affinity": onNodes}, plan: attributes{"affinity": onNodes}, idle: true},
		"affinity that the service gave":   {state: attributes{"affinity": onNodes}, config: attributes{"affinity": onNodes}, plan: changedName, idle: true},
		"an imported share that goes":      {state: share(nil), plan: attributes{"data_volumes": nil}, idle: true},
	},
	"disk": {
		"nothing":             {idle: true},
		"a create":            newDisk("evs", "managed", 5),
		"a size is given":     {creates: true, plan: attributes{"volume.capacity": 10}, idle: true},
		"an unknown size":     {creates: true, config: attributes{"volume.capacity": unknown{}}, plan: attributes{"volume.capacity": unknown{}}, idle: true},
		"an unknown category": newDisk(unknown{}, "MANAGED", nil),
		"a file system":       newDisk("EFS", "MANAGED", nil),
		"one's own":           newDisk("EFS", "DEDICATED", nil),
		"a bucket":            newDisk("OBS", "DEDICATED", nil),
		"an unknown owner":    newDisk("EVS", unknown{}, nil),
		"one that is there":   {config: attributes{"volume.capacity": nil}, plan: attributes{"volume.capacity": unknown{}}, idle: true},
	},
	"token": {
		"it is kept":                      {idle: true},
		"the provider is not configured":  {unconfigured: true, idle: true},
		"omit_token":                      {policy: settings.Policy{OmitToken: true}, planned: attributes{"token": nil}},
		"omit_token, an unknown token":    {policy: settings.Policy{OmitToken: true}, plan: attributes{"token": unknown{}}, planned: attributes{"token": nil}},
		"omit_token, there is none":       {policy: settings.Policy{OmitToken: true}, state: attributes{"token": nil}, idle: true},
		"omit_token, creating a notebook": {creates: true, policy: settings.Policy{OmitToken: true}, plan: attributes{"token": unknown{}}, planned: attributes{"token": nil}},
	},
	"ignored tags": {
		"none is ignored":           {config: attributes{"tags": attributes{"a": "1"}}, idle: true},
		"none is set":               {policy: ignoringOwner, config: attributes{"tags": attributes{"a": "1", "owners": "x"}}, idle: true},
		"no tags":                   {policy: ignoringOwner, idle: true},
		"the provider is not there": {unconfigured: true, config: attributes{"tags": attributes{"owner": "x"}}, idle: true},
		"not known yet":             {policy: ignoringOwner, config: attributes{"tags": unknown{}}, plan: attributes{"tags": unknown{}}, idle: true},
		"a key":                     {policy: ignoringOwner, config: attributes{"tags": attributes{"owner": "x", "a": "1"}}, says: []string{"error at tags: A tag is set that the provider ignores"}},
		"a key without its value":   {policy: ignoringOwner, config: attributes{"tags": attributes{"owner": unknown{}}}, says: []string{"error at tags: A tag is set that the provider ignores"}},
		"a prefix":                  {policy: settings.Policy{IgnoredTags: settings.IgnoredTags{Prefixes: []string{"a"}}}, creates: true, config: attributes{"tags": attributes{"ab": "x"}}, says: []string{"error at tags: A tag is set that the provider ignores"}},
	},
	"tags": {
		"ignored ones are not known":  {policy: settings.Policy{IgnoredTags: settings.IgnoredTags{Later: true}}, planned: attributes{"tags_all": unknown{}}},
		"none":                        {idle: true},
		"they are there":              {state: attributes{"tags": attributes{"a": "1"}, "tags_all": attributes{"a": "1"}}, idle: true},
		"one's own":                   {plan: attributes{"tags": attributes{"a": "1"}}, planned: attributes{"tags_all": attributes{"a": "1"}}},
		"a default":                   {policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}}, planned: attributes{"tags_all": attributes{"d": "1"}}},
		"a default that is there":     {policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}}, state: attributes{"tags_all": attributes{"d": "1"}}, idle: true},
		"one's own wins":              {policy: settings.Policy{DefaultTags: map[string]string{"d": "1", "e": "1"}}, plan: attributes{"tags": attributes{"d": "2"}}, planned: attributes{"tags_all": attributes{"d": "2", "e": "1"}}},
		"one was added elsewhere":     {state: attributes{"tags_all": attributes{"stray": "1"}}, planned: attributes{"tags_all": attributes{}}},
		"unknown":                     {plan: attributes{"tags": unknown{}}, planned: attributes{"tags_all": unknown{}}},
		"one value is unknown":        {plan: attributes{"tags": attributes{"a": unknown{}, "b": "1"}}, policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}}, planned: attributes{"tags_all": unknown{}}},
		"too many, one is unknown":    {config: attributes{"tags": manyTags(21)}, applied: attributes{"tags": nil}, plan: attributes{"tags": oneUnknown(manyTags(21))}, planned: attributes{"tags_all": unknown{}}, says: []string{"error at tags: Too many tags"}},
		"an unknown provider":         {process: &settings.Process{Unready: diag.NewErrorDiagnostic("", "")}, planned: attributes{"tags_all": unknown{}}},
		"a region without calls":      {home: canned().process(), process: uncallable(), idle: true},
		"no provider":                 {unconfigured: true, planned: attributes{"tags_all": unknown{}}},
		"as many as there may be":     {plan: attributes{"tags": manyTags(19)}, policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}}, planned: attributes{"tags_all": with20()}},
		"too many":                    {config: attributes{"tags": manyTags(21)}, applied: attributes{"tags": nil}, plan: attributes{"tags": manyTags(21)}, planned: attributes{"tags_all": manyTags(21)}, says: []string{"error at tags: Too many tags"}},
		"too many through a default":  {config: attributes{"tags": manyTags(20)}, state: attributes{"tags": manyTags(20), "tags_all": manyTags(20)}, policy: settings.Policy{DefaultTags: map[string]string{"k20": "v"}}, planned: attributes{"tags_all": manyTags(21)}, says: []string{`warning at tags: Too many tags (notebook "n")`}},
		"too many of them, unchanged": {config: attributes{"tags": manyTags(21)}, state: attributes{"tags": manyTags(21), "tags_all": manyTags(21)}, says: []string{`warning at tags: Too many tags (notebook "n")`}},
	},
	"lease": {
		"not configured":               {state: attributes{"lease.enabled": false}, idle: true},
		"an unknown object":            {config: attributes{"lease": unknown{}}, state: attributes{"lease.enabled": false}, idle: true},
		"enabled is configured":        {config: attributes{"lease": attributes{"duration": "1h", "enabled": false}}, state: attributes{"lease.enabled": false}, idle: true},
		"it is on":                     {config: attributes{"lease": attributes{"duration": "1h"}}, idle: true},
		"it was switched off, a time":  {config: attributes{"lease": attributes{"duration": "1h"}}, state: attributes{"lease.enabled": false}, planned: attributes{"lease.enabled": true}},
		"it was switched off, a type":  {config: attributes{"lease": attributes{"type": "IDLE"}}, state: attributes{"lease.enabled": false}, planned: attributes{"lease.enabled": true}},
		"an import without a lease":    {config: attributes{"lease": attributes{"duration": "1h"}}, state: attributes{"lease": nil}, plan: attributes{"lease": attributes{"duration": "1h"}}, planned: attributes{"lease": existing()["lease"]}},
		"an import of one that is off": {config: attributes{"lease": attributes{"duration": "1h"}}, state: attributes{"lease": attributes{"enabled": false}}, plan: attributes{"lease": attributes{"duration": "1h", "enabled": false}}, planned: attributes{"lease": existing()["lease"]}},
		"the service shows no type":    {config: attributes{"lease": attributes{"duration": "1h"}}, state: attributes{"lease": attributes{"duration": "1h", "enabled": true}}, plan: attributes{"lease": attributes{"duration": "1h", "enabled": true}}, idle: true},
		"an unknown time":              {config: attributes{"lease": attributes{"duration": unknown{}}}, planned: attributes{"lease.enabled": unknown{}}},
		"an unknown time and a type":   {config: attributes{"lease": attributes{"duration": unknown{}, "type": "IDLE"}}, idle: true},
		"an object with nothing in it": {config: attributes{"lease": attributes{}}, state: attributes{"lease.enabled": false}, idle: true},
	},
	"capacity": {
		"nothing":                        {idle: true},
		"a create":                       {creates: true, idle: true},
		"it grows":                       {config: attributes{"volume.capacity": 11}, applied: attributes{"volume.capacity": 10}, plan: attributes{"volume.capacity": 11}},
		"it shrinks":                     {config: attributes{"volume.capacity": 9}, applied: attributes{"volume.capacity": 10}, plan: attributes{"volume.capacity": 9}, says: []string{"error at volume.capacity: A disk cannot shrink"}, ends: true},
		"it shrinks, nothing remembered": {forgotten: true, plan: attributes{"volume.capacity": 9}, says: []string{"error at volume.capacity: A disk cannot shrink"}, ends: true},
		"it was grown elsewhere":         {state: attributes{"volume.capacity": 12}, plan: attributes{"volume.capacity": 10}, planned: attributes{"volume.capacity": 12}, says: []string{`warning at volume.capacity: The disk of notebook "n" was changed elsewhere`}},
		"a file system grows":            {state: attributes{"volume.category": "EFS"}, config: attributes{"volume.capacity": 11}, applied: attributes{"volume.capacity": 10}, plan: attributes{"volume.capacity": 11}, says: []string{"error at volume.capacity: The storage cannot change its size"}, ends: true},
		"a file system, elsewhere":       {state: attributes{"volume.category": "efs", "volume.capacity": 9}, plan: attributes{"volume.capacity": 10}, planned: attributes{"volume.capacity": 9}, says: []string{`warning at volume.capacity: The disk of notebook "n" was changed elsewhere`}},
		"an unknown size":                {plan: attributes{"volume.capacity": unknown{}}},
		"a new notebook has its own":     {plan: attributes{"volume.capacity": 9, "pool_id": "p"}},
	},
	"project": {
		"it is the one of the credentials": {idle: true},
		"a create":                         {creates: true, plan: attributes{"project_id": unknown{}}, idle: true},
		"it is not known yet":              {state: attributes{"project_id": nil}, idle: true},
		"the provider is not configured":   {unconfigured: true, state: attributes{"project_id": "q"}, idle: true},
		"an unknown provider":              {process: &settings.Process{Unready: diag.NewErrorDiagnostic("", "")}, state: attributes{"project_id": "q"}, idle: true},
		"it has not been asked for":        {process: canned().process()},
		"another":                          {state: attributes{"project_id": "q"}, says: []string{"error: The notebook is in another project"}, ends: true},
		"it cannot be found":               {process: lost(), says: []string{"error: Unable to find project"}, ends: true},
	},
	"callable": {
		"nothing":                        {idle: true},
		"a create elsewhere":             {creates: true, plan: attributes{"region": "r"}, idle: true},
		"a create, an unknown region":    {creates: true, home: canned().process(), process: uncallable(), plan: attributes{"region": unknown{}}, idle: true},
		"an unknown provider":            {creates: true, process: uncallable(), plan: attributes{"region": "r"}, idle: true},
		"the provider is not configured": {creates: true, unconfigured: true, plan: attributes{"region": "r"}, idle: true},
		"it was there before":            {home: canned().process(), process: uncallable(), idle: true},
		"a create":                       {creates: true, home: canned().process(), process: uncallable(), plan: attributes{"region": "r"}, says: []string{"error: Unable to use the region r"}, ends: true},
		"a move there":                   {home: canned().process(), process: uncallable(), plan: attributes{"region": "other"}, says: []string{"error: Unable to use the region r"}, ends: true},
	},
	"region": {
		"nothing":                        {idle: true},
		"a create":                       {creates: true, policy: settings.Policy{Region: "home"}, plan: attributes{"region": unknown{}}, planned: attributes{"region": "home"}},
		"a create elsewhere":             {creates: true, policy: settings.Policy{Region: "home"}, config: attributes{"region": "r"}, plan: attributes{"region": "r"}, idle: true},
		"a create, an unknown region":    {creates: true, policy: settings.Policy{Region: "home"}, config: attributes{"region": unknown{}}, plan: attributes{"region": unknown{}}},
		"an unknown provider":            {creates: true, process: &settings.Process{Unready: diag.NewErrorDiagnostic("", "")}, plan: attributes{"region": unknown{}}, idle: true},
		"the provider is not configured": {creates: true, unconfigured: true, plan: attributes{"region": unknown{}}, idle: true},
		"the provider's has changed":     {policy: settings.Policy{Region: "home"}, idle: true},
	},
	"unreplaced": {
		"nothing":                    {idle: true},
		"a create":                   {creates: true, plan: attributes{"pool_id": "p"}, idle: true},
		"in place":                   {plan: changedName, idle: true},
		"the configuration changed":  {config: attributes{"pool_id": "p"}, applied: attributes{"pool_id": nil}, plan: attributes{"pool_id": "p"}, idle: true},
		"nothing is remembered":      {forgotten: true, plan: attributes{"pool_id": "p"}, idle: true},
		"it was changed elsewhere":   {state: attributes{"pool_id": "q"}, plan: attributes{"pool_id": "p"}, planned: attributes{"pool_id": "q"}, says: []string{`warning at pool_id: Notebook "n" was changed elsewhere`}},
		"one elsewhere, one here":    {config: attributes{"feature": "DEFAULT"}, applied: attributes{"feature": nil}, plan: attributes{"feature": "DEFAULT", "volume.category": "EFS"}, planned: attributes{"volume.category": "EVS"}, says: []string{`warning at volume.category: Notebook "n" was changed elsewhere`}},
		"imported, it differs":       {imported: true, plan: attributes{"volume.category": "EFS"}, says: []string{"error at volume.category: The imported notebook differs in what cannot change"}, ends: true},
		"imported, two differ":       {imported: true, plan: attributes{"region": "s", "volume.category": "EFS"}, says: []string{"error at region: The imported notebook differs in what cannot change", "error at volume.category: The imported notebook differs in what cannot change"}, ends: true},
		"imported, the user changed": {imported: true, config: attributes{"feature": "DEFAULT"}, applied: attributes{"feature": nil}, plan: attributes{"feature": "DEFAULT"}, says: []string{"error at feature: The imported notebook differs in what cannot change"}, ends: true},
		"imported, no pool is shown": {imported: true, plan: attributes{"pool_id": "p"}, says: []string{`warning at pool_id: The service does not show the pool of notebook "n"`}},
		"imported, in another pool":  {imported: true, state: attributes{"pool_id": "q"}, plan: attributes{"pool_id": "p"}, says: []string{"error at pool_id: The imported notebook differs in what cannot change"}, ends: true},
		"imported, not yet known":    {imported: true, plan: attributes{"feature": unknown{}}, idle: true},
		"imported, known in part":    {imported: true, state: attributes{"user_vpc": attributes{"vpc_id": "v", "subnet_id": "s"}}, plan: attributes{"user_vpc": attributes{"vpc_id": "w", "subnet_id": unknown{}}}, says: []string{"error at user_vpc: The imported notebook differs in what cannot change"}, ends: true},
		"imported, never answered":   {imported: true, plan: attributes{"volume.uri": "obs://b/", "volume.id": "A", "run_user": attributes{"uid": 1}, "user_vpc": attributes{"vpc_id": "v"}}, idle: true},
		"imported, changes in place": {imported: true, plan: attributes{"name": "m", "flavor": "g"}, idle: true},
	},
	"failed creation": {
		"it runs":                          {idle: true},
		"it has failed":                    {state: attributes{"status": "ERROR"}, idle: true},
		"it never ran":                     {state: attributes{"status": "CREATE_FAILED", protection: true}, planned: attributes{"status": unknown{}}, replaces: []string{"status"}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true},
		"a new one":                        {creates: true, plan: attributes{"status": unknown{}}, idle: true},
		"it is on its way":                 {state: attributes{"status": "CREATING"}, idle: true},
		"the plan protects what never ran": {state: attributes{"status": "CREATE_FAILED"}, plan: attributes{protection: true}, planned: attributes{"status": unknown{}}, replaces: []string{"status"}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true},
	},
	"replacement": {
		"nothing":                    {idle: true},
		"a create":                   {creates: true, plan: attributes{"pool_id": "p"}, idle: true},
		"in place":                   {plan: attributes{"name": "m", "flavor": "g"}, idle: true},
		"region":                     replacedFor("region", "s"),
		"feature":                    replacedFor("feature", "DEFAULT"),
		"pool_id":                    replacedFor("pool_id", "p"),
		"workspace_id":               replacedFor("workspace_id", "1"),
		"run_user":                   replacedFor("run_user", attributes{"uid": 1}),
		"user_vpc":                   replacedFor("user_vpc", attributes{"vpc_id": "v"}),
		"volume.category":            replacedFor("volume.category", "EFS"),
		"volume.ownership":           replacedFor("volume.ownership", "DEDICATED"),
		"volume.uri":                 replacedFor("volume.uri", "obs://b/"),
		"volume.id":                  replacedFor("volume.id", "A"),
		"an unknown value":           replacedFor("pool_id", unknown{}),
		"two":                        {plan: attributes{"pool_id": "p", "feature": "DEFAULT"}, replaces: []string{"feature", "pool_id"}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true},
		"it is protected":            {state: attributes{protection: true}, plan: attributes{"pool_id": "p"}, replaces: []string{"pool_id"}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"the plan unprotects it":     {state: attributes{protection: true}, plan: attributes{"pool_id": "p", protection: false}, replaces: []string{"pool_id"}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"the plan protects it":       {state: attributes{}, plan: attributes{"pool_id": "p", protection: true}, replaces: []string{"pool_id"}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"both protect it":            {state: attributes{protection: true}, plan: attributes{"pool_id": "p", protection: true}, replaces: []string{"pool_id"}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"it is not known yet":        {plan: attributes{"pool_id": "p", protection: unknown{}}, replaces: []string{"pool_id"}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"released":                   {state: attributes{protection: true}, policy: settings.Policy{Released: []string{"id"}}, plan: attributes{"pool_id": "p"}, replaces: []string{"pool_id"}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true},
		"another is released":        {state: attributes{protection: true}, policy: settings.Policy{Released: []string{"other"}}, plan: attributes{"pool_id": "p"}, replaces: []string{"pool_id"}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"feature was not answered":   {state: attributes{"feature": nil}, plan: attributes{"feature": "NOTEBOOK"}, idle: true},
		"category was not answered":  {state: attributes{"volume.category": nil}, plan: attributes{"volume.category": "EVS"}, idle: true},
		"owner was not answered":     {state: attributes{"volume.ownership": nil}, plan: attributes{"volume.ownership": "MANAGED"}, idle: true},
		"workspace not answered":     {state: attributes{"workspace_id": nil}, plan: attributes{"workspace_id": "0"}, idle: true},
		"a pool that goes":           {state: attributes{"pool_id": "p"}, plan: attributes{"pool_id": nil}, replaces: []string{"pool_id"}, says: []string{`warning: Notebook "n" will be replaced`}, ends: true},
		"imported, an unknown value": {imported: true, state: attributes{"pool_id": "p"}, plan: attributes{"pool_id": unknown{}}, idle: true},
	},
	"stop": {
		"nothing":                          {idle: true},
		"a create":                         {creates: true, plan: attributes{"flavor": "g"}, idle: true},
		"in place":                         {plan: changedName, idle: true},
		"flavor":                           stoppedFor("flavor", "g"),
		"custom_spec":                      stoppedFor("custom_spec", attributes{"cpu": 1}),
		"image_id":                         stoppedFor("image_id", "j"),
		"data_volumes":                     stoppedFor("data_volumes", attributes{"/a": attributes{}}),
		"endpoints":                        stoppedFor("endpoints", attributes{"SSH": attributes{}}),
		"hooks":                            stoppedFor("hooks", attributes{}),
		"affinity":                         stoppedFor("affinity", attributes{}),
		"public_network_config":            stoppedFor("public_network_config", attributes{"public_network_type": "SHARED"}),
		"volume.dew_secret_name":           stoppedFor("volume.dew_secret_name", "s"),
		"an unknown flavor":                {plan: attributes{"flavor": unknown{}}, says: []string{`warning: Notebook "n" may be stopped and started`}},
		"an unknown value and a known one": {plan: attributes{"flavor": unknown{}, "image_id": "j"}, forgotten: true, says: []string{"error at image_id: The notebook would have to be stopped"}},
		"an unknown lease":                 {config: attributes{"lease": unknown{}}, plan: attributes{"lease": unknown{}}, says: []string{`warning: Notebook "n" may be stopped and started`}},
		"the lease is switched off": {
			config: attributes{"lease": attributes{"enabled": false}}, applied: attributes{"lease": nil}, plan: attributes{"lease.enabled": false}, says: []string{"error at lease.enabled: The notebook would have to be stopped"},
		},
		"the lease was switched on elsewhere": {config: attributes{"lease": attributes{"enabled": false}}, plan: attributes{"lease.enabled": false}, says: []string{`warning: Notebook "n" was changed elsewhere`}},
		"the lease is off":                    {state: attributes{"lease.enabled": false}, idle: true},
		"it is stopped":                       {state: attributes{"status": "STOPPED"}, plan: attributes{"flavor": "g"}, idle: true},
		"it may run by then":                  {state: attributes{"status": "STARTING"}, plan: attributes{"flavor": "g"}, forgotten: true, says: []string{"error at flavor: The notebook would have to be stopped"}},
		"consent":                             {plan: attributes{"flavor": "g", mayStop: true}, says: []string{`warning: Notebook "n" will be stopped and started`}},
		"unknown consent":                     {plan: attributes{"flavor": "g", mayStop: unknown{}}, says: []string{`warning: Notebook "n" will be stopped and started`}},
		"consent of before, taken back":       {forgotten: true, state: attributes{mayStop: true}, plan: attributes{"flavor": "g", mayStop: false}, says: []string{"error at flavor: The notebook would have to be stopped"}},
		"it was changed elsewhere":            {plan: attributes{"flavor": "g"}, says: []string{`warning: Notebook "n" was changed elsewhere`}},
		"one elsewhere, one here":             {config: attributes{"image_id": "j"}, applied: attributes{"image_id": "i"}, plan: attributes{"flavor": "g", "image_id": "j"}, says: []string{"error at flavor: The notebook would have to be stopped"}},
		"an image was not answered":           {state: attributes{"image_id": nil}, plan: attributes{"image_id": "i"}, idle: true},
		"a flavor was not answered":           {state: attributes{"flavor": nil}, plan: attributes{"flavor": "f"}, idle: true},
	},
	"forced replacement": {
		"of what exists":                                 {state: attributes{protection: true}, protectedBefore: "id", idle: true},
		"a create":                                       {creates: true, idle: true},
		"of a protected notebook":                        {creates: true, protectedBefore: "old", says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"of one that is released":                        {creates: true, protectedBefore: "old", policy: settings.Policy{Released: []string{"old"}}, idle: true},
		"of one that the configuration protects":         {creates: true, protectedBefore: "old", unprotectedBefore: true, config: attributes{protection: true}, plan: attributes{protection: true}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"of one that the configuration may protect":      {creates: true, protectedBefore: "old", unprotectedBefore: true, plan: attributes{protection: unknown{}}, says: []string{"error at deletion_protection: The notebook is protected"}, ends: true},
		"of one that is to be protected and is released": {creates: true, protectedBefore: "old", unprotectedBefore: true, plan: attributes{protection: true}, policy: settings.Policy{Released: []string{"old"}}, idle: true},
		"of one that nothing protects":                   {creates: true, protectedBefore: "old", unprotectedBefore: true, idle: true},
		"a create that is protected":                     {creates: true, plan: attributes{protection: true}, idle: true},
	},
	"failed status": {
		"it runs":                     {plan: attributes{"flavor": "g"}, idle: true},
		"a create":                    {creates: true, idle: true},
		"no change":                   {state: attributes{"status": "ERROR"}, idle: true},
		"a change that needs no stop": {state: attributes{"status": "ERROR"}, plan: changedName, idle: true},
		"its start failed":            {state: attributes{"status": "START_FAILED"}, plan: attributes{"flavor": "g"}, says: []string{refusedChange}},
		"an error":                    {state: attributes{"status": "ERROR"}, plan: attributes{"image_id": "j"}, says: []string{refusedChange}},
		"its delete failed":           {state: attributes{"status": "DELETE_FAILED"}, plan: attributes{"hooks": attributes{}}, says: []string{refusedChange}},
		"it is frozen":                {state: attributes{"status": "FROZEN"}, plan: attributes{"flavor": "g"}, says: []string{refusedChange}},
		"the lease is switched off":   {state: attributes{"status": "ERROR"}, plan: attributes{"lease.enabled": false}, says: []string{refusedChange}},
		"a status of tomorrow":        {state: attributes{"status": "HIBERNATING"}, plan: attributes{"flavor": "g"}, idle: true},
	},
	"power": {
		"nothing":                       {idle: true},
		"a create":                      {creates: true, plan: attributes{"status": unknown{}}, idle: true},
		"a create that is to be off":    {creates: true, config: attributes{"desired_status": "STOPPED"}, plan: attributes{"status": unknown{}, "desired_status": "STOPPED"}, planned: attributes{"status": unknown{}}, idle: true},
		"it is as desired":              {state: attributes{"desired_status": "RUNNING"}, idle: true},
		"it is to stop":                 {plan: attributes{"desired_status": "STOPPED"}, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`}},
		"it is to start":                {state: attributes{"status": "STOPPED"}, plan: attributes{"desired_status": "RUNNING"}, planned: asRestarted(attributes{"status": "RUNNING"}), says: []string{`warning: Notebook "n" will be started`}},
		"its start failed":              {state: attributes{"status": "START_FAILED"}, plan: attributes{"desired_status": "RUNNING"}, planned: asRestarted(attributes{"status": "RUNNING"}), says: []string{`warning: Notebook "n" will be started`}},
		"its start failed, and no wish": {state: attributes{"status": "START_FAILED"}},
		"it is frozen":                  {state: attributes{"status": "FROZEN"}, plan: attributes{"desired_status": "RUNNING"}},
		"it is on its way":              {state: attributes{"status": "STARTING"}, plan: attributes{"desired_status": "STOPPED"}, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`}},
		"it is on its way there":        {state: attributes{"status": "STARTING"}, plan: attributes{"desired_status": "RUNNING"}},
		"on its way, with a change":     {state: attributes{"status": "STARTING"}, plan: attributes{"desired_status": "STOPPED", "name": "m"}, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`}},
		"on its way there, and changed": {state: attributes{"status": "STARTING"}, plan: attributes{"desired_status": "RUNNING", "name": "m"}, planned: asRestarted(nil)},
		"an unknown wish":               {plan: attributes{"desired_status": unknown{}}, planned: asRestarted(nil), says: []string{`warning: Notebook "n" may be stopped`}},
		"an unknown wish, stopped":      {state: attributes{"status": "STOPPED"}, plan: attributes{"desired_status": unknown{}}, planned: asRestarted(nil), says: []string{`warning: Notebook "n" may be started`}},
		"omit_token":                    {policy: settings.Policy{OmitToken: true}, state: attributes{"token": nil}, plan: attributes{"desired_status": "STOPPED"}, planned: asRestarted(attributes{"status": "STOPPED", "token": nil}), says: []string{`warning: Notebook "n" will be stopped`}},
		"an unknown lease, and it runs": {plan: attributes{"lease.enabled": unknown{}}, planned: asRestarted(nil)},
		"an unknown lease, it is off":   {state: attributes{"status": "STOPPED"}, plan: attributes{"lease.enabled": unknown{}}},
		"a start is owed":               {owed: lifecycle.OwesStart, state: attributes{"status": "STOPPED"}, planned: asRestarted(attributes{"status": "RUNNING"}), says: []string{`warning: Notebook "n" will be started`}},
		"a start is owed, and it runs":  {owed: lifecycle.OwesStart},
		"a stop is owed":                {owed: lifecycle.OwesStop, planned: asRestarted(attributes{"status": "STOPPED"}), says: []string{`warning: Notebook "n" will be stopped`}},
		"a retry is owed":               {owed: lifecycle.OwesRetry, state: attributes{"status": "START_FAILED"}},
		"a start is owed, but no wish":  {owed: lifecycle.OwesStart, state: attributes{"status": "STOPPED", "desired_status": "STOPPED"}},
	},
	"namesakes": {
		"not of what exists":      {idle: true, process: named("n")},
		"no other has the name":   {creates: true, process: named("m")},
		"somebody has it":         {creates: true, process: named("n"), says: []string{`warning at name: A notebook of that name exists already (notebook "n")`}},
		"whatever is warned of":   {creates: true, process: named("n"), policy: settings.Policy{PlanChecks: settings.ChecksWarn}, says: []string{`warning at name: A notebook of that name exists already (notebook "n")`}},
		"checks are off":          {creates: true, process: named("n"), policy: settings.Policy{PlanChecks: settings.ChecksOff}},
		"the name is not known":   {creates: true, process: named("n"), plan: attributes{"name": unknown{}}},
		"of the free kind":        {creates: true, process: named("n"), plan: attributes{"feature": "DEFAULT"}},
		"the provider is unready": {creates: true},
		"it cannot be listed":     {creates: true, process: lists{"/notebooks": ""}.process()},
		"it is in the state":      {creates: true, process: claimed(named("n"), "taken")},
	},
	"first": {
		"not of what exists":             {plan: attributes{"status": unknown{}, "fail_reason": unknown{}, "lease": unknown{}}, idle: true},
		"no lease":                       firstPlan(nil, noLeaseWarning),
		"a lease":                        {creates: true, config: attributes{"lease": attributes{"duration": "8h"}}, plan: attributes{"status": unknown{}, "fail_reason": unknown{}}, planned: attributes{"fail_reason": nil}},
		"an unknown lease":               {creates: true, config: attributes{"lease": unknown{}}, plan: attributes{"lease": unknown{}}, idle: true},
		"part of a lease is not known":   {creates: true, config: attributes{"lease": attributes{"duration": unknown{}}}, plan: attributes{"lease": attributes{"duration": unknown{}}}, idle: true},
		"it is to stop":                  firstPlan(attributes{"desired_status": "stopped"}),
		"it is to run":                   firstPlan(attributes{"desired_status": "RUNNING"}, noLeaseWarning),
		"an unknown wish":                firstPlan(attributes{"desired_status": unknown{}}, noLeaseWarning),
		"its owner wants it to stop":     {creates: true, policy: settings.Policy{RequireAutoStop: true}, plan: attributes{"lease": unknown{}}, planned: attributes{"lease": existing()["lease"]}},
		"the provider is not configured": {creates: true, unconfigured: true, plan: attributes{"lease": unknown{}}, planned: attributes{"lease": existing()["lease"]}, says: []string{noLeaseWarning}},
	},
	"guardrails": {
		"none":                         {state: attributes{"lease.enabled": false}, idle: true},
		"the provider is not known":    {unconfigured: true, state: attributes{"lease.enabled": false}, idle: true},
		"a lease that is short":        {policy: settings.Policy{RequireAutoStop: true, MaxAutoStop: lifecycle.MinLease}, idle: true},
		"it would never stop":          {creates: true, policy: settings.Policy{RequireAutoStop: true}, plan: attributes{"lease.enabled": false}, says: []string{"error at lease.enabled: The notebook would never stop by itself"}},
		"never is longer than most":    {creates: true, policy: settings.Policy{MaxAutoStop: lifecycle.MinLease}, plan: attributes{"lease.enabled": false}, says: []string{"error at lease.enabled: The notebook would never stop by itself"}},
		"a lease that is too long":     {config: attributes{"lease": attributes{"duration": "2h"}}, applied: attributes{"lease": nil}, policy: settings.Policy{MaxAutoStop: lifecycle.MinLease}, plan: attributes{"lease.duration": "2h"}, says: []string{"error at lease.duration: The lease is longer than allowed"}},
		"it was there before":          {state: attributes{"lease.duration": "2h"}, policy: settings.Policy{MaxAutoStop: lifecycle.MinLease}, says: []string{`warning at lease.duration: The lease is longer than allowed (notebook "n")`}},
		"it was made longer elsewhere": {config: attributes{"lease": attributes{"duration": "2h"}}, plan: attributes{"lease.duration": "2h"}, policy: settings.Policy{MaxAutoStop: lifecycle.MinLease}, says: []string{`warning at lease.duration: The lease is longer than allowed (notebook "n")`}},
		"plan_checks weakens nothing":  {creates: true, policy: settings.Policy{RequireAutoStop: true, PlanChecks: settings.ChecksOff}, plan: attributes{"lease.enabled": false}, says: []string{"error at lease.enabled: The notebook would never stop by itself"}},
		"an unknown lease":             {creates: true, policy: settings.Policy{RequireAutoStop: true, MaxAutoStop: lifecycle.MinLease}, plan: attributes{"lease": unknown{}}, idle: true},
	},
	"access": {
		"no endpoints":                           {creates: true, idle: true},
		"addresses":                              {creates: true, plan: attributes{"endpoints": attributes{"SSH": attributes{"allowed_access_ips": []any{"192.0.2.1"}}}}, idle: true},
		"addresses to come":                      {creates: true, plan: attributes{"endpoints": attributes{"SSH": attributes{"allowed_access_ips": unknown{}}}}, idle: true},
		"another service":                        {creates: true, plan: attributes{"endpoints": attributes{"NOTEBOOK": attributes{}}}, idle: true},
		"open":                                   {creates: true, plan: attributes{"endpoints": attributes{"SSH": attributes{}}}, says: []string{`warning at endpoints: SSH is open to any address (notebook "n")`}},
		"open in other words":                    {plan: attributes{"endpoints": attributes{"ssh": attributes{}}}, says: []string{`warning at endpoints: SSH is open to any address (notebook "n")`}},
		"it was open before":                     {state: attributes{"endpoints": attributes{"SSH": attributes{}}}, idle: true},
		"refused":                                {creates: true, policy: settings.Policy{RequireAccessIPs: true}, plan: attributes{"endpoints": attributes{"SSH": attributes{}}}, says: []string{"error at endpoints: SSH is open to any address"}},
		"it was open before, and is refused now": {state: attributes{"endpoints": attributes{"SSH": attributes{}}}, policy: settings.Policy{RequireAccessIPs: true}, says: []string{`warning at endpoints: SSH is open to any address (notebook "n")`}},
	},
	"unknown": {
		"nothing":                             {idle: true},
		"a create":                            {creates: true, idle: true},
		"a name":                              {plan: changedName},
		"an image":                            {plan: attributes{"image_id": "j"}, planned: attributes{"image": unknown{}}},
		"a disk":                              {plan: attributes{"volume.capacity": 11}, planned: attributes{"volume.status": unknown{}}},
		"a lease":                             {plan: attributes{"lease.duration": "2h"}, planned: attributes{"stops_at": unknown{}}},
		"a lease of one that is stopped":      {state: attributes{"status": "STOPPED"}, plan: attributes{"lease.duration": "2h"}},
		"a custom size":                       {config: attributes{"flavor": nil}, plan: attributes{"custom_spec": attributes{"cpu": 1}}, planned: attributes{"flavor": unknown{}}},
		"a custom size, the flavor is chosen": {plan: attributes{"custom_spec": attributes{"cpu": 1}}},
	},
}

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
