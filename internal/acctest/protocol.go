package acctest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Protocol is the provider as Terraform speaks to it, configured for a service, without
// Terraform: for what the installed one cannot drive.
type Protocol struct {
	tfprotov6.ProviderServerWithListResource
	Schemas *tfprotov6.GetProviderSchemaResponse

	t       testing.TB
	private []byte // of the object that was imported last
}

// Values are arguments by name: texts, numbers, booleans, lists of these, Values for
// objects and maps, or tftypes.UnknownValue.
type Values map[string]any

// Protocol configures the provider for the service, with further arguments.
func (s *Service) Protocol(t testing.TB, block Values) *Protocol {
	t.Helper()
	server := serve.Protocol6(provider.New("test")())
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, Said(schemas.Diagnostics))
	}
	p := &Protocol{server.(tfprotov6.ProviderServerWithListResource), schemas, t, nil} //nolint:forcetypeassert,staticcheck // a method less does not compile in serve
	arguments := Values{
		"region": simulator.DefaultRegion, "access_key": simulator.DefaultAccessKey, "secret_key": simulator.DefaultSecretKey, "poll_interval": "10ms",
		"endpoints": Values{"modelarts": s.URL, "iam": s.URL},
	}
	maps.Copy(arguments, block)
	config := p.Dynamic(Value6(schemas.Provider.ValueType(), arguments))
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: "1.15.9"})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, Said(resp.Diagnostics))
	}
	return p
}

// Value6 is a value of a type with those members and no others.
func Value6(t tftypes.Type, v any) tftypes.Value {
	of := make(map[string]tftypes.Value)
	switch typ := t.(type) {
	case tftypes.Object:
		members, given := v.(Values)
		if !given {
			return tftypes.NewValue(t, v)
		}
		for name, member := range typ.AttributeTypes {
			of[name] = Value6(member, members[name])
		}
		return tftypes.NewValue(t, of)
	case tftypes.Map:
		members, given := v.(Values)
		if !given {
			return tftypes.NewValue(t, v)
		}
		for name, member := range members {
			of[name] = Value6(typ.ElementType, member)
		}
		return tftypes.NewValue(t, of)
	case tftypes.List:
		if texts, given := v.([]string); given {
			all := make([]tftypes.Value, len(texts))
			for i, text := range texts {
				all[i] = tftypes.NewValue(typ.ElementType, text)
			}
			return tftypes.NewValue(t, all)
		}
	}
	return tftypes.NewValue(t, v)
}

// Dynamic is a value as the protocol has it.
func (p *Protocol) Dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.t.Fatal(err)
	}
	return &d
}

// Client calls the service behind the provider's back.
func (s *Service) Client(t testing.TB) *modelarts.Client {
	t.Helper()
	session, err := huaweicloud.New(huaweicloud.Config{
		Region: simulator.DefaultRegion, AccessKey: simulator.DefaultAccessKey, SecretKey: simulator.DefaultSecretKey,
		ProjectID: s.Options().ProjectID, Endpoints: huaweicloud.Endpoints{ModelArts: s.URL, IAM: s.URL},
	})
	if err != nil {
		t.Fatal(err)
	}
	return modelarts.New(session.ModelArtsEndpoint(), session.HTTPClient(), session.ProjectID, "test")
}

// Said is the text of diagnostics, a line for each: "ERROR: Summary: Detail".
func Said(diags []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Severity.String()+": "+d.Summary+": "+d.Detail)
	}
	return strings.Join(all, "\n")
}

// Found is a result of a query.
type Found struct {
	Name     string
	Identity map[string]string
	// State is null unless the query asks for it.
	State tftypes.Value
}

// Query is what a list block asks for.
type Query struct {
	Type    string // of the resource
	Config  Values
	Include bool  // the resource
	Limit   int64 // zero: Terraform's own, 100
}

// Query validates a list block and lists, as Terraform does: it reads no more results
// than the limit, and none after an error.
func (p *Protocol) Query(ctx context.Context, q Query) ([]Found, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	config := p.Dynamic(Value6(p.Schemas.ListResourceSchemas[q.Type].ValueType(), q.Config))
	checked, err := p.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: q.Type, Config: config})
	if err != nil || len(checked.Diagnostics) > 0 {
		return nil, checked.Diagnostics
	}
	stream, err := p.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: q.Type, Config: config, IncludeResource: q.Include, Limit: q.Limit})
	if err != nil {
		p.t.Fatal(err)
	}
	var rows []Found
	var said []*tfprotov6.Diagnostic
	for result := range stream.Results {
		said = append(said, result.Diagnostics...)
		if slices.ContainsFunc(result.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }) {
			return nil, said
		}
		if result.Identity == nil {
			continue
		}
		rows = append(rows, p.found(q.Type, &result))
		if int64(len(rows)) == q.Limit {
			break
		}
	}
	return rows, said
}

