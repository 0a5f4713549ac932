package values

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A model is a struct whose fields are Terraform's values and have the tag
// "tfsdk" with the name of an attribute; an embedded model counts as its fields.
//
// The framework can fill such structs as well (Get, Set, As, ValueFrom). It
// compiles a regular expression for each field each time, which was half of what
// the read of a notebook took. See design/0011-a-light-process.md.

// field is a field of a model.
type field struct {
	name  string // of the attribute
	index []int  // of the field
}

// fieldsOf are the fields of each type of model that was met.
var fieldsOf sync.Map

func fields(model reflect.Type) []field {
	if known, there := fieldsOf.Load(model); there {
		return known.([]field) //nolint:forcetypeassert // nothing else is stored
	}
	var all []field
	for _, f := range reflect.VisibleFields(model) {
		if name := f.Tag.Get("tfsdk"); name != "" {
			all = append(all, field{name, f.Index})
		}
	}
	fieldsOf.Store(model, all)
	return all
}

// Load reads a value into a model. It reports an error where a field has another
// type than the attribute, or there is no such attribute.
func Load(c *Converter, value Value, model any) {
	members := value.members()
	attributes := make(map[string]attr.Value, len(members))
	for name, member := range members {
		typ, there := c.types[name]
		if !there {
			c.fail(fmt.Errorf("there is no attribute %s", name))
			continue
		}
		v, err := typ.ValueFromTerraform(c.Context, member)
		if err != nil {
			c.fail(err)
			continue
		}
		attributes[name] = v
	}
	c.fill(attributes, reflect.ValueOf(model).Elem())
}

// Store writes a model as a value of that type. It reports an error where the two
// do not have the same attributes.
func Store(c *Converter, model any) Value {
	raw, err := c.object(c.types, reflect.Indirect(reflect.ValueOf(model))).ToTerraformValue(c.Context)
	if err != nil {
		c.fail(err)
	}
	return Of(raw)
}

// fill sets the fields of a model.
func (c *Converter) fill(attributes map[string]attr.Value, model reflect.Value) {
	for _, f := range fields(model.Type()) {
		to, from := model.FieldByIndex(f.index), reflect.ValueOf(attributes[f.name])
		if !from.IsValid() || !from.Type().AssignableTo(to.Type()) {
			c.fail(fmt.Errorf("the attribute %s is %T, and %s has %s for it", f.name, attributes[f.name], model.Type(), to.Type()))
			continue
		}
		to.Set(from)
	}
}

// object is an object with the fields of a model.
func (c *Converter) object(attributeTypes map[string]attr.Type, model reflect.Value) types.Object {
	all := fields(model.Type())
	attributes := make(map[string]attr.Value, len(all))
	for _, f := range all {
		attributes[f.name] = model.FieldByIndex(f.index).Interface().(attr.Value) //nolint:forcetypeassert // by the definition of a model
	}
	o, diags := types.ObjectValue(attributeTypes, attributes)
	c.Diagnostics.Append(diags...)
	return o
}

func (c *Converter) fail(err error) {
	c.Diagnostics.AddError("A value does not fit its schema", err.Error()+". This is a defect of the provider: please report it.")
}
