package lifecycle

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

func request() modelarts.NotebookCreateRequest {
	return modelarts.NotebookCreateRequest{Name: "new", Flavor: new("small"), ImageID: "image", WorkspaceID: new("0")}
}

func (f *fake) creator(creates *Creates) Creator {
	return Creator{Service: f, Reader: f, Creates: creates, PollInterval: 2 * time.Second, IgnoresTag: func(key string) bool { return key == "scanner" }}
}

// like puts a notebook into the service that a request may have made, that is
// so old.
func (f *fake) like(id string, age time.Duration) *notebook {
	n := f.add(id, running, hour)
	n.Name, n.WorkspaceID, n.made, n.tags = "new", new("0"), time.Now().Add(-age), nil
	f.lend(n, hour, "TIMING")
	return n
}

func TestCreateFindsTheNotebookOfALostAnswer(t *testing.T) {
	lost := map[string][]fault{"CreateNotebook": {{after: noAnswer}}}
	for name, test := range map[string]struct {
		next    map[string][]fault
		always  func(op string) *fault
		options func(*options)
		setUp   func(*fake)
		id      string
		took    time.Duration // at most
		err     string        // a part of it
	}{
		"answered":                     {id: "made 2", took: time.Second},
		"the answer is lost":           {next: lost, id: "made 2", took: time.Second},
		"an internal error":            {next: map[string][]fault{"CreateNotebook": {{after: internalError}}}, id: "made 2", took: time.Second},
		"an answer that is unreadable": {next: map[string][]fault{"CreateNotebook": {{after: unreadable}}}, id: "made 2", took: time.Second},
		"found late":                   {next: lost, options: func(o *options) { o.hiddenFromLists = 20 * time.Second }, id: "made 2", took: 25 * time.Second},
		"refused":                      {next: map[string][]fault{"CreateNotebook": {{before: refuse("6716")}}}, took: time.Second, err: "ModelArts.6716"},
		"throttled":                    {next: map[string][]fault{"CreateNotebook": {{before: throttled}}}, took: time.Second, err: "ModelArts.6101"},
		"not sent":                     {next: map[string][]fault{"CreateNotebook": {{before: notSent}}}, took: time.Second, err: "connection refused"},
		"none":                         {next: map[string][]fault{"CreateNotebook": {{before: noAnswer}}}, took: 35 * time.Second, err: "The search found no matching notebook that was created since"},
		"the lists fail for a while": {
			next: map[string][]fault{"CreateNotebook": {{after: noAnswer}}, "ListNotebooks": {{before: internalError}, {before: noAnswer}, {before: throttled}}},
			id:   "made 2", took: 10 * time.Second,
		},
		"the lists fail for longer than it is searched": {
			next: map[string][]fault{"CreateNotebook": {{after: noAnswer, takes: time.Second}}, "ListNotebooks": repeat(fault{before: internalError}, 15)},
			id:   "made 2", took: time.Minute,
		},
		"the lists fail": {
			next: map[string][]fault{"CreateNotebook": {{after: noAnswer}}}, always: func(op string) *fault {
				if op == "ListNotebooks" {
					return &fault{before: internalError}
				}
				return nil
			}, took: 95 * time.Second, err: "The search for it failed, too: ListNotebooks: Internal Server Error (HTTP 500)",
		},
		"the lists are refused": {
			next: map[string][]fault{"CreateNotebook": {{after: noAnswer}}}, always: func(op string) *fault {
				if op == "ListNotebooks" {
					return &fault{before: forbidden}
				}
				return nil
			}, took: 35 * time.Second, err: "The search for it failed, too: ListNotebooks: ModelArts.0112",
		},
		"an older one is not taken":  {next: map[string][]fault{"CreateNotebook": {{before: noAnswer}}}, setUp: func(f *fake) { f.like("older", 5*time.Second) }, took: 35 * time.Second, err: "The search found no matching notebook"},
		"the older one stays":        {next: lost, setUp: func(f *fake) { f.like("older", 5*time.Second) }, id: "made 3", took: time.Second},
		"one of another flavor":      {next: lost, setUp: func(f *fake) { f.like("other", 0).Flavor = new("large") }, id: "made 3", took: time.Second},
		"one of another image":       {next: lost, setUp: func(f *fake) { f.like("other", 0).Image.ID = "other" }, id: "made 3", took: time.Second},
		"one of another workspace":   {next: lost, setUp: func(f *fake) { f.like("other", 0).WorkspaceID = new("1") }, id: "made 3", took: time.Second},
		"one of another name":        {next: lost, setUp: func(f *fake) { f.like("other", 0).Name = "newer" }, id: "made 3", took: time.Second},
		"one that others made since": {next: lost, setUp: func(f *fake) { f.like("other", 0) }, took: time.Second, err: "2 matching notebooks were created since:\n  - made 3: CREATING, created at 2000-01-01T00:00:00Z\n  - other: RUNNING, created at 2000-01-01T00:00:00Z\n\nFind out which one is yours"},
		"no clock": {
			next: lost, options: func(o *options) { o.noClock = true }, took: 35 * time.Second,
			err: "The provider could not determine whether it is one of these:\n  - made 2: RUNNING, created at 2000-01-01T00:00:00Z; the service does not return its clock, so the age is unknown",
		},
		"no time of creation": {
			next: lost, options: func(o *options) { o.noCreation = true }, took: 35 * time.Second,
			err: "  - made 2: RUNNING; it does not show when it was created\n\nIf one is as old as this apply, import it. If none is, apply again. " +
				"No second create was sent.\n\nTo import one, with the address of this resource:\n  terraform import ADDRESS made 2",
		},
		"the time of the header": {next: lost, options: func(o *options) { o.dateClock = true }, id: "made 2", took: time.Second},
		"about as old, by the time of the header": {
			next: map[string][]fault{"CreateNotebook": {{before: noAnswer}}}, options: func(o *options) { o.dateClock = true }, setUp: func(f *fake) { f.like("other", 20*time.Second).Lease = nil },
			took: 35 * time.Second, err: "  - other: RUNNING, created at 1999-12-31T23:59:40Z; it is about as old as the request, and the clocks may differ",
		},
		"older by the time of the header": {
			next: lost, options: func(o *options) { o.dateClock = true }, setUp: func(f *fake) { f.like("other", 2*time.Minute) }, id: "made 3", took: time.Second,
		},
		"lists that show next to nothing":     {next: lost, options: func(o *options) { o.shortLists = true }, setUp: func(f *fake) { f.like("other", 0).Flavor = new("large") }, id: "made 3", took: time.Second},
		"pages that shift":                    {next: lost, options: func(o *options) { o.listedTwice = true }, id: "made 2", took: time.Second},
		"one that cannot be read for a while": {next: map[string][]fault{"CreateNotebook": {{after: noAnswer}}, "ShowNotebook": {{before: internalError}, {before: refuse("6309")}}}, id: "made 2", took: 10 * time.Second},
		"one that cannot be read": {
			next: map[string][]fault{"CreateNotebook": {{after: noAnswer}}}, always: func(op string) *fault {
				if op == "ShowNotebook" {
					return &fault{before: forbidden}
				}
				return nil
			}, took: 35 * time.Second, err: "  - made 2; it could not be read: ShowNotebook: ModelArts.0112",
		},
		"one without its flavor": {
			next: map[string][]fault{"CreateNotebook": {{before: noAnswer}}}, setUp: func(f *fake) { f.like("other", 0).Flavor = nil },
			took: 35 * time.Second, err: "  - other: RUNNING, created at 2000-01-01T00:00:00Z; its flavor or its image is not shown",
		},
		"one that differs": {
			next: map[string][]fault{"CreateNotebook": {{before: noAnswer}}}, setUp: func(f *fake) { f.like("other", 0).Description = new("theirs") },
			took: 35 * time.Second, err: "apply again. No second create was sent.\n\nThese have the same name but do not match the request:\n  - other: RUNNING, created at 2000-01-01T00:00:00Z; another description",
		},
		"a tool has tagged it already":      {next: lost, options: func(o *options) { o.tagged = map[string]string{"scanner": "1"} }, id: "made 2", took: time.Second},
		"somebody has tagged it already":    {next: lost, options: func(o *options) { o.tagged = map[string]string{"team": "1"} }, took: 35 * time.Second, err: "These have the same name but do not match the request:\n  - made 2: CREATING, created at 2000-01-01T00:00:00Z; another tags"},
		"an answer given up after a minute": {always: func(op string) *fault { return slowCreate(op, false) }, id: "made 2", took: 65 * time.Second},
		"a create that lasts longer than a minute": {
			always: func(op string) *fault { return slowCreate(op, true) }, took: 125 * time.Second, err: "The search found no matching notebook",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, running)
				f.always = test.always
				for op, faults := range test.next {
					f.next[op] = append([]fault(nil), faults...)
				}
				if test.setUp != nil {
					test.setUp(f)
				}
				var creates Creates
				began := time.Now()
				nb, err := f.creator(&creates).Create(f.limited(t, 30*time.Minute), request())
				switch {
				case test.err == "" && err != nil, test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
					t.Errorf("the error is %v, want %q", err, test.err)
				case err == nil && (nb.ID != test.id || !creates.Claimed(nb.ID)):
					t.Errorf("it has %s, claimed: %v; want %s", nb.ID, creates.Claimed(nb.ID), test.id)
				}
				if took := time.Since(began); took > test.took {
					t.Errorf("it took %s, want %s at most", took, test.took)
				}
				if n := f.count("CreateNotebook"); n != 1 {
					t.Errorf("%d creates were sent", n)
				}
			})
		})
	}
}

