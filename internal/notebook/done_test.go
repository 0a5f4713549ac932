package notebook

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// A change is done when an answer shows the planned value in any spelling: for each
// argument that a PUT changes. An answer that shows a part of it, leaves it out, or
// is noted as what the service shows in place of it, confirms nothing.
func TestHasWhatIsPlanned(t *testing.T) {
	t.Parallel()
	bare := resourceValue(t, attributes{"volume": attributes{}})
	for _, a := range arguments {
		if a.write == nil {
			continue
		}
		name := a.at.String()
		plan := with(t, bare, name, filledValue(bare.At(a.at...).Type(), name, nil))
		v := &view{ctx: t.Context(), state: bare, plan: plan}
		if !v.has(plan, notes{}, a.at) {
			t.Errorf("%s: the planned value is not what is planned", name)
		}
		if v.has(bare, notes{}, a.at) {
			t.Errorf("%s: an answer that shows nothing of it is taken for the planned value", name)
		}
		if v.has(plan, notes{name: values.Digest(plan.At(a.at...))}, a.at) {
			t.Errorf("%s: what is shown in place of it is taken for it", name)
		}
		members := plan.At(a.at...).Elements()
		for member, whole := range members {
			if len(members) == 1 {
				continue
			}
			where := append(append(place{}, a.at...), member)
			part := plan.With(tftypes.NewValue(whole.Type(), nil), where...)
			if whole.IsSet() && v.has(part, notes{}, a.at) {
				t.Errorf("%s: it is taken for done without %s", name, member)
			}
		}
	}
}

// A saved plan for what the notebook has meanwhile asks for nothing, needs no consent,
// and comes to the planned state.
func TestUpdateToWhatIsThere(t *testing.T) {
	t.Parallel()
	p := (&plannedCase{
		plan:  attributes{"flavor": "g", "status": unknown{}, "token": unknown{}},
		state: attributes{"created_at": "2026-01-01T00:00:00Z"},
	}).planner(t)
	private := privateKeys{}
	must(t, intend(t.Context(), private, with(t, p.config, "flavor", "g")))
	text, _ := json.Marshal(map[string][]byte(private))
	service := &oneNotebook{first: comingUp}
	resp, err := overProtocol(t, service).ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "modelarts_notebook", Config: dynamic(t, p.config), PriorState: dynamic(t, p.state), PlannedState: dynamic(t, p.plan), PlannedPrivate: text,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	left := privateKeys{}
	mustUnmarshal(t, string(resp.Private), (*map[string][]byte)(&left))
	if state := undynamic(t, resp.NewState); len(service.writes) > 0 || state.At("flavor").Text() != "g" || state.At("token").Text() != "answered" {
		t.Errorf("called %q, the state is %s", service.writes, state)
	}
	if !appliedBefore(t.Context(), left, atFlavor, p.plan.At("flavor")) {
		t.Error("the flavor is not remembered")
	}
}
