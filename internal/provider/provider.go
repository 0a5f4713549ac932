// Package provider is the provider block, and the list of what the provider
// offers.
package provider

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/catalogue"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/image"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebook"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebookstorage"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

var (
	_ provider.Provider                       = (*modelArtsProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*modelArtsProvider)(nil)
	_ provider.ProviderWithActions            = (*modelArtsProvider)(nil)
	_ provider.ProviderWithListResources      = (*modelArtsProvider)(nil)
)

type modelArtsProvider struct {
	version string
	// settings are what Configure came to, for the shortcuts: nil unless the
	// provider is ready. The framework has them for all else.
	settings atomic.Pointer[settings.Settings]
}

// New returns the provider, for serving or testing. The version goes into the
// User-Agent.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &modelArtsProvider{version: version} }
}

func (p *modelArtsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "modelarts"
	resp.Version = p.version
}

func (p *modelArtsProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		image.NewResource,
		image.NewSavedResource,
		notebook.NewResource,
		notebookstorage.NewResource,
	}
}

func (p *modelArtsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		catalogue.NewAuthorizationDataSource,
		catalogue.NewFlavorDataSource,
		catalogue.NewFlavorsDataSource,
		catalogue.NewPoolsDataSource,
		catalogue.NewQuotaDataSource,
		image.NewDataSource,
		image.NewListDataSource,
		notebook.NewDataSource,
		notebook.NewListDataSource,
	}
}

func (p *modelArtsProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		notebook.NewAccess,
	}
}

func (p *modelArtsProvider) Actions(context.Context) []func() action.Action {
	return notebook.Actions()
}

// ListResources are what "terraform query" finds.
func (p *modelArtsProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		image.NewListResource,
		notebook.NewListResource,
	}
}
