package simulator

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// notebookAnswer is a notebook, as the service returns it. What is nil or
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
	Endpoints      []endpointAnswer `json:"endpoints,omitzero"`
	Lease          *leaseAnswer     `json:"lease,omitempty"`
	Pool           *poolAnswer      `json:"pool,omitempty"`
	Volume         *volumeAnswer    `json:"volume,omitempty"`
	DataVolumes    []dataVolume     `json:"data_volumes,omitzero"`
	URL            string           `json:"url,omitempty"`
	Token          string           `json:"token,omitempty"`
	WorkspaceID    string           `json:"workspace_id,omitempty"`
	BillingItems   []string         `json:"billing_items,omitempty"`
	User           *userAnswer      `json:"user,omitempty"`
	UserID         string           `json:"user_id,omitempty"`
	Affinity       *Affinity        `json:"affinity,omitempty"`
	RunUser        *runUserAnswer   `json:"run_user,omitempty"`
	UserVPC        *userVPCAnswer   `json:"user_vpc,omitempty"`
	PublicNetwork  *PublicNetwork   `json:"public_network_config,omitempty"`
	IP             string           `json:"ip,omitempty"`
	JupyterVersion string           `json:"jupyter_version,omitempty"`
	Tags           []tagPair        `json:"tags,omitzero"`
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
	KeyPairNames     []string `json:"key_pair_names,omitzero"`
	SSHKeys          []string `json:"ssh_keys,omitzero"`
	AllowedAccessIPs []string `json:"allowed_access_ips,omitzero"`
	URI              string   `json:"uri,omitempty"`
}

type leaseAnswer struct {
	CreateAt int64  `json:"create_at"`
	Duration int64  `json:"duration,omitempty"`
	Enable   bool   `json:"enable"`
	Type     string `json:"type,omitempty"`
	UpdateAt int64  `json:"update_at"`
}

type poolAnswer struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

type volumeAnswer struct {
	Category      string `json:"category"`
	Ownership     string `json:"ownership"`
	Capacity      int64  `json:"capacity,omitempty"`
	MountPath     string `json:"mount_path"`
	URI           string `json:"uri,omitempty"`
	ID            string `json:"id,omitempty"`
	DEWSecretName string `json:"dew_secret_name,omitempty"`
	MountType     string `json:"mount_type,omitempty"`
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
	brief := &notebookAnswer{
		ID: n.ID, Name: n.Name, Description: &description, Feature: n.Feature, Flavor: n.Flavor,
		Image: n.image.brief(), Lease: s.lease(n), Status: n.Status, Token: n.Token, WorkspaceID: n.WorkspaceID,
	}
	if !s.isB("volume-absent") {
		brief.Volume = s.mainVolume(n)
	}
	return brief
}

// detail is a notebook as a read of it answers it.
func (s *Simulator) detail(n *notebook, now time.Time) *notebookAnswer {
	shown := s.fully(n, now)
	if s.isB("volume-absent") {
		shown.Volume = nil
	}
	if s.isB("time-nowhere") {
		shown.CurrentTime = 0
	}
	return shown
}

// entry is a notebook as lists answer it.
func (s *Simulator) entry(n *notebook, now time.Time) *notebookAnswer {
	shown := s.fully(n, now)
	if !s.isB("time-in-lists") {
		shown.CurrentTime = 0
	}
	if s.isB("list-short") {
		shortImage := s.shownImage(n.image)
		shortImage.Tag = ""
		shown.Image, shown.Lease.Type, shown.Endpoints, shown.URL = shortImage, "", nil, ""
	}
	return shown
}

// fully is a whole notebook.
func (s *Simulator) fully(n *notebook, now time.Time) *notebookAnswer {
	full := s.briefly(n)
	full.CustomSpec = s.customSpec(n)
	full.Image = s.shownImage(n.image)
	full.FailReason = n.FailReason
	full.ActionProgress = s.progress(n, now)
	full.Endpoints = s.endpoints(n)
	full.Volume = s.mainVolume(n)
	full.DataVolumes = s.dataVolumes(n)
	full.URL = n.URL
	full.BillingItems = s.billingItems(n)
	full.User = &userAnswer{ID: n.UserID, Name: n.UserName, Domain: iamDomain{s.domainID, s.options.DomainName}}
	full.UserID = n.UserID
	full.Affinity = n.Affinity
	full.JupyterVersion = "3.2.3"
	full.Tags = append([]tagPair{}, sortedTags(s.seenTags(n, now))...)
	full.CurrentTime = now.UnixMilli()
	full.IP = n.address()
	if !s.isB("times-absent") {
		full.CreateAt = n.CreatedAt.UnixMilli()
		full.UpdateAt = n.UpdatedAt.UnixMilli()
	}
	switch {
	case n.PoolID != "":
		full.Pool = &poolAnswer{ID: n.PoolID, Name: n.PoolID}
	case s.isB("pool-empty"):
		full.Pool = &poolAnswer{}
	}
	if n.RunUser != nil {
		full.RunUser = &runUserAnswer{UID: n.RunUser.UID, GID: n.RunUser.GID, UserName: "ma-user", GroupName: "ma-group"}
	}
	if n.UserVPC != nil {
		full.UserVPC = &userVPCAnswer{UserVPC: *n.UserVPC, PortID: []string{idOf("port", n.ID)}, PortIP: "192.168.0.10"}
	}
	if s.isB("network-answered") {
		full.PublicNetwork = n.PublicNetwork
	}
	if s.isB("server-fills") {
		full.fill(n)
	}
	s.leaveOut(n, full)
	return full
}

