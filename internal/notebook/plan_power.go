package notebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// The rules in this file say when a notebook is replaced, stopped or started.

func (v *view) cameUp() bool { return v.creates() || !neverCameUp(v.state) }

// replaceFailed plans a new notebook in the place of one whose creation has
// failed when no apply saw it: one that saw it would have tainted it.
func (p *planner) replaceFailed() {
	p.unknown(atStatus)
	p.replaceFor(atStatus)
	why := "the service gives no reason"
	if reason := p.state.At("fail_reason").Text(); reason != "" {
		why = strings.TrimRight(reason, ". ")
	}
	p.warn(fmt.Sprintf("Notebook %q will be replaced", p.name()),
		"Its creation failed: %s. The notebook %s never ran, and no call can recover it: it is deleted, and a new one is created.", why, p.state.At("id").Text())
}

// foreign are the arguments that would replace the notebook and whose difference
// is no change of the configuration: somebody else has made it, the service shows
// it so, or the notebook was imported.
func (v *view) foreign() []place {
	var foreign []place
	for _, where := range v.changed(replaces) {
		if v.imported() && !v.mayStay(where) || !v.imported() && v.elsewhere(where) {
			foreign = append(foreign, where)
		}
	}
	return foreign
}

// poolUnseen reports whether the configuration has a pool of which the answers
// about an imported notebook said nothing: it may be in that pool, or in the public
// one, of which answers say nothing either.
func (v *view) poolUnseen() bool {
	was := v.state.At(atPool...)
	return v.imported() && was.IsNull() && !values.Equal(was, v.plan.At(atPool...))
}

func (v *view) noForeignReplacement() bool {
	return v.creates() || len(v.foreign()) == 0 && !v.poolUnseen()
}

// another stands for a value that a message may not show.
const another = "another one"

// keepForeign keeps the notebook where only a change of the configuration may
// replace it. An imported notebook must agree with the configuration: that is an
// error; any other difference is a warning. A pool that is not shown is taken to be
// the configured one.
func (p *planner) keepForeign() {
	if p.poolUnseen() {
		p.warnAt(atPool, fmt.Sprintf("The service does not show the pool of notebook %q", p.name()),
			"The notebook %s was imported, and the service returned no pool: it is in the public pool, or the service omits the pool. "+
				"The provider uses pool_id of the configuration. If the notebook is in the public pool, remove pool_id from the configuration before the apply: a notebook cannot move to another pool.",
			p.notebook())
	}
	for _, where := range p.foreign() {
		was, now := p.state.At(where...), p.plan.At(where...)
		if p.imported() {
			p.refuse(where, importedOther,
				"The notebook %q (%s) was imported with %s = %s, and the configuration has %s. This cannot change in an existing notebook: "+
					"set %s to %s, or remove the notebook from the state (terraform state rm) to create another one.",
				p.name(), p.notebook(), where, say(where, was, "a value"), say(where, now, another), where, say(where, was, "what terraform state show prints"))
			p.ended = true
			continue
		}
		p.set(where, was.Value)
		p.warnAt(where, fmt.Sprintf("Notebook %q was changed elsewhere", p.name()),
			"%s is %s, and the configuration has %s, as when it was last applied. Nothing changes that in a notebook that exists, so nothing is done: "+
				"set it to what it is to end this warning. To have a new notebook in its place: terraform apply -replace=ADDRESS.",
			where, say(where, was, "a value"), say(where, now, another))
	}
}

func (v *view) replacesNothing() bool { return v.creates() || len(v.replacing()) == 0 }

// replacing are the arguments whose change replaces the notebook. One that was
// imported is not replaced for a value that may turn out to be what it has: the
// plan of the apply, which knows it, refuses another one.
func (v *view) replacing() []place {
	return slices.DeleteFunc(v.changed(replaces), func(where place) bool { return v.imported() && v.mayStay(where) })
}

// replace plans a new notebook where an argument cannot change, unless the old
// one is protected.
func (p *planner) replace() {
	why := p.replacing()
	p.replaceFor(why...)
	switch {
	case !p.keepsFromReplacement():
	case !protects(p.state, p.settings) && !p.plan.At("deletion_protection").IsKnown():
		p.refuse(at("deletion_protection"), isProtected, "A change of %s replaces the notebook %q (%s), and whether deletion_protection keeps it is not known yet. "+
			"Apply first what its value comes from (terraform apply -target=ADDRESS), or write it into the configuration.", list(why), p.name(), p.notebook())
		return
	default:
		p.fail(protected(p.state, why...))
		return
	}
	detail := fmt.Sprintf("A change of %s cannot be made in place: the notebook %s is deleted, and a new one is created.", list(why), p.state.At("id").Text())
	if lost := lostStorage(p.state); lost != "" {
		detail += fmt.Sprintf(" Its %s is deleted with everything in it. There is no undo.", lost)
	}
	p.warn(fmt.Sprintf("Notebook %q will be replaced", p.name()), "%s", detail+p.replacedAnyway(why))
}

