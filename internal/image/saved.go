package image

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ resource.Resource                = (*savedResource)(nil)
	_ resource.ResourceWithConfigure   = (*savedResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*savedResource)(nil)
	_ resource.ResourceWithIdentity    = (*savedResource)(nil)
	_ resource.ResourceWithImportState = (*savedResource)(nil)
	_ resource.ResourceWithMoveState   = (*savedResource)(nil)
)

type savedResource struct{ managedResource }

// NewSavedResource is modelarts_notebook_image.
func NewSavedResource() resource.Resource {
	return &savedResource{managedResource{kind: savedKind}}
}

// ModifyPlan plans the image, and looks whether the notebook can be saved.
func (r *savedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	p := r.modifyPlan(ctx, req, resp)
	if r.Settings == nil || p.plan.IsNull() || !p.state.IsNull() && len(resp.RequiresReplace) == 0 || resp.Diagnostics.HasError() {
		return
	}
	p.checkNotebook()
}

// notSavable is the summary of what a plan finds of a notebook that cannot be saved.
const notSavable = "The notebook cannot be saved"

// checkNotebook finds a notebook that will not run when it comes to saving it: as the
// service shows it, and as its own plan in this run, which comes before, changes it. What a
// plan cannot see is left to the apply.
func (p *planner) checkNotebook() {
	id, region := p.plan.At("notebook_id"), p.plan.At("region")
	if p.settings.PlanChecks == settings.ChecksOff || !id.IsSet() || !region.IsSet() {
		return
	}
	process := p.settings.In(region.Text())
	if process.Unready != nil || process.Foreseen.UnsureOf(id.Text()) {
		return
	}
	look, err := process.Reader.Show(p.ctx, id.Text())
	status := modelarts.StatusDeleted
	switch {
	case err == nil:
		status = look.Status
	case !errors.Is(err, modelarts.ErrNotFound) || p.settings.Applies(): // an apply may just have created it
		return
	}
	if planned := process.Foreseen.StatusOf(id.Text()); planned != "" {
		status = planned
	}
	detail := fmt.Sprintf("The notebook %s is %s, or will be at the time of the save. Only a running notebook can be saved as an image. "+
		"Start it first. If Terraform manages it, set desired_status = \"RUNNING\", in this run or an earlier one; notebook_id must then refer to the resource.", id.Text(), status)
	switch {
	case status == modelarts.StatusDeleted:
		detail = fmt.Sprintf("There is no notebook %s in the region %q.", id.Text(), region.Text())
	case status == modelarts.StatusRunning || status.Kind() == modelarts.Pending && status.Rest() != modelarts.StatusStopped:
		if !p.state.IsNull() {
			p.checkTag(look.Notebook)
		}
		return
	}
	p.find("notebook_id", notSavable, detail)
}

func (r *savedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan savedModel
	r.create(ctx, req, resp, &plan, making{
		begin: func(ctx context.Context, at location.Place) (lifecycle.MadeImage, error) {
			made, err := at.Images().Save(ctx, plan.notebook(at), plan.toSave())
			return made, notSaved(plan.NotebookID, err)
		},
		await: func(ctx context.Context, at location.Place, id string) lifecycle.ImageOutcome {
			return at.Images().AwaitSaved(ctx, id, plan.notebook(at))
		},
		after: plan.deleteFormer,
	})
}

// deleteFormer deletes the images that were left to the notebook and that it has given up
// for the new one. See leave.
func (m *savedModel) deleteFormer(ctx context.Context, at location.Place) diag.Diagnostics {
	if !at.Leftovers.Has(m.NotebookID.ValueString()) {
		return nil
	}
	nb, err := m.notebook(at).Show(ctx)
	return at.DeleteUnused(ctx, m.NotebookID.ValueString(), func(image lifecycle.Leftover) bool {
		return err != nil || uses(nb, image.ID, image.SWRPath)
	})
}

// notebook is the notebook that the image is saved from.
func (m *savedModel) notebook(at location.Place) lifecycle.Instance {
	return at.Instance(m.NotebookID.ValueString(), "")
}

// notSaved is the error of a notebook that could not be saved; nil: there is none.
func notSaved(notebook types.String, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("the notebook %s was not saved: %w", notebook.ValueString(), err)
	var stopped *lifecycle.NotSavableError
	if errors.As(err, &stopped) {
		err = fmt.Errorf("%w.\n\nThe provider does not start the notebook for a save. Start it first, for example with desired_status = \"RUNNING\", and apply again", err)
	}
	return err
}

func (r *savedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan savedModel
	r.update(ctx, req, resp, &plan, func(ctx context.Context, at location.Place, _ *values.Converter, state, wanted values.Value) lifecycle.ImageOutcome {
		return follow(ctx, at.Images(), plan.notebook(at), state, wanted)
	})
}

func (r *savedResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state savedModel
	r.within(ctx, req.State.Raw, &state, timeouts.Value.Delete, r.otherTimeout, &resp.Diagnostics, func(ctx context.Context, _ *values.Converter) {
		if state.KeepOnDestroy.ValueBool() && state.Status.ValueString() != string(modelarts.ImageCreateFailed) {
			return
		}
		r.delete(ctx, &state.managed, &resp.Diagnostics, state.leave)
	})
}

// leave leaves an image to the notebook that uses it and that it was saved from. Terraform
// deletes the image before the same apply deletes that notebook, gives it another image or
// saves it again, and the service refuses this as long as the notebook uses it: so the
// notebook's delete or update, or the save, deletes the image afterwards. The error is the
// refusal, where something else may use the image. See design/0028-images.md.
func (m *savedModel) leave(ctx context.Context, at location.Place, refusal error) (diag.Diagnostic, error) {
	id := m.NotebookID.ValueString()
	if id == "" {
		return nil, refusal
	}
	// Noted first: an update that ends after the request below finds it.
	at.Leftovers.Leave(id, lifecycle.Leftover{ID: m.ID.ValueString(), SWRPath: m.SWRPath.ValueString(), WithContent: m.DeleteContent.ValueBool()})
	nb, err := m.notebook(at).Show(ctx)
	if err != nil || nb.Status == modelarts.StatusDeleted || !m.isImageOf(nb) {
		if !at.Leftovers.Withdraw(id, m.ID.ValueString()) {
			return nil, nil // the update that has ended meanwhile deletes it
		}
		if err == nil && nb.Status != modelarts.StatusDeleted {
			return nil, at.Images().Delete(ctx, m.ID.ValueString(), m.DeleteContent.ValueBool()) // it may have been given another image meanwhile
		}
		return nil, refusal
	}
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("Image %q is deleted with its notebook", m.SWRPath.ValueString()),
		fmt.Sprintf("The notebook %s uses the image %s, which was saved from it, and the service refuses to delete an image that is in use. "+
			"The image is no longer in the state. If this run deletes the notebook, sets another image_id or saves the notebook again, it deletes the image after that. "+
			"If not, the image stays. To manage it again, import it (terraform import ADDRESS %[2]s), and set keep_on_destroy = true.",
			id, m.ID.ValueString())), nil
}

// isImageOf reports whether a notebook uses the image.
func (m *savedModel) isImageOf(nb *modelarts.Notebook) bool {
	return uses(nb, m.ID.ValueString(), m.SWRPath.ValueString())
}

// uses reports whether a notebook uses the image of an ID and an address.
func uses(nb *modelarts.Notebook, id, swrPath string) bool {
	if nb.Image == nil {
		return false
	}
	address := values.Deref(nb.Image.SWRPath)
	return nb.Image.ID == id || address != "" && address == swrPath
}
