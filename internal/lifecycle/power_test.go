package lifecycle

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// powerTest is a start, a stop or a delete of a notebook in a status.
type powerTest struct {
	status      modelarts.Status
	options     func(*options)
	next        map[string][]fault
	always      func(op string) *fault
	justCreated bool
	limit       time.Duration
	calls       string
	final       modelarts.Status // of the notebook
	shown       modelarts.Status // to the caller; empty: nothing
	err         string           // a part of it
	took        time.Duration    // at least; zero: less than a minute
}

func (test *powerTest) run(t *testing.T, act func(context.Context, *fake) (*modelarts.Notebook, error)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := quick
		if test.options != nil {
			test.options(&o)
		}
		f := newFake(o, test.status)
		if test.next != nil {
			f.next = test.next
		}
		f.always = test.always
		limit := 10 * time.Minute
		if test.limit > 0 {
			limit = test.limit
		}
		began := time.Now()
		nb, err := act(f.limited(t, limit), f)
		took := time.Since(began)
		if got := strings.Join(f.writes(), " | "); got != test.calls {
			t.Errorf("the calls are\n%s, want\n%s", got, test.calls)
		}
		if n := f.find("n"); n.Status != test.final {
			t.Errorf("it is %s, want %s", n.Status, test.final)
		}
		if nb == nil && test.shown != "" || nb != nil && nb.Status != test.shown {
			t.Errorf("shown is %+v, want %s", nb, test.shown)
		}
		if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("the error is %v, want %q", err, test.err)
		}
		if took < test.took || test.took == 0 && took > time.Minute {
			t.Errorf("it took %s", took)
		}
	})
}

// lags lets reads answer what was before.
func lags(lag time.Duration) func(op string) *fault {
	return func(op string) *fault {
		if op != "ShowNotebook" {
			return nil
		}
		return &fault{lag: lag}
	}
}

func TestStartBringsTheNotebookUp(t *testing.T) {
	starts := func(ctx context.Context, f *fake) (*modelarts.Notebook, error) {
		before, err := f.instance().Show(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return f.instance().Start(ctx, Lease{Type: "IDLE", Duration: new(hour)}, before)
	}
	const start = "start 3600000 idle"
	for name, test := range map[string]powerTest{
		"of a stopped one":         {status: stopped, calls: start, final: running, shown: running},
		"of a running one":         {status: running, calls: start + ": 6357", final: running, shown: running},
		"of one that starts":       {status: modelarts.StatusStarting, calls: start + ": 6357", final: running, shown: running},
		"of one that stops":        {status: modelarts.StatusStopping, calls: start + ": 6357 | " + start, final: running, shown: running},
		"of one that is saved":     {status: modelarts.StatusSnapshotting, calls: start + ": 6357", final: running, shown: running},
		"of one whose start fails": {status: stopped, options: func(o *options) { o.startsThatFail = 1 }, calls: start, final: startFailed, shown: startFailed, err: "the status is START_FAILED: No node is left"},
		"of a failed one":          {status: failed, calls: start + ": 6357", final: failed, err: "the status is ERROR"},
		"of a frozen one":          {status: frozen, calls: start + ": 6357", final: frozen, err: "the status is FROZEN"},
		"of one that is gone":      {status: deleted, calls: start + ": 6309", final: deleted, err: "6309"},
		"of one that is deleted":   {status: modelarts.StatusDeleting, calls: start + ": 6357", final: deleted, err: "the status is DELETED"},
		"whose answer is lost": {
			status: stopped, next: map[string][]fault{"StartNotebook": {{after: noAnswer}}}, calls: start + ": no answer | " + start + ": 6357", final: running, shown: running,
		},
		"of one that is busy": {
			status: stopped, next: map[string][]fault{"StartNotebook": {{before: refuse("6357")}, {before: refuse("6333")}, {before: refuse("6308")}}},
			calls: start + ": 6357 | " + start + ": 6333 | " + start + ": 6308 | " + start, final: running, shown: running,
		},
		"of one that stays busy": {
			status: stopped, always: func(op string) *fault {
				if op == "StartNotebook" {
					return &fault{before: refuse("6357")}
				}
				return nil
			}, limit: 9 * time.Second, calls: start + ": 6357 | " + start + ": 6357 | " + start + ": 6357", final: stopped, err: "deadline",
		},
		"while answers lag":          {status: stopped, always: lags(5 * time.Second), calls: start, final: running, shown: running},
		"while answers lag for long": {status: stopped, always: lags(20 * time.Second), calls: start, final: running, shown: running},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t, starts)
		})
	}
}

