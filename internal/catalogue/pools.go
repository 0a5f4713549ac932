package catalogue

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource              = (*poolsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*poolsDataSource)(nil)
)

// scope is what the pools are for.
const scope = "NOTEBOOK"

type poolsDataSource struct{ settings.DataSourceAccess }

// NewPoolsDataSource is modelarts_pools.
func NewPoolsDataSource() datasource.DataSource { return &poolsDataSource{} }

type poolsModel struct {
	Type        types.String `tfsdk:"type"`
	WorkspaceID types.String `tfsdk:"workspace_id"`
	Pools       []poolModel  `tfsdk:"pools"`
}

func (d *poolsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_pools"
}

func (d *poolsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Resource pools that notebooks can run in, with their flavors. They are sorted by ID. " +
			"The flavors of a pool are sorted by size, the smallest first, as in [`modelarts_flavors`](flavors). An attribute that the service does not return is null.",
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "Kind of pool: `DEDICATED` (the default: the account's own) or `MANAGED` (the public pool), in any letter case.",
				Optional:            true,
				Validators:          oneOf(poolTypes),
			},
			"workspace_id": schema.StringAttribute{
				MarkdownDescription: "Workspace of the pools. Default `0`, the one that every account has.",
				Optional:            true,
				Validators:          notEmpty(),
			},
			"pools": schema.ListNestedAttribute{
				MarkdownDescription: "The pools, by ID.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":                  schema.StringAttribute{Computed: true, MarkdownDescription: "ID, probably the value for the `pool_id` of a notebook. The API does not document this."},
					"logic_cluster_id":    schema.StringAttribute{Computed: true, MarkdownDescription: "ID of the logical cluster. Use it as `pool_id` if the service does not accept `id`."},
					"type":                schema.StringAttribute{Computed: true, MarkdownDescription: "`MANAGED` or `DEDICATED`."},
					"status":              schema.StringAttribute{Computed: true, MarkdownDescription: "Status. Notebooks can be created in a pool that is `ACTIVE`."},
					"resource_categories": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Processors: `ASCEND`, `CPU`, `GPU`."},
					"workspace_id":        schema.StringAttribute{Computed: true, MarkdownDescription: "Workspace."},
					"is_allow_root":       schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether notebooks may run as root."},
					"flavors": schema.ListNestedAttribute{
						MarkdownDescription: "Flavors of the pool, the smallest first.",
						Computed:            true,
						NestedObject:        schema.NestedAttributeObject{Attributes: flavorAttributes()},
					},
				}},
			},
		},
	}
}

func (d *poolsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m poolsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	m.Pools = []poolModel{}
	for p, err := range d.Settings.Home().Client.ListAuthoringClusters(ctx, modelarts.ListAuthoringClustersQuery{
		Type: cmp.Or(values.Upper(m.Type).ValueString(), "DEDICATED"), Scope: scope, WorkspaceID: m.WorkspaceID.ValueString(),
	}) {
		if err != nil {
			resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "pools", err))
			return
		}
		m.Pools = append(m.Pools, poolFromAPI(&p))
	}
	slices.SortStableFunc(m.Pools, func(a, b poolModel) int {
		return cmp.Or(cmp.Compare(a.ID.ValueString(), b.ID.ValueString()), cmp.Compare(a.LogicClusterID.ValueString(), b.LogicClusterID.ValueString()))
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
