package simulator_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// probe asks the service for what a question is about. It is run under answer A
// and under answer B, with the observations that are wanted.
type probe struct {
	run  func(c *caller) any
	a, b any
	// change adjusts the options before the service begins.
	change func(*simulator.Options)
}

// outcome is "ok", or the status and the code of a refusal.
func (c *caller) outcome(method, target string, body any) string {
	c.t.Helper()
	got := c.call(method, target, body)
	if got.StatusCode < 300 {
		return "ok"
	}
	code, _ := got.members(c.t)["error_code"].(string)
	return fmt.Sprint(got.StatusCode, " ", strings.TrimPrefix(code, "ModelArts."))
}

// running makes a notebook and waits until it runs.
func (c *caller) running(changes object) string {
	c.t.Helper()
	id := c.create(changes)
	c.settle()
	return id
}

// listed is the entry of a notebook in the list, nil when there is none.
func (c *caller) listed(id string) object {
	c.t.Helper()
	data, _ := c.ok("GET", c.path("notebooks"), nil)["data"].([]any)
	for _, entry := range data {
		if entry := entry.(object); entry["id"] == id {
			return entry
		}
	}
	return nil
}

// has reports which members an object has.
func has(members object, names ...string) []bool {
	var list []bool
	for _, name := range names {
		_, there := members[name]
		list = append(list, there)
	}
	return list
}

// mount mounts a file system and returns the ID of the mount.
func (c *caller) mount(id string) string {
	c.t.Helper()
	mountID, _ := c.ok("POST", c.path("notebooks", id, "storage"), mountRequest())["id"].(string)
	c.sim.Advance(time.Second)
	return mountID
}

func mountRequest() object {
	return object{"category": "OBSFS", "mount_path": "/data/x/", "uri": "obs://b/x/"}
}

// mounts are the statuses of the mounts of a notebook.
func (c *caller) mounts(id string) []string {
	c.t.Helper()
	list := []string{}
	data, _ := c.ok("GET", c.path("notebooks", id, "storage"), nil)["data"].([]any)
	for _, entry := range data {
		status, _ := entry.(object)["status"].(string)
		list = append(list, status)
	}
	return list
}

// stop stops a notebook and waits for the end of it.
func (c *caller) stop(id string) {
	c.t.Helper()
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
}

// start starts a notebook and waits until it runs.
func (c *caller) start(id string) {
	c.t.Helper()
	c.ok("POST", c.path("notebooks", id, "start"), nil)
	c.sim.Advance(4 * time.Second)
}

// put is the outcome of a change.
func (c *caller) put(id string, body object) string {
	c.t.Helper()
	return c.outcome("PUT", c.path("notebooks", id), body)
}

// post is the outcome of a create.
func (c *caller) post(changes object) string {
	c.t.Helper()
	return c.outcome("POST", c.path("notebooks"), with(changes))
}

// save saves a notebook as an image and returns the ID of the image.
func (c *caller) save(id string) string {
	c.t.Helper()
	imageID, _ := c.ok("POST", c.path("notebooks", id, "create-image"), object{"name": "saved", "namespace": "org"})["id"].(string)
	return imageID
}

// failed brings a notebook into a status.
func (c *caller) failed(status string) string {
	c.t.Helper()
	id := c.running(nil)
	if err := c.sim.Change(id, simulator.Drift{Status: &status}); err != nil {
		c.t.Fatal(err)
	}
	return id
}

// gone makes a notebook and lets it vanish.
func (c *caller) gone() string {
	c.t.Helper()
	id := c.running(nil)
	c.sim.Remove(id)
	return id
}

// ways are the answers to a read, a delete and a start of what is not there.
func (c *caller) ways(id string) []string {
	c.t.Helper()
	read := c.outcome("GET", c.path("notebooks", id), nil)
	if read == "ok" {
		read, _ = c.show(id)["status"].(string)
	}
	return []string{read, c.outcome("DELETE", c.path("notebooks", id), nil), c.outcome("POST", c.path("notebooks", id, "start"), nil)}
}

func ssh(ips ...string) []object {
	endpoint := object{"service": "SSH", "key_pair_names": []string{"k"}}
	if ips != nil {
		endpoint["allowed_access_ips"] = ips
	}
	return []object{endpoint}
}

func volume(category, ownership string, more object) object {
	members := object{"category": category, "ownership": ownership}
	for name, value := range more {
		members[name] = value
	}
	return object{"volume": members}
}

func bucket(category string) object {
	return volume(category, "DEDICATED", object{"uri": "obs://b/p/", "dew_secret_name": "s"})
}

func fileSystem() object {
	return volume("EFS", "DEDICATED", object{"uri": "10.0.0.1:/", "id": nobody})
}

func lake(category string) object {
	return object{"data_volumes": []object{{"category": category, "ownership": "DEDICATED", "uri": "obs://b/p/", "mount_path": "/data/lake/"}}}
}

func tagsOf(pairs ...string) object {
	var list []object
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, object{"key": pairs[i], "value": pairs[i+1]})
	}
	return object{"tags": list}
}

func pooled(flavor string) object {
	return object{"pool_id": "pool41664192", "flavor": flavor}
}

const (
	hour     = 3600000
	poolsAt  = "?type=DEDICATED"
	soldOut  = "modelarts.vm.cpu.16u"
	inPool   = "modelarts.pool.visual.2xlarge"
	elsewhen = "&workspace_id=" + simulator.DefaultWorkspace
)

func elsewhere(c *caller) string {
	return c.running(object{"workspace_id": simulator.DefaultWorkspace})
}

