package notebook_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
)

// onlyUnknown checks that exactly these attributes of the notebook are known
// only after the apply.
type onlyUnknown []string

func (want onlyUnknown) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != address {
			continue
		}
		got := unknowns("", change.Change.AfterUnknown)
		slices.Sort(got)
		sorted := slices.Sorted(slices.Values(want))
		if !slices.Equal(got, sorted) {
			resp.Error = fmt.Errorf("known only after the apply: %s; want %s", strings.Join(got, ", "), strings.Join(sorted, ", "))
		}
		return
	}
	resp.Error = fmt.Errorf("%s is not in the plan", address)
}

func unknowns(prefix string, v any) []string {
	switch v := v.(type) {
	case bool:
		if v {
			return []string{prefix}
		}
	case map[string]any:
		var all []string
		for name, inner := range v {
			path := name
			if prefix != "" {
				path = prefix + "." + name
			}
			all = append(all, unknowns(path, inner)...)
		}
		return all
	}
	return nil
}
