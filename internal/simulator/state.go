package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// stateFormat and stateVersion say what a saved state is. The version is raised
// when a state is written that an older simulator would read wrongly.
const (
	stateFormat  = "modelarts-simulator-state"
	stateVersion = 1
)

// savedState is all that a service knows, but for its options and the log. What
// is under way is saved with the time at which it ends, so nothing needs to be
// saved as time passes.
// See design/0031-the-simulator-as-a-tool.md.
type savedState struct {
	Format  string `json:"format"`
	Version int    `json:"version"`

	Region    string `json:"region"`
	ProjectID string `json:"project_id"`
	PageURL   string `json:"page_url,omitempty"`
	// Offset is how far the clock was moved.
	Offset         string                  `json:"clock_offset"`
	Frozen         bool                    `json:"frozen"`
	Unauthorized   bool                    `json:"no_authorization"`
	Notebooks      []savedNotebook         `json:"notebooks"`
	Gone           []savedNotebook         `json:"gone"`
	Images         []savedImage            `json:"images"`
	CatalogueIDs   []string                `json:"catalogue_images"`
	Groups         map[string]savedGroup   `json:"image_groups"`
	Authorizations []authorization         `json:"authorizations"`
	Agencies       []string                `json:"agencies"`
	Tokens         map[string]savedSession `json:"tokens"`
	Keys           map[string]savedKey     `json:"keys"`
	MetadataTokens map[string]time.Time    `json:"metadata_tokens"`
	Faults         []savedFault            `json:"faults"`
	FaultID        int                     `json:"last_fault"`
	SSHPorts       int                     `json:"next_ssh_port"`
}

type savedPhase struct {
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
	To     string    `json:"to"`
	Reason string    `json:"reason,omitempty"`
	Step   int       `json:"step,omitempty"`
}

type savedNotebook struct {
	Info       NotebookInfo `json:"notebook"`
	Image      savedImage   `json:"image"`
	Since      time.Time    `json:"since"`
	Phase      *savedPhase  `json:"phase,omitempty"`
	Startup    *savedPhase  `json:"startup,omitempty"`
	ResizeTo   int64        `json:"resize_to,omitempty"`
	ResizeEnds time.Time    `json:"resize_ends,omitzero"`
	SavedImage *savedImage  `json:"saved_image,omitempty"`
	SavedAt    time.Time    `json:"saved_at,omitzero"`
	Mounts     []savedMount `json:"mounts,omitempty"`
	Remounting []savedMount `json:"remounting,omitempty"`
	RemountAt  time.Time    `json:"remount_at,omitzero"`
	SSHPort    int          `json:"ssh_port"`
}

// savedMount is a mount with what is under way with it.
type savedMount struct {
	Storage Storage     `json:"mount"`
	Phase   *savedPhase `json:"phase,omitempty"`
	Parked  bool        `json:"parked,omitempty"`
}

type savedImage struct {
	Image     image       `json:"image"`
	ProjectID string      `json:"project_id,omitempty"`
	Saving    *savedPhase `json:"saving,omitempty"`
}

type savedGroup struct {
	ReadMe string            `json:"read_me,omitempty"`
	Tags   map[string]string `json:"tags,omitempty"`
}

type savedSession struct {
	ProjectID   string    `json:"project_id,omitempty"`
	WholeDomain bool      `json:"whole_domain,omitempty"`
	Expires     time.Time `json:"expires"`
}

type savedKey struct {
	Secret        string       `json:"secret"`
	SecurityToken string       `json:"security_token"`
	Session       savedSession `json:"session"`
}

type savedFault struct {
	Injected InjectedFault `json:"injected"`
	Matched  int           `json:"matched"`
}

