package notebook

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// sending is how one attribute is sent.
type sending struct {
	attribute string
	// plan gives the attributes of a plan that has a value at the attribute.
	plan  func(v any) map[string]any
	cases []sent
	// noPut is why no update request has the attribute.
	noPut string
}

// sent is a planned value and the members of the requests that hold it.
type sent struct {
	value any
	// create holds the members in which a create differs from the smallest one;
	// put is the whole update request, and empty where it is the same.
	create, put string
}

type attributes = map[string]any

// smallest is the plan of a notebook with nothing but what is required.
func smallest() attributes {
	return attributes{"name": "n", "image_id": "i", "volume": attributes{"category": "EVS", "ownership": "MANAGED"}}
}

// top is an attribute of the resource itself.
func top(name string) func(any) attributes {
	return func(v any) attributes { return attributes{name: v} }
}

// member is an attribute of an object whose other members are given.
func memberOf(object string, others attributes, name string) func(any) attributes {
	return func(v any) attributes {
		members := maps.Clone(others)
		members[name] = v
		return attributes{object: members}
	}
}

// elementOf is an attribute of the one element of a map.
func elementOf(object, key string, others attributes, name string) func(any) attributes {
	return func(v any) attributes {
		return attributes{object: memberOf(key, others, name)(v)}
	}
}

// ruleOf is an attribute of the one rule of an affinity.
func ruleOf(kind string, others attributes, name string) func(any) attributes {
	return func(v any) attributes {
		rule := maps.Clone(others)
		rule[name] = v
		return attributes{"affinity": attributes{kind: []any{rule}}}
	}
}

const (
	replacing = "a new notebook takes the place of the old one"
	noRules   = `{"affinity":{"preferred_during_scheduling_ignored_during_execution":[],"required_during_scheduling_ignored_during_execution":[]}}`
	noScripts = `{"hooks":{"container_hooks":{}}}`
)

func volumeSent(members string) string {
	return `{"volume":{"capacity":5,"category":"EVS","ownership":"MANAGED"` + members + `}}`
}

func specSent(members string) string { return `{"custom_spec":{"cpu":2,"memory":1024` + members + `}}` }

func mountSent(members string) string {
	return `{"data_volumes":[{"category":"OBSFS","mount_path":"/data/a/","ownership":"DEDICATED"` + members + `}]}`
}

func endpointSent(members string) string { return `{"endpoints":[{"service":"SSH"` + members + `}]}` }

func hookSent(which, members string) string {
	return `{"hooks":{"container_hooks":{"` + which + `":{` + members + `}}}}`
}

func rulesSent(required, preferred string) string {
	return `{"affinity":{"required_during_scheduling_ignored_during_execution":[` + required + `],"preferred_during_scheduling_ignored_during_execution":[` + preferred + `]}}`
}

func vpcSent(vpc, subnet, groups, others string) string {
	return `{"user_vpc":{"vpc_id":"` + vpc + `","subnet_id":"` + subnet + `","security_group_ids":` + groups + others + `}}`
}

