package soak_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// wish is what a configuration says of a notebook.
type wish struct {
	name, description, flavor, image, workspace string
	capacity                                    int64
	tags                                        map[string]string
	lease                                       string // in HCL; empty: none
	hook                                        string // empty: none
	keys                                        []string
	desired                                     string            // empty: none
	mounts                                      map[string]string // sources by the last part of the path
	before                                      string            // the image before the round
	saved                                       string            // the tag of the image that it was saved as last; empty: none
	savedNow                                    bool              // in this round
}

// presets are the images that configurations give.
var presets = []string{acctest.Image, acctest.OtherImage}

// newWish is a notebook at random. Now and then two have the same name.
func newWish(random *rand.Rand, label string, number int) *wish {
	w := &wish{
		name: fmt.Sprintf("%s-%d", label, number), flavor: acctest.Flavor, image: acctest.Image, workspace: "0",
		capacity: 5, tags: map[string]string{}, mounts: map[string]string{},
	}
	if chance(random, 0.2) {
		w.name = "twin"
	}
	for range random.IntN(4) {
		pick(random, changes)(random, w)
	}
	return w
}

// changes are what a person can change in a configuration, besides what replaces
// the notebook.
var changes = []func(*rand.Rand, *wish){
	func(r *rand.Rand, w *wish) { w.name = "renamed-" + strconv.Itoa(r.IntN(1000)) },
	func(r *rand.Rand, w *wish) { w.description = pick(r, []string{"", "one", "two"}) },
	func(r *rand.Rand, w *wish) { w.flavor = pick(r, []string{acctest.Flavor, acctest.LargerFlavor}) },
	func(r *rand.Rand, w *wish) { w.image = pick(r, presets) },
	func(r *rand.Rand, w *wish) { w.capacity += 1 + r.Int64N(3) },
	func(r *rand.Rand, w *wish) { w.tags[pick(r, []string{"team", "stage"})] = strconv.Itoa(r.IntN(9)) },
	func(r *rand.Rand, w *wish) { delete(w.tags, pick(r, []string{"team", "stage"})) },
	func(r *rand.Rand, w *wish) {
		w.lease = pick(r, []string{"", `{ duration = "2h" }`, `{ duration = "8h" }`, `{ duration = "8h", type = "IDLE" }`, `{ enabled = false }`})
	},
	func(r *rand.Rand, w *wish) { w.hook = pick(r, []string{"", "echo one\n", "echo two\n"}) },
	func(r *rand.Rand, w *wish) { w.keys = pick(r, [][]string{nil, {"a"}, {"a", "b"}}) },
	func(r *rand.Rand, w *wish) { w.mounts[pick(r, []string{"a", "b"})] = pick(r, []string{"one", "two"}) },
	func(r *rand.Rand, w *wish) { delete(w.mounts, pick(r, []string{"a", "b"})) },
	func(r *rand.Rand, w *wish) { w.desired = pick(r, []string{"", "RUNNING", "STOPPED"}) },
}

// hcl is the wish as a resource.
func (w *wish) hcl(label string) string {
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, "  "+format+"\n", args...) }
	fmt.Fprintf(&text, "resource \"modelarts_notebook\" %q {\n", label)
	line("name = %q", w.name)
	line("flavor = %q", w.flavor)
	line("image_id = %q", w.image)
	line("workspace_id = %q", w.workspace)
	line("allow_stopping_for_update = true")
	line("volume {\n    category = \"EVS\"\n    capacity = %d\n  }", w.capacity)
	if w.description != "" {
		line("description = %q", w.description)
	}
	if len(w.tags) > 0 {
		line("tags = {")
		for _, key := range slices.Sorted(maps.Keys(w.tags)) {
			line("  %s = %q", key, w.tags[key])
		}
		line("}")
	}
	if w.lease != "" {
		line("lease = %s", w.lease)
	}
	if w.hook != "" {
		line("hooks = { post_start = { content = %q } }", w.hook)
	}
	if len(w.keys) > 0 {
		line("endpoints = { SSH = { key_pair_names = [\"%s\"] } }", strings.Join(w.keys, `", "`))
	}
	if w.desired != "" {
		line("desired_status = %q", w.desired)
	}
	text.WriteString("}\n")
	for _, folder := range slices.Sorted(maps.Keys(w.mounts)) {
		fmt.Fprintf(&text, "resource \"modelarts_notebook_storage\" \"%s_%s\" {\n", label, folder)
		line("notebook_id = modelarts_notebook.%s.id", label)
		line("category = \"OBSFS\"")
		line("uri = \"obs://%s/lake/\"", w.mounts[folder])
		line("mount_path = \"/data/%s/\"", folder)
		line("start_notebook = true")
		text.WriteString("}\n")
	}
	return text.String()
}

