package simulator

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// customFlavor is the flavor that a notebook with a custom_spec reports.
const customFlavor = "custom.flavor.spec.code"

// flavor is a flavor, as ListFlavors answers it.
type flavor struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Arch        string       `json:"arch"`
	Category    string       `json:"category"`
	Feature     string       `json:"feature"`
	Free        bool         `json:"free"`
	SoldOut     bool         `json:"sold_out"`
	Memory      int64        `json:"memory"`
	VCPUs       int64        `json:"vcpus"`
	GPU         *gpuCards    `json:"gpu,omitempty"`
	Ascend      *ascendCards `json:"ascend,omitempty"`
	Storages    []string     `json:"storages"`
	EVSMaxSize  string       `json:"evs_max_size,omitempty"`
	EVSSKUCode  string       `json:"evs_sku_code,omitempty"`
	Billing     *billing     `json:"billing,omitempty"`
}

type gpuCards struct {
	GPU       int64  `json:"gpu"`
	GPUMemory string `json:"gpu_memory"`
	Type      string `json:"type"`
}

type ascendCards struct {
	NPU       int64  `json:"npu"`
	NPUMemory string `json:"npu_memory"`
	Type      string `json:"type"`
	TypeAlias string `json:"type_alias"`
}

type billing struct {
	Code    string `json:"code"`
	UnitNum int64  `json:"unit_num"`
}

// gib is a gibibyte in the unit that flavors count memory in.
const gib = 1 << 20

var (
	bothDisks = []string{"EVS", "EFS"}
	allDisks  = []string{"EVS", "EFS", "OBS", "OBSFS"}
)

// presetFlavors is the flavors of the public pool. Architectures are in upper
// case here and in lower case in images, as in answers of the service.
var presetFlavors = []flavor{
	cpuFlavor("modelarts.vm.cpu.2u", "X86_64", 2, 8),
	cpuFlavor("modelarts.vm.cpu.4u", "X86_64", 4, 16),
	cpuFlavor("modelarts.vm.cpu.8u", "X86_64", 8, 32),
	cpuFlavor("modelarts.vm.cpu.16u", "X86_64", 16, 64).soldOut(),
	cpuFlavor("modelarts.vm.cpu.8u.efs", "X86_64", 8, 64).withDisks("", "EFS"),
	cpuFlavor("modelarts.vm.cpu.8u.obs", "X86_64", 8, 64).withDisks("4096", allDisks...),
	cpuFlavor("modelarts.vm.cpu.free", "X86_64", 2, 4).codeLab(),
	cpuFlavor("modelarts.vm.arm.2u", "AARCH64", 2, 4).withDisks("1024", bothDisks...),
	cpuFlavor("modelarts.vm.arm.8u", "AARCH64", 8, 32),
	gpuFlavor("modelarts.vm.gpu.t4", 8, 32, gpuCards{1, "16GB", "T4"}),
	gpuFlavor("modelarts.vm.gpu.v100", 8, 64, gpuCards{1, "32GB", "V100"}),
	gpuFlavor("modelarts.vm.gpu.8v100", 64, 512, gpuCards{8, "32GB", "V100"}).soldOut(),
	ascendFlavor("modelarts.vm.ascend.d910.1", 24, 96, ascendCards{1, "32GB", "D910", "Ascend-snt9"}),
	ascendFlavor("modelarts.bm.ascend.d910.8", 192, 768, ascendCards{8, "32GB", "D910", "Ascend-snt9"}),
}

func cpuFlavor(id, arch string, vcpus, memory int64) flavor {
	return flavor{
		ID: id, Name: strings.TrimPrefix(id, "modelarts."), Arch: arch, Category: "CPU", Feature: "NOTEBOOK",
		Description: strconv.FormatInt(vcpus, 10) + " vCPUs, " + strconv.FormatInt(memory, 10) + " GB",
		VCPUs:       vcpus, Memory: memory * gib,
		Storages: bothDisks, EVSMaxSize: "4096", EVSSKUCode: "SSD",
		Billing: &billing{Code: id, UnitNum: 1},
	}
}

func gpuFlavor(id string, vcpus, memory int64, cards gpuCards) flavor {
	f := cpuFlavor(id, "X86_64", vcpus, memory)
	f.Category, f.GPU = "GPU", &cards
	return f
}

func ascendFlavor(id string, vcpus, memory int64, cards ascendCards) flavor {
	f := cpuFlavor(id, "AARCH64", vcpus, memory)
	f.Category, f.Ascend = "ASCEND", &cards
	return f
}

func (f flavor) soldOut() flavor {
	f.SoldOut = true
	return f
}

