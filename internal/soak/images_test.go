package soak_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	registrations = 3 // images that a configuration registers, at most

	isRegistered   = 0.5 // an image that is not, in a round
	isUnregistered = 0.2
	isSavedAgain   = 0.15 // a notebook that runs, by the configuration
	isOpened       = 0.15 // the access of a notebook
	isRewritten    = 0.04 // the guide of an image, by another person
)

// registration is what a configuration says of an image that it registers.
type registration struct {
	guide string // empty: none
	tags  []string
}

func registeredName(i int) string { return fmt.Sprintf("registered-%d", i) }

// wishImages changes the images of the configuration at random. A notebook is saved where it
// runs and is meant to go on, and has another tag each time: images are kept.
func (c *crew) wishImages(before held, replaced changed) {
	for i := range c.registered {
		r := &c.registered[i]
		switch {
		case *r == nil && chance(c.random, isRegistered):
			*r = &registration{}
		case *r != nil && chance(c.random, isUnregistered):
			*r = nil
		}
		if *r != nil && chance(c.random, isChanged) {
			(*r).guide = pick(c.random, []string{"", "one", "two"})
			(*r).tags = pick(c.random, [][]string{nil, {"a"}, {"a", "b"}})
		}
	}
	for i, w := range c.wishes {
		if w == nil {
			continue
		}
		w.savedNow = false
		n, there := before[label(i)]
		switch {
		case !there || replaced[label(i)]:
			w.saved = "" // another notebook cannot have its tag
		case n.Status == statusRunning && w.desired != statusStopped && chance(c.random, isSavedAgain):
			c.versions++
			w.saved, w.savedNow = fmt.Sprintf("v%d", c.versions), true
		}
	}
}

// imagesHCL are the images of the configuration.
func (c *crew) imagesHCL() string {
	var text strings.Builder
	for i, r := range c.registered {
		if r == nil {
			continue
		}
		fmt.Fprintf(&text, "resource \"modelarts_image\" \"image_%d\" {\n  swr_path = \"swr.example.com/team/%s:1.0.0\"\n", i, registeredName(i))
		if r.guide != "" {
			fmt.Fprintf(&text, "  read_me = %q\n", r.guide)
		}
		if len(r.tags) > 0 {
			fmt.Fprintf(&text, "  tags = [\"%s\"]\n", strings.Join(r.tags, `", "`))
		}
		text.WriteString("}\n")
	}
	for i, w := range c.wishes {
		if w != nil && w.saved != "" {
			fmt.Fprintf(&text, "resource \"modelarts_notebook_image\" \"%[1]s_image\" {\n  notebook_id = modelarts_notebook.%[1]s.id\n  namespace = \"team\"\n  name = \"kept\"\n  tag = %[2]q\n  keep_on_destroy = true\n}\n", label(i), w.saved)
		}
	}
	return text.String()
}

// driftImages changes images elsewhere, or deletes them.
func (c *crew) driftImages() {
	for _, i := range c.s.Images() {
		switch {
		case !strings.HasPrefix(i.Name, "registered-"):
		case chance(c.random, isDeleted):
			c.s.RemoveImage(i.ID)
		case chance(c.random, isRewritten):
			guide := "drifted"
			if err := c.s.ChangeImage(i.ID, simulator.ImageDrift{ReadMe: &guide, Tags: &[]string{"drifted"}}); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// checkImages holds the images of the service against the configuration: each is there once.
func (c *crew) checkImages() {
	found := map[string][]simulator.ImageInfo{}
	for _, i := range c.s.Images() {
		if i.Status == "ACTIVE" {
			found[i.Name+":"+i.Tag] = append(found[i.Name+":"+i.Tag], i)
		}
	}
	for i, r := range c.registered {
		switch there := found[registeredName(i)+":1.0.0"]; {
		case r == nil && len(there) > 0:
			c.complain(&c.orphans, "nothing holds the image %+v", there)
			c.s.RemoveImage(there[0].ID)
		case r != nil && len(there) != 1:
			c.complain(&c.lost, "the image %s is there %d times", registeredName(i), len(there))
		}
	}
	for i, w := range c.wishes {
		if w != nil && w.saved != "" && len(found["kept:"+w.saved]) != 1 {
			c.complain(&c.lost, "%s was saved as kept:%s, of which there are %d: %v", label(i), w.saved, len(found["kept:"+w.saved]), slices.Sorted(maps.Keys(found)))
		}
	}
	for name, all := range found {
		if len(all) > 1 {
			c.complain(&c.duplicates, "the image %s is there %d times", name, len(all))
		}
	}
}

// open opens the access of a notebook that runs or is stopped. It is that of the notebook or
// an error, and without faults an error only where the notebook does not run.
func (c *crew) open(n simulator.NotebookInfo) {
	disarm := func() map[string]int { return nil }
	if chance(c.random, faulted) {
		disarm = arm(c.s, c.random)
	}
	c.s.ResetRequests()
	c.opened++
	got, said := c.s.Protocol(c.t, nil).Open("modelarts_notebook_access", acctest.Values{"notebook_id": n.ID})
	faults, stale := 0, 0
	for name, met := range disarm() {
		c.faults[name] += met
		faults += met
		if name == "stale" {
			stale += met
		}
	}
	text := acctest.Said(said)
	failed := strings.Contains(text, "ERROR")
	switch {
	case strings.Contains(text, n.Token) && n.Token != "":
		c.complain(&c.unclean, "an access shows the token: %s", text)
	case !failed && stale == 0 && (n.Status != statusRunning || got["token"] != n.Token):
		c.complain(&c.power, "the access of a notebook that is %s is %v\ncalls:\n%s", n.Status, got, calls(c.s))
	case failed && faults == 0 && n.Status == statusRunning:
		c.complain(&c.unclean, "the access failed: %s\ncalls:\n%s", text, calls(c.s))
	}
	for _, call := range c.s.Writes() {
		c.complain(&c.power, "an access called %s", call)
	}
}
