// Package notebookstorage offers storage that is mounted on a running notebook of
// ModelArts to Terraform. See design/0027-mounts.md.
package notebookstorage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

var (
	_ resource.Resource                   = (*storageResource)(nil)
	_ resource.ResourceWithConfigure      = (*storageResource)(nil)
	_ resource.ResourceWithValidateConfig = (*storageResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*storageResource)(nil)
	_ resource.ResourceWithIdentity       = (*storageResource)(nil)
	_ resource.ResourceWithImportState    = (*storageResource)(nil)
	_ resource.ResourceWithMoveState      = (*storageResource)(nil)
)

// One deadline over all the steps of an operation, unless timeouts says otherwise. A
// start and a stop of the notebook may be among them.
const (
	createTimeout = 30 * time.Minute
	readTimeout   = 5 * time.Minute
	updateTimeout = 30 * time.Minute
	deleteTimeout = 30 * time.Minute
)

// kind is what the resource is called in messages.
const kind = "mount"

type storageResource struct{ settings.ResourceAccess }

// NewResource is modelarts_notebook_storage.
func NewResource() resource.Resource { return &storageResource{} }

func (r *storageResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook_storage"
	// A mount has another ID each time that it is made.
	resp.ResourceBehavior.MutableIdentity = true
}

// mounts are those of the notebook of a model.
func mounts(place location.Place, m *model) lifecycle.Mounts {
	return lifecycle.Mounts{Instance: place.Instance(m.NotebookID.ValueString(), ""), Runs: &place.Runs}
}

// begin opens the region of a mount for an operation, which has so much time. cancel is
// to be called also where it is not ok.
func (r *storageResource) begin(ctx context.Context, m *model, limit func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), usual time.Duration, diags *diag.Diagnostics) (limited context.Context, cancel context.CancelFunc, place location.Place, ok bool) {
	if diags.HasError() {
		return ctx, func() {}, location.Place{}, false
	}
	timeout, found := limit(ctx, usual)
	diags.Append(found...)
	limited, cancel = context.WithTimeout(ctx, timeout)
	if !diags.HasError() {
		place, ok = location.Open(limited, r.Settings, location.Object{Kind: kind, ID: m.ID, Region: m.Region, ProjectID: m.ProjectID}, diags)
	}
	return limited, cancel, place, ok
}

func (r *storageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan resourceModel
	r.Settings.NoteApply()
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel, place, ok := r.begin(ctx, &plan.model, plan.Timeouts.Create, createTimeout, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}
	m := mounts(place, &plan.model)
	m.Claims = &place.Creates
	run, err := m.Begin(ctx, plan.StartNotebook.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(unable("create", &plan, err))
		return
	}
	defer func() { resp.Diagnostics.Append(stillRunning(run.End(ctx))...) }()
	begun, err := plan.mount(ctx, place, m, run, resp.Identity, &resp.State, &resp.Diagnostics)
	if err != nil && !begun {
		resp.Diagnostics.Append(unable("create", &plan, err))
		return
	}
	resp.Diagnostics.Append(notMounted(&plan, err)...)
}

// mount mounts the storage of a plan, and writes it to the state. begun reports that the
// mount exists, whatever the error is.
func (m *resourceModel) mount(ctx context.Context, place location.Place, on lifecycle.Mounts, run *lifecycle.Run, identity *tfsdk.ResourceIdentity, state *tfsdk.State, diags *diag.Diagnostics) (begun bool, err error) {
	st, err := on.Attach(ctx, run, m.toAttach())
	if err != nil {
		return false, err
	}
	// The mount exists from here on: whatever happens next, Terraform must know it.
	place.Creates.Claim(st.ID)
	m.place(place)
	m.known(st)
	identify(ctx, identity, &m.model, diags)
	diags.Append(state.Set(ctx, m)...)

	seen, err := on.AwaitMounted(ctx, st.ID)
	if seen != nil {
		m.known(seen)
		diags.Append(state.Set(ctx, m)...)
	}
	return true, err
}

