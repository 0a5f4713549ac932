package notebook_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebook"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const startAgain = "StartNotebook duration=3600000&type=timing"

// stopAndStart is what a change that needs a stop makes, with its one PUT.
func stopAndStart(put string) []string { return []string{"StopNotebook", put, startAgain} }

// argument is the life of one argument: set in a create, imported, changed,
// changed elsewhere, removed.
type argument struct {
	set, change, remove arguments

	changeCalls, driftCalls, removeCalls []string

	// drift is made after the change; nil where the API never answers the
	// argument.
	drift *simulator.Drift
	// answers are the open questions that the service gives answer B to.
	answers []string
	// replaced says that a change makes a new notebook.
	replaced bool
	// notImported are the attributes that the API never answers.
	notImported []string
}

// lives has one or more for each row of the table of arguments.
func lives() map[string]argument {
	const (
		secret   = `"keys"`
		efsID    = `"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"`
		efsShare = `"share.example.com:/a"`
		custom   = "custom.flavor.spec.code"
	)
	pool := arguments{"pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor)}
	inPool := func(a arguments) arguments {
		merged := maps.Clone(pool)
		maps.Copy(merged, a)
		return merged
	}
	replacement := []string{"DeleteNotebook", "CreateNotebook"}

	return map[string]argument{
		"name": {
			set:         arguments{"name": `"one"`},
			change:      arguments{"name": `"two"`},
			changeCalls: []string{"UpdateNotebook name"},
			drift:       &simulator.Drift{Name: new("elsewhere")},
			driftCalls:  []string{"UpdateNotebook name"},
		},
		"description": {
			set:         arguments{"description": `"one"`},
			change:      arguments{"description": `"two"`},
			changeCalls: []string{"UpdateNotebook description"},
			drift:       &simulator.Drift{Description: new("elsewhere")},
			driftCalls:  []string{"UpdateNotebook description"},
			remove:      arguments{"description": ""},
			removeCalls: []string{"UpdateNotebook description"},
		},
		"flavor": {
			set:         arguments{"flavor": quote(acctest.Flavor)},
			change:      arguments{"flavor": quote(acctest.LargerFlavor)},
			changeCalls: stopAndStart("UpdateNotebook flavor"),
			drift:       &simulator.Drift{Flavor: new("modelarts.vm.cpu.8u")},
			driftCalls:  stopAndStart("UpdateNotebook flavor"),
		},
		"image_id": {
			set:         arguments{"image_id": quote(acctest.Image)},
			change:      arguments{"image_id": quote(acctest.OtherImage)},
			changeCalls: stopAndStart("UpdateNotebook image_id"),
			drift:       &simulator.Drift{ImageID: new(acctest.Image)},
			driftCalls:  stopAndStart("UpdateNotebook image_id"),
		},
		"region": { // TestAccNotebook_importByRegion has a second region
			set:    arguments{"region": quote(simulator.DefaultRegion)},
			remove: arguments{"region": ""}, // it stays where it was made
		},
		"region, the provider's": {
			set:    nil,
			change: arguments{"region": quote(simulator.DefaultRegion)},
		},
		"feature": {
			set:      arguments{"feature": `"NOTEBOOK"`},
			change:   arguments{"feature": `"DEFAULT"`, "flavor": `"modelarts.vm.cpu.free"`},
			replaced: true, changeCalls: replacement,
			remove:      arguments{"feature": "", "flavor": quote(acctest.Flavor)},
			removeCalls: replacement,
		},
		"volume.capacity": {
			set:         arguments{"volume": `{ category = "EVS", capacity = 10 }`},
			change:      arguments{"volume": `{ category = "EVS", capacity = 20 }`},
			changeCalls: []string{"UpdateNotebook storage_new_size"},
			drift:       &simulator.Drift{Capacity: new(int64(15))}, // it can only have been shrunk by a replacement
			driftCalls:  []string{"UpdateNotebook storage_new_size"},
			remove:      arguments{"volume": `{ category = "EVS" }`},
		},
		"volume.category": {
			set:      arguments{"volume": `{ category = "evs", ownership = "managed" }`},
			change:   arguments{"volume": `{ category = "EFS" }`},
			replaced: true, changeCalls: replacement,
			notImported: []string{"volume.category", "volume.ownership"}, // its spelling
		},
		"volume dedicated": {
			set:      arguments{"volume": `{ category = "EFS", ownership = "DEDICATED", uri = ` + efsShare + `, id = ` + efsID + ` }`},
			change:   arguments{"volume": `{ category = "EFS", ownership = "DEDICATED", uri = "share.example.com:/b", id = ` + efsID + ` }`},
			replaced: true, changeCalls: replacement,
		},
		"volume.dew_secret_name": {
			set:         arguments{"flavor": quote(acctest.BucketFlavor), "volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "obs://bucket/path/", dew_secret_name = ` + secret + ` }`},
			change:      arguments{"flavor": quote(acctest.BucketFlavor), "volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "obs://bucket/path/", dew_secret_name = "others" }`},
			changeCalls: stopAndStart("UpdateNotebook dew_secret_name"),
			notImported: []string{"volume.dew_secret_name"},
		},
		"data_volumes": {
			set:         arguments{"data_volumes": `{ "/data/lake/" = { category = "OBSFS", uri = "obs://lake/a/" } }`},
			change:      arguments{"data_volumes": `{ "/data/lake/" = { category = "OBSFS", uri = "obs://lake/b/" } }`},
			changeCalls: stopAndStart("UpdateNotebook data_volumes"),
			drift: &simulator.Drift{DataVolumes: &[]simulator.Volume{
				{Category: "OBSFS", Ownership: "DEDICATED", URI: "obs://lake/c/", MountPath: "/data/lake/"},
			}},
			driftCalls:  stopAndStart("UpdateNotebook data_volumes"),
			remove:      arguments{"data_volumes": ""},
			removeCalls: stopAndStart("UpdateNotebook data_volumes"),
			notImported: []string{"data_volumes"}, // they look like mounts, and no path is known yet
		},
		"data_volumes, what is never answered": {
			set:         arguments{"data_volumes": `{ "/data/lake" = { category = "OBSFS", uri = "obs://lake/a/", read_only = true, dew_secret_name = ` + secret + ` } }`},
			change:      arguments{"data_volumes": `{ "/data/lake" = { category = "OBSFS", uri = "obs://lake/a/" } }`},
			changeCalls: stopAndStart("UpdateNotebook data_volumes"),
			notImported: []string{"data_volumes"},
		},
		"endpoints": {
			set:         arguments{"endpoints": `{ SSH = { key_pair_names = ["b", "a"], allowed_access_ips = ["203.0.113.9", "203.0.113.1"] } }`},
			change:      arguments{"endpoints": `{ SSH = { key_pair_names = ["a"] } }`},
			changeCalls: stopAndStart("UpdateNotebook endpoints"),
			drift:       &simulator.Drift{Endpoints: &[]simulator.Endpoint{{Service: "SSH", KeyPairNames: []string{"c"}}}},
			driftCalls:  stopAndStart("UpdateNotebook endpoints"),
			remove:      arguments{"endpoints": ""},
			removeCalls: stopAndStart("UpdateNotebook endpoints"),
		},
		"hooks": {
			set:         arguments{"hooks": `{ post_start = { content = "echo one\n" } }`},
			change:      arguments{"hooks": `{ pre_start = { path = "/home/ma-user/work/start.sh", mode = "BLOCK" } }`},
			changeCalls: stopAndStart("UpdateNotebook hooks"),
			remove:      arguments{"hooks": ""},
			removeCalls: stopAndStart("UpdateNotebook hooks"),
			notImported: []string{"hooks"},
		},
		"lease": {
			set:         arguments{"lease": `{ duration = "8h" }`},
			change:      arguments{"lease": `{ duration = "2h", type = "IDLE" }`},
			changeCalls: []string{"RenewLease duration type"},
			drift:       &simulator.Drift{LeaseOn: new(false)},
			driftCalls:  []string{"RenewLease duration type"},
			remove:      arguments{"lease": ""},
		},
		"lease.type": {
			set:         arguments{"lease": `{ duration = "8h", type = "TIMING" }`},
			change:      arguments{"lease": `{ duration = "8h", type = "IDLE" }`},
			changeCalls: []string{"RenewLease duration type"},
			drift:       &simulator.Drift{LeaseType: new("TIMING")},
			driftCalls:  []string{"RenewLease duration type"},
		},
		"lease.enabled": {
			set:         arguments{"lease": `{ duration = "8h" }`},
			change:      arguments{"lease": `{ enabled = false }`},
			changeCalls: []string{"StopNotebook", "StartNotebook duration=-1"},
			drift:       &simulator.Drift{LeaseOn: new(true), LeaseDuration: new(int64(7_200_000))},
			driftCalls:  []string{"StopNotebook", "StartNotebook duration=-1"},
			remove:      arguments{"lease": `{ enabled = true, duration = "2h" }`},
			removeCalls: []string{"RenewLease duration=7200000 duration type"},
		},
		"pool_id": {
			set:    pool,
			remove: arguments{"pool_id": ""}, // what was filled in stays
		},
		"pool_id, another": {
			set:      nil,
			change:   pool,
			replaced: true, changeCalls: replacement,
		},
		"workspace_id": {
			set:    arguments{"workspace_id": quote(simulator.DefaultWorkspace)},
			remove: arguments{"workspace_id": ""}, // what was filled in stays
		},
		"workspace_id, another": {
			set:      arguments{"workspace_id": quote(simulator.DefaultWorkspace)},
			change:   arguments{"workspace_id": `"0"`},
			replaced: true, changeCalls: replacement,
		},
		"custom_spec": {
			set:         inPool(arguments{"flavor": "", "custom_spec": `{ cpu = 2, memory = 4096 }`}),
			change:      inPool(arguments{"flavor": "", "custom_spec": `{ cpu = 4, memory = 8192, arch = "x86_64" }`}),
			changeCalls: stopAndStart("UpdateNotebook custom_spec"),
			drift:       &simulator.Drift{Flavor: new(custom), CustomSpec: &simulator.CustomSpec{CPU: 1, Memory: 1024, Arch: "X86_64"}},
			driftCalls:  stopAndStart("UpdateNotebook custom_spec"),
			remove:      inPool(arguments{"custom_spec": "", "flavor": quote(acctest.PoolFlavor)}),
			removeCalls: stopAndStart("UpdateNotebook flavor"),
		},
		"custom_spec beside a flavor": {
			set:         inPool(arguments{"custom_spec": `{ cpu = 2, memory = 4096 }`}),
			change:      inPool(arguments{"custom_spec": `{ cpu = 4, memory = 4096 }`}),
			changeCalls: stopAndStart("UpdateNotebook custom_spec"),
			notImported: []string{"flavor"}, // the service reports another
		},
		"affinity": {
			set: inPool(arguments{"affinity": `{ required = [{ key = "zone", operator = "In", values = ["b", "a"] }] }`}),
			change: inPool(arguments{"affinity": `{
				required  = [{ key = "disk", operator = "Exists" }]
				preferred = [{ key = "zone", operator = "NotIn", values = ["c"], weight = 10 }]
			}`}),
			changeCalls: stopAndStart("UpdateNotebook affinity"),
			drift:       &simulator.Drift{Affinity: &simulator.Affinity{Required: []simulator.AffinityRule{{Key: "gpu", Operator: "Exists", Values: []string{}}}}},
			driftCalls:  stopAndStart("UpdateNotebook affinity"),
			remove:      inPool(arguments{"affinity": ""}),
			removeCalls: stopAndStart("UpdateNotebook affinity"),
		},
		"public_network_config": {
			set:         arguments{"public_network_config": `{ public_network_type = "SHARED" }`},
			change:      arguments{"public_network_config": `{ public_network_type = "forbidden" }`},
			changeCalls: stopAndStart("UpdateNotebook public_network_config"),
			remove:      arguments{"public_network_config": ""}, // what was asked for last stays
			notImported: []string{"public_network_config"},
		},
		"public_network_config, answered": {
			answers:     []string{"network-answered"},
			set:         arguments{"public_network_config": `{ public_network_type = "SHARED" }`},
			change:      arguments{"public_network_config": `{ public_network_type = "forbidden" }`},
			changeCalls: stopAndStart("UpdateNotebook public_network_config"),
			drift:       &simulator.Drift{PublicNetwork: &simulator.PublicNetwork{Type: "EXCLUSIVE"}},
			driftCalls:  stopAndStart("UpdateNotebook public_network_config"),
			remove:      arguments{"public_network_config": ""}, // what was asked for last stays
		},
		"run_user": {
			set:      arguments{"run_user": `{ uid = 1000, gid = 1000 }`},
			change:   arguments{"run_user": `{ uid = 1001, gid = 1000 }`},
			replaced: true, changeCalls: replacement,
			remove: arguments{"run_user": ""}, // what was filled in stays
		},
		"user_vpc": {
			set:      arguments{"user_vpc": `{ vpc_id = "vpc", subnet_id = "net", security_group_ids = ["b", "a"] }`},
			change:   arguments{"user_vpc": `{ vpc_id = "vpc", subnet_id = "net", security_group_ids = ["a"], connect_cidrs = ["192.168.0.0/16"] }`},
			replaced: true, changeCalls: replacement,
			remove: arguments{"user_vpc": ""}, // what was filled in stays
		},
		"tags": {
			set:         arguments{"tags": `{ team = "vision", stage = "dev" }`},
			change:      arguments{"tags": `{ team = "speech", owner = "kim" }`},
			changeCalls: []string{"DeleteNotebookTags workspace_id=0 tags", "CreateNotebookTags workspace_id=0 tags"},
			drift:       &simulator.Drift{Tags: map[string]string{"team": "speech", "stray": "yes"}},
			driftCalls:  []string{"DeleteNotebookTags workspace_id=0 tags", "CreateNotebookTags workspace_id=0 tags"},
			remove:      arguments{"tags": ""},
			removeCalls: []string{"DeleteNotebookTags workspace_id=0 tags"},
		},
		"desired_status": {
			set:         arguments{"desired_status": `"STOPPED"`},
			change:      arguments{"desired_status": `"RUNNING"`},
			changeCalls: []string{startAgain},
			drift:       &simulator.Drift{Status: new("STOPPED")},
			driftCalls:  []string{startAgain},
			remove:      arguments{"desired_status": ""},
			notImported: []string{"desired_status"},
		},
		"flags": {
			set:         arguments{"allow_stopping_for_update": "", "deletion_protection": "true", "timeouts": `{ create = "10m", delete = "1m" }`},
			change:      arguments{"allow_stopping_for_update": "true", "deletion_protection": "false", "timeouts": ""},
			notImported: []string{"deletion_protection", "timeouts"},
		},
	}
}

func TestAccNotebook_arguments(t *testing.T) {
	t.Parallel()
	for name, tc := range lives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.run(t)
		})
	}
}

