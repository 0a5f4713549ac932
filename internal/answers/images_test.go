package answers_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// savedImage saves the notebook as an image behind the provider's back, changes it
// meanwhile, restarts it, and deletes the image.
func (l *life) savedImage() string {
	l.t.Helper()
	c := l.client()
	tag := "1.0.0"
	saved, err := c.CreateImage(l.t.Context(), l.id, modelarts.ImageSaveRequest{Name: "saved", Namespace: "team", Tag: &tag})
	if err != nil {
		return err.Error()
	}
	if problem := l.apply(strings.Replace(l.text, `"sleepy"`, `"awake"`, 1), "RUNNING"); problem != "" {
		return "changed while an image was saved: " + problem
	}
	acctest.Eventually(l.t, "the image is saved", func() bool {
		image, err := c.ShowImage(l.t.Context(), saved.ID)
		return err == nil && image.Status == modelarts.ImageActive
	})
	l.becomes("RUNNING")
	if problem := l.emptyPlan(); problem != "" {
		return "saved: " + problem
	}
	if problem := l.edit("echo two", "echo three"); problem != "" {
		return "restarted after a save: " + problem
	}
	_ = c.DeleteImage(l.t.Context(), saved.ID, false) // refused under one of the answers
	return l.emptyPlan()
}

// imageWhileStopped is refused.
func (l *life) imageWhileStopped() string {
	l.t.Helper()
	l.status("STOPPED")
	tag := "1.0.0"
	if _, err := l.client().CreateImage(l.t.Context(), l.id, modelarts.ImageSaveRequest{Name: "saved", Namespace: "team", Tag: &tag}); err == nil {
		return "an image of a stopped notebook is saved"
	}
	return l.apply(l.text, "RUNNING")
}

// keptImage is an image that is saved from the notebook, and that its destroy keeps.
const keptImage = `
resource "modelarts_notebook_image" "kept" {
  notebook_id     = modelarts_notebook.life.id
  namespace       = "team"
  name            = "kept"
  tag             = "1.0.0"
  keep_on_destroy = true
}
`

// registeredImage is an image that is registered, with a guide.
func registeredImage(guide string) string {
	return fmt.Sprintf(`
resource "modelarts_image" "registered" {
  swr_path = "swr.example.com/team/registered:1.0.0"
  arch     = "x86_64"
  services = ["SSH", "NOTEBOOK"]
  tags     = ["b", "a"]
  read_me  = %q
}
`, guide)
}

// echo is the script of a hook.
var echo = regexp.MustCompile(`echo (two|three)`)

// imageResources saves the notebook as an image and registers another one, in one
// configuration with the notebook, and restarts the notebook. Nothing but what is
// configured changes.
func (l *life) imageResources() string {
	l.t.Helper()
	l.beside = keptImage + registeredImage("one")
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return "saved: " + problem
	}
	if problem := l.emptyPlan(); problem != "" {
		return "after a save: " + problem
	}
	l.beside = keptImage + registeredImage("two")
	if problem := l.edit(echo.FindString(l.text), "echo four"); problem != "" {
		return "restarted after a save: " + problem
	}
	l.beside = ""
	if problem := l.apply(l.text, "RUNNING"); problem != "" {
		return "without the images: " + problem
	}
	left := l.s.Images()
	if at := slices.IndexFunc(left, func(i simulator.ImageInfo) bool { return i.Name == "kept" }); at < 0 {
		return "the saved image was not kept"
	}
	if at := slices.IndexFunc(left, func(i simulator.ImageInfo) bool { return i.Name == "registered" }); at >= 0 {
		return "the registered image was not deleted"
	}
	return l.emptyPlan()
}