// An unknown value is left to the service. Where the schema has an argument as
// not computed, it is never unknown in an apply.
var sendings = []sending{
	{"name", top("name"), []sent{
		{nil, `{"name":""}`, `{}`}, {"", `{"name":""}`, ``}, {unknown{}, `{"name":""}`, `{}`}, {"m", `{"name":"m"}`, ``},
	}, ""},
	{"description", top("description"), []sent{ // an update removes it with an empty text
		{nil, `{}`, `{"description":""}`}, {"", `{"description":""}`, ``}, {unknown{}, `{}`, `{"description":""}`}, {"d", `{"description":"d"}`, ``},
	}, ""},
	{"feature", top("feature"), []sent{{nil, `{}`, ``}, {"", `{"feature":""}`, ``}, {unknown{}, `{}`, ``}, {"DEFAULT", `{"feature":"DEFAULT"}`, ``}}, replacing},
	{"flavor", top("flavor"), []sent{{nil, `{}`, ``}, {"", `{"flavor":""}`, ``}, {unknown{}, `{}`, ``}, {"f", `{"flavor":"f"}`, ``}}, ""},
	{"image_id", top("image_id"), []sent{
		{nil, `{"image_id":""}`, `{}`}, {"", `{"image_id":""}`, ``}, {unknown{}, `{"image_id":""}`, `{}`}, {"J", `{"image_id":"j"}`, ``},
	}, ""},
	{"pool_id", top("pool_id"), []sent{{nil, `{}`, ``}, {"", `{"pool_id":""}`, ``}, {unknown{}, `{}`, ``}, {"p", `{"pool_id":"p"}`, ``}}, replacing},
	{"workspace_id", top("workspace_id"), []sent{{nil, `{}`, ``}, {"", `{"workspace_id":""}`, ``}, {unknown{}, `{}`, ``}, {"0", `{"workspace_id":"0"}`, ``}}, replacing},

	{"custom_spec", top("custom_spec"), []sent{
		{nil, `{}`, ``}, {unknown{}, `{}`, ``}, {attributes{"cpu": 2, "memory": 1024}, specSent(``), ``},
	}, ""},
	{"custom_spec.cpu", memberOf("custom_spec", attributes{"memory": 1024}, "cpu"), []sent{
		{nil, `{"custom_spec":{"cpu":0,"memory":1024}}`, ``}, {unknown{}, `{"custom_spec":{"cpu":0,"memory":1024}}`, ``}, {0.5, `{"custom_spec":{"cpu":0.5,"memory":1024}}`, ``},
	}, ""},
	{"custom_spec.memory", memberOf("custom_spec", attributes{"cpu": 2}, "memory"), []sent{
		{nil, `{"custom_spec":{"cpu":2,"memory":0}}`, ``}, {unknown{}, `{"custom_spec":{"cpu":2,"memory":0}}`, ``}, {513, `{"custom_spec":{"cpu":2,"memory":513}}`, ``},
	}, ""},
	{"custom_spec.gpu", memberOf("custom_spec", attributes{"cpu": 2, "memory": 1024}, "gpu"), []sent{
		{nil, specSent(``), ``}, {0, specSent(`,"gpu":0`), ``}, {unknown{}, specSent(``), ``}, {0.5, specSent(`,"gpu":0.5`), ``},
	}, ""},
	{"custom_spec.gpu_type", memberOf("custom_spec", attributes{"cpu": 2, "memory": 1024}, "gpu_type"), []sent{
		{nil, specSent(``), ``}, {"", specSent(`,"gpu_type":""`), ``}, {unknown{}, specSent(``), ``}, {"t", specSent(`,"gpu_type":"t"`), ``},
	}, ""},
	{"custom_spec.arch", memberOf("custom_spec", attributes{"cpu": 2, "memory": 1024}, "arch"), []sent{
		{nil, specSent(``), ``}, {"", specSent(`,"arch":""`), ``}, {unknown{}, specSent(``), ``}, {"x86_64", specSent(`,"arch":"X86_64"`), ``},
	}, ""},
	{"custom_spec.category", memberOf("custom_spec", attributes{"cpu": 2, "memory": 1024}, "category"), []sent{
		{nil, specSent(``), ``}, {"", specSent(`,"category":""`), ``}, {unknown{}, specSent(``), ``}, {"gpu", specSent(`,"category":"GPU"`), ``},
	}, ""},
	{"custom_spec.resource_flavor", memberOf("custom_spec", attributes{"cpu": 2, "memory": 1024}, "resource_flavor"), []sent{
		{nil, specSent(``), ``}, {"", specSent(`,"resource_flavor":""`), ``}, {unknown{}, specSent(``), ``}, {"r", specSent(`,"resource_flavor":"r"`), ``},
	}, ""},

	{"volume", top("volume"), []sent{{nil, `{"volume":{"category":"","ownership":""}}`, ``}, {attributes{"category": "efs", "ownership": "dedicated"}, `{"volume":{"category":"EFS","ownership":"DEDICATED"}}`, ``}}, "each member has a row of its own"},
	{"volume.category", memberOf("volume", attributes{"ownership": "MANAGED"}, "category"), []sent{
		{nil, `{"volume":{"category":"","ownership":"MANAGED"}}`, ``},
		{"", `{"volume":{"category":"","ownership":"MANAGED"}}`, ``},
		{unknown{}, `{"volume":{"category":"","ownership":"MANAGED"}}`, ``},
		{"efs", `{"volume":{"category":"EFS","ownership":"MANAGED"}}`, ``},
		{"OBS", `{"volume":{"category":"OBS","ownership":"MANAGED"}}`, ``},
		{"evs", `{}`, ``},
	}, replacing},
	{"volume.ownership", memberOf("volume", attributes{"category": "EVS"}, "ownership"), []sent{
		{nil, `{"volume":{"category":"EVS","ownership":""}}`, ``},
		{"", `{"volume":{"category":"EVS","ownership":""}}`, ``},
		{unknown{}, `{"volume":{"category":"EVS","ownership":""}}`, ``},
		{"dedicated", `{"volume":{"category":"EVS","ownership":"DEDICATED"}}`, ``},
	}, replacing},
	{"volume.capacity", memberOf("volume", attributes{"category": "EVS", "ownership": "MANAGED"}, "capacity"), []sent{
		{nil, `{}`, ``}, {0, `{"volume":{"capacity":0,"category":"EVS","ownership":"MANAGED"}}`, ``}, {unknown{}, `{}`, ``}, {5, `{}`, ``}, // 5 is always sent
		{6, `{"volume":{"capacity":6,"category":"EVS","ownership":"MANAGED"}}`, ``},
	}, "a PUT of its own grows the disk, see TestUpdateBesidesTheRows"},
	{"volume.uri", memberOf("volume", attributes{"category": "EVS", "ownership": "MANAGED"}, "uri"), []sent{
		{nil, `{}`, ``}, {"", volumeSent(`,"uri":""`), ``}, {unknown{}, `{}`, ``}, {"obs://b/", volumeSent(`,"uri":"obs://b/"`), ``},
	}, replacing},
	{"volume.id", memberOf("volume", attributes{"category": "EVS", "ownership": "MANAGED"}, "id"), []sent{
		{nil, `{}`, ``}, {"", volumeSent(`,"id":""`), ``}, {unknown{}, `{}`, ``}, {"A", volumeSent(`,"id":"a"`), ``},
	}, replacing},
	{"volume.dew_secret_name", memberOf("volume", attributes{"category": "EVS", "ownership": "MANAGED"}, "dew_secret_name"), []sent{
		{nil, `{}`, `{"dew_secret_name":""}`},
		{"", volumeSent(`,"dew_secret_name":""`), `{"dew_secret_name":""}`},
		{unknown{}, `{}`, `{"dew_secret_name":""}`},
		{"s", volumeSent(`,"dew_secret_name":"s"`), `{"dew_secret_name":"s"}`},
	}, ""},

	{"data_volumes", top("data_volumes"), []sent{ // an update removes all with an empty list
		{nil, `{}`, `{"data_volumes":[]}`},
		{attributes{}, `{}`, `{"data_volumes":[]}`},
		{unknown{}, `{}`, `{"data_volumes":[]}`},
		{attributes{"/b": attributes{"category": "EFS"}, "/a": attributes{"category": "EFS"}}, `{"data_volumes":[{"category":"EFS","mount_path":"/a","ownership":"DEDICATED"},{"category":"EFS","mount_path":"/b","ownership":"DEDICATED"}]}`, ``},
	}, ""},
	{"data_volumes.*.category", elementOf("data_volumes", "/data/a/", attributes{}, "category"), []sent{
		{nil, `{"data_volumes":[{"category":"","mount_path":"/data/a/","ownership":"DEDICATED"}]}`, ``}, {"obsfs", mountSent(``), ``},
	}, ""},
	{"data_volumes.*.uri", elementOf("data_volumes", "/data/a/", attributes{"category": "OBSFS"}, "uri"), []sent{
		{nil, mountSent(``), ``}, {"", mountSent(`,"uri":""`), ``}, {unknown{}, mountSent(``), ``}, {"obs://b/", mountSent(`,"uri":"obs://b/"`), ``},
	}, ""},
	{"data_volumes.*.read_only", elementOf("data_volumes", "/data/a/", attributes{"category": "OBSFS"}, "read_only"), []sent{
		{nil, mountSent(``), ``}, {false, mountSent(`,"read_only":false`), ``}, {unknown{}, mountSent(``), ``}, {true, mountSent(`,"read_only":true`), ``},
	}, ""},
	{"data_volumes.*.id", elementOf("data_volumes", "/data/a/", attributes{"category": "OBSFS"}, "id"), []sent{
		{nil, mountSent(``), ``}, {"", mountSent(`,"id":""`), ``}, {unknown{}, mountSent(``), ``}, {"A", mountSent(`,"id":"a"`), ``},
	}, ""},
	{"data_volumes.*.dew_secret_name", elementOf("data_volumes", "/data/a/", attributes{"category": "OBSFS"}, "dew_secret_name"), []sent{
		{nil, mountSent(``), ``}, {"", mountSent(`,"dew_secret_name":""`), ``}, {unknown{}, mountSent(``), ``}, {"s", mountSent(`,"dew_secret_name":"s"`), ``},
	}, ""},

	{"endpoints", top("endpoints"), []sent{
		{nil, `{}`, `{"endpoints":[]}`},
		{attributes{}, `{}`, `{"endpoints":[]}`},
		{unknown{}, `{}`, `{"endpoints":[]}`},
		{attributes{"SSH": attributes{}, "NOTEBOOK": attributes{}}, `{"endpoints":[{"service":"NOTEBOOK"},{"service":"SSH"}]}`, ``},
	}, ""},
	{"endpoints.*.key_pair_names", elementOf("endpoints", "SSH", attributes{}, "key_pair_names"), []sent{
		{nil, endpointSent(``), ``}, {[]any{}, endpointSent(`,"key_pair_names":[]`), ``}, {unknown{}, endpointSent(``), ``}, {[]any{"b", "a"}, endpointSent(`,"key_pair_names":["a","b"]`), ``},
	}, ""},
	{"endpoints.*.allowed_access_ips", elementOf("endpoints", "SSH", attributes{}, "allowed_access_ips"), []sent{
		{nil, endpointSent(``), ``}, {[]any{}, endpointSent(`,"allowed_access_ips":[]`), ``}, {unknown{}, endpointSent(``), ``}, {[]any{"2", "1"}, endpointSent(`,"allowed_access_ips":["1","2"]`), ``},
	}, ""},

	{"lease", top("lease"), []sent{
		{nil, `{}`, ``},
		{attributes{}, `{}`, ``},
		{unknown{}, `{}`, ``},
		{attributes{"type": "idle", "duration": "90m", "enabled": true}, `{"lease":{"duration":5400000,"type":"idle"}}`, ``},
		{attributes{"type": "IDLE", "duration": "90m", "enabled": false}, `{"duration":-1}`, ``},
	}, "a start or a renewal gives it, see TestUpdateBesidesTheRows"},
	{"lease.type", memberOf("lease", attributes{}, "type"), []sent{
		{nil, `{}`, ``}, {"", `{}`, ``}, {unknown{}, `{}`, ``}, {"timing", `{"lease":{"type":"timing"}}`, ``},
	}, "as lease"},
	{"lease.duration", memberOf("lease", attributes{}, "duration"), []sent{
		{nil, `{}`, ``}, {"", `{}`, ``}, {unknown{}, `{}`, ``}, {"1h", `{"lease":{"duration":3600000}}`, ``}, {"3600000", `{"lease":{"duration":3600000}}`, ``}, {"73h", `{}`, ``},
	}, "as lease"},
	{"lease.enabled", memberOf("lease", attributes{}, "enabled"), []sent{
		{nil, `{}`, ``}, {unknown{}, `{}`, ``}, {true, `{}`, ``}, {false, `{"duration":-1}`, ``},
	}, "as lease"},

	{"hooks", top("hooks"), []sent{{nil, `{}`, noScripts}, {attributes{}, noScripts, ``}, {unknown{}, noScripts, ``}}, ""},
	{"hooks.pre_start", memberOf("hooks", attributes{}, "pre_start"), []sent{
		{nil, noScripts, ``}, {unknown{}, noScripts, ``}, {attributes{"content": "echo"}, hookSent("pre_start", `"type":"COMMAND","script":"ZWNobw=="`), ``},
	}, ""},
	{"hooks.pre_start.content", elementOf("hooks", "pre_start", attributes{"path": "/p"}, "content"), []sent{
		{nil, hookSent("pre_start", `"type":"SCRIPT","script":"/p"`), ``}, {"", hookSent("pre_start", `"type":"COMMAND","script":""`), ``}, {"é", hookSent("pre_start", `"type":"COMMAND","script":"w6k="`), ``},
	}, ""},
	{"hooks.pre_start.content_wo", elementOf("hooks", "pre_start", attributes{}, "content_wo"), []sent{{"echo", hookSent("pre_start", `"type":"COMMAND","script":"ZWNobw=="`), ``}}, ""},
	{"hooks.pre_start.path", elementOf("hooks", "pre_start", attributes{}, "path"), []sent{
		{nil, hookSent("pre_start", `"type":"SCRIPT","script":""`), ``}, {"", hookSent("pre_start", `"type":"SCRIPT","script":""`), ``}, {"/p", hookSent("pre_start", `"type":"SCRIPT","script":"/p"`), ``},
	}, ""},
	{"hooks.pre_start.mode", elementOf("hooks", "pre_start", attributes{"path": "/p"}, "mode"), []sent{
		{nil, hookSent("pre_start", `"type":"SCRIPT","script":"/p"`), ``},
		{"", hookSent("pre_start", `"type":"SCRIPT","script":"/p","mode":""`), ``},
		{unknown{}, hookSent("pre_start", `"type":"SCRIPT","script":"/p"`), ``},
		{"block", hookSent("pre_start", `"type":"SCRIPT","script":"/p","mode":"BLOCK"`), ``},
	}, ""},
	{"hooks.post_start", memberOf("hooks", attributes{}, "post_start"), []sent{
		{nil, noScripts, ``}, {unknown{}, noScripts, ``}, {attributes{"path": "/p"}, hookSent("post_start", `"type":"SCRIPT","script":"/p"`), ``},
	}, ""},
	{"hooks.post_start.content", elementOf("hooks", "post_start", attributes{}, "content"), []sent{{"echo", hookSent("post_start", `"type":"COMMAND","script":"ZWNobw=="`), ``}}, ""},
	{"hooks.post_start.content_wo", elementOf("hooks", "post_start", attributes{}, "content_wo"), []sent{{"echo", hookSent("post_start", `"type":"COMMAND","script":"ZWNobw=="`), ``}}, ""},
	{"hooks.post_start.path", elementOf("hooks", "post_start", attributes{}, "path"), []sent{{"/p", hookSent("post_start", `"type":"SCRIPT","script":"/p"`), ``}}, ""},
	{"hooks.post_start.mode", elementOf("hooks", "post_start", attributes{"path": "/p"}, "mode"), []sent{{"async", hookSent("post_start", `"type":"SCRIPT","script":"/p","mode":"ASYNC"`), ``}}, ""},

	{"affinity", top("affinity"), []sent{{nil, `{}`, noRules}, {attributes{}, noRules, ``}, {unknown{}, noRules, ``}}, ""},
	{"affinity.required", memberOf("affinity", attributes{}, "required"), []sent{{nil, noRules, ``}, {[]any{}, noRules, ``}, {unknown{}, noRules, ``}, {[]any{attributes{"key": "k", "operator": "In", "values": []any{"b", "a"}}}, rulesSent(`{"key":"k","operator":"In","values":["a","b"]}`, ``), ``}}, ""},
	{"affinity.required.*.key", ruleOf("required", attributes{"operator": "Exists"}, "key"), []sent{{"k", rulesSent(`{"key":"k","operator":"Exists","values":[]}`, ``), ``}}, ""},
	{"affinity.required.*.operator", ruleOf("required", attributes{"key": "k"}, "operator"), []sent{{"NotIn", rulesSent(`{"key":"k","operator":"NotIn","values":[]}`, ``), ``}}, ""},
	{"affinity.required.*.values", ruleOf("required", attributes{"key": "k", "operator": "In"}, "values"), []sent{
		{nil, rulesSent(`{"key":"k","operator":"In","values":[]}`, ``), ``}, {[]any{}, rulesSent(`{"key":"k","operator":"In","values":[]}`, ``), ``}, {[]any{"v"}, rulesSent(`{"key":"k","operator":"In","values":["v"]}`, ``), ``},
	}, ""},
	{"affinity.preferred", memberOf("affinity", attributes{}, "preferred"), []sent{{nil, noRules, ``}, {[]any{}, noRules, ``}, {unknown{}, noRules, ``}}, ""},
	{"affinity.preferred.*.key", ruleOf("preferred", attributes{"operator": "Exists"}, "key"), []sent{{"k", rulesSent(``, `{"key":"k","operator":"Exists","values":[]}`), ``}}, ""},
	{"affinity.preferred.*.operator", ruleOf("preferred", attributes{"key": "k"}, "operator"), []sent{{"Gt", rulesSent(``, `{"key":"k","operator":"Gt","values":[]}`), ``}}, ""},
	{"affinity.preferred.*.values", ruleOf("preferred", attributes{"key": "k", "operator": "In"}, "values"), []sent{{[]any{"v"}, rulesSent(``, `{"key":"k","operator":"In","values":["v"]}`), ``}}, ""},
	{"affinity.preferred.*.weight", ruleOf("preferred", attributes{"key": "k", "operator": "Exists"}, "weight"), []sent{
		{nil, rulesSent(``, `{"key":"k","operator":"Exists","values":[]}`), ``}, {0, rulesSent(``, `{"key":"k","operator":"Exists","values":[],"weight":0}`), ``}, {7, rulesSent(``, `{"key":"k","operator":"Exists","values":[],"weight":7}`), ``},
	}, ""},

	{"run_user", top("run_user"), []sent{{nil, `{}`, ``}, {attributes{}, `{"run_user":{}}`, ``}, {unknown{}, `{}`, ``}}, replacing},
	{"run_user.uid", memberOf("run_user", attributes{}, "uid"), []sent{{nil, `{"run_user":{}}`, ``}, {0, `{"run_user":{"uid":0}}`, ``}, {unknown{}, `{"run_user":{}}`, ``}, {1000, `{"run_user":{"uid":1000}}`, ``}}, replacing},
	{"run_user.gid", memberOf("run_user", attributes{}, "gid"), []sent{{nil, `{"run_user":{}}`, ``}, {0, `{"run_user":{"gid":0}}`, ``}, {unknown{}, `{"run_user":{}}`, ``}, {1000, `{"run_user":{"gid":1000}}`, ``}}, replacing},
	{"public_network_config", top("public_network_config"), []sent{{nil, `{}`, ``}, {unknown{}, `{}`, ``}}, ""},
	{"public_network_config.public_network_type", memberOf("public_network_config", attributes{}, "public_network_type"), []sent{
		{"SHARED", `{"public_network_config":{"public_network_type":"SHARED"}}`, ``}, {"forbidden", `{"public_network_config":{"public_network_type":"FORBIDDEN"}}`, ``},
	}, ""},
	{"user_vpc", top("user_vpc"), []sent{{nil, `{}`, ``}, {unknown{}, `{}`, ``}}, replacing},
	{"user_vpc.vpc_id", memberOf("user_vpc", attributes{"security_group_ids": []any{"g"}}, "vpc_id"), []sent{{nil, vpcSent("", "", `["g"]`, ``), ``}, {"v", vpcSent("v", "", `["g"]`, ``), ``}}, replacing},
	{"user_vpc.subnet_id", memberOf("user_vpc", attributes{"security_group_ids": []any{"g"}}, "subnet_id"), []sent{{nil, vpcSent("", "", `["g"]`, ``), ``}, {"s", vpcSent("", "s", `["g"]`, ``), ``}}, replacing},
	{"user_vpc.security_group_ids", memberOf("user_vpc", attributes{"vpc_id": "v"}, "security_group_ids"), []sent{{nil, vpcSent("v", "", `null`, ``), ``}, {[]any{}, vpcSent("v", "", `[]`, ``), ``}, {[]any{"h", "g"}, vpcSent("v", "", `["g","h"]`, ``), ``}}, replacing},
	{"user_vpc.connect_cidrs", memberOf("user_vpc", attributes{"security_group_ids": []any{"g"}}, "connect_cidrs"), []sent{
		{nil, vpcSent("", "", `["g"]`, ``), ``}, {[]any{}, vpcSent("", "", `["g"]`, `,"connect_cidrs":[]`), ``}, {unknown{}, vpcSent("", "", `["g"]`, ``), ``}, {[]any{"b", "a"}, vpcSent("", "", `["g"]`, `,"connect_cidrs":["a","b"]`), ``},
	}, replacing},
}

