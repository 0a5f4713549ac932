package simulator

import (
	"fmt"
	"slices"
)

// settledChanges are the members of an update that are taken only while the
// notebook is STOPPED, whether or not their values differ from the present ones.
var settledChanges = []string{
	"flavor", "custom_spec", "image_id", "endpoints", "hooks", "affinity", "data_volumes", "dew_secret_name",
	"public_network_config",
}

// liveChanges are taken while it is RUNNING as well.
var liveChanges = []string{"name", "description", "storage_new_size"}

// update is what a notebook has after an update.
type update struct {
	// These count only when the request names them.
	name, description, secret string
	hooks                     *Hooks
	affinity                  *Affinity
	network                   *PublicNetwork

	flavor    string
	spec      *CustomSpec
	image     *image
	endpoints []Endpoint
	// volumes and grow count only when the request names them.
	volumes []Volume
	grow    int64
}

// updateNotebook changes a notebook. All is checked before anything changes.
func (s *Simulator) updateNotebook(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	if s.isB("update-empty-ignored") {
		for member, value := range body.members {
			if member != "name" && isEmpty(value) {
				delete(body.members, member)
			}
		}
	}
	if p := s.checkChangeable(n, body); p != nil {
		return nil, p
	}
	u, p := s.planUpdate(n, body)
	if p != nil {
		return nil, p
	}
	if p := s.checkUnique(n, u.name); p != nil && body.has("name") {
		return nil, p
	}
	s.apply(n, u, body)
	if u.grow > n.Volume.Capacity {
		s.beginGrow(n, c.now, u.grow)
	}
	n.touch(c.now)
	if s.isB("update-answers-all") {
		return ok(s.fully(n, c.now)), nil
	}
	return ok(s.changed(n, body)), nil
}

// apply changes what the request names.
func (s *Simulator) apply(n *notebook, u *update, body *reader) {
	if body.has("name") {
		n.Name = u.name
	}
	if body.has("description") {
		n.Description = u.description
	}
	if body.has("hooks") {
		n.Hooks = u.hooks
	}
	if body.has("affinity") {
		n.Affinity = u.affinity
	}
	if body.has("public_network_config") {
		n.PublicNetwork = u.network
	}
	if body.has("dew_secret_name") {
		n.Volume.DEWSecretName = u.secret
	}
	if body.has("data_volumes") {
		n.DataVolumes = u.volumes
	}
	if body.has("endpoints") {
		n.Endpoints = u.endpoints
		if n.URL != "" {
			n.Endpoints = s.withAddresses(n, u.endpoints)
		}
	}
	n.Flavor, n.CustomSpec = u.flavor, u.spec
	if body.has("image_id") {
		n.savedImage = nil
	}
	n.image, n.ImageID = *u.image, u.image.ID
}

// growStep is how many GB a volume may grow at once, where that is limited.
const growStep = 100

// isEmpty reports whether a member of a request is an empty text, list or
// object, or an object of nothing but those.
func isEmpty(value any) bool {
	switch value := value.(type) {
	case string:
		return value == ""
	case []any:
		return len(value) == 0
	case map[string]any:
		for _, member := range value {
			if !isEmpty(member) {
				return false
			}
		}
		return true
	}
	return false
}

// checkChangeable refuses changes that the status does not allow.
func (s *Simulator) checkChangeable(n *notebook, body *reader) *problem {
	var members []string
	for _, member := range slices.Concat(liveChanges, settledChanges) {
		if body.has(member) {
			members = append(members, member)
		}
	}
	status := n.Status
	if s.snapshotOpen(n) {
		status = statusRunning
	}
	switch {
	case len(members) == 0:
		return nil
	case status == statusFrozen:
		return refusal("ModelArts.6326", "")
	case status == statusSnapshotting:
		return refusal("ModelArts.6357", "")
	}
	for _, member := range members {
		if !s.changeable(member, status) {
			return s.notChangeable(status)
		}
	}
	return nil
}

// changeable reports whether a change of one member is taken in a status.
func (s *Simulator) changeable(member, status string) bool {
	strict := s.isB("update-stopped-only")
	switch {
	case status == statusStopped && member == "storage_new_size":
		return strict || s.isB("volume-grow-stopped")
	case status == statusStopped && (member == "name" || member == "description"):
		return !s.isB("update-name-running")
	case status == statusStopped:
		return true
	case status != statusRunning:
		return false
	case slices.Contains(liveChanges, member):
		return !strict
	case member == "endpoints":
		return s.isB("update-endpoints-running")
	case member == "data_volumes":
		return s.isB("data-running")
	}
	return false
}

// notChangeable is why a change is refused in a status.
func (s *Simulator) notChangeable(status string) *problem {
	switch {
	case s.isB("update-refusal-6327"):
		return refusal("ModelArts.6327", "")
	case s.isB("update-refusal-by-status") && statusCodes[status] != "":
		return refusal(statusCodes[status], "")
	}
	return refusal("ModelArts.6347", "")
}

