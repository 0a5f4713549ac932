package image_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Every argument is known only in the apply once. Later it is known to be the same, which
// changes nothing.
func TestAccImage_unknown(t *testing.T) {
	t.Parallel()
	const late = "resource \"terraform_data\" \"late\" { input = %s }\n"
	for name, life := range registeredLives() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			config := func(v string) string {
				text := registeredConfig(s, name+" = terraform_data.late.output")
				if life.pathToo {
					text = strings.Replace(registeredConfig(s, ""), `"`+visionPath+`"`, "terraform_data.late.output", 1)
				}
				return text + fmt.Sprintf(late, v)
			}
			set := life.set
			if life.pathToo {
				set = `"` + visionPath + `"`
			}
			steps := []resource.TestStep{{Config: config(set)}}
			if name != "region" {
				changes := replaces(registeredAddress)
				if life.inPlace {
					changes = updates(registeredAddress)
				}
				steps = append(steps, resource.TestStep{Config: config(life.change), ConfigPlanChecks: changes})
			}
			checkImages(t, s, steps...)
		})
	}
}

func TestAccNotebookImage_unknown(t *testing.T) {
	t.Parallel()
	for name, values := range savedLives() {
		if name == "notebook_id" {
			continue // it is unknown in every create
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
			config := func(v string) string {
				return savedConfig(s, savedArguments{name: "terraform_data.late.output"}) + fmt.Sprintf("resource \"terraform_data\" \"late\" { input = %s }\n", v)
			}
			steps := []resource.TestStep{{Config: config(values[0])}}
			if values[1] != "" {
				steps = append(steps, resource.TestStep{Config: config(values[1]), ConfigPlanChecks: replaces(savedAddress)})
			}
			checkImages(t, s, steps...)
		})
	}
}

// The plan of a replacement says what becomes of the old image, and of a value that is not
// known yet that the image is replaced whatever it turns out to be.
func TestAccNotebookImage_replacedText(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	const late = "resource \"terraform_data\" \"late\" { input = %q }\n"
	config := func(arguments savedArguments, input string) string {
		return savedConfig(s, arguments) + fmt.Sprintf(late, input)
	}
	w := acctest.NewWorkspace(t, config(savedArguments{"description": "substr(terraform_data.late.output, 0, 1)"}, "a"))
	w.MustRun(t, "apply", "-auto-approve")
	const deleted, unknown = "is deleted, also from the container registry. There is no undo.", "The value of description is not known yet, and the image is replaced even if"
	for name, test := range map[string]struct {
		config    string
		says, not string
	}{
		"another value": {config(savedArguments{"description": `"b"`}, "a"), deleted, "not known yet"},
		"not known yet": {config(savedArguments{"description": "substr(terraform_data.late.output, 0, 1)"}, "ab"), unknown, ""},
		"not known yet, beside another value": {
			config(savedArguments{"description": "substr(terraform_data.late.output, 0, 1)", "tag": `"9.9"`}, "ab"), deleted, "is not known yet",
		},
		"no change": {config(savedArguments{"description": `"a"`}, "a"), "", "will be replaced"},
	} {
		w.Configure(t, test.config)
		out := acctest.Plain(w.MustRun(t, "plan"))
		if !strings.Contains(out, test.says) || test.not != "" && strings.Contains(out, test.not) {
			t.Errorf("%s: want %q and not %q in\n%s", name, test.says, test.not, out)
		}
	}
}

// What was deleted elsewhere is made again.
func TestAccImage_disappears(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func(*acctest.Service) string{
		registeredAddress: func(s *acctest.Service) string { return registeredConfig(s, "") },
		savedAddress:      func(s *acctest.Service) string { return savedConfig(s, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, answers := range [][]string{{unkept}, {unkept, "gone-404"}, {unkept, "gone-6404"}} {
				s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: answers})
				checkImages(t, s,
					resource.TestStep{Config: config(s)},
					resource.TestStep{
						PreConfig: func() {
							s.Advance(10 * time.Minute) // what was made a moment ago is looked for for longer
							for _, i := range s.Images() {
								s.RemoveImage(i.ID)
							}
						},
						Config:           config(s),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(name, plancheck.ResourceActionCreate)}},
					},
				)
			}
		})
	}
}

