package notebook

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
)

// lastSentences are those that an error of a plan may end with: a destroy that the
// plan stands in the way of is possible all the same, or the error says what is.
var lastSentences = map[string]string{
	"The notebook is protected":          " terraform destroy",
	"The notebook is in another project": "To stop managing the notebook without deleting it: terraform state rm.",
	"Unable to find project":             "", // no call of the provider can be made
}

// Every error of every rule ends with the way to destroy what exists, once.
func TestErrorsOfAPlanNameTheWayOut(t *testing.T) {
	t.Parallel()
	plans := map[string]*planner{}
	for rule, cases := range ruleCases {
		for name, tc := range cases {
			if name == "it has not been asked for" {
				continue // the process of that case must stay as it is
			}
			plans[rule+"/"+name] = tc.planner(t)
		}
	}
	for name, tc := range catalogueCases() {
		service := canned()
		if tc.lists != nil {
			tc.lists(service)
		}
		if tc.process == nil {
			tc.process = service.process()
		}
		plans["catalogue/"+name] = tc.planner(t)
	}
	found := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(plans)) {
		p := plans[name]
		if strings.HasPrefix(name, "catalogue/") {
			p.check() // and no rule before it, which may end the plan
		} else {
			p.run()
		}
		p.nameWayOut()
		for _, d := range p.resp.Diagnostics.Errors() {
			want, own := lastSentences[d.Summary()]
			if found[d.Summary()] = true; !own {
				want = diagnostics.WayOut
			}
			if !strings.HasSuffix(d.Detail(), want) || want != "" && strings.Count(d.Detail(), want) != 1 {
				t.Errorf("%s: %s: %q does not end with %q", name, d.Summary(), d.Detail(), want)
			}
		}
	}
	for _, check := range catalogueChecks {
		severe := check.unsure == nil || !check.unsure(&catalogueView{planner: (&plannedCase{creates: true}).planner(t)})
		if severe && !found[check.summary] {
			t.Errorf("no case has the error %q", check.summary)
		}
	}
}

// A rule that is added later cannot forget it, whatever it says.
func TestAnyErrorOfAPlanNamesTheWayOut(t *testing.T) {
	t.Parallel()
	for _, summary := range summaries() {
		p := (&plannedCase{creates: true}).planner(t)
		p.refuse(atFlavor, summary, "Something is wrong.")
		p.resp.Diagnostics.AddError(summary, "It ends so already. "+diagnostics.WayOut)
		p.warn(summary, "Something may be wrong.")
		p.nameWayOut()
		for _, d := range p.resp.Diagnostics.Errors() {
			if strings.Count(d.Detail(), diagnostics.WayOut) != 1 || !strings.HasSuffix(d.Detail(), diagnostics.WayOut) {
				t.Errorf("%s: %q", summary, d.Detail())
			}
		}
		if d := p.resp.Diagnostics[2]; d.Severity() != diag.SeverityWarning || strings.Contains(d.Detail(), "destroy") {
			t.Errorf("a warning became %v", d)
		}
		if got := said(p.resp.Diagnostics)[0]; got != "error at flavor: "+summary {
			t.Errorf("the error has become %q", got)
		}
	}
}

// A failed create says how it is removed, whatever a plan has against it.
func TestFailedCreatesSayHowTheyAreRemoved(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errors.New("the status is CREATE_FAILED"), context.DeadlineExceeded} {
		if text := createError("id", err).Error(); !strings.Contains(text, "terraform destroy -refresh=false") {
			t.Errorf("%q", text)
		}
	}
}
