package notebookstorage

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
)

// Limits of the API's contract, in characters, with the slash that is sent.
const (
	maxURI       = 256
	maxMountPath = 256
)

var (
	mountPathPattern = regexp.MustCompile(`^/data/[^/]`)
	crookedPattern   = regexp.MustCompile(`//|/\.{1,2}(/|$)`)
)

// The categories of storage that can be mounted.
const (
	categoryOBSFS = "OBSFS"
	categoryOBS   = "OBS"
	categoryEFS   = "EFS"
)

// Schema describes modelarts_notebook_storage. What a change does is in plan.go.
func (r *storageResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Storage that is mounted below `/data/` of a running notebook: a parallel file system of OBS or, in dedicated resource pools, an SFS Turbo file system.\n\n" +
			"Storage is mounted and unmounted while the notebook runs, without a restart. A notebook has at most 10 mounts. Unmounting does not delete data. " +
			"To define storage as a part of the notebook itself, use `data_volumes` of `modelarts_notebook`.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "ID of the mount. It changes each time the storage is mounted, for example after a restart of the notebook.",
				Computed:            true,
			},
			"region": schema.StringAttribute{
				MarkdownDescription: "Region of the notebook. Default: that of the provider. A change replaces the mount.",
				Optional:            true, Computed: true,
				Validators: location.RegionRules(),
			},
			"project_id": schema.StringAttribute{
				MarkdownDescription: "ID of the project of the notebook.",
				Computed:            true,
			},
			"notebook_id": schema.StringAttribute{
				MarkdownDescription: "ID of the notebook that the storage is mounted on. A change replaces the mount.",
				Required:            true,
				Validators:          []validator.String{inputs.NotEmpty(), inputs.Matches(location.UUIDPattern, "must be the ID of a notebook, a UUID such as f9937afa-4451-42db-a76b-72d624749f66")},
			},
			"category": schema.StringAttribute{
				MarkdownDescription: "Kind of the storage, in any letter case. `OBSFS` and `OBS` both mean a parallel file system of OBS. `EFS` means SFS Turbo, in dedicated resource pools only. A change replaces the mount.",
				Required:            true,
				Validators:          []validator.String{inputs.OneOf(categoryOBSFS, categoryOBS, categoryEFS)},
			},
			"uri": schema.StringAttribute{
				MarkdownDescription: "Source of the storage: `obs://bucket/path/`, a folder of a parallel file system, with or without a slash at its end; or the share path of an SFS Turbo file system. A change replaces the mount.",
				Required:            true,
				Validators:          []validator.String{inputs.Length(1, maxURI), inputs.OneLine()},
			},
			"efs_id": schema.StringAttribute{
				MarkdownDescription: "ID of the SFS Turbo file system. Required for the category `EFS`. A change replaces the mount.",
				Optional:            true,
				Validators:          []validator.String{inputs.Text()},
			},
			"mount_path": schema.StringAttribute{
				MarkdownDescription: "Folder of the notebook at which the storage is mounted, below `/data/`, with or without a slash at its end. No data volume of the notebook and no other mount may use it. A change replaces the mount.",
				Required:            true,
				Validators: []validator.String{
					inputs.Length(1, maxMountPath), inputs.Matches(mountPathPattern, "must be below /data/, such as /data/lake/"),
					inputs.OneLine(), inputs.Without(crookedPattern, "must be a path without empty parts and without . and .."),
				},
			},
			"start_notebook": schema.BoolAttribute{
				MarkdownDescription: "Whether to start a notebook that does not run to mount or unmount the storage, and to stop it again afterwards. With the default `false`, mounting on a notebook that does not run fails.",
				Optional:            true, Computed: true,
				Default: booldefault.StaticBool(false),
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "Status of the mount, as last seen while the notebook ran: `MOUNTING`, `MOUNTED`, `MOUNT_FAILED`, `UNMOUNTING` or `UNMOUNT_FAILED`.",
				Computed:            true,
			},
			"failure_reason": schema.StringAttribute{
				MarkdownDescription: "Why the storage could not be mounted, as the service returns it. Null if it is mounted.",
				Computed:            true,
			},
			"timeouts": timeoutsSchema(),
		},
	}
}

// timeoutsSchema are the operations that have a timeout.
func timeoutsSchema() schema.Attribute {
	return inputs.Timeouts(map[string]string{
		"create": "How long a create may take, including a start and a stop of the notebook. Default `30m`.",
		"read":   "How long a read may take. Default `5m`.",
		"update": "How long it may take to mount the storage again. Default `30m`.",
		"delete": "How long a delete may take, including a start and a stop of the notebook. Default `30m`. A destroy uses the value that was applied last.",
	})
}

// ValidateConfig checks which arguments go together.
func (r *storageResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Category.IsUnknown() || config.Category.IsNull() {
		return
	}
	efs := strings.EqualFold(config.Category.ValueString(), categoryEFS)
	uri := config.URI
	switch bucket := strings.HasPrefix(strings.ToLower(uri.ValueString()), "obs://"); {
	case uri.IsUnknown() || uri.IsNull():
	case !efs && !bucket:
		resp.Diagnostics.AddAttributeError(path.Root("uri"), "Not of the form that is needed",
			"Attribute uri must be obs://bucket/path/ for a category of OBS, such as obs://team-data/lake/.")
	case efs && bucket:
		resp.Diagnostics.AddAttributeError(path.Root("uri"), "Not of the form that is needed",
			"Attribute uri must be the share path of an SFS Turbo file system for the category EFS. A folder of a bucket has the category OBSFS.")
	}
	switch {
	case efs && config.EFSID.IsNull():
		resp.Diagnostics.AddAttributeError(path.Root("efs_id"), "An argument is missing",
			"The category EFS needs efs_id, the ID of the SFS Turbo file system.")
	case !efs && !config.EFSID.IsNull() && !config.EFSID.IsUnknown():
		resp.Diagnostics.AddAttributeError(path.Root("efs_id"), "Arguments do not go together",
			"Attribute efs_id is only for the category EFS.")
	}
}
