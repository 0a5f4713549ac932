package lifecycle

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// The power state from before is requested also when the apply was cancelled or
// its time is up, and the outcome holds what was answered then.
func TestUpdateRestoresThePowerStateAfterACancel(t *testing.T) {
	refusedStopped := func(o *options) { o.anyRefusedStopped = true }
	for name, test := range map[string]struct {
		status  modelarts.Status
		options func(*options)
		wish    Wish
		op      string // the first call of which is cancelled
		trouble fault
		always  fault
		calls   string
		shown   modelarts.Status
		owed    Owed
		rest    modelarts.Status
	}{
		"at the change": {
			status: running, wish: wish(reflavor, kept, consent), op: "UpdateNotebook", trouble: fault{cancelAfter: true},
			calls: "stop | PUT flavor: no answer | " + again, shown: modelarts.StatusStarting, owed: OwesStart, rest: running,
		},
		"at the change, by the deadline": {
			status: running, wish: wish(reflavor, kept, consent), op: "UpdateNotebook", trouble: fault{takes: patience},
			calls: "stop | PUT flavor: no answer | " + again, shown: modelarts.StatusStarting, owed: OwesStart, rest: running,
		},
		"at the stop": {
			status: running, wish: wish(reflavor, kept, consent), op: "StopNotebook", trouble: fault{cancelAfter: true},
			calls: "stop: no answer | " + again + ": 6357 | " + again, shown: modelarts.StatusStarting, owed: OwesStart, rest: running,
		},
		"before the stop": {
			status: running, wish: wish(reflavor, kept, consent), op: "StopNotebook", trouble: fault{cancelBefore: true},
			calls: "stop: no answer", shown: running, rest: running,
		},
		"at the start": {
			status: running, wish: wish(reflavor, kept, consent), op: "StartNotebook", trouble: fault{cancelAfter: true},
			calls: "stop | PUT flavor | " + again + ": no answer | " + again + ": 6357", shown: modelarts.StatusStarting, owed: OwesStart, rest: running,
		},
		"at the start for a change": {
			status: stopped, options: refusedStopped, wish: wish(rename, kept), op: "StartNotebook", trouble: fault{cancelAfter: true},
			calls: "PUT name: 6347 | " + again + ": no answer | stop: 6357 | stop", shown: modelarts.StatusStopping, owed: OwesStop, rest: stopped,
		},
		"at the change after a start": {
			status: stopped, options: refusedStopped, wish: wish(rename, growth, kept), op: "StopNotebook", trouble: fault{cancelAfter: true},
			calls: "PUT name: 6347 | PUT disk 20 | " + again + " | PUT name | stop: no answer | stop: 6357", shown: modelarts.StatusStopping, owed: OwesStop, rest: stopped,
		},
		"at a stop, while answers lag": {
			status: running, wish: wish(reflavor, kept, consent), op: "StopNotebook", trouble: fault{cancelAfter: true}, always: fault{lag: 6 * time.Second},
			calls: "stop: no answer | " + again, shown: modelarts.StatusStopping, owed: OwesStart, rest: running,
		},
		"at a start for a change, while answers lag": {
			status: stopped, options: refusedStopped, wish: wish(rename, kept), op: "StartNotebook", trouble: fault{cancelAfter: true}, always: fault{lag: 6 * time.Second},
			calls: "PUT name: 6347 | " + again + ": no answer | stop: 6357 | stop", shown: running, owed: OwesStop, rest: stopped,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, test.status)
				f.next[test.op] = []fault{test.trouble}
				f.always = func(string) *fault { return &test.always }
				out := f.instance().Update(f.limited(t, patience), test.wish)
				if got := f.writes(); !slices.Equal(got, words(test.calls)) {
					t.Errorf("the calls are\n%s, want\n%s", strings.Join(got, " | "), test.calls)
				}
				if out.Err == nil || out.Shown == nil || out.Shown.Status != test.shown || out.Owed != test.owed {
					t.Errorf("the outcome is %+v, %q, %v; want %s, %q", out.Shown, out.Owed, out.Err, test.shown, test.owed)
				}
				if n := f.rest(); n.Status != test.rest {
					t.Errorf("it is %s, want %s", n.Status, test.rest)
				}
			})
		})
	}
}

// A request that was refused as a conflict is not done because of an answer from
// before an opposite request.
func TestRequestIsNotDoneByAnAnswerFromBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := quick
		o.anyRefusedStopped = true
		f := newFake(o, stopped)
		w := wish(rename, kept)
		f.next["StartNotebook"] = []fault{{cancelAfter: true}}
		// The look of the restore is answered as it is, the two after the refusal
		// of the stop as it was, and all others as it is.
		looks := 0
		f.always = func(op string) *fault {
			if op != "ShowNotebook" || f.count("StopNotebook") == 0 {
				return nil
			}
			looks++
			if looks > 2 {
				return nil
			}
			return &fault{lag: 10 * time.Second}
		}
		out := f.instance().Update(f.limited(t, patience), w)
		if n := f.rest(); n.Status != stopped {
			t.Errorf("it is %s, and %q is owed after %q", n.Status, out.Owed, f.writes())
		}
	})
}

