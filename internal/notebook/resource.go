// Package notebook offers notebook instances of ModelArts to Terraform.
package notebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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
	_ resource.ResourceWithIdentity       = (*notebookResource)(nil)
	_ resource.ResourceWithImportState    = (*notebookResource)(nil)
	_ resource.ResourceWithMoveState      = (*notebookResource)(nil)
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

func (r *notebookResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	r.Settings.NoteApply()
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// Nothing is sent that could not be built.
	c := newConverter(ctx)
	config := values.Of(req.Config.Raw)
	values.Load(c, withScripts(values.Of(req.Plan.Raw), config), &plan)
	if config.At(atLease...).IsNull() {
		plan.Lease = c.NullObject("lease") // the planned one is what the service gives anyway
	}
	request, lease := plan.toCreate(c), plan.askedLease(c)
	set, _ := toTags(c, types.MapNull(types.StringType), plan.TagsAll, r.Settings)
	if !built(c, &resp.Diagnostics) {
		return
	}
	home, ok := r.locate(ctx, &plan.model, &resp.Diagnostics)
	if !ok {
		return
	}
	nb, err := r.creator(home).Create(ctx, request)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("create", "notebook", err))
		return
	}
	if nb.Lost != nil {
		resp.Diagnostics.Append(adopted(&plan, nb))
	}

	// The notebook exists and is billed from here on: whatever happens next,
	// Terraform must know it.
	home.place(&plan.model)
	plan.ID = types.StringValue(nb.ID)
	identify(ctx, resp.Identity, &plan.model, &resp.Diagnostics)
	wanted := home.Placed(values.Of(req.Plan.Raw)).With(tftypes.NewValue(tftypes.String, nb.ID), "id")
	resp.State.Raw = withStatus(planOrNull(wanted), nb.Status).Value
	resp.Diagnostics.Append(remember(ctx, resp.Private, withoutScripts(config))...)
	resp.Diagnostics.Append(oweTags(ctx, resp.Private, len(set) > 0)...)

	created := home.Instance(nb.ID, plan.WorkspaceID.ValueString()).AwaitCreation(ctx, lifecycle.Creation{
		Tags:    set,
		Desired: desiredStatus(wanted.At(atDesired...)),
		Lease:   lease,
	})
	home.Runs.Saw(nb.ID, created.Shown)
	r.writeCreated(ctx, &plan, wanted, nb.ID, &created, resp)
}

// creator creates notebooks in a region.
func (r *notebookResource) creator(home located) lifecycle.Creator {
	return lifecycle.Creator{
		Service: home.Client, Reader: home.Reader, Creates: &home.Creates,
		PollInterval: r.Settings.PollInterval, IgnoresTag: r.Settings.IgnoredTags.Has,
	}
}

// withStatus is the state of a notebook with the status that was shown last, if any.
func withStatus(state values.Value, seen modelarts.Status) values.Value {
	if seen == "" {
		return state
	}
	return state.With(tftypes.NewValue(tftypes.String, string(seen)), "status")
}

// built reports whether all requests could be built, and adds to diags why not.
func built(c *values.Converter, diags *diag.Diagnostics) bool {
	diags.Append(c.Diagnostics...)
	return !diags.HasError()
}

// writeCreated writes what has become of a new notebook.
func (r *notebookResource) writeCreated(ctx context.Context, plan *resourceModel, wanted values.Value, id string, created *lifecycle.Created, resp *resource.CreateResponse) {
	resp.Diagnostics.Append(unfinished(wanted, created)...)
	defer func() {
		resp.Diagnostics.Append(noteProtection(ctx, privateKeys{}, resp.Private, values.Of(resp.State.Raw))...)
	}()
	switch {
	case created.Err == nil:
		resp.State.Raw = r.planOrAnswer(ctx, wanted, created.Shown, &resp.Diagnostics).Value
		if created.TagsErr == nil {
			resp.Diagnostics.Append(oweTags(ctx, resp.Private, false)...)
		}
		none := values.Of(tftypes.NewValue(wanted.Type(), nil))
		r.confirm(ctx, values.Of(resp.State.Raw), none, none, notes{}, created.Shown, unasked(&plan.model, created.TagsErr != nil), resp.Private, &resp.Diagnostics)
	case !created.Failed():
		// An error would taint the notebook, and the next apply destroy it. The state has
		// the status that was seen last, and not the desired one.
		if seen := created.Shown; seen != nil {
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status"), string(seen.Status))...)
		}
		resp.Diagnostics.Append(unfollowed(plan, id, created.Err))
	default:
		// What failed to be created must not be protected from removal.
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("deletion_protection"), types.BoolNull())...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status"), types.StringNull())...)
		if seen := created.Shown; seen != nil {
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status"), string(seen.Status))...)
			resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("fail_reason"), types.StringPointerValue(seen.FailReason))...)
		}
		resp.Diagnostics.Append(diagnostics.Unable("create", "notebook", createError(id, created.Err)))
	}
}

