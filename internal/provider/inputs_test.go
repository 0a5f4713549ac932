package provider_test

import (
	"context"
	"flag"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
)

var update = flag.Bool("update", false, "write testdata/inputs.txt")

// marker is what no message shows. Nothing takes it.
const marker = "s3cret<marker> \r"

// input is a value for an argument, with the way it is written.
type input struct {
	text  string
	value tftypes.Value
}

// inputsOf are values of a type, each with one thing in it that is odd: empty, null,
// a fraction, too large, or the marker.
func inputsOf(t tftypes.Type, where string) []input {
	number := func(text string) input {
		n, _, _ := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		return input{where + " = " + text, tftypes.NewValue(t, n)}
	}
	switch typ := t.(type) {
	case tftypes.Object:
		members := func(name string, v tftypes.Value) tftypes.Value {
			all := make(map[string]tftypes.Value)
			for member, memberType := range typ.AttributeTypes {
				all[member] = tftypes.NewValue(memberType, nil)
			}
			if name != "" {
				all[name] = v
			}
			return tftypes.NewValue(t, all)
		}
		inputs := []input{{where + " = {}", members("", tftypes.Value{})}}
		for name, member := range typ.AttributeTypes {
			for _, in := range inputsOf(member, where+"."+name) {
				inputs = append(inputs, input{in.text, members(name, in.value)})
			}
		}
		return inputs
	case tftypes.Map:
		key := map[string]string{"endpoints": "SSH", "data_volumes": "/data/a/"}[where]
		if key == "" {
			key = "k"
		}
		inputs := []input{
			{where + " = {}", tftypes.NewValue(t, map[string]tftypes.Value{})},
			{where + "." + key + " = null", tftypes.NewValue(t, map[string]tftypes.Value{key: tftypes.NewValue(typ.ElementType, nil)})},
		}
		for _, in := range inputsOf(typ.ElementType, where+"."+key) {
			inputs = append(inputs, input{in.text, tftypes.NewValue(t, map[string]tftypes.Value{key: in.value})})
		}
		return inputs
	case tftypes.List:
		return listed(t, typ.ElementType, where)
	case tftypes.Set:
		return listed(t, typ.ElementType, where)
	}
	switch {
	case t.Is(tftypes.String):
		return []input{{where + ` = ""`, tftypes.NewValue(t, "")}, {where + " = MARKER", tftypes.NewValue(t, marker)}}
	case t.Is(tftypes.Number):
		return []input{number("10.5"), number("1e+30"), number("-1"), number("1e-500")}
	}
	return nil
}

func listed(t, element tftypes.Type, where string) []input {
	inputs := []input{
		{where + " = []", tftypes.NewValue(t, []tftypes.Value{})},
		{where + " = [null]", tftypes.NewValue(t, []tftypes.Value{tftypes.NewValue(element, nil)})},
	}
	for _, in := range inputsOf(element, where+"[]") {
		inputs = append(inputs, input{in.text, tftypes.NewValue(t, []tftypes.Value{in.value})})
	}
	return inputs
}

// settable are the arguments at the top of a schema.
func settable(s *tfprotov6.Schema) []string {
	var names []string
	for _, a := range s.Block.Attributes {
		if a.Optional || a.Required {
			names = append(names, a.Name)
		}
	}
	for _, b := range s.Block.BlockTypes {
		names = append(names, b.TypeName)
	}
	slices.Sort(names)
	return names
}

// showsValues are the arguments whose values a message may show: names of lists and
// durations. See design/0023-what-a-message-shows.md.
var showsValues = []string{
	"arch", "billing", "category", "create", "delete", "desired_status", "duration", "feature", "invoke", "max_auto_stop", "mode", "operator", "origin", "ownership", "plan_checks",
	"poll_interval", "public_network_type", "read", "request_timeout", "resource_categories", "resource_category", "service", "service_type", "services", "status", "storage", "type",
	"update", "visibility",
}