// withDisks are the kinds of storage that a flavor works with, and the size of
// its largest EVS volume.
func (f flavor) withDisks(evsMaxSize string, disks ...string) flavor {
	f.Storages, f.EVSMaxSize = disks, evsMaxSize
	if evsMaxSize == "" {
		f.EVSSKUCode = ""
	}
	return f
}

func (f flavor) codeLab() flavor {
	f.Feature, f.Free, f.Billing = "DEFAULT", true, nil
	return f
}

// maxEVS is the size of the largest EVS volume in GB.
func (f flavor) maxEVS() int64 {
	size, err := strconv.ParseInt(f.EVSMaxSize, 10, 64)
	if err != nil {
		return evsMaxSize
	}
	return min(size, evsMaxSize)
}

// fits reports whether a flavor can run an image.
func (f flavor) fits(i image) bool {
	return strings.EqualFold(f.Arch, i.Arch) && slices.Contains(i.ResourceCategories, f.Category)
}

// flavors is the catalogue with what is sold out just now.
func (s *Simulator) flavors() []flavor {
	list := slices.Clone(s.options.Catalogue.flavors)
	for i := range list {
		list[i].SoldOut = list[i].SoldOut || slices.Contains(s.options.SoldOut, list[i].ID)
	}
	return list
}

// flavorPage answers a list of flavors in the members that are in force.
func (s *Simulator) flavorPage(c *call, list []flavor) (*answer, *problem) {
	p := sortBy(c.query, list, "", "ASC", map[string]func(a, b flavor) int{
		"id":       func(a, b flavor) int { return cmp.Compare(a.ID, b.ID) },
		"name":     func(a, b flavor) int { return cmp.Compare(a.Name, b.Name) },
		"memory":   func(a, b flavor) int { return cmp.Compare(a.Memory, b.Memory) },
		"vcpus":    func(a, b flavor) int { return cmp.Compare(a.VCPUs, b.VCPUs) },
		"category": func(a, b flavor) int { return cmp.Compare(a.Category, b.Category) },
	})
	if p != nil {
		return nil, p
	}
	numbers, rest, p := paginate(c.query, list, 0)
	if p != nil {
		return nil, p
	}
	body := struct {
		page
		Data    []flavor `json:"data,omitempty"`
		Flavors []flavor `json:"flavors,omitempty"`
	}{page: numbers}
	rest = slices.Clone(rest)
	for i := range rest {
		rest[i].Storages = s.shownStorages(rest[i].Storages)
	}
	body.Flavors = rest
	if !s.isB("flavors-one-list") {
		body.Data = rest
	}
	return ok(body), nil
}

// shownStorages are the kinds of storage of a flavor, as answers name them.
func (s *Simulator) shownStorages(storages []string) []string {
	if s.isB("catalogue-efs-word") {
		return storages
	}
	shown := []string{}
	for _, storage := range storages {
		shown = append(shown, storage)
		if storage == categoryEFS {
			shown = append(shown, "EFS_DEDICATED")
		}
	}
	return shown
}

func (s *Simulator) listFlavors(c *call) (*answer, *problem) {
	category, p := queryEnum(c.query, "category", "", "CPU", "GPU", "ASCEND")
	if p != nil {
		return nil, p
	}
	poolType, p := queryEnum(c.query, "type", "", "MANAGED", "DEDICATED")
	if p != nil {
		return nil, p
	}
	feature, p := queryEnum(c.query, "feature", featureNotebook, featureDefault, featureNotebook)
	if p != nil {
		return nil, p
	}
	list := slices.DeleteFunc(s.flavors(), func(f flavor) bool {
		return category != "" && f.Category != category ||
			f.Feature != feature ||
			// Dedicated pools list their own flavors.
			poolType == "DEDICATED"
	})
	return s.flavorPage(c, list)
}

func (s *Simulator) showSwitchableFlavors(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	return s.flavorPage(c, s.switchable(n, n.image))
}

// switchable are the flavors that a notebook can change to: those that run the
// image and hold the volume. Its own is none of them.
func (s *Simulator) switchable(n *notebook, i image) []flavor {
	if n.PoolID != "" {
		return s.switchableInPool(n, i)
	}
	return slices.DeleteFunc(s.flavors(), func(f flavor) bool {
		return f.ID == n.Flavor || f.Feature != n.Feature || !f.fits(i) ||
			s.isB("catalogue-storages-bind") && !slices.Contains(f.Storages, n.Volume.Category) ||
			n.Volume.Category == categoryEVS && n.Volume.Capacity > f.maxEVS()
	})
}
