package notebook

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ action.Action                   = (*powerAction)(nil)
	_ action.ActionWithConfigure      = (*powerAction)(nil)
	_ action.ActionWithValidateConfig = (*powerAction)(nil)
	_ action.ActionWithModifyPlan     = (*powerAction)(nil)
)

// command is an action as data: what tells it from the others. See
// design/0030-doors-to-a-notebook.md.
type command struct {
	name        string // after the name of the provider
	verb        string // in texts: "start"
	description string
	timeout     time.Duration // over all its steps, unless timeouts says otherwise
	waits       bool          // it has the argument wait
	lease       string        // what its argument lease does; empty: it has none
	needsLease  bool
	order       lifecycle.Order
	// reached reports what there is to say of a notebook that the command did not fail for:
	// a message of progress, or a diagnostic.
	reached func(c *command, r *lifecycle.Report) (string, diag.Diagnostic)
}

var commands = []command{
	{
		name: "notebook_start", verb: "start", timeout: 30 * time.Minute, waits: true,
		description: "Starts a notebook, and waits until it runs. Does nothing if the notebook runs already: it keeps its lease.",
		lease:       "Automatic stop, counted from this start. Default: the service's default, one hour.",
		order:       lifecycle.Order{Final: modelarts.StatusRunning},
		reached:     reachedRunning,
	},
	{
		name: "notebook_stop", verb: "stop", timeout: 30 * time.Minute, waits: true,
		description: "Stops a notebook, and waits until it is stopped. Does nothing if the notebook is not running. Data outside its storage is lost.",
		order:       lifecycle.Order{Final: modelarts.StatusStopped},
		reached:     reachedStopped,
	},
	{
		name: "notebook_restart", verb: "restart", timeout: 60 * time.Minute, waits: true,
		description: "Stops a running notebook and starts it again, and waits until it runs. Does nothing if the notebook is not running. Data outside its storage is lost. The action restores the mounts of the notebook, unless `wait = false`.",
		lease:       "Automatic stop, counted from the new start. Default: the notebook's present lease with its remaining time, at least one hour.",
		order:       lifecycle.Order{Restart: true},
		reached:     reachedRunningAgain,
	},
	{
		name: "notebook_renew_lease", verb: "renew the lease of", timeout: 10 * time.Minute,
		description: "Extends the lease of a running notebook. It never shortens the remaining time. It never switches on an automatic stop that is off.",
		lease:       "New lease, counted from now.", needsLease: true,
		order:   lifecycle.Order{Renew: true},
		reached: reachedRenewal,
	},
}

// powerAction starts, stops or restarts a notebook, or renews its lease, as its command
// says.
type powerAction struct {
	settings.ActionAccess
	*command
}

// Actions are the constructors of all actions.
func Actions() []func() action.Action {
	all := make([]func() action.Action, len(commands))
	for i := range commands {
		all[i] = func() action.Action { return &powerAction{command: &commands[i]} }
	}
	return all
}

func (a *powerAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + a.name
}

func (a *powerAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"notebook_id": schema.StringAttribute{
			MarkdownDescription: "ID of the notebook, a UUID.",
			Required:            true,
			Validators:          isUUID(),
		},
		"region": schema.StringAttribute{
			MarkdownDescription: "Region where the notebook lives. Default: the provider's.",
			Optional:            true,
			Validators:          location.RegionRules(),
		},
		"timeouts": schema.SingleNestedAttribute{
			MarkdownDescription: "How long the action may take.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"invoke": schema.StringAttribute{
					MarkdownDescription: "Time limit for all steps together, as a duration. Default `" + formatLease(a.timeout) + "`.",
					Optional:            true,
					Validators:          []validator.String{inputs.Timeout()},
				},
			},
		},
	}
	if a.waits {
		attributes["wait"] = schema.BoolAttribute{
			MarkdownDescription: "`false`: send the request and do not wait. The action does not report later failures. Default `true`.",
			Optional:            true,
		}
	}
	if a.lease != "" {
		attributes["lease"] = a.leaseSchema()
	}
	resp.Schema = schema.Schema{MarkdownDescription: a.description, Attributes: attributes}
}

func (a *powerAction) leaseSchema() schema.Attribute {
	attributes := map[string]schema.Attribute{
		"type": schema.StringAttribute{
			MarkdownDescription: "`TIMING` (stop after a time) or `IDLE` (stop after a time of idleness), in any letter case. Default: " + a.defaultType() + ".",
			Optional:            true,
			Validators:          []validator.String{inputs.OneOf(leaseTiming, leaseIdle)},
		},
		"duration": schema.StringAttribute{
			MarkdownDescription: "How long, from 1 to 72 hours: `\"8h\"`, `\"90m\"`, or a whole number of milliseconds as in the API.",
			Optional:            true,
			Validators:          []validator.String{leaseDuration()},
		},
	}
	if !a.needsLease { // -1, which switches it off, is attested for a start and for no renewal
		attributes["enabled"] = schema.BoolAttribute{MarkdownDescription: "`false`: never stop automatically.", Optional: true}
	}
	return schema.SingleNestedAttribute{MarkdownDescription: a.lease, Required: a.needsLease, Optional: !a.needsLease, Attributes: attributes}
}