// Every argument of every configuration is given what is odd. What is said names the
// argument and, where the value may be a secret, not the value. The whole texts are
// in testdata/inputs.txt.
func TestInputs(t *testing.T) {
	t.Setenv("TF_LOG", "")
	ctx := context.Background()
	server := serve.Protocol6(provider.New("test")())
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	allow := &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true}
	var lines []string
	look := func(kind string, s *tfprotov6.Schema, validate func(*tfprotov6.DynamicValue) []*tfprotov6.Diagnostic) {
		whole := s.ValueType().(tftypes.Object)
		for _, name := range settable(s) {
			for _, in := range inputsOf(whole.AttributeTypes[name], name) {
				members := make(map[string]tftypes.Value)
				for member, typ := range whole.AttributeTypes {
					members[member] = tftypes.NewValue(typ, nil)
				}
				members[name] = in.value
				config, err := tfprotov6.NewDynamicValue(whole, tftypes.NewValue(whole, members))
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range validate(&config) {
					lines = append(lines, check(t, kind, name, in.text, d)...)
				}
			}
		}
	}
	look("provider", schemas.Provider, func(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
		resp, err := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
		if err != nil {
			t.Fatal(err)
		}
		return resp.Diagnostics
	})
	for kind, s := range schemas.ResourceSchemas {
		look(kind, s, func(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
			resp, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: kind, Config: config, ClientCapabilities: allow})
			if err != nil {
				t.Fatal(err)
			}
			return resp.Diagnostics
		})
	}
	for kind, s := range schemas.DataSourceSchemas {
		look("data "+kind, s, func(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
			resp, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: kind, Config: config})
			if err != nil {
				t.Fatal(err)
			}
			return resp.Diagnostics
		})
	}
	for kind, s := range schemas.EphemeralResourceSchemas {
		look("ephemeral "+kind, s, func(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
			resp, err := server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: kind, Config: config})
			if err != nil {
				t.Fatal(err)
			}
			return resp.Diagnostics
		})
	}
	for kind, s := range schemas.ActionSchemas {
		look("action "+kind, s.Schema, func(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
			resp, err := server.(tfprotov6.ProviderServerWithActions).ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: kind, Config: config}) //nolint:staticcheck // it is one
			if err != nil {
				t.Fatal(err)
			}
			return resp.Diagnostics
		})
	}
	slices.Sort(lines)
	got := strings.Join(slices.Compact(lines), "\n") + "\n"
	if *update {
		if err := os.WriteFile("testdata/inputs.txt", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/inputs.txt")
	if err != nil || got != string(want) {
		t.Errorf("%v: the texts are not those of testdata/inputs.txt: run with -update, and read the difference", err)
	}
}

// check returns the line of one message about an input, and looks for what no message
// has.
func check(t *testing.T, kind, argument, in string, d *tfprotov6.Diagnostic) []string {
	t.Helper()
	// What else is missing in this configuration is no matter here.
	if strings.HasPrefix(d.Summary, "Missing Configuration") || strings.HasPrefix(d.Summary, "Invalid Configuration for Read-Only") || d.Attribute == nil {
		return nil
	}
	text := d.Summary + ": " + d.Detail
	for _, never := range []string{"report", "provider developer", "types.", "basetypes", "Value(", "<nil>", "Error"} {
		if strings.Contains(text, never) {
			t.Errorf("%s: %s: %q is in %q", kind, in, never, text)
		}
	}
	at := strings.TrimSuffix(strings.Fields(in)[0], "[]")
	last := at[strings.LastIndexByte(at, '.')+1:]
	if strings.Contains(text, "s3cret") && !slices.Contains(showsValues, last) {
		t.Errorf("%s: %s: the value is in %q", kind, in, text)
	}
	root := ""
	if len(d.Attribute.Steps()) > 0 {
		root = fmt.Sprint(d.Attribute.Steps()[0])
	}
	if !strings.Contains(root, argument) {
		return nil
	}
	if !strings.Contains(text, argument) {
		t.Errorf("%s: %s: the argument is not named in %q", kind, in, text)
	}
	return []string{fmt.Sprintf("%s: %s: %s: %s", kind, in, strings.ToLower(d.Severity.String()), strings.ReplaceAll(text, "\n", `\n`))}
}
