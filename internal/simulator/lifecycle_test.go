package simulator_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// slow has every transition take a time of its own.
func slow() simulator.Options {
	return simulator.Options{
		CreateTime: 8 * time.Second, StartTime: 4 * time.Second, StopTime: 3 * time.Second, DeleteTime: 2 * time.Second,
		ResizeTime: 5 * time.Second, SnapshotTime: 6 * time.Second, MountTime: time.Second,
	}
}

// progress is the status of each step of action_progress.
func (c *caller) progress(id string) []string {
	c.t.Helper()
	list, _ := c.show(id)["action_progress"].([]any)
	if list == nil {
		return nil
	}
	statuses := make([]string, 4)
	for i := range list {
		step, _ := at(c.t, list, i, "step").(float64)
		equal(c.t, "step", step, []int{4, 1, 2, 3}[i])
		equal(c.t, "notebook_id", at(c.t, list, i, "notebook_id"), id)
		statuses[int(step)-1], _ = at(c.t, list, i, "status").(string)
	}
	return statuses
}

// TestLife follows a notebook from its creation to its end.
func TestLife(t *testing.T) {
	options := slow()
	options.StartsInit = true
	c := newCaller(t, options)
	made := c.ok("POST", c.path("notebooks"), with(object{
		"endpoints": []object{{"service": "SSH", "key_pair_names": []string{"k"}}},
	}))
	equal(t, "first status", made["status"], "INIT")
	id, _ := made["id"].(string)
	equal(t, "progress at first", c.progress(id), []string{"PROCESSING", "WAITING", "WAITING", "WAITING"})
	c.sim.Advance(2 * time.Second)
	c.status(id, "CREATING")
	c.sim.Advance(3 * time.Second)
	equal(t, "progress after 5 s of 8", c.progress(id), []string{"COMPLETED", "COMPLETED", "PROCESSING", "WAITING"})
	shown := c.show(id)
	equal(t, "url", shown["url"], nil)
	equal(t, "SSH uri", at(t, shown, "endpoints", 0, "uri"), nil)
	c.refused("DELETE", c.path("notebooks", id), nil, 400, "ModelArts.6357")
	c.sim.Advance(2999 * time.Millisecond)
	c.status(id, "CREATING")
	c.sim.Advance(time.Millisecond)
	shown = c.show(id)
	equal(t, "status", shown["status"], "RUNNING")
	equal(t, "no progress", shown["action_progress"], nil)
	if shown["url"] == nil || at(t, shown, "endpoints", 0, "uri") == nil {
		t.Errorf("no addresses: %v", shown)
	}

	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6357")
	equal(t, "stop", c.ok("POST", c.path("notebooks", id, "stop"), object{})["status"], "STOPPING")
	c.refused("POST", c.path("notebooks", id, "stop"), nil, 400, "ModelArts.6357")
	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6357")
	c.sim.Advance(3 * time.Second)
	stopped := c.show(id)
	equal(t, "status", stopped["status"], "STOPPED")
	equal(t, "billing_items", stopped["billing_items"], []string{"STORAGE"})
	equal(t, "url stays", stopped["url"], shown["url"])
	c.refused("POST", c.path("notebooks", id, "stop"), nil, 400, "ModelArts.6357")

	started := c.ok("POST", c.path("notebooks", id, "start"), nil)
	equal(t, "start", started["status"], "STARTING")
	if token, _ := started["token"].(string); token == shown["token"] || uuid.Validate(token) != nil {
		t.Errorf("token %v after a start, %v before", token, shown["token"])
	}
	c.sim.Advance(time.Second)
	equal(t, "progress of a start", c.progress(id), []string{"COMPLETED", "PROCESSING", "WAITING", "WAITING"})
	c.sim.Advance(3 * time.Second)
	c.status(id, "RUNNING")
	equal(t, "starts", c.known(id).Starts, 2)

	equal(t, "delete", c.ok("DELETE", c.path("notebooks", id), nil)["status"], "DELETING")
	c.refused("DELETE", c.path("notebooks", id), nil, 400, "ModelArts.6357")
	c.sim.Advance(time.Second)
	c.status(id, "DELETING")
	c.sim.Advance(time.Second)
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
	c.refused("DELETE", c.path("notebooks", id), nil, 400, "ModelArts.6309")
	equal(t, "what is left", len(c.sim.Notebooks()), 0)
}

