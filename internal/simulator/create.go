package simulator

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

var (
	notebookName  = regexp.MustCompile(`^[A-Za-z0-9_\x{4E00}-\x{9FFF}-]+$`)
	olderName     = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	workspaceName = regexp.MustCompile(`^(0|[a-z0-9]{32})$`)
)

// forbiddenMarks and olderForbiddenMarks are not allowed in a description, by
// the newest model and by the older ones.
const (
	forbiddenMarks      = `<>`
	olderForbiddenMarks = `&<>"'/`
)

// createNotebook makes a notebook. Everything is checked before anything
// happens, and the form of a request before its sense.
func (s *Simulator) createNotebook(c *call) (*answer, *problem) {
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	body.require("name", "image_id", "volume")
	if !body.has("custom_spec") {
		body.require("flavor")
	}
	n := s.readNotebook(c, body)
	if len(n.PoolID) > 64 {
		body.wrongValue("pool_id", "it is longer than 64 characters")
	}
	volume := orEmpty(body.object("volume"), body)
	volume.require("category", "ownership")
	n.Volume = readVolume(volume, "")
	if p := body.failure(); p != nil {
		return nil, p
	}

	if p := s.checkCreate(n, body, volume); p != nil {
		return nil, p
	}
	n.sshPort = s.sshPorts
	s.sshPorts++
	if s.sshPorts > lastSSHPort {
		s.sshPorts = firstSSHPort
	}
	s.beginCreate(n, c.now, c.life)
	n.record(c.now)
	s.notebooks = append(s.notebooks, n)
	s.byID[n.ID] = n
	c.entry.NotebookID = n.ID
	return ok(s.briefly(n)), nil
}

// readNotebook reads what a create asks for, but for the storage.
func (s *Simulator) readNotebook(c *call, body *reader) *notebook {
	return &notebook{NotebookInfo: NotebookInfo{
		ID: uuid.NewString(), ProjectID: c.path["project_id"],
		Name:          s.readName(body),
		Description:   s.readDescription(body),
		Feature:       body.exactEnum("feature", featureNotebook, featureDefault, featureNotebook),
		Flavor:        body.textOr("flavor", ""),
		CustomSpec:    readCustomSpec(body),
		ImageID:       readImageID(body),
		PoolID:        body.textOr("pool_id", ""),
		Endpoints:     s.readEndpoints(body, nil),
		Hooks:         readHooks(body),
		Lease:         s.readLease(body, c.now),
		Affinity:      readAffinity(body),
		RunUser:       readRunUser(body),
		UserVPC:       readUserVPC(body),
		PublicNetwork: s.readPublicNetwork(body),
		WorkspaceID:   s.readWorkspace(body),
		UserID:        s.userID, UserName: s.options.UserName,
		CreatedAt: c.now, UpdatedAt: c.now,
	}}
}

// checkCreate chooses the image, the flavor and the storage of a new notebook,
// and refuses what the service would.
func (s *Simulator) checkCreate(n *notebook, body, volume *reader) *problem {
	if s.options.Frozen {
		return refusal("ModelArts.6326", "")
	}
	if p := s.checkAuthorized(); p != nil {
		return p
	}
	chosen, p := s.chooseImage(n)
	if p != nil {
		return p
	}
	n.image = *chosen
	flavor, p := s.chooseFlavor(n)
	if p != nil {
		return p
	}
	s.checkMainVolume(volume, &n.Volume, flavor.maxEVS(), n.PoolID)
	n.DataVolumes = s.readDataVolumes(body, flavor.maxEVS(), n.PoolID)
	if p := body.failure(); p != nil {
		return p
	}
	if s.isB("catalogue-storages-bind") && !slices.Contains(flavor.Storages, n.Volume.Category) {
		return refusal("ModelArts.6702", "")
	}
	if flavor.SoldOut {
		return refusal("ModelArts.6716", "")
	}
	if p := s.checkUnique(n, n.Name); p != nil {
		return p
	}
	return s.checkQuota(n)
}

