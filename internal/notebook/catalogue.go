package notebook

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// catalogueView is what the catalogue has for the plan of a notebook. It is read
// where a check needs it, and once.
type catalogueView struct {
	*planner
	found map[string]bool // summaries of what was found so far

	pools    *[]modelarts.Cluster
	sizes    *[]size
	has      *bool // whether the notebook has the flavor of the plan
	image    *modelarts.Image
	imageErr error
}

// poolID is the dedicated pool of the plan; empty: none. It is false while that is
// not known.
func (c *catalogueView) poolID() (string, bool) {
	if configured := c.config.At(atPool...); configured.IsNull() && !c.plan.At(atPool...).IsKnown() {
		return "", true // nothing asks for one
	}
	pool, workspace := c.plan.At(atPool...), c.config.At("workspace_id") // which decides what pools there are
	return pool.Text(), pool.IsKnown() && (workspace.IsKnown() || pool.Text() == "")
}

// pool is the dedicated pool of the plan; nil where there is none, or none to be
// read.
func (c *catalogueView) pool() *modelarts.Cluster {
	id, known := c.poolID()
	if !known || id == "" {
		return nil
	}
	if c.pools == nil {
		pools, err := c.process().Catalogue.Pools(c.ctx, c.plan.At("workspace_id").Text())
		if err != nil {
			c.unreadable("resource pools", err)
		}
		c.pools = &pools
	}
	at := slices.IndexFunc(*c.pools, func(p modelarts.Cluster) bool { return p.Is(id) })
	if at < 0 {
		return nil
	}
	return &(*c.pools)[at]
}

// inPool reports whether the notebook is in a dedicated pool. What a pool lists of
// flavors is a hint: none of its members is known to bind the service, which may
// take flavors of the region there, too.
func (c *catalogueView) inPool() bool {
	id, _ := c.poolID()
	return id != ""
}

// flavorUnsure reports whether the service may take a flavor that is not listed: in a pool,
// and where no flavor is listed at all, which says nothing of any.
func (c *catalogueView) flavorUnsure() bool {
	return c.inPool() || c.sizes != nil && len(*c.sizes) == 0
}

func (c *catalogueView) noPool() string {
	id, known := c.poolID()
	if !known || id == "" || c.pool() != nil || *c.pools == nil {
		return ""
	}
	names := make([]string, 0, len(*c.pools))
	for _, p := range *c.pools {
		names = append(names, cmp.Or(values.Deref(p.PoolID), values.Deref(p.LogicClusterID)))
	}
	return fmt.Sprintf("The account's list of dedicated resource pools for notebooks in the region has no %q. It has %s. If the pool exists, ignore this warning.", id, diagnostics.Enumerate(names, "none"))
}

func (c *catalogueView) poolInactive() string {
	pool := c.pool()
	if pool == nil || values.Deref(pool.Status) == "" || values.Deref(pool.Status) == "ACTIVE" {
		return ""
	}
	return fmt.Sprintf("The resource pool %s is %s, and accepts notebooks only when it is ACTIVE.", c.plan.At(atPool...).Text(), values.Deref(pool.Status))
}

// choice are the flavors that the notebook can have: those of its pool, or of the
// region. It is nil where they are not known, as where a pool lists none.
func (c *catalogueView) choice() []size {
	if c.sizes != nil {
		return *c.sizes
	}
	var sizes []size
	switch id, known := c.poolID(); {
	case !known:
	case id != "":
		if pool := c.pool(); pool != nil && len(pool.Flavors) > 0 && c.poolInactive() == "" {
			sizes = []size{}
			for i := range pool.Flavors {
				sizes = append(sizes, sizeInPool(&pool.Flavors[i]))
			}
		}
	case !c.plan.At("feature").IsKnown():
	default:
		flavors, err := c.process().Catalogue.Flavors(c.ctx, strings.ToUpper(c.plan.At("feature").Text()))
		if err != nil {
			c.unreadable("flavors", err)
			break
		}
		sizes = []size{}
		for i := range flavors {
			if f := &flavors[i]; f.Feature == nil || *f.Feature == strings.ToUpper(c.plan.At("feature").Text()) {
				sizes = append(sizes, sizeOf(f))
			}
		}
	}
	c.sizes = &sizes
	return sizes
}

// flavorID is the flavor of the plan; empty where it is not known, or where the
// notebook has a custom size.
func (c *catalogueView) flavorID() string {
	if !c.plan.At(atSpec...).IsNull() {
		return ""
	}
	return c.plan.At(atFlavor...).Text()
}

