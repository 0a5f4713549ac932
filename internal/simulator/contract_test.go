package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"

	"github.com/modelarts-community/terraform-provider-modelarts/api"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// epoch is what the clock of the tests shows: it moves only by Advance.
var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

const (
	vendorImage = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
	otherImage  = "59a6e9f5-93c0-44dd-85b0-82f390c5d53a"
	armImage    = "b3f8a4c2-1d5e-4a69-9c07-6e2d8f41a935"
	ascendImage = "2fa4f2b1-7c10-4e52-8d6b-0c9a3e57d184"
	sshImage    = "8c1d0e37-5b92-4f6a-a4e3-7d0b9f28c651"
	ownImage    = "4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42"
	brokenImage = "f05c2e8d-9a41-47b3-8e6c-1b7d3a90f254"
	nobody      = "00000000-0000-4000-8000-000000000000"
)

// contract loads the contract once.
var contract = sync.OnceValue(func() *openapi3.T {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC4122))
	spec, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		panic(err)
	}
	return spec
})

// routeOf finds the operation of the contract that a request is for.
func routeOf(method, path string) (*routers.Route, map[string]string) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	var best *routers.Route
	var bestValues map[string]string
	for pattern, item := range contract().Paths.Map() {
		operation := item.GetOperation(method)
		parts := strings.Split(strings.Trim(pattern, "/"), "/")
		if operation == nil || len(parts) != len(segments) {
			continue
		}
		values := map[string]string{}
		matches := true
		for i, part := range parts {
			if strings.HasPrefix(part, "{") {
				values[strings.Trim(part, "{}")] = segments[i]
			} else if part != segments[i] {
				matches = false
			}
		}
		if matches && (best == nil || len(values) < len(bestValues)) {
			best = &routers.Route{Spec: contract(), Path: pattern, PathItem: item, Method: method, Operation: operation}
			bestValues = values
		}
	}
	return best, bestValues
}

// caller calls a simulator over HTTP with a signer that is not of this module,
// and holds all that is said to the contract.
type caller struct {
	t       *testing.T
	sim     *simulator.Simulator
	url     string
	project string
	// operations are those that answered with success.
	operations map[string]bool
	// lenient lets requests pass that the contract does not know.
	lenient bool
}

// newCaller serves a simulator for a test.
func newCaller(t *testing.T, options simulator.Options) *caller {
	t.Helper()
	if options.Clock == nil {
		options.Clock = func() time.Time { return epoch }
	}
	sim := simulator.New(options)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return &caller{
		t: t, sim: sim, url: server.URL, project: sim.Options().ProjectID, operations: map[string]bool{},
	}
}

// response is an answer that was read.
type response struct {
	*http.Response
	body []byte
}

// members is the body as an object.
func (r response) members(t *testing.T) map[string]any {
	t.Helper()
	var members map[string]any
	if err := json.Unmarshal(r.body, &members); err != nil {
		t.Fatalf("body %q: %v", r.body, err)
	}
	return members
}

// path is a path of the service in the project.
func (c *caller) path(parts ...string) string {
	return "/v1/" + c.project + "/" + strings.Join(parts, "/")
}

// signed makes a request that the simulator accepts.
func (c *caller) signed(method, target string, body any) *http.Request {
	c.t.Helper()
	path, query, _ := strings.Cut(target, "?")
	var data []byte
	if body != nil {
		text, isText := body.(string)
		data = []byte(text)
		if !isText {
			var err error
			if data, err = json.Marshal(body); err != nil {
				c.t.Fatal(err)
			}
		}
	}
	builder := request.NewHttpRequestBuilder().WithEndpoint(c.url).WithMethod(method).WithPath(path).
		AddHeaderParam("X-Sdk-Date", epoch.Format("20060102T150405Z")).
		AddHeaderParam("Content-Type", "application/json").
		AddHeaderParam("X-Project-Id", c.project).
		AddHeaderParam("host", strings.TrimPrefix(c.url, "http://"))
	values, err := url.ParseQuery(query)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, list := range values {
		builder.AddQueryParam(name, reflect.ValueOf(list[0]))
	}
	if data != nil {
		builder.WithBody("body", string(data))
	}
	unsigned := builder.Build()
	added, err := signer.Sign(unsigned, simulator.DefaultAccessKey, simulator.DefaultSecretKey)
	if err != nil {
		c.t.Fatal(err)
	}
	if query != "" {
		query = "?" + values.Encode()
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path+query, bytes.NewReader(data))
	if err != nil {
		c.t.Fatal(err)
	}
	for name, value := range unsigned.GetHeaderParams() {
		if name != "host" {
			r.Header.Set(name, value)
		}
	}
	for name, value := range added {
		r.Header.Set(name, value)
	}
	return r
}