// mounted reports whether a notebook that runs has the mounts of the wish, and no
// others.
func (w *wish) mounted(n simulator.NotebookInfo) bool {
	there := map[string]string{}
	for _, st := range n.Storages {
		switch folder := strings.Trim(strings.TrimPrefix(st.MountPath, "/data/"), "/"); {
		case st.Status == "UNMOUNTED":
		case st.Status != "MOUNTED" || there[folder] != "":
			return false
		default:
			there[folder] = strings.TrimSuffix(strings.TrimPrefix(st.URI, "obs://"), "/lake/")
		}
	}
	return n.Status != statusRunning || maps.Equal(there, w.mounts)
}

// unlike says in what the service's notebook is not what the configuration
// says; empty: in nothing. It looks also at what no answer shows, but not at what
// is hidden: a change of it by others cannot be seen.
func (w *wish) unlike(n simulator.NotebookInfo, hidden map[string]bool) string {
	var keys []string
	for _, e := range n.Endpoints {
		keys = append(keys, e.KeyPairNames...)
	}
	hooked := n.Hooks != nil && n.Hooks.PostStart != nil
	leaseOff := strings.Contains(w.lease, "enabled = false")
	for what, same := range map[string]bool{
		"name": n.Name == w.name, "description": n.Description == w.description,
		"flavor": n.Flavor == w.flavor, "image": n.ImageID == w.image, "workspace": n.WorkspaceID == w.workspace,
		"capacity": n.Volume.Capacity >= w.capacity, "tags": maps.Equal(n.Tags, w.tags) || len(n.Tags)+len(w.tags) == 0,
		"hooks": hooked == (w.hook != ""), "endpoints": slices.Equal(keys, w.keys),
		"mounts": w.mounted(n),
		"lease":  n.Status != statusRunning || w.lease == "" || n.Lease.Enabled != leaseOff,
	} {
		if !same && !hidden[what] {
			return what
		}
	}
	return ""
}

// drifts are what another person can do to a notebook, besides deleting it.
var drifts = []func(*rand.Rand, simulator.NotebookInfo) simulator.Drift{
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Status: new(statusStopped)}
	},
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Status: new(statusStopped)}
	},
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Status: new(statusRunning)}
	},
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift { return simulator.Drift{Name: new("drifted")} },
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Storages: &[]simulator.Storage{}}
	},
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Description: new("drifted")}
	},
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Tags: map[string]string{"drifted": "yes"}}
	},
	func(r *rand.Rand, _ simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Flavor: new(pick(r, []string{acctest.Flavor, acctest.LargerFlavor}))}
	},
	func(_ *rand.Rand, n simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{Capacity: new(n.Volume.Capacity + 2)}
	},
	func(*rand.Rand, simulator.NotebookInfo) simulator.Drift {
		return simulator.Drift{LeaseOn: new(true), LeaseDuration: new(int64(3 * 3600 * 1000))}
	},
}

func chance(random *rand.Rand, probability float64) bool { return random.Float64() < probability }

func pick[T any](random *rand.Rand, of []T) T { return of[random.IntN(len(of))] }
