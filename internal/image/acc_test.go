package image_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	imageNames = "output \"names\" { value = [for i in data.modelarts_images.test.images : \"${i.name}:${i.tag}\"] }\n"

	conda     = "conda3-ubuntu18.04-arm:2.1.0-release_v1"
	mindspore = "mindspore1.7.0-cann5.1.0-py3.7-euler2.8.3:2.1.0-release_v1"
	pyspark   = "mlstudio-pyspark2.4.5-ubuntu18.04-ssh:1.0.0"
	multi     = "notebook2.0-mul-kernel-cpu-cp36:3.3.2-release_v1"
	pytorch   = "pytorch1.8-cuda10.2-cudnn7-ubuntu18.04:2.1.0-release_v1"
)

// register adds images to the account, a minute after one another.
func register(t *testing.T, s *acctest.Service, paths ...string) {
	t.Helper()
	client := s.Client(t)
	for _, path := range paths {
		s.Advance(time.Minute)
		registers(t, client, path, nil)
	}
}

func TestAccImagesDataSource_all(t *testing.T) {
	t.Parallel()
	const address = "data.modelarts_images.test"
	s := acctest.New(t, simulator.Options{})
	register(t, s, "swr.example.com/team/older:1.0.0", "swr.example.com/team/newer:1.0.0")
	acctest.Check(t,
		resource.TestStep{
			Config: s.Data("modelarts_images", "") + imageNames,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("names", acctest.Texts(conda, mindspore, pyspark, multi, pytorch)),
				acctest.Value(address, "images.1", knownvalue.ObjectExact(map[string]knownvalue.Check{
					"id":                  knownvalue.StringExact("2fa4f2b1-7c10-4e52-8d6b-0c9a3e57d184"),
					"name":                knownvalue.StringExact("mindspore1.7.0-cann5.1.0-py3.7-euler2.8.3"),
					"tag":                 knownvalue.StringExact("2.1.0-release_v1"),
					"namespace":           knownvalue.StringExact("atelier"),
					"description":         knownvalue.StringExact("description"),
					"swr_path":            knownvalue.StringExact("swr.example.com/atelier/mindspore1.7.0-cann5.1.0-py3.7-euler2.8.3:2.1.0-release_v1"),
					"type":                knownvalue.StringExact("BUILD_IN"),
					"origin":              knownvalue.Null(),
					"arch":                knownvalue.StringExact("AARCH64"),
					"status":              knownvalue.StringExact("ACTIVE"),
					"status_message":      knownvalue.Null(),
					"service_type":        knownvalue.StringExact("DEV"),
					"services":            acctest.Texts("AI_FLOW", "NOTEBOOK", "SSH"),
					"resource_categories": acctest.Texts("ASCEND"),
					"visibility":          knownvalue.StringExact("PUBLIC"),
					"workspace_id":        knownvalue.StringExact("0"),
					"show_name":           knownvalue.StringExact("mindspore1.7.0-cann5.1.0-py3.7-euler2.8.3"),
					"show_tag":            knownvalue.StringExact("2.1.0-release_v1"),
					"tags":                knownvalue.MapSizeExact(0),
					"created_at":          knownvalue.StringExact("2021-12-07T01:49:04Z"),
					"updated_at":          knownvalue.StringExact("2021-12-07T01:49:04Z"),
				})),
			},
			Check: s.ExpectQueries("ListImage", "workspace_id=0"),
		},
		// The newest first, and what the service cannot run too.
		resource.TestStep{
			PreConfig: s.ResetRequests,
			Config:    s.Data("modelarts_images", `type = "dedicated"`) + imageNames,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("names", acctest.Texts("newer:1.0.0", "older:1.0.0", "broken-image:1.0.0", "team-image:1.0.0")),
				acctest.Value(address, "images.2.status", knownvalue.StringExact("ERROR")),
				acctest.Value(address, "images.2.status_message", knownvalue.StringExact("The image could not be pulled.")),
			},
			Check: s.ExpectQueries("ListImage", "type=DEDICATED&workspace_id=0"),
		},
	)
}

