package serve

import (
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A provider lives as long as its Terraform, whatever signals come, and so long after
// it that a notebook can be started again. SIGTERM ends one whose Terraform is gone.
func TestEndWith(t *testing.T) {
	t.Parallel()
	const second, minute = time.Second, time.Minute
	for name, test := range map[string]struct {
		signals    map[time.Duration]syscall.Signal
		gone, ends time.Duration
	}{
		"Terraform ends by SIGTERM":    {map[time.Duration]syscall.Signal{second: syscall.SIGTERM}, minute, minute + winding},
		"the terminal is closed":       {map[time.Duration]syscall.Signal{second: syscall.SIGHUP}, second, second + winding},
		"SIGHUP comes late":            {map[time.Duration]syscall.Signal{2 * second: syscall.SIGHUP}, second, 2*second + winding},
		"Terraform is long gone":       {map[time.Duration]syscall.Signal{minute: syscall.SIGTERM}, second, minute},
		"SIGTERM after a closing":      {map[time.Duration]syscall.Signal{second: syscall.SIGHUP, minute: syscall.SIGTERM}, second, minute},
		"SIGHUP once more":             {map[time.Duration]syscall.Signal{second: syscall.SIGHUP, minute: syscall.SIGHUP}, second, second + winding},
		"no signal, Terraform is gone": {map[time.Duration]syscall.Signal{time.Hour: syscall.SIGTERM}, second, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var parent atomic.Int64
				parent.Store(41)
				signals := make(chan os.Signal, 1)
				time.AfterFunc(test.gone, func() { parent.Store(1) })
				for when, sig := range test.signals {
					time.AfterFunc(when, func() { signals <- sig })
				}
				began := time.Now()
				endWith(41, func() int { return int(parent.Load()) }, signals, func() {})
				if took := time.Since(began); took < test.ends || took > test.ends+2*second {
					t.Errorf("it has ended after %s, want %s", took, test.ends)
				}
			})
		})
	}
}