// notMounted says of a mount that was made why it is not mounted. Where nothing is
// known of what becomes of it that is a warning: an error would taint it. See
// design/0005-warnings-after-a-create.md.
func notMounted(m *resourceModel, err error) (diags diag.Diagnostics) {
	switch {
	case err == nil:
	case lifecycle.MountFailed(err):
		diags.Append(unable("create", m, fmt.Errorf("storage could not be mounted at %s of the notebook %s: %w.\n\n"+
			"The mount is tainted in the state: fix the cause, and the next apply creates it again",
			m.MountPath.ValueString(), m.NotebookID.ValueString(), err)))
	default:
		why := fmt.Sprintf("Its status could not be read: %s.", err)
		if errors.Is(err, context.Canceled) {
			why = "The apply was cancelled."
		}
		diags.AddWarning(fmt.Sprintf("Storage was still being mounted at %s", m.MountPath.ValueString()),
			fmt.Sprintf("%s The mount %s of the notebook %s is in the state. The next plan shows its status.", why, m.ID.ValueString(), m.NotebookID.ValueString()))
	}
	return diags
}

// stillRunning warns of a notebook that was started for a mount and could not be
// stopped again.
func stillRunning(err error) (diags diag.Diagnostics) {
	var still *lifecycle.StillRunningError
	if errors.As(err, &still) {
		diags.AddWarning(fmt.Sprintf("Notebook %s may still be running", still.ID),
			fmt.Sprintf("The notebook %s was started for its mounts, and could not be stopped again: %s.\n\n"+
				"It is billed while it runs. Its lease stops it, unless the lease is switched off. To stop it earlier, use the console, or apply with desired_status = \"STOPPED\".", still.ID, still.Err))
	}
	return diags
}

