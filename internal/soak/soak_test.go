// Package soak lets notebooks, with their mounts and images, live at random lives under
// random faults, and counts what went wrong: "make soak".
package soak_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var (
	lives = flag.Int("soak.lives", 12, "how many notebooks live from their create to their destroy, at least")
	seed  = flag.Uint64("soak.seed", 1, "seed of all that is random; 0 takes one from the clock")
	// answers is off by default: "make soak" sets it.
	answers = flag.Bool("soak.answers", false, "let the service give random answers to all open questions of the contract, others in each round")
	crews   = flag.Int("soak.crews", 1, "how many configurations live at a time, each with a service of its own")
)

const (
	statusRunning      = "RUNNING"
	statusStopped      = "STOPPED"
	statusStartFailed  = "START_FAILED"
	statusCreateFailed = "CREATE_FAILED"

	// together is how many notebooks a configuration has.
	together = 10
	// enough is how many things may go wrong before it is clear that it is no use.
	enough = 20
)

// The probabilities of what happens to a notebook in a round.
const (
	isMade      = 0.9
	isDestroyed = 0.35
	isReplaced  = 0.04
	isChanged   = 0.7
	drifted     = 0.35
	isSaved     = 0.08 // as an image, in the console
	isDeleted   = 0.04 // by another person

	// tries is how often a round applies with faults that hit the plan already.
	tries = 3

	leaseEnds = 0.2 // of the round
	cancelled = 0.1 // of the round
)

// TestSoak lets notebooks live. Each round changes the configuration and the
// service at random, applies while a fifth of all calls fails, and applies once
// more without faults. After that, whatever the first apply has met, the service
// holds what the configuration says and nothing else, each notebook is still the
// same, those that ran run, those that were stopped are stopped, and the plan is
// empty.
func TestSoak(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	var mu sync.Mutex
	total := tally{faults: map[string]int{}}
	began := time.Now()
	t.Run("crews", func(t *testing.T) {
		for number := range *crews {
			t.Run(fmt.Sprint(number), func(t *testing.T) {
				t.Parallel()
				c := newCrew(t, uint64(number))
				c.live((*lives + *crews - 1) / *crews)
				mu.Lock()
				defer mu.Unlock()
				total.add(c.tally)
			})
		}
	})
	t.Logf("seed %d, %s\n%s", *seed, time.Since(began).Round(time.Second), &total)
	if wrong := total.wrong(); wrong > 0 {
		t.Errorf("%d things went wrong (-soak.seed=%d)", wrong, *seed)
	}
	if total.injected() == 0 {
		t.Error("no fault hit a call: nothing is shown")
	}
}

// crew is a configuration with its service.
type crew struct {
	t      *testing.T
	s      *acctest.Service
	w      *acctest.Workspace
	random *rand.Rand
	wishes [together]*wish
	made   int // names that were given
	saves  int // notebooks that were saved as images, in the console
	// registered are the images that are registered, and versions the tags of those that
	// notebooks were saved as.
	registered [registrations]*registration
	versions   int
	tally
}

func newCrew(t *testing.T, number uint64) *crew {
	t.Helper()
	s := acctest.New(t, simulator.Options{})
	return &crew{
		t: t, s: s, w: acctest.NewWorkspace(t, s.Provider("")),
		random: rand.New(rand.NewPCG(*seed, number)),
		tally:  tally{faults: map[string]int{}},
	}
}

func label(i int) string { return fmt.Sprintf("n%d", i) }

// live lets so many notebooks live, and destroys those that are left.
func (c *crew) live(lives int) {
	for c.lives < lives && c.wrong() < enough {
		c.round(c.wish)
	}
	c.round(func(held) changed {
		c.wishes, c.registered = [together]*wish{}, [registrations]*registration{}
		return nil
	})
}

// held are the notebooks of the state by their labels, as the service knows
// them; those that it does not know are missing.
type held map[string]simulator.NotebookInfo

// changed are the labels whose notebooks must become others.
type changed map[string]bool

// wish changes the configuration at random.
func (c *crew) wish(before held) changed {
	replaced := changed{}
	for i, w := range c.wishes {
		if w != nil {
			w.before = w.image
		}
		switch {
		case w == nil && chance(c.random, isMade):
			c.made++
			c.wishes[i] = newWish(c.random, label(i), c.made)
		case w == nil:
		case chance(c.random, isDestroyed):
			c.wishes[i] = nil
		case chance(c.random, isChanged):
			w.capacity = max(w.capacity, before[label(i)].Volume.Capacity)
			for range 1 + c.random.IntN(3) {
				pick(c.random, changes)(c.random, w)
			}
			if chance(c.random, isReplaced) {
				w.workspace = map[string]string{"0": simulator.DefaultWorkspace, simulator.DefaultWorkspace: "0"}[w.workspace]
				replaced[label(i)] = true
			}
		}
	}
	c.wishImages(before, replaced)
	return replaced
}

