package notebook

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// A create and an update with a value that no request can be built of send
// nothing, and a state that holds such a value can be read and destroyed. The
// value is, for each argument, null in the place of an element of a collection.
func TestNothingIsSentThatCouldNotBeBuilt(t *testing.T) {
	t.Parallel()
	var tried int
	for _, a := range arguments {
		name := a.at.String()
		full := filledValue(resourceValue(t, attributes{"volume": attributes{}}).At(a.at...).Type(), name, map[string]any{"lease.duration": "2h"})
		for what, broken := range withNulls(name, full) {
			tried++
			for verb, creates := range map[string]bool{"create": true, "update": false} {
				if (a.effect == replaces || a.at.is(atTags)) && !creates || a.at.is(atTags) {
					continue // no update sends it; tags are sent out of tags_all
				}
				tc := plannedCase{creates: creates, plan: attributes{name: broken, mayStop: true}, state: attributes{"created_at": "2026-01-01T00:00:00Z"}}
				if creates {
					maps.Copy(tc.plan, attributes{"id": unknown{}, "status": unknown{}})
				}
				p, service := tc.planner(t), &oneNotebook{first: comingUp, after: map[string]string{"POST": comingUp}}
				resp, err := overProtocol(t, service).ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
					TypeName: "modelarts_notebook", Config: dynamic(t, p.config), PriorState: dynamic(t, p.state), PlannedState: dynamic(t, p.plan),
				})
				if err != nil {
					t.Fatal(err)
				}
				if len(service.writes) > 0 || len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
					t.Errorf("%s with a null in %s: sent %q, said %v", verb, what, service.writes, resp.Diagnostics)
				}
			}

			state := (&plannedCase{state: attributes{name: broken, "created_at": "2026-01-01T00:00:00Z"}}).planner(t).state
			read, err := overProtocol(t, &oneNotebook{first: comingUp}).ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "modelarts_notebook", CurrentState: dynamic(t, state)})
			if err != nil || len(read.Diagnostics) > 0 {
				t.Errorf("a state with a null in %s cannot be read: %v %v", what, err, read.Diagnostics)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d values were tried", tried)
	}
}

// withNulls are copies of a value made by filledValue, each with null in the place
// of one element of a collection, by the name of that collection.
func withNulls(name string, v any) map[string]any {
	all := map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			inside := name + "." + key
			if key == "/key/" {
				inside = name
				all[name] = map[string]any{key: nil}
			}
			for path, broken := range withNulls(inside, member) {
				copied := map[string]any{}
				for k, m := range v {
					copied[k] = m
				}
				copied[key] = broken
				all[path] = copied
			}
		}
	case []any:
		all[name] = []any{nil}
		for path, broken := range withNulls(name+"[]", v[0]) {
			all[path] = []any{broken}
		}
	}
	return all
}
