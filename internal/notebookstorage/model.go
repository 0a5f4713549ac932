package notebookstorage

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// model is a mount, in the order of the schema.
type model struct {
	ID            types.String `tfsdk:"id"`
	Region        types.String `tfsdk:"region"`
	ProjectID     types.String `tfsdk:"project_id"`
	NotebookID    types.String `tfsdk:"notebook_id"`
	Category      types.String `tfsdk:"category"`
	URI           types.String `tfsdk:"uri"`
	EFSID         types.String `tfsdk:"efs_id"`
	MountPath     types.String `tfsdk:"mount_path"`
	Status        types.String `tfsdk:"status"`
	FailureReason types.String `tfsdk:"failure_reason"`
}

// resourceModel is a mount with what concerns the resource alone.
type resourceModel struct {
	model
	StartNotebook types.Bool     `tfsdk:"start_notebook"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}
