package live

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// The labels of what is asked while the notebook is stopped, and of its end.
const (
	readStopped    = "a read while STOPPED"
	stopStopped    = "a stop while STOPPED"
	mountStopped   = "a mount while STOPPED"
	mountsStopped  = "the list of mounts while STOPPED"
	saveStopped    = "a save while STOPPED"
	nameStopped    = "a change of the name while STOPPED"
	growStopped    = "growth while STOPPED"
	networkStopped = "public_network_config"
	accessStopped  = "a change of endpoints without addresses while STOPPED"
	flavorsBefore  = "the flavors before a start"
	startUpperCase = "a start with a lease type in upper case"
	startLowerCase = "a start with a lease type in lower case"
	startPlain     = "a start"
	mountsAtOnce   = "the list of mounts right after the start"
	mountsLater    = "the list of mounts some time after the start"
	readRestarted  = "a read after the start"
	deleteInUse    = "a delete of the image that the notebook has"
	deleteRunning  = "a delete while RUNNING"
	deleteStopped  = "a delete while STOPPED"
	afterDelete    = "a read after the delete"
)

// stopped stops the notebook and asks what can be asked then.
func (l *life) stopped(ctx context.Context) error {
	if err := l.stop(ctx); err != nil {
		return err
	}
	l.read(ctx, readStopped)
	l.call(ctx, notebook(stopStopped, http.MethodPost, l.h.main, "stop"))
	if l.o.Mount != "" {
		l.call(ctx, notebook(mountsStopped, http.MethodGet, l.h.main, "storage"))
		l.attach(ctx, mountStopped, "OBSFS", "/data/live-stopped/", l.o.Mount)
	}
	if l.o.Organization != "" {
		l.call(ctx, notebook(saveStopped, http.MethodPost, l.h.main, "create-image").with(l.imageBody("-stopped")))
	}
	l.rename(ctx, nameStopped, "-stopped")
	if !l.texted && l.taken["name"] {
		l.texts(ctx)
	}
	l.grow(ctx, growStopped, 1)
	if l.o.Grow && l.h.of(growMuch) == nil && l.taken[growStopped] {
		l.grow(ctx, growMuch, 101)
	}
	l.put(ctx, networkStopped, object{"public_network_config": object{"public_network_type": "SHARED"}})
	if l.o.KeyPair != "" {
		l.put(ctx, accessStopped, object{"endpoints": l.ssh()})
	}
	return ctx.Err()
}

// restart starts the notebook, with the lease of another kind.
func (l *life) restart(ctx context.Context) error {
	l.call(ctx, request{label: flavorsBefore, method: http.MethodGet, path: []string{"notebooks", "flavors"}})
	var e *exchange
	for _, attempt := range []struct {
		label string
		query url.Values
	}{
		{startUpperCase, url.Values{"type": {"IDLE"}, "duration": {"7200000"}}},
		{startLowerCase, url.Values{"type": {"idle"}, "duration": {"7200000"}}},
		{startPlain, nil},
	} {
		if e = l.call(ctx, notebook(attempt.label, http.MethodPost, l.h.main, "start").where(attempt.query)); e.outcome() == "taken" {
			break
		}
	}
	if !e.taken() {
		return fmt.Errorf("%s", e)
	}
	status, err := l.settle(ctx, l.h.main, "STOPPED")
	if err == nil && status == "START_FAILED" && l.startFailed(ctx, l.h.main, status) {
		status = "RUNNING"
	}
	if err == nil && status != "RUNNING" {
		err = fmt.Errorf("a start ended in %s", shown(status))
	}
	if err != nil {
		return err
	}
	if l.o.Mount != "" {
		l.call(ctx, notebook(mountsAtOnce, http.MethodGet, l.h.main, "storage"))
		pause(ctx, 2*l.o.Pace.Late)
		l.call(ctx, notebook(mountsLater, http.MethodGet, l.h.main, "storage"))
	}
	l.read(ctx, readRestarted)
	return ctx.Err()
}

// end deletes the image that the notebook has, if the service does so, and the
// notebook.
func (l *life) end(ctx context.Context) error {
	if l.saved != "" && l.h.hasSaved(readRestarted, l.saved) {
		l.call(ctx, request{label: deleteInUse, method: http.MethodDelete, path: []string{"images", l.saved}})
	}
	e := l.call(ctx, notebook(deleteRunning, http.MethodDelete, l.h.main))
	if e.refused() {
		if err := l.stop(ctx); err != nil {
			return err
		}
		e = l.call(ctx, notebook(deleteStopped, http.MethodDelete, l.h.main))
	}
	if !e.taken() {
		return fmt.Errorf("%s", e)
	}
	begin := time.Now()
	if !l.waitGone(ctx, l.h.main) {
		return fmt.Errorf("the notebook is not gone after %s", time.Since(begin).Round(time.Second))
	}
	return ctx.Err()
}
