package answers_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/distort"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var (
	distortions    = flag.Int("answers.distortions", 12, "number of seeds of distorted answers")
	eachDistortion = flag.Bool("answers.eachdistortion", false, "lead lives under each single distortion besides")
	onlyDistortion = flag.String("answers.distortion", "", "lead the lives under these distortions alone, as a failing seed prints them")
)

const (
	// together is how many notebooks, each with distortions of its own, are in
	// one configuration.
	together = 25
	// late is how late distorted answers are that come late.
	late = time.Second
)

// subject is a notebook with the distortions of what is answered about it.
type subject struct {
	label, shape string
	distortions  []distort.Distortion

	id      string
	problem string // what went wrong first; empty: nothing
}

// String names what the subject can be made from again.
func (n *subject) String() string {
	texts := make([]string, len(n.distortions))
	for i, d := range n.distortions {
		texts[i] = d.String()
	}
	return fmt.Sprintf("%s %s: %s", n.label, n.shape, strings.Join(texts, ", "))
}

// ofSeed is the subject of a seed.
func ofSeed(seed uint64) *subject {
	random := rand.New(rand.NewPCG(seed, 11))
	n := &subject{label: fmt.Sprintf("n%d", seed), shape: shapeNames[random.IntN(len(shapeNames))]}
	members := slices.DeleteFunc(distort.Members(), func(m distort.Member) bool { return shapes[n.shape].lacks(m.Path) })
	for range 1 + []int{0, 0, 0, 1, 1, 2}[random.IntN(6)] {
		n.distortions = append(n.distortions, distort.Random(random, members))
	}
	if random.IntN(2) == 0 {
		// Entries of lists are not enough then, and the notebook is read by its ID.
		n.distortions = append(n.distortions, distort.Distortion{Kind: distort.Drop, Member: "url", Place: distort.Lists, While: distort.Always})
	}
	return n
}

// ofEach are subjects with one distortion each: every kind of every member, in each status
// that a notebook can stay in, wherever the member is. The seed chooses their shapes.
func ofEach(seed uint64) []*subject {
	random := rand.New(rand.NewPCG(seed, 12))
	var all []*subject
	for _, m := range distort.Members() {
		having := slices.DeleteFunc(slices.Clone(shapeNames), func(name string) bool { return shapes[name].lacks(m.Path) })
		for _, kind := range m.Kinds() {
			for _, while := range []distort.While{distort.Always, distort.Settled, distort.Running, distort.Stopped} {
				d := distort.Distortion{Kind: kind, Member: m.Path, Place: distort.Everywhere, While: while}
				if d.Validate() != nil || kind == distort.Delay && while != distort.Always {
					continue
				}
				all = append(all, &subject{
					label: fmt.Sprintf("each%d", len(all)), shape: having[random.IntN(len(having))], distortions: []distort.Distortion{d},
				})
			}
		}
	}
	return all
}

// TestDistortions leads notebooks through a life while what is answered about
// each of them is distorted by a seed. After each apply the plan is empty; nothing
// is stopped or replaced but by a change of the configuration; no notebook is
// lost or doubled; and the destroy leaves nothing.
func TestDistortions(t *testing.T) {
	t.Parallel()
	var all []*subject
	for i := range *distortions {
		all = append(all, ofSeed(*seed+uint64(i)))
	}
	if *eachDistortion {
		all = append(all, ofEach(*seed)...)
	}
	if *onlyDistortion != "" {
		given, err := distort.Parse(*onlyDistortion)
		if err != nil {
			t.Fatal(err)
		}
		all = nil
		for i, shape := range shapeNames {
			all = append(all, &subject{label: fmt.Sprintf("n%d", i), shape: shape, distortions: given})
		}
	}
	leadAll(t, all, false)
}

// leadAll leads the subjects through their lives, and fails for each for which
// something went wrong.
func leadAll(t *testing.T, all []*subject, doors bool) {
	t.Helper()
	t.Run("lives", func(t *testing.T) {
		for batch := range slices.Chunk(all, together) {
			t.Run("from "+batch[0].label, func(t *testing.T) {
				t.Parallel()
				c := newCrowd(t, batch)
				c.doors = doors
				c.live()
			})
		}
	})
	failed := 0
	for _, n := range all {
		if n.problem != "" {
			failed++
			t.Errorf("%s\n\t%s", n, n.problem)
		}
	}
	t.Logf("the property holds for %d of %d seeds", len(all)-failed, len(all))
}

// crowd are notebooks in one configuration, with the service that they live in.
type crowd struct {
	t     *testing.T
	s     *acctest.Service
	d     *distort.Server
	w     *acctest.Workspace
	all   []*subject
	stage stage
	// imports adds import blocks to the configuration.
	imports bool
	// doors reports that each notebook has a mount, and images: one that is saved from it,
	// and one that is registered.
	doors bool
}