// flavor is the flavor of the plan; nil where there is none, or none to be read.
func (c *catalogueView) flavor() *size {
	id := c.flavorID()
	if id == "" {
		return nil
	}
	sizes := c.choice()
	at := slices.IndexFunc(sizes, func(s size) bool { return s.id == id })
	if at < 0 {
		return nil
	}
	return &sizes[at]
}

func (c *catalogueView) noFlavor() string {
	id := c.flavorID()
	if id == "" || c.choice() == nil || c.flavor() != nil {
		return ""
	}
	if pool, _ := c.poolID(); pool != "" {
		return fmt.Sprintf("The resource pool %s does not list the flavor %q. The service may still accept it.%s", pool, id, closest(id, c.choice()))
	}
	return fmt.Sprintf("For notebooks of the feature %s the region has no flavor %q.%s", strings.ToUpper(c.plan.At("feature").Text()), id, closest(id, c.choice()))
}

func (c *catalogueView) soldOut() string {
	flavor := c.flavor()
	if flavor == nil || !flavor.soldOut || c.isThere() {
		return ""
	}
	return fmt.Sprintf("The flavor %s has no resources left now.%s", flavor.id, alternatives(c.category(), *flavor, c.choice()))
}

// category is the category of the main volume; empty while it is not known.
func (c *catalogueView) category() string { return strings.ToUpper(c.plan.At(atCategory...).Text()) }

func (c *catalogueView) wrongStorage() string {
	flavor := c.flavor()
	if flavor == nil || c.category() == "" || flavor.worksWith(c.category()) {
		return ""
	}
	return fmt.Sprintf("The flavor %s lists %s storage, and volume.category is %s. It may still work.", flavor.id, diagnostics.Enumerate(flavor.storages, "no"), c.category())
}

func (c *catalogueView) diskTooLarge() string {
	flavor, capacity := c.flavor(), c.plan.At(atCapacity...)
	if flavor == nil || c.category() != categoryEVS || flavor.evsMax == nil || !capacity.IsSet() || capacity.Int() <= *flavor.evsMax || c.wrongStorage() != "" {
		return ""
	}
	return fmt.Sprintf("The flavor %s works with EVS disks of at most %d GB, and volume.capacity is %d.", flavor.id, *flavor.evsMax, capacity.Int())
}

// isThere reports whether the notebook has the flavor of the plan meanwhile. It is
// asked only where something is against the flavor.
func (c *catalogueView) isThere() bool {
	if c.creates() {
		return false
	}
	if c.has == nil {
		nb, err := c.process().Client.ShowNotebook(c.ctx, c.notebook())
		has := err == nil && values.Deref(nb.Flavor) == c.flavorID()
		c.has = &has
	}
	return *c.has
}

// noSwitch asks the service whether this notebook can change to the flavor.
func (c *catalogueView) noSwitch() string {
	flavor := c.flavor()
	if c.creates() || flavor == nil {
		return ""
	}
	var possible []string
	for f, err := range c.process().Client.ShowSwitchableFlavors(c.ctx, c.notebook()) {
		if err != nil {
			c.unreadable("flavors that the notebook "+c.notebook()+" can change to", err)
			return ""
		}
		if f.ID == flavor.id {
			return ""
		}
		possible = append(possible, f.ID)
	}
	if c.found[flavorSoldOut] || c.isThere() {
		return "" // the first of which has named alternatives
	}
	return fmt.Sprintf("The notebook %s cannot change to the flavor %s. It can change to %s.", c.notebook(), flavor.id, diagnostics.Enumerate(possible, "no other flavor"))
}

// planned is the image of the plan and its name; nil where there is none, or none
// to be read.
func (c *catalogueView) plannedImage() (image *modelarts.Image, name string) {
	if !c.plan.At(atImage...).IsSet() {
		return nil, ""
	}
	if c.image == nil && c.imageErr == nil {
		c.image, c.imageErr = c.process().Catalogue.Image(c.ctx, c.imageID())
		if c.imageErr != nil && !errors.Is(c.imageErr, modelarts.ErrNotFound) {
			c.unreadable("images", c.imageErr)
		}
	}
	if c.imageErr != nil {
		return nil, ""
	}
	return c.image, fmt.Sprintf("%s (%s:%s)", c.imageID(), values.Deref(c.image.Name), values.Deref(c.image.Tag))
}

