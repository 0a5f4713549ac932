package lifecycle_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
)

// Of an image that is left, exactly one deletes it: who takes it, or who withdraws it.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	var l lifecycle.Leftovers
	if l.Withdraw("n", "a") || len(l.Take("n")) != 0 {
		t.Error("nothing was left, and something is to be deleted")
	}
	l.Leave("n", lifecycle.Leftover{ID: "a"})
	l.Leave("n", lifecycle.Leftover{ID: "b"})
	l.Leave("other", lifecycle.Leftover{ID: "c"})
	if !l.Withdraw("n", "a") || l.Withdraw("n", "a") {
		t.Error("an image can be withdrawn once")
	}
	if taken := l.Take("n"); len(taken) != 1 || taken[0].ID != "b" {
		t.Errorf("taken were %v", taken)
	}
	if l.Withdraw("n", "b") || len(l.Take("n")) != 0 {
		t.Error("what was taken is still to be deleted")
	}
}
