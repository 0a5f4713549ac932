package notebookstorage

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

func text(s string) types.String { return types.StringValue(s) }

// What an answer leaves out or spells otherwise stays as it was; all else is taken.
func TestAnswersBecomeTheModel(t *testing.T) {
	t.Parallel()
	known := model{
		ID: text("a"), NotebookID: text("n"), Category: text("obs"), URI: text("obs://b/c"), MountPath: text("/data/c"),
		EFSID: types.StringNull(), Status: text("MOUNTED"), FailureReason: types.StringNull(),
	}
	for name, tc := range map[string]struct {
		answer string
		change func(*model)
	}{
		"nothing but what is required": {`{"id":"a","status":"MOUNTED"}`, func(*model) {}},
		"other spellings":              {`{"id":"a","status":"mounted","category":"OBSFS","uri":"obs://b/c/","mount_path":"/data/c/","failure_reason":"","efs_id":""}`, func(*model) {}},
		"another ID":                   {`{"id":"b","status":"MOUNTED"}`, func(m *model) { m.ID = text("b") }},
		"another source":               {`{"id":"a","status":"MOUNTED","uri":"obs://b/d/"}`, func(m *model) { m.URI = text("obs://b/d/") }},
		"another path":                 {`{"id":"a","status":"MOUNTED","mount_path":"/data/d/"}`, func(m *model) { m.MountPath = text("/data/d/") }},
		"another category":             {`{"id":"a","status":"MOUNTED","category":"EFS","efs_id":"e"}`, func(m *model) { m.Category, m.EFSID = text("EFS"), text("e") }},
		"a failure": {`{"id":"a","status":"MOUNT_FAILED","failure_reason":"No."}`, func(m *model) {
			m.Status, m.FailureReason = text("MOUNT_FAILED"), text("No.")
		}},
	} {
		var st modelarts.Storage
		if err := json.Unmarshal([]byte(tc.answer), &st); err != nil {
			t.Fatal(err)
		}
		got, want := known, known
		got.fromAPI(&st)
		tc.change(&want)
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	var imported model
	imported.fromAPI(&modelarts.Storage{ID: "a", Status: "MOUNTED"})
	if !imported.URI.IsNull() || !imported.MountPath.IsNull() || imported.ID.ValueString() != "a" {
		t.Errorf("an import of an empty answer: %+v", imported)
	}
}

func TestRequestsAreInOneForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		m    model
		want string
	}{
		{model{Category: text("obsfs"), URI: text("obs://b/c"), MountPath: text("/data/c")}, `{"category":"OBSFS","mount_path":"/data/c/","uri":"obs://b/c/"}`},
		{model{Category: text("OBS"), URI: text("obs://b/c/"), MountPath: text("/data/c/")}, `{"category":"OBS","mount_path":"/data/c/","uri":"obs://b/c/"}`},
		{model{Category: text("efs"), URI: text("share:/a"), EFSID: text("e"), MountPath: text("/data/c")}, `{"category":"EFS","mount_path":"/data/c/","uri":"share:/a","efs_id":"e"}`},
	} {
		got, err := json.Marshal(tc.m.toAttach())
		if err != nil || string(got) != tc.want {
			t.Errorf("%s, %v, want %s", got, err, tc.want)
		}
	}
}
