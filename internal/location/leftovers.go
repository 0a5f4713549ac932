package location

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
)

// DeleteLeftovers deletes the images that a notebook has used until it was deleted or given
// another image. One that is left is no error of the notebook. See design/0028-images.md.
func (p Place) DeleteLeftovers(ctx context.Context, notebookID string) (diags diag.Diagnostics) {
	for _, image := range p.Leftovers.Take(notebookID) {
		diags.Append(p.deleteLeftover(ctx, notebookID, image)...)
	}
	return diags
}

// DeleteUnused does the same for the images that the notebook does not use any more, as used
// tells, and leaves the others.
func (p Place) DeleteUnused(ctx context.Context, notebookID string, used func(lifecycle.Leftover) bool) (diags diag.Diagnostics) {
	for _, image := range p.Leftovers.Take(notebookID) {
		if used(image) {
			p.Leftovers.Leave(notebookID, image)
			continue
		}
		diags.Append(p.deleteLeftover(ctx, notebookID, image)...)
	}
	return diags
}

// LeaveLeftovers warns of the images that stay because a notebook was not deleted, or not
// given another image. They are in no state, and no later run deletes them.
func (p Place) LeaveLeftovers(notebookID string) (diags diag.Diagnostics) {
	for _, image := range p.Leftovers.Take(notebookID) {
		diags.AddWarning(fmt.Sprintf("Image %q is left", image.SWRPath),
			fmt.Sprintf("The image %s was to be deleted when the notebook %s no longer uses it, and this run ends before that. It is in no state, and no later run deletes it: "+
				"delete it in the console after the notebook, or import it.", image.ID, notebookID))
	}
	return diags
}

func (p Place) deleteLeftover(ctx context.Context, notebookID string, image lifecycle.Leftover) (diags diag.Diagnostics) {
	if err := p.Images().Delete(ctx, image.ID, image.WithContent); err != nil {
		diags.AddWarning(fmt.Sprintf("Image %q is left", image.SWRPath),
			fmt.Sprintf("The image %s could not be deleted after the notebook %s had used it: %s. It is in no state: delete it in the console, or import it.", image.ID, notebookID, err))
	}
	return diags
}
