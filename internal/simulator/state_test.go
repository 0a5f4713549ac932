package simulator_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// busy is a service in which something of every kind is under way.
func busy(t *testing.T, answers ...string) *caller {
	options := slow()
	options.Answers = answers
	c := newCaller(t, options)
	forever := func(name string) string { return c.running(object{"name": name, "duration": -1}) }
	running, saved, stopped, remounted := forever("running"), forever("saved"), forever("stopped"), forever("remounted")
	for _, id := range []string{stopped, remounted} {
		c.mount(id)
		c.stop(id)
	}
	c.sim.Remove(c.create(object{"name": "gone"}))
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed, Step: 2, Reason: "none left"})
	c.create(object{"name": "failed"})
	c.settle()

	// From here on the clock moves only until remounted runs, and its mounts are not back yet.
	c.ok("POST", c.path("notebooks", remounted, "start"), nil)
	c.sim.Advance(4*time.Second + time.Millisecond)
	c.ok("POST", c.path("notebooks", stopped, "start"), nil)
	c.ok("POST", c.path("notebooks", running, "storage"), object{"category": "OBSFS", "mount_path": "/data/x/", "uri": "obs://b/"})
	c.ok("PUT", c.path("notebooks", running), object{"storage_new_size": 150})
	c.ok("POST", c.path("notebooks", running, "tags", "create"), object{"tags": []object{{"key": "a", "value": "b"}}})
	c.ok("POST", c.path("notebooks", saved, "create-image"), object{"name": "kept", "namespace": "team"})
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultCreateFailed, Step: 2, Reason: "none left"})
	c.create(object{"name": "fails"})
	c.create(object{"name": "starts"})
	c.sim.Inject(simulator.Fault{Kind: simulator.FaultThrottle, Operation: "ShowNotebook", Count: 2, Skip: 1})
	c.call("PUT", c.path("images", "group", c.group()), object{"read_me": "text", "tags": []object{{"key": "k", "value": "v"}}})
	return c
}

// seen is what a service shows of itself.
func seen(t *testing.T, s *simulator.Simulator) string {
	t.Helper()
	text := ""
	for _, path := range []string{"overview", "notebooks", "faults"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/_simulator/"+path, http.NoBody)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		text += w.Body.String()
	}
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(text, ",", ",\n") + string(state)
}

// group is the ID of a group of images.
func (c *caller) group() string {
	c.t.Helper()
	id, _ := at(c.t, c.ok("GET", c.path("images", "group"), nil), "groups", 0, "id").(string)
	return id
}

// TestRestore holds a service that was restored to the one that was saved, at
// once and at every time after.
func TestRestore(t *testing.T) {
	for _, answer := range []string{"", "mount-remounted", "mount-kept", "image-at-start", "image-other-id"} {
		t.Run(answer, func(t *testing.T) {
			c := busy(t, simulator.ParseAnswers(answer)...)
			data, err := c.sim.State()
			if err != nil {
				t.Fatal(err)
			}
			c.sim.ResetRequests() // The log is of one run.
			restored, err := simulator.Restore(c.sim.Options(), data)
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range []time.Duration{0, time.Second, time.Second, time.Second, time.Second, 2 * time.Second, 10 * time.Second, 2 * time.Hour} {
				c.sim.Advance(step)
				restored.Advance(step)
				if got, want := seen(t, restored), seen(t, c.sim); got != want {
					t.Fatalf("%s later the two differ: %s", step, difference([]byte(got), []byte(want)))
				}
			}
		})
	}
}

// difference is the first line in which two texts differ.
func difference(got, want []byte) string {
	a, b := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return string(a[i]) + " and not " + string(b[i])
		}
	}
	return "one has more lines"
}

// TestRestoreOptions restores a state with other options.
func TestRestoreOptions(t *testing.T) {
	c := newCaller(t, simulator.Options{PageURL: "http://127.0.0.1:1"})
	id := c.create(nil)
	c.settle()
	data, err := c.sim.State()
	if err != nil {
		t.Fatal(err)
	}
	options := c.sim.Options()
	options.PageURL, options.Frozen, options.NoAuthorization = "http://127.0.0.1:2", true, true
	options.Catalogue, err = simulator.ParseCatalogue([]byte(`{"images": [
		{"id": "` + vendorImage + `", "name": "same"}, {"id": "11111111-1111-4111-8111-111111111111", "name": "new"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	restored, err := simulator.Restore(options, data)
	if err != nil {
		t.Fatal(err)
	}
	n, known := restored.Notebook(id)
	equal(t, "frozen", []any{known, n.Status}, []any{true, "FROZEN"})
	equal(t, "url", n.URL, "http://127.0.0.1:2/_simulator/notebooks/"+id+"/lab")
	var state struct {
		Images []struct {
			Image struct {
				Name string `json:"name"`
			} `json:"image"`
		} `json:"images"`
		Authorizations []any `json:"authorizations"`
	}
	again, err := restored.State()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &state); err != nil {
		t.Fatal(err)
	}
	equal(t, "images", state.Images, []object{{"image": object{"name": "notebook2.0-mul-kernel-cpu-cp36"}}, {"image": object{"name": "new"}}})
	equal(t, "authorizations", len(state.Authorizations), 0)
}
