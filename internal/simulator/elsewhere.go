package simulator

import (
	"fmt"
)

// StopNotebook begins to stop a notebook that runs, as somebody at the console
// does. The notebook is STOPPING for the time that a stop takes.
func (s *Simulator) StopNotebook(id string) error {
	return s.elsewhere(id, statusRunning, func(n *notebook) { s.beginStop(n, s.now(), nil) })
}

// StartNotebook begins to start a notebook that is stopped, as somebody at the
// console does: with a lease of type TIMING of one hour.
func (s *Simulator) StartNotebook(id string) error {
	return s.elsewhere(id, statusStopped, func(n *notebook) {
		now := s.now()
		n.Lease = newLease(now, leaseDefault, leaseTiming)
		s.beginStart(n, now, nil)
	})
}

// elsewhere does something to a notebook that has a status, without a request.
func (s *Simulator) elsewhere(id, status string, do func(*notebook)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	n := s.byID[id]
	switch {
	case n == nil:
		return fmt.Errorf("notebook %q: %w", id, errMissing)
	case n.Status != status:
		return fmt.Errorf("notebook %q: %w: it is %s and would have to be %s", id, errConflict, n.Status, status)
	}
	do(n)
	n.touch(now)
	return nil
}
