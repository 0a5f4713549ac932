package serve

import (
	"context"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/objectvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values/valuestest"
)

// checking is a provider of one resource with an attribute of each kind.
type checking struct{ offering }

func (*checking) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return checked{} }}
}

func (*checking) FindsNothing(context.Context, string, tfsdk.Config) bool { return true }

type checked struct{ thing }

func (checked) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	short := []validator.String{stringvalidator.LengthAtMost(3)}
	word := schema.StringAttribute{Optional: true, Validators: short}
	members := func() map[string]schema.Attribute {
		return map[string]schema.Attribute{
			"word": word, "needed": schema.StringAttribute{Required: true},
			"deep": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{"word": word}},
		}
	}
	object := schema.NestedAttributeObject{
		Attributes: members(),
		Validators: []validator.Object{objectvalidator.AlsoRequires(path.MatchRelative().AtName("word"))},
	}
	few := []validator.List{listvalidator.SizeAtMost(1)}
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"word":       word,
			"needed":     schema.StringAttribute{Required: true, Validators: short},
			"shown":      schema.StringAttribute{Computed: true},
			"shown_card": schema.SingleNestedAttribute{Computed: true, Attributes: map[string]schema.Attribute{"word": schema.StringAttribute{Computed: true}}},
			"old":        schema.StringAttribute{Optional: true, DeprecationMessage: "use word"},
			"secret":     schema.StringAttribute{Optional: true, WriteOnly: true},
			"either":     schema.StringAttribute{Optional: true, Validators: []validator.String{stringvalidator.ConflictsWith(path.MatchRoot("word"))}},
			"count":      schema.Int64Attribute{Optional: true, Validators: []validator.Int64{int64validator.AtMost(3)}},
			"share":      schema.Float64Attribute{Optional: true, Validators: []validator.Float64{float64validator.AtMost(3)}},
			"on":         schema.BoolAttribute{Optional: true},
			"list":       schema.ListAttribute{Optional: true, ElementType: types.StringType, Validators: few},
			"set":        schema.SetAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Set{setvalidator.ValueStringsAre(short...)}},
			"map":        schema.MapAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Map{mapvalidator.KeysAre(short...)}},
			"card":       schema.SingleNestedAttribute{Optional: true, Attributes: members(), Validators: object.Validators},
			"cards":      schema.ListNestedAttribute{Optional: true, NestedObject: object, Validators: few},
			"named":      schema.MapNestedAttribute{Optional: true, NestedObject: object, Validators: []validator.Map{mapvalidator.SizeAtMost(1)}},
		},
		Blocks: map[string]schema.Block{
			"block": schema.SingleNestedBlock{
				Attributes: map[string]schema.Attribute{"word": word},
				Validators: []validator.Object{objectvalidator.IsRequired()},
			},
		},
	}
}

// The short way of a validation finds nothing where the framework finds nothing, and leaves
// to it whatever the framework finds.
func TestValidatesAsTheFramework(t *testing.T) {
	t.Parallel()
	type given = map[string]any
	unknown := tftypes.UnknownValue
	card := func(word any) given { return given{"word": word, "needed": "n"} }
	for i, tc := range []struct {
		config given
		short  bool // whether the short way answers
	}{
		{given{}, true},
		{given{"word": "abc"}, true},
		{given{"word": unknown}, true},
		{given{"word": "long"}, false},
		{given{"needed": nil}, false},
		{given{"needed": "long"}, false},
		{given{"needed": unknown}, true},
		{given{"shown": "x"}, false},
		{given{"shown_card": given{"word": "x"}}, false},
		{given{"old": "x"}, false},
		{given{"secret": "x"}, false}, // the client does not say that it takes those
		{given{"either": "x"}, true},
		{given{"either": "x", "word": "abc"}, false},
		{given{"count": 3}, true},
		{given{"count": 4}, false},
		{given{"share": 2.5}, true},
		{given{"share": 3.5}, false},
		{given{"on": true}, true},
		{given{"list": []any{"a"}}, true},
		{given{"list": []any{"a", "b"}}, false},
		{given{"list": unknown}, true},
		{given{"list": []any{unknown}}, true},
		{given{"set": []any{"abc"}}, true},
		{given{"set": []any{"long"}}, false},
		{given{"set": []any{unknown}}, true},
		{given{"map": given{"a": "long"}}, true},
		{given{"map": given{"long": "a"}}, false},
		{given{"card": card("abc")}, true},
		{given{"card": card("long")}, false},
		{given{"card": card(nil)}, false},
		{given{"card": given{"word": "abc"}}, false},
		{given{"card": unknown}, true},
		{given{"card": given{"word": "abc", "needed": "n", "deep": given{"word": "long"}}}, false},
		{given{"card": given{"word": "abc", "needed": "n", "deep": given{"word": "abc"}}}, true},
		{given{"card": given{"word": "abc", "needed": "n", "deep": unknown}}, true},
		{given{"cards": []any{card("abc")}}, true},
		{given{"cards": []any{card("long")}}, false},
		{given{"cards": []any{card("abc"), card("abc")}}, false},
		{given{"cards": unknown}, true},
		{given{"cards": []any{unknown}}, false}, // the framework takes its members for null
		{given{"named": given{"a": card("abc")}}, true},
		{given{"named": given{"a": card("long")}}, false},
		{given{"named": given{"a": card(nil)}}, false},
		{given{"named": given{"a": card("abc"), "b": card("abc")}}, false},
		{given{"named": given{"a": unknown}}, false},
		{given{"named": unknown}, true},
		{given{"block": nil}, false},
		{given{"block": given{"word": "long"}}, false},
		{given{"block": unknown}, false},
		{given{"list": []any{nil}}, false},
		{given{"card": given{}}, false},
	} {
		t.Run(fmt.Sprint(i, " ", tc.config), func(t *testing.T) {
			t.Parallel()
			taken := 0
			s := Proving(new(checking), func(string) { taken++ }).(*server)
			with := given{"needed": "n", "block": given{"word": "abc"}}
			for name, v := range tc.config {
				with[name] = v
			}
			typ := s.schemas().resources["x_thing"].typ
			config, err := tfprotov6.NewDynamicValue(typ, valuestest.Of(t, typ, with))
			if err != nil {
				t.Fatal(err)
			}
			req := &tfprotov6.ValidateResourceConfigRequest{TypeName: "x_thing", Config: &config}
			resp, err := s.ValidateResourceConfig(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			if taken != map[bool]int{true: 1}[tc.short] {
				t.Errorf("the short way is taken %d times, and it found %d", taken, len(resp.Diagnostics))
			}
			full, err := s.validateFully(t.Context(), req)
			if err != nil || len(full.Diagnostics) != len(resp.Diagnostics) {
				t.Errorf("%v, %v, and the framework finds %v", err, resp.Diagnostics, full.Diagnostics)
			}
		})
	}
}

// A client that takes write-only arguments is believed.
func TestValidatesWriteOnlyArguments(t *testing.T) {
	t.Parallel()
	taken := 0
	s := Proving(new(checking), func(string) { taken++ }).(*server)
	typ := s.schemas().resources["x_thing"].typ
	config, err := tfprotov6.NewDynamicValue(typ, valuestest.Of(t, typ, map[string]any{"needed": "n", "secret": "x", "block": map[string]any{"word": "abc"}}))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: "x_thing", Config: &config, ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil || len(resp.Diagnostics) > 0 || taken != 1 {
		t.Errorf("%v, %v, taken %d times", err, resp, taken)
	}
}
