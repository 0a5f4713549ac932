package simulator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Simulator is the service in memory. It is safe for concurrent use. Make one
// with [New].
type Simulator struct {
	// ids are fixed at New, so that a notebook keeps its owner.
	userID, domainID string

	control http.Handler

	mu      sync.Mutex
	options Options
	// offset is how far Advance has moved the clock of the service.
	offset time.Duration
	// notebooks are those that exist, in the order of their creation.
	notebooks []*notebook
	byID      map[string]*notebook
	// gone are the notebooks that were, for stale reads and late lists.
	gone   map[string]*notebook
	images []*image
	// groups are the texts of groups of images, by the ID of the group.
	groups         map[string]groupText
	authorizations []authorization
	agencies       []string
	tokens         map[string]session
	keys           map[string]temporaryKey
	// metadataTokens has when each expires.
	metadataTokens map[string]time.Time
	faults         []*armedFault
	faultID        int
	log            []*Request
	sshPorts       int
	limiter        limiter
}

// New makes a service that holds nothing but its catalogue. It panics when an
// option has a value that does not exist.
func New(options Options) *Simulator {
	options = options.withDefaults()
	if err := options.Validate(); err != nil {
		panic("simulator: " + err.Error())
	}
	s := &Simulator{
		userID:   idOf("user", options.UserName),
		domainID: idOf("domain", options.DomainName),
		options:  options,
	}
	s.control = s.controlPaths()
	s.clear()
	return s
}

// clear forgets everything but the options and the position of the clock.
func (s *Simulator) clear() {
	s.notebooks = nil
	s.byID = map[string]*notebook{}
	s.gone = map[string]*notebook{}
	s.images = s.options.Catalogue.newImages()
	s.groups = map[string]groupText{}
	s.resetAuthorizations()
	s.tokens = map[string]session{}
	s.keys = map[string]temporaryKey{}
	s.metadataTokens = map[string]time.Time{}
	s.faults = nil
	s.log = nil
	s.sshPorts = firstSSHPort
	s.limiter = limiter{}
}

// Reset forgets the notebooks, images, sessions, faults and the log. Options
// and the clock stay as they are.
func (s *Simulator) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clear()
}

// Options returns the options in force, defaults filled in.
func (s *Simulator) Options() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.options
}

// Configure changes options while the service runs. A change of a time is for
// the transitions that begin after it. A change of Frozen freezes or stops the
// notebooks at once. The IDs of user and domain and the catalogue never change.
// It panics when
// an option is given a value that does not exist.
func (s *Simulator) Configure(change func(*Options)) {
	err := s.configure(func(o *Options) error {
		change(o)
		return nil
	})
	if err != nil {
		panic("simulator: " + err.Error())
	}
}

func (s *Simulator) configure(change func(*Options) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	options := s.options
	options.Answers = slices.Clone(options.Answers)
	if err := change(&options); err != nil {
		return err
	}
	options = options.withDefaults()
	if err := options.Validate(); err != nil {
		return err
	}
	options.Catalogue = s.options.Catalogue
	wasFrozen, wasUnauthorized := s.options.Frozen, s.options.NoAuthorization
	s.options = options
	if options.NoAuthorization != wasUnauthorized {
		s.resetAuthorizations()
	}
	if options.Frozen != wasFrozen {
		s.freeze(options.Frozen, now)
	}
	return nil
}

// Now is the time by the clock of the service.
func (s *Simulator) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Advance moves the clock of the service forward. What is due by then happens
// at its own time on the way. The dates of signatures are still checked
// against Options.Clock.
func (s *Simulator) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
	s.settle()
}

// now is the service's time, in the milliseconds that the API counts in. The
// caller holds s.mu.
func (s *Simulator) now() time.Time {
	return s.options.Clock().Add(s.offset).UTC().Truncate(time.Millisecond)
}

// vanish removes a notebook. The caller holds s.mu.
func (s *Simulator) vanish(n *notebook, now time.Time) {
	n.phase, n.resize = nil, nil
	n.setStatus(statusDeleted, now)
	n.record(now)
	s.bury()
}

// bury moves the notebooks that were deleted to the others that are gone.
func (s *Simulator) bury() {
	s.notebooks = slices.DeleteFunc(s.notebooks, func(n *notebook) bool {
		if n.Status != statusDeleted {
			return false
		}
		delete(s.byID, n.ID)
		s.gone[n.ID] = n
		return true
	})
}
