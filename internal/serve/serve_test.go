package serve

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// lingering is a provider with one data source, whose reads last until they are
// cancelled.
type lingering struct {
	started chan context.Context
	until   chan struct{}
}

func (*lingering) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "x"
}
func (*lingering) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (*lingering) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (*lingering) Resources(context.Context) []func() resource.Resource { return nil }
func (p *lingering) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &source{p} }}
}

type source struct{ p *lingering }

func (*source) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "x_y"
}

func (*source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dschema.Schema{}
}

func (s *source) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	s.p.started <- ctx
	select {
	case <-ctx.Done():
		resp.Diagnostics.AddError("cut", ctx.Err().Error())
	case <-s.p.until:
	}
}

type key struct{}

// read starts a read, whose context holds a value, and returns the context that
// the data source has got, and the answer to come.
func read(t *testing.T, p *lingering, s tfprotov6.ProviderServer) (context.Context, <-chan *tfprotov6.ReadDataSourceResponse) {
	t.Helper()
	empty := tftypes.Object{}
	config, err := tfprotov6.NewDynamicValue(empty, tftypes.NewValue(empty, map[string]tftypes.Value{}))
	if err != nil {
		t.Fatal(err)
	}
	answer := make(chan *tfprotov6.ReadDataSourceResponse, 1)
	go func() {
		resp, err := s.ReadDataSource(context.WithValue(t.Context(), key{}, "there"), &tfprotov6.ReadDataSourceRequest{TypeName: "x_y", Config: &config})
		if err != nil {
			t.Error(err)
		}
		answer <- resp
	}()
	return <-p.started, answer
}

// A stop cancels every call that runs.
func TestProtocol6_stop(t *testing.T) {
	t.Parallel()
	p := &lingering{started: make(chan context.Context), until: make(chan struct{})}
	s := Protocol6(p)
	_, first := read(t, p, s)
	_, second := read(t, p, s)
	if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, answer := range []<-chan *tfprotov6.ReadDataSourceResponse{first, second} {
		if resp := <-answer; len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Detail != context.Canceled.Error() {
			t.Errorf("got %+v, want that it was cut", resp.Diagnostics)
		}
	}
}

// What hangs on the context of a call is let go of when the call is over, and
// the call that still runs goes on.
func TestProtocol6_release(t *testing.T) {
	t.Parallel()
	p := &lingering{started: make(chan context.Context), until: make(chan struct{})}
	s := Protocol6(p)
	over, first := read(t, p, s)
	running, second := read(t, p, s)
	if over.Value(key{}) != "there" || over.Err() != nil {
		t.Fatal("a call that runs has lost its context")
	}
	p.until <- struct{}{}
	ended, going, pending := over, running, second
	select {
	case <-first:
	case <-second:
		ended, going, pending = running, over, first
	}
	if ended.Value(key{}) != nil || ended.Err() == nil {
		t.Error("a call that is over holds on to its context")
	}
	if going.Value(key{}) != "there" || going.Err() != nil {
		t.Error("the end of one call is that of another")
	}
	p.until <- struct{}{}
	if resp := <-pending; len(resp.Diagnostics) > 0 {
		t.Errorf("got %+v", resp.Diagnostics)
	}
}

// The logs of the framework are off, unless everything or they are asked for; the
// provider's own is off unless any log is asked for.
func TestQuiet(t *testing.T) {
	names := append([]string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PATH", ownLog}, frameworkLogs...)
	for set, want := range map[string]struct{ framework, own string }{
		"TF_LOG=":                         {"OFF", "OFF"},
		"TF_LOG_PATH=log":                 {"OFF", "OFF"},
		"TF_LOG=INFO":                     {"OFF", ""},
		"TF_LOG=DEBUG":                    {"OFF", ""},
		"TF_LOG_PROVIDER=debug":           {"OFF", ""},
		"TF_LOG=TRACE":                    {"", ""},
		"TF_LOG=json":                     {"", ""},
		"TF_LOG_PROVIDER=TRACE":           {"", ""},
		"TF_LOG_SDK_PROTO=DEBUG":          {"", ""},
		"TF_LOG_PROVIDER_MODELARTS=DEBUG": {"OFF", "DEBUG"},
	} {
		for _, name := range names {
			t.Setenv(name, "")
		}
		name, value, _ := strings.Cut(set, "=")
		t.Setenv(name, value)
		quiet()
		for _, variable := range frameworkLogs {
			if got := os.Getenv(variable); variable != name && got != want.framework {
				t.Errorf("%s: %s is %q", set, variable, got)
			}
		}
		if got := os.Getenv(ownLog); got != want.own {
			t.Errorf("%s: %s is %q", set, ownLog, got)
		}
	}
}
