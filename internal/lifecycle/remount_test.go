package lifecycle

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// An update that restarts the notebook leaves the mounts as they were, and mounts
// nothing twice.
func TestUpdateMountsAgain(t *testing.T) {
	underMountAnswers(t, running, func(t *testing.T, f *fake) {
		n := f.find("n")
		f.addMount(n, "a", lake, source1, modelarts.StorageMounted)
		f.addMount(n, "b", "/data/two/", source2, modelarts.StorageMounting).becomes(modelarts.StorageMounted, time.Second, "")
		f.addMount(n, "c", "/data/three/", source2, modelarts.StorageMountFailed)
		out := f.instance().Update(f.limited(t, time.Hour), wish(reflavor, consent))
		if out.Err != nil || out.MountsErr != nil {
			t.Error(out.Err, out.MountsErr)
		}
		f.advanceMounts(n)
		if mounting := strings.Join(f.mounted(), ", "); strings.Contains(mounting, "MOUNTING") {
			t.Errorf("the update ends with %s", mounting)
		}
		attached := f.count("AttachDynamicStorage")
		back := f.kept || f.remounted > 0
		if want := map[bool]int{true: 0, false: 2}[back]; attached != want {
			t.Errorf("%d mounts were requested, want %d", attached, want)
		}
		f.rest()
		paths := make(map[string]int)
		for _, m := range f.mounted() {
			if path, _, _ := strings.Cut(m, " "); strings.HasSuffix(m, " MOUNTED") {
				paths[path]++
			}
		}
		if paths[lake] != 1 || paths["/data/two/"] != 1 || paths["/data/three/"] > 1 {
			t.Errorf("mounted: %q", f.mounted())
		}
	})
}

func TestUpdateAndMounts(t *testing.T) {
	for name, test := range map[string]struct {
		options func(*options)
		set     func(*fake, *notebook)
		wish    Wish
		lists   int
		calls   string
		err     string
	}{
		"without mounts":      {wish: wish(reflavor, consent), lists: 1, calls: "stop | PUT flavor | start 7199980 timing"},
		"without a stop":      {wish: wish(rename), set: mountLake, calls: "PUT name"},
		"to be stopped":       {wish: wish(reflavor, ends(stopped)), set: mountLake, calls: "stop | PUT flavor"},
		"the list is refused": {wish: wish(reflavor, consent), set: func(f *fake, n *notebook) { f.next["ListDynamicStorages"] = []fault{{before: forbidden}} }, lists: 1, calls: "stop | PUT flavor | start 7199980 timing", err: "what was mounted before the stop could not be listed: ListDynamicStorages: ModelArts.0112"},
		"a data volume, as listed": {options: func(o *options) { o.volumesListed = true }, set: func(_ *fake, n *notebook) {
			n.DataVolumes = []modelarts.DataVolumeRes{{MountPath: new(lake), URI: new(source1)}}
		}, wish: wish(reflavor, consent), lists: 1, calls: "stop | PUT flavor | start 7199980 timing"},
		"a mount that is refused": {wish: wish(reflavor, consent), set: func(f *fake, n *notebook) {
			mountLake(f, n)
			f.next["AttachDynamicStorage"] = []fault{{before: refuse("6772")}}
		}, lists: 9, calls: "stop | PUT flavor | start 7199980 timing | mount obs://bucket/lake/ /data/lake/: 6772", err: "/data/lake/: AttachDynamicStorage: ModelArts.6772"},
		"a mount that fails": {wish: wish(reflavor, consent), set: func(f *fake, n *notebook) { mountLake(f, n); f.mountFails = "No permission." }, lists: 8, calls: "stop | PUT flavor | start 7199980 timing | mount obs://bucket/lake/ /data/lake/", err: "/data/lake/: the status is MOUNT_FAILED: No permission"},
		"a change that fails": {wish: wish(reflavor, consent), set: func(f *fake, n *notebook) {
			mountLake(f, n)
			f.next["UpdateNotebook"] = []fault{{before: refuse("6792")}}
		}, lists: 8, calls: "stop | PUT flavor: 6792 | start 7199980 timing | mount obs://bucket/lake/ /data/lake/"},
		"an answer without sources": {wish: wish(reflavor, consent), set: func(f *fake, n *notebook) { mountLake(f, n); n.mounts[0].URI = nil }, lists: 7, calls: "stop | PUT flavor | start 7199980 timing", err: "/data/lake/: the service does not show its source"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := quick
				if test.options != nil {
					test.options(&o)
				}
				f := newFake(o, running)
				if test.set != nil {
					test.set(f, f.find("n"))
				}
				out := f.instance().Update(f.limited(t, time.Hour), test.wish)
				if (out.MountsErr == nil) != (test.err == "") || out.MountsErr != nil && !strings.Contains(out.MountsErr.Error(), test.err) {
					t.Errorf("%v, want %q", out.MountsErr, test.err)
				}
				wantCalls(t, f, test.calls)
				if got := f.count("ListDynamicStorages"); got != test.lists {
					t.Errorf("%d lists, want %d", got, test.lists)
				}
			})
		})
	}
}
