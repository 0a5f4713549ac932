package image_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/image"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	registeredAddress = "modelarts_image.test"
	visionPath        = "swr.example.com/team/vision:1.0.0"
	otherPath         = "swr.example.com/team/speech:2.0.0"
)

// registeredConfig is an image with arguments besides its address.
func registeredConfig(s *acctest.Service, arguments string) string {
	return s.Provider("") + registeredBlock(visionPath, arguments)
}

func registeredBlock(path, arguments string) string {
	return fmt.Sprintf("resource \"modelarts_image\" \"test\" {\n  swr_path = %q\n%s\n}\n", path, arguments)
}

// A whole life: what the service fills in, what is sent, imports, and that nothing is left.
func TestAccImage_life(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	checkImages(t, s,
		resource.TestStep{
			Config: registeredConfig(s, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(registeredAddress, at("name"), knownvalue.StringExact("vision")),
				statecheck.ExpectKnownValue(registeredAddress, at("arch"), knownvalue.StringExact("X86_64")),
				statecheck.ExpectKnownValue(registeredAddress, at("status"), knownvalue.StringExact("ACTIVE")),
				statecheck.ExpectKnownValue(registeredAddress, at("services"), texts("NOTEBOOK", "SSH")),
				statecheck.ExpectKnownValue(registeredAddress, at("region"), knownvalue.StringExact(simulator.DefaultRegion)),
				statecheck.ExpectKnownValue(registeredAddress, at("tags"), knownvalue.Null()),
			},
			Check: s.ExpectWrites("RegisterImage swr_path"),
		},
		// Other spellings of what is there, in another order, are no change.
		resource.TestStep{
			PreConfig:        s.ResetRequests,
			Config:           registeredConfig(s, "arch = \"x86_64\"\nservices = [\"ssh\", \"NOTEBOOK\"]\nresource_categories = [\"gpu\", \"cpu\"]\ntags = []"),
			ConfigPlanChecks: updates(registeredAddress),
			Check:            s.ExpectWrites(),
		},
		resource.TestStep{
			Config:           registeredConfig(s, "tags = [\"b\", \"a\"]\nread_me = \"Read\""),
			ConfigPlanChecks: updates(registeredAddress),
			Check:            s.ExpectWrites("UpdateImageGroup read_me tags"),
		},
		resource.TestStep{ResourceName: registeredAddress, ImportState: true, ImportStateVerify: true},
		resource.TestStep{ResourceName: registeredAddress, ImportState: true, ImportStateVerify: true, ImportStateIdPrefix: simulator.DefaultRegion + "/"},
		resource.TestStep{
			PreConfig:        s.ResetRequests,
			Config:           registeredConfig(s, "delete_content = true"),
			ConfigPlanChecks: updates(registeredAddress),
			Check:            s.ExpectWrites("UpdateImageGroup read_me tags"),
		},
		resource.TestStep{
			PreConfig:        s.ResetRequests,
			Config:           registeredConfig(s, "arch = \"aarch64\""),
			ConfigPlanChecks: replaces(registeredAddress),
			Check:            s.ExpectWrites("DeleteImage force=true is_force", "RegisterImage arch swr_path"),
		},
	)
}

// registeredLife is the life of one argument: set in a create, imported, changed, changed
// elsewhere, removed.
type registeredLife struct {
	set, change string
	sent        string // what a create sends besides the address
	inPlace     bool
	drift       *simulator.ImageDrift // nil: no answer shows it
	kept        bool                  // by a configuration from which it is removed
	pathToo     bool                  // it is swr_path itself
}

func registeredLives() map[string]registeredLife {
	list := func(texts ...string) *[]string { return &texts }
	return map[string]registeredLife{
		"arch":                {set: `"x86_64"`, change: `"AARCH64"`, sent: `"arch":"X86_64"`, drift: &simulator.ImageDrift{Arch: new("x86_64")}, kept: true},
		"description":         {set: `"one"`, change: `"two"`, sent: `"description":"one"`, drift: &simulator.ImageDrift{Description: new("else")}},
		"origin":              {set: `"customize"`, change: `"IMAGE_SAVE"`, sent: `"origin":"CUSTOMIZE"`, drift: &simulator.ImageDrift{Origin: new("CUSTOMIZE")}, kept: true},
		"resource_categories": {set: `["gpu", "CPU"]`, change: `["ASCEND"]`, sent: `"resource_category":["CPU","GPU"]`, drift: &simulator.ImageDrift{ResourceCategories: list("CPU")}, kept: true},
		"service_type":        {set: `"dev"`, change: `"TRAIN"`, sent: `"service_type":"DEV"`, drift: &simulator.ImageDrift{ServiceType: new("COMMON")}, kept: true},
		"services":            {set: `["ssh", "NOTEBOOK"]`, change: `["SSH"]`, sent: `"services":["NOTEBOOK","SSH"]`, drift: &simulator.ImageDrift{DevServices: list("NOTEBOOK")}, kept: true},
		"visibility":          {set: `"private"`, change: `"PUBLIC"`, sent: `"visibility":"PRIVATE"`, drift: &simulator.ImageDrift{Visibility: new("PRIVATE")}, kept: true},
		"workspace_id":        {set: `"0"`, change: `"` + simulator.DefaultWorkspace + `"`, sent: `"workspace_id":"0"`, drift: &simulator.ImageDrift{WorkspaceID: new("0")}, kept: true},
		"flavor_type":         {set: `"ascend_snt9"`, change: `"ASCEND_SNT9B"`, sent: `"flavor_type":"ASCEND_SNT9"`, drift: &simulator.ImageDrift{FlavorType: new("ASCEND_SNT3")}},
		"swr_instance_id":     {set: `"a"`, change: `"b"`, sent: `"swr_instance_id":"a"`},
		"tags":                {set: `["b", "a"]`, change: `["c"]`, sent: `"tags":["a","b"]`, inPlace: true, drift: &simulator.ImageDrift{Tags: list("d", "e")}},
		"read_me":             {set: `"one"`, change: `"two"`, sent: `"read_me":"one"`, inPlace: true, drift: &simulator.ImageDrift{ReadMe: new("else")}},
		"region":              {set: `"` + simulator.DefaultRegion + `"`, change: `"cn-east-3"`, sent: `"swr_path"`, kept: true},
		"swr_path":            {pathToo: true, change: `"` + otherPath + `"`, sent: `"swr_path":"` + visionPath + `"`},
	}
}