// A proxy's 404 and a service that fails take no image out of the state.
func TestAccImage_notGone(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, registeredConfig(s, ""))
	w.MustRun(t, "apply", "-auto-approve")
	s.Inject(simulator.Fault{Operation: "ShowImage", Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0112", Count: -1})
	out, err := w.Run(t, "plan")
	if err == nil || !strings.Contains(acctest.Plain(out), "Unable to read image") {
		t.Errorf("%v: Terraform printed\n%s", err, out)
	}
	s.ClearFaults()
	if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("Terraform printed\n%s", out)
	}
}

// A status that has gone wrong is mended: at once after a registration, and by an apply
// that the plan announces.
func TestAccImage_status(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	status := statecheck.ExpectKnownValue(registeredAddress, at("status"), knownvalue.StringExact("ACTIVE"))
	checkImages(t, s,
		resource.TestStep{Config: registeredConfig(s, "")},
		resource.TestStep{
			PreConfig: func() {
				s.ResetRequests()
				change1(s, simulator.ImageDrift{Status: new("ERROR"), StatusMessage: new("The image could not be pulled.")})
			},
			Config: registeredConfig(s, ""), ConfigPlanChecks: updates(registeredAddress),
			ConfigStateChecks: []statecheck.StateCheck{status}, Check: s.ExpectWrites("SyncImage"),
		},
	)
}

// A save that fails is an error with the service's words, and a destroy removes what is
// left, whatever keep_on_destroy says.
func TestAccNotebookImage_failed(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	s.Inject(simulator.Fault{Kind: simulator.FaultSnapshotFailed, Reason: "The image is too large.", Count: 1})
	checkImages(t, s,
		resource.TestStep{
			Config:      savedConfig(s, savedArguments{"keep_on_destroy": "true"}),
			ExpectError: acctest.Text("the status is CREATE_FAILED: The image is too large."),
		},
		resource.TestStep{
			Config:           savedConfig(s, savedArguments{"keep_on_destroy": "false"}),
			ConfigPlanChecks: replaces(savedAddress),
		},
	)
}

// What somebody changes in a saved image is shown, and saves nothing again.
func TestAccNotebookImage_drift(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	config := savedConfig(s, savedArguments{"description": `"one"`})
	checkImages(t, s,
		resource.TestStep{Config: config},
		resource.TestStep{
			PreConfig: func() {
				change1(s, simulator.ImageDrift{Description: new("else"), Visibility: new("PUBLIC")})
				s.ResetRequests()
			},
			Config: config, ConfigPlanChecks: acctest.EmptyPlan(), Check: s.ExpectWrites(),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(savedAddress, at("description"), knownvalue.StringExact("else")),
				statecheck.ExpectKnownValue(savedAddress, at("visibility"), knownvalue.StringExact("PUBLIC")),
			},
		},
		resource.TestStep{Config: savedConfig(s, savedArguments{"description": `"two"`}), ConfigPlanChecks: replaces(savedAddress)},
	)
}

// A notebook that does not run cannot be saved: the plan says so where nothing in it may
// start the notebook, and else the apply.
func TestAccNotebookImage_notRunning(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]string{"6327": {unkept}, "6958": {unkept, "image-save-6958"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers})
			stopped := s.Provider("") + notebookWith(acctest.Image, "  desired_status = \"STOPPED\"")
			running := s.Provider("") + notebookWith(acctest.Image, "  desired_status = \"RUNNING\"")
			checkImages(t, s,
				resource.TestStep{Config: stopped},
				resource.TestStep{Config: stopped + savedArguments{}.block(), ExpectError: acctest.Text("The notebook cannot be saved")},
				// Both in one configuration that is new: only the apply can tell.
				resource.TestStep{
					Config:      strings.Replace(stopped, `"test"`, `"other"`, 1) + strings.Replace(savedArguments{"notebook_id": "modelarts_notebook.other.id"}.block(), `"test"`, `"other"`, 1),
					ExpectError: acctest.Text("a running notebook can be saved as an image"),
				},
				// The same run starts it.
				resource.TestStep{Config: running + savedArguments{}.block()},
				// The same run stops it.
				resource.TestStep{
					Config:      stopped + savedArguments{}.block() + strings.Replace(savedArguments{"name": `"late"`}.block(), `"test"`, `"late"`, 1),
					ExpectError: acctest.Text("is STOPPED, or will be at the time of the save"),
				},
			)
		})
	}
}

