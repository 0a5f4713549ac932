package lifecycle

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// Terraform unmounts storage that is not configured any more while it updates the notebook.
// Whichever comes first, the storage is unmounted in the end, and a notebook that was
// stopped is stopped.
func TestUnmountDuringAnUpdate(t *testing.T) {
	for _, status := range []modelarts.Status{running, stopped} {
		for name, set := range mountAnswers {
			if name == "kept" {
				continue // there the fake brings back at a start what was unmounted, too
			}
			for late := time.Duration(0); late <= 12*time.Second; late += 500 * time.Millisecond {
				t.Run(fmt.Sprint(status, " ", name, " ", late), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						o := quick
						set(&o)
						f := newFake(o, running)
						n := f.find("n")
						f.addMount(n, "id", lake, source1, modelarts.StorageMounted)
						if status == stopped {
							f.put(n, modelarts.StatusStopping)
							f.rest("n")
						}
						runs := new(Runs)
						m := Mounts{Instance: f.instance(), Runs: runs}
						ctx := f.limited(t, time.Hour)
						var errs [2]error
						var both sync.WaitGroup
						both.Go(func() {
							end, err := runs.Alone(ctx, "n")
							if err != nil {
								t.Error(err)
								return
							}
							defer end()
							errs[0] = f.instance().Update(ctx, wish(reflavor, consent)).Err
						})
						both.Go(func() {
							time.Sleep(late)
							_, errs[1] = m.Remove(ctx, Known{ID: "id", Path: lake, URI: source1}, true)
						})
						both.Wait()
						last := f.rest("n")
						left := slices.DeleteFunc(f.mounted(), func(m string) bool { return strings.HasSuffix(m, " UNMOUNTED") && o.unmountedStays })
						if errs[0] != nil || errs[1] != nil || last.Status != status || len(left)+len(last.away) > 0 {
							t.Errorf("%v, %s, mounted %q: %s", errs, last.Status, left, strings.Join(f.writes(), " | "))
						}
					})
				})
			}
		}
	}
}

// Of two resources with the same path and source one mounts the storage, and the other is
// told so, however close together they come.
func TestTheSameMountTwiceAtOnce(t *testing.T) {
	for late := time.Duration(0); late <= 2*time.Second; late += 100 * time.Millisecond {
		t.Run(late.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				f.next["AttachDynamicStorage"] = []fault{{takes: time.Second}}
				m := Mounts{Instance: f.instance(), Runs: new(Runs), Claims: new(Creates)}
				ctx := f.limited(t, time.Hour)
				var errs [2]error
				var both sync.WaitGroup
				for k := range errs {
					both.Go(func() {
						time.Sleep(time.Duration(k) * late)
						_, errs[k] = mountLife(ctx, m, false, lakeRequest)
					})
				}
				both.Wait()
				var taken *PathTakenError
				if (errs[0] == nil) == (errs[1] == nil) || !errors.As(errors.Join(errs[:]...), &taken) || !taken.Claimed {
					t.Errorf("%v: %s", errs, strings.Join(f.writes(), " | "))
				}
			})
		})
	}
}

// A mount that follows an update of the notebook does not believe an answer from before
// it: it neither starts nor stops the notebook for that, however the request it would send
// is cut. An answer that shows a later stop or start is believed at once.
func TestMountAfterAnUpdateDoubtsOldAnswers(t *testing.T) {
	opposite := map[modelarts.Status]modelarts.Status{running: stopped, stopped: running}
	for name, test := range map[string]struct {
		before, after modelarts.Status
		calls         int // of the mount, with a start and a stop where they are needed
	}{
		"it was restarted": {running, running, 1},
		"it was started":   {stopped, running, 1},
		"it was stopped":   {running, stopped, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, test.before)
				m := f.mountsOf()
				ctx := f.limited(t, time.Hour)
				w := wish(ends(test.after))
				if test.before == test.after {
					w = wish(reflavor, consent)
				}
				out := f.instance().Update(ctx, w)
				if out.Err != nil {
					t.Fatal(out.Err)
				}
				m.Runs.Saw("n", out.Shown)
				first, old := len(f.writes()), 0
				f.always = func(op string) *fault {
					switch {
					case op == "ShowNotebook" && old < 4: // from while it was stopped, or ran
						old++
						back := time.Duration(0)
						for f.ago(f.find("n"), back).Status != opposite[test.after] {
							back += 100 * time.Millisecond
						}
						return &fault{lag: back}
					case op == "StartNotebook" && f.find("n").Status == running:
						return &fault{before: noAnswer}
					default:
						return nil
					}
				}
				if _, err := mountLife(ctx, m, true, lakeRequest); err != nil {
					t.Error(err)
				}
				if n := f.rest("n"); n.Status != test.after {
					t.Errorf("it is %s after %q, of which %d are the update's", n.Status, f.writes(), first)
				}
				if old < 4 {
					t.Errorf("it has shown %d old answers", old)
				}
				if len(f.writes())-first != test.calls {
					t.Errorf("the calls are %q, of which %d are the update's", f.writes(), first)
				}
			})
		})
	}
}

// What was seen is doubted for half a minute, and not where a token shows that a start or
// a stop has followed.
func TestSighting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nb := func(status modelarts.Status, token string) *modelarts.Notebook {
			shown := &modelarts.Notebook{Status: status}
			if token != "" {
				shown.Token = &token
			}
			return shown
		}
		for _, test := range []struct {
			seen, answer *modelarts.Notebook
			doubted      bool
		}{
			{nb(running, "2"), nb(stopped, "1"), true},
			{nb(running, "2"), nb(stopped, "2"), false},
			{nb(running, "2"), nb(stopped, ""), true},
			{nb(running, ""), nb(stopped, "1"), true},
			{nb(stopped, "1"), nb(running, "1"), true},
			{nb(stopped, "1"), nb(running, "2"), false},
			{nb(stopped, ""), nb(running, "2"), true},
			{nb(running, "2"), nb(running, "2"), false},
			{nb(running, "2"), nb(modelarts.StatusStopping, "1"), false},
			{nb(modelarts.StatusError, "2"), nb(stopped, "1"), false},
		} {
			s := sighting{time.Now(), test.seen}
			if got := s.follows(test.answer); got != test.doubted {
				t.Errorf("%s after %s: doubted %t", test.answer.Status, test.seen.Status, got)
			}
			time.Sleep(staleFor)
			if s.follows(test.answer) {
				t.Errorf("%s after %s: doubted after half a minute", test.answer.Status, test.seen.Status)
			}
		}
	})
}
