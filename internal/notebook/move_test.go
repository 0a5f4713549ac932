package notebook_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// mover asks a server, as Terraform does before it configures the provider, to move
// states to modelarts_notebook.
type mover struct {
	t        testing.TB
	server   tfprotov6.ProviderServer
	typ      tftypes.Type
	identity tftypes.Type
}

func newMover(t testing.TB) *mover {
	t.Helper()
	m := &mover{t: t, server: serve.Protocol6(provider.New("test")())}
	schemas, err := m.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := m.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	m.typ, m.identity = schemas.ResourceSchemas["modelarts_notebook"].ValueType(), identities.IdentitySchemas["modelarts_notebook"].ValueType()
	return m
}

const (
	vendorSource = "registry.terraform.io/huaweicloud/huaweicloud"
	vendorType   = "huaweicloud_modelarts_notebook"
)

// move moves a state.
func (m *mover) move(req tfprotov6.MoveResourceStateRequest) (state values.Value, resp *tfprotov6.MoveResourceStateResponse, said string) {
	m.t.Helper()
	req.TargetTypeName = "modelarts_notebook"
	resp, err := m.server.MoveResourceState(m.t.Context(), &req)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		said += d.Summary + ": " + d.Detail + "\n"
	}
	if resp.TargetState != nil {
		v, err := resp.TargetState.Unmarshal(m.typ)
		if err != nil {
			m.t.Fatal(err)
		}
		state = values.Of(v)
	}
	return state, resp, said
}

func (m *mover) fromVendor(state []byte) (values.Value, *tfprotov6.MoveResourceStateResponse, string) {
	m.t.Helper()
	return m.move(tfprotov6.MoveResourceStateRequest{SourceProviderAddress: vendorSource, SourceTypeName: vendorType, SourceState: &tfprotov6.RawState{JSON: state}})
}

