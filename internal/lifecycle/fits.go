package lifecycle

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// customFlavor is the flavor that the service shows of a notebook with a custom
// size.
const customFlavor = "custom.flavor.spec.code"

// defaultEVS is the size in GB of the disk that a create gets which asks for none.
const defaultEVS int64 = 5

// systemTag is what the keys of the service's own tags begin with.
const systemTag = "_sys_"

// comparison holds a notebook against the request of a create.
type comparison struct {
	nb     *modelarts.Notebook
	req    *modelarts.NotebookCreateRequest
	since  time.Duration // the request
	differ []string      // arguments
}

// differences are the arguments in which a new notebook shows that it did not come
// of a request. What the service does not show is no evidence, and neither is
// another spelling of the same thing or what it may fill in by itself. What the
// request does not ask for and the notebook has is evidence, where only somebody
// who asked could have it. since is how long ago the request was made.
func differences(nb *modelarts.Notebook, req *modelarts.NotebookCreateRequest, since time.Duration) []string {
	c := &comparison{nb: nb, req: req, since: since}
	c.kind()
	c.place()
	c.volume()
	c.dataVolumes()
	c.endpoints()
	c.lease()
	c.affinity()
	c.network()
	if c.tagged() {
		c.differ = append(c.differ, "tags")
	}
	return c.differ
}

// told reports whether an answer shows enough to tell whose notebook it is: a name
// alone is no evidence.
func told(nb *modelarts.Notebook) bool {
	return nb.Flavor != nil && nb.Image != nil && nb.Image.ID != ""
}

func (c *comparison) want(argument string, same bool) {
	if !same {
		c.differ = append(c.differ, argument)
	}
}

// kind compares name, description, flavor and image.
func (c *comparison) kind() {
	nb, req := c.nb, c.req
	c.want("name", nb.Name == "" || nb.Name == req.Name)
	c.want("description", nb.Description == nil || *nb.Description == text(req.Description))
	c.want("feature", nb.Feature == nil || strings.EqualFold(*nb.Feature, cmp.Or(text(req.Feature), "NOTEBOOK")))
	c.want("image_id", nb.Image == nil || nb.Image.ID == "" || strings.EqualFold(nb.Image.ID, req.ImageID))
	switch {
	case req.CustomSpec == nil:
		c.want("flavor", sameText(req.Flavor, nb.Flavor))
	case nb.Flavor != nil && *nb.Flavor != customFlavor:
		c.want("flavor", sameText(req.Flavor, nb.Flavor)) // that is beside the custom size
	}
	if req.CustomSpec != nil && nb.CustomSpec != nil {
		c.want("custom_spec", sameSpec(req.CustomSpec, nb.CustomSpec))
	}
}

// place compares where the notebook is. Whose it is the list has told: it holds
// the notebooks of the user who asks.
func (c *comparison) place() {
	nb, req := c.nb, c.req
	c.want("workspace_id", nb.WorkspaceID == nil || *nb.WorkspaceID == cmp.Or(text(req.WorkspaceID), modelarts.DefaultWorkspace))
	if nb.Pool != nil && text(nb.Pool.ID) != "" {
		c.want("pool_id", req.PoolID != nil && (strings.EqualFold(*req.PoolID, *nb.Pool.ID) || sameText(req.PoolID, nb.Pool.Name) && nb.Pool.Name != nil))
	}
}

// volume compares the main volume.
func (c *comparison) volume() {
	asked, shown := &c.req.Volume, c.nb.Volume
	if shown == nil {
		return
	}
	c.want("volume.category", shown.Category == nil || SameStorageCategory(asked.Category, *shown.Category))
	c.want("volume.ownership", sameText(&asked.Ownership, shown.Ownership))
	evs := strings.EqualFold(asked.Category, "EVS")
	switch {
	case shown.Capacity == nil:
	case asked.Capacity != nil:
		c.want("volume.capacity", *asked.Capacity == *shown.Capacity)
	case evs:
		c.want("volume.capacity", *shown.Capacity == defaultEVS)
	}
	c.want("volume.uri", sameDirectory(asked.URI, shown.URI))
	c.want("volume.id", sameText(asked.ID, shown.ID))
	if text(shown.DewSecretName) != "" {
		c.want("volume.dew_secret_name", text(asked.DewSecretName) == *shown.DewSecretName)
	}
}

