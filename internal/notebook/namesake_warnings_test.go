package notebook

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// onceForAll are the warnings that are given once in a process, or that Terraform is to
// print once for all notebooks, and so name none.
var onceForAll = []string{noLease, quotaTooSmall, notAuthorized, catalogueUnread, refusedCredentialsSummary}

const refusedCredentialsSummary = "Huawei Cloud refused"

// Each warning of each rule names its notebook, so that Terraform does not take it
// for that of another one and leave it out.
func TestEveryWarningNamesItsNotebook(t *testing.T) {
	t.Parallel()
	for name, cases := range ruleCases {
		for which, tc := range cases {
			for _, said := range tc.says {
				if !strings.HasPrefix(said, "warning") || strings.Contains(said, `otebook "`) {
					continue
				}
				known := false
				for _, once := range onceForAll {
					known = known || strings.Contains(said, once)
				}
				if !known {
					t.Errorf("%s/%s: %q names no notebook", name, which, said)
				}
			}
		}
	}
}

// Two notebooks of one name have two summaries of each warning.
func TestTellApart(t *testing.T) {
	t.Parallel()
	s := settings.New(settings.Policy{}, nil)
	notebook := func(id string) values.Value {
		members := map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id), "name": tftypes.NewValue(tftypes.String, "n")}
		return values.Of(tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "name": tftypes.String}}, members))
	}
	given := func() diag.Diagnostics {
		return diag.Diagnostics{
			diag.NewWarningDiagnostic(`Notebook "n" will be stopped`, "d"),
			diag.NewAttributeWarningDiagnostic(path.Root("flavor"), `The flavor is sold out (notebook "n")`, "d"),
			diag.NewWarningDiagnostic(`The service will refuse the change of notebook "n"`, "d"),
			diag.NewErrorDiagnostic(`Notebook "n" is an error`, "d"),
			diag.NewWarningDiagnostic("All", "d"),
		}
	}
	for _, id := range []string{"1", "1", "2"} {
		got := given()
		tellApart(s, notebook(id), got)
		want := []string{`Notebook "n" will be stopped`, `The flavor is sold out (notebook "n")`, `The service will refuse the change of notebook "n"`, `Notebook "n" is an error`, "All"}
		if id == "2" {
			want = []string{`Notebook "n", 2, will be stopped`, `The flavor is sold out (notebook "n", 2)`, `The service will refuse the change of notebook "n", 2`, `Notebook "n" is an error`, "All"}
		}
		for i, d := range got {
			if d.Summary() != want[i] || d.Severity() != given()[i].Severity() {
				t.Errorf("%s: got %q, want %q", id, d.Summary(), want[i])
			}
		}
		if where, ok := got[1].(diag.DiagnosticWithPath); !ok || !where.Path().Equal(path.Root("flavor")) {
			t.Errorf("%s: the path is lost", id)
		}
	}
	tellApart(nil, notebook("1"), given())
	tellApart(s, notebook(""), given())
}
