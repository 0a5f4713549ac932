// Command vendor stands in for the vendor's provider. In the tests of moves, Terraform
// wants the provider of each resource in a state to be installed, and asks it for its
// schema. In the example with both providers, it creates what notebooks need. It offers
// the types that can be moved here and those of create.go, with the attributes that their
// documentation has, and calls no service.
package main

import (
	"context"
	"log"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func main() {
	err := tf6server.Serve("registry.terraform.io/huaweicloud/huaweicloud", func() tfprotov6.ProviderServer { return provider{} })
	if err != nil {
		log.Fatal(err)
	}
}

// provider has the calls of a plan with a move, and those of create.go. Any other is a
// mistake, and ends the process.
type provider struct{ tfprotov6.ProviderServer }

func (provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp := &tfprotov6.GetMetadataResponse{ServerCapabilities: &tfprotov6.ServerCapabilities{}}
	for name := range resources {
		resp.Resources = append(resp.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	return resp, nil
}

func (provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{},
		Provider:           &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		ResourceSchemas:    resources,
	}, nil
}

func (provider) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (provider) ValidateProviderConfig(_ context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (provider) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (provider) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	state, err := req.RawState.Unmarshal(resources[req.TypeName].ValueType())
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov6.NewDynamicValue(state.Type(), state)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (provider) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
}

func (provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

// resources are all types.
var resources = func() map[string]*tfprotov6.Schema {
	all := maps.Clone(movedTypes)
	maps.Copy(all, createdTypes)
	return all
}()

// movedTypes are the types that can be moved. None can be created.
var movedTypes = map[string]*tfprotov6.Schema{
	"huaweicloud_modelarts_notebook": {Block: &tfprotov6.SchemaBlock{
		Attributes: append(texts(
			"id", "region", "name", "flavor_id", "image_id", "description", "key_pair", "pool_id", "workspace_id", "status",
			"image_name", "image_swr_path", "image_type", "created_at", "updated_at", "pool_name", "url", "ssh_uri",
		),
			attribute("allowed_access_ips", tftypes.List{ElementType: tftypes.String}),
			attribute("tags", tftypes.Map{ElementType: tftypes.String}),
			attribute("auto_stop_enabled", tftypes.Bool),
			attribute("mount_storages", tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{
				"id": tftypes.String, "type": tftypes.String, "mount_path": tftypes.String, "path": tftypes.String, "status": tftypes.String,
			}}}),
		),
		BlockTypes: []*tfprotov6.SchemaNestedBlock{
			{
				TypeName: "volume", Nesting: tfprotov6.SchemaNestedBlockNestingModeList,
				Block: &tfprotov6.SchemaBlock{Attributes: append(texts("type", "ownership", "uri", "id", "mount_path"), attribute("size", tftypes.Number))},
			},
			timeouts("create", "update", "delete"),
		},
	}},
	"huaweicloud_modelarts_notebook_mount_storage": {Block: &tfprotov6.SchemaBlock{
		Attributes: texts("id", "region", "notebook_id", "storage_path", "local_mount_directory", "type", "mount_id", "status"),
		BlockTypes: []*tfprotov6.SchemaNestedBlock{timeouts("create", "delete")},
	}},
	"huaweicloud_modelarts_notebook_image_store": {Block: &tfprotov6.SchemaBlock{
		Attributes: append(texts(
			"id", "region", "notebook_id", "name", "namespace", "tag", "description", "workspace_id", "swr_path", "arch", "origin",
			"service_type", "visibility", "status", "type", "created_at", "enable_force_new", "swr_instance_id", "swr_instance_domain",
		), attribute("resource_categories", tftypes.List{ElementType: tftypes.String})),
		BlockTypes: []*tfprotov6.SchemaNestedBlock{timeouts("create")},
	}},
}

func texts(names ...string) []*tfprotov6.SchemaAttribute {
	attributes := make([]*tfprotov6.SchemaAttribute, len(names))
	for i, name := range names {
		attributes[i] = attribute(name, tftypes.String)
	}
	return attributes
}

func attribute(name string, t tftypes.Type) *tfprotov6.SchemaAttribute {
	return &tfprotov6.SchemaAttribute{Name: name, Type: t, Optional: true, Computed: true}
}

func timeouts(names ...string) *tfprotov6.SchemaNestedBlock {
	return &tfprotov6.SchemaNestedBlock{
		TypeName: "timeouts", Nesting: tfprotov6.SchemaNestedBlockNestingModeSingle,
		Block: &tfprotov6.SchemaBlock{Attributes: texts(names...)},
	}
}
