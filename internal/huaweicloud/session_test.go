package huaweicloud

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }

var keys = Config{Region: "cn-north-4", AccessKey: "AK", SecretKey: "SK"}

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	minus := -1
	for _, test := range []struct {
		field  string // empty: no error
		change func(*Config)
	}{
		{"", func(*Config) {}},
		{"", func(c *Config) { c.AccessKey, c.SecretKey, c.AuthToken = "", "", "token" }},
		{"", func(c *Config) { c.SecurityToken = "token" }},
		{"", func(c *Config) { c.Cloud = "cloud.example" }},
		{"", func(c *Config) { c.Endpoints.ModelArts = "http://localhost:1" }},
		{"", func(c *Config) { c.Endpoints.ModelArts = "http://127.3.2.1:1/path" }},
		{"", func(c *Config) { c.Endpoints.IAM = "http://[::1]:1" }},
		{"", func(c *Config) { c.Region, c.Endpoints.ModelArts, c.ProjectID = "", "https://h.example", "p" }},
		{"", func(c *Config) {
			c.Region, c.ProjectName = "", "p"
			c.Endpoints = Endpoints{ModelArts: "https://h.example", IAM: "https://i.example"}
		}},
		{"Region", func(c *Config) { c.Region = "" }},
		{"Region", func(c *Config) { c.Region = ""; c.ProjectID = "p" }},
		{"Region", func(c *Config) { c.Region = ""; c.Endpoints.ModelArts = "https://h.example" }},
		{"Region", func(c *Config) { c.Region = ""; c.Endpoints.ModelArts = "https://h.example"; c.ProjectName = "p" }},
		{"Region", func(c *Config) { c.Region = "evil.example/?" }},
		{"Cloud", func(c *Config) { c.Cloud = "evil.example/" }},
		{"AccessKey", func(c *Config) { c.AccessKey = "" }},
		{"AccessKey", func(c *Config) { c.AccessKey, c.SecretKey, c.SecurityToken = "", "", "token" }},
		{"AccessKey", func(c *Config) { c.AccessKey += "\n" }},
		{"SecretKey", func(c *Config) { c.SecretKey = "" }},
		{"SecretKey", func(c *Config) { c.SecretKey = "hunter2 " }},
		{"AuthToken", func(c *Config) { c.AuthToken = "hunter2" }},
		{"", func(c *Config) {
			c.AccessKey, c.SecretKey = "", ""
			c.UserName, c.Password, c.DomainID = "user", "hunter 2", "d"
		}},
		{"", func(c *Config) { c.UserName = "user" }}, // beside keys it is not needed
		{"Password", func(c *Config) { c.Password = "hunter2" }},
		{"Password", func(c *Config) { c.AccessKey, c.SecretKey, c.UserName = "", "", "user" }},
		{"Password", func(c *Config) {
			c.AccessKey, c.SecretKey = "", ""
			c.UserName, c.Password, c.DomainName = "user", "hunter2\n", "d"
		}},
		{"UserName", func(c *Config) { c.AccessKey, c.SecretKey, c.Password = "", "", "hunter2" }},
		{"DomainName", func(c *Config) { c.AccessKey, c.SecretKey, c.UserName, c.Password = "", "", "user", "hunter2" }},
		{"", func(c *Config) { c.AssumeRole = AssumeRole{"agency", "domain", "", 15 * time.Minute} }},
		{"", func(c *Config) { c.AssumeRole = AssumeRole{AgencyName: "agency", DomainID: "d"} }},
		{"AssumeRole.AgencyName", func(c *Config) { c.AssumeRole.DomainName = "domain" }},
		{"AssumeRole.DomainName", func(c *Config) { c.AssumeRole.AgencyName = "agency" }},
		{"AssumeRole.Duration", func(c *Config) { c.AssumeRole = AssumeRole{"agency", "domain", "", time.Minute} }},
		{"AssumeRole.Duration", func(c *Config) { c.AssumeRole = AssumeRole{"agency", "domain", "", 25 * time.Hour} }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "modelarts.example" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "ftp://h.example" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "https://" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "https://user:hunter2@h.example" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "https://user:hunter2@h.example:port" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "https://h.example?key=hunter2" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "http://h.example" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "http://10.0.0.1" }},
		{"Endpoints.ModelArts", func(c *Config) { c.Endpoints.ModelArts = "http://localhost.example" }},
		{"Endpoints.IAM", func(c *Config) { c.Endpoints.IAM = "http://0.0.0.0" }},
		{"CACertFile", func(c *Config) { c.CACertFile = notPEM }},
		{"CACertFile", func(c *Config) { c.CACertFile = notPEM + ".missing" }},
		{"MaxRetries", func(c *Config) { c.MaxRetries = &minus }},
	} {
		config := keys
		test.change(&config)
		_, err := New(config)
		var wrong *ConfigError
		switch {
		case test.field == "" && err != nil:
			t.Errorf("%+v: %v", config, err)
		case test.field != "" && (!errors.As(err, &wrong) || wrong.Field != test.field):
			t.Errorf("%+v: got %v, want an error of %s", config, err, test.field)
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("a secret is in %v", err)
		}
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		config    Config
		modelArts string
		iam       string
	}{
		{
			Config{Region: "cn-north-4"},
			"https://modelarts.cn-north-4.myhuaweicloud.com",
			"https://iam.cn-north-4.myhuaweicloud.com https://iam.myhuaweicloud.com",
		},
		{
			Config{Region: "eu-west-101"},
			"https://modelarts.eu-west-101.myhuaweicloud.eu",
			"https://iam.eu-west-101.myhuaweicloud.eu https://iam.myhuaweicloud.eu",
		},
		{
			Config{Region: "eu-west-0"},
			"https://modelarts.eu-west-0.myhuaweicloud.com",
			"https://iam.eu-west-0.myhuaweicloud.com https://iam.myhuaweicloud.com",
		},
		{
			Config{Region: "eu-west-101", Cloud: "cloud.example"},
			"https://modelarts.eu-west-101.cloud.example",
			"https://iam.eu-west-101.cloud.example https://iam.cloud.example",
		},
		{
			Config{Region: "cn-north-4", Endpoints: Endpoints{ModelArts: "http://127.0.0.1:8080/m", IAM: "https://i.example/"}},
			"http://127.0.0.1:8080/m", "https://i.example/",
		},
		{Config{ProjectID: "p", Endpoints: Endpoints{ModelArts: "https://h.example"}}, "https://h.example", "https://iam.myhuaweicloud.com"},
	} {
		test.config.AccessKey, test.config.SecretKey = "AK", "SK"
		session, err := New(test.config)
		if err != nil {
			t.Error(err)
			continue
		}
		var iam []string
		for _, endpoint := range session.iam.endpoints {
			iam = append(iam, endpoint.String())
		}
		if got := session.ModelArtsEndpoint().String(); got != test.modelArts || strings.Join(iam, " ") != test.iam {
			t.Errorf("%+v: got %s and %s", test.config, got, iam)
		}
	}
}

