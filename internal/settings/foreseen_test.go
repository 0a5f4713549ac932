package settings_test

import (
	"slices"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

func TestForeseen(t *testing.T) {
	t.Parallel()
	var f settings.Foreseen
	if paths, known := f.VolumesOf("a"); known || len(paths) > 0 || f.StatusOf("a") != "" {
		t.Error("something is foreseen of a notebook that was not planned")
	}
	f.NoteStatus("a", "RUNNING", false)
	if _, known := f.VolumesOf("a"); known {
		t.Error("a status says something of volumes")
	}
	f.NoteVolumes("a", []string{"/data/a/"})
	if paths, known := f.VolumesOf("a"); !known || !slices.Equal(paths, []string{"/data/a/"}) || f.StatusOf("a") != "RUNNING" {
		t.Errorf("%q, %t, %s", paths, known, f.StatusOf("a"))
	}
	f.NoteStatus("a", "RUNNING", true)
	if !f.UnsureOf("a") || f.UnsureOf("b") {
		t.Error("it is not noted that a status is not known yet")
	}
	f.NoteStatus("a", "", false)
	if f.StatusOf("a") != "" || f.StatusOf("b") != "" {
		t.Error("a status stays")
	}
}
