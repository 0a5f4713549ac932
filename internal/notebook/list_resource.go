package notebook

import (
	"context"
	"errors"
	"fmt"
	"iter"

	tflist "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/listing"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ tflist.ListResource              = (*listResource)(nil)
	_ tflist.ListResourceWithConfigure = (*listResource)(nil)
)

type listResource struct{ listing.Resource }

// NewListResource is the list resource modelarts_notebook, for "terraform query".
func NewListResource() tflist.ListResource {
	return &listResource{listing.Resource{Type: "_notebook", Kind: kind, Plural: "notebooks"}}
}

// queryModel is the configuration of a query.
type queryModel struct {
	listing.Where
	All          types.Bool   `tfsdk:"all"`
	Feature      types.String `tfsdk:"feature"`
	Name         types.String `tfsdk:"name"`
	Status       types.String `tfsdk:"status"`
	Flavor       types.String `tfsdk:"flavor"`
	ImageID      types.String `tfsdk:"image_id"`
	PoolID       types.String `tfsdk:"pool_id"`
	Owner        types.String `tfsdk:"owner"`
	Tags         types.Map    `tfsdk:"tags"`
	WithoutLease types.Bool   `tfsdk:"without_lease"`
	Failed       types.Bool   `tfsdk:"failed"`
}

// ListResourceConfigSchema describes the config block of list "modelarts_notebook".
func (r *listResource) ListResourceConfigSchema(_ context.Context, _ tflist.ListResourceSchemaRequest, resp *tflist.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{
		"all": listing.AllAttribute(),
		"feature": listing.Filter("Kind of instance: `NOTEBOOK` (billed) or `DEFAULT` (the free CodeLab instance), in any letter case. Default: both.",
			inputs.OneOf("NOTEBOOK", "DEFAULT")),
		"name":     listing.Filter("Part of the name."),
		"status":   listing.Filter("Status, for example `RUNNING` or `STOPPED`, in any letter case.", knownStatus{}),
		"flavor":   listing.Filter("Flavor ID."),
		"image_id": listing.Filter("ID of the image."),
		"pool_id":  listing.Filter("Dedicated resource pool."),
		"owner":    listing.Filter("IAM user ID of the owner. It needs administrator rights."),
		"tags": schema.MapAttribute{
			MarkdownDescription: "Tags that the notebook must have, with these values.",
			Optional:            true,
			ElementType:         types.StringType,
		},
		"without_lease": listing.Flag("`true`: only notebooks without automatic stop. `false`: only notebooks with automatic stop."),
		"failed":        listing.Flag("`true`: only notebooks that have failed (`CREATE_FAILED`, `START_FAILED`, `DELETE_FAILED`, `ERROR`) or are `FROZEN`. `false`: only others."),
	}
	resp.Schema = r.Schema("Finds notebooks that exist, for example those that were made in the console, with `terraform query` (Terraform 1.14 or newer). "+
		"All filters are optional. A query lists the notebooks that match all of them.", attributes)
}

// List finds the notebooks.
func (r *listResource) List(ctx context.Context, req tflist.ListRequest, stream *tflist.ListResultsStream) {
	var config queryModel
	r.Answer(ctx, req, stream, &config, func(ctx context.Context, home location.Place) iter.Seq2[listing.Row, error] {
		q := &query{config: &config, home: home, settings: r.Settings, whole: req.IncludeResource}
		q.tags = values.Elements[map[string]string](newConverter(ctx), config.Tags)
		return listing.Each(ctx, q.entries(ctx), q.row)
	})
}

// query is a list of notebooks.
type query struct {
	config   *queryModel
	tags     map[string]string
	home     location.Place
	settings *settings.Settings
	whole    bool // each row has its state
}

// entries are the notebooks of all lists that the query needs, page by page, as far as
// the entries of lists can tell.
func (q *query) entries(ctx context.Context) iter.Seq2[listing.Notebook, error] {
	lists := listing.Notebooks{Client: q.home.Client, All: q.config.All, Feature: values.Upper(q.config.Feature).ValueString()}
	return func(yield func(listing.Notebook, error) bool) {
		for nb, err := range lists.Of(ctx, &q.config.Where, "notebooks", q.asked()) {
			if err == nil && nb.Gap == nil && !q.fits(&nb.Notebook) {
				continue
			}
			if !yield(nb, err) || err != nil {
				return
			}
		}
	}
}

