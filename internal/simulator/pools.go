package simulator

import (
	"cmp"
	"slices"
	"strconv"
)

// pool is a resource pool, as the operations on clusters answer it.
type pool struct {
	PoolID             string       `json:"pool_id"`
	LogicClusterID     string       `json:"logic_cluster_id"`
	Type               string       `json:"type"`
	Status             string       `json:"status"`
	ResourceCategories string       `json:"resource_categories"`
	WorkspaceID        string       `json:"workspace_id"`
	ProjectID          string       `json:"project_id"`
	DomainID           string       `json:"domain_id"`
	Flavors            []poolFlavor `json:"flavors,omitzero"`
	IsAllowRoot        bool         `json:"is_allow_root"`
	CreateAt           string       `json:"create_at"`
	UpdateAt           string       `json:"update_at"`
}

// poolFlavor is a flavor of a pool. Memory is text and cards are fractions,
// unlike in [flavor].
type poolFlavor struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Arch        string    `json:"arch"`
	Category    string    `json:"category"`
	Feature     string    `json:"feature"`
	Free        bool      `json:"free"`
	SoldOut     bool      `json:"sold_out"`
	Memory      string    `json:"memory"`
	VCPUs       int64     `json:"vcpus"`
	GPU         *poolGPUs `json:"gpu,omitempty"`
	Storages    []string  `json:"storages"`
	EVSMaxSize  string    `json:"evs_max_size"`
}

type poolGPUs struct {
	GPU       float64 `json:"gpu"`
	GPUMemory string  `json:"gpu_memory"`
	Type      string  `json:"type"`
}

// The pools that there are.
const (
	poolActive       = "pool41664192"
	poolInitializing = "pool73112001"
	poolShared       = "pool00000000"
)

const poolTime = "1638841744515"

// asPoolFlavor is how a pool lists a flavor.
func asPoolFlavor(id string, f flavor) poolFlavor {
	listed := poolFlavor{
		ID: id, Name: id, Description: f.Description, Arch: f.Arch, Category: f.Category, Feature: f.Feature,
		Memory: strconv.FormatInt(f.Memory, 10), VCPUs: f.VCPUs, Storages: allDisks, EVSMaxSize: "4096",
	}
	if f.GPU != nil {
		listed.GPU = &poolGPUs{GPU: float64(f.GPU.GPU), GPUMemory: f.GPU.GPUMemory, Type: f.GPU.Type}
	}
	return listed
}

// asFlavor is the same flavor in the types of the others.
func (f poolFlavor) asFlavor() flavor {
	memory, _ := strconv.ParseInt(f.Memory, 10, 64)
	listed := flavor{
		ID: f.ID, Name: f.Name, Description: f.Description, Arch: f.Arch, Category: f.Category, Feature: f.Feature,
		SoldOut: f.SoldOut, Memory: memory, VCPUs: f.VCPUs, Storages: f.Storages, EVSMaxSize: f.EVSMaxSize,
	}
	if f.GPU != nil {
		listed.GPU = &gpuCards{GPU: int64(f.GPU.GPU), GPUMemory: f.GPU.GPUMemory, Type: f.GPU.Type}
	}
	return listed
}

// presetPools is the resource pools that there are by default.
func presetPools() []pool {
	flavors := []poolFlavor{
		asPoolFlavor("modelarts.pool.visual.2xlarge", cpuFlavor("", "X86_64", 8, 32)),
		asPoolFlavor("modelarts.pool.visual.4xlarge", cpuFlavor("", "X86_64", 16, 64)),
		asPoolFlavor("modelarts.pool.gpu.v100", gpuFlavor("", 8, 64, gpuCards{1, "32GB", "V100"})),
	}
	return []pool{
		{PoolID: poolActive, Type: "DEDICATED", Status: "ACTIVE", Flavors: flavors},
		{PoolID: poolInitializing, Type: "DEDICATED", Status: "INITIALIZING"},
		{PoolID: poolShared, Type: "MANAGED", Status: "ACTIVE"},
	}
}

