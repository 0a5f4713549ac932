package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
)

// The life of storage that is mounted on a running notebook. A mount is told by its
// path and its source: its ID is another one after each time that it is made. See
// design/0027-mounts.md.

// settling is for how long after a start of a notebook the service may still bring
// back by itself what was mounted before, so that a mount that is not listed is not
// yet believed to be missing.
const settling = 10 * time.Second

// Mounts leads the storages that are mounted on one notebook.
type Mounts struct {
	Instance
	// Runs is the memory of the process: which notebooks it has started for a while.
	Runs *Runs
	// Claims knows which mounts are in a state of this process; nil: none is.
	Claims *Creates
}

// PathTakenError means that something else is mounted at a path.
type PathTakenError struct {
	Path string
	// URI is the source of what is mounted there; empty where it is not shown.
	URI string
	// Volume reports that it is a data volume of the notebook.
	Volume bool
	// Claimed reports that it is the same source, which another resource holds.
	Claimed bool
}

// Error says what is mounted at the path.
func (e *PathTakenError) Error() string {
	switch {
	case e.Volume:
		return fmt.Sprintf("the path %s holds a data volume of the notebook (an entry of its data_volumes)", e.Path)
	case e.Claimed:
		return fmt.Sprintf("another resource has mounted the same source at the path %s already", e.Path)
	case e.URI == "":
		return fmt.Sprintf("other storage is mounted at the path %s already", e.Path)
	default:
		return fmt.Sprintf("other storage, %s, is mounted at the path %s already", e.URI, e.Path)
	}
}

// WithSlash ends a path or a source with a slash, the form in which it is sent.
func WithSlash(text string) string {
	if text == "" || strings.HasSuffix(text, "/") {
		return text
	}
	return text + "/"
}

// SourceAsSent is a source as it is sent: a folder of a bucket ends with a slash. The
// share path of a file system is sent as it is.
func SourceAsSent(uri string) string {
	if strings.HasPrefix(strings.ToLower(uri), "obs://") {
		return WithSlash(uri)
	}
	return uri
}

// SameFolder reports whether two paths, or two sources, are the same but for the
// slash at their end.
func SameFolder(a, b string) bool { return WithSlash(a) == WithSlash(b) }

// SameStorageCategory reports whether two categories mean the same: OBS and OBSFS
// do, EFS and SFS do, and case counts for nothing.
func SameStorageCategory(a, b string) bool { return family(a) == family(b) }

func family(category string) string {
	switch upper := strings.ToUpper(category); upper {
	case "OBS":
		return "OBSFS"
	case "SFS", "SFSTURBO", "SFS_TURBO":
		return "EFS"
	default:
		return upper
	}
}

// listMounts lists what is mounted, without what is unmounted already. A list can leave
// anything out: a mount of which it does not show enough is asked for by its ID.
func (i Instance) listMounts(ctx context.Context) ([]modelarts.Storage, error) {
	var all []modelarts.Storage
	err := i.retry(ctx, func(ctx context.Context) (err error) {
		all, err = i.Service.ListDynamicStorages(ctx, i.ID)
		return err
	})
	var list []modelarts.Storage
	for _, st := range all {
		if err == nil {
			err = i.fill(ctx, &st)
		}
		if st.Status.Kind() != modelarts.Gone {
			list = append(list, st)
		}
	}
	return list, err
}

// fill takes what an entry of a list leaves out of a mount from the answer about that mount.
// One that does not exist has the status UNMOUNTED.
func (i Instance) fill(ctx context.Context, st *modelarts.Storage) error {
	if st.ID == "" || st.Status != "" && text(st.MountPath) != "" && text(st.URI) != "" && text(st.Category) != "" {
		return nil
	}
	return i.retry(ctx, func(ctx context.Context) error {
		shown, _, err := Mounts{Instance: i}.showMount(ctx, st.ID)
		if err != nil {
			return err
		}
		if st.Status == "" || shown.Status.Kind() == modelarts.Gone {
			st.Status = shown.Status
		}
		for _, part := range []struct{ listed, shown **string }{
			{&st.Category, &shown.Category}, {&st.MountPath, &shown.MountPath}, {&st.URI, &shown.URI}, {&st.EFSID, &shown.EFSID},
		} {
			if text(*part.listed) == "" {
				*part.listed = *part.shown
			}
		}
		return nil
	})
}

// at finds the mount at a path; nil: there is none.
func at(list []modelarts.Storage, path string) *modelarts.Storage {
	for i := range list {
		if list[i].MountPath != nil && SameFolder(*list[i].MountPath, path) {
			return &list[i]
		}
	}
	return nil
}

