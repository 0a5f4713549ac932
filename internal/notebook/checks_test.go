package notebook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// What the plan finds in the catalogue, each with its whole text: all in one
// configuration, with the values known only after the apply, and with a catalogue that
// cannot be read.
func TestAccNotebook_planChecks(t *testing.T) {
	t.Parallel()
	const (
		armImage    = "b3f8a4c2-1d5e-4a69-9c07-6e2d8f41a935"
		ascendImage = "2fa4f2b1-7c10-4e52-8d6b-0c9a3e57d184"
		sshImage    = "8c1d0e37-5b92-4f6a-a4e3-7d0b9f28c651"
		brokenImage = "f05c2e8d-9a41-47b3-8e6c-1b7d3a90f254"
	)
	// hints are what the service may take all the same.
	hints := []string{"storage", "no_such_pool", "not_in_the_pool"}
	cases := map[string]struct {
		with arguments // what is wrong
		// the argument to hide until the apply, and its value
		unknown, value string
		reads          string // the operation of the catalogue
		want           string // of the detail
	}{
		"no_such_flavor": {
			arguments{"flavor": `"modelarts.vm.cpu.2x"`},
			"flavor", `"modelarts.vm.cpu.2x"`, "ListFlavors",
			`For notebooks of the feature NOTEBOOK the region has no flavor "modelarts.vm.cpu.2x". The closest names are modelarts.vm.cpu.2u, modelarts.vm.cpu.4u and modelarts.vm.cpu.8u.`,
		},
		"a_flavor_of_another_feature": {
			arguments{"flavor": `"modelarts.vm.cpu.free"`},
			"flavor", `"modelarts.vm.cpu.free"`, "ListFlavors",
			`For notebooks of the feature NOTEBOOK the region has no flavor "modelarts.vm.cpu.free".`,
		},
		"sold_out": {
			arguments{"flavor": `"modelarts.vm.cpu.16u"`},
			"flavor", `"modelarts.vm.cpu.16u"`, "ListFlavors",
			`The flavor modelarts.vm.cpu.16u has no resources left now. No other flavor of at least its size has any either: choose a smaller one, or try again later.`,
		},
		"storage": {
			arguments{"flavor": `"modelarts.vm.cpu.8u.efs"`},
			"volume", `"EVS"`, "ListFlavors",
			`The flavor modelarts.vm.cpu.8u.efs lists EFS storage, and volume.category is EVS. It may still work.`,
		},
		"disk": {
			arguments{"flavor": `"modelarts.vm.arm.2u"`, "image_id": quote(armImage), "volume": `{ category = "EVS", capacity = 2000 }`},
			"capacity", `2000`, "ListFlavors",
			`The flavor modelarts.vm.arm.2u works with EVS disks of at most 1024 GB, and volume.capacity is 2000.`,
		},
		"no_such_image": {
			arguments{"image_id": `"00000000-0000-4000-8000-000000000000"`},
			"image_id", `"00000000-0000-4000-8000-000000000000"`, "ListImage",
			`The region has no image 00000000-0000-4000-8000-000000000000, neither among the preset ones nor among the account's own. An ID is valid in one region only.`,
		},
		"image_not_active": {
			arguments{"image_id": quote(brokenImage)},
			"image_id", quote(brokenImage), "ListImage",
			`The image f05c2e8d-9a41-47b3-8e6c-1b7d3a90f254 (broken-image:1.0.0) is ERROR, and can be used only when it is ACTIVE. The service says: The image could not be pulled.`,
		},
		"architecture": {
			arguments{"image_id": quote(armImage)},
			"image_id", quote(armImage), "ListImage",
			`The image b3f8a4c2-1d5e-4a69-9c07-6e2d8f41a935 (conda3-ubuntu18.04-arm:2.1.0-release_v1) is built for AARCH64, and the flavor modelarts.vm.cpu.2u is X86_64.`,
		},
		"category": {
			arguments{"image_id": quote(ascendImage), "flavor": `"modelarts.vm.arm.8u"`},
			"flavor", `"modelarts.vm.arm.8u"`, "ListImage",
			`The image 2fa4f2b1-7c10-4e52-8d6b-0c9a3e57d184 (mindspore1.7.0-cann5.1.0-py3.7-euler2.8.3:2.1.0-release_v1) is for ASCEND, and the flavor modelarts.vm.arm.8u is CPU.`,
		},
		"SSH_only": {
			arguments{"image_id": quote(sshImage)},
			"endpoints", `{ SSH = { key_pair_names = ["a"] } }`, "ListImage",
			`The image 8c1d0e37-5b92-4f6a-a4e3-7d0b9f28c651 (mlstudio-pyspark2.4.5-ubuntu18.04-ssh:1.0.0) is reached over SSH only. Add endpoints = { SSH = { key_pair_names = [...] } }, or choose an image with a web page.`,
		},
		"no_such_pool": {
			arguments{"pool_id": `"pool1"`},
			"pool_id", `"pool1"`, "ListAuthoringClusters",
			`The account's list of dedicated resource pools for notebooks in the region has no "pool1". It has pool41664192 and pool73112001. If the pool exists, ignore this warning.`,
		},
		"pool_not_active": {
			arguments{"pool_id": `"pool73112001"`},
			"pool_id", `"pool73112001"`, "ListAuthoringClusters",
			`The resource pool pool73112001 is INITIALIZING, and accepts notebooks only when it is ACTIVE.`,
		},
		"not_in_the_pool": {
			arguments{"pool_id": quote(acctest.Pool)},
			"flavor", quote(acctest.Flavor), "ListAuthoringClusters",
			`The resource pool pool41664192 does not list the flavor "modelarts.vm.cpu.2u". The service may still accept it. The closest names are modelarts.pool.gpu.v100, modelarts.pool.visual.2xlarge and modelarts.pool.visual.4xlarge.`,
		},
	}
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, "")
	// plan plans the cases whose catalogue is read by an operation, or all.
	plan := func(provider, reads string, hidden bool) (map[string][]string, error) {
		t.Helper()
		text := s.Provider(provider)
		for label, tc := range cases {
			if reads != "" && reads != tc.reads {
				continue
			}
			a := base.with(tc.with).with(arguments{"name": quote(label)})
			if later := "terraform_data." + label + ".output"; hidden {
				text += "resource \"terraform_data\" " + quote(label) + " { input = " + tc.value + " }\n"
				switch tc.unknown {
				case "volume":
					later = `{ category = ` + later + ` }`
				case "capacity":
					later = `{ category = "EVS", capacity = ` + later + ` }`
				}
				a = a.with(arguments{strings.Replace(tc.unknown, "capacity", "volume", 1): later})
			}
			text += a.resource(label)
		}
		w.Configure(t, text)
		out, err := w.Run(t, "plan", "-json")
		return diagnosed(out), err
	}
	count := func(texts []string, begins, holds string) (n int) {
		for _, text := range texts {
			if strings.HasPrefix(text, begins) && strings.Contains(text, holds) {
				n++
			}
		}
		return n
	}

	found, err := plan("", "", false)
	if err == nil {
		t.Error("the plan succeeds")
	}
	for label, tc := range cases {
		severity, errors := "error: ", 1
		if slices.Contains(hints, label) {
			severity, errors = "warning: ", 0
		}
		if count(found[label], severity, tc.want) != 1 || count(found[label], "error: ", "") != errors {
			t.Errorf("%s: found %q", label, found[label])
		}
	}

	warned, err := plan(`plan_checks = "warn"`, "", false)
	if err != nil {
		t.Errorf("with warn, the plan fails: %v, %q", err, warned)
	}
	hidden, err := plan("", "", true)
	if err != nil {
		t.Errorf("with values that are not known yet, the plan fails: %v, %q", err, hidden)
	}
	s.ResetRequests()
	off, err := plan(`plan_checks = "off"`, "", false)
	if err != nil || len(s.Requests()) > 0 {
		t.Errorf("with off: %v, %q after %v", err, off, s.Operations())
	}
	for label, tc := range cases {
		if count(warned[label], "warning: ", tc.want) != 1 || count(warned[label], "", "(notebook "+quote(label)+")") == 0 {
			t.Errorf("%s, as a warning: found %q", label, warned[label])
		}
		if count(hidden[label], "", tc.want) > 0 {
			t.Errorf("%s: a value that is not known yet was checked: %q", label, hidden[label])
		}
		if count(off[label], "", tc.want) > 0 {
			t.Errorf("%s, off: found %q", label, off[label])
		}
	}

	for _, operation := range []string{"ListFlavors", "ListImage", "ListAuthoringClusters"} {
		s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: operation, Status: 403, Code: "ModelArts.0112", Message: "No permission.", Count: -1})
		found, err := plan("", operation, false)
		all := slices.Concat(slices.Collect(maps.Values(found))...)
		if err != nil || count(all, "warning: The plan could not be checked against the catalogue", "ModelArts.0112: No permission.") != 1 {
			t.Errorf("without %s: %v, %q", operation, err, all)
		}
		s.ClearFaults()
	}
}

