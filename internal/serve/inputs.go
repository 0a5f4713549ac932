package serve

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

// configured is what is needed to know of the schema of a configuration. The zero value
// is that of an unknown resource.
type configured struct {
	typ    tftypes.Type
	find   inputs.Find
	schema *schema.Schema // of a resource
}

// look looks at a configuration before the framework does. It returns the
// configuration that the framework is to look at, and what was found.
func (c configured) look(ctx context.Context, config *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, []*tfprotov6.Diagnostic) {
	if config == nil || c.typ == nil {
		return config, nil
	}
	v, err := config.Unmarshal(c.typ)
	if err != nil {
		return config, nil // the framework says so
	}
	mended, found := inputs.Look(ctx, v, c.find)
	if len(found) == 0 {
		return config, nil
	}
	rest, err := tfprotov6.NewDynamicValue(c.typ, mended)
	if err != nil {
		return config, found
	}
	return &rest, found
}

// validate looks at the configuration of a request before the framework validates what is
// left of it, and joins what both have found. config is that of the request, and
// diagnostics are those of the response.
func validate[Request, Response any](ctx context.Context, of configured, req *Request, config **tfprotov6.DynamicValue,
	method func(context.Context, *Request) (*Response, error), diagnostics func(*Response) *[]*tfprotov6.Diagnostic,
) (*Response, error) {
	given := *config
	rest, found := of.look(ctx, given)
	*config = rest
	resp, err := call(ctx, req, method)
	if err == nil {
		all := diagnostics(resp)
		*all = together(found, of.withoutUnknown(given, *all))
		of.cut(*all)
	}
	return resp, err
}

// together are the findings of a look and those of the framework, without what the
// latter has at a place where the former have found something.
func together(found, rest []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	return append(found, slices.DeleteFunc(rest, func(d *tfprotov6.Diagnostic) bool {
		return slices.ContainsFunc(found, func(f *tfprotov6.Diagnostic) bool { return below(d.Attribute, f.Attribute) })
	})...)
}

// below reports whether a path is another one, or leads on from it.
func below(where, from *tftypes.AttributePath) bool {
	n := len(from.Steps())
	return where != nil && len(where.Steps()) >= n && tftypes.NewAttributePathWithSteps(where.Steps()[:n]).Equal(from)
}

// schemas are those of all configurations that a provider takes.
type schemas struct {
	provider               configured
	resources, dataSources map[string]configured
	ephemerals, actions    map[string]configured
	lists                  map[string]configured
}

// frameworkSchema is a schema of anything that is configured, or of a provider block.
type frameworkSchema[Attribute any] interface {
	Type() attr.Type
	AttributeAtTerraformPath(ctx context.Context, where *tftypes.AttributePath) (Attribute, error)
}

func configuredBy[Attribute any](ctx context.Context, s frameworkSchema[Attribute]) configured {
	return configured{typ: s.Type().TerraformType(ctx), find: func(where *tftypes.AttributePath) (any, error) {
		return s.AttributeAtTerraformPath(ctx, where)
	}}
}

// schemasOf reads the schemas of a provider when they are first needed.
func schemasOf(p provider.Provider) func() *schemas {
	return sync.OnceValue(func() *schemas {
		ctx := context.Background()
		var meta provider.MetadataResponse
		p.Metadata(ctx, provider.MetadataRequest{}, &meta)
		var block provider.SchemaResponse
		p.Schema(ctx, provider.SchemaRequest{}, &block)
		all := &schemas{
			provider:  configuredBy(ctx, block.Schema),
			resources: make(map[string]configured), dataSources: make(map[string]configured),
			ephemerals: make(map[string]configured), actions: make(map[string]configured), lists: make(map[string]configured),
		}
		all.readDoors(ctx, p, meta.TypeName)
		all.readLists(ctx, p, meta.TypeName)
		for _, newOne := range p.Resources(ctx) {
			var name resource.MetadataResponse
			var s resource.SchemaResponse
			newOne().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: meta.TypeName}, &name)
			newOne().Schema(ctx, resource.SchemaRequest{}, &s)
			of := configuredBy(ctx, s.Schema)
			of.schema = &s.Schema
			all.resources[name.TypeName] = of
		}
		for _, newOne := range p.DataSources(ctx) {
			var name datasource.MetadataResponse
			var s datasource.SchemaResponse
			newOne().Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: meta.TypeName}, &name)
			newOne().Schema(ctx, datasource.SchemaRequest{}, &s)
			all.dataSources[name.TypeName] = configuredBy(ctx, s.Schema)
		}
		return all
	})
}

// The server looks at each configuration before the framework does, and cuts the paths
// of all diagnostics.

func (s *server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	block := s.schemas().provider
	rest, found := block.look(ctx, req.Config)
	resp, err := s.fullServer.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: rest})
	if err == nil {
		if len(found) > 0 {
			resp.PreparedConfig = req.Config
		}
		resp.Diagnostics = together(found, resp.Diagnostics)
		block.cut(resp.Diagnostics)
	}
	return resp, err
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if s.shortcuts != nil && s.shortcuts.validates(ctx, req) {
		return &tfprotov6.ValidateResourceConfigResponse{}, s.proof.validate(ctx, s, req)
	}
	return s.validateFully(ctx, req)
}

// validateFully looks at the configuration of a resource, and has the framework validate it.
func (s *server) validateFully(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	looked := *req
	return validate(ctx, s.schemas().resources[req.TypeName], &looked, &looked.Config, s.fullServer.ValidateResourceConfig,
		func(resp *tfprotov6.ValidateResourceConfigResponse) *[]*tfprotov6.Diagnostic {
			return &resp.Diagnostics
		})
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	looked := *req
	return validate(ctx, s.schemas().dataSources[req.TypeName], &looked, &looked.Config, s.fullServer.ValidateDataResourceConfig,
		func(resp *tfprotov6.ValidateDataResourceConfigResponse) *[]*tfprotov6.Diagnostic {
			return &resp.Diagnostics
		})
}
