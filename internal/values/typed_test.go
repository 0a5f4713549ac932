package values_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

type diskModel struct {
	Size  types.Int64  `tfsdk:"size"`
	State types.String `tfsdk:"state"`
}

var (
	diskTypes      = map[string]attr.Type{"size": types.Int64Type, "state": types.StringType}
	attributeTypes = map[string]attr.Type{
		"disk": types.ObjectType{AttrTypes: diskTypes},
		"tags": types.MapType{ElemType: types.StringType},
	}
)

func newConverter(t *testing.T) *values.Converter {
	t.Helper()
	c := values.NewConverter(t.Context(), attributeTypes)
	t.Cleanup(func() {
		if c.Diagnostics.HasError() {
			t.Error(c.Diagnostics)
		}
	})
	return c
}

func TestConverterObjects(t *testing.T) {
	t.Parallel()
	c := newConverter(t)
	disk := diskModel{types.Int64Value(5), types.StringNull()}
	object := c.Object("disk", disk)
	if got := values.Decode[diskModel](c, object); got != disk {
		t.Errorf("%v became %v", disk, got)
	}
	null, unknown := c.NullObject("disk"), types.ObjectUnknown(diskTypes)
	if !null.IsNull() || !unknown.IsUnknown() || !null.Type(t.Context()).Equal(object.Type(t.Context())) || !unknown.Type(t.Context()).Equal(object.Type(t.Context())) {
		t.Errorf("null %v, unknown %v", null, unknown)
	}
	for _, empty := range []types.Object{null, unknown} {
		if got := values.Decode[diskModel](c, empty); got != (diskModel{}) {
			t.Errorf("%v became %v", empty, got)
		}
	}
	if got := c.AttributeTypes("disk"); !maps.Equal(got, diskTypes) {
		t.Errorf("types %v", got)
	}
}

func TestConverterCollections(t *testing.T) {
	t.Parallel()
	c := newConverter(t)
	tags := map[string]string{"a": "x"}
	if got := values.Elements[map[string]string](c, c.MapOf("tags", tags)); !maps.Equal(got, tags) {
		t.Errorf("%v became %v", tags, got)
	}
	if got := c.MapOf("tags", map[string]string{}); got.IsNull() || len(got.Elements()) != 0 {
		t.Errorf("an empty map became %v", got)
	}
	for _, empty := range []types.Map{types.MapNull(types.StringType), types.MapUnknown(types.StringType)} {
		if got := values.Elements[map[string]string](c, empty); got != nil {
			t.Errorf("%v became %v", empty, got)
		}
	}
	if got := c.ListOf(types.StringType, []string{"b", "a"}); !slices.Equal(values.Elements[[]string](c, got), []string{"b", "a"}) {
		t.Errorf("a list became %v", got)
	}
	if got := c.ListOf(types.StringType, []string(nil)); !got.IsNull() {
		t.Errorf("a nil list became %v", got)
	}
	if got := c.StringSet([]string{"a"}); !got.Equal(setOf("a")) {
		t.Errorf("a set became %v", got)
	}
	if got := c.StringSet([]string{}); !got.IsNull() {
		t.Errorf("an empty set became %v", got)
	}
}

func setOf(elements ...string) types.Set {
	list := []attr.Value{}
	for _, e := range elements {
		list = append(list, types.StringValue(e))
	}
	return types.SetValueMust(types.StringType, list)
}

func TestConverterReportsAnotherModel(t *testing.T) {
	t.Parallel()
	c := values.NewConverter(t.Context(), attributeTypes)
	c.Object("disk", struct {
		Other types.String `tfsdk:"other"`
	}{})
	if !c.Diagnostics.HasError() {
		t.Error("no error for a model that is not the schema's")
	}
}

func TestKeepSet(t *testing.T) {
	t.Parallel()
	c := newConverter(t)
	null := types.SetNull(types.StringType)
	for _, test := range []struct {
		prior    types.Set
		answered []string
		want     types.Set
	}{
		{setOf("a"), []string{"b"}, setOf("b")},
		{null, []string{"b"}, setOf("b")},
		{types.SetUnknown(types.StringType), []string{"b"}, setOf("b")},
		{setOf("a"), nil, setOf("a")},
		{setOf("a"), []string{}, null},
		{setOf(), []string{}, setOf()},
		{null, []string{}, null},
		{null, nil, null},
		{types.SetUnknown(types.StringType), nil, null},
		{types.SetUnknown(types.StringType), []string{}, null},
		{types.Set{}, nil, null},
	} {
		if got := c.KeepSet(test.prior, test.answered); !got.Equal(test.want) {
			t.Errorf("KeepSet(%v, %v) is %v, want %v", test.prior, test.answered, got, test.want)
		}
	}
}