// send sends a request and reads the answer.
func (c *caller) send(r *http.Request) (response, error) {
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return response{}, err
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	return response{got, data}, err
}

// call sends a request of which a whole answer is expected.
func (c *caller) call(method, target string, body any) response {
	c.t.Helper()
	r := c.signed(method, target, body)
	sent := r.Clone(context.Background())
	sent.Body, _ = r.GetBody()
	got, err := c.send(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	if got.Header.Get("X-Request-Id") == "" {
		c.t.Errorf("%s %s: the answer has no X-Request-Id", method, target)
	}
	c.validate(sent, got)
	return got
}

// validate holds an exchange to the contract. A request that was refused need
// not be valid.
func (c *caller) validate(r *http.Request, got response) {
	c.t.Helper()
	route, values := routeOf(r.Method, r.URL.Path)
	if route == nil {
		return
	}
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: values, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
	if got.StatusCode < 300 && !c.lenient {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			c.t.Errorf("%s %s: the request was taken and is not valid: %v", r.Method, r.URL, err)
		}
	}
	if got.StatusCode < 300 {
		c.operations[route.Operation.OperationID] = true
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: got.StatusCode, Header: got.Header, Options: input.Options,
	}
	answer.SetBodyBytes(got.body)
	if err := openapi3filter.ValidateResponse(context.Background(), answer); err != nil {
		c.t.Errorf("%s %s: the answer is not valid: %v\n%s", r.Method, r.URL, err, got.body)
	}
}

// ok calls and expects success; the body, if any, comes back as an object.
func (c *caller) ok(method, target string, body any) map[string]any {
	c.t.Helper()
	got := c.call(method, target, body)
	if got.StatusCode >= 300 {
		c.t.Fatalf("%s %s: %d %s", method, target, got.StatusCode, got.body)
	}
	if got.StatusCode == http.StatusNoContent {
		if len(got.body) > 0 {
			c.t.Errorf("%s %s: 204 with a body %q", method, target, got.body)
		}
		return nil
	}
	return got.members(c.t)
}

// refused calls and expects a refusal with a status and a code.
func (c *caller) refused(method, target string, body any, status int, code string) {
	c.t.Helper()
	got := c.call(method, target, body)
	if got.StatusCode != status {
		c.t.Errorf("%s %s: status %d, want %d: %s", method, target, got.StatusCode, status, got.body)
		return
	}
	if members := got.members(c.t); members["error_code"] != code || members["error_msg"] == "" {
		c.t.Errorf("%s %s: answer %s, want %s", method, target, got.body, code)
	}
}

// object is shorthand for a JSON object.
type object = map[string]any

// vendorRequest is the example request of the vendor's page.
func vendorRequest() object {
	return object{
		"name": "notebooks_test", "feature": "NOTEBOOK", "workspace_id": "0", "description": "api-test",
		"flavor": "modelarts.vm.cpu.2u", "image_id": vendorImage,
		"volume": object{"category": "evs", "ownership": "managed", "capacity": 50},
	}
}

// with is the vendor's request with other members.
func with(changes object) object {
	body := vendorRequest()
	for name, value := range changes {
		if value == nil {
			delete(body, name)
		} else {
			body[name] = value
		}
	}
	return body
}