// refused are the answers under which a configuration of the soak cannot be
// applied by any client, each with the reason.
var refused = map[string]string{
	"name-unique":          "two notebooks can have the same name here",
	"volume-grow-step":     "volumes grow by less than 100 GB here",
	"gone-6357":            "notebooks are deleted by somebody else here, and destroys are cut: no refresh can tell what is gone from what is busy",
	"update-empty-ignored": "descriptions, hooks and key pairs are removed here, and stay then",
}

// expected is what must come of a round.
type expected struct {
	stay   map[string]string   // labels and IDs of the notebooks that stay
	power  map[string]string   // power states by label
	images map[string][]string // the images that notebooks were saved as, of which they have one, by label
	going  map[string]bool     // IDs of the notebooks that must go
	wanted int                 // notebooks to be made

	failed  map[string]bool // IDs of those whose creation failed
	healthy map[string]bool // IDs of those that came up, or were there
}

func (c *crew) expect(before held, replaced changed) *expected {
	e := &expected{stay: map[string]string{}, power: map[string]string{}, images: map[string][]string{}, going: map[string]bool{}, failed: map[string]bool{}, healthy: map[string]bool{}}
	for i, w := range c.wishes {
		n, there := before[label(i)]
		stays := there && w != nil && !replaced[label(i)]
		switch {
		case stays:
			e.stay[label(i)] = n.ID
			if w.image == w.before && !w.savedNow && !slices.Contains(presets, n.ImageID) {
				e.images[label(i)] = []string{n.ImageID, n.NextImageID}
			}
		case there:
			e.going[n.ID] = true
			c.lives++
		}
		if w == nil {
			continue
		}
		e.power[label(i)] = statusRunning
		if stays {
			e.power[label(i)] = n.Status
		} else {
			e.wanted++
		}
		if w.desired != "" {
			e.power[label(i)] = w.desired
		}
	}
	return e
}

// round makes one round. See TestSoak.
func (c *crew) round(change func(held) changed) {
	c.t.Helper()
	c.rounds++
	c.s.Configure(c.manners)
	c.drift(c.held())
	before := c.held()
	e := c.expect(before, change(before))
	config := c.s.Provider("")
	for i, w := range c.wishes {
		if w != nil {
			config += w.hcl(label(i))
		}
	}
	c.w.Configure(c.t, config+c.imagesHCL())

	c.s.ResetRequests()
	printed := ""
	for try := 0; try < tries && len(c.s.Writes()) == 0; try++ {
		printed += c.faulty()
		c.settled()
		for _, n := range c.s.Notebooks() {
			switch {
			case n.Status == statusCreateFailed:
				e.failed[n.ID] = true
			case !e.going[n.ID]:
				e.healthy[n.ID] = true
			}
		}
	}
	c.calls += len(c.s.Requests())

	clean, err := c.w.Run(c.t, "apply", "-auto-approve")
	wrong := c.wrong()
	if err != nil {
		c.complain(&c.unclean, "the apply without faults failed: %v", err)
	} else {
		c.settled()
		c.check(e)
		c.checkImages()
	}
	if c.wrong() > wrong {
		c.t.Logf("-soak.seed=%d, round %d, answers %s\n", *seed, c.rounds, strings.Join(c.s.Options().Answers, ","))
		c.t.Logf("the applies with faults:\n%s\nthe apply without:\n%s\ncalls:\n%s", printed, clean, calls(c.s))
	}
}

func (c *crew) complain(count *int, format string, args ...any) {
	c.t.Helper()
	*count++
	c.t.Errorf("seed %d, round %d: %s", *seed, c.rounds, fmt.Sprintf(format, args...))
}

