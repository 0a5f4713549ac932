package live

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// life is one run.
type life struct {
	o       Options
	h       *history
	secrets *secrets
	// name begins the names of all that this run makes.
	name string
	// created are the IDs of the notebooks that were made and are not known to be
	// gone, with their names.
	created map[string]string
	// lost are the names of notebooks and images whose create got no answer.
	lost []string
	// saved is the ID of the image that was made; empty without one.
	saved string

	flavor, image object
	// other is a flavor that the notebook could change to; empty without one.
	other string
	// capacity is the size of the disk in GB.
	capacity int64
	// taken are the changes that were taken while it ran.
	taken map[string]bool
	// texted is whether names and descriptions have been tried.
	texted bool
	// poolID is the ID by which the pool is taken, and pool its entry in the list.
	poolID string
	pool   object
}

func newLife(o Options) *life {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // it never fails
	l := &life{
		o: o, h: new(history), secrets: new(secrets), name: Prefix + hex.EncodeToString(random),
		created: map[string]string{}, taken: map[string]bool{}, capacity: smallest,
	}
	for _, secret := range append(slices.Clone(o.Secrets), o.Project, o.ExpiredToken) {
		l.secrets.add(secret)
	}
	return l
}

// smallest is the size of the smallest disk in GB.
const smallest = 5

