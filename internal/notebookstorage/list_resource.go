package notebookstorage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
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

// NewListResource is the list resource modelarts_notebook_storage, for "terraform query".
func NewListResource() list.ListResource {
	return &listResource{listing.Resource{Type: "_notebook_storage", Kind: kind, Plural: "mounts"}}
}

// queryModel is the configuration of a query.
type queryModel struct {
	listing.Where
	All        types.Bool   `tfsdk:"all"`
	NotebookID types.String `tfsdk:"notebook_id"`
	Category   types.String `tfsdk:"category"`
	URI        types.String `tfsdk:"uri"`
	MountPath  types.String `tfsdk:"mount_path"`
	Status     types.String `tfsdk:"status"`
	Failed     types.Bool   `tfsdk:"failed"`
}

// ListResourceConfigSchema describes the config block of list "modelarts_notebook_storage".
func (r *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	attributes := map[string]schema.Attribute{
		"all": listing.AllAttribute(),
		"notebook_id": listing.Filter("ID of the notebook, a UUID. Default: all notebooks, which takes one call for each notebook.",
			inputs.Matches(location.UUIDPattern, "must be the ID of a notebook, a UUID such as f9937afa-4451-42db-a76b-72d624749f66")),
		"category":   listing.Filter("`OBSFS`, `OBS` (the same as `OBSFS`) or `EFS`, in any letter case.", inputs.OneOf(categoryOBSFS, categoryOBS, categoryEFS)),
		"uri":        listing.Filter("Part of the source, for example the name of a bucket."),
		"mount_path": listing.Filter("Full path of the folder in the notebook, with or without a slash at its end."),
		"status":     listing.Filter("Status, for example `MOUNTED`, in any letter case."),
		"failed":     listing.Flag("`true`: only mounts that have failed (`MOUNT_FAILED`, `UNMOUNT_FAILED`). `false`: only others."),
	}
	resp.Schema = r.Schema("Finds storage that is mounted on notebooks, with `terraform query` (Terraform 1.14 or newer). The query does not list the `data_volumes` of notebooks. "+
		"All filters are optional. A query lists the mounts that match all of them.", attributes)
}

// List finds the mounts.
func (r *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config queryModel
	r.Answer(ctx, req, stream, &config, func(ctx context.Context, home location.Place) iter.Seq2[listing.Row, error] {
		q := &query{config: &config, home: home}
		if req.IncludeResource {
			q.blank = &tfsdk.State{Schema: req.ResourceSchema, Raw: tftypes.NewValue(req.ResourceSchema.Type().TerraformType(ctx), nil)}
		}
		return listing.Each(ctx, q.notebooks(ctx), q.rows)
	})
}

// query is a list of mounts.
type query struct {
	config *queryModel
	home   location.Place
	blank  *tfsdk.State // a state with nothing in it; nil: the rows have none
}

// notebooks are those of which the mounts are listed.
func (q *query) notebooks(ctx context.Context) iter.Seq2[listing.Notebook, error] {
	if q.config.NotebookID.IsNull() {
		lists := listing.Notebooks{Client: q.home.Client, All: q.config.All}
		return lists.Of(ctx, &q.config.Where, "mounts", modelarts.ListNotebooksQuery{})
	}
	return func(yield func(listing.Notebook, error) bool) {
		id := q.config.NotebookID.ValueString()
		nb, err := q.home.Client.ShowNotebook(ctx, id)
		switch {
		case errors.Is(err, modelarts.ErrNotFound):
			yield(listing.Notebook{}, fmt.Errorf("there is no notebook %s in the region %q and its project: check notebook_id and region", id, q.home.Region))
		case err != nil:
			yield(listing.Notebook{}, err)
		default:
			yield(listing.Notebook{Notebook: *nb}, nil)
		}
	}
}

// rows are the results of a notebook.
func (q *query) rows(ctx context.Context, nb listing.Notebook) ([]listing.Row, error) {
	if nb.Gap != nil {
		return []listing.Row{*nb.Gap}, nil
	}
	if nb.Status.Kind() == modelarts.Gone {
		return nil, nil
	}
	mounted, gap, err := q.mounted(ctx, &nb.Notebook)
	if gap != nil || err != nil {
		return gap, err
	}
	var rows []listing.Row
	for _, st := range mounted {
		if !q.fits(&st) {
			continue
		}
		row, err := q.row(ctx, &nb.Notebook, &st)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// mounted lists what is mounted on a notebook; nothing where the notebook was deleted
// meanwhile. The gap is that of one whose mounts the service does not list.
func (q *query) mounted(ctx context.Context, nb *modelarts.Notebook) (mounted []modelarts.Storage, gap []listing.Row, err error) {
	on := lifecycle.Mounts{Instance: q.home.Instance(nb.ID, values.Deref(nb.WorkspaceID))}
	known, runs := false, nb.Status == modelarts.StatusRunning
	gone, err := listing.Gone(ctx, q.home.Policy.PollInterval, func() (err error) {
		if mounted, known, err = on.Mounted(ctx, nb); err == nil && !known && runs {
			return modelarts.ErrConflict // it is busy for a moment
		}
		return err
	})
	summary := fmt.Sprintf("The mounts of notebook %s are not listed", nb.ID)
	switch {
	case gone:
		return nil, nil, nil
	case !known && runs && errors.Is(err, modelarts.ErrConflict):
		return nil, []listing.Row{listing.Gap(summary, fmt.Sprintf("The notebook %q is %s, but the service refuses to list its mounts at the moment. Run the query again.", nb.Name, nb.Status))}, nil
	case err != nil:
		return nil, nil, err
	case !known:
		return nil, []listing.Row{listing.Gap(summary, fmt.Sprintf("The notebook %q is %s, and the service lists the mounts of a notebook only while it runs.", nb.Name, nb.Status))}, nil
	}
	return mounted, nil, nil
}

// fits applies the filters to a mount. What an answer leaves out is believed to fit.
func (q *query) fits(st *modelarts.Storage) bool {
	c := q.config
	failed := st.Status.Kind() == modelarts.Failed
	return st.Status.Kind() != modelarts.Gone &&
		(c.Category.IsNull() || st.Category == nil || lifecycle.SameStorageCategory(c.Category.ValueString(), *st.Category)) &&
		(c.URI.IsNull() || st.URI == nil || strings.Contains(*st.URI, c.URI.ValueString())) &&
		(c.MountPath.IsNull() || st.MountPath == nil || lifecycle.SameFolder(c.MountPath.ValueString(), *st.MountPath)) &&
		(c.Status.IsNull() || strings.EqualFold(c.Status.ValueString(), string(st.Status))) &&
		(c.Failed.IsNull() || c.Failed.ValueBool() == failed)
}

// row is the result of a mount.
func (q *query) row(ctx context.Context, nb *modelarts.Notebook, st *modelarts.Storage) (listing.Row, error) {
	at := identityModel{
		Region: types.StringValue(q.home.Region), ProjectID: types.StringValue(q.home.Project),
		NotebookID: types.StringValue(nb.ID), ID: types.StringValue(st.ID),
	}
	row := listing.Row{Name: fmt.Sprintf("%s on %s (%s)", values.Deref(st.MountPath), nb.Name, st.Status), Identity: at}
	if q.blank == nil {
		return row, nil
	}
	state, m := *q.blank, resourceModel{}
	diags := at.begin(ctx, &state)
	diags.Append(state.Get(ctx, &m)...)
	m.fromAPI(st)
	diags.Append(state.Set(ctx, &m)...)
	if diags.HasError() {
		return row, errors.New(diags[0].Detail())
	}
	row.State = state.Raw
	return row, nil
}
