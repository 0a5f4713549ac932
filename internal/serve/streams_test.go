package serve

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// lists is a server whose queries show rows until they are cancelled, and then push what
// ends them.
type lists struct {
	fullServer
	last    tfprotov6.ListResourceResult
	cancel  context.CancelFunc
	showing chan struct{}
}

func (l *lists) ListResource(ctx context.Context, _ *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, l.cancel = context.WithCancel(ctx)
	return &tfprotov6.ListResourceServerStream{Results: func(yield func(tfprotov6.ListResourceResult) bool) {
		if !yield(tfprotov6.ListResourceResult{DisplayName: "one"}) {
			return
		}
		close(l.showing)
		<-ctx.Done()
		yield(l.last)
	}}, nil
}

func (l *lists) InvokeAction(context.Context, *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return nil, errors.New("it was begun")
}

func (l *lists) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	if l.cancel != nil {
		l.cancel()
	}
	return &tfprotov6.StopProviderResponse{}, nil
}

// A query that is stopped ends with an error, whatever it would have shown last, and the stop
// lasts until Terraform has been told. Nothing is begun after a stop.
func TestStopOfAQuery(t *testing.T) {
	t.Parallel()
	failed := []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "context canceled"}}
	for name, last := range map[string]tfprotov6.ListResourceResult{
		"an error": {Diagnostics: failed},
		"a row":    {DisplayName: "two"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &lists{last: last, showing: make(chan struct{})}
			s := &server{fullServer: l}
			stream, err := s.ListResource(t.Context(), &tfprotov6.ListResourceRequest{})
			if err != nil {
				t.Fatal(err)
			}
			var shown []string
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				for result := range stream.Results {
					text := result.DisplayName
					for _, d := range result.Diagnostics {
						text += d.Summary
					}
					shown = append(shown, text)
				}
			}()
			<-l.showing
			if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
				t.Fatal(err)
			}
			if want := []string{"one", "The query was cancelled"}; !slices.Equal(shown, want) {
				t.Errorf("it shows %q before the stop has ended, want %q", shown, want)
			}
			<-ended
			if _, err := s.ListResource(t.Context(), &tfprotov6.ListResourceRequest{}); !errors.Is(err, errStopped) {
				t.Errorf("a query after a stop: %v", err)
			}
			if _, err := s.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{}); !errors.Is(err, errStopped) {
				t.Errorf("an action after a stop: %v", err)
			}
		})
	}
}

// A query that nothing stops shows what there is, and a stop does not wait for one that
// Terraform reads no more.
func TestQueryWithoutAStop(t *testing.T) {
	t.Parallel()
	l := &lists{showing: make(chan struct{})}
	s := &server{fullServer: l}
	stream, err := s.ListResource(t.Context(), &tfprotov6.ListResourceRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for result := range stream.Results {
		if result.DisplayName != "one" {
			t.Errorf("it shows %+v", result)
		}
		break // as at a limit
	}
	if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
}
