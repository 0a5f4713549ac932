package huaweicloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// What goes to IAM for each way in, as IAM's reference has it, and what the
// requests to the service are authenticated with then.
func TestSources(t *testing.T) {
	t.Parallel()
	const (
		service = "GET https://h.example/x"

		token = "POST https://iam.cn-north-4.myhuaweicloud.com/v3/auth/tokens?nocatalog=true"
		key   = "POST https://iam.cn-north-4.myhuaweicloud.com/v3.0/OS-CREDENTIAL/securitytokens"
	)
	user := func(domain, scope string) string {
		return `{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"u","password":"pass word","domain":` + domain + `}}},"scope":` + scope + `}}`
	}
	role := func(domain string, seconds int) string {
		return fmt.Sprintf(`{"auth":{"identity":{"methods":["assume_role"],"assume_role":{"agency_name":"a",%s,"duration_seconds":%d}}}}`, domain, seconds)
	}
	for name, test := range map[string]struct {
		change func(*Config)
		want   [][3]string // method and URL, credentials, body
	}{
		"password": {
			func(c *Config) { c.UserName, c.Password, c.DomainName = "u", "pass word", "d" },
			[][3]string{{token, "", user(`{"name":"d"}`, `{"project":{"name":"cn-north-4"}}`)}, {service, "token", ""}},
		},
		"password, by ID": {
			func(c *Config) { c.UserName, c.Password, c.DomainID, c.ProjectID = "u", "pass word", "i", "p" },
			[][3]string{{token, "", user(`{"id":"i"}`, `{"project":{"id":"p"}}`)}, {service, "token", ""}},
		},
		"password, a project by name": {
			func(c *Config) {
				c.UserName, c.Password, c.DomainName, c.ProjectName = "u", "pass word", "d", "cn-north-4_team"
			},
			[][3]string{{token, "", user(`{"name":"d"}`, `{"project":{"name":"cn-north-4_team"}}`)}, {service, "token", ""}},
		},
		"agency with keys": {
			func(c *Config) {
				c.AccessKey, c.SecretKey = "AK", "SK"
				c.AssumeRole = AssumeRole{AgencyName: "a", DomainName: "d2"}
			},
			[][3]string{{key, "AK", role(`"domain_name":"d2"`, 3600)}, {service, "TEMPORARY T", ""}},
		},
		"agency with temporary keys, by ID": {
			func(c *Config) {
				c.AccessKey, c.SecretKey, c.SecurityToken, c.DomainID = "AK", "SK", "ST", "own"
				c.AssumeRole = AssumeRole{AgencyName: "a", DomainID: "i2", Duration: 2 * time.Hour}
			},
			[][3]string{{key, "AK ST own", role(`"domain_id":"i2"`, 7200)}, {service, "TEMPORARY T", ""}},
		},
		"agency with a token": {
			func(c *Config) {
				c.AuthToken, c.AssumeRole = "own-token", AssumeRole{AgencyName: "a", DomainName: "d2"}
			},
			[][3]string{{key, "own-token", role(`"domain_name":"d2"`, 3600)}, {service, "TEMPORARY T", ""}},
		},
		"agency with a password": {
			func(c *Config) {
				c.UserName, c.Password, c.DomainName = "u", "pass word", "d"
				c.AssumeRole = AssumeRole{AgencyName: "a", DomainName: "d2"}
			},
			[][3]string{
				{token, "", user(`{"name":"d"}`, `{"domain":{"name":"d"}}`)},
				{key, "token", role(`"domain_name":"d2"`, 3600)},
				{service, "TEMPORARY T", ""},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := Config{Region: "cn-north-4"}
			test.change(&config)
			var got [][3]string
			s := session(t, config, roundTripper(func(req *http.Request) (*http.Response, error) {
				got = append(got, [3]string{req.Method + " " + req.URL.String(), who(req.Header), read(t, req.Body)})
				switch {
				case strings.HasSuffix(req.URL.Path, "tokens") && strings.HasPrefix(req.URL.Path, "/v3/"):
					resp := answer(http.StatusCreated, `{"token":{"expires_at":"2126-01-01T00:00:00.000000Z"}}`)
					resp.Header.Set("X-Subject-Token", "token")
					return resp, nil
				case strings.HasSuffix(req.URL.Path, "securitytokens"):
					return answer(http.StatusCreated, `{"credential":{"access":"TEMPORARY","secret":"S","securitytoken":"T","expires_at":"2126-01-01T00:00:00.000000Z"}}`), nil
				}
				return answer(http.StatusOK, `{}`), nil
			}))
			for range 2 { // the second time nothing new is needed
				resp, err := s.HTTPClient().Get("https://h.example/x")
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
			}
			got = got[:len(got)-1]
			for i, want := range test.want {
				if i >= len(got) || got[i][0] != want[0] || got[i][1] != want[1] || !sameJSON(got[i][2], want[2]) {
					t.Fatalf("sent\n%q\nwant, as number %d,\n%q", got, i+1, want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("sent %d requests, want %d: %q", len(got), len(test.want), got)
			}
		})
	}
}

// who is what a request is authenticated with.
func who(header http.Header) string {
	access, _, _ := strings.Cut(strings.TrimPrefix(header.Get("Authorization"), "SDK-HMAC-SHA256 Access="), ",")
	return strings.Join(strings.Fields(access+" "+header.Get("X-Security-Token")+" "+header.Get("X-Auth-Token")+" "+header.Get("X-Domain-Id")), " ")
}

func read(t *testing.T, r io.Reader) string {
	t.Helper()
	if r == nil {
		return ""
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func sameJSON(a, b string) bool {
	var x, y any
	return a == b || json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// IAM is asked again when it stumbles, and not when it refuses.
func TestIAMFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer func() *http.Response
		asked  int
		stays  bool
		want   string
	}{
		"wrong password": {func() *http.Response {
			return answer(401, `{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}`)
		}, 1, true, "KeystoneCreateUserTokenByPassword: 401: The username or password is wrong."},
		"down":           {func() *http.Response { return answer(503, `busy`) }, 5, false, "busy"},
		"no token":       {func() *http.Response { return answer(201, `{"token":{}}`) }, 1, false, "the answer cannot be read"},
		"half an answer": {func() *http.Response { return answer(201, `{"token":{"expires_at":"2126`) }, tries, false, "the answer cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				config := Config{Region: "cn-north-4", UserName: "u", Password: "hunter2", DomainName: "d"}
				s := session(t, config, roundTripper(func(*http.Request) (*http.Response, error) {
					asked++
					return test.answer(), nil
				}))
				_, err := s.HTTPClient().Get("https://h.example/x")
				if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("got %v", err)
				}
				if asked != test.asked || errors.Is(err, apierror.ErrNoCredentials) != test.stays {
					t.Errorf("asked %d times, want %d; got %v", asked, test.asked, err)
				}
			})
		})
	}
}

