package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// reader takes the members out of a JSON object, one by one. It keeps the
// first thing that is wrong, so that a whole request can be read before the
// question whether it was right. Names are compared exactly, unlike in
// encoding/json; null is the same as absent; what is not asked for is ignored.
type reader struct {
	path    string
	members map[string]any
	problem **problem
}

// readBody reads the body of a request, which must be an object.
func readBody(body []byte) (*reader, *problem) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, refusal("ModelArts.6400", "The request payload is not JSON.")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, refusal("ModelArts.6400", "The request payload is more than one JSON value.")
	}
	members, isObject := value.(map[string]any)
	if !isObject {
		return nil, refusal("ModelArts.6400", "The request payload is not an object.")
	}
	return &reader{members: members, problem: new(*problem)}, nil
}

// readOptionalBody is readBody for a body that can be absent.
func readOptionalBody(body []byte) (*reader, *problem) {
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}")
	}
	return readBody(body)
}

func (r *reader) fail(p *problem) {
	if *r.problem == nil {
		*r.problem = p
	}
}

// failure is the first thing that was wrong.
func (r *reader) failure() *problem { return *r.problem }

func (r *reader) name(member string) string {
	if r.path == "" {
		return member
	}
	return r.path + "." + member
}

// has reports whether a member is there.
func (r *reader) has(member string) bool { return r.members[member] != nil }

// require complains when one of the members is absent or empty.
func (r *reader) require(members ...string) {
	for _, member := range members {
		if value := r.members[member]; value == nil || value == "" {
			r.fail(refusal("ModelArts.6335", fmt.Sprintf("The parameter %s is required.", r.name(member))))
		}
	}
}

func (r *reader) wrongType(member, want string) {
	r.fail(refusal("ModelArts.6332", fmt.Sprintf("The parameter %s must be %s.", r.name(member), want)))
}

func (r *reader) wrongValue(member, rule string) {
	r.fail(refusal("ModelArts.6336", fmt.Sprintf("The value of the parameter %s is invalid: %s.", r.name(member), rule)))
}

// text reads a string; nil when there is none.
func (r *reader) text(member string) *string {
	value := r.members[member]
	if value == nil {
		return nil
	}
	text, isText := value.(string)
	if !isText {
		r.wrongType(member, "a string")
		return nil
	}
	return &text
}

// textOr is text with a default.
func (r *reader) textOr(member, absent string) string {
	if text := r.text(member); text != nil {
		return *text
	}
	return absent
}

// enum reads one of the values, in upper case or lower, and returns it in
// upper case. Empty counts as absent, as clients send it so.
func (r *reader) enum(member, absent string, values ...string) string {
	given := r.textOr(member, "")
	if given == "" {
		return absent
	}
	upper := strings.ToUpper(given)
	if !slices.Contains(values, upper) || given != upper && given != strings.ToLower(given) {
		r.wrongValue(member, "it is none of "+strings.Join(values, ", "))
	}
	return upper
}

// exactEnum is enum for values in one letter case.
func (r *reader) exactEnum(member, absent string, values ...string) string {
	given := r.textOr(member, "")
	if given == "" {
		return absent
	}
	if !slices.Contains(values, given) {
		r.wrongValue(member, "it is none of "+strings.Join(values, ", "))
	}
	return given
}

// integer reads a whole number; nil when there is none.
func (r *reader) integer(member string) *int64 {
	value := r.members[member]
	if value == nil {
		return nil
	}
	number, isNumber := value.(json.Number)
	if isNumber {
		if whole, err := number.Int64(); err == nil {
			return &whole
		}
	}
	r.wrongType(member, "an integer")
	return nil
}

// number reads a number; nil when there is none.
func (r *reader) number(member string) *float64 {
	value := r.members[member]
	if value == nil {
		return nil
	}
	number, isNumber := value.(json.Number)
	if isNumber {
		if float, err := number.Float64(); err == nil {
			return &float
		}
	}
	r.wrongType(member, "a number")
	return nil
}

// truth reads a boolean that is false by default.
func (r *reader) truth(member string) bool {
	value := r.members[member]
	if value == nil {
		return false
	}
	truth, isTruth := value.(bool)
	if !isTruth {
		r.wrongType(member, "a boolean")
	}
	return truth
}

// list reads an array; nil when there is none.
func (r *reader) list(member string) []any {
	value := r.members[member]
	if value == nil {
		return nil
	}
	list, isList := value.([]any)
	if !isList {
		r.wrongType(member, "an array")
		return nil
	}
	return list
}

// texts reads an array of strings; nil when there is none.
func (r *reader) texts(member string) []string {
	var texts []string
	for _, element := range r.list(member) {
		text, isText := element.(string)
		if !isText {
			r.wrongType(member, "an array of strings")
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

// object reads an object; nil when there is none.
func (r *reader) object(member string) *reader {
	value := r.members[member]
	if value == nil {
		return nil
	}
	members, isObject := value.(map[string]any)
	if !isObject {
		r.wrongType(member, "an object")
		return nil
	}
	return &reader{path: r.name(member), members: members, problem: r.problem}
}

// objects reads an array of objects.
func (r *reader) objects(member string) []*reader {
	var objects []*reader
	for i, element := range r.list(member) {
		members, isObject := element.(map[string]any)
		if !isObject {
			r.wrongType(member, "an array of objects")
			return nil
		}
		objects = append(objects, &reader{
			path: fmt.Sprintf("%s[%d]", r.name(member), i), members: members, problem: r.problem,
		})
	}
	return objects
}

// queryInt reads a whole number of the query, or returns what stands for an
// absent one.
func queryInt(query url.Values, name string, absent int64) (int64, *problem) {
	text := query.Get(name)
	if text == "" {
		return absent, nil
	}
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, refusal("ModelArts.6332", fmt.Sprintf("The parameter %s must be an integer.", name))
	}
	return value, nil
}

// queryBool reads a boolean of the query.
func queryBool(query url.Values, name string, absent bool) (bool, *problem) {
	switch strings.ToLower(query.Get(name)) {
	case "":
		return absent, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, refusal("ModelArts.6332", fmt.Sprintf("The parameter %s must be a boolean.", name))
}

// queryEnum reads one of the values of the query.
func queryEnum(query url.Values, name, absent string, values ...string) (string, *problem) {
	given := query.Get(name)
	if given == "" {
		return absent, nil
	}
	if !slices.Contains(values, given) {
		return "", refusal("ModelArts.6336", fmt.Sprintf("The value of the parameter %s is none of %s.", name, strings.Join(values, ", ")))
	}
	return given, nil
}

// unmarshalKnown unmarshals an object of a control path. A member that nothing
// reads is a slip, and is refused.
func unmarshalKnown(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
