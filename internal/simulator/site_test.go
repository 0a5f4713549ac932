package simulator_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator/console"
)

// browse sends a request as a browser or another program does.
func (c *caller) browse(method, path string, header http.Header) response {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	r.Host = header.Get("Host")
	got, err := c.send(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

// TestSite holds what is served to a browser, and how it is protected.
func TestSite(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	for path, content := range map[string]string{
		"/":                              "text/html; charset=utf-8",
		"/_simulator/":                   "text/html; charset=utf-8",
		"/_simulator/console/style.css":  "text/css; charset=utf-8",
		"/_simulator/console/console.js": "text/javascript; charset=utf-8",
		"/_simulator/console/icon.svg":   "image/svg+xml",
	} {
		got := c.browse("GET", path, nil)
		equal(t, path, []any{got.StatusCode, got.Header.Get("Content-Type")}, []any{200, content})
		equal(t, path+" policy", got.Header.Get("Content-Security-Policy"), console.Policy)
		equal(t, path+" kept", got.Header.Get("Cache-Control"), "no-store")
		if bytes.Contains(got.body, []byte("http://")) && !strings.HasSuffix(path, ".svg") && path != "/_simulator/" || bytes.Contains(got.body, []byte("https://")) {
			t.Errorf("%s names an address elsewhere", path)
		}
		for _, forbidden := range []string{" style=\"", " onclick=", "<script>", "<style>"} {
			if bytes.Contains(got.body, []byte(forbidden)) {
				t.Errorf("%s has %s, which the policy forbids", path, forbidden)
			}
		}
	}
	for _, path := range []string{"/_simulator/console/", "/_simulator/console/x", "/_simulator/x"} {
		equal(t, path, c.browse("GET", path, nil).StatusCode, 404)
	}
	equal(t, "what is no page", c.browse("POST", "/", nil).StatusCode, 404)
	if list := c.sim.Requests(); len(list) != 1 || list[0].Method != "POST" {
		t.Errorf("the pages are in the log: %v", list)
	}
	reference := string(c.browse("GET", "/_simulator/", nil).body)
	for _, p := range simulator.ControlPaths() {
		if !strings.Contains(reference, "<b>"+p.Method+"</b> "+p.Path+"<") {
			t.Errorf("the reference has no %s %s", p.Method, p.Path)
		}
	}
	for _, f := range simulator.FaultKinds() {
		if !strings.Contains(reference, "<code>"+string(f.Kind)+"</code>") {
			t.Errorf("the reference has no fault %s", f.Kind)
		}
	}
}

// TestFaultKinds asks for a fault of each kind that is listed.
func TestFaultKinds(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	life := 0
	for _, f := range simulator.FaultKinds() {
		if f.Text == "" {
			t.Errorf("%s has no text", f.Kind)
		}
		if f.Life {
			life++
		}
		equal(t, string(f.Kind), c.control("POST", "faults", `{"kind": "`+string(f.Kind)+`"}`).StatusCode, 200)
	}
	equal(t, "kinds of life and of answers", []int{life, len(simulator.FaultKinds()) - life}, []int{8, 15})
	got := c.control("GET", "faults/kinds", "")
	if !bytes.Contains(got.body, []byte(`"life":true`)) || !bytes.Contains(got.body, []byte(`"CreateNotebook"`)) {
		t.Errorf("kinds: %s", got.body)
	}
}

// TestForeignPages keeps pages of other origins and names of others away from
// all control paths, and lets programs pass.
func TestForeignPages(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	own := strings.TrimPrefix(c.url, "http://")
	port := own[strings.LastIndex(own, ":"):]
	for _, test := range []struct {
		name   string
		header http.Header
		reads  int
		writes int
	}{
		{"a program", http.Header{}, 200, 204},
		{"the page itself", http.Header{"Origin": {c.url}, "Sec-Fetch-Site": {"same-origin"}}, 200, 204},
		{"the page in an older browser", http.Header{"Origin": {c.url}}, 200, 204},
		{"localhost", http.Header{"Host": {"localhost" + port}}, 200, 204},
		{"a name below localhost", http.Header{"Host": {"simulator.localhost" + port}}, 200, 204},
		{"the sixth version", http.Header{"Host": {"[::1]" + port}}, 200, 204},
		{"another origin", http.Header{"Origin": {"https://example.com"}, "Sec-Fetch-Site": {"cross-site"}}, 200, 403},
		{"another origin in an older browser", http.Header{"Origin": {"https://example.com"}}, 200, 403},
		{"another port", http.Header{"Origin": {"http://127.0.0.1:1"}, "Sec-Fetch-Site": {"same-site"}}, 200, 403},
		{"a page without an origin", http.Header{"Origin": {"null"}, "Sec-Fetch-Site": {"cross-site"}}, 200, 403},
		{"another name", http.Header{"Host": {"example.com" + port}, "Origin": {"http://example.com" + port}, "Sec-Fetch-Site": {"same-origin"}}, 403, 403},
		{"another address", http.Header{"Host": {"192.0.2.1"}}, 403, 403},
		{"a name that looks near", http.Header{"Host": {"localhost.example.com"}}, 403, 403},
	} {
		equal(t, test.name+" reads", c.browse("GET", "/_simulator/overview", test.header).StatusCode, test.reads)
		equal(t, test.name+" looks", c.browse("GET", "/", test.header).StatusCode, test.reads)
		equal(t, test.name+" writes", c.browse("DELETE", "/_simulator/requests", test.header).StatusCode, test.writes)
	}
	// No answer allows another origin to read it.
	if got := c.browse("GET", "/_simulator/notebooks", http.Header{"Origin": {"https://example.com"}}); got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("another origin can read the notebooks")
	}
}

// TestLab opens the urls of notebooks.
func TestLab(t *testing.T) {
	c := newCaller(t, slow())
	c.sim.Configure(func(o *simulator.Options) { o.PageURL = c.url })
	id := c.create(nil)
	c.settle()
	shown := c.show(id)
	address, _ := shown["url"].(string)
	token, _ := shown["token"].(string)
	equal(t, "url", address, c.url+"/_simulator/notebooks/"+id+"/lab")
	path := strings.TrimPrefix(address, c.url)
	got := c.browse("GET", path+"?token="+token, nil)
	equal(t, "open", []any{got.StatusCode, bytes.Contains(got.body, []byte(id)), bytes.Contains(got.body, []byte(token))}, []any{200, true, false})
	for _, query := range []string{"", "?token=", "?token=x", "?token=" + token + "x", "?token=" + strings.ToUpper(token), "?Token=" + token} {
		refused := c.browse("GET", path+query, nil)
		equal(t, query, []any{refused.StatusCode, bytes.Contains(refused.body, []byte("notebooks_test"))}, []any{403, false})
		equal(t, query+" policy", refused.Header.Get("Content-Security-Policy"), console.Policy)
	}
	equal(t, "another notebook", c.browse("GET", strings.Replace(path, id, nobody, 1)+"?token="+token, nil).StatusCode, 404)
	led := c.browse("GET", strings.Replace(path, "/lab", "/open", 1), nil)
	equal(t, "led", []any{led.StatusCode, led.Header.Get("Location")}, []any{303, path + "?token=" + token})
	equal(t, "led nowhere", c.browse("GET", "/_simulator/notebooks/"+nobody+"/open", nil).StatusCode, 404)

	equal(t, "stop", c.control("POST", "notebooks/"+id+"/stop", "").StatusCode, 200)
	equal(t, "while it stops", c.browse("GET", path+"?token="+token, nil).StatusCode, 503)
	c.settle()
	equal(t, "start", c.control("POST", "notebooks/"+id+"/start", "").StatusCode, 200)
	c.settle()
	equal(t, "the token of the start before", c.browse("GET", path+"?token="+token, nil).StatusCode, 403)
}

// TestElsewhere stops and starts a notebook without a request to the service.
func TestElsewhere(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(nil)
	equal(t, "a stop while it is created", c.control("POST", "notebooks/"+id+"/stop", "").StatusCode, 409)
	c.settle()
	equal(t, "a start while it runs", c.control("POST", "notebooks/"+id+"/start", "").StatusCode, 409)
	c.mount(id)
	equal(t, "stop", c.control("POST", "notebooks/"+id+"/stop", "").members(t)["status"], "STOPPING")
	c.settle()
	c.status(id, "STOPPED")
	equal(t, "mounts", len(c.known(id).Storages), 0)
	equal(t, "start", c.control("POST", "notebooks/"+id+"/start", "").members(t)["status"], "STARTING")
	c.settle()
	c.status(id, "RUNNING")
	equal(t, "lease", c.known(id).Lease.Duration, 3600000)
	equal(t, "nothing there", c.control("POST", "notebooks/"+nobody+"/stop", "").StatusCode, 404)
	equal(t, "a clock that goes back", c.control("POST", "clock", `{"advance": "-1m"}`).StatusCode, 400)
}

// TestOverview holds that what the page is sent is complete, and has no secret.
func TestOverview(t *testing.T) {
	c := busy(t)
	id := c.create(object{"hooks": object{"container_hooks": object{"pre_start": object{"script": "/secret.sh"}}}})
	c.sim.Advance(2 * time.Second)
	c.call("GET", c.path("notebooks", id)+"?token=query-secret", nil)
	got := c.control("GET", "overview", "")
	tokens := append([]string{"/secret.sh", "query-secret", simulator.DefaultSecretKey, simulator.DefaultPassword}, c.sim.Secrets()...)
	for _, n := range c.sim.Notebooks() {
		tokens = append(tokens, n.Token)
	}
	for _, secret := range tokens {
		if bytes.Contains(got.body, []byte(secret)) {
			t.Errorf("the overview holds the secret %q", secret)
		}
	}
	shown := got.members(t)
	equal(t, "the newest request", at(t, shown, "requests", 0, "operation"), "ShowNotebook")
	equal(t, "its notebook", at(t, shown, "requests", 0, "notebook"), "notebooks_test")
	notebooks, _ := shown["notebooks"].([]any)
	last := notebooks[len(notebooks)-1]
	equal(t, "step", at(t, last, "step"), object{"number": 2, "of": 4, "text": "prepare the compute resources", "status": "PROCESSING"})
	equal(t, "what it can", []any{at(t, last, "can_start"), at(t, last, "can_stop"), at(t, last, "can_open")}, []any{false, false, false})
	for range 70 {
		c.call("GET", c.path("notebooks", nobody), nil)
	}
	list, _ := c.control("GET", "overview", "").members(t)["requests"].([]any)
	equal(t, "requests", len(list), 60)

	for _, list := range []string{"notebooks", "images", "flavors", "pools", "faults", "requests", "answers", "sold_out", "key_pairs"} {
		if value, isList := newCaller(t, simulator.Options{}).control("GET", "overview", "").members(t)[list].([]any); !isList {
			t.Errorf("of an empty service %s is %v", list, value)
		}
	}
}

// TestSpeed divides each of the times, and nothing else.
func TestSpeed(t *testing.T) {
	options := slow()
	options.Speed = 4
	c := newCaller(t, options)
	id := c.create(nil)
	c.sim.Advance(1900 * time.Millisecond)
	c.status(id, "CREATING")
	c.sim.Advance(100 * time.Millisecond)
	c.status(id, "RUNNING")
	c.ok("POST", c.path("notebooks", id, "storage"), object{"category": "OBSFS", "mount_path": "/data/x/", "uri": "obs://b/"})
	c.sim.Advance(250 * time.Millisecond)
	equal(t, "mount", c.known(id).Storages[0].Status, "MOUNTED")
	end := c.known(id).Lease.EndsAt()
	c.sim.Advance(end.Sub(c.sim.Now()) - time.Millisecond)
	c.status(id, "RUNNING")
	c.sim.Advance(time.Millisecond)
	c.status(id, "STOPPING")
	c.sim.Advance(750 * time.Millisecond)
	c.status(id, "STOPPED")
	equal(t, "faster", c.control("PATCH", "options", `{"speed": 8}`).StatusCode, 200)
	for _, bad := range []string{`{"speed": -1}`, `{"speed": "x"}`} {
		equal(t, bad, c.control("PATCH", "options", bad).StatusCode, 400)
	}
}

// TestOnRequest is told of requests once they are over, those that were cut too.
func TestOnRequest(t *testing.T) {
	told := make(chan simulator.Request, 10)
	c := newCaller(t, simulator.Options{OnRequest: func(r simulator.Request, _ time.Duration) { told <- r }})
	id := c.create(nil)
	equal(t, "create", (<-told).NotebookID, id)
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "StopNotebook"})
	if _, err := c.send(c.signed("POST", c.path("notebooks", id, "stop"), nil)); err == nil {
		t.Error("the connection is not cut")
	}
	cut := <-told
	equal(t, "cut", []any{cut.Operation, cut.Status, cut.FaultKind}, []any{"StopNotebook", 0, "cut_after"})
}

// TestKeyPairsThatExist refuses others, in a create and in a change.
func TestKeyPairsThatExist(t *testing.T) {
	c := newCaller(t, simulator.Options{KeyPairs: []string{"team"}})
	with := func(names ...string) object {
		return object{"endpoints": []object{{"service": "SSH", "key_pair_names": names}}}
	}
	id := c.stopped(with("team"))
	body := vendorRequest()
	for name, value := range with("other") {
		body[name] = value
	}
	c.refused("POST", c.path("notebooks"), body, 400, "ModelArts.6789")
	c.refused("PUT", c.path("notebooks", id), with("team", "other"), 400, "ModelArts.6789")
	equal(t, "one more", c.control("PATCH", "options", `{"key_pairs": ["team", "other"]}`).StatusCode, 200)
	c.ok("PUT", c.path("notebooks", id), with("team", "other"))
	if list := c.known(id).Endpoints[0].KeyPairNames; !slices.Equal(list, []string{"team", "other"}) {
		t.Errorf("key pairs %q", list)
	}
}
