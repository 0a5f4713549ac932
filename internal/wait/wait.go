// Package wait follows an object of the API from one status to another.
package wait

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Change describes the way of one object to a target status.
//
// A status in none of the lists is one that this program does not know yet: it
// is waited through, and named if the deadline passes on it.
type Change[T any, S ~string] struct {
	// Fetch asks for the object once. An answer that means "it is gone" should
	// come as a status, so that it can be a target.
	Fetch func(context.Context) (T, S, error)

	Pending []S // statuses that the object leaves by itself
	Target  []S // statuses that end the wait well
	Failed  []S // statuses from which the object does not reach the target by itself

	// From is the status before the change was asked for. Another node of the
	// service may still answer it for a while, now and then also after others
	// have answered the new one. So From is believed, where it stands in Failed,
	// only by a look that begins when it has been the only answer for the time of
	// Grace, since the wait began or since another answer.
	From  S
	Grace time.Duration

	// Interval is how long to pause before the next look, given the time since
	// the wait began.
	Interval func(elapsed time.Duration) time.Duration

	// Transient tells the errors of Fetch that say nothing about the object.
	// They are survived until the deadline; all others end the wait.
	Transient func(error) bool

	// HeldBack tells the errors of a Fetch that the end of the context has cut short
	// and that say what it was waiting for; nil: none do. All others say nothing new.
	HeldBack func(error) bool

	// Reason is the service's own explanation of the status, if it gives one.
	Reason func(T) string

	// Progress is called after each look that succeeded.
	Progress func(T, S)
}

// StatusError says that the object settled in a status that is not the target.
type StatusError struct {
	Status string // as the API names it
	Reason string // the service's explanation; may be empty
}

func (e *StatusError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("the status is %s, and the service gives no reason", e.Status)
	}
	return fmt.Sprintf("the status is %s: %s", e.Status, e.Reason)
}

// InterruptedError says that the wait ended before the object had settled. It
// wraps context.DeadlineExceeded or context.Canceled.
type InterruptedError struct {
	Status  string        // last status seen; empty if none was
	Known   bool          // false when Status is new to this program
	Reason  string        // the service's explanation of that status; may be empty
	Elapsed time.Duration // since the wait began
	LastErr error         // error of the last look, if it failed
	Cause   error         // context.DeadlineExceeded or context.Canceled
}

func (e *InterruptedError) Error() string {
	what := "gave up waiting"
	if errors.Is(e.Cause, context.Canceled) {
		what = "was cancelled while waiting"
	}
	text := fmt.Sprintf("%s after %s", what, e.Elapsed.Round(time.Second))
	switch {
	case e.Status == "":
		text += "; no status was seen"
	case !e.Known:
		text += fmt.Sprintf("; the last status seen was %s, which this version of the provider does not know", e.Status)
	default:
		text += "; the last status seen was " + e.Status
	}
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	if e.LastErr != nil {
		text += "; the last look failed: " + e.LastErr.Error()
	}
	return text
}

// Unwrap lets errors.Is find the context's error.
func (e *InterruptedError) Unwrap() error { return e.Cause }

// Wait looks until the object is in a target status, the context ends, or the
// target can no longer be reached. It returns what was seen last, together with
// a *StatusError, an *InterruptedError or the error of Fetch. The context must
// have a deadline; there is no other limit.
func (c Change[T, S]) Wait(ctx context.Context) (T, error) {
	var (
		seen   T
		status S
		failed error
		back   time.Time // since when From has been the only answer; zero while it is not
		start  = time.Now()
	)
	if c.From != "" {
		back = start
	}
	timer := time.NewTimer(c.pause(start, back))
	defer timer.Stop()

	for {
		select {
		case <-ctx.Done():
			return seen, c.interrupted(ctx, seen, status, time.Since(start), failed)
		case <-timer.C:
		}

		asked := time.Now()
		object, now, err := c.Fetch(ctx)
		switch {
		case err == nil:
			seen, status, failed = object, now, nil
			switch {
			case now != c.From:
				back = time.Time{} // it is not the answer
			case back.IsZero():
				back = time.Now()
			}
			if c.Progress != nil {
				c.Progress(object, now)
			}
			if slices.Contains(c.Target, now) {
				return seen, nil
			}
			if slices.Contains(c.Failed, now) && c.doubted(asked, back) == 0 {
				return seen, &StatusError{Status: string(now), Reason: c.reason(seen)}
			}
		case ctx.Err() != nil:
			if c.HeldBack != nil && c.HeldBack(err) {
				failed = err
			}
			return seen, c.interrupted(ctx, seen, status, time.Since(start), failed)
		case c.Transient != nil && c.Transient(err):
			failed = err
		default:
			return seen, err
		}
		timer.Reset(c.pause(start, back))
	}
}

// pause is how long to wait before the next look: there is one when the doubt ends.
func (c Change[T, S]) pause(start, back time.Time) time.Duration {
	now := time.Now()
	pause := c.Interval(now.Sub(start))
	if left := c.doubted(now, back); left > 0 {
		pause = min(pause, left)
	}
	return pause
}

// doubted is for how long after a time From is not believed, when it has been the
// only answer since back. It is zero when the last answer was another.
func (c Change[T, S]) doubted(at, back time.Time) time.Duration {
	if back.IsZero() {
		return 0
	}
	return max(0, c.Grace-at.Sub(back))
}

func (c Change[T, S]) reason(object T) string {
	if c.Reason == nil {
		return ""
	}
	return c.Reason(object)
}

func (c Change[T, S]) interrupted(ctx context.Context, seen T, status S, elapsed time.Duration, failed error) error {
	e := &InterruptedError{Status: string(status), Elapsed: elapsed, LastErr: failed, Cause: ctx.Err()}
	if status != "" {
		e.Reason = c.reason(seen)
		e.Known = status == c.From || slices.Contains(slices.Concat(c.Pending, c.Target, c.Failed), status)
	}
	return e
}
