package notebook

import (
	"fmt"
	"strconv"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
)

// parseLease reads a duration as users write it: a Go duration ("8h", "90m")
// or a whole number of milliseconds, as the API counts.
func parseLease(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if ms, e := strconv.ParseInt(text, 10, 64); e == nil {
		d, err = time.Duration(ms)*time.Millisecond, nil
		if ms > lifecycle.MaxLease.Milliseconds() || ms < 0 {
			// Out of range anyway; multiplied it could overflow into the range.
			d = -1
		}
	}
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration: write hours or minutes, such as \"8h\" or \"90m\", or a whole number of milliseconds", text)
	}
	if d < lifecycle.MinLease || d > lifecycle.MaxLease {
		return 0, fmt.Errorf("%q is outside of what the service takes, 1h to 72h (3600000 to 259200000 milliseconds)", text)
	}
	return d.Truncate(time.Millisecond), nil
}

// formatLease writes a duration in the shortest of the forms that parseLease
// reads without loss.
func formatLease(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	default:
		return strconv.FormatInt(d.Milliseconds(), 10)
	}
}

// sameLease says whether two spellings mean the same duration.
func sameLease(a, b string) bool {
	x, errX := parseLease(a)
	y, errY := parseLease(b)
	return errX == nil && errY == nil && x == y
}
