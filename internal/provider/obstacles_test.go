package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// twice is the notebook of the tests and a second one, so that what is said once in
// a process can be told from what is said of each.
var twice = acctest.Notebook + strings.Replace(acctest.Notebook, `"modelarts_notebook" "`, `"modelarts_notebook" "other_`, 1)

// obstacle is a setting with which nothing can work, given in one way.
type obstacle struct {
	block string
	env   map[string]string
	files map[string]string
}

// A plan ends with one error, for all notebooks, where no call can be made. It says
// what the matter is, where what is wrong was set, and last which call met it. No
// variable is named that is not in use. The whole texts stand in
// testdata/obstacles.txt.
func TestAccProvider_obstacles(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(elsewhere.Close)
	var mu sync.Mutex
	texts := make(map[string]string)
	for name, tc := range obstacles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fill := strings.NewReplacer("SERVICE", s.URL, "ELSEWHERE", elsewhere.URL)
			w := acctest.NewWorkspace(t, "provider \"modelarts\" {\n"+fill.Replace(tc.block)+"\n}\n"+twice)
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
				w.Setenv(variable, fill.Replace(v))
			}
			said := errorsOf(t, w)
			if len(said) != 1 {
				t.Fatalf("%d errors, want one: %q", len(said), said)
			}
			got := strings.NewReplacer(s.URL, "SERVICE", elsewhere.URL, "ELSEWHERE", w.Dir, "HOME").Replace(said[0])
			mu.Lock()
			defer mu.Unlock()
			texts[name] = requestID.ReplaceAllString(got, "request ID R")
		})
	}
	t.Cleanup(func() { holdTo(t, filepath.Join("testdata", "obstacles.txt"), texts) })
}

// errorsOf are the errors of a plan, each with its summary, a line break and its
// detail.
func errorsOf(t *testing.T, w *acctest.Workspace) (errors []string) {
	t.Helper()
	out, _ := w.Run(t, "plan", "-json")
	for line := range strings.Lines(out) {
		var message struct {
			Diagnostic *struct{ Severity, Summary, Detail string }
		}
		if json.Unmarshal([]byte(line), &message) == nil && message.Diagnostic != nil && message.Diagnostic.Severity == "error" {
			errors = append(errors, message.Diagnostic.Summary+"\n"+message.Diagnostic.Detail)
		}
	}
	return errors
}

// holdTo compares texts with those of a file, in which each stands below its name.
// With -update it writes them.
func holdTo(t *testing.T, file string, texts map[string]string) {
	t.Helper()
	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(&all, "## %s\n%s\n\n", name, texts[name])
	}
	if *update {
		if err := os.WriteFile(file, []byte(all.String()), 0o600); err != nil {
			t.Error(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
	}
	if got := all.String(); got != string(want) {
		t.Errorf("the texts differ from %s, got:\n%s", file, got)
	}
}

// A refresh of several notebooks ends with one error, too.
func TestAccProvider_obstacleOfARefresh(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	fill := strings.NewReplacer("SERVICE", s.URL)
	w := acctest.NewWorkspace(t, "provider \"modelarts\" {\n"+fill.Replace(here+goodKeys)+"}\n"+twice)
	w.MustRun(t, "apply", "-auto-approve")
	for name, more := range map[string]string{"with a look-up": "", "with a project": fmt.Sprintf("project_id = %q\n", s.Options().ProjectID)} {
		w.Configure(t, "provider \"modelarts\" {\n"+fill.Replace(here+badKeys)+more+"}\n"+twice)
		if said := errorsOf(t, w); len(said) != 1 || !strings.HasPrefix(said[0], "Huawei Cloud refused the credentials\n") {
			t.Errorf("%s: %q", name, said)
		}
	}
	w.Configure(t, "provider \"modelarts\" {\n"+fill.Replace(here+goodKeys)+"}\n"+twice)
	w.MustRun(t, "plan", "-detailed-exitcode")
}

// With plan_checks = "warn" a plan that creates goes on, with a warning.
func TestAccProvider_obstacleAsAWarning(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, "provider \"modelarts\" {\nplan_checks = \"warn\"\n"+strings.ReplaceAll(here+badKeys, "SERVICE", s.URL)+"}\n"+twice)
	if out := w.MustRun(t, "plan"); strings.Count(out, "Warning: Huawei Cloud refused the credentials") != 1 {
		t.Errorf("Terraform printed\n%s", out)
	}
}

var requestID = regexp.MustCompile(`request ID [0-9a-f-]+`)

