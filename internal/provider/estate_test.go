package provider_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// estate is a notebook with two mounts, one image that is saved from it or none, and the
// action that restarts it.
func estate(s *acctest.Service, flavor string, saved bool) string {
	text := s.Provider("") + fmt.Sprintf(`
resource "modelarts_notebook" "estate" {
  name     = "estate"
  flavor   = %q
  image_id = %q
  volume { category = "EVS" }
  lease                     = { duration = "8h" }
  allow_stopping_for_update = true
}

resource "modelarts_notebook_storage" "lake" {
  for_each    = toset(["lake", "models"])
  notebook_id = modelarts_notebook.estate.id
  category    = "OBSFS"
  uri         = "obs://estate/${each.key}/"
  mount_path  = "/data/${each.key}/"
}

action "modelarts_notebook_restart" "again" {
  config {
    notebook_id = modelarts_notebook.estate.id
  }
}
`, flavor, acctest.Image)
	if saved {
		text += `
resource "modelarts_notebook_image" "saved" {
  notebook_id = modelarts_notebook.estate.id
  name        = "estate"
  namespace   = "estate"
  tag         = "1.0.0"
  depends_on  = [modelarts_notebook_storage.lake]
}
`
	}
	return text
}

// A notebook with two mounts changes its flavor, is saved as an image, is restarted by an
// action, and is destroyed with all that belongs to it. After each step both mounts are
// there, once, and the plan is empty.
func TestAccEstate(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"mount-kept"}, {"mount-remounted"}, {"mount-in-data", "image-other-id"}} {
		t.Run(strings.Join(answers, ","), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{
				Answers: answers, Lag: 300 * time.Millisecond,
				CreateTime: 100 * time.Millisecond, StartTime: 100 * time.Millisecond, StopTime: 50 * time.Millisecond,
			})
			w := acctest.NewNewerWorkspace(t, estate(s, acctest.Flavor, false))
			step := func(what string, want []string, args ...string) simulator.NotebookInfo {
				t.Helper()
				s.ResetRequests()
				w.MustRun(t, append([]string{"apply", "-auto-approve"}, args...)...)
				var writes []string
				for _, call := range s.Writes() {
					writes = append(writes, strings.Fields(call)[0])
				}
				if !slices.Equal(withoutMounts(writes), want) {
					t.Errorf("%s: the calls are %q, want %q and mounts", what, writes, want)
				}
				nb := s.Only(t)
				mounted := map[string]int{}
				for _, m := range nb.Storages {
					if m.Status == "MOUNTED" {
						mounted[m.MountPath]++
					}
				}
				if nb.Status != "RUNNING" || len(mounted) != 2 || mounted["/data/lake/"] != 1 || mounted["/data/models/"] != 1 {
					t.Errorf("%s: the notebook is %s, and has the mounts %v", what, nb.Status, nb.Storages)
				}
				if out := w.MustRun(t, "plan"); !strings.Contains(out, "No changes.") {
					t.Errorf("%s: the plan is not empty:\n%s", what, out)
				}
				return nb
			}

			made := step("create", []string{"CreateNotebook"})
			w.Configure(t, estate(s, acctest.LargerFlavor, false))
			larger := step("flavor", []string{"StopNotebook", "UpdateNotebook", "StartNotebook"})
			if larger.ID != made.ID || larger.Flavor != acctest.LargerFlavor || larger.Token == made.Token {
				t.Errorf("after the change the notebook is %+v", larger)
			}
			w.Configure(t, estate(s, acctest.LargerFlavor, true))
			step("image", []string{"CreateImage"})
			saved := func() (of []string) {
				for _, i := range s.Images() {
					if i.Name == "estate" {
						of = append(of, i.ID)
					}
				}
				return of
			}
			if len(saved()) != 1 {
				t.Errorf("the images are %q", saved())
			}
			if again := step("restart", []string{"StopNotebook", "StartNotebook"}, "-invoke=action.modelarts_notebook_restart.again"); again.Token == larger.Token || again.Starts != larger.Starts+1 {
				t.Errorf("after the restart the notebook has started %d times, before %d times", again.Starts, larger.Starts)
			}
			w.MustRun(t, "destroy", "-auto-approve")
			if err := s.NothingLeft(nil); err != nil {
				t.Error(err)
			}
			if left := saved(); len(left) > 0 {
				t.Errorf("the images %q are left", left)
			}
		})
	}
}

// withoutMounts leaves out the calls that mount: how many there are depends on what the
// service does with mounts at a stop.
func withoutMounts(calls []string) []string {
	return slices.DeleteFunc(slices.Clone(calls), func(call string) bool { return call == "AttachDynamicStorage" })
}
