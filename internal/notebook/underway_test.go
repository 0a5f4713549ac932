package notebook

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// What is planned for a notebook whose status is pending: nothing, where it comes to
// rest as it is to be; to wait, where a creation still goes on, or tags are owed; otherwise the status
// that it is to have.
func TestPlanOfWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	const wait, nothing = "wait", "nothing"
	type wish struct {
		desired  any
		owed     lifecycle.Owed
		tagsOwed bool
	}
	const run, stop = "RUNNING", "STOPPED"
	none, toRun, toStop := wish{}, wish{desired: run}, wish{desired: stop}
	owesStart, owesStop, owesTagsOnly := wish{owed: lifecycle.OwesStart}, wish{owed: lifecycle.OwesStop}, wish{tagsOwed: true}
	tagsAndStop := wish{desired: stop, tagsOwed: true}
	for status, row := range map[modelarts.Status]map[wish]string{
		"INIT":           {none: wait, toRun: wait, toStop: stop, owesTagsOnly: wait, tagsAndStop: stop},
		"CREATING":       {none: wait, toRun: wait, toStop: stop, owesTagsOnly: wait, tagsAndStop: stop},
		"STARTING":       {none: nothing, toRun: nothing, toStop: stop, owesStart: nothing, owesStop: stop, owesTagsOnly: wait, tagsAndStop: stop},
		"SNAPSHOTTING":   {none: nothing, toRun: nothing, toStop: stop, owesStart: nothing, owesStop: stop, owesTagsOnly: wait, tagsAndStop: stop},
		"STOPPING":       {none: nothing, toRun: run, toStop: nothing, owesStart: run, owesStop: nothing, owesTagsOnly: wait, tagsAndStop: wait},
		"DELETING":       {none: nothing, toRun: nothing, toStop: nothing, owesStart: nothing, owesStop: nothing, owesTagsOnly: nothing, tagsAndStop: nothing},
		"UNKNOWN_STATUS": {none: nothing, toRun: nothing, toStop: nothing, owesStart: nothing, owesStop: nothing, owesTagsOnly: nothing, tagsAndStop: nothing},
		"MIGRATING_DISK": {none: nothing, toStop: nothing},
	} {
		for w, want := range row {
			p := (&plannedCase{state: attributes{"status": string(status), "desired_status": w.desired}, owed: w.owed}).planner(t)
			private, _ := p.private.(privateKeys)
			if w.tagsOwed {
				must(t, oweTags(t.Context(), private, true))
			}
			if power := ruleNamed(t, "power"); !power.idle(p.view) {
				power.plan(p)
			}
			got := nothing
			switch planned := p.plan.At(atStatus...); {
			case !planned.IsKnown():
				got = wait
			case planned.Text() != string(status):
				got = planned.Text()
			}
			if got != want {
				t.Errorf("%s, %+v: %s is planned, want %s", status, w, got, want)
			}
			if said := len(p.resp.Diagnostics) > 0; said != (want != nothing) {
				t.Errorf("%s, %+v: %v", status, w, p.resp.Diagnostics)
			}
		}
	}
}

// Each pending status has a rest, but for DELETING.
func TestEveryPendingStatusHasARest(t *testing.T) {
	t.Parallel()
	for status, rest := range map[modelarts.Status]modelarts.Status{
		modelarts.StatusInit: modelarts.StatusRunning, modelarts.StatusCreating: modelarts.StatusRunning, modelarts.StatusStarting: modelarts.StatusRunning,
		modelarts.StatusSnapshotting: modelarts.StatusRunning, modelarts.StatusStopping: modelarts.StatusStopped,
		modelarts.StatusDeleting: "", modelarts.StatusRunning: "", modelarts.StatusStopped: "", modelarts.StatusCreateFailed: "", "": "", "NEW": "",
	} {
		if got := status.Rest(); got != rest {
			t.Errorf("%s comes to %q, want %q", status, got, rest)
		}
	}
}
