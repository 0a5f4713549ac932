package notebook

import (
	"context"
	"errors"
	"fmt"
)

// deleteError says of a notebook that was not seen to be gone what the state holds
// and what to do next.
func deleteError(name, id string, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("the run was cancelled before the deletion of the notebook %q (%s) was confirmed: %w.\n\nThe service may still delete it. It stays in the state: "+
			"run the same command again, which deletes it, or takes it out of the state if it is gone by then", name, id, err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the deletion of the notebook %q (%s) was not confirmed before the timeout: %w.\n\nThe service may still delete it. It stays in the state: "+
			"run the same command again, which deletes it, or takes it out of the state if it is gone by then. timeouts = { delete = \"...\" } sets a longer timeout, after it is applied", name, id, err)
	default:
		return fmt.Errorf("the notebook %q (%s) stays in the state until it is gone: %w", name, id, err)
	}
}
