package modelarts

// Flavor is a size that instances can have.
type Flavor struct {
	ID          string  `json:"id"`
	Name        *string `json:"name"`
	Description *string `json:"description"`
	// Arch is X86_64 or AARCH64.
	Arch *string `json:"arch"`
	// Category is CPU, GPU or ASCEND.
	Category *string `json:"category"`
	Feature  *string `json:"feature"`
	Free     *bool   `json:"free"`
	// SoldOut means that no instance can be created with the flavor now.
	SoldOut *bool `json:"sold_out"`
	// Memory in KB.
	Memory *int64  `json:"memory"`
	VCPUs  *int64  `json:"vcpus"`
	GPU    *GPU    `json:"gpu"`
	Ascend *Ascend `json:"ascend"`
	// Storages are the storage categories that the flavor works with, as requests
	// name them. What it does not list may work all the same.
	Storages []string `json:"storages"`
	// EVSMaxSize is the largest EVS volume in GB.
	EVSMaxSize *int64   `json:"evs_max_size"`
	EVSSKUCode *string  `json:"evs_sku_code"`
	Billing    *Billing `json:"billing"`
	// GrowSupportType is COMMON, NATIONAL, INTERNATIONAL or NONE: the sites that
	// have the flavor.
	GrowSupportType *string `json:"grow_support_type"`
}

// GPU says which and how many GPU cards a flavor has.
type GPU struct {
	// GPU is the number of cards.
	GPU       *int64  `json:"gpu"`
	GPUMemory *string `json:"gpu_memory"`
	Type      *string `json:"type"`
}

// Ascend says which and how many NPU cards a flavor has.
type Ascend struct {
	// NPU is the number of cards.
	NPU       *int64  `json:"npu"`
	NPUMemory *string `json:"npu_memory"`
	Type      *string `json:"type"`
	TypeAlias *string `json:"type_alias"`
	// AICore and AICPU are the share of a card that is cut up.
	AICore *string `json:"ai_core"`
	AICPU  *string `json:"ai_cpu"`
}

// Billing is how a flavor is billed.
type Billing struct {
	Code    *string `json:"code"`
	UnitNum *int64  `json:"unit_num"`
}

// Cluster is a resource pool.
type Cluster struct {
	PoolID         *string `json:"pool_id"`
	LogicClusterID *string `json:"logic_cluster_id"`
	// Type is MANAGED or DEDICATED.
	Type *string `json:"type"`
	// Status is ACTIVE when instances can be created in the pool.
	Status             *string         `json:"status"`
	ResourceCategories *string         `json:"resource_categories"`
	WorkspaceID        *string         `json:"workspace_id"`
	ProjectID          *string         `json:"project_id"`
	DomainID           *string         `json:"domain_id"`
	Flavors            []ClusterFlavor `json:"flavors"`
	IsAllowRoot        *bool           `json:"is_allow_root"`
	// CreateAt and UpdateAt are text here; their form is not documented.
	CreateAt *string `json:"create_at"`
	UpdateAt *string `json:"update_at"`
}

// Is reports whether an ID is one of the pool's. Which of them a notebook has as the
// ID of its pool is an open question of the API (catalogue-pool-other-id).
func (c *Cluster) Is(id string) bool {
	return id != "" && (c.PoolID != nil && *c.PoolID == id || c.LogicClusterID != nil && *c.LogicClusterID == id)
}

// ClusterFlavor is a flavor as a resource pool shows it: parts of cards, too.
type ClusterFlavor struct {
	ID          string  `json:"id"`
	Name        *string `json:"name"`
	Description *string `json:"description"`
	// Arch is X86_64 or AARCH64.
	Arch *string `json:"arch"`
	// Category is CPU, GPU or ASCEND.
	Category *string `json:"category"`
	Feature  *string `json:"feature"`
	Free     *bool   `json:"free"`
	SoldOut  *bool   `json:"sold_out"`
	// Memory in KB.
	Memory   *int64         `json:"memory"`
	VCPUs    *int64         `json:"vcpus"`
	GPU      *ClusterGPU    `json:"gpu"`
	Ascend   *ClusterAscend `json:"ascend"`
	Storages []string       `json:"storages"`
	// EVSMaxSize is the largest EVS volume in GB.
	EVSMaxSize      *int64   `json:"evs_max_size"`
	EVSSKUCode      *string  `json:"evs_sku_code"`
	Billing         *Billing `json:"billing"`
	GrowSupportType *string  `json:"grow_support_type"`
	// SupportENI says whether user_vpc works. The newest model alone has it.
	SupportENI *bool `json:"support_eni"`
}

// ClusterGPU says which and how many GPU cards a pool's flavor has.
type ClusterGPU struct {
	// GPU is the number of cards.
	GPU       *float64 `json:"gpu"`
	GPUMemory *string  `json:"gpu_memory"`
	Type      *string  `json:"type"`
}

// ClusterAscend says which and how many NPU cards a pool's flavor has.
type ClusterAscend struct {
	// NPU is the number of cards.
	NPU       *float64 `json:"npu"`
	NPUMemory *string  `json:"npu_memory"`
	Type      *string  `json:"type"`
	TypeAlias *string  `json:"type_alias"`
	// AICore and AICPU are the share of a card that is cut up.
	AICore *string `json:"ai_core"`
	AICPU  *string `json:"ai_cpu"`
}

// Feature says whether notebooks are enabled, and how many the user may have.
type Feature struct {
	ID      *string `json:"id"`
	Name    *string `json:"name"`
	Enabled *bool   `json:"enabled"`
	// Quota is the number of instances that the user may have, Used the number
	// that they have.
	Quota  *int64  `json:"quota"`
	Used   *int64  `json:"used"`
	UserID *string `json:"user_id"`
	// CreateAt and UpdateAt are UTC in milliseconds.
	CreateAt *int64 `json:"create_at"`
	UpdateAt *int64 `json:"update_at"`
}