// settledMount looks for the mount at a path, and until a time again where there is
// none; nil: there is none.
func (i Instance) settledMount(ctx context.Context, path string, until time.Time) (*modelarts.Storage, error) {
	for {
		list, err := i.listMounts(ctx)
		if there := at(list, path); err != nil || there != nil || !time.Now().Before(until) {
			return there, err
		}
		if err := i.pauseUntil(ctx, until); err != nil {
			return nil, notSettled(path, err)
		}
	}
}

// notSettled is the error of a wait for a mount at a path that the service may bring back by
// itself.
func notSettled(path string, err error) error {
	return fmt.Errorf("the wait for what the service mounts at %s by itself after a start has ended: %w", path, err)
}

// pauseUntil is pause, but no longer than until a time.
func (i Instance) pauseUntil(ctx context.Context, until time.Time) error {
	return sleep(ctx, min(i.PollInterval, time.Until(until)))
}

// Attach begins to mount storage on a notebook that runs, and returns the mount, of
// which the ID is to be kept before anything else is done. What is mounted at the
// path from the same source already is returned as it is; where it has failed, it is
// mounted anew. Another source, or a data volume of the notebook, is a PathTakenError.
//
// The request is sent once. If its answer is lost, the mount is looked for. With Claims,
// of those who ask for the same path at once one has the mount.
func (m Mounts) Attach(ctx context.Context, run *Run, req modelarts.StorageMountRequest) (*modelarts.Storage, error) {
	if m.Claims == nil {
		return m.attachTo(ctx, run, req)
	}
	unlock, err := m.Claims.Lock(ctx, "mount\n"+m.ID+"\n"+WithSlash(req.MountPath))
	if err != nil {
		return nil, err
	}
	defer unlock()
	st, err := m.attachTo(ctx, run, req)
	if err == nil {
		m.Claims.Claim(st.ID)
	}
	return st, err
}

// attachTo takes over what is at a path, or mounts the storage there.
func (m Mounts) attachTo(ctx context.Context, run *Run, req modelarts.StorageMountRequest) (*modelarts.Storage, error) {
	if isVolume(run.Notebook, req.MountPath, nil) {
		list, err := m.listMounts(ctx)
		if err != nil {
			return nil, err
		}
		if there := at(list, req.MountPath); isVolume(run.Notebook, req.MountPath, there) {
			return nil, &PathTakenError{Path: req.MountPath, Volume: true}
		}
	}
	there, err := m.settledMount(ctx, req.MountPath, run.settled)
	if err != nil {
		return nil, err
	}
	if there != nil {
		if kept, err := m.adopt(ctx, there, req); kept != nil || err != nil {
			return kept, err
		}
	}
	return m.attach(ctx, req)
}

// isVolume reports whether a notebook shows a data volume of its own at a path, where mount
// is what is mounted there; nil: nothing. Some services show mounts among the data volumes,
// with the ID of the mount and as DYNAMIC, also after the unmount. The volumes of a notebook
// show no ID, or that of a file system.
func isVolume(nb *modelarts.Notebook, path string, mount *modelarts.Storage) bool {
	if nb == nil {
		return false
	}
	for _, v := range nb.DataVolumes {
		if v.MountPath != nil && SameFolder(*v.MountPath, path) {
			return v.ID == nil || !strings.EqualFold(text(v.MountType), "DYNAMIC") && (mount == nil || *v.ID != mount.ID)
		}
	}
	return false
}

// IsVolume reports whether a notebook has a data volume of its own at a path. It
// asks for the mounts where the notebook alone does not tell.
func (m Mounts) IsVolume(ctx context.Context, nb *modelarts.Notebook, path string) (bool, error) {
	if !isVolume(nb, path, nil) {
		return false, nil
	}
	list, err := m.listMounts(ctx)
	if err != nil {
		return false, err
	}
	return isVolume(nb, path, at(list, path)), nil
}

// adopt takes over a mount that is at the path of a request already. It returns nil
// where the path is free again.
func (m Mounts) adopt(ctx context.Context, there *modelarts.Storage, req modelarts.StorageMountRequest) (*modelarts.Storage, error) {
	switch uri := text(there.URI); {
	case there.URI != nil && !SameFolder(uri, req.URI):
		return nil, &PathTakenError{Path: req.MountPath, URI: uri}
	case m.Claims != nil && m.Claims.Claimed(there.ID):
		return nil, &PathTakenError{Path: req.MountPath, Claimed: true}
	}
	switch {
	case there.Status.Kind() == modelarts.Failed:
		return nil, m.detach(ctx, there.ID, there.Status)
	case there.Status == modelarts.StorageUnmounting:
		return nil, m.awaitUnmounted(ctx, there.ID, "")
	default:
		return there, nil
	}
}