// The metadata of the instance is asked when there is nothing else, with and
// without a token of its own, and the error says where else was looked.
func TestMetadata(t *testing.T) {
	const key = `{"credential":{"access":"TEMPORARY","secret":"S","securitytoken":"T","expires_at":"2126-01-01T00:00:00.000000Z"}}`
	t.Setenv("HOME", t.TempDir())
	t.Setenv(sdkFileVariable, "")
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		want  string // of the error; empty: none
	}{
		"with a token": {func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == "PUT" && r.Header.Get("X-Metadata-Token-Ttl-Seconds") != "":
				io.WriteString(w, "IMDS")
			case r.Header.Get("X-Metadata-Token") == "IMDS":
				io.WriteString(w, key)
			default:
				w.WriteHeader(401)
			}
		}, ""},
		"without one": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "PUT" || r.Header.Get("X-Metadata-Token") != "" {
				w.WriteHeader(405)
				return
			}
			io.WriteString(w, key)
		}, ""},
		"no agency": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "(HTTP 404: does the instance have an agency?)"},
		"nonsense":  {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }, "(the answer cannot be read)"},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
		}, "(HTTP 302"},
		"silence": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "(no answer within 2s)"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.serve)
			defer server.Close()
			t.Setenv(metadataVariable, server.URL)
			signed := ""
			s := session(t, Config{Region: "cn-north-4", Looked: []string{"access_key"}}, roundTripper(func(req *http.Request) (*http.Response, error) {
				signed = who(req.Header)
				return answer(200, `{}`), nil
			}))
			resp, err := s.HTTPClient().Get("https://h.example/x")
			if test.want == "" {
				if err != nil || signed != "TEMPORARY T" {
					t.Fatalf("%v; signed by %q", err, signed)
				}
				resp.Body.Close()
				return
			}
			if err == nil || !errors.Is(err, apierror.ErrNoCredentials) || signed != "" {
				t.Fatalf("got %v", err)
			}
			for _, place := range []string{"Looked for: access_key; ", filepath.Join(".hcloud", "config.json") + " (does not exist); ", filepath.Join(".huaweicloud", "credentials") + " (does not exist); ", server.URL, test.want} {
				if !strings.Contains(err.Error(), place) {
					t.Errorf("%v lacks %s", err, place)
				}
			}
		})
	}
	t.Setenv(metadataVariable, "http://metadata.example")
	if _, err := New(Config{Region: "cn-north-4"}); err == nil || !strings.Contains(err.Error(), metadataVariable) {
		t.Errorf("a metadata service on another machine: %v", err)
	}
}

