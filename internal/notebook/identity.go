package notebook

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// A notebook is looked for where it was made: its region and project are in the
// state and in its identity. Another region in the provider block changes nothing
// for it; other credentials that lead to another project are an error, since a
// service that is asked in the wrong project answers that it does not exist. See
// design/0017-where-a-notebook-lives.md.

// identityModel tells a notebook from every other.
type identityModel struct {
	Region    types.String `tfsdk:"region"`
	ProjectID types.String `tfsdk:"project_id"`
	ID        types.String `tfsdk:"id"`
}

// IdentitySchema describes the identity of modelarts_notebook.
func (r *notebookResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"region": identityschema.StringAttribute{
				Description:       "Region of the notebook. Default: that of the provider.",
				OptionalForImport: true,
			},
			"project_id": identityschema.StringAttribute{
				Description:       "ID of the project of the notebook. Default: that of the provider's credentials in the region.",
				OptionalForImport: true,
			},
			"id": identityschema.StringAttribute{
				Description:       "ID of the notebook, a UUID.",
				RequiredForImport: true,
			},
		},
	}
}

// identify sets the identity, once all its parts are known.
func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, m *model, diags *diag.Diagnostics) {
	if identity == nil || m.Region.IsNull() || m.ProjectID.IsNull() || m.ID.IsNull() {
		return
	}
	diags.Append(identity.Set(ctx, identityModel{Region: m.Region, ProjectID: m.ProjectID, ID: m.ID})...)
}

// located is the region of a notebook, as a process has it.
type located struct {
	*settings.Process
	region, project string
	poll            *settings.Policy
	refused         bool // no call can be made with the provider as it is configured
}

// locate opens the region of a notebook and finds out its project. A project that
// is not the one that the notebook was made in is an error. An empty region means
// the provider's own.
func (r *notebookResource) locate(ctx context.Context, m *model, diags *diag.Diagnostics) (located, bool) {
	region := m.Region.ValueString()
	if region == "" {
		region = r.Settings.Region
	}
	process := r.Settings.In(region)
	if !process.Ready(diags) {
		return located{}, false
	}
	project, err := process.Client.ProjectID(ctx)
	if err != nil {
		diags.Append(unableToFindProject(err))
		return located{Process: process, refused: diagnostics.NoAccess(err)}, false
	}
	if known := m.ProjectID.ValueString(); known != "" && known != project {
		diags.Append(wrongProject(m, project))
		return located{}, false
	}
	return located{Process: process, region: region, project: project, poll: &r.Settings.Policy}, true
}

// place writes the region and the project into a model.
func (l located) place(m *model) {
	m.Region, m.ProjectID = types.StringValue(l.region), types.StringValue(l.project)
}

// instance is the notebook of that ID in a workspace; an empty one is the default.
func (l located) instance(id, workspace string) lifecycle.Instance {
	return lifecycle.Instance{
		Service: l.Client, Reader: l.Reader.In(workspace), ID: id, Workspace: workspace, PollInterval: l.poll.PollInterval,
	}
}

// deniableFor is for how long after its creation the service may deny a notebook.
const deniableFor = 5 * time.Minute

// justCreated reports whether the notebook was created so lately that the service may
// still deny it: within some minutes by the service's clock, or by an apply that
// was cut short.
func (l located) justCreated(state *resourceModel) func() bool {
	return func() bool {
		if state.CreatedAt.IsNull() {
			return !state.Name.IsNull() // but not one that is being imported
		}
		at, diags := state.CreatedAt.ValueRFC3339Time()
		return !diags.HasError() && l.Client.Now().Sub(at) < deniableFor
	}
}

// wrongProject is the error of a notebook that was made in another project than
// the credentials lead to.
func wrongProject(m *model, project string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("The notebook is in another project",
		fmt.Sprintf("The notebook %s was made in the project %s of the region %q, and the provider's credentials and settings lead to the project %s there. "+
			"In that project the service would answer that the notebook does not exist. Check project_id (HW_PROJECT_ID), project_name (HW_PROJECT_NAME), the profile and the credentials, "+
			"or which provider block (alias) the resource uses. To give the notebook up without deleting it: terraform state rm.",
			m.ID.ValueString(), m.ProjectID.ValueString(), m.Region.ValueString(), project))
}

// ImportState takes the ID of a notebook, REGION/ID, or an identity.
func (r *notebookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var at identityModel
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &at)...)
	} else {
		region, id, found := strings.Cut(req.ID, "/")
		if !found {
			region, id = "", req.ID
		}
		at.ID = types.StringValue(id)
		if found {
			at.Region = types.StringValue(region)
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if region := at.Region; !region.IsNull() && !regionPattern.MatchString(region.ValueString()) {
		resp.Diagnostics.AddError("Invalid region",
			fmt.Sprintf("%q is not the name of a region. Import a notebook by its ID, or as REGION/ID, such as cn-north-4/f9937afa-4451-42db-a76b-72d624749f66.", region.ValueString()))
		return
	}
	if !uuidPattern.MatchString(at.ID.ValueString()) {
		resp.Diagnostics.AddError("Invalid notebook ID",
			fmt.Sprintf("%q is not the ID of a notebook: it is a UUID such as f9937afa-4451-42db-a76b-72d624749f66, and not the name. For a notebook of another region than the provider's, write REGION/ID.", at.ID.ValueString()))
		return
	}
	set := func(name string, v any) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), v)...)
	}
	set("id", at.ID)
	set("region", at.Region)
	set("project_id", at.ProjectID)
	// What the API never answers, or may not: the defaults, so that a
	// configuration without them shows no difference.
	set("feature", "NOTEBOOK")
	set("allow_stopping_for_update", false)
	set("deletion_protection", false)
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
			p.fail(unableToFindProject(err))
		}
		return
	}
	if known := p.state.At("project_id").Text(); known != project {
		p.ended = true
		p.fail(wrongProject(&model{shown: shown{
			ID:        types.StringValue(p.notebook()),
			Region:    types.StringValue(p.state.At("region").Text()),
			ProjectID: types.StringValue(known),
		}}, project))
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

func unableToFindProject(err error) diag.Diagnostic {
	return diagnostics.Unable("find", "project", err)
}
