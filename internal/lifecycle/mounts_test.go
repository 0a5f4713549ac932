package lifecycle

import (
	"context"
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

const (
	lake    = "/data/lake/"
	source1 = "obs://bucket/lake/"
	source2 = "obs://bucket/other/"
)

var lakeRequest = modelarts.StorageMountRequest{Category: "OBSFS", MountPath: lake, URI: source1}

// mountsOf are the mounts of the fake's notebook, with a memory of their own.
func (f *fake) mountsOf() Mounts { return Mounts{Instance: f.instance(), Runs: new(Runs)} }

// mountLife is what the create of a mount does.
func mountLife(ctx context.Context, m Mounts, start bool, req modelarts.StorageMountRequest) (st *modelarts.Storage, err error) {
	run, err := m.Begin(ctx, start)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, run.End(ctx)) }()
	if st, err = m.Attach(ctx, run, req); err != nil {
		return nil, err
	}
	return m.AwaitMounted(ctx, st.ID)
}

// Each answer to an open question about mounts.
var mountAnswers = map[string]func(*options){
	"dropped":          func(*options) {},
	"kept":             func(o *options) { o.kept = true },
	"back soon":        func(o *options) { o.remounted = time.Second },
	"back late":        func(o *options) { o.remounted = 8 * time.Second },
	"list refused":     func(o *options) { o.listRunning = true },
	"list refused too": func(o *options) { o.listRunning, o.not6958, o.remounted = true, true, time.Second },
	"unmounted stays":  func(o *options) { o.unmountedStays = true },
}

// underMountAnswers runs a test on a notebook in a status under each answer.
func underMountAnswers(t *testing.T, status modelarts.Status, test func(t *testing.T, f *fake)) {
	for name, set := range mountAnswers {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := quick
				set(&o)
				test(t, newFake(o, status))
			})
		})
	}
}

func wantCalls(t *testing.T, f *fake, want string) {
	t.Helper()
	if got := strings.Join(f.writes(), " | "); got != want {
		t.Errorf("calls: %s\nwant:  %s", got, want)
	}
}

func TestMountOnARunningNotebook(t *testing.T) {
	underMountAnswers(t, running, func(t *testing.T, f *fake) {
		ctx, m := f.limited(t, time.Hour), f.mountsOf()
		st, err := mountLife(ctx, m, false, lakeRequest)
		if err != nil || st.Status != modelarts.StorageMounted {
			t.Fatal(st, err)
		}
		known := Known{ID: st.ID, Path: lake, URI: source1}
		if sight, err := m.Look(ctx, known); err != nil || sight.Shown == nil || sight.Shown.ID != st.ID {
			t.Errorf("%+v, %v", sight, err)
		}
		if left, err := m.Remove(ctx, known, false); err != nil || left.MayComeBack != "" {
			t.Error(left, err)
		}
		if sight, err := m.Look(ctx, known); err != nil || !sight.Gone {
			t.Errorf("%+v, %v", sight, err)
		}
		wantCalls(t, f, "mount obs://bucket/lake/ /data/lake/ | unmount mount 1")
	})
}

func TestMountOnAStoppedNotebook(t *testing.T) {
	underMountAnswers(t, stopped, func(t *testing.T, f *fake) {
		_, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), false, lakeRequest)
		var off *NotMountableError
		if !errors.As(err, &off) || off.Status != stopped {
			t.Error(err)
		}
		wantCalls(t, f, "")
	})
}

// A notebook that is started for a mount has its lease and is stopped again.
func TestMountStartsAndStopsTheNotebook(t *testing.T) {
	underMountAnswers(t, stopped, func(t *testing.T, f *fake) {
		if _, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), true, lakeRequest); err != nil {
			t.Error(err)
		}
		if n := f.rest(); n.Status != stopped {
			t.Errorf("it is %s", n.Status)
		}
		wantCalls(t, f, "start 7199980 timing | mount obs://bucket/lake/ /data/lake/ | stop")
	})
}