// asked are the filters that the service applies.
func (q *query) asked() modelarts.ListNotebooksQuery {
	return modelarts.ListNotebooksQuery{
		Name:    q.config.Name.ValueString(),
		Status:  modelarts.Status(values.Upper(q.config.Status).ValueString()),
		Flavor:  q.config.Flavor.ValueString(),
		ImageID: q.config.ImageID.ValueString(),
		PoolID:  q.config.PoolID.ValueString(),
		Owner:   q.config.Owner.ValueString(),
	}
}

// fits applies the filters to an answer. The service need not have applied its own, or
// not as they are meant; what an answer leaves out is believed to fit.
func (q *query) fits(nb *modelarts.Notebook) bool {
	c := q.config
	status := string(nb.Status)
	failed := nb.Status.Kind() == modelarts.Failed || nb.Status == modelarts.StatusFrozen
	never := nb.Lease != nil && nb.Lease.Enable != nil && !*nb.Lease.Enable
	return nb.Status.Kind() != modelarts.Gone &&
		listing.PartOf(c.Name, nb.Name) &&
		listing.Same(c.Status, &status) &&
		listing.Same(c.Flavor, nb.Flavor) &&
		(nb.Image == nil || nb.Image.ID == "" || listing.Same(c.ImageID, &nb.Image.ID)) &&
		(nb.Pool == nil || listing.Same(c.PoolID, nb.Pool.ID)) &&
		(nb.User == nil || listing.Same(c.Owner, nb.User.ID)) &&
		(nb.Tags == nil || hasTags(nb, q.tags)) &&
		(c.Failed.IsNull() || c.Failed.ValueBool() == failed) &&
		(c.WithoutLease.IsNull() || !leaseKnown(nb) || c.WithoutLease.ValueBool() == never)
}

// unsure reports whether an answer leaves out what a filter needs that only the provider
// applies.
func (q *query) unsure(nb *modelarts.Notebook) bool {
	return !q.config.WithoutLease.IsNull() && !leaseKnown(nb) || len(q.tags) > 0 && nb.Tags == nil
}

// leaseKnown reports whether an answer says if the notebook has a lease.
func leaseKnown(nb *modelarts.Notebook) bool { return nb.Lease != nil && nb.Lease.Enable != nil }

// row is the result of a notebook; none: it does not pass the filters after all. A
// list can leave anything out, so that the notebook is asked for by its ID where that
// matters.
func (q *query) row(ctx context.Context, f listing.Notebook) ([]listing.Row, error) {
	if f.Gap != nil {
		return []listing.Row{*f.Gap}, nil
	}
	nb := &f.Notebook
	if q.whole || q.unsure(nb) {
		var shown *modelarts.Notebook
		gone, err := listing.Gone(ctx, q.home.Policy.PollInterval, func() (err error) {
			shown, err = q.home.Client.ShowNotebook(ctx, f.ID)
			return err
		})
		switch {
		case gone:
			return nil, nil // it was deleted meanwhile
		case err != nil && mayNotRead(err):
			return []listing.Row{listing.Gap(fmt.Sprintf("Notebook %s is left out", f.ID),
				fmt.Sprintf("The notebook %q may not be read with these credentials: %s", f.Name, err.Error()))}, nil
		case err != nil:
			return nil, err
		case !q.fits(shown), len(q.tags) > 0 && !hasTags(shown, q.tags):
			return nil, nil
		}
		if nb = shown; nb.Volume == nil {
			nb.Volume = f.Volume
		}
	}
	at := q.home.Identity(nb.ID)
	row := listing.Row{Name: fmt.Sprintf("%s (%s)", nb.Name, nb.Status), Identity: at}
	if q.whole {
		state, diags := imported(ctx, at, nb, q.settings)
		if diags.HasError() {
			return nil, errors.New(diags[0].Detail())
		}
		row.State = state
	}
	return []listing.Row{row}, nil
}

// mayNotRead reports whether an error refuses one notebook, as one of another user.
func mayNotRead(err error) bool {
	var service *modelarts.Error
	return errors.As(err, &service) && modelarts.AdviceFor(service.Code) == modelarts.AdvicePermission
}