// replacedAnyway says of arguments that replace the notebook and are not known yet
// that it is replaced whatever they turn out to be; empty: one of the arguments
// surely changes. Terraform decides in the plan, and deletes the notebook before it
// plans again.
func (v *view) replacedAnyway(why []place) string {
	if slices.ContainsFunc(why, func(where place) bool { return !v.mayStay(where) }) {
		return ""
	}
	return fmt.Sprintf(" The value of %s is not known yet, and the notebook is replaced even if it turns out to be what it is now. "+
		"To keep the notebook, apply first what the value comes from (terraform apply -target=ADDRESS), or write the value into the configuration.", list(why))
}

// replacesUnprotected reports that no create is the half of a forced replacement
// (-replace, replace_triggered_by) of a protected notebook. Terraform plans such a
// create with the private state of the old notebook, which another create has not.
func (v *view) replacesUnprotected() bool {
	old := protectionNoted(v.ctx, v.private)
	planned := v.plan.At("deletion_protection")
	kept := old.ID != "" && (old.On || planned.True() || !planned.IsKnown())
	return !v.creates() || !kept || v.settings != nil && v.settings.Releases(old.ID)
}

func (p *planner) refuseReplacement() {
	old := protectionNoted(p.ctx, p.private)
	state := p.plan.With(tftypes.NewValue(tftypes.String, old.ID), "id")
	p.fail(protected(state.With(tftypes.NewValue(tftypes.Bool, old.On), "deletion_protection")))
	p.ended = true
}

