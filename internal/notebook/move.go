package notebook

import (
	"cmp"
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/moves"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// movable is what can become a modelarts_notebook by a block "moved".
var movable = moves.Kind{
	Object: kind, Type: "modelarts_notebook", VendorType: "huaweicloud_modelarts_notebook", ImportID: "REGION/ID",
}

// MoveState takes over notebooks from the state of the vendor's provider, and from this
// provider under another address.
func (r *notebookResource) MoveState(context.Context) []resource.StateMover {
	return movable.Movers(r.takeOver)
}

// takeOver writes the state of a notebook that the vendor's provider manages. What that
// does not know is null, as after an import, and the next read fills it: it counts as
// imported until an apply, so that nothing of it can replace the notebook. See
// design/0032-ignored-tags-and-moves.md.
func (r *notebookResource) takeOver(ctx context.Context, old moves.Object, resp *resource.MoveStateResponse) {
	for _, name := range []string{"id", "name"} {
		if old.Text(name) == "" {
			resp.Diagnostics.Append(movable.Missing(name))
			return
		}
	}
	c := newConverter(ctx)
	state := map[string]any{
		"id":           old.String("id"),
		"region":       old.String("region"),
		"name":         old.String("name"),
		"description":  old.String("description"),
		"feature":      types.StringValue("NOTEBOOK"), // the only one that the vendor's provider makes
		"flavor":       old.String("flavor_id"),
		"image_id":     old.String("image_id"),
		"image":        movedImage(c, old),
		"pool_id":      old.String("pool_id"),
		"pool_name":    old.String("pool_name"),
		"workspace_id": old.String("workspace_id"),
		"volume":       movedVolume(c, old.Block("volume")),
		"endpoints":    movedEndpoints(c, old),
		"lease":        movedLease(c, old),
		"tags":         movedTags(c, "tags", old),
		"tags_all":     movedTags(c, "tags_all", old),
		"status":       values.Upper(old.String("status")),
		"url":          old.String("url"),
		"ssh_uri":      old.String("ssh_uri"),
		"ssh":          sshOf(c, old.Text("ssh_uri")),
		"created_at":   old.Time("created_at"),

		"allow_stopping_for_update": types.BoolValue(false),
		"deletion_protection":       types.BoolValue(false),
	}
	old.Write(ctx, state, resp)
	resp.Diagnostics.Append(c.Diagnostics...)
	resp.Diagnostics.Append(markImported(ctx, resp.TargetPrivate, true)...)
	// The vendor's provider has no such argument: rules that a notebook has are the service's.
	resp.Diagnostics.Append(note(ctx, resp.TargetPrivate, notes{atAffinity.String(): whatever})...)
}

func movedImage(c *values.Converter, old moves.Object) types.Object {
	image := imageModel{Name: old.String("image_name"), SWRPath: old.String("image_swr_path"), Type: old.String("image_type")}
	if image == (imageModel{}) {
		return c.NullObject("image")
	}
	return c.Object("image", image)
}

// movedVolume is the main volume. Its owner is the service, unless it has a source.
func movedVolume(c *values.Converter, old moves.Object) types.Object {
	if old == nil {
		return c.NullObject("volume")
	}
	owner := ownershipManaged
	if len(old.Text("uri"))+len(old.Text("id")) > 0 {
		owner = ownershipDedicated
	}
	return c.Object("volume", volumeModel{
		Category:  values.Upper(old.String("type")),
		Ownership: types.StringValue(strings.ToUpper(cmp.Or(old.Text("ownership"), owner))),
		Capacity:  old.Int("size"),
		URI:       old.String("uri"),
		ID:        old.String("id"),
		MountPath: old.String("mount_path"),
	})
}

// movedEndpoints is the SSH endpoint, which the vendor's provider writes as a key pair
// and addresses.
func movedEndpoints(c *values.Converter, old moves.Object) types.Map {
	keys, addresses := old.Texts("key_pair"), old.Texts("allowed_access_ips")
	if len(keys)+len(addresses) == 0 {
		return types.MapNull(endpointType())
	}
	return values.ObjectMap(c, "endpoints", map[string]endpointModel{serviceSSH: {c.StringSet(keys), c.StringSet(addresses)}})
}

func endpointType() attr.Type {
	return attributeTypes()["endpoints"].(types.MapType).ElemType //nolint:forcetypeassert // fixed by the schema
}

// movedLease is a lease that is switched off, as the vendor's provider makes notebooks.
// What else there is the next read says.
func movedLease(c *values.Converter, old moves.Object) types.Object {
	if !old.False("auto_stop_enabled") {
		return c.NullObject("lease")
	}
	return c.Object("lease", leaseModel{Enabled: types.BoolValue(false)})
}

// movedTags are the tags, without those of the service. There are none in older
// releases.
func movedTags(c *values.Converter, name string, old moves.Object) types.Map {
	tags := make(map[string]string)
	for key, value := range old.Map("tags") {
		if !strings.HasPrefix(key, systemTagPrefix) {
			tags[key] = value
		}
	}
	if len(tags) == 0 && name == atTags.String() {
		return types.MapNull(types.StringType)
	}
	return c.MapOf(name, tags)
}
