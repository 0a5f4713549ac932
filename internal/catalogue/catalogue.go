// Package catalogue offers to Terraform what can be chosen for a notebook:
// flavors, resource pools, and what is left of the quota.
package catalogue

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

// The values of the API's enumerations that can be asked for.
var (
	archs      = []string{"X86_64", "AARCH64"}
	categories = []string{"CPU", "GPU", "ASCEND"}
	features   = []string{"NOTEBOOK", "DEFAULT"}
	poolTypes  = []string{"MANAGED", "DEDICATED"}
	storages   = []string{"EVS", "EFS", "OBS", "OBSFS"}
)

func oneOf(values []string) []validator.String {
	return []validator.String{inputs.OneOf(values...)}
}

func notEmpty() []validator.String {
	return []validator.String{inputs.NotEmpty()}
}

// notNone refuses an empty list of candidates.
type notNone struct{}

func (notNone) Description(context.Context) string { return "must not be empty" }

func (v notNone) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notNone) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && len(req.ConfigValue.Elements()) == 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Empty list",
			fmt.Sprintf("Attribute %s is empty: write the ID of at least one flavor, or remove the argument to have the smallest flavor that fits.", req.Path))
	}
}
