package image

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/listing"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ list.ListResource              = (*listResource)(nil)
	_ list.ListResourceWithConfigure = (*listResource)(nil)
)

type listResource struct{ listing.Resource }

// NewListResource is the list resource modelarts_image, for "terraform query". It finds
// saved images too: no answer says from which notebook one was saved, which
// modelarts_notebook_image needs.
func NewListResource() list.ListResource {
	return &listResource{listing.Resource{Type: registeredKind.typeName, Kind: registeredKind.noun, Plural: "images"}}
}

// queryModel is the configuration of a query.
type queryModel struct {
	listing.Where
	Name      types.String `tfsdk:"name"`
	Namespace types.String `tfsdk:"namespace"`
	Status    types.String `tfsdk:"status"`
	Origin    types.String `tfsdk:"origin"`
	Arch      types.String `tfsdk:"arch"`
	Failed    types.Bool   `tfsdk:"failed"`
}

// ListResourceConfigSchema describes the config block of list "modelarts_image".
func (r *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{
		"name":      listing.Filter("Part of the name."),
		"namespace": listing.Filter("Organization in the container registry."),
		"status":    listing.Filter("Status, for example `ACTIVE`, in any letter case.", inputs.OneOf(statuses...)),
		"origin":    listing.Filter("How the image came to be: `CUSTOMIZE` (registered) or `IMAGE_SAVE` (saved from a notebook), in any letter case.", inputs.OneOf("CUSTOMIZE", "IMAGE_SAVE")),
		"arch":      listing.Filter("Processor architecture: `X86_64` or `AARCH64`, in any letter case.", inputs.OneOf(archs...)),
		"failed":    listing.Flag("`true`: only images that notebooks cannot run because they have failed (`CREATE_FAILED`, `ERROR`). `false`: only others."),
	}
	resp.Schema = r.Schema("Finds images that the account has registered or saved, with `terraform query` (Terraform 1.14 or newer). Preset images are not listed. "+
		"All filters are optional. A query lists the images that match all of them.", attributes)
}

// List finds the images.
func (r *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config queryModel
	r.Answer(ctx, req, stream, &config, func(ctx context.Context, home location.Place) iter.Seq2[listing.Row, error] {
		q := &query{config: &config, home: home, whole: req.IncludeResource}
		entries := listing.Distinct(q.entries(ctx), func(f *found) string { return f.ID })
		return listing.Each(ctx, entries, q.row)
	})
}

// query is a list of images.
type query struct {
	config *queryModel
	home   location.Place
	whole  bool // each row has its state
}

// found is an image that a list shows, or a warning.
type found struct {
	modelarts.Image
	gap *listing.Row
}

// entries are the images of all workspaces of the query, page by page.
func (q *query) entries(ctx context.Context) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		if gap := q.config.Gap("images"); gap != nil && !yield(found{gap: gap}, nil) {
			return
		}
		for _, workspace := range q.config.Workspaces() {
			asked := modelarts.ListImageQuery{Type: typeDedicated, WorkspaceID: workspace, Name: q.config.Name.ValueString(), Namespace: q.config.Namespace.ValueString()}
			for image, err := range q.home.Client.ListImage(ctx, asked) {
				if err == nil && !q.fits(&image) {
					continue
				}
				if !yield(found{Image: image}, err) || err != nil {
					return
				}
			}
		}
	}
}

// fits applies the filters to an answer. The service need not have applied its own; what
// an answer leaves out is believed to fit.
func (q *query) fits(i *modelarts.Image) bool {
	c := q.config
	status, preset := string(i.Status), typeBuildIn
	failed := i.Status.Kind() == modelarts.Failed
	return i.Status.Kind() != modelarts.Gone && (i.Type == nil || *i.Type != preset) &&
		listing.PartOf(c.Name, values.Deref(i.Name)) &&
		listing.Same(c.Namespace, i.Namespace) &&
		listing.Same(c.Status, &status) &&
		listing.Same(c.Origin, i.Origin) &&
		listing.Same(c.Arch, i.Arch) &&
		(c.Failed.IsNull() || c.Failed.ValueBool() == failed)
}

// row is the result of an image; none: it was deleted meanwhile.
func (q *query) row(ctx context.Context, f found) ([]listing.Row, error) {
	if f.gap != nil {
		return []listing.Row{*f.gap}, nil
	}
	image := &f.Image
	if q.whole { // a list can leave anything out
		var shown *modelarts.Image
		gone, err := listing.Gone(ctx, q.home.Policy.PollInterval, func() (err error) {
			shown, err = q.home.Client.ShowImage(ctx, f.ID)
			return err
		})
		if gone || err != nil {
			return nil, err
		}
		image = shown
	}
	row := listing.Row{
		Name:     fmt.Sprintf("%s:%s (%s)", values.Deref(image.Name), values.Deref(image.Tag), image.Status),
		Identity: q.home.Identity(image.ID),
	}
	if q.whole {
		var diags diag.Diagnostics
		row.State = q.imported(ctx, image, &diags).Value
		if diags.HasError() {
			return nil, errors.New(diags[0].Detail())
		}
	}
	return []listing.Row{row}, nil
}

// imported is the state of an image after an import.
func (q *query) imported(ctx context.Context, image *modelarts.Image, diags *diag.Diagnostics) values.Value {
	state := values.Of(tftypes.NewValue(registeredKind.schema().Type().TerraformType(ctx), nil))
	for name, flag := range registeredKind.flags {
		state = state.With(tftypes.NewValue(tftypes.Bool, flag), name)
	}
	return guided(ctx, q.home.Client, registeredKind.overlaid(ctx, q.home.Placed(state), image, diags), diags)
}

// Generated mends a configuration that Terraform generates from the state of an image. It
// leaves out what only says the default.
func Generated(config tftypes.Value) tftypes.Value {
	c := values.Of(config)
	for name, flag := range registeredKind.flags {
		if c.IsSet() && values.Equal(c.At(name), values.Of(tftypes.NewValue(tftypes.Bool, flag))) {
			c = c.With(tftypes.NewValue(tftypes.Bool, nil), name)
		}
	}
	return c.Value
}
