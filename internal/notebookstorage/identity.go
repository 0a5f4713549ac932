package notebookstorage

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
)

// identityModel tells a mount from every other.
type identityModel struct {
	Region     types.String `tfsdk:"region"`
	ProjectID  types.String `tfsdk:"project_id"`
	NotebookID types.String `tfsdk:"notebook_id"`
	ID         types.String `tfsdk:"id"`
}

// IdentitySchema describes the identity of modelarts_notebook_storage.
func (r *storageResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = location.IdentitySchema(kind)
	resp.IdentitySchema.Attributes["notebook_id"] = identityschema.StringAttribute{
		Description:       "ID of the notebook that the storage is mounted on, a UUID.",
		RequiredForImport: true,
	}
}

// identify sets the identity, once all its parts are known.
func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, m *model, diags *diag.Diagnostics) {
	for _, part := range []types.String{m.Region, m.ProjectID, m.NotebookID, m.ID} {
		if identity == nil || part.IsNull() || part.IsUnknown() {
			return
		}
	}
	diags.Append(identity.Set(ctx, identityModel{m.Region, m.ProjectID, m.NotebookID, m.ID})...)
}

// ImportState takes NOTEBOOK_ID/ID, REGION/NOTEBOOK_ID/ID, or an identity.
func (r *storageResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var at identityModel
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &at)...)
	} else {
		parts := strings.Split(req.ID, "/")
		if len(parts) == 3 {
			at.Region, parts = types.StringValue(parts[0]), parts[1:]
		}
		if len(parts) != 2 {
			resp.Diagnostics.AddError("Invalid mount ID", fmt.Sprintf("%q does not name a mount. %s", req.ID, importForms))
			return
		}
		at.NotebookID, at.ID = types.StringValue(parts[0]), types.StringValue(parts[1])
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if region := at.Region; !region.IsNull() && !location.RegionPattern.MatchString(region.ValueString()) {
		resp.Diagnostics.AddError("Invalid region", fmt.Sprintf("%q is not the name of a region. %s", region.ValueString(), importForms))
	}
	for what, id := range map[string]types.String{"notebook": at.NotebookID, kind: at.ID} {
		if !location.UUIDPattern.MatchString(id.ValueString()) {
			resp.Diagnostics.AddError(fmt.Sprintf("Invalid %s ID", what), fmt.Sprintf("%q is not the ID of a %s, which is a UUID. %s", id.ValueString(), what, importForms))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(at.begin(ctx, &resp.State)...)
}

// begin begins the state of a mount that is imported: what is known of it, and the default
// of what the service does not know.
func (at identityModel) begin(ctx context.Context, state *tfsdk.State) (diags diag.Diagnostics) {
	for name, v := range map[string]types.String{"id": at.ID, "notebook_id": at.NotebookID, "region": at.Region, "project_id": at.ProjectID} {
		diags.Append(state.SetAttribute(ctx, path.Root(name), v)...)
	}
	diags.Append(state.SetAttribute(ctx, path.Root("start_notebook"), false)...)
	return diags
}

const importForms = "Import a mount as NOTEBOOK_ID/ID, or as REGION/NOTEBOOK_ID/ID where it is not in the provider's region. The IDs of mounts are in the list of the notebook's storage."
