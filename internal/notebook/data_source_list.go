package notebook

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource              = (*listDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*listDataSource)(nil)
)

type listDataSource struct{ settings.DataSourceAccess }

// NewListDataSource is the data source modelarts_notebooks.
func NewListDataSource() datasource.DataSource { return &listDataSource{} }

type listModel struct {
	All         types.Bool   `tfsdk:"all"`
	Feature     types.String `tfsdk:"feature"`
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Status      types.String `tfsdk:"status"`
	Flavor      types.String `tfsdk:"flavor"`
	ImageID     types.String `tfsdk:"image_id"`
	PoolID      types.String `tfsdk:"pool_id"`
	Owner       types.String `tfsdk:"owner"`
	WorkspaceID types.String `tfsdk:"workspace_id"`
	Billing     types.String `tfsdk:"billing"`
	Tags        types.Map    `tfsdk:"tags"`
	Notebooks   []shown      `tfsdk:"notebooks"`
}

func (d *listDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebooks"
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	filter := func(description string, validators ...validator.String) schema.Attribute {
		return schema.StringAttribute{
			MarkdownDescription: description,
			Optional:            true,
			Validators:          append(validators, inputs.Text()),
		}
	}
	attributes := notebookAttributes()
	delete(attributes, "token") // a list must not copy the secrets of many notebooks into the state
	resp.Schema = schema.Schema{
		MarkdownDescription: "Notebooks: those of the credentials' user, or with `all = true` those of all users of the project. " +
			"All filters are optional. The data source lists the notebooks that match all of them.\n\n" +
			"They are sorted by name, then by creation (the oldest first), then by ID. " +
			"The list contains no tokens. Use the data source `modelarts_notebook` for the token of one notebook. An attribute that the service does not return is null.",
		Attributes: map[string]schema.Attribute{
			"all": schema.BoolAttribute{
				MarkdownDescription: "List the notebooks of all users of the project. This may require more permissions. Default `false`.",
				Optional:            true,
			},
			"feature": filter("Kind of instance: `NOTEBOOK` (billed; the default) or `DEFAULT` (the free CodeLab instance), in any letter case.",
				inputs.OneOf("NOTEBOOK", "DEFAULT")),
			"id":           filter("ID of the notebook."),
			"name":         filter("Part of the name."),
			"status":       filter("Status, for example `RUNNING` or `STOPPED`, in any letter case.", knownStatus{}),
			"flavor":       filter("Flavor ID."),
			"image_id":     filter("ID of the image."),
			"pool_id":      filter("Dedicated resource pool."),
			"owner":        filter("IAM user ID of the owner. It needs administrator rights."),
			"workspace_id": filter("Workspace. Default `0`, the one that every account has. A list always covers one workspace."),
			"billing": filter("What is being billed: `STORAGE`, `COMPUTE` or `ALL`, in any letter case.",
				inputs.OneOf("STORAGE", "COMPUTE", "ALL")),
			"tags": schema.MapAttribute{
				MarkdownDescription: "Tags that the notebook must have, with these values. The provider applies this filter itself, because the API does not document the format of its own. The filter also matches tags of the provider's `ignore_tags`, which the results do not show.",
				Optional:            true,
				ElementType:         types.StringType,
			},
			"notebooks": schema.ListNestedAttribute{
				MarkdownDescription: "The notebooks, by name.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
			},
		},
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	c := newConverter(ctx)
	tags := values.Elements[map[string]string](c, m.Tags)
	client := d.Settings.Home().Client
	list := client.ListNotebooks
	if m.All.ValueBool() {
		list = client.ListAllNotebooks
	}
	var notebooks []modelarts.Notebook
	for nb, err := range list(ctx, m.query()) {
		if err != nil {
			resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "notebooks", err))
			return
		}
		if hasTags(&nb, tags) {
			notebooks = append(notebooks, nb)
		}
	}
	empty := blank(c)
	empty.Region, empty.ProjectID = types.StringValue(d.Settings.Region), types.StringValue(client.KnownProjectID())
	m.Notebooks = []shown{}
	for _, nb := range inOrder(notebooks) {
		m.Notebooks = append(m.Notebooks, fromAPI(c, empty, &nb, d.Settings).shown)
	}
	resp.Diagnostics.Append(c.Diagnostics...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (m *listModel) query() modelarts.ListNotebooksQuery {
	return modelarts.ListNotebooksQuery{
		Feature:     values.Upper(m.Feature).ValueString(),
		ID:          m.ID.ValueString(),
		Name:        m.Name.ValueString(),
		Status:      modelarts.Status(values.Upper(m.Status).ValueString()),
		Flavor:      m.Flavor.ValueString(),
		ImageID:     m.ImageID.ValueString(),
		PoolID:      m.PoolID.ValueString(),
		Owner:       m.Owner.ValueString(),
		WorkspaceID: m.WorkspaceID.ValueString(),
		Billing:     values.Upper(m.Billing).ValueString(),
	}
}

func hasTags(nb *modelarts.Notebook, wanted map[string]string) bool {
	has := map[string]string{}
	for _, tag := range nb.Tags {
		has[tag.Key] = values.Deref(tag.Value)
	}
	for key, value := range wanted {
		if got, there := has[key]; !there || got != value {
			return false
		}
	}
	return true
}

// inOrder brings notebooks into an order in which no two are equal. One that the
// service listed twice, since the list changed between two pages, is there once.
func inOrder(notebooks []modelarts.Notebook) []modelarts.Notebook {
	age := func(nb modelarts.Notebook) int64 { return values.Deref(nb.CreateAt) }
	slices.SortStableFunc(notebooks, func(a, b modelarts.Notebook) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(age(a), age(b)), cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(notebooks, func(a, b modelarts.Notebook) bool { return a.ID == b.ID })
}

// knownStatus warns of a status that this version does not know: the service
// can have gained one.
type knownStatus struct{}

func (knownStatus) Description(context.Context) string { return "should be a status of a notebook" }

func (v knownStatus) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (knownStatus) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	status := modelarts.Status(strings.ToUpper(req.ConfigValue.ValueString()))
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || slices.Contains(statuses, status) {
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, fmt.Sprintf("Unknown status %s", status),
		fmt.Sprintf("Attribute %s: the statuses that are known are %v. The service is asked for %s all the same.", req.Path, statuses, status))
}

var statuses = []modelarts.Status{
	modelarts.StatusInit, modelarts.StatusCreating, modelarts.StatusCreateFailed, modelarts.StatusStarting, modelarts.StatusStartFailed,
	modelarts.StatusRunning, modelarts.StatusSnapshotting, modelarts.StatusStopping, modelarts.StatusStopped, modelarts.StatusDeleting,
	modelarts.StatusDeleteFailed, modelarts.StatusDeleted, modelarts.StatusError, modelarts.StatusFrozen,
}
