package modelarts

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
)

// page is one page of any list.
type page[T any] struct {
	Data []T `json:"data"`
	// Some answers have the records under another name, or under both names.
	Flavors []T `json:"flavors"`
	Groups  []T `json:"groups"`
	// Total counts the records of all pages. The other counters of a page mean
	// different things in different answers and are not read.
	Total *int64 `json:"total"`
}

func (p *page[T]) records() []T {
	switch {
	case len(p.Data) > 0:
		return p.Data
	case len(p.Flavors) > 0:
		return p.Flavors
	default:
		return p.Groups
	}
}

// check refuses an answer that is no page at all, with neither a list nor a total: it must
// not pass for an empty list, from which a caller may conclude that an object was never
// created.
func (p *page[T]) check(bool) error {
	if p.Total == nil && p.Data == nil && p.Flavors == nil && p.Groups == nil {
		return errNoList
	}
	return nil
}

// errNoList is the answer to a list that is no page.
var errNoList = fmt.Errorf("%w: it holds no list", ErrUnreadableAnswer)

// list iterates over all pages of a list. The offset is the number of records
// got so far. The list ends with the total, or with an empty page: records can
// vanish between two pages. A total that is less than what has been got is none; without
// one the list ends with a page that is not full.
func list[T any](ctx context.Context, c *Client, r request, limit int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for got := 0; ; {
			next, err := pageAt[T](ctx, c, r, limit, got)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			records := next.records()
			for _, record := range records {
				if !yield(record, nil) {
					return
				}
			}
			got += len(records)
			known := next.Total != nil && int64(got) <= *next.Total
			if len(records) == 0 || !known && len(records) != limit || known && int64(got) == *next.Total {
				return
			}
		}
	}
}

// pageAt asks for one page of a list: limit records, after as many as offset.
func pageAt[T any](ctx context.Context, c *Client, r request, limit, offset int) (*page[T], error) {
	query := make(url.Values)
	maps.Copy(query, r.query)
	query.Set("limit", strconv.Itoa(limit))
	query.Set("offset", strconv.Itoa(offset))
	r.query = query
	return call[page[T]](ctx, c, r)
}
