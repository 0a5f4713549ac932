package notebook

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// answerRow is how one attribute is read. Its value before is null, was, or
// unknown. A * in the attribute is the key of the map that was is in.
type answerRow struct {
	attribute string
	was       any
	answers   []answer
	// key is the element of a map.
	key string
}

// answer holds members of an answer, several answers with the same result with |
// between them, and what the attribute is after them when it was null, set or
// unknown before.
type answer struct {
	text               string
	null, set, unknown any
}

// before stands for the value before.
type before struct{}

// keeps is an answer that changes nothing; an unknown value stays unknown, and is
// null in the state (state.go).
func keeps(text string) answer { return answer{text, before{}, before{}, before{}} }

// knows is an answer that changes no value that is known.
func knows(text string) answer { return answer{text, nil, before{}, nil} }

// gives is an answer whose value counts, whatever was before.
func gives(text string, v any) answer { return answer{text, v, v, v} }

// clears is an answer after which there is no value.
func clears(text string) answer { return gives(text, nil) }

var (
	lake     = attributes{"/data/a": attributes{"category": "OBSFS", "uri": "obs://b/", "read_only": true, "dew_secret_name": "s"}}
	sshKeys  = attributes{"SSH": attributes{"key_pair_names": []any{"k"}}}
	zoneRule = attributes{"required": []any{attributes{"key": "k", "operator": "In", "values": []any{"a", "b"}}}}
)

func ruleAnswer(kind, rule string) string {
	return `{"affinity":{"` + kind + `_during_scheduling_ignored_during_execution":[` + rule + `]}}`
}

func oneRule(kind string, rule attributes) attributes { return attributes{kind: []any{rule}} }

