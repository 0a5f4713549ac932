package location_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

const id = "f9937afa-4451-42db-a76b-72d624749f66"

func TestImported(t *testing.T) {
	t.Parallel()
	null := types.StringNull()
	for text, want := range map[string]struct {
		region  types.String
		id, err string
	}{
		id:                       {region: null, id: id},
		"cn-north-4/" + id:       {region: types.StringValue("cn-north-4"), id: id},
		"":                       {err: "Invalid image ID"},
		"name":                   {err: "not the ID of an image"},
		"/" + id:                 {err: "Invalid region"},
		"CN North/" + id:         {err: `"CN North" is not the name of a region. Import an image`},
		"cn-north-4/":            {err: "Invalid image ID"},
		"cn-north-4/x/" + id:     {err: "Invalid image ID"},
		" " + id:                 {err: "Invalid image ID"},
		strings.ToUpper(id):      {region: null, id: strings.ToUpper(id)},
		"cn-north-4/" + id + "/": {err: "Invalid image ID"},
	} {
		var diags diag.Diagnostics
		got, ok := location.Imported(t.Context(), "image", resource.ImportStateRequest{ID: text}, &diags)
		switch {
		case ok != (want.err == "") || ok == diags.HasError():
			t.Errorf("%q: ok is %t: %v", text, ok, diags)
		case !ok:
			if said := diags[0].Summary() + ": " + diags[0].Detail(); !strings.Contains(said, want.err) {
				t.Errorf("%q: %s, want %q", text, said, want.err)
			}
		case !got.Region.Equal(want.region) || got.ID.ValueString() != want.id || !got.ProjectID.IsNull() || got.Kind != "image":
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// The error of a wrong project names the region, also of an identity that omits it.
func TestOpenInAnotherProject(t *testing.T) {
	t.Parallel()
	project := func(context.Context) (string, error) { return "p", nil }
	client := modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, http.DefaultClient, project, "test")
	s := settings.New(settings.Policy{Region: "cn-north-4"}, func(string) *settings.Process { return settings.NewProcess(client) })
	for _, region := range []types.String{types.StringNull(), types.StringValue("cn-north-4")} {
		var diags diag.Diagnostics
		_, ok := location.Open(t.Context(), s, location.Object{Kind: "notebook", ID: types.StringValue("i"), Region: region, ProjectID: types.StringValue("q")}, &diags)
		if ok || len(diags) != 1 || !strings.Contains(diags[0].Detail(), `the project q of the region "cn-north-4"`) {
			t.Errorf("%s: %v", region, diags)
		}
	}
}
