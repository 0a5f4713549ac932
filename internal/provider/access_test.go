package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Every way in leads through a whole life of a notebook, in a process of its own,
// and no secret of it is in the log at its loudest, in the state, in a plan or in
// what the service remembers.
func TestAccProvider_access(t *testing.T) {
	t.Parallel()
	own := map[string]string{"HW_ACCESS_KEY": simulator.DefaultAccessKey, "HW_SECRET_KEY": simulator.DefaultSecretKey}
	user := map[string]string{"HW_USER_NAME": simulator.DefaultUserName, "HW_USER_PASSWORD": simulator.DefaultPassword, "HW_DOMAIN_NAME": simulator.DefaultDomainName}
	cli := fmt.Sprintf(`{"current":"work","profiles":[
  {"name":"work","mode":"AKSK","accessKeyId":%q,"secretAccessKey":%q,"region":%q},
  {"name":"agency","mode":"AKSK","accessKeyId":%q,"secretAccessKey":%q,"region":%q,"agencyName":%q,"agencyDomainName":%q}]}`,
		simulator.DefaultAccessKey, simulator.DefaultSecretKey, simulator.DefaultRegion,
		simulator.DefaultAccessKey, simulator.DefaultSecretKey, simulator.DefaultRegion, simulator.DefaultAgencyName, simulator.DefaultDomainName)
	sdk := fmt.Sprintf("[basic]\nak = %s\nsk = %s\n", simulator.DefaultAccessKey, simulator.DefaultSecretKey)
	agency := fmt.Sprintf("assume_role = { agency_name = %q, domain_name = %q, duration = \"15m\" }", simulator.DefaultAgencyName, simulator.DefaultDomainName)

	for name, tc := range map[string]struct {
		block string
		env   map[string]string
		files map[string]string
		asks  string // how the keys or the token are had; empty: they are there
	}{
		"keys":                       {env: own},
		"password":                   {env: user, asks: "KeystoneCreateToken"},
		"agency":                     {env: own, block: agency, asks: "CreateTemporaryAccessKey"},
		"agency with a password":     {env: user, block: agency, asks: "CreateTemporaryAccessKey"},
		"agency of the environment":  {env: merged(own, map[string]string{"HW_ASSUME_ROLE_AGENCY_NAME": simulator.DefaultAgencyName, "HW_ASSUME_ROLE_DOMAIN_NAME": simulator.DefaultDomainName}), asks: "CreateTemporaryAccessKey"},
		"profile of the CLI":         {files: map[string]string{".hcloud/config.json": cli}},
		"profile with an agency":     {files: map[string]string{".hcloud/config.json": cli}, env: map[string]string{"HW_PROFILE": "agency"}, asks: "CreateTemporaryAccessKey"},
		"profile of the SDKs":        {files: map[string]string{".huaweicloud/credentials": sdk}},
		"a file of profiles":         {files: map[string]string{"elsewhere": cli}, block: `shared_config_file = "~/elsewhere"`},
		"metadata":                   {env: map[string]string{"MODELARTS_METADATA_ENDPOINT": "SERVICE"}, asks: "ShowSecurityKey"},
		"agency on an instance":      {env: map[string]string{"MODELARTS_METADATA_ENDPOINT": "SERVICE"}, block: agency, asks: "CreateTemporaryAccessKey"},
		"block before environment":   {env: merged(own, map[string]string{"HW_SECRET_KEY": "wrong"}), block: fmt.Sprintf("access_key = %q\n secret_key = %q", simulator.DefaultAccessKey, simulator.DefaultSecretKey)},
		"environment before profile": {env: own, files: map[string]string{".huaweicloud/credentials": "[basic]\nak = wrong\nsk = wrong\n"}},
		"profile before metadata": {
			files: map[string]string{".huaweicloud/credentials": sdk},
			env:   map[string]string{"MODELARTS_METADATA_ENDPOINT": "http://127.0.0.1:1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{MetadataTokens: true})
			w := acctest.NewWorkspace(t, fmt.Sprintf(`
provider "modelarts" {
  region        = %q
  poll_interval = "20ms"
  endpoints     = { modelarts = %q, iam = %q }
  %s
}
`, simulator.DefaultRegion, s.URL, s.URL, tc.block)+acctest.Notebook)
			for file, text := range tc.files {
				file = filepath.Join(w.Dir, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for variable, v := range tc.env {
				if v == "SERVICE" {
					v = s.URL
				}
				w.Setenv(variable, v)
			}
			log := filepath.Join(w.Dir, "log")
			w.Setenv("TF_LOG", "TRACE")
			w.Setenv("TF_LOG_PATH", log)

			printed := w.MustRun(t, "plan", "-out=plan") + w.MustRun(t, "apply", "plan")
			if !strings.Contains(tc.block, "secret_key") { // a plan holds the configuration
				printed += w.MustRun(t, "show", "-json", "plan")
			}
			s.Only(t)
			asked := s.Operations()
			for _, operation := range []string{"KeystoneCreateToken", "CreateTemporaryAccessKey", "ShowSecurityKey"} {
				if operation == tc.asks && asked[operation] != 2 { // once for each process
					t.Errorf("%s was asked %d times, want 2", operation, asked[operation])
				}
				if tc.asks == "" && asked[operation] > 0 {
					t.Errorf("%s was asked, though there are credentials", operation)
				}
			}
			state := w.State(t)
			printed += w.MustRun(t, "destroy", "-auto-approve")

			held := map[string]string{"the output": printed, "the state": state}
			trace, err := os.ReadFile(log)
			if err != nil || !strings.Contains(string(trace), "[TRACE]") {
				t.Fatalf("there is no log: %v", err)
			}
			held["the log"] = string(trace)
			held["the service's log"] = fmt.Sprint(s.Requests())
			secrets := append(s.Secrets(), simulator.DefaultSecretKey, simulator.DefaultPassword)
			if tc.asks != "" && len(secrets) == 2 {
				t.Error("the service has given out no secret")
			}
			for where, text := range held {
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s holds a secret: %s", where, secret)
					}
				}
			}
		})
	}
}

