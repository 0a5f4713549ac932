package soak_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// manners has the service behave at random in one of the ways that it is known
// to have.
func (c *crew) manners(o *simulator.Options) {
	for _, d := range []*time.Duration{&o.CreateTime, &o.StartTime, &o.StopTime, &o.DeleteTime, &o.ResizeTime, &o.MountTime, &o.SnapshotTime} {
		*d = pick(c.random, []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond})
	}
	o.StartsInit = chance(c.random, 0.2)
	o.Lag = pick(c.random, []time.Duration{50 * time.Millisecond, 300 * time.Millisecond})
	if *answers {
		o.Answers = acctest.RandomAnswers(c.random, slices.Collect(maps.Keys(refused))...)
		return
	}
	o.Answers = nil
	for _, rare := range []string{
		"delete-stopped-only", "delete-no-content", "conflict-exact", "lease-renewal-echo", "times-absent", "billing-all",
		"endpoint-old-names", "step-old-name", "update-answers-all",
	} {
		if chance(c.random, 0.2) {
			o.Answers = append(o.Answers, rare)
		}
	}
	if chance(c.random, 0.5) {
		o.Answers = append(o.Answers, "start-failed-taken") // so that failed starts are among the faults
	}
	for _, exclusive := range [][]string{
		{"", "gone-404", "gone-6404", "gone-deleted"},
		{"volume-grow-stopped", "update-stopped-only", ""},
	} {
		if id := pick(c.random, exclusive); id != "" {
			o.Answers = append(o.Answers, id)
		}
	}
}

// drift changes the service at random.
func (c *crew) drift(before held) {
	for i := range c.wishes {
		n, there := before[label(i)]
		switch {
		case !there:
		case (n.Status == statusRunning || n.Status == statusStopped) && chance(c.random, isActed):
			c.act(n)
		case (n.Status == statusRunning || n.Status == statusStopped) && chance(c.random, isOpened):
			c.open(n)
		case !chance(c.random, drifted):
		case chance(c.random, isDeleted/drifted):
			c.s.Remove(n.ID)
			c.lives++
		case n.Status == statusRunning && chance(c.random, isSaved/drifted):
			c.saves++
			if _, err := c.s.SaveElsewhere(n.ID, fmt.Sprintf("saved-%d", c.saves)); err != nil {
				c.t.Fatal(err)
			}
		default:
			drift := pick(c.random, drifts)(c.random, n)
			if drift.Tags != nil && hides(c.s) {
				continue // a start of this round would show them after its plan
			}
			if err := c.s.Change(n.ID, drift); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	c.driftImages()
	if chance(c.random, leaseEnds) {
		c.s.Advance(time.Duration(1+c.random.IntN(3)) * time.Hour)
	}
	c.settled()
	c.repair()
}

// repair makes notebooks STOPPED that are START_FAILED after a start for a mount or by an
// action: no configuration wants them to run, and no change is taken before that.
func (c *crew) repair() {
	for _, n := range c.s.Notebooks() {
		if n.Status != statusStartFailed {
			continue
		}
		if err := c.s.Change(n.ID, simulator.Drift{Status: new(statusStopped)}); err != nil {
			c.t.Fatal(err)
		}
	}
}
