package serve

import (
	"context"
	"errors"
	"sync"

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
	looked := *req
	return validate(ctx, s.schemas().ephemerals[req.TypeName], &looked, &looked.Config, s.fullServer.ValidateEphemeralResourceConfig,
		func(resp *tfprotov6.ValidateEphemeralResourceConfigResponse) *[]*tfprotov6.Diagnostic {
			return &resp.Diagnostics
		})
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := call(ctx, req, s.fullServer.OpenEphemeralResource)
	if err == nil {
		s.schemas().ephemerals[req.TypeName].cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	looked := *req
	return validate(ctx, s.schemas().actions[req.ActionType], &looked, &looked.Config, s.fullServer.ValidateActionConfig,
		func(resp *tfprotov6.ValidateActionConfigResponse) *[]*tfprotov6.Diagnostic { return &resp.Diagnostics })
}

func (s *server) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	resp, err := call(ctx, req, s.fullServer.PlanAction)
	if err == nil {
		s.schemas().actions[req.ActionType].cut(resp.Diagnostics)
	}
	return resp, err
}

// streams are the calls that answer with a stream: actions that run, and queries.
type streams struct {
	mu      sync.Mutex
	stopped bool // StopProvider was called
	open    sync.WaitGroup
}

// errStopped is the answer to a call that comes after StopProvider.
var errStopped = errors.New("the provider was stopped")

// begin opens a stream, and returns what ends it. After a stop none is opened.
func (s *streams) begin() (end func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil, errStopped
	}
	s.open.Add(1)
	return sync.OnceFunc(s.open.Done), nil
}

// stop notes that the provider was stopped.
func (s *streams) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
}

func (s *streams) isStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

// InvokeAction lets go of its context when the last event is sent, and not when it
// returns: the action runs until then. An action goes on to its end also when Terraform
// listens no more, since it may owe the notebook a start.
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	end, err := s.streams.begin()
	if err != nil {
		return nil, err
	}
	released, release := newReleased(ctx)
	stream, err := s.fullServer.InvokeAction(released, req)
	if err != nil || stream == nil || stream.Events == nil {
		release()
		end()
		return stream, err
	}
	events, of := stream.Events, s.schemas().actions[req.ActionType]
	stream.Events = func(yield func(tfprotov6.InvokeActionEvent) bool) {
		defer end()
		defer release()
		told := true
		for event := range events {
			end, last := event.Type.(tfprotov6.CompletedInvokeActionEventType)
			if last {
				of.cut(end.Diagnostics)
			}
			if last || !s.streams.isStopped() {
				told = told && yield(event)
			}
		}
	}
	return stream, nil
}

// ListResource ends a query that is stopped with an error. Without one, Terraform takes
// what has come until then for the whole: it shows it, writes configurations of it, and
// ends well.
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	end, err := s.streams.begin()
	if err != nil {
		return nil, err
	}
	stream, err := s.fullServer.ListResource(ctx, req)
	if err != nil || stream == nil || stream.Results == nil {
		end()
		return stream, err
	}
	results := stream.Results
	stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
		defer end()
		for result := range results {
			if s.streams.isStopped() {
				yield(tfprotov6.ListResourceResult{Diagnostics: []*tfprotov6.Diagnostic{{
					Severity: tfprotov6.DiagnosticSeverityError, Summary: "The query was cancelled",
					Detail: "It was cancelled before it had listed everything, so its result would be incomplete. Run it again.",
				}}})
				return
			}
			if !yield(result) {
				return
			}
		}
	}
	return stream, nil
}

// StopProvider cancels the calls that are under way, and returns when the actions and
// queries among them have ended. The server of the protocol sends no event after that:
// Terraform would report an action or a query that was cut as complete, and end the process
// before the action has done what it owes.
//
// Until then actions tell of no progress: Terraform 1.15 crashes at the second event after
// an interrupt.
func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.streams.stop()
	resp, err := s.fullServer.StopProvider(ctx, req)
	s.streams.open.Wait()
	return resp, err
}
