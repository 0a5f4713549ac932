package huaweicloud

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// How the budget follows a limit that the service does not publish. With these, nine tenths
// and more of a limit are used, and about one request in forty is refused.
const (
	// backOff is what is left of the rate that went through when some of it is
	// refused.
	backOff = 0.85
	// creep and climb are by which part the rate grows in a second: up to
	// somewhat above the rate that was refused last, and from there on, when
	// that limit seems to have gone.
	creep, climb = 0.05, 0.25
	beyond       = 1.1
	// calm is after how long without a refusal the rate climbs in any case.
	calm = 10 * time.Second
	// least is the lowest rate, in requests per second, first what a first
	// refusal leaves at least, and unlimited the rate from which on there is no
	// budget any more.
	least, first, unlimited = 0.5, 10, 500
	// measured is the time over which it is counted what goes through.
	measured = time.Second
	// maxLag is how far releases that came late may be made up for.
	maxLag = 100 * time.Millisecond
	// maxClosed is for how long one Retry-After stops all callers at most, and not
	// for longer than they have gone on since the last one, and lull. So a call
	// that is refused again and again does not stop those that are not.
	maxClosed, lull = 30 * time.Second, 3 * time.Second
)

// budget is how many requests the session sends in a second: as many as its
// callers want, until the service refuses one because there are too many. From
// then on all callers go through one queue, in which those that were refused
// come first, each followed by one that was not: what is refused again and again
// stops no other operation. It is safe for concurrent use. See
// design/0010-one-budget-of-requests.md.
type budget struct {
	mu       sync.Mutex
	rate     float64                 // requests per second; zero: no limit
	refused  float64                 // the rate that was refused last
	grown    time.Time               // until when rate has grown
	slowed   time.Time               // when the rate fell last
	closed   time.Time               // nothing is sent before
	most     time.Time               // until when that may be prolonged
	refusal  *apierror.HeldBackError // the last one
	last     time.Time               // when the last request was due
	passed   []time.Time             // requests that went through lately
	again    []chan struct{}
	fresh    []chan struct{}
	repeated bool // the last request that was released had been refused before
	dispatch *time.Timer
}

// wait returns when a request may be sent, or when the context ends. Requests
// that were refused before go first. One whose time ends before anything is sent
// again goes when half of it is left.
func (b *budget) wait(ctx context.Context, refused bool) error {
	b.mu.Lock()
	if b.rate == 0 && len(b.again)+len(b.fresh) == 0 && !time.Now().Before(b.closed) {
		b.mu.Unlock()
		return ctx.Err()
	}
	turn := make(chan struct{})
	queue := &b.fresh
	if refused {
		queue = &b.again
	}
	*queue = append(*queue, turn)
	b.schedule()
	b.mu.Unlock()

	deadline, bounded := ctx.Deadline()
	var half <-chan time.Time
	for {
		if bounded && time.Until(deadline) >= 2*lastCall {
			half = time.After(time.Until(deadline) / 2)
		}
		select {
		case <-turn:
			return ctx.Err()
		case <-half:
			half = nil
			if !b.leave(queue, turn, deadline.Add(-lastCall)) {
				continue
			}
		case <-ctx.Done():
			b.leave(queue, turn, time.Time{})
		}
		return ctx.Err()
	}
}

// leave takes a turn out of a queue, if nothing is sent before a time.
func (b *budget) leave(queue *[]chan struct{}, turn chan struct{}, before time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed.Before(before) {
		return false
	}
	*queue = slices.DeleteFunc(*queue, func(c chan struct{}) bool { return c == turn })
	return true
}

// held is the refusal that holds requests back; nil when none does.
func (b *budget) held() *apierror.HeldBackError {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rate == 0 && !time.Now().Before(b.closed) {
		return nil
	}
	return b.refusal
}

// schedule sees to it that the first of the queue is released in time. The
// caller holds b.mu.
func (b *budget) schedule() {
	if len(b.again)+len(b.fresh) == 0 {
		return
	}
	now := time.Now()
	b.grow(now)
	due := b.due(now)
	if b.dispatch == nil {
		b.dispatch = time.AfterFunc(due.Sub(now), b.release)
		return
	}
	b.dispatch.Reset(due.Sub(now))
}

// due is when the next request may be sent. The caller holds b.mu.
func (b *budget) due(now time.Time) time.Time {
	due := now
	if b.rate > 0 {
		next := b.last.Add(time.Duration(float64(time.Second) / b.rate))
		if next.After(now.Add(-maxLag)) {
			due = next
		}
	}
	if due.Before(b.closed) {
		due = b.closed
	}
	return due
}

func (b *budget) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if due := b.due(now); len(b.again)+len(b.fresh) > 0 && !due.After(now) {
		queue := &b.fresh
		if len(b.again) > 0 && (len(b.fresh) == 0 || !b.repeated) {
			queue = &b.again
		}
		b.repeated = queue == &b.again
		close((*queue)[0])
		*queue = (*queue)[1:]
		b.last = due
	}
	b.schedule()
}

// grow lets the rate recover. The caller holds b.mu.
func (b *budget) grow(now time.Time) {
	part := creep
	if b.rate > beyond*b.refused || now.Sub(b.slowed) > calm {
		part = climb
	}
	b.rate *= 1 + part*now.Sub(b.grown).Seconds()
	b.grown = now
	if b.rate >= unlimited {
		b.rate = 0
	}
}

// pass notes a request that went through.
func (b *budget) pass() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.passed = append(b.lately(time.Now()), time.Now())
}

func (b *budget) lately(now time.Time) []time.Time {
	return slices.DeleteFunc(b.passed, func(at time.Time) bool { return now.Sub(at) > measured })
}

// refuse notes a request, sent at a time, that was refused because there were
// too many, and returns until when nothing is sent. Of requests that were under
// way together only the first slows the others down.
func (b *budget) refuse(ctx context.Context, sent time.Time, retryAfter time.Duration, refusal *apierror.HeldBackError) (closed time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refusal = refusal
	now := time.Now()
	b.close(now, retryAfter)
	if sent.After(b.slowed) {
		b.passed = b.lately(now)
		// What went through may have been little because little was asked for.
		through, half := float64(len(b.passed))/measured.Seconds(), first/backOff
		if b.rate > 0 {
			through, half = min(through, b.rate), b.rate/2
		}
		b.refused = max(through, half)
		b.rate = max(least, backOff*b.refused)
		b.slowed, b.grown, b.last = now, now, now
		tflog.Warn(ctx, "The service refuses requests because there are too many", map[string]any{
			"requests_per_second": b.rate, "retry_after_s": retryAfter.Seconds(),
		})
	}
	b.schedule()
	return b.closed
}

// close sees to it that nothing is sent for a time, within limits. The caller holds
// b.mu.
func (b *budget) close(now time.Time, pause time.Duration) {
	if pause == 0 {
		return
	}
	if !now.Before(b.closed) {
		b.most = now.Add(min(maxClosed, lull+min(maxClosed, now.Sub(b.closed))))
	}
	until := now.Add(pause)
	if until.After(b.most) {
		until = b.most
	}
	if until.After(b.closed) {
		b.closed = until
	}
}
