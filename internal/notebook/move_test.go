package notebook_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/moves/movestest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// notebookMoves are the moves to modelarts_notebook.
func notebookMoves(t testing.TB) *movestest.Server {
	t.Helper()
	text := movestest.Text
	return movestest.New(t, serve.Protocol6(provider.New("test")()), movestest.Move{
		Type: "modelarts_notebook", VendorType: "huaweicloud_modelarts_notebook",
		Least: `{"id": "f9937afa-4451-42db-a76b-72d624749f66", "name": "n", "flavor_id": "f", "image_id": "e1a07296-22a8-4f05-8bc8-e936c8e54090",
		  "volume": [{"type": "EVS", "ownership": "MANAGED", "size": 5}]}`,
		Needed: []string{"id", "name"},
		Attributes: []movestest.Attribute{
			{Vendor: "id", To: "id", Becomes: map[string]string{`"f9937afa-4451-42db-a76b-72d624749f66"`: `"f9937afa-4451-42db-a76b-72d624749f66"`}},
			{Vendor: "name", To: "name", Becomes: map[string]string{`"n-1"`: `"n-1"`}},
			{Vendor: "region", To: "region", Becomes: text(`"cn-north-4"`)},
			{Vendor: "description", To: "description", Becomes: text(`"d"`)},
			{Vendor: "flavor_id", To: "flavor", Becomes: text(`"modelarts.vm.cpu.2u"`)},
			{Vendor: "image_id", To: "image_id", Becomes: text(`"e1a07296-22a8-4f05-8bc8-e936c8e54090"`)},
			{Vendor: "image_name", To: "image.name", Becomes: text(`"i"`)},
			{Vendor: "image_swr_path", To: "image.swr_path", Becomes: text(`"swr.example.com/a/i:1"`)},
			{Vendor: "image_type", To: "image.type", Becomes: text(`"BUILD_IN"`)},
			{Vendor: "pool_id", To: "pool_id", Becomes: text(`"p"`)},
			{Vendor: "pool_name", To: "pool_name", Becomes: text(`"p"`)},
			{Vendor: "workspace_id", To: "workspace_id", Becomes: text(`"0"`)},
			{Vendor: "volume", To: "volume", Becomes: movedVolumes},
			{Vendor: "key_pair", To: "endpoints", Becomes: map[string]string{
				"-": "null", "null": "null", `""`: "null", "[]": "null",
				`"k"`: `{"SSH":{"key_pair_names":["k"]}}`, `["k"]`: `{"SSH":{"key_pair_names":["k"]}}`,
			}},
			{Vendor: "allowed_access_ips", To: "endpoints", Becomes: map[string]string{
				"-": "null", "null": "null", "[]": "null", `""`: "null", `[""]`: "null", "[null]": "null",
				`["203.0.113.7","203.0.113.8"]`: `{"SSH":{"allowed_access_ips":["203.0.113.7","203.0.113.8"]}}`,
			}},
			{Vendor: "auto_stop_enabled", To: "lease", Becomes: map[string]string{
				"-": "null", "null": "null", "true": "null", `""`: "null", "0": "null", "false": `{"enabled":false}`, `"false"`: `{"enabled":false}`,
			}},
			{Vendor: "tags", To: "tags", Becomes: map[string]string{
				"-": "null", "null": "null", "{}": "null", "[]": "null", `{"_sys_a":"b"}`: "null",
				`{"a":"b","c":"","d":null,"e":1,"f":[],"_sys_a":"b"}`: `{"a":"b","c":"","d":"","e":"1"}`,
			}},
			{Vendor: "tags", To: "tags_all", Becomes: map[string]string{"-": "{}", "null": "{}", `{"a":"b","_sys_a":"b"}`: `{"a":"b"}`}},
			{Vendor: "status", To: "status", Becomes: movestest.Upper(`"running"`)},
			{Vendor: "url", To: "url", Becomes: text(`"https://n"`)},
			{Vendor: "ssh_uri", To: "ssh_uri", Becomes: text(`"ssh://ma-user@h:1"`)},
			{Vendor: "ssh_uri", To: "ssh", Becomes: map[string]string{"-": "null", `""`: "null", `"ssh://ma-user@h:30581"`: `{"host":"h","port":30581,"user":"ma-user"}`}},
			{Vendor: "created_at", To: "created_at", Becomes: map[string]string{
				"-": "null", "null": "null", `""`: "null", `"yesterday"`: "null", "12": "null",
				`"2026-08-01 10:20:30 UTC"`: `"2026-08-01T10:20:30Z"`, `"2026-08-01T10:20:30+08:00"`: `"2026-08-01T02:20:30Z"`,
			}},
			{Vendor: "timeouts", To: "timeouts", Becomes: map[string]string{
				"-": "null", "null": "null", "{}": "null", `{"create":null,"delete":""}`: "null",
				`{"create":"20m","update":null}`: `{"create":"20m"}`, `[{"delete":"5m","news":"1m"}]`: `{"delete":"5m"}`,
			}},
		},
		Vendor: []string{
			"id", "region", "name", "flavor_id", "image_id", "volume", "description", "key_pair", "allowed_access_ips", "pool_id", "workspace_id", "tags",
			"auto_stop_enabled", "status", "image_name", "image_swr_path", "image_type", "created_at", "updated_at", "pool_name", "url", "ssh_uri",
			"mount_storages", "timeouts",
		},
		NotMoved: map[string]string{"updated_at": "it would make every plan noisy", "mount_storages": "a mount is a resource of its own"},
		NotFilled: map[string]string{
			"project_id": "unknown to the vendor's provider", "custom_spec": "the same", "data_volumes": "the same", "hooks": "the same", "affinity": "the same",
			"run_user": "the same", "user_vpc": "the same", "public_network_config": "the same", "fail_reason": "the same", "token": "the same",
			"billing_items": "the same", "owner": "the same", "stops_at": "the same", "desired_status": "nothing is asked for",
		},
		Always:   map[string]string{"feature": `"NOTEBOOK"`, "allow_stopping_for_update": "false", "deletion_protection": "false"},
		Identity: `{"id":"i","region":"r","project_id":"p"}`,
		Imported: func(private map[string][]byte) bool { return string(private["imported"]) == "true" },
	})
}

