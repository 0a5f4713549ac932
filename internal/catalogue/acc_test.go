package catalogue_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const flavorNames = "output \"names\" { value = [for f in data.modelarts_flavors.test.flavors : trimprefix(f.id, \"modelarts.\")] }\n"

func TestAccFlavorsDataSource_all(t *testing.T) {
	t.Parallel()
	const address = "data.modelarts_flavors.test"
	for _, answers := range [][]string{nil, {"flavors-one-list"}} {
		t.Run(fmt.Sprint(answers), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SoldOut: []string{"modelarts.vm.cpu.8u"}, Answers: answers})
			acctest.Check(t, resource.TestStep{
				Config: s.Data("modelarts_flavors", "") + flavorNames,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("names", acctest.Texts("vm.arm.2u", "vm.cpu.free", "vm.cpu.2u", "vm.cpu.4u", "vm.arm.8u", "vm.cpu.8u", "vm.cpu.8u.efs", "vm.cpu.8u.obs", "vm.cpu.16u",
						"vm.gpu.t4", "vm.gpu.v100", "vm.ascend.d910.1", "vm.gpu.8v100", "bm.ascend.d910.8")),
					acctest.Value(address, "flavors.5", knownvalue.ObjectExact(map[string]knownvalue.Check{
						"id":           knownvalue.StringExact("modelarts.vm.cpu.8u"),
						"name":         knownvalue.StringExact("vm.cpu.8u"),
						"description":  knownvalue.StringExact("8 vCPUs, 32 GB"),
						"arch":         knownvalue.StringExact("X86_64"),
						"category":     knownvalue.StringExact("CPU"),
						"feature":      knownvalue.StringExact("NOTEBOOK"),
						"free":         knownvalue.Bool(false),
						"sold_out":     knownvalue.Bool(true),
						"vcpus":        knownvalue.Int64Exact(8),
						"memory":       knownvalue.Float64Exact(32),
						"gpu":          knownvalue.Null(),
						"ascend":       knownvalue.Null(),
						"storages":     knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("EFS"), knownvalue.StringExact("EVS")}),
						"evs_max_size": knownvalue.Int64Exact(4096),
					})),
					acctest.Value(address, "flavors.6.evs_max_size", knownvalue.Null()), // efs has no disk
					acctest.Value(address, "flavors.8.sold_out", knownvalue.Bool(true)),
					acctest.Value(address, "flavors.12.gpu", knownvalue.ObjectExact(map[string]knownvalue.Check{
						"cards": knownvalue.Float64Exact(8), "memory": knownvalue.StringExact("32GB"), "type": knownvalue.StringExact("V100"),
					})),
					acctest.Value(address, "flavors.13.ascend", knownvalue.ObjectExact(map[string]knownvalue.Check{
						"cards": knownvalue.Float64Exact(8), "memory": knownvalue.StringExact("32GB"), "type": knownvalue.StringExact("D910"),
						"type_alias": knownvalue.StringExact("Ascend-snt9"),
					})),
				},
				Check: s.ExpectQueries("ListFlavors", "feature=DEFAULT", "feature=NOTEBOOK"),
			})
		})
	}
}

// What the API can filter by is sent to it, in upper case; the rest is done here.
func TestAccFlavorsDataSource_filters(t *testing.T) {
	t.Parallel()
	all := []string{"feature=DEFAULT", "feature=NOTEBOOK"}
	for name, tc := range map[string]struct {
		arguments string
		queries   []string
		want      []string
	}{
		"all filters of the API": {
			`category = "gpu"
			 type = "Managed"
			 feature = "notebook"
			 flavor_type = "vm"`,
			[]string{"category=GPU&feature=NOTEBOOK&flavor_type=vm&type=MANAGED"},
			[]string{"vm.gpu.t4", "vm.gpu.v100", "vm.gpu.8v100"},
		},
		"free":             {`feature = "DEFAULT"`, []string{"feature=DEFAULT"}, []string{"vm.cpu.free"}},
		"none":             {`type = "DEDICATED"`, []string{"feature=DEFAULT&type=DEDICATED", "feature=NOTEBOOK&type=DEDICATED"}, nil},
		"arch":             {"arch = \"aarch64\"\ncategory = \"CPU\"", []string{"category=CPU&feature=DEFAULT", "category=CPU&feature=NOTEBOOK"}, []string{"vm.arm.2u", "vm.arm.8u"}},
		"storage":          {`storage = "obsfs"`, all, []string{"vm.cpu.8u.obs"}},
		"arch and storage": {"arch = \"AARCH64\"\nstorage = \"OBS\"", all, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			acctest.Check(t, resource.TestStep{
				Config:            s.Data("modelarts_flavors", tc.arguments) + flavorNames,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("names", acctest.Texts(tc.want...))},
				Check:             s.ExpectQueries("ListFlavors", tc.queries...),
			})
		})
	}
}

