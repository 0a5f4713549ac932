package notebook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// catalogueCheck is one way in which the catalogue can be against a plan.
//
// A finding is an error only for a create or a changed argument: an error on a
// notebook that the configuration does not change would stand in the way of a destroy. Whatever
// is unknown is passed over.
type catalogueCheck struct {
	// summary is that of the diagnostic, and the key of the check in the
	// documentation.
	summary string
	// at is the argument that the diagnostic points at.
	at place
	// causes are the arguments whose change makes the check run, and whose change
	// by a person makes its finding an error.
	causes []place
	// find returns what is wrong; empty: nothing.
	find func(*catalogueView) string
	// unsure reports whether the service may take the plan all the same, so that
	// the finding is a warning. Nil: it cannot.
	unsure func(*catalogueView) bool
}

const flavorSoldOut = "The flavor is sold out"

// catalogueChecks are the checks, in the order in which they run.
var catalogueChecks = []catalogueCheck{
	{"There is no such resource pool", atPool, []place{atPool}, (*catalogueView).noPool, always},
	{"The resource pool is not active", atPool, []place{atPool}, (*catalogueView).poolInactive, nil},
	{"There is no such flavor", atFlavor, []place{atFlavor, atPool}, (*catalogueView).noFlavor, (*catalogueView).flavorUnsure},
	{flavorSoldOut, atFlavor, []place{atFlavor}, (*catalogueView).soldOut, (*catalogueView).inPool},
	{"The flavor does not work with the storage", atCategory, []place{atFlavor, atCategory, atCapacity}, (*catalogueView).wrongStorage, always},
	{"The disk is too large for the flavor", atCapacity, []place{atFlavor, atCategory, atCapacity}, (*catalogueView).diskTooLarge, (*catalogueView).inPool},
	{"The notebook cannot change to the flavor", atFlavor, []place{atFlavor}, (*catalogueView).noSwitch, nil},
	{"There is no such image", atImage, []place{atImage}, (*catalogueView).noImage, nil},
	{"The image is not active", atImage, []place{atImage}, (*catalogueView).imageInactive, nil},
	{"The image has another architecture than the flavor", atImage, []place{atImage, atFlavor}, (*catalogueView).wrongArch, nil},
	{"The image is for another kind of flavor", atImage, []place{atImage, atFlavor}, (*catalogueView).wrongKind, nil},
	{"The image needs an SSH endpoint", atEndpoints, []place{atImage, atFlavor, atEndpoints}, (*catalogueView).needsSSH, nil},
}

func always(*catalogueView) bool { return true }

// check holds the plan, as it stands, against the catalogue.
func (p *planner) check() {
	if len(p.resp.Diagnostics.Errors()) > 0 || p.settings == nil || p.settings.PlanChecks == settings.ChecksOff || p.unplaced() || p.process().Catalogue == nil {
		return
	}
	c := &catalogueView{planner: p, found: make(map[string]bool)}
	for _, check := range catalogueChecks {
		changed, byUser := p.asked(check.causes...)
		if !changed {
			continue
		}
		detail := check.find(c)
		switch {
		case detail == "":
			continue
		case byUser && p.settings.PlanChecks != settings.ChecksWarn && (check.unsure == nil || !check.unsure(c)):
			p.refuse(check.at, check.summary, "%s", detail)
		default:
			p.warnAt(check.at, fmt.Sprintf("%s (notebook %q)", check.summary, p.name()), "%s", detail)
		}
		c.found[check.summary] = true
	}
	p.checkQuota()
	p.checkAuthorization()
}

// refused returns what the catalogue is known to have against changes of arguments,
// before an apply stops a running notebook for them: the plan may be an old one, or
// have warned only. Whatever cannot be read, or may be taken all the same, is left to
// the service.
func (v *view) refused(ctx context.Context, changes []string) error {
	if v.settings == nil || v.settings.PlanChecks == settings.ChecksOff || v.settings.PlanChecks == settings.ChecksWarn || v.process().Catalogue == nil {
		return nil
	}
	now := *v
	now.ctx = ctx
	c := &catalogueView{planner: &planner{view: &now, resp: new(resource.ModifyPlanResponse)}, found: make(map[string]bool)}
	for _, check := range catalogueChecks {
		if !slices.ContainsFunc(check.causes, func(where place) bool { return slices.Contains(changes, where.String()) }) {
			continue
		}
		detail := check.find(c)
		if detail != "" && (check.unsure == nil || !check.unsure(c)) {
			return fmt.Errorf("the service would refuse the change, so the notebook was not stopped for it. %s: %s", check.summary, strings.TrimRight(detail, "."))
		}
		c.found[check.summary] = detail != ""
	}
	return nil
}

// asked reports whether one of the arguments is changed, and whether by a person,
// so that an error about it is in order.
func (v *view) asked(arguments ...place) (changed, byUser bool) {
	if v.creates() {
		return true, true
	}
	for _, where := range arguments {
		if !v.differs(where) {
			continue
		}
		changed = true
		if !v.elsewhere(where) {
			return true, true
		}
	}
	return changed, false
}

// unreadable says, once in a process, that the catalogue cannot be read. It is a
// warning, since the service itself will judge; where no call can be made with the
// provider as it is configured, it is the error that every apply would end with.
func (p *planner) unreadable(what string, err error) {
	refused := diagnostics.NoAccess(err)
	if refused && p.settings.PlanChecks != settings.ChecksWarn {
		if p.process().AccessRefused.CompareAndSwap(false, true) {
			p.fail(diagnostics.Unable("read", what, err))
		}
		return
	}
	if !p.process().CatalogueWarned.CompareAndSwap(false, true) {
		return
	}
	if refused {
		d := diagnostics.Unable("read", what, err)
		p.warn(d.Summary(), "%s", d.Detail())
		return
	}
	p.resp.Diagnostics.AddWarning(catalogueUnread,
		fmt.Sprintf("The service did not return its %s: %s. The plan could not check flavors, images, pools and quota. The apply shows whether they are valid. plan_checks = \"off\" turns off these checks.", what, err))
}

// checkQuota warns when the plan adds more notebooks than may be added. It is
// never an error: the create half of a replacement looks like a create.
func (p *planner) checkQuota() {
	if !p.creates() {
		return
	}
	quota, err := p.process().Catalogue.Quota(p.ctx)
	if err != nil {
		p.unreadable("quota", err)
		return
	}
	if quota.Quota == nil || quota.Used == nil {
		return
	}
	adds := p.process().PlannedCreates.Add(1)
	if left := max(*quota.Quota-*quota.Used, 0); adds == left+1 {
		p.resp.Diagnostics.AddWarning(quotaTooSmall,
			fmt.Sprintf("The user may have %d notebooks and has %d, so %d can be added, and this plan adds more. A notebook that is replaced counts as added, and frees one.",
				*quota.Quota, *quota.Used, left))
	}
}

// checkAuthorization warns, once in a process, when a plan creates a notebook and
// the account has no authorization for ModelArts. A list that cannot be read says
// nothing: most users may not read it.
func (p *planner) checkAuthorization() {
	if !p.creates() {
		return
	}
	authorizations, err := p.process().Catalogue.Authorizations(p.ctx)
	if err != nil || len(authorizations) > 0 || !p.process().AuthorizationWarned.CompareAndSwap(false, true) {
		return
	}
	p.warn(notAuthorized, "The account has no authorization for ModelArts in the region, so the create of a notebook will fail. "+
		diagnostics.AuthorizeModelArts)
}
