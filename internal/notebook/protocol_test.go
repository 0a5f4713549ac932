package notebook_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// spoken is the provider as Terraform speaks to it, without Terraform.
type spoken struct {
	tfprotov6.ProviderServerWithActions
	t       *testing.T
	schemas *tfprotov6.GetProviderSchemaResponse
}

// speak configures the provider for a service.
func speak(t *testing.T, s *acctest.Service, block given) *spoken {
	t.Helper()
	server := serve.Protocol6(provider.New("test")())
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, schemas)
	}
	p := &spoken{server.(tfprotov6.ProviderServerWithActions), t, schemas} //nolint:staticcheck // see above
	all := given{"region": simulator.DefaultRegion, "access_key": simulator.DefaultAccessKey, "secret_key": simulator.DefaultSecretKey, "poll_interval": "10ms"}
	maps.Copy(all, block)
	config := p.value(schemas.Provider, all)
	typ := schemas.Provider.ValueType().(tftypes.Object)
	endpoints := tftypes.NewValue(typ.AttributeTypes["endpoints"], map[string]tftypes.Value{
		"modelarts": tftypes.NewValue(tftypes.String, s.URL), "iam": tftypes.NewValue(tftypes.String, s.URL),
	})
	var members map[string]tftypes.Value
	_ = config.As(&members)
	members["endpoints"] = endpoints
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: p.dynamic(tftypes.NewValue(typ, members)), TerraformVersion: "1.15.9"})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, said(resp.Diagnostics))
	}
	return p
}

// given are arguments by name: strings, booleans, numbers, objects of these, or
// tftypes.UnknownValue.
type given map[string]any

// value is a configuration of a schema with those values and nothing else.
func (p *spoken) value(schema *tfprotov6.Schema, with given) tftypes.Value {
	return objectOf(schema.ValueType().(tftypes.Object), with)
}

func objectOf(typ tftypes.Object, with given) tftypes.Value {
	members := map[string]tftypes.Value{}
	for name, member := range typ.AttributeTypes {
		object, nested := with[name].(given)
		switch {
		case nested:
			members[name] = objectOf(member.(tftypes.Object), object)
		default:
			members[name] = tftypes.NewValue(member, with[name])
		}
	}
	return tftypes.NewValue(typ, members)
}

func (p *spoken) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	d, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		p.t.Fatal(err)
	}
	return &d
}

// open opens an ephemeral resource and returns its result, members of objects with dots.
func (p *spoken) open(name string, with given) (map[string]string, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	schema := p.schemas.EphemeralResourceSchemas[name]
	config := p.dynamic(p.value(schema, with))
	checked, err := p.ValidateEphemeralResourceConfig(p.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: name, Config: config})
	if err != nil || len(checked.Diagnostics) > 0 {
		return nil, checked.Diagnostics
	}
	resp, err := p.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics
	}
	v, err := resp.Result.Unmarshal(schema.ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	flat := map[string]string{}
	flatten(flat, "", v)
	return flat, nil
}

// flatten lists what is set in a value.
func flatten(to map[string]string, prefix string, v tftypes.Value) {
	if v.IsNull() {
		return
	}
	var members map[string]tftypes.Value
	if v.Type().Is(tftypes.Object{}) && v.As(&members) == nil {
		for name, member := range members {
			flatten(to, strings.TrimPrefix(prefix+"."+name, "."), member)
		}
		return
	}
	var text string
	if v.As(&text) != nil {
		text = v.String()
	}
	to[prefix] = text
}

// invoke plans and invokes an action. It returns its messages of progress.
func (p *spoken) invoke(ctx context.Context, name string, with given) (progress []string, found []*tfprotov6.Diagnostic) {
	p.t.Helper()
	config := p.dynamic(p.value(p.schemas.ActionSchemas[name].Schema, with))
	checked, err := p.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: config})
	if err != nil || len(checked.Diagnostics) > 0 {
		return nil, checked.Diagnostics
	}
	planned, err := p.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: name, Config: config})
	if err != nil || len(planned.Diagnostics) > 0 {
		return nil, planned.Diagnostics
	}
	stream, err := p.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: config})
	if err != nil {
		p.t.Fatal(err)
	}
	ended := false
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			ended, found = true, e.Diagnostics
		}
	}
	if !ended {
		p.t.Errorf("%s sent no end", name)
	}
	return progress, found
}

// said is the text of diagnostics.
func said(diags []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Severity.String()+": "+d.Summary+": "+d.Detail)
	}
	return strings.Join(all, "\n")
}

// made makes a notebook behind the provider's back, and waits until it runs.
func made(t *testing.T, s *acctest.Service, change func(*modelarts.NotebookCreateRequest)) *modelarts.Notebook {
	t.Helper()
	flavor, capacity := acctest.Flavor, int64(5)
	request := modelarts.NotebookCreateRequest{
		Name: "test", Flavor: &flavor, ImageID: acctest.Image,
		Volume: modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED", Capacity: &capacity},
	}
	if change != nil {
		change(&request)
	}
	nb, err := clientOf(t, s).CreateNotebook(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	becomes(t, s, nb.ID, "RUNNING")
	return nb
}

// becomes waits until a notebook has a status.
func becomes(t *testing.T, s *acctest.Service, id, status string) {
	t.Helper()
	acctest.Eventually(t, "the notebook is "+status, func() bool {
		n, there := s.Notebook(id)
		return there && n.Status == status
	})
}

// clientOf calls the service behind the provider's back.
func clientOf(t *testing.T, s *acctest.Service) *modelarts.Client {
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
