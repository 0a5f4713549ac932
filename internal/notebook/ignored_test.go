package notebook_test

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Under ignore_changes of a part of an argument neither a change elsewhere nor one of
// the configuration is planned, no other change of the same apply is lost, and the
// plan after it is empty.
func TestAccNotebook_ignoredPart(t *testing.T) {
	t.Parallel()
	endpoint := func(ips, keys string) arguments {
		return arguments{"endpoints": `{ SSH = { key_pair_names = ["` + keys + `"], allowed_access_ips = ["` + ips + `"] } }`}
	}
	hooks := func(pre, post string) arguments {
		return arguments{"hooks": `{ pre_start = { content = "` + pre + `" }, post_start = { content = "` + post + `" } }`}
	}
	lease := func(duration string) arguments {
		return arguments{"lease": `{ type = "TIMING", duration = "` + duration + `" }`}
	}
	tags := func(x, y string) arguments { return arguments{"tags": `{ x = "` + x + `", y = "` + y + `" }`} }
	disk := func(size string) arguments {
		return arguments{"volume": `{ category = "EVS", capacity = ` + size + ` }`}
	}
	flavor := func(name string) arguments { return arguments{"flavor": quote(name)} }
	name := arguments{"description": `"other"`}
	const hour = int64(3_600_000)
	for what, tc := range map[string]struct {
		ignored       string
		first         arguments
		drift         simulator.Drift
		changed, also arguments // of what is ignored, and of something else
		holds         func(n simulator.NotebookInfo) bool
	}{
		"addresses": {
			`endpoints["SSH"].allowed_access_ips`, endpoint("10.0.0.1", "k"),
			simulator.Drift{Endpoints: &[]simulator.Endpoint{{Service: "SSH", KeyPairNames: []string{"k"}, AllowedAccessIPs: []string{"10.0.0.2"}}}},
			endpoint("10.0.0.3", "k"), endpoint("10.0.0.3", "l"),
			func(n simulator.NotebookInfo) bool {
				return n.Endpoints[0].AllowedAccessIPs[0] == "10.0.0.2" && n.Endpoints[0].KeyPairNames[0] == "l"
			},
		},
		"a hook": {
			"hooks.pre_start", hooks("a", "b"),
			simulator.Drift{},
			hooks("c", "b"), hooks("c", "d"),
			func(n simulator.NotebookInfo) bool { return n.Hooks.PreStart != nil && n.Hooks.PostStart != nil },
		},
		"a duration": {
			"lease.duration", lease("2h"),
			simulator.Drift{LeaseDuration: new(3 * hour)},
			lease("4h"), lease("4h").with(name),
			func(n simulator.NotebookInfo) bool {
				return n.Lease.Duration >= 3*hour-60_000 && n.Description == "other"
			},
		},
		"a tag": {
			`tags["x"]`, tags("1", "1"),
			simulator.Drift{Tags: map[string]string{"x": "2", "y": "1"}},
			tags("3", "1"), tags("3", "4"),
			func(n simulator.NotebookInfo) bool { return n.Tags["x"] == "2" && n.Tags["y"] == "4" },
		},
		"a size": {
			"volume.capacity", disk("6"),
			simulator.Drift{Capacity: new(int64(20))},
			disk("5"), disk("5").with(name),
			func(n simulator.NotebookInfo) bool { return n.Volume.Capacity == 20 && n.Description == "other" },
		},
		"a flavor": {
			"flavor", flavor(acctest.Flavor),
			simulator.Drift{Flavor: new(acctest.LargerFlavor)},
			flavor("modelarts.vm.cpu.8u"), flavor("modelarts.vm.cpu.8u").with(name),
			func(n simulator.NotebookInfo) bool {
				return n.Flavor == acctest.LargerFlavor && n.Description == "other"
			},
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			ignoring := func(a arguments) string {
				text := config(s, base.with(a))
				at := strings.LastIndex(text, "}")
				return text[:at] + "  lifecycle {\n    ignore_changes = [" + tc.ignored + "]\n  }\n}\n"
			}
			w := acctest.NewWorkspace(t, ignoring(tc.first))
			w.MustRun(t, "apply", "-auto-approve")
			drift(t, s, tc.drift)
			w.MustRun(t, "plan", "-detailed-exitcode")
			w.Configure(t, ignoring(tc.changed))
			w.MustRun(t, "plan", "-detailed-exitcode")
			w.Configure(t, ignoring(tc.also))
			w.MustRun(t, "apply", "-auto-approve")
			if n := s.Only(t); !tc.holds(n) {
				t.Errorf("the service holds %+v", n)
			}
			w.MustRun(t, "plan", "-detailed-exitcode")
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}