// vendorState is the least that a state of the vendor's provider has, with attributes
// added or changed. One that is "-" is left out.
func vendorState(t testing.TB, changes map[string]string) []byte {
	t.Helper()
	state := map[string]json.RawMessage{
		"id": []byte(`"f9937afa-4451-42db-a76b-72d624749f66"`), "name": []byte(`"n"`), "flavor_id": []byte(`"f"`),
		"image_id": []byte(`"e1a07296-22a8-4f05-8bc8-e936c8e54090"`), "volume": []byte(`[{"type":"EVS","ownership":"MANAGED","size":5}]`),
	}
	for name, text := range changes {
		if state[name] = []byte(text); text == "-" {
			delete(state, name)
		}
	}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// movedAttribute is one attribute of the vendor's provider, and what becomes of it.
type movedAttribute struct {
	vendor string
	// to is the attribute here.
	to string
	// becomes has values by what the old state has; "-" is one without the attribute.
	becomes map[string]string
}

// textBecomes are the values that any text has: as it is, and null where it is none.
func textBecomes(text string) map[string]string {
	return map[string]string{text: text, "-": "null", "null": "null", `""`: "null", "[]": "null", "{}": "null", "7": `"7"`, "true": `"true"`}
}

// movedAttributes has each attribute that is taken over.
var movedAttributes = []movedAttribute{
	{"id", "id", map[string]string{`"f9937afa-4451-42db-a76b-72d624749f66"`: `"f9937afa-4451-42db-a76b-72d624749f66"`}},
	{"name", "name", map[string]string{`"n-1"`: `"n-1"`}},
	{"region", "region", textBecomes(`"cn-north-4"`)},
	{"description", "description", textBecomes(`"d"`)},
	{"flavor_id", "flavor", textBecomes(`"modelarts.vm.cpu.2u"`)},
	{"image_id", "image_id", textBecomes(`"e1a07296-22a8-4f05-8bc8-e936c8e54090"`)},
	{"image_name", "image.name", textBecomes(`"i"`)},
	{"image_swr_path", "image.swr_path", textBecomes(`"swr.example.com/a/i:1"`)},
	{"image_type", "image.type", textBecomes(`"BUILD_IN"`)},
	{"pool_id", "pool_id", textBecomes(`"p"`)},
	{"pool_name", "pool_name", textBecomes(`"p"`)},
	{"workspace_id", "workspace_id", textBecomes(`"0"`)},
	{"volume", "volume", map[string]string{
		"-": "null", "null": "null", "[]": "null", `""`: "null", "[null]": "null",
		`[{"type":"evs","size":20,"ownership":"MANAGED","uri":"","id":"","mount_path":"/home/ma-user/work/","news":1}]`: `{"category":"EVS","ownership":"MANAGED","capacity":20,"mount_path":"/home/ma-user/work/"}`,
		`{"type":"EVS"}`:                       `{"category":"EVS","ownership":"MANAGED"}`,
		`[{"type":"EVS","size":0}]`:            `{"category":"EVS","ownership":"MANAGED"}`,
		`[{"type":"EVS","size":null}]`:         `{"category":"EVS","ownership":"MANAGED"}`,
		`[{"type":"EVS","size":"50"}]`:         `{"category":"EVS","ownership":"MANAGED","capacity":50}`,
		`[{"type":"EVS","size":1e99}]`:         `{"category":"EVS","ownership":"MANAGED"}`,
		`[{"type":"EFS","ownership":""}]`:      `{"category":"EFS","ownership":"MANAGED"}`,
		`[{"type":"EFS","uri":"s:/","id":""}]`: `{"category":"EFS","ownership":"DEDICATED","uri":"s:/"}`,
		`[{"type":"EFS","uri":"s:/","id":"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11","ownership":"dedicated","size":0}]`: `{"category":"EFS","ownership":"DEDICATED","uri":"s:/","id":"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"}`,
	}},
	{"key_pair", "endpoints", map[string]string{
		"-": "null", "null": "null", `""`: "null", "[]": "null",
		`"k"`:   `{"SSH":{"key_pair_names":["k"]}}`,
		`["k"]`: `{"SSH":{"key_pair_names":["k"]}}`,
	}},
	{"allowed_access_ips", "endpoints", map[string]string{
		"-": "null", "null": "null", "[]": "null", `""`: "null", `[""]`: "null", "[null]": "null",
		`["203.0.113.7","203.0.113.8"]`: `{"SSH":{"allowed_access_ips":["203.0.113.7","203.0.113.8"]}}`,
	}},
	{"auto_stop_enabled", "lease", map[string]string{
		"-": "null", "null": "null", "true": "null", `""`: "null", "0": "null",
		"false": `{"enabled":false}`, `"false"`: `{"enabled":false}`,
	}},
	{"tags", "tags", map[string]string{
		"-": "null", "null": "null", "{}": "null", "[]": "null", `{"_sys_a":"b"}`: "null",
		`{"a":"b","c":"","d":null,"e":1,"f":[],"_sys_a":"b"}`: `{"a":"b","c":"","d":"","e":"1"}`,
	}},
	{"tags", "tags_all", map[string]string{"-": "{}", "null": "{}", `{"a":"b","_sys_a":"b"}`: `{"a":"b"}`}},
	{"status", "status", map[string]string{`"RUNNING"`: `"RUNNING"`, `"stopped"`: `"STOPPED"`, `"NEW_ONE"`: `"NEW_ONE"`, "-": "null", `""`: "null"}},
	{"url", "url", textBecomes(`"https://n"`)},
	{"ssh_uri", "ssh_uri", textBecomes(`"ssh://ma-user@h:1"`)},
	{"created_at", "created_at", map[string]string{
		"-": "null", "null": "null", `""`: "null", `"yesterday"`: "null", "12": "null",
		`"2026-08-01 10:20:30 UTC"`: `"2026-08-01T10:20:30Z"`, `"2026-08-01T10:20:30+08:00"`: `"2026-08-01T02:20:30Z"`,
	}},
	{"timeouts", "timeouts", map[string]string{
		"-": "null", "null": "null", "{}": "null", `{"create":null,"delete":""}`: "null",
		`{"create":"20m","update":null}`: `{"create":"20m"}`, `[{"delete":"5m","news":"1m"}]`: `{"delete":"5m"}`,
	}},
}

// notMoved are the vendor's attributes that nothing becomes of.
var notMoved = map[string]string{
	"updated_at":     "it would make every plan noisy",
	"mount_storages": "a mount is a resource of its own",
}

// notFromAMove are the attributes here that an old state cannot fill.
var notFromAMove = map[string]string{
	"project_id": "unknown to the vendor's provider", "custom_spec": "the same", "data_volumes": "the same", "hooks": "the same", "affinity": "the same",
	"run_user": "the same", "user_vpc": "the same", "public_network_config": "the same", "fail_reason": "the same", "token": "the same",
	"billing_items": "the same", "owner": "the same", "stops_at": "the same", "desired_status": "nothing is asked for",
}

// always are the attributes that have one value after each move.
var always = map[string]string{"feature": `"NOTEBOOK"`, "allow_stopping_for_update": "false", "deletion_protection": "false"}

// Each attribute of the vendor's provider becomes what it means here, whatever is written
// for none.
func TestMovedAttributes(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	for _, a := range movedAttributes {
		for old, want := range a.becomes {
			state, resp, said := m.fromVendor(vendorState(t, map[string]string{a.vendor: old}))
			if said != "" {
				t.Errorf("%s = %s: %s", a.vendor, old, said)
				continue
			}
			got := state.At(strings.Split(a.to, ".")...)
			if expected := fromJSON(t, got.Type(), want); !values.Equal(got, values.Of(expected)) {
				t.Errorf("%s = %s: %s is %s, want %s", a.vendor, old, a.to, got.Value, want)
			}
			for name, text := range always {
				if got := state.At(name); !values.Equal(got, values.Of(fromJSON(t, got.Type(), text))) {
					t.Errorf("%s = %s: %s is %s, want %s", a.vendor, old, name, got.Value, text)
				}
			}
			for name := range notFromAMove {
				if !state.At(name).IsNull() {
					t.Errorf("%s = %s: %s is %s, want null", a.vendor, old, name, state.At(name).Value)
				}
			}
			if identity, err := resp.TargetIdentity.IdentityData.Unmarshal(m.identity); err != nil || !identity.IsNull() {
				t.Errorf("%s = %s: the identity is %s, %v", a.vendor, old, identity, err)
			}
			var private map[string][]byte
			if err := json.Unmarshal(resp.TargetPrivate, &private); err != nil || string(private["imported"]) != "true" {
				t.Errorf("%s = %s: the private state is %s, %v", a.vendor, old, resp.TargetPrivate, err)
			}
		}
	}
}

// The tables above name each attribute of both sides, once.
func TestTablesNameEveryAttributeOfAMove(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"id", "region", "name", "flavor_id", "image_id", "volume", "description", "key_pair", "allowed_access_ips", "pool_id", "workspace_id", "tags",
		"auto_stop_enabled", "status", "image_name", "image_swr_path", "image_type", "created_at", "updated_at", "pool_name", "url", "ssh_uri", "mount_storages", "timeouts",
	} {
		named := slices.ContainsFunc(movedAttributes, func(a movedAttribute) bool { return a.vendor == name })
		if named == (notMoved[name] != "") {
			t.Errorf("the vendor's %s is moved: %t, has a reason not to be: %t", name, named, notMoved[name] != "")
		}
	}
	object, _ := newMover(t).typ.(tftypes.Object)
	for name := range object.AttributeTypes {
		named := always[name] != "" || slices.ContainsFunc(movedAttributes, func(a movedAttribute) bool { return strings.Split(a.to, ".")[0] == name })
		if named == (notFromAMove[name] != "") {
			t.Errorf("%s is filled by a move: %t, has a reason not to be: %t", name, named, notFromAMove[name] != "")
		}
	}
}

