package lifecycle

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// What is owed ends with an answer that is known to be newer: it is late enough, or
// its token tells. The note is of an update that saw the token "old" before, and its
// own start with "new".
func TestOwedEndsWithANewerAnswer(t *testing.T) {
	const young, aged = 29 * time.Second, 31 * time.Second
	noted := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	tokens := &Noted{At: noted, Old: []string{mark(new("old"))}, Started: mark(new("new"))}
	for _, test := range []struct {
		owed   Owed
		status modelarts.Status
		token  string
		age    time.Duration
		noted  *Noted // nil: tokens
		want   Owed
	}{
		{OwesStart, running, "old", young, nil, OwesStart},
		{OwesStart, running, "", young, nil, OwesStart},
		{OwesStart, running, "other", young, nil, OwesNothing},
		{OwesStart, running, "new", young, nil, OwesNothing},
		{OwesStart, running, "old", aged, nil, OwesNothing},
		{OwesStart, running, "", aged, nil, OwesNothing},
		{OwesStart, running, "old", -time.Second, nil, OwesStart},
		{OwesStart, running, "old", -time.Hour, nil, OwesNothing}, // a clock that was wrong
		{OwesStart, running, "other", young, &Noted{At: noted}, OwesStart},
		{OwesStart, running, "old", young, &Noted{}, OwesNothing}, // of an older version
		{OwesStart, stopped, "old", young, nil, OwesStart},
		{OwesStart, startFailed, "old", aged, nil, OwesStart},
		{OwesStop, stopped, "old", young, nil, OwesStop},
		{OwesStop, stopped, "", young, nil, OwesStop},
		{OwesStop, stopped, "new", young, nil, OwesNothing},
		{OwesStop, stopped, "old", aged, nil, OwesNothing},
		{OwesStop, stopped, "new", young, &Noted{At: noted}, OwesStop},
		{OwesStop, stopped, "new", young, &Noted{}, OwesNothing},
		{OwesStop, startFailed, "old", young, nil, OwesStop},
		{OwesStop, startFailed, "old", aged, nil, OwesRetry},
		{OwesStop, running, "new", young, nil, OwesStop},
		{OwesRetry, stopped, "old", young, nil, OwesRetry},
		{OwesRetry, stopped, "old", aged, nil, OwesNothing},
		{OwesRetry, running, "old", young, nil, OwesRetry},
		{OwesRetry, running, "other", young, nil, OwesNothing},
		{OwesRetry, startFailed, "old", aged, nil, OwesRetry},
		{OwesNothing, running, "old", young, nil, OwesNothing},
	} {
		n := test.noted
		if n == nil {
			n = tokens
		}
		nb := &modelarts.Notebook{Status: test.status}
		if test.token != "" {
			nb.Token = &test.token
		}
		if got := n.After(test.owed, nb, noted.Add(test.age)); got != test.want {
			t.Errorf("%q, and %s later it is %s with the token %q: %q, want %q", test.owed, test.age, test.status, test.token, got, test.want)
		}
	}
}

// An answer from before a failed update does not settle what that update left: the
// next one starts or stops the notebook all the same.
func TestNextUpdateDoubtsAnAnswerFromBefore(t *testing.T) {
	for name, test := range map[string]struct {
		status modelarts.Status
		setup  func(*fake)
		wish   Wish
		owed   Owed
	}{
		"a start": {running, func(f *fake) { f.next["StartNotebook"] = repeat(fault{before: forbidden}, 2) }, wish(reflavor, kept, consent), OwesStart},
		"a stop": {stopped, func(f *fake) {
			f.growRefusedStopped = true
			f.next["StopNotebook"] = repeat(fault{before: forbidden}, 2)
		}, wish(growth, kept), OwesStop},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, test.status)
				test.setup(f)
				out := f.instance().Update(f.limited(t, patience), test.wish)
				if out.Err == nil || out.Owed != test.owed {
					t.Fatalf("%q is owed after %q: %v", out.Owed, f.writes(), out.Err)
				}
				text, err := json.Marshal(out.Noted)
				if err != nil {
					t.Fatal(err)
				}
				var noted Noted
				if err := json.Unmarshal(text, &noted); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Second)
				looks := 0
				f.always = func(op string) *fault {
					if op != "ShowNotebook" {
						return nil
					}
					looks++
					if looks > 2 {
						return nil
					}
					return &fault{lag: time.Minute}
				}
				next := wish(kept, owed(out.Owed), ends(test.status))
				next.Noted = noted
				out = f.instance().Update(f.limited(t, patience), next)
				if n := f.rest(); out.Err != nil || n.Status != test.status {
					t.Errorf("it is %s after %q: %v", n.Status, f.writes(), out.Err)
				}
			})
		})
	}
}

