package notebook

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
)

// suggestions is how many alternatives an error names.
const suggestions = 3

// alternatives names flavors that are not sold out, of at least the size, that
// suit the same image and disk; the smallest first.
func alternatives(category string, wanted size, sizes []size) string {
	var fit []size
	for _, s := range sizes {
		if !s.soldOut && (category == "" || s.worksWith(category)) && strings.EqualFold(s.arch, wanted.arch) && strings.EqualFold(s.category, wanted.category) &&
			s.vcpus >= wanted.vcpus && s.memory >= wanted.memory && s.cards >= wanted.cards {
			fit = append(fit, s)
		}
	}
	if len(fit) == 0 {
		return " No other flavor of at least its size has any either: choose a smaller one, or try again later."
	}
	slices.SortFunc(fit, func(a, b size) int {
		return cmp.Or(cmp.Compare(a.cards, b.cards), cmp.Compare(a.vcpus, b.vcpus), cmp.Compare(a.memory, b.memory), cmp.Compare(a.id, b.id))
	})
	return " Of at least its size, and not sold out: " + diagnostics.Enumerate(ids(fit[:min(len(fit), suggestions)]), "") + "."
}

// closest names the flavors whose names are most like one that does not exist.
func closest(id string, sizes []size) string {
	if len(sizes) == 0 {
		return " It lists none at all, so the service may still accept it."
	}
	sorted := slices.Clone(sizes)
	slices.SortStableFunc(sorted, func(a, b size) int {
		return cmp.Or(cmp.Compare(levenshtein.Distance(id, a.id, nil), levenshtein.Distance(id, b.id, nil)), cmp.Compare(a.id, b.id))
	})
	return " The closest names are " + diagnostics.Enumerate(ids(sorted[:min(len(sorted), suggestions)]), "") + "."
}

func ids(sizes []size) []string {
	names := make([]string, len(sizes))
	for i, s := range sizes {
		names[i] = s.id
	}
	return names
}