func (c *catalogueView) imageID() string { return strings.ToLower(c.plan.At(atImage...).Text()) }

func (c *catalogueView) noImage() string {
	_, _ = c.plannedImage()
	if !errors.Is(c.imageErr, modelarts.ErrNotFound) {
		return ""
	}
	return fmt.Sprintf("The region has no image %s, neither among the preset ones nor among the account's own. An ID is valid in one region only.", c.imageID())
}

func (c *catalogueView) imageInactive() string {
	image, name := c.plannedImage()
	if image == nil || image.Status == "" || image.Status == modelarts.ImageActive {
		return ""
	}
	detail := fmt.Sprintf("The image %s is %s, and can be used only when it is ACTIVE.", name, image.Status)
	if message := values.Deref(image.StatusMessage); message != "" {
		detail += " The service says: " + message
	}
	return detail
}

func (c *catalogueView) wrongArch() string {
	image, name := c.plannedImage()
	flavor := c.flavor()
	if image == nil || flavor == nil || values.Deref(image.Arch) == "" || flavor.arch == "" || strings.EqualFold(values.Deref(image.Arch), flavor.arch) {
		return ""
	}
	return fmt.Sprintf("The image %s is built for %s, and the flavor %s is %s.", name, strings.ToUpper(values.Deref(image.Arch)), flavor.id, strings.ToUpper(flavor.arch))
}

func (c *catalogueView) wrongKind() string {
	image, name := c.plannedImage()
	flavor := c.flavor()
	if image == nil || flavor == nil || len(image.ResourceCategories) == 0 || flavor.category == "" ||
		containsFold(image.ResourceCategories, flavor.category) || c.wrongArch() != "" {
		return ""
	}
	return fmt.Sprintf("The image %s is for %s, and the flavor %s is %s.", name, diagnostics.Enumerate(image.ResourceCategories, "nothing"), flavor.id, flavor.category)
}

func (c *catalogueView) needsSSH() string {
	image, name := c.plannedImage()
	if image == nil || len(image.DevServices) == 0 || slices.ContainsFunc(image.DevServices, func(s string) bool { return !strings.EqualFold(s, serviceSSH) }) {
		return ""
	}
	endpoints := c.plan.At(atEndpoints...)
	if ssh := slices.ContainsFunc(endpoints.Keys(), isSSH); ssh || !endpoints.IsKnown() {
		return ""
	}
	return fmt.Sprintf("The image %s is reached over SSH only. Add endpoints = { SSH = { key_pair_names = [...] } }, or choose an image with a web page.", name)
}

// size is what checks need of a flavor, of the region or of a pool.
type size struct {
	id, arch, category string
	vcpus, memory      int64 // memory in KB
	cards              float64
	storages           []string
	evsMax             *int64 // in GB; nil: not known
	soldOut            bool
}

func sizeOf(f *modelarts.Flavor) size {
	s := size{
		id: f.ID, arch: values.Deref(f.Arch), category: values.Deref(f.Category), vcpus: values.Deref(f.VCPUs), memory: values.Deref(f.Memory),
		storages: f.Storages, evsMax: unlessZero(f.EVSMaxSize), soldOut: values.Deref(f.SoldOut),
	}
	if f.GPU != nil {
		s.cards += float64(values.Deref(f.GPU.GPU))
	}
	if f.Ascend != nil {
		s.cards += float64(values.Deref(f.Ascend.NPU))
	}
	return s
}

func sizeInPool(f *modelarts.ClusterFlavor) size {
	s := size{
		id: f.ID, arch: values.Deref(f.Arch), category: values.Deref(f.Category), vcpus: values.Deref(f.VCPUs), memory: values.Deref(f.Memory),
		storages: f.Storages, evsMax: unlessZero(f.EVSMaxSize), soldOut: values.Deref(f.SoldOut),
	}
	if f.GPU != nil {
		s.cards += values.Deref(f.GPU.GPU)
	}
	if f.Ascend != nil {
		s.cards += values.Deref(f.Ascend.NPU)
	}
	return s
}

// unlessZero is a limit, or nil where it is zero and says nothing.
func unlessZero(limit *int64) *int64 {
	if values.Deref(limit) == 0 {
		return nil
	}
	return limit
}

// worksWith reports whether a flavor works with a category of storage. One that
// lists none works with all.
func (s *size) worksWith(category string) bool {
	return len(s.storages) == 0 || containsFold(s.storages, category)
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(t string) bool { return strings.EqualFold(s, t) })
}
