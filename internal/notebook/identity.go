package notebook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

const kind = "notebook"

// IdentitySchema describes the identity of modelarts_notebook.
func (r *notebookResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = location.IdentitySchema(kind)
}

// object is the notebook of a model.
func (m *model) object() location.Object {
	return location.Object{Kind: kind, ID: m.ID, Region: m.Region, ProjectID: m.ProjectID}
}

// identify sets the identity, once all its parts are known.
func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, m *model, diags *diag.Diagnostics) {
	location.Identify(ctx, identity, m.object(), diags)
}

// located is the region of a notebook, as a process has it.
type located struct{ location.Place }

// locate opens the region of a notebook; see location.Open.
func (r *notebookResource) locate(ctx context.Context, m *model, diags *diag.Diagnostics) (located, bool) {
	place, ok := location.Open(ctx, r.Settings, m.object(), diags)
	return located{place}, ok
}

// place writes the region and the project into a model.
func (l located) place(m *model) {
	m.Region, m.ProjectID = types.StringValue(l.Region), types.StringValue(l.Project)
}

// justCreated reports whether the notebook was created so lately that the service may
// still deny it: within some minutes by the service's clock, or by an apply that
// was cut short.
func (l located) justCreated(state *resourceModel) func() bool {
	return func() bool {
		if state.CreatedAt.IsNull() {
			return !state.Name.IsNull() // but not one that is being imported
		}
		return l.MadeLately(state.CreatedAt)
	}
}

// ImportState takes the ID of a notebook, REGION/ID, or an identity.
func (r *notebookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	at, ok := location.Imported(ctx, kind, req, &resp.Diagnostics)
	if !ok {
		return
	}
	set := func(name string, v any) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), v)...)
	}
	set("id", at.ID)
	set("region", at.Region)
	set("project_id", at.ProjectID)
	for name, v := range importDefaults {
		resp.State.Raw = values.Of(resp.State.Raw).With(v, name).Value
	}
}

func (v *view) inItsProject() bool {
	project := v.state.At("project_id")
	return v.creates() || v.settings == nil || v.process().Unready != nil || project.IsNull() || project.Text() == v.process().Client.KnownProjectID()
}

// checkProject refuses a plan for a notebook that is in another project.
func (p *planner) checkProject() {
	if p.inItsProject() {
		return
	}
	project, err := p.process().Client.ProjectID(p.ctx)
	if err != nil {
		if p.ended = true; !diagnostics.NoAccess(err) || p.process().AccessRefused.CompareAndSwap(false, true) {
			p.fail(location.UnableToFindProject(err))
		}
		return
	}
	if known := p.state.At("project_id").Text(); known != project {
		p.ended = true
		p.fail(location.WrongProject(location.Object{
			Kind:      kind,
			ID:        types.StringValue(p.notebook()),
			Region:    types.StringValue(p.state.At("region").Text()),
			ProjectID: types.StringValue(known),
		}, project))
	}
}

// callable reports whether the service can be called in the region in which the plan
// creates a notebook.
func (v *view) callable() bool { return v.uncallable() == nil }

func (v *view) uncallable() diag.Diagnostic {
	region := v.plan.At(atRegion...)
	if v.settings == nil || !region.IsSet() || !v.creates() && values.Equal(region, v.state.At(atRegion...)) {
		return nil
	}
	return v.settings.CannotCall(region.Text())
}

// refuseRegion refuses a plan that no apply can make.
func (p *planner) refuseRegion() {
	if refused := p.uncallable(); refused != nil {
		p.ended = true
		p.resp.Diagnostics.Append(refused)
	}
}

// regionKept reports whether the region of a new notebook is planned.
func (v *view) regionKept() bool {
	return !v.creates() || v.plan.At(atRegion...).IsSet() || v.settings == nil || v.settings.Home().Unready != nil
}

// region plans the provider's region for a new notebook that has none of its own.
func (p *planner) region() {
	if p.config.At(atRegion...).IsNull() {
		p.setText(atRegion, p.settings.Region)
	}
}

// regionOf is the region of a value of the resource; empty: the provider's own.
func regionOf(v values.Value) string { return v.At(atRegion...).Text() }
