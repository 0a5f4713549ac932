package acctest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// With is a copy of arguments, which are HCL, with some of them set or, where the value is
// empty, removed.
func With[M ~map[string]string](arguments, changes M) M {
	merged := make(M, len(arguments)+len(changes))
	maps.Copy(merged, arguments)
	maps.Copy(merged, changes)
	maps.DeleteFunc(merged, func(_, v string) bool { return v == "" })
	return merged
}

// Block writes a resource in HCL. The volume of a notebook becomes a block.
func Block(resource, label string, arguments map[string]string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "resource %q %q {\n", resource, label)
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if name == "volume" {
			inside := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(arguments[name]), "{"), "}")
			fmt.Fprintf(&text, "  volume {\n%s\n  }\n", strings.ReplaceAll(inside, ",", "\n"))
			continue
		}
		fmt.Fprintf(&text, "  %s = %s\n", name, arguments[name])
	}
	text.WriteString("}\n")
	return text.String()
}
