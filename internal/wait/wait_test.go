package wait_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

type state string

const (
	creating state = "CREATING"
	running  state = "RUNNING"
	stopped  state = "STOPPED"
	broken   state = "CREATE_FAILED"
)

var (
	errBusy  = errors.New("502 from the gateway")
	errFatal = errors.New("403 not allowed")
)

// answer is one look: a status, or an error.
type answer struct {
	status state
	err    error
	takes  time.Duration
}

// script answers one after the other, and repeats the last.
func script(answers ...answer) (fetch func(context.Context) (string, state, error), looks *int) {
	looks = new(int)
	return func(ctx context.Context) (string, state, error) {
		a := answers[min(*looks, len(answers)-1)]
		*looks++
		time.Sleep(a.takes)
		if err := ctx.Err(); err != nil {
			return "", "", err
		}
		return "object " + string(a.status), a.status, a.err
	}, looks
}

func change(fetch func(context.Context) (string, state, error)) wait.Change[string, state] {
	return wait.Change[string, state]{
		Fetch:     fetch,
		Pending:   []state{creating},
		Target:    []state{running},
		Failed:    []state{broken, stopped},
		Interval:  func(time.Duration) time.Duration { return time.Second },
		Transient: func(err error) bool { return errors.Is(err, errBusy) },
		Reason:    func(s string) string { return "because of " + s },
	}
}

func TestWaitReachesTheTarget(t *testing.T) {
	for name, tc := range map[string]struct {
		answers []answer
		looks   int
	}{
		"at once":                    {[]answer{{status: running}}, 1},
		"after pending":              {[]answer{{status: creating}, {status: creating}, {status: running}}, 3},
		"through an unknown status":  {[]answer{{status: "HIBERNATING"}, {status: running}}, 2},
		"through transient errors":   {[]answer{{err: errBusy}, {status: creating}, {err: errBusy}, {err: errBusy}, {status: running}}, 5},
		"through only errors so far": {[]answer{{err: errBusy}, {err: errBusy}, {status: running}}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				fetch, looks := script(tc.answers...)
				c := change(fetch)
				var seen []state
				c.Progress = func(_ string, s state) { seen = append(seen, s) }

				start := time.Now()
				got, err := c.Wait(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if got != "object RUNNING" {
					t.Errorf("returned %q, not what was seen last", got)
				}
				if *looks != tc.looks {
					t.Errorf("looked %d times, want %d", *looks, tc.looks)
				}
				if took := time.Since(start); took != time.Duration(tc.looks)*time.Second {
					t.Errorf("took %s, want one interval a look", took)
				}
				if seen[len(seen)-1] != running {
					t.Errorf("progress ended with %v", seen)
				}
			})
		})
	}
}

func TestWaitEndsOnAFailedStatusWithTheReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		fetch, looks := script(answer{status: creating}, answer{status: broken})
		got, err := change(fetch).Wait(ctx)

		var failed *wait.StatusError
		if !errors.As(err, &failed) {
			t.Fatalf("error is %T: %v", err, err)
		}
		if failed.Status != "CREATE_FAILED" || failed.Reason != "because of object CREATE_FAILED" {
			t.Errorf("error holds %+v", failed)
		}
		if got != "object CREATE_FAILED" {
			t.Errorf("returned %q, not what was seen last", got)
		}
		if *looks != 2 {
			t.Errorf("looked %d times", *looks)
		}
	})
}

func TestWaitEndsAtOnceOnOtherErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		fetch, looks := script(answer{status: creating}, answer{err: errFatal})
		got, err := change(fetch).Wait(ctx)
		if !errors.Is(err, errFatal) || *looks != 2 {
			t.Errorf("got %v after %d looks", err, *looks)
		}
		if got != "object CREATING" {
			t.Errorf("returned %q, not what was seen last", got)
		}
	})
}