// fill answers what the request did not have.
func (a *notebookAnswer) fill(n *notebook) {
	if a.Affinity == nil {
		weight := int64(1)
		a.Affinity = &Affinity{Preferred: []AffinityRule{{Key: "node", Operator: "Exists", Values: []string{}, Weight: &weight}}}
	}
	if a.RunUser == nil {
		uid, gid := int64(1000), int64(100)
		a.RunUser = &runUserAnswer{UID: &uid, GID: &gid, UserName: "ma-user", GroupName: "ma-group"}
	}
	if a.UserVPC == nil {
		own := UserVPC{VPCID: idOf("vpc", n.ID), SubnetID: idOf("subnet", n.ID), SecurityGroupIDs: []string{idOf("group", n.ID)}}
		a.UserVPC = &userVPCAnswer{UserVPC: own, PortID: []string{idOf("port", n.ID)}, PortIP: "192.168.0.10"}
	}
}

// leaveOut takes out of an answer what is not answered in the status that there
// is, and what is empty.
func (s *Simulator) leaveOut(n *notebook, full *notebookAnswer) {
	if n.Status != statusRunning {
		switch {
		case s.isB("stopped-absent"):
			full.Endpoints, full.Tags, full.DataVolumes, full.Affinity = nil, nil, nil, nil
		case s.isB("stopped-empty"):
			full.Endpoints, full.Tags, full.DataVolumes, full.Affinity = []endpointAnswer{}, []tagPair{}, []dataVolume{}, &Affinity{}
		}
	}
	if !s.isB("empty-left-out") {
		return
	}
	full.Endpoints = nilIfEmpty(full.Endpoints)
	full.Tags = nilIfEmpty(full.Tags)
	full.DataVolumes = nilIfEmpty(full.DataVolumes)
	if full.Affinity != nil && len(full.Affinity.Required) == 0 && len(full.Affinity.Preferred) == 0 {
		full.Affinity = nil
	}
}

// nilIfEmpty is a list that is left out of an answer when it is empty.
func nilIfEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// customSpec is the size of one's own of a notebook, as answers show it.
func (s *Simulator) customSpec(n *notebook) *CustomSpec {
	if n.CustomSpec == nil || s.isB("spec-absent") {
		return nil
	}
	shown := *n.CustomSpec
	if s.isB("spec-other-unit") {
		shown.CPU, shown.Memory = math.Ceil(shown.CPU), 1024*shown.Memory
	}
	return &shown
}

// progress is action_progress: the steps of a start that is under way or that
// failed. The fourth comes first.
func (s *Simulator) progress(n *notebook, now time.Time) []progressAnswer {
	shown := []string{statusInit, statusCreating, statusStarting, statusCreateFailed, statusStartFailed}
	if n.startup == nil || !slices.Contains(shown, n.Status) || s.options.Progress == ProgressNone {
		return nil
	}
	statuses := n.startup.stepStatuses(s.options.Progress, now)
	var list []progressAnswer
	for _, i := range []int{3, 0, 1, 2} {
		step := progressAnswer{NotebookID: n.ID, Step: i + 1, Status: statuses[i]}
		if s.isB("step-old-name") {
			step.StepDescription = stepNames[i]
		} else {
			step.Description = stepNames[i]
		}
		list = append(list, step)
	}
	return list
}

func (s *Simulator) endpoints(n *notebook) []endpointAnswer {
	all := slices.Clone(n.Endpoints)
	asked := slices.ContainsFunc(all, func(e Endpoint) bool { return e.Service == serviceNotebook })
	if !asked && !s.isB("endpoint-none") && slices.Contains(n.image.DevServices, serviceNotebook) {
		all = append(all, Endpoint{Service: serviceNotebook})
	}
	list := []endpointAnswer{}
	for _, e := range all {
		if e.Service == serviceNotebook {
			e.URI = n.URL
		}
		if s.isB("ssh-uri-plain") {
			e.URI = strings.TrimPrefix(e.URI, "ssh://ma-user@")
		}
		shown := endpointAnswer{URI: e.URI}
		keys := append([]string{}, e.KeyPairNames...)
		if s.isB("empty-left-out") {
			keys = nilIfEmpty(keys)
		}
		if s.isB("endpoint-old-names") {
			shown.DevService, shown.SSHKeys = e.Service, keys
		} else {
			shown.Service, shown.KeyPairNames = e.Service, keys
		}
		shown.AllowedAccessIPs = s.shownIPs(e.AllowedAccessIPs)
		list = append(list, shown)
	}
	return list
}

