package lifecycle

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Each test here runs updates of one notebook to which something happens, and
// looks at what is true in the end, whatever it was.

var (
	seedFlag  = flag.Uint64("lifecycle.seed", 0, "run the one random schedule of this seed")
	scheduled = flag.Uint64("lifecycle.schedules", 4000, "how many random schedules to run")
)

// allStatuses are all that a notebook can have, and one that is not known.
var allStatuses = []modelarts.Status{
	modelarts.StatusInit, modelarts.StatusCreating, modelarts.StatusCreateFailed, modelarts.StatusStarting, startFailed, running,
	modelarts.StatusSnapshotting, modelarts.StatusStopping, stopped, modelarts.StatusDeleting, modelarts.StatusDeleteFailed, deleted,
	failed, frozen, "HIBERNATING",
}

// patience is the deadline of the updates here. What is done after it takes a
// time of its own: restoring, and the last look.
const patience = 10 * time.Minute

// lead runs an update and returns what is wrong with it.
func lead(t *testing.T, f *fake, w Wish) (out Outcome, wrong []string) {
	t.Helper()
	began := time.Now()
	out = f.instance().Update(f.limited(t, patience), w)
	if took := time.Since(began); took > patience+restoring+afterCancel+time.Minute {
		wrong = append(wrong, fmt.Sprintf("it took %s", took))
	}
	f.rest()
	wrong = append(wrong, check(f, w, &out)...)
	return out, wrong
}

// report fails a test with the whole story.
func (f *fake) report(t *testing.T, name string, w Wish, out *Outcome, wrong []string) {
	t.Helper()
	if len(wrong) == 0 {
		return
	}
	var calls []string
	for n, call := range f.log {
		if n == 0 || n == len(f.log)-1 || !sameLook(call, f.log[n-1]) || !sameLook(call, f.log[n+1]) {
			calls = append(calls, fmt.Sprintf("%d %s %s %s %s: %s", n+1, call.at.Format("04:05.00"), call.op, call.what, call.code, call.status))
		}
	}
	t.Errorf("%s: %s\nwish: %s\noptions: %+v\nbefore: %s, jumps: %s, now: %s\noutcome: %q, owed %q, %v\n%s", name, strings.Join(wrong, "; "),
		describeWish(w), f.options, f.before, f.jumps, f.find("n").Status, out.Applied, out.Owed, out.Err, strings.Join(calls, "\n"))
}

func describeWish(w Wish) string {
	var names []string
	for _, change := range w.Changes {
		names = append(names, change.Argument)
	}
	return fmt.Sprintf("%s, growth %v, tags %v, lease %+v, final %q, consent %v, owed %q", names, w.Growth, w.Tags.Arguments, w.Lease, w.Final, w.MayStop, w.Owed)
}

// situations are updates that between them make every kind of call.
var situations = map[string]struct {
	status  modelarts.Status
	options func(*options)
	wish    Wish
}{
	"all of a running one": {status: running, wish: wish(rename, reflavor, growth, retag, lease8h, consent)},
	"all of a running one, refused first": {
		status: running, options: func(o *options) { o.anyRefusedRunning, o.growRefusedRunning = true, true },
		wish: wish(rename, growth, retag, lease8h, consent),
	},
	"all of a stopped one": {status: stopped, wish: wish(rename, reflavor, growth, retag, lease8h)},
	"all of a stopped one, refused first": {
		status: stopped, options: func(o *options) { o.anyRefusedStopped, o.growRefusedStopped = true, true },
		wish: wish(rename, growth, kept),
	},
	"all without consent":  {status: running, wish: wish(rename, reflavor, growth, lease8h)},
	"a stop":               {status: running, wish: wish(rename, ends(stopped))},
	"a start":              {status: stopped, wish: wish(reflavor, lease8h, ends(running))},
	"a lease switched off": {status: running, wish: wish(leaseOff, consent)},
	"after a failed start": {
		status: startFailed, options: func(o *options) { o.startFailedTaken = true },
		wish: wish(reflavor, growth, ends(running), consent),
	},
	"after a start that failed for a change": {
		status: startFailed, options: func(o *options) { o.startFailedTaken, o.anyRefusedStopped = true, true },
		wish: wish(rename, owed(OwesRetry)),
	},
}

// eachCall runs every situation with a fault at the n-th call, for each n but for
// the looks in a row that see the same. always is what is wrong with all other
// calls. It returns how many updates that were.
func eachCall(t *testing.T, trouble fault, always ...fault) (runs int) {
	for name, s := range situations {
		run := func(n int) (calls []logged) {
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if s.options != nil {
					s.options(&o)
				}
				f := newFake(o, s.status)
				if n > 0 {
					f.faults[n] = trouble
				}
				f.always = func(string) *fault {
					if len(always) == 0 {
						return nil
					}
					return &always[0]
				}
				out, wrong := lead(t, f, s.wish)
				calls = f.log
				f.report(t, fmt.Sprintf("%s, call %d", name, n), s.wish, &out, wrong)
			})
			return calls
		}
		calls := run(0)
		for n, call := range calls {
			if n > 0 && n < len(calls)-1 && sameLook(call, calls[n-1]) && sameLook(call, calls[n+1]) {
				continue
			}
			runs++
			run(n + 1)
			if t.Failed() {
				break
			}
		}
	}
	return runs
}

