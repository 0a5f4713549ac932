package lifecycle

import (
	"context"
	"errors"
	"slices"
	"strings"
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
		"a flavor":              {func(n *notebook) { n.Flavor = new("large") }, wish(reflavor, kept, done), "", "flavor"},
		"another flavor":        {func(n *notebook) { n.Flavor = new("other") }, wish(reflavor, kept, consent, done), "stop | PUT flavor | " + again, "flavor"},
		"a flavor and a name":   {func(n *notebook) { n.Flavor, n.Name = new("large"), "new" }, wish(rename, reflavor, kept, done), "", "name | flavor"},
		"one of two":            {func(n *notebook) { n.Flavor = new("large") }, wish(rename, reflavor, kept, done), "PUT name", "flavor | name"},
		"one that wants a stop": {func(n *notebook) { n.Flavor = new("large") }, wish(reimage, reflavor, kept, consent, done), "stop | PUT image_id | " + again, "flavor | image_id"},
		"a disk":                {func(n *notebook) { n.Volume.Capacity = new(int64(20)) }, wish(growth), "", "volume.capacity"},
		"a disk that is larger": {func(n *notebook) { n.Volume.Capacity = new(int64(15)) }, wish(growth), "PUT disk 20", "volume.capacity"},
		"a lease that is off":   {func(n *notebook) { n.Lease.Enable = new(false) }, wish(leaseOff), "", "lease"},
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

// A running notebook is not stopped for what is known to fail. What needs no stop is
// done all the same.
func TestWhatIsKnownToFailStopsNothing(t *testing.T) {
	sold := errors.New("sold out")
	for name, test := range map[string]struct {
		status modelarts.Status
		wish   Wish
		calls  string
		asked  string
		fails  bool
	}{
		"it runs":                        {running, wish(reflavor, kept, consent), "", "flavor", true},
		"it runs, with a name":           {running, wish(rename, reflavor, kept, consent), "PUT name", "flavor", true},
		"it runs, and is to end stopped": {running, wish(reflavor, kept, consent, ends(stopped)), "stop | PUT flavor", "", false},
		"it is stopped":                  {stopped, wish(reflavor, kept), "PUT flavor", "", false},
		"no consent":                     {running, wish(reflavor, kept), "", "", true},
		"nothing wants a stop":           {running, wish(rename, kept), "PUT name", "", false},
		"only its lease wants a stop":    {running, wish(leaseOff, consent), "stop | start -1", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, asked := newFake(quick, test.status), []string(nil)
				test.wish.Refused = func(_ context.Context, arguments []string) error {
					asked = arguments
					return sold
				}
				out := f.instance().Update(f.limited(t, patience), test.wish)
				if calls := f.writes(); test.calls != strings.Join(calls, " | ") || !slices.Equal(asked, words(test.asked)) || (out.Err != nil) != test.fails {
					t.Errorf("called %q, asked for %q: %v", calls, asked, out.Err)
				}
				if out.Owed != OwesNothing {
					t.Errorf("%q is owed", out.Owed)
				}
			})
		})
	}
}
