package serve

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A path ends at an attribute of a body or at an entry of one; in blocks it goes on.
func TestShown(t *testing.T) {
	t.Parallel()
	inner := &tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "deep", Block: new(tfprotov6.SchemaBlock)}}}
	body := &tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "block", Block: inner}}}
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
		{root.WithAttributeName("block").WithElementKeyInt(0).WithAttributeName("b"), root.WithAttributeName("block").WithElementKeyInt(0).WithAttributeName("b")},
		{
			root.WithAttributeName("block").WithAttributeName("deep").WithAttributeName("b").WithElementKeyString("k").WithAttributeName("c"),
			root.WithAttributeName("block").WithAttributeName("deep").WithAttributeName("b").WithElementKeyString("k"),
		},
	} {
		if got := tftypes.NewAttributePathWithSteps(shown(body, tc.path.Steps())); !got.Equal(tc.want) {
			t.Errorf("%s: got %s, want %s", tc.path, got, tc.want)
		}
	}
	// Without a schema, every name is an attribute's.
	if got := shown(nil, root.WithAttributeName("block").WithAttributeName("b").Steps()); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}