func TestAccFlavorDataSource_choice(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	config, checks := s.Provider(""), []statecheck.StateCheck(nil)
	for i, tc := range []struct{ arguments, want string }{
		{``, "vm.arm.2u"},
		{`arch = "x86_64"`, "vm.cpu.2u"},
		{"arch = \"X86_64\"\nvcpus_min = 3", "vm.cpu.4u"},
		{`memory_min = 32.5`, "vm.cpu.8u.efs"},
		{"memory_min = 33\nstorage = \"evs\"", "vm.cpu.8u.obs"},
		{`category = "gpu"`, "vm.gpu.t4"},
		{"gpus_min = 1\nmemory_min = 64", "vm.gpu.v100"},
		{`npus_min = 2`, "bm.ascend.d910.8"},
		{`feature = "default"`, "vm.cpu.free"},
		{`vcpus_min = 16`, "vm.ascend.d910.1"}, // of CPU flavors, the one with 16 is sold out
		{"vcpus_min = 16\ninclude_sold_out = true", "vm.cpu.16u"},
		{"category = \"CPU\"\nflavor_type = \"vm\"\ntype = \"managed\"", "vm.arm.2u"},
	} {
		config += fmt.Sprintf("data \"modelarts_flavor\" \"test%d\" {\n%s\n}\n", i, tc.arguments)
		checks = append(checks, acctest.Value(fmt.Sprintf("data.modelarts_flavor.test%d", i), "id", knownvalue.StringExact("modelarts."+tc.want)))
	}
	acctest.Check(t, resource.TestStep{
		Config: config, ConfigStateChecks: checks,
		Check: s.ExpectQueries("ListFlavors",
			"category=CPU&feature=NOTEBOOK&flavor_type=vm&type=MANAGED",
			"category=GPU&feature=NOTEBOOK&type=MANAGED",
			"feature=DEFAULT&type=MANAGED",
			"feature=NOTEBOOK&type=MANAGED"),
	})
}

// What was asked for in any letter case is read back as the service writes it.
func TestAccFlavorDataSource_attributes(t *testing.T) {
	t.Parallel()
	const address = "data.modelarts_flavor.test"
	s := acctest.New(t, simulator.Options{})
	acctest.Check(t, resource.TestStep{
		Config: s.Data("modelarts_flavor", "category = \"Gpu\"\narch = \"x86_64\"\nfeature = \"notebook\""),
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.Value(address, "category", knownvalue.StringExact("GPU")),
			acctest.Value(address, "arch", knownvalue.StringExact("X86_64")),
			acctest.Value(address, "feature", knownvalue.StringExact("NOTEBOOK")),
			acctest.Value(address, "sold_out", knownvalue.Bool(false)),
			acctest.Value(address, "vcpus", knownvalue.Int64Exact(8)),
			acctest.Value(address, "memory", knownvalue.Float64Exact(32)),
			acctest.Value(address, "gpu.cards", knownvalue.Float64Exact(1)),
			acctest.Value(address, "evs_max_size", knownvalue.Int64Exact(4096)),
		},
	})
}

// The flavor that was chosen is what a notebook takes, also when what decides
// about it is known only after the apply.
func TestAccFlavorDataSource_notebook(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	acctest.Check(t, resource.TestStep{
		Config: s.Provider("") + `
resource "terraform_data" "size" { input = 4 }

data "modelarts_flavor" "test" {
  arch      = "X86_64"
  vcpus_min = terraform_data.size.output
}

resource "modelarts_notebook" "test" {
  name     = "test"
  flavor   = data.modelarts_flavor.test.id
  image_id = "` + acctest.Image + `"
  volume { category = "EVS" }
}
`,
		Check: func(*terraform.State) error {
			if got := s.Only(t).Flavor; got != acctest.LargerFlavor {
				return fmt.Errorf("the notebook has the flavor %s", got)
			}
			return nil
		},
	})
}

