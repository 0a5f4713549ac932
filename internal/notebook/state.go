package notebook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What is written to the state, and when. Planned values win over answers: a
// value that has moved since the plan shows as a difference in the next plan, and
// is no error of this apply.
//
//	outcome                                       state
//	the create was accepted                       planOrNull, the ID and the status
//	it came up                                    planOrAnswer
//	it failed                                     planOrNull, unprotected, with status and fail_reason
//	it was not followed (cancelled, unreadable)   planOrNull, with the status that was seen last
//	an update has nothing to change               planOrState
//	an update is done                             planOrAnswer
//	it is done and could not be read              planOrAnswer with what its last start or stop has seen, else planOrState
//	an update failed                              the state, with what was applied, overlaid with the answer
//	an update failed and could not be read        the state, with what was applied
//	a refresh                                     the state, overlaid with the answer
//	a refresh finds no notebook                   removed

// planOrNull is the plan, with null where it is unknown.
func planOrNull(plan values.Value) values.Value { return plan.NullUnknown() }

// planOrState is the plan, with the state's value where it is unknown.
func planOrState(plan, state values.Value) values.Value { return plan.Fill(state).NullUnknown() }

// planOrAnswer is the plan, with the answer's value where it is unknown.
func (r *notebookResource) planOrAnswer(ctx context.Context, plan values.Value, nb *modelarts.Notebook, diags *diag.Diagnostics) values.Value {
	answered := r.overlaid(ctx, plan, nb, diags)
	return plan.Fill(answered).NullUnknown()
}

// overlaid is a value with what an answer shows. Unknown values in it are filled.
func (r *notebookResource) overlaid(ctx context.Context, value values.Value, nb *modelarts.Notebook, diags *diag.Diagnostics) values.Value {
	c := newConverter(ctx)
	var m resourceModel
	values.Load(c, value, &m)
	m.fromAPI(c, nb, r.Settings)
	overlaid := values.Store(c, &m)
	diags.Append(c.Diagnostics...)
	return overlaid
}

// afterFailedUpdate is the state after an update that failed; nb is nil where the
// notebook could not be read.
func (r *notebookResource) afterFailedUpdate(ctx context.Context, v *view, arguments []string, nb *modelarts.Notebook, noted notes, diags *diag.Diagnostics) values.Value {
	state := applied(v.state, v.plan, arguments)
	if nb != nil {
		read, known := r.keepImage(ctx, state, r.overlaid(ctx, state, nb, diags), nb, noted)
		state, _ = unconfirmed(state, read, known)
	}
	return state.NullUnknown()
}
