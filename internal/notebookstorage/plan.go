package notebookstorage

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// argument is an argument of which a change replaces the mount.
type argument struct {
	name string
	at   func(*model) *types.String
	// same reports whether two values mean the same; nil: when they are equal.
	same func(a, b string) bool
}

// arguments are all of which a change replaces the mount. The others concern the
// provider alone.
var arguments = []argument{
	{"region", func(m *model) *types.String { return &m.Region }, nil},
	{"notebook_id", func(m *model) *types.String { return &m.NotebookID }, strings.EqualFold},
	{"category", func(m *model) *types.String { return &m.Category }, lifecycle.SameStorageCategory},
	{"uri", func(m *model) *types.String { return &m.URI }, lifecycle.SameFolder},
	{"efs_id", func(m *model) *types.String { return &m.EFSID }, nil},
	{"mount_path", func(m *model) *types.String { return &m.MountPath }, lifecycle.SameFolder},
}

// ModifyPlan makes the plan show what the apply will do: nothing for another spelling
// of the same thing, a mount that is made again where it has failed or is about to be
// dropped, and an error where storage cannot be mounted.
func (r *storageResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	var config, plan, state resourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	creates := req.State.Raw.IsNull()
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if config.StartNotebook.IsUnknown() {
		plan.StartNotebook = types.BoolUnknown() // and not the default of the framework
	}
	if config.Region.IsUnknown() {
		plan.Region = types.StringUnknown()
	}
	if !creates {
		creates = r.planChange(&config, &plan, &state, resp)
	}
	if creates && config.Region.IsNull() && r.Settings != nil && r.Settings.Home().Unready == nil {
		plan.Region = types.StringValue(r.Settings.Region)
	}
	switch {
	case r.Settings == nil:
	case creates:
		if refused := r.Settings.CannotCall(plan.Region.ValueString()); refused != nil && !plan.Region.IsUnknown() {
			resp.Diagnostics.Append(refused)
		} else {
			r.check(ctx, &plan, &resp.Diagnostics)
		}
	default:
		if plan.Status.IsUnknown() {
			r.checkRunning(ctx, &plan, &resp.Diagnostics)
		}
		if taken, _ := r.foreseenVolume(&plan); taken {
			resp.Diagnostics.Append(holdsVolume(&plan)) // one that the plan of the notebook adds
		}
	}
	diagnostics.AddWayOut(resp.Diagnostics)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// planChange plans a change of a mount, and reports whether it is replaced.
func (r *storageResource) planChange(config, plan, state *resourceModel, resp *resource.ModifyPlanResponse) (replaced bool) {
	for _, a := range arguments {
		planned, was := a.at(&plan.model), a.at(&state.model)
		if a.name == "region" && config.Region.IsNull() {
			*planned = *was // the region of the provider does not move a mount
		}
		known := !planned.IsUnknown() && !planned.IsNull() && !was.IsNull()
		if known && a.same != nil && a.same(planned.ValueString(), was.ValueString()) {
			*planned = *was
		}
		if !planned.Equal(*was) {
			resp.RequiresReplace = append(resp.RequiresReplace, path.Root(a.name))
			replaced = true
		}
	}
	if replaced {
		for _, computed := range []*types.String{&plan.ID, &plan.ProjectID, &plan.Status, &plan.FailureReason} {
			*computed = types.StringUnknown()
		}
		return true
	}
	plan.ID, plan.ProjectID, plan.Status, plan.FailureReason = state.ID, state.ProjectID, state.Status, state.FailureReason
	if r.mountsAgain(state) {
		plan.ID, plan.Status, plan.FailureReason = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	}
	return false
}

// mountsAgain reports whether an update is to look for a mount, and to make it again:
// it has failed, or the same apply starts the notebook, which may have dropped it at
// its last stop.
func (r *storageResource) mountsAgain(state *resourceModel) bool {
	if modelarts.StorageStatus(state.Status.ValueString()).Kind() == modelarts.Failed && !state.Status.IsNull() {
		return true
	}
	return r.Settings != nil && r.process(state).Foreseen.StatusOf(state.NotebookID.ValueString()) == modelarts.StatusRunning
}

// check refuses a plan that mounts storage on a notebook that will not run, or at the
// path of one of its data volumes. It passes over what is not known yet, and over a
// notebook that cannot be read now: the apply will tell.
func (r *storageResource) check(ctx context.Context, plan *resourceModel, diags *diag.Diagnostics) {
	nb, m := r.checkRunning(ctx, plan, diags)
	if plan.MountPath.IsUnknown() || plan.NotebookID.IsUnknown() {
		return
	}
	where := plan.MountPath.ValueString()
	taken, known := r.foreseenVolume(plan)
	if !known && nb != nil {
		var err error
		if taken, err = m.IsVolume(ctx, nb, where); err != nil {
			return
		}
	}
	if taken {
		diags.Append(holdsVolume(plan))
	}
}

func holdsVolume(plan *resourceModel) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("mount_path"), "The path holds a data volume",
		fmt.Sprintf("The notebook %s has a data volume at %s, an entry of its data_volumes. Mount the storage at another path, or remove one of the two from the configuration.",
			plan.NotebookID.ValueString(), plan.MountPath.ValueString()))
}

