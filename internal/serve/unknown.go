package serve

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// missing is the summary of the framework's error for a required attribute that is
// null.
const missing = "Missing Configuration for Required Attribute"

// withoutUnknown returns the diagnostics without the errors for required attributes
// of objects that are not known yet. The framework takes what is below an unknown
// element of a list or a map for null. See design/0021-unknown-values.md.
func (c configured) withoutUnknown(given *tfprotov6.DynamicValue, diags []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	isMissing := func(d *tfprotov6.Diagnostic) bool { return d.Summary == missing && d.Attribute != nil }
	if c.typ == nil || given == nil || !slices.ContainsFunc(diags, isMissing) {
		return diags
	}
	config, err := given.Unmarshal(c.typ)
	if err != nil {
		return diags
	}
	return slices.DeleteFunc(diags, func(d *tfprotov6.Diagnostic) bool { return isMissing(d) && belowUnknown(config, d.Attribute) })
}

// belowUnknown reports whether a value on the way to a place is unknown.
func belowUnknown(config tftypes.Value, where *tftypes.AttributePath) bool {
	for above := where.WithoutLastStep(); above != nil && len(above.Steps()) > 0; above = above.WithoutLastStep() {
		found, _, err := tftypes.WalkAttributePath(config, above)
		if v, ok := found.(tftypes.Value); err == nil && ok && !v.IsKnown() {
			return true
		}
	}
	return false
}
