package huaweicloud

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// How the budget follows a limit that nobody tells it. With these, nine tenths
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
	// maxThrottled is for how long one call is sent again at most; then the
	// refusal is handed out.
	maxThrottled = 2 * time.Minute
)

// budget is how many requests the session sends in a second: as many as its
// callers want, until the service refuses one because there are too many. From
// then on all callers go through one queue, in which those that were refused
// come first. It is safe for concurrent use. See
// design/0010-one-budget-of-requests.md.
type budget struct {
	mu       sync.Mutex
	rate     float64     // requests per second; zero: no limit
	refused  float64     // the rate that was refused last
	grown    time.Time   // until when rate has grown
	slowed   time.Time   // when the rate fell last
	closed   time.Time   // nothing is sent before
	last     time.Time   // when the last request was due
	passed   []time.Time // requests that went through lately
	again    []chan struct{}
	fresh    []chan struct{}
	dispatch *time.Timer
}

// wait returns when a request may be sent, or when the context ends. Requests
// that were refused before go first.
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

	select {
	case <-turn:
		return ctx.Err()
	case <-ctx.Done():
		b.mu.Lock()
		defer b.mu.Unlock()
		*queue = slices.DeleteFunc(*queue, func(c chan struct{}) bool { return c == turn })
		return ctx.Err()
	}
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
		if len(b.again) > 0 {
			queue = &b.again
		}
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
func (b *budget) refuse(ctx context.Context, sent time.Time, retryAfter time.Duration) (closed time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if until := now.Add(retryAfter); until.After(b.closed) {
		b.closed = until
	}
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

// throttle sends requests as the budget allows, and again those that are refused
// because there are too many: then nothing has happened. Such refusals are no
// failures of the one call that meets them, so they do not count as its retries.
type throttle struct {
	budget   *budget
	limit    time.Duration // how long one call may be refused; zero: not once
	refusals refusals
	next     http.RoundTripper
}

// RoundTrip sends the request when it is its turn.
func (t *throttle) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	for began, refused := time.Now(), false; ; refused = true {
		if err := t.budget.wait(ctx, refused); err != nil {
			return nil, err
		}
		if body != nil {
			req.Body = io.NopCloser(bytes.NewReader(body))
		}
		sent := time.Now()
		resp, err := t.next.RoundTrip(req)
		if err != nil {
			return resp, err
		}
		if !t.refusals.throttled(resp) {
			t.budget.pass()
			return resp, nil
		}
		wait, _ := retryAfter(resp.Header, time.Now())
		opens := t.budget.refuse(ctx, sent, wait)
		// To wait until after the deadline helps nobody: the answer at hand says
		// more than the context's error will.
		if deadline, ok := ctx.Deadline(); ok && !opens.Before(deadline) || time.Since(began) >= t.limit {
			return resp, nil
		}
	}
}