func (r *storageResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel, place, ok := r.begin(ctx, &state.model, state.Timeouts.Read, readTimeout, &resp.Diagnostics)
	defer cancel()
	imported := state.MountPath.IsNull()
	if !ok {
		r.sayOnce(ctx, place.Process, place.Refused && !imported, &state, resp)
		return
	}
	place.Creates.Claim(state.ID.ValueString())
	sight, err := mounts(place, &state.model).Look(ctx, state.lookedFor())
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", kind, err))
		r.sayOnce(ctx, place.Process, diagnostics.NoAccess(err) && !imported, &state, resp)
		return
	}
	state.place(place)
	switch {
	case sight.Gone:
		identify(ctx, resp.Identity, &state.model, &resp.Diagnostics) // the framework wants it of one that is gone, too
		if !imported {
			resp.Diagnostics.Append(vanished(&state.model, sight)...)
		}
		resp.State.RemoveResource(ctx)
		return
	case sight.Shown != nil:
		place.Creates.Claim(sight.Shown.ID)
		state.fromAPI(sight.Shown)
	case imported:
		resp.Diagnostics.Append(diagnostics.WithWayOut(diag.NewErrorDiagnostic("The mount cannot be imported now",
			fmt.Sprintf("The service does not return the mount %s, and the notebook %s does not run. The service returns mounts reliably only while the notebook runs. Start the notebook, and then import the mount.",
				state.ID.ValueString(), state.NotebookID.ValueString()))))
		return
	}
	identify(ctx, resp.Identity, &state.model, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// sayOnce takes back the error of a mount that cannot be read since no call can be
// made, where the refresh has said so of another object: the run ends with one error,
// and not with one for each object. The state stays as it is.
func (r *storageResource) sayOnce(ctx context.Context, p *settings.Process, refused bool, state *resourceModel, resp *resource.ReadResponse) {
	if refused && !state.ProjectID.IsNull() && !p.AccessRefused.CompareAndSwap(false, true) {
		resp.Diagnostics = nil
		identify(ctx, resp.Identity, &state.model, &resp.Diagnostics)
	}
}

// vanished warns of a mount that is gone.
func vanished(m *model, sight lifecycle.Sight) (diags diag.Diagnostics) {
	why := "it was unmounted outside of Terraform, or a stop of the notebook dropped it"
	switch {
	case sight.NotebookGone:
		why = "the notebook does not exist any more"
	case sight.TakenBy != "":
		why = fmt.Sprintf("the path holds %s now", sight.TakenBy)
	}
	diags.AddWarning(fmt.Sprintf("Storage at %s of notebook %s is not mounted any more", m.MountPath.ValueString(), m.NotebookID.ValueString()),
		fmt.Sprintf("The service has no such mount at %s: %s. It is removed from the state. If it is still configured, the next apply mounts it again.",
			m.MountPath.ValueString(), why))
	return diags
}

// Update mounts the storage again, or changes nothing but what concerns the provider
// alone.
func (r *storageResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state resourceModel
	r.Settings.NoteApply()
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.Status.IsUnknown() {
		identify(ctx, resp.Identity, &plan.model, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		return
	}
	ctx, cancel, place, ok := r.begin(ctx, &state.model, plan.Timeouts.Update, updateTimeout, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}
	identify(ctx, resp.Identity, &state.model, &resp.Diagnostics)
	m := mounts(place, &state.model)
	run, err := m.Begin(ctx, plan.StartNotebook.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(unable("update", &plan, err))
		return
	}
	defer func() { resp.Diagnostics.Append(stillRunning(run.End(ctx))...) }()
	if _, err := plan.mount(ctx, place, m, run, resp.Identity, &resp.State, &resp.Diagnostics); err != nil {
		resp.Diagnostics.Append(unable("update", &plan, fmt.Errorf("the storage is not mounted at %s of the notebook %s: %w",
			plan.MountPath.ValueString(), plan.NotebookID.ValueString(), err)))
	}
}

func (r *storageResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state resourceModel
	r.Settings.NoteApply()
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel, place, ok := r.begin(ctx, &state.model, state.Timeouts.Delete, deleteTimeout, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}
	left, err := mounts(place, &state.model).Remove(ctx, state.lookedFor(), state.StartNotebook.ValueBool())
	if err != nil {
		resp.Diagnostics.Append(unable("delete", &state, err))
		return
	}
	resp.Diagnostics.Append(stillRunning(left.StillRunning)...)
	if left.MayComeBack != "" {
		resp.Diagnostics.AddWarning(fmt.Sprintf("Storage at %s of notebook %s may be mounted again", state.MountPath.ValueString(), state.NotebookID.ValueString()),
			fmt.Sprintf("The notebook is %s, and the service does not list the storage as mounted. It may mount it again at the next start of the notebook. In that case, unmount it in the console, "+
				"or import and destroy it. With start_notebook = true, a destroy starts the notebook and unmounts the storage. Destroying the notebook also deletes its mounts.", left.MayComeBack))
	}
}

// unable is the error of an operation on a mount.
func unable(operation string, m *resourceModel, err error) diag.Diagnostic {
	var off *lifecycle.NotMountableError
	switch {
	case errors.As(err, &off) && operation == "delete":
		return diag.NewErrorDiagnostic("Unable to delete mount", fmt.Sprintf("%s.\n\n"+
			"The provider cannot determine whether the storage is still mounted at %s. Start the notebook and run the same command again; or apply start_notebook = true: a destroy then starts the notebook and stops it again. "+
			"Destroying the notebook also deletes its mounts: remove the mount from the state (terraform state rm), and destroy the notebook with terraform destroy -refresh=false.", sentence(err), m.MountPath.ValueString()))
	case errors.As(err, &off):
		return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to %s mount", operation), fmt.Sprintf("%s.\n\n%s", sentence(err), adviceStart))
	case errors.Is(err, lifecycle.ErrNoNotebook):
		return diag.NewErrorDiagnostic(fmt.Sprintf("Unable to %s mount", operation), fmt.Sprintf("The service has no notebook %s in the region. Check notebook_id and region.", m.NotebookID.ValueString()))
	default:
		return diagnostics.Unable(operation, kind, diagnostics.OutOfTime(operation, err))
	}
}

const adviceStart = "Set start_notebook = true: the apply then starts the notebook for the mount and stops it again. Or start the notebook, for example with desired_status = \"RUNNING\"."

// place writes the region and the project into a model.
func (m *model) place(p location.Place) {
	m.Region, m.ProjectID = types.StringValue(p.Region), types.StringValue(p.Project)
}
