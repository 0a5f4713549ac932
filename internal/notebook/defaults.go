package notebook

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// defaultsKept reports whether the state has the default wherever the
// configuration has nothing. The proposed state does not show that: it takes what
// the configuration leaves out from the prior one.
func defaultsKept(v *view) bool {
	return v.creates() || !v.unchanged() || resourceDefaults().present(v.config, v.state)
}

// defaultValues are the defaults of a schema's attributes, and of what is nested
// in them.
type defaultValues struct {
	own    map[string]values.Value
	nested map[string]*defaultValues
	each   *defaultValues // of a map: those of each element
}

var resourceDefaults = sync.OnceValue(func() *defaultValues {
	s := resourceSchema()
	d := defaultsOf(s.Attributes)
	for name, b := range s.Blocks {
		if single, ok := b.(schema.SingleNestedBlock); ok {
			d.nested[name] = defaultsOf(single.Attributes)
		}
	}
	return d
})

func defaultsOf(attributes map[string]schema.Attribute) *defaultValues {
	ctx := context.Background()
	d := &defaultValues{own: make(map[string]values.Value), nested: make(map[string]*defaultValues)}
	for name, a := range attributes {
		switch a := a.(type) {
		case schema.StringAttribute:
			if a.Default != nil {
				var resp defaults.StringResponse
				a.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
				d.own[name] = values.Of(tftypes.NewValue(tftypes.String, resp.PlanValue.ValueString()))
			}
		case schema.BoolAttribute:
			if a.Default != nil {
				var resp defaults.BoolResponse
				a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &resp)
				d.own[name] = values.Of(tftypes.NewValue(tftypes.Bool, resp.PlanValue.ValueBool()))
			}
		case schema.SingleNestedAttribute:
			d.nested[name] = defaultsOf(a.Attributes)
		case schema.MapNestedAttribute:
			d.nested[name] = &defaultValues{each: defaultsOf(a.NestedObject.Attributes)}
		}
	}
	return d
}

// present reports whether the value has the defaults wherever the configuration has
// nothing.
func (d *defaultValues) present(config, value values.Value) bool {
	if !value.IsSet() {
		return true
	}
	if d.each != nil {
		for key, element := range value.Elements() {
			if !d.each.present(config.At(key), element) {
				return false
			}
		}
		return true
	}
	for name, def := range d.own {
		if config.At(name).IsNull() && !values.Equal(value.At(name), def) {
			return false
		}
	}
	for name, inner := range d.nested {
		if !inner.present(config.At(name), value.At(name)) {
			return false
		}
	}
	return true
}