// dataVolumes compares the volumes by their mount paths. While the notebook is
// not running they may not be there yet.
func (c *comparison) dataVolumes() {
	asked := make(map[string]modelarts.DataVolumeMountRequest, len(c.req.DataVolumes))
	for _, v := range c.req.DataVolumes {
		asked[directory(text(v.MountPath))] = v
	}
	same, seen := true, 0
	for _, shown := range c.nb.DataVolumes {
		if text(shown.MountPath) == "" {
			continue
		}
		v, there := asked[directory(*shown.MountPath)]
		if !there {
			same = false
			continue
		}
		seen++
		same = same && (shown.Category == nil || SameStorageCategory(v.Category, *shown.Category)) && sameDirectory(v.URI, shown.URI)
	}
	complete := c.nb.DataVolumes == nil || seen == len(asked) || c.nb.Status != modelarts.StatusRunning
	c.want("data_volumes", same && complete)
}

// endpoints compares key pairs and addresses by service. The service may add an
// entry that configures nothing, and may not show what is not there yet.
func (c *comparison) endpoints() {
	asked := make(map[string]modelarts.EndpointsReq, len(c.req.Endpoints))
	for _, e := range c.req.Endpoints {
		asked[strings.ToUpper(text(e.Service))] = e
	}
	same, missing := true, 0
	for _, e := range asked {
		if len(e.KeyPairNames)+len(e.AllowedAccessIPs) > 0 {
			missing++
		}
	}
	for _, shown := range c.nb.Endpoints {
		if shown.Service == nil {
			continue
		}
		e := asked[strings.ToUpper(*shown.Service)]
		if len(e.KeyPairNames)+len(e.AllowedAccessIPs) > 0 {
			missing--
		}
		if len(shown.KeyPairNames) > 0 {
			same = same && sameSet(e.KeyPairNames, shown.KeyPairNames)
		}
		if len(shown.AllowedAccessIPs) > 0 {
			same = same && sameSet(networks(e.AllowedAccessIPs), networks(shown.AllowedAccessIPs))
		}
	}
	complete := c.nb.Endpoints == nil || missing <= 0 || c.nb.Status != modelarts.StatusRunning
	c.want("endpoints", same && complete)
}

// lease compares the automatic stop. Its duration counts from the creation, so
// that it is what was asked for, and at most as much more as has gone since.
func (c *comparison) lease() {
	shown := c.nb.Lease
	if shown == nil {
		return
	}
	off := c.req.Duration != nil && *c.req.Duration == NoAutomaticStop
	if shown.Enable != nil && *shown.Enable == off {
		c.differ = append(c.differ, "lease.enabled")
		return
	}
	if off {
		return
	}
	asked := modelarts.LeaseReq{}
	if c.req.Lease != nil {
		asked = *c.req.Lease
	}
	if shown.Type != nil && *shown.Type != "" {
		c.want("lease.type", strings.EqualFold(*shown.Type, cmp.Or(text(asked.Type), "TIMING")))
	}
	if shown.Duration != nil && *shown.Duration > 0 {
		least := time.Hour.Milliseconds()
		if asked.Duration != nil {
			least = *asked.Duration
		}
		most := least + (c.since + clockSlack).Milliseconds()
		c.want("lease.duration", *shown.Duration >= least-clockSlack.Milliseconds() && *shown.Duration <= most)
	}
}

// affinity compares the rules where some were asked for: the service may have
// rules of its own.
func (c *comparison) affinity() {
	asked, shown := c.req.Affinity, c.nb.Affinity
	if asked == nil || shown == nil || len(shown.Required)+len(shown.Preferred) == 0 {
		return
	}
	c.want("affinity", sameSet(rulesAsText(asked.Required), rulesAsText(shown.Required)) &&
		sameSet(rulesAsText(asked.Preferred), rulesAsText(shown.Preferred)))
}

