package simulator

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	categoryEVS   = "EVS"
	categoryEFS   = "EFS"
	categoryOBS   = "OBS"
	categoryOBSFS = "OBSFS"

	statusMounting  = "MOUNTING"
	statusMounted   = "MOUNTED"
	statusUnmounted = "UNMOUNTED"

	ownershipManaged   = "MANAGED"
	ownershipDedicated = "DEDICATED"

	// evsMaxSize is the size of the largest EVS volume of any flavor in GB.
	evsMaxSize     = 4096
	minCapacity    = 5
	evsDefaultSize = 5
	efsDefaultSize = 50

	// maxDataVolumes is how many data volumes a request can name.
	maxDataVolumes = 30

	// maxMounts is how many mounts a notebook can have.
	maxMounts = 10
)

var (
	bucketPath = regexp.MustCompile(`^obs://([^/\s]+)(/.*)?$`)
	dataPath   = regexp.MustCompile(`^(/[A-Za-z0-9_-]+)+/?$`)
	secretName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// readVolume reads the fields that all storage has.
func readVolume(r *reader, ownership string) Volume {
	v := Volume{
		Category:      r.enum("category", "", categoryEVS, categoryEFS, categoryOBS, categoryOBSFS),
		Ownership:     r.enum("ownership", ownership, ownershipManaged, ownershipDedicated),
		URI:           r.textOr("uri", ""),
		ID:            r.textOr("id", ""),
		MountPath:     r.textOr("mount_path", ""),
		ReadOnly:      r.truth("read_only"),
		DEWSecretName: r.textOr("dew_secret_name", ""),
	}
	if v.Ownership == "" {
		v.Ownership = ownershipManaged
		if v.Category == categoryOBS || v.Category == categoryOBSFS {
			v.Ownership = ownershipDedicated
		}
	}
	set(&v.Capacity, r.integer("capacity"))
	if len(v.URI) > 1024 {
		r.wrongValue("uri", "it is longer than 1024 characters")
	}
	if len(v.MountPath) > 256 {
		r.wrongValue("mount_path", "it is longer than 256 characters")
	}
	if v.DEWSecretName != "" && !secretName.MatchString(v.DEWSecretName) {
		r.wrongValue("dew_secret_name", "it does not match "+secretName.String())
	}
	return v
}

// checkMainVolume holds the storage table against a notebook's main volume
// and fills in its size. maxSize is that of the flavor.
func (s *Simulator) checkMainVolume(r *reader, v *Volume, maxSize int64, poolID string) {
	// The main volume has one place, whatever was asked for.
	v.MountPath = ""
	s.checkVolume(r, v, maxSize, poolID)
	secret := v.Category == categoryOBS || v.Category == categoryOBSFS && !s.isB("volume-secret-obs-only")
	if secret && v.DEWSecretName == "" {
		r.fail(refusal("ModelArts.6967", ""))
	}
}

// checkDataVolume does the same for one of the further volumes.
func (s *Simulator) checkDataVolume(r *reader, v *Volume, maxSize int64, poolID string) {
	if v.MountPath == "" {
		r.fail(refusal("ModelArts.6927", ""))
	} else if !dataPath.MatchString(v.MountPath) || samePath(v.MountPath, mainMountPath) || samePath(v.MountPath, "/cache") {
		r.fail(refusal("ModelArts.6927", "The mount path must be absolute, hold letters, digits, - and _, and be none of the instance's own."))
	}
	s.checkVolume(r, v, maxSize, poolID)
}

func (s *Simulator) checkVolume(r *reader, v *Volume, maxSize int64, poolID string) {
	if v.Ownership == ownershipDedicated && poolID == "" && s.isB("volume-needs-pool") {
		r.fail(refusal("ModelArts.6702", "The storage needs a dedicated resource pool."))
	}
	switch v.Category + " " + v.Ownership {
	case "EVS MANAGED":
		if s.isB("volume-evs-size-required") {
			r.require("capacity")
		}
		v.Capacity = checkCapacity(r, v.Capacity, evsDefaultSize, maxSize)
	case "EFS MANAGED":
		v.Capacity = checkCapacity(r, v.Capacity, efsDefaultSize, evsMaxSize)
	case "EFS DEDICATED":
		r.require("uri", "id")
		if v.ID != "" && uuid.Validate(v.ID) != nil {
			r.wrongValue("id", "it is not a UUID")
		}
		v.Capacity = 0
	case "OBS DEDICATED", "OBSFS DEDICATED":
		r.require("uri")
		if v.URI != "" && !bucketPath.MatchString(v.URI) {
			r.wrongValue("uri", "it is not obs://bucket/path/")
		}
		v.Capacity = 0
	default:
		r.fail(refusal("ModelArts.6702", fmt.Sprintf("The storage category %s does not support the ownership %s.", v.Category, v.Ownership)))
	}
}

func checkCapacity(r *reader, size, absent, maxSize int64) int64 {
	if !r.has("capacity") {
		return absent
	}
	if size < minCapacity || size > maxSize {
		r.fail(refusal("ModelArts.6331", fmt.Sprintf("The disk size must be from %d to %d GB.", minCapacity, maxSize)))
	}
	return size
}

// readDataVolumes reads the further volumes of a notebook.
func (s *Simulator) readDataVolumes(body *reader, maxSize int64, poolID string) []Volume {
	var volumes []Volume
	if len(body.objects("data_volumes")) > maxDataVolumes {
		body.wrongValue("data_volumes", fmt.Sprintf("there are more than %d", maxDataVolumes))
	}
	for _, r := range body.objects("data_volumes") {
		r.require("category", "ownership")
		v := readVolume(r, "")
		if body.failure() == nil {
			s.checkDataVolume(r, &v, maxSize, poolID)
		}
		if slices.ContainsFunc(volumes, func(other Volume) bool { return samePath(other.MountPath, v.MountPath) }) {
			r.fail(refusal("ModelArts.6927", "The mount path is used twice."))
		}
		volumes = append(volumes, v)
	}
	return volumes
}

func samePath(a, b string) bool { return path.Clean(a) == path.Clean(b) }

// storageAnswer is a mount, as the service returns it.
type storageAnswer struct {
	ID            string `json:"id"`
	Category      string `json:"category"`
	MountPath     string `json:"mount_path"`
	URI           string `json:"uri"`
	EFSID         string `json:"efs_id,omitempty"`
	MountType     string `json:"mount_type"`
	Status        string `json:"status,omitempty"`
	FailureReason string `json:"failure_reason,omitempty"`
}

func (s *Simulator) shownStorage(st Storage) storageAnswer {
	return storageAnswer{
		ID: st.ID, Category: st.Category, MountPath: s.respelled(st.MountPath), URI: s.respelled(st.URI), EFSID: st.EFSID,
		MountType: "DYNAMIC", Status: st.Status, FailureReason: st.FailureReason,
	}
}

// respelled is a path or a source, as answers spell it.
func (s *Simulator) respelled(text string) string {
	if text == "" || !s.isB("volume-uri-slash") {
		return text
	}
	if shorter, had := strings.CutSuffix(text, "/"); had {
		return shorter
	}
	return text + "/"
}

// finishMount ends what is going on with a mount.
func (s *Simulator) finishMount(n *notebook, at int) {
	n.Storages = slices.Clone(n.Storages)
	st := &n.Storages[at]
	if st.phase.to == statusUnmounted && !s.isB("mount-unmounted-stays") {
		n.Storages = slices.Delete(n.Storages, at, at+1)
		return
	}
	st.Status, st.FailureReason = st.phase.to, st.phase.reason
	st.phase = nil
}

func (s *Simulator) listDynamicStorages(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	if n.Status != statusRunning && s.isB("mount-list-running") {
		return nil, s.notRunningForMount(n)
	}
	list := []storageAnswer{}
	for _, st := range n.Storages {
		list = append(list, s.shownStorage(st))
	}
	list = append(list, s.volumesAsStorages(n)...)
	numbers, rest, p := paginate(c.query, list, 0)
	if p != nil {
		return nil, p
	}
	return ok(struct {
		page
		Data []storageAnswer `json:"data"`
	}{numbers, rest}), nil
}

// findStorage finds the mount of a request's path.
func (s *Simulator) findStorage(c *call) (*notebook, int, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, 0, p
	}
	at := slices.IndexFunc(n.Storages, func(st Storage) bool { return st.ID == c.path["storage_id"] })
	if at < 0 {
		return n, 0, refusal("ModelArts.6404", "The storage does not exist.")
	}
	return n, at, nil
}

