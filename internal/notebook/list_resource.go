package notebook

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	tflist "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
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

type listResource struct{ settings.ResourceAccess }

// NewListResource is the list resource modelarts_notebook, for "terraform query".
func NewListResource() tflist.ListResource { return &listResource{} }

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

func (r *listResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_notebook"
}

// ListResourceConfigSchema describes the config block of list "modelarts_notebook".
func (r *listResource) ListResourceConfigSchema(_ context.Context, _ tflist.ListResourceSchemaRequest, resp *tflist.ListResourceSchemaResponse) {
	filter := func(description string, validators ...validator.String) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: append(validators, inputs.NotEmpty())}
	}
	attributes := map[string]schema.Attribute{
		"all": schema.BoolAttribute{
			MarkdownDescription: "`true`: the notebooks of all users of the project. `false`: those of the credentials' user alone. " +
				"Left out: those of all users or, where the credentials lack the permission `modelarts:notebook:listAllNotebooks`, those of their user, with a warning.",
			Optional: true,
		},
		"feature": filter("Kind of instance: `NOTEBOOK` (billed) or `DEFAULT` (the free CodeLab instance), in any letter case. Left out: both.",
			inputs.OneOf("NOTEBOOK", "DEFAULT")),
		"name":     filter("Part of the name."),
		"status":   filter("Status, for example `RUNNING` or `STOPPED`, in any letter case.", knownStatus{}),
		"flavor":   filter("Flavor ID."),
		"image_id": filter("ID of the image."),
		"pool_id":  filter("Dedicated resource pool."),
		"owner":    filter("IAM user ID of the owner. It needs administrator rights."),
		"tags": schema.MapAttribute{
			MarkdownDescription: "Tags that the notebook must have, with these values.",
			Optional:            true,
			ElementType:         types.StringType,
		},
		"without_lease": schema.BoolAttribute{
			MarkdownDescription: "`true`: only notebooks that never stop by themselves. `false`: only those that do.",
			Optional:            true,
		},
		"failed": schema.BoolAttribute{
			MarkdownDescription: "`true`: only notebooks that have failed (`CREATE_FAILED`, `START_FAILED`, `DELETE_FAILED`, `ERROR`) or are `FROZEN`. `false`: only others.",
			Optional:            true,
		},
	}
	listing.AddWhere(attributes, kind, workspacePattern)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds notebooks that exist, for example those that were made in the console, with `terraform query` (Terraform 1.14 or newer). " +
			"All filters are optional; a notebook is listed when it passes each of them.",
		Attributes: attributes,
	}
}

// List finds the notebooks.
func (r *listResource) List(ctx context.Context, req tflist.ListRequest, stream *tflist.ListResultsStream) {
	var config queryModel
	diags := listing.Read(ctx, req, &config)
	var home location.Place
	if !diags.HasError() {
		home, _ = location.Open(ctx, r.Settings, location.Object{Kind: kind, Region: config.Region}, &diags)
	}
	if diags.HasError() {
		stream.Results = tflist.ListResultsStreamDiagnostics(diags)
		return
	}
	q := &query{config: &config, home: home, settings: r.Settings, whole: req.IncludeResource}
	c := newConverter(ctx)
	q.tags = values.Elements[map[string]string](c, config.Tags)
	stream.Results = func(push func(tflist.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, listing.Timeout)
		defer cancel()
		listing.Stream(ctx, req, "notebooks", q.rows(ctx))(push)
	}
}

// query is a list of notebooks.
type query struct {
	config   *queryModel
	tags     map[string]string
	home     location.Place
	settings *settings.Settings
	whole    bool // each row has its state

	own bool // the notebooks of all users may not be listed
}

// found is a notebook that a list shows, or a warning.
type found struct {
	modelarts.Notebook
	gap *listing.Row
}

// rows are the results of the query.
func (q *query) rows(ctx context.Context) iter.Seq2[listing.Row, error] {
	entries := listing.Distinct(q.entries(ctx), func(f *found) string {
		if f.gap != nil {
			return f.gap.Gap.Summary()
		}
		return f.ID
	})
	return listing.Each(ctx, entries, q.row)
}