// neverSent are the attributes that no create and no update request has, each with
// the reason.
var neverSent = map[string]string{
	"hooks.pre_start.content_wo_version": "the provider's own", "hooks.post_start.content_wo_version": "the provider's own",
	"tags": "sent through tags_all", "tags_all": "sent by calls of its own, see TestUpdateBesidesTheRows",
	"desired_status": "a start or a stop reaches it", "allow_stopping_for_update": "the provider's own", "deletion_protection": "the provider's own",
	"timeouts": "the provider's own", "timeouts.create": "the provider's own", "timeouts.read": "the provider's own",
	"timeouts.update": "the provider's own", "timeouts.delete": "the provider's own",
	"id": "computed", "region": "it says which service is called", "project_id": "computed: it is in the path of each call", "image": "computed", "image.name": "computed", "image.tag": "computed", "image.swr_path": "computed", "image.arch": "computed",
	"image.type": "computed", "pool_name": "computed", "volume.mount_path": "computed", "volume.status": "computed", "status": "computed",
	"fail_reason": "computed", "url": "computed", "token": "computed", "ssh_uri": "computed", "ssh": "computed", "ssh.host": "computed", "ssh.port": "computed", "ssh.user": "computed", "billing_items": "computed", "owner": "computed",
	"owner.id": "computed", "owner.name": "computed", "created_at": "computed", "stops_at": "computed",
}