// create makes a notebook and returns its ID.
func (c *caller) create(changes object) string {
	c.t.Helper()
	id, isText := c.ok("POST", c.path("notebooks"), with(changes))["id"].(string)
	if !isText {
		c.t.Fatal("a create answered no id")
	}
	return id
}

// stopped makes a notebook and stops it.
func (c *caller) stopped(changes object) string {
	c.t.Helper()
	id := c.create(changes)
	c.settle()
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	c.status(id, "STOPPED")
	return id
}

// answers puts the answers to these questions at B, and all others at A.
func (c *caller) answers(ids ...string) {
	c.sim.Configure(func(o *simulator.Options) { o.Answers = ids })
}

// settle lets all the time of one transition pass.
func (c *caller) settle() { c.sim.Advance(time.Minute) }

// show reads a notebook.
func (c *caller) show(id string) object {
	c.t.Helper()
	return c.ok("GET", c.path("notebooks", id), nil)
}

// status checks the status of a notebook.
func (c *caller) status(id, want string) {
	c.t.Helper()
	if got := c.show(id)["status"]; got != want {
		c.t.Errorf("status %v, want %s", got, want)
	}
}

// known is what the service knows of a notebook.
func (c *caller) known(id string) simulator.NotebookInfo {
	c.t.Helper()
	n, found := c.sim.Notebook(id)
	if !found {
		c.t.Fatalf("there is no notebook %s", id)
	}
	return n
}

// at digs a value out of objects and lists.
func at(t *testing.T, value any, steps ...any) any {
	t.Helper()
	for _, step := range steps {
		switch step := step.(type) {
		case string:
			members, isObject := value.(object)
			if !isObject {
				t.Fatalf("no object at %q: %v", step, value)
			}
			value = members[step]
		case int:
			list, isList := value.([]any)
			if !isList || step >= len(list) {
				t.Fatalf("no element %d: %v", step, value)
			}
			value = list[step]
		}
	}
	return value
}

// equal compares a value of an answer with text or numbers.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	gotText, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	wantText, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(gotText, wantText) {
		t.Errorf("%s: %s, want %s", what, gotText, wantText)
	}
}

