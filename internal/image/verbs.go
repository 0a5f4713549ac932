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
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What both resources of images do in the same way.

const readTimeout = 5 * time.Minute

// object is where the image of a model lives.
func (k *kind) object(m *managed) location.Object {
	return location.Object{Kind: k.noun, ID: m.ID, Region: m.Region, ProjectID: m.ProjectID}
}

// overlaid is a value with what an answer shows. Unknown values in it are filled.
func (k *kind) overlaid(ctx context.Context, value values.Value, image *modelarts.Image, diags *diag.Diagnostics) values.Value {
	c, m := k.newConverter(ctx), k.newModel()
	values.Load(c, value, m)
	m.fromAPI(c, image)
	overlaid := values.Store(c, m)
	diags.Append(c.Diagnostics...)
	return overlaid
}

// begin writes the image of a new resource into the state, before anything is waited for,
// and returns the plan with what is known from then on.
func (k *kind) begin(ctx context.Context, at location.Place, made lifecycle.MadeImage, req resource.CreateRequest, resp *resource.CreateResponse) values.Value {
	if made.Lost != nil {
		resp.Diagnostics.AddWarning(fmt.Sprintf("%s was adopted", title(k, values.Of(req.Plan.Raw))),
			fmt.Sprintf("The response to its request was lost: %s. The provider searched for the image and adopted %s: it is the only one that matches the request and is not older. "+
				"No second request was sent. If another user requested the same image at the same moment and it is theirs, remove it from the state with terraform state rm.", made.Lost, made.ID))
	}
	wanted := at.Placed(values.Of(req.Plan.Raw)).With(tftypes.NewValue(tftypes.String, made.ID), "id")
	state := wanted.NullUnknown()
	if made.Status != "" {
		state = state.With(tftypes.NewValue(tftypes.String, string(made.Status)), "status")
	}
	resp.State.Raw = state.Value
	location.Identify(ctx, resp.Identity, location.Object{
		Region: types.StringValue(at.Region), ProjectID: types.StringValue(at.Project), ID: types.StringValue(made.ID),
	}, &resp.Diagnostics)
	resp.Diagnostics.Append(k.remember(ctx, resp.Private, values.Of(req.Config.Raw))...)
	return wanted
}

// finish writes what has become of a new image.
func (k *kind) finish(ctx context.Context, wanted values.Value, out *lifecycle.ImageOutcome, resp *resource.CreateResponse) {
	id := wanted.At("id").Text()
	if out.NotebookErr != nil {
		resp.Diagnostics.AddWarning(fmt.Sprintf("The notebook of %s could not be followed", label(wanted)),
			fmt.Sprintf("The image %s is ACTIVE. The provider could not check whether its notebook can be used again: %s.", id, diagnostics.Cause(out.NotebookErr)))
	}
	if out.Err == nil {
		read := k.overlaid(ctx, wanted, out.Shown, &resp.Diagnostics)
		state := wanted.Fill(read).NullUnknown()
		resp.State.Raw = state.Value
		resp.Diagnostics.Append(k.confirm(ctx, state, read, resp.Private)...)
		return
	}
	if seen := out.Shown; seen != nil {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status"), string(seen.Status))...)
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("status_message"), types.StringPointerValue(seen.StatusMessage))...)
	}
	if !out.Failed() {
		// An error would taint the image, and the next apply delete it: see
		// design/0005-warnings-after-a-create.md.
		resp.Diagnostics.AddWarning(fmt.Sprintf("%s could not be followed", title(k, wanted)),
			fmt.Sprintf("Its status could not be read: %s. The image %s exists and is in the state. The next plan shows its status.", diagnostics.Cause(out.Err), id))
		return
	}
	// What has failed is not kept when it is replaced or removed.
	if _, there := k.schema().Attributes["keep_on_destroy"]; there {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("keep_on_destroy"), false)...)
	}
	more := ""
	if errors.Is(out.Err, context.DeadlineExceeded) {
		more = " If it becomes ACTIVE after all, keep it with terraform untaint. timeouts = { create = \"...\" } sets a longer timeout."
	}
	resp.Diagnostics.Append(diagnostics.Unable("create", k.noun, fmt.Errorf("the image %s was created, but did not become ACTIVE: %w.\n\n"+
		"It is tainted in the state: fix the cause, and the next apply replaces it; or remove it with terraform destroy -refresh=false.%s", id, out.Err, more)))
}

