package image_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/moves/movestest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
)

const identityOfAnImage = `{"id":"i","region":"r","project_id":"p"}`

// savedMoves are the moves to modelarts_notebook_image.
func savedMoves(t testing.TB) *movestest.Server {
	t.Helper()
	text, upper := movestest.Text, movestest.Upper
	return movestest.New(t, serve.Protocol6(provider.New("test")()), movestest.Move{
		Type: "modelarts_notebook_image", VendorType: "huaweicloud_modelarts_notebook_image_store",
		Least:  `{"id": "f9937afa-4451-42db-a76b-72d624749f66"}`,
		Needed: []string{"id"},
		Attributes: []movestest.Attribute{
			{Vendor: "id", To: "id", Becomes: map[string]string{`"f9937afa-4451-42db-a76b-72d624749f66"`: `"f9937afa-4451-42db-a76b-72d624749f66"`}},
			{Vendor: "region", To: "region", Becomes: text(`"cn-north-4"`)},
			{Vendor: "notebook_id", To: "notebook_id", Becomes: text(`"a55eba18-1ebf-4e9a-8229-d2d3b593a3dc"`)},
			{Vendor: "name", To: "name", Becomes: text(`"vision"`)},
			{Vendor: "namespace", To: "namespace", Becomes: text(`"team"`)},
			{Vendor: "tag", To: "tag", Becomes: text(`"1.0.0"`)},
			{Vendor: "description", To: "description", Becomes: text(`"d"`)},
			{Vendor: "workspace_id", To: "workspace_id", Becomes: text(`"0"`)},
			{Vendor: "swr_path", To: "swr_path", Becomes: text(`"swr.example.com/team/vision:1.0.0"`)},
			{Vendor: "swr_instance_id", To: "swr_instance_id", Becomes: text(`"i"`)},
			{Vendor: "swr_instance_domain", To: "swr_instance_domain", Becomes: text(`"d.example.com"`)},
			{Vendor: "type", To: "type", Becomes: upper(`"dedicated"`)},
			{Vendor: "origin", To: "origin", Becomes: upper(`"image_save"`)},
			{Vendor: "arch", To: "arch", Becomes: upper(`"x86_64"`)},
			{Vendor: "status", To: "status", Becomes: upper(`"active"`)},
			{Vendor: "service_type", To: "service_type", Becomes: upper(`"common"`)},
			{Vendor: "visibility", To: "visibility", Becomes: upper(`"private"`)},
			{Vendor: "resource_categories", To: "resource_categories", Becomes: map[string]string{
				"-": "null", "null": "null", "[]": "null", `""`: "null", `["gpu","CPU","cpu"]`: `["CPU","GPU"]`, `"CPU"`: `["CPU"]`,
			}},
			{Vendor: "created_at", To: "created_at", Becomes: map[string]string{"-": "null", `""`: "null", `"2026-08-01T10:20:30Z"`: `"2026-08-01T10:20:30Z"`}},
			{Vendor: "timeouts", To: "timeouts", Becomes: map[string]string{"-": "null", "null": "null", `{"create":null}`: "null", `{"create":"20m"}`: `{"create":"20m"}`}},
		},
		Vendor: []string{
			"id", "region", "notebook_id", "name", "namespace", "tag", "description", "workspace_id", "swr_path", "arch", "origin", "resource_categories",
			"service_type", "visibility", "status", "type", "created_at", "enable_force_new", "swr_instance_id", "swr_instance_domain", "timeouts",
		},
		NotMoved: map[string]string{"enable_force_new": "the vendor's own"},
		NotFilled: map[string]string{
			"project_id": "unknown to the vendor's provider", "services": "the same", "flavor_type": "the same", "size": "the same", "status_message": "the same",
			"triggers": "nothing is asked for",
		},
		Always:   map[string]string{"keep_on_destroy": "true", "delete_content": "true"},
		Identity: identityOfAnImage,
		Imported: func(private map[string][]byte) bool { return len(private["applied"]) == 0 },
	})
}

// Each attribute of the vendor's provider becomes what it means here, whatever is written
// for none.
func TestMovedAttributes(t *testing.T) {
	t.Parallel()
	savedMoves(t).CheckAttributes(t)
}

func TestWhatCanBeMoved(t *testing.T) {
	t.Parallel()
	savedMoves(t).CheckSources(t)
}

// The types from another host or namespace are taken over as they are.
func TestOwnTypesAreMovedAsTheyAre(t *testing.T) {
	t.Parallel()
	savedMoves(t).CheckOwn(t, `{"id": "i", "name": "n", "region": "r", "project_id": "p", "namespace": "team", "tag": "1", "keep_on_destroy": true}`)
	registered := movestest.New(t, serve.Protocol6(provider.New("test")()), movestest.Move{Type: "modelarts_image", Identity: identityOfAnImage})
	registered.CheckOwn(t, `{"id": "i", "name": "n", "region": "r", "project_id": "p", "swr_path": "h/o/n:1", "tags": ["a"], "delete_content": true}`)
}

// Whatever an old state holds, a move ends with a state or an error.
func FuzzMove(f *testing.F) { savedMoves(f).Fuzz(f) }