func merged(one, other map[string]string) map[string]string {
	all := maps.Clone(one)
	maps.Copy(all, other)
	return all
}

// A create that the service refused, by its code and whatever the status, because
// there were too many requests or because of a token, is sent again.
func TestAccProvider_refusedByCode(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"ModelArts.6101", "ModelArts.6401"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			w := acctest.NewWorkspace(t, s.Provider("")+acctest.Notebook)
			s.Inject(simulator.Fault{Kind: simulator.FaultRefuse, Operation: "CreateNotebook", Status: 400, Code: code, Count: 1})
			w.MustRun(t, "apply", "-auto-approve")
			if n := s.Only(t); n.Status != "RUNNING" || s.Operations()["CreateNotebook"] != 2 {
				t.Errorf("the notebook is %s after %d creates", n.Status, s.Operations()["CreateNotebook"])
			}
		})
	}
}

// A session that ends in the middle of an apply is renewed, whichever way in it
// was had, and nothing is made twice.
func TestAccProvider_sessionEnds(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]string{
		"password": fmt.Sprintf("user_name = %q\n password = %q\n domain_name = %q", simulator.DefaultUserName, simulator.DefaultPassword, simulator.DefaultDomainName),
		"agency": fmt.Sprintf("access_key = %q\n secret_key = %q\n assume_role = { agency_name = %q, domain_name = %q }",
			simulator.DefaultAccessKey, simulator.DefaultSecretKey, simulator.DefaultAgencyName, simulator.DefaultDomainName),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// More than the time within which new keys are not renewed again.
			s := acctest.New(t, simulator.Options{CreateTime: 14 * time.Second})
			w := acctest.NewWorkspace(t, fmt.Sprintf(`
provider "modelarts" {
  region    = %q
  endpoints = { modelarts = %q, iam = %q }
  %s
}
`, simulator.DefaultRegion, s.URL, s.URL, block)+acctest.Notebook)
			apply := w.Start(t, "apply", "-auto-approve")
			acctest.Eventually(t, "the notebook is being created", func() bool { return s.Operations()["CreateNotebook"] > 0 })
			time.Sleep(11 * time.Second)
			s.RevokeSessions()
			if out, err := apply.Wait(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if n := s.Only(t); n.Status != "RUNNING" || s.Operations()["CreateNotebook"] != 1 {
				t.Errorf("the service holds %+v after %v", n, s.Operations())
			}
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}