// leaseProbes are the questions on leases and names.
var leaseProbes = map[string]probe{
	"lease-any-case": {run: func(c *caller) any {
		c.lenient = true
		id := c.running(nil)
		upper := []string{
			c.post(object{"lease": object{"type": "IDLE"}}),
			c.outcome("PATCH", c.path("notebooks", id, "lease"), object{"type": "TIMING"}),
		}
		c.stop(id)
		return append(upper, c.outcome("POST", c.path("notebooks", id, "start")+"?type=IDLE", nil))
	}, a: []string{"400 6336", "400 6336", "400 6336"}, b: []string{"ok", "ok", "ok"}},
	"lease-answers-lower": {run: func(c *caller) any {
		return at(c.t, c.show(c.create(nil)), "lease", "type")
	}, a: "TIMING", b: "timing"},
	"lease-renewal-echo": {run: func(c *caller) any {
		id := c.running(nil)
		return c.ok("PATCH", c.path("notebooks", id, "lease"), object{"duration": 2 * hour})["duration"]
	}, a: 2*hour + 60000, b: 2 * hour},
	"lease-renewal-query": {run: func(c *caller) any {
		id := c.running(nil)
		body := c.ok("PATCH", c.path("notebooks", id, "lease"), object{"duration": 2 * hour})["duration"]
		return []any{body, c.ok("PATCH", c.path("notebooks", id, "lease")+"?duration=10800000", nil)["duration"]}
	}, a: []any{2*hour + 60000, 3*hour + 60000}, b: []any{hour + 8000, 3*hour + 60000}},
	"lease-idle-asked": {run: func(c *caller) any {
		id := c.running(object{"lease": object{"type": "idle", "duration": 2 * hour}})
		return at(c.t, c.show(id), "lease", "duration")
	}, a: 2*hour + 8000, b: 2 * hour},
	"lease-off-anywhere": {run: func(c *caller) any {
		id := c.running(nil)
		return []string{
			c.post(object{"lease": object{"duration": -1}}),
			c.outcome("PATCH", c.path("notebooks", id, "lease"), object{"duration": -1}),
		}
	}, a: []string{"400 6349", "400 6349"}, b: []string{"ok", "ok"}},
	"name-unique": {run: func(c *caller) any {
		id := c.running(object{"name": "other"})
		c.create(nil)
		return []string{c.post(nil), c.put(id, object{"name": "notebooks_test"}), c.put(id, object{"name": "other"})}
	}, a: []string{"ok", "ok", "ok"}, b: []string{"400 6301", "400 6301", "ok"}},
	"name-old-characters": {run: func(c *caller) any {
		return []string{c.post(object{"name": "笔记本"}), c.post(object{"description": `a&b"'/`}), c.post(object{"description": "<"}), c.post(object{"name": "a b"})}
	}, a: []string{"ok", "ok", "400 6334", "400 6334"}, b: []string{"400 6334", "400 6334", "400 6334", "400 6334"}},
}

