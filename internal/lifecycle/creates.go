package lifecycle

import "sync"

// Creates keeps the creates of one process apart, so that a create whose answer
// was lost does not take what another one has made. The zero value is ready, and
// safe for concurrent use.
type Creates struct {
	mu      sync.Mutex
	keys    map[string]*sync.Mutex
	claimed map[string]bool
}

// Lock waits until no other create of the same key is under way, and returns
// what ends this one.
func (c *Creates) Lock(key string) (unlock func()) {
	c.mu.Lock()
	if c.keys == nil {
		c.keys = make(map[string]*sync.Mutex)
	}
	own, there := c.keys[key]
	if !there {
		own = new(sync.Mutex)
		c.keys[key] = own
	}
	c.mu.Unlock()
	own.Lock()
	return own.Unlock
}

// Claim notes that an object was made, or taken, by a create of this process.
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