func (p *Protocol) found(resource string, result *tfprotov6.ListResourceResult) Found {
	p.t.Helper()
	row := Found{Name: result.DisplayName, Identity: map[string]string{}}
	identity, err := result.Identity.IdentityData.Unmarshal(p.identity(resource))
	if err != nil {
		p.t.Fatal(err)
	}
	var members map[string]tftypes.Value
	if err := identity.As(&members); err != nil {
		p.t.Fatal(err)
	}
	for name, v := range members {
		var text string
		if err := v.As(&text); err != nil || text == "" {
			p.t.Errorf("%s of the identity is %s", name, v)
		}
		row.Identity[name] = text
	}
	if result.Resource != nil {
		if row.State, err = result.Resource.Unmarshal(p.Schemas.ResourceSchemas[resource].ValueType()); err != nil {
			p.t.Fatal(err)
		}
	}
	return row
}

// identity is the type of the identity of a resource.
func (p *Protocol) identity(resource string) tftypes.Type {
	p.t.Helper()
	got, err := p.GetResourceIdentitySchemas(p.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || got.IdentitySchemas[resource] == nil {
		p.t.Fatal(err, "no identity of "+resource)
	}
	parts := make(map[string]tftypes.Type)
	for _, a := range got.IdentitySchemas[resource].IdentityAttributes {
		parts[a.Name] = a.Type
	}
	return tftypes.Object{AttributeTypes: parts}
}

// Imports imports a row of a query by its identity and reads it, and returns its state.
func (p *Protocol) Imports(resource string, row *Found) tftypes.Value {
	p.t.Helper()
	parts := Values{}
	for name, text := range row.Identity {
		parts[name] = text
	}
	identity := &tfprotov6.ResourceIdentityData{IdentityData: p.Dynamic(Value6(p.identity(resource), parts))}
	got, err := p.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resource, Identity: identity})
	if err != nil || len(got.Diagnostics) > 0 || len(got.ImportedResources) != 1 {
		p.t.Fatal(err, Said(got.Diagnostics))
	}
	one := got.ImportedResources[0]
	read, err := p.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resource, CurrentState: one.State, Private: one.Private, CurrentIdentity: one.Identity})
	if err != nil || len(read.Diagnostics) > 0 {
		p.t.Fatal(err, Said(read.Diagnostics))
	}
	state, err := read.NewState.Unmarshal(p.Schemas.ResourceSchemas[resource].ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	p.private = read.Private
	return state
}

// Generates generates the configuration of a state, as Terraform does since 1.14, and
// validates it.
func (p *Protocol) Generates(resource string, state tftypes.Value) (tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	got, err := p.GenerateResourceConfig(p.t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: resource, State: p.Dynamic(state)})
	if err != nil || len(got.Diagnostics) > 0 {
		p.t.Fatal(err, Said(got.Diagnostics))
	}
	config, err := got.Config.Unmarshal(state.Type())
	if err != nil {
		p.t.Fatal(err)
	}
	checked, err := p.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: resource, Config: got.Config})
	if err != nil {
		p.t.Fatal(err)
	}
	return config, checked.Diagnostics
}

// Adopts checks a row of a query with its resource: that it is what an import comes to, but
// for what is hidden, and that the configuration that is generated of it is valid and plans
// nothing.
func (p *Protocol) Adopts(resource string, row *Found, hidden ...string) {
	p.t.Helper()
	state := p.Imports(resource, row)
	imported := members(state)
	for _, name := range hidden {
		imported[name] = tftypes.NewValue(imported[name].Type(), nil)
	}
	if differ, err := tftypes.NewValue(state.Type(), imported).Diff(row.State); err != nil || len(differ) > 0 {
		p.t.Errorf("%s: the query shows another state than an import: %v %v", row.Name, differ, err)
	}
	config, wrong := p.Generates(resource, row.State)
	if text := Said(wrong); strings.Contains(text, "ERROR") {
		p.t.Errorf("%s: the generated configuration is not valid: %s", row.Name, text)
		return
	}
	planned, replaces, said := p.Plans(resource, state, config)
	if differ, err := planned.Diff(state); err != nil || len(differ) > 0 || replaces > 0 || strings.Contains(Said(said), "ERROR") {
		p.t.Errorf("%s: the generated configuration changes %v, and replaces for %d attributes: %v\n%s", row.Name, differ, replaces, err, Said(said))
	}
}
