package simulator_test

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestCatalogueExample takes the catalogue that there is by default as a file,
// and answers as without it.
func TestCatalogueExample(t *testing.T) {
	text, err := simulator.DefaultCatalogue().JSON()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := simulator.ParseCatalogue(text)
	if err != nil {
		t.Fatal(err)
	}
	without, with := newCaller(t, simulator.Options{}), newCaller(t, simulator.Options{Catalogue: catalogue})
	for _, path := range []string{
		"notebooks/flavors?limit=100", "images?type=BUILD_IN", "images?type=DEDICATED", "authoring/clusters?type=DEDICATED", "authoring/clusters?type=MANAGED",
	} {
		equal(t, path, with.ok("GET", with.path(path), nil), without.ok("GET", without.path(path), nil))
	}
}

// TestCatalogue makes notebooks of a catalogue of one's own.
func TestCatalogue(t *testing.T) {
	catalogue, err := simulator.ParseCatalogue([]byte(`{
		"flavors": [
			{"id": "own.cpu", "vcpus": 3, "memory": 8388608, "storages": ["EVS", "EFS_DEDICATED"], "evs_max_size": "100"},
			{"id": "own.gone", "vcpus": 3, "memory": 8388608, "sold_out": true},
			{"id": "own.npu", "arch": "aarch64", "category": "ascend", "vcpus": 24, "memory": 8388608,
				"ascend": {"npu": 1, "npu_memory": "32GB", "type": "D910", "type_alias": "Ascend-snt9"}}],
		"images": [{"id": "` + vendorImage + `", "name": "own-image", "tag": "1", "arch": "X86_64", "resource_categories": ["CPU"]}],
		"pools": [{"pool_id": "own-pool", "flavors": [{"id": "own.pool", "vcpus": 2, "memory": "4194304", "sold_out": true}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := newCaller(t, simulator.Options{Catalogue: catalogue})
	c.lenient = false
	own := func(flavor string, more object) object {
		body := object{"name": "a", "flavor": flavor, "image_id": vendorImage, "volume": object{"category": "EVS", "ownership": "MANAGED", "capacity": 50}}
		for name, value := range more {
			body[name] = value
		}
		return body
	}
	c.ok("POST", c.path("notebooks"), own("own.cpu", nil))
	c.refused("POST", c.path("notebooks"), own("modelarts.vm.cpu.2u", nil), 400, "ModelArts.6323")
	c.refused("POST", c.path("notebooks"), own("own.gone", nil), 400, "ModelArts.6716")
	c.refused("POST", c.path("notebooks"), own("own.npu", nil), 400, "ModelArts.6330")
	c.refused("POST", c.path("notebooks"), own("own.pool", object{"pool_id": "own-pool"}), 400, "ModelArts.6716")
	c.refused("POST", c.path("notebooks"), own("own.cpu", object{"volume": object{"category": "EVS", "ownership": "MANAGED", "capacity": 101}}), 400, "ModelArts.6331")
	c.sim.Reset()
	equal(t, "images after a reset", at(t, c.ok("GET", c.path("images"), nil), "data", 0, "name"), "own-image")
	equal(t, "pool", at(t, c.ok("GET", c.path("authoring", "clusters")+"?type=DEDICATED", nil), "data", 0, "flavors", 0, "evs_max_size"), "4096")
	equal(t, "storages", at(t, c.ok("GET", c.path("notebooks", "flavors"), nil), "data", 0, "storages"), []string{"EVS"})
}

// TestCatalogueErrors holds that an error names the place and what would be right.
func TestCatalogueErrors(t *testing.T) {
	const flavor, image = `"id": "f", "vcpus": 1, "memory": 1048576`, `"id": "` + vendorImage + `", "name": "i"`
	for text, want := range map[string]string{
		``:                         "it is empty",
		`{`:                        "it ends too early",
		"{\n\n x}":                 "line 3: it is not JSON",
		`[]`:                       "it is a list, where an object is wanted",
		`{} {}`:                    "something behind",
		`{"flavor": []}`:           `unknown field "flavor"`,
		`{"flavors": {}}`:          "flavors: it is an object, where a list is wanted",
		`{"flavors": [{}]}`:        "flavors[0]: id: it is missing",
		`{"flavors": [1]}`:         "flavors[0]: it is a number, where an object is wanted",
		`{"flavors": [{"id": 1}]}`: "flavors[0]: id: it is a number, where a text is wanted",
		`{"flavors": [{` + flavor + `, "cpu": 1}]}`:                     `flavors[0]: unknown field "cpu"`,
		`{"flavors": [{` + flavor + `}, {` + flavor + `}]}`:             `flavors[1]: "f" is there twice`,
		`{"flavors": [{"id": "f", "memory": 1}]}`:                       "flavors[0]: f: vcpus: it is missing",
		`{"flavors": [{"id": "f", "vcpus": 1}]}`:                        "8 GB are 8388608",
		`{"flavors": [{` + flavor + `, "arch": "x86"}]}`:                `arch: "X86" is none of X86_64, AARCH64`,
		`{"flavors": [{` + flavor + `, "category": "TPU"}]}`:            `category: "TPU" is none of CPU, GPU, ASCEND`,
		`{"flavors": [{` + flavor + `, "category": "GPU"}]}`:            "gpu: flavors of the category GPU have it",
		`{"flavors": [{` + flavor + `, "category": "GPU", "gpu": {}}]}`: "gpu.gpu: it is missing",
		`{"flavors": [{` + flavor + `, "storages": ["SSD"]}]}`:          `storages: "SSD" is none of EVS, EFS, OBS, OBSFS`,
		`{"flavors": [{` + flavor + `, "evs_max_size": "4 TB"}]}`:       `evs_max_size: it is a number of GB in quotes`,
		`{"images": [{"name": "i"}]}`:                                   "images[0]: id: it is missing",
		`{"images": [{"id": "i", "name": "i"}]}`:                        "images[0]: i: id: it is not a UUID",
		`{"images": [{"id": "` + vendorImage + `"}]}`:                   "name: it is missing",
		`{"images": [{` + image + `, "status": "GOOD"}]}`:               `status: "GOOD" is none of`,
		`{"images": [{` + image + `, "resource_categories": []}]}`:      "no flavor could run the image",
		`{"images": [{` + image + `}, {` + image + `}]}`:                "images[1]: \"" + vendorImage + "\" is there twice",
		`{"pools": [{}]}`: "pools[0]: pool_id: it is missing",
		`{"pools": [{"pool_id": "p", "type": "OWN"}]}`:                                          `pools[0]: p: type: "OWN" is none of`,
		`{"pools": [{"pool_id": "p", "flavors": [{"id": "f", "vcpus": 1, "memory": "1 GB"}]}]}`: "pools[0]: p: flavors[0]: memory: it is a number of kibibytes in quotes",
	} {
		_, err := simulator.ParseCatalogue([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, and has no %q", text, err, want)
		}
	}
}
