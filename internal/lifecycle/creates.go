package lifecycle

import (
	"context"
	"sync"
)

// Creates keeps the creates of one process apart, so that a create whose answer
// was lost does not take what another one has made, or what is in the state
// already. The zero value is ready, and safe for concurrent use.
type Creates struct {
	mu      sync.Mutex
	keys    map[string]chan struct{} // each holds one element while a create is under way
	claimed map[string]bool
}

// Lock waits until no other create of the same key is under way, and returns
// what ends this one. The error is that of the context.
func (c *Creates) Lock(ctx context.Context, key string) (unlock func(), err error) {
	c.mu.Lock()
	if c.keys == nil {
		c.keys = make(map[string]chan struct{})
	}
	own, there := c.keys[key]
	if !there {
		own = make(chan struct{}, 1)
		c.keys[key] = own
	}
	c.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case own <- struct{}{}:
		return func() { <-own }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Claim notes that an object was made, or taken, by a create of this process, or is
// in a state that the process has seen.
func (c *Creates) Claim(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.claimed == nil {
		c.claimed = make(map[string]bool)
	}
	c.claimed[id] = true
}

// Claimed says whether an object was claimed.
func (c *Creates) Claimed(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.claimed[id]
}