// diagnosed lists the diagnostics in the output of "plan -json" by the label of their
// resource, each as "severity: summary: detail".
func diagnosed(out string) map[string][]string {
	found := map[string][]string{}
	for line := range strings.Lines(out) {
		var entry struct {
			Diagnostic *struct{ Severity, Summary, Detail, Address string }
		}
		if json.Unmarshal([]byte(line), &entry) != nil || entry.Diagnostic == nil {
			continue
		}
		d := entry.Diagnostic
		_, label, _ := strings.Cut(d.Address, ".")
		found[label] = append(found[label], d.Severity+": "+d.Summary+": "+d.Detail)
	}
	return found
}

func TestAccNotebook_planChecksAlternatives(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SoldOut: []string{acctest.Flavor}})
	w := acctest.NewWorkspace(t, config(s, base))
	out, err := w.Run(t, "plan")
	if err == nil {
		t.Errorf("the plan finds nothing:\n%s", out)
	}
	wantText(t, out, "The flavor modelarts.vm.cpu.2u has no resources left now. Of at least its size, and not sold out: modelarts.vm.cpu.4u, modelarts.vm.cpu.8u and modelarts.vm.cpu.8u.obs.")
}

// A notebook that has a flavor keeps it, also when it is sold out by now; and
// nothing that was not changed is an error.
func TestAccNotebook_planChecksOfAnExisting(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")

	s.Configure(func(o *simulator.Options) { o.SoldOut = []string{acctest.Flavor} })
	w.Configure(t, config(s, base.with(arguments{"name": `"renamed"`, "image_id": quote(acctest.OtherImage)})))
	if out := w.MustRun(t, "plan"); strings.Contains(out, "sold out") {
		t.Errorf("an unchanged flavor was checked:\n%s", out)
	}

	// Only the service knows what this notebook can change to.
	w.Configure(t, config(s, base.with(arguments{"flavor": `"modelarts.vm.arm.8u"`, "image_id": `"b3f8a4c2-1d5e-4a69-9c07-6e2d8f41a935"`})))
	out, err := w.Run(t, "plan")
	if err == nil {
		t.Errorf("the plan finds nothing:\n%s", out)
	}
	wantText(t, out, "cannot change to the flavor modelarts.vm.arm.8u. It can change to modelarts.vm.cpu.4u, modelarts.vm.cpu.8u, ")
	s.Inject(simulator.Fault{Kind: simulator.FaultUnavailable, Operation: "ShowSwitchableFlavors", Count: -1})
	wantText(t, w.MustRun(t, "plan"), "The service did not return its flavors that the notebook")

	s.ResetRequests()
	w.Configure(t, config(s, base))
	w.MustRun(t, "plan")
	for _, operation := range []string{"ListFlavors", "ListImage", "ListAuthoringClusters", "ListFeatures", "ShowSwitchableFlavors"} {
		if n := s.Operations()[operation]; n > 0 {
			t.Errorf("a plan without changes called %s %d times", operation, n)
		}
	}
	w.MustRun(t, "destroy", "-auto-approve")
}