// network compares the user and the network where they were asked for: the
// service has its own otherwise.
func (c *comparison) network() {
	if asked, shown := c.req.RunUser, c.nb.RunUser; asked != nil && shown != nil {
		c.want("run_user", sameNumber(asked.UID, shown.UID) && sameNumber(asked.GID, shown.GID))
	}
	if asked, shown := c.req.UserVPC, c.nb.UserVPC; asked != nil && shown != nil {
		c.want("user_vpc", sameText(&asked.VPCID, shown.VPCID) && sameText(&asked.SubnetID, shown.SubnetID) &&
			(len(shown.SecurityGroupIDs) == 0 || sameSet(asked.SecurityGroupIDs, shown.SecurityGroupIDs)) &&
			(len(asked.ConnectCIDRs) == 0 || len(shown.ConnectCIDRs) == 0 || sameSet(networks(asked.ConnectCIDRs), networks(shown.ConnectCIDRs))))
	}
	if asked, shown := c.req.PublicNetworkConfig, c.nb.PublicNetworkConfig; asked != nil && shown != nil {
		c.want("public_network_config", sameText(asked.PublicNetworkType, shown.PublicNetworkType))
	}
}

// tagged reports that somebody has set tags: a create cannot, and those of the
// request have not been set yet.
func (c *comparison) tagged() bool {
	return slices.ContainsFunc(c.nb.Tags, func(t modelarts.Tag) bool { return !strings.HasPrefix(t.Key, systemTag) })
}

// sameText compares two texts without case. What was not asked for, or is not
// shown, is no difference.
func sameText(asked, shown *string) bool {
	return text(asked) == "" || text(shown) == "" || strings.EqualFold(*asked, *shown)
}

func sameNumber(asked, shown *int64) bool { return asked == nil || shown == nil || *asked == *shown }

// sameSpec compares custom sizes. No source says in which unit the memory is
// shown, nor how cores are rounded.
func sameSpec(asked, shown *modelarts.CustomSpec) bool {
	memory := shown.Memory == 0 || slices.Contains([]float64{asked.Memory, asked.Memory * 1024, math.Round(asked.Memory / 1024)}, shown.Memory)
	cores := shown.CPU == 0 || asked.CPU == shown.CPU || math.Ceil(asked.CPU) == shown.CPU
	cards := asked.GPU == nil || shown.GPU == nil || *asked.GPU == *shown.GPU
	return memory && cores && cards && sameText(asked.GPUType, shown.GPUType) && sameText(asked.Arch, shown.Arch) &&
		sameText(asked.Category, shown.Category) && sameText(asked.ResourceFlavor, shown.ResourceFlavor)
}

// sameDirectory is sameText for paths, with case and with or without a slash at
// the end.
func sameDirectory(asked, shown *string) bool {
	return text(asked) == "" || text(shown) == "" || directory(*asked) == directory(*shown)
}

func directory(path string) string { return strings.TrimRight(path, "/") }

func sameSet(a, b []string) bool {
	a, b = slices.Compact(slices.Sorted(slices.Values(a))), slices.Compact(slices.Sorted(slices.Values(b)))
	return slices.Equal(a, b)
}

// networks are addresses and blocks in one form.
func networks(addresses []string) []string {
	var all []string
	for _, address := range addresses {
		if ip, err := netip.ParseAddr(address); err == nil {
			address = netip.PrefixFrom(ip, ip.BitLen()).String()
		} else if block, err := netip.ParsePrefix(address); err == nil {
			address = block.Masked().String()
		}
		all = append(all, strings.ToLower(address))
	}
	return all
}

func rulesAsText(rules []modelarts.AffinityRule) []string {
	var all []string
	for _, r := range rules {
		words := append([]string{r.Key, strings.ToUpper(r.Operator)}, slices.Sorted(slices.Values(r.Values))...)
		all = append(all, strings.Join(words, "\n"))
	}
	return all
}
