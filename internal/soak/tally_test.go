package soak_test

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// tally counts what has happened, and what went wrong.
type tally struct {
	lives, rounds, actions, opened, cancelled, failed, calls int
	faults                                                   map[string]int

	orphans, duplicates, lost, power, unlike, notEmpty, unclean int
}

func (a *tally) add(b tally) {
	a.lives, a.rounds, a.actions, a.calls = a.lives+b.lives, a.rounds+b.rounds, a.actions+b.actions, a.calls+b.calls
	a.opened += b.opened
	a.cancelled, a.failed = a.cancelled+b.cancelled, a.failed+b.failed
	a.orphans, a.duplicates, a.lost, a.power = a.orphans+b.orphans, a.duplicates+b.duplicates, a.lost+b.lost, a.power+b.power
	a.unlike, a.notEmpty, a.unclean = a.unlike+b.unlike, a.notEmpty+b.notEmpty, a.unclean+b.unclean
	for name, n := range b.faults {
		a.faults[name] += n
	}
}

func (a *tally) wrong() int {
	return a.orphans + a.duplicates + a.lost + a.power + a.unlike + a.notEmpty + a.unclean
}

// injected is how many calls a fault of answers has hit.
func (a *tally) injected() (n int) {
	for _, f := range faults {
		n += a.faults[f.name]
	}
	return n
}

// String is the tally as a table.
func (a *tally) String() string {
	injected := a.injected()
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(what string, n int) { fmt.Fprintf(table, "%d\t %s\n", n, what) }
	row("lives", a.lives)
	row("rounds", a.rounds)
	row("actions", a.actions)
	row("accesses", a.opened)
	row("applies with faults that failed", a.failed)
	row("applies with faults that were cancelled", a.cancelled)
	row("calls while there were faults", a.calls)
	row(fmt.Sprintf("faults injected (%.1f %% of them)", 100*float64(injected)/float64(max(1, a.calls))), injected)
	for _, f := range faults {
		row("  "+f.name, a.faults[f.name])
	}
	for _, f := range failures {
		row("  "+f.name, a.faults[f.name])
	}
	row("orphans", a.orphans)
	row("duplicates", a.duplicates)
	row("lost", a.lost)
	row("wrong power state", a.power)
	row("not as configured", a.unlike)
	row("plans not empty", a.notEmpty)
	row("applies without faults that failed", a.unclean)
	_ = table.Flush() // into memory
	return text.String()
}
