// Package valuestest makes Terraform values for tests.
package valuestest

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Unknown stands for an unknown value in what Of takes.
type Unknown struct{}

// Of makes a value of a type from maps, slices, strings, whole numbers and
// booleans. Attributes that a map leaves out are null; an attribute that the type
// does not have fails the test.
func Of(t testing.TB, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case int:
		return tftypes.NewValue(typ, new(big.Float).SetInt64(int64(v)))
	case map[string]any:
		return tftypes.NewValue(typ, members(t, typ, v))
	case []any:
		elements := make([]tftypes.Value, 0, len(v))
		for _, e := range v {
			elements = append(elements, Of(t, elementType(t, typ), e))
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, v)
	}
}

func members(t testing.TB, typ tftypes.Type, v map[string]any) map[string]tftypes.Value {
	t.Helper()
	all := make(map[string]tftypes.Value)
	object, ok := typ.(tftypes.Object)
	if !ok {
		for key, member := range v {
			all[key] = Of(t, elementType(t, typ), member)
		}
		return all
	}
	for name, member := range object.AttributeTypes {
		all[name] = Of(t, member, v[name])
	}
	for name := range v {
		if _, there := object.AttributeTypes[name]; !there {
			t.Fatalf("there is no attribute %s", name)
		}
	}
	return all
}

func elementType(t testing.TB, typ tftypes.Type) tftypes.Type {
	t.Helper()
	switch typ := typ.(type) {
	case tftypes.Map:
		return typ.ElementType
	case tftypes.Set:
		return typ.ElementType
	case tftypes.List:
		return typ.ElementType
	default:
		t.Fatalf("%s has no elements", typ)
		return nil
	}
}
