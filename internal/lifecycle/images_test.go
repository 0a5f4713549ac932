package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// imageTest is one thing that is done with images.
type imageTest struct {
	options  func(*imageOptions)
	notebook modelarts.Status // empty: RUNNING
	next     map[string][]fault
	always   func(op string) *fault
	setUp    func(*fakeImages)
	limit    time.Duration

	id    string        // of what is made
	calls string        // that are no reads
	err   string        // a part of it
	took  time.Duration // at most; zero: a minute
	left  int           // images that exist then
}

func (test *imageTest) run(t *testing.T, act func(context.Context, *fakeImages) (string, error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var o imageOptions
		if test.options != nil {
			test.options(&o)
		}
		status := test.notebook
		if status == "" {
			status = running
		}
		f := newFakeImages(o, status)
		if test.next != nil {
			f.next = maps.Clone(test.next)
		}
		if test.setUp != nil {
			test.setUp(f)
		}
		f.always = test.always
		d := 10 * time.Minute
		if test.limit > 0 {
			d = test.limit
		}
		began := time.Now()
		id, err := act(limit(t, f, d), f)
		if took, most := time.Since(began), cmp.Or(test.took, time.Minute); took > most {
			t.Errorf("it took %s, want at most %s", took, most)
		}
		if got := strings.Join(f.writes(), " | "); got != test.calls {
			t.Errorf("the calls are\n%s, want\n%s", got, test.calls)
		}
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("the error is %v, want %q", err, test.err)
		}
		if id != test.id {
			t.Errorf("it made %q, want %q", id, test.id)
		}
		if n := f.there(); n != test.left {
			t.Errorf("%d images exist, want %d", n, test.left)
		}
	})
}

func madeID(made MadeImage, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return made.ID, nil
}

const path = "host/team/vision:1"

// A registration is sent once. When its answer is lost, the image is found by its address
// and its age.
func TestRegister(t *testing.T) {
	lost := map[string][]fault{"RegisterImage": {{after: noAnswer}}}
	never := map[string][]fault{"RegisterImage": {{before: noAnswer}}}
	const sent, unanswered, nothing = "register " + path, "register " + path + ": no answer", "The search found no such image that was created since"
	for name, test := range map[string]imageTest{
		"answered":            {id: "image 1", calls: sent, left: 1},
		"the answer is lost":  {next: lost, id: "image 1", calls: unanswered, left: 1},
		"an internal error":   {next: map[string][]fault{"RegisterImage": {{after: internalError}}}, id: "image 1", calls: sent + ": 500", left: 1},
		"an unreadable one":   {next: map[string][]fault{"RegisterImage": {{after: unreadable}}}, id: "image 1", calls: sent + ": 200", left: 1},
		"found late":          {next: lost, options: func(o *imageOptions) { o.unlisted = 20 * time.Second }, id: "image 1", calls: unanswered, left: 1},
		"listed and not read": {next: lost, options: func(o *imageOptions) { o.hidden = 20 * time.Second }, id: "image 1", calls: unanswered, left: 1},
		"another clock":       {next: lost, options: func(o *imageOptions) { o.clockAhead = time.Hour }, id: "image 1", calls: unanswered, left: 1},
		"none":                {next: never, calls: unanswered, err: nothing},
		"an older one":        {next: never, setUp: func(f *fakeImages) { f.hold("older", path, time.Hour) }, calls: unanswered, err: nothing, left: 1},
		"about as old":        {next: never, setUp: func(f *fakeImages) { f.hold("rival", path, 50*time.Second) }, calls: unanswered, err: "the clocks may differ", left: 1},
		"ageless":             {next: lost, options: func(o *imageOptions) { o.noAge = true }, calls: unanswered, err: "it does not show when it was created", left: 1},
		"another address":     {next: lost, setUp: func(f *fakeImages) { f.hold("other", "host/team/other:1", 0) }, id: "image 2", calls: unanswered, left: 2},
		"refused":             {setUp: func(f *fakeImages) { f.hold("taken", path, 0) }, calls: sent + ": 6737", err: "ModelArts.6737", left: 1},
		"not sent":            {next: map[string][]fault{"RegisterImage": {{before: notSent}}}, calls: unanswered, err: "connection refused"},
		"the lists are refused": {
			next: lost, always: func(op string) *fault {
				if op == "ListImage" {
					return &fault{before: forbidden}
				}
				return nil
			}, calls: unanswered, err: "The search for it failed, too", left: 1,
		},
		"cancelled": {next: map[string][]fault{"RegisterImage": {{cancelBefore: true}}}, id: "image 1", calls: sent, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			test.run(t, func(ctx context.Context, f *fakeImages) (string, error) {
				return madeID(f.images().Register(ctx, modelarts.ImageRegisterRequest{SWRPath: path}))
			})
		})
	}
}