// What the API can filter by is sent to it; the rest is done here.
func TestAccImagesDataSource_filters(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	config, checks := s.Provider(""), []statecheck.StateCheck(nil)
	for i, tc := range []struct {
		arguments string
		want      []string
	}{
		{"type = \"build_in\"\nname = \"ubuntu\"\nname_fuzzy_match = true\nnamespace = \"atelier\"\nservice_type = \"dev\"\nworkspace_id = \"0\"", []string{conda, pyspark, pytorch}},
		{"name = \"ubuntu\"\nname_fuzzy_match = false", nil},
		{"show_name = \"notebook2.0-mul-kernel-cpu-cp36\"\nshow_tag = \"3.3.2-release_v1\"", []string{multi}},
		{`name_regex = "^m"`, []string{mindspore, pyspark}},
		{`tag = "1.0.0"`, []string{pyspark}},
		{`arch = "aarch64"`, []string{conda, mindspore}},
		{`resource_category = "gpu"`, []string{multi, pytorch}},
		{"service = \"ssh\"\narch = \"x86_64\"\nresource_category = \"cpu\"", []string{pyspark, multi, pytorch}},
		{"service = \"notebook\"\narch = \"x86_64\"", []string{multi, pytorch}},
		{`status = "error"`, nil},
		{"type = \"DEDICATED\"\nstatus = \"error\"", []string{"broken-image:1.0.0"}},
	} {
		config += fmt.Sprintf("data \"modelarts_images\" \"test%d\" {\n%s\n}\noutput \"names%d\" { value = [for i in data.modelarts_images.test%d.images : \"${i.name}:${i.tag}\"] }\n", i, tc.arguments, i, i)
		checks = append(checks, statecheck.ExpectKnownOutputValue(fmt.Sprintf("names%d", i), acctest.Texts(tc.want...)))
	}
	acctest.Check(t, resource.TestStep{
		Config: config, ConfigStateChecks: checks,
		Check: s.ExpectQueries("ListImage",
			"name=ubuntu&name_fuzzy_match=false&workspace_id=0",
			"name=ubuntu&name_fuzzy_match=true&namespace=atelier&service_type=DEV&type=BUILD_IN&workspace_id=0",
			"show_name=notebook2.0-mul-kernel-cpu-cp36&show_tag=3.3.2-release_v1&workspace_id=0",
			"type=DEDICATED&workspace_id=0",
			"workspace_id=0"),
	})
}

func TestAccImageDataSource_choice(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	register(t, s, "swr.example.com/team/vision:1.0.0", "swr.example.com/team/vision:0.9.0", "swr.example.com/other/speech:2.0.0")
	config, checks := s.Provider(""), []statecheck.StateCheck(nil)
	for i, tc := range []struct{ arguments, want string }{
		{``, conda}, // all preset images are of one age
		{`resource_category = "gpu"`, multi},
		{"name_regex = \"^(mindspore|pytorch)\"\narch = \"x86_64\"", pytorch},
		{`name = "pytorch1.8-cuda10.2-cudnn7-ubuntu18.04"`, pytorch},
		{`service = "ssh"`, conda},
		{"service = \"notebook\"\nresource_category = \"ASCEND\"", mindspore},
		{`tag = "1.0.0"`, pyspark},
		{`type = "DEDICATED"`, "speech:2.0.0"},
		{"type = \"DEDICATED\"\nname = \"vision\"", "vision:0.9.0"}, // it was registered last
		{"type = \"DEDICATED\"\nname = \"vision\"\ntag = \"1.0.0\"", "vision:1.0.0"},
		{"type = \"DEDICATED\"\nname_regex = \"image$\"", "team-image:1.0.0"}, // the other one is broken
		{"type = \"dedicated\"\nnamespace = \"team\"\nservice_type = \"unknown\"\nworkspace_id = \"0\"", "vision:0.9.0"},
	} {
		config += fmt.Sprintf("data \"modelarts_image\" \"test%d\" {\n%s\n}\n", i, tc.arguments)
		address := fmt.Sprintf("data.modelarts_image.test%d", i)
		name, tag, _ := strings.Cut(tc.want, ":")
		checks = append(checks, acctest.Value(address, "name", knownvalue.StringExact(name)), acctest.Value(address, "tag", knownvalue.StringExact(tag)))
	}
	s.ResetRequests()
	acctest.Check(t, resource.TestStep{
		Config: config, ConfigStateChecks: checks,
		Check: s.ExpectQueries("ListImage",
			"name=pytorch1.8-cuda10.2-cudnn7-ubuntu18.04&name_fuzzy_match=false&type=BUILD_IN&workspace_id=0",
			"name=vision&name_fuzzy_match=false&type=DEDICATED&workspace_id=0",
			"namespace=team&service_type=UNKNOWN&type=DEDICATED&workspace_id=0",
			"type=BUILD_IN&workspace_id=0",
			"type=DEDICATED&workspace_id=0"),
	})
}