// volumeProbes are the questions on main volumes, data volumes and mounts.
var volumeProbes = map[string]probe{
	"volume-evs-size-required": {run: func(c *caller) any {
		return c.post(volume("EVS", "MANAGED", nil))
	}, a: "ok", b: "400 6335"},
	"volume-grow-step": {run: func(c *caller) any {
		return []string{c.put(c.running(nil), object{"storage_new_size": 151}), c.put(c.running(nil), object{"storage_new_size": 150})}
	}, a: []string{"ok", "ok"}, b: []string{"400 6331", "ok"}},
	"volume-grow-stopped": {run: func(c *caller) any {
		return c.put(c.stopped(nil), object{"storage_new_size": 60})
	}, a: "400 6347", b: "ok"},
	"volume-obs-as-obsfs": {run: func(c *caller) any {
		return at(c.t, c.show(c.create(bucket("OBS"))), "volume", "category")
	}, a: "OBS", b: "OBSFS"},
	"volume-efs-as-sfs": {run: func(c *caller) any {
		return at(c.t, c.show(c.create(fileSystem())), "volume", "category")
	}, a: "EFS", b: "SFS"},
	"volume-uri-slash": {run: func(c *caller) any {
		changes := lake("OBSFS")
		changes["volume"] = bucket("OBS")["volume"]
		id := c.running(changes)
		c.mount(id)
		shown, mount := c.show(id), at(c.t, c.ok("GET", c.path("notebooks", id, "storage"), nil), "data", 0).(object)
		data := at(c.t, shown, "data_volumes", 0).(object)
		return []any{at(c.t, shown, "volume", "uri"), data["mount_path"], data["url"], mount["mount_path"], mount["uri"]}
	}, a: []any{"obs://b/p/", "/data/lake/", "obs://b/p/", "/data/x/", "obs://b/x/"}, b: []any{"obs://b/p", "/data/lake", "obs://b/p", "/data/x", "obs://b/x"}},
	"volume-source-absent": {run: func(c *caller) any {
		ofBucket := at(c.t, c.show(c.create(bucket("OBSFS"))), "volume").(object)
		ofFiles := at(c.t, c.show(c.create(fileSystem())), "volume").(object)
		return []any{has(ofBucket, "uri", "id", "dew_secret_name"), has(ofFiles, "uri", "id")}
	}, a: []any{[]bool{true, false, false}, []bool{true, true}}, b: []any{[]bool{false, false, false}, []bool{true, true}}},
	"volume-absent": {run: func(c *caller) any {
		made := c.ok("POST", c.path("notebooks"), vendorRequest())
		id, _ := made["id"].(string)
		c.settle()
		return []bool{has(made, "volume")[0], has(c.show(id), "volume")[0], has(c.listed(id), "volume")[0], has(c.ok("DELETE", c.path("notebooks", id), nil), "volume")[0]}
	}, a: []bool{true, true, true, true}, b: []bool{false, false, true, false}},
	"volume-status-absent": {run: func(c *caller) any {
		id := c.running(nil)
		before := at(c.t, c.show(id), "volume").(object)
		c.ok("PUT", c.path("notebooks", id), object{"storage_new_size": 60})
		return []any{before["status"], before["mount_type"], at(c.t, c.show(id), "volume", "status")}
	}, a: []any{"IN_USE", "MAIN", "RESIZING"}, b: []any{nil, nil, "RESIZING"}},
	"volume-secret-obs-only": {run: func(c *caller) any {
		source := object{"uri": "obs://b/p/"}
		return []string{c.post(volume("OBS", "DEDICATED", source)), c.post(volume("OBSFS", "DEDICATED", source))}
	}, a: []string{"400 6967", "400 6967"}, b: []string{"400 6967", "ok"}},
	"volume-needs-pool": {run: func(c *caller) any {
		inPool := bucket("OBS")
		inPool["pool_id"] = "pool41664192"
		return []string{c.post(bucket("OBS")), c.post(fileSystem()), c.post(lake("OBSFS")), c.post(inPool), c.post(nil)}
	}, a: []string{"ok", "ok", "ok", "ok", "ok"}, b: []string{"400 6702", "400 6702", "400 6702", "ok", "ok"}},
	"data-obsfs-static": {run: func(c *caller) any {
		data := at(c.t, c.show(c.running(lake("OBSFS"))), "data_volumes", 0).(object)
		return []any{data["mount_type"], data["status"]}
	}, a: []any{"DYNAMIC", "MOUNTED"}, b: []any{"STATIC", nil}},
	"data-obs-mounts": {run: func(c *caller) any {
		data := at(c.t, c.show(c.running(lake("OBS"))), "data_volumes", 0).(object)
		return []any{data["mount_type"], data["status"]}
	}, a: []any{"STATIC", nil}, b: []any{"DYNAMIC", "MOUNTED"}},
	"data-in-mounts": {run: func(c *caller) any {
		id := c.running(lake("OBSFS"))
		data, _ := c.ok("GET", c.path("notebooks", id, "storage"), nil)["data"].([]any)
		if len(data) == 0 {
			return nil
		}
		mount := data[0].(object)
		mountID, _ := mount["id"].(string)
		one := c.ok("GET", c.path("notebooks", id, "storage", mountID), nil)
		return []any{mount["mount_path"], mount["mount_type"], mount["uri"], one["id"] == mountID}
	}, a: nil, b: []any{"/data/lake/", "DYNAMIC", "obs://b/p/", true}},
	"data-source-absent": {run: func(c *caller) any {
		return at(c.t, c.show(c.running(lake("OBSFS"))), "data_volumes", 0, "url")
	}, a: "obs://b/p/", b: nil},
	"data-fails-start": {run: func(c *caller) any {
		c.sim.Inject(simulator.Fault{Kind: simulator.FaultDataMountFailed})
		id := c.running(lake("OBSFS"))
		created := c.show(id)
		if created["status"] == "CREATE_FAILED" {
			return []any{created["status"], created["fail_reason"]}
		}
		failed := at(c.t, created, "data_volumes", 0, "status")
		c.stop(id)
		c.start(id)
		return []any{created["status"], failed, at(c.t, c.show(id), "data_volumes", 0, "status")}
	}, a: []any{"RUNNING", "MOUNT_FAILED", "MOUNTED"}, b: []any{"CREATE_FAILED", "Failed to mount a data volume."}},
	"data-running": {run: func(c *caller) any {
		return c.put(c.running(nil), lake("OBSFS"))
	}, a: "400 6347", b: "ok"},
	"mount-in-data": {run: func(c *caller) any {
		id := c.running(nil)
		c.mount(id)
		list, _ := c.show(id)["data_volumes"].([]any)
		return len(list)
	}, a: 0, b: 1},
	"mount-6327": {run: func(c *caller) any {
		return c.outcome("POST", c.path("notebooks", c.stopped(nil), "storage"), mountRequest())
	}, a: "400 6958", b: "400 6327"},
	"mount-any-path": {run: func(c *caller) any {
		c.lenient = true
		id := c.running(nil)
		return []string{
			c.outcome("POST", c.path("notebooks", id, "storage"), object{"category": "OBSFS", "mount_path": "/data/x", "uri": "obs://b/x/"}),
			c.outcome("POST", c.path("notebooks", id, "storage"), object{"category": "OBSFS", "mount_path": "/mnt/x/", "uri": "obs://b/x/"}),
		}
	}, a: []string{"400 6785", "400 6785"}, b: []string{"ok", "400 6785"}},
	"mount-object-bucket": {run: func(c *caller) any {
		body := object{"category": "OBS", "mount_path": "/data/x/", "uri": "obs://object-bucket/x/"}
		return c.outcome("POST", c.path("notebooks", c.running(nil), "storage"), body)
	}, a: "400 6772", b: "ok"},
	"mount-kept":      {run: stopAndStart, a: [][]string{{}, {}, {}, {}}, b: [][]string{{"UNMOUNTED"}, {"MOUNTED"}, {"MOUNTED"}, {"MOUNTED"}}},
	"mount-remounted": {run: stopAndStart, a: [][]string{{}, {}, {}, {}}, b: [][]string{{}, {}, {"MOUNTING"}, {"MOUNTED"}}},
	"mount-list-running": {run: func(c *caller) any {
		return c.outcome("GET", c.path("notebooks", c.stopped(nil), "storage"), nil)
	}, a: "ok", b: "400 6958"},
	"mount-unmounted-stays": {run: func(c *caller) any {
		id := c.running(nil)
		c.ok("DELETE", c.path("notebooks", id, "storage", c.mount(id)), nil)
		c.settle()
		after := c.mounts(id)
		c.mount(id)
		return [][]string{after, c.mounts(id)}
	}, a: [][]string{{}, {"MOUNTED"}}, b: [][]string{{"UNMOUNTED"}, {"MOUNTED"}}},
}

// stopAndStart are the mounts of a notebook that is stopped, that runs again,
// and that has run for a while.
func stopAndStart(c *caller) any {
	id := c.running(nil)
	c.mount(id)
	c.stop(id)
	stopped := c.mounts(id)
	c.start(id)
	atOnce := c.mounts(id)
	c.sim.Advance(simulator.DefaultLag)
	later := c.mounts(id)
	c.sim.Advance(time.Second)
	return [][]string{stopped, atOnce, later, c.mounts(id)}
}

// wrongState are the refusals of a change of a running, a stopped and a stopping
// notebook.
func wrongState(c *caller) any {
	id := c.running(nil)
	running := c.put(id, object{"flavor": "modelarts.vm.cpu.4u"})
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	stopping := c.put(id, object{"name": "x"})
	c.settle()
	return []string{running, stopping, c.put(id, object{"storage_new_size": 60})}
}

