package values

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Converter turns values of one schema between Terraform's types and Go's, and
// collects the errors. There are none unless model and schema disagree.
type Converter struct {
	Context     context.Context
	Diagnostics diag.Diagnostics

	types map[string]attr.Type
}

// NewConverter returns a converter for a schema with attributes and blocks of
// these types.
func NewConverter(ctx context.Context, attributeTypes map[string]attr.Type) *Converter {
	return &Converter{Context: ctx, types: attributeTypes}
}

// Decode reads an object into a model; the model is zero when the object is null
// or unknown.
func Decode[T any](c *Converter, object types.Object) T {
	var v T
	if !object.IsNull() && !object.IsUnknown() {
		c.fill(object.Attributes(), reflect.ValueOf(&v).Elem())
	}
	return v
}

// DecodeMap reads a map of objects into models; it is nil when the map is null or
// unknown. Elements that are null are left out.
func DecodeMap[T any](c *Converter, objects types.Map) map[string]T {
	if objects.IsNull() || objects.IsUnknown() {
		return nil
	}
	models := make(map[string]T, len(objects.Elements()))
	for key, element := range objects.Elements() {
		if object := element.(types.Object); !object.IsNull() { //nolint:forcetypeassert // fixed by the schema
			models[key] = Decode[T](c, object)
		}
	}
	return models
}

// DecodeWholeMap is DecodeMap for a request: it reports an error for an element
// that is null. name is that of the attribute.
func DecodeWholeMap[T any](c *Converter, name string, objects types.Map) map[string]T {
	for _, key := range slices.Sorted(maps.Keys(objects.Elements())) {
		if objects.Elements()[key].IsNull() {
			c.Diagnostics.AddAttributeError(path.Root(name).AtMapKey(key), "An element is null",
				fmt.Sprintf("The element %q of %s is null. Leave it out, or give it a value.", key, name))
		}
	}
	return DecodeMap[T](c, objects)
}

// Collection is a list, set or map of Terraform.
type Collection interface {
	IsNull() bool
	IsUnknown() bool
	ElementsAs(context.Context, any, bool) diag.Diagnostics
}

// Elements reads a collection into a Go slice or map; it is nil when the
// collection is null or unknown.
func Elements[T any](c *Converter, collection Collection) T {
	var v T
	if !collection.IsNull() && !collection.IsUnknown() {
		c.Diagnostics.Append(collection.ElementsAs(c.Context, &v, false)...)
	}
	return v
}

// AttributeTypes returns the types inside the object attribute of that name.
func (c *Converter) AttributeTypes(name string) map[string]attr.Type {
	return c.types[name].(types.ObjectType).AttrTypes //nolint:forcetypeassert // fixed by the schema
}

// Object writes a model as the object attribute of that name.
func (c *Converter) Object(name string, model any) types.Object {
	return c.object(c.AttributeTypes(name), reflect.ValueOf(model))
}

// NullObject returns null for the object attribute of that name.
func (c *Converter) NullObject(name string) types.Object {
	return types.ObjectNull(c.AttributeTypes(name))
}

// ObjectMap writes models as the attribute of that name, which is a map of objects.
func ObjectMap[T any](c *Converter, name string, models map[string]T) types.Map {
	element := c.types[name].(types.MapType).ElemType.(types.ObjectType) //nolint:forcetypeassert // fixed by the schema
	objects := make(map[string]attr.Value, len(models))
	for key, model := range models {
		objects[key] = c.object(element.AttrTypes, reflect.ValueOf(model))
	}
	m, diags := types.MapValue(element, objects)
	c.Diagnostics.Append(diags...)
	return m
}

// MapOf writes a Go map as the map attribute of that name.
func (c *Converter) MapOf(name string, elements any) types.Map {
	m, diags := types.MapValueFrom(c.Context, c.types[name].(types.MapType).ElemType, elements) //nolint:forcetypeassert // fixed by the schema
	c.Diagnostics.Append(diags...)
	return m
}

// ListOf writes a Go slice as a list with elements of that type.
func (c *Converter) ListOf(element attr.Type, elements any) types.List {
	list, diags := types.ListValueFrom(c.Context, element, elements)
	c.Diagnostics.Append(diags...)
	return list
}

// StringSet writes a Go slice as a set; an empty one is null.
func (c *Converter) StringSet(elements []string) types.Set {
	if len(elements) == 0 {
		return types.SetNull(types.StringType)
	}
	s, diags := types.SetValueFrom(c.Context, types.StringType, elements)
	c.Diagnostics.Append(diags...)
	return s
}