func repeat(one fault, times int) (all []fault) {
	for range times {
		all = append(all, one)
	}
	return all
}

// slowCreate is a create whose answer does not come, and which makes nothing if
// it is lost.
func slowCreate(op string, lost bool) *fault {
	switch {
	case op != "CreateNotebook":
		return nil
	case lost:
		return &fault{before: noAnswer, takes: time.Hour}
	default:
		return &fault{takes: time.Hour}
	}
}

// What a create cannot be found by, a search that has found nothing says.
func TestCreateSaysWhatWasSentAndWhatToDo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		f.next["CreateNotebook"] = []fault{{before: noAnswer}}
		_, err := f.creator(new(Creates)).Create(f.limited(t, time.Hour), request())
		want := `the response to the create of "new" (flavor small, image image) was lost, so the service may have created the notebook: CreateNotebook: no answer: connection reset.

The search found no matching notebook that was created since. If one appears in the console, adopt it with terraform import. If not, apply again. No second create was sent`
		if err == nil || err.Error() != want {
			t.Errorf("the error is\n%v\nwant\n%s", err, want)
		}
	})
}

func TestCreateIsNotSentAfterACancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		ctx := f.limited(t, time.Hour)
		f.cancel()
		_, err := f.creator(new(Creates)).Create(ctx, request())
		if !errors.Is(err, context.Canceled) || len(f.log) != 0 {
			t.Errorf("got %v after %d calls", err, len(f.log))
		}
	})
}