// restIPs are the addresses after a change of the key pair alone.
func restIPs(c *caller) any {
	id := c.stopped(object{"endpoints": ssh("192.0.2.1")})
	c.ok("PUT", c.path("notebooks", id), object{"endpoints": ssh()})
	return at(c.t, c.show(id), "endpoints", 0, "allowed_access_ips")
}

// stoppedLists are lists of a notebook that does not run.
func stoppedLists(c *caller) any {
	changes := lake("OBSFS")
	changes["endpoints"] = ssh()
	id := c.running(changes)
	c.ok("POST", c.path("notebooks", id, "tags", "create"), tagsOf("a", "b"))
	c.settle()
	running := c.show(id)
	c.stop(id)
	var shapes []string
	for _, shown := range []object{running, c.show(id)} {
		for _, name := range []string{"endpoints", "tags", "data_volumes"} {
			list, there := shown[name].([]any)
			shapes = append(shapes, map[bool]string{true: map[bool]string{true: "empty", false: "full"}[len(list) == 0], false: "absent"}[there])
		}
	}
	return shapes
}

// updateProbes are the questions on updates and on what answers hold.
var updateProbes = map[string]probe{
	"update-stopped-only": {run: func(c *caller) any {
		id := c.running(nil)
		running := []string{c.put(id, object{"name": "x"}), c.put(id, object{"storage_new_size": 60})}
		c.settle()
		c.stop(id)
		return append(running, c.put(id, object{"name": "x"}))
	}, a: []string{"ok", "ok", "ok"}, b: []string{"400 6347", "400 6347", "ok"}},
	"update-name-running": {run: func(c *caller) any {
		id := c.stopped(nil)
		return []string{c.put(id, object{"name": "x"}), c.put(id, object{"flavor": "modelarts.vm.cpu.4u"})}
	}, a: []string{"ok", "ok"}, b: []string{"400 6347", "ok"}},
	"update-endpoints-running": {run: func(c *caller) any {
		id := c.running(nil)
		return []string{c.put(id, object{"endpoints": ssh()}), c.put(id, object{"flavor": "modelarts.vm.cpu.4u"})}
	}, a: []string{"400 6347", "400 6347"}, b: []string{"ok", "400 6347"}},
	"update-refusal-6327":      {run: wrongState, a: []string{"400 6347", "400 6347", "400 6347"}, b: []string{"400 6327", "400 6327", "400 6327"}},
	"update-refusal-by-status": {run: wrongState, a: []string{"400 6347", "400 6347", "400 6347"}, b: []string{"400 6305", "400 6308", "400 6307"}},
	"update-empty-ignored": {run: func(c *caller) any {
		changes := lake("OBSFS")
		changes["endpoints"] = ssh("192.0.2.1")
		changes["hooks"] = object{"container_hooks": object{"pre_start": object{"script": "/a"}}}
		id := c.stopped(changes)
		c.ok("PUT", c.path("notebooks", id), object{"endpoints": ssh([]string{}...)})
		ips := len(c.known(id).Endpoints[0].AllowedAccessIPs)
		c.ok("PUT", c.path("notebooks", id), object{"description": "", "endpoints": []object{}, "data_volumes": []object{}, "hooks": object{}})
		n := c.known(id)
		return []any{ips, n.Description, len(n.Endpoints), len(n.DataVolumes), n.Hooks != nil}
	}, a: []any{0, "", 0, 0, false}, b: []any{1, "api-test", 1, 1, true}},
	"update-absent-keeps-ips": {run: restIPs, a: []any{}, b: []string{"192.0.2.1"}},
	"update-answers-all": {run: func(c *caller) any {
		return has(c.ok("PUT", c.path("notebooks", c.running(nil)), object{"name": "x"}), "name", "id", "status", "volume")
	}, a: []bool{true, false, false, false}, b: []bool{true, true, true, true}},
	"ips-absent": {run: func(c *caller) any {
		return at(c.t, c.show(c.create(object{"endpoints": ssh("192.0.2.2", "192.0.2.1")})), "endpoints", 0, "allowed_access_ips")
	}, a: []string{"192.0.2.2", "192.0.2.1"}, b: nil},
	"ips-ignored": {run: func(c *caller) any {
		id := c.create(object{"endpoints": ssh("192.0.2.1")})
		return []any{at(c.t, c.show(id), "endpoints", 0, "allowed_access_ips"), len(c.known(id).Endpoints[0].AllowedAccessIPs)}
	}, a: []any{[]string{"192.0.2.1"}, 1}, b: []any{[]string{}, 0}},
	"ips-normalised": {run: func(c *caller) any {
		id := c.create(object{"endpoints": ssh("192.0.2.1", "192.0.2.7/24", "2001:DB8:0::1")})
		return at(c.t, c.show(id), "endpoints", 0, "allowed_access_ips")
	}, a: []string{"192.0.2.1", "192.0.2.7/24", "2001:DB8:0::1"}, b: []string{"192.0.2.1/32", "192.0.2.0/24", "2001:db8::1/128"}},
	"endpoint-none": {run: func(c *caller) any {
		shown := c.show(c.running(nil))
		list, _ := shown["endpoints"].([]any)
		if len(list) == 0 {
			return list
		}
		return []any{at(c.t, list, 0, "service"), at(c.t, list, 0, "uri") == shown["url"]}
	}, a: []any{"NOTEBOOK", true}, b: []any{}},
	"endpoint-old-names": {run: func(c *caller) any {
		return has(at(c.t, c.show(c.create(object{"endpoints": ssh()})), "endpoints", 0).(object), "service", "key_pair_names", "dev_service", "ssh_keys")
	}, a: []bool{true, true, false, false}, b: []bool{false, false, true, true}},
	"ssh-uri-plain": {run: func(c *caller) any {
		return at(c.t, c.show(c.running(object{"endpoints": ssh()})), "endpoints", 0, "uri")
	}, a: "ssh://ma-user@dev-modelarts-cn-north-4.huaweicloud.com:30000", b: "dev-modelarts-cn-north-4.huaweicloud.com:30000"},
	"stopped-absent": {run: stoppedLists, a: []string{"full", "full", "full", "full", "full", "full"}, b: []string{"full", "full", "full", "absent", "absent", "absent"}},
	"stopped-empty":  {run: stoppedLists, a: []string{"full", "full", "full", "full", "full", "full"}, b: []string{"full", "full", "full", "empty", "empty", "empty"}},
	"empty-left-out": {run: func(c *caller) any {
		shown := c.show(c.create(object{"endpoints": ssh()}))
		return append(has(shown, "tags", "data_volumes"), has(at(c.t, shown, "endpoints", 0).(object), "allowed_access_ips")...)
	}, a: []bool{true, true, true}, b: []bool{false, false, false}},
	"pool-empty":      {run: func(c *caller) any { return c.show(c.create(nil))["pool"] }, a: nil, b: object{}},
	"spec-absent":     {run: func(c *caller) any { return sized(c)["custom_spec"] }, a: object{"cpu": 1.5, "memory": 1024}, b: nil},
	"spec-other-unit": {run: func(c *caller) any { return sized(c)["custom_spec"] }, a: object{"cpu": 1.5, "memory": 1024}, b: object{"cpu": 2, "memory": 1048576}},
	"server-fills": {run: func(c *caller) any {
		return has(c.show(c.create(nil)), "affinity", "run_user", "user_vpc")
	}, a: []bool{false, false, false}, b: []bool{true, true, true}},
	"network-refused": {run: func(c *caller) any {
		network := object{"public_network_config": object{"public_network_type": "SHARED"}}
		return []string{c.post(network), c.put(c.stopped(nil), network)}
	}, a: []string{"ok", "ok"}, b: []string{"400 6400", "400 6400"}},
	"network-answered": {run: func(c *caller) any {
		return c.show(c.create(object{"public_network_config": object{"public_network_type": "SHARED"}}))["public_network_config"]
	}, a: nil, b: object{"public_network_type": "SHARED"}},
	"times-absent": {run: func(c *caller) any { return has(c.show(c.create(nil)), "create_at", "update_at") }, a: []bool{true, true}, b: []bool{false, false}},
	"step-old-name": {run: func(c *caller) any {
		return has(at(c.t, c.show(c.create(nil)), "action_progress", 0).(object), "description", "step_description")
	}, a: []bool{true, false}, b: []bool{false, true}},
	"billing-all": {run: func(c *caller) any { return c.show(c.running(nil))["billing_items"] }, a: []string{"STORAGE", "COMPUTE"}, b: []string{"ALL"}},
	"tags-key-enough": {run: func(c *caller) any {
		id := c.running(nil)
		c.ok("POST", c.path("notebooks", id, "tags", "create"), tagsOf("a", "1", "b", "2"))
		c.ok("DELETE", c.path("notebooks", id, "tags", "delete"), object{"tags": []object{{"key": "a"}, {"key": "b", "value": "2"}}})
		return len(c.known(id).Tags)
	}, a: 1, b: 0},
	"tags-lag": {run: func(c *caller) any {
		id := c.running(nil)
		c.ok("POST", c.path("notebooks", id, "tags", "create"), tagsOf("a", "1"))
		atOnce, _ := c.show(id)["tags"].([]any)
		c.sim.Advance(simulator.DefaultLag)
		later, _ := c.show(id)["tags"].([]any)
		return []int{len(atOnce), len(later)}
	}, a: []int{1, 1}, b: []int{0, 1}},
}