// KeepSet returns the set of an answer, or the prior one where the answer has no
// set, or has an empty one and the prior one is null or empty. It is null where
// the prior one is not known.
func (c *Converter) KeepSet(prior types.Set, answered []string) types.Set {
	switch {
	case answered != nil && (len(answered) > 0 || len(prior.Elements()) > 0):
		return c.StringSet(answered)
	case prior.IsUnknown() || prior.ElementType(c.Context) == nil:
		return types.SetNull(types.StringType)
	default:
		return prior
	}
}

// Keep returns the value of an answer, or the prior one where the answer has no
// value. It is null where the prior one is not known either.
func Keep(prior types.String, answered *string) types.String {
	if answered == nil && !prior.IsUnknown() {
		return prior
	}
	return types.StringPointerValue(answered)
}

// KeepCase is Keep for enumerations and UUIDs: where the two values differ in
// letter case only, the prior spelling stays.
func KeepCase(prior types.String, answered *string) types.String {
	if answered != nil && !prior.IsNull() && !prior.IsUnknown() && strings.EqualFold(prior.ValueString(), *answered) {
		return prior
	}
	return Keep(prior, answered)
}

// EmptyAsNull is Keep for text that an answer has as empty when there is none:
// empty becomes null, unless the prior one is "".
func EmptyAsNull(prior types.String, answered *string) types.String {
	if answered == nil || *answered != "" {
		return Keep(prior, answered)
	}
	if prior.ValueString() == "" && !prior.IsUnknown() {
		return prior // null stays null, and "" stays ""
	}
	return types.StringNull()
}

// KeepInt is Keep for whole numbers.
func KeepInt(prior types.Int64, answered *int64) types.Int64 {
	if answered == nil && !prior.IsUnknown() {
		return prior
	}
	return types.Int64PointerValue(answered)
}

// KeepFloat is Keep for numbers with decimals.
func KeepFloat(prior types.Float64, answered *float64) types.Float64 {
	if answered == nil && !prior.IsUnknown() {
		return prior
	}
	return types.Float64PointerValue(answered)
}

// String returns a string as a request has it: nil when it is null or unknown, and
// so left to the service.
func String(s types.String) *string {
	if s.IsUnknown() {
		return nil
	}
	return s.ValueStringPointer()
}

// Int is String for whole numbers.
func Int(i types.Int64) *int64 {
	if i.IsUnknown() {
		return nil
	}
	return i.ValueInt64Pointer()
}

// Float is String for numbers with decimals.
func Float(f types.Float64) *float64 {
	if f.IsUnknown() {
		return nil
	}
	return f.ValueFloat64Pointer()
}

// Bool is String for booleans.
func Bool(b types.Bool) *bool {
	if b.IsUnknown() {
		return nil
	}
	return b.ValueBoolPointer()
}

// Upper returns a string in upper case, as the APIs write enumerations. Null
// stays null, and unknown stays unknown.
func Upper(s types.String) types.String {
	if s.IsNull() || s.IsUnknown() {
		return s
	}
	return types.StringValue(strings.ToUpper(s.ValueString()))
}

// Lower returns a string in lower case, as the APIs write UUIDs. Null stays null, and
// unknown stays unknown.
func Lower(s types.String) types.String {
	if s.IsNull() || s.IsUnknown() {
		return s
	}
	return types.StringValue(strings.ToLower(s.ValueString()))
}

// OrElse returns the first of two strings that is not null.
func OrElse(first, second types.String) types.String {
	if first.IsNull() {
		return second
	}
	return first
}

// Timestamp turns UTC milliseconds into RFC 3339, to the second; nil is null.
func Timestamp(milliseconds *int64) timetypes.RFC3339 {
	if milliseconds == nil {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339TimeValue(time.UnixMilli(*milliseconds).UTC().Truncate(time.Second))
}

// Deref returns what a pointer points to; the zero value for nil.
func Deref[T any](pointer *T) T {
	if pointer == nil {
		var zero T
		return zero
	}
	return *pointer
}

// NonEmpty returns a text of an answer, or nil where it is empty.
func NonEmpty(text *string) *string {
	if Deref(text) == "" {
		return nil
	}
	return text
}

// Sorted sorts a slice in place and returns it: a set that is sent sorted makes
// the same request each time.
func Sorted[T cmp.Ordered](elements []T) []T {
	slices.Sort(elements)
	return elements
}

// Distinct returns the different strings of a list, sorted. It is never nil, so
// that a configuration can search it.
func Distinct(list []string) []string {
	list = append([]string{}, list...)
	slices.Sort(list)
	return slices.Compact(list)
}

// SameElements reports whether two lists hold the same elements in any order.
func SameElements(a, b types.List) bool {
	x, y := a.Elements(), slices.Clone(b.Elements())
	if len(x) != len(y) {
		return false
	}
	for _, v := range x {
		i := slices.IndexFunc(y, v.Equal)
		if i < 0 {
			return false
		}
		y = slices.Delete(y, i, i+1)
	}
	return true
}
