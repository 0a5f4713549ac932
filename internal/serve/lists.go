package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// readLists reads the schemas of the list blocks of a provider.
func (all *schemas) readLists(ctx context.Context, p provider.Provider, providerName string) {
	with, ok := p.(provider.ProviderWithListResources)
	if !ok {
		return
	}
	for _, newOne := range with.ListResources(ctx) {
		var name resource.MetadataResponse
		var s list.ListResourceSchemaResponse
		newOne().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: providerName}, &name)
		newOne().ListResourceConfigSchema(ctx, list.ListResourceSchemaRequest{}, &s)
		all.lists[name.TypeName] = configuredBy(ctx, s.Schema)
	}
}

// ValidateListResourceConfig looks at the configuration before the framework does. The
// results of ListResource come after that call, on a context that must not be let go
// of: it is the framework's as it is.
func (s *server) ValidateListResourceConfig(ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	looked := *req
	return validate(ctx, s.schemas().lists[req.TypeName], &looked, &looked.Config, s.fullServer.ValidateListResourceConfig,
		func(resp *tfprotov6.ValidateListResourceConfigResponse) *[]*tfprotov6.Diagnostic {
			return &resp.Diagnostics
		})
}
