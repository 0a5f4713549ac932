package catalogue

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

func ids(flavors []flavorModel) []string {
	list := make([]string, len(flavors))
	for i, f := range flavors {
		list[i] = f.ID.ValueString()
	}
	return list
}

// flavors reads flavors as the service would answer them.
func flavors(t *testing.T, text string) []flavorModel {
	t.Helper()
	var answered []modelarts.Flavor
	if err := json.Unmarshal([]byte(text), &answered); err != nil {
		t.Fatal(err)
	}
	list := make([]flavorModel, len(answered))
	for i := range answered {
		list[i] = flavorFromAPI(&answered[i])
	}
	return list
}

// The order is total: the same whichever order the service lists in.
func TestOrder(t *testing.T) {
	t.Parallel()
	list := flavors(t, `[
		{"id": "b", "vcpus": 2, "memory": 8388608},
		{"id": "a", "vcpus": 2, "memory": 8388608},
		{"id": "less memory", "vcpus": 2, "memory": 4194304},
		{"id": "more vcpus", "vcpus": 4, "memory": 1048576},
		{"id": "memory unknown", "vcpus": 2},
		{"id": "vcpus unknown", "memory": 1048576},
		{"id": "nothing known"},
		{"id": "gpu", "vcpus": 1, "memory": 1048576, "gpu": {"gpu": 1}},
		{"id": "npus", "vcpus": 1, "memory": 1048576, "ascend": {"npu": 2}},
		{"id": "no cards", "vcpus": 8, "memory": 8388608, "gpu": {}, "ascend": {"npu": 0}}
	]`)
	want := []string{"less memory", "a", "b", "memory unknown", "more vcpus", "no cards", "vcpus unknown", "nothing known", "gpu", "npus"}
	for range 20 {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if got := ids(sorted(slices.Clone(list))); !slices.Equal(got, want) {
			t.Fatalf("the order is %q, want %q", got, want)
		}
	}
	twice := append(slices.Clone(list), list[3])
	if got := ids(sorted(twice)); !slices.Equal(got, want) {
		t.Errorf("with one listed twice the order is %q, want %q", got, want)
	}
}

// Values that are not in the contract are passed on; what an answer leaves out is null.
func TestUnknownValues(t *testing.T) {
	t.Parallel()
	f := flavors(t, `[{"id": "x", "arch": "riscv64", "category": "tpu", "feature": "later", "storages": ["nfs", "EVS", "evs"], "memory": 1572864, "evs_max_size": "much", "news": {"a": [1]}}]`)[0]
	if got := []string{f.Arch.ValueString(), f.Category.ValueString(), f.Feature.ValueString()}; !slices.Equal(got, []string{"RISCV64", "TPU", "LATER"}) {
		t.Errorf("the enumerations became %q", got)
	}
	if !slices.Equal(f.Storages, []string{"EVS", "NFS"}) {
		t.Errorf("the storages became %q", f.Storages)
	}
	if f.Memory.ValueFloat64() != 1.5 {
		t.Errorf("the memory became %s GB", f.Memory)
	}
	if !f.EVSMaxSize.IsNull() || !f.VCPUs.IsNull() || !f.Free.IsNull() || f.GPU != nil || f.Ascend != nil {
		t.Errorf("what is absent is not null: %+v", f)
	}
	if f.SoldOut.IsNull() || f.SoldOut.ValueBool() {
		t.Errorf("what is not said to be sold out is %s", f.SoldOut)
	}
}

