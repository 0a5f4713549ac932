package image

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// images reads images as the service would answer them.
func images(t *testing.T, text string) []modelarts.Image {
	t.Helper()
	var list []modelarts.Image
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// The order is total: the same whichever order the service lists in.
func TestOrder(t *testing.T) {
	t.Parallel()
	list := images(t, `[
		{"id": "newest", "create_at": 3},
		{"id": "a-2", "name": "a", "tag": "2", "create_at": 2},
		{"id": "a-1", "name": "a", "tag": "1", "create_at": 2},
		{"id": "b-1", "name": "b", "tag": "1", "create_at": 2},
		{"id": "b-1 again", "name": "b", "tag": "1", "create_at": 2},
		{"id": "ageless", "name": "a"},
		{"id": "ageless too", "name": "a"}
	]`)
	want := []string{"newest", "a-2", "a-1", "b-1", "b-1 again", "ageless", "ageless too"}
	for range 20 {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		var got []string
		for _, i := range sorted(append(slices.Clone(list), list[2])) { // one listed twice
			got = append(got, i.ID)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the order is %q, want %q", got, want)
		}
	}
}

// Values that are not in the contract are passed on; what an answer leaves out is null.
func TestFromAPI(t *testing.T) {
	t.Parallel()
	list := images(t, `[
		{"id": "x", "type": "borrowed", "arch": "riscv64", "status": "cooling", "dev_services": ["vnc", "ssh", "SSH"], "resource_categories": ["tpu"],
		 "create_at": 1638841744515, "tags": [{"key": "a", "value": "b"}, {"key": "c"}], "swr_instance_id": null, "news": 1},
		{"id": "y"}
	]`)
	m := fromAPI(&list[0])
	if got := []string{m.Type.ValueString(), m.Arch.ValueString(), m.Status.ValueString(), m.CreatedAt.ValueString()}; !slices.Equal(got, []string{"BORROWED", "RISCV64", "COOLING", "2021-12-07T01:49:04Z"}) {
		t.Errorf("the image became %q", got)
	}
	if !slices.Equal(m.Services, []string{"SSH", "VNC"}) || !slices.Equal(m.ResourceCategories, []string{"TPU"}) {
		t.Errorf("the lists became %q, %q", m.Services, m.ResourceCategories)
	}
	if c, there := m.Tags["c"]; m.Tags["a"] != "b" || !there || c != "" {
		t.Errorf("the tags became %v", m.Tags)
	}
	m = fromAPI(&list[1])
	if !m.Name.IsNull() || !m.Status.IsNull() || !m.CreatedAt.IsNull() {
		t.Errorf("what is absent is not null: %+v", m)
	}
	if m.Services == nil || m.ResourceCategories == nil || m.Tags == nil {
		t.Errorf("a collection is not empty but absent: %+v", m)
	}
}

// An image is not chosen for what the service does not say of it.
func TestExcludesUnknown(t *testing.T) {
	t.Parallel()
	c := newConditions(types.StringValue("^x$"), types.StringValue("1"), types.StringValue("x86_64"), types.StringValue("cpu"), types.StringValue("ssh"))
	c.status = "ACTIVE"
	want := []string{
		"has another name (name_regex = ^x$)",
		"has the tag unknown (tag = 1)",
		"is unknown (arch = X86_64)",
		"supports unknown (resource_category = CPU)",
		"is reached by unknown (service = SSH)",
		"is unknown, not ACTIVE",
	}
	if got := c.exclude(&modelarts.Image{ID: "x"}); !slices.Equal(got, want) {
		t.Errorf("excluded for %q, want %q", got, want)
	}
	if got := (&conditions{}).exclude(&modelarts.Image{ID: "x"}); len(got) > 0 {
		t.Errorf("excluded for %q by no condition", got)
	}
}

func TestUnlike(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		asked, name string
		want        float64
	}{
		{"pytorch1.8", "PyTorch1.8-cuda", 0.5},
		{"pytorch1.8-cuda", "pytorch1.8", 0.5},
		{"abcd", "abxy", 1.25},
		{"abcd", "xbcd", 2},
		{"abcd", "", 2},
	} {
		if got := unlike(tc.asked, tc.name); got != tc.want {
			t.Errorf("unlike(%q, %q) = %v, want %v", tc.asked, tc.name, got, tc.want)
		}
	}
}
