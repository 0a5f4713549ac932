package provider

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// Each argument has its variable, and the page of the provider names each of them. The
// guide on both providers names those that the other provider may read, too.
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
	guide, err := os.ReadFile("../../templates/guides/moving-from-huaweicloud.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for argument, variables := range environment {
		// Roles are arguments of a block there, which those who assume one have.
		if name := variables[0]; strings.HasPrefix(name, "HW_") && !strings.HasPrefix(name, "HW_ASSUME_ROLE_") && !strings.Contains(string(guide), "`"+name+"`") {
			t.Errorf("the guide on both providers does not name %s", name)
		}
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
	holds(t, "provider", ps.Schema, ps.Schema.Attributes)
	for _, newOne := range p.Resources(ctx) {
		var rs resource.SchemaResponse
		newOne().Schema(ctx, resource.SchemaRequest{}, &rs)
		holds(t, "resource", rs.Schema, rs.Schema.Attributes)
	}
	for _, newOne := range p.DataSources(ctx) {
		var ds datasource.SchemaResponse
		newOne().Schema(ctx, datasource.SchemaRequest{}, &ds)
		holds(t, "data source", ds.Schema, ds.Schema.Attributes)
	}
	for _, newOne := range p.(provider.ProviderWithEphemeralResources).EphemeralResources(ctx) {
		var es ephemeral.SchemaResponse
		newOne().Schema(ctx, ephemeral.SchemaRequest{}, &es)
		holds(t, "ephemeral resource", es.Schema, es.Schema.Attributes)
	}
	for _, newOne := range p.(provider.ProviderWithListResources).ListResources(ctx) {
		var ls list.ListResourceSchemaResponse
		newOne().ListResourceConfigSchema(ctx, list.ListResourceSchemaRequest{}, &ls)
		holds(t, "list", ls.Schema, ls.Schema.Attributes)
	}
	for _, newOne := range p.(provider.ProviderWithActions).Actions(ctx) {
		var as action.SchemaResponse
		newOne().Schema(ctx, action.SchemaRequest{}, &as)
		holds(t, "action", as.Schema, as.Schema.Attributes)
	}
}

type attribute interface {
	GetDescription() string
	GetMarkdownDescription() string
	IsRequired() bool
	IsOptional() bool
	IsComputed() bool
}

type implementation interface {
	ValidateImplementation(ctx context.Context) diag.Diagnostics
}

// holds checks a schema and its attributes.
func holds[A attribute](t *testing.T, where string, s implementation, attributes map[string]A) {
	t.Helper()
	if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
		t.Error(diags)
	}
	whole(t, where, attributes)
}

// whole checks what ValidateImplementation passes over: each attribute has a
// description, and is required, optional or computed.
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