// TestNoTime checks that transitions without a time are still seen as pending
// by whoever begins them, and are over at the next request.
func TestNoTime(t *testing.T) {
	c := newCaller(t, simulator.Options{StartsInit: true})
	made := c.ok("POST", c.path("notebooks"), vendorRequest())
	equal(t, "create", made["status"], "INIT")
	id, _ := made["id"].(string)
	c.status(id, "RUNNING")
	equal(t, "stop", c.ok("POST", c.path("notebooks", id, "stop"), nil)["status"], "STOPPING")
	equal(t, "start", c.ok("POST", c.path("notebooks", id, "start"), nil)["status"], "STARTING")
	equal(t, "delete", c.ok("DELETE", c.path("notebooks", id), nil)["status"], "DELETING")
	c.refused("GET", c.path("notebooks", id), nil, 400, "ModelArts.6309")
}

func TestPlainNotFound(t *testing.T) {
	plain := newCaller(t, simulator.Options{PlainNotFound: true})
	r := plain.signed("GET", plain.path("notebooks", nobody), nil)
	got, err := plain.send(r)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "plain", []any{got.StatusCode, got.Header.Get("Content-Type")}, []any{404, "text/plain"})
	plain.refused("GET", plain.path("notebooks", "x"), nil, 400, "ModelArts.6336")
}

func TestConflictModes(t *testing.T) {
	options := slow()
	options.Answers = []string{"conflict-exact", "delete-stopped-only", "delete-no-content"}
	c := newCaller(t, options)
	id := c.create(nil)
	c.settle()
	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6305")
	c.refused("DELETE", c.path("notebooks", id), nil, 400, "ModelArts.6304")
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.refused("POST", c.path("notebooks", id, "stop"), nil, 400, "ModelArts.6308")
	c.settle()
	c.refused("POST", c.path("notebooks", id, "stop"), nil, 400, "ModelArts.6307")
	c.ok("POST", c.path("notebooks", id, "start"), nil)
	c.refused("POST", c.path("notebooks", id, "start"), nil, 400, "ModelArts.6306")
	c.settle()
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	equal(t, "delete", c.call("DELETE", c.path("notebooks", id), nil).StatusCode, 204)
}

