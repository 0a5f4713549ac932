package notebook

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Storage categories and their owners, in the form that is sent.
const (
	categoryEVS   = "EVS"
	categoryEFS   = "EFS"
	categoryOBS   = "OBS"
	categoryOBSFS = "OBSFS"

	ownershipManaged   = "MANAGED"
	ownershipDedicated = "DEDICATED"
)

const (
	serviceSSH = "SSH"

	leaseTiming = "TIMING"
	leaseIdle   = "IDLE"

	hookCommand = "COMMAND" // the script is given as base64 text
	hookScript  = "SCRIPT"  // the script is a file in the notebook

	mountDynamic = "DYNAMIC" // mounted on the running notebook, by another resource

	// customFlavor is what the service reports in place of a flavor when a
	// custom_spec was asked for.
	customFlavor = "custom.flavor.spec.code"

	systemTagPrefix = "_sys_"
)

// model is a notebook as the API shows it, in Terraform's types.
type model struct {
	shown
	Token types.String `tfsdk:"token"`
}

// shown is a model without its secret, as a list shows it.
type shown struct {
	ID            types.String      `tfsdk:"id"`
	Region        types.String      `tfsdk:"region"`
	ProjectID     types.String      `tfsdk:"project_id"`
	Name          types.String      `tfsdk:"name"`
	Description   types.String      `tfsdk:"description"`
	Feature       types.String      `tfsdk:"feature"`
	Flavor        types.String      `tfsdk:"flavor"`
	CustomSpec    types.Object      `tfsdk:"custom_spec"`
	ImageID       types.String      `tfsdk:"image_id"`
	Image         types.Object      `tfsdk:"image"`
	PoolID        types.String      `tfsdk:"pool_id"`
	PoolName      types.String      `tfsdk:"pool_name"`
	WorkspaceID   types.String      `tfsdk:"workspace_id"`
	Volume        types.Object      `tfsdk:"volume"`
	DataVolumes   types.Map         `tfsdk:"data_volumes"`
	Endpoints     types.Map         `tfsdk:"endpoints"`
	Lease         types.Object      `tfsdk:"lease"`
	Affinity      types.Object      `tfsdk:"affinity"`
	RunUser       types.Object      `tfsdk:"run_user"`
	UserVPC       types.Object      `tfsdk:"user_vpc"`
	PublicNetwork types.Object      `tfsdk:"public_network_config"`
	Tags          types.Map         `tfsdk:"tags"`
	TagsAll       types.Map         `tfsdk:"tags_all"`
	Status        types.String      `tfsdk:"status"`
	FailReason    types.String      `tfsdk:"fail_reason"`
	URL           types.String      `tfsdk:"url"`
	SSHURI        types.String      `tfsdk:"ssh_uri"`
	SSH           types.Object      `tfsdk:"ssh"`
	BillingItems  types.List        `tfsdk:"billing_items"`
	Owner         types.Object      `tfsdk:"owner"`
	CreatedAt     timetypes.RFC3339 `tfsdk:"created_at"`
	StopsAt       timetypes.RFC3339 `tfsdk:"stops_at"`
}

// resourceModel is a notebook as the resource manages it: with what the API
// never answers, and with what is the provider's own.
type resourceModel struct {
	model
	Hooks                  types.Object   `tfsdk:"hooks"`
	DesiredStatus          types.String   `tfsdk:"desired_status"`
	AllowStoppingForUpdate types.Bool     `tfsdk:"allow_stopping_for_update"`
	DeletionProtection     types.Bool     `tfsdk:"deletion_protection"`
	Timeouts               timeouts.Value `tfsdk:"timeouts"`
}

type customSpecModel struct {
	CPU            types.Float64 `tfsdk:"cpu"`
	Memory         types.Int64   `tfsdk:"memory"`
	GPU            types.Float64 `tfsdk:"gpu"`
	GPUType        types.String  `tfsdk:"gpu_type"`
	Arch           types.String  `tfsdk:"arch"`
	Category       types.String  `tfsdk:"category"`
	ResourceFlavor types.String  `tfsdk:"resource_flavor"`
}

type imageModel struct {
	Name    types.String `tfsdk:"name"`
	Tag     types.String `tfsdk:"tag"`
	SWRPath types.String `tfsdk:"swr_path"`
	Arch    types.String `tfsdk:"arch"`
	Type    types.String `tfsdk:"type"`
}

type volumeModel struct {
	Category      types.String `tfsdk:"category"`
	Ownership     types.String `tfsdk:"ownership"`
	Capacity      types.Int64  `tfsdk:"capacity"`
	URI           types.String `tfsdk:"uri"`
	ID            types.String `tfsdk:"id"`
	DewSecretName types.String `tfsdk:"dew_secret_name"`
	MountPath     types.String `tfsdk:"mount_path"`
	Status        types.String `tfsdk:"status"`
}

type dataVolumeModel struct {
	Category      types.String `tfsdk:"category"`
	URI           types.String `tfsdk:"uri"`
	ReadOnly      types.Bool   `tfsdk:"read_only"`
	ID            types.String `tfsdk:"id"`
	DewSecretName types.String `tfsdk:"dew_secret_name"`
}

type endpointModel struct {
	KeyPairNames     types.Set `tfsdk:"key_pair_names"`
	AllowedAccessIPs types.Set `tfsdk:"allowed_access_ips"`
}

type leaseModel struct {
	Type     types.String `tfsdk:"type"`
	Duration types.String `tfsdk:"duration"`
	Enabled  types.Bool   `tfsdk:"enabled"`
}

type hooksModel struct {
	PreStart  types.Object `tfsdk:"pre_start"`
	PostStart types.Object `tfsdk:"post_start"`
}

type hookModel struct {
	Content          types.String `tfsdk:"content"`
	ContentWO        types.String `tfsdk:"content_wo"` // in neither state nor plan
	ContentWOVersion types.Int64  `tfsdk:"content_wo_version"`
	Path             types.String `tfsdk:"path"`
	Mode             types.String `tfsdk:"mode"`
}

type affinityModel struct {
	Required  types.List `tfsdk:"required"`
	Preferred types.List `tfsdk:"preferred"`
}

type requiredRuleModel struct {
	Key      types.String `tfsdk:"key"`
	Operator types.String `tfsdk:"operator"`
	Values   types.Set    `tfsdk:"values"`
}

type preferredRuleModel struct {
	requiredRuleModel
	Weight types.Int64 `tfsdk:"weight"`
}

type runUserModel struct {
	UID types.Int64 `tfsdk:"uid"`
	GID types.Int64 `tfsdk:"gid"`
}

type userVPCModel struct {
	VPCID            types.String `tfsdk:"vpc_id"`
	SubnetID         types.String `tfsdk:"subnet_id"`
	SecurityGroupIDs types.Set    `tfsdk:"security_group_ids"`
	ConnectCIDRs     types.Set    `tfsdk:"connect_cidrs"`
}

type publicNetworkModel struct {
	Type types.String `tfsdk:"public_network_type"`
}

type ownerModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}
