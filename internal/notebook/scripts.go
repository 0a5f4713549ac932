package notebook

import (
	"net/netip"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// hookNames are the members of hooks.
var hookNames = []string{"pre_start", "post_start"}

// withScripts returns a plan with the write-only scripts of a configuration, to make
// a request of. Only the configuration has them, and what is made of it here goes
// into no state.
func withScripts(plan, config values.Value) values.Value {
	for _, name := range hookNames {
		script := config.At("hooks", name, "content_wo")
		if script.IsSet() && plan.At("hooks", name).IsSet() {
			plan = plan.With(script.Value, "hooks", name, "content_wo")
		}
	}
	return plan
}

// withoutScripts returns a configuration without its write-only scripts: not even
// their digests are kept, and a plan does not look at them.
func withoutScripts(config values.Value) values.Value {
	for _, name := range hookNames {
		if config.At("hooks", name).IsSet() && !config.At("hooks", name, "content_wo").IsNull() {
			config = config.With(tftypes.NewValue(tftypes.String, nil), "hooks", name, "content_wo")
		}
	}
	return config
}

// asConfigurable returns the state after an import with a lease that is valid as a
// configuration, which can be generated from it: with a duration, or switched off
// and without anything else. A lease of which the duration is not known is left out.
//
// Nor is a user of the container left in which nothing is set, and an address is written
// as one, and not as a block of one.
func asConfigurable(state values.Value) values.Value {
	state = withPlainAddresses(state)
	if user := state.At("run_user"); user.IsSet() && user.At("uid").IsNull() && user.At("gid").IsNull() {
		state = state.With(tftypes.NewValue(user.Type(), nil), "run_user")
	}
	lease := state.At(atLease...)
	switch {
	case !lease.IsSet():
		return state
	case lease.At("enabled").False():
		return state.With(tftypes.NewValue(tftypes.String, nil), "lease", "type")
	case lease.At("duration").IsNull():
		return state.With(tftypes.NewValue(lease.Type(), nil), "lease")
	default:
		return state
	}
}

// withPlainAddresses returns a state in which no single address is written as a block.
func withPlainAddresses(state values.Value) values.Value {
	for service, endpoint := range state.At(atEndpoints...).Elements() {
		addresses := endpoint.At("allowed_access_ips")
		if !addresses.IsSet() {
			continue
		}
		var blocks, plain []tftypes.Value
		if addresses.As(&blocks) != nil {
			continue
		}
		for _, block := range blocks {
			text := values.Of(block).Text()
			if prefix, err := netip.ParsePrefix(text); err == nil && prefix.IsSingleIP() {
				text = prefix.Addr().String()
			}
			plain = append(plain, tftypes.NewValue(tftypes.String, text))
		}
		state = state.With(tftypes.NewValue(addresses.Type(), plain), "endpoints", service, "allowed_access_ips")
	}
	return state
}
