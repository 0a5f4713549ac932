package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource                     = (*notebookDataSource)(nil)
	_ datasource.DataSourceWithConfigure        = (*notebookDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*notebookDataSource)(nil)
)

type notebookDataSource struct{ settings.DataSourceAccess }

// NewDataSource is the data source modelarts_notebook.
func NewDataSource() datasource.DataSource { return &notebookDataSource{} }

// dataSourceModel is a notebook, and how to find it: by the id or the name that
// it has.
type dataSourceModel struct {
	model
	All types.Bool `tfsdk:"all"`
}

func (d *notebookDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook"
}

func (d *notebookDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := notebookAttributes()
	attributes["id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the notebook, a UUID. Exactly one of `id` and `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          isUUID(),
	}
	attributes["name"] = schema.StringAttribute{
		MarkdownDescription: "Full name of the notebook. Only one notebook may have it. Exactly one of `id` and `name`.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{inputs.Length(1, maxName)},
	}
	attributes["workspace_id"] = schema.StringAttribute{
		MarkdownDescription: "Workspace in which to search for the name. Default `0`, the one that every account has. An `id` is found in any workspace.",
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{inputs.Text()},
	}
	attributes["all"] = schema.BoolAttribute{
		MarkdownDescription: "Search the notebooks of all users of the project, not only those of the credentials' user. This may require more permissions. Default `false`.",
		Optional:            true,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "One notebook, by its ID or by its name. Names need not be unique. If several notebooks have the name, the data source fails, and the error lists their IDs. " +
			"By name, only billed notebooks (`feature = \"NOTEBOOK\"`) are found.\n\n" +
			"The API does not return hooks and some arguments of data volumes, so the data source does not show them. " +
			"The `token` is written to the state, unless the provider has `omit_token = true`. An attribute that the service does not return is null.",
		Attributes: attributes,
	}
}

func (d *notebookDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

func (d *notebookDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	client := d.Settings.Home().Client
	id := m.ID.ValueString()
	if id == "" {
		var err error
		if id, err = idByName(ctx, client, m.Name.ValueString(), m.WorkspaceID.ValueString(), m.All.ValueBool()); err != nil {
			resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "notebook", err))
			return
		}
	}
	nb, err := client.ShowNotebook(ctx, id) // the entry of the list may hold less
	if errors.Is(err, modelarts.ErrNotFound) {
		err = noSuchNotebook(id, d.Settings.Region, err)
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "notebook", err))
		return
	}
	c := newConverter(ctx)
	m.model = fromAPI(c, blank(c), nb, d.Settings)
	m.Region, m.ProjectID = types.StringValue(d.Settings.Region), types.StringValue(client.KnownProjectID())
	resp.Diagnostics.Append(c.Diagnostics...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// noSuchNotebook is the error of an ID that the service does not know. It does not wrap
// the service's, whose advice is for a notebook that was there before.
func noSuchNotebook(id, region string, err error) error {
	return fmt.Errorf("there is no notebook %s in the project and the region %q of the provider: it was deleted, or is in another one. "+
		"Check the id, and the provider's region (HW_REGION_NAME) and project_id (HW_PROJECT_ID). The service returned: %s", id, region, err.Error())
}

// idByName finds the one notebook of that name in a workspace.
func idByName(ctx context.Context, client *modelarts.Client, name, workspace string, all bool) (string, error) {
	list, whose := client.ListNotebooks, "the credentials' user has no notebook of the name %q in the workspace %s; with all = true those of all users are looked at"
	if all {
		list, whose = client.ListAllNotebooks, "no user of the project has a notebook of the name %q in the workspace %s"
	}
	var ids, described []string
	for nb, err := range list(ctx, modelarts.ListNotebooksQuery{Name: name, WorkspaceID: workspace}) {
		if err != nil {
			return "", err
		}
		// The service looks for names that contain it, and may answer one twice
		// when the list changes between two pages.
		if nb.Name != name || nb.Status.Kind() == modelarts.Gone || slices.Contains(ids, nb.ID) {
			continue
		}
		ids = append(ids, nb.ID)
		described = append(described, fmt.Sprintf("  - %s: %s", nb.ID, describe(&nb)))
	}
	switch len(ids) {
	case 0:
		return "", fmt.Errorf(whose, name, cmp.Or(workspace, modelarts.DefaultWorkspace))
	case 1:
		return ids[0], nil
	default:
		slices.Sort(described)
		return "", fmt.Errorf("%d notebooks have the name %q:\n%s\n\nGive the id of one of them in place of the name", len(ids), name, strings.Join(described, "\n"))
	}
}

// describe tells notebooks of one name apart.
func describe(nb *modelarts.Notebook) string {
	text := string(nb.Status)
	if nb.CreateAt != nil {
		text += ", created at " + values.Timestamp(nb.CreateAt).ValueString()
	}
	if nb.User != nil && nb.User.Name != nil {
		text += ", owned by " + *nb.User.Name
	}
	return text
}

// blank is a model in which everything is null, with the types of the schema.
func blank(c *values.Converter) model {
	var m model
	all, nulls := map[string]attr.Type{}, map[string]attr.Value{}
	for name, a := range notebookAttributes() {
		t := a.GetType()
		null, err := t.ValueFromTerraform(c.Context, tftypes.NewValue(t.TerraformType(c.Context), nil))
		if err != nil {
			c.Diagnostics.AddError("Unable to make an empty notebook", err.Error())
			return m
		}
		all[name], nulls[name] = t, null
	}
	object, diags := types.ObjectValue(all, nulls)
	c.Diagnostics.Append(diags...)
	c.Diagnostics.Append(object.As(c.Context, &m, basetypes.ObjectAsOptions{})...)
	return m
}

// fromAPI reads a notebook of which nothing is known beforehand into a blank
// model.
func fromAPI(c *values.Converter, m model, nb *modelarts.Notebook, s *settings.Settings) model {
	m.fromAPI(c, nb, s)
	if !m.DataVolumes.IsNull() {
		// No answer says how these were asked for, so that a default would be a
		// guess.
		volumes := values.DecodeMap[dataVolumeModel](c, m.DataVolumes)
		for path, v := range volumes {
			v.ReadOnly = types.BoolNull()
			volumes[path] = v
		}
		m.DataVolumes = values.ObjectMap(c, "data_volumes", volumes)
	}
	return m
}
