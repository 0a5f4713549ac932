package serve

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A path ends at an attribute of a body or at an entry of one; in blocks it goes on.
func TestShown(t *testing.T) {
	t.Parallel()
	c := configuredBy(t.Context(), schema.Schema{
		Attributes: map[string]schema.Attribute{"a": schema.StringAttribute{}},
		Blocks: map[string]schema.Block{
			"block": schema.SingleNestedBlock{
				Attributes: map[string]schema.Attribute{"b": schema.StringAttribute{}},
				Blocks:     map[string]schema.Block{"deep": schema.SingleNestedBlock{Attributes: map[string]schema.Attribute{"b": schema.StringAttribute{}}}},
			},
			"blocks": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{"b": schema.StringAttribute{}}}},
		},
	})
	root := tftypes.NewAttributePath()
	value := tftypes.NewValue(tftypes.String, "v")
	for _, tc := range []struct{ path, want *tftypes.AttributePath }{
		{root.WithAttributeName("a"), root.WithAttributeName("a")},
		{root.WithAttributeName("a").WithAttributeName("b"), root.WithAttributeName("a")},
		{root.WithAttributeName("a").WithElementKeyString("k"), root.WithAttributeName("a").WithElementKeyString("k")},
		{root.WithAttributeName("a").WithElementKeyString("k").WithAttributeName("b"), root.WithAttributeName("a").WithElementKeyString("k")},
		{root.WithAttributeName("a").WithElementKeyInt(1).WithElementKeyInt(2), root.WithAttributeName("a").WithElementKeyInt(1)},
		{root.WithAttributeName("a").WithElementKeyValue(value), root.WithAttributeName("a")},
		{root.WithAttributeName("a").WithAttributeName("b").WithElementKeyString("k"), root.WithAttributeName("a")},
		{root.WithAttributeName("block"), root.WithAttributeName("block")},
		{root.WithAttributeName("block").WithAttributeName("b"), root.WithAttributeName("block").WithAttributeName("b")},
		{root.WithAttributeName("block").WithAttributeName("b").WithAttributeName("c"), root.WithAttributeName("block").WithAttributeName("b")},
		{root.WithAttributeName("blocks").WithElementKeyInt(0).WithAttributeName("b").WithAttributeName("c"), root.WithAttributeName("blocks").WithElementKeyInt(0).WithAttributeName("b")},
		{
			root.WithAttributeName("block").WithAttributeName("deep").WithAttributeName("b").WithElementKeyString("k").WithAttributeName("c"),
			root.WithAttributeName("block").WithAttributeName("deep").WithAttributeName("b").WithElementKeyString("k"),
		},
	} {
		if got := c.shown(tc.path); !got.Equal(tc.want) {
			t.Errorf("%s: got %s, want %s", tc.path, got, tc.want)
		}
	}
	// Without a schema, every name is an attribute's.
	if got := new(configured).shown(root.WithAttributeName("block").WithAttributeName("b")); len(got.Steps()) != 1 {
		t.Errorf("got %v", got)
	}
}
