package serve

import (
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// SIGTERM ends a provider only when its Terraform is gone, before the signal or after it.
func TestEndWith(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]time.Duration{"before the signal": 0, "after the signal": time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var parent atomic.Int64
				parent.Store(41)
				terminate := make(chan os.Signal, 1)
				ended := make(chan time.Time, 1)
				began := time.Now()
				go endWith(41, terminate, func() int { return int(parent.Load()) }, func() { ended <- time.Now() })
				if gone == 0 {
					parent.Store(1)
				}
				time.Sleep(time.Second)
				if len(ended) > 0 {
					t.Error("it has ended without a signal")
				}
				terminate <- syscall.SIGTERM
				if gone > 0 {
					time.Sleep(gone)
					if len(ended) > 0 {
						t.Error("it has ended while Terraform works")
					}
					parent.Store(1)
				}
				if took := (<-ended).Sub(began); took > gone+3*time.Second {
					t.Errorf("it has ended after %s", took)
				}
			})
		})
	}
}