// unfinished warns of what a new notebook lacks. It is no error: an error would
// taint a healthy notebook, and the next apply would destroy it. See
// design/0005-warnings-after-a-create.md.
func unfinished(wanted values.Value, created *lifecycle.Created) diag.Diagnostics {
	diags, name := unmounted(wanted, created.Shown), wanted.At("name").Text()
	if created.TagsErr != nil {
		diags.AddWarning(fmt.Sprintf("Notebook %q has no tags yet", name),
			fmt.Sprintf("The notebook was created, but its tags could not be set: %s. The next apply sets them.", diagnostics.Cause(created.TagsErr)))
	}
	if created.PowerErr != nil {
		diags.AddWarning(fmt.Sprintf("Notebook %q is not %s yet", name, desiredStatus(wanted.At(atDesired...))),
			fmt.Sprintf("The notebook was created and is billed, but could not reach its desired_status: %s. The next apply tries again.", created.PowerErr))
	}
	return diags
}

// unfollowed warns of a new notebook of which it is not known whether it came
// up.
func unfollowed(plan *resourceModel, id string, err error) diag.Diagnostic {
	summary, reason := "Notebook %q could not be followed", fmt.Sprintf("Its status could not be read: %s.", err)
	if errors.Is(err, context.Canceled) {
		summary, reason = "Notebook %q was still being created", "The apply was cancelled."
	}
	return diag.NewWarningDiagnostic(fmt.Sprintf(summary, plan.Name.ValueString()),
		fmt.Sprintf("%s The notebook %s was created, is billed, and is in the state. The next plan shows its status.", reason, id))
}

// createError says of a notebook that was created and did not come up what it
// is and what to do with it.
func createError(id string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the notebook %s was created, but did not come up in time: %w.\n\nIt exists and is billed. It is tainted in the state, "+
			"so the next apply would replace it. If it runs after all, keep it with terraform untaint. "+
			"timeouts = { create = \"...\" } sets a longer timeout. To remove it: terraform destroy -refresh=false", id, err)
	}
	return fmt.Errorf("the notebook %s was created, but did not come up: %w.\n\nIt exists and is billed. It is tainted in the state: "+
		"fix the cause, and the next apply replaces it; or remove it with terraform destroy -refresh=false, which skips the checks of a plan", id, err)
}

