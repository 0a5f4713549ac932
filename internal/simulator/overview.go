package simulator

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// shownRequests is how many of the last requests an overview has.
const shownRequests = 60

// overview is what the page shows. It holds no token, no key and no script.
type overview struct {
	Now       time.Time          `json:"now"`
	Region    string             `json:"region"`
	ProjectID string             `json:"project_id"`
	Quota     int                `json:"quota"`
	Used      int                `json:"used"`
	Frozen    bool               `json:"frozen"`
	KeyPairs  []string           `json:"key_pairs"`
	SoldOut   []string           `json:"sold_out"`
	Answers   []string           `json:"answers"`
	Notebooks []notebookOverview `json:"notebooks"`
	Images    []imageOverview    `json:"images"`
	Flavors   []flavorOverview   `json:"flavors"`
	Pools     []poolOverview     `json:"pools"`
	Faults    []InjectedFault    `json:"faults"`
	// Requests are the last ones, the newest first, of RequestCount.
	Requests     []requestOverview `json:"requests"`
	RequestCount int               `json:"request_count"`
}

type notebookOverview struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Status     string            `json:"status"`
	FailReason string            `json:"fail_reason,omitempty"`
	Step       *stepOverview     `json:"step,omitempty"`
	Flavor     string            `json:"flavor"`
	Image      string            `json:"image"`
	Pool       string            `json:"pool,omitempty"`
	Volume     string            `json:"volume"`
	Lease      *leaseOverview    `json:"lease,omitempty"`
	Mounts     []mountOverview   `json:"mounts"`
	Tags       map[string]string `json:"tags,omitempty"`
	SSH        string            `json:"ssh,omitempty"`
	CanStart   bool              `json:"can_start"`
	CanStop    bool              `json:"can_stop"`
	CanOpen    bool              `json:"can_open"`
}

// stepOverview is the step of action_progress that a start is at, or failed at.
type stepOverview struct {
	Number int    `json:"number"`
	Of     int    `json:"of"`
	Text   string `json:"text"`
	Status string `json:"status"`
}

type leaseOverview struct {
	Type     string `json:"type"`
	Duration int64  `json:"duration_ms"`
	// EndsAt is absent while the lease does not run.
	EndsAt *time.Time `json:"ends_at,omitempty"`
}

type mountOverview struct {
	Path   string `json:"path"`
	Source string `json:"source"`
	Status string `json:"status"`
	// Kind is "data volume", or "mount" of one that was made while the notebook ran.
	Kind string `json:"kind"`
}

type imageOverview struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	Tag           string `json:"tag"`
	Type          string `json:"type"`
	Arch          string `json:"arch"`
	Status        string `json:"status"`
	StatusMessage string `json:"status_message,omitempty"`
}

type flavorOverview struct {
	ID          string `json:"id"`
	Description string `json:"description"`
	Arch        string `json:"arch"`
	Category    string `json:"category"`
	Feature     string `json:"feature"`
	SoldOut     bool   `json:"sold_out"`
	// Always is a flavor that the catalogue has as sold out, whatever the options are.
	Always bool   `json:"always,omitempty"`
	Cards  string `json:"cards,omitempty"`
}

type poolOverview struct {
	ID      string           `json:"id"`
	Type    string           `json:"type"`
	Status  string           `json:"status"`
	Flavors []flavorOverview `json:"flavors"`
}

// requestOverview is a request without headers and body.
type requestOverview struct {
	Time      time.Time `json:"time"`
	RequestID string    `json:"request_id"`
	Method    string    `json:"method"`
	Path      string    `json:"path"`
	Query     string    `json:"query,omitempty"`
	Operation string    `json:"operation,omitempty"`
	Notebook  string    `json:"notebook,omitempty"`
	Status    int       `json:"status"`
	ErrorCode string    `json:"error_code,omitempty"`
	Fault     FaultKind `json:"fault,omitempty"`
}

// overview collects what the page shows.
func (s *Simulator) overview() overview {
	faults := s.Faults()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	o := overview{
		Now: now, Region: s.options.Region, ProjectID: s.options.ProjectID, Quota: s.options.Quota,
		Used: s.owned(s.options.ProjectID), Frozen: s.options.Frozen,
		KeyPairs: asList(s.options.KeyPairs), SoldOut: asList(s.options.SoldOut), Answers: asList(s.options.Answers),
		Notebooks: []notebookOverview{}, Images: []imageOverview{}, Flavors: []flavorOverview{}, Pools: []poolOverview{},
		Faults: faults, Requests: s.lastRequests(), RequestCount: len(s.log),
	}
	for _, n := range s.notebooks {
		o.Notebooks = append(o.Notebooks, s.overviewOf(n, now))
	}
	for _, i := range s.images {
		o.Images = append(o.Images, imageOverview{i.ID, i.Name, i.Tag, i.Type, i.Arch, i.Status, i.StatusMessage})
	}
	for _, f := range s.flavors() {
		shown := f.overview()
		shown.Always = f.SoldOut && !slices.Contains(s.options.SoldOut, f.ID)
		o.Flavors = append(o.Flavors, shown)
	}
	for _, p := range s.pools() {
		shown := poolOverview{ID: p.PoolID, Type: p.Type, Status: p.Status, Flavors: []flavorOverview{}}
		for _, f := range p.Flavors {
			shown.Flavors = append(shown.Flavors, f.asFlavor().overview())
		}
		o.Pools = append(o.Pools, shown)
	}
	return o
}

