package notebook_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebook"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// lateValue is an argument whose value is known only after the apply: one value in
// a create, another in an update.
type lateValue struct {
	first, second string
	with          arguments // what has the value
}

const known = "terraform_data.later.output"

// unknownArguments has one or more for each row of the table of arguments.
func unknownArguments() map[string]lateValue {
	return map[string]lateValue{
		"name":                       {`"a"`, `"b"`, arguments{"name": known}},
		"description":                {`"a"`, `"b"`, arguments{"description": known}},
		"flavor":                     {quote(acctest.Flavor), quote(acctest.LargerFlavor), arguments{"flavor": known}},
		"image_id":                   {quote(acctest.Image), quote(acctest.OtherImage), arguments{"image_id": known}},
		"volume.category":            {`"EVS"`, `"EFS"`, arguments{"volume": `{ category = ` + known + ` }`}},
		"volume.ownership":           {`"MANAGED"`, `"managed"`, arguments{"volume": `{ category = "EVS", ownership = ` + known + ` }`}},
		"volume.uri":                 {`"share.example.com:/a"`, `"share.example.com:/b"`, arguments{"volume": `{ category = "EFS", ownership = "DEDICATED", id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11", uri = ` + known + ` }`}},
		"volume.id":                  {`"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"`, `"0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a12"`, arguments{"volume": `{ category = "EFS", ownership = "DEDICATED", uri = "share.example.com:/a", id = ` + known + ` }`}},
		"volume.dew_secret_name":     {`"a"`, `"b"`, arguments{"flavor": quote(acctest.BucketFlavor), "volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "obs://a/b/", dew_secret_name = ` + known + ` }`}},
		"volume.capacity":            {`10`, `20`, arguments{"volume": `{ category = "EVS", capacity = ` + known + ` }`}},
		"data_volumes":               {`{ "/data/a/" = { category = "OBSFS", uri = "obs://a/" } }`, `{ "/data/b/" = { category = "OBSFS", uri = "obs://b/" } }`, arguments{"data_volumes": known}},
		"data_volumes, uri":          {`"obs://a/"`, `"obs://b/"`, arguments{"data_volumes": `{ "/data/a/" = { category = "OBSFS", uri = ` + known + ` } }`}},
		"data_volumes, one":          {`{ category = "OBSFS", uri = "obs://a/", read_only = true }`, `{ category = "EFS", uri = "share.example.com:/a", id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11", read_only = true }`, arguments{"data_volumes": `{ "/data/a/" = ` + known + ` }`}},
		"endpoints, SSH":             {`{ key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] }`, `{ key_pair_names = ["b"] }`, arguments{"endpoints": `{ SSH = ` + known + ` }`}},
		"lease, off":                 {`{ duration = "8h" }`, `{ enabled = false }`, arguments{"lease": known}},
		"lease, on again":            {`{ enabled = false }`, `{ duration = "8h" }`, arguments{"lease": known}},
		"hooks, post_start":          {`{ content = "a" }`, `{ content = "b", mode = "BLOCK" }`, arguments{"hooks": `{ post_start = ` + known + ` }`}},
		"affinity, a rule":           {`{ key = "a", operator = "Exists" }`, `{ key = "b", operator = "Exists" }`, arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": quote(acctest.Pool), "affinity": `{ required = [` + known + `] }`}},
		"endpoints":                  {`{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] } }`, `{ SSH = { key_pair_names = ["b"], allowed_access_ips = null } }`, arguments{"endpoints": known}},
		"endpoints, key_pair_names":  {`["a"]`, `["b"]`, arguments{"endpoints": `{ SSH = { key_pair_names = ` + known + ` } }`}},
		"endpoints, one key pair":    {`"a"`, `"b"`, arguments{"endpoints": `{ SSH = { key_pair_names = [` + known + `, "c"] } }`}},
		"lease":                      {`{ duration = "8h" }`, `{ duration = "9h" }`, arguments{"lease": known}},
		"lease.duration":             {`"8h"`, `"9h"`, arguments{"lease": `{ duration = ` + known + ` }`}},
		"lease.enabled":              {`true`, `false`, arguments{"lease": `{ enabled = ` + known + `, duration = ` + known + ` ? "8h" : null }`}},
		"hooks":                      {`{ post_start = { content = "a" } }`, `{ post_start = { content = "b" } }`, arguments{"hooks": known}},
		"hooks, content":             {`"a"`, `"b"`, arguments{"hooks": `{ post_start = { content = ` + known + ` } }`}},
		"custom_spec":                {`{ cpu = 1, memory = 1024 }`, `{ cpu = 2, memory = 1024 }`, arguments{"flavor": "", "pool_id": quote(acctest.Pool), "custom_spec": known}},
		"custom_spec.cpu":            {`1`, `2`, arguments{"flavor": "", "pool_id": quote(acctest.Pool), "custom_spec": `{ cpu = ` + known + `, memory = 1024 }`}},
		"region":                     {quote(simulator.DefaultRegion), quote(simulator.DefaultRegion), arguments{"region": known}},
		"feature":                    {`"NOTEBOOK"`, `"NOTEBOOK"`, arguments{"feature": known}},
		"pool_id":                    {quote(acctest.Pool), quote(acctest.Pool), arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": known}},
		"workspace_id":               {`"0"`, quote(simulator.DefaultWorkspace), arguments{"workspace_id": known}},
		"affinity":                   {`{ required = [{ key = "a", operator = "Exists" }] }`, `{ required = [{ key = "b", operator = "Exists" }] }`, arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": quote(acctest.Pool), "affinity": known}},
		"affinity, values":           {`["a"]`, `["b"]`, arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": quote(acctest.Pool), "affinity": `{ required = [{ key = "a", operator = "In", values = ` + known + ` }] }`}},
		"run_user":                   {`{ uid = 1 }`, `{ uid = 2 }`, arguments{"run_user": known}},
		"run_user.uid":               {`1`, `2`, arguments{"run_user": `{ uid = ` + known + ` }`}},
		"public_network_config":      {`{ public_network_type = "SHARED" }`, `{ public_network_type = "FORBIDDEN" }`, arguments{"public_network_config": known}},
		"public_network_type":        {`"SHARED"`, `"FORBIDDEN"`, arguments{"public_network_config": `{ public_network_type = ` + known + ` }`}},
		"user_vpc":                   {`"a"`, `"b"`, arguments{"user_vpc": `{ vpc_id = ` + known + `, subnet_id = "s", security_group_ids = ["g"] }`}},
		"user_vpc, one group":        {`"a"`, `"b"`, arguments{"user_vpc": `{ vpc_id = "v", subnet_id = "s", security_group_ids = [` + known + `] }`}},
		"tags":                       {`{ a = "b" }`, `{ c = "d" }`, arguments{"tags": known}},
		"tags, one value":            {`"a"`, `"b"`, arguments{"tags": `{ a = ` + known + ` }`}},
		"desired_status":             {`"RUNNING"`, `"STOPPED"`, arguments{"desired_status": known}},
		"allow_stopping_for_update":  {`true`, `false`, arguments{"allow_stopping_for_update": known}},
		"deletion_protection, false": {`false`, `false`, arguments{"deletion_protection": known}},
	}
}

// Every argument is tried with an unknown value.
func TestEveryArgumentIsUnknownOnce(t *testing.T) {
	t.Parallel()
	for _, row := range notebook.Rows() {
		tried := row.Place[0] == "tags_all" // which follows from tags
		for _, tc := range unknownArguments() {
			tried = tried || tc.with.names(row.Place)
		}
		if !tried {
			t.Errorf("%s is never unknown in a test", strings.Join(row.Place, "."))
		}
	}
}

// Every argument can come from something that is known only after the apply:
// the plan passes, without a false error, and the apply sends the value. Each is
// tried in a create and in an update.
func TestAccNotebook_unknown(t *testing.T) {
	t.Parallel()
	// later is a value that Terraform knows only after the apply.
	later := func(v string) string {
		return `
resource "terraform_data" "later" {
  input            = ` + v + `
  triggers_replace = ` + v + `
}
`
	}
	for name, tc := range unknownArguments() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			s.Check(t,
				resource.TestStep{Config: later(tc.first) + config(s, base.with(tc.with))},
				resource.TestStep{Config: later(tc.second) + config(s, base.with(tc.with))},
			)
		})
	}
}

// A value that is not known yet in an argument that replaces: Terraform replaces the
// notebook even if the value turns out the same, which the plan says. To apply what
// it comes from first, as the plan says too, keeps the notebook.
func TestAccNotebook_unknownReplaces(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, "")
	write := func(later, protected string) {
		w.Configure(t, s.Provider("")+`
resource "terraform_data" "later" { input = { pool = "`+acctest.Pool+`", other = "`+later+`" } }
`+base.with(arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": "terraform_data.later.output.pool", "deletion_protection": protected}).resource("test"))
	}
	write("a", "true")
	w.MustRun(t, "apply", "-auto-approve")
	first := s.Only(t).ID

	write("b", "true")
	if out, err := w.Run(t, "plan"); err == nil || !strings.Contains(out, "The notebook is protected") {
		t.Errorf("a protected notebook: %v\n%s", err, out)
	}
	// The way out that the warning names.
	w.MustRun(t, "apply", "-auto-approve", "-target=terraform_data.later")
	w.MustRun(t, "apply", "-auto-approve")
	if id := s.Only(t).ID; id != first {
		t.Errorf("the notebook was replaced although its source was applied first")
	}

	write("b", "false")
	w.MustRun(t, "apply", "-auto-approve")
	write("c", "false")
	out := w.MustRun(t, "apply", "-auto-approve")
	if !acctest.Text("the notebook is replaced even if it turns out to be what it is now").MatchString(out) {
		t.Errorf("the plan does not say it:\n%s", out)
	}
	if id := s.Only(t).ID; id == first {
		t.Errorf("the notebook was kept: the warning says otherwise\n%s", out)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}