// A registered image whose status has gone wrong is synchronized once.
func TestAwaitRegistered(t *testing.T) {
	for name, test := range map[string]imageTest{
		"active":         {left: 1},
		"not found yet":  {options: func(o *imageOptions) { o.hidden = 20 * time.Second }, left: 1},
		"never found":    {options: func(o *imageOptions) { o.hidden = time.Hour }, err: "the status is DELETED", left: 1},
		"mended":         {options: func(o *imageOptions) { o.wrongStatus = true }, calls: "sync", left: 1},
		"not mended":     {options: func(o *imageOptions) { o.wrongStatus, o.syncFails = true, true }, calls: "sync", err: "the status is ERROR: The image could not be pulled.", left: 1},
		"shown badly":    {next: map[string][]fault{"ShowImage": {{before: internalError}, {before: throttled}, {before: noAnswer}, {before: unreadable}}}, left: 1},
		"cannot be read": {next: map[string][]fault{"ShowImage": {{before: forbidden}}}, err: "ModelArts.0112", left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			test.run(t, func(ctx context.Context, f *fakeImages) (string, error) {
				i := f.hold("made", path, 0)
				if i.hidden = f.hidden; f.wrongStatus {
					i.Status, i.StatusMessage = modelarts.ImageError, new("The image could not be pulled.")
				}
				out := f.images().AwaitRegistered(ctx, "made")
				if (out.Err == nil) != (out.Shown != nil && out.Shown.Status == modelarts.ImageActive) {
					t.Errorf("the error is %v, and the image is shown as %+v", out.Err, out.Shown)
				}
				return "", out.Err
			})
		})
	}
}

// A running notebook is saved by one request that the service takes, whatever is under way
// on it, and whatever becomes of the answer.
func TestSave(t *testing.T) {
	next := func(faults ...fault) map[string][]fault { return map[string][]fault{"CreateImage": faults} }
	refusal := func(code string) fault { return fault{before: refuse(code)} }
	const sent = "save vision"
	failing := func(op string) *fault {
		if op == "ListImage" {
			return &fault{before: throttled}
		}
		return nil
	}
	for name, test := range map[string]imageTest{
		"running":                  {id: "image 1", calls: sent, left: 1},
		"being saved already":      {notebook: modelarts.StatusSnapshotting, id: "image 1", calls: sent, left: 1},
		"starting":                 {notebook: modelarts.StatusStarting, id: "image 1", calls: sent, left: 1},
		"stopped":                  {notebook: stopped, err: "only a running notebook can be saved as an image, and it is STOPPED"},
		"stopping":                 {notebook: modelarts.StatusStopping, err: "and it is STOPPED"},
		"failed":                   {notebook: modelarts.StatusError, err: "and it is ERROR"},
		"not found for a moment":   {setUp: func(f *fakeImages) { f.fake.find("n").made, f.fake.hidden = time.Now(), 10*time.Second }, id: "image 1", calls: sent, left: 1},
		"frozen":                   {notebook: modelarts.StatusFrozen, err: "and it is FROZEN"},
		"gone":                     {notebook: modelarts.StatusDeleted, err: "the notebook does not exist any more"},
		"busy, and it is not seen": {next: next(refusal("6357"), refusal("6357")), id: "image 1", calls: sent + ": 6357 | " + sent + ": 6357 | " + sent, left: 1},
		"another save began":       {next: next(fault{status: modelarts.StatusSnapshotting}), id: "image 1", calls: sent + ": 6357 | " + sent, left: 1},
		"stopped meanwhile":        {next: next(fault{status: stopped}), calls: sent + ": 6327", err: "and it is STOPPED"},
		"refused by a node behind": {next: next(refusal("6327"), refusal("6958")), id: "image 1", calls: sent + ": 6327 | " + sent + ": 6958 | " + sent, left: 1},
		"not ready, throttled":     {next: next(refusal("6355"), refusal("6333"), fault{before: throttled}), id: "image 1", calls: sent + ": 6355 | " + sent + ": 6333 | " + sent + ": 6101 | " + sent, left: 1},
		"the tag is taken":         {next: next(refusal("6737")), calls: sent + ": 6737", err: "ModelArts.6737"},
		"too large":                {next: next(refusal("6771")), calls: sent + ": 6771", err: "ModelArts.6771"},
		"the answer is lost":       {next: next(fault{after: noAnswer}), id: "image 1", calls: sent + ": no answer", left: 1},
		"an internal error":        {next: next(fault{after: internalError}), id: "image 1", calls: sent + ": 500", left: 1},
		"nothing came of it":       {next: next(fault{before: noAnswer}), calls: sent + ": no answer", err: "No second request was sent"},
		"lost, and no list": {
			next: next(fault{after: noAnswer}), always: failing, calls: sent + ": no answer", took: 2 * time.Minute,
			err: "The search for it failed, too", left: 1,
		},
		"an older one is there": {next: next(fault{after: noAnswer}), setUp: func(f *fakeImages) {
			i := f.hold("older", path, time.Hour)
			i.Name, i.Namespace, i.Tag = new("vision"), new("team"), new("1")
		}, id: "image 2", calls: sent + ": no answer", left: 2},
		"a registered one is there": {next: next(fault{after: noAnswer}), setUp: func(f *fakeImages) {
			i := f.hold("registered", path, 0)
			i.Name, i.Namespace, i.Tag, i.Origin = new("vision"), new("team"), new("1"), new("CUSTOMIZE")
		}, id: "image 2", calls: sent + ": no answer", left: 2},
		"cancelled": {next: next(fault{cancelBefore: true}), id: "image 1", calls: sent, left: 1},
	} {
		t.Run(name, func(t *testing.T) {
			test.run(t, func(ctx context.Context, f *fakeImages) (string, error) {
				return madeID(f.images().Save(ctx, f.instance(), saveRequest()))
			})
		})
	}
}