// A flavor is not chosen for what the service does not say of it, except where
// the service itself has filtered.
func TestExcludesUnknown(t *testing.T) {
	t.Parallel()
	f := flavors(t, `[{"id": "x"}]`)[0]
	asked := flavorChoiceModel{
		flavorModel: flavorModel{Category: types.StringValue("CPU"), Feature: types.StringValue("NOTEBOOK"), Arch: types.StringValue("X86_64")},
		VCPUsMin:    types.Int64Value(2), MemoryMin: types.Float64Value(4), GPUsMin: types.Int64Value(0), NPUsMin: types.Int64Value(1),
		Storage: types.StringValue("evs"),
	}
	want := []string{
		"has an unknown number of vCPUs (vcpus_min = 2)",
		"has an unknown number of GB of memory (memory_min = 4)",
		"has 0 NPUs (npus_min = 1)",
		"is of an unknown architecture (arch = X86_64)",
		"works with no storage that is known (storage = EVS)",
	}
	why, distance := asked.excludes(&f)
	if !slices.Equal(why, want) {
		t.Errorf("excluded for %q, want %q", why, want)
	}
	if distance != 5 {
		t.Errorf("the distance is %v, want 5", distance)
	}
}

// What fits and is sold out comes before what almost fits.
func TestNearestFlavors(t *testing.T) {
	t.Parallel()
	listed := flavors(t, `[
		{"id": "almost", "vcpus": 15, "gpu": {"gpu": 1}},
		{"id": "small and sold out", "vcpus": 1, "gpu": {"gpu": 1}, "sold_out": true},
		{"id": "fits", "vcpus": 64, "gpu": {"gpu": 2}, "sold_out": true}]`)
	asked := flavorChoiceModel{VCPUsMin: types.Int64Value(16), GPUsMin: types.Int64Value(2)}
	const want = "no flavors fit. The nearest of 3, each with what excludes it:\n" +
		"  - fits: is sold out (include_sold_out = false)\n" +
		"  - almost: has 15 vCPUs (vcpus_min = 16); has 1 GPU (gpus_min = 2)\n" +
		"  - small and sold out: is sold out (include_sold_out = false); has 1 vCPU (vcpus_min = 16); has 1 GPU (gpus_min = 2)\n" +
		"\n" + adviceNoFlavor
	if got := asked.noneFits(listed).Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPoolFromAPI(t *testing.T) {
	t.Parallel()
	var p modelarts.Cluster
	text := `{"pool_id": "p", "type": "dedicated", "status": "hibernating", "resource_categories": "gpu, cpu,ASCEND", "flavors": [
		{"id": "big", "vcpus": 8, "memory": "8388608", "gpu": {"gpu": 0.5, "type": "V100"}},
		{"id": "npu", "vcpus": 8, "memory": "lots", "ascend": {"npu": 1}},
		{"id": "small", "vcpus": 2}]}`
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	m := poolFromAPI(&p)
	if m.Status.ValueString() != "HIBERNATING" || m.Type.ValueString() != "DEDICATED" {
		t.Errorf("status and type became %s, %s", m.Status, m.Type)
	}
	if want := []string{"ASCEND", "CPU", "GPU"}; !slices.Equal(m.ResourceCategories, want) {
		t.Errorf("the categories became %q", m.ResourceCategories)
	}
	if got := ids(m.Flavors); !slices.Equal(got, []string{"small", "big", "npu"}) {
		t.Errorf("the flavors became %q", got)
	}
	if got := m.Flavors[1].GPU.Cards.ValueFloat64(); got != 0.5 {
		t.Errorf("half a card became %v", got)
	}
	if empty := poolFromAPI(&modelarts.Cluster{}); empty.ResourceCategories == nil || empty.Flavors == nil || !empty.ID.IsNull() {
		t.Errorf("an empty pool became %+v", empty)
	}
}

func TestQuotaFromAPI(t *testing.T) {
	t.Parallel()
	of := func(n int64) *int64 { return &n }
	for name, tc := range map[string]struct {
		quota, used *int64
		want        types.Int64
	}{
		"left":       {of(10), of(4), types.Int64Value(6)},
		"overdrawn":  {of(3), of(5), types.Int64Value(0)},
		"no quota":   {nil, of(5), types.Int64Null()},
		"none known": {nil, nil, types.Int64Null()},
	} {
		if got := quotaFromAPI(&modelarts.Feature{Quota: tc.quota, Used: tc.used}).Available; !got.Equal(tc.want) {
			t.Errorf("%s: available is %s, want %s", name, got, tc.want)
		}
	}
}
