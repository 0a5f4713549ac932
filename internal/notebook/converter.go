package notebook

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// converter turns values between Terraform's types and Go's, and gathers what
// goes wrong. Nothing goes wrong unless model and schema disagree.
type converter struct {
	ctx   context.Context
	diags diag.Diagnostics
	types map[string]attr.Type // of the schema's attributes and blocks
}

func newConverter(ctx context.Context) *converter {
	return &converter{ctx: ctx, types: attributeTypes()}
}

// decode reads an object; it is zero when the object is null or unknown.
func decode[T any](c *converter, object types.Object) T {
	var v T
	if !object.IsNull() && !object.IsUnknown() {
		c.diags.Append(object.As(c.ctx, &v, basetypes.ObjectAsOptions{})...)
	}
	return v
}

// collection is a list, set or map of Terraform.
type collection interface {
	IsNull() bool
	IsUnknown() bool
	ElementsAs(context.Context, any, bool) diag.Diagnostics
}

// elements reads a collection into a Go slice or map; it is nil when the
// collection is null or unknown.
func elements[T any](c *converter, collection collection) T {
	var v T
	if !collection.IsNull() && !collection.IsUnknown() {
		c.diags.Append(collection.ElementsAs(c.ctx, &v, false)...)
	}
	return v
}

// object writes the attribute of that name.
func (c *converter) object(name string, v any) types.Object {
	o, diags := types.ObjectValueFrom(c.ctx, c.types[name].(types.ObjectType).AttrTypes, v) //nolint:forcetypeassert // fixed by the schema
	c.diags.Append(diags...)
	return o
}

func (c *converter) nullObject(name string) types.Object {
	return types.ObjectNull(c.types[name].(types.ObjectType).AttrTypes) //nolint:forcetypeassert // fixed by the schema
}

// mapOf writes the map attribute of that name.
func (c *converter) mapOf(name string, v any) types.Map {
	m, diags := types.MapValueFrom(c.ctx, c.types[name].(types.MapType).ElemType, v) //nolint:forcetypeassert // fixed by the schema
	c.diags.Append(diags...)
	return m
}

func (c *converter) stringSet(v []string) types.Set {
	if len(v) == 0 {
		return types.SetNull(types.StringType)
	}
	s, diags := types.SetValueFrom(c.ctx, types.StringType, v)
	c.diags.Append(diags...)
	return s
}

// ---- small conversions ----

// keep is the API's value, or the state's where the API gives none.
func keep(prior types.String, answered *string) types.String {
	if answered == nil && !prior.IsUnknown() {
		return prior
	}
	return types.StringPointerValue(answered)
}

// keepCase is keep for enumerations and UUIDs: where the two values differ in
// letter case only, the state's spelling stays.
func keepCase(prior types.String, answered *string) types.String {
	if answered != nil && !prior.IsNull() && strings.EqualFold(prior.ValueString(), *answered) {
		return prior
	}
	return keep(prior, answered)
}

// emptyAsNull is for text that the API answers as empty when there is none.
func emptyAsNull(prior types.String, answered *string) types.String {
	if answered != nil && *answered == "" {
		if prior.ValueString() == "" && !prior.IsUnknown() {
			return prior // null stays null, and "" stays ""
		}
		return types.StringNull()
	}
	if answered == nil {
		return keep(prior, nil)
	}
	return types.StringValue(*answered)
}

func keepInt(prior types.Int64, answered *int64) types.Int64 {
	if answered == nil && !prior.IsUnknown() {
		return prior
	}
	return types.Int64PointerValue(answered)
}

func keepFloat(prior types.Float64, answered *float64) types.Float64 {
	if answered == nil && !prior.IsUnknown() {
		return prior
	}
	return types.Float64PointerValue(answered)
}

func (c *converter) keepSet(prior types.Set, answered []string) types.Set {
	switch {
	case answered != nil && (len(answered) > 0 || len(prior.Elements()) > 0):
		return c.stringSet(answered)
	case prior.IsUnknown() || prior.ElementType(c.ctx) == nil:
		return types.SetNull(types.StringType)
	default:
		return prior
	}
}

// value is nil for what is null or unknown, and so left to the service.
func value(s types.String) *string {
	if s.IsUnknown() {
		return nil
	}
	return s.ValueStringPointer()
}

func upper(s types.String) *string {
	v := value(s)
	if v == nil {
		return nil
	}
	u := strings.ToUpper(*v)
	return &u
}

func valueInt(i types.Int64) *int64 {
	if i.IsUnknown() {
		return nil
	}
	return i.ValueInt64Pointer()
}

func valueFloat(f types.Float64) *float64 {
	if f.IsUnknown() {
		return nil
	}
	return f.ValueFloat64Pointer()
}

func valueBool(b types.Bool) *bool {
	if b.IsUnknown() {
		return nil
	}
	return b.ValueBoolPointer()
}

// timestamp turns the API's UTC milliseconds into RFC 3339, to the second.
func timestamp(ms int64) timetypes.RFC3339 {
	return timetypes.NewRFC3339TimeValue(time.UnixMilli(ms).UTC().Truncate(time.Second))
}

// sorted orders a set for sending: the same set is the same request each time.
func sorted[T cmp.Ordered](values []T) []T {
	slices.Sort(values)
	return values
}

// sameMountPath is the key under which the state has that directory, or the
// directory itself.
func sameMountPath(prior map[string]dataVolumeModel, path string) string {
	for known := range prior {
		if mountPathEqual(known, path) {
			return known
		}
	}
	return path
}

func mountPathEqual(a, b string) bool {
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

// sameElements says whether two lists hold the same elements in any order.
func sameElements(a, b types.List) bool {
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

// sortedKeys are the keys of a map in their order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

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