// Two saves of one notebook come one after the other, each with an image of its own.
func TestSavesOfOneNotebook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeImages(imageOptions{}, running)
		images, ctx := f.images(), limit(t, f, 10*time.Minute)
		done := make(chan error, 2)
		for _, name := range []string{"a", "b"} {
			go func() {
				made, err := images.Save(ctx, f.instance(), modelarts.ImageSaveRequest{Name: name, Namespace: "team"})
				if err == nil {
					out := images.AwaitSaved(ctx, made.ID, f.instance())
					err = errors.Join(out.Err, out.NotebookErr)
				}
				done <- err
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if n := f.there(); n != 2 {
			t.Errorf("%d images exist, want 2: %v", n, f.writes())
		}
	})
}

// An image that is being saved is waited for, and its notebook after it.
func TestAwaitSaved(t *testing.T) {
	for name, test := range map[string]struct {
		imageTest
		failed, cancelled bool
		notebookErr       string
	}{
		"saved":         {imageTest: imageTest{calls: "save vision", left: 1}},
		"not found yet": {imageTest: imageTest{options: func(o *imageOptions) { o.hidden = 20 * time.Second }, calls: "save vision", left: 1}},
		"failed": {
			imageTest: imageTest{options: func(o *imageOptions) { o.saveFails = true }, calls: "save vision", err: "the status is CREATE_FAILED: The image is too large.", left: 1},
			failed:    true,
		},
		"late": {
			imageTest: imageTest{options: func(o *imageOptions) { o.save = time.Hour }, limit: 5 * time.Minute, took: 6 * time.Minute, calls: "save vision", err: "the last status seen was CREATING", left: 1},
			failed:    true,
		},
		"denied once": {imageTest: imageTest{next: map[string][]fault{"ShowImage": {{}, {}, {}, {before: refuse("6404")}}}, calls: "save vision", left: 1}},
		"never found": {imageTest: imageTest{options: func(o *imageOptions) { o.hidden = time.Hour }, calls: "save vision", err: "the status is DELETED", left: 1}},
		"the notebook cannot be read": {
			imageTest:   imageTest{next: map[string][]fault{"ShowNotebook": {{}, {before: forbidden}}}, calls: "save vision", left: 1},
			notebookErr: "ModelArts.0112",
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.run(t, func(ctx context.Context, f *fakeImages) (string, error) {
				made, err := f.images().Save(ctx, f.instance(), saveRequest())
				if err != nil {
					return "", err
				}
				out := f.images().AwaitSaved(ctx, made.ID, f.instance())
				if out.Failed() != test.failed {
					t.Errorf("failed is %t: %v", out.Failed(), out.Err)
				}
				if (out.NotebookErr == nil) != (test.notebookErr == "") || out.NotebookErr != nil && !strings.Contains(out.NotebookErr.Error(), test.notebookErr) {
					t.Errorf("of the notebook: %v, want %q", out.NotebookErr, test.notebookErr)
				}
				if n := f.fake.find("n"); out.Err == nil && out.NotebookErr == nil && n.Status != running {
					t.Errorf("the notebook is %s", n.Status)
				}
				return "", out.Err
			})
		})
	}
}