// The answer holds the only trace of the notebook.
func TestCreateWaitsForItsAnswerAfterACancel(t *testing.T) {
	for name, test := range map[string]struct {
		trouble fault
		lists   int
	}{
		"answered": {fault{cancelAfter: true, takes: 30 * time.Second}, 0},
		"lost":     {fault{cancelAfter: true, after: noAnswer}, 1},
		"given up": {fault{cancelAfter: true, takes: time.Hour}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				f.next["CreateNotebook"] = []fault{test.trouble}
				nb, err := f.creator(new(Creates)).Create(f.limited(t, time.Hour), request())
				if err != nil || nb.ID != "made 2" || f.count("CreateNotebook") != 1 {
					t.Errorf("got %+v, %v", nb, err)
				}
				if n := f.count("ListNotebooks"); n != test.lists {
					t.Errorf("%d lists", n)
				}
			})
		})
	}
}

// Two creates that cannot be told apart come one after the other, and each gets
// its own notebook.
func TestCreatesOfTheSameKindGetTheirOwnNotebooks(t *testing.T) {
	for name, test := range map[string]struct {
		second modelarts.NotebookCreateRequest
		waits  bool
	}{
		"the same kind":  {request(), true},
		"another flavor": {modelarts.NotebookCreateRequest{Name: "new", Flavor: new("large"), ImageID: "image", WorkspaceID: new("0")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				f.hiddenFromLists = 10 * time.Second
				f.next["CreateNotebook"] = []fault{{after: noAnswer}, {after: noAnswer}}
				var creates Creates
				ctx := f.limited(t, time.Hour)
				ids := make([]string, 2)
				var group sync.WaitGroup
				for i, req := range []modelarts.NotebookCreateRequest{request(), test.second} {
					group.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond)
						nb, err := f.creator(&creates).Create(ctx, req)
						if err != nil {
							t.Errorf("create %d: %v", i, err)
							return
						}
						ids[i] = nb.ID
					})
				}
				group.Wait()
				if ids[0] != "made 2" || ids[1] != "made 3" || f.count("CreateNotebook") != 2 {
					t.Errorf("they have %q", ids)
				}
				if apart := f.find("made 3").made.Sub(f.find("made 2").made); apart > 10*time.Second != test.waits {
					t.Errorf("they were sent %s apart", apart)
				}
			})
		})
	}
}