// Each value of each argument is in the requests as the table has it.
func TestRequestsHoldWhatIsPlanned(t *testing.T) {
	t.Parallel()
	base := createOf(t, smallest())
	for _, s := range sendings {
		for _, sent := range s.cases {
			plan := smallest()
			maps.Copy(plan, s.plan(sent.value))
			differing := attributes{}
			for member, v := range createOf(t, plan) {
				if !reflect.DeepEqual(v, base[member]) {
					differing[member] = v
				}
			}
			sameJSON(t, differing, sent.create, "%s = %v in a create", s.attribute, sent.value)

			a := argumentOf(s.attribute)
			if put := a != nil && a.write != nil; put == (s.noPut != "") {
				t.Errorf("%s: a PUT changes it: %t, a reason why none does: %q", s.attribute, put, s.noPut)
				continue
			}
			if s.noPut != "" {
				continue
			}
			c, req := newConverter(t.Context()), modelarts.NotebookUpdateRequest{}
			a.write(c, decoded(t, resourceValue(t, plan)), &req)
			must(t, c.Diagnostics)
			want := sent.put
			if want == "" {
				want = sent.create
			}
			sameJSON(t, asJSON(t, req), want, "%s = %v in an update", s.attribute, sent.value)
		}
	}
}

// createOf is the create request of a plan.
func createOf(t *testing.T, plan attributes) attributes {
	t.Helper()
	c := newConverter(t.Context())
	req := decoded(t, resourceValue(t, plan)).toCreate(c)
	must(t, c.Diagnostics)
	return asJSON(t, req)
}