// A notebook keeps its flavor when that one sells out, in each of the ways that
// the documentation gives.
func TestAccFlavorDataSource_soldOutLater(t *testing.T) {
	t.Parallel()
	const once = "lifecycle { ignore_changes = [flavor] }"
	for name, tc := range map[string]struct{ flavor, notebook, sellsOut, fails string }{
		"nothing done":               {"", "", "modelarts.vm.cpu.8u", "The notebook would have to be stopped"},
		"chosen once":                {"", once, "modelarts.vm.cpu.8u", ""},
		"whatever is in stock":       {"include_sold_out = true", "", "modelarts.vm.cpu.8u", ""},
		"nothing fits any more":      {`storage = "OBS"`, once, "modelarts.vm.cpu.8u.obs", "Unable to find flavor"},
		"both, nothing fits anymore": {"storage = \"OBS\"\ninclude_sold_out = true", once, "modelarts.vm.cpu.8u.obs", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			config := s.Data("modelarts_flavor", "arch = \"X86_64\"\ncategory = \"CPU\"\nvcpus_min = 8\n"+tc.flavor) + `
resource "modelarts_notebook" "test" {
  name     = "test"
  flavor   = data.modelarts_flavor.test.id
  image_id = "` + acctest.Image + `"
  volume { category = "EVS" }
  ` + tc.notebook + `
}
`
			later := resource.TestStep{
				PreConfig: func() { s.Configure(func(o *simulator.Options) { o.SoldOut = []string{tc.sellsOut} }) },
				Config:    config, PlanOnly: true,
			}
			if tc.fails != "" {
				later.ExpectError = acctest.Text(tc.fails)
			}
			restock := resource.TestStep{
				PreConfig: func() { s.Configure(func(o *simulator.Options) { o.SoldOut = nil }) },
				Config:    config, PlanOnly: true,
			}
			acctest.Check(t, resource.TestStep{Config: config}, later, restock)
		})
	}
}

func TestAccFlavorDataSource_noneFits(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	for name, tc := range map[string]struct{ arguments, want string }{
		"too large": {
			"category = \"CPU\"\narch = \"X86_64\"\nvcpus_min = 32", `
No flavors fit. The nearest of 14, each with what excludes it:
- modelarts.vm.cpu.8u: has 8 vCPUs (vcpus_min = 32)
- modelarts.vm.cpu.8u.efs: has 8 vCPUs (vcpus_min = 32)
- modelarts.vm.cpu.8u.obs: has 8 vCPUs (vcpus_min = 32)
- modelarts.vm.cpu.4u: has 4 vCPUs (vcpus_min = 32)
- modelarts.vm.cpu.2u: has 2 vCPUs (vcpus_min = 32)
Relax the conditions, or list all flavors with the data source modelarts_flavors.`,
		},
		"sold out": {
			"gpus_min = 2\nstorage = \"EVS\"\nmemory_min = 600.5", `
- modelarts.vm.gpu.8v100: is sold out (include_sold_out = false); has 512 GB of memory (memory_min = 600.5)`,
		},
		"another category": {
			"category = \"ASCEND\"\ngpus_min = 1\nmemory_min = 32", `
- modelarts.vm.gpu.t4: is GPU (category = ASCEND)
- modelarts.vm.gpu.v100: is GPU (category = ASCEND)
- modelarts.vm.ascend.d910.1: has 0 GPUs (gpus_min = 1)`,
		},
		"another feature, architecture and storage": {
			"feature = \"DEFAULT\"\narch = \"AARCH64\"\nstorage = \"OBS\"", `
- modelarts.vm.arm.2u: is for NOTEBOOK (feature = DEFAULT); works with EFS, EVS (storage = OBS)
- modelarts.vm.cpu.free: is X86_64 (arch = AARCH64); works with EFS, EVS (storage = OBS)`,
		},
		"none at all": {
			`type = "DEDICATED"`, `
The service lists no flavors for the arguments that it filters by, such as type. Remove these one after the other to find out which of them excludes all.`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Check(t, resource.TestStep{Config: s.Data("modelarts_flavor", tc.arguments), ExpectError: acctest.Text(tc.want)})
		})
	}
}

