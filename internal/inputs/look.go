package inputs

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// attribute is what a look needs to know of an attribute, whether it is that of a
// resource, of a data source or of the provider block.
type attribute interface {
	GetType() attr.Type
	IsRequired() bool
	IsOptional() bool
}

// Find returns the attribute at a path of a schema, or an error where there is none:
// at a block and at an element.
type Find func(*tftypes.AttributePath) (any, error)

// Look looks at a configuration before the framework reads it, for what is wrong in
// the same way at every argument:
//
//   - a number that the framework cannot convert, of which it would say so in Go's
//     syntax;
//   - an element of a list, a set or a map that is null;
//   - an object in which nothing is set. Terraform drops a misspelt name within the
//     braces without a word, so that it may be one.
//
// It returns the configuration with unknown values in those places, so that the
// framework finds the rest and nothing twice.
func Look(ctx context.Context, config tftypes.Value, find Find) (tftypes.Value, []*tfprotov6.Diagnostic) {
	l := &look{ctx: ctx, find: find}
	mended := l.value(tftypes.NewAttributePath(), config)
	return mended, l.found
}

type look struct {
	ctx   context.Context
	find  Find
	found []*tfprotov6.Diagnostic
}

func (l *look) fail(where *tftypes.AttributePath, summary, format string, args ...any) {
	l.found = append(l.found, &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityError, Attribute: where, Summary: summary, Detail: fmt.Sprintf(format, args...),
	})
}

// value returns the value, mended.
func (l *look) value(where *tftypes.AttributePath, v tftypes.Value) tftypes.Value {
	if !v.IsKnown() || v.IsNull() {
		return v
	}
	unknown := tftypes.NewValue(v.Type(), tftypes.UnknownValue)
	switch t := v.Type(); {
	case t.Is(tftypes.Number):
		if !l.number(where, v) {
			return unknown
		}
	case t.Is(tftypes.Object{}):
		var members map[string]tftypes.Value
		if v.As(&members) != nil {
			return v
		}
		if l.nothingSet(where, members) {
			return unknown
		}
		for _, name := range slices.Sorted(maps.Keys(members)) {
			members[name] = l.value(where.WithAttributeName(name), members[name])
		}
		return tftypes.NewValue(t, members)
	case t.Is(tftypes.Map{}):
		var elements map[string]tftypes.Value
		if v.As(&elements) != nil {
			return v
		}
		for _, key := range slices.Sorted(maps.Keys(elements)) {
			elements[key] = l.element(where, where.WithElementKeyString(key), elements[key])
		}
		return tftypes.NewValue(t, elements)
	case t.Is(tftypes.List{}), t.Is(tftypes.Set{}):
		var elements []tftypes.Value
		if v.As(&elements) != nil {
			return v
		}
		for i, element := range elements {
			place := where
			if t.Is(tftypes.List{}) {
				place = where.WithElementKeyInt(i)
			}
			elements[i] = l.element(where, place, element)
		}
		return tftypes.NewValue(t, elements)
	}
	return v
}

// element returns an element of a collection, mended.
func (l *look) element(collection, where *tftypes.AttributePath, v tftypes.Value) tftypes.Value {
	if !v.IsNull() {
		return l.value(where, v)
	}
	subject := "An element of " + text(collection)
	if !where.Equal(collection) {
		subject = "Attribute " + text(where)
	}
	l.fail(where, "An element is null", "%s is null. Write a value, or leave the element out; in an expression, a condition such as \"if v != null\" does that.", subject)
	return tftypes.NewValue(v.Type(), tftypes.UnknownValue)
}

// nothingSet refuses an object in which nothing is set.
func (l *look) nothingSet(where *tftypes.AttributePath, members map[string]tftypes.Value) bool {
	if len(where.Steps()) == 0 || len(members) == 0 {
		return false
	}
	for _, member := range members {
		if !member.IsNull() {
			return false
		}
	}
	if _, ofObject := where.LastStep().(tftypes.AttributeName); !ofObject || l.at(where) == nil {
		return false // an element, whose key says something, or a block, which Terraform looks at
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if a := l.at(where.WithAttributeName(name)); a != nil && (a.IsOptional() || a.IsRequired()) {
			names = append(names, name)
		}
	}
	l.fail(where, "An object in which nothing is set",
		"Attribute %s has braces in which nothing is set. Terraform drops a misspelt name within braces without a word: check the spelling. "+
			"There can be %s. To have none of it, remove %s or set it to null.", text(where), strings.Replace(alternatives(names), " or ", " and ", 1), text(where))
	return true
}

// number refuses a number that the framework cannot convert.
func (l *look) number(where *tftypes.AttributePath, v tftypes.Value) bool {
	var n big.Float
	if v.As(&n) != nil {
		return true
	}
	if _, accuracy := n.Int64(); n.IsInt() && accuracy == big.Exact {
		return true
	}
	a := l.at(where)
	switch {
	case a == nil:
		return true
	case a.GetType().Equal(types.Int64Type):
	case a.GetType().Equal(types.Float64Type):
		if f, _ := n.Float64(); !math.IsInf(f, 0) && (f != 0 || n.Sign() == 0) {
			return true
		}
	default:
		return true
	}
	l.fail(where, notTaken, "%s", wrongNumber(text(where), n.Text('g', 20), l.rule(a)))
	return false
}

// rule says which numbers an attribute takes.
func (l *look) rule(a attribute) string {
	switch a := a.(type) {
	case interface{ Int64Validators() []validator.Int64 }:
		for _, v := range a.Int64Validators() {
			return v.Description(l.ctx)
		}
		return "must be a whole number"
	case interface{ Float64Validators() []validator.Float64 }:
		for _, v := range a.Float64Validators() {
			return v.Description(l.ctx)
		}
	}
	return "must be a number that is neither too large nor too small for 64 bits"
}

// at returns the attribute at a path; nil: there is none.
func (l *look) at(where *tftypes.AttributePath) attribute {
	found, err := l.find(where)
	if err != nil {
		return nil
	}
	a, _ := found.(attribute)
	return a
}

// text writes a path as a person does.
func text(where *tftypes.AttributePath) string {
	var b strings.Builder
	for i, step := range where.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(string(step))
		case tftypes.ElementKeyString:
			b.WriteString("[" + strconv.Quote(string(step)) + "]")
		case tftypes.ElementKeyInt:
			b.WriteString("[" + strconv.FormatInt(int64(step), 10) + "]")
		}
	}
	return b.String()
}
