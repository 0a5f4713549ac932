package notebook

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// rule is one reason to plan something, or to say something of a plan.
type rule struct {
	name string
	// idle reports that the rule leaves the plan as it is and says nothing of it.
	// It is also what the short way past the framework asks: see PlansNothing.
	idle func(*view) bool
	// plan is called where the rule is not idle.
	plan func(*planner)
}

// rules are the rules of a plan, in their order. A rule that ends the plan (a
// replacement, an error) leaves out those after it.
var rules = []rule{
	{"defaults", defaultsKept, func(*planner) {}}, // the framework has set them
	{"later", (*view).knownAsConfigured, (*planner).keepUnknown},
	{"project", (*view).inItsProject, (*planner).checkProject},
	{"callable", (*view).callable, (*planner).refuseRegion},
	{"spelling", (*view).unchangedOrNew, (*planner).spell},
	{"computed", (*view).unchangedOrNew, (*planner).restoreComputed},
	{"sources", (*view).sourcesGiven, (*planner).askForSources},
	{"disk", (*view).diskSized, (*planner).sizeDisk},
	{"region", (*view).regionKept, (*planner).region},
	{"token", (*view).tokenKept, (*planner).omitToken},
	{"ignored tags", (*view).setsNoIgnoredTag, (*planner).refuseIgnoredTags},
	{"tags", (*view).tagsKept, (*planner).tags},
	{"lease", (*view).leaseKept, (*planner).leaseIsOn},
	{"unreplaced", (*view).noForeignReplacement, (*planner).keepForeign},
	{"capacity", (*view).capacityKept, (*planner).capacity},
	{"failed creation", (*view).cameUp, (*planner).replaceFailed},
	{"replacement", (*view).replacesNothing, (*planner).replace},
	{"forced replacement", (*view).replacesUnprotected, (*planner).refuseReplacement},
	{"stop", (*view).stopsNothing, (*planner).stop},
	{"failed status", (*view).takesChanges, (*planner).stuck},
	{"power", (*view).powerKept, (*planner).power},
	{"guardrails", (*view).withinGuardrails, (*planner).guardrails},
	{"access", (*view).accessLimited, (*planner).openToAll},
	{"catalogue", (*view).unchanged, (*planner).check},
	{"namesakes", (*view).existsAlready, (*planner).namesakes},
	{"unknown", (*view).unchangedOrNew, (*planner).unknowns},
	{"first", (*view).foreseen, (*planner).foresee},
}

// The summaries of what the rules find, besides those of catalogueChecks.
const (
	tooManyTags     = "Too many tags"
	ignoredTag      = "A tag is set that the provider ignores"
	incomplete      = "The source of the storage is missing"
	noNodes         = "affinity needs a dedicated pool"
	noShrinking     = "A disk cannot shrink"
	fixedSize       = "The storage cannot change its size"
	wouldStop       = "The notebook would have to be stopped"
	isProtected     = "The notebook is protected"
	importedOther   = "The imported notebook differs in what cannot change"
	neverStops      = "The notebook would never stop by itself"
	sshIsOpen       = "SSH is open to any address"
	leaseTooLong    = "The lease is longer than allowed"
	quotaTooSmall   = "The quota of notebooks does not suffice"
	notAuthorized   = "ModelArts may not act for the account"
	catalogueUnread = "The plan could not be checked against the catalogue"
)

// ModifyPlan makes the plan show what the apply will do: nothing for another
// spelling of the same thing, unknown only what will really be new, and a warning
// or an error where a running notebook or its storage is at stake.
func (r *notebookResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		(&view{settings: r.Settings, state: values.Of(req.State.Raw)}).claim()
		r.planDestroy(ctx, values.Of(req.State.Raw), req.Private, resp.Private, &resp.Diagnostics)
		tellApart(r.Settings, values.Of(req.State.Raw), resp.Diagnostics)
		return
	}
	p := &planner{
		view: &view{
			ctx: ctx, settings: r.Settings, private: req.Private,
			config: withoutScripts(values.Of(req.Config.Raw)), state: values.Of(req.State.Raw), plan: values.Of(req.Plan.Raw),
		},
		resp: resp,
	}
	p.claim()
	p.run()
	if !p.creates() && !p.unchanged() && resp.Private != nil {
		resp.Diagnostics.Append(intend(ctx, resp.Private, p.config)...)
	}
	p.foreseeStatus()
	p.nameWayOut()
	tellApart(p.settings, p.state, resp.Diagnostics)
	resp.Plan.Raw = p.plan.Value
}