// A cancelled wait says nothing of the image.
func TestAwaitSavedCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeImages(imageOptions{}, running)
		ctx := limit(t, f, 10*time.Minute)
		made, err := f.images().Save(ctx, f.instance(), saveRequest())
		if err != nil {
			t.Fatal(err)
		}
		f.cancel()
		if out := f.images().AwaitSaved(ctx, made.ID, f.instance()); out.Failed() || !errors.Is(out.Err, context.Canceled) {
			t.Errorf("failed is %t: %v", out.Failed(), out.Err)
		}
	})
}

// An image is deleted when it is not being saved any more. A refusal is tried again for a
// short while, and says that the image may be in use.
func TestDeleteImage(t *testing.T) {
	next := func(faults ...fault) map[string][]fault { return map[string][]fault{"DeleteImage": faults} }
	for name, test := range map[string]struct {
		imageTest
		inUse bool
	}{
		"deleted":           {imageTest: imageTest{calls: "delete with its content"}},
		"failed on the way": {imageTest: imageTest{next: next(fault{before: internalError}, fault{after: noAnswer}), calls: "delete with its content: 500 | delete with its content: no answer | delete with its content: 6404"}},
		"being saved":       {imageTest: imageTest{setUp: saving, calls: "delete with its content: 6357 | delete with its content"}},
		"saved for long": {imageTest: imageTest{setUp: func(f *fakeImages) {
			saving(f)
			f.find("made").at = time.Now().Add(50 * time.Second)
		}, next: next(fault{}, fault{before: refuse("6357")}), calls: "delete with its content: 6357 | delete with its content: 6357 | delete with its content"}},
		"gone already":          {imageTest: imageTest{setUp: func(f *fakeImages) { f.find("made").Status = modelarts.ImageDeleted }, calls: "delete with its content: 6404"}},
		"a node does not know":  {imageTest: imageTest{next: next(fault{before: refuse("6404")}), calls: "delete with its content: 6404 | delete with its content"}},
		"in use for a moment":   {imageTest: imageTest{options: func(o *imageOptions) { o.used = 2 }, calls: "delete with its content: 6737 | delete with its content: 6737 | delete with its content"}},
		"not allowed":           {imageTest: imageTest{next: next(fault{before: forbidden}), calls: "delete with its content: 0112", err: "ModelArts.0112", left: 1}},
		"an undocumented code":  {imageTest: imageTest{always: refusing("9999"), err: "ModelArts.9999", calls: repeated("delete with its content: 9999", 4), left: 1}, inUse: true},
		"in use":                {imageTest: imageTest{always: refusing("6737"), err: "ModelArts.6737", calls: repeated("delete with its content: 6737", 4), left: 1}, inUse: true},
		"a wrong value, by 400": {imageTest: imageTest{next: next(fault{before: refuse("6336")}), err: "ModelArts.6336", calls: "delete with its content: 6336", left: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			setUp := test.setUp
			test.setUp = func(f *fakeImages) {
				f.hold("made", path, 0)
				if setUp != nil {
					setUp(f)
				}
			}
			test.run(t, func(ctx context.Context, f *fakeImages) (string, error) {
				err := f.images().Delete(ctx, "made", true)
				if errors.Is(err, modelarts.ErrInUse) != test.inUse {
					t.Errorf("in use: %t, of %v", !test.inUse, err)
				}
				return "", err
			})
		})
	}
}

func saving(f *fakeImages) {
	i := f.find("made")
	i.Status, i.next, i.at = modelarts.ImageCreating, modelarts.ImageActive, time.Now().Add(20*time.Second)
}

func refusing(code string) func(string) *fault {
	return func(op string) *fault {
		if op == "DeleteImage" {
			return &fault{before: refuse(code)}
		}
		return nil
	}
}

func repeated(call string, times int) string {
	return strings.TrimSuffix(strings.Repeat(call+" | ", times), " | ")
}