var readings = []answerRow{
	{"id", "id", []answer{gives(`{"id":"id"}`, "id"), gives(`{"id":"ID"}`, "ID")}, ""},
	{"name", "n", []answer{
		keeps(`{"name":null} | {"name":""}`), gives(`{"name":"n"}`, "n"), gives(`{"name":"N"}`, "N"),
	}, ""},
	{"description", "d", []answer{
		knows(`{} | {"description":null}`), clears(`{"description":""}`), gives(`{"description":"d"}`, "d"), gives(`{"description":"D"}`, "D"),
	}, ""},
	{"description", "", []answer{knows(`{}`), {`{"description":""}`, nil, "", nil}, gives(`{"description":"d"}`, "d")}, ""},
	{"feature", "NOTEBOOK", []answer{
		knows(`{} | {"feature":null} | {"feature":""}`), gives(`{"feature":"notebook"}`, "NOTEBOOK"), gives(`{"feature":"DEFAULT"}`, "DEFAULT"),
	}, ""},
	{"flavor", "f", []answer{
		knows(`{} | {"flavor":null} | {"flavor":""}`), gives(`{"flavor":"f"}`, "f"), gives(`{"flavor":"F"}`, "F"),
		gives(`{"flavor":"custom.flavor.spec.code"}`, customFlavor), // without a custom size in the state
	}, ""},
	{"pool_id", "p", []answer{
		keeps(`{} | {"pool":null}`), knows(`{"pool":{}} | {"pool":{"id":null}} | {"pool":{"id":""}}`), {`{"pool":{"name":"q"}}`, "q", before{}, "q"}, gives(`{"pool":{"id":"p"}}`, "p"), gives(`{"pool":{"id":"P"}}`, "P"),
	}, ""},
	{"pool_name", "p", []answer{
		keeps(`{} | {"pool":null}`), knows(`{"pool":{}} | {"pool":{"name":null}} | {"pool":{"name":""}}`), gives(`{"pool":{"name":"q"}}`, "q"),
	}, ""},
	{"workspace_id", "0", []answer{knows(`{} | {"workspace_id":null} | {"workspace_id":""}`), gives(`{"workspace_id":"0"}`, "0"), gives(`{"workspace_id":"a"}`, "a")}, ""},

	{"custom_spec", attributes{"cpu": 2, "memory": 1024, "arch": "x86_64"}, []answer{
		keeps(`{} | {"flavor":"custom.flavor.spec.code"} | {"custom_spec":{"cpu":1,"memory":513}}`), // only with its flavor
		clears(`{"flavor":"f"} | {"flavor":"f","custom_spec":{"cpu":1,"memory":513}}`),
		{
			`{"flavor":"custom.flavor.spec.code","custom_spec":{"cpu":2,"memory":1024,"arch":"X86_64"}}`,
			attributes{"cpu": 2, "memory": 1024, "arch": "X86_64"},
			before{},
			attributes{"cpu": 2, "memory": 1024, "arch": "X86_64"},
		},
	}, ""},
	{"custom_spec.cpu", 2, specAnswers(answer{`{} | {"cpu":0}`, 0, before{}, 0}, gives(`{"cpu":1.5}`, 1.5)), ""},
	{"custom_spec.memory", 1024, specAnswers(answer{`{} | {"memory":0}`, 0, before{}, 0}, gives(`{"memory":513}`, 513)), ""},
	{"custom_spec.gpu", 1, specAnswers(knows(`{} | {"gpu":null}`), gives(`{"gpu":0}`, 0), gives(`{"gpu":0.5}`, 0.5)), ""},
	{"custom_spec.gpu_type", "t", specAnswers(knows(`{} | {"gpu_type":null} | {"gpu_type":""}`), gives(`{"gpu_type":"T"}`, "T")), ""},
	{"custom_spec.arch", "x86_64", specAnswers(knows(`{} | {"arch":null} | {"arch":""}`), answer{`{"arch":"X86_64"}`, "X86_64", "x86_64", "X86_64"}, gives(`{"arch":"aarch64"}`, "AARCH64")), ""},
	{"custom_spec.category", "cpu", specAnswers(knows(`{} | {"category":null} | {"category":""}`), answer{`{"category":"Cpu"}`, "CPU", "cpu", "CPU"}, gives(`{"category":"GPU"}`, "GPU")), ""},
	{"custom_spec.resource_flavor", "r", specAnswers(knows(`{} | {"resource_flavor":null} | {"resource_flavor":""}`), gives(`{"resource_flavor":"R"}`, "R")), ""},

	{"image_id", "Abc", []answer{
		keeps(`{} | {"image":null} | {"image":{}} | {"image":{"id":""}}`), {`{"image":{"id":"aBC"}}`, "aBC", "Abc", "aBC"}, gives(`{"image":{"id":"d"}}`, "d"),
	}, ""},
	{"image", attributes{"name": "n"}, []answer{keeps(`{} | {"image":null}`), gives(`{"image":{}}`, attributes{}), gives(`{"image":{"name":"m","tag":"t","swr_path":"s","arch":"x86_64","type":"build_in"}}`, attributes{"name": "m", "tag": "t", "swr_path": "s", "arch": "X86_64", "type": "BUILD_IN"})}, ""},
	{"image.name", "n", []answer{keeps(`{}`), clears(`{"image":{}} | {"image":{"name":null}} | {"image":{"name":""}}`), gives(`{"image":{"name":"N"}}`, "N")}, ""},
	{"image.tag", "t", []answer{keeps(`{}`), clears(`{"image":{}} | {"image":{"tag":null}} | {"image":{"tag":""}}`), gives(`{"image":{"tag":"u"}}`, "u")}, ""},
	{"image.swr_path", "s", []answer{keeps(`{}`), clears(`{"image":{}} | {"image":{"swr_path":null}} | {"image":{"swr_path":""}}`), gives(`{"image":{"swr_path":"s/"}}`, "s/")}, ""},
	{"image.arch", "X86_64", []answer{keeps(`{}`), clears(`{"image":{}} | {"image":{"arch":null}} | {"image":{"arch":""}}`), gives(`{"image":{"arch":"x86_64"}}`, "X86_64")}, ""},
	{"image.type", "BUILD_IN", []answer{keeps(`{}`), clears(`{"image":{}} | {"image":{"type":null}} | {"image":{"type":""}}`), gives(`{"image":{"type":"dedicated"}}`, "DEDICATED")}, ""},

	{"volume", attributes{"category": "evs", "ownership": "managed", "capacity": 5}, []answer{
		keeps(`{} | {"volume":null}`),
		{`{"volume":{}}`, attributes{}, before{}, attributes{}},
		{`{"volume":{"category":"EVS","ownership":"MANAGED","capacity":5}}`, attributes{"category": "EVS", "ownership": "MANAGED", "capacity": 5}, before{}, attributes{"category": "EVS", "ownership": "MANAGED", "capacity": 5}},
	}, ""},
	{"volume.category", "efs", volumeAnswers(knows(`{} | {"category":null} | {"category":""}`), answer{`{"category":"EFS"} | {"category":"sfs"}`, "EFS", "efs", "EFS"}, gives(`{"category":"evs"}`, "EVS")), ""},
	{"volume.ownership", "dedicated", volumeAnswers(knows(`{} | {"ownership":null} | {"capacity":5}`), answer{`{"category":"EVS"} | {"category":"EVS","ownership":""}`, "MANAGED", before{}, nil}, answer{`{"category":"OBS"} | {"uri":"share:/a"} | {"id":"i"}`, "DEDICATED", before{}, nil}, answer{`{"ownership":"Dedicated"}`, "DEDICATED", "dedicated", "DEDICATED"}, gives(`{"ownership":"managed"}`, "MANAGED")), ""},
	{"volume.capacity", 5, volumeAnswers(knows(`{} | {"capacity":null} | {"capacity":0}`), gives(`{"capacity":5}`, 5), gives(`{"capacity":6}`, 6)), ""},
	{"volume.uri", "obs://b/p/", volumeAnswers(knows(`{} | {"uri":null} | {"uri":""}`), gives(`{"uri":"obs://b/p/"}`, "obs://b/p/"), answer{`{"uri":"obs://b/p"}`, "obs://b/p", before{}, "obs://b/p"}, gives(`{"uri":"obs://b/q/"}`, "obs://b/q/")), ""},
	{"volume.id", "Abc", volumeAnswers(knows(`{} | {"id":null} | {"id":""}`), gives(`{"id":"Abc"}`, "Abc"), answer{`{"id":"aBC"}`, "aBC", before{}, "aBC"}, gives(`{"id":"d"}`, "d")), ""},
	{"volume.dew_secret_name", "s", volumeAnswers(knows(`{} | {"dew_secret_name":null} | {"dew_secret_name":""}`), gives(`{"dew_secret_name":"s"}`, "s"), gives(`{"dew_secret_name":"t"}`, "t")), ""},
	{"volume.mount_path", "/home/", volumeAnswers(knows(`{} | {"mount_path":null} | {"mount_path":""}`), answer{`{"mount_path":"/home"}`, "/home", before{}, "/home"}, gives(`{"mount_path":"/other"}`, "/other")), ""},
	{"volume.status", "RESIZING", volumeAnswers(clears(`{} | {"status":null} | {"status":""} | {"status":"DONE"}`), gives(`{"status":"resizing"}`, "RESIZING")), ""},

	{"data_volumes", lake, []answer{
		keeps(`{} | {"data_volumes":null}`),
		{`{"data_volumes":[]} | {"data_volumes":[{"category":"OBSFS","mount_path":"/data/z","mount_type":"dynamic"}]}`, nil, nil, nil},
		{`{"data_volumes":[{"category":"OBSFS","mount_path":"/data/a/","mount_type":"dynamic"}]}`, nil, before{}, nil}, // known by its path
		keeps(`{"data_volumes":[{"category":"OBSFS"}]} | {"status":"STARTING"} | {"status":"STARTING","data_volumes":null} | {"status":"STARTING","data_volumes":[]} | {"status":"STOPPED","data_volumes":[]}`),
		{
			`{"data_volumes":[{"category":"obsfs","uri":"obs://b/","mount_path":"/data/a/"}]} | {"data_volumes":[{"category":"obsfs","url":"obs://b/","mount_path":"/data/a/","mount_type":"static"}]}`,
			attributes{"/data/a/": attributes{"category": "OBSFS", "uri": "obs://b/", "read_only": false}},
			before{},
			attributes{"/data/a/": attributes{"category": "OBSFS", "uri": "obs://b/", "read_only": false}},
		},
		gives(`{"data_volumes":[{"category":"EFS","uri":"u","mount_path":"/data/b/","id":"i"},{"category":"OBSFS","mount_path":"/data/c/","id":"j"}]}`,
			attributes{"/data/b/": attributes{"category": "EFS", "uri": "u", "read_only": false, "id": "i"}, "/data/c/": attributes{"category": "OBSFS", "read_only": false}}),
	}, ""},
	{"data_volumes.*.category", "efs", mountAnswers(knows(`{} | {"category":null} | {"category":""}`), answer{`{"category":"sfs"}`, "EFS", "efs", "EFS"}, gives(`{"category":"obsfs"}`, "OBSFS")), "/data/a"},
	{"data_volumes.*.uri", "obs://b/", mountAnswers(knows(`{} | {"uri":null} | {"url":null} | {"uri":""}`), answer{`{"uri":"obs://b"} | {"url":"obs://b"} | {"uri":"obs://b","url":"other"}`, "obs://b", before{}, "obs://b"}, gives(`{"uri":"obs://c"} | {"url":"obs://c"}`, "obs://c")), "/data/a"},
	{"data_volumes.*.id", "i", mountAnswers(keeps(`{} | {"id":null} | {"id":""} | {"id":"j"} | {"id":"j","category":"EFS"}`)), "/data/a"},

	{"endpoints", sshKeys, []answer{
		keeps(`{} | {"endpoints":null}`),
		clears(`{"endpoints":[]}`),
		keeps(`{"endpoints":[{"service":null,"key_pair_names":["k"]}]} | {"status":"STARTING"} | {"status":"STARTING","endpoints":[]} | {"status":"STOPPED","endpoints":[]}`),
		gives(`{"endpoints":[{"service":"ssh","key_pair_names":["k"]}]} | {"endpoints":[{"dev_service":"ssh","ssh_keys":["k"]}]} | {"endpoints":[{"service":"SSH","dev_service":"VNC","key_pair_names":["k"],"ssh_keys":["l"]}]}`, sshKeys),
		gives(`{"endpoints":[{"service":"SSH","key_pair_names":["k"]},{"service":"NOTEBOOK"}]}`, sshKeys), // one of the service's own
		gives(`{"endpoints":[{"service":"SSH","key_pair_names":["l"]}]}`, attributes{"SSH": attributes{"key_pair_names": []any{"l"}}}),
		{`{"endpoints":[{"service":"SSH"}]} | {"status":"STOPPED","endpoints":[{"service":"SSH","key_pair_names":[],"allowed_access_ips":[]}]}`, nil, before{}, nil},
		{`{"endpoints":[{"service":"SSH","key_pair_names":[]}]}`, nil, attributes{"SSH": attributes{}}, nil},
	}, ""},
	{"endpoints", attributes{"NOTEBOOK": attributes{}}, []answer{{`{"endpoints":[]} | {"endpoints":[{"service":"NOTEBOOK"}]}`, nil, before{}, nil}}, ""}, // it configures nothing
	{"endpoints.*.key_pair_names", []any{"a", "b"}, []answer{
		{`{"endpoints":[{"service":"SSH","allowed_access_ips":["1"]}]} | {"endpoints":[{"service":"SSH","allowed_access_ips":["1"],"key_pair_names":null}]}`, nil, before{}, nil},
		clears(`{"endpoints":[{"service":"SSH","allowed_access_ips":["1"],"key_pair_names":[]}]}`),
		gives(`{"endpoints":[{"service":"SSH","key_pair_names":["b","a"]}]}`, []any{"a", "b"}),
		gives(`{"endpoints":[{"service":"SSH","key_pair_names":["A"]}]}`, []any{"A"}),
	}, "SSH"},
	{"endpoints.*.allowed_access_ips", []any{"1", "2"}, []answer{
		{`{"endpoints":[{"service":"SSH","key_pair_names":["1"]}]} | {"endpoints":[{"service":"SSH","key_pair_names":["1"],"allowed_access_ips":null}]}`, nil, before{}, nil},
		clears(`{"endpoints":[{"service":"SSH","key_pair_names":["1"],"allowed_access_ips":[]}]}`),
		gives(`{"endpoints":[{"service":"SSH","allowed_access_ips":["2","1"]}]}`, []any{"1", "2"}),
		gives(`{"endpoints":[{"service":"SSH","allowed_access_ips":["3"]}]}`, []any{"3"}),
	}, "SSH"},
	{"ssh_uri", "u", []answer{
		keeps(`{} | {"endpoints":null} | {"status":"STARTING"} | {"status":"STOPPED","endpoints":[]}`),
		clears(`{"endpoints":[{"service":"SSH"}]} | {"endpoints":[{"service":"SSH","uri":""}]} | {"endpoints":[{"service":"NOTEBOOK","uri":"v"}]}`),
		gives(`{"endpoints":[{"dev_service":"ssh","uri":"v"}]}`, "v"),
	}, ""},
	{"ssh", attributes{"host": "h", "port": 1, "user": "u"}, []answer{
		clears(`{"endpoints":[{"service":"SSH"}]} | {"endpoints":[{"service":"SSH","uri":""}]} | {"endpoints":[{"service":"SSH","uri":"ftp://h"}]}`),
		gives(`{"endpoints":[{"service":"SSH","uri":"ssh://ma-user@h:30000"}]} | {"endpoints":[{"service":"SSH","uri":"h:30000"}]}`, attributes{"host": "h", "port": 30000, "user": "ma-user"}),
		gives(`{"endpoints":[{"service":"SSH","uri":"10.0.0.1"}]}`, attributes{"host": "10.0.0.1", "port": 22, "user": "ma-user"}),
		gives(`{"endpoints":[{"service":"SSH","uri":"ssh://root@[2001:db8::1]:8022/"}]}`, attributes{"host": "2001:db8::1", "port": 8022, "user": "root"}),
	}, ""},
	{"ssh.host", "h", []answer{gives(`{"endpoints":[{"service":"SSH","uri":"v"}]}`, "v")}, ""},
	{"ssh.port", 1, []answer{gives(`{"endpoints":[{"service":"SSH","uri":"v:2"}]}`, 2)}, ""},
	{"ssh.user", "u", []answer{gives(`{"endpoints":[{"service":"SSH","uri":"w@v:2"}]}`, "w")}, ""},

	{"lease", attributes{"type": "timing", "duration": "480m", "enabled": true}, []answer{
		keeps(`{} | {"lease":null}`),
		{`{"lease":{}}`, attributes{}, before{}, attributes{}},
		{`{"lease":{"type":"TIMING","duration":3600000,"enable":true}}`, attributes{"type": "TIMING", "duration": "1h", "enabled": true}, before{}, attributes{"type": "TIMING", "duration": "1h", "enabled": true}},
		{`{"lease":{"type":"IDLE","duration":3600000,"enable":false}}`, attributes{"type": "IDLE", "enabled": false}, attributes{"type": "timing", "duration": "480m", "enabled": false}, attributes{"type": "IDLE", "enabled": false}},
		// The lease of the next start is not there yet.
		{`{"status":"STOPPED","lease":{"type":"IDLE","duration":3600000,"enable":true}}`, attributes{"type": "IDLE", "duration": "1h", "enabled": true}, before{}, attributes{"type": "IDLE", "duration": "1h", "enabled": true}},
	}, ""},
	{"lease.type", "timing", []answer{
		keeps(`{} | {"status":"STOPPED","lease":{"type":"IDLE"}}`), knows(`{"lease":{}} | {"lease":{"type":null}} | {"lease":{"type":""}}`),
		{`{"lease":{"type":"Timing"}}`, "TIMING", "timing", "TIMING"},
		gives(`{"lease":{"type":"idle"}}`, "IDLE"),
		{`{"lease":{"type":"IDLE","enable":false}}`, "IDLE", before{}, "IDLE"}, // of one that is off it means nothing
	}, ""},
	// How long the lease was asked to be is not read back: what is answered counts
	// from the creation. Only where nothing is known is it told by that.
	{"lease.duration", "8h", []answer{
		keeps(`{} | {"status":"STOPPED","lease":{"duration":3600000}}`), knows(`{"lease":{}} | {"lease":{"duration":null}} | {"lease":{"duration":0}} | {"lease":{"duration":3600001}} | {"lease":{"duration":3600000,"enable":false}}`),
		{`{"lease":{"duration":5400000}} | {"lease":{"duration":5400000,"enable":true}}`, nil, "8h", "90m"},
	}, ""},
	{"lease.enabled", true, []answer{keeps(`{} | {"lease":{}} | {"lease":{"enable":null}} | {"status":"STOPPED","lease":{"enable":false}}`), gives(`{"lease":{"enable":true}}`, true), gives(`{"lease":{"enable":false}}`, false)}, ""},
	{"stops_at", "2026-01-01T00:00:00Z", []answer{
		clears(`{} | {"lease":null} | {"lease":{}} | {"lease":{"create_at":0}} | {"lease":{"duration":3600000}} | {"lease":{"create_at":1000,"duration":3600000,"enable":false}} | {"lease":{"create_at":1000,"duration":3600000,"type":"idle"}} | {"status":"STOPPED","lease":{"create_at":1000,"duration":3600000}}`),
		gives(`{"lease":{"create_at":1000,"duration":3600000}} | {"lease":{"create_at":1000,"duration":3600000,"enable":true,"type":"timing"}}`, "1970-01-01T01:00:01Z"),
	}, ""},

	{"affinity", zoneRule, []answer{
		keeps(`{} | {"affinity":null} | {"status":"STARTING"} | {"status":"STARTING","affinity":{}} | {"status":"STOPPED","affinity":{}}`),
		clears(`{"affinity":{}} | ` + ruleAnswer("required", ``)),
		gives(ruleAnswer("required", `{"key":"k","operator":"in","values":["b","a"]}`), zoneRule),
	}, ""},
	{"affinity.required", []any{attributes{"key": "a", "operator": "Exists"}, attributes{"key": "b", "operator": "Exists"}}, []answer{
		// The order of rules means nothing: the one from before stays.
		{
			ruleAnswer("required", `{"key":"b","operator":"Exists","values":[]},{"key":"a","operator":"Exists"}`),
			[]any{attributes{"key": "b", "operator": "Exists"}, attributes{"key": "a", "operator": "Exists"}},
			before{},
			[]any{attributes{"key": "b", "operator": "Exists"}, attributes{"key": "a", "operator": "Exists"}},
		},
		gives(ruleAnswer("required", `{"key":"b","operator":"Exists"}`), []any{attributes{"key": "b", "operator": "Exists"}}),
		clears(ruleAnswer("preferred", `{"key":"b","operator":"Exists"}`)),
		// Other rules say nothing of these while the notebook does not run.
		knows(`{"status":"STOPPED","affinity":{"preferred_during_scheduling_ignored_during_execution":[{"key":"b","operator":"Exists","weight":1}]}}`),
		// A rule that lacks a part shows that the answer does.
		keeps(ruleAnswer("required", `{"key":"b","operator":"In"}`) + " | " + ruleAnswer("required", `{"key":"b","operator":"Gt"}`) + " | " + ruleAnswer("required", `{"key":"b"}`) + " | " + ruleAnswer("required", `{"operator":"Exists"}`)),
	}, ""},
	{"affinity.required.*.key", nil, []answer{gives(ruleAnswer("required", `{"key":"K","operator":"Exists"}`), oneRule("required", attributes{"key": "K", "operator": "Exists"}))}, ""},
	{"affinity.required.*.operator", nil, []answer{gives(ruleAnswer("required", `{"key":"k","operator":"doesnotexist"}`), oneRule("required", attributes{"key": "k", "operator": "DoesNotExist"})), gives(ruleAnswer("required", `{"key":"k","operator":"Near"}`), oneRule("required", attributes{"key": "k", "operator": "Near"}))}, ""},
	{"affinity.required.*.values", nil, []answer{gives(ruleAnswer("required", `{"key":"k","operator":"In","values":["a","b"]}`), zoneRule), gives(ruleAnswer("required", `{"key":"k","operator":"Exists","values":null}`), oneRule("required", attributes{"key": "k", "operator": "Exists"}))}, ""},
	{"affinity.preferred", []any{attributes{"key": "a", "operator": "Exists", "weight": 1}}, []answer{
		clears(ruleAnswer("required", `{"key":"b","operator":"Exists"}`)), gives(ruleAnswer("preferred", `{"key":"a","operator":"exists","weight":1}`), []any{attributes{"key": "a", "operator": "Exists", "weight": 1}}),
		gives(ruleAnswer("preferred", `{"key":"a","operator":"exists","weight":0}`), []any{attributes{"key": "a", "operator": "Exists", "weight": 0}}),
		{`{"status":"STOPPED","affinity":{"preferred_during_scheduling_ignored_during_execution":[{"key":"a","operator":"Exists","weight":0}]}}`, []any{attributes{"key": "a", "operator": "Exists", "weight": 0}}, before{}, []any{attributes{"key": "a", "operator": "Exists", "weight": 0}}},
	}, ""},
	{"affinity.preferred.*.key", nil, []answer{gives(ruleAnswer("preferred", `{"key":"K","operator":"Exists"}`), oneRule("preferred", attributes{"key": "K", "operator": "Exists"}))}, ""},
	{"affinity.preferred.*.operator", nil, []answer{gives(ruleAnswer("preferred", `{"key":"k","operator":"EXISTS"}`), oneRule("preferred", attributes{"key": "k", "operator": "Exists"}))}, ""},
	{"affinity.preferred.*.values", nil, []answer{gives(ruleAnswer("preferred", `{"key":"k","operator":"In","values":["a"]}`), oneRule("preferred", attributes{"key": "k", "operator": "In", "values": []any{"a"}}))}, ""},
	{"affinity.preferred.*.weight", nil, []answer{gives(ruleAnswer("preferred", `{"key":"k","operator":"Exists","weight":0}`), oneRule("preferred", attributes{"key": "k", "operator": "Exists", "weight": 0}))}, ""},

	{"run_user", attributes{"uid": 1, "gid": 2}, []answer{keeps(`{} | {"run_user":null}`), {`{"run_user":{}}`, attributes{}, before{}, attributes{}}}, ""},
	{"run_user.uid", 1, []answer{keeps(`{}`), knows(`{"run_user":{}} | {"run_user":{"uid":null}}`), gives(`{"run_user":{"uid":0}}`, 0), gives(`{"run_user":{"uid":2}}`, 2)}, ""},
	{"run_user.gid", 1, []answer{keeps(`{}`), knows(`{"run_user":{}} | {"run_user":{"gid":null}}`), gives(`{"run_user":{"gid":0}}`, 0), gives(`{"run_user":{"gid":2}}`, 2)}, ""},
	{"public_network_config", attributes{"public_network_type": "shared"}, []answer{
		keeps(`{} | {"public_network_config":null} | {"public_network_config":{}} | {"public_network_config":{"public_network_type":null}} | {"public_network_config":{"public_network_type":""}}`),
		{`{"public_network_config":{"public_network_type":"Shared"}}`, attributes{"public_network_type": "SHARED"}, before{}, attributes{"public_network_type": "SHARED"}},
		gives(`{"public_network_config":{"public_network_type":"new"}}`, attributes{"public_network_type": "NEW"}),
	}, ""},
	{"public_network_config.public_network_type", "SHARED", []answer{keeps(`{}`), gives(`{"public_network_config":{"public_network_type":"FORBIDDEN"}}`, "FORBIDDEN")}, ""},
	{"user_vpc", attributes{"vpc_id": "v", "subnet_id": "s", "security_group_ids": []any{"a"}}, []answer{
		keeps(`{} | {"user_vpc":null} | {"user_vpc":{}} | {"user_vpc":{"subnet_id":"t"}}`), {`{"user_vpc":{"vpc_id":"v"}}`, attributes{"vpc_id": "v"}, before{}, attributes{"vpc_id": "v"}},
	}, ""},
	{"user_vpc.vpc_id", "v", []answer{keeps(`{} | {"user_vpc":{"vpc_id":null}} | {"user_vpc":{"vpc_id":""}}`), gives(`{"user_vpc":{"vpc_id":"V"}}`, "V")}, ""},
	{"user_vpc.subnet_id", "s", vpcAnswers(knows(`{} | {"subnet_id":null} | {"subnet_id":""}`), gives(`{"subnet_id":"S"}`, "S")), ""},
	{"user_vpc.security_group_ids", []any{"a", "b"}, vpcAnswers(knows(`{} | {"security_group_ids":null} | {"security_group_ids":[]}`), gives(`{"security_group_ids":["b","a"]}`, []any{"a", "b"}), gives(`{"security_group_ids":["c"]}`, []any{"c"})), ""},
	{"user_vpc.connect_cidrs", []any{"a", "b"}, vpcAnswers(knows(`{} | {"connect_cidrs":null}`), clears(`{"connect_cidrs":[]}`), gives(`{"connect_cidrs":["b","a"]} | {"connect_cidrs":"b,a"}`, []any{"a", "b"}), gives(`{"connect_cidrs":"c"}`, []any{"c"})), ""},
	{"user_vpc.connect_cidrs", []any{}, vpcAnswers(knows(`{} | {"connect_cidrs":[]}`)), ""},

	// The provider of the test has default_tags = { default = "d" }.
	{"tags", attributes{"a": "1"}, []answer{
		{`{"tags":[]}`, nil, attributes{}, nil},
		keeps(`{} | {"tags":null} | {"status":"STARTING"} | {"status":"STARTING","tags":[]} | {"status":"STOPPED","tags":[]}`),
		{`{"tags":[{"key":"_sys_x","value":"1"},{"key":"default","value":"d"}]}`, nil, attributes{}, nil},
		gives(`{"tags":[{"key":"a","value":"1"}]}`, attributes{"a": "1"}), gives(`{"tags":[{"key":"a"}]}`, attributes{"a": ""}),
		gives(`{"tags":[{"key":"b","value":"2"},{"key":"A","value":"1"}]}`, attributes{"A": "1", "b": "2"}),
		gives(`{"tags":[{"key":"default","value":"e"}]}`, attributes{"default": "e"}),
	}, ""},
	{"tags", attributes{"default": "d"}, []answer{{`{"tags":[{"key":"default","value":"d"}]}`, nil, before{}, nil}}, ""}, // one's own, with a default's value
	{"tags", attributes{}, []answer{keeps(`{}`), {`{"tags":[]}`, nil, before{}, nil}}, ""},
	{"tags_all", attributes{"a": "1"}, []answer{
		gives(`{"tags":[]} | {"tags":[{"key":"_sys_x"}]}`, attributes{}),
		{`{} | {"tags":null} | {"status":"STARTING"} | {"status":"STARTING","tags":[]}`, attributes{}, before{}, attributes{}},
		gives(`{"tags":[{"key":"b","value":"2"},{"key":"default","value":"d"}]}`, attributes{"b": "2", "default": "d"}),
	}, ""},

	{"status", "RUNNING", []answer{gives(`{"status":"running"}`, "RUNNING"), gives(`{"status":"hibernating"}`, "HIBERNATING"), gives(`{"status":null} | {"status":""}`, "")}, ""}, // the client refuses an answer without one
	// These four are what the notebook has at the moment: what is absent is gone.
	{"fail_reason", "r", []answer{clears(`{} | {"fail_reason":null} | {"fail_reason":""}`), gives(`{"fail_reason":"R"}`, "R")}, ""},
	{"url", "u", []answer{clears(`{} | {"url":null} | {"url":""}`), gives(`{"url":"u/"}`, "u/")}, ""},
	{"token", "t", []answer{clears(`{} | {"token":null} | {"token":""}`), gives(`{"token":"T"}`, "T")}, ""},
	{"billing_items", []any{"STORAGE", "COMPUTE"}, []answer{
		clears(`{} | {"billing_items":null}`), gives(`{"billing_items":[]}`, []any{}), gives(`{"billing_items":["storage","compute"]}`, []any{"STORAGE", "COMPUTE"}),
		gives(`{"billing_items":["COMPUTE","STORAGE"]}`, []any{"COMPUTE", "STORAGE"}),
	}, ""},
	{"owner", attributes{"id": "o"}, []answer{keeps(`{} | {"user":null}`), gives(`{"user":{}}`, attributes{}), gives(`{"user":{"id":"p","name":"q"}}`, attributes{"id": "p", "name": "q"})}, ""},
	{"owner.id", "o", []answer{keeps(`{}`), clears(`{"user":{}} | {"user":{"id":null}} | {"user":{"id":""}}`), gives(`{"user":{"id":"O"}}`, "O")}, ""},
	{"owner.name", "o", []answer{keeps(`{}`), clears(`{"user":{}} | {"user":{"name":null}} | {"user":{"name":""}}`), gives(`{"user":{"name":"O"}}`, "O")}, ""},
	{"created_at", "2026-01-01T00:00:00Z", []answer{
		keeps(`{} | {"create_at":null}`), gives(`{"create_at":0}`, "1970-01-01T00:00:00Z"),
		gives(`{"create_at":1500} | {"lease":{"create_at":1500}} | {"create_at":1999,"lease":{"create_at":0}}`, "1970-01-01T00:00:01Z"),
	}, ""},
}

