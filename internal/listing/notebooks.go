package listing

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Notebooks are the lists of notebooks, by workspace, feature and user.
type Notebooks struct {
	Client *modelarts.Client
	// All says whose notebooks are wanted; see AllAttribute.
	All types.Bool
	// Feature is NOTEBOOK or DEFAULT; empty: both, of which there is a list each.
	Feature string

	own bool // the notebooks of all users may not be listed
}

// Notebook is a notebook that a list shows, or a Gap.
type Notebook struct {
	modelarts.Notebook
	Gap *Row
}

// AllAttribute is the attribute that says whose notebooks are wanted.
func AllAttribute() schema.Attribute {
	return Flag("`true`: the notebooks of all users of the project. `false`: only those of the credentials' user. " +
		"Default: those of all users. If the credentials lack the permission `modelarts:notebook:listAllNotebooks`, the query lists those of their user and warns.")
}

// Of lists the notebooks of a query, page by page and each once. It begins with the Gap of
// where, in which plural names the objects that are looked for.
func (n *Notebooks) Of(ctx context.Context, where *Where, plural string, asked modelarts.ListNotebooksQuery) iter.Seq2[Notebook, error] {
	features := []string{"NOTEBOOK", "DEFAULT"}
	if n.Feature != "" {
		features = []string{n.Feature}
	}
	all := func(yield func(Notebook, error) bool) {
		if gap := where.Gap(plural); gap != nil && !yield(Notebook{Gap: gap}, nil) {
			return
		}
		for _, asked.WorkspaceID = range where.Workspaces() {
			for _, asked.Feature = range features {
				for nb, err := range n.list(ctx, asked) {
					if !yield(nb, err) || err != nil {
						return
					}
				}
			}
		}
	}
	return Distinct(all, func(nb *Notebook) string {
		if nb.Gap != nil {
			return nb.Gap.Gap.Summary()
		}
		return nb.ID
	})
}

// list is one list of the service. Where those of all users are wanted if they may be
// listed, and may not, it is that of the credentials' user, with a warning.
func (n *Notebooks) list(ctx context.Context, asked modelarts.ListNotebooksQuery) iter.Seq2[Notebook, error] {
	return func(yield func(Notebook, error) bool) {
		if all := n.All; !n.own && (all.IsNull() || all.ValueBool()) {
			first := true
			for nb, err := range n.Client.ListAllNotebooks(ctx, asked) {
				if err != nil && first && all.IsNull() && mayNotListAll(err) {
					n.own = true
					break
				}
				if first = false; !yield(Notebook{Notebook: nb}, err) {
					return
				}
			}
			if !n.own {
				return
			}
			gap := Gap("Notebooks of other users are not listed",
				"The credentials may not list the notebooks of all users of the project, so the query lists only those of their own user. "+
					"This requires the permission modelarts:notebook:listAllNotebooks. To list only those of the user without this warning, set all = false in config.")
			if !yield(Notebook{Gap: &gap}, nil) {
				return
			}
		}
		for nb, err := range n.Client.ListNotebooks(ctx, asked) {
			if !yield(Notebook{Notebook: nb}, err) {
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
