package modelarts

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// unmarshal reads an answer. A member of another JSON type than the contract has for it is
// read as that type, such as "10" as 10. What cannot be read so counts as absent: one odd
// member does not make a notebook unreadable, and so does not cost what else the answer holds.
func unmarshal(data []byte, result any) error {
	err := json.Unmarshal(data, result)
	if !errors.As(err, new(*json.UnmarshalTypeError)) {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return err
	}
	into := reflect.ValueOf(result).Elem()
	value, fits := fit(value, into.Type())
	if !fits {
		return err
	}
	fitted, e := json.Marshal(value)
	if e != nil {
		return err
	}
	into.SetZero()
	return json.Unmarshal(fitted, result)
}

// fit brings a decoded value to the JSON type that a Go type is read from, and reports whether
// it can be. Of an object, the members that cannot be are removed; a list of which an entry
// cannot be is none, because a shorter list would look like a removal.
func fit(value any, as reflect.Type) (any, bool) {
	if value == nil {
		return nil, true
	}
	if reflect.PointerTo(as).Implements(reflect.TypeFor[json.Unmarshaler]()) && as.Kind() != reflect.Struct {
		return value, true // it reads what there is
	}
	switch as.Kind() {
	case reflect.Pointer:
		return fit(value, as.Elem())
	case reflect.Struct:
		return fitObject(value, as)
	case reflect.Slice:
		return fitList(value, as.Elem())
	case reflect.String:
		text, is := fitString(value)
		return text, is
	case reflect.Bool:
		return fitBool(value)
	case reflect.Int, reflect.Int32, reflect.Int64:
		whole, is := fitNumber(value)
		return int64(whole), is
	case reflect.Float64:
		n, is := fitNumber(value)
		return n, is
	default:
		return value, true
	}
}

func fitObject(value any, as reflect.Type) (any, bool) {
	object, is := value.(map[string]any)
	if !is {
		return nil, false
	}
	for _, field := range reflect.VisibleFields(as) {
		of, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		for name, member := range object {
			if field.Anonymous || !strings.EqualFold(name, of) { // json.Unmarshal takes any letter case
				continue
			}
			if fitted, fits := fit(member, field.Type); fits {
				object[name] = fitted
			} else {
				delete(object, name)
			}
		}
	}
	return object, true
}

func fitList(value any, of reflect.Type) (any, bool) {
	list, is := value.([]any)
	if text, one := value.(string); one && of.Kind() == reflect.String {
		return splitList(text), true
	}
	if !is {
		return nil, false
	}
	for i, entry := range list {
		fitted, fits := fit(entry, of)
		if !fits {
			return nil, false
		}
		list[i] = fitted
	}
	return list, true
}

func fitString(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	default:
		return "", false
	}
}

func fitBool(value any) (any, bool) {
	switch value := value.(type) {
	case bool:
		return value, true
	case string:
		b, err := strconv.ParseBool(strings.ToLower(value))
		return b, err == nil
	case json.Number:
		b, err := strconv.ParseBool(value.String())
		return b, err == nil
	default:
		return nil, false
	}
}

// fitNumber reads a number. One that is too large to be exact is none.
func fitNumber(value any) (float64, bool) {
	text, is := fitString(value)
	if !is {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return n, err == nil && math.Abs(n) < 1<<53
}
