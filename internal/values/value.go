// Package values works with Terraform values, for all object packages: value.go
// on values as they are sent, typed.go on the framework's types.
package values

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Value is a Terraform value with look-ups by name, which walk no schema and copy
// nothing. Reading a member of an object that is unknown gives an unknown value,
// and of one that is null a null value.
type Value struct{ tftypes.Value }

// Of returns the value of a configuration, a plan or a state.
func Of(v tftypes.Value) Value { return Value{v} }

// At returns the attribute or the map element at the end of the names.
func (v Value) At(names ...string) Value {
	for _, name := range names {
		v = v.member(name)
	}
	return v
}

func (v Value) member(name string) Value {
	if !v.IsKnown() {
		return Value{tftypes.NewValue(memberType(v.Type(), name), tftypes.UnknownValue)}
	}
	if member, there := v.members()[name]; there {
		return Value{member}
	}
	return Value{tftypes.NewValue(memberType(v.Type(), name), nil)}
}

func memberType(t tftypes.Type, name string) tftypes.Type {
	switch t := t.(type) {
	case tftypes.Object:
		if member, there := t.AttributeTypes[name]; there {
			return member
		}
	case tftypes.Map:
		return t.ElementType
	}
	return tftypes.DynamicPseudoType
}

// members are the attributes of an object or the elements of a map; nil for all
// other values. The map is shared: do not change it.
func (v Value) members() map[string]tftypes.Value {
	var members map[string]tftypes.Value
	if v.IsSet() && (v.Type().Is(tftypes.Object{}) || v.Type().Is(tftypes.Map{})) && v.As(&members) == nil {
		return members
	}
	return nil
}

// list are the elements of a list, a set or a tuple; nil for all other values.
func (v Value) list() []tftypes.Value {
	switch v.Type().(type) {
	case tftypes.List, tftypes.Set, tftypes.Tuple:
	default:
		return nil // As would say so in an error, which takes long to make
	}
	var elements []tftypes.Value
	if v.IsKnown() && v.As(&elements) == nil {
		return elements
	}
	return nil
}

// Elements returns the elements of a map, or the attributes of an object; it is
// empty when the value is null or unknown.
func (v Value) Elements() map[string]Value {
	members := v.members()
	elements := make(map[string]Value, len(members))
	for name, member := range members {
		elements[name] = Value{member}
	}
	return elements
}

// Keys returns the sorted keys of Elements.
func (v Value) Keys() []string { return slices.Sorted(maps.Keys(v.members())) }

// Text returns a string; empty when the value is null, unknown or no string.
func (v Value) Text() string {
	var s string
	if !v.IsKnown() || v.As(&s) != nil {
		return ""
	}
	return s
}

// True reports whether a boolean is known and true.
func (v Value) True() bool {
	var b bool
	return v.IsSet() && v.As(&b) == nil && b
}

// False reports whether a boolean is known and false; null is not.
func (v Value) False() bool {
	var b bool
	return v.IsSet() && v.As(&b) == nil && !b
}

// Int returns a whole number; zero when the value is null, unknown or no number.
func (v Value) Int() int64 {
	var f big.Float
	if !v.IsSet() || v.As(&f) != nil {
		return 0
	}
	n, _ := f.Int64()
	return n
}

// IsSet reports whether the value is known and not null.
func (v Value) IsSet() bool { return v.IsKnown() && !v.IsNull() }

// With returns a copy in which the value at the end of the names is replaced.
// Objects on the way that are null or unknown become objects in which all else is
// null.
func (v Value) With(replacement tftypes.Value, names ...string) Value {
	if len(names) == 0 {
		return Value{replacement}
	}
	members := maps.Clone(v.members())
	if object, ok := v.Type().(tftypes.Object); ok && len(members) == 0 { // null has no members either
		members = make(map[string]tftypes.Value, len(object.AttributeTypes))
		for name, t := range object.AttributeTypes {
			members[name] = tftypes.NewValue(t, nil)
		}
	}
	if members == nil {
		members = make(map[string]tftypes.Value, 1)
	}
	members[names[0]] = v.member(names[0]).With(replacement, names[1:]...).Value
	return Value{tftypes.NewValue(v.Type(), members)}
}

// Equal compares two values. Sets are equal when they hold the same elements,
// whatever the order.
func Equal(a, b Value) bool {
	if a.IsKnown() != b.IsKnown() || a.IsNull() != b.IsNull() {
		return false
	}
	if !a.IsSet() {
		return true
	}
	if x, y := a.members(), b.members(); x != nil || y != nil {
		return maps.EqualFunc(x, y, func(p, q tftypes.Value) bool { return Equal(Value{p}, Value{q}) })
	}
	if a.Type().Is(tftypes.Set{}) {
		return sameElements(a.list(), b.list())
	}
	if x, y := a.list(), b.list(); x != nil || y != nil {
		return slices.EqualFunc(x, y, func(p, q tftypes.Value) bool { return Equal(Value{p}, Value{q}) })
	}
	return a.Equal(b.Value)
}

func sameElements(a, b []tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	left := slices.Clone(b)
	for _, v := range a {
		at := slices.IndexFunc(left, func(w tftypes.Value) bool { return Equal(Value{v}, Value{w}) })
		if at < 0 {
			return false
		}
		left = slices.Delete(left, at, at+1)
	}
	return true
}