// An update whose time is up while only such answers come says so.
func TestUpdateSaysThatItWaitedForANewerAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		next := wish(kept, owed(OwesStart), ends(running))
		next.Noted = Noted{At: time.Now()}
		out := f.instance().Update(f.limited(t, 12*time.Second), next)
		const want = "the notebook is RUNNING, which may be from before the last start or stop, and the wait for a newer answer has ended"
		if out.Err == nil || !strings.HasPrefix(out.Err.Error(), want) || !errors.Is(out.Err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %s", out.Err, want)
		}
	})
}

// The answer after an update is no older than the start or the stop that the update
// has seen, however late the service shows it.
func TestShownIsNotOlderThanWhatWasSeen(t *testing.T) {
	for name, test := range map[string]struct {
		status modelarts.Status
		wish   Wish
		token  string
		lasts  int // how many looks at the end show what was before
	}{
		"a restart, two looks":  {running, wish(reflavor, kept, consent), "token 2", 2},
		"a restart, all looks":  {running, wish(reflavor, kept, consent), "token 2", 1000},
		"a start, all looks":    {stopped, wish(kept, ends(running)), "token 2", 1000},
		"a stop, all looks":     {running, wish(ends(stopped)), "token 1", 1000},
		"unreadable afterwards": {running, wish(reflavor, kept, consent), "token 2", -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, test.status)
				want := test.status
				if test.wish.Final != "" {
					want = test.wish.Final
				}
				looks, over := 0, false
				f.always = func(op string) *fault {
					n := f.find("n")
					// The update has seen its end in the answer before.
					if op != "ShowNotebook" || n.Status != want || len(f.writes()) == 0 {
						return nil
					}
					if !over {
						over = true
						return nil
					}
					looks++
					switch {
					case test.lasts < 0:
						return &fault{before: forbidden}
					case looks <= test.lasts:
						return &fault{lag: time.Hour}
					default:
						return nil
					}
				}
				out := f.instance().Update(f.limited(t, patience), test.wish)
				switch {
				case out.Err != nil || out.Shown == nil:
					t.Errorf("shown is %+v: %v", out.Shown, out.Err)
				case out.Shown.Status != want || *out.Shown.Token != test.token:
					t.Errorf("shown is %s with %s, want %s with %s", out.Shown.Status, *out.Shown.Token, want, test.token)
				case (out.ReadErr != nil) != (test.lasts < 0 || test.lasts > 100):
					t.Errorf("read: %v", out.ReadErr)
				}
			})
		})
	}
}

// A start that is under way is not done by an answer from before the stop.
func TestStartUnderWayIsNotDoneByAnAnswerFromBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, running)
		f.next["StartNotebook"] = []fault{{cancelAfter: true}}
		looks := 0
		f.always = func(op string) *fault {
			if op != "ShowNotebook" || f.count("StartNotebook") == 0 {
				return nil
			}
			looks++
			if looks > 3 {
				return nil
			}
			return &fault{lag: time.Hour}
		}
		out := f.instance().Update(f.limited(t, patience), wish(reflavor, kept, consent))
		if out.Owed != OwesStart || out.Shown == nil || out.Shown.Status != modelarts.StatusStarting {
			t.Errorf("%q is owed, shown is %+v after %q: %v", out.Owed, out.Shown, f.writes(), out.Err)
		}
	})
}

// An update that was cut while every answer is from before its stop or start still owes
// the way back.
func TestOnlyOldAnswersKeepWhatIsOwed(t *testing.T) {
	for name, test := range map[string]struct {
		status modelarts.Status
		cut    string
		wish   Wish
		owed   Owed
	}{
		"a start": {running, "StopNotebook", wish(reflavor, kept, consent), OwesStart},
		"a stop":  {stopped, "StartNotebook", wish(growth, kept), OwesStop},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, test.status)
				f.growRefusedStopped = true
				f.next[test.cut] = []fault{{cancelAfter: true}}
				f.always = func(op string) *fault {
					if op != "ShowNotebook" || f.count(test.cut) == 0 {
						return nil
					}
					return &fault{lag: time.Hour}
				}
				out := f.instance().Update(f.limited(t, patience), test.wish)
				if out.Err == nil || out.Owed != test.owed || out.Shown == nil || out.Shown.Status != test.status {
					t.Errorf("%q is owed, shown is %+v after %q: %v", out.Owed, out.Shown, f.writes(), out.Err)
				}
			})
		})
	}
}
