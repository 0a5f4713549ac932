package lifecycle

import (
	"context"
	"time"
)

// staleFor is how long another node of the service is believed to answer what was
// before a change, or that a new notebook does not exist. It is a time, whatever
// the interval: how far the nodes are apart does not depend on how often somebody
// looks. See design/0019-times-and-not-counts.md.
const staleFor = 30 * time.Second

// doubt is the time, from a change on, in which an answer may come from before it.
type doubt struct {
	interval time.Duration
	began    time.Time
}

// newDoubt begins to doubt answers.
func newDoubt(interval time.Duration) doubt { return doubt{interval: interval, began: time.Now()} }

// doubt begins to doubt the answers about a notebook.
func (i Instance) doubt() doubt { return newDoubt(i.PollInterval) }

// lasts reports whether answers are still doubted.
func (d doubt) lasts() bool { return time.Since(d.began) < staleFor }

// pause waits until the next look: at the pace of a wait, and once more when the
// doubt ends.
func (d doubt) pause(ctx context.Context) error {
	elapsed := time.Since(d.began)
	pause := pauseAfter(d.interval, elapsed)
	if elapsed < staleFor {
		pause = min(pause, staleFor-elapsed)
	}
	return sleep(ctx, pause)
}
