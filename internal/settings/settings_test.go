package settings_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

func newProcess() *settings.Process {
	return settings.NewProcess(modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, http.DefaultClient, nil, "test"))
}

func TestProcessByRegion(t *testing.T) {
	t.Parallel()
	var opened []string
	s := settings.New(settings.Policy{Region: "here"}, func(region string) *settings.Process {
		opened = append(opened, region)
		return newProcess()
	})
	home, other := s.Home(), s.In("there")
	if s.In("") != home || s.In("here") != home || s.In("there") != other || home == other {
		t.Error("a region has not one process")
	}
	if !slices.Equal(opened, []string{"", "there"}) {
		t.Errorf("opened %q", opened)
	}
	home.PlannedCreates.Add(1)
	home.Creates.Claim("id")
	if other.PlannedCreates.Load() != 0 || other.Creates.Claimed("id") {
		t.Error("what one region remembers is in the other")
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	unready := diag.NewErrorDiagnostic("Not yet", "Later.")
	ready := settings.New(settings.Policy{}, func(string) *settings.Process { return newProcess() })
	waiting := settings.New(settings.Policy{}, func(string) *settings.Process { return &settings.Process{Unready: unready} })
	var r settings.ResourceAccess
	r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: ready}, nil)
	var d settings.DataSourceAccess
	d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: waiting}, nil)

	var diags diag.Diagnostics
	if !r.Ready(&diags) || len(diags) > 0 {
		t.Errorf("a region that can be called is not ready: %v", diags)
	}
	if d.Ready(&diags) || !diags.Contains(unready) {
		t.Errorf("a region that cannot be called: %v", diags)
	}
	if r.Ready(&diags) {
		t.Error("ready after an error")
	}
	r.Configure(t.Context(), resource.ConfigureRequest{}, nil)
	if r.Settings != nil {
		t.Error("there are settings before the provider is configured")
	}
}
