package notebook

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// owed is the power state that an update that failed has not given back. Where
// no desired_status says it, nothing else would show it to the next plan.
type owed string

const (
	owesNothing owed = ""
	// owesStart: it was running, and is not known to run again.
	owesStart owed = "start"
	// owesStop: it was stopped, had to be started for a change, and is not known
	// to be stopped again.
	owesStop owed = "stop"
	// owesRetry: that start failed. It does not run, so there is nothing to stop;
	// but a change may start it once more.
	owesRetry owed = "retry"
)

// owedKey is where the private state notes it.
const owedKey = "owed"

// owe notes what is owed.
func owe(ctx context.Context, private privateWriter, what owed) diag.Diagnostics {
	text, _ := json.Marshal(what) // a string is no trouble
	return private.SetKey(ctx, owedKey, text)
}

// owedBy reads what is owed.
func owedBy(ctx context.Context, private privateReader) owed {
	text, diags := private.GetKey(ctx, owedKey)
	var what owed
	if diags.HasError() || text == nil || json.Unmarshal(text, &what) != nil {
		return owesNothing
	}
	return what
}

// after is what is still owed once the notebook has been seen in a status.
func (o owed) after(status modelarts.Status) owed {
	switch {
	case status.Kind() == modelarts.Pending:
		return o
	case o == owesStart && status == modelarts.StatusRunning, o == owesStop && status == modelarts.StatusStopped,
		o == owesRetry && status != modelarts.StatusStartFailed: // somebody has seen to it
		return owesNothing
	case o == owesStop && status == modelarts.StatusStartFailed:
		return owesRetry
	default:
		return o
	}
}

// next is the status that the next apply brings a notebook to; empty: it leaves
// it alone.
func (o owed) next(status modelarts.Status) modelarts.Status {
	switch {
	case o == owesStart && startable(status):
		return modelarts.StatusRunning
	case o == owesStop && status == modelarts.StatusRunning:
		return modelarts.StatusStopped
	default:
		return ""
	}
}

// startable says whether a start leads out of the status.
func startable(status modelarts.Status) bool {
	return status == modelarts.StatusStopped || status == modelarts.StatusStartFailed
}
