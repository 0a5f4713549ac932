package notebook

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// An update that fails remembers, for each argument, what was applied: the new
// value where it was changed, and otherwise the value from before.
func TestRememberedIsTheOutcome(t *testing.T) {
	t.Parallel()
	bare := resourceValue(t, attributes{"volume": attributes{}})
	full := bare
	for _, a := range arguments {
		name := a.at.String()
		full = with(t, full, name, filledValue(bare.At(a.at...).Type(), name, nil))
		if a.always {
			bare = with(t, bare, name, "before")
		}
	}
	for _, failed := range arguments {
		before, after := privateKeys{}, privateKeys{}
		must(t, remember(t.Context(), before, bare))
		must(t, intend(t.Context(), before, full))
		v := &view{ctx: t.Context(), private: before, config: full, state: bare, plan: full}
		out := lifecycle.Outcome{Err: errors.New("refused")}
		for _, a := range arguments {
			if !a.at.is(failed.at) {
				out.Applied = append(out.Applied, a.at.String())
			}
		}
		must(t, rememberOutcome(t.Context(), before, after, intended(t.Context(), before, bare), v.undone(&out)))
		for _, a := range arguments {
			want := full
			if a.at.is(failed.at) {
				want = bare
			}
			if !appliedBefore(t.Context(), after, a.at, want.At(a.at...)) {
				t.Errorf("%s failed: of %s another value is remembered", failed.at, a.at)
			}
		}
		if left := values.DigestsAt(t.Context(), after, plannedKey); len(left) > 0 {
			t.Errorf("the plan is noted after its apply: %v", left)
		}
	}
}

// A change that is refused stays the user's change. What the plan noted counts,
// and not the configuration that the apply is given, which has no ignore_changes.
func TestUpdateRemembersWhatThePlanNoted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		service *oneNotebook
		flavor  string // that is remembered
	}{
		"refused": {&oneNotebook{first: comingUp, refuses: "name", blind: true}, "f"},
		"done":    {&oneNotebook{first: strings.Replace(comingUp, "RUNNING", "STOPPED", 1)}, "h"},
	} {
		p := (&plannedCase{
			config: attributes{"flavor": "given to the apply"}, plan: attributes{"name": "m", "flavor": "h"},
			state: attributes{"created_at": "2026-01-01T00:00:00Z", "status": "STOPPED"},
		}).planner(t)
		private := privateKeys{}
		must(t, remember(t.Context(), private, with(t, p.config, "flavor", "f")))
		must(t, intend(t.Context(), private, with(t, p.config, "flavor", "h")))
		text, _ := json.Marshal(map[string][]byte(private))
		resp, err := overProtocol(t, tc.service).ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: "modelarts_notebook", Config: dynamic(t, p.config), PriorState: dynamic(t, p.state), PlannedState: dynamic(t, p.plan), PlannedPrivate: text,
		})
		if err != nil {
			t.Fatal(err)
		}
		left := privateKeys{}
		mustUnmarshal(t, string(resp.Private), (*map[string][]byte)(&left))
		if !appliedBefore(t.Context(), left, atFlavor, resourceValue(t, attributes{"flavor": tc.flavor}).At("flavor")) {
			t.Errorf("%s: another flavor than %q is remembered", name, tc.flavor)
		}
	}
}