// What comes back by itself after the start is not made twice.
func TestMountThatComesBackIsTaken(t *testing.T) {
	underMountAnswers(t, running, func(t *testing.T, f *fake) {
		n := f.find("n")
		f.addMount(n, "old", "/data/lake", source1, modelarts.StorageMounted)
		f.put(n, modelarts.StatusStopping)
		st, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), true, lakeRequest)
		if err != nil {
			t.Fatal(err)
		}
		want := "mount 1"
		if f.kept || f.remounted > 0 {
			want = "old"
		}
		if st.ID != want {
			t.Errorf("mounted as %s, want %s", st.ID, want)
		}
	})
}

// A mount whose time is up while the service may still bring back what was there says so.
func TestMountSaysThatItWaitedForWhatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, stopped)
		m, begun := f.mountsOf(), f.limited(t, time.Hour)
		run, err := m.Begin(begun, true)
		if err != nil {
			t.Fatal(err)
		}
		const want = "the wait for what the service mounts at /data/lake/ by itself after a start has ended: "
		if _, err := m.Attach(f.limited(t, time.Second), run, lakeRequest); err == nil || !strings.HasPrefix(err.Error(), want) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want %s", err, want)
		}
	})
}

// A notebook that was started for a mount, and whose stop ends in ERROR, is named.
func TestMountNamesANotebookWhoseStopFails(t *testing.T) {
	underMountAnswers(t, stopped, func(t *testing.T, f *fake) {
		f.stopsThatFail = 1
		st, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), true, lakeRequest)
		var still *StillRunningError
		if st == nil || !errors.As(err, &still) || !strings.Contains(err.Error(), "the status is ERROR") {
			t.Errorf("%v, %v, and it is %s", st, err, f.rest().Status)
		}
	})
}

func TestMountsShareOneStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(quick, stopped)
		ctx, m := f.limited(t, time.Hour), f.mountsOf()
		var all sync.WaitGroup
		for i := range 5 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * 5 * time.Second)
				req := lakeRequest
				req.MountPath = fmt.Sprintf("/data/%d/", i)
				if _, err := mountLife(ctx, m, i < 4, req); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if f.count("StartNotebook") != 1 || f.count("StopNotebook") != 1 || f.rest().Status != stopped {
			t.Error(f.writes())
		}
	})
}

