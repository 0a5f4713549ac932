package modelarts

import (
	"encoding/json"
	"strings"
)

// In requests an optional field is a pointer, or a slice, and nil leaves it out;
// a slice that is empty but not nil is sent as [].
//
// In answers almost everything can be absent, and absent is not zero: scalars
// are pointers, nil when the answer did not hold them. Plain values are only an
// object's own ID and its statuses, where empty means absent. Enumerations come
// in upper case whatever the service sent, and unknown values are kept.

// NotebookCreateRequest is what CreateNotebook sends. Either Flavor or
// CustomSpec must be given.
type NotebookCreateRequest struct {
	Name        string                   `json:"name"`
	Description *string                  `json:"description,omitempty"`
	Feature     *string                  `json:"feature,omitempty"`
	Flavor      *string                  `json:"flavor,omitempty"`
	CustomSpec  *CustomSpec              `json:"custom_spec,omitempty"`
	ImageID     string                   `json:"image_id"`
	PoolID      *string                  `json:"pool_id,omitempty"`
	Volume      VolumeMountRequest       `json:"volume"`
	DataVolumes []DataVolumeMountRequest `json:"data_volumes,omitzero"`
	Endpoints   []EndpointsReq           `json:"endpoints,omitzero"`
	Hooks       *CustomHooks             `json:"hooks,omitempty"`
	Lease       *LeaseReq                `json:"lease,omitempty"`
	// Duration in milliseconds overrides Lease; -1 switches the automatic stop
	// off, which Lease cannot do.
	Duration    *int64          `json:"duration,omitempty"`
	WorkspaceID *string         `json:"workspace_id,omitempty"`
	Affinity    *Affinity       `json:"affinity,omitempty"`
	RunUser     *RunUser        `json:"run_user,omitempty"`
	UserVPC     *UserVpcRequest `json:"user_vpc,omitempty"`
	// PublicNetworkConfig is known to the newest model only. Send it only when
	// it is wanted: another site may refuse it.
	PublicNetworkConfig *PublicNetworkConfig `json:"public_network_config,omitempty"`
}

// NotebookUpdateRequest is what UpdateNotebook sends. A field that is nil stays
// as it is.
type NotebookUpdateRequest struct {
	Name        *string        `json:"name,omitempty"`
	Description *string        `json:"description,omitempty"`
	Flavor      *string        `json:"flavor,omitempty"`
	CustomSpec  *CustomSpec    `json:"custom_spec,omitempty"`
	ImageID     *string        `json:"image_id,omitempty"`
	Endpoints   []EndpointsReq `json:"endpoints,omitzero"`
	// StorageNewSize is the new size of the EVS volume in GB. It can only grow.
	StorageNewSize *int64                   `json:"storage_new_size,omitempty"`
	Hooks          *CustomHooks             `json:"hooks,omitempty"`
	Affinity       *Affinity                `json:"affinity,omitempty"`
	DewSecretName  *string                  `json:"dew_secret_name,omitempty"`
	DataVolumes    []DataVolumeMountRequest `json:"data_volumes,omitzero"`
	// PublicNetworkConfig is as in NotebookCreateRequest.
	PublicNetworkConfig *PublicNetworkConfig `json:"public_network_config,omitempty"`
}

// VolumeMountRequest is the main volume of a new instance.
type VolumeMountRequest struct {
	Category  string `json:"category"`
	Ownership string `json:"ownership"`
	// Capacity in GB, for EVS and managed EFS only.
	Capacity *int64 `json:"capacity,omitempty"`
	// URI is the share path of a file system, or obs://bucket/path/.
	URI *string `json:"uri,omitempty"`
	// ID of the SFS Turbo file system.
	ID            *string `json:"id,omitempty"`
	MountPath     *string `json:"mount_path,omitempty"`
	ReadOnly      *bool   `json:"read_only,omitempty"`
	DewSecretName *string `json:"dew_secret_name,omitempty"`
}

// DataVolumeMountRequest is further storage of an instance, mounted while it is
// started.
type DataVolumeMountRequest struct {
	Category  string  `json:"category"`
	Ownership *string `json:"ownership,omitempty"`
	// Capacity in GB.
	Capacity *int64 `json:"capacity,omitempty"`
	// URI is the share path of a file system, or obs://bucket/path/.
	URI *string `json:"uri,omitempty"`
	// ID of the SFS Turbo file system.
	ID            *string `json:"id,omitempty"`
	MountPath     *string `json:"mount_path,omitempty"`
	ReadOnly      *bool   `json:"read_only,omitempty"`
	DewSecretName *string `json:"dew_secret_name,omitempty"`
}

// EndpointsReq configures one access path of an instance.
type EndpointsReq struct {
	// Service is SSH or NOTEBOOK.
	Service          *string  `json:"service,omitempty"`
	KeyPairNames     []string `json:"key_pair_names,omitzero"`
	AllowedAccessIPs []string `json:"allowed_access_ips,omitzero"`
}

