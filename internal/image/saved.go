package image

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
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

// One deadline over all the steps of an operation, unless timeouts says otherwise.
const (
	saveTimeout  = 60 * time.Minute
	savedTimeout = 30 * time.Minute // of an update or a delete
)

type savedResource struct{ settings.ResourceAccess }

// NewSavedResource is modelarts_notebook_image.
func NewSavedResource() resource.Resource { return &savedResource{} }

func (r *savedResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook_image"
}

func (r *savedResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = savedKind.schema()
}

func (r *savedResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = location.IdentitySchema(savedKind.noun)
}

// ModifyPlan plans the image, and looks whether the notebook can be saved.
func (r *savedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	p := savedKind.modifyPlan(ctx, r.Settings, req, resp)
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
		return
	}
	where := path.Root("notebook_id")
	if p.settings.PlanChecks == settings.ChecksWarn {
		p.resp.Diagnostics.AddAttributeWarning(where, fmt.Sprintf("%s as %s", notSavable, label(p.plan)), detail)
		return
	}
	p.resp.Diagnostics.Append(diagnostics.WithWayOut(diag.NewAttributeErrorDiagnostic(where, notSavable, detail)))
}

func (r *savedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.Settings.NoteApply()
	c := savedKind.newConverter(ctx)
	var plan savedModel
	values.Load(c, values.Of(req.Plan.Raw), &plan)
	timeout, diags := plan.Timeouts.Create(ctx, saveTimeout)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at, ok := location.Open(ctx, r.Settings, savedKind.object(&plan.managed), &resp.Diagnostics)
	if !ok {
		return
	}
	images, notebook := at.Images(), at.Instance(plan.NotebookID.ValueString(), "")
	made, err := images.Save(ctx, notebook, plan.toSave())
	if err != nil {
		resp.Diagnostics.Append(unableToSave(plan.NotebookID, err))
		return
	}
	wanted := savedKind.begin(ctx, at, made, req, resp)
	out := images.AwaitSaved(ctx, made.ID, notebook)
	savedKind.finish(ctx, wanted, &out, resp)
}

// unableToSave is the error of a notebook that could not be saved.
func unableToSave(notebook types.String, err error) diag.Diagnostic {
	err = fmt.Errorf("the notebook %s was not saved: %w", notebook.ValueString(), err)
	var stopped *lifecycle.NotSavableError
	if errors.As(err, &stopped) {
		err = fmt.Errorf("%w.\n\nThe provider does not start the notebook for a save. Start it first, for example with desired_status = \"RUNNING\", and apply again", err)
	}
	return diagnostics.Unable("create", savedKind.noun, err)
}

func (r *savedResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	savedKind.read(ctx, r.Settings, req, resp, nil)
}

func (r *savedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.Settings.NoteApply()
	c := savedKind.newConverter(ctx)
	var plan savedModel
	state, wanted := values.Of(req.State.Raw), values.Of(req.Plan.Raw)
	values.Load(c, wanted, &plan)
	timeout, diags := plan.Timeouts.Update(ctx, savedTimeout)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at, ok := location.Open(ctx, r.Settings, savedKind.object(&plan.managed), &resp.Diagnostics)
	if !ok {
		return
	}
	savedKind.update(ctx, at, state, wanted, req, resp, func(images lifecycle.Images) lifecycle.ImageOutcome {
		return follow(ctx, images, at.Instance(plan.NotebookID.ValueString(), ""), state, wanted)
	})
}

func (r *savedResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	r.Settings.NoteApply()
	c := savedKind.newConverter(ctx)
	var state savedModel
	values.Load(c, values.Of(req.State.Raw), &state)
	timeout, diags := state.Timeouts.Delete(ctx, savedTimeout)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() || state.KeepOnDestroy.ValueBool() && state.Status.ValueString() != string(modelarts.ImageCreateFailed) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	savedKind.delete(ctx, r.Settings, &state.managed, &resp.Diagnostics, state.leave)
}

// leave leaves an image that the notebook uses that it was saved from. Terraform deletes the
// image before that notebook, if it deletes both, and the service refuses this as long as the
// notebook is there: so the notebook's delete deletes the image, too. The error is the
// refusal, where something else may use the image. See design/0028-images.md.
func (m *savedModel) leave(ctx context.Context, at location.Place, refusal error) (diag.Diagnostic, error) {
	id := m.NotebookID.ValueString()
	if id == "" {
		return nil, refusal
	}
	nb, err := at.Instance(id, "").Show(ctx)
	if err != nil || nb.Status == modelarts.StatusDeleted || !m.isImageOf(nb) {
		return nil, refusal
	}
	at.Leftovers.Leave(id, lifecycle.Leftover{ID: m.ID.ValueString(), SWRPath: m.SWRPath.ValueString(), WithContent: m.DeleteContent.ValueBool()})
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("Image %q is deleted with its notebook", m.SWRPath.ValueString()),
		fmt.Sprintf("The notebook %s uses the image %s, which was saved from it, and the service refuses to delete an image that is in use. "+
			"The image is no longer in the state. If this run deletes the notebook, it deletes the image after it. "+
			"If not, the image stays. To manage it again, import it (terraform import ADDRESS %[2]s), and set keep_on_destroy = true.",
			id, m.ID.ValueString())), nil
}

// isImageOf reports whether a notebook uses the image.
func (m *savedModel) isImageOf(nb *modelarts.Notebook) bool {
	if nb.Image == nil {
		return false
	}
	address := values.Deref(nb.Image.SWRPath)
	return nb.Image.ID == m.ID.ValueString() || address != "" && address == m.SWRPath.ValueString()
}

// ImportState takes the ID of an image, REGION/ID, or an identity. No answer says which
// notebook an image was saved from: the configuration is believed.
func (r *savedResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	savedKind.importState(ctx, req, resp, map[string]bool{"delete_content": true, "keep_on_destroy": false})
}