// planDestroy refuses to destroy a protected notebook, and says what goes with
// one that is not. For what is left of a replacement it warns, and leaves the refusal
// to the delete: Terraform plans the destroy of such an object in each run, and an
// error would stop them all. Terraform asks for that plan for the first time in the apply that
// has just created the new notebook. See design/0020-protection-and-destroys.md.
func (r *notebookResource) planDestroy(ctx context.Context, state values.Value, private privateReader, planned privateWriter, diags *diag.Diagnostics) {
	if protects(state, r.Settings) {
		switch {
		case leftOver(ctx, private):
			diags.Append(stays(state))
		case r.Settings.Applies():
			diags.Append(markLeftOver(ctx, planned)...) // and the delete, which is next, refuses
		default:
			diags.Append(protected(state))
		}
		return
	}
	if lost := lostStorage(state); lost != "" {
		diags.AddWarning(
			fmt.Sprintf("Notebook %q will be deleted with its storage", state.At("name").Text()),
			fmt.Sprintf("Destroying the notebook %s deletes its %s with everything in it. There is no undo.", state.At("id").Text(), lost))
	}
}

// planner is the work on one plan of a create or an update.
type planner struct {
	*view
	resp *resource.ModifyPlanResponse

	ended   bool // no rule is to follow
	restart bool // the apply stops the notebook and starts it again

	ownWayOut []diag.Diagnostic // errors to which nameWayOut adds nothing
}

// foreseeStatus notes the status that the plan leads to, for the plans of mounts and of images.
func (p *planner) foreseeStatus() {
	if id := p.notebook(); id != "" && p.settings != nil && !p.resp.Diagnostics.HasError() {
		status := modelarts.Status("")
		if planned := p.plan.At(atStatus...); planned.IsSet() && !values.Equal(planned, p.state.At(atStatus...)) {
			status = modelarts.Status(planned.Text())
		}
		p.process().Foreseen.NoteStatus(id, status, !p.plan.At(atStatus...).IsKnown())
	}
}

func (p *planner) run() {
	for _, r := range rules {
		if p.ended {
			return
		}
		if !r.idle(p.view) {
			r.plan(p)
		}
	}
}

// fail adds an error that names its own way out, for one of which a destroy without
// a refresh is not spared.
func (p *planner) fail(d diag.Diagnostic) {
	p.ownWayOut = append(p.ownWayOut, d)
	p.resp.Diagnostics.Append(d)
}

// nameWayOut ends each error with the way to destroy the notebook all the same.
func (p *planner) nameWayOut() {
	for i, d := range p.resp.Diagnostics {
		if d.Severity() == diag.SeverityError && !slices.ContainsFunc(p.ownWayOut, d.Equal) {
			p.resp.Diagnostics[i] = diagnostics.WithWayOut(d)
		}
	}
}

// set plans a value.
func (p *planner) set(where place, v tftypes.Value) {
	p.plan, p.same = p.plan.With(v, where...), false
}

// setText plans a string.
func (p *planner) setText(where place, text string) {
	p.set(where, tftypes.NewValue(tftypes.String, text))
}

// unknown plans that values are known only after the apply.
func (p *planner) unknown(places ...place) {
	for _, where := range places {
		if where.is(at("token")) && p.settings != nil && p.settings.OmitToken {
			continue
		}
		p.set(where, tftypes.NewValue(p.plan.At(where...).Type(), tftypes.UnknownValue))
	}
}

func (p *planner) warn(summary, format string, args ...any) {
	p.resp.Diagnostics.AddWarning(summary, fmt.Sprintf(format, args...))
}

func (p *planner) warnAt(where place, summary, format string, args ...any) {
	p.resp.Diagnostics.AddAttributeWarning(where.path(), summary, fmt.Sprintf(format, args...))
}

func (p *planner) refuse(where place, summary, format string, args ...any) {
	p.resp.Diagnostics.AddAttributeError(where.path(), summary, fmt.Sprintf(format, args...))
}

// replaceFor plans a new notebook because of places.
func (p *planner) replaceFor(places ...place) {
	for _, where := range places {
		p.resp.RequiresReplace = append(p.resp.RequiresReplace, where.path())
	}
	p.ended = true
}

// list names places in a sentence.
func list(places []place) string {
	names := make([]string, len(places))
	for i, where := range places {
		names[i] = where.String()
	}
	return diagnostics.Enumerate(names, "nothing")
}
