package lifecycle

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// lister answers a Read and a Poll out of a list, whose entries lack some
// fields. It counts both and the looks by ID.
type lister struct {
	*fake
	lacks func(*modelarts.Notebook)
	lists modelarts.Status // that the list shows, whatever is; empty: what is
	reads int
	shows int
}

func (l *lister) Show(ctx context.Context, id string) (modelarts.Look, error) {
	l.shows++
	return l.fake.Show(ctx, id)
}

func (l *lister) Read(ctx context.Context, id string) (modelarts.Look, error) {
	l.reads++
	if l.lists != "" {
		return modelarts.Look{Notebook: &modelarts.Notebook{ID: id, Status: l.lists}, At: time.Now(), Listed: true}, nil
	}
	look, err := l.fake.Show(ctx, id)
	if err == nil {
		nb := *look.Notebook
		if l.lacks != nil {
			l.lacks(&nb)
		}
		look.Notebook, look.Listed = &nb, true
	}
	return look, err
}

func (l *lister) Poll(ctx context.Context, id string, _ time.Time) (modelarts.Look, error) {
	return l.Read(ctx, id)
}

func TestRefreshTakesAnEntryOfAListOnlyWhenItIsEnough(t *testing.T) {
	hasToken := func(nb *modelarts.Notebook) bool { return nb.Token != nil }
	for name, test := range map[string]struct {
		enough       func(*modelarts.Notebook) bool
		lacks        func(*modelarts.Notebook)
		reads, shows int
	}{
		"it is":             {hasToken, func(*modelarts.Notebook) {}, 1, 0},
		"it is not":         {hasToken, func(nb *modelarts.Notebook) { nb.Token = nil }, 1, 1},
		"none is wanted":    {nil, func(nb *modelarts.Notebook) { nb.Token = nil }, 0, 1},
		"nothing is enough": {func(*modelarts.Notebook) bool { return false }, func(*modelarts.Notebook) {}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lister{fake: newFake(quick, running), lacks: test.lacks}
				i := Instance{Service: l, Reader: l, ID: "n", PollInterval: 2 * time.Second}
				nb, err := i.Refresh(l.limited(t, time.Minute), nil, test.enough)
				if err != nil || nb.Token == nil || l.reads != test.reads || l.shows != test.shows {
					t.Errorf("got %+v, %v with %d reads and %d shows", nb, err, l.reads, l.shows)
				}
			})
		})
	}
}

func TestRefreshBelievesAnAbsence(t *testing.T) {
	enough := func(*modelarts.Notebook) bool { return true }
	for name, test := range map[string]struct {
		justCreated bool
		enough      func(*modelarts.Notebook) bool
		absent      int // looks that do not find it
		next        []fault
		status      modelarts.Status
		looks       int
		err         string
	}{
		"of an old notebook":                 {absent: 2, enough: enough, status: deleted, looks: 2},
		"of an old one not at once":          {absent: 1, enough: enough, status: running, looks: 2},
		"not when the second look fails":     {next: []fault{{before: refuse("6309")}, {before: forbidden}}, enough: enough, looks: 2, err: "0112"},
		"without a list at once":             {justCreated: true, absent: 1, status: deleted, looks: 1},
		"of a justCreated one that is there": {justCreated: true, enough: enough, status: running, looks: 1},
		"of a justCreated one not at once":   {justCreated: true, enough: enough, absent: 4, status: running, looks: 5},
		"of a justCreated one when it lasts": {justCreated: true, enough: enough, absent: 1000, status: deleted, looks: 0},
		"not when the service cannot answer": {enough: enough, next: []fault{{before: internalError}}, looks: 1, err: "500"},
		"not when it was refused later":      {justCreated: true, enough: enough, next: []fault{{before: refuse("6309")}, {before: forbidden}}, looks: 2, err: "0112"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				f.next["ShowNotebook"] = append(test.next, repeat(fault{before: refuse("6309")}, test.absent)...)
				began := time.Now()
				nb, err := f.instance().Refresh(f.limited(t, 5*time.Minute), always(test.justCreated), test.enough)
				if test.err == "" && (err != nil || nb.Status != test.status) || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
					t.Errorf("got %+v, %v", nb, err)
				}
				if n := f.count("ShowNotebook"); test.looks != 0 && n != test.looks || test.looks == 0 && n < 15 {
					t.Errorf("%d looks", n)
				}
				if took := time.Since(began); took > 35*time.Second {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

// A Refresh before has confirmed the absence and returned it.
func TestRefreshConfirmsAnAbsenceOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		i := f.instance()
		i.Reader = returnedReader{f}
		nb, err := i.Refresh(f.limited(t, time.Minute), always(true), func(*modelarts.Notebook) bool { return true })
		if err != nil || nb.Status != deleted || len(f.log) != 0 {
			t.Errorf("got %+v, %v after %d calls", nb, err, len(f.log))
		}
	})
}

