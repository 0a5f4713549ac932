package notebook

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// resourceSchema is the schema of modelarts_notebook, for those whom the
// framework does not give it.
var resourceSchema = sync.OnceValue(func() schema.Schema {
	var resp resource.SchemaResponse
	(&notebookResource{}).Schema(context.Background(), resource.SchemaRequest{}, &resp)
	return resp.Schema
})

// attributeTypes are the types of the schema's attributes and blocks, so that
// the model need not repeat them.
var attributeTypes = sync.OnceValue(func() map[string]attr.Type {
	types := make(map[string]attr.Type)
	for name, a := range resourceSchema().Attributes {
		types[name] = a.GetType()
	}
	for name, b := range resourceSchema().Blocks {
		types[name] = b.Type()
	}
	return types
})

// newConverter returns a converter for the schema of modelarts_notebook.
func newConverter(ctx context.Context) *values.Converter {
	return values.NewConverter(ctx, attributeTypes())
}
