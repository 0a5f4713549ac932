package notebook

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// view is what a plan is made of: the configuration, the state and the plan so
// far, each decoded once, with the private state and the provider's settings. The
// rules of the plan see nothing else, so that a rule is idle in the short way
// past the framework exactly when it is idle in the framework's plan.
type view struct {
	ctx                 context.Context
	settings            *settings.Settings // nil: the provider is not configured
	private             privateReader
	config, state, plan values.Value
	// same reports that the plan is known to be the state, so that the two need no
	// comparing.
	same bool
}

// process is what the process remembers of the notebook's region.
func (v *view) process() *settings.Process {
	if v.creates() {
		return v.settings.In(regionOf(v.plan))
	}
	return v.settings.In(regionOf(v.state))
}

// unplaced reports whether it is not known yet in which region the notebook will be,
// so that there is nothing to ask about it.
func (v *view) unplaced() bool { return !v.config.At(atRegion...).IsKnown() }

// nameText is a name in a text; one that is not known yet is said to be so.
func nameText(name values.Value) string {
	if !name.IsKnown() {
		return "(name not known yet)"
	}
	return name.Text()
}

// creates reports whether a new notebook is planned.
func (v *view) creates() bool { return v.state.IsNull() }

// unchanged reports whether the plan is the state.
func (v *view) unchanged() bool { return v.same || values.Equal(v.plan, v.state) }

// status is the status in the state.
func (v *view) status() modelarts.Status {
	return modelarts.Status(v.state.At("status").Text())
}

// name is how texts call the notebook.
func (v *view) name() string {
	if v.creates() {
		return nameText(v.plan.At("name"))
	}
	return v.state.At("name").Text()
}

// notebook is the ID of the notebook; empty for a create.
func (v *view) notebook() string { return v.state.At("id").Text() }

// owed is the power state that an update before has not restored.
func (v *view) owed() lifecycle.Owed { return owedBy(v.ctx, v.private) }

// differs reports whether the plan changes, or may change, an argument.
func (v *view) differs(where place) bool {
	if v.same {
		return false
	}
	was, now := v.state.At(where...), v.plan.At(where...)
	a := row(where)
	if v.leftOut(a) && partOf(was, now) || where.is(atImage) && v.goesOnWith(now) {
		return false
	}
	if a != nil && a.alike != nil && v.imported() && a.alike(was.Text(), now.Text()) {
		return false
	}
	return !values.Equal(now, was) && !values.Equal(canonical(now, ""), canonical(was, ""))
}

// partOf reports whether one value has nothing otherwise than the other: it is
// null, or an object of which that holds for each member, or the same.
func partOf(one, other values.Value) bool {
	if one.IsNull() {
		return true
	}
	members := one.Elements()
	if !one.Type().Is(tftypes.Object{}) || !other.IsSet() {
		return values.Equal(one, other)
	}
	for name, member := range members {
		if !partOf(member, other.At(name)) {
			return false
		}
	}
	return true
}

// leftOut reports whether what the state does not have of an argument was left out
// of the service's answers, so that nothing is known of it.
func (v *view) leftOut(a *argument) bool {
	return a != nil && (a.always || v.imported() && a.effect == replaces)
}

// imported reports whether the notebook was imported and not applied since.
func (v *view) imported() bool { return isImported(v.ctx, v.private) }

// changed are the arguments of an effect that the plan changes, or may change.
func (v *view) changed(e effect) []place {
	var changed []place
	for _, a := range arguments {
		if a.effect == e && v.differs(a.at) {
			changed = append(changed, a.at)
		}
	}
	return changed
}

// mayStay reports whether an argument of which a part is not known yet can turn out
// to be what the notebook has.
func (v *view) mayStay(where place) bool {
	now := v.plan.At(where...)
	return !now.IsFullyKnown() && values.MayBecome(now, v.state.At(where...))
}

// elsewhere reports whether a difference at an argument was made elsewhere: what
// is configured now was configured when the notebook was last applied, or is what the
// state had until then.
func (v *view) elsewhere(where place) bool {
	return !v.creates() && (appliedBefore(v.ctx, v.private, where, v.config.At(where...)) || v.takenBack(where))
}

// switchesLeaseOff reports whether the plan takes, or may take, the automatic stop
// away, which the service allows only with a start.
func (v *view) switchesLeaseOff() bool {
	was := v.state.At(atEnabled...)
	return (was.IsNull() || was.True()) && (v.plan.At(atEnabled...).False() || v.leaseUnknown())
}

// leaseUnknown reports whether it is not known yet whether the lease is on.
func (v *view) leaseUnknown() bool {
	return !v.plan.At(atEnabled...).IsKnown() && !v.config.At(atEnabled...).IsKnown()
}

// desiredStatus is the status that a desired_status asks for, which can be in any
// letter case; empty: none.
func desiredStatus(desired values.Value) modelarts.Status {
	return modelarts.Status(strings.ToUpper(desired.Text()))
}

// neverCameUp reports whether the creation of a notebook failed. It holds
// nothing, and is not protected from removal.
func neverCameUp(state values.Value) bool {
	return state.At("status").Text() == string(modelarts.StatusCreateFailed)
}

// protects reports whether the state protects the notebook from removal.
func protects(state values.Value, s *settings.Settings) bool {
	return state.At("deletion_protection").True() && !neverCameUp(state) && (s == nil || !s.Releases(state.At("id").Text()))
}

// keepsFromReplacement reports whether the state or the plan protects the notebook.
// A plan that does not know yet whether it does, protects.
func (v *view) keepsFromReplacement() bool {
	planned := v.plan.At("deletion_protection")
	either := v.state.At("deletion_protection").True() || planned.True() || !planned.IsKnown()
	return either && !neverCameUp(v.state) && (v.settings == nil || !v.settings.Releases(v.notebook()))
}
