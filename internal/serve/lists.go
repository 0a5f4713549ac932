package serve

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// listsOf reads the schemas of the list blocks of a provider when they are first
// needed.
func listsOf(p provider.Provider) func() map[string]configured {
	return sync.OnceValue(func() map[string]configured {
		all := make(map[string]configured)
		with, ok := p.(provider.ProviderWithListResources)
		if !ok {
			return all
		}
		ctx := context.Background()
		var meta provider.MetadataResponse
		p.Metadata(ctx, provider.MetadataRequest{}, &meta)
		for _, newOne := range with.ListResources(ctx) {
			var name resource.MetadataResponse
			var s list.ListResourceSchemaResponse
			newOne().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: meta.TypeName}, &name)
			newOne().ListResourceConfigSchema(ctx, list.ListResourceSchemaRequest{}, &s)
			all[name.TypeName] = configuredBy(ctx, s.Schema)
		}
		return all
	})
}

// ValidateListResourceConfig looks at the configuration before the framework does. The
// results of ListResource come after that call, on a context that must not be let go
// of: it is the framework's as it is.
func (s *server) ValidateListResourceConfig(ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	of := s.lists()[req.TypeName]
	rest, found := of.look(ctx, req.Config)
	looked := *req
	looked.Config = rest
	resp, err := call(ctx, &looked, s.fullServer.ValidateListResourceConfig)
	if err == nil {
		resp.Diagnostics = together(found, of.withoutUnknown(req.Config, resp.Diagnostics))
		of.cut(resp.Diagnostics)
	}
	return resp, err
}
