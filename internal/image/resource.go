package image

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
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

// registeredTimeout is how long a create, an update or a delete may take.
const registeredTimeout = 10 * time.Minute

type imageResource struct{ settings.ResourceAccess }

// NewResource is modelarts_image.
func NewResource() resource.Resource { return &imageResource{} }

func (r *imageResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

func (r *imageResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = registeredKind.schema()
}

func (r *imageResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = location.IdentitySchema(registeredKind.noun)
}

func (r *imageResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	registeredKind.modifyPlan(ctx, r.Settings, req, resp)
}

func (r *imageResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.Settings.NoteApply()
	c := registeredKind.newConverter(ctx)
	var plan registeredModel
	values.Load(c, values.Of(req.Plan.Raw), &plan)
	timeout, diags := plan.Timeouts.Create(ctx, registeredTimeout)
	request := plan.toRegister(c)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at, ok := location.Open(ctx, r.Settings, registeredKind.object(&plan.managed), &resp.Diagnostics)
	if !ok {
		return
	}
	images := at.Images()
	made, err := images.Register(ctx, request)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.Unable("create", registeredKind.noun, err))
		return
	}
	wanted := registeredKind.begin(ctx, at, made, req, resp)
	out := images.AwaitRegistered(ctx, made.ID)
	registeredKind.finish(ctx, wanted, &out, resp)
}

func (r *imageResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	registeredKind.read(ctx, r.Settings, req, resp, func(at location.Place, image *modelarts.Image, state values.Value) values.Value {
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
	r.Settings.NoteApply()
	c := registeredKind.newConverter(ctx)
	var plan registeredModel
	state, wanted := values.Of(req.State.Raw), values.Of(req.Plan.Raw)
	values.Load(c, wanted, &plan)
	timeout, diags := plan.Timeouts.Update(ctx, registeredTimeout)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	at, ok := location.Open(ctx, r.Settings, registeredKind.object(&plan.managed), &resp.Diagnostics)
	if !ok {
		return
	}
	registeredKind.update(ctx, at, state, wanted, req, resp, func(images lifecycle.Images) lifecycle.ImageOutcome {
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
	r.Settings.NoteApply()
	c := registeredKind.newConverter(ctx)
	var m managed
	values.Load(c, values.Of(req.State.Raw), &m)
	timeout, diags := m.Timeouts.Delete(ctx, registeredTimeout)
	resp.Diagnostics.Append(append(c.Diagnostics, diags...)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	registeredKind.delete(ctx, r.Settings, &m, &resp.Diagnostics, nil)
}

// registeredFlags are what the service never answers, with their defaults.
var registeredFlags = map[string]bool{"delete_content": false}

// ImportState takes the ID of an image, REGION/ID, or an identity.
func (r *imageResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	registeredKind.importState(ctx, req, resp, registeredFlags)
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

// update carries out an update, and writes what it has reached.
func (k *kind) update(ctx context.Context, at location.Place, state, wanted values.Value, req resource.UpdateRequest, resp *resource.UpdateResponse, change func(lifecycle.Images) lifecycle.ImageOutcome) {
	for name, v := range map[string]string{"region": at.Region, "project_id": at.Project} {
		wanted = wanted.With(tftypes.NewValue(tftypes.String, v), name)
	}
	var m managed
	c := k.newConverter(ctx)
	values.Load(c, wanted, &m)
	location.Identify(ctx, resp.Identity, k.object(&m), &resp.Diagnostics)
	out := change(at.Images())
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