func newCrowd(t *testing.T, all []*subject) *crowd {
	t.Helper()
	const quick = 30 * time.Millisecond
	c := &crowd{t: t, all: all, w: acctest.NewWorkspace(t, "")}
	c.s = acctest.NewBehind(t, simulator.Options{
		CreateTime: quick, StartTime: quick, StopTime: quick, DeleteTime: quick, ResizeTime: quick, MountTime: quick, SnapshotTime: quick,
	}, func(service http.Handler) http.Handler {
		c.d = distort.New(service, late, func(name string) []distort.Distortion {
			label, _, _ := strings.Cut(name, "-")
			for _, n := range all {
				if n.label == label {
					return n.distortions
				}
			}
			return nil
		})
		return c.d
	})
	return c
}

// well are the subjects for which nothing has gone wrong yet.
func (c *crowd) well() []*subject {
	return slices.DeleteFunc(slices.Clone(c.all), func(n *subject) bool { return n.problem != "" })
}

// live leads the crowd through its life.
func (c *crowd) live() {
	slots <- struct{}{}
	defer func() { <-slots }()
	c.apply("create", created, "RUNNING", 0)
	c.emptyPlan("plan after the create")
	c.apply("change of everything", changedAll, "RUNNING", 1)
	c.emptyPlan("plan after the change")
	c.stopBehindTheirBacks()
	c.emptyPlan("plan after a stop elsewhere")
	c.apply("change while stopped", asleep, "STOPPED", 1)
	c.emptyPlan("plan after that change")
	c.apply("start", awake, "RUNNING", 0)
	c.emptyPlan("plan after the start")
	if !c.doors {
		c.importAll()
	}
	c.destroy()
}

// configure writes the configuration of those that are well.
func (c *crowd) configure() {
	c.t.Helper()
	text := c.s.Provider(fmt.Sprintf("project_id = %q", c.s.Options().ProjectID))
	for _, n := range c.well() {
		text += fmt.Sprintf("\nresource \"modelarts_notebook\" %q {\n%s}\n", n.label, shapes[n.shape].hcl(n.label, c.stage))
		if c.doors {
			text += n.besides()
		}
		if c.imports {
			text += fmt.Sprintf("import {\n  to = modelarts_notebook.%s\n  id = %q\n}\n", n.label, n.id)
		}
	}
	c.w.Configure(c.t, text)
}

// blame notes what went wrong with a subject first.
func (n *subject) blame(step, format string, args ...any) {
	if n.problem == "" {
		n.problem = step + ": " + fmt.Sprintf(format, args...)
	}
}

// message is a line of what Terraform prints with -json.
type message struct {
	Type       string `json:"type"`
	Message    string `json:"@message"`
	Diagnostic struct {
		Severity, Summary, Detail, Address string
	} `json:"diagnostic"`
	Change struct {
		Resource struct {
			Addr string `json:"addr"`
		} `json:"resource"`
		Action string `json:"action"`
	} `json:"change"`
}

// run runs Terraform, blames those that its errors are about, and returns its
// messages.
func (c *crowd) run(step string, args ...string) []message {
	c.t.Helper()
	out, err := c.w.Run(c.t, append(args[:1:1], append([]string{"-json", "-parallelism=50"}, args[1:]...)...)...)
	var messages []message
	blamed := false
	for line := range strings.Lines(out) {
		var m message
		if json.Unmarshal([]byte(line), &m) != nil {
			continue
		}
		messages = append(messages, m)
		if m.Diagnostic.Severity != "error" {
			continue
		}
		text := strings.Join(strings.Fields(m.Diagnostic.Summary+": "+m.Diagnostic.Detail), " ")
		if len(text) > 400 {
			text = text[:400]
		}
		for _, n := range c.all {
			if n.owns(m.Diagnostic.Address) || m.Diagnostic.Address == "" {
				n.blame(step, "%s", text)
				blamed = true
			}
		}
	}
	if err != nil && !blamed {
		for _, n := range c.all {
			n.blame(step, "%v\n%s", err, out)
		}
	}
	return messages
}

func (n *subject) address() string { return "modelarts_notebook." + n.label }

// owns reports whether a resource is the notebook of the subject, or beside it.
func (n *subject) owns(address string) bool { return strings.HasSuffix(address, "."+n.label) }

// apply applies a stage of the configurations. The notebooks must be the same ones
// afterwards, in the status, and stopped at most so often.
func (c *crowd) apply(step string, stage stage, status string, stops int) {
	c.t.Helper()
	c.stage = stage
	for {
		before := len(c.well())
		if before == 0 {
			return
		}
		c.evict()
		c.configure()
		c.s.ResetRequests()
		c.run(step, "apply", "-auto-approve")
		// An error in the plan has kept the others from being applied.
		if len(c.well()) == before || len(c.s.Writes()) > 0 {
			break
		}
	}
	c.check(step, status, stops)
}

