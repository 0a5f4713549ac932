package simulator_test

import (
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestUpdateWhileRunning checks which changes need a stop.
func TestUpdateWhileRunning(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(nil)
	c.refused("PUT", c.path("notebooks", id), object{"name": "x"}, 400, "ModelArts.6347")
	c.settle()
	got := c.ok("PUT", c.path("notebooks", id), object{"name": "x", "description": ""})
	equal(t, "answer", got, object{"name": "x", "description": "", "update_at": epoch.Add(time.Minute).UnixMilli()})
	for _, body := range []object{
		{"flavor": "modelarts.vm.cpu.4u"},
		{"image_id": otherImage},
		{"endpoints": []object{}},
		{"hooks": object{}},
		{"affinity": object{}},
		{"data_volumes": []object{}},
		{"custom_spec": object{"cpu": 1, "memory": 1024}},
		{"name": "y", "flavor": "modelarts.vm.cpu.4u"},
	} {
		c.refused("PUT", c.path("notebooks", id), body, 400, "ModelArts.6347")
	}
	equal(t, "name", c.known(id).Name, "x")
	c.ok("PUT", c.path("notebooks", id), object{})

	c.answers("update-stopped-only")
	c.refused("PUT", c.path("notebooks", id), object{"name": "z"}, 400, "ModelArts.6347")
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	c.ok("PUT", c.path("notebooks", id), object{"name": "z"})
}

// TestUpdateWhileStopped changes everything that can be changed, and checks
// that what is absent stays.
func TestUpdateWhileStopped(t *testing.T) {
	c := newCaller(t, simulator.Options{Answers: []string{"update-answers-all", "volume-grow-stopped", "catalogue-storages-bind"}})
	id := c.stopped(object{
		"endpoints": []object{{"service": "SSH", "key_pair_names": []string{"k"}}},
		"hooks":     object{"container_hooks": object{"pre_start": object{"script": "/a"}}},
	})
	shown := c.ok("PUT", c.path("notebooks", id), object{"flavor": "modelarts.vm.cpu.4u", "image_id": otherImage})
	equal(t, "flavor", shown["flavor"], "modelarts.vm.cpu.4u")
	equal(t, "image", at(t, shown, "image", "id"), otherImage)
	equal(t, "endpoints", at(t, shown, "endpoints", 0, "key_pair_names"), []string{"k"})
	equal(t, "description", shown["description"], "api-test")
	equal(t, "hooks", c.known(id).Hooks.PreStart.Script, "/a")

	shown = c.ok("PUT", c.path("notebooks", id), object{"endpoints": []object{{"service": "SSH", "key_pair_names": []string{"other"}}}})
	equal(t, "endpoints", at(t, shown, "endpoints", 0, "key_pair_names"), []string{"other"})
	if at(t, shown, "endpoints", 0, "uri") == nil {
		t.Error("the SSH address is lost")
	}
	shown = c.ok("PUT", c.path("notebooks", id), object{
		"endpoints": []object{}, "hooks": object{}, "dew_secret_name": "s",
		"data_volumes": []object{{"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/", "mount_path": "/data/x/"}},
		"affinity":     object{"required_during_scheduling_ignored_during_execution": []object{{"key": "k", "operator": "Exists", "values": []string{}}}},
	})
	equal(t, "endpoints", at(t, shown, "endpoints", 0, "service"), "NOTEBOOK")
	equal(t, "data volume", at(t, shown, "data_volumes", 0, "url"), "obs://b/")
	equal(t, "affinity", at(t, shown, "affinity", "required_during_scheduling_ignored_during_execution", 0, "operator"), "Exists")
	if hooks := c.known(id).Hooks; hooks != nil {
		t.Errorf("hooks %v", hooks)
	}

	for body, code := range map[*object]string{
		{"flavor": "x"}:                                   "6323",
		{"flavor": "modelarts.vm.arm.2u"}:                 "6792",
		{"flavor": "modelarts.vm.cpu.8u.efs"}:             "6792",
		{"flavor": "modelarts.vm.cpu.16u"}:                "6329",
		{"image_id": nobody}:                              "6797",
		{"image_id": armImage}:                            "6330",
		{"image_id": sshImage}:                            "6768",
		{"image_id": "x"}:                                 "6336",
		{"storage_new_size": 49}:                          "6331",
		{"storage_new_size": 4097}:                        "6331",
		{"storage_new_size": "60"}:                        "6332",
		{"name": ""}:                                      "6336",
		{"name": "a b"}:                                   "6334",
		{"description": "<"}:                              "6334",
		{"custom_spec": object{"cpu": 1, "memory": 1024}}: "6336",
		{"data_volumes": []object{{"category": "OBSFS", "ownership": "DEDICATED"}}}: "6927",
		{"flavor": "modelarts.vm.cpu.2u", "name": "a b"}:                            "6334",
		{"endpoints": []object{{"service": "SSH"}}}:                                 "6335",
		{"image_id": armImage, "flavor": "modelarts.vm.cpu.8u"}:                     "6792",
	} {
		c.refused("PUT", c.path("notebooks", id), *body, 400, "ModelArts."+code)
	}
	equal(t, "nothing changed", c.known(id).Flavor, "modelarts.vm.cpu.4u")
	c.ok("PUT", c.path("notebooks", id), object{"image_id": armImage, "flavor": "modelarts.vm.arm.8u"})
}

// TestKeepsItsFlavor checks that a sold-out flavor stays with who has it.
func TestKeepsItsFlavor(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.stopped(nil)
	c.sim.Configure(func(o *simulator.Options) { o.SoldOut = []string{"modelarts.vm.cpu.2u"} })
	c.refused("POST", c.path("notebooks"), vendorRequest(), 400, "ModelArts.6716")
	c.ok("PUT", c.path("notebooks", id), object{"flavor": "modelarts.vm.cpu.2u", "name": "kept"})
	c.ok("POST", c.path("notebooks", id, "start"), nil)
	c.status(id, "RUNNING")
}

func TestGrow(t *testing.T) {
	c := newCaller(t, slow())
	id := c.create(nil)
	c.settle()
	equal(t, "answer", at(t, c.ok("PUT", c.path("notebooks", id), object{"storage_new_size": 60}), "volume", "status"), "RESIZING")
	c.refused("PUT", c.path("notebooks", id), object{"storage_new_size": 70}, 400, "ModelArts.6357")
	shown := c.show(id)
	equal(t, "while it grows", []any{shown["status"], at(t, shown, "volume", "status"), at(t, shown, "volume", "capacity")}, []any{"RUNNING", "RESIZING", 50})
	c.sim.Advance(5 * time.Second)
	shown = c.show(id)
	equal(t, "after it", []any{at(t, shown, "volume", "status"), at(t, shown, "volume", "capacity")}, []any{"IN_USE", 60})
	equal(t, "the same size", at(t, c.ok("PUT", c.path("notebooks", id), object{"storage_new_size": 60}), "volume", "status"), "IN_USE")

	c.ok("PUT", c.path("notebooks", id), object{"storage_new_size": 61})
	c.settle()
	c.ok("POST", c.path("notebooks", id, "stop"), nil)
	c.settle()
	c.refused("PUT", c.path("notebooks", id), object{"storage_new_size": 62}, 400, "ModelArts.6347")
	c.ok("PUT", c.path("notebooks", id), object{"name": "x"})

	efs := c.stopped(object{"volume": object{"category": "EFS", "ownership": "MANAGED"}})
	c.answers("volume-grow-stopped")
	c.refused("PUT", c.path("notebooks", efs), object{"storage_new_size": 100}, 400, "ModelArts.6336")
}

func TestCustomSpec(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	id := c.stopped(object{"flavor": nil, "pool_id": "pool41664192", "custom_spec": object{"cpu": 1.5, "memory": 1024}})
	shown := c.show(id)
	equal(t, "spec", shown["custom_spec"], object{"cpu": 1.5, "memory": 1024})
	equal(t, "flavor", shown["flavor"], "custom.flavor.spec.code")
	equal(t, "pool", shown["pool"], object{"id": "pool41664192", "name": "pool41664192"})
	c.ok("PUT", c.path("notebooks", id), object{"custom_spec": object{"cpu": 2, "memory": 2048}})
	equal(t, "spec", at(t, c.show(id), "custom_spec", "cpu"), 2)
	switchable := c.ok("GET", c.path("notebooks", id, "flavors"), nil)
	equal(t, "switchable in the pool", switchable["total"], 12)
	c.ok("PUT", c.path("notebooks", id), object{"flavor": "modelarts.pool.visual.4xlarge"})
	equal(t, "spec", c.show(id)["custom_spec"], nil)
}
