package simulator_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestAuthentication breaks a good request in one way each.
func TestAuthentication(t *testing.T) {
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	replace := func(old, replacement string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, replacement, 1))
		}
	}
	for name, test := range map[string]struct {
		change func(*http.Request)
		status int
		code   string
	}{
		"as it is":               {func(*http.Request) {}, 200, ""},
		"header not signed":      {set("User-Agent", "another"), 200, ""},
		"trailing slash":         {func(r *http.Request) { r.URL.Path += "/" }, 200, ""},
		"nothing":                {func(r *http.Request) { r.Header.Del("Authorization") }, 401, "APIG.0301"},
		"unknown token":          {func(r *http.Request) { r.Header.Del("Authorization"); r.Header.Set("X-Auth-Token", "x") }, 401, "APIG.0301"},
		"no scheme":              {replace("SDK-HMAC-SHA256 ", ""), 401, "APIG.0301"},
		"unknown key":            {replace("Access=S", "Access=T"), 401, "APIG.0301"},
		"wrong signature":        {replace("Signature=", "Signature=0"), 401, "APIG.0301"},
		"host not signed":        {replace("host;", ""), 401, "APIG.0301"},
		"date not signed":        {replace(";x-sdk-date", ""), 401, "APIG.0301"},
		"another date":           {set("X-Sdk-Date", epoch.Add(time.Second).Format("20060102T150405Z")), 401, "APIG.0301"},
		"old date":               {set("X-Sdk-Date", epoch.Add(-time.Hour).Format("20060102T150405Z")), 401, "APIG.0301"},
		"no date":                {set("X-Sdk-Date", "today"), 401, "APIG.0301"},
		"another host":           {func(r *http.Request) { r.Host = "elsewhere.example" }, 401, "APIG.0301"},
		"another query":          {func(r *http.Request) { r.URL.RawQuery = "limit=20" }, 401, "APIG.0301"},
		"another path":           {func(r *http.Request) { r.URL.Path += "/all" }, 401, "APIG.0301"},
		"signed header changed":  {set("X-Project-Id", "x"), 401, "APIG.0301"},
		"token of permanent key": {set("X-Security-Token", "x"), 401, "APIG.0301"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCaller(t, simulator.Options{})
			r := c.signed("GET", c.path("notebooks")+"?limit=10&name=a%20b", nil)
			test.change(r)
			got, err := c.send(r)
			if err != nil {
				t.Fatal(err)
			}
			if got.StatusCode != test.status {
				t.Fatalf("status %d, want %d: %s", got.StatusCode, test.status, got.body)
			}
			if test.code != "" {
				equal(t, "code", got.members(t)["error_code"], test.code)
			}
			if got.Header.Get("X-Request-Id") == "" {
				t.Error("no X-Request-Id")
			}
		})
	}
}

// TestSignatureWindow is that of the caller's clock, which Advance leaves alone.
func TestSignatureWindow(t *testing.T) {
	for off, status := range map[time.Duration]int{
		0: 200, 15 * time.Minute: 200, -15 * time.Minute: 200, 15*time.Minute + time.Second: 401, -16 * time.Minute: 401,
	} {
		c := newCaller(t, simulator.Options{Clock: func() time.Time { return epoch.Add(off) }})
		c.sim.Advance(100 * time.Hour)
		if got := c.call("GET", c.path("notebooks"), nil); got.StatusCode != status {
			t.Errorf("%v off: status %d, want %d", off, got.StatusCode, status)
		}
	}
}

func TestProjectOfThePath(t *testing.T) {
	c := newCaller(t, simulator.Options{SubProjects: []string{"team"}})
	c.create(nil)
	c.refused("GET", "/v1/0123456789abcdef0123456789abcdef/notebooks", nil, 403, "ModelArts.0210")
	c.refused("GET", "/v1/"+c.project+"/nothing", nil, 404, "APIG.0101")

	var projects []object
	for _, p := range c.ok("GET", "/v3/projects?name=cn-north-4_team", nil)["projects"].([]any) {
		projects = append(projects, p.(object))
	}
	if len(projects) != 1 {
		t.Fatalf("projects %v", projects)
	}
	c.project = projects[0]["id"].(string)
	equal(t, "notebooks of the other project", c.ok("GET", c.path("notebooks"), nil)["total"], 0)
}

