// Package notebook offers notebook instances of ModelArts to Terraform.
package notebook

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
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ resource.Resource                   = (*notebookResource)(nil)
	_ resource.ResourceWithConfigure      = (*notebookResource)(nil)
	_ resource.ResourceWithValidateConfig = (*notebookResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*notebookResource)(nil)
	_ resource.ResourceWithImportState    = (*notebookResource)(nil)
)

// One deadline over all the steps of an operation, unless timeouts says
// otherwise.
const (
	createTimeout = 30 * time.Minute
	readTimeout   = 5 * time.Minute
	updateTimeout = 60 * time.Minute
	deleteTimeout = 30 * time.Minute
)

type notebookResource struct{ settings.ResourceAccess }

// NewResource is modelarts_notebook.
func NewResource() resource.Resource { return &notebookResource{} }

func (r *notebookResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook"
}

// instance is the notebook of that ID in a workspace; an empty one is the default.
func (r *notebookResource) instance(id, workspace string) lifecycle.Instance {
	home := r.Settings.Home()
	return lifecycle.Instance{
		Service: home.Client, Reader: home.Reader.In(workspace), ID: id, Workspace: workspace, PollInterval: r.Settings.PollInterval,
	}
}

func (r *notebookResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !r.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c := newConverter(ctx)
	request := plan.toCreate(c)
	set, _ := toTags(c, types.MapNull(types.StringType), plan.TagsAll)

	home := r.Settings.Home()
	creator := lifecycle.Creator{Service: home.Client, Reader: home.Reader, Creates: &home.Creates, PollInterval: r.Settings.PollInterval}
	nb, err := creator.Create(ctx, request)
	resp.Diagnostics.Append(c.Diagnostics...)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("create", "notebook", err))
		return
	}
	if nb.Lost != nil {
		resp.Diagnostics.Append(adopted(&plan, nb))
	}

	// The notebook exists and is billed from here on: whatever happens next,
	// Terraform must know it.
	wanted := values.Of(req.Plan.Raw)
	resp.State.Raw = planned(wanted).Value
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), nb.ID)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, values.Of(req.Config.Raw))...)

	created := r.instance(nb.ID, plan.WorkspaceID.ValueString()).AwaitCreation(ctx, lifecycle.Creation{
		Tags:    set,
		Desired: modelarts.Status(plan.DesiredStatus.ValueString()),
		Lease:   plan.askedLease(c),
	})
	resp.Diagnostics.Append(unfinished(&plan, &created)...)
	switch {
	case created.Err == nil:
		resp.State.Raw = r.shown(ctx, resp.State, wanted, created.Shown, &resp.Diagnostics).Value
	case !created.Failed():
		// An error would taint the notebook, and the next apply destroy it.
		resp.Diagnostics.Append(unfollowed(&plan, nb.ID, created.Err))
	default:
		// What failed to be created must not be protected from removal.
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_protection"), types.BoolNull())...)
		if seen := created.Shown; seen != nil {
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status"), string(seen.Status))...)
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("fail_reason"), types.StringPointerValue(seen.FailReason))...)
		}
		resp.Diagnostics.Append(diagnostics.Unable("create", "notebook", createError(nb.ID, created.Err)))
	}
}

// unfinished warns of what a new notebook lacks. It is no error: an error would
// taint a healthy notebook, and the next apply would destroy it. See
// design/0005-warnings-after-a-create.md.
func unfinished(plan *resourceModel, created *lifecycle.Created) diag.Diagnostics {
	var diags diag.Diagnostics
	if created.TagsErr != nil {
		diags.AddWarning(fmt.Sprintf("Notebook %q has no tags yet", plan.Name.ValueString()),
			fmt.Sprintf("The notebook was created, but its tags could not be set: %s. The next apply sets them.", created.TagsErr))
	}
	if created.PowerErr != nil {
		diags.AddWarning(fmt.Sprintf("Notebook %q is not %s yet", plan.Name.ValueString(), plan.DesiredStatus.ValueString()),
			fmt.Sprintf("The notebook was created and is billed, but could not be brought to its desired_status: %s. The next apply tries again.", created.PowerErr))
	}
	return diags
}

// unfollowed warns of a new notebook of which it is not known whether it came
// up.
func unfollowed(plan *resourceModel, id string, err error) diag.Diagnostic {
	summary, reason := "Notebook %q could not be followed", fmt.Sprintf("What became of it could not be seen: %s.", err)
	if errors.Is(err, context.Canceled) {
		summary, reason = "Notebook %q was still being created", "The apply was cancelled."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf(summary, plan.Name.ValueString()),
		fmt.Sprintf("%s The notebook %s was created, is billed, and is in the state; the next plan shows what has become of it.", reason, id))
}