// attach sends the request, and sends it again where the refusal means that nothing has
// happened and that it may be taken later.
func (m Mounts) attach(ctx context.Context, req modelarts.StorageMountRequest) (*modelarts.Storage, error) {
	d, failures := m.doubt(), 0
	for {
		st, lost, err := m.attachOnce(ctx, req)
		switch {
		case err == nil, lost, ctx.Err() != nil:
			return st, err
		case errors.Is(err, modelarts.ErrNotReady), errors.Is(err, modelarts.ErrThrottled):
		case modelarts.Transient(err) && failures < tries:
			failures++
		case errors.Is(err, modelarts.ErrNotRunning), errors.Is(err, modelarts.ErrConflict):
			again, e := m.afterConflict(ctx, &d, err)
			if !again {
				return nil, e
			}
		default:
			return m.afterRefusal(ctx, req, err)
		}
		if e := m.pause(ctx); e != nil {
			return nil, errors.Join(err, e)
		}
	}
}

// afterConflict finds out whether a request that was refused for the status of the
// notebook can be sent again: a busy notebook is waited for, and a refusal is doubted
// for a while where the notebook is shown to run.
func (m Mounts) afterConflict(ctx context.Context, d *doubt, refused error) (again bool, err error) {
	nb, err := m.await(ctx, toShown, "")
	if err == nil && nb.Status.Kind() == modelarts.Pending {
		nb, err = m.await(ctx, toSettled, "")
		*d = m.doubt()
	}
	switch {
	case err != nil:
		return false, errors.Join(refused, err)
	case nb.Status != modelarts.StatusRunning:
		return false, &NotMountableError{ID: m.ID, Status: nb.Status, Err: refused}
	case !d.lasts():
		return false, refused
	default:
		return true, nil
	}
}

// afterRefusal returns the mount at the path of a request that was refused, where it
// is what was asked for. The path may be taken by what the service brings back by
// itself and does not list yet.
func (m Mounts) afterRefusal(ctx context.Context, req modelarts.StorageMountRequest, refused error) (*modelarts.Storage, error) {
	until := time.Now()
	if errors.Is(refused, modelarts.ErrMountPath) {
		until = until.Add(settling)
	}
	there, err := m.settledMount(ctx, req.MountPath, until)
	if err != nil || there == nil {
		return nil, refused
	}
	kept, err := m.adopt(ctx, there, req)
	switch {
	case err != nil:
		return nil, errors.Join(err, refused)
	case kept == nil: // its path is free by now
		st, _, err := m.attachOnce(ctx, req)
		return st, err
	default:
		return kept, nil
	}
}

// attachOnce sends the request once. Where its answer is lost, so that it must not be sent
// again, it looks for the mount.
func (m Mounts) attachOnce(ctx context.Context, req modelarts.StorageMountRequest) (st *modelarts.Storage, lost bool, err error) {
	unbroken, cancel := hold.Unbroken(ctx, afterCancel)
	defer cancel()
	st, err = m.Service.AttachDynamicStorage(unbroken, m.ID, req)
	if !modelarts.Uncertain(err) {
		return st, false, err
	}
	st, err = m.searchMount(ctx, req, hold.SentAt(unbroken), err)
	return st, true, err
}

// searchMount looks for the mount of a request whose answer was lost, for as long as
// the request took, and for staleFor at least.
func (m Mounts) searchMount(ctx context.Context, req modelarts.StorageMountRequest, sent time.Time, lost error) (*modelarts.Storage, error) {
	patience := max(time.Since(sent), staleFor)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterCancel+patience)
	defer cancel()
	d := m.doubt()
	var failed error
	for end := d.began.Add(patience); ; {
		var list []modelarts.Storage
		list, failed = m.listMounts(ctx)
		there := at(list, req.MountPath)
		if there != nil && (there.URI == nil || SameFolder(*there.URI, req.URI)) {
			return there, nil
		}
		if time.Now().After(end) || d.pause(ctx) != nil {
			break
		}
	}
	if failed != nil {
		return nil, fmt.Errorf("the response to the request was lost, so the service may have mounted the storage: %w.\n\nThe search for it failed, too: %w.\n\n"+
			"Apply again: if this source is mounted at the path, the apply adopts it. No second request was sent", lost, failed)
	}
	return nil, fmt.Errorf("the response to the request was lost, and the service does not list the mount: %w.\n\n"+
		"Apply again: if this source is mounted at the path by then, the apply adopts it. No second request was sent", lost)
}

// showMount reads a mount. One that does not exist has the status UNMOUNTED.
func (m Mounts) showMount(ctx context.Context, id string) (*modelarts.Storage, modelarts.StorageStatus, error) {
	st, err := m.Service.ShowDynamicStorage(ctx, m.ID, id)
	switch {
	case errors.Is(err, modelarts.ErrNotFound):
		return &modelarts.Storage{ID: id, Status: modelarts.StorageUnmounted}, modelarts.StorageUnmounted, nil
	case err != nil:
		return nil, "", err
	default:
		return st, st.Status, nil
	}
}

