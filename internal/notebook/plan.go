package notebook

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// effect is what a change of an argument does to the notebook.
type effect int

const (
	inPlace  effect = iota // done in whatever state the notebook is
	stops                  // taken only while the notebook is stopped
	replaces               // cannot change: a new notebook takes its place
)

var volumePath = path.Root("volume")

// arguments is the one table of what a change does. Flags of the provider's own
// (allow_stopping_for_update, deletion_protection, timeouts) do nothing to a
// notebook, and desired_status acts through status.
var arguments = []struct {
	path   path.Path
	effect effect
}{
	{path.Root("feature"), replaces},
	{path.Root("pool_id"), replaces},
	{path.Root("workspace_id"), replaces},
	{path.Root("run_user"), replaces},
	{path.Root("user_vpc"), replaces},
	{volumePath.AtName("category"), replaces},
	{volumePath.AtName("ownership"), replaces},
	{volumePath.AtName("uri"), replaces},
	{volumePath.AtName("id"), replaces},

	{path.Root("flavor"), stops},
	{path.Root("custom_spec"), stops},
	{path.Root("image_id"), stops},
	{path.Root("data_volumes"), stops},
	{path.Root("endpoints"), stops},
	{path.Root("hooks"), stops},
	{path.Root("affinity"), stops},
	{volumePath.AtName("dew_secret_name"), stops},

	{path.Root("name"), inPlace},
	{path.Root("description"), inPlace},
	{volumePath.AtName("capacity"), inPlace},
	{path.Root("lease"), inPlace}, // but see switchesLeaseOff
	{path.Root("tags"), inPlace},
	{path.Root("tags_all"), inPlace},
}

// What a change makes unknown. All other computed values stay known, so that a
// rename shows as one line.
var (
	unknownAfterRestart = []path.Path{
		path.Root("status"), path.Root("token"), path.Root("url"), path.Root("ssh_uri"),
		path.Root("stops_at"), path.Root("fail_reason"), path.Root("billing_items"),
	}
	unknownAfterImage   = []path.Path{path.Root("image")}
	unknownAfterGrowth  = []path.Path{volumePath.AtName("status")}
	unknownAfterRenewal = []path.Path{path.Root("stops_at")}
	unknownAfterCustom  = []path.Path{path.Root("flavor")}
	ignoresCase         = []path.Path{
		path.Root("image_id"), volumePath.AtName("category"), volumePath.AtName("ownership"), volumePath.AtName("id"),
		path.Root("lease").AtName("type"),
		path.Root("hooks").AtName("pre_start").AtName("mode"), path.Root("hooks").AtName("post_start").AtName("mode"),
		path.Root("custom_spec").AtName("arch"), path.Root("custom_spec").AtName("category"),
	}
)

// ModifyPlan makes the plan say what the apply will do: nothing for another
// spelling of the same thing, unknown only what will really be new, and a
// warning or an error where a running notebook or its storage is at stake.
func (r *notebookResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	p := &planner{ctx: ctx, req: req, resp: resp, settings: r.Settings}
	if req.State.Raw.IsNull() {
		p.create()
	} else {
		p.update()
	}
	if r.Settings != nil && r.Settings.OmitToken {
		p.set(path.Root("token"), types.StringNull())
	}
}

// planDestroy refuses to destroy a protected notebook, and says what goes with
// one that is not.
func (r *notebookResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state resourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.DeletionProtection.ValueBool() && !neverCameUp(&state) {
		resp.Diagnostics.Append(protected(&state))
		return
	}
	if lost := lostStorage(ctx, &state); lost != "" {
		resp.Diagnostics.AddWarning(
			fmt.Sprintf("Notebook %q will be deleted with its storage", state.Name.ValueString()),
			fmt.Sprintf("Destroying the notebook %s deletes its %s with everything in it. There is no undo.", state.ID.ValueString(), lost))
	}
}

// planner is the work on one plan of a create or an update.
type planner struct {
	ctx      context.Context
	req      resource.ModifyPlanRequest
	resp     *resource.ModifyPlanResponse
	settings *settings.Settings
}

func (p *planner) failed() bool { return p.resp.Diagnostics.HasError() }

func (p *planner) config(at path.Path) attr.Value { return p.value(p.req.Config, at) }
func (p *planner) state(at path.Path) attr.Value  { return p.value(p.req.State, at) }
func (p *planner) plan(at path.Path) attr.Value   { return p.value(p.resp.Plan, at) }

func (p *planner) value(from values.Data, where path.Path) attr.Value {
	return values.At(p.ctx, from, where, &p.resp.Diagnostics)
}

