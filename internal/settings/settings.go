// Package settings is what the provider hands to its resources and data
// sources once it has been configured.
package settings

import (
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Settings holds the provider block, resolved.
type Settings struct {
	// Client calls the API. It is nil while Unready says why.
	Client *modelarts.Client
	// Unready says what of the provider block is not known yet, so that there
	// is no client: a plan that needs no call goes on without it.
	Unready string
	// PollInterval is the longest pause between two looks at an object that is
	// changing.
	PollInterval time.Duration
	// DefaultTags are merged into the tags of each object.
	DefaultTags map[string]string
	// OmitToken keeps the notebooks' tokens out of the state.
	OmitToken bool
}