// RUNNING with the token from before is older than the start: it would hide that
// the start fails.
func TestStartBelievesNoAnswerWithTheOldToken(t *testing.T) {
	for name, test := range map[string]struct {
		options func(*options)
		stale   time.Duration
		err     string
		looks   int // at most
	}{
		"the start fails":            {options: func(o *options) { o.startsThatFail = 1 }, stale: 25 * time.Second, err: "START_FAILED", looks: 20},
		"the start fails, no tokens": {options: func(o *options) { o.startsThatFail, o.noToken = 1, true }, stale: 25 * time.Second, looks: 2}, // nothing tells
		"the token never changes":    {stale: time.Hour, looks: 12},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := quick
				o.start = 2 * time.Second
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, running)
				before, err := f.instance().Show(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				n := f.find("n")
				f.put(n, stopped)
				began := time.Now()
				f.always = func(op string) *fault {
					if op != "ShowNotebook" || time.Since(began) > test.stale {
						return nil
					}
					// What was long ago: running, with the first token.
					return &fault{lag: time.Hour}
				}
				before.Status = stopped
				_, err = f.instance().Start(f.limited(t, 10*time.Minute), Lease{}, before)
				if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("the error is %v, want %q", err, test.err)
				}
				if looks := f.count("ShowNotebook"); looks > test.looks {
					t.Errorf("%d looks", looks)
				}
			})
		})
	}
}

func TestStopEndsStopped(t *testing.T) {
	stops := func(ctx context.Context, f *fake) (*modelarts.Notebook, error) { return f.instance().Stop(ctx) }
	for name, test := range map[string]powerTest{
		"of a running one":        {status: running, calls: "stop", final: stopped, shown: stopped},
		"of a stopped one":        {status: stopped, calls: "stop: 6357", final: stopped, shown: stopped},
		"of one that stops":       {status: modelarts.StatusStopping, calls: "stop: 6357", final: stopped, shown: stopped},
		"of one that starts":      {status: modelarts.StatusStarting, calls: "stop: 6357 | stop", final: stopped, shown: stopped},
		"of one that is created":  {status: modelarts.StatusCreating, calls: "stop: 6357 | stop", final: stopped, shown: stopped},
		"of one that is saved":    {status: modelarts.StatusSnapshotting, calls: "stop: 6357 | stop", final: stopped, shown: stopped},
		"of a failed one":         {status: startFailed, calls: "stop: 6357", final: startFailed, err: "the status is START_FAILED"},
		"of a frozen one":         {status: frozen, calls: "stop: 6357", final: frozen, err: "the status is FROZEN"},
		"of one that is gone":     {status: deleted, calls: "stop: 6309", final: deleted, err: "6309"},
		"of one whose stop fails": {status: running, options: func(o *options) { o.stopsThatFail = 1 }, calls: "stop", final: failed, shown: failed, err: "the status is ERROR: The node does not answer"},
		"that is refused":         {status: running, next: map[string][]fault{"StopNotebook": {{before: forbidden}}}, calls: "stop: 0112", final: running, err: "0112"},
		"whose answer is lost":    {status: running, next: map[string][]fault{"StopNotebook": {{after: noAnswer}}}, calls: "stop: no answer | stop: 6357", final: stopped, shown: stopped},
		"while answers lag":       {status: running, always: lags(20 * time.Second), calls: "stop", final: stopped, shown: stopped},
		"that nothing comes of": {
			status: running, options: func(o *options) { o.stop = time.Hour }, always: lags(time.Hour), calls: "stop",
			final: modelarts.StatusStopping, shown: running, err: "the status is RUNNING", took: 28 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t, stops)
		})
	}
}

