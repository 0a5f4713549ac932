package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Noted is when something came to be owed, and which starts were known then. By it
// an answer is told that comes from before. The zero Noted doubts no answer. See
// design/0022-what-is-remembered-and-when.md.
type Noted struct {
	// At is the end of the update, by the service's clock.
	At time.Time `json:"at,omitzero"`
	// Old are the marks of the starts that are over.
	Old []string `json:"old,omitempty"`
	// Started is the mark of the update's own last start, if it has seen its end.
	Started string `json:"started,omitempty"`
}

// mark is a digest of a token, which each start gives to the notebook. A token is a
// secret, and is not kept.
func mark(token *string) string {
	if token == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(*token))
	return hex.EncodeToString(sum[:8])
}

// After is what is still owed once an answer has shown the notebook. now is the time
// by the service's clock.
func (n Noted) After(owed Owed, shown *modelarts.Notebook, now time.Time) Owed {
	if n.doubts(owed, shown, now) {
		return owed
	}
	return owed.After(shown.Status)
}

// doubts reports whether an answer that changes what is owed may come from before
// it was noted.
func (n Noted) doubts(owed Owed, shown *modelarts.Notebook, now time.Time) bool {
	age := now.Sub(n.At)
	if owed.After(shown.Status) == owed || n.At.IsZero() || age >= staleFor || age <= -staleFor { // a clock that was wrong
		return false
	}
	seen := mark(shown.Token)
	switch shown.Status {
	case modelarts.StatusRunning: // by a start that is newer
		return seen == "" || len(n.Old) == 0 || slices.Contains(n.Old, seen)
	case modelarts.StatusStopped: // after the update's own start
		return owed != OwesStop || n.Started == "" || n.Started != seen
	default:
		return true
	}
}

// noted is the note of what an update leaves owed.
func (u *update) noted() Noted {
	if !u.requested {
		return u.wish.Noted
	}
	n := Noted{At: u.now()}
	for _, token := range append(slices.Clone(u.tokens), u.token) {
		if m := mark(token); m != "" && !slices.Contains(n.Old, m) {
			n.Old = append(n.Old, m)
		}
	}
	if u.started && !u.starting {
		n.Started = mark(u.token)
	}
	return n
}

// now is the time by the service's clock.
func (u *update) now() time.Time {
	if u.wish.Now != nil {
		return u.wish.Now()
	}
	return time.Now()
}

// firstLook reads the notebook at the start of an update, and again for a while
// when the answer may come from before the last one.
func (u *update) firstLook(ctx context.Context) (*modelarts.Notebook, error) {
	look := func() (*modelarts.Notebook, error) {
		nb, err := u.showConfirmed(ctx, u.wish.JustCreated)
		if err == nil && nb.Status.Kind() == modelarts.Pending || err != nil && modelarts.Transient(err) {
			nb, err = u.await(ctx, toSettled, "")
		}
		return nb, err
	}
	d := u.doubt()
	nb, err := look()
	for err == nil && d.lasts() && u.wish.Noted.doubts(u.wish.Owed, nb, u.now()) {
		if err := d.pause(ctx); err != nil {
			return nil, fmt.Errorf("the notebook is %s, which may be from before the last start or stop, and the wait for a newer answer has ended: %w", nb.Status, err)
		}
		nb, err = look()
	}
	return nb, err
}
