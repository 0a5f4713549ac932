package bench

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values/valuestest"
)

const resourceName = "modelarts_notebook"

// BenchmarkPlanUnchanged plans one notebook to which nothing happens, in this
// process: by the short way, and by the framework.
func BenchmarkPlanUnchanged(b *testing.B) {
	bothWays(b, func(ctx context.Context, server tfprotov6.ProviderServer, req *tfprotov6.PlanResourceChangeRequest) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.PlanResourceChange(ctx, req)
		if err != nil {
			return nil, err
		}
		return resp.Diagnostics, nil
	})
}

// BenchmarkReadUnchanged reads one notebook to which nothing has happened, in this
// process: by the short way, and by the framework. The service answers over HTTP.
func BenchmarkReadUnchanged(b *testing.B) {
	bothWays(b, func(ctx context.Context, server tfprotov6.ProviderServer, req *tfprotov6.PlanResourceChangeRequest) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: req.TypeName, CurrentState: req.PriorState, Private: req.PriorPrivate})
		if err != nil {
			return nil, err
		}
		return resp.Diagnostics, nil
	})
}

// BenchmarkValidate validates one notebook, in this process: by the short way, and by the
// framework.
func BenchmarkValidate(b *testing.B) {
	bothWays(b, func(ctx context.Context, server tfprotov6.ProviderServer, req *tfprotov6.PlanResourceChangeRequest) ([]*tfprotov6.Diagnostic, error) {
		resp, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: req.TypeName, Config: req.Config})
		if err != nil {
			return nil, err
		}
		return resp.Diagnostics, nil
	})
}

// bothWays measures a call about a notebook to which nothing happens, by the provider's
// server and by the framework's alone. req is the request to plan that notebook.
func bothWays(b *testing.B, call func(ctx context.Context, server tfprotov6.ProviderServer, req *tfprotov6.PlanResourceChangeRequest) ([]*tfprotov6.Diagnostic, error)) {
	b.Helper()
	s := service(b, 0, simulator.Options{})
	for _, way := range []struct {
		name   string
		server tfprotov6.ProviderServer
	}{
		{"short", serve.Protocol6(provider.New("bench")())},
		{"framework", providerserver.NewProtocol6(provider.New("bench")())()},
	} {
		b.Run(way.name, func(b *testing.B) {
			req := unchanged(b, s, way.server)
			b.ReportAllocs()
			for b.Loop() {
				if found, err := call(b.Context(), way.server, req); err != nil || len(found) > 0 {
					b.Fatal(err, found)
				}
			}
		})
	}
}

// unchanged creates a notebook with a server, and returns the request to plan it
// as it is.
func unchanged(b *testing.B, s *acctest.Service, server tfprotov6.ProviderServer) *tfprotov6.PlanResourceChangeRequest {
	b.Helper()
	ctx := context.Background()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	typ := schemas.ResourceSchemas[resourceName].ValueType()
	dynamic := func(v tftypes.Value) *tfprotov6.DynamicValue {
		d, err := tfprotov6.NewDynamicValue(v.Type(), v)
		if err != nil {
			b.Fatal(err)
		}
		return &d
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: dynamic(valuestest.Of(b, schemas.Provider.ValueType(), map[string]any{
		"region": simulator.DefaultRegion, "access_key": simulator.DefaultAccessKey, "secret_key": simulator.DefaultSecretKey,
		"poll_interval": "20ms", "endpoints": map[string]any{"modelarts": s.URL, "iam": s.URL},
	}))})
	if err != nil || len(configured.Diagnostics) > 0 {
		b.Fatal(err, configured)
	}
	config := dynamic(valuestest.Of(b, typ, map[string]any{
		"name": strings.ReplaceAll(b.Name(), "/", "-"), "flavor": acctest.Flavor, "image_id": acctest.Image,
		"volume": map[string]any{"category": "EVS", "capacity": 10},
		"lease":  map[string]any{"duration": "8h"},
		"tags":   map[string]any{"team": "vision", "cost": "research"},
	}))
	null := dynamic(tftypes.NewValue(typ, nil))
	planned, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceName, PriorState: null, ProposedNewState: config, Config: config,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		b.Fatal(err, planned)
	}
	created, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resourceName, PriorState: null, PlannedState: planned.PlannedState, Config: config, PlannedPrivate: planned.PlannedPrivate,
	})
	if err != nil || len(created.Diagnostics) > 0 {
		b.Fatal(err, created)
	}
	return &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceName, PriorState: created.NewState, ProposedNewState: created.NewState, Config: config, PriorPrivate: created.Private,
	}
}