// noDrift are the arguments that are not changed elsewhere in a life, each with
// the reason.
var noDrift = map[string]string{
	"hooks":                  "never answered",
	"volume.dew_secret_name": "not shown to change elsewhere",
}

// Every argument has a life: it is set, changed, and changed elsewhere.
func TestEveryArgumentHasALife(t *testing.T) {
	t.Parallel()
	for _, row := range notebook.Rows() {
		if row.Place[0] == "tags_all" {
			continue // it follows from tags
		}
		name := strings.Join(row.Place, ".")
		var set, changed, drifts bool
		for _, tc := range lives() {
			here := tc.change.names(row.Place)
			set = set || tc.set.names(row.Place) || here
			changed = changed || here && len(tc.changeCalls) > 0
			drifts = drifts || here && tc.drift != nil
		}
		switch {
		case !set:
			t.Errorf("no life sets %s", name)
		case !row.Replaces && !changed:
			t.Errorf("no life changes %s", name)
		case !row.Replaces && drifts != (noDrift[name] == ""):
			t.Errorf("%s is changed elsewhere in a life: %t, has a reason not to be: %t", name, drifts, noDrift[name] != "")
		}
	}
}

// names reports whether a configuration has the argument.
func (a arguments) names(place []string) bool {
	text, there := a[place[0]]
	return there && text != "" && (len(place) == 1 || strings.Contains(text, place[1]+" = "))
}

