package serve

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// surviveTermination keeps the provider at work when SIGTERM is sent to all processes of
// a run, as by systemd, by timeout and by runners of jobs. Terraform takes SIGTERM
// like Ctrl-C: it cancels the calls, waits for their results, writes the state, and then
// ends the provider by itself. A provider that has ended before that takes with it the
// ID of a notebook that it was creating, and the start of one that it has stopped.
//
// A provider whose Terraform is gone ends.
func surviveTermination() {
	terminate := make(chan os.Signal, 1)
	signal.Notify(terminate, syscall.SIGTERM)
	go endWith(os.Getppid(), terminate, os.Getppid, func() { os.Exit(1) })
}

// endWith waits for the first signal, and calls end as soon as the parent of the
// process is not the one that it began with.
func endWith(began int, terminate <-chan os.Signal, parent func() int, end func()) {
	<-terminate
	for parent() == began {
		time.Sleep(time.Second)
	}
	end()
}