// TestEveryOperation calls each operation of the contract at least once, the
// exchange held to the contract both ways.
func TestEveryOperation(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.create(object{
		"endpoints":             []object{{"service": "SSH", "key_pair_names": []string{"k"}, "allowed_access_ips": []string{"192.0.2.1"}}},
		"data_volumes":          []object{{"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/p/", "mount_path": "/data/lake/"}},
		"hooks":                 object{"container_hooks": object{"pre_start": object{"type": "COMMAND", "script": "ZWNobw==", "mode": "BLOCK"}}},
		"pool_id":               "pool41664192",
		"custom_spec":           object{"cpu": 2.5, "memory": 2048},
		"flavor":                nil,
		"affinity":              object{"preferred_during_scheduling_ignored_during_execution": []object{{"key": "k", "operator": "In", "values": []string{"v"}, "weight": 10}}},
		"run_user":              object{"uid": 1000, "gid": 100},
		"user_vpc":              object{"vpc_id": "v", "subnet_id": "s", "security_group_ids": []string{"g"}, "connect_cidrs": []string{"10.0.0.0/8"}},
		"lease":                 object{"duration": 7200000, "type": "idle"},
		"public_network_config": object{"public_network_type": "SHARED"},
	})
	c.settle()
	c.ok("GET", c.path("notebooks", id), nil)
	c.ok("GET", c.path("notebooks")+"?limit=50&offset=0&name=note&sort_key=name,create_at&sort_dir=ASC", nil)
	c.ok("GET", c.path("notebooks", "all"), nil)
	c.ok("GET", c.path("notebooks", "flavors")+"?category=CPU&limit=3", nil)
	c.ok("PUT", c.path("notebooks", id), object{"name": "other", "description": "", "storage_new_size": 60})
	c.ok("POST", c.path("notebooks", id, "tags", "create"), object{"tags": []object{{"key": "a", "value": "b"}}})
	c.ok("GET", c.path("notebooks", "tags"), nil)
	c.ok("DELETE", c.path("notebooks", id, "tags", "delete"), object{"tags": []object{{"key": "a"}}})
	c.ok("GET", c.path("notebooks", id, "lease"), nil)
	c.ok("PATCH", c.path("notebooks", id, "lease")+"?duration=3600000", nil)
	c.ok("GET", c.path("notebooks", id, "flavors"), nil)
	c.ok("POST", c.path("notebooks", id, "create-image"), object{"name": "saved", "namespace": "org", "tag": "1.0"})
	c.settle()
	mount := c.ok("POST", c.path("notebooks", id, "storage"), object{"category": "OBS", "mount_path": "/data/x/", "uri": "obs://b/x/"})
	mountID, _ := mount["id"].(string)
	c.ok("GET", c.path("notebooks", id, "storage"), nil)
	c.ok("GET", c.path("notebooks", id, "storage", mountID), nil)
	c.ok("DELETE", c.path("notebooks", id, "storage", mountID), nil)
	c.ok("POST", c.path("notebooks", id, "stop"), object{})
	c.settle()
	c.ok("POST", c.path("notebooks", id, "start")+"?duration=3600000&type=idle", nil)
	c.ok("GET", c.path("images")+"?type=DEDICATED&limit=10", nil)
	registered := c.ok("POST", c.path("images"), object{"swr_path": "swr.example.com/org/name:tag"})
	imageID, _ := registered["id"].(string)
	c.ok("GET", c.path("images", imageID), nil)
	c.ok("DELETE", c.path("images", imageID), nil)
	c.ok("GET", c.path("images", "group"), nil)
	broken := c.ok("POST", c.path("images", brokenImage, "sync"), nil)
	equal(t, "synchronized", broken["status"], "ACTIVE")
	c.ok("POST", c.path("images"), object{"swr_path": "swr.example.com/org/name:2", "tags": []string{"t"}, "read_me": "guide"})
	group := at(t, c.ok("GET", c.path("images", "group")+"?type=DEDICATED&name=name", nil), "groups", 0)
	equal(t, "guide", at(t, group, "read_me"), "guide")
	groupID, _ := at(t, group, "id").(string)
	c.ok("PUT", c.path("images", "group", groupID), object{"read_me": "other", "tags": []object{{"key": "k", "value": "v"}}})
	equal(t, "tags of the group", at(t, c.ok("GET", c.path("images")+"?type=DEDICATED&name=name", nil), "data", 0, "tags", 0, "key"), "k")
	c.ok("DELETE", c.path("images", "group", groupID), object{"is_force": true})
	c.refused("DELETE", c.path("images", "group", groupID), nil, 400, "ModelArts.6404")
	agency := c.ok("POST", "/v2/"+c.project+"/agency", object{"agency_name_suffix": "team"})
	c.ok("POST", "/v2/"+c.project+"/authorizations", object{"user_id": "all-users", "type": "agency", "content": agency["agency_name"]})
	listed := c.ok("GET", "/v2/"+c.project+"/authorizations", nil)
	equal(t, "authorizations", []any{listed["total_count"], at(t, listed, "auth", 0, "content")}, []any{1, "ma_agency_team"})
	c.ok("GET", c.path("authoring", "clusters")+"?type=DEDICATED", nil)
	c.ok("GET", c.path("authoring", "clusters", "pool41664192"), nil)
	c.ok("GET", c.path("authoring", "features", "NOTEBOOK"), nil)
	c.ok("DELETE", c.path("notebooks", id), nil)

	var missing []string
	for _, item := range contract().Paths.Map() {
		for _, operation := range item.Operations() {
			if !c.operations[operation.OperationID] {
				missing = append(missing, operation.OperationID)
			}
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("never called with success: %v", missing)
	}
}
