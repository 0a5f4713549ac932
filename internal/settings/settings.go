// Package settings is what the provider hands to its resources and data
// sources once it has been configured: its own arguments (Policy), and what the
// process remembers of each region (Process). See design/0007-settings.md.
package settings

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Settings are the provider block, resolved, and the processes of the regions.
// They are safe for concurrent use.
type Settings struct {
	Policy

	open      func(region string) *Process
	applying  atomic.Bool
	mu        sync.Mutex
	processes map[string]*Process // by region; "" is the provider's own
	warned    sync.Map            // the ID of the notebook, by its name, of which this run has warned first
}

// WarnedFirst reports whether the notebook is the first of its name of which this
// run warns. A later one needs its ID in the warning.
func (s *Settings) WarnedFirst(name, id string) bool {
	first, _ := s.warned.LoadOrStore(name, id)
	return first == id
}

// New returns settings with a policy. Open makes the process of a region when it
// is first asked for; the provider's own region has the name "". It must not use
// the network.
func New(policy Policy, open func(region string) *Process) *Settings {
	return &Settings{Policy: policy, open: open, processes: make(map[string]*Process)}
}

// In returns what the process remembers of a region, and is never nil. The empty
// name means the provider's own region.
func (s *Settings) In(region string) *Process {
	if region == s.Region {
		region = ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, there := s.processes[region]
	if !there {
		p = s.open(region)
		s.processes[region] = p
	}
	return p
}

// Home is In for the provider's own region.
func (s *Settings) Home() *Process { return s.In("") }

// CannotCall returns the error of every call in a region with the provider as it is
// configured, so that a plan can show it. It is nil if calls are possible, and while
// arguments of the provider are not known yet.
func (s *Settings) CannotCall(region string) diag.Diagnostic {
	if s.Home().Unready != nil {
		return nil
	}
	return s.In(region).Unready
}

// NoteApply notes that this process of the provider serves an apply, as each create, update
// and delete shows.
func (s *Settings) NoteApply() { s.applying.Store(true) }

// Applies reports whether this process is known to serve an apply. Terraform starts
// another one for each plan. Settings that are nil do not.
func (s *Settings) Applies() bool { return s != nil && s.applying.Load() }

// Policy holds the arguments of the provider block that concern objects.
type Policy struct {
	// Region is the name of the provider's own region. It is empty where the
	// endpoint alone says where the service is.
	Region string
	// PollInterval is about the pause between two looks at an object that has begun
	// to change; see lifecycle.Instance.
	PollInterval time.Duration
	// DefaultTags are merged into the tags of each object.
	DefaultTags map[string]string
	// DefaultTagsLater reports that they are not known before the apply.
	DefaultTagsLater bool
	// IgnoredTags are left alone on each object.
	IgnoredTags IgnoredTags
	// OmitToken keeps the notebooks' tokens out of the state.
	OmitToken bool
	// OmitTokenLater reports that OmitToken is not known before the apply.
	OmitTokenLater bool
	// PlanChecks decides what becomes of a finding of the checks of a plan.
	PlanChecks Checks
	// RequireAutoStop refuses notebooks that never stop by themselves.
	RequireAutoStop bool
	// RequireAccessIPs refuses SSH endpoints that any address can reach.
	RequireAccessIPs bool
	// RequireAutoStopLater reports that RequireAutoStop is not known before the apply.
	RequireAutoStopLater bool
	// MaxAutoStop is the longest lease that is allowed; zero: any.
	MaxAutoStop time.Duration
	// Released are the IDs, in lower case, of notebooks whose deletion_protection
	// counts for nothing in this run.
	Released []string
}

// IgnoredTags says which tags of an object are nothing to the provider: it neither
// shows nor changes them. See design/0032-ignored-tags-and-moves.md.
type IgnoredTags struct {
	// Keys are whole keys, and Prefixes beginnings of keys.
	Keys, Prefixes []string
	// Later reports that some of them are not known before the apply.
	Later bool
}

// Has reports whether a key is known to be that of an ignored tag.
func (t *IgnoredTags) Has(key string) bool {
	return slices.Contains(t.Keys, key) || slices.ContainsFunc(t.Prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// Releases reports whether the protection of a notebook is lifted for this run.
func (p *Policy) Releases(id string) bool {
	return slices.Contains(p.Released, strings.ToLower(id))
}

// Checks is what the checks of a plan do with what they find.
type Checks string

// The values of the provider's plan_checks.
const (
	ChecksError Checks = "error" // refuse the plan; the default
	ChecksWarn  Checks = "warn"
	ChecksOff   Checks = "off" // do not look
)

// Process is what one process of the provider remembers of one region.
type Process struct {
	// Unready is the error of every call while the region cannot be called, as
	// when the provider block is not known yet; nil when it can. A plan that needs
	// no call goes on without it.
	Unready diag.Diagnostic

	// Client calls the API. It is nil while the region is not ready, as Reader,
	// Catalogue and Namesakes are.
	Client *modelarts.Client
	// Reader reads notebooks, several at a time where it can.
	Reader *modelarts.Reader
	// Catalogue is what plans are checked against, and Namesakes the names of the
	// notebooks that there are.
	Catalogue *modelarts.Catalogue
	Namesakes *modelarts.Namesakes

	// CatalogueWarned is true once a warning was given that the catalogue cannot
	// be read: once is enough.
	CatalogueWarned atomic.Bool
	// AccessRefused is true once a plan or a refresh has ended with the error that no
	// call can be made with the provider as it is configured.
	AccessRefused atomic.Bool
	// AuthorizationWarned is true once a warning was given that ModelArts may not
	// act for the account.
	AuthorizationWarned atomic.Bool
	// PlannedCreates counts the notebooks that are planned to be created.
	PlannedCreates atomic.Int64
	// Creates keeps the creates of this process apart, and knows which notebooks
	// are in a state that it has seen.
	Creates lifecycle.Creates
	// Leftovers keeps the images that are to be deleted after the notebook that uses
	// them.
	Leftovers lifecycle.Leftovers
	// Runs keeps the notebooks that this process has started for their mounts.
	Runs lifecycle.Runs
	// Foreseen is what the plans of notebooks in this process have come to.
	Foreseen Foreseen
}

// NewProcess returns the process of a region that can be called with a client.
func NewProcess(client *modelarts.Client) *Process {
	return &Process{
		Client:    client,
		Reader:    modelarts.NewReader(client),
		Catalogue: modelarts.NewCatalogue(client),
		Namesakes: modelarts.NewNamesakes(client),
	}
}

// Ready reports whether the region can be called and there is no error so far. It
// adds the error if the region cannot be called.
func (p *Process) Ready(diags *diag.Diagnostics) bool {
	if p.Unready != nil {
		diags.Append(p.Unready)
	}
	return !diags.HasError()
}
