package image

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// planner is the work on one plan.
type planner struct {
	*kind
	ctx                 context.Context
	settings            *settings.Settings // nil: the provider is not configured
	private             values.PrivateReader
	config, state, plan values.Value
	resp                *resource.ModifyPlanResponse
}

// modifyPlan makes the plan show what the apply will do: nothing for another spelling of
// the same thing, another image only where the configuration has changed, and unknown only
// what will really be new.
func (r *managedResource) modifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) *planner {
	p := &planner{
		kind: r.kind, ctx: ctx, settings: r.Settings, private: req.Private,
		config: values.Of(req.Config.Raw), state: values.Of(req.State.Raw), plan: values.Of(req.Plan.Raw), resp: resp,
	}
	switch {
	case p.plan.IsNull():
		p.destroy()
		return p
	case p.state.IsNull():
		p.create()
	default:
		p.update()
	}
	if region := p.plan.At("region"); p.settings != nil && region.IsSet() && (p.state.IsNull() || !values.Equal(region, p.state.At("region"))) {
		if refused := p.settings.CannotCall(region.Text()); refused != nil {
			resp.Diagnostics.Append(refused)
		}
	}
	resp.Plan.Raw = p.plan.Value
	diagnostics.AddWayOut(resp.Diagnostics)
	return p
}

func (p *planner) warn(summary, format string, args ...any) {
	p.resp.Diagnostics.AddWarning(summary, fmt.Sprintf(format, args...))
}

// unknown plans that values are known only after the apply.
func (p *planner) unknown(names ...string) {
	for _, name := range names {
		p.plan = p.plan.With(tftypes.NewValue(p.plan.At(name).Type(), tftypes.UnknownValue), name)
	}
}

func (p *planner) replaceFor(name string) {
	p.resp.RequiresReplace = append(p.resp.RequiresReplace, path.Root(name))
}

// destroy says what goes with an image.
func (p *planner) destroy() {
	switch {
	case p.status() == modelarts.ImageCreateFailed:
	case p.state.At("keep_on_destroy").True():
		p.warn(title(p.kind, p.state)+" stays", "The image %s has keep_on_destroy = true: it is removed from the state and not deleted.", p.state.At("id").Text())
	case p.state.At("delete_content").True():
		p.warn(title(p.kind, p.state)+" will be deleted with its content",
			"Destroying the image %s also deletes it from the container registry. There is no undo. Notebooks that use it need another image.", p.state.At("id").Text())
	}
}

// create plans what can be known of a new image.
func (p *planner) create() {
	if p.config.At("region").IsNull() && p.settings != nil && p.settings.Home().Unready == nil {
		p.plan = p.plan.With(tftypes.NewValue(tftypes.String, p.settings.Region), "region")
	}
}

func (p *planner) status() modelarts.ImageStatus {
	return modelarts.ImageStatus(p.state.At("status").Text())
}

func (p *planner) update() {
	for _, a := range p.arguments {
		if was, now := p.state.At(a.name), p.plan.At(a.name); !values.Equal(was, now) && a.alike(was, now) {
			p.plan = p.plan.With(was.Value, a.name)
		}
	}
	p.plan = p.plan.FillUnset(p.state, p.config)
	applied := values.DigestsAt(p.ctx, p.private, appliedKey)
	var why []string
	for i := range p.arguments {
		a := &p.arguments[i]
		was, now := p.state.At(a.name), p.plan.At(a.name)
		if !a.replaces || values.Equal(was, now) {
			continue
		}
		switch {
		case a.unanswered && was.IsNull() && applied == nil: // nothing is known of it: what is configured is believed
		case applied == nil && !values.MayBecome(now, was):
			p.importedOther(a, was, now)
		case applied == nil: // the apply, which knows it, says so
		case applied[a.name] == values.Digest(p.config.At(a.name)):
			p.plan = p.plan.With(was.Value, a.name)
			p.warn(fmt.Sprintf("%s was changed elsewhere", title(p.kind, p.state)),
				"%s is %s, and the configuration has %s, as when it was last applied. This cannot change in an existing image, so the apply does nothing: "+
					"set it to its present value to end this warning. To replace the image: terraform apply -replace=ADDRESS.",
				a.name, a.say(was, "a value"), a.say(now, "another one"))
		default:
			p.replaceFor(a.name)
			why = append(why, a.name)
		}
	}
	if len(why) > 0 {
		p.replaced(why)
	}
	p.followStatus()
}

// replaced says what goes with an image that is replaced. Terraform decides in the plan,
// and deletes the image although a value that is not known yet turns out to be the same.
func (p *planner) replaced(why []string) {
	id, names := p.state.At("id").Text(), strings.Join(why, ", ")
	detail := fmt.Sprintf("A change of %s cannot be made in place: a new image is created, and ", names)
	switch {
	case p.state.At("keep_on_destroy").True():
		detail += fmt.Sprintf("the image %s, which has keep_on_destroy = true, is removed from the state and not deleted.", id)
	case p.state.At("delete_content").True():
		detail += fmt.Sprintf("the image %s is deleted, also from the container registry. There is no undo. Notebooks that use it need another image.", id)
	default:
		detail += fmt.Sprintf("the registration of the image %s is removed; its content stays in the container registry.", id)
	}
	if !slices.ContainsFunc(why, func(name string) bool { return !values.MayBecome(p.plan.At(name), p.state.At(name)) }) {
		detail += fmt.Sprintf(" The value of %s is not known yet, and the image is replaced even if it turns out to be what it is now. "+
			"To keep the image, apply first what the value comes from (terraform apply -target=ADDRESS), or write the value into the configuration.", names)
	}
	p.warn(title(p.kind, p.state)+" will be replaced", "%s", detail)
}

// importedOther refuses to plan for an image that was imported and is another than the
// configuration says.
func (p *planner) importedOther(a *argument, was, now values.Value) {
	p.resp.Diagnostics.AddAttributeError(path.Root(a.name), "The imported image differs in what cannot change",
		fmt.Sprintf("The image %s (%s) was imported with %s = %s, and the configuration has %s. This cannot change in an existing image: "+
			"set %s to %s, or remove the image from the state (terraform state rm) to create another one.",
			label(p.state), p.state.At("id").Text(), a.name, a.say(was, "a value"), a.say(now, "another one"), a.name, a.say(was, "what terraform state show prints")))
}

// followStatus plans what an image needs that is not ACTIVE: another one in place of one
// that could not be saved, a look at the container registry where the status has gone
// wrong, and to wait for one that is being saved.
func (p *planner) followStatus() {
	if len(p.resp.RequiresReplace) > 0 {
		return
	}
	why := "the service returns no reason"
	if message := p.state.At("status_message").Text(); message != "" {
		why = strings.TrimRight(message, ". ")
	}
	id := p.state.At("id").Text()
	switch status := p.status(); {
	case status == modelarts.ImageCreateFailed:
		p.unknown("status")
		p.replaceFor("status")
		p.warn(title(p.kind, p.state)+" will be replaced", "Its creation failed: %s. The image %s is deleted, and a new one is created.", why, id)
	case status == modelarts.ImageError:
		p.unknown("status", "status_message", "size")
		p.warn(title(p.kind, p.state)+" will be brought up to date",
			"Its status is ERROR: %s. The apply synchronizes the image %s with the container registry (SyncImage), which corrects a wrong status.", why, id)
	case status != "" && status.Kind() == modelarts.Pending:
		p.unknown("status", "status_message", "size")
		p.warn(fmt.Sprintf("%s is still %s", title(p.kind, p.state), status), "The apply waits until the image %s is ACTIVE.", id)
	}
}
