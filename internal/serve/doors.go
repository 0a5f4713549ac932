package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// readDoors reads the schemas of ephemeral resources and actions.
func (all *schemas) readDoors(ctx context.Context, p provider.Provider, providerName string) {
	if p, ok := p.(provider.ProviderWithEphemeralResources); ok {
		for _, newOne := range p.EphemeralResources(ctx) {
			var name ephemeral.MetadataResponse
			var s ephemeral.SchemaResponse
			newOne().Metadata(ctx, ephemeral.MetadataRequest{ProviderTypeName: providerName}, &name)
			newOne().Schema(ctx, ephemeral.SchemaRequest{}, &s)
			all.ephemerals[name.TypeName] = configuredBy(ctx, s.Schema)
		}
	}
	if p, ok := p.(provider.ProviderWithActions); ok {
		for _, newOne := range p.Actions(ctx) {
			var name action.MetadataResponse
			var s action.SchemaResponse
			newOne().Metadata(ctx, action.MetadataRequest{ProviderTypeName: providerName}, &name)
			newOne().Schema(ctx, action.SchemaRequest{}, &s)
			all.actions[name.TypeName] = configuredBy(ctx, s.Schema)
		}
	}
}

func (s *server) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	of := s.schemas().ephemerals[req.TypeName]
	rest, found := of.look(ctx, req.Config)
	looked := *req
	looked.Config = rest
	resp, err := call(ctx, &looked, s.fullServer.ValidateEphemeralResourceConfig)
	if err == nil {
		resp.Diagnostics = together(found, resp.Diagnostics)
		of.cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := call(ctx, req, s.fullServer.OpenEphemeralResource)
	if err == nil {
		s.schemas().ephemerals[req.TypeName].cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	of := s.schemas().actions[req.ActionType]
	rest, found := of.look(ctx, req.Config)
	looked := *req
	looked.Config = rest
	resp, err := call(ctx, &looked, s.fullServer.ValidateActionConfig)
	if err == nil {
		resp.Diagnostics = together(found, resp.Diagnostics)
		of.cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	resp, err := call(ctx, req, s.fullServer.PlanAction)
	if err == nil {
		s.schemas().actions[req.ActionType].cut(resp.Diagnostics)
	}
	return resp, err
}

// InvokeAction lets go of its context when the last event is sent, and not when it
// returns: the action runs until then.
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	released, release := newReleased(ctx)
	stream, err := s.fullServer.InvokeAction(released, req)
	if err != nil || stream == nil || stream.Events == nil {
		release()
		return stream, err
	}
	events, of := stream.Events, s.schemas().actions[req.ActionType]
	stream.Events = func(yield func(tfprotov6.InvokeActionEvent) bool) {
		defer release()
		for event := range events {
			if end, last := event.Type.(tfprotov6.CompletedInvokeActionEventType); last {
				of.cut(end.Diagnostics)
			}
			if !yield(event) {
				return
			}
		}
	}
	return stream, nil
}
