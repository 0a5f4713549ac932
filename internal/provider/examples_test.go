package provider_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// example is a folder of examples/ that a test applies.
type example struct {
	options simulator.Options
	vars    []string // "-var", "name=value"
	// begin prepares the workspace; nil: there is nothing to prepare.
	begin func(t *testing.T, s *acctest.Service, w *acctest.Workspace)
	// then goes on after the apply and an empty plan.
	then func(t *testing.T, r exampleRun)
	// policy of examples/permissions that allows all calls; empty: it is not looked at.
	policy string
	// left is how many images stay after the destroy, beside those of the catalogue.
	left int
}

// exampleRun is an example that was applied.
type exampleRun struct {
	s    *acctest.Service
	w    *acctest.Workspace
	vars []string
}

// run runs a command of Terraform that must succeed, with the variables of the example.
func (r exampleRun) run(t *testing.T, args ...string) string {
	t.Helper()
	return acctest.Plain(r.w.MustRun(t, slices.Concat(args, r.vars)...))
}

// apply applies, and plan must be empty thereafter.
func (r exampleRun) apply(t *testing.T, args ...string) string {
	t.Helper()
	out := r.run(t, slices.Concat([]string{"apply", "-auto-approve"}, args)...)
	if plan := r.run(t, "plan"); !strings.Contains(plan, "No changes.") {
		t.Errorf("after the apply the plan is\n%s", plan)
	}
	return out
}

// named finds a notebook of the service by its name.
func (r exampleRun) named(t *testing.T, name string) simulator.NotebookInfo {
	t.Helper()
	for _, nb := range r.s.Notebooks() {
		if nb.Name == name {
			return nb
		}
	}
	t.Fatalf("there is no notebook %s in %+v", name, r.s.Notebooks())
	return simulator.NotebookInfo{}
}

// change replaces a text of a file of the example.
func (r exampleRun) change(t *testing.T, file, from, to string) {
	t.Helper()
	file = filepath.Join(r.w.Dir, file)
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%s lacks %q: %v", file, from, err)
	}
	writeText(t, file, strings.Replace(string(text), from, to, 1), 0o600)
}

// has checks that a text contains others.
func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("this lacks %q:\n%s", want, text)
		}
	}
}

// inOrder checks that a text contains others, one after the other.
func inOrder(t *testing.T, text string, wanted ...string) {
	t.Helper()
	rest := text
	for _, want := range wanted {
		_, after, is := strings.Cut(rest, want)
		if !is {
			t.Errorf("this lacks %q, or has it too early:\n%s", want, text)
			return
		}
		rest = after
	}
}

