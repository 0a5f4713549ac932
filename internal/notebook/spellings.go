package notebook

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// This file is where an answer and the state are known to mean the same in two
// spellings, beyond the letter case.

// keepPath is values.Keep for a path or a source, of which a slash more or less at
// the end means the same.
func keepPath(prior types.String, answered *string) types.String {
	if answered != nil && prior.ValueString() != "" && mountPathEqual(prior.ValueString(), *answered) {
		return prior
	}
	return values.Keep(prior, answered)
}

// keepCategory is values.KeepCase for a category of storage. Answers show a bucket
// as OBS or as OBSFS, whatever was asked for.
func keepCategory(prior types.String, answered *string) types.String {
	if answered != nil && isBucket(prior.ValueString()) && isBucket(*answered) {
		return prior
	}
	return values.KeepCase(prior, answered)
}

func isBucket(category string) bool {
	return strings.EqualFold(category, categoryOBS) || strings.EqualFold(category, categoryOBSFS)
}

// keepAddresses is KeepSet for addresses, which have several spellings: in IPv6,
// and as blocks of one address.
func keepAddresses(c *values.Converter, prior types.Set, answered []string) types.Set {
	if len(answered) > 0 && len(answered) == len(prior.Elements()) {
		known := values.Elements[[]string](c, prior)
		if slices.Equal(networks(known), networks(answered)) {
			return prior
		}
	}
	return c.KeepSet(prior, answered)
}

// networks are addresses in one spelling, in order. What is no address stays as it
// is.
func networks(addresses []string) []string {
	list := slices.Clone(addresses)
	for i, text := range list {
		if block, err := netip.ParsePrefix(text); err == nil {
			list[i] = block.Masked().String()
		} else if address, err := netip.ParseAddr(text); err == nil {
			list[i] = netip.PrefixFrom(address, address.BitLen()).String()
		}
	}
	slices.Sort(list)
	return list
}

func isSSH(service string) bool { return strings.EqualFold(service, serviceSSH) }

// canonically is the spelling of what has collections: an empty one means none, the
// services of endpoints and the operators of affinity are in any letter case.
func canonically(was, now values.Value) values.Value {
	if !hasEmpty(was) && !hasEmpty(now) && values.Equal(canonical(was, ""), canonical(now, "")) {
		return was
	}
	return now // Terraform does not take an empty value where the configuration has none, nor none in the place of an empty one
}

// hasEmpty reports whether a value is, or has in it, an empty collection.
func hasEmpty(v values.Value) bool {
	if !v.IsSet() {
		return false
	}
	switch v.Type().(type) {
	case tftypes.Map, tftypes.Object:
		elements := v.Elements()
		for _, element := range elements {
			if hasEmpty(element) {
				return true
			}
		}
		return len(elements) == 0
	case tftypes.List, tftypes.Set:
		var elements []tftypes.Value
		return v.As(&elements) == nil && (len(elements) == 0 || slices.ContainsFunc(elements, func(e tftypes.Value) bool { return hasEmpty(values.Of(e)) }))
	default:
		return false
	}
}

// canonical is a value, the attribute of that name, in one spelling.
func canonical(v values.Value, name string) values.Value {
	none := values.Of(tftypes.NewValue(v.Type(), nil))
	if !v.IsSet() {
		return v
	}
	switch t := v.Type().(type) {
	case tftypes.Map, tftypes.Object:
		elements := v.Elements()
		if len(elements) == 0 {
			return none
		}
		members := make(map[string]tftypes.Value, len(elements))
		for key, element := range elements {
			if t.Is(tftypes.Map{}) && element.Type().Is(tftypes.Object{}) && !strings.HasPrefix(key, "/") {
				key = strings.ToUpper(key) // the service of an endpoint
			}
			members[key] = canonical(element, key).Value
		}
		return values.Of(tftypes.NewValue(t, members))
	case tftypes.List, tftypes.Set:
		var elements []tftypes.Value
		if v.As(&elements) != nil || len(elements) == 0 {
			return none
		}
		for i := range elements {
			elements[i] = canonical(values.Of(elements[i]), "").Value
		}
		return values.Of(tftypes.NewValue(t, elements))
	}
	if name == "operator" {
		return values.Of(tftypes.NewValue(tftypes.String, affinityOperator(v.Text())))
	}
	return v
}