// A profile fills in what the configuration leaves open, and nothing else.
func TestProfiles(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv(sdkFileVariable, "")
	write := func(name, text string) string {
		file := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	const cli = `{"current":"work","profiles":[
		{"name":"home","mode":"AKSK","accessKeyId":"AKHOME","secretAccessKey":"hunter2","securityToken":"ST","region":"eu-west-101"},
		{"name":"work","mode":"AKSK","accessKeyId":"AKWORK","secretAccessKey":"hunter2","region":"cn-north-4","projectId":"p","domainId":"d",
		 "agencyName":"a","agencyDomainName":"d2"},
		{"name":"instance","mode":"ecsAgency","region":"cn-north-4"},
		{"name":"empty","mode":"AKSK","region":"cn-north-4"},
		{"name":"locked","mode":"AKSK","accessKeyId":"u0Zk+3/=","secretAccessKey":"hunter2"}]}`
	const sdk = "[basic]\nak = AKBASIC\nsk = hunter2\nsecurity_token=ST\nproject_id = p2\n\n[other]\nak=AKOTHER\nsk=hunter2\n[none]\nsk = hunter2\n"
	work := Config{
		Region: "cn-north-4", AccessKey: "AKWORK", SecretKey: "hunter2", ProjectID: "p", DomainID: "d",
		AssumeRole: AssumeRole{AgencyName: "a", DomainName: "d2"},
	}
	with := func(c Config, change func(*Config)) Config {
		change(&c)
		return c
	}
	both := map[string]string{".hcloud/config.json": cli, ".huaweicloud/credentials": sdk}
	for name, test := range map[string]struct {
		files  map[string]string
		config Config
		want   Config
		err    string
	}{
		"nothing":       {nil, Config{Region: "r"}, Config{Region: "r"}, ""},
		"the current":   {both, Config{}, work, ""},
		"by name":       {both, Config{Profile: "home"}, Config{Profile: "home", Region: "eu-west-101", AccessKey: "AKHOME", SecretKey: "hunter2", SecurityToken: "ST"}, ""},
		"of the SDKs":   {map[string]string{".huaweicloud/credentials": sdk}, Config{Region: "r"}, Config{Region: "r", AccessKey: "AKBASIC", SecretKey: "hunter2", SecurityToken: "ST", ProjectID: "p2"}, ""},
		"by name there": {both, Config{Profile: "other"}, Config{Profile: "other", AccessKey: "AKOTHER", SecretKey: "hunter2"}, ""},
		"own keys":      {both, Config{Region: "r", AccessKey: "AK", SecretKey: "SK"}, Config{Region: "r", AccessKey: "AK", SecretKey: "SK"}, ""},
		"own-token":     {both, Config{Region: "r", AuthToken: "T"}, Config{Region: "r", AuthToken: "T"}, ""},
		"own password":  {both, Config{Region: "r", UserName: "u", Password: "P"}, Config{Region: "r", UserName: "u", Password: "P"}, ""},
		"own keys, region of the profile": {
			both,
			Config{Profile: "work", AccessKey: "AK", SecretKey: "SK"},
			Config{Profile: "work", AccessKey: "AK", SecretKey: "SK", Region: "cn-north-4", ProjectID: "p", DomainID: "d"},
			"",
		},
		"another region":  {both, Config{Region: "cn-south-1"}, with(work, func(c *Config) { c.Region, c.ProjectID = "cn-south-1", "" }), ""},
		"another project": {both, Config{ProjectName: "n"}, with(work, func(c *Config) { c.ProjectName, c.ProjectID = "n", "" }), ""},
		"another agency":  {both, Config{AssumeRole: AssumeRole{AgencyName: "b"}}, with(work, func(c *Config) { c.AssumeRole = AssumeRole{AgencyName: "b"} }), ""},
		"of the instance": {both, Config{Profile: "instance"}, Config{Profile: "instance", Region: "cn-north-4"}, ""},
		"a file":          {both, Config{SharedConfigFile: "~/.huaweicloud/credentials"}, Config{SharedConfigFile: "~/.huaweicloud/credentials", AccessKey: "AKBASIC", SecretKey: "hunter2", SecurityToken: "ST", ProjectID: "p2"}, ""},
		"no such name":    {both, Config{Profile: "x"}, Config{}, `Profile leads to no profile. Looked into: ` + home + `/.hcloud/config.json (has no profile "x"); ` + home + `/.huaweicloud/credentials (has no profile "x")`},
		"own keys, no file": {
			nil, Config{SharedConfigFile: "~/x", AccessKey: "AK", SecretKey: "SK"}, Config{SharedConfigFile: "~/x", AccessKey: "AK", SecretKey: "SK"}, "",
		},
		"no such file":         {both, Config{SharedConfigFile: "~/x"}, Config{}, "SharedConfigFile leads to no profile. Looked into: " + home + "/x (does not exist)"},
		"no such name in file": {both, Config{SharedConfigFile: "~/.hcloud/config.json", Profile: "other"}, Config{}, `(has no profile "other")`},
		"no keys":              {both, Config{Profile: "empty"}, Config{}, `the profile "empty" has no access key`},
		"no keys there":        {both, Config{Profile: "none"}, Config{}, `the profile "none" has no access key (ak)`},
		"encrypted":            {both, Config{Profile: "locked"}, Config{}, "run hcloud configure set --cli-auth-encrypt=false"},
		"not JSON":             {map[string]string{".hcloud/config.json": "{hunter2"}, Config{}, Config{}, "it is not JSON as hcloud writes it"},
		"not sections":         {map[string]string{".huaweicloud/credentials": "hunter2"}, Config{}, Config{}, "it has no sections as the SDKs write them"},
	} {
		t.Run(name, func(t *testing.T) {
			var files []string
			for file, text := range test.files {
				files = append(files, write(file, text))
			}
			defer func() {
				for _, file := range files {
					os.Remove(file) //nolint:errcheck // a folder of the test
				}
			}()
			got, _, err := test.config.withProfile()
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("got %v", err)
				}
				return
			}
			for field, origin := range got.Origins {
				if !strings.HasPrefix(origin, "in the profile ") || !got.set()[field] {
					t.Errorf("%s was set %s", field, origin)
				}
			}
			got.Origins = nil
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

// profileErrors are the words of errors, which are no secrets.
var profileErrors = "the profile has no access key are encrypted: run hcloud configure set --cli-auth-encrypt=false " +
	"it is not JSON as hcloud writes it has no sections as the SDKs write them"

// FuzzProfile holds that no file makes it panic, and that no error shows what the
// file holds.
func FuzzProfile(f *testing.F) {
	for _, data := range []string{
		`{"current":"a","profiles":[{"name":"a","accessKeyId":"A","secretAccessKey":"S"}]}`, `{"profiles":null}`, `{`, `{"profiles":[{}]}`,
		"[basic]\nak = A\nsk = S\n", "[basic]\nak = %(sk)s\nsk = %(ak)s\n", "[basic", "=", "[basic]\nak", "", "\xff\xfe",
	} {
		f.Add([]byte(data), "a", "hunter2")
	}
	f.Fuzz(func(t *testing.T, data []byte, name, secret string) {
		if len(secret) < 6 || strings.Contains(name, secret) || strings.Contains(profileErrors, secret) {
			return
		}
		found, used, err := parseProfile(append(data, secret...), name)
		if err != nil && strings.Contains(err.Error(), secret) && !strings.Contains(used, secret) {
			t.Errorf("%q is in %v", secret, err)
		}
		if found != nil && name != "" && used != name {
			t.Errorf("asked for the profile %q, got %q", name, used)
		}
	})
}

// FuzzEndpoint holds that what is taken for an endpoint is one: https, or http to
// this machine, with a host and without a password.
func FuzzEndpoint(f *testing.F) {
	for _, raw := range []string{
		"https://h.example", "http://127.0.0.1:8080/x", "http://[::1]", "http://localhost.", "https://u:p@h", "https://h?x#y", "http://0x7f.1", "http://127.1", "//h", "https://h\n", "https:///x", "http://[::ffff:127.0.0.1]",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		endpoint, err := parseEndpoint("Endpoints.IAM", raw, "https://h.example")
		if err != nil {
			if u := endpointUser(raw); u != "" && strings.Contains(err.Error(), u) {
				t.Errorf("%q is in %v", u, err)
			}
			return
		}
		req, err := http.NewRequest(http.MethodGet, endpoint.JoinPath("v1", "p").String(), http.NoBody)
		if err != nil {
			t.Fatalf("%q: no request can be made: %v", raw, err)
		}
		if req.URL.User != nil || req.URL.Hostname() == "" || req.URL.Scheme != "https" && !isLoopback(req.URL.Hostname()) {
			t.Errorf("%q leads to %s", raw, req.URL)
		}
	})
}

// endpointUser is what stands before the host, if it is long enough to be found.
func endpointUser(raw string) string {
	_, rest, _ := strings.Cut(raw, "//")
	user, _, found := strings.Cut(rest, "@")
	if !found || len(user) < 8 {
		return ""
	}
	return user
}

// FuzzTemporaryKey holds that no answer of IAM or of the metadata makes it panic,
// or becomes half a key pair.
func FuzzTemporaryKey(f *testing.F) {
	for _, body := range []string{
		`{"credential":{"access":"A","secret":"S","securitytoken":"T","expires_at":"2026-01-01T00:00:00.000000Z"}}`,
		`{"credential":null}`, `[]`, ``, `{"credential":{"expires_at":"9999999-01-01T00:00:00Z"}}`, `{"credential":{"access":1}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var key temporaryKey
		if json.Unmarshal(body, &key) != nil || !key.complete() {
			return
		}
		c := key.credentials()
		if c.AccessKey == "" || c.SecretKey == "" || c.SecurityToken == "" || c.AuthToken != "" {
			t.Errorf("half a key pair: %q", c.AccessKey)
		}
	})
}