// CustomHooks holds the start-up scripts of an instance. No answer ever shows
// them.
type CustomHooks struct {
	ContainerHooks *ContainerHooks `json:"container_hooks,omitempty"`
}

// ContainerHooks are the scripts that run before and after the start.
type ContainerHooks struct {
	PreStart  *HookConfig `json:"pre_start,omitempty"`
	PostStart *HookConfig `json:"post_start,omitempty"`
}

// HookConfig is one start-up script.
type HookConfig struct {
	// Type is COMMAND when Script holds the base64 text of the script, SCRIPT
	// when it holds an absolute path in the instance.
	Type   *string `json:"type,omitempty"`
	Script *string `json:"script,omitempty"`
	// Mode is BLOCK or ASYNC.
	Mode *string `json:"mode,omitempty"`
}

// LeaseReq asks for an automatic stop.
type LeaseReq struct {
	// Duration in milliseconds: from now on (TIMING), or of idleness (IDLE).
	Duration *int64 `json:"duration,omitempty"`
	// Type is TIMING or IDLE, in any letter case. It is sent in lower case, the
	// only form that is attested.
	Type *string `json:"type,omitempty"`
}

// MarshalJSON writes the type in lower case.
func (l LeaseReq) MarshalJSON() ([]byte, error) {
	type plain LeaseReq
	if l.Type != nil {
		lower := strings.ToLower(*l.Type)
		l.Type = &lower
	}
	return json.Marshal(plain(l))
}

// PublicNetworkConfig is the way of an instance to the public network.
type PublicNetworkConfig struct {
	// PublicNetworkType is SHARED, EXCLUSIVE or FORBIDDEN.
	PublicNetworkType *string `json:"public_network_type,omitempty"`
}

// CustomSpec is the custom size of an instance in a dedicated pool.
type CustomSpec struct {
	// CPU cores, two decimals.
	CPU float64 `json:"cpu"`
	// Memory is a whole number; its unit is not documented, and its lower bound
	// of 513 suggests MB.
	Memory float64 `json:"memory"`
	// GPU cards.
	GPU            *float64 `json:"gpu,omitempty"`
	GPUType        *string  `json:"gpu_type,omitempty"`
	Arch           *string  `json:"arch,omitempty"`
	Category       *string  `json:"category,omitempty"`
	ResourceFlavor *string  `json:"resource_flavor,omitempty"`
}

// Affinity chooses the nodes of a dedicated pool that an instance may run on.
type Affinity struct {
	Required  []AffinityRule `json:"required_during_scheduling_ignored_during_execution,omitzero"`
	Preferred []AffinityRule `json:"preferred_during_scheduling_ignored_during_execution,omitzero"`
}

// AffinityRule matches the label of a node.
type AffinityRule struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	// Weight is 0 to 100, for preferred rules only.
	Weight *int64 `json:"weight,omitempty"`
}

// RunUser is the user that the container runs as.
type RunUser struct {
	UID *int64 `json:"uid,omitempty"`
	GID *int64 `json:"gid,omitempty"`
}

// UserVpcRequest is the VPC that an instance gets a network card in.
type UserVpcRequest struct {
	VPCID            string   `json:"vpc_id"`
	SubnetID         string   `json:"subnet_id"`
	SecurityGroupIDs []string `json:"security_group_ids"`
	ConnectCIDRs     []string `json:"connect_cidrs,omitzero"`
}

// Notebook is a notebook instance.
type Notebook struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Status      Status      `json:"status"`
	Description *string     `json:"description"`
	Feature     *string     `json:"feature"`
	Flavor      *string     `json:"flavor"`
	CustomSpec  *CustomSpec `json:"custom_spec"`
	Image       *Image      `json:"image"`
	// FailReason says why the instance failed.
	FailReason *string `json:"fail_reason"`
	// ActionProgress holds the steps of the start that is under way.
	ActionProgress []JobProgress   `json:"action_progress"`
	Endpoints      []EndpointsRes  `json:"endpoints"`
	Lease          *Lease          `json:"lease"`
	Pool           *Pool           `json:"pool"`
	Volume         *VolumeRes      `json:"volume"`
	DataVolumes    []DataVolumeRes `json:"data_volumes"`
	// URL of the web page, often absent until the instance has run.
	URL *string `json:"url"`
	// Token authenticates at URL and changes at each start. It is a secret.
	Token        *string  `json:"token"`
	WorkspaceID  *string  `json:"workspace_id"`
	BillingItems []string `json:"billing_items"`
	// User is the owner.
	User              *User       `json:"user"`
	UserID            *string     `json:"user_id"`
	Affinity          *Affinity   `json:"affinity"`
	RunUser           *RunUserRes `json:"run_user"`
	IsNeedCredentials *bool       `json:"is_need_credentials"`
	UserVPC           *UserVpcRes `json:"user_vpc"`
	// PublicNetworkConfig is in no model of an answer; a service may answer it
	// all the same.
	PublicNetworkConfig *PublicNetworkConfig `json:"public_network_config"`
	// IP is the address of the node.
	IP             *string `json:"ip"`
	JupyterVersion *string `json:"jupyter_version"`
	Tags           []Tag   `json:"tags"`
	// CreateAt and UpdateAt are UTC in milliseconds; they are the lease's where
	// the answer has none of its own.
	CreateAt *int64 `json:"create_at"`
	UpdateAt *int64 `json:"update_at"`
	// CurrentTime is the clock of the service, UTC in milliseconds. ShowNotebook
	// takes that of the Date header where the answer holds none.
	CurrentTime *int64 `json:"current_time"`
}

