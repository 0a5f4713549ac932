package listing

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Where says where a query looks. The configuration of a query embeds it.
type Where struct {
	Region       types.String `tfsdk:"region"`
	WorkspaceIDs types.List   `tfsdk:"workspace_ids"`
}

func (w *Where) where() *Where { return w }

// addWhere adds the attributes of Where to those of a query for objects of a kind.
func addWhere(attributes map[string]schema.Attribute, kind string) {
	attributes["region"] = schema.StringAttribute{
		MarkdownDescription: fmt.Sprintf("Region of the %ss. Default: that of the provider.", kind),
		Optional:            true,
		Validators:          location.RegionRules(),
	}
	attributes["workspace_ids"] = schema.ListAttribute{
		MarkdownDescription: fmt.Sprintf("Workspaces to search. Default: `0`, the one that every account has, with a warning, because the API cannot list the workspaces. `[\"0\"]` searches the same workspace without the warning. "+
			"The query lists the %ss of one workspace after the other.", kind),
		Optional:    true,
		ElementType: types.StringType,
		Validators: []validator.List{
			inputs.NotEmptyList(", so the query would find nothing: list a workspace, such as \"0\", or remove the argument"),
			listvalidator.ValueStringsAre(location.WorkspaceRules()...),
		},
	}
}

// Workspaces are the workspaces to look in, in order.
func (w *Where) Workspaces() []string {
	var ids []string
	for _, element := range w.WorkspaceIDs.Elements() {
		if id, ok := element.(types.String); ok {
			ids = append(ids, id.ValueString())
		}
	}
	if len(ids) == 0 {
		return []string{modelarts.DefaultWorkspace}
	}
	slices.Sort(ids)
	return ids
}

// Gap is the warning of a query that was given no workspaces; nil: it was.
func (w *Where) Gap(plural string) *Row {
	if !w.WorkspaceIDs.IsNull() {
		return nil
	}
	gap := Gap(fmt.Sprintf("Only %s of the workspace 0 are listed", plural),
		fmt.Sprintf("Each list call of the API covers one workspace, and the API cannot list the workspaces. Set workspace_ids in config to search other workspaces, or to [\"0\"] if there are none. "+
			"These %s do not include those of other workspaces.", plural))
	return &gap
}

// read reads the configuration of a query into a model. Values that are not known yet
// are errors: a filter that is left out would find too much.
func read(ctx context.Context, req list.ListRequest, model any) diag.Diagnostics {
	var diags diag.Diagnostics
	if !req.Config.Raw.IsFullyKnown() {
		diags.AddError("The query is not known yet", "A filter of this list block depends on a value that is known only after an apply. A query needs the values of all its filters.")
		return diags
	}
	diags.Append(req.Config.Get(ctx, model)...)
	return diags
}
