package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// remounting is how long an update may take to mount again what its restart has
// dropped. What is left then is for the next apply.
const remounting = 5 * time.Minute

// Mounted lists what is mounted on a running notebook and is to be there again after
// a restart. Data volumes, which some services list with the mounts, come back by
// themselves and are left out.
func (i Instance) Mounted(ctx context.Context, nb *modelarts.Notebook) ([]modelarts.Storage, error) {
	list, err := i.listMounts(ctx)
	var mounted []modelarts.Storage
	for k := range list {
		st := &list[k]
		there := st.Status == modelarts.StorageMounted || st.Status == modelarts.StorageMounting
		if there && !isVolume(nb, text(st.MountPath), st) {
			mounted = append(mounted, *st)
		}
	}
	return mounted, err
}

// MountAgain mounts what a restart has dropped. It first waits for what the service
// brings back by itself. was is what Mounted has returned before the stop. The error
// names each mount that is not there again.
func (i Instance) MountAgain(ctx context.Context, was []modelarts.Storage) error {
	if len(was) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, remounting)
	defer cancel()
	m := Mounts{Instance: i, Runs: new(Runs)}
	missing, begun, err := m.comeBack(ctx, was)
	if err != nil {
		return fmt.Errorf("%s: %w", paths(was), err)
	}
	var failed []error
	run := &Run{m: m}
	for k := range missing {
		st := &missing[k]
		req := modelarts.StorageMountRequest{Category: "OBSFS", MountPath: WithSlash(text(st.MountPath)), URI: SourceAsSent(text(st.URI)), EFSID: st.EFSID}
		if text(st.Category) != "" {
			req.Category = *st.Category
		}
		if text(st.URI) == "" || text(st.MountPath) == "" {
			failed = append(failed, unshown(st))
			continue
		}
		made, err := m.Attach(ctx, run, req)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", text(st.MountPath), err))
			continue
		}
		begun = append(begun, mounting{made.ID, text(st.MountPath)})
	}
	for _, made := range begun {
		if _, err := m.AwaitMounted(ctx, made.id); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", made.path, err))
		}
	}
	return errors.Join(failed...)
}

// unshown is the error of a mount of which no answer shows where it is mounted, or its
// source.
func unshown(st *modelarts.Storage) error {
	if text(st.MountPath) == "" {
		return fmt.Errorf("the mount %s: the service does not show its path", st.ID)
	}
	return fmt.Errorf("%s: the service does not show its source", text(st.MountPath))
}

// mounting is a mount that is on its way.
type mounting struct{ id, path string }

// comeBack waits until the mounts are listed that a start brings back by itself. It returns
// those that are not, or that failed, and those that are still on their way.
func (m Mounts) comeBack(ctx context.Context, was []modelarts.Storage) (missing []modelarts.Storage, coming []mounting, err error) {
	for until := time.Now().Add(settling); ; {
		list, err := m.listMounts(ctx)
		if err != nil {
			return nil, nil, err
		}
		missing, coming = nil, nil
		for k := range was {
			path := text(was[k].MountPath)
			switch there := at(list, path); {
			case there == nil || there.Status.Kind() == modelarts.Failed:
				missing = append(missing, was[k])
			case there.Status != modelarts.StorageMounted:
				coming = append(coming, mounting{there.ID, path})
			}
		}
		if len(missing) == 0 || !time.Now().Before(until) {
			return missing, coming, nil
		}
		if err := m.pauseUntil(ctx, until); err != nil {
			return nil, nil, err
		}
	}
}

// paths names mounts by their paths. Their sources are not shown: they may be
// sensitive where they are configured.
func paths(all []modelarts.Storage) string {
	var names []string
	for _, st := range all {
		names = append(names, text(st.MountPath))
	}
	return strings.Join(names, ", ")
}

// noteMounts notes what is mounted, before a stop after which the notebook is to run
// again. That it cannot be listed keeps nothing from being stopped: a mount holds no
// data of its own.
func (u *update) noteMounts(ctx context.Context) {
	if len(u.mounts) == 0 {
		u.mounts, u.mountsErr = u.Mounted(ctx, u.before)
	}
}

// mountAgain mounts what the update's own restart has dropped.
func (u *update) mountAgain(ctx context.Context) error {
	switch {
	case !u.runs() || !u.started || u.hasty:
		return nil
	case u.mountsErr != nil:
		return fmt.Errorf("what was mounted before the stop could not be listed: %w", u.mountsErr)
	}
	return u.MountAgain(ctx, u.mounts)
}
