package notebook

import (
	"reflect"
	"testing"
)

// Every default of the schema is known to the shortcut, whatever its type and
// wherever it is nested.
func TestDefaultValues(t *testing.T) {
	t.Parallel()
	var known func(d *defaultValues) int
	known = func(d *defaultValues) int {
		if d.each != nil {
			return known(d.each)
		}
		n := len(d.own)
		for _, inner := range d.nested {
			n += known(inner)
		}
		return n
	}
	want := countDefaults(reflect.ValueOf(resourceSchema()))
	if got := known(resourceDefaults()); got != want || want < 5 {
		t.Errorf("%d defaults are known, and the schema has %d", got, want)
	}
}

// countDefaults counts the fields of the name that are set, all the way down.
func countDefaults(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			n += countDefaults(v.Elem())
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			n += countDefaults(v.MapIndex(key))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch name := v.Type().Field(i).Name; {
			case name == "Default" && !v.Field(i).IsZero():
				n++
			case name == "Attributes", name == "Blocks", name == "NestedObject":
				n += countDefaults(v.Field(i))
			}
		}
	}
	return n
}
