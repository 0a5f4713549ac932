package catalogue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
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
	_ datasource.DataSource              = (*flavorDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*flavorDataSource)(nil)
)

// What modelarts_flavor looks for unless it is told otherwise: what a notebook
// is unless it is told otherwise.
const (
	defaultFeature  = "NOTEBOOK"
	defaultPoolType = "MANAGED"
)

const adviceNoFlavor = "Relax the conditions, or list all flavors with the data source modelarts_flavors."

type flavorDataSource struct{ settings.DataSourceAccess }

// NewFlavorDataSource is modelarts_flavor.
func NewFlavorDataSource() datasource.DataSource { return &flavorDataSource{} }

// flavorChoiceModel is what is asked for, and the flavor that was chosen. Arch,
// category and feature are both.
type flavorChoiceModel struct {
	flavorModel
	Candidates     []string      `tfsdk:"candidates"`
	VCPUsMin       types.Int64   `tfsdk:"vcpus_min"`
	MemoryMin      types.Float64 `tfsdk:"memory_min"`
	GPUsMin        types.Int64   `tfsdk:"gpus_min"`
	NPUsMin        types.Int64   `tfsdk:"npus_min"`
	Storage        types.String  `tfsdk:"storage"`
	Type           types.String  `tfsdk:"type"`
	FlavorType     types.String  `tfsdk:"flavor_type"`
	IncludeSoldOut types.Bool    `tfsdk:"include_sold_out"`
}

func (d *flavorDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_flavor"
}

// atLeast is a lower bound of what the flavor must have.
func atLeast(what string) schema.Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "Least number of " + what + ".",
		Optional:            true,
		Validators:          []validator.Int64{inputs.AtLeast(0)},
	}
}

func (d *flavorDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := flavorAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"candidates": schema.ListAttribute{
			MarkdownDescription: "IDs of flavors in the order of your preference. The data source chooses the first that exists, is not sold out, and matches all other conditions, regardless of size. If none does, the error shows the reason for each.",
			Optional:            true,
			ElementType:         types.StringType,
			Validators: []validator.List{
				inputs.NotEmptyList(": write the ID of at least one flavor, or remove the argument to have the smallest flavor that fits"),
				listvalidator.ValueStringsAre(notEmpty()...),
			},
		},
		"vcpus_min": atLeast("vCPUs"),
		"memory_min": schema.Float64Attribute{
			MarkdownDescription: "Least memory, in GB.",
			Optional:            true,
			Validators:          []validator.Float64{inputs.From(0)},
		},
		"gpus_min": atLeast("GPU cards"),
		"npus_min": atLeast("Ascend NPU cards"),
		"arch": schema.StringAttribute{
			MarkdownDescription: "Processor architecture: `X86_64` or `AARCH64`, in any letter case; read back in upper case. The image must have the same architecture.",
			Optional:            true,
			Computed:            true,
			Validators:          oneOf(archs),
		},
		"category": schema.StringAttribute{
			MarkdownDescription: "Processor: `CPU`, `GPU` or `ASCEND`, in any letter case; read back in upper case. The image must support it.",
			Optional:            true,
			Computed:            true,
			Validators:          oneOf(categories),
		},
		"feature": schema.StringAttribute{
			MarkdownDescription: "Kind of notebook: `NOTEBOOK` (the default; billed) or `DEFAULT` (the free CodeLab instance), in any letter case; read back in upper case.",
			Optional:            true,
			Computed:            true,
			Validators:          oneOf(features),
		},
		"storage": schema.StringAttribute{
			MarkdownDescription: "Storage that the flavor must work with: `EVS`, `EFS`, `OBS` or `OBSFS`, in any letter case.",
			Optional:            true,
			Validators:          oneOf(storages),
		},
		"type": schema.StringAttribute{
			MarkdownDescription: "Kind of pool: `MANAGED` (the default: the public pool) or `DEDICATED`, in any letter case. The flavors of a given pool are in [`modelarts_pools`](pools).",
			Optional:            true,
			Validators:          oneOf(poolTypes),
		},
		"flavor_type": schema.StringAttribute{
			MarkdownDescription: "Filter of the API of the same name, sent unchanged. The API does not document its values.",
			Optional:            true,
			Validators:          notEmpty(),
		},
		"include_sold_out": schema.BoolAttribute{
			MarkdownDescription: "Include flavors that are sold out. Default `false`.",
			Optional:            true,
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "The smallest flavor that matches all conditions, or the first match of a list of `candidates`. If no flavor matches, the error lists the nearest flavors and the conditions that exclude each.\n\n" +
			"The smallest is the one with the fewest cards (GPU and NPU together), then the fewest vCPUs, then the least memory, " +
			"then the first ID of the alphabet. The choice ignores prices: the API does not return them. " +
			"A notebook's image must have the flavor's `arch` and support its `category`: set both, unless any value is acceptable.\n\nAn attribute that the service does not return is null.",
		Attributes: attributes,
	}
}

func (d *flavorDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m flavorChoiceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	m.Arch, m.Category, m.Feature = values.Upper(m.Arch), values.Upper(m.Category), values.Upper(m.Feature)
	if m.Feature.IsNull() {
		m.Feature = types.StringValue(defaultFeature)
	}
	query := modelarts.ListFlavorsQuery{
		Category: m.Category.ValueString(), Type: values.Upper(m.Type).ValueString(), Feature: m.Feature.ValueString(), FlavorType: m.FlavorType.ValueString(),
	}
	if query.Type == "" {
		query.Type = defaultPoolType
	}
	listed, err := listFlavors(ctx, d.Settings.Home().Client, query)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "flavors", err))
		return
	}
	at := m.choose(listed)
	if at < 0 {
		// What is near may be of another category or feature. That the service
		// does not list more is no reason to say less.
		query.Category, query.Feature = "", ""
		if more, err := listFlavors(ctx, d.Settings.Home().Client, query); err == nil {
			listed = more
		}
		resp.Diagnostics.Append(diagnostics.UnableInPlan("find", "flavor", m.noneFits(listed)))
		return
	}
	asked := m.flavorModel
	m.flavorModel = listed[at]
	// What the service was asked for and does not repeat is so all the same.
	m.Category, m.Feature = values.OrElse(m.Category, asked.Category), values.OrElse(m.Feature, asked.Feature)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// choose is the place of the flavor that is chosen: the first candidate that fits or,