// protected is the error for the removal of a protected notebook. why names the
// arguments whose change would replace it.
func protected(state values.Value, why ...place) diag.Diagnostic {
	where := "configuration"
	if state.At("deletion_protection").True() {
		where = "state"
	}
	detail := fmt.Sprintf("The notebook %q (%s) has deletion_protection = true in the %s. "+
		"To destroy or replace it, set deletion_protection = false and apply that first. If the notebook is tainted, run terraform untaint before. "+
		"If that is not possible, for example because the notebook is no longer in a configuration, lift the protection for one run with the provider's release_protection or its variable:\n\n"+
		"  MODELARTS_RELEASE_PROTECTION=%[2]s terraform apply\n  MODELARTS_RELEASE_PROTECTION=%[2]s terraform destroy",
		state.At("name").Text(), state.At("id").Text(), where)
	if len(why) > 0 {
		detail = fmt.Sprintf("A change of %s replaces the notebook. ", list(why)) + detail
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_protection"), isProtected, detail)
}

// stays is the warning of a plan to destroy a protected notebook that a replacement has
// left.
func stays(state values.Value) diag.Diagnostic {
	name, id := state.At("name").Text(), state.At("id").Text()
	return diag.NewWarningDiagnostic(fmt.Sprintf("Notebook %q (%s) stays: it is protected", name, id),
		fmt.Sprintf("A replacement created another notebook and could not delete this one, because it is protected. It is billed and is no longer in the configuration. "+
			"Terraform plans its destroy in every run. An apply makes all other changes and then fails. To delete the notebook with its managed storage:\n\n"+
			"  MODELARTS_RELEASE_PROTECTION=%s terraform apply", id))
}

// lostStorage names the storage that is deleted with the notebook; it is empty
// when the storage is the account's own.
func lostStorage(state values.Value) string {
	volume := state.At("volume")
	if !strings.EqualFold(volume.At("ownership").Text(), ownershipManaged) {
		return ""
	}
	text := "managed " + strings.ToUpper(volume.At("category").Text()) + " storage"
	if capacity := volume.At("capacity"); capacity.IsSet() {
		text += fmt.Sprintf(" of %d GB", capacity.Int())
	}
	return text
}

// runs reports whether the notebook runs, or may run by the time of the apply.
func (v *view) runs() bool {
	return v.status() == modelarts.StatusRunning || v.status().Kind() == modelarts.Pending
}

// stopping are the arguments whose change stops a running notebook.
func (v *view) stopping() []place {
	why := v.changed(stops)
	if v.switchesLeaseOff() {
		why = append(why, atEnabled)
	}
	return why
}

func (v *view) stopsNothing() bool { return v.creates() || !v.runs() || len(v.stopping()) == 0 }

// stop warns that the notebook will be stopped or, without the consent to it,
// refuses.
func (p *planner) stop() {
	p.restart = true
	if p.plan.At(atDesired...).Text() == string(modelarts.StatusStopped) {
		return // it is to be stopped anyway, which the rule of the power state says
	}
	why, sure := p.stopping(), p.surelyStopping()
	if len(sure) == 0 {
		p.mayStop(why)
		return
	}
	if allowed := p.plan.At("allow_stopping_for_update"); allowed.True() || !allowed.IsKnown() {
		p.warn(fmt.Sprintf("Notebook %q will be stopped and started", p.name()),
			"The service accepts a change of %s only while the notebook is stopped. What runs in it ends; its storage stays. It starts again with its lease.", list(why))
		return
	}
	why = sure
	detail := fmt.Sprintf("The service accepts a change of %s only while the notebook is stopped, and notebook %q is running. "+
		"Set allow_stopping_for_update = true to stop, change and start it again, or stop it first.", list(why), p.name())
	if !p.byUser(why...) {
		// The difference was made elsewhere. An error would stand in the way of
		// everything, a destroy included; the apply still asks for consent.
		p.warn(fmt.Sprintf("Notebook %q was changed elsewhere", p.name()), "%s", detail)
		return
	}
	p.refuse(why[0], wouldStop, "%s", detail)
}

// surelyStopping are the arguments of stopping that change whatever becomes of the
// values that are not known yet.
func (v *view) surelyStopping() []place {
	return slices.DeleteFunc(v.stopping(), v.mayStay)
}

// mayStop warns that the notebook is stopped if values that are not known yet turn
// out to be others than it has.
func (p *planner) mayStop(why []place) {
	consent := ""
	if allowed := p.plan.At("allow_stopping_for_update"); allowed.IsKnown() && !allowed.True() {
		consent = " The apply refuses that without allow_stopping_for_update = true."
	}
	p.warn(fmt.Sprintf("Notebook %q may be stopped and started", p.name()),
		"The value of %s is not known yet. If it turns out to be a change, the service accepts it only while the notebook is stopped: "+
			"what runs in it ends, its storage stays, and it starts again with its lease.%s", list(why), consent)
}

// waysOut has what leads out of each status in which the service refuses changes.
// A status without an entry has nothing that is known to.
var waysOut = map[modelarts.Status]string{
	modelarts.StatusStartFailed: "A start may recover it (desired_status = \"RUNNING\" tries one), but according to the API reference only a STOPPED notebook can be started. Otherwise ask the support of the service to repair it, " +
		"or replace the notebook (terraform apply -replace=ADDRESS), which deletes its managed storage.",
	modelarts.StatusDeleteFailed: "A delete failed and can be retried: remove the notebook from the configuration, or run terraform destroy.",
	modelarts.StatusFrozen:       "The account is in arrears or restricted: settle that first.",
}

const nothingLeadsOut = "No known call can recover it: ask the support of the service to repair it, or replace the notebook (terraform apply -replace=ADDRESS), which deletes its managed storage."

func (v *view) takesChanges() bool {
	return v.creates() || !v.status().Refuses() || len(v.stopping()) == 0
}

// stuck warns of a change that the service takes only while the notebook is stopped,
// of one that has failed. It is no error: whether the service refuses it is not
// certain.
func (p *planner) stuck() {
	out := waysOut[p.status()]
	if out == "" {
		out = nothingLeadsOut
	}
	why := ""
	if reason := p.state.At("fail_reason").Text(); reason != "" {
		why = fmt.Sprintf(" (%s)", strings.TrimRight(reason, ". "))
	}
	p.warn(fmt.Sprintf("The service may refuse the change of notebook %q", p.name()),
		"The service accepts a change of %s only while the notebook is STOPPED, and it is %s%s. %s", list(p.stopping()), p.status(), why, out)
}

// byUser reports whether a difference at one of the places comes from a change of
// the configuration.
func (v *view) byUser(places ...place) bool {
	for _, where := range places {
		if where.is(atEnabled) {
			where = atLease // which is what is remembered
		}
		if !v.elsewhere(where) {
			return true
		}
	}
	return false
}

// powerKept reports whether the plan leaves the power state alone. A status that
// is not settled is left to the rule.
func (v *view) powerKept() bool {
	desired := v.plan.At(atDesired...)
	if v.creates() {
		return true // it is known after the apply, which may be cut while the notebook is being created
	}
	return v.stopsNothing() && v.plan.At(atEnabled...).IsKnown() && v.owed() == lifecycle.OwesNothing && desired.IsKnown() &&
		v.status().Kind() == modelarts.Settled && (desired.IsNull() || desiredStatus(desired) == v.status())
}

// power plans the status where the apply will change it.
func (p *planner) power() {
	// A lease that is not known yet may turn out to need a restart.
	restart := p.restart || p.runs() && !p.plan.At(atEnabled...).IsKnown()
	if restart {
		p.unknown(restarted...)
	}
	desired := p.plan.At(atDesired...)
	switch {
	case !desired.IsKnown():
		p.unknown(restarted...)
		p.mayTurn()
	case desired.IsNull():
		p.payOwed()
	default:
		p.reach(desiredStatus(desired), restart)
	}
	if p.awaits() && values.Equal(p.plan.At(atStatus...), p.state.At(atStatus...)) {
		p.unknown(restarted...)
	}
	if p.awaits() && p.plan.At(atStatus...).Text() != string(modelarts.StatusStopped) {
		p.announceWait()
	}
}

// awaits reports whether the apply has to wait for what an apply before has begun: a
// creation, after which the rest of a create is to be done, or whatever ends before the
// tags of a new notebook can be set. See design/0024-leases-and-what-is-under-way.md.
func (v *view) awaits() bool {
	return v.status().Creating() || owesTags(v.ctx, v.private) && v.status().Rest() != ""
}

func (p *planner) announceWait() {
	p.warn(fmt.Sprintf("Notebook %q is still %s", p.name(), p.status()),
		"The apply waits until the status of the notebook %s is stable, and then completes the remaining steps of an earlier apply.", p.notebook())
}

// mayTurn warns that a desired_status that is not known yet may stop or start the
// notebook.
func (p *planner) mayTurn() {
	if p.runs() {
		p.warn(fmt.Sprintf("Notebook %q may be stopped", p.name()),
			"The value of desired_status is not known yet. If it turns out to be STOPPED, what runs in the notebook ends; its storage stays.")
		return
	}
	p.warn(fmt.Sprintf("Notebook %q may be started", p.name()),
		"The value of desired_status is not known yet. If it turns out to be RUNNING, computing is billed from the start on.")
}

// reach plans the desired status.
func (p *planner) reach(desired modelarts.Status, restart bool) {
	switch status := p.status(); {
	case status == modelarts.StatusStartFailed && desired == modelarts.StatusRunning:
		// Settled, and the start is what is configured: it is tried again.
		p.unknown(restarted...)
		p.announcePower(desired)
	case status.Rest() != "" && status.Rest() != desired:
		// It comes to rest otherwise than desired: the apply waits for that first.
		p.unknown(restarted...)
		p.announcePower(desired)
	case status != modelarts.StatusRunning && status != modelarts.StatusStopped:
		// Pending or failed: nothing to compare with. A change that is applied
		// anyway ends with the desired status.
		if p.changesAnything() {
			p.unknown(restarted...)
			if p.restart && desired == modelarts.StatusStopped {
				p.announcePower(desired) // the rule of the stop has left it to this one
			}
		}
		return
	case status != desired:
		p.unknown(restarted...)
		p.announcePower(desired)
	case !restart:
		return
	}
	p.setText(atStatus, string(desired))
}

func (v *view) changesAnything() bool {
	return len(v.changed(inPlace))+len(v.changed(stops)) > 0
}

// payOwed plans the start or the stop that the last apply could not make, after
// it had changed the power state.
func (p *planner) payOwed() {
	status := p.status()
	if rest := status.Rest(); rest != "" {
		status = rest // for which the apply waits
	}
	next := p.owed().Next(status)
	if next == "" {
		return
	}
	p.unknown(restarted...)
	p.setText(atStatus, string(next))
	if next == modelarts.StatusStopped {
		p.warn(fmt.Sprintf("Notebook %q will be stopped", p.name()),
			"It was stopped until the last apply started it for a change and could not stop it again. "+
				"What runs in it ends; its storage stays. To leave it running, set desired_status = \"RUNNING\".")
		return
	}
	p.warn(fmt.Sprintf("Notebook %q will be started", p.name()),
		"It was running until the last apply stopped it for a change and could not start it again; now it is %s. "+
			"Computing is billed from the start on. To leave it as it is, set desired_status = \"STOPPED\".", p.status())
}

func (p *planner) announcePower(desired modelarts.Status) {
	is := string(p.status())
	if p.status().Rest() != "" {
		is += ", for which the apply waits"
	}
	if desired == modelarts.StatusRunning {
		p.warn(fmt.Sprintf("Notebook %q will be started", p.name()),
			"It is %s, and desired_status is RUNNING. Computing is billed from the start on.", is)
		return
	}
	p.warn(fmt.Sprintf("Notebook %q will be stopped", p.name()),
		"It is %s, and desired_status is STOPPED. What runs in it ends; its storage stays.", is)
}
