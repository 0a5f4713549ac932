package inputs

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Timeouts is the argument timeouts of a resource, with a description for each operation. Its
// validators, which the framework's own have not, say what a duration looks like.
func Timeouts(operations map[string]string) schema.Attribute {
	attributes, members := make(map[string]schema.Attribute), make(map[string]attr.Type)
	for name, description := range operations {
		attributes[name] = schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{Timeout()}}
		members[name] = types.StringType
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: "How long operations may take, as durations such as `\"30m\"`.",
		Optional:            true,
		CustomType:          timeouts.Type{ObjectType: types.ObjectType{AttrTypes: members}},
		Attributes:          attributes,
	}
}
