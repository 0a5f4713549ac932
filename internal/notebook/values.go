package notebook

import (
	"context"
	"errors"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
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

// data is a configuration, a plan or a state.
type data interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}

// at is the value at a path; null below an object that is null.
func at(ctx context.Context, d data, p path.Path, diags *diag.Diagnostics) attr.Value {
	var v attr.Value
	diags.Append(d.GetAttribute(ctx, p, &v)...)
	return v
}

// fill replaces what is unknown in value by what from has in the same place,
// wherever the place is wanted. What from does not have stays unknown.
func fill(value, from tftypes.Value, wanted func(*tftypes.AttributePath) bool) (tftypes.Value, error) {
	return tftypes.Transform(value, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() || !wanted(p) {
			return v, nil
		}
		found, err := lookUp(from, p)
		if err != nil || !found.Type().Equal(v.Type()) {
			return v, nil //nolint:nilerr // nothing there: the value stays unknown
		}
		return found, nil
	})
}

// settle replaces every unknown value by null.
func settle(value tftypes.Value) (tftypes.Value, error) {
	return tftypes.Transform(value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return tftypes.NewValue(v.Type(), nil), nil
	})
}

func everywhere(*tftypes.AttributePath) bool { return true }

// unset tells the places that a configuration leaves to the provider.
func unset(config tftypes.Value) func(*tftypes.AttributePath) bool {
	return func(p *tftypes.AttributePath) bool {
		v, err := lookUp(config, p)
		return err != nil || v.IsNull()
	}
}

func lookUp(root tftypes.Value, p *tftypes.AttributePath) (tftypes.Value, error) {
	found, _, err := tftypes.WalkAttributePath(root, p)
	if err != nil {
		return tftypes.Value{}, err
	}
	v, ok := found.(tftypes.Value)
	if !ok {
		return tftypes.Value{}, errors.New("not a value")
	}
	return v, nil
}