func (s *Simulator) showDynamicStorage(c *call) (*answer, *problem) {
	n, at, p := s.findStorage(c)
	if n != nil && p != nil {
		for _, st := range s.volumesAsStorages(n) {
			if st.ID == c.path["storage_id"] {
				return ok(st), nil
			}
		}
	}
	if p != nil {
		return nil, p
	}
	return ok(s.shownStorage(n.Storages[at])), nil
}

// volumesAsStorages are the OBSFS data volumes in the form of mounts, where the
// list of mounts holds them.
func (s *Simulator) volumesAsStorages(n *notebook) []storageAnswer {
	if !s.isB("data-in-mounts") {
		return nil
	}
	var list []storageAnswer
	for i, shown := range s.dataVolumes(n) {
		if i >= len(n.DataVolumes) || shown.Category != categoryOBSFS {
			continue
		}
		list = append(list, storageAnswer{
			ID:       uuid.NewSHA1(uuid.NameSpaceURL, []byte(n.ID+n.DataVolumes[i].MountPath)).String(),
			Category: shown.Category, MountPath: shown.MountPath, URI: s.respelled(n.DataVolumes[i].URI),
			MountType: shown.MountType, Status: n.mountStatus(n.DataVolumes[i]), // each entry of that list has one
		})
	}
	return list
}

