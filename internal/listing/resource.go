package listing

import (
	"context"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// Resource is the part of a list resource that is the same for all objects. A list
// resource embeds it.
type Resource struct {
	settings.ResourceAccess
	// Type is that of the objects, without the provider's: "_notebook".
	Type string
	// Kind and Plural name the objects in texts, such as "notebook" and "notebooks".
	Kind, Plural string
}

// Metadata names the list resource as the resource of its objects.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + r.Type
}

// Schema is the schema of a query that has filters, to which it adds where to look.
func (r *Resource) Schema(description string, filters map[string]schema.Attribute) schema.Schema {
	addWhere(filters, r.Kind)
	return schema.Schema{MarkdownDescription: description, Attributes: filters}
}

// Config is the model of a query's configuration. It embeds Where.
type Config interface{ where() *Where }

// Answer reads the configuration of a query, opens its region, and streams the rows that
// there are.
func (r *Resource) Answer(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream, config Config, rows func(context.Context, location.Place) iter.Seq2[Row, error]) {
	diags := read(ctx, req, config)
	var home location.Place
	if !diags.HasError() {
		home, _ = location.Open(ctx, r.Settings, location.Object{Kind: r.Kind, Region: config.where().Region}, &diags)
	}
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		Stream(ctx, req, r.Plural, rows(ctx, home))(push)
	}
}

// Filter is the attribute of a filter that is a text.
func Filter(description string, rules ...validator.String) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: append(rules, inputs.Text())}
}

// Flag is the attribute of a filter that is true or false.
func Flag(description string) schema.Attribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true}
}

// Same reports whether an answer passes a filter that takes a whole text, in any letter
// case. What an answer leaves out is believed to fit.
func Same(filter types.String, answered *string) bool {
	return filter.IsNull() || answered == nil || strings.EqualFold(filter.ValueString(), *answered)
}

// PartOf reports whether an answer passes a filter that takes a part of a text, in any
// letter case.
func PartOf(filter types.String, answered string) bool {
	return strings.Contains(strings.ToLower(answered), strings.ToLower(filter.ValueString()))
}
