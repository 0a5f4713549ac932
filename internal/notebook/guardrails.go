package notebook

import (
	"fmt"
	"strconv"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// finding is what the guardrails have against a lease.
type finding struct {
	where           place
	summary, detail string
}

func (v *view) withinGuardrails() bool {
	_, found := v.guardrail()
	return !found
}

// guardrail holds the lease of the plan against require_auto_stop and
// max_auto_stop.
func (v *view) guardrail() (finding, bool) {
	if v.settings == nil {
		return finding{}, false
	}
	return against(&v.settings.Policy, "Notebook "+strconv.Quote(nameText(v.plan.At("name"))), v.plan.At(atLease...))
}

// against holds a lease against require_auto_stop and max_auto_stop. The subject, which
// has the lease, begins the text.
func against(policy *settings.Policy, subject string, lease values.Value) (finding, bool) {
	limit, off := policy.MaxAutoStop, lease.At("enabled").False()
	never := finding{where: atEnabled, summary: neverStops}
	switch duration := lease.At("duration"); {
	case off && policy.RequireAutoStop && (limit == 0 || !policy.RequireAutoStopLater):
		never.detail = fmt.Sprintf("%s has lease.enabled = false, and the provider has require_auto_stop = true. Give it a lease, such as lease = { duration = \"8h\" }.", subject)
		return never, true
	case off && limit > 0:
		never.detail = fmt.Sprintf("%s has lease.enabled = false, and the provider has max_auto_stop = %q. Give it a lease of at most that, such as lease = { duration = %q }.",
			subject, formatLease(limit), formatLease(limit))
		return never, true
	case limit > 0 && duration.IsSet():
		d, err := parseLease(duration.Text())
		if err != nil || d <= limit {
			return finding{}, false
		}
		return finding{
			where: at("lease", "duration"), summary: leaseTooLong,
			detail: fmt.Sprintf("%s has lease.duration = %q, and the provider has max_auto_stop = %q. Shorten the lease.", subject, duration.Text(), formatLease(limit)),
		}, true
	default:
		return finding{}, false
	}
}

// guardrails reports what the guardrails have against the lease: an error where a
// person has asked for it. plan_checks does not weaken it.
func (p *planner) guardrails() {
	f, _ := p.guardrail()
	if _, byUser := p.asked(atLease); byUser && (!p.settings.RequireAutoStopLater || f.summary != neverStops) {
		p.refuse(f.where, f.summary, "%s", f.detail)
		return
	}
	p.warnAt(f.where, fmt.Sprintf("%s (notebook %q)", f.summary, p.name()), "%s", f.detail)
}

// opensSSH reports whether the plan lets any address connect over SSH.
func (v *view) opensSSH() bool {
	for service, endpoint := range v.plan.At(atEndpoints...).Elements() {
		if isSSH(service) && endpoint.IsSet() && endpoint.At("allowed_access_ips").IsNull() {
			return true
		}
	}
	return false
}

// accessLimited reports whether there is nothing to say of who may connect. Of a
// notebook whose endpoints stay there is, only with require_access_ips.
func (v *view) accessLimited() bool {
	asked, _ := v.asked(atEndpoints)
	return !v.opensSSH() || !asked && (v.settings == nil || !v.settings.RequireAccessIPs)
}

// openToAll warns of an SSH endpoint that any address can reach. With
// require_access_ips it is an error where a person has asked for it.
func (p *planner) openToAll() {
	if p.accessLimited() {
		return
	}
	const right = "Write the addresses that may connect: allowed_access_ips = [\"203.0.113.7\"]. Terraform drops a misspelt name within braces without a word: check the spelling."
	if p.settings != nil && p.settings.RequireAccessIPs {
		if _, byUser := p.asked(atEndpoints); byUser {
			p.refuse(atEndpoints, sshIsOpen, "The SSH endpoint of notebook %q has no allowed_access_ips, and the provider has require_access_ips = true. %s", p.name(), right)
			return
		}
	}
	p.warnAt(atEndpoints, fmt.Sprintf("%s (notebook %q)", sshIsOpen, p.name()), "The SSH endpoint has no allowed_access_ips, so any address can connect and try a key. %s", right)
}