// notRunningForMount is why a mount is refused while the notebook does not run.
func (s *Simulator) notRunningForMount(n *notebook) *problem {
	if n.Status == statusFrozen || s.isB("mount-6327") {
		return s.notRunning(n)
	}
	return refusal("ModelArts.6958", "")
}

func (s *Simulator) attachDynamicStorage(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	body.require("category", "mount_path", "uri")
	st := Storage{
		ID:        uuid.NewString(),
		Category:  body.exactEnum("category", "", categoryOBS, categoryOBSFS, categoryEFS),
		MountPath: body.textOr("mount_path", ""),
		URI:       body.textOr("uri", ""),
		EFSID:     body.textOr("efs_id", ""),
		Status:    statusMounting,
	}
	if body.failure() == nil {
		s.checkMount(n, body, st)
	}
	if p := body.failure(); p != nil {
		return nil, p
	}
	if n.Status != statusRunning {
		return nil, s.notRunningForMount(n)
	}
	if st.Category == categoryOBS {
		st.Category = categoryOBSFS
	}
	n.Storages = slices.DeleteFunc(slices.Clone(n.Storages), func(other Storage) bool {
		return other.Status == statusUnmounted && samePath(other.MountPath, st.MountPath)
	})
	st.phase = newPhase(c.now, s.lasts(s.options.MountTime), statusMounted).failing(c.life, "MOUNT_FAILED", "Failed to mount the storage.")
	n.Storages = append(slices.Clone(n.Storages), st)
	n.touch(c.now)
	return ok(s.shownStorage(st)), nil
}