func (a *powerAction) defaultType() string {
	if a.needsLease {
		return "the type of the present lease"
	}
	return "`TIMING`"
}

// ValidateConfig checks that the members of the lease go together.
func (a *powerAction) ValidateConfig(_ context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	lease := values.Of(req.Config.Raw).At(atLease...)
	if !lease.IsSet() {
		return
	}
	checkLease(leaseOf(lease), !a.needsLease, func(where path.Path, summary, format string, args ...any) {
		resp.Diagnostics.AddAttributeError(where, summary, fmt.Sprintf(format, args...))
	})
}

// leaseOf is a lease of a configuration in the model's types.
func leaseOf(lease values.Value) leaseModel {
	text := func(name string) types.String {
		switch v := lease.At(name); {
		case !v.IsKnown():
			return types.StringUnknown()
		case v.IsNull():
			return types.StringNull()
		default:
			return types.StringValue(v.Text())
		}
	}
	m := leaseModel{Type: text("type"), Duration: text("duration")}
	switch v := lease.At("enabled"); {
	case !v.IsKnown():
		m.Enabled = types.BoolUnknown()
	case v.IsSet():
		m.Enabled = types.BoolValue(v.True())
	}
	return m
}

// ModifyPlan refuses in the plan what the guardrails of the provider are against.
func (a *powerAction) ModifyPlan(_ context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	a.guard(values.Of(req.Config.Raw), &resp.Diagnostics)
}

// guard holds the lease against the guardrails, and reports whether they allow it.
func (a *powerAction) guard(config values.Value, diags *diag.Diagnostics) bool {
	if a.Settings == nil {
		return true
	}
	f, found := against(&a.Settings.Policy, "The action", config.At(atLease...))
	if found {
		diags.AddAttributeError(f.where.path(), f.summary, f.detail)
	}
	return !found
}

func (a *powerAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := values.Of(req.Config.Raw)
	if !a.guard(config, &resp.Diagnostics) {
		return
	}
	timeout := a.timeout
	if text := config.At("timeouts", "invoke"); text.IsSet() {
		var err error
		if timeout, err = inputs.Duration(text.Text(), `"30m"`); err != nil {
			resp.Diagnostics.AddAttributeError(path.Root("timeouts"), "Invalid timeout", "Attribute timeouts.invoke"+err.Error()+".")
			return
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := config.At("notebook_id").Text()
	home, ok := location.Open(ctx, a.Settings, location.Object{Kind: "notebook", ID: types.StringValue(id), Region: textOrNull(config.At(atRegion...))}, &resp.Diagnostics)
	if !ok {
		return
	}
	last := ""
	tell := func(text string) {
		if text != last {
			resp.SendProgress(action.InvokeProgressEvent{Message: text})
			last = text
		}
	}
	instance := home.Instance(id, workspaceOf(ctx, &home, id))
	instance.Progress = func(now string) { tell("The notebook is " + now) }
	end, err := home.Runs.Alone(ctx, id)
	r := lifecycle.Report{Err: err}
	if err == nil {
		r = instance.Act(ctx, a.orderOf(config))
		home.Runs.Saw(id, r.Shown)
		end()
	}
	if r.Before != nil {
		resp.Diagnostics.Append(notMountedAgain(cmp.Or(r.Before.Name, id), id, r.MountsErr)...)
	}
	if r.Err != nil {
		resp.Diagnostics.Append(a.failed(id, home.Region, &r))
		return
	}
	text, said := a.reached(a.command, &r)
	if text != "" {
		tell(text)
	}
	if said != nil {
		resp.Diagnostics.Append(said)
	}
	if len(r.Done) > 0 {
		resp.Diagnostics.Append(notMounted(r.Shown)...)
	}
}

func textOrNull(v values.Value) types.String {
	if !v.IsSet() {
		return types.StringNull()
	}
	return types.StringValue(v.Text())
}

// workspaceOf is the workspace of a notebook; empty where it cannot be read now.
func workspaceOf(ctx context.Context, home *location.Place, id string) string {
	nb, err := home.Client.ShowNotebook(ctx, id)
	if err != nil {
		return "" // the order meets the same, and says so
	}
	return values.Deref(nb.WorkspaceID)
}

// orderOf is what the configuration asks for.
func (a *powerAction) orderOf(config values.Value) lifecycle.Order {
	order, lease := a.order, config.At(atLease...)
	order.NoWait = config.At("wait").False()
	if lease.At("enabled").False() {
		order.Lease = lifecycle.Lease{Off: true}
		return order
	}
	order.Lease.Type = strings.ToUpper(lease.At("type").Text())
	if d, err := parseLease(lease.At("duration").Text()); err == nil {
		ms := d.Milliseconds()
		order.Lease.Duration = &ms
		if !a.needsLease {
			order.Lease.Type = cmp.Or(order.Lease.Type, leaseTiming)
		}
	}
	return order
}
