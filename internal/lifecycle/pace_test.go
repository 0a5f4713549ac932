package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// startup is a service with one notebook that comes up, in steps that take
// certain parts of the time.
type startup struct {
	began time.Time
	life  time.Duration
	steps [4]float64 // ends, as parts of life
	calls int
}

var (
	evenly   = [4]float64{0.25, 0.5, 0.75, 1}
	unevenly = [4]float64{0.1, 0.6, 0.7, 1}
)

func (s *startup) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(50 * time.Millisecond)
	s.calls++
	gone := float64(time.Since(s.began)) / float64(s.life)
	nb := map[string]any{"id": "n", "name": "n", "status": "CREATING"}
	if gone >= 1 {
		nb["status"] = "RUNNING"
	}
	var progress []map[string]any
	begin := 0.0
	for i, end := range s.steps {
		status := "PROCESSING"
		switch {
		case gone >= end:
			status = "COMPLETED"
		case gone < begin:
			status = "WAITING"
		}
		progress, begin = append(progress, map[string]any{"step": i + 1, "status": status}), end
	}
	if s.steps[3] > 0 {
		nb["action_progress"] = progress
	}
	text, err := json.Marshal(nb)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text)))}, err
}

// comeUp waits for one notebook in virtual time, with the default interval, and
// says how long after it ran that was noticed, and how often was looked.
func comeUp(t *testing.T, life time.Duration, steps [4]float64) (late time.Duration, calls int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &startup{began: time.Now(), life: life, steps: steps}
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

// lateness is the median for lives of about that length.
func lateness(t *testing.T, life time.Duration, steps [4]float64) (median time.Duration, calls int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var all []time.Duration
	for range 41 {
		late, n := comeUp(t, time.Duration(float64(life)*(0.9+0.2*random.Float64())), steps)
		all, calls = append(all, late), max(calls, n)
	}
	slices.Sort(all)
	return all[len(all)/2], calls
}

func steps(ends [4]float64) string {
	switch ends {
	case evenly:
		return "evenly"
	case unevenly:
		return "unevenly"
	default:
		return "untold"
	}
}

// That a notebook runs is noticed soon, with few looks.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		life  time.Duration
		steps [4]float64
		calls int
	}{
		{15 * time.Second, evenly, 16},
		{30 * time.Second, evenly, 20},
		{time.Minute, evenly, 24},
		{2 * time.Minute, evenly, 30},
		{5 * time.Minute, evenly, 70},
		{10 * time.Minute, evenly, 130},
		{15 * time.Second, unevenly, 16},
		{2 * time.Minute, unevenly, 36},
		{10 * time.Minute, unevenly, 150},
		{15 * time.Second, [4]float64{}, 25}, // a service that tells no steps
		{2 * time.Minute, [4]float64{}, 80},
	} {
		t.Run(fmt.Sprint(test.life, "/", steps(test.steps)), func(t *testing.T) {
			t.Parallel()
			late, calls := lateness(t, test.life, test.steps)
			t.Attr("pace", fmt.Sprintf("%d ms late, %d looks", late.Milliseconds(), calls)) // "make bench" reads it
			if late > 1500*time.Millisecond {
				t.Errorf("noticed %s late (median), want 1.5s at most", late)
			}
			if calls > test.calls {
				t.Errorf("%d looks, want at most %d", calls, test.calls)
			}
		})
	}
}