// Every argument has a life.
func TestEveryArgumentOfAnImageHasALife(t *testing.T) {
	t.Parallel()
	lives := registeredLives()
	for _, name := range image.RegisteredArguments() {
		if _, there := lives[name]; !there {
			t.Errorf("%s has no life", name)
		}
		delete(lives, name)
	}
	for name := range lives {
		t.Errorf("there is no argument %s", name)
	}
}

func TestAccImage_arguments(t *testing.T) {
	t.Parallel()
	for name, life := range registeredLives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			checkImages(t, s, life.steps(s, name)...)
		})
	}
}

func (l registeredLife) steps(s *acctest.Service, name string) []resource.TestStep {
	set, change := registeredConfig(s, name+" = "+l.set), registeredConfig(s, name+" = "+l.change)
	if l.pathToo {
		set, change = registeredConfig(s, ""), s.Provider("")+registeredBlock(otherPath, "")
	}
	changes := replaces(registeredAddress)
	if l.inPlace {
		changes = updates(registeredAddress)
	}
	steps := []resource.TestStep{{
		Config: set,
		Check: func(*terraform.State) error {
			if body := lastBody(s, "RegisterImage"); !strings.Contains(body, l.sent) {
				return fmt.Errorf("the registration was %s, want %s", body, l.sent)
			}
			return nil
		},
	}}
	if name != "region" { // the service is not there
		ignored := []string{}
		if name == "swr_instance_id" {
			ignored = append(ignored, name) // the simulator does not show it
		}
		steps = append(steps,
			resource.TestStep{ResourceName: registeredAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: append(ignored, caseOf(l.set, name)...)},
			resource.TestStep{Config: change, ConfigPlanChecks: changes},
		)
	} else {
		steps = append(steps, resource.TestStep{Config: change, PlanOnly: true, ExpectError: regexp.MustCompile("cn-east-3")})
		change = set
	}
	if l.drift != nil && l.inPlace {
		steps = append(steps, resource.TestStep{PreConfig: func() { change1(s, *l.drift) }, Config: change, ConfigPlanChecks: changes})
	} else if l.drift != nil {
		// Nothing but the configuration replaces an image.
		steps = append(steps, resource.TestStep{
			PreConfig: func() { change1(s, *l.drift); s.ResetRequests() }, Config: change, ConfigPlanChecks: acctest.EmptyPlan(), Check: s.ExpectWrites(),
		})
	}
	removed := changes
	if l.kept {
		removed = acctest.EmptyPlan()
	}
	if !l.pathToo {
		steps = append(steps, resource.TestStep{Config: registeredConfig(s, ""), ConfigPlanChecks: removed})
	}
	return steps
}

// caseOf is the argument where an import cannot know how its letters were spelled.
func caseOf(set, name string) []string {
	if strings.ToUpper(set) != set && slices.Contains([]string{"arch", "origin", "resource_categories", "service_type", "services", "visibility", "flavor_type"}, name) {
		return []string{name}
	}
	return nil
}

// change1 changes the one image of the account.
func change1(s *acctest.Service, d simulator.ImageDrift) {
	for _, i := range s.Images() {
		if err := s.ChangeImage(i.ID, d); err != nil {
			panic(err)
		}
	}
}

// lastBody is what the last call of an operation has sent.
func lastBody(s *acctest.Service, operation string) string {
	body := ""
	for _, r := range s.Requests() {
		if r.Operation == operation {
			body = string(r.Body)
		}
	}
	return body
}

func updates(address string) resource.ConfigPlanChecks {
	return acctest.Planned(address, plancheck.ResourceActionUpdate)
}

func replaces(address string) resource.ConfigPlanChecks {
	return acctest.Planned(address, plancheck.ResourceActionReplace)
}
