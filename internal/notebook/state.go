package notebook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What is written to the state, and when. Planned values win over answers: a
// value that has moved since the plan shows as a difference in the next plan, and
// is no error of this apply.
//
//	outcome                                       state
//	the create was accepted                       planned: the plan, null where it is unknown, and the ID
//	it came up                                    shown: the plan, the answer where it is unknown
//	it failed                                     planned, unprotected, with status and fail_reason
//	it was not followed (cancelled, unreadable)   planned
//	an update has nothing to change               kept: the plan, the state where it is unknown
//	an update is done                             shown
//	it is done and could not be read              kept
//	an update failed                              the state, with what was applied, overlaid with the answer
//	an update failed and could not be read        the state, with what was applied
//	a refresh                                     the state, overlaid with the answer
//	a refresh finds no notebook                   removed

// planned is the plan, with null where it is unknown.
func planned(plan values.Value) values.Value { return plan.NullUnknown() }

// kept is the plan, with the state's value where it is unknown.
func kept(plan, state values.Value) values.Value { return plan.Fill(state).NullUnknown() }

// shown is the plan, with the answer's value where it is unknown.
func (r *notebookResource) shown(ctx context.Context, schema tfsdk.State, plan values.Value, nb *modelarts.Notebook, diags *diag.Diagnostics) values.Value {
	answered := r.overlaid(ctx, schema, plan, nb, diags)
	return plan.Fill(answered).NullUnknown()
}

// overlaid is a value with what an answer shows. Unknown values in it are filled.
func (r *notebookResource) overlaid(ctx context.Context, schema tfsdk.State, value values.Value, nb *modelarts.Notebook, diags *diag.Diagnostics) values.Value {
	c := newConverter(ctx)
	state := tfsdk.State{Schema: schema.Schema, Raw: value.Value}
	var m resourceModel
	diags.Append(state.Get(ctx, &m)...)
	m.fromAPI(c, nb, r.Settings)
	diags.Append(c.Diagnostics...)
	diags.Append(state.Set(ctx, &m)...)
	return values.Of(state.Raw)
}

// afterFailedUpdate is the state after an update that failed; nb is nil where the
// notebook could not be read.
func (r *notebookResource) afterFailedUpdate(ctx context.Context, schema tfsdk.State, v *view, arguments []string, nb *modelarts.Notebook, noted notes, diags *diag.Diagnostics) values.Value {
	state := applied(v.state, v.plan, arguments)
	if nb != nil {
		state, _ = unconfirmed(state, r.overlaid(ctx, schema, state, nb, diags), noted)
	}
	return state.NullUnknown()
}
