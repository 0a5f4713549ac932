package live

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// cleanUp deletes everything that the run has made, and returns the names of what
// may be left. It looks for it by name, so that it finds what no answer told of.
// It takes as long as Pace.Cleanup, or until hurry ends.
func (l *life) cleanUp(hurry context.Context) []string {
	asked := slices.ContainsFunc(l.h.list, func(e *exchange) bool { return e.method == http.MethodPost })
	if !asked && l.name != Prefix {
		return nil
	}
	ctx, cancel := context.WithTimeout(hurry, l.o.Pace.Cleanup)
	defer cancel()
	l.say("--- cleaning up")
	begin := time.Now()
	var found map[string]string
	var whole bool
	for {
		found, whole = l.all(ctx)
		// What was lost shows up late, or never was.
		soon := time.Since(begin) <= 3*l.o.Pace.Late
		waiting := soon && (len(l.lost) > 0 || !whole)
		if ctx.Err() != nil || len(found) == 0 && !waiting {
			break
		}
		for _, id := range slices.Sorted(maps.Keys(found)) {
			l.created[id] = found[id]
			l.remove(ctx, id)
		}
		pause(ctx, l.o.Pace.Poll)
	}
	left := l.removeImage(ctx)
	for id, name := range l.created {
		left = append(left, fmt.Sprintf("the notebook %s (%s)", name, id))
	}
	if ctx.Err() != nil || !whole {
		left = append(left, "whatever is named "+l.name+"*")
	}
	return left
}

// all are the notebooks that the run has made, by ID, from answers and from the
// lists. It is false when a list is not whole.
func (l *life) all(ctx context.Context) (found map[string]string, whole bool) {
	found, whole = maps.Clone(l.created), true
	for _, workspace := range []string{"0", l.o.Workspace} {
		if workspace == "" {
			continue
		}
		list, isWhole := l.find(ctx, l.name, workspace)
		maps.Copy(found, list)
		whole = whole && isWhole
	}
	return found, whole
}

// remove deletes a notebook and waits until it is gone, whatever its status is and
// whatever the service wants of it first. What cannot be deleted stays in created.
func (l *life) remove(ctx context.Context, id string) {
	for begin := time.Now(); ctx.Err() == nil && time.Since(begin) < l.o.Pace.Patience; pause(ctx, l.o.Pace.Poll) {
		e := l.call(ctx, notebook("a delete", http.MethodDelete, id))
		switch {
		case e.taken():
			if l.waitGone(ctx, id) {
				return
			}
		case e.refusedFor("6304"):
			l.call(ctx, notebook("a stop before a delete", http.MethodPost, id, "stop"))
			_, _ = l.settle(ctx, id, "RUNNING") // the delete shows whether it worked
		case e.refusedFor("6309", "6404"):
			delete(l.created, id)
			return
		default: // it may be gone, or on its way somewhere
			if status, err := l.settle(ctx, id, ""); errors.Is(err, errGone) || status == "DELETED" {
				delete(l.created, id)
				return
			}
		}
	}
}

// waitGone waits for the end of a deletion.
func (l *life) waitGone(ctx context.Context, id string) bool {
	for begin := time.Now(); ctx.Err() == nil && time.Since(begin) < l.o.Pace.Patience; pause(ctx, l.o.Pace.Poll) {
		label := polling
		if id == l.h.main {
			label = afterDelete
		}
		e := l.call(ctx, notebook(label, http.MethodGet, id))
		if isGone(e) {
			delete(l.created, id)
			return true
		}
		if e.taken() && text(e.body, "status") == "DELETE_FAILED" {
			return false
		}
	}
	return false
}

// removeImage deletes the images that were saved, with what the registry has of
// them. It returns the name of what is left.
func (l *life) removeImage(ctx context.Context) []string {
	if l.o.Organization == "" && l.name != Prefix {
		return nil
	}
	for begin := time.Now(); ctx.Err() == nil; pause(ctx, l.o.Pace.Poll) {
		list := l.call(ctx, request{label: polling, method: http.MethodGet, path: []string{"images"}, query: url.Values{
			"type": {"DEDICATED"}, "name": {l.name}, "workspace_id": {"0"},
		}})
		ids := []string{}
		for _, entry := range listOf(bodyOf(list), "data") {
			if strings.HasPrefix(text(entry, "name"), l.name) {
				ids = append(ids, text(entry, "id"))
			}
		}
		waiting := slices.Contains(l.lost, l.name+"/image") && time.Since(begin) <= 3*l.o.Pace.Late
		if list.taken() && len(ids) == 0 && !waiting {
			return nil
		}
		for _, id := range ids {
			l.call(ctx, request{
				label: "a delete of the image", method: http.MethodDelete, path: []string{"images", id}, body: object{"is_force": true},
				query: url.Values{"force": {"true"}},
			})
		}
		if time.Since(begin) > l.o.Pace.Patience {
			break
		}
	}
	return []string{"the image " + l.name + "*"}
}

// CleanUp deletes what earlier runs have left: everything whose name begins with
// Prefix, in workspace 0 and in that of the options. A run that goes on meanwhile
// loses its notebook. It returns the names of what it could not delete.
func CleanUp(ctx context.Context, o Options) []string {
	l := newLife(o)
	l.name = Prefix
	return l.cleanUp(ctx)
}
