package notebook

import "reflect"

// Row is a row of the table of arguments, for the tests from outside.
type Row struct {
	Place    []string
	Replaces bool
}

// Rows is the table of arguments.
func Rows() []Row {
	rows := make([]Row, len(arguments))
	for i, a := range arguments {
		rows[i] = Row{Place: a.at, Replaces: a.effect == replaces}
	}
	return rows
}

// ModelAttributes are the attributes that resource and data sources have in
// common.
func ModelAttributes() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[model]()) {
		if name := f.Tag.Get("tfsdk"); name != "" {
			names = append(names, name)
		}
	}
	return names
}