// What else is under way on the notebook is waited for.
func TestAccNotebookImage_whileSaving(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]string{"refused": {unkept}, "taken": {unkept, "image-snapshot-open"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 300 * time.Millisecond, Answers: answers})
			other := strings.Replace(savedArguments{"name": `"speech"`}.block(), `"test"`, `"other"`, 1)
			checkImages(t, s, resource.TestStep{Config: savedConfig(s, nil) + other, Check: func(*terraform.State) error {
				if n := len(s.Images()); n != 2 {
					return fmt.Errorf("there are %d images", n)
				}
				return nil
			}})
		})
	}
}

// A cancelled save leaves the image in the state, untainted, and the next apply waits for it.
func TestAccNotebookImage_cancel(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 2 * time.Second, Answers: []string{unkept}})
	w := acctest.NewWorkspace(t, savedConfig(s, nil))
	r := w.Start(t, "apply", "-auto-approve")
	acctest.Eventually(t, "the notebook is being saved", func() bool { return s.Operations()["CreateImage"] > 0 && s.Operations()["ShowImage"] > 0 })
	if err := r.Interrupt(); err != nil {
		t.Fatal(err)
	}
	out, _ := r.Wait()
	if plain := acctest.Plain(out); !strings.Contains(plain, "could not be followed") || !strings.Contains(plain, "the apply was cancelled") {
		t.Errorf("Terraform printed\n%s", out)
	}
	if state := w.State(t); !strings.Contains(state, s.Images()[0].ID) || strings.Contains(state, "tainted") {
		t.Errorf("the state is\n%s", state)
	}
	w.MustRun(t, "apply", "-auto-approve")
	if n := s.Operations()["CreateImage"]; n != 1 || len(s.Images()) != 1 {
		t.Errorf("%d saves, %d images", n, len(s.Images()))
	}
	if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("Terraform printed\n%s", out)
	}
	w.MustRun(t, "destroy", "-auto-approve")
	if len(s.Images()) > 0 {
		t.Error("an image is left")
	}
}

// A request whose answer is lost is not sent again: the image is found.
func TestAccImage_adopted(t *testing.T) {
	t.Parallel()
	for address, test := range map[string]struct {
		operation string
		config    func(*acctest.Service) string
	}{
		registeredAddress: {"RegisterImage", func(s *acctest.Service) string { return registeredConfig(s, "") }},
		savedAddress:      {"CreateImage", func(s *acctest.Service) string { return savedConfig(s, nil) }},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
			w := acctest.NewWorkspace(t, test.config(s))
			s.Inject(simulator.Fault{Operation: test.operation, Kind: simulator.FaultCutAfter, Count: 1})
			if out := acctest.Plain(w.MustRun(t, "apply", "-auto-approve")); !strings.Contains(out, "was adopted") {
				t.Errorf("Terraform printed\n%s", out)
			}
			if n := s.Operations()[test.operation]; n != 1 || len(s.Images()) != 1 {
				t.Errorf("%d requests, %d images", n, len(s.Images()))
			}
			if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
				t.Errorf("Terraform printed\n%s", out)
			}
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

// No secret is in the log.
func TestAccImage_noSecretsInLogs(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	w := acctest.NewWorkspace(t, savedConfig(s, nil)+registeredBlock(otherPath, ""))
	logged := w.Log()
	printed := w.MustRun(t, "apply", "-auto-approve")
	token := s.Only(t).Token
	printed += w.MustRun(t, "plan") + w.MustRun(t, "destroy", "-auto-approve")
	acctest.NoSecrets(t, logged(t), printed, []string{token}, "create-image", ": POST /v1/")
}

// The words of the service, whatever they are, are followed by an empty plan.
func TestAccImage_answers(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"image-arch-upper", "image-list-all", "groups-in-data", "workspace-all", "image-delete-used", "delete-no-content", "image-kept", "image-at-request", "image-at-start", "image-other-id"} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			answers := []string{answer}
			if answer != "image-delete-used" {
				answers = append(answers, "image-delete-used")
			}
			s := acctest.New(t, simulator.Options{SnapshotTime: 100 * time.Millisecond, Answers: answers})
			config := savedConfig(s, savedArguments{"description": `"a"`}) + registeredBlock(otherPath, "arch = \"x86_64\"\ntags = [\"a\"]\nread_me = \"one\"")
			changed := strings.Replace(config, `"one"`, `"two"`, 1)
			checkImages(t, s,
				resource.TestStep{Config: config},
				resource.TestStep{Config: changed, ConfigPlanChecks: updates(registeredAddress)},
				resource.TestStep{ResourceName: registeredAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"arch"}},
				resource.TestStep{ResourceName: savedAddress, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"notebook_id"}},
			)
		})
	}
}
