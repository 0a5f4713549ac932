package lifecycle

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// What the notebook has already is not asked for, and nothing is stopped for it.
func TestWhatIsDoneIsNotAskedFor(t *testing.T) {
	done := func(w *Wish) {
		for i := range w.Changes {
			switch w.Changes[i].Argument {
			case "name":
				w.Changes[i].Done = func(nb *modelarts.Notebook) bool { return nb.Name == "new" }
			case "flavor":
				w.Changes[i].Done = func(nb *modelarts.Notebook) bool { return *nb.Flavor == "large" }
			}
		}
	}
	for name, test := range map[string]struct {
		has     func(*notebook)
		wish    Wish
		calls   string
		applied string
	}{
		"a flavor":              {func(n *notebook) { n.Flavor = ptr("large") }, wish(reflavor, kept, done), "", "flavor"},
		"another flavor":        {func(n *notebook) { n.Flavor = ptr("other") }, wish(reflavor, kept, consent, done), "stop | PUT flavor | " + again, "flavor"},
		"a flavor and a name":   {func(n *notebook) { n.Flavor, n.Name = ptr("large"), "new" }, wish(rename, reflavor, kept, done), "", "name | flavor"},
		"one of two":            {func(n *notebook) { n.Flavor = ptr("large") }, wish(rename, reflavor, kept, done), "PUT name", "flavor | name"},
		"one that wants a stop": {func(n *notebook) { n.Flavor = ptr("large") }, wish(reimage, reflavor, kept, consent, done), "stop | PUT image_id | " + again, "flavor | image_id"},
		"a disk":                {func(n *notebook) { n.Volume.Capacity = ptr(int64(20)) }, wish(growth), "", "volume.capacity"},
		"a disk that is larger": {func(n *notebook) { n.Volume.Capacity = ptr(int64(15)) }, wish(growth), "PUT disk 20", "volume.capacity"},
		"a lease that is off":   {func(n *notebook) { n.Lease.Enable = ptr(false) }, wish(leaseOff), "", "lease"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(quick, running)
				test.has(f.find("n"))
				out := f.instance().Update(f.limited(t, patience), test.wish)
				if calls := f.writes(); out.Err != nil || !slices.Equal(calls, words(test.calls)) || !slices.Equal(out.Applied, words(test.applied)) {
					t.Errorf("called %q, applied %q, want %q and %q: %v", calls, out.Applied, test.calls, test.applied, out.Err)
				}
			})
		})
	}
}
