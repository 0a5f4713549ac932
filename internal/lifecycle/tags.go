package lifecycle

import (
	"context"
	"slices"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// How long, and how often, an answer is awaited that shows tags as they were just
// set: a service can show them some seconds after it took them.
const (
	tagsLag   = 5 * time.Second
	tagsPause = 500 * time.Millisecond
)

// readTagged returns a newer answer than shown in which the tags are as they were
// set and removed, or shown itself where none comes within tagsLag. It asks
// nothing where shown has them, or where the service answers no tags.
func (i Instance) readTagged(ctx context.Context, shown *modelarts.Notebook, set, remove []modelarts.Tag) *modelarts.Notebook {
	if shown == nil || len(set)+len(remove) == 0 {
		return shown
	}
	end := time.Now().Add(tagsLag)
	for !tagged(shown, set, remove) && time.Now().Before(end) {
		newer, err := i.Show(ctx)
		switch {
		case err == nil && newer.Status != shown.Status, err != nil && !modelarts.Transient(err):
			return shown // the next plan shows what has become of it
		case err == nil && tagged(newer, set, remove):
			return newer
		}
		if sleep(ctx, tagsPause) != nil {
			return shown
		}
	}
	return shown
}

// tagged reports whether an answer is not known to have other tags than were set
// and removed.
func tagged(nb *modelarts.Notebook, set, remove []modelarts.Tag) bool {
	if nb.Tags == nil {
		return true
	}
	for _, tag := range set {
		same := func(has modelarts.Tag) bool { return has.Key == tag.Key && text(has.Value) == text(tag.Value) }
		if !slices.ContainsFunc(nb.Tags, same) {
			return false
		}
	}
	return !slices.ContainsFunc(nb.Tags, func(has modelarts.Tag) bool {
		return slices.ContainsFunc(remove, func(gone modelarts.Tag) bool { return gone.Key == has.Key })
	})
}
