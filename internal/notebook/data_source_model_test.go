package notebook

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// One model serves the resource and the data sources, so their attributes must
// have the same types.
func TestDataSourceTypes(t *testing.T) {
	t.Parallel()
	resource := attributeTypes()
	for name, a := range notebookAttributes() {
		if want := resource[name]; want == nil || !want.Equal(a.GetType()) {
			t.Errorf("%s is %s in the data source, %v in the resource", name, a.GetType(), want)
		}
		if !a.IsComputed() {
			t.Errorf("%s is not computed", name)
		}
	}
}

func answered(t *testing.T, text string) []modelarts.Notebook {
	t.Helper()
	var list []modelarts.Notebook
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// Almost everything can be absent from an answer, and hold values that are not in
// the contract.
func TestDataSourceFromAPI(t *testing.T) {
	t.Parallel()
	list := answered(t, `[
		{"id": "a", "status": "RUNNING"},
		{"id": "b", "status": "hibernating", "feature": "later", "billing_items": ["AIR"], "image": {"id": "i", "type": "borrowed", "arch": "riscv64"},
		 "volume": {"category": "TAPE", "ownership": "RENTED", "status": "WINDING"}, "endpoints": [{"service": "vnc", "key_pair_names": ["k"]}, {}],
		 "data_volumes": [{"category": "NFS", "mount_path": "/data/a/"}], "lease": {"type": "MOON", "duration": 1}, "tags": [{"key": "k"}]}
	]`)
	c := newConverter(t.Context())
	blank := blank(c)
	bare := fromAPI(c, blank, &list[0], &settings.Settings{})
	odd := fromAPI(c, blank, &list[1], &settings.Settings{})
	if c.Diagnostics.HasError() {
		t.Fatal(c.Diagnostics)
	}
	if bare.ID.ValueString() != "a" || !bare.Name.IsNull() && bare.Name.ValueString() != "" || !bare.Volume.IsNull() || !bare.Lease.IsNull() || !bare.DataVolumes.IsNull() || !bare.Token.IsNull() {
		t.Errorf("a bare notebook became %+v", bare)
	}
	if odd.Status.ValueString() != "HIBERNATING" || odd.Feature.ValueString() != "LATER" {
		t.Errorf("status and feature became %s, %s", odd.Status, odd.Feature)
	}
	for path, v := range values.Elements[map[string]dataVolumeModel](c, odd.DataVolumes) {
		if path != "/data/a/" || v.Category.ValueString() != "NFS" || !v.ReadOnly.IsNull() {
			t.Errorf("the data volume %s became %+v", path, v)
		}
	}
	if !blank.ID.IsNull() || !blank.DataVolumes.IsNull() {
		t.Errorf("the blank was written on: %+v", blank)
	}
}

// The order is total: the same whichever order the service lists in.
func TestInOrder(t *testing.T) {
	t.Parallel()
	list := answered(t, `[
		{"id": "3", "name": "a", "create_at": 2},
		{"id": "2", "name": "a", "create_at": 2},
		{"id": "9", "name": "a", "create_at": 1},
		{"id": "0", "name": "a"},
		{"id": "1", "name": "b", "create_at": 0}
	]`)
	want := []string{"0", "9", "2", "3", "1"}
	for range 20 {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		var got []string
		for _, nb := range inOrder(append(slices.Clone(list), list[1])) { // one listed twice
			got = append(got, nb.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the order is %q, want %q", got, want)
		}
	}
}

func TestHasTags(t *testing.T) {
	t.Parallel()
	nb := answered(t, `[{"id": "a", "tags": [{"key": "k", "value": "v"}, {"key": "e"}]}]`)[0]
	for name, tc := range map[string]struct {
		wanted map[string]string
		want   bool
	}{
		"none":          {nil, true},
		"one":           {map[string]string{"k": "v"}, true},
		"both":          {map[string]string{"k": "v", "e": ""}, true},
		"another value": {map[string]string{"k": "w"}, false},
		"another key":   {map[string]string{"x": ""}, false},
	} {
		if got := hasTags(&nb, tc.wanted); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// The service can gain a status, so that an unknown one is no error.
func TestKnownStatus(t *testing.T) {
	t.Parallel()
	for value, warnings := range map[string]int{"RUNNING": 0, "snapshotting": 0, "hibernating": 1} {
		var resp validator.StringResponse
		knownStatus{}.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("status"), ConfigValue: types.StringValue(value)}, &resp)
		if resp.Diagnostics.HasError() || resp.Diagnostics.WarningsCount() != warnings {
			t.Errorf("%s: %v", value, resp.Diagnostics)
		}
	}
	var resp validator.StringResponse
	knownStatus{}.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("status"), ConfigValue: types.StringUnknown()}, &resp)
	if len(resp.Diagnostics) > 0 {
		t.Errorf("unknown: %v", resp.Diagnostics)
	}
}
