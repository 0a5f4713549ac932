package provider

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// Each argument has its variable, and the page of the provider names each of them.
func TestEnvironmentIsDocumented(t *testing.T) {
	var resp provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	for name := range resp.Schema.Attributes {
		if _, isObject := resp.Schema.Attributes[name].(providerschema.SingleNestedAttribute); !isObject && len(environment[name]) == 0 {
			t.Errorf("the argument %s has no variable", name)
		}
	}
	text, err := os.ReadFile("../../templates/index.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for argument, variables := range environment {
		for _, word := range append([]string{argument}, variables...) {
			if !strings.Contains(string(text), "`"+word+"`") {
				t.Errorf("the page of the provider does not name %s", word)
			}
		}
	}
}

// Every schema holds together.
func TestSchemasAreValid(t *testing.T) {
	ctx := context.Background()
	p := New("test")()
	var ps provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &ps)
	if diags := ps.Schema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	whole(t, "provider", ps.Schema.Attributes)
	for _, newOne := range p.Resources(ctx) {
		var rs resource.SchemaResponse
		newOne().Schema(ctx, resource.SchemaRequest{}, &rs)
		if diags := rs.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Error(diags)
		}
		whole(t, "resource", rs.Schema.Attributes)
	}
	for _, newOne := range p.DataSources(ctx) {
		var ds datasource.SchemaResponse
		newOne().Schema(ctx, datasource.SchemaRequest{}, &ds)
		if diags := ds.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Error(diags)
		}
		whole(t, "data source", ds.Schema.Attributes)
	}
	for _, newOne := range p.(provider.ProviderWithEphemeralResources).EphemeralResources(ctx) {
		var es ephemeral.SchemaResponse
		newOne().Schema(ctx, ephemeral.SchemaRequest{}, &es)
		if diags := es.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Error(diags)
		}
		whole(t, "ephemeral resource", es.Schema.Attributes)
	}
	for _, newOne := range p.(provider.ProviderWithActions).Actions(ctx) {
		var as action.SchemaResponse
		newOne().Schema(ctx, action.SchemaRequest{}, &as)
		if diags := as.Schema.ValidateImplementation(ctx); diags.HasError() {
			t.Error(diags)
		}
		whole(t, "action", as.Schema.Attributes)
	}
}

type attribute interface {
	GetDescription() string
	GetMarkdownDescription() string
	IsRequired() bool
	IsOptional() bool
	IsComputed() bool
}

// whole checks what ValidateImplementation passes over: each attribute is
// described, and says who gives its value.
func whole[A attribute](t *testing.T, where string, attributes map[string]A) {
	t.Helper()
	for name, a := range attributes {
		at := where + "." + name
		if a.GetMarkdownDescription()+a.GetDescription() == "" && name != "timeouts" {
			t.Errorf("%s has no description", at)
		}
		if !a.IsRequired() && !a.IsOptional() && !a.IsComputed() {
			t.Errorf("%s is neither required nor optional nor computed", at)
		}
		if nested, ok := any(a).(schema.NestedAttribute); ok {
			whole(t, at, nested.GetNestedObject().GetAttributes())
		}
	}
}