var (
	here     = fmt.Sprintf("region = %q\nendpoints = { modelarts = \"SERVICE\", iam = \"SERVICE\" }\n", simulator.DefaultRegion)
	goodKeys = fmt.Sprintf("access_key = %q\nsecret_key = %q\n", simulator.DefaultAccessKey, simulator.DefaultSecretKey)
	badKeys  = fmt.Sprintf("access_key = %q\nsecret_key = \"wrong\"\n", simulator.DefaultAccessKey)
	profile  = func(more string) map[string]string {
		return map[string]string{".huaweicloud/credentials": fmt.Sprintf("[basic]\nak = %s\n%s", simulator.DefaultAccessKey, more)}
	}
	goodSecret = "sk = " + simulator.DefaultSecretKey + "\n"
	user       = fmt.Sprintf("user_name = %q\npassword = \"wrong\"\ndomain_name = %q\n", simulator.DefaultUserName, simulator.DefaultDomainName)
)

var obstacles = map[string]obstacle{
	"keys, block":                 {block: here + badKeys},
	"keys, environment":           {block: here, env: map[string]string{"HW_ACCESS_KEY": simulator.DefaultAccessKey, "HUAWEICLOUD_SDK_SK": "wrong"}},
	"keys, both":                  {block: here + fmt.Sprintf("access_key = %q\n", simulator.DefaultAccessKey), env: map[string]string{"HW_SECRET_KEY": "wrong"}},
	"keys, profile":               {block: here, files: profile("sk = wrong\n")},
	"token, block":                {block: here + `auth_token = "wrong"`},
	"token, environment":          {block: here, env: map[string]string{"HW_AUTH_TOKEN": "wrong"}},
	"password, block":             {block: here + user},
	"password, environment":       {block: here, env: map[string]string{"HW_USER_NAME": simulator.DefaultUserName, "HW_USER_PASSWORD": "wrong", "HW_DOMAIN_NAME": simulator.DefaultDomainName}},
	"agency, block":               {block: here + goodKeys + `assume_role = { agency_name = "other", domain_name = "d" }`},
	"agency, environment":         {block: here + goodKeys, env: map[string]string{"HW_ASSUME_ROLE_AGENCY_NAME": "other", "HW_ASSUME_ROLE_DOMAIN_ID": "d"}},
	"project, block":              {block: here + goodKeys + `project_id = "0123456789abcdef0123456789abcdef"`},
	"project, environment":        {block: here + goodKeys, env: map[string]string{"HW_PROJECT_ID": "0123456789abcdef0123456789abcdef"}},
	"project, profile":            {block: here, files: profile(goodSecret + "project_id = 0123456789abcdef0123456789abcdef\n")},
	"project's name, block":       {block: here + goodKeys + `project_name = "nowhere"`},
	"project's name, environment": {block: here + goodKeys, env: map[string]string{"HW_PROJECT_NAME": "nowhere"}},
	"project's name, region":      {block: strings.Replace(here, simulator.DefaultRegion, "xx-nowhere-1", 1) + goodKeys},
	"dead endpoint, block": {block: goodKeys + `region = "cn-north-4"
project_id = "0123456789abcdef0123456789abcdef"
endpoints = { modelarts = "http://127.0.0.1:1" }`},
	"dead endpoint, environment": {block: goodKeys + `region = "cn-north-4"
project_id = "0123456789abcdef0123456789abcdef"`, env: map[string]string{"MODELARTS_ENDPOINT": "http://127.0.0.1:1"}},
	"dead IAM, block":          {block: goodKeys + `region = "cn-north-4"` + "\n" + `endpoints = { modelarts = "SERVICE", iam = "http://127.0.0.1:1" }`},
	"path, block":              {block: goodKeys + `region = "cn-north-4"` + "\n" + `endpoints = { modelarts = "ELSEWHERE/v1/notebooks", iam = "SERVICE" }`},
	"path, environment":        {block: goodKeys + `region = "cn-north-4"`, env: map[string]string{"MODELARTS_ENDPOINT": "ELSEWHERE/v1", "HW_AUTH_URL": "SERVICE/v3"}},
	"a scheme, environment":    {block: goodKeys + `region = "cn-north-4"`, env: map[string]string{"MODELARTS_ENDPOINT": "modelarts.example"}},
	"a region, profile":        {files: profile(goodSecret)},
	"a duration, environment":  {block: here + goodKeys, env: map[string]string{"MODELARTS_POLL_INTERVAL": "soon"}},
	"plan_checks, environment": {block: here + goodKeys, env: map[string]string{"MODELARTS_PLAN_CHECKS": "maybe"}},
	"no credentials":           {block: here},
	"a default tag, environment": {
		block: here + goodKeys, env: map[string]string{"MODELARTS_DEFAULT_TAGS": "team=ml,_sys_x=y"},
	},
	"an ignored default tag, environment": {
		block: here + goodKeys, env: map[string]string{"MODELARTS_DEFAULT_TAGS": "team=ml, stage=dev", "MODELARTS_IGNORE_TAGS_KEYS": "owner", "MODELARTS_IGNORE_TAGS_KEY_PREFIXES": "x, te"},
	},
	"no host, block": {block: goodKeys + "region = \"cn-north-4\"\nproject_id = \"0123456789abcdef0123456789abcdef\"\n" + `endpoints = { modelarts = "https://modelarts.invalid" }`},
}