func (p *planner) set(where path.Path, v any) {
	p.resp.Diagnostics.Append(p.resp.Plan.SetAttribute(p.ctx, where, v)...)
}

func (p *planner) text(v attr.Value) string {
	s, _ := v.(types.String)
	return s.ValueString()
}

// tags plans tags_all: the provider's default_tags under the notebook's own.
func (p *planner) tags() {
	var own types.Map
	p.resp.Diagnostics.Append(p.resp.Plan.GetAttribute(p.ctx, path.Root("tags"), &own)...)
	if own.IsUnknown() || p.settings == nil || p.settings.Home().Unready != nil {
		p.set(path.Root("tags_all"), types.MapUnknown(types.StringType))
		return
	}
	all := map[string]attr.Value{}
	for key, v := range p.settings.DefaultTags {
		all[key] = types.StringValue(v)
	}
	maps.Copy(all, own.Elements())
	if merged := types.MapValueMust(types.StringType, all); !merged.Equal(p.plan(path.Root("tags_all"))) {
		p.set(path.Root("tags_all"), merged)
	}
	if len(all) <= maxTags {
		return
	}
	detail := fmt.Sprintf("With the provider's default_tags the notebook has %d tags, and the service takes %d at most.", len(all), maxTags)
	if p.elsewhere(path.Root("tags")) {
		p.resp.Diagnostics.AddAttributeWarning(path.Root("tags"), "Too many tags", detail)
		return
	}
	p.resp.Diagnostics.AddAttributeError(path.Root("tags"), "Too many tags", detail)
}

// elsewhere says whether a difference at the argument was made elsewhere: what is
// configured now was configured when the notebook was last applied.
func (p *planner) elsewhere(argument path.Path) bool {
	return !p.req.State.Raw.IsNull() && appliedBefore(p.ctx, p.req.Private, argument, p.config(argument))
}

// create plans a new notebook.
func (p *planner) create() {
	p.tags()
	p.leaseIsOn()
	if desired, ok := p.config(path.Root("desired_status")).(types.String); ok && !desired.IsNull() && !desired.IsUnknown() {
		p.set(path.Root("status"), desired)
	}
	p.check(nil)
}

// leaseIsOn plans enabled = true for a lease that is given a duration or a type,
// so that one that was switched off elsewhere is switched on again.
func (p *planner) leaseIsOn() {
	lease := path.Root("lease")
	if p.config(lease).IsUnknown() || !p.config(lease.AtName("enabled")).IsNull() {
		return
	}
	duration, kind := p.config(lease.AtName("duration")), p.config(lease.AtName("type"))
	switch {
	case !duration.IsNull() && !duration.IsUnknown(), !kind.IsNull() && !kind.IsUnknown():
		p.set(lease.AtName("enabled"), types.BoolValue(true))
	case duration.IsUnknown(), kind.IsUnknown():
		p.set(lease.AtName("enabled"), types.BoolUnknown()) // it may turn out to be null
	}
}

// update plans the change of a notebook that exists.
func (p *planner) update() {
	var state resourceModel
	p.resp.Diagnostics.Append(p.req.State.Get(p.ctx, &state)...)
	if p.failed() {
		return
	}

	p.sameInOtherWords()
	p.restoreComputed()
	p.tags()
	p.leaseIsOn()
	p.capacity(&state)
	if p.failed() {
		return
	}

	changed := p.changed()
	if p.creationFailed(&state) || p.replacement(&state, changed) {
		return
	}

	// A notebook on its way somewhere may be running by the time of the apply.
	status := modelarts.Status(state.Status.ValueString())
	running := status == modelarts.StatusRunning || status.Kind() == modelarts.Pending
	restart := false
	var stopping []path.Path
	for _, c := range changed {
		if c.effect == stops {
			stopping = append(stopping, c.path)
		}
	}
	if p.switchesLeaseOff() {
		stopping = append(stopping, path.Root("lease").AtName("enabled"))
	}
	if running && len(stopping) > 0 {
		restart = true
		p.consent(&state, stopping)
	}
	// What is not known yet may turn out to need a restart.
	p.power(&state, restart || running && p.plan(path.Root("lease").AtName("enabled")).IsUnknown(), len(changed) > 0)

	p.check(&state)
	for _, c := range changed {
		switch {
		case c.path.Equal(path.Root("image_id")):
			p.unknown(unknownAfterImage...)
		case c.path.Equal(volumePath.AtName("capacity")):
			p.unknown(unknownAfterGrowth...)
		case c.path.Equal(path.Root("lease")) && running:
			p.unknown(unknownAfterRenewal...)
		case c.path.Equal(path.Root("custom_spec")) && p.config(path.Root("flavor")).IsNull():
			p.unknown(unknownAfterCustom...)
		}
	}
}

