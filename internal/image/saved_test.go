package image_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/image"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	savedAddress    = "modelarts_notebook_image.test"
	notebookAddress = "modelarts_notebook.test"
	// unkept is the answer under which a notebook does not go on with the image that it
	// was saved as, so that the image can be deleted before it.
	unkept = "image-kept"
)

// savedArguments are arguments of an image, by name; an empty one is left out.
type savedArguments map[string]string

// block is the image in the syntax of a configuration.
func (a savedArguments) block() string {
	return acctest.Block("modelarts_notebook_image", "test", acctest.With(savedArguments{
		"notebook_id": "modelarts_notebook.test.id", "namespace": `"team"`, "name": `"vision"`, "tag": `"1.0.0"`,
	}, a))
}

// savedConfig is a notebook and the image that it is saved as.
func savedConfig(s *acctest.Service, a savedArguments) string {
	return s.Provider("") + acctest.Notebook + a.block()
}

// A whole life: saved, waited for, imported, kept in the state, deleted with its content.
func TestAccNotebookImage_life(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 300 * time.Millisecond, Answers: []string{unkept}})
	checkImages(t, s,
		resource.TestStep{
			Config: savedConfig(s, nil),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(savedAddress, at("status"), knownvalue.StringExact("ACTIVE")),
				statecheck.ExpectKnownValue(savedAddress, at("origin"), knownvalue.StringExact("IMAGE_SAVE")),
				statecheck.ExpectKnownValue(savedAddress, at("arch"), knownvalue.StringExact("X86_64")),
				statecheck.ExpectKnownValue(savedAddress, at("swr_path"), knownvalue.StringExact(visionPath)),
				statecheck.ExpectKnownValue(savedAddress, at("workspace_id"), knownvalue.StringExact("0")),
				statecheck.ExpectKnownValue(savedAddress, at("delete_content"), knownvalue.Bool(true)),
			},
			Check: func(state *terraform.State) error {
				if n := s.Only(t); n.Status != "RUNNING" {
					return fmt.Errorf("the notebook is %s", n.Status)
				}
				return s.ExpectWrites("CreateNotebook", "CreateImage name namespace tag")(state)
			},
		},
		resource.TestStep{
			ResourceName: savedAddress, ImportState: true, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"notebook_id"}, // which no answer has
		},
		resource.TestStep{
			ResourceName: savedAddress, ImportState: true, ImportStateVerify: true, ImportStateIdPrefix: simulator.DefaultRegion + "/",
			ImportStateVerifyIgnore: []string{"notebook_id"},
		},
		// Flags call nothing.
		resource.TestStep{
			PreConfig:        s.ResetRequests,
			Config:           savedConfig(s, savedArguments{"keep_on_destroy": "true", "delete_content": "false", "timeouts": `{ create = "1h" }`}),
			ConfigPlanChecks: updates(savedAddress),
			Check:            s.ExpectWrites(),
		},
		resource.TestStep{
			PreConfig:        s.ResetRequests,
			Config:           savedConfig(s, savedArguments{"delete_content": "false"}),
			ConfigPlanChecks: updates(savedAddress),
		},
		// Triggers save the notebook again.
		resource.TestStep{
			Config:           savedConfig(s, savedArguments{"triggers": `{ version = "2" }`}),
			ConfigPlanChecks: replaces(savedAddress),
			Check:            s.ExpectWrites("DeleteImage", "CreateImage name namespace tag"),
		},
		resource.TestStep{
			PreConfig: s.ResetRequests,
			Config:    s.Provider("") + acctest.Notebook,
			Check:     s.ExpectWrites("DeleteImage force=true is_force"),
		},
	)
}

// An image that the notebook goes on with stays when it is replaced, and so does one that is
// kept. Another one cannot have its tag: the plan says so, and the image stays in the state.
func TestAccNotebookImage_tagStaysTaken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kept    string
		answers []string
		says    string
	}{
		"used by the notebook": {"false", nil, "service refuses to delete an image that is in use"},
		"kept":                 {"true", []string{unkept}, "has keep_on_destroy = true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: tc.answers})
			config := func(version, tag string) string {
				text := savedConfig(s, savedArguments{"triggers": `{ version = "` + version + `" }`, "tag": tag, "keep_on_destroy": tc.kept})
				return strings.TrimSuffix(text, "}\n") + "lifecycle { create_before_destroy = true }\n}\n"
			}
			s.Check(t,
				resource.TestStep{Config: config("1", `"1"`)},
				resource.TestStep{PreConfig: s.ResetRequests, Config: config("2", `"1"`), ExpectError: acctest.Text(tc.says)},
				resource.TestStep{Config: config("1", `"1"`), Check: s.ExpectWrites()}, // it is in the state
				resource.TestStep{Config: config("2", `"2"`), ConfigPlanChecks: replaces(savedAddress)},
			)
		})
	}
}

// savedLives have one value and another for each argument.
func savedLives() map[string][2]string {
	return map[string][2]string{
		"name":                {`"vision"`, `"speech"`},
		"namespace":           {`"team"`, `"other"`},
		"tag":                 {`"1.0.0"`, `"1.0.1"`},
		"description":         {`"one"`, `"two"`},
		"workspace_id":        {`"0"`, `"` + simulator.DefaultWorkspace + `"`},
		"swr_instance_id":     {`"a"`, `"b"`},
		"swr_instance_domain": {`"a.example.com"`, `"b.example.com"`},
		"triggers":            {`{ a = "1" }`, `{ a = "2" }`},
		"notebook_id":         {`modelarts_notebook.test.id`, `modelarts_notebook.other.id`},
		"region":              {`"` + simulator.DefaultRegion + `"`, ""},
	}
}

func TestEveryArgumentOfANotebookImageHasALife(t *testing.T) {
	t.Parallel()
	lives := savedLives()
	for _, name := range image.SavedArguments() {
		if _, there := lives[name]; !there {
			t.Errorf("%s has no life", name)
		}
	}
}

// A change of any argument saves the notebook again. An import with any of them plans
// nothing but to take over what no answer has.
func TestAccNotebookImage_arguments(t *testing.T) {
	t.Parallel()
	for name, values := range savedLives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 100 * time.Millisecond, Answers: []string{unkept}})
			other := strings.Replace(strings.Replace(acctest.Notebook, `"test" {`, `"other" {`, 1), `name     = "test"`, `name     = "other"`, 1)
			config := func(v string) string { return savedConfig(s, savedArguments{name: v}) + other }
			unanswered := []string{"notebook_id"}
			if name == "swr_instance_id" || name == "swr_instance_domain" || name == "triggers" {
				unanswered = append(unanswered, name, "triggers.%", "triggers.a")
			}
			steps := []resource.TestStep{
				{Config: config(values[0])},
				{ResourceName: savedAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: unanswered},
			}
			if values[1] != "" {
				steps = append(steps, resource.TestStep{PreConfig: s.ResetRequests, Config: config(values[1]), ConfigPlanChecks: replaces(savedAddress), Check: func(*terraform.State) error {
					if counts := s.Operations(); counts["CreateImage"] != 1 || counts["DeleteImage"] != 1 {
						return fmt.Errorf("the calls are %v", counts)
					}
					return nil
				}})
			}
			checkImages(t, s, steps...)
		})
	}
}