func asJSON(t *testing.T, v any) attributes {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var members attributes
	mustUnmarshal(t, string(text), &members)
	return members
}

func sameJSON(t *testing.T, got attributes, want, format string, args ...any) {
	t.Helper()
	var members attributes
	mustUnmarshal(t, want, &members)
	if !reflect.DeepEqual(got, members) {
		text, _ := json.Marshal(got)
		t.Errorf(format+":\ngot  %s\nwant %s", append(args, text, want)...)
	}
}

// argumentOf is the row to which an attribute belongs.
func argumentOf(attribute string) *argument {
	names := strings.Split(attribute, ".")
	if names[0] == "volume" && len(names) > 1 {
		return row(at(names...))
	}
	return row(at(names[0]))
}

// A flavor and a custom size are one choice: what ends one sets the other.
func TestFlavorAndSizeAreWrittenTogether(t *testing.T) {
	t.Parallel()
	size := attributes{"cpu": 2, "memory": 1024}
	for _, tc := range []struct {
		argument     place
		flavor, spec any
		want         string
	}{
		{atFlavor, "f", size, `{"flavor":"f","custom_spec":{"cpu":2,"memory":1024}}`},
		{atFlavor, "f", nil, `{"flavor":"f"}`},
		{atSpec, "f", size, `{"custom_spec":{"cpu":2,"memory":1024}}`},
		{atSpec, "f", nil, `{"flavor":"f"}`},
		{atSpec, unknown{}, nil, `{}`},
	} {
		c, req := newConverter(t.Context()), modelarts.NotebookUpdateRequest{}
		row(tc.argument).write(c, decoded(t, resourceValue(t, attributes{"flavor": tc.flavor, "custom_spec": tc.spec})), &req)
		sameJSON(t, asJSON(t, req), tc.want, "%s with %v and %v", tc.argument, tc.flavor, tc.spec)
	}
}

