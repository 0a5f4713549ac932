package notebook_test

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A refresh warns of a notebook that was deleted elsewhere, whichever way it reads,
// and names the storage that went with it.
func TestAccNotebook_vanished(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]int{"one": 1, "out of a list": 6} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			w := acctest.NewWorkspace(t, many(s, count, base))
			w.MustRun(t, "apply", "-auto-approve")
			id := s.Notebooks()[0].ID
			s.Remove(id)
			out := acctest.Plain(w.MustRun(t, "plan"))
			for _, want := range []string{"does not exist any more", "The service has no notebook " + id + ` in the region "`, "Its managed EVS storage of 5 GB was deleted with it."} {
				if !strings.Contains(out, want) {
					t.Errorf("Terraform printed\n%s\nwithout: %s", out, want)
				}
			}
			if n := strings.Count(out, "does not exist any more"); n != 1 {
				t.Errorf("%d warnings", n)
			}
		})
	}
}
