package moves

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// Object has the attributes of an old state, as they are in its JSON. The releases of the
// vendor's provider differ in them, and it writes "", 0, [] and null for what is not set:
// all of them mean none here, as an attribute that is not there does. What has another
// type than is asked for is read where it can mean the same, and is none otherwise.
type Object map[string]any

// objectOf reads the attributes of a state.
func objectOf(state *tfprotov6.RawState) (Object, error) {
	if state == nil || len(state.JSON) == 0 {
		return nil, errNoState
	}
	decoder := json.NewDecoder(bytes.NewReader(state.JSON))
	decoder.UseNumber()
	var o Object
	if err := decoder.Decode(&o); err != nil {
		return nil, fmt.Errorf("it is not a JSON object: %w", err)
	}
	if o == nil {
		return nil, errNoState
	}
	return o, nil
}

// Text is a text; empty: none. Numbers and booleans are taken as they are written.
func (o Object) Text(name string) string { return text(o[name]) }

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	default:
		return ""
	}
}

// String is Text as Terraform's type; null: none.
func (o Object) String(name string) types.String {
	if text := o.Text(name); text != "" {
		return types.StringValue(text)
	}
	return types.StringNull()
}

// Int is a whole number above 0; null: none.
func (o Object) Int(name string) types.Int64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(o.Text(name)), 64)
	if err != nil || n < 1 || n != math.Trunc(n) || n > math.MaxInt32 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(n))
}

// False reports whether a boolean is there and false: also as a text, as the vendor's
// provider writes some.
func (o Object) False(name string) bool { return strings.EqualFold(o.Text(name), "false") }

// Texts are the texts of a list, without empty ones. A text by itself is a list of one.
func (o Object) Texts(name string) []string {
	list, is := o[name].([]any)
	if !is {
		list = []any{o[name]}
	}
	var texts []string
	for _, v := range list {
		if text := text(v); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Map is a map of texts. An element that is null is an empty text.
func (o Object) Map(name string) map[string]string {
	elements, is := o[name].(map[string]any)
	if !is {
		return nil
	}
	texts := make(map[string]string, len(elements))
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		switch v := elements[key].(type) {
		case []any, map[string]any: // no text
		default:
			texts[key] = text(v)
		}
	}
	return texts
}

// Block is the first object of a list, as a state has a block, or an object by itself;
// nil: none.
func (o Object) Block(name string) Object {
	switch v := o[name].(type) {
	case map[string]any:
		return v
	case []any:
		for _, element := range v {
			if block, is := element.(map[string]any); is {
				return block
			}
		}
	}
	return nil
}

// vendorTime is how the vendor's provider writes the times of notebooks.
const vendorTime = "2006-01-02 15:04:05 MST"

// Time is a time, in RFC 3339 and UTC; null: none. A zone that is not known is taken for
// UTC.
func (o Object) Time(name string) timetypes.RFC3339 {
	for _, layout := range []string{vendorTime, time.RFC3339} {
		if at, err := time.ParseInLocation(layout, o.Text(name), time.UTC); err == nil {
			return timetypes.NewRFC3339TimeValue(at.UTC())
		}
	}
	return timetypes.NewRFC3339Null()
}

// Write writes the attributes of the new state, and its timeouts as the old state has
// them. What is not named is null.
func (o Object) Write(ctx context.Context, attributes map[string]any, resp *resource.MoveStateResponse) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root(name), attributes[name])...)
	}
	limits, some := o.timeouts(resp.TargetState.Raw.Type())
	if !some || resp.Diagnostics.HasError() {
		return
	}
	resp.TargetState.Raw = values.Of(resp.TargetState.Raw).With(limits, "timeouts").Value
}

// timeouts are the limits of time that a type of states has and the old state sets.
func (o Object) timeouts(state tftypes.Type) (limits tftypes.Value, some bool) {
	t, is := values.Of(tftypes.NewValue(state, nil)).At("timeouts").Type().(tftypes.Object)
	old := o.Block("timeouts")
	if !is || old == nil {
		return tftypes.Value{}, false
	}
	members := make(map[string]tftypes.Value)
	for name := range t.AttributeTypes {
		members[name] = tftypes.NewValue(tftypes.String, nil)
		if text := old.Text(name); text != "" {
			members[name], some = tftypes.NewValue(tftypes.String, text), true
		}
	}
	return tftypes.NewValue(t, members), some
}