// mountChange is the wait for a change of a mount. from is the status before it.
func (m Mounts) mountChange(id string, from modelarts.StorageStatus, pending, target, failed []modelarts.StorageStatus) wait.Change[*modelarts.Storage, modelarts.StorageStatus] {
	return wait.Change[*modelarts.Storage, modelarts.StorageStatus]{
		Fetch: func(ctx context.Context) (*modelarts.Storage, modelarts.StorageStatus, error) {
			return m.showMount(ctx, id)
		},
		Pending: pending, Target: target, Failed: failed,
		From: from, Grace: staleFor,
		Interval:  func(elapsed time.Duration) time.Duration { return pauseAfter(m.PollInterval, elapsed) },
		Transient: func(err error) bool { return modelarts.Transient(err) || errors.Is(err, modelarts.ErrConflict) },
		HeldBack:  busy,
		Reason: func(st *modelarts.Storage) string {
			if st == nil || st.FailureReason == nil {
				return ""
			}
			return strings.TrimRight(*st.FailureReason, ". ")
		},
	}
}

// AwaitMounted follows a new mount until it is mounted. It returns what was seen
// last, also with an error.
func (m Mounts) AwaitMounted(ctx context.Context, id string) (*modelarts.Storage, error) {
	st, err := m.mountChange(id, modelarts.StorageUnmounted,
		[]modelarts.StorageStatus{modelarts.StorageMounting, modelarts.StorageUnmounting},
		[]modelarts.StorageStatus{modelarts.StorageMounted},
		[]modelarts.StorageStatus{modelarts.StorageMountFailed, modelarts.StorageUnmountFailed, modelarts.StorageUnmounted},
	).Wait(ctx)
	var ended *wait.StatusError
	if errors.As(err, &ended) && ended.Status == string(modelarts.StorageUnmounted) {
		if nb, e := m.Show(ctx); e == nil && nb.Status != modelarts.StatusRunning {
			err = &NotMountableError{ID: m.ID, Status: nb.Status, Err: err}
		}
	}
	return st, err
}

// MountFailed reports whether the error of AwaitMounted says that the mount has
// failed, is gone or has had its time. Any other error says nothing about it.
func MountFailed(err error) bool {
	return errors.As(err, new(*wait.StatusError)) || errors.As(err, new(*NotMountableError)) || errors.Is(err, context.DeadlineExceeded)
}

// detach unmounts a mount of a notebook that runs, and waits until it is gone. was
// is the status that it had.
func (m Mounts) detach(ctx context.Context, id string, was modelarts.StorageStatus) error {
	for d := m.doubt(); ; {
		err := m.retry(ctx, func(ctx context.Context) error { return m.Service.DetachDynamicStorage(ctx, m.ID, id) })
		switch {
		case err == nil, modelarts.Uncertain(err):
			if was != modelarts.StorageUnmountFailed {
				was = ""
			}
			return m.awaitUnmounted(ctx, id, was)
		case errors.Is(err, modelarts.ErrNotFound):
			if !d.lasts() {
				return nil
			}
		case !errors.Is(err, modelarts.ErrConflict) && !errors.Is(err, modelarts.ErrNotRunning):
			return err
		default: // either the notebook or the mount is busy
			if again, e := m.afterConflict(ctx, &d, err); !again {
				return e
			}
		}
		_, status, e := m.showMount(ctx, id)
		if e != nil && !modelarts.Transient(e) {
			return errors.Join(err, e)
		}
		if status == modelarts.StorageUnmounted {
			return nil
		}
		if status.Kind() == modelarts.Pending {
			d = m.doubt()
		}
		if e := m.pause(ctx); e != nil {
			return errors.Join(err, e)
		}
	}
}

// awaitUnmounted waits until a mount is gone. It asks once more then: one answer "no such
// mount" can be wrong, and a mount that is left behind takes the path of the next one.
func (m Mounts) awaitUnmounted(ctx context.Context, id string, from modelarts.StorageStatus) error {
	unmounting := m.mountChange(id, from,
		[]modelarts.StorageStatus{modelarts.StorageMounted, modelarts.StorageMounting, modelarts.StorageUnmounting, modelarts.StorageMountFailed},
		[]modelarts.StorageStatus{modelarts.StorageUnmounted},
		[]modelarts.StorageStatus{modelarts.StorageUnmountFailed},
	)
	for {
		if _, err := unmounting.Wait(ctx); err != nil {
			return err
		}
		if _, again, err := m.showMount(ctx, id); err != nil || again == modelarts.StorageUnmounted {
			return nil //nolint:nilerr // the first answer counts where there is no second
		}
		if err := m.pause(ctx); err != nil {
			return err
		}
	}
}