// asList is a list that JSON has as a list, also when it is empty.
func asList(list []string) []string { return append([]string{}, list...) }

func (f flavor) overview() flavorOverview {
	shown := flavorOverview{
		ID: f.ID, Description: f.Description, Arch: f.Arch, Category: f.Category, Feature: f.Feature, SoldOut: f.SoldOut,
	}
	switch {
	case f.GPU != nil:
		shown.Cards = strconv.FormatInt(f.GPU.GPU, 10) + " × " + f.GPU.Type + " " + f.GPU.GPUMemory
	case f.Ascend != nil:
		shown.Cards = strconv.FormatInt(f.Ascend.NPU, 10) + " × " + cmp.Or(f.Ascend.TypeAlias, f.Ascend.Type) + " " + f.Ascend.NPUMemory
	}
	return shown
}

func (s *Simulator) overviewOf(n *notebook, now time.Time) notebookOverview {
	shown := notebookOverview{
		ID: n.ID, Name: n.Name, Status: n.Status, FailReason: n.FailReason, Step: n.currentStep(s.options.Progress, now),
		Flavor: n.Flavor, Image: n.image.Name, Pool: n.PoolID, Volume: n.Volume.overview(), Mounts: []mountOverview{},
		Tags: n.Tags, CanStart: n.Status == statusStopped, CanStop: n.Status == statusRunning,
		CanOpen: n.Status == statusRunning || n.Status == statusSnapshotting,
	}
	if n.Lease.Enabled {
		shown.Lease = &leaseOverview{Type: n.Lease.Type, Duration: n.Lease.Duration}
		if shown.CanOpen {
			end := n.Lease.EndsAt()
			shown.Lease.EndsAt = &end
		}
	}
	for _, v := range n.DataVolumes {
		shown.Mounts = append(shown.Mounts, mountOverview{v.MountPath, cmp.Or(v.URI, v.Category), n.mountStatus(v), "data volume"})
	}
	for _, st := range slices.Concat(n.Storages, n.remounting) {
		shown.Mounts = append(shown.Mounts, mountOverview{st.MountPath, st.URI, st.Status, "mount"})
	}
	for _, e := range n.Endpoints {
		if e.Service == serviceSSH && shown.CanOpen {
			shown.SSH = e.URI
		}
	}
	return shown
}

func (v Volume) overview() string {
	text := v.Category
	if v.Capacity > 0 {
		text += " " + strconv.FormatInt(v.Capacity, 10) + " GB"
	}
	if v.URI != "" {
		text += " " + v.URI
	}
	if v.Status != "" {
		text += " (" + v.Status + ")"
	}
	return text
}

// currentStep is the step that a start is at or failed at; nil when there is none.
func (n *notebook) currentStep(shape string, now time.Time) *stepOverview {
	starting := []string{statusInit, statusCreating, statusStarting, statusCreateFailed, statusStartFailed}
	if n.startup == nil || !slices.Contains(starting, n.Status) {
		return nil
	}
	statuses := n.startup.stepStatuses(shape, now)
	for i, status := range statuses {
		if status == stepProcessing || status == stepFailed {
			return &stepOverview{Number: i + 1, Of: steps, Text: stepNames[i], Status: status}
		}
	}
	return nil
}

// lastRequests are the newest requests, the newest first.
func (s *Simulator) lastRequests() []requestOverview {
	list := []requestOverview{}
	for i := len(s.log) - 1; i >= 0 && len(list) < shownRequests; i-- {
		r := s.log[i]
		shown := requestOverview{
			Time: r.Time, RequestID: r.RequestID, Method: r.Method, Path: r.Path, Query: r.Query, Operation: r.Operation,
			Status: r.Status, ErrorCode: r.ErrorCode, Fault: r.FaultKind,
		}
		if n := cmp.Or(s.byID[r.NotebookID], s.gone[r.NotebookID]); n != nil {
			shown.Notebook = n.Name
		}
		list = append(list, shown)
	}
	return list
}
