package catalogue

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

var (
	_ datasource.DataSource              = (*quotaDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*quotaDataSource)(nil)
)

type quotaDataSource struct{ settings.DataSourceAccess }

// NewQuotaDataSource is modelarts_quota.
func NewQuotaDataSource() datasource.DataSource { return &quotaDataSource{} }

type quotaModel struct {
	Enabled   types.Bool   `tfsdk:"enabled"`
	Quota     types.Int64  `tfsdk:"quota"`
	Used      types.Int64  `tfsdk:"used"`
	Available types.Int64  `tfsdk:"available"`
	UserID    types.String `tfsdk:"user_id"`
}

func (d *quotaDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_quota"
}

func (d *quotaDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "How many notebooks the user of the credentials may have in the project, and how many the user has. An attribute that the service does not return is null.",
		Attributes: map[string]schema.Attribute{
			"enabled":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether notebooks can be used at all."},
			"quota":     schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of notebooks that the user may have."},
			"used":      schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of notebooks that the user has."},
			"available": schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of notebooks that the user can still create, 0 or more."},
			"user_id":   schema.StringAttribute{Computed: true, MarkdownDescription: "IAM user to whom the quota applies."},
		},
	}
}

func (d *quotaDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	if !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	answered, err := d.Settings.Home().Client.ListFeatures(ctx)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "quota", err))
		return
	}
	m := quotaFromAPI(answered)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func quotaFromAPI(f *modelarts.Feature) quotaModel {
	m := quotaModel{
		Enabled: types.BoolPointerValue(f.Enabled),
		Quota:   types.Int64PointerValue(f.Quota),
		Used:    types.Int64PointerValue(f.Used),
		UserID:  types.StringPointerValue(f.UserID),
	}
	if f.Quota != nil && f.Used != nil {
		m.Available = types.Int64Value(max(*f.Quota-*f.Used, 0))
	}
	return m
}