func TestMountPathIsTaken(t *testing.T) {
	mounted := func(path, uri string, status modelarts.StorageStatus) func(*fake, *notebook) {
		return func(f *fake, n *notebook) { f.addMount(n, "there", path, uri, status) }
	}
	volume := func(f *fake, n *notebook) {
		n.DataVolumes = []modelarts.DataVolumeRes{{MountPath: new("/data/lake"), URI: new(source1), Category: new("OBSFS")}}
	}
	for name, test := range map[string]struct {
		options func(*options)
		set     func(*fake, *notebook)
		claimed string
		id, err string
		calls   string
	}{
		"by the same source": {set: mounted("/data/lake", "obs://bucket/lake", modelarts.StorageMounted), id: "there"},
		"by the same source, on its way": {
			set: func(f *fake, n *notebook) {
				f.addMount(n, "there", lake, source1, modelarts.StorageMounting).becomes(modelarts.StorageMounted, 3*time.Second, "")
			},
			id: "there",
		},
		"by the same source, failed": {set: mounted(lake, source1, modelarts.StorageMountFailed), id: "mount 1", calls: "unmount there | mount obs://bucket/lake/ /data/lake/"},
		"by the same source, leaving": {
			set: func(f *fake, n *notebook) {
				f.addMount(n, "there", lake, source1, modelarts.StorageUnmounting).becomes(modelarts.StorageUnmounted, 3*time.Second, "")
			},
			id: "mount 1", calls: "mount obs://bucket/lake/ /data/lake/",
		},
		"by another source":               {set: mounted(lake, source2, modelarts.StorageMounted), err: "other storage, obs://bucket/other/, is mounted at the path /data/lake/ already"},
		"by the same of another resource": {set: mounted(lake, source1, modelarts.StorageMounted), claimed: "there", err: "another resource has mounted the same source at the path /data/lake/ already"},
		"by a data volume":                {set: volume, err: "the path /data/lake/ holds a data volume of the notebook"},
		"by a data volume that is listed": {options: func(o *options) { o.volumesListed = true }, set: volume, err: "the path /data/lake/ holds a data volume of the notebook"},
		"by a mount that is among the data volumes": {
			set: func(f *fake, n *notebook) {
				f.addMount(n, "there", lake, source1, modelarts.StorageMounted)
				n.DataVolumes = []modelarts.DataVolumeRes{{ID: new("there"), MountPath: new(lake), URI: new(source1)}}
			},
			id: "there",
		},
		"by a mount that is unmounted, still listed and still among the data volumes": {
			set: func(f *fake, n *notebook) {
				f.addMount(n, "there", lake, source2, modelarts.StorageUnmounted)
				n.DataVolumes = []modelarts.DataVolumeRes{{ID: new("there"), MountPath: new(lake), URI: new(source2), MountType: new("DYNAMIC"), Status: modelarts.StorageUnmounted}}
			},
			id: "mount 1", calls: "mount obs://bucket/lake/ /data/lake/",
		},
		"by a mount that only an older answer shows": {
			set: func(_ *fake, n *notebook) {
				n.DataVolumes = []modelarts.DataVolumeRes{{ID: new("gone"), MountPath: new(lake), URI: new(source2), MountType: new("dynamic"), Status: modelarts.StorageMounted}}
			},
			id: "mount 1", calls: "mount obs://bucket/lake/ /data/lake/",
		},
		"by a data volume that has an ID": {
			set: func(_ *fake, n *notebook) {
				n.DataVolumes = []modelarts.DataVolumeRes{{ID: new("volume"), MountPath: new(lake), URI: new(source2), MountType: new("STATIC"), Status: modelarts.StorageMounted}}
			},
			err: "the path /data/lake/ holds a data volume of the notebook",
		},
		"by what is not listed yet": {
			options: func(o *options) { o.remounted = 5 * time.Second },
			set: func(f *fake, n *notebook) {
				m := f.addMount(n, "there", lake, source1, modelarts.StorageMounted)
				n.mounts, n.away, n.back = nil, []*mount{m}, time.Now().Add(5*time.Second)
			},
			id: "there", calls: "mount obs://bucket/lake/ /data/lake/: 6927",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, running)
				test.set(f, f.find("n"))
				m := f.mountsOf()
				m.Claims = new(Creates)
				m.Claims.Claim(test.claimed)
				st, err := mountLife(f.limited(t, time.Hour), m, false, lakeRequest)
				if test.err == "" && (err != nil || st.ID != test.id || st.Status != modelarts.StorageMounted) {
					t.Errorf("%+v, %v", st, err)
				}
				if test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err) || !errors.As(err, new(*PathTakenError))) {
					t.Errorf("%v, want %s", err, test.err)
				}
				wantCalls(t, f, test.calls)
			})
		})
	}
}

func TestMountThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		set        func(*fake)
		err, calls string
	}{
		"with a reason": {set: func(f *fake) { f.mountFails = "No permission." }, err: "the status is MOUNT_FAILED: No permission"},
		"as its notebook is stopped": {
			set: func(f *fake) {
				f.next["ShowDynamicStorage"] = []fault{{status: stopped, then: func(_ *fake, n *notebook) { n.mounts = nil }}}
			},
			err: "the notebook n is STOPPED, and storage is mounted and unmounted only while it runs",
		},
		"as the notebook stops before": {
			set:   func(f *fake) { f.next["AttachDynamicStorage"] = []fault{{status: stopped}} },
			err:   "the notebook n is STOPPED, and storage is mounted and unmounted only while it runs: AttachDynamicStorage: ModelArts.6958",
			calls: "mount obs://bucket/lake/ /data/lake/: 6958",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				test.set(f)
				_, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), false, lakeRequest)
				if err == nil || !strings.Contains(err.Error(), test.err) || !MountFailed(err) {
					t.Errorf("%v, want %s", err, test.err)
				}
				if test.calls != "" {
					wantCalls(t, f, test.calls)
				}
			})
		})
	}
}

