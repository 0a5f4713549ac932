package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Generates is a provider that mends the configurations which the framework generates
// from the state of a resource, for import blocks and queries. The framework leaves out
// what only the provider can set, and keeps all else.
type Generates interface {
	provider.Provider

	// Generated returns the configuration of a resource in its place.
	Generated(resource string, config tftypes.Value) tftypes.Value
}

// GenerateResourceConfig lets the provider mend what the framework generates. Terraform
// asks since 1.14; an older one takes the state.
func (s *server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	resp, err := call(ctx, req, s.fullServer.GenerateResourceConfig)
	configType := s.schemas().resources[req.TypeName].typ
	if err != nil || s.generates == nil || configType == nil || resp.Config == nil {
		return resp, err
	}
	config, err := resp.Config.Unmarshal(configType)
	if err != nil {
		return resp, err
	}
	mended, err := tfprotov6.NewDynamicValue(configType, s.generates.Generated(req.TypeName, config))
	if err != nil {
		return resp, err
	}
	resp.Config = &mended
	return resp, nil
}

// GetProviderSchema says that the provider generates configurations, which the framework
// can do and does not say.
func (s *server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.fullServer.GetProviderSchema(ctx, req)
	if err == nil && resp.ServerCapabilities != nil {
		resp.ServerCapabilities.GenerateResourceConfig = s.generates != nil
	}
	return resp, err
}
