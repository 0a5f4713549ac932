// Package catalogue offers to Terraform what can be chosen for a notebook:
// flavors, resource pools, and what is left of the quota.
package catalogue

import (
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
	return []validator.String{inputs.Text()}
}
