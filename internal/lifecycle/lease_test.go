package lifecycle

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// leasePath is a way on which an update gives a notebook a lease.
type leasePath struct {
	name   string
	wish   []part
	setUp  func(*fake, *notebook)
	faults map[string][]fault
	retype bool // the type that the update asks for is the other one
	fails  bool
}

// unmanaged is a lease of which the configuration has the type alone, or nothing.
func unmanaged(kind string, renew bool) part {
	return func(w *Wish) { w.Lease = LeaseChange{Argument: "lease", Lease: Lease{Type: kind}, Renew: renew} }
}

// managedLease is a lease of two hours that the configuration has.
func managedLease(w *Wish) {
	w.Lease = LeaseChange{Argument: "lease", Lease: Lease{Duration: new(2 * hour)}, Managed: true}
}

// No update shortens a lease that the configuration does not shorten, nor lengthens it by
// more than the configuration asks for: on no path, of no type, whatever is left of it, and
// whatever the duration of an IDLE lease counts.
func TestNoPathShortensALease(t *testing.T) {
	paths := []leasePath{
		{name: "restart", wish: []part{reflavor, consent}},
		{name: "restart, the change is refused", wish: []part{reflavor, consent}, faults: map[string][]fault{"UpdateNotebook": {{before: forbidden}}}, fails: true},
		{name: "restart, the start is refused and made again", wish: []part{reflavor, consent}, faults: map[string][]fault{"StartNotebook": {{before: forbidden}}}, fails: true},
		{name: "an owed start", wish: []part{owed(OwesStart), ends(running)}, setUp: func(f *fake, n *notebook) { f.put(n, stopped) }},
		{name: "an owed start of one that failed", wish: []part{owed(OwesStart), ends(running)}, setUp: func(f *fake, n *notebook) { f.startFailedTaken = true; f.put(n, startFailed) }},
		{name: "a growth that is refused while it runs", wish: []part{growth, consent}, setUp: func(f *fake, _ *notebook) { f.growRefusedRunning = true }},
		{name: "renewal with another type", retype: true},
	}
	for _, kind := range []string{"TIMING", "IDLE", "off"} {
		for _, has := range []time.Duration{20 * time.Minute, 2 * time.Hour, 8 * time.Hour, 8*time.Hour + 1234*time.Millisecond, 72 * time.Hour} {
			for _, isManaged := range []bool{false, true} {
				for _, idleAsked := range []bool{false, true} {
					for _, path := range paths {
						if kind == "off" && path.retype || isManaged && path.retype || kind == "IDLE" && has < MinLease {
							continue
						}
						t.Run(fmt.Sprintf("%s %s, managed %t, idle asked %t, %s", kind, has, isManaged, idleAsked, path.name), func(t *testing.T) {
							synctest.Test(t, func(t *testing.T) { path.run(t, kind, has, isManaged, idleAsked) })
						})
					}
				}
			}
		}
	}
}

func (path *leasePath) run(t *testing.T, kind string, has time.Duration, isManaged, idleAsked bool) {
	o := quick
	o.idleAsked = idleAsked
	f := newFake(o, running)
	n := f.find("n")
	n.made = time.Now().Add(-3*time.Hour - 12345*time.Millisecond)
	f.lend(n, has.Milliseconds(), kind)
	if kind == "off" {
		f.lend(n, -1, "TIMING")
	}
	time.Sleep(90 * time.Second) // what has been used up, by the time of the update
	if path.setUp != nil {
		path.setUp(f, n)
	}
	for op, faults := range path.faults {
		f.next[op] = faults
	}
	w := wish(path.wish...)
	switch {
	case path.retype:
		unmanaged(map[string]string{"TIMING": "IDLE", "IDLE": "TIMING"}[kind], true)(&w)
	case isManaged:
		managedLease(&w)
	default:
		unmanaged("", false)(&w)
	}
	out := f.instance().Update(t.Context(), w)
	if (out.Err != nil) != path.fails {
		t.Fatalf("the error is %v", out.Err)
	}
	if kind == "off" {
		if *f.find("n").Lease.Enable {
			t.Errorf("it stops by itself now: %s", strings.Join(f.writes(), " | "))
		}
		return
	}
	least := max(has, MinLease)
	if kind == "TIMING" {
		least = max(has-2*time.Minute, MinLease) // of which some is used up
	}
	most := max(has, MinLease)
	if isManaged {
		least, most = max(least, 2*time.Hour), max(most, 2*time.Hour)
	}
	given := f.lent
	if given < least || given > most+apart && has != 8*time.Hour+1234*time.Millisecond {
		t.Errorf("it is given %s, and not %s to %s: %s", given, least, most, strings.Join(f.writes(), " | "))
	}
}

// The time of idleness that was asked for, by what an answer shows.
func TestIdleTime(t *testing.T) {
	made := int64(1_700_000_000_000)
	ms := func(d time.Duration) *int64 { return new(d.Milliseconds()) }
	const gone = 5*time.Hour + 7*time.Second
	for name, test := range map[string]struct {
		shown   time.Duration
		updated *int64 // after the creation
		want    time.Duration
	}{
		"the time gone and what was asked": {gone + 8*time.Hour, ms(gone), 8 * time.Hour},
		"some milliseconds less":           {gone + 8*time.Hour - 20*time.Millisecond, ms(gone), 8 * time.Hour},
		"right after a create":             {8 * time.Hour, ms(0), 8 * time.Hour},
		"what was asked":                   {8 * time.Hour, ms(gone), 8 * time.Hour},
		"what was asked, of whole minutes": {90 * time.Minute, ms(gone), 90 * time.Minute},
		"less than the time gone":          {time.Hour + time.Second, ms(gone), time.Hour + time.Second},
		"nothing tells":                    {gone + 8*time.Hour + 20*time.Second, ms(gone), gone + 8*time.Hour + 20*time.Second},
		"no time of a change":              {gone + 8*time.Hour, nil, gone + 8*time.Hour},
	} {
		lease := &modelarts.Lease{CreateAt: &made, Duration: ms(test.shown)}
		if test.updated != nil {
			lease.UpdateAt = new(made + *test.updated)
		}
		if got := idleTime(lease); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
