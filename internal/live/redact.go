package live

import (
	"regexp"
	"slices"
	"strings"
)

// secrets are the texts that no output holds.
type secrets struct{ texts []string }

// secretMembers are the members of answers whose values are secret, or say whose
// account it is.
var secretMembers = []string{"token", "url", "user_id", "domain_id", "project_id", "user_name", "script", "dew_secret_name"}

// learn takes what is secret out of an answer.
func (s *secrets) learn(value any) {
	switch value := value.(type) {
	case object:
		for name, member := range value {
			if found, isText := member.(string); isText && (slices.Contains(secretMembers, name) || isPerson(name)) {
				s.add(found)
			}
			if name == "user" || name == "domain" {
				s.add(text(member, "id"))
				s.add(text(member, "name"))
			}
			s.learn(member)
		}
	case []any:
		for _, element := range value {
			s.learn(element)
		}
	}
}

func isPerson(member string) bool {
	return strings.HasSuffix(member, "_user") || strings.HasSuffix(member, "_account")
}

// minSecret is the length below which a text is a word like others.
const minSecret = 6

func (s *secrets) add(text string) {
	if len(text) >= minSecret && !slices.Contains(s.texts, text) {
		s.texts = append(s.texts, text)
	}
}

// scrub takes what is secret out of a text.
func (s *secrets) scrub(text string) string {
	for _, secret := range s.texts {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return text
}

// word is a value that is safe to print: one of an enumeration.
var word = regexp.MustCompile(`^[A-Za-z_]{1,24}(\d{1,2}(_64)?)?$`)

// shown is a value of an answer as a report shows it: a word, or only its kind.
func shown(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case string:
		if value == "" || word.MatchString(value) {
			return `"` + value + `"`
		}
		return "another text"
	case []any:
		var parts []string
		for _, element := range value {
			parts = append(parts, shown(element))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		return "an object"
	}
	return "another value"
}