func (r *notebookResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	noted := notedBy(ctx, req.Private)
	tagsOwed := owesTags(ctx, req.Private)
	got := r.read(ctx, values.Of(req.State.Raw), noted, tagsOwed)
	if got.saidAlready() {
		identify(ctx, resp.Identity, &got.before.model, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(got.diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer func() { tellApart(r.Settings, values.Of(req.State.Raw), resp.Diagnostics) }()
	identify(ctx, resp.Identity, &got.where, &resp.Diagnostics) // the framework wants it of one that is gone, too
	if got.nb.Status == modelarts.StatusDeleted {
		resp.Diagnostics.Append(vanished(values.Of(req.State.Raw), &got.where)...)
		resp.State.RemoveResource(ctx)
		return
	}
	resp.State.Raw = got.state.Value
	resp.Diagnostics.Append(noteProtection(ctx, req.Private, resp.Private, got.state)...)
	if !maps.Equal(got.notes, noted) {
		resp.Diagnostics.Append(note(ctx, resp.Private, got.notes)...)
		resp.Diagnostics.Append(noteSavedImage(ctx, resp.Private, savedImageIn(got.nb, got.notes))...)
	}
	if tagsOwed && len(got.nb.Tags) > 0 {
		resp.Diagnostics.Append(oweTags(ctx, resp.Private, false)...)
	}
	if remembers(ctx, req.Private) {
		resp.Diagnostics.Append(noteFormer(ctx, req.Private, resp.Private, values.Of(req.State.Raw), got.state)...)
	} else {
		resp.State.Raw = asConfigurable(got.state).Value
		resp.Diagnostics.Append(remember(ctx, resp.Private, values.Of(resp.State.Raw))...) // after an import
		resp.Diagnostics.Append(markImported(ctx, resp.Private, true)...)
	}
	was := owedBy(ctx, req.Private)
	if left := owedNoted(ctx, req.Private).After(was, got.nb, got.now); left != was {
		resp.Diagnostics.Append(owe(ctx, resp.Private, left)...)
	}
}

// vanished warns of a notebook that the service does not have any more. Nothing is
// said of one that was to be imported.
func vanished(state values.Value, where *model) (diags diag.Diagnostics) {
	name := state.At("name").Text()
	if name == "" {
		return nil
	}
	lost := ""
	if storage := lostStorage(state); storage != "" {
		lost = fmt.Sprintf(" Its %s was deleted with it.", storage)
	}
	diags.AddWarning(fmt.Sprintf("Notebook %q does not exist any more", name),
		fmt.Sprintf("The service has no notebook %s in the region %q: it was deleted outside of Terraform.%s It is removed from the state. If it is still configured, the next apply creates a new, empty one.",
			where.ID.ValueString(), where.Region.ValueString(), lost))
	return diags
}

func (r *notebookResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state resourceModel
	defer func() {
		resp.Diagnostics.Append(noteProtection(ctx, req.Private, resp.Private, values.Of(resp.State.Raw))...)
		tellApart(r.Settings, values.Of(req.State.Raw), resp.Diagnostics)
	}()
	r.Settings.NoteApply()
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
		config: withoutScripts(values.Of(req.Config.Raw)), state: values.Of(req.State.Raw), plan: values.Of(req.Plan.Raw),
	}
	values.Load(c, withScripts(v.plan, values.Of(req.Config.Raw)), &plan)
	noted := notedBy(ctx, req.Private)
	wish, empty := toUpdate(c, v, &config, &plan, &state)
	if !built(c, &resp.Diagnostics) {
		return
	}
	where, home := state.model, located{}
	if !empty || where.Region.IsNull() || where.ProjectID.IsNull() { // which a state that was never refreshed may lack
		var ok bool
		if home, ok = r.locate(ctx, &where, &resp.Diagnostics); !ok {
			return
		}
		home.place(&where)
	}
	if v.imported() {
		resp.Diagnostics.Append(markImported(ctx, resp.Private, false)...)
	}
	identify(ctx, resp.Identity, &where, &resp.Diagnostics)
	asked := intended(ctx, req.Private, v.config)
	if empty {
		resp.Diagnostics.Append(rememberOutcome(ctx, req.Private, resp.Private, asked, nil)...)
		resp.State.Raw = planOrState(v.plan, v.state).Value
		if !plan.DesiredStatus.IsNull() {
			resp.Diagnostics.Append(owe(ctx, resp.Private, lifecycle.OwesNothing)...) // that has settled it
		}
		return
	}
	r.setDone(ctx, v, noted, &wish)
	wish.Refused, wish.Noted = v.refused, owedNoted(ctx, req.Private)
	wish.JustCreated, wish.Now = home.justCreated(&state), home.Client.Now
	out := home.update(ctx, &state.model, wish)
	resp.Diagnostics.Append(rememberOutcome(ctx, req.Private, resp.Private, asked, v.undone(&out))...)
	resp.Diagnostics.Append(noteOwed(ctx, resp.Private, &out)...)
	if out.Err == nil && owesTags(ctx, req.Private) {
		resp.Diagnostics.Append(oweTags(ctx, resp.Private, false)...)
	}
	r.writeUpdated(ctx, v, home, noted, &out, resp)
}

// writeUpdated writes what an update has reached, and deletes the image that it has replaced
// where the same apply deletes that.
func (r *notebookResource) writeUpdated(ctx context.Context, v *view, home located, noted notes, out *lifecycle.Outcome, resp *resource.UpdateResponse) {
	switch {
	case out.Err != nil:
		resp.State.Raw = r.afterFailedUpdate(ctx, v, out.Applied, out.Shown, noted, &resp.Diagnostics).Value
		resp.Diagnostics.Append(noteFormer(ctx, v.private, resp.Private, applied(v.state, v.plan, out.Applied), values.Of(resp.State.Raw))...)
		resp.Diagnostics.Append(diagnostics.Unable("update", "notebook", diagnostics.OutOfTime("update", out.Err)))
	case out.ReadErr != nil:
		// The update is done. What could not be read is read by the next plan.
		resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q could not be read after its update", v.plan.At("name").Text()),
			"All changes were made. The next plan shows the rest: "+out.ReadErr.Error())
		if resp.State.Raw = planOrState(v.plan, v.state).Value; out.Shown != nil {
			resp.State.Raw = r.planOrAnswer(ctx, v.plan, out.Shown, &resp.Diagnostics).Value
		}
	default:
		resp.State.Raw = r.planOrAnswer(ctx, v.plan, out.Shown, &resp.Diagnostics).Value
		first := v.state
		if out.Before != nil {
			first = r.overlaid(ctx, v.state, out.Before, &resp.Diagnostics)
		}
		r.confirm(ctx, values.Of(resp.State.Raw), v.state, first, noted, out.Shown, nil, resp.Private, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(unmounted(values.Of(resp.State.Raw), out.Shown)...)
	resp.Diagnostics.Append(notMountedAgain(v.plan.At("name").Text(), v.state.At("id").Text(), out.MountsErr)...)
	if v.differs(atImage) && (out.Err == nil || slices.Contains(out.Applied, atImage.String())) {
		resp.Diagnostics.Append(home.DeleteLeftovers(ctx, v.state.At("id").Text())...)
	} else if v.differs(atImage) {
		resp.Diagnostics.Append(home.LeaveLeftovers(v.state.At("id").Text())...)
	}
}

// update changes a notebook while nothing is mounted or unmounted on it.
func (l located) update(ctx context.Context, m *model, wish lifecycle.Wish) lifecycle.Outcome {
	end, err := l.Runs.Alone(ctx, m.ID.ValueString())
	if err != nil {
		return lifecycle.Outcome{Err: err, ReadErr: err, Owed: wish.Owed, Noted: wish.Noted}
	}
	defer end()
	out := l.Instance(m.ID.ValueString(), m.WorkspaceID.ValueString()).Update(ctx, wish)
	l.Runs.Saw(m.ID.ValueString(), out.Shown)
	return out
}

// confirm notes what the service does not show as it was applied, and warns of
// what it has not shown so before. prior is the state before, and first what the answer
// at the start of the update makes of it. What is unasked was not applied.
func (r *notebookResource) confirm(ctx context.Context, applied, prior, first values.Value, before notes, nb *modelarts.Notebook, unasked []place, private privateWriter, diags *diag.Diagnostics) {
	read := r.overlaid(ctx, applied, nb, diags)
	for _, where := range unasked {
		read = read.With(applied.At(where...).Value, where...)
	}
	if values.Equal(prior.At(atImage...), applied.At(atImage...)) {
		read, before = r.keepImage(ctx, applied, read, nb, before)
	}
	after, fresh := confirm(prior, first, applied, read, before)
	diags.Append(note(ctx, private, after)...)
	diags.Append(noteSavedImage(ctx, private, savedImageIn(nb, after))...)
	diags.Append(notConfirmed(applied, read, fresh)...)
}

func (r *notebookResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, deleteTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	// The plan refuses too, but it does not see every way to a replacement: a taint
	// comes here unannounced.
	r.Settings.NoteApply()
	if raw := values.Of(req.State.Raw); protects(raw, r.Settings) {
		resp.Diagnostics.Append(protected(raw))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	home, ok := r.locate(ctx, &state.model, &resp.Diagnostics)
	if !ok {
		return
	}
	home.Creates.Claim(state.ID.ValueString())
	if err := home.Instance(state.ID.ValueString(), state.WorkspaceID.ValueString()).Delete(ctx, home.justCreated(&state)); err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("delete", "notebook", deleteError(state.Name.ValueString(), state.ID.ValueString(), err)))
		resp.Diagnostics.Append(home.LeaveLeftovers(state.ID.ValueString())...)
		return
	}
	resp.Diagnostics.Append(home.DeleteLeftovers(ctx, state.ID.ValueString())...)
}
