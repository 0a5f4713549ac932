package notebook

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// The rules in this file make the plan hold the right values: those of the state
// where nothing changes, and what can be known of the rest.

func (v *view) unchangedOrNew() bool { return v.creates() || v.unchanged() }

// knownAsConfigured reports whether nothing is planned for what the configuration
// does not know yet.
func (v *view) knownAsConfigured() bool { return v.config.IsFullyKnown() }

// keepUnknown plans as unknown what the configuration does not know yet. The
// framework takes what is below an unknown element of a map for null, and plans the
// defaults for it.
func (p *planner) keepUnknown() {
	// Terraform takes no plan in which a write-only value is not null.
	if plan := withoutScripts(p.plan.UnknownWhere(p.config)); !values.Equal(plan, p.plan) {
		p.plan, p.same = plan, false
	}
}

// spell plans the state's value where the configuration means the same in
// another spelling. Terraform allows that, and a type with semantic equality would
// not do: the framework does not compare with it while planning.
func (p *planner) spell() {
	if p.creates() {
		return
	}
	for _, a := range arguments {
		if a.spelling == nil {
			continue
		}
		was, now := p.state.At(a.at...), p.plan.At(a.at...)
		if spelled := a.spelling(was, now); !values.Equal(spelled, now) {
			p.set(a.at, spelled.Value)
		}
	}
	if was, now := p.state.At(atDesired...), p.plan.At(atDesired...); !values.Equal(anyCase(was, now), now) {
		p.set(atDesired, was.Value)
	}
	// The service does not show a flavor that is configured beside custom_spec.
	// See design/0002-flavor-or-custom-spec.md.
	was := p.state.At(atFlavor...)
	if was.Text() == customFlavor && !p.plan.At(atSpec...).IsNull() && p.config.At(atFlavor...).IsSet() {
		p.set(atFlavor, was.Value)
	}
}

// restoreComputed takes from the state what the configuration leaves to the
// provider. The framework has made all of it unknown if anything differed.
func (p *planner) restoreComputed() {
	p.plan = p.plan.FillUnset(p.state, p.config)
}

func (v *view) tokenKept() bool {
	return v.settings == nil || !v.settings.OmitToken || v.plan.At("token").IsNull()
}

func (p *planner) omitToken() {
	p.set(at("token"), tftypes.NewValue(tftypes.String, nil))
}

// leaseOn is the value of lease.enabled that follows from the configuration of
// the others: true where a duration or a type is given. It is false where nothing
// follows.
func (v *view) leaseOn() (tftypes.Value, bool) {
	lease := v.config.At(atLease...)
	duration, kind := lease.At("duration"), lease.At("type")
	switch {
	case !lease.IsKnown() || !lease.At("enabled").IsNull():
		return tftypes.Value{}, false
	case duration.IsSet() || kind.IsSet():
		return tftypes.NewValue(tftypes.Bool, true), true
	case !duration.IsKnown() || !kind.IsKnown():
		return tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue), true // it may turn out to be null
	default:
		return tftypes.Value{}, false
	}
}

func (v *view) leaseKept() bool {
	on, follows := v.leaseOn()
	return !follows || values.Equal(values.Of(on), v.plan.At(atEnabled...)) && !v.leaseHasNoType()
}

// leaseHasNoType reports whether a lease that is new or switched on for a notebook that exists
// has no type: the state has none after an import of a lease that is off, or of which the
// duration is not known.
func (v *view) leaseHasNoType() bool {
	on, _ := v.leaseOn()
	return !v.creates() && values.Of(on).True() && !v.state.At(atEnabled...).True() && v.plan.At(atLeaseType...).IsNull()
}

// leaseIsOn plans enabled = true for a lease that has a duration or a type, so
// that one that was switched off elsewhere is switched on again. It has the default type
// where there is none.
func (p *planner) leaseIsOn() {
	on, _ := p.leaseOn()
	typeless := p.leaseHasNoType()
	p.set(atEnabled, on)
	if typeless {
		p.set(atLeaseType, tftypes.NewValue(tftypes.String, leaseTiming))
	}
}

// diskSized reports whether the size of a new notebook's storage is given, or is
// left to the service, which gives a file system its own. It gives a disk 5 GB, or
// refuses a create without a size: the sources differ.
func (v *view) diskSized() bool {
	volume := v.plan.At("volume")
	return !v.creates() || !v.config.At(atCapacity...).IsNull() || volume.At("capacity").IsSet() ||
		!isManagedDisk(volume.At("category").Text(), volume.At("ownership").Text())
}

// sizeDisk plans the default size of a disk, which the create sends.
func (p *planner) sizeDisk() {
	if !p.diskSized() {
		p.set(atCapacity, tftypes.NewValue(tftypes.Number, int64(defaultCapacity)))
	}
}

func (v *view) capacityKept() bool {
	return v.creates() || v.same || values.Equal(v.plan.At(atCapacity...), v.state.At(atCapacity...))
}

// capacity refuses to shrink a disk, which the service cannot do.
func (p *planner) capacity() {
	was, now := p.state.At(atCapacity...), p.plan.At(atCapacity...)
	category := strings.ToUpper(p.plan.At(atCategory...).Text())
	if !was.IsSet() || !now.IsSet() || now.Int() > was.Int() && (category == categoryEVS || category == "") || len(p.changed(replaces)) > 0 {
		return // a disk that grows, or the new disk of a new notebook
	}
	switch {
	case p.elsewhere(atCapacity):
		// The disk was grown elsewhere. An error would stand in the way of
		// everything, a destroy included.
		p.warnAt(atCapacity, fmt.Sprintf("The disk of notebook %q was changed elsewhere", p.name()),
			"It has %d GB now, and the configuration says %d. The service cannot change it back, so the apply leaves it as it is: set capacity = %d to end this warning.",
			was.Int(), now.Int(), was.Int())
		p.set(atCapacity, was.Value)
		return
	case category != categoryEVS:
		p.refuse(atCapacity, fixedSize,
			"The service changes the size of EVS disks only, and the storage of notebook %q is %s of %d GB. "+
				"Set capacity = %d, or replace the notebook (terraform apply -replace=ADDRESS), which deletes what is in the storage.",
			p.name(), category, was.Int(), was.Int())
	default:
		p.refuse(atCapacity, noShrinking,
			"The disk of notebook %q has %d GB, and the configuration says %d. The service only grows disks: "+
				"set capacity to %d or more, or replace the notebook (terraform apply -replace=ADDRESS), which deletes what is on the disk.",
			p.name(), was.Int(), now.Int(), was.Int())
	}
	p.ended = true
}

// unknowns plans as unknown what a change makes new.
func (p *planner) unknowns() {
	for _, a := range arguments {
		if len(a.unknown) == 0 || !p.differs(a.at) {
			continue
		}
		switch {
		case a.at.is(atLease) && !p.runs(): // its next start gives it
		case a.at.is(atSpec) && !p.config.At(atFlavor...).IsNull(): // the flavor is configured
		default:
			p.unknown(a.unknown...)
		}
	}
	if p.settings != nil && p.settings.OmitTokenLater && p.plan.At("token").IsSet() {
		p.unknown(at("token")) // it may turn out to be omitted
	}
}