// What rows do not write: the size of the disk, tags, the lease.
func TestUpdateBesidesTheRows(t *testing.T) {
	t.Parallel()
	hour := int64(3_600_000)
	v := "1"
	for name, tc := range map[string]struct {
		state, plan attributes
		config      attributes // nil: the plan
		check       func(lifecycle.Wish) bool
		empty       bool
	}{
		"nothing":             {attributes{"name": "n"}, attributes{"name": "n"}, nil, func(w lifecycle.Wish) bool { return w.Growth == nil && !w.Lease.Renew }, true},
		"a disk grows":        {attributes{"volume": attributes{"capacity": 5}}, attributes{"volume": attributes{"capacity": 6}}, nil, func(w lifecycle.Wish) bool { return w.Growth.GB == 6 }, false},
		"a size is not known": {attributes{"volume": attributes{"capacity": 5}}, attributes{"volume": attributes{"capacity": unknown{}}}, nil, func(w lifecycle.Wish) bool { return w.Growth == nil }, true},
		"a size goes":         {attributes{"volume": attributes{"capacity": 5}}, attributes{"volume": attributes{"capacity": nil}}, nil, func(w lifecycle.Wish) bool { return w.Growth == nil }, true},
		"tags": {
			attributes{"tags_all": attributes{"a": "1", "b": "1", "c": "1"}},
			attributes{"tags_all": attributes{"a": "1", "b": "2", "d": v}},
			nil,
			func(w lifecycle.Wish) bool {
				return len(w.Tags.Set) == 2 && w.Tags.Set[0].Key == "b" && *w.Tags.Set[0].Value == "2" && w.Tags.Set[1].Key == "d" && len(w.Tags.Remove) == 1 && w.Tags.Remove[0].Key == "c"
			}, false,
		},
		"tags that are null":  {attributes{"tags_all": attributes{"a": "1"}}, attributes{"tags_all": nil}, nil, func(w lifecycle.Wish) bool { return len(w.Tags.Set) == 0 && len(w.Tags.Remove) == 1 }, false},
		"tags that are empty": {attributes{"tags_all": nil}, attributes{"tags_all": attributes{}}, nil, func(w lifecycle.Wish) bool { return len(w.Tags.Set)+len(w.Tags.Remove) == 0 }, true},
		"a lease": {attributes{"lease": attributes{"duration": "2h"}}, attributes{"lease": attributes{"duration": "1h", "enabled": true}}, nil, func(w lifecycle.Wish) bool {
			return w.Lease.Renew && w.Lease.Managed && *w.Lease.Lease.Duration == hour && w.Lease.SwitchOn
		}, false},
		"a lease is switched off": {attributes{"lease": attributes{"enabled": true}}, attributes{"lease": attributes{"enabled": false}}, nil, func(w lifecycle.Wish) bool { return w.Lease.SwitchOff && w.Lease.Lease.Off && w.Lease.Managed }, false},
		"a lease is left alone":   {attributes{"lease": attributes{"duration": "2h"}}, attributes{"lease": attributes{"duration": "2h"}}, attributes{}, func(w lifecycle.Wish) bool { return !w.Lease.Renew && !w.Lease.Managed }, true},
		"a start":                 {attributes{"status": "STOPPED"}, attributes{"status": "RUNNING", "desired_status": "RUNNING"}, nil, func(w lifecycle.Wish) bool { return w.Final == modelarts.StatusRunning }, false},
		"a restart to stay on": {attributes{"status": "RUNNING", "flavor": "a"}, attributes{"status": unknown{}, "flavor": "b", "desired_status": "RUNNING"}, nil, func(w lifecycle.Wish) bool {
			return w.Final == modelarts.StatusRunning && !w.MayStop && len(w.Changes) == 1
		}, false},
		"consent": {attributes{"name": "n"}, attributes{"name": "n", "allow_stopping_for_update": true}, nil, func(w lifecycle.Wish) bool { return w.MayStop }, true},
	} {
		if tc.config == nil {
			tc.config = tc.plan
		}
		config, plan, state := resourceValue(t, tc.config), resourceValue(t, tc.plan), resourceValue(t, tc.state)
		c := newConverter(t.Context())
		view := &view{ctx: t.Context(), private: privateKeys(nil), config: config, state: state, plan: plan}
		wish, empty := toUpdate(c, view, decoded(t, config), decoded(t, plan), decoded(t, state))
		must(t, c.Diagnostics)
		if empty != tc.empty || !tc.check(wish) {
			t.Errorf("%s: empty: %t, %+v", name, empty, wish)
		}
	}
}

