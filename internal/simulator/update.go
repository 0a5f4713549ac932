package simulator

import (
	"slices"
)

// settledChanges are the members of an update that are taken only while the
// notebook is STOPPED, whether or not their values differ from the present ones.
var settledChanges = []string{
	"flavor", "custom_spec", "image_id", "endpoints", "hooks", "affinity", "data_volumes", "dew_secret_name",
}

// liveChanges are taken while it is RUNNING as well.
var liveChanges = []string{"name", "description", "storage_new_size"}

// update is what a notebook has after an update, in the parts of it that
// depend on one another.
type update struct {
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
	if p := s.checkChangeable(n, body); p != nil {
		return nil, p
	}
	name, description := readName(body), readDescription(body)
	if body.has("name") && name == "" {
		body.wrongValue("name", "it is empty")
	}
	hooks, affinity, secret := readHooks(body), readAffinity(body), body.textOr("dew_secret_name", "")
	network := readPublicNetwork(body)
	u, p := s.planUpdate(n, body)
	if p != nil {
		return nil, p
	}

	if body.has("name") {
		n.Name = name
	}
	if body.has("description") {
		n.Description = description
	}
	if body.has("hooks") {
		n.Hooks = hooks
	}
	if body.has("affinity") {
		n.Affinity = affinity
	}
	if body.has("public_network_config") {
		n.PublicNetwork = network
	}
	if body.has("dew_secret_name") {
		n.Volume.DEWSecretName = secret
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
	n.image, n.ImageID = *u.image, u.image.ID
	if u.grow > n.Volume.Capacity {
		s.beginGrow(n, c.now, u.grow)
	}
	n.touch(c.now)
	if s.options.UpdateAnswers == UpdateAnswersFull {
		return ok(s.fully(n, c.now)), nil
	}
	return ok(s.changed(n, body)), nil
}

// checkChangeable refuses changes that the status does not allow.
func (s *Simulator) checkChangeable(n *notebook, body *reader) *problem {
	live, settled := slices.ContainsFunc(liveChanges, body.has), slices.ContainsFunc(settledChanges, body.has)
	grows := body.has("storage_new_size")
	stopped, running := n.Status == statusStopped, n.Status == statusRunning
	switch {
	case !live && !settled:
		return nil
	case n.Status == statusFrozen:
		return refusal("ModelArts.6326", "")
	case s.options.GrowNeedsRunning && grows:
		if !running || settled || s.options.StrictUpdates && (body.has("name") || body.has("description")) {
			return refusal("ModelArts.6347", "")
		}
		return nil
	case stopped:
		return nil
	case running && !settled && !s.options.StrictUpdates:
		return nil
	}
	return refusal("ModelArts.6347", "")
}

// planUpdate checks the parts of an update that depend on one another.
func (s *Simulator) planUpdate(n *notebook, body *reader) (*update, *problem) {
	u := &update{flavor: n.Flavor, spec: n.CustomSpec, image: &n.image, endpoints: n.Endpoints}
	wanted := *n
	if body.has("endpoints") {
		u.endpoints = s.readEndpoints(body)
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
	u.volumes = readDataVolumes(body, chosen.maxEVS())
	if body.has("storage_new_size") {
		if p := checkGrowth(n, u.grow, chosen.maxEVS()); p != nil {
			return nil, p
		}
	}
	return u, body.failure()
}

// replanFlavor finds the flavor after an update. A notebook keeps the one that
// it has, even if nobody else could get it any more.
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
func checkGrowth(n *notebook, to, maxSize int64) *problem {
	switch {
	case n.Volume.Category != categoryEVS:
		return refusal("ModelArts.6336", "Only an EVS volume can grow.")
	case to < n.Volume.Capacity || to > maxSize:
		return refusal("ModelArts.6331", "")
	case n.resize != nil:
		return refusal("ModelArts.6357", "")
	}
	return nil
}

// changed is the answer to an update: what it changed and when.
func (s *Simulator) changed(n *notebook, body *reader) *notebookAnswer {
	shown := &notebookAnswer{UpdateAt: n.UpdatedAt.UnixMilli()}
	if body.has("name") {
		shown.Name = n.Name
	}
	if body.has("description") {
		description := n.Description
		shown.Description = &description
	}
	if body.has("flavor") || body.has("custom_spec") {
		shown.Flavor, shown.CustomSpec = n.Flavor, n.CustomSpec
	}
	if body.has("image_id") {
		shown.Image = n.image
	}
	if body.has("endpoints") {
		shown.Endpoints = s.endpoints(n)
	}
	if body.has("affinity") {
		shown.Affinity = n.Affinity
	}
	if body.has("storage_new_size") || body.has("dew_secret_name") {
		shown.Volume = n.mainVolume()
	}
	if body.has("data_volumes") {
		shown.DataVolumes = s.dataVolumes(n)
	}
	return shown
}