func TestConfiguredProject(t *testing.T) {
	t.Parallel()
	config := keys
	config.ProjectID = "p"
	n := &network{t: t, steps: []step{{status: 500}}}
	if id, err := session(t, config, n).ProjectID(t.Context()); id != "p" || err != nil || len(n.times) != 0 {
		t.Errorf("got %s %v in %d calls", id, err, len(n.times))
	}
}

const projects = `{"projects":[{"id":"1","name":"cn-north-4_sub"},{"id":"2","name":"cn-north-4"},{"id":"3","name":"CN-NORTH-4"}]}`

func TestProjectLookup(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "2", "cn-north-4_sub": "1"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			verify(t, r, "")
			expected := name
			if expected == "" {
				expected = "cn-north-4"
			}
			if r.URL.Path != "/iam/v3/projects" || r.URL.Query().Get("name") != expected || r.UserAgent() != "ua" {
				t.Errorf("%s %s", r.URL, r.UserAgent())
			}
			io.WriteString(w, projects)
		}))
		config := keys
		config.ProjectName, config.UserAgent = name, "ua"
		config.Endpoints.IAM = server.URL + "/iam/"
		session, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		if id, err := session.ProjectID(t.Context()); id != want || err != nil {
			t.Errorf("got %q %v, want %s", id, err, want)
		}
		server.Close()
	}
}

func TestProjectErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refusal := step{status: 401, body: strings.NewReader(`{"error":{"code":"IAM.0001","message":"no"}}`), header: http.Header{"X-Request-Id": {"r"}}}
		for _, now := range []step{
			refusal,
			{status: 200, body: strings.NewReader(`{"projects":[]}`)},
			{status: 200, body: strings.NewReader(`<html>`)},
			{status: 502, body: strings.NewReader(`<html>`)},
			{err: errCut},
		} {
			config := keys
			config.ProjectName = "cn-north-4_sub"
			_, err := session(t, config, &network{t: t, steps: []step{now}}).ProjectID(t.Context())
			if err == nil || !strings.Contains(err.Error(), `"cn-north-4_sub"`) || !strings.Contains(err.Error(), `"cn-north-4"`) {
				t.Errorf("the error does not say what was looked for: %v", err)
			}
		}
	})
	refused := step{status: 403, body: strings.NewReader(`{"error_code":"IAM.0003","error_msg":"no"}`), header: http.Header{"X-Request-Id": {"r"}}}
	_, err := session(t, keys, &network{t: t, steps: []step{refused}}).ProjectID(t.Context())
	var answer *Error
	want := Error{Operation: "KeystoneListProjects", Status: 403, Code: "IAM.0003", Message: "no", RequestID: "r"}
	if !errors.As(err, &answer) || *answer != want {
		t.Errorf("got %v", err)
	}
	_, err = session(t, keys, &network{t: t, steps: []step{{status: 200, body: strings.NewReader(`{"projects":[{"id":"1","name":"cn-north-4_sub"}]}`)}}}).ProjectID(t.Context())
	if !errors.Is(err, ErrNoProject) {
		t.Errorf("got %v", err)
	}
}

// TestOneLookup starts many callers at once; the first one gives up.
func TestOneLookup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		calls := 0
		s := session(t, keys, roundTripper(func(req *http.Request) (*http.Response, error) {
			calls++
			select {
			case <-release:
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(projects))}, nil
		}))
		first, cancel := context.WithCancel(t.Context())
		var waiting sync.WaitGroup
		waiting.Go(func() {
			if _, err := s.ProjectID(first); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
		synctest.Wait() // the first caller has begun the look-up
		for range 20 {
			waiting.Go(func() {
				if id, err := s.ProjectID(t.Context()); id != "2" || err != nil {
					t.Errorf("got %q %v", id, err)
				}
			})
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(release)
		waiting.Wait()
		if id, err := s.ProjectID(t.Context()); id != "2" || err != nil || calls != 1 {
			t.Errorf("got %q %v after %d look-ups", id, err, calls)
		}
	})
}

func TestFailedLookupIsNotRemembered(t *testing.T) {
	t.Parallel()
	n := &network{t: t, steps: []step{{status: 403}, {status: 200, body: strings.NewReader(projects)}}}
	s := session(t, keys, n)
	if _, err := s.ProjectID(t.Context()); err == nil {
		t.Error("no error")
	}
	if id, err := s.ProjectID(t.Context()); id != "2" || err != nil {
		t.Errorf("got %q %v", id, err)
	}
}

// TestRegionWithoutIAM falls back to the global endpoint where the region's does
// not exist, and nowhere else.
func TestRegionWithoutIAM(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testRegionWithoutIAM)
}

