package image_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// An image that its notebook goes on with is deleted after the notebook, when one destroy
// deletes both.
func TestAccNotebookImage_deletedWithItsNotebook(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"image-at-request"}, {"image-delete-used"}, {unkept}} {
		t.Run(strings.Join(answers, ","), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: answers})
			w := acctest.NewWorkspace(t, savedConfig(s, nil))
			w.MustRun(t, "apply", "-auto-approve")
			w.MustRun(t, "destroy", "-auto-approve")
			if err := s.NothingLeft(nil); err != nil || len(s.Images()) != 0 {
				t.Errorf("%v, and there are %d images", err, len(s.Images()))
			}
		})
	}
}

// An image that its notebook goes on with until the same apply gives it another image is
// deleted after that: while the notebook runs and while it is stopped.
func TestAccNotebookImage_deletedWithTheUpdate(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"image-at-request"}, {"image-delete-used"}, {unkept}} {
		t.Run(strings.Join(answers, ","), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: answers})
			agreed := strings.Replace(acctest.Notebook, "image_id", "allow_stopping_for_update = true\n  image_id", 1)
			w := acctest.NewWorkspace(t, s.Provider("")+agreed+savedArguments{}.block())
			w.MustRun(t, "apply", "-auto-approve")
			w.Configure(t, s.Provider("")+strings.Replace(agreed, acctest.Image, acctest.OtherImage, 1))
			w.MustRun(t, "apply", "-auto-approve")
			if n := s.Only(t); n.Status != "RUNNING" || len(s.Images()) != 0 {
				t.Errorf("the notebook is %s, and there are %d images", n.Status, len(s.Images()))
			}
			w.MustRun(t, "plan", "-detailed-exitcode")
			w.MustRun(t, "destroy", "-auto-approve")
			if err := s.NothingLeft(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// An image that waits for a delete or an update of its notebook that fails stays: a warning
// names it, since no later run deletes it.
func TestAccNotebookImage_leftByItsNotebook(t *testing.T) {
	t.Parallel()
	agreed := strings.Replace(acctest.Notebook, "image_id", "allow_stopping_for_update = true\n  image_id", 1)
	for name, tc := range map[string]struct {
		fault  simulator.Fault
		config string // after the first apply
	}{
		"a delete":  {fault: simulator.Fault{Kind: simulator.FaultRefuse, Operation: "DeleteNotebook", Code: "ModelArts.6336", Count: -1}},
		"an update": {fault: simulator.Fault{Kind: simulator.FaultRefuse, Operation: "UpdateNotebook", Code: "ModelArts.6336", Count: -1}, config: strings.Replace(agreed, acctest.Image, acctest.OtherImage, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond})
			w := acctest.NewWorkspace(t, s.Provider("")+agreed+savedArguments{}.block())
			w.MustRun(t, "apply", "-auto-approve")
			s.Inject(tc.fault)
			w.Configure(t, s.Provider("")+tc.config)
			out, err := w.Run(t, "apply", "-auto-approve")
			out = acctest.Plain(out)
			if want := `Image "` + s.Images()[0].SWRPath + `" is left`; err == nil || !strings.Contains(out, want) {
				t.Errorf("%v, and Terraform printed\n%s\nwithout %q", err, out, want)
			}
		})
	}
}

// An image that its notebook goes on with until the same apply saves it again is deleted after
// that save, whatever the service makes of the notebook's image.
func TestAccNotebookImage_deletedWithTheNextSave(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"image-at-request"}, {"image-at-start"}, {"image-other-id"}, {unkept}} {
		t.Run(strings.Join(answers, ","), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: answers})
			w := acctest.NewWorkspace(t, savedConfig(s, savedArguments{"tag": `"1"`}))
			w.MustRun(t, "apply", "-auto-approve")
			w.Configure(t, savedConfig(s, savedArguments{"tag": `"2"`}))
			w.MustRun(t, "apply", "-auto-approve")
			if all := s.Images(); len(all) != 1 || all[0].Tag != "2" {
				t.Errorf("there are %d images: %+v", len(all), all)
			}
			w.MustRun(t, "plan", "-detailed-exitcode")
			w.MustRun(t, "destroy", "-auto-approve")
			if err := s.NothingLeft(nil); err != nil || len(s.Images()) != 0 {
				t.Errorf("%v, and there are %d images", err, len(s.Images()))
			}
		})
	}
}

