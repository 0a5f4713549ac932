package inputs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// notNone is a validator of lists and sets that refuses an empty one. right ends the
// message, which begins with "Attribute candidates is empty".
type notNone struct{ right string }

// NotEmptyList returns a validator that refuses an empty list. right ends the message, and
// says what would be right: ": write at least one".
func NotEmptyList(right string) validator.List { return notNone{right} }

// NotEmptySet is NotEmptyList for sets.
func NotEmptySet(right string) validator.Set { return notNone{right} }

func (notNone) Description(context.Context) string { return "must not be empty" }

func (n notNone) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (n notNone) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if v := req.ConfigValue; !v.IsNull() && !v.IsUnknown() && len(v.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Empty list", fmt.Sprintf("Attribute %s is empty%s.", req.Path, n.right))
	}
}

func (n notNone) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if v := req.ConfigValue; !v.IsNull() && !v.IsUnknown() && len(v.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Empty set", fmt.Sprintf("Attribute %s is empty%s.", req.Path, n.right))
	}
}
