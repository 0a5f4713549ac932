package notebook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// tellApart adds the ID of a notebook to the summaries of warnings that name it,
// where this run has warned of another notebook of the same name. Terraform shows
// only the first of the warnings with one summary. A notebook that is to be created
// has no ID, so the warnings about two of one name stay alike.
func tellApart(s *settings.Settings, notebook values.Value, diags diag.Diagnostics) {
	id, name := notebook.At("id").Text(), nameText(notebook.At("name"))
	if s == nil || id == "" {
		return
	}
	quoted := fmt.Sprintf("otebook %q", name)
	for i, d := range diags {
		if d.Severity() != diag.SeverityWarning || !strings.Contains(d.Summary(), quoted) || s.WarnedFirst(name, id) {
			continue
		}
		summary := strings.Replace(d.Summary(), quoted, quoted+", "+id+",", 1)
		summary = strings.ReplaceAll(strings.TrimSuffix(summary, ","), ",)", ")")
		if where, ok := d.(diag.DiagnosticWithPath); ok {
			diags[i] = diag.NewAttributeWarningDiagnostic(where.Path(), summary, d.Detail())
		} else {
			diags[i] = diag.NewWarningDiagnostic(summary, d.Detail())
		}
	}
}