func TestKeepStrings(t *testing.T) {
	t.Parallel()
	null, unknown, text := types.StringNull(), types.StringUnknown(), types.StringValue
	a, upper, empty := new("a"), new("A"), new("")
	for _, test := range []struct {
		prior                       types.String
		answered                    *string
		keep, keepCase, emptyAsNull types.String
	}{
		{text("b"), a, text("a"), text("a"), text("a")},
		{text("b"), nil, text("b"), text("b"), text("b")},
		{null, a, text("a"), text("a"), text("a")},
		{null, nil, null, null, null},
		{unknown, a, text("a"), text("a"), text("a")},
		{unknown, nil, null, null, null},
		{text("a"), upper, text("A"), text("a"), text("A")},
		{text("b"), empty, text(""), text(""), null},
		{text(""), empty, text(""), text(""), text("")},
		{null, empty, text(""), text(""), null},
	} {
		for name, pair := range map[string][2]types.String{
			"Keep":        {values.Keep(test.prior, test.answered), test.keep},
			"KeepCase":    {values.KeepCase(test.prior, test.answered), test.keepCase},
			"EmptyAsNull": {values.EmptyAsNull(test.prior, test.answered), test.emptyAsNull},
		} {
			if got, want := pair[0], pair[1]; !got.Equal(want) {
				t.Errorf("%s(%v, %v) is %v, want %v", name, test.prior, values.Deref(test.answered), got, want)
			}
		}
	}
	if got := values.EmptyAsNull(unknown, empty); !got.IsNull() {
		t.Errorf("EmptyAsNull(unknown, empty) is %v", got)
	}
}

func TestKeepNumbers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		prior    types.Int64
		answered *int64
		want     types.Int64
	}{
		{types.Int64Value(1), new(int64(2)), types.Int64Value(2)},
		{types.Int64Value(1), nil, types.Int64Value(1)},
		{types.Int64Null(), nil, types.Int64Null()},
		{types.Int64Unknown(), nil, types.Int64Null()},
		{types.Int64Unknown(), new(int64(0)), types.Int64Value(0)},
	} {
		if got := values.KeepInt(test.prior, test.answered); !got.Equal(test.want) {
			t.Errorf("KeepInt(%v) is %v, want %v", test.prior, got, test.want)
		}
	}
	for _, test := range []struct {
		prior    types.Float64
		answered *float64
		want     types.Float64
	}{
		{types.Float64Value(0.5), new(2.5), types.Float64Value(2.5)},
		{types.Float64Value(0.5), nil, types.Float64Value(0.5)},
		{types.Float64Null(), nil, types.Float64Null()},
		{types.Float64Unknown(), nil, types.Float64Null()},
		{types.Float64Unknown(), new(0.0), types.Float64Value(0)},
	} {
		if got := values.KeepFloat(test.prior, test.answered); !got.Equal(test.want) {
			t.Errorf("KeepFloat(%v) is %v, want %v", test.prior, got, test.want)
		}
	}
}