// State is what the service knows, as [Restore] reads it. It holds tokens and
// keys.
func (s *Simulator) State() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	state := savedState{
		Format: stateFormat, Version: stateVersion,
		Region: s.options.Region, ProjectID: s.options.ProjectID, PageURL: s.options.PageURL, Offset: s.offset.String(),
		Frozen: s.options.Frozen, Unauthorized: s.options.NoAuthorization,
		Authorizations: s.authorizations, Agencies: s.agencies, MetadataTokens: s.metadataTokens,
		FaultID: s.faultID, SSHPorts: s.sshPorts,
		Groups: map[string]savedGroup{}, Tokens: map[string]savedSession{}, Keys: map[string]savedKey{},
	}
	for _, n := range s.notebooks {
		state.Notebooks = append(state.Notebooks, saveNotebook(n))
	}
	for _, id := range slices.Sorted(maps.Keys(s.gone)) {
		state.Gone = append(state.Gone, saveNotebook(s.gone[id]))
	}
	for _, i := range s.images {
		state.Images = append(state.Images, saveImage(*i))
	}
	for _, i := range s.options.Catalogue.images {
		state.CatalogueIDs = append(state.CatalogueIDs, i.ID)
	}
	for id, group := range s.groups {
		state.Groups[id] = savedGroup{group.readMe, group.tags}
	}
	for token, session := range s.tokens {
		state.Tokens[token] = saveSession(session)
	}
	for access, key := range s.keys {
		state.Keys[access] = savedKey{key.secret, key.securityToken, saveSession(key.session)}
	}
	for _, f := range s.faults {
		state.Faults = append(state.Faults, savedFault{f.InjectedFault, f.matched})
	}
	return json.MarshalIndent(state, "", " ")
}

func savePhase(p *phase) *savedPhase {
	if p == nil {
		return nil
	}
	return &savedPhase{p.from, p.until, p.to, p.reason, p.step}
}

func (p *savedPhase) phase() *phase {
	if p == nil {
		return nil
	}
	return &phase{p.From, p.Until, p.To, p.Reason, p.Step}
}

func saveImage(i image) savedImage { return savedImage{i, i.projectID, savePhase(i.saving)} }

func (i savedImage) image() image {
	restored := i.Image
	restored.projectID, restored.saving = i.ProjectID, i.Saving.phase()
	return restored
}

func saveSession(s session) savedSession { return savedSession{s.projectID, s.wholeDomain, s.expires} }

func (s savedSession) session() session { return session{s.ProjectID, s.WholeDomain, s.Expires} }

func saveMounts(mounts []Storage) []savedMount {
	var list []savedMount
	for _, st := range mounts {
		list = append(list, savedMount{st, savePhase(st.phase), st.parked})
	}
	return list
}

func restoreMounts(saved []savedMount) []Storage {
	var list []Storage
	for _, m := range saved {
		st := m.Storage
		st.phase, st.parked = m.Phase.phase(), m.Parked
		list = append(list, st)
	}
	return list
}

func saveNotebook(n *notebook) savedNotebook {
	saved := savedNotebook{
		Info: n.NotebookInfo, Image: saveImage(n.image), Since: n.since, Phase: savePhase(n.phase), Startup: savePhase(n.startup),
		SavedAt: n.savedAt, Mounts: saveMounts(n.Storages), Remounting: saveMounts(n.remounting), RemountAt: n.remountAt,
		SSHPort: n.sshPort,
	}
	saved.Info.Storages = nil
	if n.resize != nil {
		saved.ResizeTo, saved.ResizeEnds = n.resize.to, n.resize.until
	}
	if n.savedImage != nil {
		i := saveImage(*n.savedImage)
		saved.SavedImage = &i
	}
	return saved
}

// notebook is the notebook as it was saved. Its past is forgotten.
func (n savedNotebook) notebook() *notebook {
	restored := &notebook{
		NotebookInfo: n.Info, image: n.Image.image(), since: n.Since, phase: n.Phase.phase(), startup: n.Startup.phase(),
		savedAt: n.SavedAt, remounting: restoreMounts(n.Remounting), remountAt: n.RemountAt, sshPort: n.SSHPort,
	}
	restored.Storages = restoreMounts(n.Mounts)
	if n.ResizeTo > 0 {
		restored.resize = &resize{n.ResizeTo, n.ResizeEnds}
	}
	if n.SavedImage != nil {
		i := n.SavedImage.image()
		restored.savedImage = &i
	}
	restored.record(n.Since)
	return restored
}

// errNotState is the error of data that is no state of a simulator.
var errNotState = errors.New("it is not a state of the simulator")

