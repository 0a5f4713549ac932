// Package moves takes over objects from the state of another provider: from a type of
// the vendor's provider, and from a type of this one under another address. A move runs
// before the provider is configured and calls nothing. See
// design/0032-ignored-tags-and-moves.md.
package moves

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
)

// vendor is the last part of the address of the vendor's provider. Hosts and namespaces
// of mirrors and private registries differ.
const vendor = "huaweicloud"

// Kind is a kind of objects that can be moved here.
type Kind struct {
	// Object is what a text calls it, such as "notebook".
	Object string
	// Type is the type of the resource, such as "modelarts_notebook".
	Type string
	// VendorType is the type that the vendor's provider has for it; empty: none.
	VendorType string
	// ImportID is the form of the ID that an import takes, such as "REGION/ID".
	ImportID string
}

// Movers returns what a resource takes over: the vendor's type, if there is one, by the
// function that is given, which is called with the attributes of the old state and writes the new one,
// and its own type as it is.
func (k Kind) Movers(take func(context.Context, Object, *resource.MoveStateResponse)) []resource.StateMover {
	return []resource.StateMover{
		{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			if take == nil || req.SourceTypeName != k.VendorType || path.Base(req.SourceProviderAddress) != vendor {
				return
			}
			old, err := objectOf(req.SourceRawState)
			if err != nil {
				resp.Diagnostics.Append(k.unable(req, err))
				return
			}
			take(ctx, old, resp)
		}},
		{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			if req.SourceTypeName == k.Type {
				k.keep(ctx, req, resp)
			}
		}},
	}
}

// Missing is the error of an old state that lacks what no object can be found without.
func (k Kind) Missing(attribute string) diag.Diagnostic {
	return diagnostics.Unable("move", k.Object, fmt.Errorf("the state of %s has no %s. %s", k.VendorType, attribute, k.wayOut()))
}

// keep takes over the state, the private state and the identity of the very type, which
// another host or namespace offers: a mirror, a private registry, a fork.
func (k Kind) keep(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if req.SourceSchemaVersion != resp.TargetState.Schema.GetVersion() {
		resp.Diagnostics.Append(k.unable(req, fmt.Errorf("it has the schema version %d, and this version of the provider writes %d", req.SourceSchemaVersion, resp.TargetState.Schema.GetVersion())))
		return
	}
	state, err := unmarshal(req.SourceRawState, resp.TargetState.Schema.Type().TerraformType(ctx))
	if err == nil && state.IsNull() {
		err = errNoState
	}
	if err != nil {
		resp.Diagnostics.Append(k.unable(req, err))
		return
	}
	resp.TargetState.Raw = state
	resp.TargetPrivate = req.SourcePrivate
	if resp.TargetIdentity != nil {
		resp.TargetIdentity.Raw = identity(ctx, req.SourceIdentity, resp.TargetIdentity)
	}
}

// identity is the old identity; null where there is none or it lacks a part, so that the
// next read gives it: Terraform refuses a part of one.
func identity(ctx context.Context, old *tfprotov6.RawState, target *tfsdk.ResourceIdentity) tftypes.Value {
	t := target.Schema.Type().TerraformType(ctx)
	none := tftypes.NewValue(t, nil)
	if old == nil || len(old.JSON) == 0 {
		return none
	}
	was, err := unmarshal(old, t)
	var parts map[string]tftypes.Value
	if err != nil || was.IsNull() || was.As(&parts) != nil {
		return none
	}
	for _, part := range parts {
		if part.IsNull() {
			return none
		}
	}
	return was
}

var errNoState = errors.New("it is empty, or of a format that Terraform 0.11 wrote")

// unmarshal reads a state, without what the type does not have. What the state does not
// have is null.
func unmarshal(state *tfprotov6.RawState, t tftypes.Type) (tftypes.Value, error) {
	if state == nil || len(state.JSON) == 0 {
		return tftypes.Value{}, errNoState
	}
	return state.UnmarshalWithOpts(t, tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}})
}

func (k Kind) unable(req resource.MoveStateRequest, err error) diag.Diagnostic {
	return diagnostics.Unable("move", k.Object, fmt.Errorf("the state of %s of the provider %s cannot be moved: %w. %s", req.SourceTypeName, req.SourceProviderAddress, err, k.wayOut()))
}

// wayOut says how to take an object over without its old state.
func (k Kind) wayOut() string {
	return fmt.Sprintf("Import it instead: remove the block \"moved\", remove the old resource from the state with terraform state rm, "+
		"and add a block \"import\" with id = %q", k.ImportID)
}