// pools are the resource pools of the account.
func (s *Simulator) pools() []pool {
	list := slices.Clone(s.options.Catalogue.pools)
	for i := range list {
		p := &list[i]
		p.LogicClusterID = cmp.Or(p.LogicClusterID, idOf("cluster", p.PoolID))
		p.ResourceCategories = cmp.Or(p.ResourceCategories, "CPU,GPU")
		p.WorkspaceID = cmp.Or(p.WorkspaceID, "0")
		p.ProjectID, p.DomainID = s.options.ProjectID, s.domainID
		p.CreateAt, p.UpdateAt = cmp.Or(p.CreateAt, poolTime), cmp.Or(p.UpdateAt, poolTime)
		p.Flavors = append([]poolFlavor{}, p.Flavors...)
		for j := range p.Flavors {
			p.Flavors[j].SoldOut = p.Flavors[j].SoldOut || slices.Contains(s.options.SoldOut, p.Flavors[j].ID)
		}
	}
	return list
}

// pool finds a dedicated pool.
func (s *Simulator) pool(id string) (pool, bool) {
	for _, p := range s.pools() {
		named := p.PoolID == id
		if s.isB("catalogue-pool-other-id") {
			named = p.LogicClusterID == id
		}
		if named && p.Type == "DEDICATED" {
			return p, true
		}
	}
	return pool{}, false
}

// shownPool is a pool, as answers show it.
func (s *Simulator) shownPool(p pool) pool {
	if s.isB("catalogue-pool-empty") {
		p.Flavors = nil
	}
	p.Flavors = slices.Clone(p.Flavors)
	for i := range p.Flavors {
		p.Flavors[i].Storages = s.shownStorages(p.Flavors[i].Storages)
		if s.isB("catalogue-pool-void") {
			p.Flavors[i].SoldOut, p.Flavors[i].Storages, p.Flavors[i].EVSMaxSize = true, []string{}, "0"
		}
	}
	return p
}

// switchableInPool is switchable for a notebook in a dedicated pool.
func (s *Simulator) switchableInPool(n *notebook, i image) []flavor {
	list := []flavor{}
	offered, _ := s.offered(n.PoolID)
	for _, f := range offered {
		if f.ID != n.Flavor && f.Feature == n.Feature && f.fits(i) {
			list = append(list, f)
		}
	}
	return list
}

func (s *Simulator) listAuthoringClusters(c *call) (*answer, *problem) {
	kind, p := queryEnum(c.query, "type", "", "MANAGED", "DEDICATED")
	if p != nil {
		return nil, p
	}
	if kind == "" {
		return nil, refusal("ModelArts.6335", "The parameter type is required.")
	}
	scope, p := queryEnum(c.query, "scope", "NOTEBOOK", "NOTEBOOK", "TRAIN", "INFER")
	if p != nil {
		return nil, p
	}
	workspace := s.workspaceOf(c.query)
	list := slices.DeleteFunc(s.pools(), func(p pool) bool {
		return p.Type != kind || scope != "NOTEBOOK" || workspace != "" && p.WorkspaceID != workspace
	})
	for i := range list {
		list[i] = s.shownPool(list[i])
	}
	numbers, rest, p := paginate(c.query, list, 1000)
	if p != nil {
		return nil, p
	}
	return ok(struct {
		page
		Data []pool `json:"data"`
	}{numbers, rest}), nil
}

func (s *Simulator) showCluster(c *call) (*answer, *problem) {
	for _, p := range s.pools() {
		if p.PoolID == c.path["cluster_id"] {
			return ok(s.shownPool(p)), nil
		}
	}
	return nil, refusal("ModelArts.6404", "The resource pool does not exist.")
}

// feature is what the account may do.
type feature struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Enabled  bool   `json:"enabled"`
	Quota    int64  `json:"quota"`
	Used     int64  `json:"used"`
	UserID   string `json:"user_id"`
	CreateAt int64  `json:"create_at"`
	UpdateAt int64  `json:"update_at"`
}

func (s *Simulator) listFeatures(c *call) (*answer, *problem) {
	if c.path["feature"] != featureNotebook {
		return nil, refusal("ModelArts.6336", "There is no such feature.")
	}
	return ok(feature{
		ID: idOf("feature", featureNotebook), Name: featureNotebook, Enabled: !s.options.Frozen,
		Quota: int64(s.options.Quota), Used: int64(s.owned(c.path["project_id"])), UserID: s.userID,
		CreateAt: firstImageTime, UpdateAt: firstImageTime,
	}), nil
}

// owned counts the notebooks of the user, which is what the quota limits.
func (s *Simulator) owned(projectID string) int {
	count := 0
	for _, n := range s.notebooks {
		if n.UserID == s.userID && n.ProjectID == projectID && n.Feature == featureNotebook {
			count++
		}
	}
	return count
}
