package serve

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// fullServer is all that the framework's server can do. Terraform is told of the
// last three only if the server has them.
type fullServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // until they are part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // the same
	tfprotov6.ProviderServerWithStateStores  //nolint:staticcheck // the same
}

// server lets go of the contexts of calls that are over.
//
// The framework keeps the context of each call until it is told to stop, so that
// a stop can cancel those that run. On each hang the loggers of the call and
// its whole request. So each of the calls that a walk makes for each object gets
// a context that lets go of what it was made from.
type server struct {
	fullServer
	schemas   func() *schemas
	shortcuts *shortcuts // nil: the provider has none
	generates Generates  // nil: the provider has nothing to mend
	proof     *proof     // nil, but in tests
	streams   streams
}

// call calls with a context that is let go of when the call is over.
func call[Request, Response any](ctx context.Context, req Request, method func(context.Context, Request) (Response, error)) (Response, error) {
	released, release := newReleased(ctx)
	defer release()
	return method(released, req)
}

func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.fullServer.ConfigureProvider(ctx, req)
	if err == nil {
		s.schemas().provider.cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return call(ctx, req, s.fullServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return call(ctx, req, s.fullServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if s.shortcuts != nil {
		short, handOver := s.shortcuts.read(ctx, req)
		if short != nil {
			return short, s.proof.read(ctx, s, req, short, handOver)
		}
		handOver()
	}
	resp, err := call(ctx, req, s.fullServer.ReadResource)
	if err == nil {
		s.schemas().resources[req.TypeName].cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if s.shortcuts != nil {
		if short := s.shortcuts.plan(ctx, req); short != nil {
			return short, s.proof.plan(ctx, s, req, short)
		}
	}
	resp, err := call(ctx, req, s.fullServer.PlanResourceChange)
	if err == nil {
		s.schemas().resources[req.TypeName].cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := call(ctx, req, s.fullServer.ApplyResourceChange)
	if err == nil {
		s.schemas().resources[req.TypeName].cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return call(ctx, req, s.fullServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return call(ctx, req, s.fullServer.MoveResourceState)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := call(ctx, req, s.fullServer.ReadDataSource)
	if err == nil {
		s.schemas().dataSources[req.TypeName].cut(resp.Diagnostics)
	}
	return resp, err
}

// released is a context that can be let go of: it is then one that is done, with
// nothing behind it.
type released struct {
	current atomic.Pointer[context.Context]
}

// over is what remains of a context that was let go of.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// newReleased returns a context and what cancels it and lets go of its parent.
func newReleased(parent context.Context) (*released, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	r := new(released)
	r.current.Store(&ctx)
	return r, func() {
		cancel()
		r.current.Store(&over)
	}
}

func (r *released) context() context.Context    { return *r.current.Load() }
func (r *released) Deadline() (time.Time, bool) { return r.context().Deadline() }
func (r *released) Done() <-chan struct{}       { return r.context().Done() }
func (r *released) Err() error                  { return r.context().Err() }
func (r *released) Value(key any) any           { return r.context().Value(key) }
