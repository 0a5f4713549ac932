// Package listing is what the list resources of all objects share: how the answers
// of the service become the results of "terraform query". See
// design/0029-queries.md.
package listing

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// timeout is how long a query may take. Terraform itself gives none.
const timeout = 30 * time.Minute

// AtOnce is how many objects are read at a time, as many as Terraform reads in a
// plan.
const AtOnce = 10

// Row is an object that a query has found, or a warning that belongs to none.
type Row struct {
	// Name is what Terraform shows of the object.
	Name string
	// Identity is a model of the identity of the object, such as location.Identity. None of
	// its parts is null.
	Identity any
	// State is what an import of the object comes to, where the query asks for it.
	State tftypes.Value
	// Gap is a warning about what the query does not cover. A row with a Gap has
	// nothing else.
	Gap diag.Diagnostic
}

// Stream answers a query with rows, one by one as they come. An error ends the query
// and is that of the whole: Terraform shows no row then. Where there are more rows
// than the query asks for, the last one has a warning: Terraform stops at its limit
// without a word. plural names the objects, such as "notebooks".
func Stream(ctx context.Context, req list.ListRequest, plural string, rows iter.Seq2[Row, error]) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		var held *list.ListResult // the last one that is asked for, until it is known whether there are more
		count := int64(0)
		for row, err := range rows {
			switch {
			case err != nil:
				push(list.ListResult{Diagnostics: diag.Diagnostics{diagnostics.Unable("list", plural, err)}})
				return
			case row.Gap != nil:
				if !push(list.ListResult{Diagnostics: diag.Diagnostics{row.Gap}}) {
					return
				}
				continue
			case held != nil:
				held.Diagnostics.Append(more(req.Limit, plural))
				push(*held)
				return
			}
			result := resultOf(ctx, req, &row)
			if result.Diagnostics.HasError() {
				push(result)
				return
			}
			count++
			if count == req.Limit {
				held = &result
				continue
			}
			if !push(result) {
				return
			}
		}
		if held != nil {
			push(*held)
		}
	}
}

// resultOf is a row as Terraform takes it.
func resultOf(ctx context.Context, req list.ListRequest, row *Row) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = row.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, row.Identity)...)
	if req.IncludeResource {
		result.Resource.Raw = row.State
	} else {
		result.Resource = nil
	}
	return result
}

// more warns that Terraform does not show all objects.
func more(limit int64, plural string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("There are more than %d %s", limit, plural),
		fmt.Sprintf("The list ended at its limit, by default 100, and more %s match its filters. "+
			"Set limit in the list block, beside config, to a number that is large enough, or narrow the filters.", plural))
}

// Gap is a row that warns of what a query does not cover.
func Gap(summary, detail string) Row { return Row{Gap: diag.NewWarningDiagnostic(summary, detail)} }

// Each makes rows of each element of a sequence, of several at a time, and yields them in
// the order of the sequence. An error ends the sequence.
func Each[T any](ctx context.Context, elements iter.Seq2[T, error], rows func(context.Context, T) ([]Row, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		group := make([]T, 0, AtOnce)
		for element, err := range elements {
			if err != nil {
				if eachOf(ctx, group, rows, yield) {
					yield(Row{}, err)
				}
				return
			}
			if group = append(group, element); len(group) < AtOnce {
				continue
			}
			if !eachOf(ctx, group, rows, yield) {
				return
			}
			group = group[:0]
		}
		eachOf(ctx, group, rows, yield)
	}
}

// eachOf is Each for the elements that are worked on at a time. It reports whether
// more are wanted.
func eachOf[T any](ctx context.Context, group []T, rows func(context.Context, T) ([]Row, error), yield func(Row, error) bool) bool {
	type made struct {
		rows []Row
		err  error
	}
	all := make([]made, len(group))
	var done sync.WaitGroup
	for i, element := range group {
		done.Go(func() { all[i].rows, all[i].err = rows(ctx, element) })
	}
	done.Wait()
	for _, m := range all {
		for _, row := range m.rows {
			if !yield(row, nil) {
				return false
			}
		}
		if m.err != nil {
			yield(Row{}, m.err)
			return false
		}
	}
	return true
}

// Gone asks for an object that a list has shown, and once more after a pause where the
// service denies it or is busy with it: one such answer can be wrong, and what is left out
// of a query without a word passes for the whole. It reports whether the object does not
// exist, as when it was deleted since the list was read.
func Gone(ctx context.Context, pause time.Duration, ask func() error) (bool, error) {
	err := ask()
	if errors.Is(err, modelarts.ErrNotFound) || errors.Is(err, modelarts.ErrConflict) {
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(pause):
		}
		err = ask()
	}
	if errors.Is(err, modelarts.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// Distinct leaves out the elements of a sequence whose ID has come before: a list can
// show one twice when it changes between two pages.
func Distinct[T any](elements iter.Seq2[T, error], id func(*T) string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := make(map[string]bool)
		for element, err := range elements {
			if err == nil {
				if seen[id(&element)] {
					continue
				}
				seen[id(&element)] = true
			}
			if !yield(element, err) || err != nil {
				return
			}
		}
	}
}
