package values_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	insideType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"size": tftypes.Number, "state": tftypes.String}}
	rootType   = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"name": tftypes.String, "disk": insideType, "tags": tftypes.Map{ElementType: tftypes.String},
	}}
)

// raw is an object with a name, a disk and tags. A nil disk is null.
func raw(name, tags any, disk map[string]tftypes.Value) tftypes.Value {
	inside := tftypes.NewValue(insideType, nil)
	if disk != nil {
		inside = tftypes.NewValue(insideType, disk)
	}
	return tftypes.NewValue(rootType, map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, name), "disk": inside,
		"tags": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, tags),
	})
}

func disk(size, state any) map[string]tftypes.Value {
	return map[string]tftypes.Value{"size": tftypes.NewValue(tftypes.Number, size), "state": tftypes.NewValue(tftypes.String, state)}
}

func tags(a any) map[string]tftypes.Value {
	return map[string]tftypes.Value{"a": tftypes.NewValue(tftypes.String, a)}
}

const unknown = tftypes.UnknownValue

func TestFill(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value, from, want tftypes.Value
		wanted            func(*tftypes.AttributePath) bool
	}{
		"known stays": {
			value: raw("new", tags("x"), disk(5, "OK")), from: raw("old", tags("y"), disk(6, "NO")), wanted: values.Everywhere,
			want: raw("new", tags("x"), disk(5, "OK")),
		},
		"null stays": {
			value: raw(nil, nil, nil), from: raw("old", tags("y"), disk(6, "NO")), wanted: values.Everywhere,
			want: raw(nil, nil, nil),
		},
		"unknown is filled, inside objects and maps too": {
			value: raw(unknown, tags(unknown), disk(unknown, unknown)), from: raw("old", tags("y"), disk(6, nil)), wanted: values.Everywhere,
			want: raw("old", tags("y"), disk(6, nil)),
		},
		"nothing there": {
			value: raw("new", tags(unknown), disk(unknown, "OK")), from: raw("old", nil, nil), wanted: values.Everywhere,
			want: raw("new", tags(unknown), disk(unknown, "OK")),
		},
		"only where the configuration has nothing": {
			value: raw(unknown, unknown, disk(unknown, unknown)), from: raw("old", tags("y"), disk(6, "OK")),
			wanted: values.Unset(raw(unknown, nil, disk(7, nil))),
			want:   raw(unknown, tags("y"), disk(unknown, "OK")),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := values.Fill(test.value, test.from, test.wanted)
			if err != nil || !got.Equal(test.want) {
				t.Errorf("%v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestFillLeavesAnotherType(t *testing.T) {
	t.Parallel()
	value := tftypes.NewValue(tftypes.String, unknown)
	got, err := values.Fill(value, tftypes.NewValue(tftypes.Number, 1), values.Everywhere)
	if err != nil || got.IsKnown() {
		t.Errorf("%v, %v", got, err)
	}
}

func TestUnknownToNull(t *testing.T) {
	t.Parallel()
	got, err := values.UnknownToNull(raw(unknown, tags(unknown), disk(5, unknown)))
	if want := raw(nil, tags(nil), disk(5, nil)); err != nil || !got.Equal(want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestUnset(t *testing.T) {
	t.Parallel()
	name, size := tftypes.NewAttributePath().WithAttributeName("name"), tftypes.NewAttributePath().WithAttributeName("disk").WithAttributeName("size")
	for _, test := range []struct {
		config     tftypes.Value
		name, size bool
	}{
		{raw("x", nil, disk(5, nil)), false, false},
		{raw(unknown, nil, disk(unknown, nil)), false, false},
		{raw(nil, nil, disk(nil, nil)), true, true},
		{raw("", nil, nil), false, true},
	} {
		unset := values.Unset(test.config)
		if unset(name) != test.name || unset(size) != test.size {
			t.Errorf("%v: name %t, size %t", test.config, unset(name), unset(size))
		}
	}
}

func TestLookUp(t *testing.T) {
	t.Parallel()
	root := raw("x", tags("y"), nil)
	found, err := values.LookUp(root, tftypes.NewAttributePath().WithAttributeName("tags").WithElementKeyString("a"))
	if err != nil || !found.Equal(tftypes.NewValue(tftypes.String, "y")) {
		t.Errorf("%v, %v", found, err)
	}
	for _, p := range []*tftypes.AttributePath{
		tftypes.NewAttributePath().WithAttributeName("tags").WithElementKeyString("b"),
		tftypes.NewAttributePath().WithAttributeName("disk").WithAttributeName("size"),
		tftypes.NewAttributePath().WithAttributeName("other"),
	} {
		if found, err := values.LookUp(root, p); err == nil {
			t.Errorf("%s is %v", p, found)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	state := tfsdk.State{Raw: raw("x", nil, nil), Schema: schema.Schema{Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{Optional: true},
		"disk": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"size": schema.Int64Attribute{Optional: true}, "state": schema.StringAttribute{Optional: true},
		}},
		"tags": schema.MapAttribute{Optional: true, ElementType: types.StringType},
	}}}
	var diags diag.Diagnostics
	for _, test := range []struct {
		where path.Path
		want  attr.Value
	}{
		{path.Root("name"), types.StringValue("x")},
		{path.Root("disk").AtName("size"), types.Int64Null()},
		{path.Root("tags"), types.MapNull(types.StringType)},
	} {
		if got := values.At(t.Context(), state, test.where, &diags); !test.want.Equal(got) {
			t.Errorf("%s is %v, want %v", test.where, got, test.want)
		}
	}
	if diags.HasError() {
		t.Error(diags)
	}
	values.At(t.Context(), state, path.Root("other"), &diags)
	if !diags.HasError() {
		t.Error("no error for an attribute that the schema does not have")
	}
}