// sameInOtherWords plans the state's value where the configuration means the
// same in another spelling. Terraform allows that, and a type with semantic
// equality would not do: it is not asked while planning.
func (p *planner) sameInOtherWords() {
	for _, where := range ignoresCase {
		was, now := p.state(where), p.plan(where)
		if !was.IsNull() && !now.IsNull() && !now.IsUnknown() && !was.Equal(now) && strings.EqualFold(p.text(was), p.text(now)) {
			p.set(where, was)
		}
	}
	duration := path.Root("lease").AtName("duration")
	if was, now := p.state(duration), p.plan(duration); !was.Equal(now) && sameLease(p.text(was), p.text(now)) {
		p.set(duration, was)
	}
	// A flavor beside custom_spec is not what the service reports.
	if was := p.state(flavorPath); p.text(was) == customFlavor && !p.plan(path.Root("custom_spec")).IsNull() && !p.config(flavorPath).IsNull() {
		p.set(flavorPath, was)
	}
	p.sameDataVolumes()
}

// sameDataVolumes is sameInOtherWords for the map of data volumes, whose keys
// are paths with or without a slash at their end. It is all or nothing, since
// Terraform compares a map as a whole when its keys differ.
func (p *planner) sameDataVolumes() {
	where := path.Root("data_volumes")
	var was, now types.Map
	p.resp.Diagnostics.Append(p.req.State.GetAttribute(p.ctx, where, &was)...)
	p.resp.Diagnostics.Append(p.resp.Plan.GetAttribute(p.ctx, where, &now)...)
	if was.IsNull() || now.IsNull() || now.IsUnknown() || was.Equal(now) || len(was.Elements()) != len(now.Elements()) {
		return
	}
	c := newConverter(p.ctx)
	prior, planned := values.Elements[map[string]dataVolumeModel](c, was), values.Elements[map[string]dataVolumeModel](c, now)
	for key, v := range planned {
		known, there := prior[sameMountPath(prior, key)]
		if !there || v.Category.IsUnknown() || !strings.EqualFold(known.Category.ValueString(), v.Category.ValueString()) {
			return
		}
		v.Category = known.Category
		if v != known {
			return
		}
	}
	p.resp.Diagnostics.Append(c.Diagnostics...)
	p.set(where, was)
}

// restoreComputed takes from the state what the configuration leaves to the
// provider. The framework has made all of it unknown if anything differed.
func (p *planner) restoreComputed() {
	raw, err := values.Fill(p.resp.Plan.Raw, p.req.State.Raw, values.Unset(p.req.Config.Raw))
	if err != nil {
		p.resp.Diagnostics.AddError("Unable to plan notebook", err.Error())
		return
	}
	p.resp.Plan.Raw = raw
}

// capacity keeps the plan from shrinking a disk, which the service cannot do.
func (p *planner) capacity(state *resourceModel) {
	where := volumePath.AtName("capacity")
	was, _ := p.state(where).(types.Int64)
	now, _ := p.plan(where).(types.Int64)
	if was.IsNull() || now.IsNull() || now.IsUnknown() || now.Equal(was) {
		return
	}
	category := strings.ToUpper(p.text(p.plan(categoryPath)))
	if now.ValueInt64() > was.ValueInt64() && (category == categoryEVS || category == "") {
		return
	}
	for _, a := range arguments {
		if a.effect == replaces && !p.plan(a.path).Equal(p.state(a.path)) {
			return // the new notebook has a new disk
		}
	}
	if p.elsewhere(where) {
		// The disk was grown elsewhere. An error would stand in the way of
		// everything, a destroy included.
		p.resp.Diagnostics.AddAttributeWarning(where,
			fmt.Sprintf("The disk of notebook %q was changed elsewhere", state.Name.ValueString()),
			fmt.Sprintf("It has %d GB now, and the configuration says %d. The service cannot change it back, so nothing is done about it: set capacity = %d to end this warning.",
				was.ValueInt64(), now.ValueInt64(), was.ValueInt64()))
		p.set(where, was)
		return
	}
	if category != categoryEVS {
		p.resp.Diagnostics.AddAttributeError(where, "The storage cannot change its size",
			fmt.Sprintf("The service changes the size of EVS disks only, and the storage of notebook %q is %s of %d GB. "+
				"Set capacity = %d, or replace the notebook (terraform apply -replace=ADDRESS), which deletes what is in the storage.",
				state.Name.ValueString(), category, was.ValueInt64(), was.ValueInt64()))
		return
	}
	p.resp.Diagnostics.AddAttributeError(where, "A disk cannot shrink",
		fmt.Sprintf("The disk of notebook %q has %d GB, and the configuration says %d. The service only grows disks: "+
			"set capacity to %d or more, or replace the notebook (terraform apply -replace=ADDRESS), which deletes what is on the disk.",
			state.Name.ValueString(), was.ValueInt64(), now.ValueInt64(), was.ValueInt64()))
}

