package listing_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/listing"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

var errBroken = errors.New("broken")

// numbers yields so many numbers, and then an error unless it is nil.
func numbers(n int, err error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

// row is that of a number: none for one that ends in 7, a gap for one that ends in 9, two
// for one that ends in 8.
func row(_ context.Context, i int) ([]listing.Row, error) {
	one := listing.Row{Name: fmt.Sprint(i), Identity: location.Identity{
		Region: types.StringValue("r"), ProjectID: types.StringValue("p"), ID: types.StringValue(fmt.Sprint(i)),
	}}
	switch i % 10 {
	case 7:
		return nil, nil
	case 8:
		return []listing.Row{one, one}, nil
	case 9:
		return []listing.Row{listing.Gap(fmt.Sprintf("gap %d", i), "why")}, nil
	default:
		return []listing.Row{one}, nil
	}
}

// streamed is what a query shows: names, and the summaries of what is said.
func streamed(t *testing.T, limit int64, rows iter.Seq2[listing.Row, error], most int) []string {
	t.Helper()
	req := list.ListRequest{Limit: limit, ResourceSchema: schema.Schema{}, ResourceIdentitySchema: location.IdentitySchema("thing")}
	var got []string
	for result := range listing.Stream(t.Context(), req, "things", rows) {
		if result.DisplayName != "" {
			got = append(got, result.DisplayName)
		}
		for _, d := range result.Diagnostics {
			got = append(got, strings.ToLower(d.Severity().String())+": "+d.Summary())
		}
		if len(got) == most {
			break
		}
	}
	return got
}

// Rows come in order, as many as are asked for; where there are more, the last one says so.
func TestStream(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		n     int
		err   error
		limit int64
		want  string
	}{
		"none":                     {0, nil, 5, ""},
		"fewer":                    {3, nil, 5, "0 1 2"},
		"as many":                  {3, nil, 3, "0 1 2"},
		"more":                     {4, nil, 3, "0 1 2 warning: There are more than 3 things"},
		"more, of the same one":    {9, nil, 8, "0 1 2 3 4 5 6 8 warning: There are more than 8 things"},
		"no more but a gap":        {10, nil, 9, "0 1 2 3 4 5 6 8 warning: gap 9 8"},
		"no limit":                 {3, nil, 0, "0 1 2"},
		"an error":                 {3, errBroken, 5, "0 1 2 error: Unable to list things"},
		"an error first":           {0, errBroken, 5, "error: Unable to list things"},
		"an error past the limit":  {3, errBroken, 3, "0 1 error: Unable to list things"},
		"an error past more":       {5, errBroken, 3, "0 1 2 warning: There are more than 3 things"},
		"an error behind a group":  {20, errBroken, 8, "0 1 2 3 4 5 6 8 warning: There are more than 8 things"},
		"a gap among several rows": {11, nil, 100, "0 1 2 3 4 5 6 8 8 warning: gap 9 10"},
	} {
		got := strings.Join(streamed(t, tc.limit, listing.Each(t.Context(), numbers(tc.n, tc.err), row), -1), " ")
		if got != tc.want {
			t.Errorf("%s: %s\nwant %s", name, got, tc.want)
		}
	}
}

// Several are worked on at a time, no more are begun than one group beyond what is wanted,
// and an error of one ends the rest.
func TestEach(t *testing.T) {
	t.Parallel()
	var begun, running, most atomic.Int64
	rows := listing.Each(t.Context(), numbers(100, nil), func(ctx context.Context, i int) ([]listing.Row, error) {
		begun.Add(1)
		now := running.Add(1)
		for before := most.Load(); now > before; before = most.Load() {
			most.CompareAndSwap(before, now)
		}
		defer running.Add(-1)
		if i == 35 {
			return nil, errBroken
		}
		return row(ctx, i%5)
	})
	if got := streamed(t, 0, rows, 12); len(got) != 12 || begun.Load() > 2*listing.AtOnce {
		t.Errorf("%d rows took %d", len(got), begun.Load())
	}
	begun.Store(0)
	got := streamed(t, 0, rows, -1)
	if len(got) != 36 || got[35] != "error: Unable to list things" || begun.Load() != 40 || most.Load() > listing.AtOnce {
		t.Errorf("%q took %d, %d at a time", got, begun.Load(), most.Load())
	}
}

func TestDistinct(t *testing.T) {
	t.Parallel()
	again := func(yield func(int, error) bool) {
		for _, i := range []int{1, 2, 1, 3, 2} {
			if !yield(i, nil) {
				return
			}
		}
		yield(0, errBroken)
	}
	var got []int
	var last error
	for i, err := range listing.Distinct(again, func(i *int) string { return fmt.Sprint(*i) }) {
		got, last = append(got, i), err
	}
	if !slices.Equal(got, []int{1, 2, 3, 0}) || !errors.Is(last, errBroken) {
		t.Errorf("got %v, %v", got, last)
	}
}

// One denial is not believed, and neither is one busy answer; two of them are.
func TestGone(t *testing.T) {
	t.Parallel()
	denied, busy := modelarts.ErrNotFound, modelarts.ErrConflict
	for name, tc := range map[string]struct {
		answers []error
		gone    bool
		err     error
	}{
		"there":                 {[]error{nil}, false, nil},
		"denied once":           {[]error{denied, nil}, false, nil},
		"denied twice":          {[]error{denied, denied}, true, nil},
		"busy once":             {[]error{busy, nil}, false, nil},
		"busy twice":            {[]error{busy, busy}, false, busy},
		"busy, and then denied": {[]error{busy, denied}, true, nil},
		"denied, and then busy": {[]error{denied, busy}, false, busy},
		"broken":                {[]error{errBroken}, false, errBroken},
	} {
		asked := 0
		gone, err := listing.Gone(t.Context(), 0, func() error {
			asked++
			return tc.answers[asked-1]
		})
		if gone != tc.gone || !errors.Is(err, tc.err) || asked != len(tc.answers) {
			t.Errorf("%s: gone %t, %v, asked %d times", name, gone, err, asked)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if gone, err := listing.Gone(ended, time.Hour, func() error { return denied }); gone || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: gone %t, %v", gone, err)
	}
}
