package lifecycle

import (
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// The bounds of a lease.
const (
	MinLease = time.Hour
	MaxLease = 72 * time.Hour
)

// NoAutomaticStop is the duration that switches the automatic stop off, in a
// create and in a start.
const NoAutomaticStop int64 = -1

// Lease is an automatic stop in the terms of the API. What is empty is left to
// the service.
type Lease struct {
	Off      bool   // never stop by itself; the rest is empty then
	Type     string // TIMING or IDLE
	Duration *int64 // milliseconds
}

// query is the lease as a start takes it.
func (l Lease) query() modelarts.StartNotebookQuery {
	if l.Off {
		off := NoAutomaticStop
		return modelarts.StartNotebookQuery{Duration: &off}
	}
	return modelarts.StartNotebookQuery{Duration: l.Duration, Type: strings.ToLower(l.Type)}
}

// Request is the lease as a create and a renewal take it; nil when nothing is
// asked for, or when it is off.
func (l Lease) Request() *modelarts.LeaseReq {
	if l.Off || l.Type == "" && l.Duration == nil {
		return nil
	}
	req := &modelarts.LeaseReq{Duration: l.Duration}
	if l.Type != "" {
		kind := strings.ToLower(l.Type) // the only form that is attested
		req.Type = &kind
	}
	return req
}

// notShortened is the lease for a start or a renewal, at least as long as what is left
// of the notebook's present one. A lease that is off stays off, unless switchOn is true.
// See design/0024-leases-and-what-is-under-way.md.
func (l Lease) notShortened(running *modelarts.Notebook, switchOn bool) Lease {
	now := running.Lease
	if now == nil {
		return l
	}
	on := now.Enable == nil || *now.Enable
	if !on && !switchOn {
		return Lease{Off: true}
	}
	if l.Type == "" && now.Type != nil {
		l.Type = *now.Type
	}
	has := MinLease
	switch {
	case !on || now.Duration == nil:
	case now.Type != nil && strings.EqualFold(*now.Type, "IDLE"):
		has = idleTime(now)
	case now.CreateAt != nil:
		clock := time.Now().UnixMilli()
		if running.CurrentTime != nil {
			clock = *running.CurrentTime
		}
		has = time.Duration(*now.CreateAt+*now.Duration-clock) * time.Millisecond
	}
	if ms := min(max(has, MinLease), MaxLease).Milliseconds(); l.Duration == nil || *l.Duration < ms {
		l.Duration = &ms
	}
	return l
}

// idleTime is the idle time after which a lease of the type IDLE stops the notebook. By
// the reference, the duration in an answer is that time plus the time from the creation
// of the lease to its last change; some services return the idle time alone. The one that
// is in whole minutes is taken, since people configure whole minutes, or else the larger
// one, so that the lease is not cut.
func idleTime(lease *modelarts.Lease) time.Duration {
	shown := time.Duration(*lease.Duration) * time.Millisecond
	if lease.CreateAt == nil || lease.UpdateAt == nil || shown%time.Minute == 0 {
		return shown
	}
	asked := shown - time.Duration(*lease.UpdateAt-*lease.CreateAt)*time.Millisecond
	whole := asked.Round(time.Minute)
	if whole < MinLease || (whole-asked).Abs() > apart {
		return shown
	}
	return max(asked, whole)
}

// apart is how far apart the times of one answer may be that are taken for the same.
const apart = time.Second