type changedArgument struct {
	path   path.Path
	effect effect
}

// changed are the arguments that the plan changes, or may change.
func (p *planner) changed() []changedArgument {
	var changed []changedArgument
	for _, a := range arguments {
		if p.differs(a.path) {
			changed = append(changed, changedArgument(a))
		}
	}
	return changed
}

// differs says whether the plan changes, or may change, an argument.
func (p *planner) differs(argument path.Path) bool {
	was := p.state(argument)
	return !p.plan(argument).Equal(was) && (!was.IsNull() || !alwaysThere(argument))
}

// alwaysThere says of an argument that every notebook has it. Where the state
// has none, an answer has left it out, as can be after an import: that is no
// difference, least of all one to replace a notebook for.
func alwaysThere(argument path.Path) bool {
	for _, p := range []path.Path{
		path.Root("feature"), path.Root("workspace_id"), flavorPath, imagePath, categoryPath, volumePath.AtName("ownership"),
	} {
		if argument.Equal(p) {
			return true
		}
	}
	return false
}

// creationFailed plans a new notebook in the place of one whose creation has
// failed when nobody looked: an apply that saw it would have tainted it. It says
// whether it did.
func (p *planner) creationFailed(state *resourceModel) bool {
	if !neverCameUp(state) {
		return false
	}
	p.unknown(path.Root("status"))
	p.resp.RequiresReplace = append(p.resp.RequiresReplace, path.Root("status"))
	why := "the service gives no reason"
	if reason := state.FailReason.ValueString(); reason != "" {
		why = strings.TrimRight(reason, ". ")
	}
	p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be replaced", state.Name.ValueString()),
		fmt.Sprintf("Its creation failed: %s. The notebook %s never ran and nothing leads out of its state: it is deleted, and a new one is created.", why, state.ID.ValueString()))
	return true
}

// neverCameUp says whether the creation of a notebook failed. It holds nothing,
// and is not protected from removal.
func neverCameUp(state *resourceModel) bool {
	return state.Status.ValueString() == string(modelarts.StatusCreateFailed)
}

// replacement plans a new notebook where an argument cannot change, unless the
// old one is protected. It says whether it did.
func (p *planner) replacement(state *resourceModel, changed []changedArgument) bool {
	var why []path.Path
	for _, c := range changed {
		if c.effect == replaces {
			why = append(why, c.path)
		}
	}
	if len(why) == 0 {
		return false
	}
	p.resp.RequiresReplace = append(p.resp.RequiresReplace, why...)
	if state.DeletionProtection.ValueBool() {
		p.resp.Diagnostics.Append(protected(state, why...))
		return true
	}
	detail := fmt.Sprintf("A change of %s cannot be made in place: the notebook %s is deleted, and a new one is created.", list(why), state.ID.ValueString())
	if lost := lostStorage(p.ctx, state); lost != "" {
		detail += fmt.Sprintf(" Its %s is deleted with everything in it. There is no undo.", lost)
	}
	p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be replaced", state.Name.ValueString()), detail)
	return true
}

// switchesLeaseOff says whether the plan takes the automatic stop away, which
// the service allows only with a start.
func (p *planner) switchesLeaseOff() bool {
	where := path.Root("lease").AtName("enabled")
	was, _ := p.state(where).(types.Bool)
	now, _ := p.plan(where).(types.Bool)
	return !now.IsNull() && !now.IsUnknown() && !now.ValueBool() && (was.IsNull() || was.ValueBool())
}

// consent warns that the notebook will be stopped or, without the consent to
// it, refuses.
func (p *planner) consent(state *resourceModel, why []path.Path) {
	var allowed types.Bool
	p.resp.Diagnostics.Append(p.resp.Plan.GetAttribute(p.ctx, path.Root("allow_stopping_for_update"), &allowed)...)
	name := state.Name.ValueString()
	if allowed.ValueBool() || allowed.IsUnknown() {
		p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be stopped and started", name),
			fmt.Sprintf("The service takes a change of %s only while the notebook is stopped. What runs in it ends; its storage stays. It starts again with its lease.", list(why)))
		return
	}
	ours := false
	for _, where := range why {
		if where.Equal(path.Root("lease").AtName("enabled")) {
			where = path.Root("lease")
		}
		ours = ours || !p.elsewhere(where)
	}
	detail := fmt.Sprintf("The service takes a change of %s only while the notebook is stopped, and notebook %q is running. "+
		"Set allow_stopping_for_update = true to have it stopped, changed and started again, or stop it first.", list(why), name)
	if !ours {
		// The difference was made elsewhere. An error would stand in the way of
		// everything, a destroy included; the apply still asks for consent.
		p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q was changed elsewhere", name), detail)
		return
	}
	p.resp.Diagnostics.AddAttributeError(why[0], "The notebook would have to be stopped", detail)
}