// A lost answer never leads to a second request.
func TestMountIsRequestedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		trouble fault
		posts   int
		err     string
	}{
		"the answer is lost":            {trouble: fault{after: noAnswer}, posts: 1},
		"an internal error afterwards":  {trouble: fault{after: internalError}, posts: 1},
		"the answer cannot be read":     {trouble: fault{after: unreadable}, posts: 1},
		"the request is lost":           {trouble: fault{before: noAnswer}, posts: 1, err: "No second request was sent"},
		"it was not sent":               {trouble: fault{before: notSent}, posts: 2},
		"there are too many requests":   {trouble: fault{before: throttled}, posts: 2},
		"it is not ready":               {trouble: fault{before: refuse("6355")}, posts: 2},
		"a conflict":                    {trouble: fault{before: refuse("6357")}, posts: 2},
		"another node sees it stopped":  {trouble: fault{before: refuse("6958")}, posts: 2},
		"it is refused":                 {trouble: fault{before: refuse("6772")}, posts: 1, err: "ModelArts.6772"},
		"it is cancelled with the call": {trouble: fault{cancelAfter: true}, posts: 1, err: "was cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				f.next["AttachDynamicStorage"] = []fault{test.trouble}
				_, err := mountLife(f.limited(t, time.Hour), f.mountsOf(), false, lakeRequest)
				if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
					t.Errorf("%v, want %q", err, test.err)
				}
				if got := f.count("AttachDynamicStorage"); got != test.posts {
					t.Errorf("%d requests, want %d", got, test.posts)
				}
			})
		})
	}
}

// mountFaults are what can happen to a call.
var mountFaults = map[string]fault{
	"refused":                  {before: refuse("6336")},
	"forbidden":                {before: forbidden},
	"a conflict":               {before: refuse("6357")},
	"not ready":                {before: refuse("6355")},
	"throttled":                {before: throttled},
	"an internal error before": {before: internalError},
	"an internal error after":  {after: internalError},
	"no answer after":          {after: noAnswer},
	"not sent":                 {before: notSent},
	"not found":                {before: refuse("6404")},
	"an old answer":            {lag: 10 * time.Second},
	"cancelled before":         {cancelBefore: true},
	"cancelled after":          {cancelAfter: true},
	"cancelled, and old":       {cancelAfter: true, lag: 10 * time.Second},
	"stopped":                  {status: stopped},
	"the lease ends":           {status: modelarts.StatusStopping},
	"at the deadline":          {takes: time.Hour},
}

// Whatever happens, a notebook that was stopped is stopped again or named, no path has
// two mounts, and a mount that is made is known or its request is known to be lost.
func TestMountMeetsEveryFaultAtEveryCall(t *testing.T) {
	for name, trouble := range mountFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []modelarts.Status{running, stopped} {
				for answer, set := range mountAnswers {
					calls := 1
					for n := 1; n <= calls && !t.Failed(); n++ {
						synctest.Test(t, func(t *testing.T) {
							o := quick
							set(&o)
							f := newFake(o, status)
							f.faults[n] = trouble
							_, err := mountLife(f.limited(t, 30*time.Minute), f.mountsOf(), true, lakeRequest)
							calls = len(f.log)
							last := f.rest()
							where := fmt.Sprintf("%s, %s, call %d: %v\n%s", status, answer, n, err, strings.Join(f.writes(), " | "))
							if status == stopped && last.Status == running && !errors.As(err, new(*StillRunningError)) {
								t.Errorf("it was left running: %s", where)
							}
							if status == running && last.Status != running && len(f.jumps) == 0 {
								t.Errorf("it was left %s: %s", last.Status, where)
							}
							if len(f.mounted()) > 1 {
								t.Errorf("%d mounts: %s", len(f.mounted()), where)
							}
							if err == nil && status == running && len(f.mounted()) != 1 && len(f.jumps) == 0 {
								t.Errorf("no mount: %s", where)
							}
						})
					}
				}
			}
		})
	}
}

