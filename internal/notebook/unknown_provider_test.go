package notebook_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// neededByClients are the arguments of the provider without which no call can be
// made.
var neededByClients = []string{
	"region", "access_key", "secret_key", "security_token", "auth_token", "user_name", "password", "domain_name", "domain_id", "assume_role",
	"shared_config_file", "profile", "project_id", "project_name", "cloud", "endpoints",
}

func (c *core) read(prior kept) (state tftypes.Value, errors, warnings []string, deferred bool) {
	c.t.Helper()
	resp, err := c.server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "modelarts_notebook", CurrentState: toDynamic(c.t, prior.state), Private: prior.private,
		ClientCapabilities: &tfprotov6.ReadResourceClientCapabilities{DeferralAllowed: true},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	errors, warnings = texts(resp.Diagnostics)
	if resp.NewState != nil {
		if state, err = resp.NewState.Unmarshal(c.typ); err != nil {
			c.t.Fatal(err)
		}
	}
	return state, errors, warnings, resp.Deferred != nil && resp.Deferred.Reason == tfprotov6.DeferredReasonProviderConfigUnknown
}

// Each argument of the provider block can be unknown while there is a notebook. For
// all that no client needs, a refresh keeps the state, a plan changes nothing that
// the argument does not decide, and agrees with the plan that knows the argument, a
// destroy is planned and made. For the others there is an error that names the
// argument, or a deferral for a client that allows it.
func TestEveryArgumentOfTheProviderCanBeUnknown(t *testing.T) {
	t.Parallel()
	newOne := func(t *testing.T) *core {
		t.Helper()
		return newCore(t, acctest.New(t, simulator.Options{}), `, "default_tags": {"a": "b"}`)
	}
	var arguments map[string]tftypes.Value
	if err := newOne(t).provider.As(&arguments); err != nil {
		t.Fatal(err)
	}
	for name, value := range arguments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newOne(t).canBeUnknown(name, value)
		})
	}
}

// canBeUnknown leads a notebook through a life in which one argument of the provider is
// known only after an apply.
func (c *core) canBeUnknown(name string, value tftypes.Value) {
	t, config := c.t, c.configuration(families["public"][1])
	t.Helper()
	c.configure(c.provider, false)
	held := c.make(c.none(), config)
	later := values.Of(c.provider).With(toUnknown(value), name).Value

	if slices.Contains(neededByClients, name) {
		c.configure(later, false)
		if _, errors, _, _ := c.read(held); len(errors) != 1 || !strings.Contains(errors[0], "The provider's argument "+name+" is known only after an apply") {
			t.Errorf("%s: %q", name, errors)
		}
		c.configure(later, true)
		if _, errors, _, deferred := c.read(held); !deferred || len(errors) > 0 {
			t.Errorf("%s: the read is not deferred: %q", name, errors)
		}
		return
	}
	c.configure(later, true)
	state, errors, warnings, deferred := c.read(held)
	if deferred || len(errors)+len(warnings) > 0 || !values.Equal(values.Of(state), values.Of(held.state)) {
		t.Errorf("%s: the refresh says %q %q, and has\n%s, from\n%s", name, errors, warnings, state, held.state)
	}
	first := c.plan(held, config)
	renamed := values.Of(config).With(tftypes.NewValue(tftypes.String, "m"), "name").Value
	update, create := c.plan(held, renamed), c.plan(c.none(), config)
	if len(first.errors)+len(first.warnings)+len(first.replaces)+len(update.errors)+len(create.errors) > 0 {
		t.Errorf("%s: the plans say %q %q %q %q", name, first.errors, first.warnings, update.errors, create.errors)
	}
	want := values.Of(held.state)
	if name == "default_tags" || name == "ignore_tags" {
		want = want.With(toUnknown(want.At("tags_all").Value), "tags_all")
	}
	if !values.Equal(values.Of(first.value), want) {
		t.Errorf("%s: the plan is %q", name, inconsistent(values.Of(first.value), want, "plan"))
	}
	for _, known := range []any{nil, true} {
		block := c.provider
		if value.Type().Is(tftypes.Bool) && known != nil {
			block = values.Of(block).With(tftypes.NewValue(tftypes.Bool, known), name).Value
		}
		c.configure(block, false)
		for _, pair := range []struct{ before, after *plannedChange }{{update, c.plan(held, renamed)}, {create, c.plan(c.none(), config)}} {
			if text := inconsistent(values.Of(pair.before.value), values.Of(pair.after.value), "plan"); len(text) > 0 {
				t.Errorf("%s, then %v: %q", name, known, text)
			}
		}
	}
	c.configure(later, false)
	c.destroy(name, held)
}

func (c *core) destroy(name string, held kept) {
	c.t.Helper()
	none := toDynamic(c.t, c.none().state)
	plan, err := c.server.PlanResourceChange(c.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "modelarts_notebook", PriorState: toDynamic(c.t, held.state), PriorPrivate: held.private, ProposedNewState: none, Config: none,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if errors, _ := texts(plan.Diagnostics); len(errors) > 0 {
		c.t.Errorf("%s: the plan of the destroy: %q", name, errors)
	}
	done, err := c.server.ApplyResourceChange(c.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "modelarts_notebook", PriorState: toDynamic(c.t, held.state), PlannedPrivate: plan.PlannedPrivate, PlannedState: none, Config: none,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	if errors, _ := texts(done.Diagnostics); len(errors) > 0 {
		c.t.Errorf("%s: the destroy: %q", name, errors)
	}
}

// The tags of a provider can be known only after each apply: plans, refreshes,
// applies and the destroy go on.
func TestAccNotebook_timestampInDefaultTags(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, s.Provider(`default_tags = { at = formatdate("hhmmss", timestamp()) }`)+acctest.Notebook)
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan")
	w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
	w.MustRun(t, "apply", "-auto-approve", "-target=modelarts_notebook.test")
	if tags := s.Only(t).Tags; len(tags) != 1 || tags["at"] == "" {
		t.Errorf("the tags are %v", tags)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}