// planUpdate checks the parts of an update that depend on one another.
func (s *Simulator) planUpdate(n *notebook, body *reader) (*update, *problem) {
	u := &update{
		name: s.readName(body), description: s.readDescription(body), secret: body.textOr("dew_secret_name", ""),
		hooks: readHooks(body), affinity: readAffinity(body), network: s.readPublicNetwork(body),
		flavor: n.Flavor, spec: n.CustomSpec, image: &n.image, endpoints: n.Endpoints,
	}
	if body.has("name") && u.name == "" {
		body.wrongValue("name", "it is empty")
	}
	wanted := *n
	if body.has("endpoints") {
		u.endpoints = s.readEndpoints(body, n.Endpoints)
		wanted.Endpoints = u.endpoints
	}
	wanted.ImageID = readImageID(body)
	spec := readCustomSpec(body)
	flavorID := body.textOr("flavor", "")
	set(&u.grow, body.integer("storage_new_size"))
	if p := body.failure(); p != nil {
		return nil, p
	}
	if body.has("image_id") {
		chosen, p := s.chooseImage(&wanted)
		if p != nil {
			return nil, p
		}
		u.image = chosen
	} else if p := checkServices(n.image, u.endpoints); p != nil {
		return nil, p
	}
	chosen, p := s.replanFlavor(n, u, flavorID, spec)
	if p != nil {
		return nil, p
	}
	u.volumes = s.readDataVolumes(body, chosen.maxEVS(), n.PoolID)
	if body.has("storage_new_size") {
		if p := s.checkGrowth(n, u.grow, chosen.maxEVS()); p != nil {
			return nil, p
		}
	}
	return u, body.failure()
}

// replanFlavor finds the flavor after an update. A notebook keeps the one that
// it has, even if no other could get it any more.
func (s *Simulator) replanFlavor(n *notebook, u *update, flavorID string, spec *CustomSpec) (flavor, *problem) {
	offered, _ := s.offered(n.PoolID)
	if spec != nil {
		if n.PoolID == "" {
			return flavor{}, refusal("ModelArts.6336", "A custom_spec needs a pool_id.")
		}
		u.flavor, u.spec = customFlavor, spec
		return spec.asFlavor(), fitting(spec.asFlavor(), *u.image)
	}
	find := func(id string) (flavor, bool) {
		for _, f := range offered {
			if f.ID == id {
				return f, true
			}
		}
		return flavor{EVSMaxSize: "4096"}, false
	}
	if flavorID == "" || flavorID == n.Flavor {
		present, known := find(n.Flavor)
		if n.CustomSpec != nil {
			present, known = n.CustomSpec.asFlavor(), true
		}
		if known {
			return present, fitting(present, *u.image)
		}
		return present, nil
	}
	wanted, known := find(flavorID)
	if !known {
		return flavor{}, refusal("ModelArts.6323", "")
	}
	if !slices.ContainsFunc(s.switchable(n, *u.image), func(f flavor) bool { return f.ID == flavorID }) {
		return flavor{}, refusal("ModelArts.6792", "")
	}
	if wanted.SoldOut {
		return flavor{}, refusal("ModelArts.6329", "")
	}
	u.flavor, u.spec = flavorID, nil
	return wanted, nil
}

// checkGrowth refuses a size that the volume cannot grow to. The size that it
// has is taken, as clients send it along.
func (s *Simulator) checkGrowth(n *notebook, to, maxSize int64) *problem {
	switch {
	case n.Volume.Category != categoryEVS:
		return refusal("ModelArts.6336", "Only an EVS volume can grow.")
	case to < n.Volume.Capacity || to > maxSize:
		return refusal("ModelArts.6331", "")
	case to > n.Volume.Capacity+growStep && s.isB("volume-grow-step"):
		return refusal("ModelArts.6331", fmt.Sprintf("The disk can grow by at most %d GB at a time.", growStep))
	case n.resize != nil:
		return refusal("ModelArts.6357", "")
	}
	return nil
}

// changed is the answer to an update: what it changed and when.
func (s *Simulator) changed(n *notebook, body *reader) *notebookAnswer {
	shown := &notebookAnswer{}
	if !s.isB("times-absent") {
		shown.UpdateAt = n.UpdatedAt.UnixMilli()
	}
	if body.has("name") {
		shown.Name = n.Name
	}
	if body.has("description") {
		description := n.Description
		shown.Description = &description
	}
	if body.has("flavor") || body.has("custom_spec") {
		shown.Flavor, shown.CustomSpec = n.Flavor, s.customSpec(n)
	}
	if body.has("image_id") {
		shown.Image = s.shownImage(n.image)
	}
	if body.has("endpoints") {
		shown.Endpoints = s.endpoints(n)
	}
	if body.has("affinity") {
		shown.Affinity = n.Affinity
	}
	if body.has("storage_new_size") || body.has("dew_secret_name") {
		shown.Volume = s.mainVolume(n)
	}
	if body.has("data_volumes") {
		shown.DataVolumes = s.dataVolumes(n)
	}
	return shown
}
