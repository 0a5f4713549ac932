package notebook

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// What is read as a duration is within the bounds, and reads the same in the
// form in which it is written.
func FuzzLease(f *testing.F) {
	for _, text := range []string{"8h", "90m", "1h30m", "3600000", "-1", "1e3h", "72h0.0009s", "9223372036854775807", "0x10h", "٣h", " 8h", "1h0m0.0015s", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := parseLease(text)
		if err != nil {
			return
		}
		if d < lifecycle.MinLease || d > lifecycle.MaxLease || d%time.Millisecond != 0 {
			t.Errorf("%q became %s", text, d)
		}
		if again, err := parseLease(formatLease(d)); err != nil || again != d || !sameLease(text, formatLease(d)) {
			t.Errorf("%q is written as %q, which reads %s, %v", text, formatLease(d), again, err)
		}
	})
}

// An identifier is taken as it is or refused, and never reaches the network as
// something else.
func FuzzImportID(f *testing.F) {
	for _, id := range []string{"f9937afa-4451-42db-a76b-72d624749f66", "F9937AFA-4451-42DB-A76B-72D624749F66", "", "..", "a/b", "f9937afa-4451-42db-a76b-72d624749f66\n", "name"} {
		f.Add(id)
	}
	r := new(notebookResource)
	r.Settings = settings.New(settings.Policy{}, func(string) *settings.Process { return new(settings.Process) })
	var schema resource.SchemaResponse
	r.Schema(f.Context(), resource.SchemaRequest{}, &schema)
	empty := tftypes.NewValue(schema.Schema.Type().TerraformType(f.Context()), nil)
	f.Fuzz(func(t *testing.T, id string) {
		resp := resource.ImportStateResponse{State: tfsdk.State{Schema: schema.Schema, Raw: empty}}
		r.ImportState(t.Context(), resource.ImportStateRequest{ID: id}, &resp)
		if resp.Diagnostics.HasError() {
			return
		}
		var got types.String
		resp.State.GetAttribute(t.Context(), path.Root("id"), &got)
		if got.ValueString() != id || len(id) != 36 {
			t.Errorf("%q was imported as %q", id, got.ValueString())
		}
	})
}

// Any notebook that the service can answer becomes a model.
func FuzzFromAPI(f *testing.F) {
	for _, text := range []string{
		`{"id":"a","status":"RUNNING"}`,
		`{"id":"b","status":"x","image":{},"volume":{"capacity":-1},"endpoints":[{},{"service":"SSH"}],"data_volumes":[{"mount_path":""},{"mount_path":""}],"tags":[{"key":""},{"key":""}]}`,
		`{"id":"c","status":"STOPPED","lease":{"create_at":9223372036854775807,"duration":9223372036854775807,"enable":true,"type":"IDLE"},"create_at":-9223372036854775808,"current_time":0}`,
		`{"id":"d","status":"RUNNING","affinity":{"node_affinity":{}},"run_user":{},"user_vpc":{"vpc_id":"v"},"custom_spec":{"cpu":1e308},"flavor":"custom","user":{}}`,
		`{"endpoints":null,"tags":null,"billing_items":["A",""]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var nb modelarts.Notebook
		if json.Unmarshal(text, &nb) != nil {
			return
		}
		c := newConverter(t.Context())
		blank := blank(c)
		m := fromAPI(c, blank, &nb, &settings.Settings{Policy: settings.Policy{DefaultTags: map[string]string{"a": "b"}}})
		again := fromAPI(c, m, &nb, &settings.Settings{Policy: settings.Policy{DefaultTags: map[string]string{"a": "b"}}})
		if c.Diagnostics.HasError() {
			t.Fatalf("%s: %v", text, c.Diagnostics)
		}
		if !again.Endpoints.Equal(m.Endpoints) || !again.Tags.Equal(m.Tags) || !again.Volume.Equal(m.Volume) || !again.CreatedAt.Equal(m.CreatedAt) {
			t.Errorf("%s reads differently the second time", text)
		}
	})
}
