package lifecycle

import (
	"fmt"
	"slices"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// arrived reports for each argument of a wish whether it is at the service.
func arrived(f *fake, n *notebook, w Wish) map[string]bool {
	at := make(map[string]bool)
	for _, change := range w.Changes {
		var req modelarts.NotebookUpdateRequest
		change.Write(&req)
		at[change.Argument] = (req.Name == nil || n.Name == *req.Name) &&
			(req.Description == nil || n.Description != nil && *n.Description == *req.Description) &&
			(req.Flavor == nil || *n.Flavor == *req.Flavor) &&
			(req.ImageID == nil || n.Image.ID == *req.ImageID)
	}
	if w.Growth != nil {
		at[w.Growth.Argument] = *n.Volume.Capacity == w.Growth.GB
	}
	for _, argument := range w.Tags.Arguments {
		at[argument] = true
		for _, tag := range w.Tags.Set {
			at[argument] = at[argument] && n.tags[tag.Key] == *tag.Value
		}
		for _, tag := range w.Tags.Remove {
			_, there := n.tags[tag.Key]
			at[argument] = at[argument] && !there
		}
	}
	if w.Lease.Renew {
		// A notebook that is not running gets its lease with its next start. A
		// start by somebody else gives the lease that they asked for.
		at[w.Lease.Argument] = n.Status != running || len(f.jumps) > 0 || n.asked != "" || w.Lease.Lease.Off && !*n.Lease.Enable
	}
	return at
}

// check returns what is wrong with an outcome, whatever went wrong on the way.
// The notebook has come to rest.
func check(f *fake, w Wish, out *Outcome) (wrong []string) {
	n := f.find("n")
	at := arrived(f, n, w)
	for _, argument := range out.Applied {
		if !at[argument] {
			wrong = append(wrong, argument+" is applied by the outcome, and not at the service")
		}
	}
	for argument, there := range at {
		switch {
		case out.Err != nil:
		case !there:
			wrong = append(wrong, argument+" is not at the service, and there is no error")
		case !slices.Contains(out.Applied, argument):
			wrong = append(wrong, argument+" is not applied by the outcome, and there is no error")
		}
	}
	if f.count("CreateNotebook") != 0 {
		wrong = append(wrong, "a create was sent")
	}
	return append(wrong, checkPower(f, w, out, n.Status)...)
}

// checkPower returns what is wrong with the power state, now that the notebook
// has come to rest in a status.
func checkPower(f *fake, w Wish, out *Outcome, now modelarts.Status) (wrong []string) {
	before := f.before
	left := w.Owed.After(before)
	if left == OwesRetry {
		before = stopped
	}
	want := before
	if w.Final != "" {
		want = w.Final
	}
	powered := f.before == running || f.before == stopped
	owed := out.Owed.After(now)
	switch {
	case !f.wrote: // nothing can be wrong
	case slices.ContainsFunc(f.jumps, func(s modelarts.Status) bool { return now == atRest(s) }): // somebody else did it
	case out.Err == nil:
		if now != want && (powered || now != f.before) {
			wrong = append(wrong, fmt.Sprintf("it was %s and is %s in place of %s, and there is no error", before, now, want))
		}
	case !powered && now == stopped: // as little as before
	case now != before && now != w.Final && now.Kind() == modelarts.Settled && now != frozen && owed.Next(now) != before:
		wrong = append(wrong, fmt.Sprintf("it was %s and is %s, and %q is owed", before, now, out.Owed))
	}
	if out.Err == nil && w.Final == "" && f.before != "" && len(f.jumps) == 0 && out.Owed != left.After(now) {
		wrong = append(wrong, fmt.Sprintf("%q was owed, it is %s, and %q is owed", w.Owed, now, out.Owed))
	}
	if before == running && want == running && !w.MayStop && f.count("StopNotebook") > 0 {
		wrong = append(wrong, "it was stopped without consent")
	}
	return wrong
}

// atRest is the status in which a notebook comes to rest if no call changes it.
func atRest(status modelarts.Status) modelarts.Status {
	switch status {
	case modelarts.StatusInit, modelarts.StatusCreating, modelarts.StatusStarting, modelarts.StatusSnapshotting:
		return running
	case modelarts.StatusStopping:
		return stopped
	case modelarts.StatusDeleting:
		return deleted
	}
	return status
}
