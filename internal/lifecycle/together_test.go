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