// chooseImage finds the image that a notebook asks for.
func (s *Simulator) chooseImage(n *notebook) (*image, *problem) {
	i := s.imageIn(n.ImageID, n.ProjectID)
	switch {
	case i == nil:
		return nil, refusal("ModelArts.6797", "")
	case i.Status != imageActive:
		return nil, refusal("ModelArts.6797", "The image is not active.")
	}
	return i, checkServices(*i, n.Endpoints)
}

// checkServices refuses access that an image does not give, and a notebook
// that could not be reached at all.
func checkServices(i image, endpoints []Endpoint) *problem {
	ssh := slices.ContainsFunc(endpoints, func(e Endpoint) bool { return e.Service == serviceSSH })
	switch {
	case ssh && !slices.Contains(i.DevServices, serviceSSH):
		return refusal("ModelArts.6336", "The image does not support SSH.")
	case !ssh && !slices.Contains(i.DevServices, serviceNotebook):
		return refusal("ModelArts.6768", "")
	}
	return nil
}

// chooseFlavor finds the flavor that a notebook asks for, in the public pool
// or in its own, and holds it against the image.
func (s *Simulator) chooseFlavor(n *notebook) (flavor, *problem) {
	offered, p := s.offered(n.PoolID)
	if p != nil {
		return flavor{}, p
	}
	if n.CustomSpec != nil {
		if n.PoolID == "" {
			return flavor{}, refusal("ModelArts.6336", "A custom_spec needs a pool_id.")
		}
		n.Flavor = customFlavor
		return n.CustomSpec.asFlavor(), fitting(n.CustomSpec.asFlavor(), n.image)
	}
	at := slices.IndexFunc(offered, func(f flavor) bool { return f.ID == n.Flavor })
	switch {
	case at < 0:
		return flavor{}, refusal("ModelArts.6323", "")
	case offered[at].Feature != n.Feature:
		return flavor{}, refusal("ModelArts.6870", "")
	}
	return offered[at], fitting(offered[at], n.image)
}

// offered are the flavors of a dedicated pool or, without one, of the public pool.
func (s *Simulator) offered(poolID string) ([]flavor, *problem) {
	if poolID == "" {
		return s.flavors(), nil
	}
	in, known := s.pool(poolID)
	switch {
	case !known:
		return nil, refusal("ModelArts.6336", "The resource pool does not exist.")
	case in.Status != "ACTIVE":
		return nil, refusal("ModelArts.6360", "The resource pool is not active.")
	}
	var list []flavor
	for _, f := range in.Flavors {
		list = append(list, f.asFlavor())
	}
	if !s.isB("catalogue-pool-binds") {
		list = append(list, s.flavors()...)
	}
	if s.isB("catalogue-pool-void") {
		for i := range list {
			list[i].SoldOut, list[i].Storages, list[i].EVSMaxSize = false, allDisks, strconv.Itoa(evsMaxSize)
		}
	}
	return list, nil
}

// checkUnique refuses a name that another notebook has.
func (s *Simulator) checkUnique(n *notebook, name string) *problem {
	taken := slices.ContainsFunc(s.notebooks, func(other *notebook) bool {
		return other.Name == name && other.ID != n.ID && other.ProjectID == n.ProjectID
	})
	if taken && s.isB("name-unique") {
		return refusal("ModelArts.6301", "")
	}
	return nil
}

func fitting(f flavor, i image) *problem {
	if !f.fits(i) {
		return refusal("ModelArts.6330", "")
	}
	return nil
}

// asFlavor is the flavor that a size of one's own makes up.
func (spec *CustomSpec) asFlavor() flavor {
	f := flavor{ID: customFlavor, Arch: "X86_64", Category: "CPU", Feature: featureNotebook, Storages: allDisks, EVSMaxSize: "4096"}
	if spec.Arch != "" {
		f.Arch = spec.Arch
	}
	if spec.Category != "" {
		f.Category = spec.Category
	} else if spec.GPU != nil && *spec.GPU > 0 {
		f.Category = "GPU"
	}
	return f
}