// neverRead are the attributes that no answer changes, each with the reason.
var neverRead = map[string]string{
	"hooks.pre_start.content_wo": "never answered", "hooks.pre_start.content_wo_version": "never answered",
	"hooks.post_start.content_wo": "never answered", "hooks.post_start.content_wo_version": "never answered",
	"hooks": "never answered", "hooks.pre_start": "never answered", "hooks.pre_start.content": "never answered", "hooks.pre_start.path": "never answered",
	"hooks.pre_start.mode": "never answered", "hooks.post_start": "never answered", "hooks.post_start.content": "never answered",
	"hooks.post_start.path": "never answered", "hooks.post_start.mode": "never answered",
	"region": "known of the call", "project_id": "known of the call",
	"data_volumes.*.read_only": "never answered", "data_volumes.*.dew_secret_name": "a secret, never answered",
	"desired_status": "the provider's own", "allow_stopping_for_update": "the provider's own", "deletion_protection": "the provider's own",
	"timeouts": "the provider's own", "timeouts.create": "the provider's own", "timeouts.read": "the provider's own",
	"timeouts.update": "the provider's own", "timeouts.delete": "the provider's own",
}

func nested(before, after string, answers []answer) []answer {
	all := []answer{}
	for _, a := range answers {
		var texts []string
		for text := range strings.SplitSeq(a.text, " | ") {
			texts = append(texts, before+text+after)
		}
		a.text = strings.Join(texts, " | ")
		all = append(all, a)
	}
	return all
}