var movedVolumes = map[string]string{
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
}

// Each attribute of the vendor's provider becomes what it means here, whatever is written
// for none.
func TestMovedAttributes(t *testing.T) {
	t.Parallel()
	notebookMoves(t).CheckAttributes(t)
}

// A key pair and addresses are one endpoint.
func TestMovedEndpoint(t *testing.T) {
	t.Parallel()
	m := notebookMoves(t)
	state, _, said := m.FromVendor(t, m.With(t, map[string]string{"key_pair": `"k"`, "allowed_access_ips": `["203.0.113.7"]`}))
	want := `{"SSH":{"key_pair_names":["k"],"allowed_access_ips":["203.0.113.7"]}}`
	if got := state.At("endpoints"); said != "" || !values.Equal(got, movestest.JSON(t, got.Type(), want)) {
		t.Errorf("%s %s", got.Value, said)
	}
}

func TestWhatCanBeMoved(t *testing.T) {
	t.Parallel()
	notebookMoves(t).CheckSources(t)
}

// Our own type from another host or namespace is taken over as it is.
func TestOwnTypeIsMovedAsItIs(t *testing.T) {
	t.Parallel()
	notebookMoves(t).CheckOwn(t, `{"id": "f9937afa-4451-42db-a76b-72d624749f66", "name": "n", "region": "r", "project_id": "p", "flavor": "f",
	  "volume": {"category": "EVS", "capacity": 5}, "endpoints": {"SSH": {"key_pair_names": ["k"]}}, "lease": {"enabled": false}, "tags": {"a": "b"}, "deletion_protection": true}`)
}

// Whatever an old state holds, a move ends with a state or an error.
func FuzzMove(f *testing.F) { notebookMoves(f).Fuzz(f) }
