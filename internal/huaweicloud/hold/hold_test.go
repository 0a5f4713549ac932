package hold

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// What is being sent goes on after a cancel, for its limit; the limit does not
// count while the request is held back, and a cancel ends the wait then.
func TestUnbroken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		caller, stop := context.WithCancel(t.Context())
		ctx, cancel := Unbroken(caller, time.Minute)
		defer cancel()
		derived, end := context.WithTimeout(ctx, time.Hour)
		defer end()

		time.Sleep(50 * time.Second)
		waiting := Back(derived)
		time.Sleep(10 * time.Minute)
		if waiting.Err() != nil || ctx.Err() != nil {
			t.Errorf("held back it ended with %v, %v", waiting.Err(), ctx.Err())
		}
		stop()
		if !errors.Is(waiting.Err(), context.Canceled) || ctx.Err() != nil {
			t.Errorf("after the cancel the wait has %v, the request %v", waiting.Err(), ctx.Err())
		}
		Sent(derived)
		time.Sleep(time.Second)
		Sent(derived) // once is enough
		if ago := time.Since(SentAt(ctx)); ago != time.Second {
			t.Errorf("it was sent %s ago", ago)
		}
		<-ctx.Done()
		if took := time.Since(began); took != 50*time.Second+10*time.Minute+time.Minute || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Errorf("it ended with %v after %s", ctx.Err(), took)
		}
		if derived.Err() == nil {
			t.Error("a context made of it goes on")
		}
	})
}

// A request that is not Unbroken waits with its own context.
func TestOtherRequestsAreLeftAlone(t *testing.T) {
	ctx := t.Context()
	if Back(ctx) != ctx {
		t.Error("it waits with another context")
	}
	Sent(ctx)
}