var examples = map[string]example{
	"first-notebook": {
		policy: "notebooks.json",
		vars:   []string{"-var", "key_pair=mine", "-var", "address=203.0.113.7"},
		begin: func(t *testing.T, _ *acctest.Service, w *acctest.Workspace) {
			t.Helper()
			writeText(t, filepath.Join(w.Dir, "xdg-open"), "#!/bin/sh\necho \"$1\" >>opened\n", 0o700)
			w.Setenv("PATH", w.Dir+":"+os.Getenv("PATH"))
		},
		then: func(t *testing.T, r exampleRun) {
			t.Helper()
			nb := r.s.Only(t)
			opened := func(times int) {
				t.Helper()
				pages, err := os.ReadFile(filepath.Join(r.w.Dir, "opened"))
				if err != nil || strings.Count(string(pages), nb.ID+"/lab?token="+nb.Token) != times {
					t.Errorf("%v: the pages that were opened are %s", err, pages)
				}
			}
			opened(1)
			if out := r.w.MustRun(t, "output", "-raw", "ssh"); out != "ssh -i ~/.ssh/mine.pem -p 30000 ma-user@dev-modelarts-cn-north-4.huaweicloud.com" {
				t.Errorf("the line for SSH is %s", out)
			}
			if strings.Contains(r.w.State(t), nb.Token) {
				t.Error("the token is in the state")
			}
			r.apply(t, "-replace=terraform_data.page")
			opened(2)
		},
	},
	"team": {then: func(t *testing.T, r exampleRun) {
		t.Helper()
		alice, bob := r.named(t, "vision-alice"), r.named(t, "vision-bob")
		if bob.Flavor != acctest.LargerFlavor || bob.Tags["team"] != "vision" || bob.Tags["member"] != "bob" {
			t.Errorf("the notebook is %+v", bob)
		}
		has(t, r.run(t, "output"), "Host vision-alice", "IdentityFile ~/.ssh/bob.pem")
		// Others join and change nothing; an address changes with a stop; one who leaves keeps the notebook.
		r.s.ResetRequests()
		r.change(t, "terraform.tfvars", "members = {", "members = {\n  carol = { key_pair = \"carol\", addresses = [\"203.0.113.9\"] }")
		has(t, r.apply(t), "1 added, 0 changed, 0 destroyed")
		if writes := r.s.Writes(); len(writes) != 2 || writes[0] != "CreateNotebook" {
			t.Errorf("the calls are %q", writes)
		}
		r.change(t, "terraform.tfvars", "203.0.113.7", "203.0.113.70")
		has(t, r.apply(t), "0 added, 1 changed, 0 destroyed")
		r.change(t, "main.tf", `"10h"`, `"11h"`)
		has(t, r.apply(t), "0 added, 3 changed, 0 destroyed")
		if r.named(t, "vision-alice").Starts != alice.Starts+1 || r.named(t, "vision-bob").Starts != bob.Starts {
			t.Error("notebooks were started that need not be, or the other way round")
		}
		r.change(t, "main.tf", `"11h"`, `"13h"`)
		if out, err := r.w.Run(t, "plan"); err == nil || !strings.Contains(acctest.Plain(out), "The lease is longer than allowed") {
			t.Errorf("%v: Terraform printed\n%s", err, out)
		}
		r.change(t, "main.tf", `"13h"`, `"11h"`)
		r.change(t, "terraform.tfvars", "carol = {", "carla = {")
		if out, err := r.w.Run(t, "plan"); err == nil || !strings.Contains(acctest.Plain(out), "The notebook is protected") {
			t.Errorf("%v: Terraform printed\n%s", err, out)
		}
		writeText(t, filepath.Join(r.w.Dir, "moved.tf"), "moved {\n  from = modelarts_notebook.member[\"carol\"]\n  to   = modelarts_notebook.member[\"carla\"]\n}\n", 0o600)
		has(t, r.apply(t), "0 added, 1 changed, 0 destroyed")
		r.change(t, "terraform.tfvars", "carla = {", "claire = {")
		r.w.Setenv("MODELARTS_RELEASE_PROTECTION", r.named(t, "vision-carla").ID)
		has(t, r.apply(t), "1 added, 0 changed, 1 destroyed")
		r.change(t, "main.tf", "deletion_protection       = true", "deletion_protection       = false")
		r.apply(t)
	}},
	"gpu-with-candidates": {
		options: simulator.Options{SoldOut: []string{"modelarts.vm.gpu.v100"}},
		then: func(t *testing.T, r exampleRun) {
			t.Helper()
			if nb := r.s.Only(t); nb.Flavor != "modelarts.vm.gpu.t4" || nb.ImageID != acctest.OtherImage {
				t.Errorf("the notebook is %+v", nb)
			}
			// The other one is in stock again, and then none is.
			r.s.Configure(func(o *simulator.Options) { o.SoldOut = nil })
			has(t, r.run(t, "plan"), "No changes.")
			r.s.Configure(func(o *simulator.Options) { o.SoldOut = []string{"modelarts.vm.gpu.v100", "modelarts.vm.gpu.t4"} })
			if out, err := r.w.Run(t, "plan"); err == nil || !strings.Contains(acctest.Plain(out), "modelarts.vm.gpu.t4: is sold out") {
				t.Errorf("%v: Terraform printed\n%s", err, out)
			}
			r.change(t, "main.tf", "candidates = var.gpus", "candidates = var.gpus\n  include_sold_out = true")
			has(t, r.run(t, "plan"), "No changes.")
		},
	},
	"mounted-lake": {then: func(t *testing.T, r exampleRun) {
		t.Helper()
		mounted := func(count int) {
			t.Helper()
			nb := r.s.Only(t)
			if len(nb.DataVolumes) != 1 || len(nb.Storages) != count {
				t.Errorf("the notebook has %+v and %+v", nb.DataVolumes, nb.Storages)
			}
		}
		mounted(1)
		r.s.Advance(9 * time.Hour)
		has(t, r.run(t, "plan"), "No changes.")
		if status := r.s.Only(t).Status; status != "STOPPED" {
			t.Errorf("the notebook is %s", status)
		}
		if err := r.s.StartNotebook(r.s.Only(t).ID); err != nil {
			t.Fatal(err)
		}
		mounted(0)
		has(t, r.apply(t), "1 added, 0 changed, 0 destroyed")
		mounted(1)
	}},
	"efs": {
		vars: []string{"-var", "pool_id=" + acctest.Pool, "-var", `file_system={ id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a12", path = "share.example.com:/team" }`},
		then: func(t *testing.T, r exampleRun) {
			t.Helper()
			if managed, shared := r.named(t, "managed"), r.named(t, "reader"); managed.Volume.Capacity != 100 || shared.Volume.URI != "share.example.com:/team" || shared.PoolID != acctest.Pool {
				t.Errorf("the notebooks are %+v and %+v", managed, shared)
			}
		},
	},
	"auto-stop": {then: func(t *testing.T, r exampleRun) {
		t.Helper()
		r.change(t, "main.tf", `duration = "10h"`, "enabled = false")
		if out, err := r.w.Run(t, "plan"); err == nil || !strings.Contains(acctest.Plain(out), "The notebook would never stop by itself") {
			t.Errorf("%v: Terraform printed\n%s", err, out)
		}
		r.change(t, "main.tf", "enabled = false", `duration = "10h"`)
		// The lease is switched off in the console: the check warns, and the next apply renews the lease.
		off := false
		if err := r.s.Change(r.s.Only(t).ID, simulator.Drift{LeaseOn: &off}); err != nil {
			t.Fatal(err)
		}
		has(t, r.run(t, "plan"), "Check block assertion failed", "These notebooks never stop automatically: training ("+r.s.Only(t).ID+")", "1 to change")
		if has(t, r.apply(t), "0 added, 1 changed"); !r.s.Only(t).Lease.Enabled {
			t.Error("the lease is off")
		}
	}},
	"dedicated-pool": {then: func(t *testing.T, r exampleRun) {
		t.Helper()
		before := r.s.Only(t)
		if before.PoolID != acctest.Pool || before.CustomSpec == nil || before.CustomSpec.CPU != 2.5 {
			t.Errorf("the notebook is %+v", before)
		}
		r.change(t, "main.tf", "cpu    = 2.5", "cpu    = 4")
		has(t, r.apply(t), "0 added, 1 changed, 0 destroyed")
		if nb := r.s.Only(t); nb.ID != before.ID || nb.CustomSpec.CPU != 4 || nb.Starts != before.Starts+1 {
			t.Errorf("the notebook is %+v", nb)
		}
	}},
	"image-pipeline": {left: 2, then: func(t *testing.T, r exampleRun) {
		t.Helper()
		workshop, student := r.named(t, "workshop"), r.named(t, "student-0")
		r.change(t, "install.sh", "pandas", "pandas polars")
		r.change(t, "main.tf", `"1.0.0"`, `"1.1.0"`)
		has(t, r.apply(t), "1 added, 3 changed, 1 destroyed")
		if again := r.named(t, "workshop"); again.ID != workshop.ID || again.Starts != workshop.Starts+1 {
			t.Errorf("the workshop is %+v", again)
		}
		if again := r.named(t, "student-0"); again.ID != student.ID || again.ImageID == student.ImageID {
			t.Errorf("the student's notebook is %+v", again)
		}
	}},
	"both-providers": {
		options: simulator.Options{KeyPairs: []string{"lab"}},
		vars: []string{
			"-var", "user_id=0123456789abcdef0123456789abcdef", "-var", "public_key=ssh-ed25519 AAAA", "-var", "address=203.0.113.7", "-var", "bucket=lab-files",
		},
		begin: func(t *testing.T, _ *acctest.Service, w *acctest.Workspace) {
			t.Helper()
			w.InstallVendor(t, "huaweicloud/huaweicloud")
		},
		then: func(t *testing.T, r exampleRun) {
			t.Helper()
			nb := r.s.Only(t)
			if nb.PoolID != acctest.Pool || len(nb.Endpoints) != 1 || !slices.Equal(nb.Endpoints[0].KeyPairNames, []string{"lab"}) || len(nb.Storages) != 1 || nb.Storages[0].URI != "obs://lab-files/" {
				t.Errorf("the notebook is %+v", nb)
			}
			// All of it again, for the order.
			gone, made := r.run(t, "destroy", "-auto-approve"), r.apply(t)
			for _, needed := range []string{"modelarts_authorization.user", "kps_keypair.lab", "modelarts_resource_pool.lab"} {
				inOrder(t, made, "huaweicloud_"+needed+": Creation complete", "modelarts_notebook.lab: Creating", "modelarts_notebook_storage.data: Creating")
				inOrder(t, gone, "modelarts_notebook_storage.data: Destruction complete", "modelarts_notebook.lab: Destruction complete", "huaweicloud_"+needed+": Destroying")
			}
		},
	},
	"hooks": {
		vars: []string{"-var", `environment={ NAME = "it's" }`},
		then: func(t *testing.T, r exampleRun) {
			t.Helper()
			script, err := base64.StdEncoding.DecodeString(r.s.Only(t).Hooks.PostStart.Script)
			if err != nil {
				t.Fatal(err)
			}
			has(t, string(script), "#!/bin/bash\n", "<<'VARIABLES'\nexport NAME='it'\\''s'\nVARIABLES\n", "git clone 'https://git.example.com/team/vision.git' vision")
		},
	},
}

