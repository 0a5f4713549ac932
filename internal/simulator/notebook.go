package simulator

import (
	"time"
)

// NotebookInfo is everything that the service knows of a notebook, also what
// it never answers.
type NotebookInfo struct {
	ID          string      `json:"id"`
	ProjectID   string      `json:"project_id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Feature     string      `json:"feature"`
	Flavor      string      `json:"flavor"`
	CustomSpec  *CustomSpec `json:"custom_spec,omitempty"`
	ImageID     string      `json:"image_id"`
	// NextImageID is the image that the notebook was saved as and will have, with its next
	// start or when the image is saved.
	NextImageID string     `json:"next_image_id,omitempty"`
	PoolID      string     `json:"pool_id,omitempty"`
	WorkspaceID string     `json:"workspace_id"`
	Status      string     `json:"status"`
	FailReason  string     `json:"fail_reason,omitempty"`
	URL         string     `json:"url,omitempty"`
	Token       string     `json:"token"`
	Volume      Volume     `json:"volume"`
	DataVolumes []Volume   `json:"data_volumes,omitempty"`
	Endpoints   []Endpoint `json:"endpoints,omitempty"`
	Hooks       *Hooks     `json:"hooks,omitempty"`
	Lease       Lease      `json:"lease"`
	Affinity    *Affinity  `json:"affinity,omitempty"`
	RunUser     *RunUser   `json:"run_user,omitempty"`
	UserVPC     *UserVPC   `json:"user_vpc,omitempty"`
	// PublicNetwork is what was asked for last.
	PublicNetwork *PublicNetwork    `json:"public_network_config,omitempty"`
	Tags          map[string]string `json:"tags,omitempty"`
	Storages      []Storage         `json:"storages,omitempty"`
	UserID        string            `json:"user_id"`
	UserName      string            `json:"user_name"`
	CreatedAt     time.Time         `json:"created_at"`
	UpdatedAt     time.Time         `json:"updated_at"`
	// Starts is how often the notebook was started, its creation included.
	Starts int `json:"starts"`
}

// CustomSpec is a size of an instance in a dedicated pool.
type CustomSpec struct {
	CPU            float64  `json:"cpu"`
	Memory         float64  `json:"memory"`
	GPU            *float64 `json:"gpu,omitempty"`
	GPUType        string   `json:"gpu_type,omitempty"`
	Arch           string   `json:"arch,omitempty"`
	Category       string   `json:"category,omitempty"`
	ResourceFlavor string   `json:"resource_flavor,omitempty"`
}

// Volume is the storage of a notebook, the main one or a further one.
// Category and Ownership are in upper case.
type Volume struct {
	Category  string `json:"category"`
	Ownership string `json:"ownership"`
	// Capacity is in GB; zero for dedicated storage.
	Capacity      int64  `json:"capacity,omitempty"`
	URI           string `json:"uri,omitempty"`
	ID            string `json:"id,omitempty"`
	MountPath     string `json:"mount_path,omitempty"`
	ReadOnly      bool   `json:"read_only,omitempty"`
	DEWSecretName string `json:"dew_secret_name,omitempty"`
	// Status is RESIZING while the main volume grows, MOUNT_FAILED for a data
	// volume that could not be mounted, and empty otherwise.
	Status string `json:"status,omitempty"`
}

// Endpoint is a path of access to a notebook.
type Endpoint struct {
	Service          string   `json:"service"`
	KeyPairNames     []string `json:"key_pair_names,omitempty"`
	AllowedAccessIPs []string `json:"allowed_access_ips,omitempty"`
	// URI is empty until the notebook has run.
	URI string `json:"uri,omitempty"`
}

// Hooks are the scripts of a start.
type Hooks struct {
	PreStart  *Hook `json:"pre_start,omitempty"`
	PostStart *Hook `json:"post_start,omitempty"`
}

// Hook is one script, as it was sent.
type Hook struct {
	Type   string `json:"type"`
	Script string `json:"script"`
	Mode   string `json:"mode"`
}

// Lease is the automatic stop of a notebook.
type Lease struct {
	Enabled bool `json:"enabled"`
	// Type is TIMING or IDLE.
	Type string `json:"type"`
	// Duration is what was asked for last, in milliseconds.
	Duration int64 `json:"duration"`
	// Since is when Duration began to count.
	Since time.Time `json:"since"`
	// UpdatedAt is when the lease was set last.
	UpdatedAt time.Time `json:"updated_at"`
}

// EndsAt is when an enabled lease stops the notebook.
func (l Lease) EndsAt() time.Time {
	return l.Since.Add(time.Duration(l.Duration) * time.Millisecond)
}

// Affinity says on which nodes of a pool a notebook runs.
type Affinity struct {
	Required  []AffinityRule `json:"required_during_scheduling_ignored_during_execution,omitempty"`
	Preferred []AffinityRule `json:"preferred_during_scheduling_ignored_during_execution,omitempty"`
}

// AffinityRule is one rule of an [Affinity].
type AffinityRule struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	Weight   *int64   `json:"weight,omitempty"`
}

// RunUser is the user that a notebook's container runs as.
type RunUser struct {
	UID *int64 `json:"uid,omitempty"`
	GID *int64 `json:"gid,omitempty"`
}

// UserVPC is the network that a notebook has a card in.
type UserVPC struct {
	VPCID            string   `json:"vpc_id"`
	SubnetID         string   `json:"subnet_id"`
	SecurityGroupIDs []string `json:"security_group_ids"`
	ConnectCIDRs     []string `json:"connect_cidrs,omitempty"`
}

// PublicNetwork is the way of a notebook to the public network.
type PublicNetwork struct {
	// Type is SHARED, EXCLUSIVE or FORBIDDEN.
	Type string `json:"public_network_type,omitempty"`
}

// Storage is a mount that was made on a running notebook.
type Storage struct {
	ID            string `json:"id"`
	Category      string `json:"category"`
	MountPath     string `json:"mount_path"`
	URI           string `json:"uri"`
	EFSID         string `json:"efs_id,omitempty"`
	Status        string `json:"status"`
	FailureReason string `json:"failure_reason,omitempty"`

	phase *phase
	// parked is a mount that a stop took away and the next start makes again.
	parked bool
}

// notebook is a notebook with what is going on with it.
//
// Whatever is reachable from a notebook is replaced and never changed in
// place, so a copy of the struct is a copy of its state.
type notebook struct {
	NotebookInfo

	// image is a copy: a notebook outlives the image it was made from.
	image image
	// since is when Status last changed.
	since time.Time
	// phase is the transition under way, nil in a settled status.
	phase *phase
	// startup is the phase that action_progress tells of.
	startup *phase
	resize  *resize
	// savedImage is the image that the notebook will have, at savedAt or, where
	// that is zero, at its next start.
	savedImage *image
	savedAt    time.Time
	// remounting are the mounts that come back at remountAt, once the notebook
	// runs again.
	remounting []Storage
	remountAt  time.Time
	// sshPort stays the same over restarts.
	sshPort int
	// history holds the past states, the oldest first.
	history []snapshot
}

// snapshot is the state that a notebook has had since a time.
type snapshot struct {
	at    time.Time
	state notebook
}

// maxHistory bounds the memory of stale reads.
const maxHistory = 50

// record remembers the state of the notebook since a time.
func (n *notebook) record(at time.Time) {
	state := *n
	state.history = nil
	if len(n.history) == maxHistory {
		n.history = n.history[1:]
	}
	n.history = append(n.history, snapshot{at, state})
}

// touch marks a change by a caller of the service.
func (n *notebook) touch(now time.Time) {
	n.UpdatedAt = now
	n.record(now)
}

// asOf is the state that a stale reader sees: that of age ago or, with no
// age, that before the last change. It is nil when there was none.
func (n *notebook) asOf(now time.Time, age time.Duration) *notebook {
	last := len(n.history) - 2
	if age > 0 {
		for last = len(n.history) - 1; last >= 0; last-- {
			if !n.history[last].at.After(now.Add(-age)) {
				break
			}
		}
	}
	if last < 0 {
		return nil
	}
	return &n.history[last].state
}

// Notebooks copies what the service knows of the notebooks that exist, in the
// order of their creation.
func (s *Simulator) Notebooks() []NotebookInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	list := make([]NotebookInfo, len(s.notebooks))
	for i, n := range s.notebooks {
		list[i] = n.info()
	}
	return list
}

func (n *notebook) info() NotebookInfo {
	info := n.NotebookInfo
	if n.savedImage != nil {
		info.NextImageID = n.savedImage.ID
	}
	return info
}

// Notebook is [Simulator.Notebooks] for one ID.
func (s *Simulator) Notebook(id string) (NotebookInfo, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if n := s.byID[id]; n != nil {
		return n.info(), true
	}
	return NotebookInfo{}, false
}