// power plans the status where the apply will change it.
func (p *planner) power(state *resourceModel, restart, otherwise bool) {
	if restart {
		p.unknown(unknownAfterRestart...)
	}
	desired, _ := p.plan(path.Root("desired_status")).(types.String)
	if desired.IsNull() && p.owed(state) {
		return
	}
	if desired.IsNull() || desired.IsUnknown() {
		if desired.IsUnknown() {
			p.unknown(unknownAfterRestart...)
		}
		return
	}
	status := modelarts.Status(state.Status.ValueString())
	switch {
	case status == modelarts.StatusStartFailed && desired.ValueString() == string(modelarts.StatusRunning):
		// Settled, and the start is what is asked for: it is tried again.
		p.unknown(unknownAfterRestart...)
		p.announcePower(state, desired.ValueString())
	case status != modelarts.StatusRunning && status != modelarts.StatusStopped:
		// Pending or failed: nothing to compare with. A change that is applied
		// anyway ends with the desired status.
		if otherwise {
			p.unknown(unknownAfterRestart...)
		}
		return
	case string(status) != desired.ValueString():
		p.unknown(unknownAfterRestart...)
		p.announcePower(state, desired.ValueString())
	case !restart:
		return
	}
	p.set(path.Root("status"), desired)
}

// owed plans the start or the stop that the last apply could not make, after it
// had changed the power state. It says whether there is one.
func (p *planner) owed(state *resourceModel) bool {
	status := modelarts.Status(state.Status.ValueString())
	next := owedBy(p.ctx, p.req.Private).next(status)
	if next == "" {
		return false
	}
	p.unknown(unknownAfterRestart...)
	p.set(path.Root("status"), types.StringValue(string(next)))
	if next == modelarts.StatusStopped {
		p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be stopped", state.Name.ValueString()),
			"It was stopped until the last apply started it for a change and could not stop it again. "+
				"What runs in it ends; its storage stays. To leave it running, set desired_status = \"RUNNING\".")
		return true
	}
	p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be started", state.Name.ValueString()),
		fmt.Sprintf("It was running until the last apply stopped it for a change and could not start it again; now it is %s. "+
			"Computing is billed from the start on. To leave it as it is, set desired_status = \"STOPPED\".", status))
	return true
}

func (p *planner) announcePower(state *resourceModel, desired string) {
	name := state.Name.ValueString()
	if desired == string(modelarts.StatusRunning) {
		p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be started", name),
			fmt.Sprintf("It is %s, and desired_status is RUNNING. Computing is billed from the start on.", state.Status.ValueString()))
		return
	}
	p.resp.Diagnostics.AddWarning(fmt.Sprintf("Notebook %q will be stopped", name),
		"It is running, and desired_status is STOPPED. What runs in it ends; its storage stays.")
}

func (p *planner) unknown(where ...path.Path) {
	for _, w := range where {
		switch w.String() {
		case "image":
			p.set(w, newConverter(p.ctx).UnknownObject("image"))
		case "billing_items":
			p.set(w, types.ListUnknown(types.StringType))
		case "stops_at":
			p.set(w, timetypes.NewRFC3339Unknown())
		default:
			p.set(w, types.StringUnknown())
		}
	}
}

// lostStorage names the storage that is deleted with the notebook; it is empty
// when the storage is the account's own.
func lostStorage(ctx context.Context, state *resourceModel) string {
	volume := values.Decode[volumeModel](newConverter(ctx), state.Volume)
	if !strings.EqualFold(volume.Ownership.ValueString(), ownershipManaged) {
		return ""
	}
	text := "managed " + strings.ToUpper(volume.Category.ValueString()) + " storage"
	if !volume.Capacity.IsNull() {
		text += fmt.Sprintf(" of %d GB", volume.Capacity.ValueInt64())
	}
	return text
}

// list names arguments in a sentence.
func list(paths []path.Path) string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = p.String()
	}
	return enumerate(names, "nothing")
}
