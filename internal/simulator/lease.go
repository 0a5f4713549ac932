package simulator

import (
	"net/url"
	"strings"
	"time"
)

// The range of a lease in milliseconds, and its length when nothing is said.
const (
	leaseMin     = 3600000
	leaseMax     = 259200000
	leaseDefault = 3600000
	// leaseOff is the duration of a lease that is switched off.
	leaseOff = -1

	leaseTiming = "TIMING"
	leaseIdle   = "IDLE"
)

// newLease is a lease that begins now.
func newLease(now time.Time, duration int64, kind string) Lease {
	return Lease{Enabled: duration != leaseOff, Type: kind, Duration: duration, Since: now, UpdatedAt: now}
}

// checkLease refuses a duration out of range. Only where it is attested does
// -1 switch the lease off.
func checkLease(duration int64, canBeOff bool) *problem {
	if duration == leaseOff && canBeOff || duration >= leaseMin && duration <= leaseMax {
		return nil
	}
	return refusal("ModelArts.6349", "")
}

// readLease reads the lease of a create. The duration beside it has it ignored.
func (s *Simulator) readLease(body *reader, now time.Time) Lease {
	duration, kind := int64(leaseDefault), leaseTiming
	if lease := body.object("lease"); lease != nil {
		set(&duration, lease.integer("duration"))
		kind = s.readLeaseType(lease, leaseTiming)
	}
	if instead := body.integer("duration"); instead != nil {
		if p := checkLease(*instead, true); p != nil {
			body.fail(p)
		}
		return newLease(now, *instead, leaseTiming)
	}
	if p := checkLease(duration, s.isB("lease-off-anywhere")); p != nil {
		body.fail(p)
	}
	return newLease(now, duration, kind)
}

// queryLease reads the lease of a start.
func (s *Simulator) queryLease(query url.Values, now time.Time) (Lease, *problem) {
	duration, p := queryInt(query, "duration", leaseDefault)
	if p != nil {
		return Lease{}, p
	}
	kind, p := queryEnum(query, "type", strings.ToLower(leaseTiming), s.leaseTypes()...)
	if p != nil {
		return Lease{}, p
	}
	if p := checkLease(duration, true); p != nil {
		return Lease{}, p
	}
	return newLease(now, duration, strings.ToUpper(kind)), nil
}

// leaseTypes are the types of a lease, as requests have them.
func (s *Simulator) leaseTypes() []string {
	types := []string{strings.ToLower(leaseTiming), strings.ToLower(leaseIdle)}
	if s.isB("lease-any-case") {
		types = append(types, leaseTiming, leaseIdle)
	}
	return types
}

// readLeaseType reads the type of a lease and returns it in upper case.
func (s *Simulator) readLeaseType(r *reader, absent string) string {
	return strings.ToUpper(r.exactEnum("type", absent, s.leaseTypes()...))
}

func (s *Simulator) showLease(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	if n.Status != statusRunning {
		return nil, s.notRunning(n)
	}
	return ok(s.lease(n)), nil
}

// renewLease has the lease of a notebook that runs begin again. The duration
// of the query comes before that of the body.
func (s *Simulator) renewLease(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	body, p := readOptionalBody(c.body)
	if p != nil {
		return nil, p
	}
	duration := int64(leaseDefault)
	set(&duration, body.integer("duration"))
	kind := s.readLeaseType(body, n.Lease.Type)
	if p := body.failure(); p != nil {
		return nil, p
	}
	if c.query.Get("duration") != "" {
		kind = leaseTiming
	}
	if duration, p = queryInt(c.query, "duration", duration); p != nil {
		return nil, p
	}
	if n.Status != statusRunning {
		return nil, s.notRunning(n)
	}
	if s.isB("lease-renewal-query") && c.query.Get("duration") == "" {
		return ok(s.lease(n)), nil
	}
	if p := checkLease(duration, s.isB("lease-off-anywhere")); p != nil {
		return nil, p
	}
	n.Lease = newLease(c.now, duration, kind)
	n.touch(c.now)
	shown := s.lease(n)
	if s.isB("lease-renewal-echo") && n.Lease.Enabled {
		shown.Duration = duration
	}
	return ok(shown), nil
}
