package modelarts

import (
	"sync"
	"time"
)

// clock is the service's clock: what its last answer said, and the time that has
// passed since. The zero value is ready.
type clock struct {
	mu   sync.Mutex
	said time.Time // zero: nothing yet
	at   time.Time
}

// note takes the time of the Date header of an answer; zero: there was none.
func (c *clock) note(said time.Time) {
	if said.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said, c.at = said, time.Now()
}

// Now is the time by the service's clock, to the second: by the header Date of its
// last answer. Before the first answer, and where answers have no such header, it
// is the time of this machine. Ages of objects are measured by it, since the two
// clocks need not agree.
func (c *Client) Now() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if c.clock.said.IsZero() {
		return time.Now()
	}
	return c.clock.said.Add(time.Since(c.clock.at))
}
