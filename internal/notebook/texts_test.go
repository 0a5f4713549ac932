package notebook

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// Who stops a destroy with Ctrl-C reads what is left and what to do next.
func TestTextsOfFailedDeletes(t *testing.T) {
	t.Parallel()
	cut := func(cause error) error {
		return &wait.InterruptedError{Status: "DELETING", Known: true, Elapsed: 12 * time.Second, Cause: cause}
	}
	const next = "The service may still delete it. It stays in the state: run the same command again, which deletes it, or takes it out of the state if it is gone by then."
	for _, tc := range []struct {
		err  error
		want string
	}{
		{cut(context.Canceled), `The run was cancelled before the deletion of the notebook "n" (ID) was confirmed: was cancelled while waiting after 12s; the last status seen was DELETING.` + "\n\n" + next},
		{cut(context.DeadlineExceeded), `The deletion of the notebook "n" (ID) was not confirmed before the timeout: gave up waiting after 12s; the last status seen was DELETING.` + "\n\n" + next + ` timeouts = { delete = "..." } sets a longer timeout, after it is applied.`},
		{errors.New("the service is busy"), `The notebook "n" (ID) stays in the state until it is gone: the service is busy.`},
	} {
		if got := diagnostics.Unable("delete", "notebook", deleteError("n", "ID", tc.err)).Detail(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// Who reads that an update ran out of time reads how to give it more.
func TestTextsOfFailedUpdates(t *testing.T) {
	t.Parallel()
	cut := &wait.InterruptedError{Status: "STOPPING", Known: true, Elapsed: 12 * time.Second, Cause: context.DeadlineExceeded}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("%w.\n\nNothing was changed", cut), "Gave up waiting after 12s; the last status seen was STOPPING.\n\nNothing was changed. timeouts = { update = \"...\" } sets a longer timeout."},
		{errors.New("the service is busy"), "The service is busy."},
	} {
		if got := diagnostics.Unable("update", "notebook", diagnostics.OutOfTime("update", tc.err)).Detail(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// Who has copied an ID from another region reads where it was looked for.
func TestTextOfAnUnknownID(t *testing.T) {
	t.Parallel()
	err := &modelarts.Error{Operation: "ShowNotebook", Status: 400, Code: "ModelArts.6309", Message: "The instance does not exist.", RequestID: "r"}
	const want = `There is no notebook ID in the project and the region "cn-north-4" of the provider: it was deleted, or is in another one. ` +
		`Check the id, and the provider's region (HW_REGION_NAME) and project_id (HW_PROJECT_ID). ` +
		`The service returned: ShowNotebook: ModelArts.6309: The instance does not exist. (HTTP 400, request ID r).` + "\n\n" + diagnostics.WayOut
	if got := diagnostics.UnableInPlan("read", "notebook", noSuchNotebook("ID", "cn-north-4", err)).Detail(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
