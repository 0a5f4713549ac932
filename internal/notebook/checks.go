package notebook

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// suggestions is how many alternatives an error names.
const suggestions = 3

// checks holds the plan of a notebook against the catalogue and the guardrails.
//
// A finding is an error only for a create or a changed argument: an error on a
// notebook that nobody has touched would stand in the way of a destroy. Whatever
// is unknown is passed over.
type checks struct {
	*planner
	create  bool
	id      string // empty for a create
	name    string
	feature string
	flavor  types.String
	image   types.String
	pool    types.String
	volume  volumeModel
	spec    types.Object
	lease   leaseModel
	// endpoints is unknown when any part of it is that matters.
	endpoints types.Map
}

// check runs all checks on the plan as it stands.
func (p *planner) check(state *resourceModel) {
	var plan resourceModel
	p.resp.Diagnostics.Append(p.resp.Plan.Get(p.ctx, &plan)...)
	if p.failed() || p.settings == nil {
		return
	}
	c := newConverter(p.ctx)
	k := &checks{
		planner: p, create: state == nil, name: plan.Name.ValueString(), feature: plan.Feature.ValueString(),
		flavor: plan.Flavor, image: plan.ImageID, pool: plan.PoolID,
		volume: values.Decode[volumeModel](c, plan.Volume), spec: plan.CustomSpec, lease: values.Decode[leaseModel](c, plan.Lease),
		endpoints: plan.Endpoints,
	}
	if p.config(poolPath).IsNull() && k.pool.IsUnknown() {
		k.pool = types.StringNull() // nothing asks for one
	}
	if state != nil {
		k.id = state.ID.ValueString()
	}
	p.resp.Diagnostics.Append(c.Diagnostics...)

	k.guardrails()
	if p.settings.PlanChecks == settings.ChecksOff || p.settings.Home().Catalogue == nil {
		return
	}
	flavor := k.checkFlavor()
	k.checkImage(flavor)
	k.checkQuota()
}

// asked says whether one of the arguments is new or changed by a person, so that
// an error about it is in order, and whether it is changed at all.
func (k *checks) asked(arguments ...path.Path) (changed, byUser bool) {
	if k.create {
		return true, true
	}
	for _, where := range arguments {
		if !k.differs(where) {
			continue
		}
		changed = true
		if !k.elsewhere(where) {
			return true, true
		}
	}
	return changed, false
}

// report adds a finding at an argument: an error, or a warning where the
// settings or the circumstances ask for no more. causes are the arguments whose
// change makes it an error.
func (k *checks) report(where path.Path, causes []path.Path, summary, format string, args ...any) {
	detail := fmt.Sprintf(format, args...)
	if _, byUser := k.asked(causes...); byUser && k.settings.PlanChecks != settings.ChecksWarn {
		k.resp.Diagnostics.AddAttributeError(where, summary, detail)
		return
	}
	k.resp.Diagnostics.AddAttributeWarning(where, fmt.Sprintf("%s (notebook %q)", summary, k.name), detail)
}

// unreadable says, once in a process, that the catalogue cannot be read. It is a
// warning, since the service itself will judge, unless the apply would fail for
// the same reason.
func (k *checks) unreadable(what string, err error) {
	if !k.settings.Home().CatalogueWarned.CompareAndSwap(false, true) {
		return
	}
	if diagnostics.NoAccess(err) {
		k.resp.Diagnostics.Append(diagnostics.Unable("read", what, err))
		return
	}
	k.resp.Diagnostics.AddWarning("The plan could not be checked against the catalogue",
		fmt.Sprintf("The service did not tell its %s: %s. Whether flavors, images, pools and quota are in order shows in the apply. plan_checks = \"off\" ends these checks.", what, err))
}

var (
	flavorPath   = path.Root("flavor")
	imagePath    = path.Root("image_id")
	poolPath     = path.Root("pool_id")
	capacityPath = volumePath.AtName("capacity")
	categoryPath = volumePath.AtName("category")
)

// size is what checks need of a flavor, of the region or of a pool.
type size struct {
	id, arch, category string
	vcpus, memory      int64 // memory in KB
	cards              float64
	storages           []string
	evsMax             *int64
	soldOut            bool
}

func sizeOf(f *modelarts.Flavor) size {
	s := size{
		id: f.ID, arch: deref(f.Arch), category: deref(f.Category), vcpus: deref(f.VCPUs), memory: deref(f.Memory),
		storages: f.Storages, evsMax: f.EVSMaxSize, soldOut: deref(f.SoldOut),
	}
	if f.GPU != nil {
		s.cards += float64(deref(f.GPU.GPU))
	}
	if f.Ascend != nil {
		s.cards += float64(deref(f.Ascend.NPU))
	}
	return s
}