func specAnswers(answers ...answer) []answer {
	return nested(`{"flavor":"custom.flavor.spec.code","custom_spec":`, `}`, answers)
}

func volumeAnswers(answers ...answer) []answer {
	return append(nested(`{"volume":`, `}`, answers), keeps(`{}`))
}

func mountAnswers(answers ...answer) []answer {
	inside := []answer{}
	for _, a := range answers {
		a.text = strings.ReplaceAll(strings.ReplaceAll(a.text, `{`, `{"mount_path":"/data/a/",`), `,}`, `}`)
		inside = append(inside, a)
	}
	return nested(`{"data_volumes":[`, `]}`, inside)
}

func vpcAnswers(answers ...answer) []answer {
	inside := []answer{}
	for _, a := range answers {
		a.text = strings.ReplaceAll(strings.ReplaceAll(a.text, `{`, `{"vpc_id":"v",`), `,}`, `}`)
		inside = append(inside, a)
	}
	return nested(`{"user_vpc":`, `}`, inside)
}

// Each answer leaves the model with what the table says, whatever it held before.
func TestAnswersBecomeTheModel(t *testing.T) {
	t.Parallel()
	for _, r := range readings {
		where := strings.Split(strings.Replace(r.attribute, "*", r.key, 1), ".")
		if strings.Contains(r.attribute, "*") && r.key == "" {
			where = where[:1] // of an element of a list the whole object is compared
		}
		typ := resourceValue(t, nil).At(where...).Type()
		for prior, was := range map[string]any{"null": nil, "set": r.was, "unknown": unknown{}} {
			state := resourceValue(t, attributes{"id": "id", "name": "n", "status": "RUNNING"}).With(valueOf(t, typ, was), where...)
			m := decoded(t, state)
			for _, a := range r.answers {
				want := map[string]any{"null": a.null, "set": a.set, "unknown": a.unknown}[prior]
				if want == any(before{}) {
					want = was
				}
				for text := range strings.SplitSeq(a.text, " | ") {
					got := attributeOf(t, readInto(t, m, text, defaultD), where[0]).At(where[1:]...)
					if want := values.Of(valueOf(t, typ, want)); !values.Equal(got, want) {
						t.Errorf("%s is %s before %s:\ngot  %s\nwant %s", r.attribute, prior, text, got, want)
					}
				}
			}
		}
	}
}