// A key pair and addresses are one endpoint.
func TestMovedEndpoint(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	state, _, said := m.fromVendor(vendorState(t, map[string]string{"key_pair": `"k"`, "allowed_access_ips": `["203.0.113.7"]`}))
	want := `{"SSH":{"key_pair_names":["k"],"allowed_access_ips":["203.0.113.7"]}}`
	if got := state.At("endpoints"); said != "" || !values.Equal(got, values.Of(fromJSON(t, got.Type(), want))) {
		t.Errorf("%s %s", got.Value, said)
	}
}

// What can be moved is told by the type, and by the last part of the provider's address:
// a mirror or a private registry is as good as the public one. What cannot be moved is an
// error that says what can be done.
func TestWhatCanBeMoved(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	least := string(vendorState(t, nil))
	for name, tc := range map[string]struct {
		source, kind, state string
		version             int64
		want                string // a part of the error
	}{
		"the vendor's":            {vendorSource, vendorType, least, 0, ""},
		"OpenTofu's registry":     {"registry.opentofu.org/huaweicloud/huaweicloud", vendorType, least, 0, ""},
		"a mirror":                {"mirror.example.com:8443/cloud-team/huaweicloud", vendorType, least, 0, ""},
		"a later version":         {vendorSource, vendorType, least, 1, ""},
		"another provider":        {"registry.terraform.io/huaweicloud/other", vendorType, least, 0, "Unable to Move Resource State"},
		"another type":            {vendorSource, "huaweicloud_modelarts_dataset", least, 0, "Unable to Move Resource State"},
		"no id":                   {vendorSource, vendorType, string(vendorState(t, map[string]string{"id": "-"})), 0, `Unable to move notebook: The state of huaweicloud_modelarts_notebook has no id. Import it in place of the move`},
		"an empty name":           {vendorSource, vendorType, string(vendorState(t, map[string]string{"name": `""`})), 0, "has no name"},
		"null":                    {vendorSource, vendorType, "null", 0, "it is empty, or of a format that Terraform 0.11 wrote"},
		"nothing":                 {vendorSource, vendorType, "", 0, "it is empty, or of a format that Terraform 0.11 wrote"},
		"no object":               {vendorSource, vendorType, "[1]", 0, `id = "REGION/ID"`},
		"cut off":                 {vendorSource, vendorType, `{"id":`, 0, "it is not a JSON object"},
		"our own, elsewhere":      {"mirror.example.com/other/modelarts", "modelarts_notebook", `{"id":"i","name":"n","news":1}`, 0, ""},
		"our own, empty":          {"mirror.example.com/other/modelarts", "modelarts_notebook", `null`, 0, "it is empty"},
		"our own, of other types": {"mirror.example.com/other/modelarts", "modelarts_notebook", `{"id":["i"]}`, 0, "cannot be taken over"},
		"our own, of the future":  {"mirror.example.com/other/modelarts", "modelarts_notebook", `{"id":"i"}`, 1, "it has the schema version 1, and this version of the provider writes 0"},
	} {
		_, resp, said := m.move(tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: tc.source, SourceTypeName: tc.kind, SourceSchemaVersion: tc.version, SourceState: &tfprotov6.RawState{JSON: []byte(tc.state)},
		})
		if tc.want == "" && (said != "" || resp.TargetState == nil) || !strings.Contains(said, tc.want) {
			t.Errorf("%s: %q, want %q", name, said, tc.want)
		}
	}
}

