package acctest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Plans plans an update of a state that Imports has returned last with a configuration. It
// returns the planned state, the attributes for which the object would be replaced, and
// what was said.
func (p *Protocol) Plans(resource string, state, config tftypes.Value) (planned tftypes.Value, replaces int, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	proposed := proposedBlock(p.Schemas.ResourceSchemas[resource].Block, state, config)
	got, err := p.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: p.Dynamic(state), Config: p.Dynamic(config), ProposedNewState: p.Dynamic(proposed), PriorPrivate: p.private,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if planned, err = got.PlannedState.Unmarshal(state.Type()); err != nil {
		p.t.Fatal(err)
	}
	return planned, len(got.RequiresReplace), got.Diagnostics
}

// proposedBlock is the state that Terraform proposes for a configuration: what the
// configuration leaves to the provider is as it was.
func proposedBlock(block *tfprotov6.SchemaBlock, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() || prior.IsNull() {
		return config
	}
	was, now := members(prior), members(config)
	for _, a := range block.Attributes {
		now[a.Name] = proposedAttribute(a, was[a.Name], now[a.Name])
	}
	for _, b := range block.BlockTypes {
		if b.Nesting == tfprotov6.SchemaNestedBlockNestingModeSingle {
			now[b.TypeName] = proposedBlock(b.Block, was[b.TypeName], now[b.TypeName])
		}
	}
	return tftypes.NewValue(config.Type(), now)
}

func proposedAttribute(a *tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	switch {
	case config.IsNull() && a.Computed:
		return prior
	case config.IsNull() || prior.IsNull() || a.NestedType == nil || !config.IsKnown():
		return config
	}
	object := func(prior, config tftypes.Value) tftypes.Value {
		if config.IsNull() || !config.IsKnown() {
			return config
		}
		was, now := members(prior), members(config)
		for _, member := range a.NestedType.Attributes {
			if w, there := was[member.Name]; there {
				now[member.Name] = proposedAttribute(member, w, now[member.Name])
			}
		}
		return tftypes.NewValue(config.Type(), now)
	}
	switch a.NestedType.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return object(prior, config)
	case tfprotov6.SchemaObjectNestingModeMap:
		was, now := members(prior), members(config)
		for key, element := range now {
			now[key] = object(was[key], element)
		}
		return tftypes.NewValue(config.Type(), now)
	default: // computed members of elements of lists and sets are not looked for
		return config
	}
}

// members are those of an object or a map; none of a value that is null.
func members(v tftypes.Value) map[string]tftypes.Value {
	all := make(map[string]tftypes.Value)
	if v.IsNull() || !v.IsKnown() || v.Type() == nil {
		return all
	}
	if err := v.As(&all); err != nil {
		return make(map[string]tftypes.Value)
	}
	return all
}
