package serve

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	rschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// mending is a provider with a resource whose generated configurations it mends.
type mending struct{ lingering }

func (*mending) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return thing{} }}
}

func (*mending) Generated(name string, config tftypes.Value) tftypes.Value {
	return tftypes.NewValue(config.Type(), map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, "mended "+name), "id": tftypes.NewValue(tftypes.String, nil),
	})
}

type thing struct{}

func (thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "x_thing"
}

func (thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = rschema.Schema{Attributes: map[string]rschema.Attribute{
		"name": rschema.StringAttribute{Optional: true}, "id": rschema.StringAttribute{Computed: true},
	}}
}
func (thing) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (thing) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (thing) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (thing) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// A provider that mends generated configurations says so, and is asked.
func TestGenerateResourceConfig(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "id": tftypes.String}}
	state, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, "n"), "id": tftypes.NewValue(tftypes.String, "i"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	s := Protocol6(new(mending))
	schemas, err := s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || !schemas.ServerCapabilities.GenerateResourceConfig {
		t.Errorf("%v: Terraform would generate the configurations itself", err)
	}
	got, err := s.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: "x_thing", State: &state})
	if err != nil || len(got.Diagnostics) > 0 {
		t.Fatal(err, got)
	}
	config, err := got.Config.Unmarshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if want := new(mending).Generated("x_thing", config); !config.Equal(want) {
		t.Errorf("got %s, want %s", config, want)
	}
	schemas, err = Protocol6(new(lingering)).GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || schemas.ServerCapabilities.GenerateResourceConfig {
		t.Errorf("%v: a provider without it is asked", err)
	}
}
