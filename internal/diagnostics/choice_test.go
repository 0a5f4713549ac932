package diagnostics_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
)

func TestNoneFits(t *testing.T) {
	t.Parallel()
	candidates := []diagnostics.Candidate{
		{Name: "far", Why: []string{"is far"}, Distance: 3},
		{Name: "first", Why: []string{"is sold out", "is small"}, Distance: 1},
		{Name: "second", Why: []string{"is sold out"}, Distance: 1},
		{Name: "nearest", Why: []string{"is a little small"}, Distance: 0.5},
		{Name: "third", Why: []string{"is sold out"}, Distance: 1},
		{Name: "fourth", Why: []string{"is sold out"}, Distance: 1},
	}
	want := "no flavors fit. The nearest of 6, each with what excludes it:\n" +
		"  - nearest: is a little small\n" +
		"  - first: is sold out; is small\n" +
		"  - second: is sold out\n" +
		"  - third: is sold out\n" +
		"  - fourth: is sold out\n" +
		"\nAsk for less."
	if got := diagnostics.NoneFits("flavors", "Ask for less.", candidates).Error(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	want = "the service lists no flavors for the arguments that it filters by, such as type. Remove these one after the other to find out which of them excludes all"
	if got := diagnostics.NoneFits("flavors", "Check the region.", nil).Error(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
