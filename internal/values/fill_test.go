package values_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	innerType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"size": tftypes.Number, "keys": tftypes.Set{ElementType: tftypes.String}}}
	outerType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"disk": innerType, "name": tftypes.String, "tags": tftypes.Map{ElementType: tftypes.String}}}
)

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func keys(names ...string) tftypes.Value {
	var elements []tftypes.Value
	for _, name := range names {
		elements = append(elements, text(name))
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, elements)
}

func disk(size any, keys tftypes.Value) tftypes.Value {
	return tftypes.NewValue(innerType, map[string]tftypes.Value{"size": tftypes.NewValue(tftypes.Number, size), "keys": keys})
}

func outer(disk, name tftypes.Value) values.Value {
	return values.Of(tftypes.NewValue(outerType, map[string]tftypes.Value{
		"disk": disk, "name": name, "tags": tftypes.NewValue(outerType.AttributeTypes["tags"], nil),
	}))
}

// An object on the way that is null or unknown becomes one with that member
// alone; a map that is null becomes one with that element.
func TestWithMakesTheObjectsOnTheWay(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{"null": nil, "unknown": tftypes.UnknownValue} {
		got := outer(tftypes.NewValue(innerType, v), text("n")).With(tftypes.NewValue(tftypes.Number, 5), "disk", "size")
		if got.At("disk", "size").Int() != 5 || !got.At("disk", "keys").IsNull() || got.At("name").Text() != "n" {
			t.Errorf("%s became %s", name, got)
		}
		if whole := values.Of(tftypes.NewValue(outerType, v)).With(text("m"), "name"); whole.At("name").Text() != "m" || !whole.At("disk").IsNull() {
			t.Errorf("%s as a whole became %s", name, whole)
		}
	}
	tagged := outer(tftypes.NewValue(innerType, nil), text("n")).With(text("1"), "tags", "a")
	if tagged.At("tags", "a").Text() != "1" || len(tagged.At("tags").Keys()) != 1 {
		t.Errorf("tags became %s", tagged.At("tags"))
	}
}

// A member of what is null is null, and of what is unknown unknown.
func TestAtBelowNullAndUnknown(t *testing.T) {
	t.Parallel()
	null, unknown := values.Of(tftypes.NewValue(outerType, nil)), values.Of(tftypes.NewValue(outerType, tftypes.UnknownValue))
	if v := null.At("disk", "size"); !v.IsNull() || !v.Type().Is(tftypes.Number) {
		t.Errorf("below null: %s", v)
	}
	if v := unknown.At("disk", "size"); v.IsKnown() || !v.Type().Is(tftypes.Number) {
		t.Errorf("below unknown: %s", v)
	}
}

// Values are equal, and have one digest, in whatever order a set has its
// elements; null, empty and unknown are three things.
func TestEqualAndDigest(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		a, b tftypes.Value
		want bool
	}{
		"sets in another order": {disk(1, keys("a", "b")), disk(1, keys("b", "a")), true},
		"another element":       {disk(1, keys("a", "b")), disk(1, keys("a", "c")), false},
		"one element more":      {disk(1, keys("a")), disk(1, keys("a", "b")), false},
		"one twice":             {disk(1, keys("a", "a", "b")), disk(1, keys("a", "b", "b")), false},
		"another number":        {disk(1, keys()), disk(2, keys()), false},
		"the same number":       {disk(1, keys()), disk(1.0, keys()), true},
		"null and empty":        {disk(nil, keys()), disk(nil, tftypes.NewValue(keys().Type(), nil)), false},
		"null and unknown":      {disk(nil, keys()), disk(tftypes.UnknownValue, keys()), false},
		"unknown twice":         {disk(tftypes.UnknownValue, keys()), disk(tftypes.UnknownValue, keys()), true},
		"a text as two":         {disk(1, keys(`a" "b`)), disk(1, keys("a", "b")), false},
	} {
		a, b := values.Of(tc.a), values.Of(tc.b)
		if values.Equal(a, b) != tc.want || values.Equal(b, a) != tc.want {
			t.Errorf("%s: equal %t", name, !tc.want)
		}
		if (values.Digest(a) == values.Digest(b)) != tc.want {
			t.Errorf("%s: one digest %t", name, !tc.want)
		}
	}
}

// What is unknown is filled, at every depth, and with FillUnset only where
// nothing is configured.
func TestFillAndNullUnknown(t *testing.T) {
	t.Parallel()
	unknown := tftypes.NewValue(tftypes.Number, tftypes.UnknownValue)
	v := outer(disk(tftypes.UnknownValue, keys("a")), tftypes.NewValue(tftypes.String, tftypes.UnknownValue))
	from := outer(disk(5, keys("b")), text("n"))
	if got := v.Fill(from); got.At("disk", "size").Int() != 5 || got.At("name").Text() != "n" || !values.Equal(got.At("disk", "keys"), values.Of(keys("a"))) {
		t.Errorf("filled: %s", got)
	}
	config := outer(disk(tftypes.UnknownValue, keys("a")), tftypes.NewValue(tftypes.String, nil))
	if got := v.FillUnset(from, config); got.At("disk", "size").IsKnown() || got.At("name").Text() != "n" {
		t.Errorf("filled where nothing is configured: %s", got)
	}
	if got := v.NullUnknown(); !got.At("disk", "size").IsNull() || !got.At("name").IsNull() || got.At("disk", "keys").IsNull() {
		t.Errorf("null where it was unknown: %s", got)
	}
	if got := values.Of(unknown).Fill(values.Of(text("n"))); got.IsKnown() {
		t.Errorf("filled with another type: %s", got)
	}
	set := values.Of(tftypes.NewValue(keys().Type(), []tftypes.Value{text("a"), tftypes.NewValue(tftypes.String, tftypes.UnknownValue)}))
	if got := set.NullUnknown(); !got.IsFullyKnown() {
		t.Errorf("an element stays unknown: %s", got)
	}
}

// KeepCase fills an unknown value, also from an answer with an empty text.
func TestKeepCaseFillsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	empty := ""
	if got := values.KeepCase(types.StringUnknown(), &empty); got.IsUnknown() {
		t.Errorf("an answer with an empty text became %s", got)
	}
}