// foreseenVolume reports whether the plan of the notebook in the same run has a data
// volume at the path of a mount.
func (r *storageResource) foreseenVolume(plan *resourceModel) (taken, known bool) {
	paths, known := r.process(plan).Foreseen.VolumesOf(plan.NotebookID.ValueString())
	for _, p := range paths {
		taken = taken || lifecycle.SameFolder(p, plan.MountPath.ValueString())
	}
	return taken, known
}

// checkRunning refuses a plan that needs a notebook to run which will not, unless it
// may be started. It returns the notebook; nil where it is not known or cannot be read.
func (r *storageResource) checkRunning(ctx context.Context, plan *resourceModel, diags *diag.Diagnostics) (*modelarts.Notebook, lifecycle.Mounts) {
	process := r.process(plan)
	if plan.NotebookID.IsUnknown() || plan.Region.IsUnknown() || process.Unready != nil {
		return nil, lifecycle.Mounts{}
	}
	id := plan.NotebookID.ValueString()
	place := location.Place{Process: process, Policy: &r.Settings.Policy}
	m := mounts(place, &plan.model)
	nb, err := m.Show(ctx)
	if err == nil && nb.Status == modelarts.StatusDeleted {
		nb, err = m.Refresh(ctx, nil, nil) // one such answer can be wrong
	}
	if err != nil {
		return nil, m
	}
	status := nb.Status
	if rest := status.Rest(); rest != "" {
		status = rest
	}
	if planned := process.Foreseen.StatusOf(id); planned != "" {
		status = planned
	}
	mayStart := plan.StartNotebook.IsUnknown() || plan.StartNotebook.ValueBool()
	switch {
	case status == modelarts.StatusDeleted:
		diags.AddAttributeError(path.Root("notebook_id"), "There is no such notebook",
			fmt.Sprintf("The service has no notebook %s in the region %q. Check notebook_id and region.", id, plan.Region.ValueString()))
	case status == modelarts.StatusRunning, status.Kind() == modelarts.Pending:
	case status == modelarts.StatusStopped && mayStart, status == modelarts.StatusStartFailed && mayStart:
	case status == modelarts.StatusStopped, status == modelarts.StatusStartFailed:
		diags.AddAttributeError(path.Root("notebook_id"), "The notebook does not run",
			fmt.Sprintf("The notebook %s is %s, and storage is mounted only while it runs. %s", id, nb.Status, adviceStart))
	default:
		diags.AddAttributeError(path.Root("notebook_id"), "The notebook does not run",
			fmt.Sprintf("The notebook %s is %s, and storage is mounted only while it runs.", id, nb.Status))
	}
	return nb, m
}

// process is what this process remembers of the region of a mount.
func (r *storageResource) process(m *resourceModel) *settings.Process {
	return r.Settings.In(m.Region.ValueString())
}
