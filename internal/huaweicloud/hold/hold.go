// Package hold tells a request that is being sent from one that is held back: that
// waits for its turn, for credentials, or for a service that refuses requests
// because there are too many. A caller may give up the one and not the other.
package hold

import (
	"context"
	"sync"
	"time"
)

// Unbroken returns a context for one request whose answer must not be lost. While
// it is being sent, it goes on when ctx has ended, and has the limit for that. While
// it is held back, ctx ends it.
func Unbroken(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	r := &request{waiting: ctx, limit: limit}
	r.Context, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	Sent(r)
	return r, func() {
		Back(r)
		r.cancel()
	}
}

// Back notes that the request of a context is held back. It returns the context
// that ends the wait for it: ctx itself for a request that is not Unbroken.
func Back(ctx context.Context) context.Context {
	r, unbroken := ctx.Value(key{}).(*request)
	if !unbroken {
		return ctx
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
	return r.waiting
}

// Sent notes that the request of a context is being sent: from now on its limit
// counts.
func Sent(ctx context.Context) {
	r, unbroken := ctx.Value(key{}).(*request)
	if !unbroken {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer == nil {
		r.timer, r.sent = time.AfterFunc(r.limit, r.expire), time.Now()
	}
}

// SentAt is when the request of a context, which is Unbroken, was sent last: before
// that nothing can have come of it.
func SentAt(ctx context.Context) time.Time {
	r, unbroken := ctx.Value(key{}).(*request)
	if !unbroken {
		return time.Time{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// request is the context of an Unbroken request.
type request struct {
	context.Context
	cancel  context.CancelFunc
	waiting context.Context
	limit   time.Duration

	mu      sync.Mutex
	timer   *time.Timer // nil while the request is held back
	sent    time.Time
	expired bool
}

type key struct{}

// Value finds the request itself in the contexts that are made of it.
func (r *request) Value(k any) any {
	if k == (key{}) {
		return r
	}
	return r.Context.Value(k)
}

func (r *request) expire() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.expired = true
		r.cancel()
	}
}

// Err is context.DeadlineExceeded when the limit has passed.
func (r *request) Err() error {
	err := r.Context.Err()
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && r.expired {
		return context.DeadlineExceeded
	}
	return err
}