func TestDeleteEndsWhenTheNotebookIsGone(t *testing.T) {
	gone := func(shown bool) func(*options) { return func(o *options) { o.goneIsShown = shown } }
	for name, test := range map[string]powerTest{
		"of a running one":               {status: running, calls: "delete", final: deleted},
		"of a stopped one":               {status: stopped, options: gone(true), calls: "delete", final: deleted},
		"of a failed one":                {status: modelarts.StatusCreateFailed, calls: "delete", final: deleted},
		"of one that must be stopped":    {status: running, options: func(o *options) { o.deleteStoppedOnly = true }, calls: "delete: 6304 | stop | delete", final: deleted},
		"of one that cannot be stopped":  {status: running, options: func(o *options) { o.deleteStoppedOnly, o.stopsThatFail = true, 1 }, calls: "delete: 6304 | stop", final: failed, err: "the status is ERROR"},
		"of one that is created":         {status: modelarts.StatusCreating, calls: "delete: 6357 | delete", final: deleted},
		"of one that stops":              {status: modelarts.StatusStopping, calls: "delete: 6357 | delete", final: deleted},
		"of one that is deleted already": {status: modelarts.StatusDeleting, calls: "delete: 6357", final: deleted},
		"of one that is gone":            {status: deleted, calls: "delete: 6309", final: deleted},
		"of one that is gone, in other words": {
			status: deleted, options: func(o *options) { o.goneIsConflict = true }, calls: "delete: 6357", final: deleted,
		},
		"of a justCreated one that is gone": {status: deleted, justCreated: true, calls: "delete: 6309", final: deleted, took: 28 * time.Second},
		"of a justCreated one that another node does not have": {
			status: running, justCreated: true, next: map[string][]fault{
				"DeleteNotebook": {{before: refuse("6309")}}, "ShowNotebook": repeat(fault{before: refuse("6309")}, 4),
			}, calls: "delete: 6309 | delete", final: deleted,
		},
		"of an old one that another node does not have": {
			status: running, next: map[string][]fault{"DeleteNotebook": {{before: refuse("6309")}}}, calls: "delete: 6309 | delete", final: deleted,
		},
		"whose answer is lost":  {status: running, next: map[string][]fault{"DeleteNotebook": {{after: noAnswer}}}, calls: "delete: no answer | delete: 6357", final: deleted},
		"that is refused":       {status: running, next: map[string][]fault{"DeleteNotebook": {{before: forbidden}}}, calls: "delete: 0112", final: running, err: "0112"},
		"of one that is busy":   {status: running, next: map[string][]fault{"DeleteNotebook": {{before: refuse("6357")}}}, calls: "delete: 6357 | delete", final: deleted},
		"that fails":            {status: running, options: func(o *options) { o.deleteFails = true }, calls: "delete", final: modelarts.StatusDeleteFailed, err: "the status is DELETE_FAILED: The disk is in use", took: 30 * time.Second},
		"after one that failed": {status: modelarts.StatusDeleteFailed, always: lags(10 * time.Second), calls: "delete", final: deleted},
		"while answers lag":     {status: running, always: lags(20 * time.Second), calls: "delete", final: deleted},
		"of one that is gone, while looks are refused": {
			status: deleted, next: map[string][]fault{"ShowNotebook": {{before: forbidden}}}, calls: "delete: 6309", final: deleted, err: "0112",
		},
		"that does not end": {status: running, options: func(o *options) { o.remove = time.Hour }, limit: time.Minute, calls: "delete", final: modelarts.StatusDeleting, err: "the last status seen was DELETING"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t, func(ctx context.Context, f *fake) (*modelarts.Notebook, error) {
				err := f.instance().Delete(ctx, always(test.justCreated))
				if lists := f.count("ListNotebooks"); lists > 0 {
					t.Errorf("%d lists were asked for", lists)
				}
				return nil, err
			})
		})
	}
}

