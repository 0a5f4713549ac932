package simulator

import (
	"slices"
	"time"
)

// notebookAnswer is a notebook, as the service answers it. What is nil or
// empty is left out.
type notebookAnswer struct {
	ID             string           `json:"id,omitempty"`
	Name           string           `json:"name,omitempty"`
	Description    *string          `json:"description,omitempty"`
	Feature        string           `json:"feature,omitempty"`
	Flavor         string           `json:"flavor,omitempty"`
	CustomSpec     *CustomSpec      `json:"custom_spec,omitempty"`
	Image          any              `json:"image,omitempty"`
	Status         string           `json:"status,omitempty"`
	FailReason     string           `json:"fail_reason,omitempty"`
	ActionProgress []progressAnswer `json:"action_progress,omitempty"`
	Endpoints      []endpointAnswer `json:"endpoints,omitempty"`
	Lease          *leaseAnswer     `json:"lease,omitempty"`
	Pool           *poolAnswer      `json:"pool,omitempty"`
	Volume         *volumeAnswer    `json:"volume,omitempty"`
	DataVolumes    []dataVolume     `json:"data_volumes,omitempty"`
	URL            string           `json:"url,omitempty"`
	Token          string           `json:"token,omitempty"`
	WorkspaceID    string           `json:"workspace_id,omitempty"`
	BillingItems   []string         `json:"billing_items,omitempty"`
	User           *userAnswer      `json:"user,omitempty"`
	UserID         string           `json:"user_id,omitempty"`
	Affinity       *Affinity        `json:"affinity,omitempty"`
	RunUser        *runUserAnswer   `json:"run_user,omitempty"`
	UserVPC        *userVPCAnswer   `json:"user_vpc,omitempty"`
	IP             string           `json:"ip,omitempty"`
	JupyterVersion string           `json:"jupyter_version,omitempty"`
	Tags           []tagPair        `json:"tags,omitempty"`
	CreateAt       int64            `json:"create_at,omitempty"`
	UpdateAt       int64            `json:"update_at,omitempty"`
	CurrentTime    int64            `json:"current_time,omitempty"`
}

type progressAnswer struct {
	NotebookID      string `json:"notebook_id"`
	Step            int    `json:"step"`
	Status          string `json:"status"`
	StepDescription string `json:"step_description,omitempty"`
	Description     string `json:"description,omitempty"`
}

type endpointAnswer struct {
	Service          string   `json:"service,omitempty"`
	DevService       string   `json:"dev_service,omitempty"`
	KeyPairNames     []string `json:"key_pair_names,omitempty"`
	SSHKeys          []string `json:"ssh_keys,omitempty"`
	AllowedAccessIPs []string `json:"allowed_access_ips,omitempty"`
	URI              string   `json:"uri,omitempty"`
}

type leaseAnswer struct {
	CreateAt int64  `json:"create_at"`
	Duration int64  `json:"duration,omitempty"`
	Enable   bool   `json:"enable"`
	Type     string `json:"type"`
	UpdateAt int64  `json:"update_at"`
}

type poolAnswer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type volumeAnswer struct {
	Category      string `json:"category"`
	Ownership     string `json:"ownership"`
	Capacity      int64  `json:"capacity,omitempty"`
	MountPath     string `json:"mount_path"`
	URI           string `json:"uri,omitempty"`
	ID            string `json:"id,omitempty"`
	DEWSecretName string `json:"dew_secret_name,omitempty"`
	MountType     string `json:"mount_type"`
	Status        string `json:"status,omitempty"`
	EVSSKUCode    string `json:"evs_sku_code,omitempty"`
}

type dataVolume struct {
	ID        string `json:"id,omitempty"`
	Category  string `json:"category"`
	MountPath string `json:"mount_path"`
	URI       string `json:"uri,omitempty"`
	URL       string `json:"url,omitempty"`
	MountType string `json:"mount_type"`
	Status    string `json:"status,omitempty"`
}

type userAnswer struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Domain iamDomain `json:"domain"`
}

type runUserAnswer struct {
	UID       *int64 `json:"uid,omitempty"`
	GID       *int64 `json:"gid,omitempty"`
	UserName  string `json:"user_name"`
	GroupName string `json:"group_name"`
}

type userVPCAnswer struct {
	UserVPC
	PortID []string `json:"port_id"`
	PortIP string   `json:"port_ip"`
}

// mainMountPath is where the main volume of every notebook is.
const mainMountPath = "/home/ma-user/work/"

// briefly is a notebook as the operations that change its status answer it.
func (s *Simulator) briefly(n *notebook) *notebookAnswer {
	description := n.Description
	return &notebookAnswer{
		ID: n.ID, Name: n.Name, Description: &description, Feature: n.Feature, Flavor: n.Flavor,
		Image: n.image.brief(), Lease: n.lease(), Status: n.Status, Token: n.Token, WorkspaceID: n.WorkspaceID,
	}
}

