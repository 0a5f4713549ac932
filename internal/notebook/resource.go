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
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/wait"
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

func (r *notebookResource) instance(id string) instance {
	home := r.Settings.Home()
	return instance{client: home.Client, reader: home.Reader, id: id, poll: r.Settings.PollInterval}
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

	nb, err := create(ctx, r.Settings, plan.toCreate(c))
	resp.Diagnostics.Append(c.Diagnostics...)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("create", "notebook", err))
		return
	}

	// The notebook exists and is billed from here on: whatever happens next,
	// Terraform must know it.
	r.settle(&resp.State, req.Plan.Raw, nil, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), nb.ID)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, req.Config)...)

	instance := r.instance(nb.ID)
	seen, err := instance.await(ctx, created, modelarts.StatusDeleted)
	if err == nil {
		err = r.finish(ctx, instance, &plan, &seen, &resp.Diagnostics)
	}
	switch {
	case err == nil:
		r.write(ctx, &resp.State, req.Plan.Raw, plan, seen, &resp.Diagnostics)
	case !failedToComeUp(err):
		// An error would taint the notebook, and the next apply destroy it.
		resp.Diagnostics.Append(unfollowed(&plan, nb.ID, err))
	default:
		// What failed to be created must not be protected from removal.
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_protection"), types.BoolNull())...)
		r.record(&resp.State, seen, &resp.Diagnostics)
		resp.Diagnostics.Append(diagnostics.Unable("create", "notebook", createError(nb.ID, err)))
	}
}

// finish brings a new notebook to what a create cannot ask for: its tags, and a
// desired_status of STOPPED. What fails here is a warning: an error would taint
// a healthy notebook, and the next apply would destroy it.
func (r *notebookResource) finish(ctx context.Context, i instance, plan *resourceModel, seen **modelarts.Notebook, diags *diag.Diagnostics) error {
	c := newConverter(ctx)
	set, _ := toTags(c, types.MapNull(types.StringType), plan.TagsAll)
	diags.Append(c.Diagnostics...)
	if len(set) > 0 {
		err := i.persist(ctx, func(ctx context.Context) error { return i.client.CreateNotebookTags(ctx, i.id, set) })
		if err != nil && !errors.Is(err, context.Canceled) {
			diags.AddWarning(fmt.Sprintf("Notebook %q has no tags yet", plan.Name.ValueString()),
				fmt.Sprintf("The notebook was created, but its tags could not be set: %s. The next apply sets them.", err))
		}
	}

	var nb *modelarts.Notebook
	var err error
	switch desired := modelarts.Status(plan.DesiredStatus.ValueString()); {
	case desired == modelarts.StatusStopped && (*seen).Status == modelarts.StatusRunning:
		nb, err = i.stop(ctx)
	case desired == modelarts.StatusRunning && (*seen).Status == modelarts.StatusStopped:
		nb, err = i.start(ctx, plan.askedLease(c), *seen)
	}
	if nb != nil {
		*seen = nb
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		diags.AddWarning(fmt.Sprintf("Notebook %q is not %s yet", plan.Name.ValueString(), plan.DesiredStatus.ValueString()),
			fmt.Sprintf("The notebook was created and is billed, but could not be brought to its desired_status: %s. The next apply tries again.", err))
		return nil
	}
	return err
}

// failedToComeUp says whether a new notebook failed, or had its time. Anything
// else that ends the wait says nothing about it: a cancel, a service that
// refuses to show it or, at one of its nodes, denies it.
func failedToComeUp(err error) bool {
	var status *wait.StatusError
	return errors.As(err, &status) && status.Status != string(modelarts.StatusDeleted) || errors.Is(err, context.DeadlineExceeded)
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
		resp.Diagnostics.Append(remember(ctx, resp.Private, resp.State)...) // after an import
	}
	if was := owedBy(ctx, req.Private); was.after(got.nb.Status) != was {
		resp.Diagnostics.Append(owe(ctx, resp.Private, was.after(got.nb.Status))...)
	}
}