// without candidates, the first one; -1: none fits. The flavors are in their order.
func (m *flavorChoiceModel) choose(listed []flavorModel) int {
	fits := func(f flavorModel) bool {
		why, _ := m.excludes(&f)
		return len(why) == 0
	}
	if m.Candidates == nil {
		return slices.IndexFunc(listed, fits)
	}
	for _, id := range m.Candidates {
		if at := slices.IndexFunc(listed, func(f flavorModel) bool { return f.ID.ValueString() == id && fits(f) }); at >= 0 {
			return at
		}
	}
	return -1
}

// noCandidate is the error of candidates of which none fits. It names each, in their
// order.
func (m *flavorChoiceModel) noCandidate(listed []flavorModel) error {
	var text strings.Builder
	text.WriteString("none of the candidates is available:\n")
	for _, id := range m.Candidates {
		why := []string{fmt.Sprintf("the service lists no such flavor (type = %s)", cmp.Or(values.Upper(m.Type).ValueString(), defaultPoolType))}
		if at := slices.IndexFunc(listed, func(f flavorModel) bool { return f.ID.ValueString() == id }); at >= 0 {
			why, _ = m.excludes(&listed[at])
		}
		fmt.Fprintf(&text, "  - %s: %s\n", id, strings.Join(why, "; "))
	}
	text.WriteString("\nAdd a candidate, or list all flavors with the data source modelarts_flavors. Without candidates, the data source chooses the smallest flavor that matches.")
	return errors.New(text.String())
}

func (m *flavorChoiceModel) noneFits(listed []flavorModel) error {
	if m.Candidates != nil {
		return m.noCandidate(listed)
	}
	var candidates []diagnostics.Candidate
	for i := range listed {
		if why, distance := m.excludes(&listed[i]); len(why) > 0 {
			candidates = append(candidates, diagnostics.Candidate{Name: listed[i].ID.ValueString(), Why: why, Distance: distance})
		}
	}
	return diagnostics.NoneFits("flavors", adviceNoFlavor, candidates)
}

// excludes says which conditions a flavor does not fulfil, and how far it is from
// all of them together: a number counts by the part that is missing, everything
// else as one. One that is only sold out is the nearest.
func (m *flavorChoiceModel) excludes(f *flavorModel) (why []string, distance float64) {
	exclude := func(by float64, format string, args ...any) {
		why = append(why, fmt.Sprintf(format, args...))
		distance += by
	}
	soldOut := !m.IncludeSoldOut.ValueBool() && f.SoldOut.ValueBool()
	if soldOut {
		exclude(1, "is sold out (include_sold_out = false)")
		defer func() {
			if len(why) == 1 {
				distance = 0 // it fits: nothing is nearer
			}
		}()
	}
	atLeast := func(argument, one, many string, least float64, has *float64) {
		switch {
		case least <= 0:
		case has == nil:
			exclude(1, "has an unknown number of %s (%s = %s)", many, argument, number(least))
		case *has < least && *has == 1:
			exclude((least-*has)/least, "has 1 %s (%s = %s)", one, argument, number(least))
		case *has < least:
			exclude((least-*has)/least, "has %s %s (%s = %s)", number(*has), many, argument, number(least))
		}
	}
	gpus, npus := f.gpus(), f.npus()
	atLeast("vcpus_min", "vCPU", "vCPUs", float64(m.VCPUsMin.ValueInt64()), float(f.VCPUs))
	atLeast("memory_min", "GB of memory", "GB of memory", m.MemoryMin.ValueFloat64(), f.Memory.ValueFloat64Pointer())
	atLeast("gpus_min", "GPU", "GPUs", float64(m.GPUsMin.ValueInt64()), &gpus)
	atLeast("npus_min", "NPU", "NPUs", float64(m.NPUsMin.ValueInt64()), &npus)
	// The service has filtered by category and feature; an answer that leaves
	// them out says nothing against a flavor.
	if asked := m.Category; !asked.IsNull() && !f.Category.IsNull() && !f.Category.Equal(asked) {
		exclude(1, "is %s (category = %s)", f.Category.ValueString(), asked.ValueString())
	}
	if asked := m.Feature; !f.Feature.IsNull() && !f.Feature.Equal(asked) {
		exclude(1, "is for %s (feature = %s)", f.Feature.ValueString(), asked.ValueString())
	}
	if asked := m.Arch; !asked.IsNull() && !f.Arch.Equal(asked) {
		exclude(1, "is %s (arch = %s)", nameOr(f.Arch, "of an unknown architecture"), asked.ValueString())
	}
	if asked := values.Upper(m.Storage).ValueString(); asked != "" && !slices.Contains(f.Storages, asked) {
		exclude(1, "works with %s (storage = %s)", cmp.Or(strings.Join(f.Storages, ", "), "no storage that is known"), asked)
	}
	return why, distance
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func float(i types.Int64) *float64 {
	if i.IsNull() {
		return nil
	}
	f := float64(i.ValueInt64())
	return &f
}

func nameOr(s types.String, absent string) string {
	if s.IsNull() {
		return absent
	}
	return s.ValueString()
}
