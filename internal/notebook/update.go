package notebook

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// An update is a wish made of the rows that differ (here), carried out by
// internal/lifecycle, whose outcome becomes the state (state.go).

// toUpdate is the difference between the state and the plan in the terms of the
// lifecycle; config is what is configured. Nothing differs when it is empty. Each
// request is built once here, so that c holds every error of a conversion before
// the first request is sent.
func toUpdate(c *values.Converter, v *view, config, plan, state *resourceModel) (wish lifecycle.Wish, empty bool) {
	// Rows that are written in one go appear once.
	for i := range arguments {
		if a := &arguments[i]; a.write != nil && v.differs(a.at) {
			a.write(c, plan, new(modelarts.NotebookUpdateRequest))
			wish.Changes = append(wish.Changes, lifecycle.Change{
				Argument: a.at.String(),
				AnyState: a.effect == inPlace,
				Write:    func(req *modelarts.NotebookUpdateRequest) { a.write(c, plan, req) },
			})
		}
	}
	if capacity := v.plan.At(atCapacity...); capacity.IsSet() && v.differs(atCapacity) {
		wish.Growth = &lifecycle.Growth{Argument: atCapacity.String(), GB: capacity.Int()}
	}
	before := state.TagsAll
	if owesTags(v.ctx, v.private) {
		before = types.MapNull(types.StringType) // what the state has may never have been set
	}
	set, remove := toTags(c, before, plan.TagsAll, v.settings)
	wish.Tags = lifecycle.TagChange{Arguments: []string{atTags.String(), atTagsAll.String()}, Set: set, Remove: remove}

	asked, was := plan.askedLease(c), state.askedLease(c)
	wish.Lease = lifecycle.LeaseChange{
		Argument:  atLease.String(),
		Lease:     asked,
		Renew:     v.differs(atLease),
		SwitchOff: asked.Off && !was.Off,
		SwitchOn:  v.plan.At(atEnabled...).True() && !v.state.At(atEnabled...).True(),
		Managed:   config.managesLease(c) && sameAsked(config.askedLease(c), asked), // not one under ignore_changes
	}

	// The plan says with status that the power state is to change.
	planned := v.plan.At(atStatus...)
	power := planned.IsKnown() && !values.Equal(planned, v.state.At(atStatus...))
	switch desired := v.plan.At(atDesired...); {
	case power:
		wish.Final = modelarts.Status(planned.Text())
	case desired.IsSet():
		wish.Final = desiredStatus(desired)
	}
	wish.MayStop = plan.AllowStoppingForUpdate.ValueBool()
	wish.Owed = v.owed()
	empty = len(wish.Changes) == 0 && wish.Growth == nil && len(set)+len(remove) == 0 && !wish.Lease.Renew && !power && (!v.awaits() || planned.IsKnown())
	return wish, empty
}

// managesLease reports whether the model, a configuration, has a duration of the
// lease, or switches it off.
func (m *model) managesLease(c *values.Converter) bool {
	asked := m.askedLease(c)
	return asked.Off || asked.Duration != nil
}

// sameAsked reports whether two leases ask for the same automatic stop.
func sameAsked(a, b lifecycle.Lease) bool {
	return a.Off == b.Off && values.Deref(a.Duration) == values.Deref(b.Duration)
}

// undone are the arguments that differ and that an update which failed has not
// changed.
func (v *view) undone(out *lifecycle.Outcome) []place {
	if out.Err == nil {
		return nil
	}
	var undone []place
	for _, a := range arguments {
		if v.differs(a.at) && !slices.Contains(out.Applied, a.at.String()) {
			undone = append(undone, a.at)
		}
	}
	return undone
}

// applied is the state after an update that failed: the state before it, with the
// planned values of the arguments that were changed.
func applied(state, plan values.Value, arguments []string) values.Value {
	for _, name := range arguments {
		names := strings.Split(name, ".")
		state = state.With(plan.At(names...).Value, names...)
	}
	// Flavor and custom_spec are written together.
	if slices.Contains(arguments, atFlavor.String()) || slices.Contains(arguments, atSpec.String()) {
		state = state.With(plan.At(atFlavor...).Value, atFlavor...).With(plan.At(atSpec...).Value, atSpec...)
	}
	// Consent and protection concern the next apply, whatever this one did.
	for _, name := range []string{"allow_stopping_for_update", "deletion_protection"} {
		state = state.With(plan.At(name).Value, name)
	}
	return state
}