func TestAccNotebook_quota(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Quota: 2})
	many := "resource \"modelarts_notebook\" \"many\" {\n  count = 3\n" + strings.SplitN(base.resource("many"), "\n", 2)[1]
	w := acctest.NewWorkspace(t, s.Provider("")+many)
	out := w.MustRun(t, "plan")
	wantText(t, out, "The user may have 2 notebooks and has 0, so 2 can be added, and this plan adds more.")
	if n := strings.Count(out, "The quota of notebooks"); n != 1 {
		t.Errorf("said %d times, want once:\n%s", n, out)
	}
	s.Configure(func(o *simulator.Options) { o.Quota = 3 })
	if out := w.MustRun(t, "plan"); strings.Contains(out, "quota") {
		t.Errorf("a plan that fits is warned of:\n%s", out)
	}
	s.Inject(simulator.Fault{Kind: simulator.FaultUnavailable, Operation: "ListFeatures", Count: -1})
	wantText(t, w.MustRun(t, "plan"), "The service did not return its quota")
}

// However many notebooks: one call for each kind of the catalogue, and one for the
// notebooks that have their names.
func TestAccNotebook_catalogueIsReadOnce(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	resources := strings.SplitN(base.resource("many"), "\n", 2)[1]
	w := acctest.NewWorkspace(t, s.Provider("")+"resource \"modelarts_notebook\" \"many\" {\n  count = 200\n"+resources)
	w.MustRun(t, "plan")
	want := map[string]int{"KeystoneListProjects": 1, "ListFlavors": 1, "ListImage": 1, "ListFeatures": 1, "GetAuthorizations": 1, "ListNotebooks": 1}
	if got := s.Operations(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("a plan of 200 notebooks called %v, want %v", got, want)
	}
}