func sizeInPool(f *modelarts.ClusterFlavor) size {
	s := size{
		id: f.ID, arch: deref(f.Arch), category: deref(f.Category), vcpus: deref(f.VCPUs), memory: deref(f.Memory),
		storages: f.Storages, evsMax: f.EVSMaxSize, soldOut: deref(f.SoldOut),
	}
	if f.GPU != nil {
		s.cards += deref(f.GPU.GPU)
	}
	if f.Ascend != nil {
		s.cards += deref(f.Ascend.NPU)
	}
	return s
}

func deref[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

// checkFlavor checks the pool, the flavor, and the disk against the flavor. It
// returns the flavor if there is one to hold the image against.
func (k *checks) checkFlavor() *size {
	causes := []path.Path{flavorPath, poolPath, categoryPath, capacityPath}
	changed, _ := k.asked(append(causes, imagePath, path.Root("endpoints"))...)
	if !changed || k.pool.IsUnknown() {
		return nil
	}
	sizes, where, ok := k.sizes()
	if !ok || !k.spec.IsNull() || k.flavor.IsUnknown() || k.flavor.IsNull() {
		return nil
	}
	id := k.flavor.ValueString()
	at := slices.IndexFunc(sizes, func(s size) bool { return s.id == id })
	flavorChanged, _ := k.asked(flavorPath, poolPath)
	if at < 0 {
		if flavorChanged {
			k.report(flavorPath, []path.Path{flavorPath, poolPath}, "There is no such flavor",
				"%s has no flavor %q.%s", where, id, closest(id, sizes))
		}
		return nil
	}
	flavor := sizes[at]
	if flavorChanged && flavor.soldOut {
		k.report(flavorPath, []path.Path{flavorPath}, "The flavor is sold out",
			"The flavor %s has no resources left now.%s", id, k.alternatives(flavor, sizes))
	}
	k.checkStorage(flavor)
	if flavorChanged && !k.create {
		k.checkSwitch(id)
	}
	return &flavor
}

// sizes are the flavors that the notebook can have, and where: in its pool, or
// in the region.
func (k *checks) sizes() (sizes []size, where string, ok bool) {
	if k.pool.ValueString() != "" {
		return k.poolSizes()
	}
	flavors, err := k.settings.Home().Catalogue.Flavors(k.ctx)
	if err != nil {
		k.unreadable("flavors", err)
		return nil, "", false
	}
	for i := range flavors {
		if f := &flavors[i]; f.Feature == nil || *f.Feature == k.feature {
			sizes = append(sizes, sizeOf(f))
		}
	}
	return sizes, "For notebooks of the feature " + k.feature + " the region", true
}

func (k *checks) poolSizes() (sizes []size, where string, ok bool) {
	pools, err := k.settings.Home().Catalogue.Pools(k.ctx)
	if err != nil {
		k.unreadable("resource pools", err)
		return nil, "", false
	}
	id := k.pool.ValueString()
	at := slices.IndexFunc(pools, func(p modelarts.Cluster) bool { return deref(p.PoolID) == id })
	if changed, _ := k.asked(poolPath); !changed && at < 0 {
		return nil, "", false
	}
	if at < 0 {
		names := make([]string, 0, len(pools))
		for _, p := range pools {
			names = append(names, deref(p.PoolID))
		}
		k.report(poolPath, []path.Path{poolPath}, "There is no such resource pool",
			"The account has no dedicated resource pool %q for notebooks in the region. It has %s.", id, enumerate(names, "none"))
		return nil, "", false
	}
	pool := pools[at]
	if status := deref(pool.Status); status != "" && status != "ACTIVE" {
		k.report(poolPath, []path.Path{poolPath}, "The resource pool is not active",
			"The resource pool %s is %s, and takes notebooks only when it is ACTIVE.", id, status)
		return nil, "", false
	}
	for i := range pool.Flavors {
		sizes = append(sizes, sizeInPool(&pool.Flavors[i]))
	}
	return sizes, "The resource pool " + id, true
}

// checkStorage checks that the flavor works with the disk.
func (k *checks) checkStorage(flavor size) {
	causes := []path.Path{flavorPath, categoryPath, capacityPath}
	if changed, _ := k.asked(causes...); !changed {
		return
	}
	category := strings.ToUpper(k.volume.Category.ValueString())
	if category == "" {
		return // unknown
	}
	if len(flavor.storages) > 0 && !slices.ContainsFunc(flavor.storages, func(s string) bool { return strings.EqualFold(s, category) }) {
		k.report(categoryPath, causes, "The flavor does not work with the storage",
			"The flavor %s works with %s storage, and volume.category is %s.", flavor.id, enumerate(flavor.storages, "no"), category)
		return
	}
	if category != categoryEVS || flavor.evsMax == nil || k.volume.Capacity.IsNull() || k.volume.Capacity.IsUnknown() {
		return
	}
	if capacity := k.volume.Capacity.ValueInt64(); capacity > *flavor.evsMax {
		k.report(capacityPath, causes, "The disk is too large for the flavor",
			"The flavor %s works with EVS disks of at most %d GB, and volume.capacity is %d.", flavor.id, *flavor.evsMax, capacity)
	}
}

// checkSwitch asks the service whether this notebook can change to the flavor.
func (k *checks) checkSwitch(id string) {
	var possible []string
	for f, err := range k.settings.Home().Client.ShowSwitchableFlavors(k.ctx, k.id) {
		if err != nil {
			k.unreadable("flavors that the notebook "+k.id+" can change to", err)
			return
		}
		if f.ID == id {
			return
		}
		possible = append(possible, f.ID)
	}
	if at := k.resp.Diagnostics.Errors(); slices.ContainsFunc(at, func(d diag.Diagnostic) bool { return d.Summary() == "The flavor is sold out" }) {
		return // said already, with alternatives
	}
	k.report(flavorPath, []path.Path{flavorPath}, "The notebook cannot change to the flavor",
		"The notebook %s cannot change to the flavor %s. It can change to %s.", k.id, id, enumerate(possible, "no other flavor"))
}

// checkImage checks the image, by itself and against the flavor.
func (k *checks) checkImage(flavor *size) {
	causes := []path.Path{imagePath, flavorPath, path.Root("endpoints")}
	changed, _ := k.asked(causes...)
	if !changed || k.image.IsUnknown() {
		return
	}
	id := strings.ToLower(k.image.ValueString())
	image, err := k.settings.Home().Catalogue.Image(k.ctx, id)
	if errors.Is(err, modelarts.ErrNotFound) {
		if imageChanged, _ := k.asked(imagePath); imageChanged {
			k.report(imagePath, []path.Path{imagePath}, "There is no such image",
				"The region has no image %s, neither among the preset ones nor among the account's own. An ID is valid in one region only.", id)
		}
		return
	}
	if err != nil {
		k.unreadable("images", err)
		return
	}
	name := deref(image.Name) + ":" + deref(image.Tag)
	if imageChanged, _ := k.asked(imagePath); imageChanged && image.Status != "" && image.Status != modelarts.ImageActive {
		detail := fmt.Sprintf("The image %s (%s) is %s, and can be used only when it is ACTIVE.", id, name, image.Status)
		if message := deref(image.StatusMessage); message != "" {
			detail += " The service says: " + message
		}
		k.report(imagePath, []path.Path{imagePath}, "The image is not active", "%s", detail)
	}
	if flavor != nil {
		k.checkFit(id, name, image, flavor)
	}
	if len(image.DevServices) > 0 && !slices.ContainsFunc(image.DevServices, func(s string) bool { return !strings.EqualFold(s, serviceSSH) }) {
		_, ssh := k.endpoints.Elements()[serviceSSH]
		if !ssh && !k.endpoints.IsUnknown() {
			k.report(path.Root("endpoints"), causes, "The image needs an SSH endpoint",
				"The image %s (%s) is reached over SSH only. Add endpoints = { SSH = { key_pair_names = [...] } }, or choose an image with a web page.", id, name)
		}
	}
}

// checkFit checks that the image runs on the flavor.
func (k *checks) checkFit(id, name string, image *modelarts.Image, flavor *size) {
	causes := []path.Path{imagePath, flavorPath}
	if arch := deref(image.Arch); arch != "" && flavor.arch != "" && !strings.EqualFold(arch, flavor.arch) {
		k.report(imagePath, causes, "The image has another architecture than the flavor",
			"The image %s (%s) is built for %s, and the flavor %s is %s.", id, name, strings.ToUpper(arch), flavor.id, strings.ToUpper(flavor.arch))
		return
	}
	if len(image.ResourceCategories) > 0 && flavor.category != "" &&
		!slices.ContainsFunc(image.ResourceCategories, func(c string) bool { return strings.EqualFold(c, flavor.category) }) {
		k.report(imagePath, causes, "The image is for another kind of flavor",
			"The image %s (%s) is for %s, and the flavor %s is %s.", id, name, enumerate(image.ResourceCategories, "nothing"), flavor.id, flavor.category)
	}
}

// checkQuota warns when the plan adds more notebooks than may be added. It is
// never an error: the create half of a replacement looks like a create.
func (k *checks) checkQuota() {
	if !k.create {
		return
	}
	quota, err := k.settings.Home().Catalogue.Quota(k.ctx)
	if err != nil {
		k.unreadable("quota", err)
		return
	}
	if quota.Quota == nil || quota.Used == nil {
		return
	}
	adds := k.settings.Home().PlannedCreates.Add(1)
	if left := max(*quota.Quota-*quota.Used, 0); adds == left+1 {
		k.resp.Diagnostics.AddWarning("The quota of notebooks does not suffice",
			fmt.Sprintf("The user may have %d notebooks and has %d, so that %d can be added, and this plan adds more. A notebook that is replaced counts as added, and frees one.",
				*quota.Quota, *quota.Used, left))
	}
}

// guardrails holds the lease against require_auto_stop and max_auto_stop.
func (k *checks) guardrails() {
	root := path.Root("lease")
	off := !k.lease.Enabled.IsNull() && !k.lease.Enabled.IsUnknown() && !k.lease.Enabled.ValueBool()
	limit := k.settings.MaxAutoStop
	where := root.AtName("enabled")
	var summary, detail string
	switch {
	case off && k.settings.RequireAutoStop:
		summary = "The notebook would never stop by itself"
		detail = fmt.Sprintf("Notebook %q has lease.enabled = false, and the provider has require_auto_stop = true. Give it a lease, such as lease = { duration = \"8h\" }.", k.name)
	case off && limit > 0:
		summary = "The notebook would never stop by itself"
		detail = fmt.Sprintf("Notebook %q has lease.enabled = false, and the provider has max_auto_stop = %q. Give it a lease of at most that, such as lease = { duration = %q }.", k.name, formatLease(limit), formatLease(limit))
	case limit > 0 && !k.lease.Duration.IsNull() && !k.lease.Duration.IsUnknown():
		d, err := parseLease(k.lease.Duration.ValueString())
		if err != nil || d <= limit {
			return
		}
		where, summary = root.AtName("duration"), "The lease is longer than allowed"
		detail = fmt.Sprintf("Notebook %q has lease.duration = %q, and the provider has max_auto_stop = %q. Shorten the lease.", k.name, k.lease.Duration.ValueString(), formatLease(limit))
	default:
		return
	}
	// A guardrail is a rule of the house, and not for plan_checks to weaken.
	if _, byUser := k.asked(root); byUser {
		k.resp.Diagnostics.AddAttributeError(where, summary, detail)
		return
	}
	k.resp.Diagnostics.AddAttributeWarning(where, fmt.Sprintf("%s (notebook %q)", summary, k.name), detail)
}

// alternatives names flavors that are not sold out, of at least the size, that
// suit the same image and disk; the smallest first.
func (k *checks) alternatives(wanted size, sizes []size) string {
	category := k.volume.Category.ValueString()
	var fit []size
	for _, s := range sizes {
		disk := category == "" || len(s.storages) == 0 ||
			slices.ContainsFunc(s.storages, func(c string) bool { return strings.EqualFold(c, category) })
		if !s.soldOut && disk && strings.EqualFold(s.arch, wanted.arch) && strings.EqualFold(s.category, wanted.category) &&
			s.vcpus >= wanted.vcpus && s.memory >= wanted.memory && s.cards >= wanted.cards {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return " No other flavor of at least its size has any either: choose a smaller one, or try again later."
	}
	slices.SortFunc(fit, func(a, b size) int {
		return cmp.Or(cmp.Compare(a.cards, b.cards), cmp.Compare(a.vcpus, b.vcpus), cmp.Compare(a.memory, b.memory), cmp.Compare(a.id, b.id))
	})
	return " Of at least its size, and not sold out: " + enumerate(ids(fit[:min(len(fit), suggestions)]), "") + "."
}

// closest names the flavors whose names are most like one that does not exist.
func closest(id string, sizes []size) string {
	if len(sizes) == 0 {
		return " It has none at all."
	}
	sorted := slices.Clone(sizes)
	slices.SortStableFunc(sorted, func(a, b size) int {
		return cmp.Or(cmp.Compare(levenshtein.Distance(id, a.id, nil), levenshtein.Distance(id, b.id, nil)), cmp.Compare(a.id, b.id))
	})
	return " The closest names are " + enumerate(ids(sorted[:min(len(sorted), suggestions)]), "") + "."
}

func ids(sizes []size) []string {
	names := make([]string, len(sizes))
	for i, s := range sizes {
		names[i] = s.id
	}
	return names
}

// enumerate writes names in a sentence.
func enumerate(names []string, none string) string {
	switch len(names) {
	case 0:
		return none
	case 1:
		return names[0]
	default:
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
}