// A service that answers 6357 for a notebook that is gone has the same word for one
// that is busy: only what lasts after a delete of one's own, and is in no list any
// more, is gone.
func TestDeleteTakesNoBusyNotebookForGone(t *testing.T) {
	gone := func(o *options) { o.goneIsConflict, o.goneReadsConflict = true, true }
	never := func(o *options) { o.remove = time.Hour }
	// during lets looks meet a fault for a time, and what is given for an operation.
	during := func(limit time.Duration, looks fault, others map[string]fault) func(op string) *fault {
		var began time.Time
		return func(op string) *fault {
			if began.IsZero() {
				began = time.Now()
			}
			if trouble, there := others[op]; there {
				return &trouble
			}
			if op != "ShowNotebook" || time.Since(began) > limit {
				return nil
			}
			return &looks
		}
	}
	busy := fault{before: refuse("6357")}
	failing := func(after time.Duration) func(op string) *fault {
		return during(time.Hour, busy, map[string]fault{"ListNotebooks": {takes: after, before: forbidden}})
	}
	alternates := func() func(op string) *fault {
		looks, lagging := 0, during(time.Minute, fault{lag: time.Hour}, nil)
		return func(op string) *fault {
			if op == "ShowNotebook" {
				looks++
			}
			if trouble := lagging(op); trouble == nil || looks%2 == 0 {
				return trouble
			}
			return &busy
		}
	}
	for name, test := range map[string]struct {
		powerTest
		workspace string
		feature   string
		to        time.Duration // how long it takes at most
	}{
		"one that is gone": {powerTest: powerTest{status: running, options: gone, calls: "delete", final: deleted, took: staleFor}, to: staleFor + 15*time.Second},
		"one that had to be stopped": {powerTest: powerTest{
			status: running, options: func(o *options) { gone(o); o.deleteStoppedOnly = true }, calls: "delete: 6304 | stop | delete", final: deleted, took: staleFor,
		}, to: staleFor + 30*time.Second},
		"one whose delete lost its answer": {powerTest: powerTest{
			status: running, options: func(o *options) { gone(o); o.remove = 0 }, next: map[string][]fault{"DeleteNotebook": {{after: noAnswer}}},
			calls: "delete: no answer | delete: 6357", final: deleted, took: staleFor,
		}, to: staleFor + 15*time.Second},
		"one in another workspace": {powerTest: powerTest{status: running, options: gone, calls: "delete", final: deleted, took: staleFor}, workspace: "w", to: staleFor + 15*time.Second},
		"one that fails to be deleted": {powerTest: powerTest{
			status: running, options: func(o *options) { o.deleteFails = true }, always: during(25*time.Second, busy, nil), calls: "delete",
			final: modelarts.StatusDeleteFailed, err: "DELETE_FAILED", took: 25 * time.Second,
		}, to: 2 * time.Minute},
		"one that is shown now and then": {powerTest: powerTest{
			status: running, options: gone, always: alternates(), calls: "delete", final: deleted, took: time.Minute + 20*time.Second,
		}, to: 2 * time.Minute},
		"one that the list shows": {powerTest: powerTest{
			status: running, options: never, always: during(time.Hour, busy, nil), limit: 5 * time.Minute, calls: "delete",
			final: modelarts.StatusDeleting, err: "6357", took: 5 * time.Minute,
		}, to: 5 * time.Minute},
		"one that the list of its workspace shows": {powerTest: powerTest{
			status: running, options: never, always: during(time.Hour, busy, nil), limit: 5 * time.Minute, calls: "delete",
			final: modelarts.StatusDeleting, err: "6357", took: 5 * time.Minute,
		}, workspace: "w", to: 5 * time.Minute},
		"one that the list of its feature shows": {powerTest: powerTest{
			status: running, options: never, always: during(time.Hour, busy, nil), limit: 5 * time.Minute, calls: "delete",
			final: modelarts.StatusDeleting, err: "6357", took: 5 * time.Minute,
		}, feature: "DEFAULT", to: 5 * time.Minute},
		"one that no list can be asked for": {powerTest: powerTest{
			status: running, options: never, always: failing(0), calls: "delete", final: modelarts.StatusDeleting, err: "0112", took: staleFor,
		}, to: staleFor + 15*time.Second},
		"one whose list fails for now": {powerTest: powerTest{
			status: running, options: gone, next: map[string][]fault{"ListNotebooks": {{before: noAnswer}, {before: internalError}, {before: throttled}}},
			calls: "delete", final: deleted, took: staleFor,
		}, to: staleFor + 40*time.Second},
		"one whose delete was refused": {powerTest: powerTest{
			status: running, always: during(time.Hour, busy, map[string]fault{"DeleteNotebook": busy}), calls: "delete: 6357", final: running, err: "6357",
		}, to: 15 * time.Second},
		"one that is gone by somebody else's hand": {powerTest: powerTest{status: deleted, options: gone, calls: "delete: 6357", final: deleted, err: "6357"}, to: 15 * time.Second},
		"one whose delete was not sent": {powerTest: powerTest{
			status: running, next: map[string][]fault{"DeleteNotebook": {{before: notSent}, busy}}, always: during(time.Hour, busy, nil),
			calls: "delete: no answer | delete: 6357", final: running, err: "6357",
		}, to: 15 * time.Second},
		"one whose delete was lost, and that is busy": {powerTest: powerTest{
			status: running, next: map[string][]fault{"DeleteNotebook": {{before: noAnswer}, busy}}, always: during(time.Hour, busy, nil), limit: 5 * time.Minute,
			calls: "delete: no answer | delete: 6357", final: running, err: "6357", took: 5 * time.Minute,
		}, to: 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.run(t, func(ctx context.Context, f *fake) (*modelarts.Notebook, error) {
				i := f.instance()
				if test.workspace != "" {
					i.Workspace, f.find("n").WorkspaceID = test.workspace, &test.workspace
				}
				if test.feature != "" {
					f.find("n").Feature = &test.feature
				}
				began := time.Now()
				err := i.Delete(ctx, nil)
				if took := time.Since(began); took > test.to {
					t.Errorf("it took %s, want at most %s", took, test.to)
				}
				return nil, err
			})
		})
	}
}

