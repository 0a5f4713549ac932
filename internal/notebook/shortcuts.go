package notebook

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// PlansNothing reports of a notebook whose proposed state is its prior one
// whether that is what ModifyPlan would come to, with nothing to say of it, in a
// provider that is ready: all rules are idle.
func PlansNothing(ctx context.Context, s *settings.Settings, config, state tftypes.Value, private map[string][]byte) bool {
	v := &view{
		ctx: ctx, settings: s, private: privateKeys(private),
		config: withoutScripts(values.Of(config)), state: values.Of(state), plan: values.Of(state), same: true,
	}
	v.claim()
	return !slices.ContainsFunc(rules, func(r rule) bool { return !r.idle(v) })
}

// privateKeys is a private state outside of the framework.
type privateKeys map[string][]byte

func (p privateKeys) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}
