// Package inputs checks what a configuration holds, for the provider block and all
// objects: look.go before the framework reads it, the rest as its validators.
//
// A message names the argument, what is wrong, and what would be right. It shows a
// value only where that is a name of a list, a number or a duration: any argument
// can be given a sensitive value, and Terraform does not hide those in the messages
// of a provider. See design/0023-what-a-message-shows.md.
package inputs

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// withoutElements returns the path of an argument as a person writes it, without the
// elements of sets: their paths hold their values.
func withoutElements(where path.Path) path.Path {
	steps := where.Steps()
	for i, step := range steps {
		if _, ofSet := step.(path.PathStepElementKeyValue); ofSet {
			for range len(steps) - i {
				where = where.ParentPath()
			}
			return where
		}
	}
	return where
}

// stringRule is a validator of strings.
type stringRule struct {
	summary, description string
	// check returns what is wrong with a string, as the end of a sentence that
	// begins with the argument; empty: nothing.
	check func(text string) string
}

// String returns a validator of strings. The check returns what is wrong, as the end
// of a sentence that begins with the argument, or "".
func String(summary, description string, check func(text string) string) validator.String {
	return stringRule{summary, description, check}
}

func (r stringRule) Description(context.Context) string { return r.description }

func (r stringRule) MarkdownDescription(context.Context) string { return r.description }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	wrong := r.check(req.ConfigValue.ValueString())
	if wrong == "" {
		return
	}
	where := withoutElements(req.Path)
	subject := "Attribute " + where.String()
	if !where.Equal(req.Path) {
		subject = "An element of " + where.String()
	}
	resp.Diagnostics.AddAttributeError(where, r.summary, subject+wrong+".")
}

// OneOf returns a validator that takes the names of a list, in any letter case.
func OneOf(names ...string) validator.String {
	rule := "must be " + alternatives(names) + ", in any letter case"
	return String("Not one of the values that exist", rule, func(text string) string {
		if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, text) }) {
			return ""
		}
		return fmt.Sprintf(" is %s: it %s", Quote(text), rule)
	})
}

// alternatives enumerates names in a sentence: "A, B or C".
func alternatives(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// maxQuoted is the length, in characters, that Quote cuts a text at.
const maxQuoted = 40

// Quote quotes a text, shortened.
func Quote(text string) string {
	if runes := []rune(text); len(runes) > maxQuoted {
		text = string(runes[:maxQuoted-1]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// Matches returns a validator that takes what a pattern matches. The rule ends a
// sentence that begins with the argument: "must be a UUID". An empty text is left to
// Length and NotEmpty.
func Matches(pattern *regexp.Regexp, rule string) validator.String {
	return String("Invalid value", rule, func(text string) string {
		if text == "" || pattern.MatchString(text) {
			return ""
		}
		return " " + rule
	})
}

// Without returns a validator that refuses what a pattern matches.
func Without(pattern *regexp.Regexp, rule string) validator.String {
	return String("Invalid value", rule, func(text string) string {
		if !pattern.MatchString(text) {
			return ""
		}
		return " " + rule
	})
}

var control = regexp.MustCompile(`\p{Cc}`)

const noControl = "must not contain line ends or other control characters: trimspace(...) removes those at its ends"

// OneLine returns a validator that refuses line ends and other control characters, such as
// the line end of a file that was read into the argument.
func OneLine() validator.String { return Without(control, noControl) }

// Length returns a validator that takes texts of so many characters.
func Length(least, most int) validator.String {
	rule := fmt.Sprintf("must have %d to %d characters", least, most)
	if least == 0 {
		rule = fmt.Sprintf("must have at most %d characters", most)
	}
	return String("Too short or too long", rule, func(text string) string {
		n := utf8.RuneCountInString(text)
		switch {
		case n == 0 && least > 0:
			return empty
		case n < least || n > most:
			return fmt.Sprintf(" has %d characters: it %s", n, rule)
		default:
			return ""
		}
	})
}

const empty = " is empty: write a value or, to have none, remove the argument or set it to null"

// NotEmpty returns a validator that refuses an empty text.
func NotEmpty() validator.String {
	return String("Empty value", "must not be empty", func(text string) string {
		if text == "" {
			return empty
		}
		return ""
	})
}

// Text returns a validator that takes one line that is not empty.
func Text() validator.String { return stringvalidator.All(NotEmpty(), OneLine()) }