// checkQuota counts the notebooks of the user. The free ones are one a user.
func (s *Simulator) checkQuota(n *notebook) *problem {
	free := slices.ContainsFunc(s.notebooks, func(other *notebook) bool {
		return other.Feature == featureDefault && other.UserID == n.UserID && other.ProjectID == n.ProjectID
	})
	if n.Feature == featureDefault && free || n.Feature == featureNotebook && s.owned(n.ProjectID) >= s.options.Quota {
		return refusal("ModelArts.6302", "")
	}
	return nil
}

func (s *Simulator) readName(body *reader) string {
	name, pattern := body.textOr("name", ""), notebookName
	if s.isB("name-old-characters") {
		pattern = olderName
	}
	if name != "" && !pattern.MatchString(name) {
		body.fail(refusal("ModelArts.6334", fmt.Sprintf("The name does not match %s.", pattern)))
	}
	if utf8.RuneCountInString(name) > 128 {
		body.wrongValue("name", "it is longer than 128 characters")
	}
	return name
}

func (s *Simulator) readDescription(body *reader) string {
	description, forbidden := body.textOr("description", ""), forbiddenMarks
	if s.isB("name-old-characters") {
		forbidden = olderForbiddenMarks
	}
	if strings.ContainsAny(description, forbidden) {
		body.fail(refusal("ModelArts.6334", fmt.Sprintf("The description contains one of the characters %s.", forbidden)))
	}
	if utf8.RuneCountInString(description) > 512 {
		body.wrongValue("description", "it is longer than 512 characters")
	}
	return description
}

func readImageID(body *reader) string {
	id := body.textOr("image_id", "")
	if id != "" && uuid.Validate(id) != nil {
		body.wrongValue("image_id", "it is not a UUID")
	}
	return id
}

// readWorkspace reads a workspace, which must exist.
func (s *Simulator) readWorkspace(body *reader) string {
	id := body.textOr("workspace_id", "")
	switch {
	case id == "" || id == "0":
		return "0"
	case !workspaceName.MatchString(id):
		body.wrongValue("workspace_id", "it is neither 0 nor 32 lower-case letters and digits")
	case !slices.Contains(s.options.Workspaces, id):
		body.fail(refusal("ModelArts.0102", ""))
	}
	return id
}

// maxAccessIPs is how many addresses an endpoint can be kept to.
const maxAccessIPs = 5

// readEndpoints reads the endpoints of a request. before are those that the
// notebook has.
func (s *Simulator) readEndpoints(body *reader, before []Endpoint) []Endpoint {
	var endpoints []Endpoint
	for _, r := range body.objects("endpoints") {
		e := Endpoint{
			Service:          r.exactEnum("service", serviceSSH, serviceNotebook, serviceSSH),
			KeyPairNames:     r.texts("key_pair_names"),
			AllowedAccessIPs: r.texts("allowed_access_ips"),
		}
		if e.Service == serviceSSH && len(e.KeyPairNames) == 0 {
			r.fail(refusal("ModelArts.6335", "An SSH endpoint needs key_pair_names."))
		}
		for _, name := range e.KeyPairNames {
			if len(s.options.KeyPairs) > 0 && !slices.Contains(s.options.KeyPairs, name) {
				r.fail(refusal("ModelArts.6789", ""))
			}
		}
		if len(e.AllowedAccessIPs) > maxAccessIPs {
			r.wrongValue("allowed_access_ips", fmt.Sprintf("there are more than %d", maxAccessIPs))
		}
		for _, address := range e.AllowedAccessIPs {
			_, notIP := netip.ParseAddr(address)
			_, notRange := netip.ParsePrefix(address)
			if notIP != nil && notRange != nil {
				r.wrongValue("allowed_access_ips", "one is no IP address")
			}
		}
		if s.isB("ips-ignored") {
			e.AllowedAccessIPs = nil
		}
		if s.keepsIPs(r) {
			for _, old := range before {
				if old.Service == e.Service {
					e.AllowedAccessIPs = old.AllowedAccessIPs
				}
			}
		}
		if slices.ContainsFunc(endpoints, func(other Endpoint) bool { return other.Service == e.Service }) {
			r.wrongValue("service", "it is configured twice")
		}
		endpoints = append(endpoints, e)
	}
	return endpoints
}

