package inputs

import "testing"

// A duration that is written otherwise is answered with how it is written.
func TestDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"8h": "", "90m": "", "1h30m": "", "0s": "",
		"8 hours": ` is "8 hours", which is no duration: write "8h"`,
		"1d":      ` is "1d", which is no duration: write "24h"`,
		"2 Weeks": ` is "2 Weeks", which is no duration: write "336h"`,
		"90 min":  ` is "90 min", which is no duration: write "90m"`,
		"0":       ` is 0, which has no unit: write a duration, such as "8h"`,
		"30":      ` is 30, which has no unit: write a duration, such as "8h"`,
		"soon":    ` is "soon", which is no duration: write hours, minutes and seconds as in "8h"`,
		"":        ` is empty: write a duration, such as "8h", or remove the argument`,
	} {
		got := ""
		if _, err := Duration(text, `"8h"`); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
