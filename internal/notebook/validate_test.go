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
			"Too short or too long", `Attribute name is empty: write a value or, to have none, remove the argument or set it to null.`,
		},
		"name_characters": {
			arguments{"name": `"a b"`},
			`name = "a b"`,
			"Invalid value", `Attribute name must hold only letters, digits, hyphens and underscores.`,
		},
		"description": {
			arguments{"description": `"a < b"`},
			`description = "a < b"`,
			"Invalid value", `Attribute description must not hold < or >.`,
		},
		"no_flavor": {
			arguments{"flavor": ""},
			`resource "modelarts_notebook" "no_flavor" {`,
			"No flavor", `Give the notebook a size: flavor, for example "modelarts.vm.cpu.2u", or custom_spec for a notebook in a dedicated pool.`,
		},
		"image_id": {
			arguments{"image_id": `"pytorch"`},
			`image_id = "pytorch"`,
			"Invalid value", `Attribute image_id must be a UUID, such as e1a07296-22a8-4f05-8bc8-e936c8e54090.`,
		},
		"feature": {
			arguments{"feature": `"LAB"`},
			`feature = "LAB"`,
			"Not one of the values that exist", `Attribute feature is "LAB": it must be NOTEBOOK or DEFAULT, in any letter case.`,
		},
		"workspace_id": {
			arguments{"workspace_id": `"1"`},
			`workspace_id = "1"`,
			"Invalid value", `Attribute workspace_id must be 0 (the default workspace), or 32 lower-case letters and digits.`,
		},
		"volume_missing": {
			arguments{"volume": ""},
			`resource "modelarts_notebook" "volume_missing" {`,
			"Missing volume", "A notebook needs storage, in a block (without \"=\"). For a disk of 50 GB:\n\n  volume {\n    category = \"EVS\"\n    capacity = 50\n  }",
		},
		"volume_category": {
			arguments{"volume": `{ category = "SSD" }`},
			`category = "SSD"`,
			"Not one of the values that exist", `Attribute volume.category is "SSD": it must be EVS, EFS, OBS or OBSFS, in any letter case.`,
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
		"volume_superfluous": {
			arguments{"volume": `{ category = "EVS", uri = "obs://b/" }`},
			`uri = "obs://b/"`,
			"Superfluous uri", `Storage of category EVS and ownership MANAGED takes no volume.uri. Remove it, or choose another category or ownership.`,
		},
		"volume_address": {
			arguments{"volume": `{ category = "OBSFS", ownership = "DEDICATED", uri = "bucket", dew_secret_name = "s" }`, "pool_id": pool},
			`uri = "bucket"`,
			"Invalid address of a bucket", `Attribute volume.uri is not the address of a bucket: write obs://bucket/path/.`,
		},
		"volume_capacity": {
			arguments{"volume": `{ category = "EVS", capacity = 4 }`},
			`capacity = 4`,
			"Not a number that is taken", `Attribute volume.capacity is 4: it must be a whole number from 5 to 4096.`,
		},
		"data_volume_bucket": {
			arguments{"data_volumes": `{ "/data/a/" = { category = "OBS", uri = "obs://b/" } }`},
			`data_volumes = {`,
			"Invalid category of a data volume", `Attribute data_volumes["/data/a/"].category is OBS: the service takes an OBS bucket as a data volume but never mounts it. Use a parallel file system with the category OBSFS.`,
		},
		"data_volume_path": {
			arguments{"data_volumes": `{ "data/a" = { category = "OBSFS", uri = "obs://b/" } }`},
			`data_volumes = {`,
			"Invalid value", `Attribute data_volumes["data/a"] must be the absolute path of a directory in the notebook, such as /data/lake/.`,
		},
		"data_volume_taken": {
			arguments{"data_volumes": `{ "/home/ma-user/work/" = { category = "OBSFS", uri = "obs://b/" } }`},
			`data_volumes = {`,
			"The directory is taken", `/home/ma-user/work/ is where the main volume is mounted. Mount the data volume elsewhere, for example below /data/.`,
		},
		"endpoint_service": {
			arguments{"endpoints": `{ FTP = {} }`},
			`endpoints = {`,
			"Not one of the values that exist", `Attribute endpoints["FTP"] is "FTP": it must be SSH or NOTEBOOK, in any letter case.`,
		},
		"endpoint_key": {
			arguments{"endpoints": `{ SSH = {} }`},
			`endpoints = {`,
			"Missing key pair", `The SSH endpoint needs endpoints["SSH"].key_pair_names: at least one ECS key pair whose holder may log in.`,
		},
		"endpoint_address": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["office"] } }`},
			`endpoints = {`,
			"Invalid IP address", `An element of endpoints["SSH"].allowed_access_ips is not an IP address: write one such as "203.0.113.7".`,
		},
		"endpoint_block": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.0/24"] } }`},
			`endpoints = {`,
			"Invalid IP address", `An element of endpoints["SSH"].allowed_access_ips is a block of addresses, and the service takes single addresses only: write each address by itself, such as "203.0.113.7".`,
		},
		"endpoint_addresses": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = ["203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4", "203.0.113.5", "203.0.113.6"] } }`},
			`endpoints = {`,
			"Too many addresses", `Attribute endpoints["SSH"].allowed_access_ips has 6 addresses, and the service takes 5 at most: write fewer.`,
		},
		"lease_short": {
			arguments{"lease": `{ duration = "59m" }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration is "59m", and the service takes "1h" to "72h": write a duration in that range.`,
		},
		"lease_text": {
			arguments{"lease": `{ duration = "one day" }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration is "one day", which is no duration: write hours, minutes and seconds as in "8h".`,
		},
		"lease_hours": {
			arguments{"lease": `{ duration = "8 hours" }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration is "8 hours", which is no duration: write "8h".`,
		},
		"lease_day": {
			arguments{"lease": `{ duration = "1d" }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration is "1d", which is no duration: write "24h".`,
		},
		"lease_number": {
			arguments{"lease": `{ duration = 8 }`},
			`lease = {`,
			"Invalid lease duration", `Attribute lease.duration is 8, and a number without a unit counts as milliseconds: write "8h" for hours.`,
		},
		"lease_duration": {
			arguments{"lease": `{ type = "IDLE" }`},
			`lease = {`,
			"Missing lease.duration", `A lease needs lease.duration, such as "8h", or enabled = false for a notebook that never stops by itself. Terraform drops a misspelt name within braces without a word: check the spelling.`,
		},
		"lease_misspelt": {
			arguments{"lease": `{ duratoin = "8h" }`},
			`lease = {`,
			"An object in which nothing is set", `Attribute lease has braces in which nothing is set. Terraform drops a misspelt name within braces without a word: check the spelling. There can be duration, enabled and type. To have none of it, remove lease or set it to null.`,
		},
		"capacity_fraction": {
			arguments{"volume": `{ category = "EVS", capacity = 10.5 }`},
			`capacity = 10.5`,
			"Not a number that is taken", `Attribute volume.capacity is 10.5: it must be a whole number from 5 to 4096.`,
		},
		"endpoint_open": {
			arguments{"endpoints": `{ SSH = { key_pair_names = ["a"], allowed_access_ips = [] } }`},
			`endpoints = {`,
			"An empty list of addresses would not close SSH", `Attribute endpoints["SSH"].allowed_access_ips is empty, which the service takes as no limit: any address could connect. Write the addresses that may, such as ["203.0.113.7"]. To have no SSH, remove the endpoint from endpoints. To let any address connect, remove allowed_access_ips.`,
		},
		"endpoint_null": {
			arguments{"endpoints": `{ SSH = null }`},
			`endpoints = {`,
			"An element is null", `Attribute endpoints["SSH"] is null. Write a value, or leave the element out; in an expression, a condition such as "if v != null" does that.`,
		},
		"timeout_none": {
			arguments{"timeouts": `{ create = "0s" }`},
			`timeouts = {`,
			"Invalid timeout", `Attribute timeouts.create is "0s", which leaves no time: write a duration above 0, such as "30m".`,
		},
		"lease_off": {
			arguments{"lease": `{ enabled = false, duration = "8h" }`},
			`lease = {`,
			"A lease that is switched off has no duration", `lease.enabled = false means that the notebook never stops by itself. Remove lease.duration, or set enabled = true.`,
		},
		"hook_none": {
			arguments{"hooks": `{}`},
			`hooks = {}`,
			"An object in which nothing is set", `Attribute hooks has braces in which nothing is set. Terraform drops a misspelt name within braces without a word: check the spelling. There can be post_start and pre_start. To have none of it, remove hooks or set it to null.`,
		},
		"hook_empty": {
			arguments{"hooks": `{ pre_start = {} }`},
			`hooks = {`,
			"An object in which nothing is set", `Attribute hooks.pre_start has braces in which nothing is set. Terraform drops a misspelt name within braces without a word: check the spelling. There can be content, content_wo, content_wo_version, mode and path. To have none of it, remove hooks.pre_start or set it to null.`,
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
		"affinity_values": {
			arguments{"pool_id": pool, "affinity": `{ required = [{ key = "a", operator = "In" }] }`},
			`affinity = {`,
			"Missing values", `Attribute affinity.required[0].values: the operator In needs at least one value.`,
		},
		"user_vpc": {
			arguments{"user_vpc": `{ vpc_id = "v", subnet_id = "s", security_group_ids = ["g"], connect_cidrs = ["10.0.0.0"] }`},
			`user_vpc = {`,
			"Invalid CIDR block", `An element of user_vpc.connect_cidrs is an address without the length of the block: write it as in "192.168.0.0/16", and one address as in "192.168.0.7/32".`,
		},
		"tag_key": {
			arguments{"tags": `{ "a/b" = "c" }`},
			`tags = {`,
			"Invalid value", `Attribute tags["a/b"] must be letters, digits, spaces and _ . : = + - @, with no space at either end.`,
		},
		"tag_system": {
			arguments{"tags": `{ _sys_a = "c" }`},
			`tags = {`,
			"Invalid value", `Attribute tags["_sys_a"] must not begin with _sys_, which the service keeps for itself.`,
		},
		"desired_status": {
			arguments{"desired_status": `"ON"`},
			`desired_status = "ON"`,
			"Not one of the values that exist", `Attribute desired_status is "ON": it must be RUNNING or STOPPED, in any letter case.`,
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