// entries are the notebooks of all lists that the query needs, page by page, as far as
// the entries of lists can tell.
func (q *query) entries(ctx context.Context) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		if gap := q.config.Gap("notebooks"); gap != nil && !yield(found{gap: gap}, nil) {
			return
		}
		for _, workspace := range q.config.Workspaces() {
			for _, feature := range q.features() {
				for nb, err := range q.list(ctx, q.asked(workspace, feature)) {
					if err == nil && nb.gap == nil && !q.fits(&nb.Notebook) {
						continue
					}
					if !yield(nb, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// features are the kinds of instances of which there is a list each.
func (q *query) features() []string {
	if !q.config.Feature.IsNull() {
		return []string{values.Upper(q.config.Feature).ValueString()}
	}
	return []string{"NOTEBOOK", "DEFAULT"}
}

// list is one list of the service. Where those of all users are wanted if they may be
// listed, and may not, it is that of the credentials' user, with a warning.
func (q *query) list(ctx context.Context, asked modelarts.ListNotebooksQuery) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		client := q.home.Client
		if all := q.config.All; !q.own && (all.IsNull() || all.ValueBool()) {
			first := true
			for nb, err := range client.ListAllNotebooks(ctx, asked) {
				if err != nil && first && all.IsNull() && mayNotListAll(err) {
					q.own = true
					break
				}
				if first = false; !yield(found{Notebook: nb}, err) {
					return
				}
			}
			if !q.own {
				return
			}
			gap := listing.Gap("Notebooks of other users are not listed",
				"The credentials may not list the notebooks of all users of the project, so that those of their own user are listed alone. "+
					"The permission for it is modelarts:notebook:listAllNotebooks. all = false in config lists them without this warning.")
			if !yield(found{gap: &gap}, nil) {
				return
			}
		}
		for nb, err := range client.ListNotebooks(ctx, asked) {
			if !yield(found{Notebook: nb}, err) {
				return
			}
		}
	}
}

// mayNotListAll reports whether an error means that the notebooks of all users may not
// be listed, or that the site has no such list.
func mayNotListAll(err error) bool {
	var service *modelarts.Error
	return errors.As(err, &service) && (modelarts.AdviceFor(service.Code) == modelarts.AdvicePermission ||
		slices.Contains([]int{403, 404, 405}, service.Status))
}

// asked are the filters that the service applies.
func (q *query) asked(workspace, feature string) modelarts.ListNotebooksQuery {
	return modelarts.ListNotebooksQuery{
		WorkspaceID: workspace,
		Feature:     feature,
		Name:        q.config.Name.ValueString(),
		Status:      modelarts.Status(values.Upper(q.config.Status).ValueString()),
		Flavor:      q.config.Flavor.ValueString(),
		ImageID:     q.config.ImageID.ValueString(),
		PoolID:      q.config.PoolID.ValueString(),
		Owner:       q.config.Owner.ValueString(),
	}
}

// fits applies the filters to an answer. The service need not have applied its own, or
// not as they are meant; what an answer leaves out is believed to fit.
func (q *query) fits(nb *modelarts.Notebook) bool {
	c := q.config
	same := func(filter types.String, answered *string) bool {
		return filter.IsNull() || answered == nil || strings.EqualFold(filter.ValueString(), *answered)
	}
	status := string(nb.Status)
	failed := nb.Status.Kind() == modelarts.Failed || nb.Status == modelarts.StatusFrozen
	never := nb.Lease != nil && nb.Lease.Enable != nil && !*nb.Lease.Enable
	return nb.Status.Kind() != modelarts.Gone &&
		strings.Contains(strings.ToLower(nb.Name), strings.ToLower(c.Name.ValueString())) &&
		same(c.Status, &status) &&
		same(c.Flavor, nb.Flavor) &&
		(nb.Image == nil || same(c.ImageID, &nb.Image.ID)) &&
		(nb.Pool == nil || same(c.PoolID, nb.Pool.ID)) &&
		(nb.User == nil || same(c.Owner, nb.User.ID)) &&
		hasTags(nb, q.tags) &&
		(c.Failed.IsNull() || c.Failed.ValueBool() == failed) &&
		(c.WithoutLease.IsNull() || !leaseKnown(nb) || c.WithoutLease.ValueBool() == never)
}

// leaseKnown reports whether an answer says if the notebook has a lease.
func leaseKnown(nb *modelarts.Notebook) bool { return nb.Lease != nil && nb.Lease.Enable != nil }

// row is the result of a notebook; false: it does not pass the filters after all. A
// list can leave anything out, so that the notebook is asked for by its ID where that
// matters.
func (q *query) row(ctx context.Context, f found) (listing.Row, bool, error) {
	if f.gap != nil {
		return *f.gap, true, nil
	}
	nb := &f.Notebook
	if q.whole || !q.config.WithoutLease.IsNull() && !leaseKnown(nb) {
		shown, err := q.home.Client.ShowNotebook(ctx, f.ID)
		switch {
		case errors.Is(err, modelarts.ErrNotFound):
			return listing.Row{}, false, nil // it was deleted meanwhile
		case err != nil && mayNotRead(err):
			return listing.Gap(fmt.Sprintf("Notebook %s is left out", f.ID),
				fmt.Sprintf("The notebook %q may not be read with these credentials: %s", f.Name, err.Error())), true, nil
		case err != nil:
			return listing.Row{}, false, err
		case !q.fits(shown):
			return listing.Row{}, false, nil
		}
		if nb = shown; nb.Volume == nil {
			nb.Volume = f.Volume
		}
	}
	row := listing.Row{
		Name: fmt.Sprintf("%s (%s)", nb.Name, nb.Status),
		Object: location.Object{
			Kind: kind, ID: types.StringValue(nb.ID), Region: types.StringValue(q.home.Region), ProjectID: types.StringValue(q.home.Project),
		},
	}
	if q.whole {
		state, diags := imported(ctx, row.Object, nb, q.settings)
		if diags.HasError() {
			return row, false, errors.New(diags[0].Detail())
		}
		row.State = state
	}
	return row, true, nil
}

// mayNotRead reports whether an error refuses one notebook, as one of another user.
func mayNotRead(err error) bool {
	var service *modelarts.Error
	return errors.As(err, &service) && modelarts.AdviceFor(service.Code) == modelarts.AdvicePermission
}