// defaultD are settings with one default tag.
var defaultD = &settings.Settings{Policy: settings.Policy{DefaultTags: map[string]string{"default": "d"}}}

// readInto is a model overlaid with an answer, to which an ID, a name and a status
// are added where it has none.
func readInto(t testing.TB, before *resourceModel, text string, s *settings.Settings) *resourceModel {
	t.Helper()
	members := attributes{"id": "id", "name": "n", "status": "RUNNING"}
	mustUnmarshal(t, text, &members)
	full, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	var nb modelarts.Notebook
	mustUnmarshal(t, string(full), &nb)
	m, c := *before, newConverter(t.Context())
	m.fromAPI(c, &nb, s)
	must(t, c.Diagnostics)
	return &m
}

// attributeOf is an attribute of a model as a value.
func attributeOf(t testing.TB, m *resourceModel, name string) values.Value {
	t.Helper()
	all := reflect.ValueOf(m).Elem()
	for _, field := range reflect.VisibleFields(all.Type()) {
		if field.Tag.Get("tfsdk") != name {
			continue
		}
		v, ok := all.FieldByIndex(field.Index).Interface().(attr.Value)
		if !ok {
			t.Fatalf("%s is no value", name)
		}
		raw, err := v.ToTerraformValue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return values.Of(raw)
	}
	t.Fatalf("the model has no %s", name)
	return values.Value{}
}

