package inputs

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// whole is a validator of whole numbers.
type whole struct{ least, most int64 }

// Between returns a validator of whole numbers from least to most.
func Between(least, most int64) validator.Int64 { return whole{least, most} }

// AtLeast returns a validator of whole numbers from least on.
func AtLeast(least int64) validator.Int64 { return whole{least, math.MaxInt64} }

func (w whole) Description(context.Context) string {
	if w.most == math.MaxInt64 {
		return fmt.Sprintf("must be a whole number of %d or more", w.least)
	}
	return fmt.Sprintf("must be a whole number from %d to %d", w.least, w.most)
}

func (w whole) MarkdownDescription(ctx context.Context) string { return w.Description(ctx) }

func (w whole) ValidateInt64(ctx context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if n := req.ConfigValue.ValueInt64(); !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && (n < w.least || n > w.most) {
		resp.Diagnostics.AddAttributeError(req.Path, notTaken, wrongNumber(req.Path.String(), strconv.FormatInt(n, 10), w.Description(ctx)))
	}
}

// number is a validator of numbers with decimals.
type number struct{ least float64 }

// From returns a validator of numbers, with decimals, from least on.
func From(least float64) validator.Float64 { return number{least} }

func (n number) Description(context.Context) string {
	return fmt.Sprintf("must be a number of %v or more", n.least)
}

func (n number) MarkdownDescription(ctx context.Context) string { return n.Description(ctx) }

func (n number) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if f := req.ConfigValue.ValueFloat64(); !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && f < n.least {
		resp.Diagnostics.AddAttributeError(req.Path, notTaken, wrongNumber(req.Path.String(), strconv.FormatFloat(f, 'g', -1, 64), n.Description(ctx)))
	}
}

const notTaken = "Not a number that is taken"

func wrongNumber(where, value, rule string) string {
	return fmt.Sprintf("Attribute %s is %s: it %s.", where, value, rule)
}