// check holds the service and the state against what must have come of a round.
func (c *crew) check(e *expected) {
	made := 0
	for _, r := range c.s.Requests() {
		if r.Operation == "CreateNotebook" && r.NotebookID != "" {
			made++
		}
	}
	// In the place of each whose creation failed there is another one.
	for extra := range made - e.wanted - len(e.failed) {
		c.complain(&c.duplicates, "notebook %d too many was made", extra+1)
	}

	state, known := c.state(), map[string]bool{}
	for _, id := range state {
		known[id] = true
	}
	after := map[string]simulator.NotebookInfo{}
	for _, n := range c.s.Notebooks() {
		after[n.ID] = n
		if !known[n.ID] {
			c.complain(&c.orphans, "nothing holds %s (%s)", n.ID, n.Name)
			c.s.Remove(n.ID)
		}
	}
	for id := range e.healthy {
		if _, there := after[id]; !there {
			c.complain(&c.lost, "the notebook %s was healthy and is gone", id)
		}
	}
	for i, w := range c.wishes {
		n, there := after[state[label(i)]]
		switch {
		case w == nil && state[label(i)] != "":
			c.complain(&c.orphans, "%s is still in the state", label(i))
		case w == nil:
		case !there:
			c.complain(&c.lost, "the notebook %q of %s does not exist", state[label(i)], label(i))
		case e.stay[label(i)] != "" && e.stay[label(i)] != n.ID:
			c.complain(&c.lost, "%s was %s and is %s now", label(i), e.stay[label(i)], n.ID)
		case n.Status != e.power[label(i)]:
			c.complain(&c.power, "%s is %s, and should be %s", label(i), n.Status, e.power[label(i)])
		case len(e.images[label(i)]) > 0 && !slices.Contains(e.images[label(i)], n.ImageID):
			c.complain(&c.lost, "%s was saved as one of the images %q, and has %s now", label(i), e.images[label(i)], n.ImageID)
		case w.unlike(n, c.excused(w, n)) != "":
			c.complain(&c.unlike, "the %s of %s is not as configured: %+v, want %+v", w.unlike(n, c.excused(w, n)), label(i), n, *w)
		}
	}
	if out, err := c.w.Run(c.t, "plan", "-detailed-exitcode"); err != nil {
		c.complain(&c.notEmpty, "the plan is not empty: %v\n%s", err, out)
	}
}

// excused is what no client can bring to what is configured, or see: the apply warns of
// the lease.
func (c *crew) excused(w *wish, n simulator.NotebookInfo) map[string]bool {
	excused := hidden(c.s, n)
	if (w.image == w.before || w.savedNow) && !slices.Contains(presets, n.ImageID) {
		excused["image"] = true // it was saved as that one, and goes on with it
	}
	if strings.Contains(w.lease, "IDLE") && slices.Contains(c.s.Options().Answers, "lease-renewal-query") {
		excused["lease"] = true // a renewal takes nothing but a duration, and only of a lease that is TIMING
	}
	return excused
}

// hidden is what answers do not show of a notebook that does not run, under some
// answers to open questions.
func hidden(s *acctest.Service, n simulator.NotebookInfo) map[string]bool {
	if n.Status == statusRunning || !hides(s) {
		return map[string]bool{}
	}
	return map[string]bool{"tags": true, "endpoints": true}
}

// hides reports whether answers hide something of a notebook that does not run.
func hides(s *acctest.Service) bool {
	given := s.Options().Answers
	return slices.Contains(given, "stopped-absent") || slices.Contains(given, "stopped-empty")
}

// faulty applies while a fifth of all calls fails, and now and then somebody
// presses Ctrl-C. It returns what was printed.
func (c *crew) faulty() string {
	defer func(disarm func() map[string]int) {
		for name, n := range disarm() {
			c.faults[name] += n
		}
	}(arm(c.s, c.random))
	run := c.w.Start(c.t, "apply", "-auto-approve")
	if chance(c.random, cancelled) {
		after := time.AfterFunc(time.Duration(1000+c.random.IntN(4000))*time.Millisecond, func() {
			_ = run.Interrupt() // it may be over
		})
		defer func() {
			if !after.Stop() {
				c.cancelled++
			}
		}()
	}
	out, err := run.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	if err != nil {
		c.failed++
	}
	return out
}

// settled waits until no notebook is on its way anywhere.
func (c *crew) settled() {
	acctest.Eventually(c.t, "all notebooks have settled", func() bool {
		return !slices.ContainsFunc(c.s.Notebooks(), func(n simulator.NotebookInfo) bool {
			return strings.HasSuffix(n.Status, "ING") && n.Status != statusRunning || n.Volume.Status != ""
		})
	})
}

// state reads the IDs in the state by the labels of their resources.
func (c *crew) state() map[string]string {
	text, err := os.ReadFile(filepath.Join(c.w.Dir, "terraform.tfstate"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var state struct {
		Resources []struct {
			Name      string
			Instances []struct {
				Attributes struct{ ID string }
			}
		}
	}
	if err := errors.Join(err, json.Unmarshal(text, &state)); err != nil {
		c.t.Fatal(err)
	}
	ids := map[string]string{}
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			ids[r.Name] = i.Attributes.ID
		}
	}
	return ids
}

func (c *crew) held() held {
	found := held{}
	for label, id := range c.state() {
		if n, there := c.s.Notebook(id); there {
			found[label] = n
		}
	}
	return found
}

// calls tells of the calls since the last reset.
func calls(s *acctest.Service) string {
	var text strings.Builder
	for _, r := range s.Requests() {
		fmt.Fprintf(&text, "%s %s %.8s %d %s %s\n", r.Time.Format("05.000"), r.Operation, r.NotebookID, r.Status, r.ErrorCode, r.FaultKind)
	}
	return text.String()
}