// sameLook reports whether two calls are looks that saw the same.
func sameLook(a, b logged) bool {
	return a.op == "ShowNotebook" && b.op == a.op && a.status == b.status && a.code+b.code == ""
}

func TestUpdateSurvivesEveryStatusAtEveryCall(t *testing.T) {
	var runs atomic.Int64
	t.Run("all", func(t *testing.T) {
		for _, status := range allStatuses {
			t.Run(string(status), func(t *testing.T) {
				t.Parallel()
				runs.Add(int64(eachCall(t, fault{status: status})))
			})
		}
	})
	t.Logf("%d updates", runs.Load())
}

func TestUpdateIsCancelledAtEveryCall(t *testing.T) {
	for name, trouble := range map[string]fault{
		"before":                    {cancelBefore: true},
		"after":                     {cancelAfter: true},
		"after an answer from then": {cancelAfter: true, lag: 5 * time.Second},
		"at the deadline":           {takes: patience},
		"and a start is refused":    {cancelAfter: true, after: refuse("6360")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCall(t, trouble)
		})
	}
}

// What was before must not be taken for what has become of a start or a stop: a
// notebook would be left running unseen, or left stopped.
func TestUpdateIsCancelledAtEveryCallWhileAnswersLag(t *testing.T) {
	for _, lag := range []time.Duration{2 * time.Second, 6 * time.Second, 20 * time.Second} {
		t.Run(lag.String(), func(t *testing.T) {
			t.Parallel()
			eachCall(t, fault{cancelAfter: true, lag: lag}, fault{lag: lag})
		})
	}
}

func TestUpdateMeetsEveryFaultAtEveryCall(t *testing.T) {
	for name, trouble := range map[string]fault{
		"refused":                  {before: refuse("6336")},
		"forbidden":                {before: forbidden},
		"a conflict":               {before: refuse("6357")},
		"not ready":                {before: refuse("6355")},
		"throttled":                {before: throttled},
		"an internal error before": {before: internalError},
		"an internal error after":  {after: internalError},
		"no answer before":         {before: noAnswer},
		"no answer after":          {after: noAnswer},
		"not sent":                 {before: notSent},
		"not found":                {before: refuse("6309")},
		"an old answer":            {lag: 10 * time.Second},
		"the start fails": {then: func(f *fake, n *notebook) {
			if n.next == running {
				n.next, n.reason = startFailed, "No node is left."
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCall(t, trouble)
		})
	}
}

// One answer that there is no notebook, while a start or a stop is waited for, changes nothing:
// not for an update, and not for a mount, which would leave the notebook running.
func TestOneAnswerGoneEndsNoWait(t *testing.T) {
	t.Parallel()
	gone := func(f *fake) {
		waiting := false
		f.always = func(op string) *fault {
			if op == "StartNotebook" || op == "StopNotebook" || op == "UpdateNotebook" {
				waiting = true
				return nil
			}
			if wrong := waiting && op == "ShowNotebook"; wrong {
				waiting = false
				return &fault{before: refuse("6309")}
			}
			return nil
		}
	}
	t.Run("update", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(quick, running)
			gone(f)
			out := f.instance().Update(f.limited(t, time.Hour), wish(reflavor, consent))
			if status := f.rest().Status; out.Err != nil || status != running {
				t.Errorf("it is %s: %v", status, out.Err)
			}
		})
	})
	t.Run("growth", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(quick, running)
			gone(f)
			if out := f.instance().Update(f.limited(t, time.Hour), wish(growth)); out.Err != nil {
				t.Error(out.Err)
			}
		})
	})
	t.Run("mount", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(quick, stopped)
			gone(f)
			_, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), true, lakeRequest)
			if status := f.rest().Status; err != nil || status != stopped {
				t.Errorf("it is %s: %v", status, err)
			}
		})
	})
}

// randomOptions are answers to the open questions.
func randomOptions(r *rand.Rand) options {
	o := quick
	for _, option := range []*bool{
		&o.anyRefusedRunning, &o.anyRefusedStopped, &o.stopTakenRunning, &o.growRefusedRunning, &o.growRefusedStopped,
		&o.failedTakesChanges, &o.startFailedTaken, &o.goneIsShown, &o.noToken, &o.noClock,
	} {
		*option = r.IntN(3) == 0
	}
	o.refusal = []string{"6347", "6347", "6327", "6305", "6306", "6308"}[r.IntN(6)]
	o.latency = time.Duration(1+r.IntN(300)) * time.Millisecond
	for _, d := range []*time.Duration{&o.create, &o.start, &o.stop, &o.resize, &o.remove} {
		*d = time.Duration(r.IntN(20_000)) * time.Millisecond
	}
	return o
}