func TestWaitDeadlineNamesTheLastStatusAndError(t *testing.T) {
	for name, tc := range map[string]struct {
		answers []answer
		want    []string
	}{
		"pending":       {[]answer{{status: creating}}, []string{"gave up waiting after 10s", "CREATING", "because of object CREATING"}},
		"unknown":       {[]answer{{status: "HIBERNATING"}}, []string{"HIBERNATING", "does not know"}},
		"never seen":    {[]answer{{err: errBusy}}, []string{"no status was seen", "502 from the gateway"}},
		"seen and lost": {[]answer{{status: creating}, {err: errBusy}}, []string{"CREATING", "502 from the gateway"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				fetch, _ := script(tc.answers...)
				start := time.Now()
				_, err := change(fetch).Wait(ctx)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Fatalf("error is %v", err)
				}
				if took := time.Since(start); took != 10*time.Second {
					t.Errorf("ended after %s, want the deadline", took)
				}
				for _, want := range tc.want {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%q lacks %q", err, want)
					}
				}
			})
		})
	}
}

// A look that the deadline cuts short says nothing new, unless it says what held it
// back.
func TestWaitNamesWhatHeldALookBack(t *testing.T) {
	errHeld := fmt.Errorf("held back: 429: %w", context.DeadlineExceeded)
	for _, held := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			c := change(func(ctx context.Context) (string, state, error) {
				<-ctx.Done()
				return "", "", errHeld
			})
			c.HeldBack = func(err error) bool { return held && errors.Is(err, errHeld) }
			_, err := c.Wait(ctx)
			if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "429") != held {
				t.Errorf("held back: %v: %v", held, err)
			}
		})
	}
}

func TestWaitIsCancelledInTheMiddleOfAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		fetch, looks := script(answer{status: creating})
		c := change(fetch)
		c.Interval = func(time.Duration) time.Duration { return time.Hour }
		time.AfterFunc(90*time.Minute, cancel)

		start := time.Now()
		got, err := c.Wait(ctx)
		if !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("error is %v", err)
		}
		if took := time.Since(start); took != 90*time.Minute {
			t.Errorf("ended after %s, want the moment of the cancel", took)
		}
		if got != "object CREATING" || *looks != 1 {
			t.Errorf("returned %q after %d looks", got, *looks)
		}
	})
}

// A read on another node can answer the status from before the change.
func TestWaitTakesTheOldStatusAsStaleForAWhile(t *testing.T) {
	for name, tc := range map[string]struct {
		answers []answer
		fails   bool
		after   time.Duration
	}{
		"stale, then moving":         {[]answer{{status: stopped}, {status: stopped}, {status: creating}, {status: running}}, false, 4 * time.Second},
		"moving, then stale":         {[]answer{{status: creating}, {status: stopped}, {status: creating}, {status: running}}, false, 4 * time.Second},
		"moving, then back for good": {[]answer{{status: creating}, {status: stopped}}, true, 7 * time.Second},
		"never moved":                {[]answer{{status: stopped}}, true, 5 * time.Second},
		"looks that last long":       {[]answer{{status: stopped}, {status: stopped, takes: 5 * time.Second}, {status: running}}, false, 8 * time.Second},
		"another failure is no news": {[]answer{{status: broken}}, true, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				fetch, _ := script(tc.answers...)
				c := change(fetch)
				c.From, c.Grace = stopped, 5*time.Second

				start := time.Now()
				_, err := c.Wait(ctx)
				var failed *wait.StatusError
				if errors.As(err, &failed) != tc.fails {
					t.Errorf("error is %v", err)
				}
				if took := time.Since(start); took != tc.after {
					t.Errorf("ended after %s, want %s", took, tc.after)
				}
			})
		})
	}
}

func TestWaitAsksForTheIntervalWithTheTimeGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		fetch, _ := script(answer{status: creating}, answer{status: creating}, answer{status: running})
		c := change(fetch)
		var asked []time.Duration
		c.Interval = func(elapsed time.Duration) time.Duration {
			asked = append(asked, elapsed)
			return time.Second + elapsed
		}
		if _, err := c.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		want := []time.Duration{0, time.Second, 3 * time.Second}
		for i := range want {
			if asked[i] != want[i] {
				t.Fatalf("asked with %v, want %v", asked, want)
			}
		}
	})
}
