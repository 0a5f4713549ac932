package settings

import (
	"slices"
	"sync"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Foreseen is what the plans of the notebooks of a run have come to, for the plans of
// what depends on them: the service shows a notebook as it is, and not as it will be
// when its own changes are made. Terraform plans a notebook before what refers to it.
// The zero value is ready, and safe for concurrent use. See design/0027-mounts.md.
type Foreseen struct {
	mu  sync.Mutex
	all map[string]foreseen // by the ID of the notebook
}

type foreseen struct {
	status  modelarts.Status
	unsure  bool // of the status
	volumes []string
	known   bool // the data volumes
}

// NoteStatus notes the status that the plan of a notebook changes it to; empty: it stays
// as it is. unsure reports that it may change to one that is not known yet.
func (f *Foreseen) NoteStatus(id string, status modelarts.Status, unsure bool) {
	f.change(id, func(seen *foreseen) { seen.status, seen.unsure = status, unsure })
}

// NoteVolumes notes the mount paths of all data volumes of a notebook, before its plan
// and after it.
func (f *Foreseen) NoteVolumes(id string, paths []string) {
	f.change(id, func(seen *foreseen) { seen.volumes, seen.known = slices.Clone(paths), true })
}

func (f *Foreseen) change(id string, set func(*foreseen)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil {
		f.all = make(map[string]foreseen)
	}
	seen := f.all[id]
	set(&seen)
	f.all[id] = seen
}

// StatusOf is the status that the plan of a notebook changes it to; empty: it stays as
// it is, or this run has not planned it.
func (f *Foreseen) StatusOf(id string) modelarts.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all[id].status
}

// UnsureOf reports whether the plan of a notebook may change its status to one that is
// not known yet.
func (f *Foreseen) UnsureOf(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.all[id].unsure
}

// VolumesOf are the mount paths of the data volumes of a notebook. They are not known
// where this run has not planned it.
func (f *Foreseen) VolumesOf(id string) (paths []string, known bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := f.all[id]
	return slices.Clone(seen.volumes), seen.known
}
