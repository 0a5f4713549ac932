package live

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// The labels of what is asked of mounts and of the saved image.
const (
	mountBarePath  = "a mount at a path without a slash"
	mountObject    = "a mount of an object bucket"
	mounted        = "a mount"
	mountedToGo    = "another mount"
	mountsRunning  = "the list of mounts"
	readMounted    = "a read with a mount"
	unmounted      = "an unmount"
	mountsAfter    = "the list of mounts after an unmount"
	saving         = "a save"
	readBeforeSave = "a read before the save"
	readSaving     = "the read right after the save"
	putSaving      = "a change while SNAPSHOTTING"
	readSaved      = "a read after the save"
	imagesSaved    = "the list of images without a type after the save"
)

// The places of mounts.
const (
	mountPath     = "/data/live/"
	mountPathToGo = "/data/live-goes/"
	barePath      = "/data/live-bare"
	objectPath    = "/data/live-object/"
)

// attach mounts storage on the notebook.
func (l *life) attach(ctx context.Context, label, category, path, source string) *exchange {
	body := object{"category": category, "mount_path": path, "uri": source}
	return l.call(ctx, notebook(label, http.MethodPost, l.h.main, "storage").with(body))
}

// mounts mounts the file system at several paths.
func (l *life) mounts(ctx context.Context) error {
	if l.o.Mount == "" {
		return nil
	}
	l.attach(ctx, mountBarePath, "OBSFS", barePath, l.o.Mount)
	if l.o.ObjectBucket != "" {
		l.attach(ctx, mountObject, "OBS", objectPath, l.o.ObjectBucket)
	}
	if !l.attach(ctx, mounted, "OBSFS", mountPath, l.o.Mount).taken() {
		return ctx.Err()
	}
	l.untilMount(ctx, mountsRunning, mountPath, "MOUNTED", "MOUNT_FAILED")
	l.read(ctx, readMounted)
	if !l.attach(ctx, mountedToGo, "OBSFS", mountPathToGo, l.o.Mount).taken() {
		return ctx.Err()
	}
	if mount := l.untilMount(ctx, polling, mountPathToGo, "MOUNTED", "MOUNT_FAILED"); mount != nil {
		l.call(ctx, notebook(unmounted, http.MethodDelete, l.h.main, "storage", text(mount, "id")))
		l.untilMount(ctx, mountsAfter, mountPathToGo, "UNMOUNTED", "UNMOUNT_FAILED", "")
	}
	return ctx.Err()
}

// untilMount waits until the mount at a path has one of the statuses, where the
// empty one is that there is none, and returns it.
func (l *life) untilMount(ctx context.Context, label, path string, statuses ...string) object {
	for begin := time.Now(); ctx.Err() == nil && time.Since(begin) < l.o.Pace.Patience; pause(ctx, l.o.Pace.Poll) {
		e := l.call(ctx, notebook(label, http.MethodGet, l.h.main, "storage"))
		mount := mountAt(e, path)
		for _, status := range statuses {
			if e.taken() && text(mount, "status") == status {
				return mount
			}
		}
	}
	return nil
}

// mountAt is the entry at a path, in a list of mounts or of data volumes.
func mountAt(e *exchange, path string) object {
	return entryAt(listOf(bodyOf(e), "data"), path)
}

func entryAt(entries []object, path string) object {
	for _, entry := range entries {
		if strings.Trim(text(entry, "mount_path"), "/") == strings.Trim(path, "/") {
			return entry
		}
	}
	return nil
}

// imageBody is the request to save the notebook as an image.
func (l *life) imageBody(suffix string) object {
	return object{
		"name": l.name + suffix, "namespace": l.o.Organization, "tag": "live",
		"description": "made by make live, which deletes it", "workspace_id": "0",
	}
}

// save saves the notebook as an image and waits until both are ready.
func (l *life) save(ctx context.Context) error {
	if l.o.Organization == "" {
		return nil
	}
	l.read(ctx, readBeforeSave)
	e := l.call(ctx, notebook(saving, http.MethodPost, l.h.main, "create-image").with(l.imageBody("")))
	if l.saved = text(bodyOf(e), "id"); !e.taken() || l.saved == "" {
		if e != nil && (e.taken() || e.status == 0 || e.status >= 500) {
			l.lost = append(l.lost, l.name+"/image")
		}
		_, err := l.settle(ctx, l.h.main, "")
		return err
	}
	if read := l.read(ctx, readSaving); text(bodyOf(read), "status") == "SNAPSHOTTING" {
		l.put(ctx, putSaving, object{"description": "changed while it was saved"})
	}
	for begin := time.Now(); ctx.Err() == nil && time.Since(begin) < l.o.Pace.Patience; pause(ctx, l.o.Pace.Poll) {
		image := l.call(ctx, request{label: polling, method: http.MethodGet, path: []string{"images", l.saved}})
		if status := text(bodyOf(image), "status"); status == "ACTIVE" || status == "CREATE_FAILED" || status == "ERROR" {
			l.say("  the image is %s", shown(status))
			break
		}
	}
	if _, err := l.settle(ctx, l.h.main, ""); err != nil {
		return err
	}
	pause(ctx, l.o.Pace.Late)
	l.read(ctx, readSaved)
	l.call(ctx, request{label: imagesSaved, method: http.MethodGet, path: []string{"images"}, query: workspace0("name", l.name)})
	return ctx.Err()
}

// hasSaved reports whether a read shows an image that the notebook was saved as.
func (h *history) hasSaved(label, saved string) bool {
	id, path := imageOf(h.of(label))
	_, before := imageOf(h.of(readBeforeSave))
	_, made := imageOf(h.of(saving))
	return id == saved || path != "" && path != before && path == made
}

// imageOf is the ID and the address of the image that an answer shows. The answer
// to a save is the image.
func imageOf(e *exchange) (id, path string) {
	image := bodyOf(e)
	if within, has := e.at("image"); has {
		image = within
	}
	return text(image, "id"), text(image, "swr_path")
}