// MayBecome reports whether a value can turn out to be another one, when what is
// unknown in it is known. A set with unknown elements can turn out to be any.
func MayBecome(v, other Value) bool {
	switch {
	case !v.IsKnown():
		return true
	case v.IsNull() || other.IsNull() || v.IsFullyKnown():
		return Equal(v, other)
	case v.members() != nil:
		return maps.EqualFunc(v.members(), other.members(), func(p, q tftypes.Value) bool { return MayBecome(Value{p}, Value{q}) })
	case v.Type().Is(tftypes.Set{}):
		return true
	default:
		return slices.EqualFunc(v.list(), other.list(), func(p, q tftypes.Value) bool { return MayBecome(Value{p}, Value{q}) })
	}
}

// UnknownWhere returns a copy in which all that a configuration has as unknown is
// unknown. An object or a map that is unknown there stays one here, with unknown
// members.
func (v Value) UnknownWhere(config Value) Value {
	if v.IsKnown() && v.members() != nil && !config.IsFullyKnown() {
		members := make(map[string]tftypes.Value, len(v.members()))
		for name, member := range v.members() {
			members[name] = Value{member}.UnknownWhere(config.member(name)).Value
		}
		return Value{tftypes.NewValue(v.Type(), members)}
	}
	if !config.IsKnown() {
		return Value{tftypes.NewValue(v.Type(), tftypes.UnknownValue)}
	}
	return v
}

// Digest returns a short digest of a value, in which the order of sets does not
// count. Equal values have equal digests.
func Digest(v Value) string {
	sum := sha256.New()
	v.write(sum)
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func (v Value) write(sum hash.Hash) {
	switch {
	case !v.IsKnown():
		fmt.Fprint(sum, "unknown")
	case v.IsNull():
		fmt.Fprint(sum, "null")
	case v.members() != nil:
		fmt.Fprint(sum, "{")
		for _, name := range v.Keys() {
			fmt.Fprintf(sum, "%q:", name)
			v.member(name).write(sum)
		}
		fmt.Fprint(sum, "}")
	case v.Type().Is(tftypes.Set{}):
		digests := make([]string, 0)
		for _, element := range v.list() {
			digests = append(digests, Digest(Value{element}))
		}
		slices.Sort(digests)
		fmt.Fprint(sum, digests)
	case v.list() != nil:
		fmt.Fprint(sum, "[")
		for _, element := range v.list() {
			Value{element}.write(sum)
			fmt.Fprint(sum, ",")
		}
		fmt.Fprint(sum, "]")
	default:
		v.scalar(sum)
	}
}

func (v Value) scalar(sum hash.Hash) {
	var f big.Float
	var b bool
	switch {
	case v.Type().Is(tftypes.Number) && v.As(&f) == nil:
		fmt.Fprint(sum, f.Text('g', -1))
	case v.Type().Is(tftypes.Bool) && v.As(&b) == nil:
		fmt.Fprint(sum, b)
	default:
		fmt.Fprintf(sum, "%q", v.Text())
	}
}

// Fill returns a copy in which what is unknown has the value that from has in the
// same place. What from does not have stays unknown.
func (v Value) Fill(from Value) Value { return v.fill(from, nil) }

// FillUnset is Fill for the places that the configuration leaves to the provider:
// where it is null.
func (v Value) FillUnset(from, config Value) Value { return v.fill(from, &config) }

func (v Value) fill(from Value, config *Value) Value {
	if !v.IsKnown() {
		if config != nil && !config.IsNull() || !from.Type().Equal(v.Type()) {
			return v
		}
		return from
	}
	if v.members() == nil || v.IsFullyKnown() {
		return v
	}
	filled := make(map[string]tftypes.Value, len(v.members()))
	for name, member := range v.members() {
		var below *Value
		if config != nil {
			c := config.member(name)
			below = &c
		}
		filled[name] = Value{member}.fill(from.member(name), below).Value
	}
	return Value{tftypes.NewValue(v.Type(), filled)}
}

// NullUnknown returns a copy in which what is unknown is null.
func (v Value) NullUnknown() Value {
	switch {
	case !v.IsKnown():
		return Value{tftypes.NewValue(v.Type(), nil)}
	case v.IsFullyKnown():
		return v
	case v.members() != nil:
		members := make(map[string]tftypes.Value, len(v.members()))
		for name, member := range v.members() {
			members[name] = Value{member}.NullUnknown().Value
		}
		return Value{tftypes.NewValue(v.Type(), members)}
	default:
		elements := make([]tftypes.Value, 0, len(v.list()))
		for _, element := range v.list() {
			elements = append(elements, Value{element}.NullUnknown().Value)
		}
		return Value{tftypes.NewValue(v.Type(), elements)}
	}
}

// maxText is the length, in characters, that Text cuts a value at.
const maxText = 200

// Text writes a value for a person, shortened, in the syntax of a configuration.
func Text(v Value) string {
	text := []rune(v.text())
	if len(text) > maxText {
		return string(text[:maxText-1]) + "…"
	}
	return string(text)
}

func (v Value) text() string {
	var f big.Float
	switch {
	case !v.IsKnown():
		return "a value that is not known yet"
	case v.IsNull():
		return "none"
	case v.members() != nil:
		var parts []string
		for _, name := range v.Keys() {
			member := v.member(name)
			if member.IsNull() {
				continue
			}
			if v.Type().Is(tftypes.Map{}) {
				name = strconv.Quote(name)
			}
			parts = append(parts, name+" = "+member.text())
		}
		if len(parts) == 0 {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case v.list() != nil || v.Type().Is(tftypes.List{}) || v.Type().Is(tftypes.Set{}):
		var parts []string
		for _, element := range v.list() {
			parts = append(parts, Value{element}.text())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case v.Type().Is(tftypes.Number) && v.As(&f) == nil:
		return f.Text('g', 12)
	case v.Type().Is(tftypes.Bool):
		return strconv.FormatBool(v.True())
	default:
		return strconv.Quote(v.Text())
	}
}
