package notebookstorage_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/moves/movestest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
)

const (
	oldNotebook = "f9937afa-4451-42db-a76b-72d624749f66"
	oldMount    = "a55eba18-1ebf-4e9a-8229-d2d3b593a3dc"
)

// mountMoves are the moves to modelarts_notebook_storage.
func mountMoves(t testing.TB) *movestest.Server {
	t.Helper()
	text := movestest.Text
	return movestest.New(t, serve.Protocol6(provider.New("test")()), movestest.Move{
		Type: "modelarts_notebook_storage", VendorType: "huaweicloud_modelarts_notebook_mount_storage",
		Least: `{"id": "` + oldNotebook + "/" + oldMount + `", "storage_path": "obs://b/lake/", "local_mount_directory": "/data/lake/"}`,
		Attributes: []movestest.Attribute{
			{Vendor: "id", To: "id", Becomes: map[string]string{`"` + oldNotebook + "/" + oldMount + `"`: `"` + oldMount + `"`}},
			{Vendor: "id", To: "notebook_id", Becomes: map[string]string{`"` + oldNotebook + "/" + oldMount + `"`: `"` + oldNotebook + `"`}},
			{Vendor: "mount_id", To: "id", Becomes: map[string]string{`"m"`: `"m"`, "-": `"` + oldMount + `"`, `""`: `"` + oldMount + `"`}},
			{Vendor: "notebook_id", To: "notebook_id", Becomes: map[string]string{`"n"`: `"n"`, "-": `"` + oldNotebook + `"`, "null": `"` + oldNotebook + `"`}},
			{Vendor: "region", To: "region", Becomes: text(`"cn-north-4"`)},
			{Vendor: "storage_path", To: "uri", Becomes: text(`"obs://b/lake/"`)},
			{Vendor: "local_mount_directory", To: "mount_path", Becomes: map[string]string{`"/data/lake"`: `"/data/lake"`}},
			{Vendor: "type", To: "category", Becomes: map[string]string{`"obsfs"`: `"OBSFS"`, `"OBS"`: `"OBS"`, "-": `"OBSFS"`, `""`: `"OBSFS"`, "null": `"OBSFS"`}},
			{Vendor: "status", To: "status", Becomes: movestest.Upper(`"mounted"`)},
			{Vendor: "timeouts", To: "timeouts", Becomes: map[string]string{"-": "null", `{"create":"20m","delete":null}`: `{"create":"20m"}`}},
		},
		Needed: []string{"local_mount_directory"},
		Vendor: []string{"id", "region", "notebook_id", "storage_path", "local_mount_directory", "type", "mount_id", "status", "timeouts"},
		NotFilled: map[string]string{
			"project_id": "unknown to the vendor's provider", "efs_id": "the same", "failure_reason": "the same",
		},
		Always:   map[string]string{"start_notebook": "false"},
		Identity: `{"id":"i","region":"r","project_id":"p","notebook_id":"n"}`,
		Imported: func(map[string][]byte) bool { return true },
	})
}

// Each attribute of the vendor's provider becomes what it means here, whatever is written
// for none.
func TestMovedAttributes(t *testing.T) {
	t.Parallel()
	mountMoves(t).CheckAttributes(t)
}

func TestWhatCanBeMoved(t *testing.T) {
	t.Parallel()
	m := mountMoves(t)
	m.CheckSources(t)
	if _, _, said := m.FromVendor(t, m.With(t, map[string]string{"id": `"` + oldNotebook + `"`})); said == "" {
		t.Error("a mount without its ID is moved")
	}
}

// Our own type from another host or namespace is taken over as it is.
func TestOwnTypeIsMovedAsItIs(t *testing.T) {
	t.Parallel()
	mountMoves(t).CheckOwn(t, `{"id": "i", "region": "r", "project_id": "p", "notebook_id": "n", "category": "OBSFS", "uri": "obs://b/", "mount_path": "/data/a/", "start_notebook": true}`)
}

// Whatever an old state holds, a move ends with a state or an error.
func FuzzMove(f *testing.F) { mountMoves(f).Fuzz(f) }
