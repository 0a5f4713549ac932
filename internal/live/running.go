package live

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// The labels of what is asked while the notebook runs.
const (
	readRunning     = "a read while RUNNING"
	listRunning     = "the list while RUNNING"
	startRunning    = "a start while RUNNING"
	filterPart      = "a list filtered by a part of the flavor"
	filterWhole     = "a list filtered by the flavor"
	createSameName  = "a create with a name that exists"
	createUpperCase = "a create with a lease type in upper case"
	tagged          = "tags"
	readTagged      = "the read right after tags were set"
	readTaggedLater = "a read some time after tags were set"
	filterBar       = "a list filtered by key|value"
	filterEquals    = "a list filtered by key=value"
	untagKey        = "a delete of a tag by its key"
	readUntagged    = "a read some time after a delete of a tag by its key"
	renewBody       = "a renewal with a body"
	readRenewed     = "a read after a renewal with a body"
	renewQuery      = "a renewal with a query"
	renewOff        = "a renewal with -1"
	nameRunning     = "a change of the name while RUNNING"
	textRunning     = "a change of the description while RUNNING"
	growRunning     = "growth while RUNNING"
	flavorRunning   = "a change of the flavor while RUNNING"
	accessRunning   = "a change of endpoints while RUNNING"
	listRenamed     = "the list right after a change of the name"
	newCharacters   = "a name with Chinese characters"
	newMarks        = "a description with an ampersand"
	emptyText       = "an empty description"
	readEmptied     = "a read after an empty description"
	growMuch        = "growth by 101 GB"
)

// running asks what can be asked while the notebook runs.
func (l *life) running(ctx context.Context) error {
	l.untilListed(ctx)
	l.read(ctx, readRunning)
	if e := l.call(ctx, notebook(startRunning, http.MethodPost, l.h.main, "start")); e.taken() {
		if _, err := l.settle(ctx, l.h.main, ""); err != nil {
			return err
		}
	}
	flavor := text(l.flavor, "id")
	l.listed(ctx, filterPart, "flavor", flavor[:len(flavor)-1])
	l.listed(ctx, filterWhole, "flavor", flavor)
	l.another(ctx, createSameName, "", nil, nil)
	l.another(ctx, createUpperCase, "-upper", object{"lease": object{"type": "TIMING", "duration": hour}}, nil)
	l.tags(ctx)
	l.lease(ctx)
	return l.changes(ctx)
}

// untilListed waits until the list shows that the notebook runs.
func (l *life) untilListed(ctx context.Context) {
	for begin := time.Now(); ctx.Err() == nil; pause(ctx, l.o.Pace.Poll) {
		if entry := l.listed(ctx, listRunning); text(entry, "status") == "RUNNING" || time.Since(begin) > 3*l.o.Pace.Late {
			return
		}
	}
}

// The tags that are set: one is deleted again, and one stays.
const (
	tagToGo   = "live-goes"
	tagToStay = "live-stays"
	tagValue  = "1"
)

func tagPair(key string) object { return object{"key": key, "value": tagValue} }

// tags sets tags, filters by them and deletes one.
func (l *life) tags(ctx context.Context) {
	change := func(label, method, path string, tags ...object) *exchange {
		return l.call(ctx, notebook(label, method, l.h.main, "tags", path).with(object{"tags": tags}).where(workspace0()))
	}
	if !change(tagged, http.MethodPost, "create", tagPair(tagToGo), tagPair(tagToStay)).taken() {
		return
	}
	l.read(ctx, readTagged)
	pause(ctx, l.o.Pace.Late)
	l.read(ctx, readTaggedLater)
	l.listed(ctx, filterBar, "tags", tagToGo+"|"+tagValue)
	l.listed(ctx, filterEquals, "tags", tagToGo+"="+tagValue)
	change(untagKey, http.MethodDelete, "delete", object{"key": tagToGo})
	pause(ctx, l.o.Pace.Late)
	l.read(ctx, readUntagged)
}

// Durations of leases, each another than the ones before.
const (
	renewedBody  = 3 * hour
	renewedQuery = 4 * hour
	started      = 2 * hour
)

// lease renews the lease.
func (l *life) lease(ctx context.Context) {
	renew := func(label string, query url.Values, body object) *exchange {
		return l.call(ctx, notebook(label, http.MethodPatch, l.h.main, "lease").where(query).with(body))
	}
	renew(renewBody, nil, object{"duration": renewedBody})
	l.read(ctx, readRenewed)
	renew(renewQuery, url.Values{"duration": {"14400000"}}, object{})
	if renew(renewOff, url.Values{"duration": {"-1"}}, object{}).taken() {
		renew("a renewal", url.Values{"duration": {"14400000"}}, object{})
	}
}

// changes changes what can be changed while the notebook runs, and something that
// cannot.
func (l *life) changes(ctx context.Context) error {
	l.rename(ctx, nameRunning, "-renamed")
	l.taken["text"] = l.put(ctx, textRunning, object{"description": "changed by make live"}).taken()
	if l.grow(ctx, growRunning, 1) && l.o.Grow {
		l.grow(ctx, growMuch, 101)
	}
	if l.other = l.switchable(ctx); l.other != "" {
		if l.put(ctx, flavorRunning, object{"flavor": l.other}).taken() {
			if _, err := l.settle(ctx, l.h.main, ""); err != nil {
				return err
			}
		}
	}
	if l.o.KeyPair != "" {
		l.put(ctx, accessRunning, object{"endpoints": l.ssh(otherAddress)})
	}
	if l.taken["name"] && l.taken["text"] {
		l.texts(ctx)
	}
	return ctx.Err()
}

// rename changes the name, and looks at the list at once.
func (l *life) rename(ctx context.Context, label, suffix string) {
	if l.put(ctx, label, object{"name": l.name + suffix}).taken() {
		l.taken["name"] = true
		l.listed(ctx, listRenamed)
	}
}

// grow grows the disk and waits until that is over. It reports whether it was
// taken.
func (l *life) grow(ctx context.Context, label string, by int64) bool {
	if !l.put(ctx, label, object{"storage_new_size": l.capacity + by}).taken() {
		return false
	}
	l.capacity += by
	l.taken[label] = true
	for begin := time.Now(); ctx.Err() == nil && time.Since(begin) < l.o.Pace.Patience; pause(ctx, l.o.Pace.Poll) {
		volume, shown := at(bodyOf(l.call(ctx, notebook(polling, http.MethodGet, l.h.main))), "volume")
		if !shown {
			volume = l.listed(ctx, polling)["volume"]
		}
		if millis(volume, "capacity") >= l.capacity && text(volume, "status") != "RESIZING" {
			break
		}
	}
	return true
}

// switchable is the smallest flavor that the notebook can change to.
func (l *life) switchable(ctx context.Context) string {
	var least object
	for _, flavor := range flavorsOf(l.call(ctx, notebook("the flavors to change to", http.MethodGet, l.h.main, "flavors"))) {
		if !truth(flavor, "sold_out") && (least == nil || millis(flavor, "vcpus") < millis(least, "vcpus")) {
			least = flavor
		}
	}
	return text(least, "id")
}

// texts tries which characters are allowed, and an empty text. The status is one
// in which names and descriptions can be changed.
func (l *life) texts(ctx context.Context) {
	l.texted = true
	l.put(ctx, newCharacters, object{"name": l.name + "-笔记本"})
	l.put(ctx, newMarks, object{"description": "made & deleted by make live"})
	l.put(ctx, emptyText, object{"description": ""})
	l.read(ctx, readEmptied)
}
