package soak_test

import (
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// The probabilities of an action.
const (
	isActed = 0.1 // on a notebook, in a round
	faulted = 0.5 // while there are faults
)

// actions are those that a scheduled job could invoke, each with the status that it leads a
// notebook to; empty: the one that it has.
var actions = []struct {
	name, status string
	lease        bool
}{
	{"modelarts_notebook_start", statusRunning, false},
	{"modelarts_notebook_start", statusRunning, true},
	{"modelarts_notebook_stop", statusStopped, false},
	{"modelarts_notebook_restart", "", false},
	{"modelarts_notebook_renew_lease", "", true},
}

// act invokes an action on a notebook that runs or is stopped. With faults it may fail, and
// without it must not, but for the renewal of a stopped one. What ends well has led the
// notebook to where it is to be.
func (c *crew) act(n simulator.NotebookInfo) {
	a := pick(c.random, actions)
	with := acctest.Values{"notebook_id": n.ID}
	if a.lease {
		with["lease"] = acctest.Values{"type": "TIMING", "duration": "5h"}
	}
	disarm := func() map[string]int { return nil }
	if chance(c.random, faulted) {
		disarm = arm(c.s, c.random)
	}
	c.s.ResetRequests()
	c.actions++
	_, said := c.s.Protocol(c.t, nil).Invoke(c.t.Context(), a.name, with)
	faults := 0
	for name, met := range disarm() {
		c.faults[name] += met
		faults += met
	}
	c.settled()
	text, now := acctest.Said(said), c.status(n.ID)
	want := a.status
	if want == "" {
		want = n.Status
	}
	switch {
	case strings.Contains(text, "renews only the lease of a running notebook") && n.Status == statusStopped:
	case strings.Contains(text, "ERROR") && faults == 0:
		c.complain(&c.unclean, "the action %s failed: %s\ncalls:\n%s", a.name, text, calls(c.s))
	case !strings.Contains(text, "ERROR") && now != want:
		c.complain(&c.power, "the action %s ended well, and the notebook is %s: %s\ncalls:\n%s", a.name, now, text, calls(c.s))
	}
}

func (c *crew) status(id string) string {
	n, _ := c.s.Notebook(id)
	return n.Status
}
