package notebookstorage

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/moves"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// movable is what can become a modelarts_notebook_storage by a block "moved".
var movable = moves.Kind{
	Object: kind, Type: "modelarts_notebook_storage", VendorType: "huaweicloud_modelarts_notebook_mount_storage", ImportID: "REGION/NOTEBOOK_ID/ID",
}

// MoveState takes over mounts from the state of the vendor's provider, and from this
// provider under another address.
func (r *storageResource) MoveState(context.Context) []resource.StateMover {
	return movable.Movers(takeOver)
}

// takeOver writes the state of a mount that the vendor's provider manages, which has
// NOTEBOOK_ID/MOUNT_ID as its id. See design/0032-ignored-tags-and-moves.md.
func takeOver(ctx context.Context, old moves.Object, resp *resource.MoveStateResponse) {
	notebook, mount, _ := strings.Cut(old.Text("id"), "/")
	if id := old.Text("notebook_id"); id != "" {
		notebook = id
	}
	if id := old.Text("mount_id"); id != "" {
		mount = id
	}
	for attribute, value := range map[string]string{"notebook_id": notebook, "mount_id": mount, "local_mount_directory": old.Text("local_mount_directory")} {
		if value == "" {
			resp.Diagnostics.Append(movable.Missing(attribute))
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	old.Write(ctx, map[string]any{
		"id":             types.StringValue(mount),
		"region":         old.String("region"),
		"notebook_id":    types.StringValue(notebook),
		"category":       values.OrElse(values.Upper(old.String("type")), types.StringValue(categoryOBSFS)),
		"uri":            old.String("storage_path"),
		"mount_path":     old.String("local_mount_directory"),
		"status":         values.Upper(old.String("status")),
		"start_notebook": types.BoolValue(false),
	}, resp)
}