// Each folder of examples/ with a configuration is named in a test.
func TestEveryExampleIsTested(t *testing.T) {
	t.Parallel()
	configurations, err := filepath.Glob("../../examples/*/main.tf")
	if err != nil || len(configurations) < len(examples) {
		t.Fatalf("the configurations are %q: %v", configurations, err)
	}
	tests, err := filepath.Glob("../*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, file := range tests {
		test, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(test)
	}
	for _, file := range configurations {
		folder := filepath.Base(filepath.Dir(file))
		named := strings.Contains(text.String(), "examples/"+folder+"/") || strings.Contains(text.String(), "examples/"+folder+`"`) || strings.Contains(text.String(), `"`+folder+`": {`)
		// Their scripts are for people.
		if !named && folder != "demo" && folder != "playground" {
			t.Errorf("no test applies examples/%s: add it to the examples of this file", folder)
		}
	}
}

// Each example is applied, has an empty plan thereafter, does what its guide says, and leaves
// nothing when it is destroyed.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	for folder, e := range examples {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, e.options)
			images := len(s.Images())
			w := s.NewExample(t, folder)
			if e.begin != nil {
				e.begin(t, s, w)
			}
			r := exampleRun{s, w, e.vars}
			r.apply(t)
			e.then(t, r)
			r.run(t, "destroy", "-auto-approve")
			if e.policy != "" {
				may := allowed(t, e.policy)
				if needs := slices.DeleteFunc(needed(t, s), func(action string) bool { return slices.Contains(may, action) }); len(needs) > 0 {
					t.Errorf("%s does not allow %q", e.policy, needs)
				}
			}
			if err := s.NothingLeft(nil); err != nil {
				t.Error(err)
			}
			if got := len(s.Images()) - images; got != e.left {
				t.Errorf("%d images are left, want %d", got, e.left)
			}
		})
	}
}