// A create that waits for another one ends when the apply is cancelled.
func TestCreateThatWaitsForAnotherIsCancelledAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		f.next["CreateNotebook"] = []fault{{takes: 50 * time.Second}}
		var creates Creates
		ctx := f.limited(t, time.Hour)
		var first sync.WaitGroup
		first.Go(func() {
			if _, err := f.creator(&creates).Create(ctx, request()); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(time.Second)
		time.AfterFunc(time.Second, f.cancel)
		began := time.Now()
		_, err := f.creator(&creates).Create(ctx, request())
		if took := time.Since(began); !errors.Is(err, context.Canceled) || took != time.Second {
			t.Errorf("got %v after %s", err, took)
		}
		first.Wait()
		if f.count("CreateNotebook") != 1 {
			t.Error("a second create was sent")
		}
	})
}

func TestCreateDoesNotTakeAClaimedNotebook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		f.like("claimed", 0)
		f.next["CreateNotebook"] = []fault{{before: noAnswer}}
		var creates Creates
		creates.Claim("claimed")
		if nb, err := f.creator(&creates).Create(f.limited(t, time.Hour), request()); err == nil {
			t.Errorf("it took %s", nb.ID)
		}
	})
}

func TestAwaitCreationFollowsTheNotebook(t *testing.T) {
	tags := []modelarts.Tag{{Key: "team", Value: new("vision")}}
	for name, test := range map[string]struct {
		options  func(*options)
		next     map[string][]fault
		faults   map[int]fault
		creation Creation
		limit    time.Duration
		calls    string
		shown    modelarts.Status
		failed   bool
		err      string
		tagsErr  string
		powerErr string
	}{
		"it runs":                                {shown: running},
		"with tags":                              {creation: Creation{Tags: tags, Desired: running}, calls: "tag team", shown: running},
		"tags are tried again":                   {creation: Creation{Tags: tags}, next: map[string][]fault{"CreateNotebookTags": {{before: noAnswer}, {before: refuse("6355")}}}, calls: "tag team: no answer | tag team: 6355 | tag team", shown: running},
		"tags fail":                              {creation: Creation{Tags: tags, Desired: stopped}, next: map[string][]fault{"CreateNotebookTags": {{before: refuse("6336")}}}, calls: "tag team: 6336 | stop", shown: stopped, tagsErr: "6336"},
		"it is to be stopped":                    {creation: Creation{Desired: stopped}, calls: "stop", shown: stopped},
		"the stop is refused":                    {creation: Creation{Desired: stopped}, next: map[string][]fault{"StopNotebook": {{before: forbidden}}}, calls: "stop: 0112", shown: running, powerErr: "0112"},
		"the stop fails":                         {creation: Creation{Desired: stopped}, options: func(o *options) { o.stopsThatFail = 1 }, calls: "stop", shown: failed, powerErr: "ERROR"},
		"somebody stops it":                      {creation: Creation{Tags: tags}, faults: map[int]fault{3: {status: stopped}}, calls: "tag team", shown: stopped},
		"it is to run after that":                {creation: Creation{Desired: running, Lease: Lease{Type: "IDLE", Duration: new(4 * hour)}}, faults: map[int]fault{3: {status: stopped}}, calls: "start 14400000 idle", shown: running},
		"it fails":                               {options: func(o *options) { o.createFails = true }, creation: Creation{Tags: tags, Desired: stopped}, shown: modelarts.StatusCreateFailed, failed: true, err: "the status is CREATE_FAILED: No node is left"},
		"it is frozen":                           {faults: map[int]fault{3: {status: frozen}}, shown: frozen, failed: true, err: "FROZEN"},
		"the time is up":                         {limit: 10 * time.Second, shown: modelarts.StatusCreating, failed: true, err: "gave up waiting after 10s"},
		"the time is up while it cannot be read": {limit: 10 * time.Second, faults: unanswered(3, 40), shown: modelarts.StatusCreating, err: "the last look failed: ShowNotebook: no answer"},
		"the time is up, and it was never read":  {limit: 10 * time.Second, faults: unanswered(2, 40), err: "no status was seen"},
		"another node has it not":                {options: func(o *options) { o.hidden = 15 * time.Second }, shown: running},
		"and has it not for long":                {options: func(o *options) { o.hidden = time.Hour }, shown: deleted, err: "the status is DELETED"},
		"somebody deletes it":                    {faults: map[int]fault{3: {status: deleted}}, shown: deleted, err: "the status is DELETED"},
		"it cannot be shown":                     {faults: map[int]fault{3: {before: forbidden}}, shown: modelarts.StatusCreating, err: "0112"},
		"cancelled":                              {faults: map[int]fault{3: {cancelAfter: true}}, creation: Creation{Tags: tags}, shown: modelarts.StatusCreating, err: "was cancelled while waiting"},
		"cancelled at the tags":                  {next: map[string][]fault{"CreateNotebookTags": {{cancelAfter: true}}}, creation: Creation{Tags: tags}, calls: "tag team: no answer", shown: running, tagsErr: "context canceled"},
		"cancelled at the stop":                  {next: map[string][]fault{"StopNotebook": {{cancelAfter: true}}}, creation: Creation{Desired: stopped}, calls: "stop: no answer", shown: running, err: "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := &fake{options: o, faults: test.faults, next: test.next}
				if f.next == nil {
					f.next = make(map[string][]fault)
				}
				limit := 30 * time.Minute
				if test.limit > 0 {
					limit = test.limit
				}
				ctx := f.limited(t, limit)
				nb, err := f.creator(new(Creates)).Create(ctx, request())
				if err != nil {
					t.Fatal(err)
				}
				created := Instance{Service: f, Reader: f, ID: nb.ID, PollInterval: 2 * time.Second}.AwaitCreation(ctx, test.creation)
				if got := f.writes()[1:]; strings.Join(got, " | ") != test.calls {
					t.Errorf("the calls are %q, want %s", got, test.calls)
				}
				if shown := created.Shown; (shown == nil) != (test.shown == "") || shown != nil && shown.Status != test.shown {
					t.Errorf("shown is %+v, want %s", shown, test.shown)
				}
				if created.Failed() != test.failed {
					t.Errorf("failed: %v", created.Failed())
				}
				for what, pair := range map[string]struct {
					err  error
					want string
				}{"Err": {created.Err, test.err}, "TagsErr": {created.TagsErr, test.tagsErr}, "PowerErr": {created.PowerErr, test.powerErr}} {
					if pair.want == "" && pair.err != nil || pair.want != "" && (pair.err == nil || !strings.Contains(pair.err.Error(), pair.want)) {
						t.Errorf("%s is %v, want %q", what, pair.err, pair.want)
					}
				}
			})
		})
	}
}

// unanswered is that the calls from one to another have no answer.
func unanswered(from, to int) map[int]fault {
	faults := make(map[int]fault)
	for n := from; n <= to; n++ {
		faults[n] = fault{before: noAnswer}
	}
	return faults
}
