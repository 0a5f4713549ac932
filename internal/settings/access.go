package settings

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Access is a resource's or data source's way to the settings. It stands here,
// and not in a package of its own, because it needs nothing but them: the error of
// a region that cannot be called comes with its Process.
type Access struct {
	// Settings are nil until the provider has been configured, as in a validation.
	Settings *Settings
}

// Ready reports whether the provider's own region can be called and there is no
// error so far. It adds the error if the region cannot be called.
func (a *Access) Ready(diags *diag.Diagnostics) bool { return a.Settings.Home().Ready(diags) }

// ResourceAccess is the Access that a resource embeds.
type ResourceAccess struct{ Access }

// Configure takes the settings from the provider.
func (a *ResourceAccess) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	a.Settings, _ = req.ProviderData.(*Settings)
}

// DataSourceAccess is the Access that a data source embeds.
type DataSourceAccess struct{ Access }

// Configure takes the settings from the provider.
func (a *DataSourceAccess) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	a.Settings, _ = req.ProviderData.(*Settings)
}

// dataSourceTimeout is how long the read of a data source may take. It is more than
// the five minutes in whose windows gateways count requests.
const dataSourceTimeout = 10 * time.Minute

// Limit returns a context with the time that a read may take: Terraform itself gives
// none to data sources.
func (a *DataSourceAccess) Limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, dataSourceTimeout)
}

// EphemeralAccess is the Access that an ephemeral resource embeds.
type EphemeralAccess struct{ Access }

// Configure takes the settings from the provider.
func (a *EphemeralAccess) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	a.Settings, _ = req.ProviderData.(*Settings)
}

// Limit returns a context with the time that an opening may take, as for a data source.
func (a *EphemeralAccess) Limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, dataSourceTimeout)
}

// ActionAccess is the Access that an action embeds.
type ActionAccess struct{ Access }

// Configure takes the settings from the provider.
func (a *ActionAccess) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.Settings, _ = req.ProviderData.(*Settings)
}