// sized is a notebook with a size of its own.
func sized(c *caller) object {
	return c.show(c.create(object{"flavor": nil, "pool_id": "pool41664192", "custom_spec": object{"cpu": 1.5, "memory": 1024}}))
}

// listProbes are the questions on lists and on the catalogue.
var listProbes = map[string]probe{
	"workspace-all": {run: func(c *caller) any {
		id := elsewhere(c)
		c.ok("POST", c.path("notebooks", id, "tags", "create")+"?workspace_id="+simulator.DefaultWorkspace, tagsOf("a", "1"))
		c.ok("POST", c.path("images"), object{"swr_path": "swr.example.com/org/name:tag", "workspace_id": simulator.DefaultWorkspace})
		tags, _ := c.ok("GET", c.path("notebooks", "tags"), nil)["tags"].([]any)
		return []any{
			c.ok("GET", c.path("notebooks"), nil)["total"], c.ok("GET", c.path("notebooks", "all"), nil)["total"], len(tags),
			c.ok("GET", c.path("images")+"?type=DEDICATED&name=name", nil)["total"],
			c.outcome("POST", c.path("notebooks", id, "tags", "create"), tagsOf("b", "1")),
			c.ok("GET", c.path("notebooks")+"?limit=10"+elsewhen, nil)["total"],
		}
	}, a: []any{0, 0, 0, 0, "400 6309", 1}, b: []any{1, 1, 1, 1, "ok", 1}},
	"time-in-lists": {run: func(c *caller) any {
		id := c.running(nil)
		return []bool{has(c.listed(id), "current_time")[0], has(c.show(id), "current_time")[0]}
	}, a: []bool{false, true}, b: []bool{true, true}},
	"time-nowhere": {run: func(c *caller) any {
		return has(c.show(c.create(nil)), "current_time")
	}, a: []bool{true}, b: []bool{false}},
	"list-short": {run: func(c *caller) any {
		entry := c.listed(c.running(nil))
		return append(has(entry, "endpoints", "url"), has(entry["lease"].(object), "type")[0], has(entry["image"].(object), "tag")[0])
	}, a: []bool{true, true, true, true}, b: []bool{false, false, false, false}},
	"list-lags": {run: func(c *caller) any {
		id := c.create(nil)
		created := c.listed(id) != nil
		c.settle()
		c.ok("PUT", c.path("notebooks", id), object{"name": "x"})
		name := c.listed(id)["name"]
		c.sim.Remove(id)
		removed := c.listed(id) != nil
		c.sim.Advance(simulator.DefaultLag)
		return []any{created, name, removed, c.listed(id) != nil}
	}, a: []any{true, "x", false, false}, b: []any{false, "notebooks_test", true, false}},
	"read-lags": {run: func(c *caller) any {
		id := c.create(nil)
		atOnce := c.outcome("GET", c.path("notebooks", id), nil)
		c.sim.Advance(simulator.DefaultLag)
		return []string{atOnce, c.outcome("GET", c.path("notebooks", id), nil)}
	}, a: []string{"ok", "ok"}, b: []string{"400 6309", "ok"}},
	"filter-flavor-exact": {run: func(c *caller) any {
		c.create(nil)
		return []any{c.ok("GET", c.path("notebooks")+"?flavor=vm.cpu", nil)["total"], c.ok("GET", c.path("notebooks")+"?flavor=modelarts.vm.cpu.2u", nil)["total"]}
	}, a: []any{1, 1}, b: []any{0, 1}},
	"filter-tags-equals": {run: func(c *caller) any {
		id := c.running(nil)
		c.ok("POST", c.path("notebooks", id, "tags", "create"), tagsOf("a", "1"))
		return []any{c.ok("GET", c.path("notebooks")+"?tags=a%7C1", nil)["total"], c.ok("GET", c.path("notebooks")+"?tags=a%3D1", nil)["total"]}
	}, a: []any{1, 0}, b: []any{0, 1}},
	"flavors-one-list": {run: func(c *caller) any {
		return has(c.ok("GET", c.path("notebooks", "flavors"), nil), "data", "flavors")
	}, a: []bool{true, true}, b: []bool{false, true}},
	"groups-in-data": {run: func(c *caller) any {
		return append(has(c.ok("GET", c.path("images", "group"), nil), "data", "groups"), has(c.ok("GET", c.path("images", "group")+"?limit=10", nil), "data", "groups")...)
	}, a: []bool{false, true, true, false}, b: []bool{true, false, true, false}},
	"catalogue-efs-word": {run: func(c *caller) any {
		return at(c.t, c.ok("GET", c.path("notebooks", "flavors"), nil), "flavors", 0, "storages")
	}, a: []string{"EVS", "EFS", "EFS_DEDICATED"}, b: []string{"EVS", "EFS"}},
	"catalogue-storages-bind": {run: func(c *caller) any {
		return c.post(bucket("OBS"))
	}, a: "ok", b: "400 6702"},
	"catalogue-pool-binds": {run: func(c *caller) any {
		return []string{c.post(pooled("modelarts.vm.cpu.2u")), c.post(pooled(inPool))}
	}, a: []string{"ok", "ok"}, b: []string{"400 6323", "ok"}},
	"catalogue-pool-empty": {run: func(c *caller) any {
		return has(at(c.t, c.ok("GET", c.path("authoring", "clusters")+poolsAt, nil), "data", 0).(object), "flavors")
	}, a: []bool{true}, b: []bool{false}},
	"catalogue-pool-other-id": {run: func(c *caller) any {
		listed := at(c.t, c.ok("GET", c.path("authoring", "clusters")+poolsAt, nil), "data", 0).(object)
		return []string{c.post(object{"pool_id": listed["pool_id"]}), c.post(object{"pool_id": listed["logic_cluster_id"]})}
	}, a: []string{"ok", "400 6336"}, b: []string{"400 6336", "ok"}},
	"catalogue-pool-void": {run: func(c *caller) any {
		listed := at(c.t, c.ok("GET", c.path("authoring", "clusters")+poolsAt, nil), "data", 0, "flavors", 1).(object)
		return []any{listed["sold_out"], listed["evs_max_size"], c.post(pooled(inPool))}
	}, change: func(o *simulator.Options) { o.SoldOut = []string{inPool} }, a: []any{false, "4096", "400 6716"}, b: []any{true, "0", "ok"}},
	"catalogue-start-sold-out": {run: func(c *caller) any {
		id := c.stopped(nil)
		c.sim.Configure(func(o *simulator.Options) { o.SoldOut = []string{"modelarts.vm.cpu.2u"} })
		return c.outcome("POST", c.path("notebooks", id, "start"), nil)
	}, a: "ok", b: "400 6716"},
}

