package notebook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// core is Terraform's side of the protocol, for notebooks.
type core struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	schema *tfprotov6.Schema
	typ    tftypes.Type
	// provider is the provider block.
	provider tftypes.Value
	cases    int // that were counted so far
}

func newCore(t *testing.T, s *acctest.Service, arguments string) *core {
	t.Helper()
	server := serve.Protocol6(provider.New("test")())
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	block := fmt.Sprintf(`{"region": %q, "access_key": %q, "secret_key": %q, "poll_interval": "1ms", "endpoints": {"modelarts": %q, "iam": %q}%s}`,
		simulator.DefaultRegion, simulator.DefaultAccessKey, simulator.DefaultSecretKey, s.URL, s.URL, arguments)
	schema := schemas.ResourceSchemas["modelarts_notebook"]
	c := &core{t: t, server: server, schema: schema, typ: schema.ValueType(), provider: fromJSON(t, schemas.Provider.ValueType(), block)}
	if resp := c.configure(c.provider, false); len(resp.Diagnostics) > 0 {
		t.Fatal(resp.Diagnostics)
	}
	return c
}

// configure configures the provider anew.
func (c *core) configure(block tftypes.Value, deferral bool) *tfprotov6.ConfigureProviderResponse {
	c.t.Helper()
	c.server = serve.Protocol6(provider.New("test")())
	resp, err := c.server.ConfigureProvider(c.t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: toDynamic(c.t, block), ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: deferral},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return resp
}