const fullAnswer = `{
	"description":"d","feature":"NOTEBOOK","flavor":"f","image":{"id":"i","name":"n"},"pool":{"id":"p","name":"q"},"workspace_id":"0",
	"volume":{"category":"EVS","ownership":"MANAGED","capacity":5,"mount_path":"/home/","read_only":true,"dew_secret_name":"t"},
	"data_volumes":[{"category":"OBSFS","mount_path":"/data/a/","uri":"obs://b/"}],"endpoints":[{"service":"SSH","key_pair_names":["k"],"uri":"ssh"}],
	"lease":{"create_at":1000,"duration":7200000,"enable":true,"type":"TIMING"},"run_user":{"uid":1,"gid":2},"tags":[{"key":"a","value":"1"}],
	"url":"u","token":"t","billing_items":["ALL"],"user":{"id":"o","name":"p"},"create_at":0
}`

// What is never answered stays, whatever is answered.
func TestWhatIsNeverAnsweredStays(t *testing.T) {
	t.Parallel()
	state := resourceValue(t, attributes{
		"id": "id", "name": "n", "status": "RUNNING", "data_volumes": lake, "desired_status": "RUNNING", "allow_stopping_for_update": true, "deletion_protection": true,
		"hooks":    attributes{"pre_start": attributes{"content": "c", "mode": "block"}, "post_start": attributes{"path": "/p", "mode": "ASYNC"}},
		"timeouts": attributes{"create": "1m", "read": "2m", "update": "3m", "delete": "4m"},
	})
	got := encoded(t, readInto(t, decoded(t, state), fullAnswer, defaultD))
	for name := range neverRead {
		where := strings.Split(strings.Replace(name, "*", "/data/a", 1), ".")
		if !values.Equal(got.At(where...), state.At(where...)) {
			t.Errorf("%s is %s, was %s", name, got.At(where...), state.At(where...))
		}
	}
}

