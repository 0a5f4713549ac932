package simulator_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// names lists a member of the records of a page.
func names(t *testing.T, page object, list, member string) []string {
	t.Helper()
	texts := []string{}
	records, _ := page[list].([]any)
	for i := range records {
		text, _ := at(t, records, i, member).(string)
		texts = append(texts, text)
	}
	return texts
}

func TestPages(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	var made []string
	for i := range 23 {
		c.sim.Advance(1e9)
		made = append(made, c.create(object{"name": fmt.Sprintf("n%02d", i)}))
	}
	var seen []string
	for offset := 0; offset < 23; offset += 10 {
		page := c.ok("GET", c.path("notebooks")+fmt.Sprintf("?offset=%d", offset), nil)
		equal(t, "numbers", []any{page["total"], page["pages"], page["size"], page["current"]}, []any{23, 3, 10, offset/10 + 1})
		seen = append(seen, names(t, page, "data", "id")...)
	}
	slices.Reverse(seen)
	equal(t, "newest first, each once", seen, made)
	page := c.ok("GET", c.path("notebooks")+"?limit=20&offset=20&sort_key=name&sort_dir=ASC", nil)
	equal(t, "last page", names(t, page, "data", "name"), []string{"n20", "n21", "n22"})
	equal(t, "beyond the end", c.ok("GET", c.path("notebooks")+"?offset=100", nil)["data"], []any{})
	for _, query := range []string{"limit=5", "limit=100", "limit=0", "sort_dir=up", "status=x", "offset=-1"} {
		c.refused("GET", c.path("notebooks")+"?"+query, nil, 400, "ModelArts.6336")
	}
	c.refused("GET", c.path("notebooks")+"?offset=x", nil, 400, "ModelArts.6332")
	c.refused("GET", c.path("notebooks")+"?sort_key=x", nil, 400, "ModelArts.6303")
}

func TestFilters(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	first := c.create(object{"name": "first"})
	second := c.stopped(object{"name": "second", "flavor": "modelarts.vm.cpu.4u", "image_id": otherImage, "workspace_id": simulator.DefaultWorkspace})
	third := c.create(object{"name": "third", "pool_id": "pool41664192", "flavor": "modelarts.pool.visual.2xlarge"})
	foreign := c.create(object{"name": "foreign"})
	somebody := "0123456789abcdef0123456789abcdef"
	if err := c.sim.Change(foreign, simulator.Drift{UserID: &somebody}); err != nil {
		t.Fatal(err)
	}
	c.create(object{"name": "free", "feature": "DEFAULT", "flavor": "modelarts.vm.cpu.free"})
	c.ok("POST", c.path("notebooks", first, "tags", "create"), object{"tags": []object{{"key": "a", "value": "b"}}})
	in := "&workspace_id=" + simulator.DefaultWorkspace
	c.lenient = true // workspaceId is of older sources than the contract
	for query, want := range map[string][]string{
		"":                            {"first", "third"},
		"name=ir":                     {"first", "third"},
		"name=x":                      {},
		"id=" + second + in:           {"second"},
		"status=STOPPED" + in:         {"second"},
		"flavor=vm.cpu.4u" + in:       {"second"},
		"image_id=" + otherImage + in: {"second"},
		"pool_id=pool41664192":        {"third"},
		"workspace_id=" + simulator.DefaultWorkspace: {"second"},
		"workspaceId=" + simulator.DefaultWorkspace:  {"second"},
		"workspace_id=0":                 {"first", "third"},
		"billing=COMPUTE":                {"first", "third"},
		"billing=ALL":                    {},
		"owner=" + somebody:              {"foreign"},
		"tags=" + url.QueryEscape("a|b"): {"first"},
		"tags=" + url.QueryEscape("a|c"): {},
		"tags=a":                         {"first"},
		"feature=DEFAULT":                {"free"},
		"status=RUNNING&name=third":      {"third"},
		"description=test":               {"first", "third"},
		"description=x":                  {},
		"pool_name=41664":                {"third"},
		"swr_path=notebook2.0":           {"first", "third"},
		"username=simulator":             {"first", "third"},
		"ip=172.16.0.10":                 {"first", "third"},
	} {
		page := c.ok("GET", c.path("notebooks")+"?sort_key=name&sort_dir=ASC&"+query, nil)
		equal(t, query, names(t, page, "data", "name"), want)
	}
	all := c.ok("GET", c.path("notebooks", "all")+"?sort_key=name&sort_dir=ASC", nil)
	equal(t, "all", names(t, all, "data", "name"), []string{"first", "foreign", "third"})
	equal(t, "pool", at(t, c.show(third), "pool", "id"), "pool41664192")
}