func TestAccPoolsDataSource(t *testing.T) {
	t.Parallel()
	const address = "data.modelarts_pools.test"
	const poolNames = "output \"names\" { value = data.modelarts_pools.test.pools[*].id }\n"
	s := acctest.New(t, simulator.Options{})
	acctest.Check(t,
		resource.TestStep{
			Config: s.Data("modelarts_pools", "") + poolNames,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("names", acctest.Texts("pool41664192", "pool73112001")),
				acctest.Value(address, "pools.0.type", knownvalue.StringExact("DEDICATED")),
				acctest.Value(address, "pools.0.status", knownvalue.StringExact("ACTIVE")),
				acctest.Value(address, "pools.1.status", knownvalue.StringExact("INITIALIZING")),
				acctest.Value(address, "pools.0.workspace_id", knownvalue.StringExact("0")),
				acctest.Value(address, "pools.0.is_allow_root", knownvalue.Bool(false)),
				acctest.Value(address, "pools.0.resource_categories", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("CPU"), knownvalue.StringExact("GPU")})),
				acctest.Value(address, "pools.0.flavors", knownvalue.ListSizeExact(3)),
				acctest.Value(address, "pools.0.flavors.0.id", knownvalue.StringExact(acctest.PoolFlavor)),
				acctest.Value(address, "pools.0.flavors.0.memory", knownvalue.Float64Exact(32)),
				acctest.Value(address, "pools.0.flavors.2.id", knownvalue.StringExact("modelarts.pool.gpu.v100")),
				acctest.Value(address, "pools.0.flavors.2.gpu.cards", knownvalue.Float64Exact(1)),
				acctest.Value(address, "pools.1.flavors", knownvalue.ListSizeExact(0)),
			},
			Check: s.ExpectQueries("ListAuthoringClusters", "scope=NOTEBOOK&type=DEDICATED&workspace_id=0"),
		},
		resource.TestStep{
			PreConfig:         s.ResetRequests,
			Config:            s.Data("modelarts_pools", `type = "managed"`) + poolNames,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("names", acctest.Texts("pool00000000"))},
			Check:             s.ExpectQueries("ListAuthoringClusters", "scope=NOTEBOOK&type=MANAGED&workspace_id=0"),
		},
		resource.TestStep{
			PreConfig:         s.ResetRequests,
			Config:            s.Data("modelarts_pools", fmt.Sprintf("workspace_id = %q", simulator.DefaultWorkspace)) + poolNames,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("names", acctest.Texts())},
			Check:             s.ExpectQueries("ListAuthoringClusters", "scope=NOTEBOOK&type=DEDICATED&workspace_id="+simulator.DefaultWorkspace),
		},
	)
}

func TestAccQuotaDataSource(t *testing.T) {
	t.Parallel()
	const address = "data.modelarts_quota.test"
	quota := func(quota, used, available int64) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			acctest.Value(address, "enabled", knownvalue.Bool(true)),
			acctest.Value(address, "quota", knownvalue.Int64Exact(quota)),
			acctest.Value(address, "used", knownvalue.Int64Exact(used)),
			acctest.Value(address, "available", knownvalue.Int64Exact(available)),
			acctest.Value(address, "user_id", knownvalue.NotNull()),
		}
	}
	s := acctest.New(t, simulator.Options{Quota: 3})
	config := s.Data("modelarts_quota", "depends_on = [modelarts_notebook.test]") + acctest.Notebook
	acctest.Check(t,
		resource.TestStep{Config: config, ConfigStateChecks: quota(3, 1, 2)},
		resource.TestStep{
			PreConfig:         func() { s.Configure(func(o *simulator.Options) { o.Quota = 1 }) },
			Config:            config,
			ConfigStateChecks: quota(1, 1, 0),
		},
	)
}

func TestAccCatalogueDataSources_errors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ config, operation, want string }{
		"flavors": {`data "modelarts_flavors" "test" {}`, "ListFlavors", "Error: Unable to read flavors"},
		"flavor":  {`data "modelarts_flavor" "test" {}`, "ListFlavors", "Error: Unable to read flavors"},
		"pools":   {`data "modelarts_pools" "test" {}`, "ListAuthoringClusters", "Error: Unable to read pools"},
		"quota":   {`data "modelarts_quota" "test" {}`, "ListFeatures", "Error: Unable to read quota"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			s.Inject(simulator.Fault{Operation: tc.operation, Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0108", Count: -1})
			want := regexp.MustCompile("(?s)" + tc.want + ".*ModelArts.0108")
			acctest.Check(t, resource.TestStep{Config: s.Provider("") + tc.config, ExpectError: want})
		})
	}
}

// Mistakes are found by validate, without a service.
func TestAccCatalogueDataSources_validation(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ config, want string }{
		"category":    {`data "modelarts_flavors" "test" { category = "TPU" }`, `Attribute category is "TPU": it must be CPU, GPU or ASCEND, in any letter case.`},
		"arch":        {`data "modelarts_flavor" "test" { arch = "arm" }`, `Attribute arch is "arm": it must be X86_64 or AARCH64, in any letter case.`},
		"storage":     {`data "modelarts_flavor" "test" { storage = "disk" }`, `Attribute storage is "disk": it must be EVS, EFS, OBS or OBSFS, in any letter case.`},
		"negative":    {`data "modelarts_flavor" "test" { vcpus_min = -1 }`, `Attribute vcpus_min is -1: it must be a whole number of 0 or more.`},
		"pool type":   {`data "modelarts_pools" "test" { type = "PUBLIC" }`, `Attribute type is "PUBLIC": it must be MANAGED or DEDICATED, in any letter case.`},
		"flavor type": {`data "modelarts_flavors" "test" { flavor_type = "" }`, `Attribute flavor_type is empty: write a value`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Check(t, resource.TestStep{Config: tc.config, PlanOnly: true, ExpectError: acctest.Text(tc.want)})
		})
	}
}