// savedImages are, as "own", "saved" or "other", the images of a notebook at the
// request to save it, after it, and after a restart.
func savedImages(c *caller) any {
	id := c.running(nil)
	saved := c.save(id)
	var list []string
	look := func() {
		switch at(c.t, c.show(id), "image", "id") {
		case vendorImage:
			list = append(list, "own")
		case saved:
			list = append(list, "saved")
		default:
			list = append(list, "other")
		}
	}
	look()
	c.settle()
	look()
	c.stop(id)
	c.start(id)
	look()
	return list
}

// imageProbes are the questions on images and statuses.
var imageProbes = map[string]probe{
	"image-kept":       {run: savedImages, a: []string{"own", "saved", "saved"}, b: []string{"own", "own", "own"}},
	"image-at-request": {run: savedImages, a: []string{"own", "saved", "saved"}, b: []string{"saved", "saved", "saved"}},
	"image-at-start":   {run: savedImages, a: []string{"own", "saved", "saved"}, b: []string{"own", "own", "saved"}},
	"image-other-id":   {run: savedImages, a: []string{"own", "saved", "saved"}, b: []string{"own", "other", "other"}},
	"image-save-6958": {run: func(c *caller) any {
		return c.outcome("POST", c.path("notebooks", c.stopped(nil), "create-image"), object{"name": "saved", "namespace": "org"})
	}, a: "400 6327", b: "400 6958"},
	"image-snapshot-open": {run: func(c *caller) any {
		id := c.running(nil)
		c.save(id)
		return []string{
			c.outcome("POST", c.path("notebooks", id, "start"), nil), c.put(id, object{"name": "x"}),
			c.outcome("POST", c.path("notebooks", id, "stop"), nil),
		}
	}, a: []string{"400 6357", "400 6357", "400 6357"}, b: []string{"400 6357", "ok", "ok"}},
	"image-delete-used": {run: func(c *caller) any {
		c.create(object{"image_id": ownImage})
		return c.outcome("DELETE", c.path("images", ownImage), nil)
	}, a: "400 6737", b: "ok"},
	"image-list-all": {run: func(c *caller) any {
		list := c.ok("GET", c.path("images")+"?name=team-image", nil)
		return list["total"]
	}, a: 0, b: 1},
	"image-arch-upper": {run: func(c *caller) any {
		return []any{c.ok("GET", c.path("images", armImage), nil)["arch"], at(c.t, c.show(c.create(nil)), "image", "arch")}
	}, a: []any{"aarch64", "x86_64"}, b: []any{"AARCH64", "X86_64"}},
	"start-failed-taken": {run: func(c *caller) any {
		return c.outcome("POST", c.path("notebooks", c.failed("START_FAILED"), "start"), nil)
	}, a: "400 6357", b: "ok"},
	"start-create-failed-taken": {run: func(c *caller) any {
		return c.outcome("POST", c.path("notebooks", c.failed("CREATE_FAILED"), "start"), nil)
	}, a: "400 6357", b: "ok"},
	"start-error-taken": {run: func(c *caller) any {
		return []string{
			c.outcome("POST", c.path("notebooks", c.failed("ERROR"), "start"), nil),
			c.outcome("POST", c.path("notebooks", c.failed("ERROR"), "stop"), nil),
		}
	}, a: []string{"400 6357", "400 6357"}, b: []string{"ok", "ok"}},
	"conflict-exact": {run: func(c *caller) any {
		id := c.running(nil)
		running := c.outcome("POST", c.path("notebooks", id, "start"), nil)
		c.stop(id)
		return []string{running, c.outcome("POST", c.path("notebooks", id, "stop"), nil)}
	}, a: []string{"400 6357", "400 6357"}, b: []string{"400 6305", "400 6307"}},
	"delete-stopped-only": {run: func(c *caller) any {
		return []string{c.outcome("DELETE", c.path("notebooks", c.running(nil)), nil), c.outcome("DELETE", c.path("notebooks", c.stopped(nil)), nil)}
	}, a: []string{"ok", "ok"}, b: []string{"400 6304", "ok"}},
	"delete-no-content": {run: func(c *caller) any {
		return c.call("DELETE", c.path("notebooks", c.running(nil)), nil).StatusCode
	}, a: 200, b: 204},
	"gone-6404":    {run: func(c *caller) any { return c.ways(c.gone()) }, a: []string{"400 6309", "400 6309", "400 6309"}, b: []string{"400 6404", "400 6404", "400 6404"}},
	"gone-404":     {run: func(c *caller) any { return c.ways(c.gone()) }, a: []string{"400 6309", "400 6309", "400 6309"}, b: []string{"404 6309", "404 6404", "404 6404"}},
	"gone-deleted": {run: func(c *caller) any { return c.ways(c.gone()) }, a: []string{"400 6309", "400 6309", "400 6309"}, b: []string{"DELETED", "400 6309", "400 6309"}},
	"gone-6357":    {run: func(c *caller) any { return append(c.ways(c.gone()), c.ways(nobody)[0]) }, a: []string{"400 6309", "400 6309", "400 6309", "400 6309"}, b: []string{"400 6357", "400 6357", "400 6357", "400 6309"}},
	"agency-6379": {
		run: func(c *caller) any { return c.post(nil) }, change: func(o *simulator.Options) { o.NoAuthorization = true },
		a: "400 6701", b: "400 6379",
	},
	"agency-all": {run: func(c *caller) any {
		taken := c.outcome("POST", "/v2/"+c.project+"/authorizations", object{"user_id": "all", "content": "modelarts_agency"})
		return []any{taken, at(c.t, c.ok("GET", "/v2/"+c.project+"/authorizations", nil), "auth", 0, "user_id")}
	}, a: []any{"400 0420", "all-users"}, b: []any{"ok", "all"}},
	"agency-in-content": {run: func(c *caller) any {
		return has(c.ok("GET", "/v2/"+c.project+"/authorizations", nil), "auth", "content")
	}, a: []bool{true, false}, b: []bool{false, true}},
	"token-6401": {run: func(c *caller) any {
		token := c.call("POST", "/v3/auth/tokens", passwordRequest(simulator.DefaultPassword)).Header.Get("X-Subject-Token")
		c.sim.Advance(25 * time.Hour)
		r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.url+c.path("notebooks"), http.NoBody)
		if err != nil {
			c.t.Fatal(err)
		}
		r.Header.Set("X-Auth-Token", token)
		got, err := c.send(r)
		if err != nil {
			c.t.Fatal(err)
		}
		return []any{got.StatusCode, got.members(c.t)["error_code"]}
	}, a: []any{401, "ModelArts.0202"}, b: []any{400, "ModelArts.6401"}},
}

