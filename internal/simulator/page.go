package simulator

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// page is one page of a list. Lists that have another member than data for
// their records embed it without.
type page struct {
	Current int64 `json:"current"`
	Size    int64 `json:"size"`
	Pages   int64 `json:"pages"`
	Total   int64 `json:"total"`
}

// paginate cuts a page out of a list by the limit and offset of a query. With
// no limit asked for and none by default, the page is the rest of the list.
func paginate[T any](query url.Values, all []T, defaultLimit int64) (page, []T, *problem) {
	limit, p := queryInt(query, "limit", defaultLimit)
	if p != nil {
		return page{}, nil, p
	}
	offset, p := queryInt(query, "offset", 0)
	if p != nil {
		return page{}, nil, p
	}
	if limit < 0 || offset < 0 || limit == 0 && query.Has("limit") && query.Get("limit") != "" {
		return page{}, nil, refusal("ModelArts.6336", "The values of limit and offset must not be negative, that of limit not zero.")
	}
	total := int64(len(all))
	if limit == 0 {
		limit = max(total, 1)
	}
	begin, end := min(offset, total), min(offset+limit, total)
	rest := all[begin:end]
	if rest == nil {
		rest = []T{}
	}
	return page{
		Current: offset/limit + 1,
		Size:    limit,
		Pages:   (total + limit - 1) / limit,
		Total:   total,
	}, rest, nil
}

// sortBy sorts a list by the sort_key and sort_dir of a query. keys compares
// two records by each of the fields that can be sorted by; the list is left in
// the order that it has where they are equal.
func sortBy[T any](query url.Values, list []T, defaultKey, defaultDir string, keys map[string]func(a, b T) int) *problem {
	dir, p := queryEnum(query, "sort_dir", defaultDir, "ASC", "DESC")
	if p != nil {
		return p
	}
	names := cmp.Or(query.Get("sort_key"), defaultKey)
	if names == "" {
		return nil
	}
	var order []func(a, b T) int
	for name := range strings.SplitSeq(names, ",") {
		compare := keys[strings.TrimSpace(name)]
		if compare == nil {
			return refusal("ModelArts.6303", fmt.Sprintf("The list cannot be sorted by %q.", name))
		}
		order = append(order, compare)
	}
	slices.SortStableFunc(list, func(a, b T) int {
		for _, compare := range order {
			if c := compare(a, b); c != 0 {
				if dir == "DESC" {
					return -c
				}
				return c
			}
		}
		return 0
	})
	return nil
}
