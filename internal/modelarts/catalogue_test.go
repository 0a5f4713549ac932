package modelarts

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnceReadsOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o once[string]
		var reads atomic.Int32
		read := func(ctx context.Context) (string, error) {
			reads.Add(1)
			select {
			case <-time.After(time.Second):
				return "all of it", nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}

		// The first caller goes before the answer is there: that ends its own
		// waiting, and no other's.
		first, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := o.get(first, read); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the first caller got %v", err)
			}
		})
		synctest.Wait()
		for range 10 {
			all.Go(func() {
				if got, err := o.get(t.Context(), read); got != "all of it" || err != nil {
					t.Errorf("got %q, %v", got, err)
				}
			})
		}
		all.Wait()
		if n := reads.Load(); n != 1 {
			t.Errorf("read %d times", n)
		}
	})
}

func TestOnceRemembersAFailure(t *testing.T) {
	var o once[string]
	failure := errors.New("403")
	reads := 0
	read := func(context.Context) (string, error) {
		reads++
		return "", failure
	}
	for range 3 {
		if _, err := o.get(t.Context(), read); !errors.Is(err, failure) {
			t.Errorf("got %v", err)
		}
	}
	if reads != 1 {
		t.Errorf("read %d times", reads)
	}
}
