package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// kbPerGB converts the memory of flavors: the service counts it in KB, and its
// KB and GB are powers of two.
const kbPerGB = 1 << 20

// flavorModel is a flavor in Terraform's types, of the public pool or of a
// dedicated one.
type flavorModel struct {
	ID          types.String  `tfsdk:"id"`
	Name        types.String  `tfsdk:"name"`
	Description types.String  `tfsdk:"description"`
	Arch        types.String  `tfsdk:"arch"`
	Category    types.String  `tfsdk:"category"`
	Feature     types.String  `tfsdk:"feature"`
	Free        types.Bool    `tfsdk:"free"`
	SoldOut     types.Bool    `tfsdk:"sold_out"`
	VCPUs       types.Int64   `tfsdk:"vcpus"`
	Memory      types.Float64 `tfsdk:"memory"`
	GPU         *gpuModel     `tfsdk:"gpu"`
	Ascend      *ascendModel  `tfsdk:"ascend"`
	Storages    []string      `tfsdk:"storages"`
	EVSMaxSize  types.Int64   `tfsdk:"evs_max_size"`
}

type gpuModel struct {
	Cards  types.Float64 `tfsdk:"cards"`
	Memory types.String  `tfsdk:"memory"`
	Type   types.String  `tfsdk:"type"`
}

type ascendModel struct {
	Cards     types.Float64 `tfsdk:"cards"`
	Memory    types.String  `tfsdk:"memory"`
	Type      types.String  `tfsdk:"type"`
	TypeAlias types.String  `tfsdk:"type_alias"`
}

type poolModel struct {
	ID                 types.String  `tfsdk:"id"`
	LogicClusterID     types.String  `tfsdk:"logic_cluster_id"`
	Type               types.String  `tfsdk:"type"`
	Status             types.String  `tfsdk:"status"`
	ResourceCategories []string      `tfsdk:"resource_categories"`
	WorkspaceID        types.String  `tfsdk:"workspace_id"`
	IsAllowRoot        types.Bool    `tfsdk:"is_allow_root"`
	Flavors            []flavorModel `tfsdk:"flavors"`
}

func flavorFromAPI(f *modelarts.Flavor) flavorModel {
	m := flavorModel{
		ID:          types.StringValue(f.ID),
		Name:        types.StringPointerValue(f.Name),
		Description: types.StringPointerValue(f.Description),
		Arch:        types.StringPointerValue(f.Arch),
		Category:    types.StringPointerValue(f.Category),
		Feature:     types.StringPointerValue(f.Feature),
		Free:        types.BoolPointerValue(f.Free),
		SoldOut:     types.BoolValue(f.SoldOut != nil && *f.SoldOut),
		VCPUs:       types.Int64PointerValue(f.VCPUs),
		Memory:      gigabytes(f.Memory),
		Storages:    values.Distinct(f.Storages),
		EVSMaxSize:  types.Int64PointerValue(f.EVSMaxSize),
	}
	if gpu := f.GPU; gpu != nil {
		m.GPU = &gpuModel{cards(gpu.GPU), types.StringPointerValue(gpu.GPUMemory), types.StringPointerValue(gpu.Type)}
	}
	if npu := f.Ascend; npu != nil {
		m.Ascend = &ascendModel{
			cards(npu.NPU), types.StringPointerValue(npu.NPUMemory),
			types.StringPointerValue(npu.Type), types.StringPointerValue(npu.TypeAlias),
		}
	}
	return m
}

func poolFlavorFromAPI(f *modelarts.ClusterFlavor) flavorModel {
	m := flavorFromAPI(&modelarts.Flavor{
		ID: f.ID, Name: f.Name, Description: f.Description, Arch: f.Arch, Category: f.Category, Feature: f.Feature,
		Free: f.Free, SoldOut: f.SoldOut, Memory: f.Memory, VCPUs: f.VCPUs, Storages: f.Storages, EVSMaxSize: f.EVSMaxSize,
	})
	if gpu := f.GPU; gpu != nil {
		m.GPU = &gpuModel{types.Float64PointerValue(gpu.GPU), types.StringPointerValue(gpu.GPUMemory), types.StringPointerValue(gpu.Type)}
	}
	if npu := f.Ascend; npu != nil {
		m.Ascend = &ascendModel{
			types.Float64PointerValue(npu.NPU), types.StringPointerValue(npu.NPUMemory),
			types.StringPointerValue(npu.Type), types.StringNull(),
		}
	}
	return m
}

func poolFromAPI(p *modelarts.Cluster) poolModel {
	m := poolModel{
		ID:                 types.StringPointerValue(p.PoolID),
		LogicClusterID:     types.StringPointerValue(p.LogicClusterID),
		Type:               types.StringPointerValue(p.Type),
		Status:             types.StringPointerValue(p.Status),
		ResourceCategories: []string{},
		WorkspaceID:        types.StringPointerValue(p.WorkspaceID),
		IsAllowRoot:        types.BoolPointerValue(p.IsAllowRoot),
		Flavors:            make([]flavorModel, 0, len(p.Flavors)),
	}
	if p.ResourceCategories != nil {
		// Several stand in one text, with commas between them.
		m.ResourceCategories = values.Distinct(strings.FieldsFunc(strings.ToUpper(*p.ResourceCategories), func(r rune) bool {
			return strings.ContainsRune(`, ;[]"`, r)
		}))
	}
	for i := range p.Flavors {
		m.Flavors = append(m.Flavors, poolFlavorFromAPI(&p.Flavors[i]))
	}
	m.Flavors = sorted(m.Flavors)
	return m
}

func gigabytes(kb *int64) types.Float64 {
	if kb == nil {
		return types.Float64Null()
	}
	return types.Float64Value(float64(*kb) / kbPerGB)
}

func cards(n *int64) types.Float64 {
	if n == nil {
		return types.Float64Null()
	}
	return types.Float64Value(float64(*n))
}

func (f *flavorModel) gpus() float64 {
	if f.GPU == nil {
		return 0
	}
	return f.GPU.Cards.ValueFloat64()
}

func (f *flavorModel) npus() float64 {
	if f.Ascend == nil {
		return 0
	}
	return f.Ascend.Cards.ValueFloat64()
}

// bySize is the order of flavors, the smallest first: by cards (GPU and NPU
// together), vCPUs, memory, and last by ID, so that no two flavors are equal.
// What the service does not say counts as large: it must not be chosen for it.
func bySize(a, b flavorModel) int {
	return cmp.Or(
		cmp.Compare(a.gpus()+a.npus(), b.gpus()+b.npus()),
		absentLast(a.VCPUs.ValueInt64Pointer(), b.VCPUs.ValueInt64Pointer()),
		absentLast(a.Memory.ValueFloat64Pointer(), b.Memory.ValueFloat64Pointer()),
		cmp.Compare(a.ID.ValueString(), b.ID.ValueString()),
	)
}

// sorted brings flavors into their order. One that the service listed twice,
// since the list changed between two pages, is there once.
func sorted(flavors []flavorModel) []flavorModel {
	slices.SortFunc(flavors, bySize)
	return slices.CompactFunc(flavors, func(a, b flavorModel) bool { return a.ID.Equal(b.ID) })
}

func absentLast[T cmp.Ordered](a, b *T) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	default:
		return cmp.Compare(*a, *b)
	}
}
