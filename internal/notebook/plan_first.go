package notebook

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// defaultLease is the lease that the service gives where a create names none.
const defaultLease = "1h"

const noLease = "Without a lease, a notebook stops after one hour"

// What a first plan shows is the same in the plan of the apply, whatever the service
// answers in between; see design/0026-what-a-first-plan-shows.md.

// foreseen reports whether nothing more can be known of the plan.
func (v *view) foreseen() bool {
	return !v.creates() || v.plan.At("fail_reason").IsKnown() && !v.config.At(atLease...).IsNull()
}

// foresee plans for a new notebook what it has when the create has worked, and the
// lease that the service gives it where none is configured.
func (p *planner) foresee() {
	if p.foreseen() {
		return
	}
	if !p.plan.At("fail_reason").IsKnown() {
		p.set(at("fail_reason"), tftypes.NewValue(tftypes.String, nil))
	}
	if !p.config.At(atLease...).IsNull() {
		return
	}
	p.set(atLease, tftypes.NewValue(p.plan.At(atLease...).Type(), map[string]tftypes.Value{
		"type":     tftypes.NewValue(tftypes.String, leaseTiming),
		"duration": tftypes.NewValue(tftypes.String, defaultLease),
		"enabled":  tftypes.NewValue(tftypes.Bool, true),
	}))
	if p.stopsAsWanted() || len(p.resp.Diagnostics.Errors()) > 0 {
		return
	}
	p.warnAt(atLease, noLease, "Notebook %q has no lease. The service stops such a notebook one hour after each start: what runs in it ends, and its storage stays. "+
		"For a longer time, write lease = { duration = \"8h\" } (1h to 72h). To let it run until it is stopped by hand, write lease = { enabled = false }. "+
		"If one hour is right, write lease = { duration = \"1h\" }, which ends this warning.", p.name())
}

// stopsAsWanted reports whether a stop after an hour needs no warning: the provider
// asks for an automatic stop, or the notebook does not run at all.
func (v *view) stopsAsWanted() bool {
	return v.settings != nil && v.settings.RequireAutoStop || desiredStatus(v.plan.At(atDesired...)) == modelarts.StatusStopped
}

// unasked are the arguments whose planned value is what the service is expected to
// give, and is not asked for: an answer with another is no answer to a request.
func unasked(m *model, tagsOwed bool) []place {
	var places []place
	if m.Lease.IsNull() {
		places = append(places, atLease)
	}
	if tagsOwed {
		places = append(places, atTags, atTagsAll)
	}
	return places
}