// check looks at what the service holds after an apply.
func (c *crowd) check(step, status string, stops int) {
	c.t.Helper()
	held := map[string][]simulator.NotebookInfo{}
	for _, n := range c.s.Notebooks() {
		label, _, _ := strings.Cut(n.Name, "-")
		held[label] = append(held[label], n)
	}
	stopped := map[string]int{}
	for _, r := range c.s.Requests() {
		if r.Operation == "StopNotebook" && r.ErrorCode == "" {
			stopped[r.NotebookID]++
		}
	}
	state := c.state()
	for _, n := range c.well() {
		own := held[n.label]
		if len(own) != 1 {
			n.blame(step, "the service holds %d notebooks", len(own))
			continue
		}
		switch {
		case n.id != "" && n.id != own[0].ID:
			n.blame(step, "the notebook was replaced")
		case state[n.label] != own[0].ID:
			n.blame(step, "the state holds %q, and the service %q", state[n.label], own[0].ID)
		case own[0].Status != status:
			n.blame(step, "the notebook is %s, not %s", own[0].Status, status)
		case stopped[own[0].ID] > stops:
			n.blame(step, "the notebook was stopped %d times", stopped[own[0].ID])
		case c.doors:
			c.checkDoors(step, n, own[0])
		}
		n.id = own[0].ID
	}
}

// state reads the IDs in the state by the labels of their resources.
func (c *crowd) state() map[string]string {
	c.t.Helper()
	ids := map[string]string{}
	text, err := os.ReadFile(filepath.Join(c.w.Dir, "terraform.tfstate"))
	if err != nil {
		return ids // nothing was made
	}
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct {
				Attributes struct{ ID string }
			}
		}
	}
	if err := json.Unmarshal(text, &state); err != nil {
		c.t.Fatal(err)
	}
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			if r.Type == "modelarts_notebook" {
				ids[r.Name] = i.Attributes.ID
			}
		}
	}
	return ids
}

// evict takes those out of state and service with which something has gone wrong,
// so that the others can go on.
func (c *crowd) evict() {
	c.t.Helper()
	state := c.state()
	args := []string{"state", "rm"}
	for _, n := range c.all {
		if n.problem == "" {
			continue
		}
		if state[n.label] != "" {
			args = append(args, n.address())
		}
		if c.doors {
			c.evictDoors(n, &args)
		}
		for _, held := range c.s.Notebooks() {
			if label, _, _ := strings.Cut(held.Name, "-"); label == n.label {
				c.s.Remove(held.ID)
			}
		}
	}
	if len(args) > 2 {
		c.w.MustRun(c.t, args...)
	}
}

// emptyPlan wants a plan that changes nothing, and says of those for which it does
// what it changes.
func (c *crowd) emptyPlan(step string) {
	c.t.Helper()
	c.plan(step, func(action string) bool { return action != "noop" && action != "read" })
}

// plan makes a plan, and blames those for which it does what it must not.
func (c *crowd) plan(step string, wrong func(action string) bool) {
	c.t.Helper()
	if len(c.well()) == 0 {
		return
	}
	c.evict()
	c.configure()
	planned := map[string]string{}
	for _, m := range c.run(step, "plan", "-out=plan") {
		if m.Type == "planned_change" && wrong(m.Change.Action) {
			planned[m.Change.Resource.Addr] = m.Change.Action
		}
	}
	if len(planned) == 0 {
		return
	}
	text := c.w.MustRun(c.t, "show", "plan")
	for _, n := range c.well() {
		for address, action := range planned {
			if !n.owns(address) {
				continue
			}
			_, own, _ := strings.Cut(text, "# "+address+" ")
			own, _, _ = strings.Cut(own, "\n  # ")
			n.blame(step, "%s of %s is planned: %s", action, address, firstChange(own))
		}
	}
}

func (c *crowd) stopBehindTheirBacks() {
	c.t.Helper()
	stopped := "STOPPED"
	for _, n := range c.well() {
		if err := c.s.Change(n.id, simulator.Drift{Status: &stopped}); err != nil {
			n.blame("stop elsewhere", "%v", err)
		}
	}
}

// importAll imports the notebooks into a workspace of its own. Nothing may be
// replaced, and after the apply of it the plan is empty.
func (c *crowd) importAll() {
	c.t.Helper()
	before := c.w
	c.w, c.imports = acctest.NewWorkspace(c.t, ""), true
	c.plan("import", func(action string) bool {
		return strings.Contains(action, "replace") || action == "delete" || action == "create"
	})
	c.apply("apply of the import", awake, "RUNNING", 1)
	c.emptyPlan("plan after the import")
	c.w, c.imports = before, false
}

// destroy leaves nothing behind.
func (c *crowd) destroy() {
	c.t.Helper()
	c.evict()
	c.configure()
	c.run("destroy", "destroy", "-auto-approve")
	for _, held := range c.s.Notebooks() {
		label, _, _ := strings.Cut(held.Name, "-")
		for _, n := range c.all {
			if n.label == label {
				n.blame("destroy", "the service still holds the notebook, %s", held.Status)
			}
		}
	}
}

// ---- the notebooks ----
