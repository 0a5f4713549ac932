package lifecycle

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

func TestRemoveAMount(t *testing.T) {
	there := func(status modelarts.StorageStatus) func(*fake, *notebook) {
		return func(f *fake, n *notebook) { f.addMount(n, "id", lake, source1, status) }
	}
	for name, test := range map[string]struct {
		options func(*options)
		status  modelarts.Status
		set     func(*fake, *notebook)
		start   bool
		calls   string
		back    modelarts.Status
		err     string
		left    int
	}{
		"mounted":           {status: running, set: there(modelarts.StorageMounted), calls: "unmount id"},
		"failed":            {status: running, set: there(modelarts.StorageMountFailed), calls: "unmount id"},
		"failed to unmount": {status: running, set: there(modelarts.StorageUnmountFailed), calls: "unmount id"},
		"on its way": {status: running, set: func(f *fake, n *notebook) {
			f.addMount(n, "id", lake, source1, modelarts.StorageMounting).becomes(modelarts.StorageMounted, 3*time.Second, "")
		}, calls: "unmount id: 6357 | unmount id"},
		"being unmounted": {status: running, set: func(f *fake, n *notebook) {
			f.addMount(n, "id", lake, source1, modelarts.StorageUnmounting).becomes(modelarts.StorageUnmounted, 3*time.Second, "")
		}, calls: "unmount id: 6357 | unmount id: 6404"},
		"unmount fails":              {status: running, options: func(o *options) { o.unmountFails = "Busy." }, set: there(modelarts.StorageMounted), calls: "unmount id", err: "the status is UNMOUNT_FAILED: Busy", left: 1},
		"under another ID":           {status: running, set: func(f *fake, n *notebook) { f.addMount(n, "new", lake, source1, modelarts.StorageMounted) }, calls: "unmount new"},
		"gone":                       {status: running},
		"something else at its path": {status: running, set: func(f *fake, n *notebook) { f.addMount(n, "new", lake, source2, modelarts.StorageMounted) }, left: 1},
		"a data volume at its path": {
			status: running, options: func(o *options) { o.volumesListed = true },
			set: func(f *fake, n *notebook) {
				n.DataVolumes = []modelarts.DataVolumeRes{{MountPath: new(lake), URI: new(source1)}}
			},
		},
		"of a notebook that is gone":     {status: deleted},
		"of a stopped one, dropped":      {status: stopped},
		"of a stopped one, listed":       {status: stopped, set: there(modelarts.StorageMounted), err: "the notebook n is STOPPED", left: 1},
		"of a stopped one, kept":         {status: stopped, options: func(o *options) { o.kept = true }, set: there(modelarts.StorageUnmounted), back: stopped, left: 1},
		"of a stopped one, not readable": {status: stopped, options: func(o *options) { o.listRunning = true }, err: "the notebook n is STOPPED"},
		"with a start, kept": {
			status: stopped, options: func(o *options) { o.kept = true }, set: there(modelarts.StorageUnmounted), start: true,
			calls: "start 7199980 timing | unmount id | stop", left: 1,
		},
		"with a start, back later": {
			status: stopped, options: func(o *options) { o.remounted = 5 * time.Second }, start: true,
			set: func(f *fake, n *notebook) {
				m := f.addMount(n, "id", lake, source1, modelarts.StorageMounted)
				n.mounts, n.away = nil, []*mount{m}
			},
			calls: "start 7199980 timing | unmount id: 6357 | unmount id: 6357 | unmount id | stop",
		},
		"with a start, dropped": {status: stopped, start: true, calls: "start 7199980 timing | stop"},
		"with a start that fails": {
			status: stopped, start: true, set: func(f *fake, _ *notebook) { f.startsThatFail = 1 },
			calls: "start 7199980 timing", err: "starting the notebook for the mount: the status is START_FAILED: No node is left",
		},
		"of one that no start leads out of":         {status: failed, start: true, back: failed},
		"of one that failed and takes no start":     {status: startFailed, start: true, calls: "start 7199980 timing: 6357", back: startFailed},
		"of one that no start leads out of, listed": {status: failed, start: true, set: there(modelarts.StorageMounted), err: "the status is ERROR", left: 1},
		"as the notebook stops": {
			status: running, set: func(f *fake, n *notebook) {
				f.addMount(n, "id", lake, source1, modelarts.StorageMounted)
				f.next["DetachDynamicStorage"] = []fault{{status: modelarts.StatusStopping}}
			},
			calls: "unmount id: 6404",
		},
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
				left, err := f.mountsOf().Remove(f.limited(t, time.Hour), Known{ID: "id", Path: lake, URI: source1}, test.start)
				if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) || left.MayComeBack != test.back {
					t.Errorf("%+v, %v, want %q", left, err, test.err)
				}
				wantCalls(t, f, test.calls)
				if got := f.mounted(); len(got) != test.left {
					t.Errorf("left: %q", got)
				}
			})
		})
	}
}

func TestRemoveMeetsEveryFaultAtEveryCall(t *testing.T) {
	for name, trouble := range mountFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []modelarts.Status{running, stopped} {
				calls := 1
				for n := 1; n <= calls && !t.Failed(); n++ {
					synctest.Test(t, func(t *testing.T) {
						f := newFake(quick, running)
						f.remounted = 3 * time.Second
						f.addMount(f.find("n"), "id", lake, source1, modelarts.StorageMounted)
						if status == stopped {
							f.put(f.find("n"), modelarts.StatusStopping)
							f.rest()
						}
						f.faults[n] = trouble
						left, err := f.mountsOf().Remove(f.limited(t, 30*time.Minute), Known{ID: "id", Path: lake, URI: source1}, true)
						calls = len(f.log)
						atOnce := f.mounted()
						last := f.rest()
						where := fmt.Sprintf("%s, call %d: %v\n%s", status, n, err, strings.Join(f.writes(), " | "))
						if err == nil && status == running && len(atOnce) > 0 && len(f.jumps) == 0 {
							t.Errorf("%q are not gone yet: %s", atOnce, where)
						}
						if status == stopped && last.Status == running && left.StillRunning == nil && !errors.As(err, new(*StillRunningError)) {
							t.Errorf("it was left running: %s", where)
						}
						if err == nil && len(f.mounted())+len(last.away) > 0 && len(f.jumps) == 0 {
							t.Errorf("%q are left: %s", f.mounted(), where)
						}
					})
				}
			}
		})
	}
}