// An image that its notebook goes on with, and that alone is to be deleted, stays: a warning
// says so, and how to have it back.
func TestAccNotebookImage_inUseByItsNotebook(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond})
	w := acctest.NewWorkspace(t, savedConfig(s, nil))
	w.MustRun(t, "apply", "-auto-approve")
	out := acctest.Plain(w.MustRun(t, "destroy", "-auto-approve", "-target=modelarts_notebook_image.test"))
	for _, want := range []string{"is deleted with its notebook", "If not, the image stays", "import", "keep_on_destroy = true"} {
		if !strings.Contains(out, want) {
			t.Errorf("Terraform printed\n%s\nwithout %q", out, want)
		}
	}
	if len(s.Images()) != 1 {
		t.Errorf("there are %d images", len(s.Images()))
	}
	w.MustRun(t, "import", "modelarts_notebook_image.test", s.Images()[0].ID)
	w.MustRun(t, "apply", "-auto-approve") // no answer says from which notebook an image was saved
	w.MustRun(t, "destroy", "-auto-approve")
	if err := s.NothingLeft(nil); err != nil {
		t.Error(err)
	}
}

// The delete of an image that another notebook uses is refused: the error says what may use
// it and what to do, and each way out works.
func TestAccNotebookImage_inUse(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{SnapshotTime: 50 * time.Millisecond, Answers: []string{unkept}})
	w := acctest.NewWorkspace(t, savedConfig(s, nil))
	w.MustRun(t, "apply", "-auto-approve")
	other := acctest.NewWorkspace(t, s.Provider("")+strings.NewReplacer(acctest.Image, s.Images()[0].ID, `"test"`, `"other"`).Replace(acctest.Notebook))
	other.MustRun(t, "apply", "-auto-approve")
	out, err := w.Run(t, "destroy", "-auto-approve")
	for _, want := range []string{"Unable to delete notebook image", "a running or stopped notebook", "keep_on_destroy = true", "terraform state rm"} {
		if err == nil || !strings.Contains(acctest.Plain(out), want) {
			t.Fatalf("%v: Terraform printed\n%s\nwithout %q", err, out, want)
		}
	}
	w.Configure(t, savedConfig(s, savedArguments{"keep_on_destroy": "true"}))
	w.MustRun(t, "apply", "-auto-approve")
	if out := acctest.Plain(w.MustRun(t, "destroy", "-auto-approve")); !strings.Contains(out, `Notebook image "team/vision:1.0.0" stays`) {
		t.Errorf("Terraform printed\n%s", out)
	}
	if len(s.Images()) != 1 || len(s.Notebooks()) != 1 {
		t.Errorf("there are %d images and %d notebooks", len(s.Images()), len(s.Notebooks()))
	}
}

// An image that a notebook uses is deleted after the notebook.
func TestAccImage_inUse(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	notebook := strings.Replace(acctest.Notebook, `"`+acctest.Image+`"`, "modelarts_image.test.id", 1)
	checkImages(t, s,
		resource.TestStep{Config: registeredConfig(s, "delete_content = true") + notebook},
		resource.TestStep{
			Config:      s.Provider("") + strings.Replace(acctest.Notebook, `"`+acctest.Image+`"`, "\"${one([for i in data.modelarts_images.own.images : i.id if i.name == \"vision\"])}\"", 1) + "data \"modelarts_images\" \"own\" { type = \"DEDICATED\" }\n",
			ExpectError: acctest.Text("Unable to delete image"),
		},
	)
}
