package lifecycle

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// The log names the status, and the step of a start that is under way.
func TestProgress(t *testing.T) {
	t.Parallel()
	step := func(number int64, status, description string) modelarts.JobProgress {
		return modelarts.JobProgress{Step: &number, Status: &status, Description: &description}
	}
	for _, tc := range []struct {
		status modelarts.Status
		steps  []modelarts.JobProgress
		want   string
	}{
		{modelarts.StatusCreating, nil, "CREATING"},
		{modelarts.StatusCreating, []modelarts.JobProgress{step(1, "WAITING", "prepare storage")}, "CREATING"},
		{
			modelarts.StatusCreating,
			[]modelarts.JobProgress{step(4, "WAITING", "d"), step(2, "PROCESSING", "prepare compute resources"), step(1, "COMPLETED", "prepare storage")},
			"CREATING, step 2 of 4: prepare compute resources",
		},
		{modelarts.StatusStarting, []modelarts.JobProgress{step(3, "PROCESSING", "")}, "STARTING, step 3 of 4"},
		{modelarts.StatusStarting, []modelarts.JobProgress{{}}, "STARTING"},
		{modelarts.StatusRunning, []modelarts.JobProgress{step(4, "PROCESSING", "d")}, "RUNNING"},
		{"NEW_STATUS", []modelarts.JobProgress{step(4, "WAITING", "d")}, "NEW_STATUS"},
	} {
		if got := progress(&modelarts.Notebook{ActionProgress: tc.steps}, tc.status); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
	if got := progress(nil, modelarts.StatusDeleting); got != "DELETING" {
		t.Errorf("without an answer: %q", got)
	}
}