func TestFlavors(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	all := c.ok("GET", c.path("notebooks", "flavors"), nil)
	equal(t, "both lists", all["data"], all["flavors"])
	gpu := c.ok("GET", c.path("notebooks", "flavors")+"?category=GPU", nil)
	equal(t, "memory in KB", at(t, gpu, "data", 0, "memory"), 32*1024*1024)
	equal(t, "cards", at(t, gpu, "data", 0, "gpu", "gpu"), 1)
	ascend := c.ok("GET", c.path("notebooks", "flavors")+"?category=ASCEND&limit=1&offset=1", nil)
	equal(t, "a page", []any{ascend["total"], at(t, ascend, "data", 0, "ascend", "npu")}, []any{2, 8})
	c.refused("GET", c.path("notebooks", "flavors")+"?category=gpu", nil, 400, "ModelArts.6336")
	largest := c.ok("GET", c.path("notebooks", "flavors")+"?sort_key=vcpus,memory&sort_dir=DESC&limit=2", nil)
	equal(t, "largest first", names(t, largest, "data", "id"), []string{"modelarts.bm.ascend.d910.8", "modelarts.vm.gpu.8v100"})
	equal(t, "of dedicated pools", c.ok("GET", c.path("notebooks", "flavors")+"?type=DEDICATED", nil)["total"], 0)

	id := c.create(nil)
	c.answers("flavors-one-list", "catalogue-storages-bind")
	switchable := c.ok("GET", c.path("notebooks", id, "flavors"), nil)
	equal(t, "data", switchable["data"], nil)
	equal(t, "switchable", names(t, switchable, "flavors", "id"), []string{
		"modelarts.vm.cpu.4u", "modelarts.vm.cpu.8u", "modelarts.vm.cpu.16u", "modelarts.vm.cpu.8u.obs",
		"modelarts.vm.gpu.t4", "modelarts.vm.gpu.v100", "modelarts.vm.gpu.8v100",
	})
}

func TestPools(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	c.refused("GET", c.path("authoring", "clusters"), nil, 400, "ModelArts.6335")
	pools := c.ok("GET", c.path("authoring", "clusters")+"?type=DEDICATED&scope=NOTEBOOK", nil)
	equal(t, "pools", names(t, pools, "data", "pool_id"), []string{"pool41664192", "pool73112001"})
	equal(t, "memory is text", at(t, pools, "data", 0, "flavors", 0, "memory"), "33554432")
	c.refused("GET", c.path("authoring", "clusters", "x"), nil, 400, "ModelArts.6404")
	c.refused("GET", c.path("authoring", "features", "x"), nil, 400, "ModelArts.6336")
}

func TestImages(t *testing.T) {
	c := newCaller(t, slow())
	preset := c.ok("GET", c.path("images"), nil)
	equal(t, "preset ones alone", slices.Compact(names(t, preset, "data", "type")), []string{"BUILD_IN"})
	own := c.ok("GET", c.path("images")+"?type=DEDICATED", nil)
	sorted := c.ok("GET", c.path("images")+"?sort_key=name&sort_dir=ASC&limit=2&offset=1", nil)
	equal(t, "sorted", names(t, sorted, "data", "id"), []string{ascendImage, sshImage})
	equal(t, "own", names(t, own, "data", "id"), []string{ownImage, brokenImage})
	equal(t, "exact name", c.ok("GET", c.path("images")+"?name=notebook2.0&name_fuzzy_match=false", nil)["total"], 0)
	equal(t, "part of a name", c.ok("GET", c.path("images")+"?name=notebook2.0", nil)["total"], 1)

	registered := c.ok("POST", c.path("images"), object{"swr_path": "swr.example.com/org/name:tag", "arch": "AARCH64", "description": "d"})
	id, _ := registered["id"].(string)
	equal(t, "registered", []any{registered["name"], registered["namespace"], registered["tag"], registered["arch"], registered["type"]},
		[]any{"name", "org", "tag", "aarch64", "DEDICATED"})
	equal(t, "defaults", []any{registered["resource_categories"], registered["dev_services"], registered["visibility"]},
		[]any{[]string{"CPU", "GPU"}, []string{"NOTEBOOK", "SSH"}, "PRIVATE"})
	c.refused("POST", c.path("images"), object{"swr_path": "swr.example.com/org/name:tag"}, 400, "ModelArts.6737")
	c.refused("POST", c.path("images"), object{}, 400, "ModelArts.6335")
	c.refused("POST", c.path("images"), object{"swr_path": "not an address at all"}, 400, "ModelArts.6336")
	c.refused("POST", c.path("images"), object{"swr_path": "swr.example.com/org/name:2", "arch": "x86_64"}, 400, "ModelArts.6336")
	c.ok("POST", c.path("images"), object{"swr_path": "swr.example.com:443/org/name:2"})
	groups := c.ok("GET", c.path("images", "group")+"?type=DEDICATED&name=name", nil)
	equal(t, "group", []any{at(t, groups, "groups", 0, "name"), at(t, groups, "groups", 0, "version_count"), groups["data"]}, []any{"name", 2, nil})
	equal(t, "groups with a limit", names(t, c.ok("GET", c.path("images", "group")+"?type=DEDICATED&limit=1", nil), "data", "name"), []string{"team-image"})

	equal(t, "delete", c.call("DELETE", c.path("images", id), object{"is_force": true}).StatusCode, 204)
	c.refused("GET", c.path("images", id), nil, 400, "ModelArts.6404")
	c.refused("DELETE", c.path("images", id), nil, 400, "ModelArts.6404")
	c.refused("DELETE", c.path("images", vendorImage), nil, 403, "ModelArts.0108")
	c.refused("DELETE", c.path("images", ownImage)+"?force=x", nil, 400, "ModelArts.6332")
	c.refused("GET", c.path("images", "x"), nil, 400, "ModelArts.6336")
}

