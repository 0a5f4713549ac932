package serve

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// cut cuts the paths of diagnostics about a configuration, so that Terraform shows the
// line that each is about. Terraform finds the line of an attribute of a body (the
// resource, or a block in it), and of an entry of an attribute that is a map or a list.
// A path that goes on, to a member of an object, leads it to no line: it shows the first
// line of the resource then. See design/0025-what-cannot-work.md.
func (c configured) cut(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		if d != nil && d.Attribute != nil && len(d.Attribute.Steps()) > 1 {
			d.Attribute = c.shown(d.Attribute)
		}
	}
}

// shown is the part of a path whose line Terraform shows.
func (c configured) shown(where *tftypes.AttributePath) *tftypes.AttributePath {
	steps := where.Steps()
	for i, step := range steps {
		if _, named := step.(tftypes.AttributeName); !named {
			continue // the key of a block
		}
		if c.isBlock(tftypes.NewAttributePathWithSteps(steps[:i+1])) {
			continue
		}
		if i+1 < len(steps) {
			switch steps[i+1].(type) {
			case tftypes.ElementKeyString, tftypes.ElementKeyInt:
				i++
			}
		}
		return tftypes.NewAttributePathWithSteps(steps[:i+1])
	}
	return where
}

// isBlock reports whether a path leads to a block, and not to an attribute.
func (c configured) isBlock(where *tftypes.AttributePath) bool {
	if c.find == nil {
		return false
	}
	_, err := c.find(where)
	return err != nil
}