func (tc argument) run(t *testing.T) {
	t.Helper()
	s := acctest.New(t, simulator.Options{Answers: tc.answers})
	same := sameNotebook(t)
	set := base.with(tc.set)
	steps := []resource.TestStep{
		{Config: config(s, set), Check: same},
		{
			ResourceName: address, ImportState: true, ImportStateVerify: true,
			// The flag is the tests' own; what was asked of the lease is told by
			// the time gone.
			ImportStateVerifyIgnore: append([]string{"allow_stopping_for_update"}, tc.notImported...),
		},
	}
	last := set
	if tc.change != nil {
		last = set.with(tc.change)
		check := resource.ComposeAggregateTestCheckFunc(same, s.ExpectWrites(tc.changeCalls...))
		if tc.replaced {
			check = resource.ComposeAggregateTestCheckFunc(s.ExpectWrites(tc.changeCalls...))
		}
		steps = append(steps, resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, last), Check: check})
	}
	if tc.drift != nil {
		steps = append(steps, resource.TestStep{
			PreConfig: func() {
				if err := s.Change(s.Only(t).ID, *tc.drift); err != nil {
					t.Fatal(err)
				}
				s.ResetRequests()
			},
			Config: config(s, last), Check: resource.ComposeAggregateTestCheckFunc(same, s.ExpectWrites(tc.driftCalls...)),
		})
	}
	if tc.remove != nil {
		check := resource.ComposeAggregateTestCheckFunc(s.ExpectWrites(tc.removeCalls...))
		steps = append(steps, resource.TestStep{PreConfig: s.ResetRequests, Config: config(s, last.with(tc.remove)), Check: check})
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories, Steps: steps, CheckDestroy: s.NothingLeft,
	})
}