// Nothing of the flavor beside a custom size is read back: the service shows
// another.
func TestFlavorBesideACustomSizeStays(t *testing.T) {
	t.Parallel()
	const text = `{"flavor":"custom.flavor.spec.code","custom_spec":{"cpu":2,"memory":1024}}`
	spec := attributes{"cpu": 2, "memory": 1024}
	for _, tc := range []struct {
		flavor, spec any
		want         string
	}{{"f", spec, "f"}, {nil, spec, customFlavor}, {unknown{}, spec, customFlavor}, {"f", nil, customFlavor}} {
		got := readInto(t, decoded(t, resourceValue(t, attributes{"flavor": tc.flavor, "custom_spec": tc.spec})), text, defaultD)
		if got.Flavor.ValueString() != tc.want {
			t.Errorf("%v with %v became %s", tc.flavor, tc.spec, got.Flavor)
		}
	}
}

// With omit_token no token is in the model, whatever was in it before.
func TestTokenIsOmitted(t *testing.T) {
	t.Parallel()
	for _, was := range []any{nil, "t", unknown{}} {
		got := readInto(t, decoded(t, resourceValue(t, attributes{"token": was})), `{"token":"u"}`, &settings.Settings{Policy: settings.Policy{OmitToken: true}})
		if !got.Token.IsNull() {
			t.Errorf("from %v: %s", was, got.Token)
		}
	}
}

// The same answer twice changes nothing the second time, whatever it held.
func TestReadingTwiceIsReadingOnce(t *testing.T) {
	t.Parallel()
	blank := decoded(t, resourceValue(t, nil))
	for _, r := range readings {
		for _, a := range r.answers {
			for text := range strings.SplitSeq(a.text, " | ") {
				once := readInto(t, blank, text, defaultD)
				if twice := readInto(t, once, text, defaultD); !equal(reflect.ValueOf(*once), reflect.ValueOf(*twice)) {
					t.Errorf("%s:\nonce  %+v\ntwice %+v", text, once, twice)
				}
			}
		}
	}
}
