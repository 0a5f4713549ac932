package answers_test

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// stage is how far a life has come.
type stage int

const (
	created stage = iota
	changedAll
	asleep
	awake
)

// shape is a kind of notebook: what is in its configuration.
type shape struct {
	// fixed are the arguments that stay; created and changed those of the first
	// stage and of all others.
	fixed, created, changed string
	// without are the members of answers that such a notebook never has.
	without string
}

func (s shape) lacks(member string) bool { return regexp.MustCompile(s.without).MatchString(member) }

// hcl are the arguments of a notebook in a stage.
func (s shape) hcl(label string, at stage) string {
	if at == created {
		return fmt.Sprintf("  name = %q\n  image_id = %q\n  allow_stopping_for_update = true\n", label, acctest.Image) + s.fixed + s.created
	}
	text := fmt.Sprintf("  name = \"%s-changed\"\n  image_id = %q\n  allow_stopping_for_update = true\n", label, acctest.OtherImage) + s.fixed + s.changed + everything
	if at >= asleep {
		text = strings.NewReplacer(`"lively"`, `"sleepy"`, `"vision"`, `"speech"`, "192.0.2.1", "192.0.2.2", "/lake/", "/pond/", "capacity = 105", "capacity = 205", "echo one", "echo two").Replace(text)
	}
	if at == awake {
		text += "  desired_status = \"RUNNING\"\n"
	}
	return text
}

// everything is what a change adds to each shape.
const everything = `
  description  = "lively"
  data_volumes = { "/data/lake/" = { category = "OBSFS", uri = "obs://bucket/a/" } }
  endpoints    = { SSH = { key_pair_names = ["key", "other"], allowed_access_ips = ["192.0.2.1", "198.51.100.7", "2001:DB8:0:0::1"] } }
  hooks        = { post_start = { content = "echo one\n" } }
  lease        = { duration = "4h" }
  tags         = { team = "vision", stage = "dev" }
`

var shapes = map[string]shape{
	"disk": {
		fixed: `
  run_user = { uid = 1000, gid = 1000 }
  user_vpc = { vpc_id = "vpc", subnet_id = "net", security_group_ids = ["b", "a"], connect_cidrs = ["192.168.0.0/16", "10.0.0.0/8"] }
`,
		created: `
  flavor = "` + acctest.Flavor + `"
  volume { category = "EVS" }
`,
		changed: `
  flavor = "` + acctest.LargerFlavor + `"
  volume {
    category = "EVS"
    capacity = 105
  }
`,
		without: `^pool|^custom_spec|^affinity|^volume\.(uri|id|dew_secret_name)$`,
	},
	"pool": {
		fixed: `
  pool_id = "` + acctest.Pool + `"
  volume { category = "EVS" }
`,
		created: `
  custom_spec = { cpu = 2, memory = 4096 }
  affinity    = { required = [{ key = "zone", operator = "In", values = ["b", "a"] }] }
`,
		changed: `
  custom_spec = { cpu = 4, memory = 8192, arch = "x86_64" }
  affinity = {
    required  = [{ key = "disk", operator = "Exists" }]
    preferred = [{ key = "zone", operator = "NotIn", values = ["c", "d"], weight = 10 }]
  }
`,
		without: `^run_user|^user_vpc|^volume\.(uri|id|dew_secret_name)$`,
	},
	"bucket": {
		fixed: `
  flavor = "` + acctest.BucketFlavor + `"
`,
		created: `
  volume {
    category        = "OBS"
    ownership       = "DEDICATED"
    uri             = "obs://bucket/path/"
    dew_secret_name = "keys"
  }
`,
		changed: `
  volume {
    category        = "OBS"
    ownership       = "DEDICATED"
    uri             = "obs://bucket/path/"
    dew_secret_name = "others"
  }
`,
		without: `^pool|^custom_spec|^affinity|^run_user|^user_vpc|^volume\.(id|capacity)$`,
	},
	"parallel": {
		fixed: `
  flavor = "` + acctest.BucketFlavor + `"
  volume {
    category        = "OBSFS"
    ownership       = "DEDICATED"
    uri             = "obs://bucket/path/"
    dew_secret_name = "keys"
  }
`,
		without: `^pool|^custom_spec|^affinity|^run_user|^user_vpc|^volume\.(id|capacity)$`,
	},
	"pooled bucket": {
		fixed: `
  pool_id = "` + acctest.Pool + `"
  flavor  = "` + acctest.PoolFlavor + `"
  volume {
    category        = "OBS"
    ownership       = "DEDICATED"
    uri             = "obs://bucket/path/"
    dew_secret_name = "keys"
  }
`,
		without: `^custom_spec|^affinity|^run_user|^user_vpc|^volume\.(id|capacity)$`,
	},
	"workspace": {
		fixed: `
  workspace_id = "` + simulator.DefaultWorkspace + `"
  flavor       = "` + acctest.Flavor + `"
  volume { category = "EVS" }
`,
		without: `^pool|^custom_spec|^affinity|^run_user|^user_vpc|^volume\.(uri|id|dew_secret_name)$`,
	},
	"vendor": { // what the vendor's provider can make
		fixed: `
  flavor    = "` + acctest.Flavor + `"
  tags      = { team = "vision", stage = "dev" }
  lease     = { enabled = false }
  endpoints = { SSH = { key_pair_names = ["key"], allowed_access_ips = ["192.0.2.1", "198.51.100.7"] } }
  volume { category = "EVS" }
`,
		without: `^pool|^custom_spec|^affinity|^run_user|^user_vpc|^volume\.(uri|id|dew_secret_name)$`,
	},
	"share": {
		fixed: `
  volume {
    category  = "EFS"
    ownership = "DEDICATED"
    uri       = "share.example.com:/a"
    id        = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"
  }
`,
		created: `
  flavor = "` + acctest.Flavor + `"
`,
		changed: `
  flavor = "` + acctest.LargerFlavor + `"
`,
		without: `^pool|^custom_spec|^affinity|^run_user|^user_vpc|^volume\.(capacity|dew_secret_name)$`,
	},
}

var shapeNames = []string{"bucket", "disk", "pool", "share"}
