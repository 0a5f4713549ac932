package serve

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Only what is known altogether is taken apart.
func TestObject(t *testing.T) {
	t.Parallel()
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"text": tftypes.String, "list": tftypes.List{ElementType: tftypes.Bool}, "map": tftypes.Map{ElementType: tftypes.String},
	}}
	value := func(text any) tftypes.Value {
		return tftypes.NewValue(typ, map[string]tftypes.Value{
			"text": tftypes.NewValue(tftypes.String, text),
			"list": tftypes.NewValue(tftypes.List{ElementType: tftypes.Bool}, []tftypes.Value{tftypes.NewValue(tftypes.Bool, true)}),
			"map":  tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, nil),
		})
	}
	known := map[string]any{"text": "a", "list": []any{true}, "map": nil}
	for name, tc := range map[string]struct {
		value tftypes.Value
		want  map[string]any
	}{
		"known":   {value("a"), known},
		"unknown": {value(tftypes.UnknownValue), nil},
		"null":    {tftypes.NewValue(typ, nil), nil},
	} {
		v, err := tfprotov6.NewDynamicValue(typ, tc.value)
		if err != nil {
			t.Fatal(err)
		}
		if got := object(&v); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: got %v, want %v", name, got, tc.want)
		}
	}
	if got := object(nil); got != nil {
		t.Errorf("no value is %v", got)
	}
}

// The framework acts on keys of its own, so it is asked.
func TestPrivateKeys(t *testing.T) {
	t.Parallel()
	for private, want := range map[string]bool{
		``: true, `{}`: true, `{"applied":"e30="}`: true,
		`{".import_before_read":"dHJ1ZQ==","applied":"e30="}`: false, `[]`: false, `{`: false,
	} {
		if _, ok := privateKeys([]byte(private)); ok != want {
			t.Errorf("%q: got %t", private, ok)
		}
	}
	if keys, _ := privateKeys([]byte(`{"applied":"e30="}`)); string(keys["applied"]) != "{}" {
		t.Errorf("got %q", keys)
	}
}
