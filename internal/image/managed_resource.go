package image

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// managedResource is what both resources of images do in the same way. Each of them
// embeds it, with its kind.
type managedResource struct {
	settings.ResourceAccess
	*kind
}

func (r *managedResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + r.typeName
}

func (r *managedResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema()
}

func (r *managedResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = location.IdentitySchema(r.noun)
}

func (r *managedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.modifyPlan(ctx, req, resp)
}

func (r *managedResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	r.read(ctx, req, resp, nil)
}

// ImportState takes the ID of an image, REGION/ID, or an identity. What the service never
// answers has its default, so that a configuration without it shows no difference. No answer
// says which notebook an image was saved from: the configuration is believed.
func (r *managedResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	o, ok := location.Imported(ctx, r.noun, req, &resp.Diagnostics)
	if !ok {
		return
	}
	for name, v := range map[string]types.String{"id": o.ID, "region": o.Region, "project_id": o.ProjectID} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), v)...)
	}
	for name, v := range r.flags {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), v)...)
	}
}

// timeoutOf is the method of timeouts.Value that belongs to an operation.
type timeoutOf func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics)

// within loads a value into the model of an operation, and carries the operation out in
// the time that the model gives it, which is otherwise if it gives none.
func (r *managedResource) within(ctx context.Context, value tftypes.Value, m imageModel, of timeoutOf, otherwise time.Duration, diags *diag.Diagnostics, do func(context.Context, *values.Converter)) {
	r.Settings.NoteApply()
	c := r.newConverter(ctx)
	values.Load(c, values.Of(value), m)
	timeout, found := of(m.shared().Timeouts, ctx, otherwise)
	diags.Append(append(c.Diagnostics, found...)...)
	if diags.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	do(ctx, c)
}

// making is how the image of a resource comes to be.
type making struct {
	// request is converted from the plan before anything is called; nil: there is nothing
	// to convert that can fail.
	request func(*values.Converter)
	// begin has the service begin the image.
	begin func(context.Context, location.Place) (lifecycle.MadeImage, error)
	// await follows the image of an ID until it is ACTIVE.
	await func(context.Context, location.Place, string) lifecycle.ImageOutcome
	// after follows an image that is ACTIVE; nil: nothing does.
	after func(context.Context, location.Place) diag.Diagnostics
}

// create carries out a create with the model of its plan.
func (r *managedResource) create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse, plan imageModel, how making) {
	r.within(ctx, req.Plan.Raw, plan, timeouts.Value.Create, r.createTimeout, &resp.Diagnostics, func(ctx context.Context, c *values.Converter) {
		if how.request != nil {
			how.request(c)
		}
		resp.Diagnostics.Append(c.Diagnostics...)
		if resp.Diagnostics.HasError() {
			return
		}
		at, ok := location.Open(ctx, r.Settings, r.object(plan.shared()), &resp.Diagnostics)
		if !ok {
			return
		}
		made, err := how.begin(ctx, at)
		if err != nil {
			resp.Diagnostics.Append(diagnostics.Unable("create", r.noun, err))
			return
		}
		wanted := r.begin(ctx, at, made, req, resp)
		out := how.await(ctx, at, made.ID)
		r.finish(ctx, wanted, &out, resp)
		if how.after != nil && out.Err == nil {
			resp.Diagnostics.Append(how.after(ctx, at)...)
		}
	})
}

// change carries out an update, of which the state and the plan are given.
type change func(ctx context.Context, at location.Place, c *values.Converter, state, wanted values.Value) lifecycle.ImageOutcome

// update carries out an update with the model of its plan.
func (r *managedResource) update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse, plan imageModel, how change) {
	r.within(ctx, req.Plan.Raw, plan, timeouts.Value.Update, r.otherTimeout, &resp.Diagnostics, func(ctx context.Context, c *values.Converter) {
		at, ok := location.Open(ctx, r.Settings, r.object(plan.shared()), &resp.Diagnostics)
		if !ok {
			return
		}
		state, wanted := values.Of(req.State.Raw), values.Of(req.Plan.Raw)
		r.updated(ctx, at, state, wanted, req, resp, func() lifecycle.ImageOutcome { return how(ctx, at, c, state, wanted) })
	})
}

// follow brings an image that is not ACTIVE to that status, where the plan says so with a
// status that is not known.
func follow(ctx context.Context, images lifecycle.Images, notebook lifecycle.Instance, state, wanted values.Value) lifecycle.ImageOutcome {
	id := state.At("id").Text()
	switch {
	case wanted.At("status").IsKnown():
		return lifecycle.ImageOutcome{}
	case state.At("status").Text() == string(modelarts.ImageError):
		return images.Sync(ctx, id)
	default:
		return images.AwaitSaved(ctx, id, notebook)
	}
}
