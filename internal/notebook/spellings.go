package notebook

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

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