// returnedReader answers what a Refresh has returned.
type returnedReader struct{ *fake }

func (returnedReader) Read(context.Context, string) (modelarts.Look, error) {
	return modelarts.Look{Notebook: &modelarts.Notebook{Status: deleted}}, nil
}

// An entry of a list never ends a wait.
func TestAListEndsNoWait(t *testing.T) {
	for name, test := range map[string]struct {
		status modelarts.Status
		to     transition
		shows  modelarts.Status // what the list shows in place of the status; empty: that
		limit  time.Duration
		want   modelarts.Status
		err    string
	}{
		"settled":                        {status: running, to: toSettled, want: running},
		"pending before":                 {status: modelarts.StatusCreating, to: toSettled, want: running},
		"at a pending status":            {status: modelarts.StatusStarting, to: settledOr(modelarts.StatusStarting), want: modelarts.StatusStarting},
		"failed in the list alone":       {status: running, to: toCreated, shows: modelarts.StatusCreateFailed, want: running},
		"stopped in the list alone":      {status: running, to: toRunning, shows: stopped, want: running},
		"running in the list alone":      {status: modelarts.StatusCreating, to: toCreated, shows: running, want: running},
		"gone in the list alone":         {status: running, to: toCreated, shows: deleted, want: running},
		"creating in the list for ever":  {status: running, to: toCreated, shows: modelarts.StatusCreating, limit: 10 * time.Second, want: running},
		"creating, and it failed":        {status: modelarts.StatusCreateFailed, to: toCreated, shows: modelarts.StatusCreating, limit: 10 * time.Second, want: modelarts.StatusCreateFailed, err: "the status is CREATE_FAILED"},
		"creating, and it is that":       {status: modelarts.StatusCreating, to: toCreated, shows: modelarts.StatusCreating, limit: 10 * time.Second, want: modelarts.StatusCreating, err: "gave up waiting"},
		"of an unknown status":           {status: running, to: toCreated, shows: "NEW", limit: 10 * time.Second, want: running},
		"still running where it is gone": {status: deleted, to: toGone, shows: running, limit: 10 * time.Second, want: deleted},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &lister{fake: newFake(quick, test.status), lists: test.shows}
				i := Instance{Service: l, Reader: l, ID: "n", PollInterval: 2 * time.Second}
				nb, err := i.await(l.limited(t, cmp.Or(test.limit, time.Minute)), test.to, "")
				if nb == nil || nb.Status != test.want || (test.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %+v, %v", nb, err)
				}
				if l.shows != 1 && name != "running in the list alone" {
					t.Errorf("it was asked for by its ID %d times", l.shows)
				}
			})
		})
	}
}

