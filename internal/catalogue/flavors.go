package catalogue

import (
	"context"
	"maps"
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
	_ datasource.DataSource              = (*flavorsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*flavorsDataSource)(nil)
)

type flavorsDataSource struct{ settings.DataSourceAccess }

// NewFlavorsDataSource is modelarts_flavors.
func NewFlavorsDataSource() datasource.DataSource { return &flavorsDataSource{} }

type flavorsModel struct {
	Category   types.String  `tfsdk:"category"`
	Type       types.String  `tfsdk:"type"`
	Feature    types.String  `tfsdk:"feature"`
	FlavorType types.String  `tfsdk:"flavor_type"`
	Arch       types.String  `tfsdk:"arch"`
	Storage    types.String  `tfsdk:"storage"`
	Flavors    []flavorModel `tfsdk:"flavors"`
}

func (d *flavorsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_flavors"
}

func (d *flavorsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Flavors that notebooks can have, the sold-out ones too (`sold_out = true`). " +
			"All filters are optional. The data source lists the flavors that match all of them.\n\n" +
			"They are sorted by size, the smallest first: by cards (GPU and NPU together), then vCPUs, then memory, then ID. " +
			"To choose a single flavor, use [`modelarts_flavor`](flavor). [`modelarts_pools`](pools) lists the flavors of a dedicated pool. An attribute that the service does not return is null.",
		Attributes: map[string]schema.Attribute{
			"category": schema.StringAttribute{
				MarkdownDescription: "Processor: `CPU`, `GPU` or `ASCEND`, in any letter case.",
				Optional:            true,
				Validators:          oneOf(categories),
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "Kind of pool: `MANAGED` (the public pool) or `DEDICATED`, in any letter case.",
				Optional:            true,
				Validators:          oneOf(poolTypes),
			},
			"feature": schema.StringAttribute{
				MarkdownDescription: "Kind of notebook: `NOTEBOOK` (billed) or `DEFAULT` (the free CodeLab instance), in any letter case.",
				Optional:            true,
				Validators:          oneOf(features),
			},
			"flavor_type": schema.StringAttribute{
				MarkdownDescription: "Filter of the API of the same name, sent unchanged. The API does not document its values.",
				Optional:            true,
				Validators:          notEmpty(),
			},
			"arch": schema.StringAttribute{
				MarkdownDescription: "Processor architecture: `X86_64` or `AARCH64`, in any letter case.",
				Optional:            true,
				Validators:          oneOf(archs),
			},
			"storage": schema.StringAttribute{
				MarkdownDescription: "Storage that the flavor must work with: `EVS`, `EFS`, `OBS` or `OBSFS`, in any letter case.",
				Optional:            true,
				Validators:          oneOf(storages),
			},
			"flavors": schema.ListNestedAttribute{
				MarkdownDescription: "The flavors, the smallest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: flavorAttributes()},
			},
		},
	}
}

func (d *flavorsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m flavorsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	listed, err := listFlavors(ctx, d.Settings.Home().Client, modelarts.ListFlavorsQuery{
		Category: values.Upper(m.Category).ValueString(), Type: values.Upper(m.Type).ValueString(), Feature: values.Upper(m.Feature).ValueString(), FlavorType: m.FlavorType.ValueString(),
	})
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "flavors", err))
		return
	}
	arch, storage := values.Upper(m.Arch).ValueString(), values.Upper(m.Storage).ValueString()
	m.Flavors = slices.DeleteFunc(listed, func(f flavorModel) bool {
		return arch != "" && f.Arch.ValueString() != arch || storage != "" && !slices.Contains(f.Storages, storage)
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// listFlavors reads flavors, of every feature unless one is asked for, and brings
// them into their order. It is never nil.
func listFlavors(ctx context.Context, client *modelarts.Client, query modelarts.ListFlavorsQuery) ([]flavorModel, error) {
	asked := features
	if query.Feature != "" {
		asked = []string{query.Feature}
	}
	flavors := []flavorModel{}
	for _, query.Feature = range asked { // without one, the service lists those of NOTEBOOK alone
		for f, err := range client.ListFlavors(ctx, query) {
			if err != nil {
				return nil, err
			}
			flavors = append(flavors, flavorFromAPI(&f))
		}
	}
	return sorted(flavors), nil
}

// flavorAttributes describe one flavor, read from the service.
func flavorAttributes() map[string]schema.Attribute {
	card := func(attributes map[string]schema.Attribute) map[string]schema.Attribute {
		maps.Copy(attributes, map[string]schema.Attribute{
			"cards":  schema.Float64Attribute{Computed: true, MarkdownDescription: "Number of cards. In pools it can be a fraction."},
			"memory": schema.StringAttribute{Computed: true, MarkdownDescription: "Memory of one card, as the service writes it, for example `32GB`."},
			"type":   schema.StringAttribute{Computed: true, MarkdownDescription: "Type of card, for example `V100` or `D910`."},
		})
		return attributes
	}
	return map[string]schema.Attribute{
		"id":          schema.StringAttribute{Computed: true, MarkdownDescription: "ID, to use as the `flavor` of a notebook."},
		"name":        schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
		"description": schema.StringAttribute{Computed: true, MarkdownDescription: "Description."},
		"arch":        schema.StringAttribute{Computed: true, MarkdownDescription: "Processor architecture: `X86_64` or `AARCH64`. The image must have the same architecture."},
		"category":    schema.StringAttribute{Computed: true, MarkdownDescription: "Processor: `CPU`, `GPU` or `ASCEND`. The image must support it."},
		"feature":     schema.StringAttribute{Computed: true, MarkdownDescription: "Kind of notebook: `NOTEBOOK` (billed) or `DEFAULT` (the free CodeLab instance)."},
		"free":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the flavor is free."},
		"sold_out":    schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the flavor is sold out: no notebook can be created with it now. `false` if the service does not return it."},
		"vcpus":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Number of vCPUs."},
		"memory":      schema.Float64Attribute{Computed: true, MarkdownDescription: "Memory in GB (the API counts it in KB)."},
		"gpu": schema.SingleNestedAttribute{
			MarkdownDescription: "GPU cards. Null if there are none.",
			Computed:            true,
			Attributes:          card(map[string]schema.Attribute{}),
		},
		"ascend": schema.SingleNestedAttribute{
			MarkdownDescription: "Ascend NPU cards. Null if there are none.",
			Computed:            true,
			Attributes: card(map[string]schema.Attribute{
				"type_alias": schema.StringAttribute{Computed: true, MarkdownDescription: "Other name of the type, for example `Ascend-snt9`. Not set for flavors of a pool."},
			}),
		},
		"storages":     schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Storage that the flavor works with (`EFS`, `EVS`, `OBS`, `OBSFS`), as the service lists it. Others may work, too."},
		"evs_max_size": schema.Int64Attribute{Computed: true, MarkdownDescription: "Size of the largest EVS disk, in GB."},
	}
}
