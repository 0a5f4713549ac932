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
		fmt.Sprintf("The response to the create was lost: %s. The provider searched for the notebook and adopted %s: it is the only one of that name that "+
			"is not older than the create and matches it in every attribute that the service returns (%s%s). No second create was sent. "+
			"If another user requested the same notebook at the same moment and it is theirs, remove it from the state with terraform state rm.",
			made.Lost, made.ID, made.Status, created))
}
