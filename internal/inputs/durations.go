package inputs

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// spoken is a duration as people write it: "8 hours", "1d".
var spoken = regexp.MustCompile(`^(\d+)\s*([A-Za-z]+)$`)

// units are the words for units, with how many of which of Go's units they are.
var units = []struct {
	words []string
	times int
	unit  string
}{
	{[]string{"d", "day", "days"}, 24, "h"},
	{[]string{"w", "week", "weeks"}, 168, "h"},
	{[]string{"h", "hr", "hrs", "hour", "hours"}, 1, "h"},
	{[]string{"m", "min", "mins", "minute", "minutes"}, 1, "m"},
	{[]string{"s", "sec", "secs", "second", "seconds"}, 1, "s"},
}

// Duration reads a duration. The error ends a sentence that begins with the argument,
// and says how the same is written where that can be guessed.
func Duration(text, example string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	d, err := time.ParseDuration(text)
	switch {
	case text == "":
		return 0, fmt.Errorf(" is empty: write a duration, such as %s, or remove the argument", example)
	case err == nil && (d != 0 || strings.ContainsAny(text, "hmsuµn")):
		return d, nil
	}
	if n, e := strconv.ParseInt(text, 10, 64); e == nil {
		return 0, fmt.Errorf(" is %d, which has no unit: write a duration, such as %s", n, example)
	}
	if meant := meant(text); meant != "" {
		return 0, fmt.Errorf(" is %s, which is no duration: write \"%s\"", Quote(text), meant)
	}
	return 0, fmt.Errorf(" is %s, which is no duration: write hours, minutes and seconds as in %s", Quote(text), example)
}

// meant is a duration in Go's units, or empty.
func meant(text string) string {
	parts := spoken.FindStringSubmatch(text)
	if parts == nil {
		return ""
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return ""
	}
	for _, u := range units {
		for _, word := range u.words {
			if strings.EqualFold(word, parts[2]) {
				return strconv.Itoa(n*u.times) + u.unit
			}
		}
	}
	return ""
}

// Timeout returns a validator of durations above 0.
func Timeout() validator.String {
	const example = "30m"
	return String("Invalid timeout", "must be a duration above 0", func(text string) string {
		switch d, err := Duration(text, strconv.Quote(example)); {
		case err != nil:
			return err.Error()
		case d <= 0:
			return fmt.Sprintf(" is %s, which leaves no time: write a duration above 0, such as %q", Quote(text), example)
		default:
			return ""
		}
	})
}