func fromJSON(t *testing.T, typ tftypes.Type, text string) tftypes.Value {
	t.Helper()
	v, err := complete(typ, text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// complete reads JSON as a value, in which the attributes that are left out are
// null.
func complete(typ tftypes.Type, text string) (tftypes.Value, error) {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return tftypes.Value{}, err
	}
	var of func(typ tftypes.Type, v any) tftypes.Value
	of = func(typ tftypes.Type, v any) tftypes.Value {
		switch typ := typ.(type) {
		case tftypes.Object:
			given, ok := v.(map[string]any)
			if !ok {
				return tftypes.NewValue(typ, nil)
			}
			members := map[string]tftypes.Value{}
			for name, t := range typ.AttributeTypes {
				members[name] = of(t, given[name])
			}
			return tftypes.NewValue(typ, members)
		case tftypes.Map:
			given, ok := v.(map[string]any)
			if !ok {
				return tftypes.NewValue(typ, nil)
			}
			elements := map[string]tftypes.Value{}
			for name, e := range given {
				elements[name] = of(typ.ElementType, e)
			}
			return tftypes.NewValue(typ, elements)
		case tftypes.List, tftypes.Set:
			given, ok := v.([]any)
			if !ok {
				return tftypes.NewValue(typ, nil)
			}
			elements := []tftypes.Value{}
			for _, e := range given {
				elements = append(elements, of(elementType(typ), e))
			}
			return tftypes.NewValue(typ, elements)
		default:
			return tftypes.NewValue(typ, v)
		}
	}
	return of(typ, v), nil
}

func elementType(t tftypes.Type) tftypes.Type {
	switch t := t.(type) {
	case tftypes.List:
		return t.ElementType
	case tftypes.Set:
		return t.ElementType
	case tftypes.Map:
		return t.ElementType
	}
	return tftypes.DynamicPseudoType
}

func toDynamic(t *testing.T, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// kept is what Terraform holds of a notebook: the state and the private state.
type kept struct {
	state   tftypes.Value
	private []byte
}

func (c *core) none() kept { return kept{state: tftypes.NewValue(c.typ, nil)} }

// planned is the answer to a plan.
type plannedChange struct {
	value    tftypes.Value
	replaces []string
	errors   []string
	warnings []string
	private  []byte
}

func (p *plannedChange) announcesStop() bool {
	return slices.ContainsFunc(slices.Concat(p.warnings, p.errors), func(s string) bool {
		return strings.Contains(s, "stopped") || strings.Contains(s, "will be replaced")
	})
}

func (c *core) validate(config tftypes.Value) []string {
	c.t.Helper()
	resp, err := c.server.ValidateResourceConfig(c.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: "modelarts_notebook", Config: toDynamic(c.t, config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	errors, _ := texts(resp.Diagnostics)
	return errors
}

func texts(diags []*tfprotov6.Diagnostic) (errors, warnings []string) {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errors = append(errors, d.Summary+": "+d.Detail)
		} else {
			warnings = append(warnings, d.Summary+": "+d.Detail)
		}
	}
	return errors, warnings
}

func (c *core) plan(prior kept, config tftypes.Value) *plannedChange {
	c.t.Helper()
	resp, err := c.server.PlanResourceChange(c.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "modelarts_notebook", Config: toDynamic(c.t, config), PriorState: toDynamic(c.t, prior.state), PriorPrivate: prior.private,
		ProposedNewState: toDynamic(c.t, c.propose(prior.state, config)),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	p := &plannedChange{private: resp.PlannedPrivate}
	p.errors, p.warnings = texts(resp.Diagnostics)
	for _, where := range resp.RequiresReplace {
		p.replaces = append(p.replaces, where.String())
	}
	if resp.PlannedState != nil {
		if p.value, err = resp.PlannedState.Unmarshal(c.typ); err != nil {
			c.t.Fatal(err)
		}
	}
	return p
}

// make applies a configuration and returns what Terraform then holds.
func (c *core) make(prior kept, config tftypes.Value) kept {
	c.t.Helper()
	if errors := c.validate(config); len(errors) > 0 {
		c.t.Fatalf("%s: %v", values.Of(config).At("name").Text(), errors)
	}
	p := c.plan(prior, config)
	if len(p.errors) > 0 {
		c.t.Fatalf("%v", p.errors)
	}
	resp, err := c.server.ApplyResourceChange(context.Background(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "modelarts_notebook", Config: toDynamic(c.t, config), PriorState: toDynamic(c.t, prior.state),
		PlannedState: toDynamic(c.t, p.value), PlannedPrivate: p.private,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if errors, _ := texts(resp.Diagnostics); len(errors) > 0 {
		c.t.Fatalf("%v", errors)
	}
	state, err := resp.NewState.Unmarshal(c.typ)
	if err != nil {
		c.t.Fatal(err)
	}
	return kept{state: state, private: resp.Private}
}

// ---- what Terraform proposes ----

// propose is the state that Terraform proposes: the configuration, with the prior
// values of what is computed and not configured.
func (c *core) propose(prior, config tftypes.Value) tftypes.Value {
	was, now := values.Of(prior), values.Of(config)
	members := map[string]tftypes.Value{}
	for _, a := range c.schema.Block.Attributes {
		members[a.Name] = proposeAttribute(a, was.At(a.Name), now.At(a.Name)).Value
	}
	for _, b := range c.schema.Block.BlockTypes {
		members[b.TypeName] = proposeObject(b.Block.Attributes, was.At(b.TypeName), now.At(b.TypeName)).Value
	}
	return tftypes.NewValue(c.typ, members)
}

func proposeObject(attributes []*tfprotov6.SchemaAttribute, was, now values.Value) values.Value {
	if now.IsNull() {
		return now
	}
	members := map[string]tftypes.Value{}
	for _, a := range attributes {
		members[a.Name] = proposeAttribute(a, was.At(a.Name), now.At(a.Name)).Value
	}
	return values.Of(tftypes.NewValue(now.Type(), members))
}

func proposeAttribute(a *tfprotov6.SchemaAttribute, was, now values.Value) values.Value {
	switch {
	case now.IsNull() && a.Computed:
		if a.Optional && a.NestedType != nil && configuredBefore(a.NestedType.Attributes, was) {
			return now
		}
		return was
	case !now.IsSet() || a.NestedType == nil:
		return now
	case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
		return proposeObject(a.NestedType.Attributes, was, now)
	case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeMap:
		elements := map[string]tftypes.Value{}
		for key, e := range now.Elements() {
			if _, there := was.Elements()[key]; there {
				e = proposeObject(a.NestedType.Attributes, was.At(key), e)
			}
			elements[key] = e.Value
		}
		return values.Of(tftypes.NewValue(now.Type(), elements))
	default:
		return now // lists have no computed members here
	}
}

// configuredBefore reports whether a prior object has a value that only a
// configuration can have given.
func configuredBefore(attributes []*tfprotov6.SchemaAttribute, was values.Value) bool {
	return slices.ContainsFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return !a.Computed && was.At(a.Name).IsSet() })
}

// ---- Terraform's rule ----

// inconsistent says where a value that was planned is another in the end.
func inconsistent(planned, final values.Value, where string) []string {
	switch {
	case !planned.IsKnown():
		return nil
	case planned.IsNull() != final.IsNull() || !final.IsKnown():
		return []string{fmt.Sprintf("%s was planned as %s and became %s", where, values.Text(planned), values.Text(final))}
	case planned.IsNull():
		return nil
	}
	switch planned.Type().(type) {
	case tftypes.Object, tftypes.Map:
		was, now := planned.Elements(), final.Elements()
		if !slices.Equal(slices.Sorted(maps.Keys(was)), slices.Sorted(maps.Keys(now))) {
			return []string{fmt.Sprintf("%s has other keys: %s became %s", where, values.Text(planned), values.Text(final))}
		}
		var all []string
		for key := range was {
			all = append(all, inconsistent(was[key], now[key], where+"."+key)...)
		}
		return all
	case tftypes.List:
		var was, now []tftypes.Value
		_, _ = planned.As(&was), final.As(&now)
		if len(was) != len(now) {
			return []string{where + " has another length"}
		}
		var all []string
		for i := range was {
			all = append(all, inconsistent(values.Of(was[i]), values.Of(now[i]), fmt.Sprintf("%s[%d]", where, i))...)
		}
		return all
	}
	if planned.IsFullyKnown() && !values.Equal(planned, final) {
		return []string{fmt.Sprintf("%s was planned as %s and became %s", where, values.Text(planned), values.Text(final))}
	}
	return nil
}

// ---- the table ----