// read refreshes the state of an image.
func (r *managedResource) read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse, more func(location.Place, values.Value) values.Value) {
	before := values.Of(req.State.Raw)
	var m managed
	c := r.newConverter(ctx)
	values.Load(c, before, &m)
	timeout, diags := m.Timeouts.Read(ctx, readTimeout)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var found diag.Diagnostics
	at, ok := location.Open(ctx, r.Settings, r.object(&m), &found)
	if !ok {
		r.refused(ctx, at, &m, found, at.Refused, resp)
		return
	}
	images, fresh := at.Images(), m.Name.IsNull()
	images.Creates.Claim(m.ID.ValueString())
	image, err := images.Refresh(ctx, m.ID.ValueString(), func() bool { return justMade(at, &m) })
	if err != nil {
		found.Append(diagnostics.UnableInPlan("read", r.noun, err))
		r.refused(ctx, at, &m, found, diagnostics.NoAccess(err), resp)
		return
	}
	m.Region, m.ProjectID = types.StringValue(at.Region), types.StringValue(at.Project)
	location.Identify(ctx, resp.Identity, r.object(&m), &resp.Diagnostics)
	if image.Status == modelarts.ImageDeleted {
		if !fresh {
			resp.Diagnostics.AddWarning(fmt.Sprintf("%s does not exist any more", title(r.kind, before)),
				fmt.Sprintf("The service has no image %s in the region %q: it was deleted outside of Terraform. It is removed from the state. If it is still configured, the next apply creates a new one.",
					m.ID.ValueString(), at.Region))
		}
		resp.State.RemoveResource(ctx)
		return
	}
	after := r.overlaid(ctx, before, image, &resp.Diagnostics)
	if more != nil {
		after = more(at, after)
	}
	after = r.unconfirmed(before, after, values.DigestsAt(ctx, req.Private, unconfirmedKey))
	resp.State.Raw = at.Placed(after).Value
}

// refused ends a read that was not possible. Where no call can be made as the provider is
// configured, one object of the run says so, and the others stay as they are.
func (k *kind) refused(ctx context.Context, at location.Place, m *managed, found diag.Diagnostics, noAccess bool, resp *resource.ReadResponse) {
	known := !m.Name.IsNull() && !m.Region.IsNull() && !m.ProjectID.IsNull()
	if noAccess && known && !at.AccessRefused.CompareAndSwap(false, true) {
		location.Identify(ctx, resp.Identity, k.object(m), &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(found...)
}

// justMade reports whether an image was made so lately, by the service's clock, that the
// service may still deny it.
func justMade(at location.Place, m *managed) bool {
	if m.CreatedAt.IsNull() {
		return !m.Status.IsNull() // by an apply that was cut short, but not one that is being imported
	}
	return at.MadeLately(m.CreatedAt)
}

// updated carries out a change of an image, and writes what it has reached.
func (k *kind) updated(ctx context.Context, at location.Place, state, wanted values.Value, req resource.UpdateRequest, resp *resource.UpdateResponse, change func() lifecycle.ImageOutcome) {
	wanted = at.Placed(wanted)
	var m managed
	c := k.newConverter(ctx)
	values.Load(c, wanted, &m)
	location.Identify(ctx, resp.Identity, k.object(&m), &resp.Diagnostics)
	out := change()
	if out.Err != nil {
		// What concerns the next delete holds, whatever this apply has done.
		for _, name := range []string{"delete_content", "keep_on_destroy"} {
			if _, there := k.schema().Attributes[name]; there {
				state = state.With(wanted.At(name).Value, name)
			}
		}
		resp.State.Raw = state.Value
		resp.Diagnostics.Append(diagnostics.Unable("update", k.noun, fmt.Errorf("the image %s: %w", state.At("id").Text(), out.Err)))
		return
	}
	var diags diag.Diagnostics
	written := wanted.Fill(state).NullUnknown()
	if out.Shown != nil {
		read := k.overlaid(ctx, wanted, out.Shown, &diags)
		written = wanted.Fill(read).NullUnknown()
		diags.Append(k.confirm(ctx, written, read, resp.Private)...)
	}
	resp.State.Raw = written.Value
	diags.Append(k.remember(ctx, resp.Private, values.Of(req.Config.Raw))...)
	resp.Diagnostics.Append(diags...)
}

// delete deletes an image. whenUsed is asked where the service refuses that because the image
// is in use; nil: that is an error.
func (r *managedResource) delete(ctx context.Context, m *managed, diags *diag.Diagnostics, whenUsed func(context.Context, location.Place, error) (diag.Diagnostic, error)) {
	at, ok := location.Open(ctx, r.Settings, r.object(m), diags)
	if !ok {
		return
	}
	err := at.Images().Delete(ctx, m.ID.ValueString(), m.DeleteContent.ValueBool())
	if errors.Is(err, modelarts.ErrInUse) && whenUsed != nil {
		var left diag.Diagnostic
		if left, err = whenUsed(ctx, at, err); left != nil {
			diags.Append(left)
		}
	}
	if err != nil {
		diags.Append(diagnostics.Unable("delete", r.noun, fmt.Errorf("the image %s (%s) was not deleted: %w", m.ID.ValueString(), m.SWRPath.ValueString(), err)))
	}
}
