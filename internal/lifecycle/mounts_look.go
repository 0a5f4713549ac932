package lifecycle

import (
	"context"
	"errors"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Known is what is known of a mount.
type Known struct {
	ID string
	// Path and URI are where it is mounted, and its source; empty: not known, as in
	// an import.
	Path, URI string
}

// Sight is what a look at a mount came to.
type Sight struct {
	// Shown is the mount; nil: the service does not show it. Its ID is another one
	// where it was mounted again.
	Shown *modelarts.Storage
	// Gone reports that it does not exist. Where it is false and nothing is shown, the
	// notebook does not run, and what is known of the mount counts.
	Gone bool
	// NotebookGone reports that the notebook does not exist.
	NotebookGone bool
	// TakenBy is the source of what is mounted at its path in its place, if anything is.
	TakenBy string
}

// Look looks at a mount. It is gone where the notebook runs and the list of mounts
// has been without it for a while: a mount comes and goes with the power state of the
// notebook, and after a start some services bring it back by themselves.
func (m Mounts) Look(ctx context.Context, known Known) (Sight, error) {
	var st *modelarts.Storage
	err := m.retry(ctx, func(ctx context.Context) (err error) {
		st, _, err = m.showMount(ctx, known.ID)
		return err
	})
	switch {
	case notNow(err):
		return Sight{}, nil
	case err != nil:
		return Sight{}, err
	case st.Status.Kind() != modelarts.Gone:
		return Sight{Shown: st}, nil
	}
	for until := time.Now().Add(settling); ; {
		sight, settled, err := m.lookOnce(ctx, known)
		if settled || err != nil || sight.Shown != nil || !sight.Gone || known.Path == "" || !time.Now().Before(until) {
			return sight, err
		}
		if err := m.pauseUntil(ctx, until); err != nil {
			return Sight{}, notSettled(known.Path, err)
		}
	}
}

// Mounted lists what is mounted on a notebook, without its data volumes, which some
// services list too. It is false where the service does not say for the state of the
// notebook. The error is ErrNotFound where the notebook does not exist.
func (m Mounts) Mounted(ctx context.Context, nb *modelarts.Notebook) (mounted []modelarts.Storage, known bool, err error) {
	list, err := m.listMounts(ctx)
	if notNow(err) {
		return nil, false, nil
	}
	for _, st := range list {
		if st.MountPath == nil || !isVolume(nb, *st.MountPath, &st) {
			mounted = append(mounted, st)
		}
	}
	return mounted, err == nil, err
}

// notNow reports whether the service refuses a look at a mount for the state of the
// notebook.
func notNow(err error) bool {
	return errors.Is(err, modelarts.ErrWrongState) || errors.Is(err, modelarts.ErrConflict) || errors.Is(err, modelarts.ErrNotRunning)
}

// lookOnce looks for a mount that has another ID than is known, or is gone.
func (m Mounts) lookOnce(ctx context.Context, known Known) (sight Sight, settled bool, err error) {
	nb, err := m.Show(ctx)
	if err == nil && nb.Status == modelarts.StatusDeleted {
		if err := m.pause(ctx); err != nil {
			return Sight{}, false, err
		}
		nb, err = m.Show(ctx)
	}
	switch {
	case errors.Is(err, modelarts.ErrConflict):
		return Sight{}, true, nil
	case err != nil:
		return Sight{}, false, err
	case nb.Status == modelarts.StatusDeleted:
		return Sight{Gone: true, NotebookGone: true}, true, nil
	case nb.Status != modelarts.StatusRunning:
		return Sight{}, true, nil
	}
	list, err := m.listMounts(ctx)
	there := at(list, known.Path)
	switch {
	case notNow(err):
		return Sight{}, true, nil
	case err != nil:
		return Sight{}, false, err
	case there == nil || known.Path == "":
		return Sight{Gone: true}, false, nil
	case there.URI != nil && !SameFolder(*there.URI, known.URI):
		return Sight{Gone: true, TakenBy: *there.URI}, true, nil
	default:
		return Sight{Shown: there}, true, nil
	}
}

// Left is what an unmount has left behind.
type Left struct {
	// MayComeBack is the status of the notebook where it does not run, so that
	// nothing was unmounted, and the service lists the mount as unmounted already: it
	// may mount it again at the next start. Otherwise it is empty.
	MayComeBack modelarts.Status
	// StillRunning is why the notebook, which was started for this, could not be
	// stopped again; nil: it was, or was not started.
	StillRunning error
}

// Remove unmounts storage and waits until it is gone. A notebook that does not run
// is started for that where it is allowed. Otherwise, what the service does not list,
// or lists as unmounted, is gone; a NotMountableError says that it may be there still.
// The mounts of a notebook that does not exist are gone.
func (m Mounts) Remove(ctx context.Context, known Known, start bool) (left Left, err error) {
	run, err := m.Begin(ctx, start)
	var off *NotMountableError
	switch {
	case errors.Is(err, ErrNoNotebook):
		return Left{}, nil
	case errors.As(err, &off):
		return m.goneWhileOff(ctx, known, off)
	case err != nil && run.hopeless(err):
		left, e := m.goneWhileOff(ctx, known, &NotMountableError{ID: m.ID, Status: run.Notebook.Status})
		if e != nil {
			return Left{}, err
		}
		left.MayComeBack = run.Notebook.Status
		return left, nil
	case err != nil:
		return Left{}, err
	}
	defer func() { left.StillRunning = run.End(ctx) }()
	var st *modelarts.Storage
	err = m.retry(ctx, func(ctx context.Context) (err error) {
		st, _, err = m.showMount(ctx, known.ID)
		return err
	})
	if err == nil && st.Status == modelarts.StorageUnmounted {
		// It may have been mounted again under another ID, or be on its way.
		until := run.settled
		if soon := time.Now().Add(m.PollInterval); until.Before(soon) {
			until = soon
		}
		st, err = m.settledMount(ctx, known.Path, until)
		if st != nil && (st.URI != nil && !SameFolder(*st.URI, known.URI) || isVolume(run.Notebook, known.Path, st)) {
			st = nil
		}
	}
	if err != nil || st == nil {
		return Left{}, err
	}
	err = m.detach(ctx, st.ID, st.Status)
	if errors.As(err, &off) && !start {
		return m.goneWhileOff(ctx, known, off)
	}
	return Left{}, err
}

// goneWhileOff finds out whether a mount is gone while the notebook does not run.
func (m Mounts) goneWhileOff(ctx context.Context, known Known, off *NotMountableError) (Left, error) {
	var all []modelarts.Storage
	err := m.retry(ctx, func(ctx context.Context) (err error) {
		all, err = m.Service.ListDynamicStorages(ctx, m.ID)
		return err
	})
	if errors.Is(err, modelarts.ErrNotFound) { // one such answer can be wrong
		if nb, e := m.Show(ctx); e == nil && nb.Status == modelarts.StatusDeleted {
			return Left{}, nil
		}
	}
	switch there := at(all, known.Path); {
	case err != nil:
		return Left{}, errors.Join(off, err)
	case there == nil || there.URI != nil && !SameFolder(*there.URI, known.URI):
		return Left{}, nil
	case there.Status.Kind() == modelarts.Gone:
		return Left{MayComeBack: off.Status}, nil
	default:
		return Left{}, off
	}
}
