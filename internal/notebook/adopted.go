package notebook

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
)

// adopted warns of a notebook that was found, and not answered: nothing but what
// it shows says that this create has made it.
func adopted(plan *resourceModel, made lifecycle.Made) diag.Diagnostic {
	created := ""
	if made.CreateAt != nil {
		created = ", created at " + time.UnixMilli(*made.CreateAt).UTC().Format(time.RFC3339)
	}
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("Notebook %q was adopted", plan.Name.ValueString()),
		fmt.Sprintf("The answer to the create was lost: %s. So the notebook was looked for, and %s was taken over: it is the only one of that name that "+
			"is no older than the create and agrees with it in everything that the service shows (%s%s). No second create was sent. "+
			"Should it be somebody else's, who asked for the very same at the same moment, take it out of the state with terraform state rm.",
			made.Lost, made.ID, made.Status, created))
}
