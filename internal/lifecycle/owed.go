package lifecycle

import "github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"

// Owed is the power state that an update that failed has not restored. Where no
// desired status is configured, nothing else would show it to the next plan. See
// design/0008-a-power-state-that-is-owed.md.
type Owed string

// What can be owed.
const (
	OwesNothing Owed = ""
	// OwesStart: the notebook was running, and was not seen to run again.
	OwesStart Owed = "start"
	// OwesStop: it was stopped, had to be started for a change, and was not seen
	// to be stopped again.
	OwesStop Owed = "stop"
	// OwesRetry: that start failed. The notebook does not run, so there is
	// nothing to stop; but a change may start it once more.
	OwesRetry Owed = "retry"
)

// After is what is still owed once the notebook has been seen in a status.
func (o Owed) After(status modelarts.Status) Owed {
	switch {
	case status.Kind() == modelarts.Pending:
		return o
	case o == OwesStart && status == modelarts.StatusRunning, o == OwesStop && status == modelarts.StatusStopped,
		o == OwesRetry && status != modelarts.StatusStartFailed: // somebody else has done it
		return OwesNothing
	case o == OwesStop && status == modelarts.StatusStartFailed:
		return OwesRetry
	default:
		return o
	}
}

// Next is the status that the next update brings a notebook to; empty: the one
// that it has.
func (o Owed) Next(status modelarts.Status) modelarts.Status {
	switch {
	case o == OwesStart && startable(status):
		return modelarts.StatusRunning
	case o == OwesStop && status == modelarts.StatusRunning:
		return modelarts.StatusStopped
	default:
		return ""
	}
}
