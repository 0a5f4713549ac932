package modelarts

import "slices"

// Kind says what a status means to somebody who waits.
type Kind int

const (
	// Pending is left by itself, sooner or later. It is the zero value on
	// purpose: a status that this package does not know is waited for until the
	// caller's deadline instead of being taken for a result.
	Pending Kind = iota
	// Settled stays until somebody does something, or a lease ends.
	Settled
	// Failed is settled too; the object says why in its own words.
	Failed
	// Gone means that the object no longer exists.
	Gone
)

// String names the kind for logs and errors.
func (k Kind) String() string {
	switch k {
	case Settled:
		return "settled"
	case Failed:
		return "failed"
	case Gone:
		return "gone"
	default:
		return "pending"
	}
}

// Status is the state of a notebook instance.
type Status string

// The statuses of a notebook instance. The service can gain more.
const (
	StatusInit         Status = "INIT"
	StatusCreating     Status = "CREATING"
	StatusCreateFailed Status = "CREATE_FAILED"
	StatusStarting     Status = "STARTING"
	StatusStartFailed  Status = "START_FAILED"
	StatusRunning      Status = "RUNNING"
	StatusSnapshotting Status = "SNAPSHOTTING" // an image is being saved
	StatusStopping     Status = "STOPPING"
	StatusStopped      Status = "STOPPED"
	StatusDeleting     Status = "DELETING"
	StatusDeleteFailed Status = "DELETE_FAILED"
	StatusDeleted      Status = "DELETED"
	StatusError        Status = "ERROR"
	StatusFrozen       Status = "FROZEN" // the account is in arrears or restricted
)

// Refuses reports whether the service refuses, as far as is known, all changes and
// starts of a notebook in the status, until somebody has mended what is behind it.
func (s Status) Refuses() bool { return s.Kind() == Failed || s == StatusFrozen }

// ImageStatus is the state of an image.
type ImageStatus string

// The statuses of an image.
const (
	ImageInit         ImageStatus = "INIT"
	ImageCreating     ImageStatus = "CREATING"
	ImageCreateFailed ImageStatus = "CREATE_FAILED"
	ImageActive       ImageStatus = "ACTIVE"
	ImageError        ImageStatus = "ERROR"
	ImageDeleted      ImageStatus = "DELETED"
)

// StorageStatus is the state of storage that is mounted on an instance.
type StorageStatus string

// The statuses of mounted storage.
const (
	StorageMounting      StorageStatus = "MOUNTING"
	StorageMounted       StorageStatus = "MOUNTED"
	StorageMountFailed   StorageStatus = "MOUNT_FAILED"
	StorageUnmounting    StorageStatus = "UNMOUNTING"
	StorageUnmounted     StorageStatus = "UNMOUNTED"
	StorageUnmountFailed StorageStatus = "UNMOUNT_FAILED"
)

// kinds holds every status that has a meaning. One table serves instances,
// images and mounts: no word means two things in it.
var kinds = map[string]Kind{
	"INIT":         Pending,
	"CREATING":     Pending,
	"STARTING":     Pending,
	"STOPPING":     Pending,
	"SNAPSHOTTING": Pending,
	"DELETING":     Pending,
	"MOUNTING":     Pending,
	"UNMOUNTING":   Pending,

	"RUNNING": Settled,
	"STOPPED": Settled,
	"FROZEN":  Settled,
	"ACTIVE":  Settled,
	"MOUNTED": Settled,

	"CREATE_FAILED":  Failed,
	"START_FAILED":   Failed,
	"DELETE_FAILED":  Failed,
	"ERROR":          Failed,
	"MOUNT_FAILED":   Failed,
	"UNMOUNT_FAILED": Failed,

	"DELETED":   Gone,
	"UNMOUNTED": Gone,
}

// rests has the status to which a pending one is left by itself if nothing fails. It has no
// entry for DELETING, nor for a status that is not known.
var rests = map[Status]Status{
	StatusInit:         StatusRunning,
	StatusCreating:     StatusRunning,
	StatusStarting:     StatusRunning,
	StatusSnapshotting: StatusRunning,
	StatusStopping:     StatusStopped,
}

// Rest is the status in which a notebook in a pending status comes to rest if nothing
// fails; empty where that is not known, and for a status that is not pending.
func (s Status) Rest() Status { return rests[s] }

// Creating reports whether the notebook is still being created.
func (s Status) Creating() bool { return s == StatusInit || s == StatusCreating }

// Kind says what the status means; an unknown one is Pending.
func (s Status) Kind() Kind { return kinds[string(s)] }

// Kind says what the status means; an unknown one is Pending.
func (s ImageStatus) Kind() Kind { return kinds[string(s)] }

// Kind says what the status means; an unknown one is Pending.
func (s StorageStatus) Kind() Kind { return kinds[string(s)] }

// VolumeStatus is the state of an instance's main volume.
type VolumeStatus string

// VolumeResizing is the status of a volume that grows. The instance keeps
// working meanwhile.
const VolumeResizing VolumeStatus = "RESIZING"

var pendingVolumes = []VolumeStatus{VolumeResizing, "INITIALIZING", "DELETING"}

// Pending says whether the volume is still being changed. Unlike the other
// statuses an unknown one is not pending: most answers have no volume status at
// all, and nothing but a change is worth waiting for.
func (s VolumeStatus) Pending() bool { return slices.Contains(pendingVolumes, s) }
