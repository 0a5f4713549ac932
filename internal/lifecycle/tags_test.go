package lifecycle

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// lateTags is a Reader whose answers have the tags from a time on, or never where
// it is zero.
type lateTags struct {
	Reader
	at    time.Time
	tags  []modelarts.Tag // from then on; nil: left out
	then  modelarts.Status
	err   error
	looks int
}

func (l *lateTags) Show(context.Context, string) (modelarts.Look, error) {
	l.looks++
	nb := &modelarts.Notebook{ID: "n", Status: l.then, Tags: []modelarts.Tag{}}
	if !l.at.IsZero() && !time.Now().Before(l.at) {
		nb.Tags = l.tags
	}
	return modelarts.Look{Notebook: nb}, l.err
}

// Tags that come late are awaited for some seconds, and nothing else is.
func TestTagsThatComeLate(t *testing.T) {
	t.Parallel()
	set := []modelarts.Tag{{Key: "a", Value: new("1")}}
	none := []modelarts.Tag{}
	transient, refused := &modelarts.Error{Status: 500}, &modelarts.Error{Status: 403}
	for name, test := range map[string]struct {
		shown       []modelarts.Tag // before any look
		set, remove []modelarts.Tag
		after       time.Duration // until the tags are shown; 0: never
		status      modelarts.Status
		err         error
		looks       int
		got         int // tags that the answer has in the end
		took        time.Duration
	}{
		"nothing set":        {shown: none},
		"left out":           {shown: nil, set: set},
		"there already":      {shown: set, set: set, got: 1},
		"at once":            {shown: none, set: set, after: 1, looks: 2, got: 1, took: 500 * time.Millisecond},
		"two seconds":        {shown: none, set: set, after: 2 * time.Second, looks: 5, got: 1, took: 2 * time.Second},
		"never":              {shown: none, set: set, looks: 10, took: tagsLag},
		"removed":            {shown: set, remove: set, looks: 1},
		"another value":      {shown: []modelarts.Tag{{Key: "a", Value: new("0")}}, set: set, after: time.Second, looks: 3, got: 1, took: time.Second},
		"stopped meanwhile":  {shown: none, set: set, status: modelarts.StatusStopping, looks: 1},
		"cannot be read now": {shown: none, set: set, err: transient, looks: 10, took: tagsLag},
		"may not be read":    {shown: none, set: set, err: refused, looks: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				reader := &lateTags{tags: set, then: modelarts.StatusRunning, err: test.err}
				if test.status != "" {
					reader.then = test.status
				}
				began := time.Now()
				if test.after > 0 {
					reader.at = began.Add(test.after)
				}
				shown := &modelarts.Notebook{ID: "n", Status: modelarts.StatusRunning, Tags: test.shown}
				nb := Instance{ID: "n", Reader: reader}.readTagged(t.Context(), shown, test.set, test.remove)
				if took := time.Since(began); reader.looks != test.looks || took != test.took || len(nb.Tags) != test.got {
					t.Errorf("%d looks, %s, %d tags; want %d, %s, %d", reader.looks, took, len(nb.Tags), test.looks, test.took, test.got)
				}
				if nb.Status != modelarts.StatusRunning {
					t.Errorf("the answer is about a notebook that is %s", nb.Status)
				}
			})
		})
	}
}

// A cancelled apply does not wait for tags.
func TestTagsOfACancelledApply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		reader := &lateTags{then: modelarts.StatusRunning, err: errors.New("cancelled")}
		shown := &modelarts.Notebook{ID: "n", Status: modelarts.StatusRunning, Tags: []modelarts.Tag{}}
		if nb := (Instance{ID: "n", Reader: reader}).readTagged(ctx, shown, []modelarts.Tag{{Key: "a"}}, nil); nb != shown || reader.looks > 1 {
			t.Errorf("%d looks", reader.looks)
		}
	})
}
