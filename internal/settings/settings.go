// Package settings is what the provider hands to its resources and data
// sources once it has been configured.
package settings

import (
	"sync/atomic"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Settings holds the provider block, resolved.
type Settings struct {
	// Client calls the API. It is nil while Unready says why.
	Client *modelarts.Client
	// Reader reads notebooks, several at a time where it can; nil like Client.
	Reader *modelarts.Reader
	// Unready says what of the provider block is not known yet, so that there
	// is no client: a plan that needs no call goes on without it.
	Unready string
	// PollInterval is the longest pause between two looks at an object that is
	// about to settle.
	PollInterval time.Duration
	// DefaultTags are merged into the tags of each object.
	DefaultTags map[string]string
	// OmitToken keeps the notebooks' tokens out of the state.
	OmitToken bool

	// Catalogue is what plans are checked against; nil like Client.
	Catalogue *modelarts.Catalogue
	// PlanChecks says what becomes of a finding of these checks.
	PlanChecks Checks
	// CatalogueWarned says that it has been said that the catalogue cannot be
	// read: once is enough.
	CatalogueWarned atomic.Bool
	// PlannedCreates counts the notebooks that are planned to be created.
	PlannedCreates atomic.Int64
	// Creates keeps the creates of this process apart.
	Creates lifecycle.Creates
	// RequireAutoStop refuses notebooks that never stop by themselves.
	RequireAutoStop bool
	// MaxAutoStop is the longest lease that is allowed; zero: any.
	MaxAutoStop time.Duration
}

// Checks is what the checks of a plan do with what they find.
type Checks string

// The values of the provider's plan_checks.
const (
	ChecksError Checks = "error" // refuse the plan; the default
	ChecksWarn  Checks = "warn"
	ChecksOff   Checks = "off" // do not look
)
