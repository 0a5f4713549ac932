package serve

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

// validates reports whether the framework would find nothing to say of a configuration
// that the server has looked at. It is false where it is not sure.
func (s *shortcuts) validates(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) bool {
	of := s.schemas().resources[req.TypeName]
	if of.schema == nil || req.Config == nil {
		return false
	}
	v, err := req.Config.Unmarshal(of.typ)
	if err != nil {
		return false
	}
	if _, found := inputs.Look(ctx, v, of.find); len(found) > 0 {
		return false
	}
	w := &walk{ctx: ctx, config: tfsdk.Config{Raw: v, Schema: *of.schema}}
	if req.ClientCapabilities != nil {
		w.can.WriteOnlyAttributesAllowed = req.ClientCapabilities.WriteOnlyAttributesAllowed
	}
	return w.all(*of.schema, v) && s.FindsNothing(ctx, req.TypeName, w.config)
}

// walk calls the validators of a schema, as the framework does, with the values of a
// configuration. Each method is false where one has anything to say, or might.
type walk struct {
	ctx    context.Context
	config tfsdk.Config
	can    validator.ValidateSchemaClientCapabilities
}

// spot is a place of a configuration.
type spot struct {
	path path.Path
	expr path.Expression
}

func (at spot) name(name string) spot { return spot{at.path.AtName(name), at.expr.AtName(name)} }

func (w *walk) all(s schema.Schema, v tftypes.Value) bool {
	var members map[string]tftypes.Value
	if s.DeprecationMessage != "" || !v.IsKnown() || v.IsNull() || v.As(&members) != nil {
		return false
	}
	for name, a := range s.Attributes {
		if !w.attribute(a, members[name], spot{path.Root(name), path.MatchRoot(name)}) {
			return false
		}
	}
	for name, b := range s.Blocks {
		block, single := b.(schema.SingleNestedBlock)
		if !single || len(block.Blocks) > 0 || block.DeprecationMessage != "" ||
			!w.object(block.Type, block.Validators, block.Attributes, members[name], spot{path.Root(name), path.MatchRoot(name)}, true) {
			return false
		}
	}
	return true
}

