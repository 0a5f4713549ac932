package lifecycle

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// mountOptions are the open questions of the contract about mounts, and their times.
type mountOptions struct {
	mount          time.Duration // that a mount or an unmount takes
	kept           bool          // a stop leaves mounts listed, as UNMOUNTED, and the start mounts them
	remounted      time.Duration // mounts are back so long after a start; zero: a stop drops them
	listRunning    bool          // the list is refused while the notebook does not run
	unmountedStays bool
	not6958        bool   // the refusal while it does not run is 6327
	volumesListed  bool   // data volumes are in the list of mounts
	mountFails     string // the reason for which the next mounts fail
	unmountFails   string // the same of unmounts
}

// mount is storage that is mounted on a notebook of the fake.
type mount struct {
	modelarts.Storage
	next   modelarts.StorageStatus
	at     time.Time
	reason string
}

// add puts a mount on a notebook.
func (f *fake) addMount(n *notebook, id, path, uri string, status modelarts.StorageStatus) *mount {
	m := &mount{Storage: modelarts.Storage{ID: id, Category: new("OBSFS"), MountPath: new(path), URI: new(uri), Status: status}}
	n.mounts = append(n.mounts, m)
	return m
}

func (m *mount) becomes(status modelarts.StorageStatus, after time.Duration, reason string) {
	m.next, m.at, m.reason = status, time.Now().Add(after), reason
}

func (f *fake) advanceMounts(n *notebook) {
	now := time.Now()
	if len(n.away) > 0 && n.Status == running && !n.back.IsZero() && !now.Before(n.back) {
		for _, m := range n.away {
			m.Status = modelarts.StorageMounting
			m.becomes(modelarts.StorageMounted, f.mount, "")
		}
		n.mounts, n.away = append(n.mounts, n.away...), nil
	}
	for _, m := range n.mounts {
		if m.next != "" && !now.Before(m.at) {
			m.Status, m.next, m.FailureReason = m.next, "", nil
			if m.reason != "" {
				m.FailureReason = new(m.reason)
			}
		}
	}
	n.mounts = slices.DeleteFunc(n.mounts, func(m *mount) bool {
		return m.Status == modelarts.StorageUnmounted && !f.unmountedStays && !f.kept
	})
}

func (f *fake) unmountAll(n *notebook) {
	switch {
	case f.kept:
		for _, m := range n.mounts {
			m.Status, m.next = modelarts.StorageUnmounted, ""
		}
	case f.remounted > 0:
		n.away, n.mounts, n.back = append(n.away, n.mounts...), nil, time.Time{}
	default:
		n.mounts = nil
	}
}

// remount is what the end of a start does.
func (f *fake) remount(n *notebook) {
	n.back = time.Now().Add(f.remounted)
	for _, m := range n.mounts {
		m.Status = modelarts.StorageMounted
	}
}

func (f *fake) notRunningForMount(op string) error {
	if f.not6958 {
		return refusal(op, "6327")
	}
	return refusal(op, "6958")
}

func (f *fake) ListDynamicStorages(ctx context.Context, id string) (list []modelarts.Storage, err error) {
	err = f.do(ctx, "ListDynamicStorages", id, "", func(n *notebook, _ time.Duration) error {
		switch {
		case n == nil || n.Status == deleted:
			return refusal("ListDynamicStorages", "6309")
		case n.Status != running && f.listRunning:
			return f.notRunningForMount("ListDynamicStorages")
		}
		for _, m := range n.mounts {
			list = append(list, m.Storage)
		}
		if f.volumesListed {
			for i, v := range n.DataVolumes {
				list = append(list, modelarts.Storage{ID: fmt.Sprint("volume ", i), Category: v.Category, MountPath: v.MountPath, URI: v.URI, Status: modelarts.StorageMounted})
			}
		}
		return nil
	})
	return list, err
}

func (f *fake) AttachDynamicStorage(ctx context.Context, id string, req modelarts.StorageMountRequest) (made *modelarts.Storage, err error) {
	const op = "AttachDynamicStorage"
	err = f.write(ctx, op, id, "mount "+req.URI+" "+req.MountPath, func(n *notebook) error {
		f.advanceMounts(n)
		taken := func(m *mount) bool {
			return SameFolder(*m.MountPath, req.MountPath) && m.Status != modelarts.StorageUnmounted
		}
		holds := func(v modelarts.DataVolumeRes) bool {
			return SameFolder(*v.MountPath, req.MountPath) && !strings.EqualFold(text(v.MountType), "DYNAMIC")
		}
		switch {
		case !strings.HasSuffix(req.MountPath, "/") || !strings.HasPrefix(req.MountPath, "/data/"):
			return refusal(op, "6785")
		case strings.HasPrefix(req.URI, "obs://objects/"):
			return refusal(op, "6772")
		case n.Status != running:
			return f.notRunningForMount(op)
		case slices.ContainsFunc(n.mounts, taken), slices.ContainsFunc(n.away, taken), slices.ContainsFunc(n.DataVolumes, holds):
			return refusal(op, "6927")
		}
		f.made++
		m := f.addMount(n, fmt.Sprint("mount ", f.made), req.MountPath, req.URI, modelarts.StorageMounting)
		m.Category = new(cmp.Or(map[string]string{"OBS": "OBSFS"}[req.Category], req.Category))
		m.becomes(modelarts.StorageMounted, f.mount, "")
		if f.mountFails != "" {
			m.becomes(modelarts.StorageMountFailed, f.mount, f.mountFails)
		}
		shown := m.Storage
		made = &shown
		return nil
	})
	return made, err
}

func (f *fake) ShowDynamicStorage(ctx context.Context, id, storage string) (shown *modelarts.Storage, err error) {
	err = f.do(ctx, "ShowDynamicStorage", id, "", func(n *notebook, _ time.Duration) error {
		if n != nil && n.Status != deleted {
			for _, m := range n.mounts {
				if m.ID == storage && m.Status != modelarts.StorageUnmounted {
					copied := m.Storage
					shown = &copied
					return nil
				}
			}
		}
		return refusal("ShowDynamicStorage", "6404")
	})
	return shown, err
}

func (f *fake) DetachDynamicStorage(ctx context.Context, id, storage string) error {
	const op = "DetachDynamicStorage"
	return f.write(ctx, op, id, "unmount "+storage, func(n *notebook) error {
		f.advanceMounts(n)
		for _, m := range n.mounts {
			if m.ID != storage || m.Status == modelarts.StorageUnmounted {
				continue
			}
			switch {
			case n.Status != running:
				return f.notRunningForMount(op)
			case m.Status.Kind() == modelarts.Pending:
				return refusal(op, "6357")
			}
			m.Status = modelarts.StorageUnmounting
			m.becomes(modelarts.StorageUnmounted, f.mount, "")
			if f.unmountFails != "" {
				m.becomes(modelarts.StorageUnmountFailed, f.mount, f.unmountFails)
			}
			return nil
		}
		return refusal(op, "6404")
	})
}

// mounted are the mounts of the fake's notebook, as PATH URI ID STATUS.
func (f *fake) mounted() (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.find("n")
	if n == nil {
		return nil
	}
	for _, m := range n.mounts {
		all = append(all, fmt.Sprintf("%s %s %s %s", *m.MountPath, *m.URI, m.ID, m.Status))
	}
	return all
}
