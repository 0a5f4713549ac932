package acctest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// NewExample makes a workspace with the files of a folder of examples/, unchanged. Their
// provider block finds the service in the environment.
func (s *Service) NewExample(t testing.TB, folder string) *Workspace {
	t.Helper()
	w := NewWorkspace(t, "")
	if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	files := os.DirFS(filepath.Join("..", "..", "examples", folder))
	if err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err == nil {
			write(t, filepath.Join(w.Dir, name), string(text))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.Use(s)
	return w
}

// Use sets the environment in which a provider block without arguments finds a service.
func (w *Workspace) Use(s *Service) {
	w.Setenv("HW_REGION_NAME", simulator.DefaultRegion)
	w.Setenv("HW_ACCESS_KEY", simulator.DefaultAccessKey)
	w.Setenv("HW_SECRET_KEY", simulator.DefaultSecretKey)
	w.Setenv("MODELARTS_ENDPOINT", s.URL)
	w.Setenv("HW_AUTH_URL", s.URL)
	w.Setenv("MODELARTS_POLL_INTERVAL", "20ms")
}