// TestLease checks what durations mean, and that the lease really stops.
func TestLease(t *testing.T) {
	const hour = 3600000
	c := newCaller(t, slow())
	id := c.create(object{"lease": object{"duration": 2 * hour, "type": "idle"}})
	equal(t, "right after the create", at(t, c.show(id), "lease", "duration"), 2*hour)
	c.refused("GET", c.path("notebooks", id, "lease"), nil, 400, "ModelArts.6327")
	c.refused("PATCH", c.path("notebooks", id, "lease"), nil, 400, "ModelArts.6327")

	c.sim.Advance(time.Hour)
	renewed := c.ok("PATCH", c.path("notebooks", id, "lease")+"?duration=10800000", object{"duration": hour})
	equal(t, "renewed", []any{renewed["duration"], renewed["type"], renewed["create_at"]}, []any{4 * hour, "TIMING", epoch.UnixMilli()})
	c.refused("PATCH", c.path("notebooks", id, "lease")+"?duration=-1", nil, 400, "ModelArts.6349")
	c.refused("PATCH", c.path("notebooks", id, "lease"), object{"duration": -1}, 400, "ModelArts.6349")
	c.refused("PATCH", c.path("notebooks", id, "lease")+"?duration=x", nil, 400, "ModelArts.6332")
	equal(t, "unchanged", c.ok("GET", c.path("notebooks", id, "lease"), nil)["duration"], 4*hour)

	c.sim.Advance(3*time.Hour - time.Millisecond)
	c.status(id, "RUNNING")
	c.sim.Advance(time.Millisecond)
	c.status(id, "STOPPING")
	c.sim.Advance(3 * time.Second)
	c.status(id, "STOPPED")

	c.sim.Advance(time.Hour)
	c.ok("POST", c.path("notebooks", id, "start"), nil)
	equal(t, "a start goes back to one hour", at(t, c.show(id), "lease", "duration"), 6*hour+3000)
	equal(t, "and to TIMING", at(t, c.show(id), "lease", "type"), "TIMING")
	// What happens between two calls happens at its own time.
	c.sim.Advance(100 * time.Hour)
	c.status(id, "STOPPED")

	c.refused("POST", c.path("notebooks", id, "start")+"?duration=1", nil, 400, "ModelArts.6349")
	c.refused("POST", c.path("notebooks", id, "start")+"?type=x", nil, 400, "ModelArts.6336")
	c.ok("POST", c.path("notebooks", id, "start")+"?duration=-1", nil)
	c.sim.Advance(1000 * time.Hour)
	shown := c.show(id)
	equal(t, "never stops", []any{shown["status"], at(t, shown, "lease", "enable")}, []any{"RUNNING", false})

	c.answers("lease-renewal-echo")
	equal(t, "echo", c.ok("PATCH", c.path("notebooks", id, "lease"), object{"duration": hour, "type": "timing"})["duration"], hour)
}

// TestLeaseCountsFromTheStart has a creation take longer than the lease: the
// lease counts from when the notebook runs.
func TestLeaseCountsFromTheStart(t *testing.T) {
	options := slow()
	options.CreateTime = 2 * time.Hour
	c := newCaller(t, options)
	id := c.create(nil)
	c.sim.Advance(2 * time.Hour)
	shown := c.show(id)
	equal(t, "once it runs", []any{shown["status"], at(t, shown, "lease", "duration")}, []any{"RUNNING", 3 * 3600000})
	c.sim.Advance(time.Hour)
	c.status(id, "STOPPING")
	c.sim.Advance(3 * time.Second)
	c.status(id, "STOPPED")
}

func TestLeaseOfACreate(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	for name, test := range map[string]struct {
		changes  object
		enabled  bool
		kind     string
		duration int64
	}{
		"nothing said":         {object{}, true, "TIMING", 3600000},
		"type alone":           {object{"lease": object{"type": "idle"}}, true, "IDLE", 3600000},
		"duration beside it":   {object{"lease": object{"type": "idle", "duration": 7200000}, "duration": 10800000}, true, "TIMING", 10800000},
		"off":                  {object{"duration": -1}, false, "TIMING", -1},
		"off in spite of it":   {object{"lease": object{"type": "idle", "duration": 7200000}, "duration": -1}, false, "TIMING", -1},
		"the longest there is": {object{"lease": object{"duration": 259200000, "type": "timing"}}, true, "TIMING", 259200000},
	} {
		got := c.known(c.create(test.changes)).Lease
		equal(t, name, []any{got.Enabled, got.Type, got.Duration}, []any{test.enabled, test.kind, test.duration})
	}
}

// TestBrokenBucket has the data volume fail that is of a bucket which cannot be
// mounted, at each start, and no other.
func TestBrokenBucket(t *testing.T) {
	c := newCaller(t, slow())
	broken := object{"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://" + simulator.DefaultBrokenBucket + "/p/", "mount_path": "/data/broken/"}
	changes := lake("OBSFS")
	changes["data_volumes"] = append(changes["data_volumes"].([]object), broken)
	id := c.running(changes)
	for range 2 {
		volumes := c.show(id)["data_volumes"]
		equal(t, "statuses", []any{at(t, volumes, 0, "status"), at(t, volumes, 1, "status")}, []any{"MOUNTED", "MOUNT_FAILED"})
		c.stop(id)
		c.start(id)
	}
}
