package acctest

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Moves moves an instance in a state of the vendor's provider to a type of resources, as
// Terraform does for a block "moved".
func (p *Protocol) Moves(resource string, from VendorInstance) tftypes.Value {
	p.t.Helper()
	text, err := json.Marshal(from.Attributes)
	if err != nil {
		p.t.Fatal(err)
	}
	got, err := p.MoveResourceState(p.t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: VendorSource, SourceTypeName: from.Type, TargetTypeName: resource, SourceState: &tfprotov6.RawState{JSON: text},
	})
	if err != nil || len(got.Diagnostics) > 0 {
		p.t.Fatal(err, Said(got.Diagnostics))
	}
	state, err := got.TargetState.Unmarshal(p.Schemas.ResourceSchemas[resource].ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	p.private = got.TargetPrivate
	return state
}

// Reads refreshes the state that Moves or Imports has returned last. The state is null
// where the object is gone, and has no type after an error.
func (p *Protocol) Reads(resource string, state tftypes.Value) (tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	got, err := p.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resource, CurrentState: p.Dynamic(state), Private: p.private})
	if err != nil {
		p.t.Fatal(err)
	}
	if failed(got.Diagnostics) {
		return tftypes.Value{}, got.Diagnostics
	}
	after, err := got.NewState.Unmarshal(state.Type())
	if err != nil {
		p.t.Fatal(err)
	}
	p.private = got.Private
	return after, got.Diagnostics
}