// Restore makes a service that knows what another one did when its [Simulator.State]
// was taken. What was due since happens at its own time. The options are those
// that are given; region and project must be those of the state. The error says
// why data is not a state that can be read.
func Restore(options Options, data []byte) (*Simulator, error) {
	var head struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("%w, or only a part of one: %w", errNotState, err)
	}
	switch {
	case head.Format != stateFormat:
		return nil, errNotState
	case head.Version > stateVersion:
		return nil, fmt.Errorf("it was written by a newer simulator: its version is %d, and this simulator reads version %d", head.Version, stateVersion)
	case head.Version < stateVersion:
		return nil, fmt.Errorf("it was written by an older simulator: its version is %d, and this simulator reads version %d", head.Version, stateVersion)
	}
	var state savedState
	if err := decodeOnly(data, &state); err != nil {
		return nil, fmt.Errorf("%w: %w", errNotState, err)
	}
	offset, err := time.ParseDuration(state.Offset)
	if err != nil {
		return nil, fmt.Errorf("%w: clock_offset: %w", errNotState, err)
	}
	s := New(options)
	if state.Region != s.options.Region || state.ProjectID != s.options.ProjectID {
		return nil, fmt.Errorf("it is of the region %s with the project %s, and the simulator is to be of %s with %s",
			state.Region, state.ProjectID, s.options.Region, s.options.ProjectID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset = offset
	if err := s.restore(state); err != nil {
		return nil, fmt.Errorf("%w: %w", errNotState, err)
	}
	return s, nil
}

// restore takes over what was saved. The caller holds s.mu.
func (s *Simulator) restore(state savedState) error {
	for _, saved := range state.Notebooks {
		n := saved.notebook()
		if n.ID == "" || s.byID[n.ID] != nil {
			return fmt.Errorf("the notebook %q is there twice or has no ID", n.ID)
		}
		if rest, ok := strings.CutPrefix(n.URL, state.PageURL); ok && state.PageURL != "" && s.options.PageURL != "" {
			n.URL = s.options.PageURL + rest
		}
		s.notebooks, s.byID[n.ID] = append(s.notebooks, n), n
	}
	for _, saved := range state.Gone {
		n := saved.notebook()
		s.gone[n.ID] = n
	}
	s.restoreImages(state)
	for id, group := range state.Groups {
		s.groups[id] = groupText{group.ReadMe, group.Tags}
	}
	for token, saved := range state.Tokens {
		s.tokens[token] = saved.session()
	}
	for access, saved := range state.Keys {
		s.keys[access] = temporaryKey{saved.Secret, saved.SecurityToken, saved.Session.session()}
	}
	maps.Copy(s.metadataTokens, state.MetadataTokens)
	for _, saved := range state.Faults {
		if err := saved.Injected.Fault.validate(); err != nil {
			return err
		}
		seed := saved.Injected.Fault.Seed
		s.faults = append(s.faults, &armedFault{
			InjectedFault: saved.Injected, matched: saved.Matched,
			random: rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // A repeatable sequence is wanted; nothing is secret.
		})
	}
	s.faultID, s.sshPorts = state.FaultID, max(state.SSHPorts, firstSSHPort)
	if state.Unauthorized == s.options.NoAuthorization {
		s.authorizations, s.agencies = state.Authorizations, state.Agencies
	}
	now := s.settle()
	if state.Frozen != s.options.Frozen {
		s.freeze(s.options.Frozen, now)
	}
	return nil
}

// restoreImages takes over the images that were saved. Those of the catalogue
// that are new to it are added, and those that it has no longer are left out.
func (s *Simulator) restoreImages(state savedState) {
	fresh := s.images
	inCatalogue := func(id string) bool {
		return slices.ContainsFunc(fresh, func(i *image) bool { return i.ID == id })
	}
	s.images = nil
	for _, saved := range state.Images {
		i := saved.image()
		if i.projectID != "" || inCatalogue(i.ID) || !slices.Contains(state.CatalogueIDs, i.ID) {
			s.images = append(s.images, &i)
		}
	}
	for _, i := range fresh {
		if !slices.Contains(state.CatalogueIDs, i.ID) && s.image(i.ID) == nil {
			s.images = append(s.images, i)
		}
	}
}