// createError says of a notebook that was created and did not come up what it
// is and what to do with it.
func createError(id string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the notebook %s was created, but did not come up in time: %w.\n\nIt exists and is billed. It is tainted in the state, "+
			"so that the next apply would replace it: if it comes up after all, keep it with terraform untaint. "+
			"timeouts = { create = \"...\" } gives it longer", id, err)
	}
	return fmt.Errorf("the notebook %s was created, but did not come up: %w.\n\nIt exists and is billed. It is tainted in the state: "+
		"mend the cause, and the next apply replaces it, or remove it with terraform destroy", id, err)
}

func (r *notebookResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	got := r.read(ctx, req.State)
	resp.Diagnostics.Append(got.diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if got.nb.Status == modelarts.StatusDeleted {
		resp.State.RemoveResource(ctx)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &got.after)...)
	if !remembers(ctx, req.Private) {
		resp.Diagnostics.Append(remember(ctx, resp.Private, values.Of(resp.State.Raw))...) // after an import
	}
	if was := owedBy(ctx, req.Private); was.After(got.nb.Status) != was {
		resp.Diagnostics.Append(owe(ctx, resp.Private, was.After(got.nb.Status))...)
	}
}

// young reports whether the notebook was created so lately that the service may
// still deny it: within some minutes, or by an apply that was cut short.
func young(state *resourceModel) bool {
	if state.CreatedAt.IsNull() {
		return !state.Name.IsNull() // but not one that is being imported
	}
	at, diags := state.CreatedAt.ValueRFC3339Time()
	return !diags.HasError() && time.Since(at) < 5*time.Minute
}

func (r *notebookResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, updateTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c := newConverter(ctx)
	v := &view{
		ctx: ctx, settings: r.Settings, private: req.Private,
		config: values.Of(req.Config.Raw), state: values.Of(req.State.Raw), plan: values.Of(req.Plan.Raw),
	}

	resp.Diagnostics.Append(remember(ctx, resp.Private, v.config)...)
	wish, empty := toUpdate(c, v, &config, &plan, &state)
	if empty {
		resp.State.Raw = kept(v.plan, v.state).Value
		if !plan.DesiredStatus.IsNull() {
			resp.Diagnostics.Append(owe(ctx, resp.Private, lifecycle.OwesNothing)...) // that has settled it
		}
		return
	}
	if !r.Ready(&resp.Diagnostics) {
		return
	}
	out := r.instance(state.ID.ValueString(), state.WorkspaceID.ValueString()).Update(ctx, wish)
	resp.Diagnostics.Append(c.Diagnostics...)
	resp.Diagnostics.Append(owe(ctx, resp.Private, out.Owed)...)
	switch {
	case out.Err != nil:
		resp.State.Raw = r.afterFailedUpdate(ctx, resp.State, v, out.Applied, out.Shown, &resp.Diagnostics).Value
		resp.Diagnostics.Append(diagnostics.Unable("update", "notebook", out.Err))
	case out.ReadErr != nil:
		// The update is done. What could not be read is read by the next plan.
		resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q could not be read after its update", plan.Name.ValueString()),
			"All changes were made. The next plan shows the rest: "+out.ReadErr.Error())
		resp.State.Raw = kept(v.plan, v.state).Value
	default:
		resp.State.Raw = r.shown(ctx, resp.State, v.plan, out.Shown, &resp.Diagnostics).Value
	}
}

func (r *notebookResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !r.Ready(&resp.Diagnostics) {
		return
	}
	// The plan refuses too, but it does not see every way to a replacement:
	// -replace, replace_triggered_by and a taint come here unannounced.
	if raw := values.Of(req.State.Raw); protects(raw) {
		resp.Diagnostics.Append(protected(raw))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	r.Settings.Home().Creates.Claim(state.ID.ValueString())
	if err := r.instance(state.ID.ValueString(), state.WorkspaceID.ValueString()).Delete(ctx, young(&state)); err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("delete", "notebook",
			fmt.Errorf("the notebook %s stays in the state until it is gone: %w", state.ID.ValueString(), err)))
	}
}

func (r *notebookResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if !uuidPattern.MatchString(req.ID) {
		resp.Diagnostics.AddError("Invalid notebook ID",
			fmt.Sprintf("%q is not the ID of a notebook: it is a UUID such as f9937afa-4451-42db-a76b-72d624749f66, and not the name.", req.ID))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), req.ID)...)
	// What the API never answers, or may not: the defaults, so that a
	// configuration without them shows no difference.
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("feature"), "NOTEBOOK")...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("allow_stopping_for_update"), false)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_protection"), false)...)
}