func TestRateLimit(t *testing.T) {
	c := newCaller(t, simulator.Options{Rate: 2, RateRetryAfter: "3"})
	for i, status := range []int{200, 200, 429} {
		got := c.call("GET", c.path("notebooks"), nil)
		if got.StatusCode != status {
			t.Errorf("request %d: status %d, want %d", i, got.StatusCode, status)
		}
		if status == 429 {
			equal(t, "Retry-After", got.Header.Get("Retry-After"), "3")
			equal(t, "code", got.members(t)["error_code"], "ModelArts.6101")
		}
	}
	c.sim.Advance(500 * time.Millisecond)
	c.ok("GET", c.path("notebooks"), nil)
	c.refused("GET", c.path("notebooks"), nil, 429, "ModelArts.6101")
}

// TestRequestLog checks what the log holds, and that no secret is in it.
func TestRequestLog(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.create(nil)
	c.call("GET", c.path("notebooks", id)+"?x=y", nil)
	c.call("POST", "/v3/auth/tokens", passwordRequest(simulator.DefaultPassword))
	c.refused("DELETE", c.path("notebooks", nobody), nil, 400, "ModelArts.6309")
	log := c.sim.Requests()
	if len(log) != 4 {
		t.Fatalf("%d requests, want 4", len(log))
	}
	create, show, remove := log[0], log[1], log[3]
	equal(t, "operation", create.Operation, "CreateNotebook")
	equal(t, "notebook", create.NotebookID, id)
	equal(t, "auth", create.Auth, "signature")
	equal(t, "status", create.Status, 200)
	equal(t, "body", create.Body, vendorRequest())
	equal(t, "header", create.Header.Get("X-Project-Id"), c.project)
	equal(t, "query", show.Query, "x=y")
	equal(t, "path", show.Path, c.path("notebooks", id))
	equal(t, "time", show.Time, epoch)
	equal(t, "code", remove.ErrorCode, "ModelArts.6309")
	equal(t, "status", remove.Status, 400)
	if remove.RequestID == "" || remove.RequestID == show.RequestID {
		t.Errorf("request IDs %q and %q", remove.RequestID, show.RequestID)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.url+"/_simulator/requests", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := c.send(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{simulator.DefaultSecretKey, simulator.DefaultPassword, "Signature=", c.known(id).Token} {
		if strings.Contains(string(shown.body), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(string(shown.body), id) {
		t.Errorf("the log over HTTP is not the log: %s", shown.body)
	}
	c.sim.ResetRequests()
	equal(t, "after a reset", len(c.sim.Requests()), 0)
}

// TestManyAtOnce is for the race detector.
func TestManyAtOnce(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	ids := []string{c.create(nil), c.create(nil)}
	requests := []func() *http.Request{
		func() *http.Request { return c.signed("POST", c.path("notebooks"), vendorRequest()) },
		func() *http.Request { return c.signed("GET", c.path("notebooks"), nil) },
		func() *http.Request { return c.signed("PUT", c.path("notebooks", ids[0]), object{"name": "x"}) },
		func() *http.Request { return c.signed("POST", c.path("notebooks", ids[0], "stop"), nil) },
		func() *http.Request { return c.signed("POST", c.path("notebooks", ids[0], "start"), nil) },
		func() *http.Request {
			return c.signed("POST", c.path("notebooks", ids[1], "tags", "create"), object{"tags": []object{{"key": "a"}}})
		},
	}
	var group sync.WaitGroup
	for i := range 60 {
		r := requests[i%len(requests)]()
		group.Go(func() {
			if _, err := c.send(r); err != nil {
				t.Error(err)
			}
			c.sim.Advance(time.Second)
			c.sim.Notebooks()
			c.sim.Requests()
			c.sim.Configure(func(o *simulator.Options) { o.StopTime = time.Second })
		})
	}
	group.Wait()
	equal(t, "requests", len(c.sim.Requests()), 62)
	equal(t, "notebooks", len(c.sim.Notebooks()), 12)
}