func TestAccNotebook_guardrails(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, "")
	plan := func(provider, lease string) (string, error) {
		t.Helper()
		w.Configure(t, s.Provider(provider)+base.with(arguments{"lease": lease}).resource("test"))
		return w.Run(t, "plan")
	}
	for _, tc := range []struct{ provider, lease, want string }{
		{
			`require_auto_stop = true`, `{ enabled = false }`,
			`Notebook "test" has lease.enabled = false, and the provider has require_auto_stop = true. Give it a lease, such as lease = { duration = "8h" }.`,
		},
		{
			`max_auto_stop = "12h"`, `{ duration = "13h" }`,
			`Notebook "test" has lease.duration = "13h", and the provider has max_auto_stop = "12h". Shorten the lease.`,
		},
		{
			`max_auto_stop = "12h"`, `{ enabled = false }`,
			`Notebook "test" has lease.enabled = false, and the provider has max_auto_stop = "12h". Give it a lease of at most that, such as lease = { duration = "12h" }.`,
		},
	} {
		out, err := plan(tc.provider, tc.lease)
		if err == nil {
			t.Errorf("%s with %s is accepted:\n%s", tc.provider, tc.lease, out)
		}
		wantText(t, out, tc.want)
	}
	for _, lease := range []string{"", `{ duration = "12h" }`, `{ type = "IDLE", duration = "12h" }`} {
		if out, err := plan("max_auto_stop = \"12h\"\nrequire_auto_stop = true", lease); err != nil {
			t.Errorf("%s is refused:\n%s", lease, out)
		}
	}

	// What is not known yet is not judged.
	for _, hidden := range []struct{ lease, value string }{
		{`{ duration = terraform_data.later.output }`, `"13h"`},
		{`{ enabled = terraform_data.later.output }`, `false`},
		{`terraform_data.later.output`, `{ duration = "13h" }`},
	} {
		w.Configure(t, s.Provider("max_auto_stop = \"12h\"\nrequire_auto_stop = true")+base.with(arguments{"lease": hidden.lease}).resource("test")+
			"resource \"terraform_data\" \"later\" { input = "+hidden.value+" }\n")
		w.MustRun(t, "plan")
	}

	// A notebook from before the guardrail is a warning: the configuration does not change it.
	w.Configure(t, s.Provider("")+base.with(arguments{"lease": `{ duration = "13h" }`}).resource("test"))
	w.MustRun(t, "apply", "-auto-approve")
	out, err := plan(`max_auto_stop = "12h"`, `{ duration = "13h" }`)
	if err != nil {
		t.Errorf("an unchanged notebook is refused:\n%s", out)
	}
	wantText(t, out, `The lease is longer than allowed (notebook "test")`)
	w.MustRun(t, "destroy", "-auto-approve")
}