func TestLookAtAMount(t *testing.T) {
	known := Known{ID: "id", Path: lake, URI: source1}
	for name, test := range map[string]struct {
		options func(*options)
		status  modelarts.Status
		set     func(*fake, *notebook)
		known   *Known
		want    Sight // with the ID of Shown alone
	}{
		"as it was":             {status: running, set: func(f *fake, n *notebook) { f.addMount(n, "id", lake, source1, modelarts.StorageMounted) }, want: Sight{Shown: &modelarts.Storage{ID: "id"}}},
		"under another ID":      {status: running, set: func(f *fake, n *notebook) { f.addMount(n, "new", "/data/lake", source1, modelarts.StorageMounted) }, want: Sight{Shown: &modelarts.Storage{ID: "new"}}},
		"gone":                  {status: running, want: Sight{Gone: true}},
		"gone, in an import":    {status: running, known: &Known{ID: "id"}, want: Sight{Gone: true}},
		"another source":        {status: running, set: func(f *fake, n *notebook) { f.addMount(n, "new", lake, source2, modelarts.StorageMounted) }, want: Sight{Gone: true, TakenBy: source2}},
		"stopped":               {status: stopped},
		"stopping":              {status: modelarts.StatusStopping},
		"failed":                {status: startFailed},
		"saved as an image":     {status: modelarts.StatusSnapshotting},
		"frozen":                {status: frozen},
		"stopped, list refused": {status: stopped, options: func(o *options) { o.listRunning = true }},
		"stopped, and listed as unmounted": {
			status: stopped, options: func(o *options) { o.kept = true },
			set: func(f *fake, n *notebook) { f.addMount(n, "id", lake, source1, modelarts.StorageUnmounted) },
		},
		"a notebook that is gone": {status: deleted, want: Sight{Gone: true, NotebookGone: true}},
		"back some seconds after the start": {
			status: running, options: func(o *options) { o.remounted = time.Second },
			set: func(f *fake, n *notebook) {
				m := f.addMount(n, "id", lake, source1, modelarts.StorageMounted)
				n.mounts, n.away, n.back = nil, []*mount{m}, time.Now().Add(5*time.Second)
			},
			want: Sight{Shown: &modelarts.Storage{ID: "id"}},
		},
		"a look that is refused":  {status: running, set: func(f *fake, _ *notebook) { f.next["ShowDynamicStorage"] = []fault{{before: refuse("6958")}} }},
		"a list that is refused":  {status: running, set: func(f *fake, _ *notebook) { f.next["ListDynamicStorages"] = []fault{{before: refuse("6327")}} }},
		"a notebook that is busy": {status: running, set: func(f *fake, _ *notebook) { f.next["ShowNotebook"] = []fault{{before: refuse("6357")}} }},
		"stopped between two looks": {status: running, set: func(f *fake, _ *notebook) {
			f.next["ShowNotebook"] = []fault{{}, {status: stopped}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, test.status)
				if test.set != nil {
					test.set(f, f.find("n"))
				}
				k := known
				if test.known != nil {
					k = *test.known
				}
				got, err := f.mountsOf().Look(f.limited(t, time.Minute), k)
				if got.Shown != nil {
					got.Shown = &modelarts.Storage{ID: got.Shown.ID}
				}
				if err != nil || fmt.Sprintf("%+v", derefed(got)) != fmt.Sprintf("%+v", derefed(test.want)) {
					t.Errorf("%+v, %v, want %+v", derefed(got), err, derefed(test.want))
				}
				wantCalls(t, f, "")
			})
		})
	}
}

// derefed is a sight that prints.
func derefed(s Sight) (all []any) {
	if s.Shown != nil {
		all = append(all, s.Shown.ID)
	}
	return append(all, s.Gone, s.NotebookGone, s.TakenBy)
}

func mountLake(f *fake, n *notebook) { f.addMount(n, "a", lake, source1, modelarts.StorageMounted) }

func TestSpellingsOfMounts(t *testing.T) {
	for _, same := range [][2]string{{"OBS", "obsfs"}, {"OBSFS", "OBSFS"}, {"efs", "SFS"}} {
		if !SameStorageCategory(same[0], same[1]) {
			t.Errorf("%q differ", same)
		}
	}
	if SameStorageCategory("EFS", "OBS") || !SameFolder("/data/a", "/data/a/") || SameFolder("/data/a", "/data/b") {
		t.Error("spellings")
	}
	if got := []string{WithSlash(""), WithSlash("a"), WithSlash("a/")}; !slices.Equal(got, []string{"", "a/", "a/"}) {
		t.Errorf("%q", got)
	}
}