func randomWish(r *rand.Rand) Wish {
	var parts []part
	for _, p := range []part{rename, describe, reflavor, reimage, growth, consent} {
		if r.IntN(2) == 0 {
			parts = append(parts, p)
		}
	}
	parts = append(parts,
		[]part{retag, settag, func(*Wish) {}}[r.IntN(3)],
		[]part{kept, lease8h, leaseOff, func(*Wish) {}}[r.IntN(4)],
		ends([]modelarts.Status{"", "", running, stopped}[r.IntN(4)]),
		owed([]Owed{OwesNothing, OwesNothing, OwesStart, OwesStop, OwesRetry}[r.IntN(5)]))
	return wish(parts...)
}

// randomFault is something that happens to a call, within what the client can
// stand: another node answers what was at most 20 s ago.
func randomFault(r *rand.Rand, op string) *fault {
	read := op == "ShowNotebook"
	errs := []func(string) error{noAnswer, internalError}
	if read {
		errs = append(errs, unreadable)
	}
	switch r.IntN(12) {
	case 0:
		return &fault{before: refuse([]string{"6336", "6357", "6355", "6360", "6101", "6347"}[r.IntN(6)])}
	case 1, 2:
		return &fault{before: errs[r.IntN(len(errs))]}
	case 3, 4:
		return &fault{after: errs[r.IntN(len(errs))]}
	case 5:
		return &fault{before: []func(string) error{throttled, notSent, forbidden}[r.IntN(3)]}
	case 6, 7:
		return &fault{lag: time.Duration(r.IntN(20_000)) * time.Millisecond}
	case 8:
		return &fault{status: allStatuses[r.IntN(len(allStatuses)-1)]}
	case 9:
		return &fault{cancelBefore: true}
	case 10:
		return &fault{cancelAfter: true, lag: time.Duration(r.IntN(20_000)) * time.Millisecond}
	default:
		return &fault{takes: time.Duration(r.IntN(90)) * time.Second}
	}
}

// schedule runs one random update. Without faults nothing but the service's
// own rules stands in its way.
func schedule(t *testing.T, seed uint64) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(seed, 0))
		status := []modelarts.Status{running, running, running, stopped, stopped, stopped, startFailed, frozen, failed, modelarts.StatusStarting, modelarts.StatusStopping}[r.IntN(11)]
		f := newFake(randomOptions(r), status)
		w := randomWish(r)
		often := []int{0, 0, 2, 10, 30}[r.IntN(5)]
		f.always = func(op string) *fault {
			if r.IntN(100) >= often {
				return nil
			}
			return randomFault(r, op)
		}
		if often == 0 && r.IntN(3) == 0 {
			f.startsThatFail = 1
		} else if often == 0 && r.IntN(4) == 0 {
			f.stopsThatFail = 1
		}
		smooth := often == 0 && f.startsThatFail+f.stopsThatFail == 0
		out, wrong := lead(t, f, w)
		most := 1
		if f.before == startFailed {
			most = 2 // it was not stopped, and may have to be
		}
		stops := most
		if w.Final == stopped && out.Err != nil {
			stops = 2 // what was started for a change that failed is stopped again
		}
		if smooth && (f.count("StopNotebook") > stops || f.count("StartNotebook") > most) {
			wrong = append(wrong, "more than one stop and one start without any fault")
		}
		if smooth && out.Err != nil && !errors.Is(out.Err, ErrNoConsent) && !errors.Is(out.Err, modelarts.ErrNotChangeable) &&
			!errors.Is(out.Err, modelarts.ErrConflict) && !errors.Is(out.Err, modelarts.ErrNotRunning) {
			wrong = append(wrong, "it failed without any fault")
		}
		if smooth && out.Err != nil && reachable(f, w) && !errors.Is(out.Err, ErrNoConsent) {
			wrong = append(wrong, "it failed although each change is taken in one of the states")
		}
		f.report(t, fmt.Sprintf("seed %d (go test -run Schedules -lifecycle.seed %d)", seed, seed), w, &out, wrong)
	})
}

// reachable reports whether the service takes each change of a wish in one of the
// states that a notebook can be brought to.
func reachable(f *fake, w Wish) bool {
	refused := w.Growth != nil && f.growRefusedRunning && f.growRefusedStopped
	for _, change := range w.Changes {
		refused = refused || change.AnyState && f.anyRefusedRunning && f.anyRefusedStopped
	}
	return !refused && (f.before == running || f.before == stopped)
}

func TestUpdateKeepsItsPromisesUnderRandomSchedules(t *testing.T) {
	if *seedFlag != 0 {
		schedule(t, *seedFlag)
		return
	}
	// The seeds of a run are new ones, so that runs add up.
	first := uint64(time.Now().UnixNano()) % 1_000_000_000 * 10_000
	const crews = 4
	for crew := range uint64(crews) {
		t.Run(fmt.Sprint("crew ", crew), func(t *testing.T) {
			t.Parallel()
			for n := range *scheduled / crews {
				schedule(t, first+crew*1_000_000+n)
				if t.Failed() {
					return
				}
			}
		})
	}
}
