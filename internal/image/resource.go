package image

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ resource.Resource                = (*imageResource)(nil)
	_ resource.ResourceWithConfigure   = (*imageResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*imageResource)(nil)
	_ resource.ResourceWithIdentity    = (*imageResource)(nil)
	_ resource.ResourceWithImportState = (*imageResource)(nil)
	_ resource.ResourceWithMoveState   = (*imageResource)(nil)
)

type imageResource struct{ managedResource }

// NewResource is modelarts_image.
func NewResource() resource.Resource {
	return &imageResource{managedResource{kind: registeredKind}}
}

func (r *imageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan registeredModel
	var request modelarts.ImageRegisterRequest
	r.create(ctx, req, resp, &plan, making{
		request: func(c *values.Converter) { request = plan.toRegister(c) },
		begin: func(ctx context.Context, at location.Place) (lifecycle.MadeImage, error) {
			return at.Images().Register(ctx, request)
		},
		await: func(ctx context.Context, at location.Place, id string) lifecycle.ImageOutcome {
			return at.Images().AwaitRegistered(ctx, id)
		},
	})
}

func (r *imageResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	r.read(ctx, req, resp, func(at location.Place, state values.Value) values.Value {
		if values.Of(req.State.Raw).At("name").IsSet() && state.At("read_me").IsNull() {
			return state // nothing is asked of the guide
		}
		return guided(ctx, at.Client, state, &resp.Diagnostics)
	})
}

// guided is the state of an image with the guide that its group shows. Where that cannot be
// read, the guide is kept as it is known.
func guided(ctx context.Context, client *modelarts.Client, state values.Value, diags *diag.Diagnostics) values.Value {
	c := registeredKind.newConverter(ctx)
	var m registeredModel
	values.Load(c, state, &m)
	group, err := groupOf(ctx, client, &m)
	if err != nil || group == nil {
		return state
	}
	m.guideFromAPI(group)
	diags.Append(c.Diagnostics...)
	return values.Store(c, &m)
}

// groupOf finds the group of an image; nil: the service lists none.
func groupOf(ctx context.Context, client *modelarts.Client, m *registeredModel) (*modelarts.ImageGroup, error) {
	query := modelarts.ListImageGroupQuery{
		Name: m.Name.ValueString(), Namespace: m.Namespace.ValueString(), Type: typeDedicated,
		WorkspaceID: m.WorkspaceID.ValueString(), SWRInstanceID: m.SWRInstanceID.ValueString(),
	}
	for group, err := range client.ListImageGroup(ctx, query) {
		if err != nil {
			return nil, err
		}
		if values.Deref(group.Name) == query.Name && strings.EqualFold(values.Deref(group.Namespace), query.Namespace) {
			return &group, nil
		}
	}
	return nil, nil //nolint:nilnil // there is none, and that is no error
}

func (r *imageResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan registeredModel
	r.update(ctx, req, resp, &plan, func(ctx context.Context, at location.Place, c *values.Converter, state, wanted values.Value) lifecycle.ImageOutcome {
		images := at.Images()
		out := follow(ctx, images, lifecycle.Instance{}, state, wanted)
		readMe, tags := !values.Equal(state.At("read_me"), wanted.At("read_me")), !values.Equal(state.At("tags"), wanted.At("tags"))
		if before := state.At("tags"); before.IsNull() && len(plan.Tags.Elements()) == 0 {
			tags = false // none, in two spellings
		}
		if out.Err != nil || !readMe && !tags {
			return out
		}
		if err := r.changeGroup(ctx, c, at, &plan, readMe, tags); err != nil {
			return lifecycle.ImageOutcome{Err: err}
		}
		image, err := images.Refresh(ctx, plan.ID.ValueString(), nil)
		return lifecycle.ImageOutcome{Shown: image, Err: err}
	})
}

// changeGroup changes the guide and the tags of an image's group.
func (r *imageResource) changeGroup(ctx context.Context, c *values.Converter, at location.Place, plan *registeredModel, readMe, tags bool) error {
	image, err := at.Client.ShowImage(ctx, plan.ID.ValueString())
	if err != nil {
		return err
	}
	group, err := groupOf(ctx, at.Client, plan)
	switch {
	case err != nil:
		return err
	case group == nil || group.ID == nil:
		return errors.New("tags and guide belong to the group of images of this name, and the service does not list that group: change them in the console")
	}
	change := plan.toGroup(c, readMe, tags, image.Tags)
	return at.Images().UpdateGroup(ctx, *group.ID, change)
}

func (r *imageResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state registeredModel
	r.within(ctx, req.State.Raw, &state, timeouts.Value.Delete, r.otherTimeout, &resp.Diagnostics, func(ctx context.Context, _ *values.Converter) {
		r.delete(ctx, &state.managed, &resp.Diagnostics, nil)
	})
}
