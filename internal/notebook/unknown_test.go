package notebook_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

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
	const known = "terraform_data.later.output"
	for name, tc := range map[string]struct {
		first, second string
		with          arguments
	}{
		"name":                       {`"a"`, `"b"`, arguments{"name": known}},
		"description":                {`"a"`, `"b"`, arguments{"description": known}},
		"flavor":                     {quote(acctest.Flavor), quote(acctest.LargerFlavor), arguments{"flavor": known}},
		"image_id":                   {quote(acctest.Image), quote(acctest.OtherImage), arguments{"image_id": known}},
		"volume.category":            {`"EVS"`, `"EFS"`, arguments{"volume": `{ category = ` + known + ` }`}},
		"volume.ownership":           {`"MANAGED"`, `"managed"`, arguments{"volume": `{ category = "EVS", ownership = ` + known + ` }`}},
		"volume.capacity":            {`10`, `20`, arguments{"volume": `{ category = "EVS", capacity = ` + known + ` }`}},
		"data_volumes":               {`{ "/data/a/" = { category = "OBSFS", uri = "obs://a/" } }`, `{ "/data/b/" = { category = "OBSFS", uri = "obs://b/" } }`, arguments{"data_volumes": known}},
		"data_volumes, uri":          {`"obs://a/"`, `"obs://b/"`, arguments{"data_volumes": `{ "/data/a/" = { category = "OBSFS", uri = ` + known + ` } }`}},
		"endpoints":                  {`{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1"] } }`, `{ SSH = { key_pair_names = ["b"], allowed_access_ips = null } }`, arguments{"endpoints": known}},
		"endpoints, key_pair_names":  {`["a"]`, `["b"]`, arguments{"endpoints": `{ SSH = { key_pair_names = ` + known + ` } }`}},
		"endpoints, one key pair":    {`"a"`, `"b"`, arguments{"endpoints": `{ SSH = { key_pair_names = [` + known + `, "c"] } }`}},
		"lease":                      {`{ duration = "8h" }`, `{ duration = "9h" }`, arguments{"lease": known}},
		"lease.duration":             {`"8h"`, `"9h"`, arguments{"lease": `{ duration = ` + known + ` }`}},
		"lease.enabled":              {`true`, `false`, arguments{"lease": `{ enabled = ` + known + ` }`}},
		"hooks":                      {`{ post_start = { content = "a" } }`, `{ post_start = { content = "b" } }`, arguments{"hooks": known}},
		"hooks, content":             {`"a"`, `"b"`, arguments{"hooks": `{ post_start = { content = ` + known + ` } }`}},
		"custom_spec":                {`{ cpu = 1, memory = 1024 }`, `{ cpu = 2, memory = 1024 }`, arguments{"flavor": "", "pool_id": quote(acctest.Pool), "custom_spec": known}},
		"custom_spec.cpu":            {`1`, `2`, arguments{"flavor": "", "pool_id": quote(acctest.Pool), "custom_spec": `{ cpu = ` + known + `, memory = 1024 }`}},
		"pool_id":                    {quote(acctest.Pool), quote(acctest.Pool), arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": known}},
		"workspace_id":               {`"0"`, quote(simulator.DefaultWorkspace), arguments{"workspace_id": known}},
		"affinity":                   {`{ required = [{ key = "a", operator = "Exists" }] }`, `{ required = [{ key = "b", operator = "Exists" }] }`, arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": quote(acctest.Pool), "affinity": known}},
		"affinity, values":           {`["a"]`, `["b"]`, arguments{"flavor": quote(acctest.PoolFlavor), "pool_id": quote(acctest.Pool), "affinity": `{ required = [{ key = "a", operator = "In", values = ` + known + ` }] }`}},
		"run_user":                   {`{ uid = 1 }`, `{ uid = 2 }`, arguments{"run_user": known}},
		"run_user.uid":               {`1`, `2`, arguments{"run_user": `{ uid = ` + known + ` }`}},
		"user_vpc":                   {`"a"`, `"b"`, arguments{"user_vpc": `{ vpc_id = ` + known + `, subnet_id = "s", security_group_ids = ["g"] }`}},
		"user_vpc, one group":        {`"a"`, `"b"`, arguments{"user_vpc": `{ vpc_id = "v", subnet_id = "s", security_group_ids = [` + known + `] }`}},
		"tags":                       {`{ a = "b" }`, `{ c = "d" }`, arguments{"tags": known}},
		"tags, one value":            {`"a"`, `"b"`, arguments{"tags": `{ a = ` + known + ` }`}},
		"desired_status":             {`"RUNNING"`, `"STOPPED"`, arguments{"desired_status": known}},
		"allow_stopping_for_update":  {`true`, `false`, arguments{"allow_stopping_for_update": known}},
		"deletion_protection, false": {`false`, `false`, arguments{"deletion_protection": known}},
	} {
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