func TestGrowthIsAwaited(t *testing.T) {
	for name, test := range map[string]struct {
		setUp func(*fake, *notebook)
		limit time.Duration
		took  time.Duration // at least
		err   string
	}{
		"until the disk has its size": {setUp: func(f *fake, n *notebook) {
			n.Volume = &modelarts.VolumeRes{Capacity: new(int64(10)), Status: modelarts.VolumeResizing}
			n.larger, n.grown = 20, time.Now().Add(10*time.Second)
		}, took: 10 * time.Second},
		"when only the size shows it": {setUp: func(f *fake, n *notebook) { n.larger, n.grown = 20, time.Now().Add(10*time.Second) }, took: 10 * time.Second},
		"when only the status shows it": {setUp: func(f *fake, n *notebook) {
			n.Volume = &modelarts.VolumeRes{Status: modelarts.VolumeResizing}
			n.larger, n.grown = 20, time.Now().Add(10*time.Second)
		}, took: 10 * time.Second},
		"not when nothing shows it": {setUp: func(f *fake, n *notebook) { n.Volume = nil }},
		"when a busy notebook shows nothing": {setUp: func(f *fake, n *notebook) {
			f.put(n, modelarts.StatusStarting)
			n.Volume = nil
		}, took: 15 * time.Second},
		"and says how far it came": {limit: 20 * time.Second, took: 20 * time.Second, err: "gave up waiting after 20s; the last status seen was RESIZING (the disk has 10 GB)"},
		"not of one that is gone":  {setUp: func(f *fake, n *notebook) { f.put(n, deleted) }, err: "the notebook does not exist any more"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				if test.setUp != nil {
					test.setUp(f, f.find("n"))
				}
				limit := time.Minute
				if test.limit > 0 {
					limit = test.limit
				}
				began := time.Now()
				err := f.instance().awaitVolume(f.limited(t, limit), 20)
				if (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
					t.Errorf("the error is %v, want %q", err, test.err)
				}
				if took := time.Since(began); took < test.took || took > test.took+5*time.Second {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestReasonNamesTheStepThatFailed(t *testing.T) {
	step := func(n int64, status, text string) modelarts.JobProgress {
		p := modelarts.JobProgress{Step: &n, Status: &status}
		if text != "" {
			p.Description = &text
		}
		return p
	}
	for want, nb := range map[string]*modelarts.Notebook{
		"":                             nil,
		"No node is left":              {FailReason: new("No node is left. ")},
		"step 2 of 4 failed":           {ActionProgress: []modelarts.JobProgress{step(4, "WAITING", ""), step(1, "COMPLETED", ""), step(2, "FAILED", "")}},
		"step 2 of 4 (pulling) failed": {ActionProgress: []modelarts.JobProgress{{}, step(2, "FAILED", "pulling")}},
		"step 3 of 4 (network) failed: No address is left": {
			FailReason: new("No address is left."), ActionProgress: []modelarts.JobProgress{step(3, "FAILED", "network")},
		},
	} {
		if got := reason(nb); got != want {
			t.Errorf("the reason is %q, want %q", got, want)
		}
	}
}

func TestOwedAfterAStatus(t *testing.T) {
	for _, test := range []struct {
		owed   Owed
		status modelarts.Status
		after  Owed
		next   modelarts.Status
	}{
		{OwesNothing, running, OwesNothing, ""},
		{OwesNothing, stopped, OwesNothing, ""},
		{OwesStart, running, OwesNothing, ""},
		{OwesStart, stopped, OwesStart, running},
		{OwesStart, startFailed, OwesStart, running},
		{OwesStart, modelarts.StatusStarting, OwesStart, ""},
		{OwesStart, failed, OwesStart, ""},
		{OwesStart, frozen, OwesStart, ""},
		{OwesStop, stopped, OwesNothing, ""},
		{OwesStop, running, OwesStop, stopped},
		{OwesStop, modelarts.StatusStopping, OwesStop, ""},
		{OwesStop, modelarts.StatusStarting, OwesStop, ""},
		{OwesStop, startFailed, OwesRetry, ""},
		{OwesStop, failed, OwesStop, ""},
		{OwesRetry, startFailed, OwesRetry, ""},
		{OwesRetry, modelarts.StatusStarting, OwesRetry, ""},
		{OwesRetry, stopped, OwesNothing, ""},
		{OwesRetry, running, OwesNothing, ""},
	} {
		if after, next := test.owed.After(test.status), test.owed.Next(test.status); after != test.after || next != test.next {
			t.Errorf("%q, and it is %s: owed is %q, want %q; next is %q, want %q", test.owed, test.status, after, test.after, next, test.next)
		}
	}
}

func TestLeaseInTheTermsOfTheAPI(t *testing.T) {
	for name, test := range map[string]struct {
		lease Lease
		query modelarts.StartNotebookQuery
		req   *modelarts.LeaseReq
	}{
		"nothing":  {Lease{}, modelarts.StartNotebookQuery{}, nil},
		"off":      {Lease{Off: true}, modelarts.StartNotebookQuery{Duration: new(int64(-1))}, nil},
		"type":     {Lease{Type: "IDLE"}, modelarts.StartNotebookQuery{Type: "idle"}, &modelarts.LeaseReq{Type: new("idle")}},
		"duration": {Lease{Duration: new(hour)}, modelarts.StartNotebookQuery{Duration: new(hour)}, &modelarts.LeaseReq{Duration: new(hour)}},
		"both":     {Lease{Type: "TIMING", Duration: new(hour)}, modelarts.StartNotebookQuery{Type: "timing", Duration: new(hour)}, &modelarts.LeaseReq{Type: new("timing"), Duration: new(hour)}},
	} {
		query, req := test.lease.query(), test.lease.Request()
		if query.Type != test.query.Type || value(query.Duration) != value(test.query.Duration) {
			t.Errorf("%s: the query is %+v", name, query)
		}
		if (req == nil) != (test.req == nil) || req != nil && (text(req.Type) != text(test.req.Type) || value(req.Duration) != value(test.req.Duration)) {
			t.Errorf("%s: the request is %+v", name, req)
		}
	}
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func TestLeaseIsNotShortened(t *testing.T) {
	const minutes = int64(time.Minute / time.Millisecond)
	made := int64(1_700_000_000_000)
	// shows is a notebook that was made three hours ago, and whose lease has some
	// time left by the clock of the service.
	shows := func(left int64, more ...func(*modelarts.Notebook)) *modelarts.Notebook {
		nb := &modelarts.Notebook{
			CurrentTime: new(made + 3*hour),
			Lease:       &modelarts.Lease{CreateAt: &made, Duration: new(3*hour + left), Enable: new(true), Type: new("TIMING")},
		}
		for _, change := range more {
			change(nb)
		}
		return nb
	}
	off := func(nb *modelarts.Notebook) { nb.Lease.Enable = new(false) }
	// idle is a lease that was asked for ten seconds after the notebook was made.
	idle := func(asked int64) func(*modelarts.Notebook) {
		return func(nb *modelarts.Notebook) {
			nb.Lease.Type, nb.Lease.UpdateAt, nb.Lease.Duration = new("idle"), new(made+10_000), new(10_000+asked)
		}
	}
	for name, test := range map[string]struct {
		asked    Lease
		running  *modelarts.Notebook
		switchOn bool
		want     Lease
	}{
		"no lease is known":                  {Lease{}, &modelarts.Notebook{}, false, Lease{}},
		"what is left":                       {Lease{}, shows(5 * hour), false, Lease{Type: "TIMING", Duration: new(5 * hour)}},
		"an hour at least":                   {Lease{}, shows(5 * minutes), false, Lease{Type: "TIMING", Duration: new(hour)}},
		"one that has run out":               {Lease{}, shows(-hour), false, Lease{Type: "TIMING", Duration: new(hour)}},
		"72 hours at most":                   {Lease{}, shows(100 * hour), false, Lease{Type: "TIMING", Duration: new(72 * hour)}},
		"what is asked for, if it is longer": {Lease{Type: "IDLE", Duration: new(8 * hour)}, shows(5 * hour), false, Lease{Type: "IDLE", Duration: new(8 * hour)}},
		"what is left, if it is longer":      {Lease{Type: "IDLE", Duration: new(2 * hour)}, shows(5 * hour), false, Lease{Type: "IDLE", Duration: new(5 * hour)}},
		"an idle time, all of it":            {Lease{}, shows(-2*hour, idle(8*hour)), false, Lease{Type: "idle", Duration: new(8 * hour)}},
		"an idle time, in place of an end":   {Lease{Type: "TIMING"}, shows(-2*hour, idle(8*hour)), false, Lease{Type: "TIMING", Duration: new(8 * hour)}},
		"an end, in place of an idle time":   {Lease{Type: "IDLE"}, shows(5 * hour), false, Lease{Type: "IDLE", Duration: new(5 * hour)}},
		"just as long":                       {Lease{Duration: new(5 * hour)}, shows(5 * hour), false, Lease{Type: "TIMING", Duration: new(5 * hour)}},
		"one that is off stays off":          {Lease{}, shows(5*hour, off), false, Lease{Off: true}},
		"whatever is asked for":              {Lease{Type: "IDLE", Duration: new(2 * hour)}, shows(5*hour, off), false, Lease{Off: true}},
		"unless it is switched on":           {Lease{}, shows(5*hour, off), true, Lease{Type: "TIMING", Duration: new(hour)}},
		"switched on for some time":          {Lease{Duration: new(2 * hour)}, shows(5*hour, off), true, Lease{Type: "TIMING", Duration: new(2 * hour)}},
		"nothing says that it is on":         {Lease{}, shows(5*hour, func(nb *modelarts.Notebook) { nb.Lease.Enable = nil }), false, Lease{Type: "TIMING", Duration: new(5 * hour)}},
		"without a type":                     {Lease{}, shows(5*hour, func(nb *modelarts.Notebook) { nb.Lease.Type = nil }), false, Lease{Duration: new(5 * hour)}},
		"without a duration":                 {Lease{}, shows(5*hour, func(nb *modelarts.Notebook) { nb.Lease.Duration = nil }), false, Lease{Type: "TIMING", Duration: new(hour)}},
		"without a beginning":                {Lease{}, shows(5*hour, func(nb *modelarts.Notebook) { nb.Lease.CreateAt = nil }), false, Lease{Type: "TIMING", Duration: new(hour)}},
	} {
		t.Run(name, func(t *testing.T) {
			got := test.asked.notShortened(test.running, test.switchOn)
			if got.Off != test.want.Off || got.Type != test.want.Type || value(got.Duration) != value(test.want.Duration) {
				t.Errorf("it is %v %s %d, want %v %s %d", got.Off, got.Type, value(got.Duration), test.want.Off, test.want.Type, value(test.want.Duration))
			}
		})
	}
}

// Without the clock of the service the own one serves.
func TestLeaseIsNotShortenedByTheOwnClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nb := &modelarts.Notebook{Lease: &modelarts.Lease{CreateAt: new(time.Now().Add(-time.Hour).UnixMilli()), Duration: new(4 * hour)}}
		if got := (Lease{}).notShortened(nb, false); value(got.Duration) != 3*hour {
			t.Errorf("it is %d", value(got.Duration))
		}
	})
}

func always(justCreated bool) func() bool { return func() bool { return justCreated } }
