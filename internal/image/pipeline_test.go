package image_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// notebookWith is the notebook of the tests with other arguments.
func notebookWith(image, arguments string) string {
	text := strings.Replace(acctest.Notebook, acctest.Image, image, 1)
	return strings.Replace(text, "  volume {", arguments+"\n  volume {", 1)
}

// The image of a notebook after a save, whatever the service makes of it: no difference, no
// restart, and what was saved is not thrown away. A changed image_id changes it.
func TestAccNotebookImage_ofTheNotebook(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]string{
		"when it is ready":              nil,
		"not at all":                    {"image-kept"},
		"at the request":                {"image-at-request"},
		"at the start":                  {"image-at-start"},
		"by another ID":                 {"image-other-id"},
		"at the start, by another ID":   {"image-at-start", "image-other-id"},
		"at the request, by another ID": {"image-at-request", "image-other-id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 200 * time.Millisecond, Answers: append(answers, "image-delete-used")})
			const consent = "  allow_stopping_for_update = true"
			config := func(image, arguments string) string {
				return s.Provider("") + notebookWith(image, arguments) + savedArguments{}.block()
			}
			saved := func() string {
				all := s.Images()
				return all[len(all)-1].SWRPath
			}
			goesOn := !slices.Contains(answers, "image-kept")
			runs := func(*terraform.State) error {
				want := acctest.Image
				if got := s.Only(t).ImageID; goesOn == (got == want) {
					return fmt.Errorf("the notebook has the image %s, saved as %s", got, saved())
				}
				return nil
			}
			step := func(image, arguments string, writes ...string) resource.TestStep {
				return resource.TestStep{
					PreConfig: s.ResetRequests, Config: config(image, arguments), Check: resource.ComposeTestCheckFunc(s.ExpectWrites(writes...)),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(notebookAddress, at("image_id"), knownvalue.StringExact(image))},
				}
			}
			stopped := step(acctest.Image, consent+"\n  desired_status = \"STOPPED\"", "StopNotebook")
			started := step(acctest.Image, consent+"\n  desired_status = \"RUNNING\"", "StartNotebook duration=3600000&type=timing")
			started.Check = resource.ComposeTestCheckFunc(started.Check, runs)
			restarted := step(acctest.Image, consent+"\n  desired_status = \"RUNNING\"\n  hooks = { post_start = { content = \"a\" } }",
				"StopNotebook", "UpdateNotebook hooks", "StartNotebook duration=3600000&type=timing")
			restarted.Check = resource.ComposeTestCheckFunc(restarted.Check, runs)
			changed := step(acctest.OtherImage, consent+"\n  desired_status = \"RUNNING\"\n  hooks = { post_start = { content = \"a\" } }",
				"StopNotebook", "UpdateNotebook image_id", "StartNotebook duration=3600000&type=timing")
			changed.Check = resource.ComposeTestCheckFunc(changed.Check, func(*terraform.State) error {
				if got := s.Only(t).ImageID; got != acctest.OtherImage {
					return fmt.Errorf("the notebook has the image %s", got)
				}
				return nil
			})
			checkImages(t, s, step(acctest.Image, consent, "CreateNotebook", "CreateImage name namespace tag"), stopped, started, restarted, changed)
		})
	}
}

// A save from the console is no change either, also when the image is deleted before the
// next refresh. A configuration that names the image that the notebook goes on with changes
// nothing, and one that names another image does.
func TestAccNotebookImage_fromTheConsole(t *testing.T) {
	t.Parallel()
	for name, deleted := range map[string]bool{"the image is there": false, "the image was deleted": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: []string{"image-delete-used"}})
			config := func(image string) string {
				return s.Provider("") + notebookWith(image, "  allow_stopping_for_update = true")
			}
			var id string
			steps := []resource.TestStep{
				{Config: config(acctest.Image)},
				{
					PreConfig: func() {
						id = save(t, s)
						if deleted {
							s.RemoveImage(id)
						}
						s.ResetRequests()
					},
					Config: config(acctest.Image), ConfigPlanChecks: acctest.EmptyPlan(), Check: s.ExpectWrites(),
				},
			}
			if !deleted {
				steps = append(steps, resource.TestStep{
					PreConfig: s.ResetRequests,
					Config: s.Provider("") + strings.Replace(notebookWith("IMAGE", "  allow_stopping_for_update = true"), `"IMAGE"`,
						"[for i in data.modelarts_images.own.images : i.id if i.name == \"vision\"][0]", 1) + "data \"modelarts_images\" \"own\" { type = \"DEDICATED\" }\n",
					ConfigPlanChecks: updates(notebookAddress), Check: s.ExpectWrites(),
				})
			}
			steps = append(steps, resource.TestStep{
				PreConfig: s.ResetRequests, Config: config(acctest.OtherImage),
				Check: s.ExpectWrites("StopNotebook", "UpdateNotebook image_id", "StartNotebook duration=3600000&type=timing"),
			})
			s.Check(t, steps...)
		})
	}
}

// save saves the one notebook of the service as the console does.
func save(t *testing.T, s *acctest.Service) string {
	t.Helper()
	client := s.Client(t)
	tag := "1.0.0"
	made, err := client.CreateImage(t.Context(), s.Only(t).ID, modelarts.ImageSaveRequest{Name: "vision", Namespace: "team", Tag: &tag})
	if err != nil {
		t.Fatal(err)
	}
	acctest.Eventually(t, "the notebook is saved", func() bool {
		image, err := client.ShowImage(t.Context(), made.ID)
		return err == nil && image.Status == modelarts.ImageActive && s.Only(t).Status == "RUNNING"
	})
	return made.ID
}