// young says whether the notebook was created so lately that the service may
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

	resp.Diagnostics.Append(remember(ctx, resp.Private, req.Config)...)
	changes := plan.toUpdate(c, &state)
	if changes.none() {
		r.settle(&resp.State, req.Plan.Raw, &req.State.Raw, &resp.Diagnostics)
		if !plan.DesiredStatus.IsNull() {
			resp.Diagnostics.Append(owe(ctx, resp.Private, owesNothing)...) // that has settled it
		}
		return
	}
	if !r.Ready(&resp.Diagnostics) {
		return
	}
	u := &update{
		instance: r.instance(state.ID.ValueString()), c: c,
		plan: &plan, state: &state, managed: config.asksDuration(c), applied: state,
		owed: owedBy(ctx, req.Private),
	}
	err := u.run(ctx, changes)
	nb, readErr := u.truth(ctx)
	resp.Diagnostics.Append(c.Diagnostics...)
	if err != nil {
		r.writeApplied(ctx, &resp.State, u, nb, &resp.Diagnostics)
		resp.Diagnostics.Append(owe(ctx, resp.Private, u.owes(nb))...)
		resp.Diagnostics.Append(diagnostics.Unable("update", "notebook", u.explain(err, nb)))
		return
	}
	resp.Diagnostics.Append(owe(ctx, resp.Private, owesNothing)...)
	if readErr != nil {
		// The update is done. What could not be read is read by the next plan.
		resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q could not be read after its update", plan.Name.ValueString()),
			"All changes were made. The next plan shows the rest: "+readErr.Error())
		r.settle(&resp.State, req.Plan.Raw, &req.State.Raw, &resp.Diagnostics)
	} else {
		r.write(ctx, &resp.State, req.Plan.Raw, plan, nb, &resp.Diagnostics)
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
	if state.DeletionProtection.ValueBool() && !neverCameUp(&state) {
		resp.Diagnostics.Append(protected(&state))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	if err := r.instance(state.ID.ValueString()).remove(ctx, young(&state)); err != nil {
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

// protected refuses to delete a notebook. why names the arguments whose change
// would replace it.
func protected(state *resourceModel, why ...path.Path) diag.Diagnostic {
	detail := fmt.Sprintf("The notebook %q (%s) has deletion_protection = true in the state. To destroy or replace it, set deletion_protection = false and apply that first (one that is tainted: after terraform untaint).",
		state.Name.ValueString(), state.ID.ValueString())
	if len(why) > 0 {
		detail = fmt.Sprintf("A change of %s replaces the notebook. ", list(why)) + detail
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), "The notebook is protected", detail)
}

// write puts into the state what was planned and, where the plan left it open,
// what the service answered. Planned values win: one that has moved meanwhile
// shows as a difference in the next plan, and is no error of this apply.
func (r *notebookResource) write(ctx context.Context, state *tfsdk.State, plan tftypes.Value, m resourceModel, nb *modelarts.Notebook, diags *diag.Diagnostics) {
	c := newConverter(ctx)
	m.fromAPI(c, nb, r.Settings)
	diags.Append(c.Diagnostics...)
	answered := tfsdk.State{Schema: state.Schema, Raw: plan}
	diags.Append(answered.Set(ctx, &m)...)
	r.settle(state, plan, &answered.Raw, diags)
}

// settle puts what was planned into the state; what the plan left open is taken
// from another value, or null.
func (r *notebookResource) settle(state *tfsdk.State, plan tftypes.Value, from *tftypes.Value, diags *diag.Diagnostics) {
	raw, err := plan, error(nil)
	if from != nil {
		raw, err = values.Fill(raw, *from, values.Everywhere)
	}
	if err == nil {
		raw, err = values.UnknownToNull(raw)
	}
	if err != nil {
		diags.AddError("Unable to write the state", err.Error())
		return
	}
	state.Raw = raw
}

// record notes in the state what has become of a notebook that failed.
func (r *notebookResource) record(state *tfsdk.State, nb *modelarts.Notebook, diags *diag.Diagnostics) {
	if nb == nil {
		return
	}
	ctx := context.Background()
	diags.Append(state.SetAttribute(ctx, path.Root("status"), string(nb.Status))...)
	diags.Append(state.SetAttribute(ctx, path.Root("fail_reason"), types.StringPointerValue(nb.FailReason))...)
}

// writeApplied puts into the state what is true after an update that failed:
// what was there before, the changes that were made, and what the service says.
func (r *notebookResource) writeApplied(ctx context.Context, state *tfsdk.State, u *update, nb *modelarts.Notebook, diags *diag.Diagnostics) {
	applied := u.applied
	// Consent and protection concern the next apply, whatever this one did.
	applied.AllowStoppingForUpdate = u.plan.AllowStoppingForUpdate
	applied.DeletionProtection = u.plan.DeletionProtection
	if nb != nil {
		c := newConverter(ctx)
		applied.fromAPI(c, nb, r.Settings)
		diags.Append(c.Diagnostics...)
	}
	diags.Append(state.Set(ctx, &applied)...)
	r.settle(state, state.Raw, nil, diags)
}