// checkMount checks a mount that is asked for.
func (s *Simulator) checkMount(n *notebook, body *reader, st Storage) {
	slash := strings.HasSuffix(st.MountPath, "/") || s.isB("mount-any-path")
	if clean := path.Clean(st.MountPath); !strings.HasPrefix(clean, "/data/") || !slash {
		body.fail(refusal("ModelArts.6785", ""))
	}
	if len(st.MountPath) > 256 {
		body.wrongValue("mount_path", "it is longer than 256 characters")
	}
	if len(st.URI) > 256 {
		body.wrongValue("uri", "it is longer than 256 characters")
	}
	if st.Category == categoryEFS {
		body.require("efs_id")
		if n.PoolID == "" {
			body.fail(refusal("ModelArts.6772", "SFS Turbo can be mounted only in a dedicated pool."))
		}
	} else {
		bucket := bucketPath.FindStringSubmatch(st.URI)
		if bucket == nil {
			body.wrongValue("uri", "it is not obs://bucket/path/")
		} else if !strings.HasSuffix(st.URI, "/") {
			body.fail(refusal("ModelArts.6318", ""))
		} else if slices.Contains(s.options.ObjectBuckets, bucket[1]) && !s.isB("mount-object-bucket") {
			body.fail(refusal("ModelArts.6772", ""))
		}
	}
	taken := func(other string) bool { return samePath(other, st.MountPath) }
	mounts := slices.DeleteFunc(slices.Concat(n.Storages, n.remounting), func(other Storage) bool {
		return other.Status == statusUnmounted
	})
	if slices.ContainsFunc(mounts, func(other Storage) bool { return taken(other.MountPath) }) ||
		slices.ContainsFunc(n.DataVolumes, func(other Volume) bool { return taken(other.MountPath) }) {
		body.fail(refusal("ModelArts.6927", ""))
	}
	if len(mounts) >= maxMounts {
		body.fail(refusal("ModelArts.6302", fmt.Sprintf("An instance can have at most %d mounts.", maxMounts)))
	}
}

func (s *Simulator) detachDynamicStorage(c *call) (*answer, *problem) {
	n, at, p := s.findStorage(c)
	if p != nil {
		return nil, p
	}
	if n.Status != statusRunning {
		return nil, s.notRunningForMount(n)
	}
	if !slices.Contains([]string{"MOUNTED", "MOUNT_FAILED", "UNMOUNT_FAILED"}, n.Storages[at].Status) {
		return nil, refusal("ModelArts.6357", "")
	}
	n.Storages = slices.Clone(n.Storages)
	st := &n.Storages[at]
	st.Status, st.FailureReason = "UNMOUNTING", ""
	st.phase = newPhase(c.now, s.lasts(s.options.MountTime), statusUnmounted).failing(c.life, "UNMOUNT_FAILED", "Failed to unmount the storage.")
	n.touch(c.now)
	return ok(s.shownStorage(*st)), nil
}

// unmountAll is what a stop does to the mounts of a notebook.
func (s *Simulator) unmountAll(n *notebook) {
	mounted := slices.DeleteFunc(slices.Clone(n.Storages), func(st Storage) bool { return st.Status == statusUnmounted })
	switch {
	case s.isB("mount-kept"):
		n.Storages = slices.Clone(n.Storages)
		for i := range n.Storages {
			st := &n.Storages[i]
			st.parked = st.parked || st.Status != statusUnmounted
			st.Status, st.FailureReason, st.phase = statusUnmounted, "", nil
		}
	case s.isB("mount-remounted"):
		n.remounting, n.remountAt, n.Storages = slices.Concat(n.remounting, mounted), time.Time{}, nil
	default:
		n.Storages, n.remounting = nil, nil
	}
}

// remount is what the end of a start does to the mounts that a stop took away.
func (s *Simulator) remount(n *notebook, at time.Time) {
	n.remountAt = at.Add(s.lasts(s.options.Lag))
	n.Storages = slices.Clone(n.Storages)
	for i := range n.Storages {
		if st := &n.Storages[i]; st.parked {
			st.Status, st.parked = statusMounted, false
		}
	}
}

// mountAgain begins to mount what comes back by itself after a start.
func (s *Simulator) mountAgain(n *notebook, at time.Time) {
	n.Storages = slices.Clone(n.Storages)
	for _, st := range n.remounting {
		st.Status, st.FailureReason = statusMounting, ""
		st.phase = newPhase(at, s.lasts(s.options.MountTime), statusMounted)
		n.Storages = append(n.Storages, st)
	}
	n.remounting = nil
}