// A start that restores the power state may be answered for a while as if it had
// not been requested.
func TestRestoreWaitsThroughAnswersFromBeforeItsStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		f.faults[3] = fault{before: forbidden} // the first look at the stop
		f.always = func(string) *fault {
			if f.count("StartNotebook") == 0 {
				return nil
			}
			return &fault{lag: 3 * time.Second}
		}
		out := f.instance().Update(f.limited(t, patience), wish(reflavor, kept, consent))
		if out.Err == nil || strings.Contains(out.Err.Error(), "could not be brought back") || out.Owed != OwesNothing || f.find("n").Status != running {
			t.Errorf("it is %s, %q is owed after %q: %v", f.find("n").Status, out.Owed, f.writes(), out.Err)
		}
	})
}

// RUNNING with the token of the first of two starts is older than the second.
func TestSecondStartIsToldByItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := quick
		o.startFailedTaken = true
		f := newFake(o, startFailed)
		f.next["StartNotebook"] = []fault{{}, {then: func(f *fake, _ *notebook) { f.startsThatFail = 1 }}}
		looks := 0
		f.always = func(op string) *fault {
			if f.count("StartNotebook") < 2 || op != "ShowNotebook" {
				return nil
			}
			looks++
			if looks > 2 {
				return nil
			}
			return &fault{lag: 9500 * time.Millisecond} // it ran then
		}
		out := f.instance().Update(f.limited(t, patience), wish(reflavor, kept, ends(running), consent))
		if out.Err == nil || !strings.Contains(out.Err.Error(), "START_FAILED") || f.count("StartNotebook") != 2 {
			t.Errorf("%q: %v", f.writes(), out.Err)
		}
	})
}

// A notebook that is to end stopped ends stopped, whichever change fails, and
// nothing starts it in between.
func TestUpdateEndsStoppedAlsoWhenAChangeFails(t *testing.T) {
	refused := func(op, code string) map[string][]fault { return map[string][]fault{op: {{before: refuse(code)}}} }
	for name, test := range map[string]struct {
		status  modelarts.Status
		options func(*options)
		wish    Wish
		next    map[string][]fault
		calls   string
		rest    modelarts.Status
		owed    Owed
	}{
		"a change that wants a stop": {
			status: running, wish: wish(reflavor, kept, ends(stopped)), next: refused("UpdateNotebook", "6792"), calls: "stop | PUT flavor: 6792", rest: stopped,
		},
		"a change that any state allows": {
			status: running, wish: wish(rename, kept, ends(stopped)), next: refused("UpdateNotebook", "6334"), calls: "PUT name: 6334 | stop", rest: stopped,
		},
		"a disk": {
			status: running, wish: wish(growth, kept, ends(stopped)), next: refused("UpdateNotebook", "6528"), calls: "PUT disk 20: 6528 | stop", rest: stopped,
		},
		"tags": {
			status: running, wish: wish(settag, kept, ends(stopped)), next: refused("CreateNotebookTags", "0112"), calls: "tag team: 0112 | stop", rest: stopped,
		},
		"the stop itself": {
			status: running, wish: wish(reflavor, kept, ends(stopped)), next: refused("StopNotebook", "0112"), calls: "stop: 0112", rest: running,
		},
		"a change after a start": {
			status: stopped, options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename, kept, ends(stopped)),
			next:  map[string][]fault{"UpdateNotebook": {{}, {before: refuse("6334")}}},
			calls: "PUT name: 6347 | " + again + " | PUT name: 6334 | stop", rest: stopped,
		},
		"one that was owed a start": {
			status: stopped, wish: wish(reflavor, kept, ends(stopped), owed(OwesStart)), next: refused("UpdateNotebook", "6792"), calls: "PUT flavor: 6792", rest: stopped,
		},
		"one of a stopped one": {
			status: stopped, wish: wish(reflavor, kept, ends(stopped)), next: refused("UpdateNotebook", "6792"), calls: "PUT flavor: 6792", rest: stopped,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, test.status)
				f.next = test.next
				out := f.instance().Update(f.limited(t, patience), test.wish)
				if got := f.writes(); !slices.Equal(got, words(test.calls)) {
					t.Errorf("the calls are\n%s, want\n%s", strings.Join(got, " | "), test.calls)
				}
				if out.Err == nil || out.Shown == nil || out.Shown.Status != test.rest || out.Owed != test.owed {
					t.Errorf("the outcome is %+v", out)
				}
			})
		})
	}
}