func TestStartStopAndDeleteEndWithTheContext(t *testing.T) {
	acts := map[string]func(context.Context, *fake) error{
		"start": func(ctx context.Context, f *fake) error {
			_, err := f.instance().Start(ctx, Lease{}, &modelarts.Notebook{Status: stopped})
			return err
		},
		"stop": func(ctx context.Context, f *fake) error {
			_, err := f.instance().Stop(ctx)
			return err
		},
		"delete": func(ctx context.Context, f *fake) error { return f.instance().Delete(ctx, always(true)) },
	}
	for name, act := range acts {
		for _, status := range allStatuses {
			for n := 1; n < 8; n++ {
				synctest.Test(t, func(t *testing.T) {
					f := newFake(quick, status)
					f.faults[n] = fault{cancelAfter: true}
					ctx := f.limited(t, 5*time.Minute)
					began := time.Now()
					err := act(ctx, f)
					if cancelled := len(f.log) >= n && n > 0; cancelled && err == nil && ctx.Err() != nil && f.log[len(f.log)-1].code != "" {
						t.Errorf("%s of %s, cancelled at call %d: no error", name, status, n)
					}
					if errors.Is(err, context.Canceled) && time.Since(began) > time.Minute {
						t.Errorf("%s of %s, cancelled at call %d: took %s", name, status, n, time.Since(began))
					}
				})
			}
		}
	}
}