// Our own type from another host or namespace is taken over as it is, with its private
// state, and with its identity if that is whole.
func TestOwnTypeIsMovedAsItIs(t *testing.T) {
	t.Parallel()
	m := newMover(t)
	old := `{"id": "f9937afa-4451-42db-a76b-72d624749f66", "name": "n", "region": "r", "project_id": "p", "flavor": "f", "volume": {"category": "EVS", "capacity": 5},
	  "endpoints": {"SSH": {"key_pair_names": ["k"]}}, "lease": {"enabled": false}, "tags": {"a": "b"}, "deletion_protection": true}`
	private := []byte(`{"applied":"eyJuYW1lIjoiMSJ9","imported":"ZmFsc2U="}`)
	for identity, whole := range map[string]bool{
		"": false, "null": false, "{}": false, `{"id":"i","region":null,"project_id":"p"}`: false, `{"id":"i"}`: false,
		`{"id":"i","region":"r","project_id":"p"}`: true,
	} {
		req := tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: "mirror.example.com/other/modelarts", SourceTypeName: "modelarts_notebook",
			SourceState: &tfprotov6.RawState{JSON: []byte(old)}, SourcePrivate: private,
		}
		if identity != "" {
			req.SourceIdentity = &tfprotov6.RawState{JSON: []byte(identity)}
		}
		state, resp, said := m.move(req)
		if want := fromJSON(t, m.typ, old); said != "" || !values.Equal(state, values.Of(want)) {
			t.Errorf("%s: %s\n%s, want\n%s", identity, said, state.Value, want)
			continue
		}
		got, err := resp.TargetIdentity.IdentityData.Unmarshal(m.identity)
		if err != nil || whole == got.IsNull() {
			t.Errorf("%s: the identity is %s, %v", identity, got, err)
		}
		var before, after map[string][]byte
		if json.Unmarshal(private, &before) != nil || json.Unmarshal(resp.TargetPrivate, &after) != nil || fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("%s: the private state is %s", identity, resp.TargetPrivate)
		}
	}
}

// Whatever an old state holds, a move ends with a state or an error.
func FuzzMove(f *testing.F) {
	for _, a := range movedAttributes {
		for old := range a.becomes {
			f.Add(vendorState(f, map[string]string{a.vendor: old}))
		}
	}
	f.Add([]byte(`{"id":"i","name":"n","volume":[[{}]],"tags":{"a":{"b":1}},"timeouts":[[],{}]}`))
	m := newMover(f)
	f.Fuzz(func(t *testing.T, old []byte) {
		own := &mover{t, m.server, m.typ, m.identity}
		if state, _, said := own.fromVendor(old); (said == "") == state.IsNull() {
			t.Errorf("%s: the state is %s, the error %q", old, state.Value, said)
		}
	})
}
