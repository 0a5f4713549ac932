package notebook

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// formerKey is where the private state keeps what the state had before it took over
// what was changed elsewhere. A plan without changes accepts a configuration, and no
// apply remembers it: by these values it is known again. See
// design/0022-what-is-remembered-and-when.md.
const formerKey = "former"

// former are digests of values that the state had, by the path of the scalar or the
// list.
type former map[string][]string

// maxFormer is how many values of one path are kept, the latest ones.
const maxFormer = 8

// formerBy reads the former values.
func formerBy(ctx context.Context, private privateReader) former {
	if f := values.Noted[former](ctx, private, formerKey); f != nil {
		return f
	}
	return former{}
}

func (f former) write(ctx context.Context, private privateWriter) diag.Diagnostics {
	return values.Note(ctx, private, formerKey, f)
}

// noteFormer notes what a state had before it became another one without an apply.
func noteFormer(ctx context.Context, before privateReader, after privateWriter, was, is values.Value) diag.Diagnostics {
	f, fresh := formerBy(ctx, before), false
	for _, a := range arguments {
		for name, digest := range moved(&a, is, was) {
			f[name] = slices.DeleteFunc(f[name], func(d string) bool { return d == digest })
			f[name] = append(f[name], digest)
			f[name] = f[name][max(0, len(f[name])-maxFormer):]
			fresh = true
		}
	}
	if !fresh {
		return nil
	}
	return f.write(ctx, after)
}

// takenBack reports whether all that the plan changes of an argument was so in the
// state before it was changed elsewhere.
func (v *view) takenBack(where place) bool {
	a := row(where)
	if a == nil || v.same {
		return false
	}
	wanted := moved(a, v.state, v.plan)
	if len(wanted) == 0 {
		return false
	}
	f := formerBy(v.ctx, v.private)
	for name, digest := range wanted {
		if !slices.Contains(f[name], digest) {
			return false
		}
	}
	return true
}

// moved are the digests of what one value has of an argument otherwise than another.
func moved(a *argument, from, to values.Value) map[string]string {
	digests, old := leaves(a, to), leaves(a, from)
	none := values.Digest(values.Of(tftypes.NewValue(tftypes.String, nil)))
	for name, digest := range old {
		switch now, there := digests[name]; {
		case !there:
			digests[name] = none
		case now == digest:
			delete(digests, name)
		}
	}
	maps.DeleteFunc(digests, func(name, digest string) bool {
		_, there := old[name]
		return !there && digest == none
	})
	return digests
}

// leaves are the digests of the scalars and lists of an argument, by path, each in
// one spelling.
func leaves(a *argument, v values.Value) map[string]string {
	all := make(map[string]string)
	var walk func(string, values.Value)
	walk = func(name string, v values.Value) {
		elements := v.Elements()
		if v.IsSet() && (v.Type().Is(tftypes.Object{}) || v.Type().Is(tftypes.Map{})) {
			for key, element := range elements {
				walk(name+"."+strings.TrimRight(key, "/"), element)
			}
			return
		}
		if v.IsNull() {
			return
		}
		all[name] = values.Digest(a.spelled(v))
	}
	walk(a.at.String(), canonical(v.At(a.at...), ""))
	return all
}

// spelled is a value of the argument in one spelling.
func (a *argument) spelled(v values.Value) values.Value {
	if a.spelling == nil || !v.IsSet() || !v.Type().Is(tftypes.String) {
		return v
	}
	text := strings.ToLower(v.Text())
	if d, err := parseLease(text); a.at.is(atLease) && err == nil {
		text = d.String()
	}
	return values.Of(tftypes.NewValue(tftypes.String, text))
}