// attribute checks an attribute and what is below it.
func (w *walk) attribute(a schema.Attribute, v tftypes.Value, at spot) bool {
	null := v.IsNull()
	switch {
	case a.GetDeprecationMessage() != "" && !null, a.IsRequired() && null, !a.IsRequired() && !a.IsOptional() && !null,
		a.IsWriteOnly() && !null && !w.can.WriteOnlyAttributesAllowed:
		return false
	}
	switch a := a.(type) {
	case schema.SingleNestedAttribute:
		return w.object(a.GetType, a.Validators, a.Attributes, v, at, false)
	case schema.ListNestedAttribute:
		return w.list(a.GetType, a.Validators, v, at) && w.elements(a.NestedObject, v, at)
	case schema.MapNestedAttribute:
		return w.mapped(a.GetType, a.Validators, v, at) && w.elements(a.NestedObject, v, at)
	case schema.ListAttribute:
		return w.list(a.GetType, a.Validators, v, at)
	case schema.MapAttribute:
		return w.mapped(a.GetType, a.Validators, v, at)
	case schema.SetAttribute:
		return each(w, a.GetType, a.Validators, v, func(v validator.Set, value types.Set) bool {
			var resp validator.SetResponse
			v.ValidateSet(w.ctx, validator.SetRequest{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
			return len(resp.Diagnostics) == 0
		})
	case schema.StringAttribute:
		return each(w, a.GetType, a.Validators, v, func(v validator.String, value types.String) bool {
			var resp validator.StringResponse
			v.ValidateString(w.ctx, validator.StringRequest{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
			return len(resp.Diagnostics) == 0
		})
	case schema.Int64Attribute:
		return each(w, a.GetType, a.Validators, v, func(v validator.Int64, value types.Int64) bool {
			var resp validator.Int64Response
			v.ValidateInt64(w.ctx, validator.Int64Request{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
			return len(resp.Diagnostics) == 0
		})
	case schema.Float64Attribute:
		return each(w, a.GetType, a.Validators, v, func(v validator.Float64, value types.Float64) bool {
			var resp validator.Float64Response
			v.ValidateFloat64(w.ctx, validator.Float64Request{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
			return len(resp.Diagnostics) == 0
		})
	case schema.BoolAttribute:
		return len(a.Validators) == 0
	default:
		return a.IsComputed() && !a.IsOptional() && null
	}
}

// each calls the validators of an attribute with its value.
func each[Validator any, Value attr.Value](w *walk, typ func() attr.Type, validators []Validator, v tftypes.Value, passes func(Validator, Value) bool) bool {
	if len(validators) == 0 {
		return true
	}
	raw, err := typ().ValueFromTerraform(w.ctx, v)
	value, ok := raw.(Value)
	if err != nil || !ok {
		return false
	}
	for _, check := range validators {
		if !passes(check, value) {
			return false
		}
	}
	return true
}

func (w *walk) list(typ func() attr.Type, validators []validator.List, v tftypes.Value, at spot) bool {
	return each(w, typ, validators, v, func(v validator.List, value types.List) bool {
		var resp validator.ListResponse
		v.ValidateList(w.ctx, validator.ListRequest{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
		return len(resp.Diagnostics) == 0
	})
}

func (w *walk) mapped(typ func() attr.Type, validators []validator.Map, v tftypes.Value, at spot) bool {
	return each(w, typ, validators, v, func(v validator.Map, value types.Map) bool {
		var resp validator.MapResponse
		v.ValidateMap(w.ctx, validator.MapRequest{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
		return len(resp.Diagnostics) == 0
	})
}

// object checks an object and its members. block reports that it is a block, of which
// the members are checked also where it is absent.
func (w *walk) object(typ func() attr.Type, validators []validator.Object, attributes map[string]schema.Attribute, v tftypes.Value, at spot, block bool) bool {
	passes := each(w, typ, validators, v, func(v validator.Object, value types.Object) bool {
		var resp validator.ObjectResponse
		v.ValidateObject(w.ctx, validator.ObjectRequest{Config: w.config, ConfigValue: value, Path: at.path, PathExpression: at.expr, ClientCapabilities: w.can}, &resp)
		return len(resp.Diagnostics) == 0
	})
	if !passes || block && (v.IsNull() || !v.IsKnown()) {
		return false
	}
	if v.IsNull() || !v.IsKnown() {
		return true
	}
	var members map[string]tftypes.Value
	if v.As(&members) != nil {
		return false
	}
	for name, a := range attributes {
		if !w.attribute(a, members[name], at.name(name)) {
			return false
		}
	}
	return true
}

// elements checks the objects of a list or a map.
func (w *walk) elements(o schema.NestedAttributeObject, v tftypes.Value, at spot) bool {
	if v.IsNull() || !v.IsKnown() {
		return true
	}
	if v.Type().Is(tftypes.Map{}) {
		var elements map[string]tftypes.Value
		if v.As(&elements) != nil {
			return false
		}
		for key, element := range elements {
			if !w.element(o, element, spot{at.path.AtMapKey(key), at.expr.AtMapKey(key)}) {
				return false
			}
		}
		return true
	}
	var elements []tftypes.Value
	if v.As(&elements) != nil {
		return false
	}
	for i, element := range elements {
		if !w.element(o, element, spot{at.path.AtListIndex(i), at.expr.AtListIndex(i)}) {
			return false
		}
	}
	return true
}

func (w *walk) element(o schema.NestedAttributeObject, v tftypes.Value, at spot) bool {
	// The framework reads the members of an element that is unknown or null as it reads
	// those of no element.
	return v.IsKnown() && !v.IsNull() && w.object(func() attr.Type { return o.Type() }, o.Validators, o.Attributes, v, at, false)
}
