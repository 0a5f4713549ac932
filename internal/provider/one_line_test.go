package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// manyLines are the arguments whose texts may have line ends, each with the reason.
var manyLines = map[string]string{
	"modelarts_notebook.description":                 "a text for people",
	"modelarts_image.description":                    "a text for people",
	"modelarts_notebook_image.description":           "a text for people",
	"modelarts_image.read_me":                        "a text for people",
	"modelarts_notebook.hooks.pre_start.content":     "a script",
	"modelarts_notebook.hooks.post_start.content":    "a script",
	"modelarts_notebook.hooks.pre_start.content_wo":  "a script",
	"modelarts_notebook.hooks.post_start.content_wo": "a script",
}

// A line end at the end of a value, as a file that was read into it has, is refused in the
// plan where it cannot be meant.
func TestLineEndsAreRefused(t *testing.T) {
	t.Parallel()
	met := map[string]bool{}
	check := func(name string, a schema.StringAttribute) {
		if !a.Required && !a.Optional {
			return
		}
		refused := false
		for _, v := range a.Validators {
			var resp validator.StringResponse
			v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("argument"), ConfigValue: types.StringValue("value\n")}, &resp)
			refused = refused || resp.Diagnostics.HasError()
		}
		if met[name] = true; refused == (manyLines[name] != "") {
			t.Errorf("%s refuses a line end: %t", name, refused)
		}
	}
	var walk func(name string, all map[string]schema.Attribute)
	walk = func(name string, all map[string]schema.Attribute) {
		for member, a := range all {
			where := fmt.Sprint(name, ".", member)
			switch a := a.(type) {
			case schema.StringAttribute:
				check(where, a)
			case schema.SingleNestedAttribute:
				walk(where, a.Attributes)
			case schema.MapNestedAttribute:
				walk(where, a.NestedObject.Attributes)
			case schema.ListNestedAttribute:
				walk(where, a.NestedObject.Attributes)
			case schema.SetNestedAttribute:
				walk(where, a.NestedObject.Attributes)
			}
		}
	}
	for _, factory := range New("test")().Resources(t.Context()) {
		r := factory()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "modelarts"}, &meta)
		var resp resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
		walk(meta.TypeName, resp.Schema.Attributes)
		for name, block := range resp.Schema.Blocks {
			if one, ok := block.(schema.SingleNestedBlock); ok {
				walk(meta.TypeName+"."+name, one.Attributes)
			}
		}
	}
	for name := range manyLines {
		if !met[name] {
			t.Errorf("there is no argument %s", name)
		}
	}
	if len(met) < 30 {
		t.Errorf("only %d arguments", len(met))
	}
}
