package notebook

import (
	"fmt"
	"strconv"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
)

// parseLease reads a duration as users write it: a Go duration ("8h", "90m")
// or a whole number of milliseconds, as the API counts. The error ends a sentence
// that begins with the argument.
func parseLease(text string) (time.Duration, error) {
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return leaseOfMilliseconds(ms)
	}
	d, err := inputs.Duration(text, `"8h"`)
	if err != nil {
		return 0, err
	}
	if d < lifecycle.MinLease || d > lifecycle.MaxLease {
		return 0, fmt.Errorf(" is %s, and the service takes \"1h\" to \"72h\": write a duration in that range", inputs.Quote(text))
	}
	return d.Truncate(time.Millisecond), nil
}

// leaseOfMilliseconds reads a bare number. A small one is meant otherwise.
func leaseOfMilliseconds(ms int64) (time.Duration, error) {
	switch least, most := lifecycle.MinLease.Milliseconds(), lifecycle.MaxLease.Milliseconds(); {
	case ms >= least && ms <= most:
		return time.Duration(ms) * time.Millisecond, nil
	case ms >= 1 && ms <= 72:
		return 0, fmt.Errorf(" is %d, and a number without a unit counts as milliseconds: write \"%dh\" for hours", ms, ms)
	default:
		return 0, fmt.Errorf(" is %d, and a number without a unit counts as milliseconds, %d to %d: write a duration with its unit, \"1h\" to \"72h\"", ms, least, most)
	}
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