// What is null or unknown is left to the service; what is zero is sent.
func TestRequestValues(t *testing.T) {
	t.Parallel()
	for name, got := range map[string]any{
		"null string": values.String(types.StringNull()), "unknown string": values.String(types.StringUnknown()),
		"null int": values.Int(types.Int64Null()), "unknown int": values.Int(types.Int64Unknown()),
		"null float": values.Float(types.Float64Null()), "unknown float": values.Float(types.Float64Unknown()),
		"null bool": values.Bool(types.BoolNull()), "unknown bool": values.Bool(types.BoolUnknown()),
	} {
		if !reflect.ValueOf(got).IsNil() {
			t.Errorf("%s is not nil", name)
		}
	}
	if s := values.String(types.StringValue("")); s == nil || *s != "" {
		t.Error("an empty string is lost")
	}
	if i := values.Int(types.Int64Value(0)); i == nil || *i != 0 {
		t.Error("0 is lost")
	}
	if f := values.Float(types.Float64Value(0)); f == nil || *f != 0 {
		t.Error("0.0 is lost")
	}
	if b := values.Bool(types.BoolValue(false)); b == nil || *b {
		t.Error("false is lost")
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	null, unknown, text := types.StringNull(), types.StringUnknown(), types.StringValue
	for _, test := range [][2]types.String{
		{values.Upper(text("evs")), text("EVS")},
		{values.Upper(text("")), text("")},
		{values.Upper(null), null},
		{values.Upper(unknown), unknown},
		{values.OrElse(text("a"), text("b")), text("a")},
		{values.OrElse(text(""), text("b")), text("")},
		{values.OrElse(null, text("b")), text("b")},
		{values.OrElse(unknown, text("b")), unknown},
		{values.OrElse(null, null), null},
	} {
		if !test[0].Equal(test[1]) {
			t.Errorf("%v, want %v", test[0], test[1])
		}
	}
}

func TestTimestamp(t *testing.T) {
	t.Parallel()
	if got := values.Timestamp(nil); !got.IsNull() {
		t.Errorf("nil is %v", got)
	}
	if got := values.Timestamp(new(int64(1767225600999))).ValueString(); got != "2026-01-01T00:00:00Z" {
		t.Error(got)
	}
}

func TestDeref(t *testing.T) {
	t.Parallel()
	if values.Deref[string](nil) != "" || values.Deref[int64](nil) != 0 || values.Deref(new("a")) != "a" {
		t.Error("Deref")
	}
}

func TestSorting(t *testing.T) {
	t.Parallel()
	if got := values.Sorted([]string{"b", "a", "b"}); !slices.Equal(got, []string{"a", "b", "b"}) {
		t.Errorf("Sorted: %q", got)
	}
	if values.Sorted[string](nil) != nil {
		t.Error("Sorted makes nil a list")
	}
	list := []string{"b", "a", "b"}
	if got := values.Distinct(list); !slices.Equal(got, []string{"a", "b"}) || list[0] != "b" {
		t.Errorf("Distinct: %q, and the list is %q", got, list)
	}
	if got := values.Distinct(nil); got == nil || len(got) != 0 {
		t.Errorf("Distinct(nil) is %#v", got)
	}
}

func TestSameElements(t *testing.T) {
	t.Parallel()
	list := func(elements ...string) types.List {
		return values.NewConverter(t.Context(), nil).ListOf(types.StringType, elements)
	}
	null := types.ListNull(types.StringType)
	for _, test := range []struct {
		a, b types.List
		same bool
	}{
		{list("a", "b"), list("b", "a"), true},
		{list("a", "a", "b"), list("a", "b", "b"), false},
		{list("a"), list("a", "a"), false},
		{null, null, true},
		{null, types.ListUnknown(types.StringType), true},
		{null, list("a"), false},
	} {
		if got := values.SameElements(test.a, test.b); got != test.same {
			t.Errorf("SameElements(%v, %v) is %t", test.a, test.b, got)
		}
	}
}

type machine struct {
	Disk types.Object `tfsdk:"disk"`
}

type taggedMachine struct {
	machine
	Tags types.Map `tfsdk:"tags"`
}

// A value becomes a model and the same value again, and what does not fit is an
// error.
func TestModels(t *testing.T) {
	t.Parallel()
	c := newConverter(t)
	was := taggedMachine{machine{c.Object("disk", diskModel{types.Int64Value(5), types.StringUnknown()})}, c.MapOf("tags", map[string]string{"a": "1"})}
	value := values.Store(c, &was)
	var now taggedMachine
	values.Load(c, value, &now)
	if !reflect.DeepEqual(now, was) {
		t.Errorf("%v became %v", was, now)
	}
	if value.At("disk", "size").Int() != 5 || value.At("disk", "state").IsKnown() || value.At("tags", "a").Text() != "1" {
		t.Errorf("stored as %s", value)
	}
	for name, model := range map[string]any{
		"another type": &struct {
			Disk types.Map `tfsdk:"disk"`
		}{},
		"no such attribute": &struct {
			Name types.String `tfsdk:"name"`
		}{},
	} {
		loading, storing := values.NewConverter(t.Context(), attributeTypes), values.NewConverter(t.Context(), attributeTypes)
		values.Load(loading, value, model)
		values.Store(storing, model)
		if !loading.Diagnostics.HasError() || !storing.Diagnostics.HasError() {
			t.Errorf("%s: %v, %v", name, loading.Diagnostics, storing.Diagnostics)
		}
	}
}

// Maps of objects become maps of models, and the same maps again.
func TestMapsOfModels(t *testing.T) {
	t.Parallel()
	c := values.NewConverter(t.Context(), map[string]attr.Type{"disks": types.MapType{ElemType: types.ObjectType{AttrTypes: diskTypes}}})
	disks := map[string]diskModel{"a": {types.Int64Value(5), types.StringNull()}, "b": {types.Int64Null(), types.StringValue("s")}}
	m := values.ObjectMap(c, "disks", disks)
	if got := values.DecodeMap[diskModel](c, m); !maps.Equal(got, disks) {
		t.Errorf("%v became %v", disks, got)
	}
	if got := values.DecodeMap[diskModel](c, types.MapNull(m.ElementType(t.Context()))); got != nil {
		t.Errorf("null became %v", got)
	}
	if c.Diagnostics.HasError() {
		t.Error(c.Diagnostics)
	}
}
