// Package catalog offers to Terraform what can be chosen for a notebook:
// flavors, resource pools, and what is left of the quota.
package catalog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// source is what the data sources of this package have in common.
type source struct {
	settings *settings.Settings
}

func (s *source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	s.settings, _ = req.ProviderData.(*settings.Settings)
}

// ready says whether there is a client to call, and if not, why.
func (s *source) ready(diags *diag.Diagnostics) bool {
	if s.settings.Client == nil {
		diags.Append(diagnostics.Unready(s.settings.Unready))
	}
	return !diags.HasError()
}

// The values of the API's enumerations that can be asked for.
var (
	archs      = []string{"X86_64", "AARCH64"}
	categories = []string{"CPU", "GPU", "ASCEND"}
	features   = []string{"NOTEBOOK", "DEFAULT"}
	poolTypes  = []string{"MANAGED", "DEDICATED"}
	storages   = []string{"EVS", "EFS", "OBS", "OBSFS"}
)

func oneOf(values []string) []validator.String {
	return []validator.String{stringvalidator.OneOfCaseInsensitive(values...)}
}

func notEmpty() []validator.String {
	return []validator.String{stringvalidator.LengthAtLeast(1)}
}