// say writes a line to the log.
func (l *life) say(format string, args ...any) {
	fmt.Fprintln(l.o.Log, l.secrets.scrub(fmt.Sprintf(format, args...)))
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// workspace0 has a list or a call of tags be about workspace 0.
func workspace0(pairs ...string) url.Values {
	query := url.Values{"workspace_id": {"0"}}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return query
}

// polling is the label of reads while something is under way.
const polling = "polling"

// notebook is the request for a notebook, or for something below it.
func notebook(label, method, id string, more ...string) request {
	return request{label: label, method: method, path: append([]string{"notebooks", id}, more...)}
}

func (r request) with(body object) request   { r.body = body; return r }
func (r request) where(q url.Values) request { r.query = q; return r }

// read shows the notebook.
func (l *life) read(ctx context.Context, label string) *exchange {
	return l.call(ctx, notebook(label, http.MethodGet, l.h.main))
}

// put changes the notebook.
func (l *life) put(ctx context.Context, label string, body object) *exchange {
	return l.call(ctx, notebook(label, http.MethodPut, l.h.main).with(body))
}

// listed asks for the newest notebooks, without any filter that may not work, and
// returns the entry of the notebook of the life.
func (l *life) listed(ctx context.Context, label string, pairs ...string) object {
	return l.h.entry(l.call(ctx, request{
		label: label, method: http.MethodGet, path: []string{"notebooks"},
		query: workspace0(append([]string{"limit", "50"}, pairs...)...),
	}))
}

// entry is that of the notebook of the life in a list; nil when it has none.
func (h *history) entry(list *exchange) object {
	if list == nil {
		return nil
	}
	for _, entry := range listOf(list.body, "data") {
		if entry["id"] == h.main {
			return entry
		}
	}
	return nil
}

// settled are the statuses that a notebook leaves only when somebody acts.
var settled = []string{
	"RUNNING", "STOPPED", "CREATE_FAILED", "START_FAILED", "DELETE_FAILED", "ERROR", "FROZEN", "DELETED",
}

// errGone is the end of a wait for a notebook that does not exist.
var errGone = errors.New("the notebook is gone")

// settle waits until a notebook has a settled status and returns it. The status
// before may be shown for a while.
func (l *life) settle(ctx context.Context, id, before string) (string, error) {
	begin, last := time.Now(), ""
	for {
		e := l.call(ctx, notebook(polling, http.MethodGet, id))
		status, waited := text(bodyOf(e), "status"), time.Since(begin)
		if e.taken() && status != last {
			l.say("  %s", shown(status))
			last = status
		}
		switch {
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case isGone(e) && (last != "" || waited > max(l.o.Pace.Late, time.Minute)):
			return "", errGone
		case e.taken() && slices.Contains(settled, status) && (status != before || waited > l.o.Pace.Late):
			return status, nil
		case waited > l.o.Pace.Patience:
			return "", fmt.Errorf("the notebook is %s after %s", shown(last), waited.Round(time.Second))
		}
		pause(ctx, l.o.Pace.Poll)
	}
}

func bodyOf(e *exchange) any {
	if e == nil {
		return nil
	}
	return e.body
}

// isGone reports whether an answer is one of the ways to say that a notebook does
// not exist.
func isGone(e *exchange) bool {
	return e.refusedFor("6309", "6404", "6357") || e.taken() && text(e.body, "status") == "DELETED"
}

// body is the request for a small notebook. Its name has a suffix.
func (l *life) body(suffix string, changes object) object {
	body := object{
		"name":         l.name + suffix,
		"description":  "made by make live, which deletes it",
		"flavor":       text(l.flavor, "id"),
		"image_id":     text(l.image, "id"),
		"workspace_id": "0",
		"volume":       object{"category": "EVS", "ownership": "MANAGED", "capacity": smallest},
		"lease":        object{"type": "timing", "duration": hour},
	}
	maps.Copy(body, changes)
	maps.DeleteFunc(body, func(_ string, value any) bool { return value == nil })
	return body
}

// hour is an hour in the milliseconds of the API.
const hour = 3600000

// create asks for a notebook and returns its ID, empty when it was not made. A
// create without an answer may have made one, which is looked for.
func (l *life) create(ctx context.Context, label string, body object) (string, *exchange) {
	if ctx.Err() != nil {
		return "", nil
	}
	name, _ := body["name"].(string)
	e := l.call(ctx, request{label: label, method: http.MethodPost, path: []string{"notebooks"}, body: body})
	if e == nil {
		return "", nil
	}
	id := text(e.body, "id")
	if !e.taken() || id == "" {
		id = ""
		if e.taken() || e.status == 0 || e.status >= 500 {
			l.lost = append(l.lost, name)
			workspace, _ := body["workspace_id"].(string)
			id = l.lookFor(ctx, name, workspace)
		}
	}
	if id != "" {
		l.created[id] = name
	}
	return id, e
}

// lookFor looks for a notebook of a name whose create got no answer, until it
// should have been seen.
func (l *life) lookFor(ctx context.Context, name, workspace string) string {
	l.say("looking for %s", name)
	for begin := time.Now(); ctx.Err() == nil; pause(ctx, l.o.Pace.Poll) {
		list, _ := l.find(ctx, name, workspace)
		for id, found := range list {
			if _, known := l.created[id]; !known && found == name {
				l.lost = slices.DeleteFunc(l.lost, func(other string) bool { return other == name })
				return id
			}
		}
		if time.Since(begin) > 3*l.o.Pace.Late {
			break
		}
	}
	return ""
}

// find lists the notebooks of a workspace whose names begin with a text, by ID. It
// filters by itself. It is false when the list is not whole.
func (l *life) find(ctx context.Context, name, workspace string) (found map[string]string, whole bool) {
	found = map[string]string{}
	for offset := 0; ; offset += 50 {
		e := l.call(ctx, request{label: polling, method: http.MethodGet, path: []string{"notebooks"}, query: url.Values{
			"workspace_id": {workspace}, "limit": {"50"}, "offset": {fmt.Sprint(offset)},
		}})
		if !e.taken() {
			return found, false
		}
		entries := listOf(e.body, "data")
		for _, entry := range entries {
			if have := text(entry, "name"); strings.HasPrefix(have, name) && text(entry, "status") != "DELETED" {
				found[text(entry, "id")] = have
			}
		}
		if len(entries) < 50 {
			return found, true
		}
	}
}

// another makes one more notebook, has look look at it once it has settled, and
// deletes it. It returns the exchange of the create.
func (l *life) another(ctx context.Context, label, suffix string, changes object, look func(id, status string)) *exchange {
	id, e := l.create(ctx, label, l.body(suffix, changes))
	if id == "" {
		return e
	}
	status, err := l.settle(ctx, id, "")
	if err != nil {
		l.say("%s: %v", label, err)
	}
	if look != nil && err == nil {
		look(id, status)
	}
	if status == "CREATE_FAILED" {
		l.startFailed(ctx, id, status)
	}
	l.remove(ctx, id)
	return e
}

// startFailed starts a notebook that has failed, which the service may refuse, and
// reports whether it runs then.
func (l *life) startFailed(ctx context.Context, id, status string) bool {
	if e := l.call(ctx, notebook("a start of an instance in "+status, http.MethodPost, id, "start")); !e.taken() {
		return false
	}
	now, err := l.settle(ctx, id, status)
	return err == nil && now == "RUNNING"
}

// stop stops the notebook.
func (l *life) stop(ctx context.Context) error {
	if e := l.call(ctx, notebook("a stop", http.MethodPost, l.h.main, "stop")); !e.taken() {
		return fmt.Errorf("%s", e)
	}
	status, err := l.settle(ctx, l.h.main, "RUNNING")
	switch {
	case err != nil:
		return err
	case status == "STOPPED":
		return nil
	case status != "ERROR":
		return fmt.Errorf("a stop ended in %s", shown(status))
	}
	if e := l.call(ctx, notebook("a stop of an instance in ERROR", http.MethodPost, l.h.main, "stop")); e.taken() {
		if status, err := l.settle(ctx, l.h.main, "ERROR"); err == nil && status == "STOPPED" {
			return nil
		}
	} else {
		l.startFailed(ctx, l.h.main, "ERROR")
	}
	return errors.New("a stop ended in ERROR")
}