func testRegionWithoutIAM(t *testing.T) {
	for _, test := range []struct {
		err   error
		iam   string
		hosts string
	}{
		{errNoHost, "", "iam.cn-north-4.myhuaweicloud.com iam.myhuaweicloud.com"},
		{errCert, "", "iam.cn-north-4.myhuaweicloud.com"},
		{errNoDNS, "", "iam.cn-north-4.myhuaweicloud.com"},
		{errNoHost, "https://iam.example", "iam.example"},
	} {
		var hosts []string
		config := keys
		config.Endpoints.IAM = test.iam
		s := session(t, config, roundTripper(func(req *http.Request) (*http.Response, error) {
			if len(hosts) == 0 || hosts[len(hosts)-1] != req.URL.Host {
				hosts = append(hosts, req.URL.Host)
			}
			if req.URL.Host != "iam.myhuaweicloud.com" {
				return nil, test.err
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(projects))}, nil
		}))
		_, err := s.ProjectID(t.Context())
		if got := strings.Join(hosts, " "); got != test.hosts || (err == nil) != strings.HasSuffix(test.hosts, "iam.myhuaweicloud.com") {
			t.Errorf("asked %s: %v", got, err)
		}
	}
}

// A session in another region has the region's endpoints and its project, and
// nothing of the first region.
func TestAnotherRegion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		change            func(*Config)
		endpoint, project string
	}{
		{func(*Config) {}, "https://modelarts.ap-southeast-1.myhuaweicloud.com", "ap-southeast-1"},
		{func(c *Config) { c.ProjectID, c.ProjectName = "p", "cn-north-4" }, "https://modelarts.ap-southeast-1.myhuaweicloud.com", "ap-southeast-1"},
		{func(c *Config) { c.ProjectName = "cn-north-4_sub" }, "https://modelarts.ap-southeast-1.myhuaweicloud.com", "ap-southeast-1_sub"},
		{func(c *Config) { c.Cloud = "cloud.example" }, "https://modelarts.ap-southeast-1.cloud.example", "ap-southeast-1"},
	} {
		config := keys
		test.change(&config)
		var asked string
		home := session(t, config, roundTripper(func(req *http.Request) (*http.Response, error) {
			asked = req.URL.Query().Get("name")
			body := io.NopCloser(strings.NewReader(`{"projects":[{"id":"1","name":"` + asked + `"}]}`))
			return &http.Response{StatusCode: http.StatusOK, Body: body}, nil
		}))
		other, err := home.In("ap-southeast-1")
		if err != nil {
			t.Fatal(err)
		}
		id, err := other.ProjectID(t.Context())
		if err != nil || id != "1" || asked != test.project || other.ModelArtsEndpoint().String() != test.endpoint || other.Region() != "ap-southeast-1" {
			t.Errorf("%+v: %s, project %q %v, asked for %q", config, other.ModelArtsEndpoint(), id, err, asked)
		}
		if same, err := home.In("cn-north-4"); same != home || err != nil {
			t.Errorf("its own region gives another session: %v", err)
		}
	}
}

func TestAnotherRegionErrors(t *testing.T) {
	t.Parallel()
	config := keys
	config.Endpoints.ModelArts = "https://h.example"
	for _, test := range []struct {
		config        Config
		region, field string
	}{
		{config, "ap-southeast-1", "Endpoints.ModelArts"},
		{keys, "evil.example/?", "Region"},
		{keys, "", "Region"},
	} {
		var wrong *ConfigError
		if _, err := session(t, test.config, nil).In(test.region); !errors.As(err, &wrong) || wrong.Field != test.field {
			t.Errorf("%q: %v, want an error of %s", test.region, err, test.field)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// session is a session over a fake network.
func session(t *testing.T, config Config, network http.RoundTripper) *Session {
	t.Helper()
	s, err := open(config, network)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
