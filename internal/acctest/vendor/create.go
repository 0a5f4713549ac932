package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// createdTypes are the types that can be created, updated and deleted, with the arguments
// that their documentation has. An apply returns what is configured, and nothing else exists.
var createdTypes = map[string]*tfprotov6.Schema{
	"huaweicloud_obs_bucket": {Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		required("bucket", tftypes.String), optional("acl", tftypes.String), optional("parallel_fs", tftypes.Bool),
		optional("force_destroy", tftypes.Bool), optional("tags", tftypes.Map{ElementType: tftypes.String}),
		attribute("region", tftypes.String), attribute("storage_class", tftypes.String),
		computed("id"), computed("bucket_domain_name"),
	}}},
	"huaweicloud_kps_keypair": {Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		required("name", tftypes.String), attribute("region", tftypes.String), attribute("scope", tftypes.String),
		attribute("public_key", tftypes.String), optional("key_file", tftypes.String),
		computed("id"), computed("fingerprint"),
	}}},
	"huaweicloud_modelarts_authorization": {Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		required("user_id", tftypes.String), required("type", tftypes.String), required("agency_name", tftypes.String),
		attribute("region", tftypes.String), computed("id"), computed("user_name"),
	}}},
	"huaweicloud_modelarts_network": {Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		required("name", tftypes.String), required("cidr", tftypes.String),
		attribute("region", tftypes.String), attribute("workspace_id", tftypes.String), computed("id"), computed("status"),
	}}},
	"huaweicloud_modelarts_resource_pool": {Block: &tfprotov6.SchemaBlock{
		Attributes: []*tfprotov6.SchemaAttribute{
			required("name", tftypes.String), attribute("scope", tftypes.Set{ElementType: tftypes.String}),
			attribute("network_id", tftypes.String), attribute("region", tftypes.String), attribute("workspace_id", tftypes.String),
			optional("description", tftypes.String), computed("id"), computed("status"), computed("resource_pool_id"),
		},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{
			TypeName: "resources", Nesting: tfprotov6.SchemaNestedBlockNestingModeList, MinItems: 1,
			Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
				required("flavor_id", tftypes.String), required("count", tftypes.Number),
			}},
		}},
	}},
}

// ids are the arguments whose value is the ID. The service chooses that of all other types.
var ids = map[string]string{
	"huaweicloud_obs_bucket":              "bucket",
	"huaweicloud_kps_keypair":             "name",
	"huaweicloud_modelarts_authorization": "user_id",
}

// poolID is the variable with the ID of the pool that a create makes.
const poolID = "STAND_IN_POOL_ID"

// createdType is the type of the values of a resource that can be created. The error says that
// it is none.
func createdType(name string) (tftypes.Type, error) {
	if s, ok := createdTypes[name]; ok {
		return s.ValueType(), nil
	}
	return nil, fmt.Errorf("the stand-in for the vendor's provider cannot create %s", name)
}

func (provider) ValidateResourceConfig(_ context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	_, err := createdType(req.TypeName)
	return &tfprotov6.ValidateResourceConfigResponse{}, err
}

// PlanResourceChange plans what is configured. In a create, all other computed attributes are unknown.
func (provider) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	t, err := createdType(req.TypeName)
	if err != nil {
		return nil, err
	}
	prior, err := req.PriorState.Unmarshal(t)
	if err != nil || !prior.IsNull() {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState}, err
	}
	planned, err := replaced(req.TypeName, req.ProposedNewState, func(a *tfprotov6.SchemaAttribute, v tftypes.Value, _ map[string]tftypes.Value) tftypes.Value {
		if a.Computed && v.IsNull() {
			return tftypes.NewValue(a.Type, tftypes.UnknownValue)
		}
		return v
	})
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned}, err
}

// ApplyResourceChange returns what is planned, with a value for each unknown attribute.
func (provider) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	state, err := replaced(req.TypeName, req.PlannedState, func(a *tfprotov6.SchemaAttribute, v tftypes.Value, all map[string]tftypes.Value) tftypes.Value {
		switch {
		case v.IsKnown():
			return v
		case a.Name == "id" && ids[req.TypeName] != "":
			return all[ids[req.TypeName]]
		case a.Name == "id" && req.TypeName == "huaweicloud_modelarts_resource_pool":
			return tftypes.NewValue(a.Type, os.Getenv(poolID))
		case a.Type.Is(tftypes.String):
			return tftypes.NewValue(a.Type, "chosen-by-the-service")
		}
		return tftypes.NewValue(a.Type, nil)
	})
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state}, err
}

// replaced is an object with other values of its attributes. A null object, which a destroy has,
// stays null.
func replaced(name string, object *tfprotov6.DynamicValue, with func(a *tfprotov6.SchemaAttribute, v tftypes.Value, all map[string]tftypes.Value) tftypes.Value) (*tfprotov6.DynamicValue, error) {
	t, err := createdType(name)
	if err != nil {
		return nil, err
	}
	value, err := object.Unmarshal(t)
	if err != nil || value.IsNull() {
		return object, err
	}
	values := map[string]tftypes.Value{}
	if err := value.As(&values); err != nil {
		return nil, err
	}
	for _, a := range createdTypes[name].Block.Attributes {
		values[a.Name] = with(a, values[a.Name], values)
	}
	after, err := tfprotov6.NewDynamicValue(t, tftypes.NewValue(t, values))
	return &after, err
}

func required(name string, t tftypes.Type) *tfprotov6.SchemaAttribute {
	return &tfprotov6.SchemaAttribute{Name: name, Type: t, Required: true}
}

func optional(name string, t tftypes.Type) *tfprotov6.SchemaAttribute {
	return &tfprotov6.SchemaAttribute{Name: name, Type: t, Optional: true}
}

func computed(name string) *tfprotov6.SchemaAttribute {
	return &tfprotov6.SchemaAttribute{Name: name, Type: tftypes.String, Computed: true}
}