// JobProgress is one of the four steps of a start.
type JobProgress struct {
	NotebookID *string `json:"notebook_id"`
	// Step is 1 (prepare storage), 2 (prepare compute resources), 3 (configure
	// the network) or 4 (initialize the instance).
	Step *int64 `json:"step"`
	// Status is WAITING, PROCESSING, FAILED or COMPLETED.
	Status      *string `json:"status"`
	Description *string `json:"description"`
}

// EndpointsRes is one access path of an instance.
type EndpointsRes struct {
	// Service is SSH or NOTEBOOK.
	Service          *string  `json:"service"`
	KeyPairNames     []string `json:"key_pair_names"`
	AllowedAccessIPs []string `json:"allowed_access_ips"`
	// URI is the address to connect to. Its form is not documented, and it is
	// absent until the instance runs.
	URI *string `json:"uri"`
}

// Lease is the automatic stop of an instance.
type Lease struct {
	// CreateAt is when the instance was created, UTC in milliseconds.
	CreateAt *int64 `json:"create_at"`
	// Duration in milliseconds counts from CreateAt, not from now: the stop is
	// at CreateAt + Duration. It is not what was asked for.
	Duration *int64 `json:"duration"`
	// Enable says whether the automatic stop is on.
	Enable *bool `json:"enable"`
	// Type is TIMING or IDLE.
	Type     *string `json:"type"`
	UpdateAt *int64  `json:"update_at"`
}

// Pool is the dedicated resource pool that an instance runs in.
type Pool struct {
	ID   *string `json:"id"`
	Name *string `json:"name"`
}

// VolumeRes is the main volume of an instance.
type VolumeRes struct {
	Category  *string `json:"category"`
	Ownership *string `json:"ownership"`
	// Capacity in GB.
	Capacity      *int64       `json:"capacity"`
	MountPath     *string      `json:"mount_path"`
	URI           *string      `json:"uri"`
	ID            *string      `json:"id"`
	ReadOnly      *bool        `json:"read_only"`
	DewSecretName *string      `json:"dew_secret_name"`
	MountType     *string      `json:"mount_type"`
	Status        VolumeStatus `json:"status"`
	EVSSKUCode    *string      `json:"evs_sku_code"`
}

// DataVolumeRes is further storage of an instance. What was asked of it beyond
// these fields is never answered.
type DataVolumeRes struct {
	ID        *string `json:"id"`
	Category  *string `json:"category"`
	MountPath *string `json:"mount_path"`
	URI       *string `json:"uri"`
	// MountType is STATIC for storage of the instance's own definition, DYNAMIC
	// for what AttachDynamicStorage mounted.
	MountType *string       `json:"mount_type"`
	Status    StorageStatus `json:"status"`
}

// User is the owner of an instance.
type User struct {
	ID     *string     `json:"id"`
	Name   *string     `json:"name"`
	Domain *UserDomain `json:"domain"`
}

// UserDomain is the account that a user belongs to.
type UserDomain struct {
	ID   *string `json:"id"`
	Name *string `json:"name"`
}

// RunUserRes is the user that the container runs as.
type RunUserRes struct {
	UID       *int64  `json:"uid"`
	GID       *int64  `json:"gid"`
	UserName  *string `json:"user_name"`
	GroupName *string `json:"group_name"`
}

// UserVpcRes is the VPC that an instance has a network card in.
type UserVpcRes struct {
	VPCID            *string  `json:"vpc_id"`
	SubnetID         *string  `json:"subnet_id"`
	SecurityGroupIDs []string `json:"security_group_ids"`
	ConnectCIDRs     []string `json:"connect_cidrs"`
	PortID           []string `json:"port_id"`
	PortIP           *string  `json:"port_ip"`
}

// Tag is a tag of an instance or image.
type Tag struct {
	Key   string  `json:"key"`
	Value *string `json:"value,omitempty"`
}

// TagValues is a tag key with all the values that it has on some instance.
type TagValues struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}
