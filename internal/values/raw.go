// Package values converts Terraform values for all object packages: raw ones, as
// a plan or a state holds them (raw.go), and typed ones, as models hold them
// (typed.go). It depends on no object package and on no API.
package values

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Data is a configuration, a plan or a state: the tfsdk types of these names.
type Data interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}

// At returns the value at a path of a configuration, a plan or a state. Below an
// object that is null or unknown it is null.
func At(ctx context.Context, data Data, where path.Path, diags *diag.Diagnostics) attr.Value {
	var v attr.Value
	diags.Append(data.GetAttribute(ctx, where, &v)...)
	return v
}

// Fill replaces each unknown value by the one at the same place of from, if the
// place is wanted. A value stays unknown where from has no value of its type.
func Fill(value, from tftypes.Value, wanted func(*tftypes.AttributePath) bool) (tftypes.Value, error) {
	return tftypes.Transform(value, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() || !wanted(p) {
			return v, nil
		}
		found, err := LookUp(from, p)
		if err != nil || !found.Type().Equal(v.Type()) {
			return v, nil //nolint:nilerr // nothing there: the value stays unknown
		}
		return found, nil
	})
}

// Everywhere wants every place, for Fill.
func Everywhere(*tftypes.AttributePath) bool { return true }

// Unset wants the places at which a configuration has no value, for Fill: those
// that it leaves to the provider.
func Unset(config tftypes.Value) func(*tftypes.AttributePath) bool {
	return func(p *tftypes.AttributePath) bool {
		v, err := LookUp(config, p)
		return err != nil || v.IsNull()
	}
}

// UnknownToNull replaces every unknown value by null.
func UnknownToNull(value tftypes.Value) (tftypes.Value, error) {
	return tftypes.Transform(value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return tftypes.NewValue(v.Type(), nil), nil
	})
}

// LookUp returns the value at a path. It is an error if the path leads nowhere:
// below a null object, or to a key that a map does not have.
func LookUp(root tftypes.Value, p *tftypes.AttributePath) (tftypes.Value, error) {
	found, _, err := tftypes.WalkAttributePath(root, p)
	if err != nil {
		return tftypes.Value{}, err
	}
	v, ok := found.(tftypes.Value)
	if !ok {
		return tftypes.Value{}, errors.New("not a value")
	}
	return v, nil
}