// The image that was chosen is what a notebook takes.
func TestAccImageDataSource_notebook(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	acctest.Check(t, resource.TestStep{
		Config: s.Provider("") + `
data "modelarts_flavor" "test" { category = "GPU" }

data "modelarts_image" "test" {
  arch              = lower(data.modelarts_flavor.test.arch)
  resource_category = data.modelarts_flavor.test.category
  name_regex        = "pytorch"
}

resource "modelarts_notebook" "test" {
  name     = "test"
  flavor   = data.modelarts_flavor.test.id
  image_id = data.modelarts_image.test.id
  volume { category = "EVS" }
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			acctest.Value("data.modelarts_image.test", "arch", knownvalue.StringExact("X86_64")),
			acctest.Value("data.modelarts_image.test", "type", knownvalue.StringExact("BUILD_IN")),
			acctest.Value("modelarts_notebook.test", "image_id", knownvalue.StringExact(acctest.OtherImage)),
		},
	})
}

func TestAccImageDataSource_noneFits(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	for name, tc := range map[string]struct{ arguments, want string }{
		"a name that is not there": {
			`name = "pytorch1.8-cuda10.2"`, `
No images fit. The nearest of 7, each with what excludes it:
- pytorch1.8-cuda10.2-cudnn7-ubuntu18.04:2.1.0-release_v1 (59a6e9f5-93c0-44dd-85b0-82f390c5d53a): has another name (name = pytorch1.8-cuda10.2)`,
		},
		"an image of the account": {
			`name = "team-image"`, `
- team-image:1.0.0 (4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42): is DEDICATED (type = BUILD_IN)`,
		},
		"a broken one": {
			"name = \"broken-image\"\ntype = \"DEDICATED\"", `
- broken-image:1.0.0 (f05c2e8d-9a41-47b3-8e6c-1b7d3a90f254): is ERROR, not ACTIVE: The image could not be pulled
- team-image:1.0.0 (4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42): has another name (name = broken-image)`,
		},
		"what only the provider looks at": {
			"name_regex = \"^conda\"\narch = \"X86_64\"\nresource_category = \"ASCEND\"\nservice = \"ssh\"\ntag = \"9\"", `
- conda3-ubuntu18.04-arm:2.1.0-release_v1 (b3f8a4c2-1d5e-4a69-9c07-6e2d8f41a935): has the tag 2.1.0-release_v1 (tag = 9); is AARCH64 (arch = X86_64); supports CPU (resource_category = ASCEND)`,
		},
		"what the service filters by": {
			"type = \"DEDICATED\"\nnamespace = \"nobody\"\nservice_type = \"TRAIN\"\nworkspace_id = \"" + simulator.DefaultWorkspace + "\"", `
is in simulator (namespace = nobody); is for DEV (service_type = TRAIN); is in the workspace 0 (workspace_id = ` + simulator.DefaultWorkspace + `)`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Check(t, resource.TestStep{Config: s.Data("modelarts_image", tc.arguments), ExpectError: acctest.Text(tc.want)})
		})
	}
}

func TestAccImageDataSources_errors(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"modelarts_image", "modelarts_images"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			s.Inject(simulator.Fault{Operation: "ListImage", Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0108", Count: -1})
			acctest.Check(t, resource.TestStep{Config: s.Data(kind, ""), ExpectError: regexp.MustCompile("(?s)Unable to read images.*ModelArts.0108")})
		})
	}
}

// Mistakes are found by validate, without a service.
func TestAccImageDataSources_validation(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ config, want string }{
		"type":     {`data "modelarts_images" "test" { type = "CUSTOM" }`, `Attribute type is "CUSTOM": it must be BUILD_IN or DEDICATED, in any letter case.`},
		"regex":    {`data "modelarts_image" "test" { name_regex = "(" }`, "Attribute name_regex is no regular expression: missing closing )."},
		"service":  {`data "modelarts_image" "test" { service = "RDP" }`, `Attribute service is "RDP": it must be NOTEBOOK or SSH, in any letter case.`},
		"empty":    {`data "modelarts_image" "test" { name = "" }`, `Attribute name is empty: write a value`},
		"category": {`data "modelarts_image" "test" { resource_category = "NPU" }`, `Attribute resource_category is "NPU": it must be CPU, GPU or ASCEND, in any letter case.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Check(t, resource.TestStep{Config: tc.config, PlanOnly: true, ExpectError: acctest.Text(tc.want)})
		})
	}
}
