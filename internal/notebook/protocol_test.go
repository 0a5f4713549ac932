package notebook_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// given are arguments by name.
type given = acctest.Values

// made makes a notebook behind the provider's back, and waits until it runs.
func made(t *testing.T, s *acctest.Service, change func(*modelarts.NotebookCreateRequest)) *modelarts.Notebook {
	t.Helper()
	flavor, capacity := acctest.Flavor, int64(5)
	request := modelarts.NotebookCreateRequest{
		Name: "test", Flavor: &flavor, ImageID: acctest.Image,
		Volume: modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED", Capacity: &capacity},
	}
	if change != nil {
		change(&request)
	}
	nb, err := s.Client(t).CreateNotebook(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	becomes(t, s, nb.ID, "RUNNING")
	return nb
}

// becomes waits until a notebook has a status.
func becomes(t *testing.T, s *acctest.Service, id, status string) {
	t.Helper()
	acctest.Eventually(t, "the notebook is "+status, func() bool {
		n, there := s.Notebook(id)
		return there && n.Status == status
	})
}