// TestAnswersDiffer shows over HTTP, for each open question, that the service
// does what answer A says and, told so, what answer B says.
func TestAnswersDiffer(t *testing.T) {
	probes := map[string]probe{}
	for _, group := range []map[string]probe{leaseProbes, volumeProbes, updateProbes, listProbes, imageProbes} {
		for id, p := range group {
			probes[id] = p
		}
	}
	for _, question := range simulator.Questions() {
		p, known := probes[question.ID]
		if !known {
			t.Errorf("no probe shows what %s changes", question.ID)
			continue
		}
		delete(probes, question.ID)
		for answer, want := range map[string]any{"A": p.a, "B": p.b} {
			t.Run(question.ID+"/"+answer, func(t *testing.T) {
				options := slow()
				if p.change != nil {
					p.change(&options)
				}
				if answer == "B" {
					options.Answers = []string{question.ID}
				}
				equal(t, "observed", p.run(newCaller(t, options)), want)
			})
		}
	}
	for id := range probes {
		t.Errorf("%s is no open question", id)
	}
}

// TestTableIsThatOfTheContract compares the open questions with the table in
// api/README.md, word for word.
func TestTableIsThatOfTheContract(t *testing.T) {
	text, err := os.ReadFile("../../api/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## Open questions: two answers\n")
	if !found {
		t.Fatal("api/README.md has no table of open questions")
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|(.*)\\|$").FindAllStringSubmatch(section, -1)
	questions := simulator.Questions()
	if len(rows) != len(questions) {
		t.Fatalf("api/README.md has %d rows, the simulator %d questions", len(rows), len(questions))
	}
	for i, row := range rows {
		// A bar inside a cell is written as \|.
		cells := strings.Split(strings.ReplaceAll(row[2], `\|`, "\x00"), "|")
		for j := range cells {
			cells[j] = strings.TrimSpace(strings.ReplaceAll(cells[j], "\x00", "|"))
		}
		got := questions[i]
		equal(t, row[1], []string{got.ID, got.Text, got.A, got.B}, append([]string{row[1]}, cells[:3]...))
	}
}

// TestAnswersThatExcludeEachOther refuses what makes no sense, and names it.
func TestAnswersThatExcludeEachOther(t *testing.T) {
	for text, want := range map[string]string{
		"gone-6404,gone-6357":                     "answers: gone-6404 and gone-6357 answer the same question and exclude each other",
		"spec-absent,ips-absent,spec-other-unit":  "answers: spec-absent and spec-other-unit answer the same question and exclude each other",
		"update-name-running,update-stopped-only": "answers: update-stopped-only and update-name-running exclude each other",
		"nonsense":                       `answers: there is no question "nonsense"`,
		"gone-6404,gone-6404,ips-absent": "",
	} {
		got := ""
		if err := (simulator.Options{Answers: strings.Split(text, ",")}).Validate(); err != nil {
			got = err.Error()
		}
		equal(t, text, got, want)
	}
}

// TestAnswersAtRunTime changes answers over the control paths.
func TestAnswersAtRunTime(t *testing.T) {
	c := newCaller(t, slow())
	c.refused("GET", c.path("notebooks", nobody), nil, 400, "ModelArts.6309")
	equal(t, "set", c.control("PUT", "answers", `{"answers": ["gone-404", "times-absent"]}`).StatusCode, 200)
	c.refused("GET", c.path("notebooks", nobody), nil, 404, "ModelArts.6309")
	for _, state := range c.sim.Answers() {
		want := "A"
		if state.ID == "gone-404" || state.ID == "times-absent" {
			want = "B"
		}
		equal(t, state.ID, state.Answer, want)
	}
	if list := c.control("GET", "answers", ""); !strings.Contains(string(list.body), `{"id":"lease-any-case","question":"Are lease types taken in upper case too?",`) {
		t.Errorf("answers: %s", list.body)
	}
	for _, bad := range []string{`{"answers": ["x"]}`, `{"answers": ["gone-404", "gone-6404"]}`, `{"x": []}`, `x`} {
		equal(t, bad, c.control("PUT", "answers", bad).StatusCode, 400)
	}
	equal(t, "as before", c.sim.Options().Answers, []string{"gone-404", "times-absent"})
	equal(t, "options", c.control("PATCH", "options", `{"answers": ["gone-6404"]}`).StatusCode, 200)
	c.refused("GET", c.path("notebooks", nobody), nil, 400, "ModelArts.6404")
}

// TestProgressShapes checks the shapes of action_progress while a start goes on.
func TestProgressShapes(t *testing.T) {
	for shape, want := range map[string][][]string{
		simulator.ProgressEven:    {{"PROCESSING", "WAITING", "WAITING", "WAITING"}, {"COMPLETED", "COMPLETED", "COMPLETED", "PROCESSING"}},
		simulator.ProgressFirst:   {{"PROCESSING", "WAITING", "WAITING", "WAITING"}, {"PROCESSING", "WAITING", "WAITING", "WAITING"}},
		simulator.ProgressEnd:     {{"WAITING", "WAITING", "WAITING", "WAITING"}, {"WAITING", "WAITING", "WAITING", "WAITING"}},
		simulator.ProgressNone:    {nil, nil},
		simulator.ProgressJumping: {{"WAITING", "PROCESSING", "WAITING", "WAITING"}, {"COMPLETED", "COMPLETED", "PROCESSING", "COMPLETED"}},
	} {
		options := slow()
		options.Progress = shape
		c := newCaller(t, options)
		id := c.create(nil)
		first := c.progress(id)
		c.sim.Advance(7 * time.Second)
		equal(t, shape, [][]string{first, c.progress(id)}, want)
		c.sim.Advance(time.Second)
		c.status(id, "RUNNING")
	}
}

// TestAuthorization takes an account from no authorization to a create.
func TestAuthorization(t *testing.T) {
	c := newCaller(t, simulator.Options{NoAuthorization: true})
	authorizations := "/v2/" + c.project + "/authorizations"
	equal(t, "at first", c.ok("GET", authorizations, nil)["auth"], []any{})
	c.refused("POST", c.path("notebooks"), vendorRequest(), 400, "ModelArts.6701")
	c.refused("POST", authorizations, object{"user_id": "all-users", "content": "modelarts_agency"}, 400, "ModelArts.6376")
	equal(t, "agency", c.ok("POST", "/v2/"+c.project+"/agency", object{})["agency_name"], "modelarts_agency")
	c.refused("POST", "/v2/"+c.project+"/agency", object{}, 400, "ModelArts.3818")
	equal(t, "authorized", c.ok("POST", authorizations, object{"user_id": "all-users", "type": "agency", "content": "modelarts_agency"})["result"], true)
	c.create(nil)
	c.sim.Configure(func(o *simulator.Options) { o.ForbidAuthorizations = true })
	c.refused("GET", authorizations, nil, 403, "ModelArts.0112")
	c.create(nil)
}

// Each entry of the list of mounts has a status, also a data volume that is shown without one.
func TestDataVolumesInMountsHaveAStatus(t *testing.T) {
	t.Parallel()
	c := newCaller(t, simulator.Options{Answers: []string{"data-in-mounts", "data-obsfs-static"}})
	data := c.ok("GET", c.path("notebooks", c.running(lake("OBSFS")), "storage"), nil)["data"].([]any)
	mount := data[0].(object)
	if mount["mount_type"] != "STATIC" || mount["status"] != "MOUNTED" {
		t.Errorf("the entry is %v", mount)
	}
}