// A plan of a create warns where the account has not authorized ModelArts, and is
// silent where that cannot be read.
func TestAccNotebook_noAuthorization(t *testing.T) {
	t.Parallel()
	const warning = "ModelArts may not act for the account"
	for name, tc := range map[string]struct {
		options simulator.Options
		warns   bool
	}{
		"authorized":     {simulator.Options{}, false},
		"not authorized": {simulator.Options{NoAuthorization: true}, true},
		"not readable":   {simulator.Options{ForbidAuthorizations: true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, tc.options)
			w := acctest.NewWorkspace(t, config(s, base))
			if got := strings.Count(acctest.Plain(w.MustRun(t, "plan")), warning); got != map[bool]int{true: 1}[tc.warns] {
				t.Errorf("warned %d times", got)
			}
			if out, err := w.Run(t, "apply", "-auto-approve"); (err != nil) != tc.options.NoAuthorization {
				t.Errorf("the apply: %v\n%s", err, out)
			}
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// What the catalogue knows to fail stops nothing. A flavor that is sold out after the
// plan is an error of the apply and of the next plan. One that was changed elsewhere is
// a warning of the plan, and the apply does not stop the notebook for it.
func TestAccNotebook_soldOutAfterThePlan(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, config(s, base))
	w.MustRun(t, "apply", "-auto-approve")
	larger := config(s, base.with(arguments{"flavor": quote(acctest.LargerFlavor)}))
	w.Configure(t, larger)
	w.MustRun(t, "plan", "-out=saved")
	s.Configure(func(o *simulator.Options) { o.SoldOut = []string{acctest.LargerFlavor} })
	s.ResetRequests()
	for _, command := range []string{"apply saved", "plan", "apply -auto-approve", "plan"} {
		fails(t, w, []string{"Error: The flavor is sold out"}, strings.Fields(command)...)
	}
	s.Configure(func(o *simulator.Options) { o.SoldOut = nil })
	w.MustRun(t, "apply", "-auto-approve")

	drift(t, s, simulator.Drift{Flavor: new(acctest.Flavor)})
	s.Configure(func(o *simulator.Options) { o.SoldOut = []string{acctest.LargerFlavor} })
	s.ResetRequests()
	for range 2 {
		wantText(t, w.MustRun(t, "plan"), "Warning: The flavor is sold out")
		fails(t, w, []string{"The service would refuse the change, so the notebook was not stopped for it. The flavor is sold out", "Nothing was changed"}, "apply", "-auto-approve")
	}
	if calls := s.Writes(); len(calls) > 0 || s.Only(t).Status != "RUNNING" {
		t.Errorf("the service was asked %q", calls)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}
