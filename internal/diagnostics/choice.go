package diagnostics

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// shownCandidates is how many of those that do not fit an error lists.
const shownCandidates = 5

// Candidate is one of several to choose from that does not fit.
type Candidate struct {
	// Name is how the user knows it.
	Name string
	// Why holds the conditions that exclude it, at least one.
	Why []string
	// Distance says how far it is from what was asked for.
	Distance float64
}

// NoneFits is the error of a choice for which nothing fits. It lists the nearest
// candidates, each with the conditions that exclude it; those at the same
// distance stay in the order that they are given in. Objects is their plural,
// and advice says where to look.
func NoneFits(objects, advice string, candidates []Candidate) error {
	if len(candidates) == 0 {
		return fmt.Errorf("the service lists no %s for the arguments that it filters by, such as type. Remove these one after the other to find out which of them excludes all", objects)
	}
	nearest := slices.SortedStableFunc(slices.Values(candidates), func(a, b Candidate) int {
		return cmp.Compare(a.Distance, b.Distance)
	})
	var text strings.Builder
	fmt.Fprintf(&text, "no %s fit. The nearest of %d, each with what excludes it:\n", objects, len(candidates))
	// Terraform leaves lines as they are that begin with a space.
	for _, c := range nearest[:min(len(nearest), shownCandidates)] {
		fmt.Fprintf(&text, "  - %s: %s\n", c.Name, strings.Join(c.Why, "; "))
	}
	text.WriteString("\n" + advice)
	return errors.New(text.String())
}
