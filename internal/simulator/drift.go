package simulator

import (
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Drift is a change that happens to a notebook without a request: somebody at
// the console, or the service itself. A nil field stays as it is; an empty one
// is emptied. Nothing is checked: the service can hold what a request could
// not have made.
type Drift struct {
	Name        *string     `json:"name,omitempty"`
	Description *string     `json:"description,omitempty"`
	Flavor      *string     `json:"flavor,omitempty"`
	ImageID     *string     `json:"image_id,omitempty"`
	PoolID      *string     `json:"pool_id,omitempty"`
	WorkspaceID *string     `json:"workspace_id,omitempty"`
	CustomSpec  *CustomSpec `json:"custom_spec,omitempty"`
	Capacity    *int64      `json:"capacity,omitempty"`
	Volume      *Volume     `json:"volume,omitempty"`
	DataVolumes *[]Volume   `json:"data_volumes,omitempty"`
	Endpoints   *[]Endpoint `json:"endpoints,omitempty"`
	Hooks       *Hooks      `json:"hooks,omitempty"`
	Affinity    *Affinity   `json:"affinity,omitempty"`
	RunUser     *RunUser    `json:"run_user,omitempty"`
	UserVPC     *UserVPC    `json:"user_vpc,omitempty"`
	// PublicNetwork is answered only where the service answers it.
	PublicNetwork *PublicNetwork    `json:"public_network_config,omitempty"`
	Tags          map[string]string `json:"tags,omitzero"`
	Storages      *[]Storage        `json:"storages,omitempty"`
	LeaseOn       *bool             `json:"lease_enabled,omitempty"`
	LeaseType     *string           `json:"lease_type,omitempty"`
	// LeaseDuration is in milliseconds and counts from now.
	LeaseDuration *int64 `json:"lease_duration,omitempty"`
	// Status is taken at once and ends any transition. RUNNING also brings a
	// new token, as each start does. Mounts go and come as with a stop and a start.
	Status     *string `json:"status,omitempty"`
	FailReason *string `json:"fail_reason,omitempty"`
	Token      *string `json:"token,omitempty"`
	URL        *string `json:"url,omitempty"`
	// UserID and UserName make the notebook somebody else's.
	UserID   *string `json:"user_id,omitempty"`
	UserName *string `json:"user_name,omitempty"`
}

// Change lets a drift happen to a notebook.
func (s *Simulator) Change(id string, d Drift) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	n := s.byID[id]
	if n == nil {
		return fmt.Errorf("notebook %q: %w", id, errMissing)
	}
	if d.ImageID != nil {
		i := s.image(*d.ImageID)
		if i == nil {
			return fmt.Errorf("image %q: %w", *d.ImageID, errMissing)
		}
		n.ImageID, n.image = i.ID, *i
	}
	set(&n.Name, d.Name)
	set(&n.Description, d.Description)
	set(&n.Flavor, d.Flavor)
	set(&n.PoolID, d.PoolID)
	set(&n.WorkspaceID, d.WorkspaceID)
	set(&n.Volume, d.Volume)
	set(&n.Volume.Capacity, d.Capacity)
	set(&n.DataVolumes, d.DataVolumes)
	set(&n.Endpoints, d.Endpoints)
	set(&n.Storages, d.Storages)
	set(&n.FailReason, d.FailReason)
	set(&n.UserID, d.UserID)
	set(&n.UserName, d.UserName)
	if d.CustomSpec != nil {
		n.CustomSpec, n.Flavor = d.CustomSpec, customFlavor
	}
	if d.Hooks != nil {
		n.Hooks = d.Hooks
	}
	if d.Affinity != nil {
		n.Affinity = d.Affinity
	}
	if d.RunUser != nil {
		n.RunUser = d.RunUser
	}
	if d.UserVPC != nil {
		n.UserVPC = d.UserVPC
	}
	if d.PublicNetwork != nil {
		n.PublicNetwork = d.PublicNetwork
	}
	if d.Tags != nil {
		n.Tags = maps.Clone(d.Tags)
	}
	if d.LeaseOn != nil || d.LeaseType != nil || d.LeaseDuration != nil {
		set(&n.Lease.Enabled, d.LeaseOn)
		set(&n.Lease.Type, d.LeaseType)
		set(&n.Lease.Duration, d.LeaseDuration)
		n.Lease.Since, n.Lease.UpdatedAt = now, now
	}
	if d.Status != nil {
		n.phase, n.resize, n.Volume.Status = nil, nil, ""
		ran, runs := n.Status == statusRunning, *d.Status == statusRunning || *d.Status == statusSnapshotting
		n.setStatus(*d.Status, now)
		if ran && !runs && d.Storages == nil {
			s.unmountAll(n)
		}
		if *d.Status == statusRunning {
			s.remount(n, now)
			n.Token = uuid.NewString()
			s.open(n)
		}
	}
	set(&n.Token, d.Token)
	set(&n.URL, d.URL)
	n.touch(now)
	s.bury()
	return nil
}

// set writes value, if there is one, to field.
func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}

// Remove makes a notebook vanish and reports whether it was there.
func (s *Simulator) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	n := s.byID[id]
	if n == nil {
		return false
	}
	s.vanish(n, now)
	return true
}

// RemoveStorage makes a mount of a notebook vanish and reports whether it was
// there.
func (s *Simulator) RemoveStorage(id, storageID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	n := s.byID[id]
	if n == nil {
		return false
	}
	kept := slices.DeleteFunc(slices.Clone(n.Storages), func(st Storage) bool { return st.ID == storageID })
	if len(kept) == len(n.Storages) {
		return false
	}
	n.Storages = kept
	n.touch(now)
	return true
}
