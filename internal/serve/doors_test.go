package serve

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// acting is a lingering with an action, which lasts until it is cancelled, and a while
// longer.
type acting struct {
	lingering
	ended chan struct{}
}

func (p *acting) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return &act{p} }}
}

type act struct{ p *acting }

func (*act) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "x_act"
}

func (*act) Schema(context.Context, action.SchemaRequest, *action.SchemaResponse) {}

func (a *act) Invoke(ctx context.Context, _ action.InvokeRequest, resp *action.InvokeResponse) {
	resp.SendProgress(action.InvokeProgressEvent{Message: "begun"})
	resp.SendProgress(action.InvokeProgressEvent{Message: "going on"})
	a.p.started <- ctx
	<-ctx.Done()
	resp.SendProgress(action.InvokeProgressEvent{Message: "cut"})
	<-a.p.until
	resp.SendProgress(action.InvokeProgressEvent{Message: "mended"})
	resp.Diagnostics.AddError("cut", ctx.Err().Error())
	close(a.p.ended)
}

// invoke starts the action and passes its events on: progress as text, the end as its
// error.
func invoke(t *testing.T, s tfprotov6.ProviderServer, take func(event string) bool) {
	t.Helper()
	empty := tftypes.Object{}
	config, err := tfprotov6.NewDynamicValue(empty, tftypes.NewValue(empty, map[string]tftypes.Value{}))
	if err != nil {
		t.Fatal(err)
	}
	stream, err := s.(tfprotov6.ProviderServerWithActions).InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: "x_act", Config: &config}) //nolint:staticcheck // it is one
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for event := range stream.Events {
			text := "end"
			switch e := event.Type.(type) {
			case tfprotov6.ProgressInvokeActionEventType:
				text = e.Message
			case tfprotov6.CompletedInvokeActionEventType:
				for _, d := range e.Diagnostics {
					text += ": " + d.Detail
				}
			}
			if !take(text) {
				return
			}
		}
	}()
}

func newActing() *acting {
	return &acting{lingering{started: make(chan context.Context), until: make(chan struct{})}, make(chan struct{})}
}

// A stop cancels an action and lasts until it has ended. Terraform is told of its end, and
// of no progress between: it takes an action without an end for complete, and crashes at
// progress after an interrupt.
func TestProtocol6_stopOfAnAction(t *testing.T) {
	t.Parallel()
	p := newActing()
	s := Protocol6(p)
	var events []string
	heard := make(chan struct{}, 3)
	invoke(t, s, func(event string) bool {
		events = append(events, event)
		heard <- struct{}{}
		return true
	})
	<-heard
	<-heard
	<-p.started
	stopped := make(chan struct{})
	go func() {
		_, _ = s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
		close(stopped)
	}()
	p.until <- struct{}{} // it is past its cancel
	<-stopped
	select {
	case <-p.ended:
	default:
		t.Fatal("the stop has not waited for the action")
	}
	if want := []string{"begun", "going on", "end: context canceled"}; !slices.Equal(events, want) {
		t.Errorf("the events are %q, want %q", events, want)
	}
}

// An action goes on to its end when its events are taken no more.
func TestProtocol6_actionWithoutAListener(t *testing.T) {
	t.Parallel()
	p := newActing()
	s := Protocol6(p)
	invoke(t, s, func(string) bool { return false })
	<-p.started
	go func() { _, _ = s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}) }()
	p.until <- struct{}{}
	<-p.ended
}
