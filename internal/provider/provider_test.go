package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A mistake in the provider block or in the environment is one error that names
// what to mend. Nothing is created, and no state is written.
func TestAccProvider_mistakes(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	keys := `
  access_key = "` + simulator.DefaultAccessKey + `"
  secret_key = "` + simulator.DefaultSecretKey + `"
`
	endpoints := func(modelarts, iam string) string {
		return "\n  endpoints = { modelarts = \"" + modelarts + "\", iam = \"" + iam + "\" }\n"
	}
	region := "\n  region = \"" + simulator.DefaultRegion + "\"\n"
	for name, tc := range map[string]struct{ block, want string }{
		"no credentials": {
			region + endpoints(s.URL, s.URL),
			"No credentials were found. Looked for: the provider's access_key and secret_key (HW_ACCESS_KEY, HUAWEICLOUD_SDK_AK, HW_SECRET_KEY, HUAWEICLOUD_SDK_SK); " +
				"the provider's auth_token (HW_AUTH_TOKEN); the provider's user_name and password (HW_USER_NAME, HW_USER_PASSWORD); ",
		},
		"half a key pair": {
			region + endpoints(s.URL, s.URL) + `access_key = "A"`,
			"The provider's argument secret_key is missing beside the access key. Set it in the provider block, or in the environment as HW_SECRET_KEY or HUAWEICLOUD_SDK_SK.",
		},
		"no credentials anywhere": {
			region + endpoints(s.URL, s.URL),
			".hcloud/config.json (does not exist);",
		},
		"wrong password": {
			region + endpoints(s.URL, s.URL) + `
  user_name   = "` + simulator.DefaultUserName + `"
  password    = "wrong"
  domain_name = "` + simulator.DefaultDomainName + `"`,
			"IAM refused the sign-in with user_name, password and domain_name (set in the provider block).",
		},
		"a user without an account": {
			region + endpoints(s.URL, s.URL) + `
  user_name = "` + simulator.DefaultUserName + `"
  password  = "` + simulator.DefaultPassword + `"`,
			"The provider's argument domain_name is missing: it is the account that the user belongs to.",
		},
		"no such agency": {
			region + keys + endpoints(s.URL, s.URL) + `
  assume_role = { agency_name = "nobody", domain_name = "` + simulator.DefaultDomainName + `" }`,
			"with assume_role.agency_name and assume_role.domain_name (set in the provider block)",
		},
		"an agency for a minute": {
			region + keys + endpoints(s.URL, s.URL) + `
  assume_role = { agency_name = "nobody", domain_name = "x", duration = "1m" }`,
			`assume_role.duration is "1m", which is out of range: keys of an agency live from 15m to 24h`,
		},
		"no such profile": {
			region + endpoints(s.URL, s.URL) + `profile = "nobody"`,
			"The provider's argument profile leads to no profile. Looked into:",
		},
		"no region": {
			keys,
			"The provider's argument region is missing. Set it in the provider block, or in the environment as HW_REGION_NAME.",
		},
		"wrong secret key": {
			region + endpoints(s.URL, s.URL) + `
  access_key = "` + simulator.DefaultAccessKey + `"
  secret_key = "wrong"`,
			"It did not accept access_key and secret_key (set in the provider block).",
		},
		"wrong project": {
			region + keys + endpoints(s.URL, s.URL) + `project_id = "00000000000000000000000000000000"`,
			"It comes from project_id (set in the provider block).",
		},
		"unknown project name": {
			region + keys + endpoints(s.URL, s.URL) + `project_name = "nowhere"`,
			"It comes from project_name (set in the provider block).",
		},
		"unknown region": {
			keys + `region = "xx-nowhere-1"`,
			"The endpoint is made of region (set in the provider block).",
		},
		"not a region": {
			keys + `region = "Beijing 4"`,
			"The provider's argument region is not the name of a region, such as cn-north-4.",
		},
		"no server at the endpoint": {
			region + keys + endpoints("https://127.0.0.1:1", "https://127.0.0.1:1"),
			"The endpoint is endpoints.iam (set in the provider block).",
		},
		"an endpoint without a scheme": {
			region + keys + endpoints("127.0.0.1:1", s.URL),
			"The provider's argument endpoints.modelarts",
		},
		"http to a host that is not loopback": {
			region + keys + endpoints("http://modelarts.example.com", s.URL),
			`The provider's argument endpoints.modelarts begins with http://, which is for loopback addresses only: write https:// and the host alone, such as "https://modelarts.cn-north-4.myhuaweicloud.com". It is set in the provider block.`,
		},
		"a default tag that is ignored": {
			region + keys + `default_tags = { team = "ml", stage = "dev" }` + "\n" + `ignore_tags = { keys = ["owner", "team"] }`,
			`The provider's default_tags set the tag "team", which its ignore_tags tell it to leave alone. default_tags is set in the provider block. Take the tag out of one of the two.`,
		},
		"a default tag of the service's own": {
			region + keys + `default_tags = { _sys_team = "ml" }`,
			`Attribute default_tags["_sys_team"] must not begin with _sys_, which the service keeps for itself.`,
		},
		"poll interval": {
			region + keys + `poll_interval = "soon"`,
			`poll_interval is "soon", which is no duration: write hours, minutes and seconds as in "2s" or "500ms"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.NewWorkspace(t, "provider \"modelarts\" {\n"+tc.block+"\n}\n"+acctest.Notebook)
			out, err := w.Run(t, "apply", "-auto-approve")
			if err == nil {
				t.Fatalf("Terraform finds nothing wrong:\n%s", out)
			}
			if !strings.Contains(acctest.Plain(out), tc.want) {
				t.Errorf("Terraform printed\n%s\nwithout: %s", out, tc.want)
			}
			if n := strings.Count(out, "Error: "); n != 1 {
				t.Errorf("Terraform printed %d errors, want one:\n%s", n, out)
			}
			if state, err := os.ReadFile(filepath.Join(w.Dir, "terraform.tfstate")); err == nil && strings.Contains(string(state), `"modelarts_notebook"`) {
				t.Errorf("the state holds a notebook: %s", state)
			}
		})
	}
	t.Cleanup(func() {
		if left := s.Notebooks(); len(left) > 0 {
			t.Errorf("%d notebooks were made", len(left))
		}
	})
}

// The environment gives what the block does not, and the block beats it.
func TestAccProvider_environment(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	for name, env := range map[string]map[string]string{
		"as the vendor's provider": {
			"HW_REGION_NAME": simulator.DefaultRegion, "HW_ACCESS_KEY": simulator.DefaultAccessKey, "HW_SECRET_KEY": simulator.DefaultSecretKey,
			"MODELARTS_ENDPOINT": s.URL, "HW_AUTH_URL": s.URL + "/v3", "HW_MAX_RETRIES": "1",
			"MODELARTS_POLL_INTERVAL": "20ms", "MODELARTS_DEFAULT_TAGS": "team=ml, stage=dev",
		},
		"as the vendor's SDKs": {
			"HW_REGION_NAME": simulator.DefaultRegion, "HUAWEICLOUD_SDK_AK": simulator.DefaultAccessKey, "HUAWEICLOUD_SDK_SK": simulator.DefaultSecretKey,
			"HUAWEICLOUD_SDK_PROJECT_ID": s.Options().ProjectID, "MODELARTS_ENDPOINT": s.URL, "MODELARTS_POLL_INTERVAL": "20ms",
			"MODELARTS_DEFAULT_TAGS": "team=ml,stage=dev",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.NewWorkspace(t, acctest.Notebook)
			for variable, v := range env {
				w.Setenv(variable, v)
			}
			w.MustRun(t, "apply", "-auto-approve")
			if tags := s.Only(t).Tags; tags["team"] != "ml" || tags["stage"] != "dev" {
				t.Errorf("the default tags of the environment became %v", tags)
			}
			w.MustRun(t, "destroy", "-auto-approve")

			w.Configure(t, "provider \"modelarts\" {\n  secret_key = \"wrong\"\n}\n"+acctest.Notebook)
			if out, err := w.Run(t, "apply", "-auto-approve"); err == nil {
				t.Errorf("the environment beats the block:\n%s", out)
			}
		})
	}
}

// A provider block whose values come from another resource is no obstacle to a
// plan that calls nothing.
func TestAccProvider_unknown(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, `
resource "terraform_data" "region" { input = "`+simulator.DefaultRegion+`" }
provider "modelarts" {
  region        = terraform_data.region.output
  access_key    = "`+simulator.DefaultAccessKey+`"
  secret_key    = "`+simulator.DefaultSecretKey+`"
  poll_interval = "20ms"
  endpoints     = { modelarts = "`+s.URL+`", iam = "`+s.URL+`" }
}
`+acctest.Notebook)
	w.MustRun(t, "apply", "-auto-approve")
	s.Only(t)
	w.MustRun(t, "destroy", "-auto-approve")
}