// shownIPs are the addresses of an endpoint, as answers show them.
func (s *Simulator) shownIPs(addresses []string) []string {
	shown := []string{}
	for _, address := range addresses {
		if s.isB("ips-normalised") {
			address = normalised(address)
		}
		shown = append(shown, address)
	}
	switch {
	case s.isB("ips-absent"):
		return nil
	case s.isB("ips-ignored"):
		shown = []string{}
	}
	if s.isB("empty-left-out") {
		return nilIfEmpty(shown)
	}
	return shown
}

// normalised is an address or a block in the one form that all its spellings
// have: a block without host bits.
func normalised(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil {
		return netip.PrefixFrom(ip, ip.BitLen()).String()
	}
	if block, err := netip.ParsePrefix(address); err == nil {
		return block.Masked().String()
	}
	return address
}

// lease is the lease with the duration since the creation of the notebook,
// which is not what was asked for once the notebook runs.
func (s *Simulator) lease(n *notebook) *leaseAnswer {
	shown := &leaseAnswer{
		CreateAt: n.CreatedAt.UnixMilli(), UpdateAt: n.Lease.UpdatedAt.UnixMilli(),
		Enable: n.Lease.Enabled, Type: n.Lease.Type,
	}
	if n.Lease.Enabled {
		shown.Duration = n.Lease.EndsAt().Sub(n.CreatedAt).Milliseconds()
		if n.Lease.Type == leaseIdle && s.isB("lease-idle-asked") {
			shown.Duration = n.Lease.Duration
		}
	}
	if s.isB("lease-answers-lower") {
		shown.Type = strings.ToLower(shown.Type)
	}
	return shown
}

// statusInUse is the status of a main volume that nothing happens to.
const statusInUse = "IN_USE"

// mainVolume is the main volume, as answers show it.
func (s *Simulator) mainVolume(n *notebook) *volumeAnswer {
	shown := &volumeAnswer{
		Category: n.Volume.Category, Ownership: n.Volume.Ownership, Capacity: n.Volume.Capacity,
		MountPath: mainMountPath, MountType: "MAIN", Status: cmp.Or(n.Volume.Status, statusInUse),
	}
	switch n.Volume.Category {
	case categoryEVS:
		shown.EVSSKUCode = "SSD"
	case categoryEFS:
		shown.URI, shown.ID = s.respelled(n.Volume.URI), n.Volume.ID
		if s.isB("volume-efs-as-sfs") {
			shown.Category = "SFS"
		}
	default:
		if !s.isB("volume-source-absent") {
			shown.URI = s.respelled(n.Volume.URI)
		}
		if s.isB("volume-obs-as-obsfs") {
			shown.Category = categoryOBSFS
		}
	}
	if s.isB("volume-status-absent") {
		shown.MountType = ""
		shown.Status = n.Volume.Status
	}
	return shown
}

// dataVolumes answers the source of a volume as url and that of a mount as
// uri. It never answers ownership, capacity, id, read_only and the secret.
func (s *Simulator) dataVolumes(n *notebook) []dataVolume {
	list := []dataVolume{}
	for _, v := range n.DataVolumes {
		shown := dataVolume{Category: v.Category, MountPath: s.respelled(v.MountPath), MountType: "STATIC", Status: n.mountStatus(v)}
		bucket := v.Category == categoryOBS || v.Category == categoryOBSFS
		if bucket && !s.isB("data-source-absent") {
			shown.URL = s.respelled(v.URI)
		}
		switch {
		case v.Category == categoryOBSFS && !s.isB("data-obsfs-static"), v.Category == categoryOBS && s.isB("data-obs-mounts"):
			shown.MountType = "DYNAMIC"
		case bucket:
			shown.Status = ""
		}
		list = append(list, shown)
	}
	if s.isB("mount-in-data") {
		for _, st := range n.Storages {
			list = append(list, dataVolume{
				ID: st.ID, Category: st.Category, MountPath: s.respelled(st.MountPath), URI: s.respelled(st.URI),
				MountType: "DYNAMIC", Status: st.Status,
			})
		}
	}
	return list
}

// mountStatus is the status of a volume that is mounted at each start.
func (n *notebook) mountStatus(v Volume) string {
	switch n.Status {
	case statusRunning, statusSnapshotting:
		return cmp.Or(v.Status, statusMounted)
	case statusInit, statusCreating, statusStarting:
		return statusMounting
	default:
		return statusUnmounted
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
	if len(items) == 2 && s.isB("billing-all") {
		return []string{"ALL"}
	}
	return items
}