// fully is a notebook as a read answers it.
func (s *Simulator) fully(n *notebook, now time.Time) *notebookAnswer {
	full := s.briefly(n)
	full.CustomSpec = n.CustomSpec
	full.Image = n.image
	full.FailReason = n.FailReason
	full.ActionProgress = s.progress(n, now)
	full.Endpoints = s.endpoints(n)
	full.Volume = n.mainVolume()
	full.DataVolumes = s.dataVolumes(n)
	full.URL = n.URL
	full.BillingItems = s.billingItems(n)
	full.User = &userAnswer{ID: n.UserID, Name: n.UserName, Domain: iamDomain{s.domainID, s.options.DomainName}}
	full.UserID = n.UserID
	full.Affinity = n.Affinity
	full.JupyterVersion = "3.2.3"
	full.Tags = sortedTags(n.Tags)
	full.CurrentTime = now.UnixMilli()
	if !s.options.OmitTimes {
		full.CreateAt = n.CreatedAt.UnixMilli()
		full.UpdateAt = n.UpdatedAt.UnixMilli()
	}
	if n.PoolID != "" {
		full.Pool = &poolAnswer{ID: n.PoolID, Name: n.PoolID}
	}
	if n.RunUser != nil {
		full.RunUser = &runUserAnswer{UID: n.RunUser.UID, GID: n.RunUser.GID, UserName: "ma-user", GroupName: "ma-group"}
	}
	if n.UserVPC != nil {
		full.UserVPC = &userVPCAnswer{UserVPC: *n.UserVPC, PortID: []string{idOf("port", n.ID)}, PortIP: "192.168.0.10"}
	}
	if n.Status == statusRunning || n.Status == statusSnapshotting {
		full.IP = "172.16.0.10"
	}
	return full
}

// progress is action_progress: the steps of a start that is under way or that
// failed.
func (s *Simulator) progress(n *notebook, now time.Time) []progressAnswer {
	shown := []string{statusInit, statusCreating, statusStarting, statusCreateFailed, statusStartFailed}
	if n.startup == nil || !slices.Contains(shown, n.Status) {
		return nil
	}
	list := make([]progressAnswer, steps)
	for i := range list {
		list[i] = progressAnswer{NotebookID: n.ID, Step: i + 1, Status: n.startup.stepStatus(i+1, now)}
		if s.options.Names != NamesNewer {
			list[i].StepDescription = stepNames[i]
		}
		if s.options.Names != NamesOlder {
			list[i].Description = stepNames[i]
		}
	}
	return list
}

func (s *Simulator) endpoints(n *notebook) []endpointAnswer {
	var list []endpointAnswer
	for _, e := range n.Endpoints {
		shown := endpointAnswer{AllowedAccessIPs: e.AllowedAccessIPs, URI: e.URI}
		if s.options.Names != NamesOlder {
			shown.Service, shown.KeyPairNames = e.Service, e.KeyPairNames
		}
		if s.options.Names != NamesNewer {
			shown.DevService, shown.SSHKeys = e.Service, e.KeyPairNames
		}
		list = append(list, shown)
	}
	return list
}

// lease is the lease with the duration since the creation of the notebook,
// which is not what was asked for once the notebook was started again.
func (n *notebook) lease() *leaseAnswer {
	shown := &leaseAnswer{
		CreateAt: n.CreatedAt.UnixMilli(), UpdateAt: n.Lease.UpdatedAt.UnixMilli(),
		Enable: n.Lease.Enabled, Type: n.Lease.Type,
	}
	if n.Lease.Enabled {
		shown.Duration = n.Lease.EndsAt().Sub(n.CreatedAt).Milliseconds()
	}
	return shown
}

func (n *notebook) mainVolume() *volumeAnswer {
	shown := &volumeAnswer{
		Category: n.Volume.Category, Ownership: n.Volume.Ownership, Capacity: n.Volume.Capacity,
		MountPath: mainMountPath, URI: n.Volume.URI, ID: n.Volume.ID, DEWSecretName: n.Volume.DEWSecretName,
		MountType: "MAIN", Status: n.Volume.Status,
	}
	if n.Volume.Category == categoryEVS {
		shown.EVSSKUCode = "SSD"
	}
	return shown
}

// dataVolumes answers the source of a volume as url and that of a mount as
// uri. It never answers ownership, capacity, read_only and the secret.
func (s *Simulator) dataVolumes(n *notebook) []dataVolume {
	var list []dataVolume
	for _, v := range n.DataVolumes {
		shown := dataVolume{ID: v.ID, Category: v.Category, MountPath: v.MountPath, URL: v.URI, MountType: "STATIC"}
		// OBS is taken and never mounted.
		if v.Category != categoryOBS {
			shown.Status = n.mountStatus()
		}
		list = append(list, shown)
	}
	if s.options.SharedVolumeList {
		for _, st := range n.Storages {
			list = append(list, dataVolume{
				ID: st.ID, Category: st.Category, MountPath: st.MountPath, URI: st.URI, MountType: "DYNAMIC", Status: st.Status,
			})
		}
	}
	return list
}

// mountStatus is the status of the volumes that are mounted at each start.
func (n *notebook) mountStatus() string {
	switch n.Status {
	case statusRunning, statusSnapshotting:
		return "MOUNTED"
	case statusInit, statusCreating, statusStarting:
		return "MOUNTING"
	default:
		return "UNMOUNTED"
	}
}

// billingItems is what is paid for just now.
func (s *Simulator) billingItems(n *notebook) []string {
	var items []string
	if n.Volume.Ownership == ownershipManaged {
		items = append(items, "STORAGE")
	}
	switch n.Status {
	case statusInit, statusCreating, statusStarting, statusRunning, statusSnapshotting:
		items = append(items, "COMPUTE")
	}
	if len(items) == 2 && s.options.BillingAll {
		return []string{"ALL"}
	}
	return items
}
