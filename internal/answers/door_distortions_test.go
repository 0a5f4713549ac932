package answers_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/distort"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var doorDistortions = flag.Int("answers.doordistortions", 4, "number of seeds of distorted answers about mounts and images")

// doorOfSeed is the subject of a seed, with distortions of what is answered about its mount
// and its images.
func doorOfSeed(seed uint64) *subject {
	random := rand.New(rand.NewPCG(seed, 13))
	n := &subject{label: fmt.Sprintf("d%d", seed), shape: "disk"}
	for range 1 + random.IntN(2) {
		of := distort.MountMembers()
		if random.IntN(2) == 0 {
			of = distort.ImageMembers()
		}
		n.distortions = append(n.distortions, distort.Random(random, of))
	}
	return n
}

// TestDoorDistortions is TestDistortions for notebooks with a mount and images, while what is
// answered about those is distorted: nothing is planned after an apply, no mount is lost or
// doubled, no image is saved or registered twice, and the destroy leaves nothing.
func TestDoorDistortions(t *testing.T) {
	t.Parallel()
	var all []*subject
	if *onlyDistortion != "" {
		given, err := distort.Parse(*onlyDistortion)
		if err != nil {
			t.Fatal(err)
		}
		all = []*subject{{label: "d0", shape: "disk", distortions: given}}
	} else {
		for i := range *doorDistortions {
			all = append(all, doorOfSeed(*seed+uint64(i)))
		}
	}
	leadAll(t, all, true)
}

// besides are the mount and the images of a subject.
func (n *subject) besides() string {
	return strings.NewReplacer("LABEL", n.label).Replace(`
resource "modelarts_notebook_storage" "LABEL" {
  notebook_id = modelarts_notebook.LABEL.id
  category    = "obsfs"
  uri         = "obs://bucket/LABEL"
  mount_path  = "/data/storage"
}
resource "modelarts_notebook_image" "LABEL" {
  notebook_id = modelarts_notebook.LABEL.id
  namespace   = "team"
  name        = "LABEL-saved"
  tag         = "1.0.0"
  description = "saved"
}
resource "modelarts_image" "LABEL" {
  swr_path    = "swr.example.com/team/LABEL-registered:1.0.0"
  arch        = "x86_64"
  description = "registered"
  services    = ["SSH", "NOTEBOOK"]
  tags        = ["b", "a"]
}
`)
}

// checkDoors looks at the mount and the images that the service holds.
func (c *crowd) checkDoors(step string, n *subject, own simulator.NotebookInfo) {
	c.t.Helper()
	var mounted []string
	for _, st := range own.Storages {
		if st.Status != "UNMOUNTED" {
			mounted = append(mounted, st.Status)
		}
	}
	if own.Status == "RUNNING" && (len(mounted) != 1 || mounted[0] != "MOUNTED") {
		n.blame(step, "mounted: %q", mounted)
	}
	images := map[string]int{}
	for _, i := range c.s.Images() {
		images[i.Name]++
	}
	for _, name := range []string{n.label + "-saved", n.label + "-registered"} {
		if images[name] != 1 {
			n.blame(step, "there are %d images %s", images[name], name)
		}
	}
	for _, r := range c.s.Requests() {
		if r.Operation == "DeleteImage" {
			n.blame(step, "an image was deleted")
		}
	}
}

// evictDoors takes the mount and the images of a subject out of the service, and adds those
// that the state has to args.
func (c *crowd) evictDoors(n *subject, args *[]string) {
	c.t.Helper()
	text, _ := os.ReadFile(filepath.Join(c.w.Dir, "terraform.tfstate")) // there may be none
	var state struct {
		Resources []struct{ Type, Name string }
	}
	_ = json.Unmarshal(text, &state)
	for _, r := range state.Resources {
		if r.Name == n.label && r.Type != "modelarts_notebook" {
			*args = append(*args, r.Type+"."+r.Name)
		}
	}
	for _, i := range c.s.Images() {
		if strings.HasPrefix(i.Name, n.label+"-") {
			c.s.RemoveImage(i.ID)
		}
	}
}
