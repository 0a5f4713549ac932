package lifecycle

import (
	"slices"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// transition is a change of status as data. A status in none of the lists is
// unknown to this version, and waited through.
type transition struct {
	pending, target, failed []modelarts.Status
}

var (
	moving = []modelarts.Status{
		modelarts.StatusInit, modelarts.StatusCreating, modelarts.StatusStarting,
		modelarts.StatusStopping, modelarts.StatusSnapshotting, modelarts.StatusDeleting,
	}
	broken = []modelarts.Status{
		modelarts.StatusCreateFailed, modelarts.StatusStartFailed, modelarts.StatusDeleteFailed,
		modelarts.StatusError, modelarts.StatusFrozen,
	}

	// toCreated also ends well when somebody stops the notebook meanwhile.
	toCreated = transition{
		pending: moving,
		target:  []modelarts.Status{modelarts.StatusRunning, modelarts.StatusStopped},
		failed:  append(slices.Clone(broken), modelarts.StatusDeleted),
	}
	toRunning = transition{
		pending: moving,
		target:  []modelarts.Status{modelarts.StatusRunning},
		failed:  append(slices.Clone(broken), modelarts.StatusStopped, modelarts.StatusDeleted),
	}
	toStopped = transition{
		pending: moving,
		target:  []modelarts.Status{modelarts.StatusStopped},
		failed:  append(slices.Clone(broken), modelarts.StatusRunning, modelarts.StatusDeleted),
	}
	toGone = transition{
		pending: append(slices.Clone(moving), modelarts.StatusRunning, modelarts.StatusStopped,
			modelarts.StatusCreateFailed, modelarts.StatusStartFailed, modelarts.StatusError, modelarts.StatusFrozen),
		target: []modelarts.Status{modelarts.StatusDeleted},
		failed: []modelarts.Status{modelarts.StatusDeleteFailed},
	}
	// toAny is reached by a notebook that exists, whatever its status.
	toAny = transition{
		target: append(slices.Concat(moving, broken), modelarts.StatusRunning, modelarts.StatusStopped),
		failed: []modelarts.Status{modelarts.StatusDeleted},
	}
	// toShown is reached by whatever the service shows.
	toShown = transition{
		target: append(slices.Concat(moving, broken), modelarts.StatusRunning, modelarts.StatusStopped, modelarts.StatusDeleted),
	}
	// toSettled is reached wherever a pending notebook comes to rest.
	toSettled = transition{
		pending: moving,
		target: append(slices.Clone(broken), modelarts.StatusRunning, modelarts.StatusStopped,
			modelarts.StatusDeleted),
	}
)

// settledOr is toSettled that a pending status ends too.
func settledOr(status modelarts.Status) transition {
	return transition{pending: moving, target: append(slices.Clone(toSettled.target), status)}
}

// startable reports whether a start leads out of the status.
func startable(status modelarts.Status) bool {
	return status == modelarts.StatusStopped || status == modelarts.StatusStartFailed
}