// keepsIPs reports whether an endpoint of a request keeps the addresses that it
// has.
func (s *Simulator) keepsIPs(r *reader) bool {
	if !r.has("allowed_access_ips") {
		return s.isB("update-absent-keeps-ips")
	}
	return len(r.texts("allowed_access_ips")) == 0 && s.isB("update-empty-ignored")
}

func readHooks(body *reader) *Hooks {
	container := orEmpty(orEmpty(body.object("hooks"), body).object("container_hooks"), body)
	hooks := Hooks{PreStart: readHook(container.object("pre_start")), PostStart: readHook(container.object("post_start"))}
	if hooks == (Hooks{}) {
		return nil
	}
	return &hooks
}

func readHook(r *reader) *Hook {
	if r == nil {
		return nil
	}
	return &Hook{
		Type:   r.exactEnum("type", "SCRIPT", "COMMAND", "SCRIPT"),
		Script: r.textOr("script", ""),
		Mode:   r.exactEnum("mode", "ASYNC", "BLOCK", "ASYNC"),
	}
}

func readCustomSpec(body *reader) *CustomSpec {
	r := body.object("custom_spec")
	if r == nil {
		return nil
	}
	r.require("cpu", "memory")
	spec := &CustomSpec{
		GPU:            r.number("gpu"),
		GPUType:        r.textOr("gpu_type", ""),
		Arch:           r.exactEnum("arch", "", "X86_64", "AARCH64"),
		Category:       r.exactEnum("category", "", "CPU", "GPU"),
		ResourceFlavor: r.textOr("resource_flavor", ""),
	}
	set(&spec.CPU, r.number("cpu"))
	set(&spec.Memory, r.number("memory"))
	if spec.CPU < 0.4 {
		r.wrongValue("cpu", "it is less than 0.4")
	}
	if spec.Memory < 513 {
		r.wrongValue("memory", "it is less than 513")
	}
	return spec
}

func readAffinity(body *reader) *Affinity {
	r := body.object("affinity")
	if r == nil {
		return nil
	}
	affinity := Affinity{
		Required:  readRules(r, "required_during_scheduling_ignored_during_execution"),
		Preferred: readRules(r, "preferred_during_scheduling_ignored_during_execution"),
	}
	if affinity.Required == nil && affinity.Preferred == nil {
		return nil
	}
	return &affinity
}

func readRules(r *reader, member string) []AffinityRule {
	var rules []AffinityRule
	for _, r := range r.objects(member) {
		r.require("key", "operator", "values")
		rule := AffinityRule{
			Key:      r.textOr("key", ""),
			Operator: r.exactEnum("operator", "", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
			Values:   r.texts("values"),
			Weight:   r.integer("weight"),
		}
		if rule.Values == nil {
			rule.Values = []string{}
		}
		if rule.Weight != nil && (*rule.Weight < 0 || *rule.Weight > 100) {
			r.wrongValue("weight", "it is not from 0 to 100")
		}
		rules = append(rules, rule)
	}
	return rules
}

func readRunUser(body *reader) *RunUser {
	r := body.object("run_user")
	if r == nil {
		return nil
	}
	return &RunUser{UID: r.integer("uid"), GID: r.integer("gid")}
}

func readUserVPC(body *reader) *UserVPC {
	r := body.object("user_vpc")
	if r == nil {
		return nil
	}
	r.require("vpc_id", "subnet_id", "security_group_ids")
	return &UserVPC{
		VPCID:            r.textOr("vpc_id", ""),
		SubnetID:         r.textOr("subnet_id", ""),
		SecurityGroupIDs: r.texts("security_group_ids"),
		ConnectCIDRs:     r.texts("connect_cidrs"),
	}
}

func (s *Simulator) readPublicNetwork(body *reader) *PublicNetwork {
	r := body.object("public_network_config")
	if r != nil && s.isB("network-refused") {
		body.fail(refusal("ModelArts.6400", "The parameter public_network_config is unknown."))
	}
	if r == nil {
		return nil
	}
	return &PublicNetwork{Type: r.exactEnum("public_network_type", "", "SHARED", "EXCLUSIVE", "FORBIDDEN")}
}