// Another spelling of the same thing, or another order, is no difference.
func TestAccNotebook_sameInOtherWords(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	first := base.with(arguments{
		"volume":       `{ category = "evs", ownership = "managed", capacity = 10 }`,
		"lease":        `{ type = "timing", duration = "8h" }`,
		"endpoints":    `{ SSH = { key_pair_names = ["a", "b"], allowed_access_ips = ["203.0.113.1", "203.0.113.9"] } }`,
		"hooks":        `{ post_start = { content = "echo", mode = "async" } }`,
		"data_volumes": `{ "/data/lake" = { category = "obsfs", uri = "obs://lake/a/" } }`,
	})
	var steps []resource.TestStep
	for _, a := range []arguments{
		{},
		{"volume": `{ category = "EVS", ownership = "MANAGED", capacity = 10 }`},
		{"volume": `{ category = "EVS" }`},
		{"lease": `{ type = "TIMING", duration = "480m" }`},
		{"lease": `{ duration = 28800000 }`},
		{"lease": ""},
		{"endpoints": `{ SSH = { key_pair_names = ["b", "a"], allowed_access_ips = ["203.0.113.9", "203.0.113.1"] } }`},
		{"hooks": `{ post_start = { content = "echo" } }`},
		{"data_volumes": `{ "/data/lake/" = { category = "OBSFS", uri = "obs://lake/a/" } }`},
	} {
		step := resource.TestStep{Config: config(s, first.with(a))}
		if len(a) > 0 {
			step.ConfigPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}
		}
		steps = append(steps, step)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories, Steps: steps, CheckDestroy: s.NothingLeft,
	})
}