func TestSaveImage(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(nil)
	request := object{"name": "saved", "namespace": "org", "description": "d"}
	c.refused("POST", c.path("notebooks", id, "create-image"), request, 400, "ModelArts.6327")
	c.settle()
	c.refused("POST", c.path("notebooks", id, "create-image"), object{"name": "Saved", "namespace": "org"}, 400, "ModelArts.6336")
	c.refused("POST", c.path("notebooks", id, "create-image"), object{"name": "saved"}, 400, "ModelArts.6335")
	saved := c.ok("POST", c.path("notebooks", id, "create-image"), request)
	equal(t, "saved", []any{saved["status"], saved["origin"], saved["tag"]}, []any{"CREATING", "IMAGE_SAVE", "latest"})
	c.status(id, "SNAPSHOTTING")
	token := c.known(id).Token
	imageID, _ := saved["id"].(string)
	c.refused("POST", c.path("notebooks"), with(object{"image_id": imageID}), 400, "ModelArts.6797")
	c.refused("POST", c.path("notebooks", id, "stop"), nil, 400, "ModelArts.6357")
	c.sim.Advance(6e9)
	c.status(id, "RUNNING")
	equal(t, "token stays", c.known(id).Token, token)
	equal(t, "image", c.ok("GET", c.path("images", imageID), nil)["status"], "ACTIVE")
	c.refused("POST", c.path("notebooks", id, "create-image"), request, 400, "ModelArts.6737")
	c.create(object{"image_id": imageID})
}

func TestTags(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id, other := c.create(nil), c.create(nil)
	tag := func(pairs ...string) object {
		tags := []object{}
		for i := 0; i < len(pairs); i += 2 {
			tags = append(tags, object{"key": pairs[i], "value": pairs[i+1]})
		}
		return object{"tags": tags}
	}
	equal(t, "status", c.call("POST", c.path("notebooks", id, "tags", "create"), tag("b", "1", "a", "2")).StatusCode, 204)
	c.ok("POST", c.path("notebooks", id, "tags", "create"), tag("b", "3/4"))
	c.ok("POST", c.path("notebooks", other, "tags", "create"), tag("b", "5"))
	equal(t, "tags", c.show(id)["tags"], tag("a", "2", "b", "3/4")["tags"])
	equal(t, "merged", c.ok("GET", c.path("notebooks", "tags"), nil)["tags"], []object{
		{"key": "a", "values": []string{"2"}}, {"key": "b", "values": []string{"3/4", "5"}},
	})
	c.ok("DELETE", c.path("notebooks", id, "tags", "delete"), tag("b", "3/4", "absent", ""))
	equal(t, "tags", c.show(id)["tags"], tag("a", "2")["tags"])

	twenty := []string{}
	for i := range 20 {
		twenty = append(twenty, fmt.Sprint("k", i), "")
	}
	for code, bodies := range map[string][]object{
		"ModelArts.6335": {{}, tag("", "v")},
		"ModelArts.6332": {{"tags": "a"}, {"tags": []any{1}}},
		"ModelArts.6336": {
			tag("_sys_a", ""), tag(" a", ""), tag("a/b", ""), tag("a", "#"), tag(strings.Repeat("a", 129), ""),
			tag("a", strings.Repeat("a", 256)), tag(append(twenty, "k20", "")...),
		},
	} {
		for _, body := range bodies {
			c.refused("POST", c.path("notebooks", id, "tags", "create"), body, 400, code)
		}
	}
	c.ok("POST", c.path("notebooks", id, "tags", "create"), tag(twenty[:36]...))
	c.ok("POST", c.path("notebooks", id, "tags", "create"), tag("k0", "été 1_.:=+-@/", "größe", ""))
}

