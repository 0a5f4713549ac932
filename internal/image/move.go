package image

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/moves"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What can become a modelarts_notebook_image, and a modelarts_image, by a block "moved".
var (
	savedMovable = moves.Kind{
		Object: savedKind.noun, Type: "modelarts_notebook_image", VendorType: "huaweicloud_modelarts_notebook_image_store", ImportID: "REGION/ID",
	}
	registeredMovable = moves.Kind{Object: registeredKind.noun, Type: "modelarts_image", ImportID: "REGION/ID"}
)

// MoveState takes over images that the vendor's provider has saved, and those of this
// provider under another address.
func (r *savedResource) MoveState(context.Context) []resource.StateMover {
	return savedMovable.Movers(takeOver)
}

// MoveState takes over images of this provider under another address. The vendor's
// provider registers none.
func (r *imageResource) MoveState(context.Context) []resource.StateMover {
	return registeredMovable.Movers(nil)
}

// takeOver writes the state of an image that the vendor's provider has saved. That never
// deletes an image, so that this one is kept, too. See
// design/0032-ignored-tags-and-moves.md.
func takeOver(ctx context.Context, old moves.Object, resp *resource.MoveStateResponse) {
	if old.Text("id") == "" {
		resp.Diagnostics.Append(savedMovable.Missing("id"))
		return
	}
	c := savedKind.newConverter(ctx)
	old.Write(ctx, map[string]any{
		"id":                  old.String("id"),
		"region":              old.String("region"),
		"notebook_id":         old.String("notebook_id"),
		"name":                old.String("name"),
		"namespace":           old.String("namespace"),
		"tag":                 old.String("tag"),
		"description":         old.String("description"),
		"workspace_id":        old.String("workspace_id"),
		"swr_path":            old.String("swr_path"),
		"swr_instance_id":     old.String("swr_instance_id"),
		"swr_instance_domain": old.String("swr_instance_domain"),
		"type":                values.Upper(old.String("type")),
		"origin":              values.Upper(old.String("origin")),
		"arch":                values.Upper(old.String("arch")),
		"status":              values.Upper(old.String("status")),
		"service_type":        values.Upper(old.String("service_type")),
		"resource_categories": c.StringSet(values.Distinct(upper(old.Texts("resource_categories")))),
		"visibility":          values.Upper(old.String("visibility")),
		"created_at":          old.Time("created_at"),
		"keep_on_destroy":     types.BoolValue(true),
		"delete_content":      types.BoolValue(true),
	}, resp)
	resp.Diagnostics.Append(c.Diagnostics...)
}
