package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// startup is a service with one notebook that comes up, and tells of its steps in
// a certain shape.
type startup struct {
	began time.Time
	life  time.Duration
	shape shape
	calls int
}

// shape gives the statuses of the four steps when a part of the life has gone, by
// their first letters: waiting, processing, completed. Empty: there are no steps.
type shape func(gone float64) string

// ending is a shape of steps that end in turn, at these parts of the life.
func ending(ends ...float64) shape {
	return func(gone float64) string {
		var text strings.Builder
		begin := 0.0
		for _, end := range ends {
			switch {
			case gone >= end:
				text.WriteByte('c')
			case gone < begin:
				text.WriteByte('w')
			default:
				text.WriteByte('p')
			}
			begin = end
		}
		return text.String()
	}
}

var shapes = map[string]shape{
	"equal":       ending(0.25, 0.5, 0.75, 1),
	"unequal":     ending(0.1, 0.6, 0.7, 1),
	"first-long":  ending(1, 1, 1, 1),
	"second-long": ending(0.05, 0.9, 0.95, 1),
	"last-long":   ending(0.03, 0.06, 0.1, 1),
	"at-the-end":  func(float64) string { return "wwww" },
	"jumping": func(gone float64) string {
		return []string{"pwww", "cwwp", "pcww", "ccpc", "cccp"}[min(4, int(5*gone))]
	},
	"none": func(float64) string { return "" },
}

func (s *startup) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(50 * time.Millisecond)
	s.calls++
	gone := float64(time.Since(s.began)) / float64(s.life)
	nb := map[string]any{"id": "n", "name": "n", "status": "CREATING"}
	if gone >= 1 {
		nb["status"] = "RUNNING"
	}
	var progress []map[string]any
	for i, letter := range s.shape(gone) {
		status := map[rune]string{'w': "WAITING", 'p': "PROCESSING", 'c': "COMPLETED"}[letter]
		progress = append(progress, map[string]any{"step": i + 1, "status": status})
	}
	if len(progress) > 0 {
		slices.Reverse(progress) // they come in any order
		nb["action_progress"] = progress
	}
	text, err := json.Marshal(nb)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text)))}, err
}

// comeUp waits for one notebook in virtual time, with the default interval, and
// says how long after it ran that was noticed, and how often was looked.
func comeUp(t *testing.T, life time.Duration, shape shape) (late time.Duration, calls int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &startup{began: time.Now(), life: life, shape: shape}
		client := modelarts.New(&url.URL{Scheme: "https", Host: "example"}, &http.Client{Transport: s},
			func(context.Context) (string, error) { return "p", nil }, "test")
		i := Instance{Service: client, Reader: modelarts.NewReader(client), ID: "n", PollInterval: 2 * time.Second}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		nb, err := i.await(ctx, toCreated, modelarts.StatusDeleted)
		if err != nil || nb.Status != modelarts.StatusRunning {
			t.Errorf("got %+v, %v", nb, err)
		}
		late, calls = time.Since(s.began)-life, s.calls
	})
	return late, calls
}

// lateness is the median for lives of about that length, and the most calls.
func lateness(t *testing.T, life time.Duration, shape shape) (median time.Duration, calls int) {
	t.Helper()
	const lives = 41
	var all []time.Duration
	for n := range lives {
		part := 0.9 + 0.2*float64(n)/(lives-1)
		late, looks := comeUp(t, time.Duration(float64(life)*part), shape)
		all, calls = append(all, late), max(calls, looks)
	}
	slices.Sort(all)
	return all[len(all)/2], calls
}

// That a notebook runs is noticed soon, with few looks, whatever is told of its
// steps: within 1.5 s or 5 % of the wait, and with at most 30 looks in two
// minutes.
func TestPace(t *testing.T) {
	t.Parallel()
	most := map[time.Duration]int{ // looks; for lives that are a tenth longer, too
		3 * time.Second: 4, 15 * time.Second: 10, 30 * time.Second: 16, time.Minute: 23,
		2 * time.Minute: 30, 5 * time.Minute: 45, 10 * time.Minute: 65,
	}
	for name, shape := range shapes {
		for _, seconds := range []int{3, 5, 8, 10, 12, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600} {
			life := time.Duration(seconds) * time.Second
			t.Run(fmt.Sprint(life, "/", name), func(t *testing.T) {
				t.Parallel()
				late, calls := lateness(t, life, shape)
				t.Attr("pace", fmt.Sprintf("%d ms late, %d looks", late.Milliseconds(), calls)) // "make bench" reads it
				if allowed := max(1500*time.Millisecond, life/20); late > allowed {
					t.Errorf("noticed %s late (median), want %s at most", late, allowed)
				}
				if limit, there := most[life]; there && calls > limit {
					t.Errorf("%d looks, want at most %d", calls, limit)
				}
			})
		}
	}
}

// The interval scales the pauses of a young wait.
func TestPaceFollowsTheInterval(t *testing.T) {
	t.Parallel()
	for _, interval := range []time.Duration{20 * time.Millisecond, time.Second, 2 * time.Second, 10 * time.Second, time.Minute} {
		for elapsed := time.Duration(0); elapsed < time.Hour; elapsed += interval / 3 {
			if pause := pauseAfter(interval, elapsed); pause < interval/2 || pause > max(interval*3/2, elapsed/10) {
				t.Fatalf("with %s, after %s: a pause of %s", interval, elapsed, pause)
			}
		}
	}
}
