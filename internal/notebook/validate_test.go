package notebook_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
)

// What needs no network is found by terraform validate: offline, and with no
// credentials anywhere. All mistakes are in one configuration, one notebook
// each.
func TestAccNotebook_validate(t *testing.T) {
	t.Parallel()
	pool := quote(acctest.Pool)
	cases := map[string]struct {
		with            arguments
		at              string // the code of the line that is pointed at
		summary, detail string
	}{
		"name_empty": {
			arguments{"name": `""`},
			`name = ""`,
			"Invalid Attribute Value Length", `Attribute name UTF-8 character count must be between 1 and 128, got: 0`,
		},
		"name_characters": {
			arguments{"name": `"a b"`},
			`name = "a b"`,
			"Invalid Attribute Value Match", `Attribute name must hold only letters, digits, hyphens and underscores, got: a b`,
		},
		"description": {
			arguments{"description": `"a < b"`},
			`description = "a < b"`,
			"Invalid Attribute Value Match", `Attribute description must not hold < or >, got: a < b`,
		},
		"no_flavor": {
			arguments{"flavor": ""},
			`resource "modelarts_notebook" "no_flavor" {`,
			"No flavor", `Give the notebook a size: flavor, for example "modelarts.vm.cpu.2u", or custom_spec for a notebook in a dedicated pool.`,
		},
		"image_id": {
			arguments{"image_id": `"pytorch"`},
			`image_id = "pytorch"`,
			"Invalid Attribute Value Match", `Attribute image_id must be a UUID, such as e1a07296-22a8-4f05-8bc8-e936c8e54090, got: pytorch`,
		},
		"feature": {
			arguments{"feature": `"LAB"`},
			`feature = "LAB"`,
			"Invalid Attribute Value Match", `Attribute feature value must be one of: ["NOTEBOOK" "DEFAULT"], got: "LAB"`,
		},
		"workspace_id": {
			arguments{"workspace_id": `"1"`},
			`workspace_id = "1"`,
			"Invalid Attribute Value Match", `Attribute workspace_id must be 0, or 32 lower-case letters and digits, got: 1`,
		},
		"volume_missing": {
			arguments{"volume": ""},
			`resource "modelarts_notebook" "volume_missing" {`,
			"Invalid Block", `Block volume must have a configuration value as the provider has marked it as required`,
		},
		"volume_category": {
			arguments{"volume": `{ category = "SSD" }`},
			`category = "SSD"`,
			"Invalid Attribute Value Match", `Attribute volume.category value must be one of: ["EVS" "EFS" "OBS" "OBSFS"], got: "SSD"`,
		},
		"volume_ownership": {
			arguments{"volume": `{ category = "EVS", ownership = "DEDICATED" }`},
			`ownership = "DEDICATED"`,
			"Category and ownership do not go together", `EVS storage cannot be DEDICATED: set ownership = "MANAGED".`,
		},
		"volume_bucket": {
			arguments{"volume": `{ category = "OBSFS" }`},
			`volume {`,
			"Category and ownership do not go together", `OBSFS storage cannot be MANAGED: set ownership = "DEDICATED".`,
		},
		"volume_uri": {
			arguments{"volume": `{ category = "EFS", ownership = "DEDICATED", id = "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11" }`, "pool_id": pool},
			`volume {`,
			"Missing uri", `Storage of category EFS and ownership DEDICATED needs volume.uri: where the storage is, the share path of the SFS Turbo file system or obs://bucket/path/.`,
		},
		"volume_secret": {
			arguments{"volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "obs://b/" }`, "pool_id": pool},
			`volume {`,
			"Missing dew_secret_name", `Storage of category OBSFS and ownership DEDICATED needs volume.dew_secret_name: the name of the DEW secret with the keys to the bucket.`,
		},
		"volume_superfluous": {
			arguments{"volume": `{ category = "EVS", uri = "obs://b/" }`},
			`uri = "obs://b/"`,
			"Superfluous uri", `Storage of category EVS and ownership MANAGED takes no volume.uri. Remove it, or choose another category or ownership.`,
		},
		"volume_address": {
			arguments{"volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "bucket", dew_secret_name = "s" }`, "pool_id": pool},
			`uri = "bucket"`,
			"Invalid address of a bucket", `Attribute volume.uri: "bucket" is not the address of a bucket: write obs://bucket/path/.`,
		},
		"volume_capacity": {
			arguments{"volume": `{ category = "EVS", capacity = 4 }`},
			`capacity = 4`,
			"Invalid Attribute Value", `Attribute volume.capacity value must be between 5 and 4096, got: 4`,
		},
		"data_volume_bucket": {
			arguments{"data_volumes": `{ "/data/a/" = { category = "OBS", uri = "obs://b/" } }`},
			`data_volumes = {`,
			"Invalid category of a data volume", `Attribute data_volumes["/data/a/"].category: the service takes an OBS bucket as a data volume but never mounts it: use a parallel file system with the category OBSFS.`,
		},
		"data_volume_path": {
			arguments{"data_volumes": `{ "data/a" = { category = "OBSFS", uri = "obs://b/" } }`},
			`data_volumes = {`,
			"Invalid Attribute Value Match", `Attribute data_volumes["data/a"] must be the absolute path of a directory in the notebook, such as /data/lake/, got: data/a`,
		},
		"data_volume_taken": {
			arguments{"data_volumes": `{ "/home/ma-user/work/" = { category = "OBSFS", uri = "obs://b/" } }`},
			`data_volumes = {`,
			"The directory is taken", `/home/ma-user/work/ is where the main volume is mounted. Mount the data volume elsewhere, for example below /data/.`,
		},
		"data_volume_id": {
			arguments{"data_volumes": `{ "/data/a/" = { category = "EFS", uri = "share:/" } }`},
			`data_volumes = {`,
			"Missing id", `A data volume of category EFS needs data_volumes["/data/a/"].id: the ID of the SFS Turbo file system.`,
		},
		"endpoint_service": {
			arguments{"endpoints": `{ FTP = {} }`},
			`endpoints = {`,
			"Invalid Attribute Value Match", `Attribute endpoints["FTP"] value must be one of: ["SSH" "NOTEBOOK"], got: "FTP"`,
		},
		"endpoint_key": {
			arguments{"endpoints": `{ SSH = {} }`},
			`endpoints = {`,
			"Missing key pair", `The SSH endpoint needs endpoints["SSH"].key_pair_names: at least one ECS key pair whose holder may log in.`,
		},
		"endpoint_address": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["office"] } }`},
			`endpoints = {`,
			"Invalid IP address", `Attribute endpoints["SSH"].allowed_access_ips: "office" is not an IP address: write one such as "203.0.113.7".`,
		},
		"endpoint_block": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.0/24"] } }`},
			`endpoints = {`,
			"Invalid IP address", `Attribute endpoints["SSH"].allowed_access_ips: "203.0.113.0/24" is a block of addresses: the service takes single addresses only, such as "203.0.113.0".`,
		},
		"endpoint_addresses": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5", "203.0.113.6"] } }`},
			`endpoints = {`,
			"Invalid Attribute Value", `Attribute endpoints["SSH"].allowed_access_ips set must contain at least 1 elements and at most 5 elements, got: 6`,
		},
		"lease_short": {
			arguments{"lease": `{ duration = "59m" }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration: "59m" is outside of what the service takes, 1h to 72h (3600000 to 259200000 milliseconds).`,
		},
		"lease_text": {
			arguments{"lease": `{ duration = "one day" }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration: "one day" is not a duration: write hours or minutes, such as "8h" or "90m", or a whole number of milliseconds.`,
		},
		"lease_off": {
			arguments{"lease": `{ enabled = false, duration = "8h" }`},
			`lease = {`,
			"A lease that is switched off has no duration", `lease.enabled = false means that the notebook never stops by itself. Remove lease.duration, or set enabled = true.`,
		},
		"hook_none": {
			arguments{"hooks": `{}`},
			`hooks = {}`,
			"No hook", `hooks needs pre_start, post_start or both. To have no hooks, remove it.`,
		},
		"hook_empty": {
			arguments{"hooks": `{ pre_start = {} }`},
			`hooks = {`,
			"No script", `hooks.pre_start needs a script: content, its text, or path, a file in the notebook.`,
		},
		"hook_both": {
			arguments{"hooks": `{ pre_start = { content = "a", path = "/a" } }`},
			`hooks = {`,
			"Two scripts", `hooks.pre_start has content and path: keep one of them.`,
		},
		"custom_spec": {
			arguments{"custom_spec": `{ cpu = 1, memory = 1024 }`},
			`custom_spec = {`,
			"custom_spec needs a dedicated pool", `Only dedicated resource pools have notebooks of a custom size: set pool_id, or use flavor in place of custom_spec.`,
		},
		"affinity_pool": {
			arguments{"affinity": `{ required = [{ key = "a", operator = "Exists" }] }`},
			`affinity = {`,
			"affinity needs a dedicated pool", `Only the nodes of a dedicated resource pool can be chosen: set pool_id, or remove affinity.`,
		},
		"affinity_values": {
			arguments{"pool_id": pool, "affinity": `{ required = [{ key = "a", operator = "In" }] }`},
			`affinity = {`,
			"Missing values", `Attribute affinity.required[0].values: the operator In needs at least one value.`,
		},
		"user_vpc": {
			arguments{"user_vpc": `{ vpc_id = "v", subnet_id = "s", security_group_ids = ["g"], connect_cidrs = ["10.0.0.0"] }`},
			`user_vpc = {`,
			"Invalid CIDR block", `Attribute user_vpc.connect_cidrs: "10.0.0.0" is not a CIDR block: write one such as "192.168.0.0/16".`,
		},
		"tag_key": {
			arguments{"tags": `{ "a/b" = "c" }`},
			`tags = {`,
			"Invalid Attribute Value Match", `Attribute tags["a/b"] must be letters, digits, spaces and _ . : = + - @, with no space at either end, got: a/b`,
		},
		"tag_system": {
			arguments{"tags": `{ _sys_a = "c" }`},
			`tags = {`,
			"Invalid tag key", `Attribute tags["_sys_a"]: "_sys_a" must not begin with _sys_, which the service keeps for itself.`,
		},
		"desired_status": {
			arguments{"desired_status": `"ON"`},
			`desired_status = "ON"`,
			"Invalid Attribute Value Match", `Attribute desired_status value must be one of: ["RUNNING" "STOPPED"], got: "ON"`,
		},
	}

	var config strings.Builder
	for label, tc := range cases {
		config.WriteString(base.with(tc.with).resource(label))
	}
	config.WriteString(base.resource("correct"))
	w := acctest.NewWorkspace(t, config.String())
	out, _ := w.Run(t, "validate", "-json")

	var answer struct {
		Diagnostics []struct {
			Severity, Summary, Detail, Address string
			Snippet                            struct{ Context, Code string }
		}
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	seen := map[string]bool{}
	for _, d := range answer.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		context := d.Snippet.Context
		if context == "" {
			context = d.Snippet.Code // the block itself is pointed at
		}
		parts := strings.Split(context, `"`)
		if len(parts) < 4 {
			t.Errorf("an error at no notebook: %+v", d)
			continue
		}
		label := parts[3]
		tc := cases[label]
		seen[label] = true
		if d.Summary != tc.summary || d.Detail != tc.detail {
			t.Errorf("%s: Terraform says\n  %s: %s\nwant\n  %s: %s", label, d.Summary, d.Detail, tc.summary, tc.detail)
		}
		// Terraform has no line for what is nested in an attribute: it shows the
		// resource's, and the text has to name the place.
		at := tc.at
		if strings.HasSuffix(at, "= {") && !strings.HasPrefix(strings.TrimSpace(d.Snippet.Code), at) {
			at = "resource \"modelarts_notebook\" " + quote(label)
			if name := strings.TrimSuffix(tc.at, " = {"); !strings.Contains(d.Detail, name) {
				t.Errorf("%s: neither line nor text name %s: %s", label, name, d.Detail)
			}
		}
		if code := strings.TrimSpace(d.Snippet.Code); !strings.HasPrefix(code, at) {
			t.Errorf("%s: Terraform points at\n  %s\nwant\n  %s", label, code, at)
		}
	}
	for label := range cases {
		if !seen[label] {
			t.Errorf("%s: Terraform finds nothing wrong", label)
		}
	}
	if seen["correct"] {
		t.Error("Terraform finds something wrong with a correct notebook")
	}
}
