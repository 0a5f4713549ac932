package image

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// regularExpression accepts what the package regexp compiles.
type regularExpression struct{}

func (regularExpression) Description(context.Context) string { return "must be a regular expression" }

func (v regularExpression) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (regularExpression) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := regexp.Compile(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid regular expression", fmt.Sprintf("Attribute %s is no regular expression: %s.", req.Path, cause(err)))
	}
}

// cause is what is wrong with an expression, without the expression.
func cause(err error) string {
	if wrong := (*syntax.Error)(nil); errors.As(err, &wrong) {
		return string(wrong.Code)
	}
	return "it cannot be read"
}
