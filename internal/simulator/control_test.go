package simulator_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// control calls a control path, which needs no signature.
func (c *caller) control(method, path, body string) response {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.url+"/_simulator/"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	got, err := c.send(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

func TestControlPaths(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(object{"hooks": object{"container_hooks": object{"pre_start": object{"script": "/a"}}}})

	got := c.control("POST", "clock", `{"advance": "1m"}`)
	equal(t, "clock", got.members(t)["now"], epoch.Add(time.Minute))
	c.status(id, "RUNNING")
	equal(t, "clock", c.control("GET", "clock", "").members(t)["now"], epoch.Add(time.Minute))
	equal(t, "bad clock", c.control("POST", "clock", `{"advance": 1}`).StatusCode, 400)

	shown := c.control("GET", "notebooks/"+id, "").members(t)
	equal(t, "what it knows", at(t, shown, "hooks", "pre_start", "script"), "/a")
	if list := c.control("GET", "notebooks", ""); !bytes.Contains(list.body, []byte(id)) {
		t.Errorf("notebooks: %s", list.body)
	}
	changed := c.control("PATCH", "notebooks/"+id, `{"name": "drifted", "tags": {"a": "b"}}`)
	equal(t, "change", changed.members(t)["name"], "drifted")
	equal(t, "tags", at(t, c.show(id), "tags", 0, "key"), "a")
	equal(t, "unknown member", c.control("PATCH", "notebooks/"+id, `{"title": "x"}`).StatusCode, 400)
	equal(t, "no such notebook", c.control("PATCH", "notebooks/"+nobody, `{}`).StatusCode, 404)

	fault := c.control("POST", "faults", `{"kind": "throttle", "operation": "ShowNotebook", "retry_after": "1", "count": 2, "delay": "1ms", "age": 5}`)
	equal(t, "fault", fault.members(t)["id"], 1)
	c.refused("GET", c.path("notebooks", id), nil, 429, "ModelArts.6101")
	list := c.control("GET", "faults", "")
	if !bytes.Contains(list.body, []byte(`"hits":1`)) || !bytes.Contains(list.body, []byte(`"delay":"1ms"`)) || !bytes.Contains(list.body, []byte(`"age":"5ms"`)) {
		t.Errorf("faults: %s", list.body)
	}
	equal(t, "remove", c.control("DELETE", "faults/1", "").StatusCode, 204)
	equal(t, "remove again", c.control("DELETE", "faults/1", "").StatusCode, 404)
	equal(t, "remove all", c.control("DELETE", "faults", "").StatusCode, 204)
	for _, bad := range []string{`{"kind": "x"}`, `{}`, `x`, `{"kind": "delay", "delay": "x"}`, `{"kind": "delay", "delya": "1s"}`} {
		equal(t, bad, c.control("POST", "faults", bad).StatusCode, 400)
	}

	options := c.control("PATCH", "options", `{"stop_time": "7s", "answers": ["update-stopped-only"], "quota": 3}`)
	equal(t, "options", []any{options.members(t)["stop_time"], options.members(t)["create_time"], options.members(t)["quota"]}, []any{"7s", "8s", 3})
	if shown := c.control("GET", "options", ""); bytes.Contains(shown.body, []byte(simulator.DefaultSecretKey)) || bytes.Contains(shown.body, []byte(simulator.DefaultPassword)) {
		t.Errorf("the options hold a secret: %s", shown.body)
	}
	c.refused("PUT", c.path("notebooks", id), object{"name": "x"}, 400, "ModelArts.6347")
	for _, bad := range []string{`{"answers": ["x"]}`, `{"progress": "x"}`, `{"nonsense": 1}`, `x`} {
		equal(t, bad, c.control("PATCH", "options", bad).StatusCode, 400)
	}

	c.ok("POST", c.path("notebooks", id, "storage"), object{"category": "OBSFS", "mount_path": "/data/x/", "uri": "obs://b/"})
	mountID := c.known(id).Storages[0].ID
	equal(t, "mount", c.control("DELETE", "notebooks/"+id+"/storage/"+mountID, "").StatusCode, 204)
	equal(t, "no mount", c.control("DELETE", "notebooks/"+id+"/storage/"+mountID, "").StatusCode, 404)
	equal(t, "vanish", c.control("DELETE", "notebooks/"+id, "").StatusCode, 204)
	equal(t, "vanish again", c.control("DELETE", "notebooks/"+id, "").StatusCode, 404)
	equal(t, "gone", c.control("GET", "notebooks/"+id, "").StatusCode, 404)
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
	equal(t, "empty the log", c.control("DELETE", "requests", "").StatusCode, 204)
	equal(t, "log", string(bytes.TrimSpace(c.control("GET", "requests", "").body)), "[]")
	c.create(nil)
	equal(t, "reset", c.control("POST", "reset", "").StatusCode, 204)
	equal(t, "after it", []int{len(c.sim.Notebooks()), len(c.sim.Requests())}, []int{0, 0})
	equal(t, "options stay", c.sim.Options().StopTime, 7*time.Second)
	equal(t, "nothing there", c.control("GET", "x", "").StatusCode, 404)
}

// TestDrift changes a notebook behind the back of its callers.
func TestDrift(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(object{"endpoints": []object{{"service": "SSH", "key_pair_names": []string{"k"}}}})
	c.settle()
	token := c.known(id).Token
	text := func(s string) *string { return &s }
	size, duration, off := int64(80), int64(7200000), false
	err := c.sim.Change(id, simulator.Drift{
		Name: text("n"), Description: text(""), Flavor: text("modelarts.vm.cpu.8u"), ImageID: text(otherImage), Capacity: &size,
		Endpoints:   &[]simulator.Endpoint{{Service: "SSH", KeyPairNames: []string{"other"}, URI: "u"}},
		DataVolumes: &[]simulator.Volume{{Category: "OBSFS", Ownership: "DEDICATED", URI: "obs://b", MountPath: "/data/x"}},
		Affinity:    &simulator.Affinity{Required: []simulator.AffinityRule{{Key: "k", Operator: "In", Values: []string{"v"}}}},
		Tags:        map[string]string{"a": "b"}, LeaseDuration: &duration, LeaseOn: &off,
	})
	if err != nil {
		t.Fatal(err)
	}
	shown := c.show(id)
	equal(t, "drifted", []any{
		shown["name"], shown["description"], shown["flavor"], at(t, shown, "image", "id"), at(t, shown, "volume", "capacity"),
		at(t, shown, "endpoints", 0, "key_pair_names"), at(t, shown, "data_volumes", 0, "url"), at(t, shown, "tags", 0, "value"),
		at(t, shown, "lease", "enable"), shown["token"],
	}, []any{"n", "", "modelarts.vm.cpu.8u", otherImage, 80, []string{"other"}, "obs://b", "b", false, token})

	for _, status := range []string{"STOPPED", "RUNNING", "ERROR"} {
		if err := c.sim.Change(id, simulator.Drift{Status: &status}); err != nil {
			t.Fatal(err)
		}
		c.status(id, status)
		c.settle()
		c.status(id, status)
	}
	if c.known(id).Token == token {
		t.Error("the token is the same after a start")
	}
	if err := c.sim.Change(nobody, simulator.Drift{}); err == nil {
		t.Error("a notebook that does not exist was changed")
	}
	if err := c.sim.Change(id, simulator.Drift{ImageID: text(nobody)}); err == nil {
		t.Error("an image that does not exist was set")
	}
	if err := c.sim.Change(id, simulator.Drift{Status: text("DELETED")}); err != nil {
		t.Error(err)
	}
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
	equal(t, "removed", c.sim.Remove(id), false)
}