func TestMounts(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(object{"data_volumes": []object{{"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/", "mount_path": "/data/taken/"}}})
	request := object{"category": "OBS", "mount_path": "/data/x/", "uri": "obs://b/p/"}
	c.refused("POST", c.path("notebooks", id, "storage"), request, 400, "ModelArts.6958")
	c.settle()
	mount := c.ok("POST", c.path("notebooks", id, "storage"), request)
	equal(t, "mount", []any{mount["category"], mount["status"], mount["mount_type"]}, []any{"OBSFS", "MOUNTING", "DYNAMIC"})
	mountID, _ := mount["id"].(string)
	c.refused("DELETE", c.path("notebooks", id, "storage", mountID), nil, 400, "ModelArts.6357")
	c.sim.Advance(1e9)
	equal(t, "status", c.ok("GET", c.path("notebooks", id, "storage", mountID), nil)["status"], "MOUNTED")
	for code, changes := range map[string][]object{
		"ModelArts.6785": {{"mount_path": "/mnt/x/"}, {"mount_path": "/data/../x/"}, {"mount_path": "/data/"}, {"mount_path": "/data/y"}},
		"ModelArts.6318": {{"uri": "obs://b/p", "mount_path": "/data/y/"}},
		"ModelArts.6336": {{"uri": "b"}, {"category": "EVS"}},
		"ModelArts.6335": {{"uri": nil}, {"category": "EFS"}},
		"ModelArts.6772": {{"mount_path": "/data/y/", "uri": "obs://object-bucket/p/"}, {"category": "EFS", "efs_id": "e", "mount_path": "/data/y/"}},
		"ModelArts.6927": {{}, {"mount_path": "/data//x/"}, {"mount_path": "/data/taken/"}},
	} {
		for _, change := range changes {
			body := object{"category": "OBS", "mount_path": "/data/x/", "uri": "obs://b/p/"}
			for name, value := range change {
				body[name] = value
			}
			c.refused("POST", c.path("notebooks", id, "storage"), body, 400, code)
		}
	}
	equal(t, "unmount", c.ok("DELETE", c.path("notebooks", id, "storage", mountID), nil)["status"], "UNMOUNTING")
	c.sim.Advance(1e9)
	c.refused("GET", c.path("notebooks", id, "storage", mountID), nil, 400, "ModelArts.6404")
	equal(t, "list", c.ok("GET", c.path("notebooks", id, "storage"), nil)["data"], []any{})

	for i := range 10 {
		request["mount_path"] = fmt.Sprintf("/data/%d/", i)
		mount = c.ok("POST", c.path("notebooks", id, "storage"), request)
	}
	request["mount_path"] = "/data/10/"
	c.refused("POST", c.path("notebooks", id, "storage"), request, 400, "ModelArts.6302")
	c.answers("mount-in-data")
	equal(t, "in data_volumes too", at(t, c.show(id), "data_volumes", 1, "mount_type"), "DYNAMIC")
	mountID, _ = mount["id"].(string)
	equal(t, "removed", []bool{c.sim.RemoveStorage(id, mountID), c.sim.RemoveStorage(id, mountID)}, []bool{true, false})
	c.ok("POST", c.path("notebooks", id, "storage"), request)

	inPool := c.create(object{"pool_id": "pool41664192", "flavor": "modelarts.pool.visual.2xlarge"})
	c.settle()
	c.ok("POST", c.path("notebooks", inPool, "storage"), object{"category": "EFS", "efs_id": "e", "mount_path": "/data/y/", "uri": "share:/"})
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	c.refused("DELETE", c.path("notebooks", id, "storage", mountID), nil, 400, "ModelArts.6404")
}
