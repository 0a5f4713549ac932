package image

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// find reports a finding about an argument as plan_checks says.
func (p *planner) find(argument, summary, detail string) {
	where := path.Root(argument)
	if p.settings.PlanChecks == settings.ChecksWarn {
		p.resp.Diagnostics.AddAttributeWarning(where, fmt.Sprintf("%s as %s", summary, label(p.plan)), detail)
		return
	}
	p.resp.Diagnostics.Append(diagnostics.WithWayOut(diag.NewAttributeErrorDiagnostic(where, summary, detail)))
}

// checkTag finds a replacement that is to have the tag of the image which it replaces, and
// which stays: the delete would take the image out of the state, and the save be refused.
func (p *planner) checkTag(nb *modelarts.Notebook) {
	for _, name := range []string{"region", "swr_instance_id", "namespace", "name", "tag"} {
		if !values.Equal(p.plan.At(name), p.state.At(name)) {
			return
		}
	}
	var old savedModel
	values.Load(p.newConverter(p.ctx), p.state, &old)
	var why string
	switch {
	case old.Tag.IsNull(), p.status() == modelarts.ImageCreateFailed:
		return
	case old.KeepOnDestroy.ValueBool():
		why = "has keep_on_destroy = true, so it stays"
	case old.isImageOf(nb):
		why = fmt.Sprintf("was saved from the notebook %s, which now uses it, and the service refuses to delete an image that is in use", nb.ID)
	default:
		return
	}
	p.find("tag", "The tag stays taken", fmt.Sprintf("This plan replaces the image %s with one that has the same tag %q. The old image %s. Two images cannot have the same tag. "+
		"Change tag, too. With create_before_destroy, the notebook first uses the new image, and then the old one can be deleted.",
		old.ID.ValueString(), old.Tag.ValueString(), why))
}
