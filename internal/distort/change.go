package distort

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// eachParent calls f for each object that holds the last step of a path, with
// the name of that step.
func eachParent(value any, path string, f func(parent map[string]any, name string)) {
	parent, ok := value.(map[string]any)
	if !ok {
		return
	}
	step, rest, more := strings.Cut(path, ".")
	if !more {
		f(parent, step)
		return
	}
	name, isList := strings.CutSuffix(step, "[]")
	if !isList {
		eachParent(parent[name], rest, f)
		return
	}
	elements, _ := parent[name].([]any)
	for _, element := range elements {
		eachParent(element, rest, f)
	}
}

// change does to a notebook what a distortion says, but for a delay, and reports
// whether anything has changed.
func (d Distortion) change(notebook map[string]any) bool {
	changed := false
	eachParent(notebook, d.Member, func(parent map[string]any, name string) {
		value, there := parent[name]
		if !there {
			return
		}
		switch d.Kind {
		case Drop:
			delete(parent, name)
		case Rename:
			delete(parent, name)
			parent[renamed(name)] = value
		case Null:
			parent[name] = nil
		case Retype:
			parent[name] = retyped(value)
		default:
			spelled := respelled(value, d.Kind)
			if same(spelled, value) {
				return
			}
			parent[name] = spelled
		}
		changed = true
	})
	return changed
}

// retyped is a value of another JSON type: it holds the same where a text can hold it.
func retyped(value any) any {
	switch value := value.(type) {
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	case []any:
		return map[string]any{}
	default:
		return []any{}
	}
}

// respelled is a value in another spelling; each element, where it is a list.
func respelled(value any, kind Kind) any {
	switch value := value.(type) {
	case string:
		if kind == Empty {
			return ""
		}
		return respelledText(value, kind)
	case json.Number:
		if kind == Empty {
			return json.Number("0")
		}
	case map[string]any:
		if kind == Empty {
			return map[string]any{}
		}
	case []any:
		other := slices.Clone(value)
		switch kind {
		case Empty:
			return []any{}
		case Reorder:
			slices.Reverse(other)
			return other
		}
		for i, element := range other {
			if text, ok := element.(string); ok {
				other[i] = respelledText(text, kind)
			}
		}
		return other
	}
	return value
}

func respelledText(text string, kind Kind) string {
	if text == "" {
		return text
	}
	switch kind {
	case Case:
		if lower := strings.ToLower(text); lower != text {
			return lower
		}
		return strings.ToUpper(text)
	case Slash:
		if shorter, had := strings.CutSuffix(text, "/"); had {
			return shorter
		}
		return text + "/"
	case Category:
		if other := map[string]string{"OBS": "OBSFS", "OBSFS": "OBS", "EFS": "SFS"}[text]; other != "" {
			return other
		}
	case Block:
		switch {
		case strings.Contains(text, "/"):
		case strings.Contains(text, ":"):
			return text + "/128"
		default:
			return text + "/32"
		}
	}
	return text
}

// same compares two JSON values.
func same(a, b any) bool {
	one, errOne := json.Marshal(a)
	other, errOther := json.Marshal(b)
	return errOne == nil && errOther == nil && bytes.Equal(one, other)
}