// The tables of this file and of model_answers_test.go name every attribute of
// the schema, or a reason not to.
func TestTablesNameEveryAttribute(t *testing.T) {
	t.Parallel()
	var sent, read []string
	for _, s := range sendings {
		sent = append(sent, s.attribute)
	}
	for _, r := range readings {
		read = append(read, r.attribute)
	}
	for _, name := range attributesOf("", resourceType()) {
		for table, tc := range map[string]struct {
			rows    []string
			reasons map[string]string
		}{"to the API": {sent, neverSent}, "from the API": {read, neverRead}} {
			if _, reason := tc.reasons[name]; slices.Contains(tc.rows, name) == reason {
				t.Errorf("%s, %s: has a row: %t, has a reason not to have one: %t", table, name, !reason, reason)
			}
		}
	}
	for _, name := range slices.Concat(sent, read, slices.Collect(maps.Keys(neverSent)), slices.Collect(maps.Keys(neverRead))) {
		if !slices.Contains(attributesOf("", resourceType()), name) {
			t.Errorf("%s is no attribute of the schema", name)
		}
	}
}

// attributesOf are the attributes below a type, with * for elements.
func attributesOf(prefix string, typ tftypes.Type) []string {
	var names []string
	switch typ := typ.(type) {
	case tftypes.Object:
		for name, member := range typ.AttributeTypes {
			names = append(names, prefix+name)
			names = append(names, attributesOf(prefix+name+".", member)...)
		}
	case tftypes.Map:
		names = attributesOf(prefix+"*.", typ.ElementType)
	case tftypes.List:
		names = attributesOf(prefix+"*.", typ.ElementType)
	}
	return names
}
