package serve

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// winding is how long a provider may live on whose Terraform is gone. The calls that are
// cut need it to start a notebook again that they have stopped.
const winding = 6 * time.Minute

// outliveSignals keeps the provider at work when a signal is sent to all processes of
// a run. The ID of a notebook that is being created, and the start of one that was
// stopped, would be lost with it.
//
// SIGTERM comes from systemd, from timeout and from runners of jobs. Terraform takes
// it like Ctrl-C: it cancels the calls, waits for their results, writes the state, and
// ends the provider by itself. SIGHUP comes when a terminal or its connection is
// closed. It ends Terraform, which cuts the calls; the same goes for SIGKILL.
func outliveSignals() {
	signal.Ignore(syscall.SIGPIPE) // of a log that Terraform does not read any more
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP)
	go endWith(os.Getppid(), os.Getppid, signals, func() { os.Exit(1) })
}

// endWith calls end when a signal has come and the parent of the process is not the
// one that it began with: at once for SIGTERM, which then is for this process, and
// after winding for one that came while the parent was there.
func endWith(began int, parent func() int, signals <-chan os.Signal, end func()) {
	first := <-signals
	waits := parent() == began || first == syscall.SIGHUP
	for parent() == began {
		time.Sleep(time.Second)
	}
	for over := time.After(winding); waits; {
		select {
		case again := <-signals:
			waits = again != syscall.SIGTERM
		case <-over:
			waits = false
		}
	}
	end()
}
