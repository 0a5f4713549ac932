package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Shortcuts is a provider that can say of an object, by its values alone, that
// nothing happens to it. The framework is not asked then: to find that out it
// copies the schema for each attribute and writes each into a new copy of the
// whole value. That is three quarters of what a provider does in a plan of a
// thousand objects, and in most plans nothing happens to most of them.
//
// A shortcut is to be sure: where it answers, the framework would have answered
// the same. Where it is not sure it says false, and the framework is asked. See
// design/0011-a-light-process.md.
type Shortcuts interface {
	provider.Provider

	// FindsNothing reports of a resource whose values the validators of its schema take
	// whether its own check of the whole configuration takes it, too. False where it is
	// not sure, and for a resource without this shortcut.
	FindsNothing(ctx context.Context, resource string, config tfsdk.Config) bool

	// PlansNothing reports of a resource whose proposed state is its prior one
	// whether that is the plan as well, with nothing to say of it.
	PlansNothing(ctx context.Context, resource string, config, state tftypes.Value, private map[string][]byte) bool

	// ReadsSame reads a resource and reports whether its state stays as it is, the
	// private one included. handOver is called when the framework reads it next, so
	// that the service is not asked twice.
	ReadsSame(ctx context.Context, resource string, state tftypes.Value, private map[string][]byte) (same bool, handOver func())
}

// shortcuts takes the shortcuts of a provider.
type shortcuts struct {
	Shortcuts
	schemas func() *schemas
}

// plan answers a plan of nothing; nil: the framework is to be asked.
func (s *shortcuts) plan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	if req.PriorState == nil || req.ProposedNewState == nil || req.Config == nil ||
		!bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil
	}
	private, ok := privateKeys(req.PriorPrivate)
	stateType := s.schemas().resources[req.TypeName].typ
	if !ok || stateType == nil {
		return nil
	}
	state, err := req.PriorState.Unmarshal(stateType)
	if err != nil || state.IsNull() {
		return nil
	}
	config, err := req.Config.Unmarshal(stateType)
	if err != nil || !config.IsFullyKnown() || !s.PlansNothing(ctx, req.TypeName, config, state, private) {
		return nil
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}
}

// read answers the read of what has stayed as it was; nil: the framework is to be
// asked. handOver is to be called before it is.
func (s *shortcuts) read(ctx context.Context, req *tfprotov6.ReadResourceRequest) (short *tfprotov6.ReadResourceResponse, handOver func()) {
	private, ok := privateKeys(req.Private)
	stateType := s.schemas().resources[req.TypeName].typ
	if !ok || stateType == nil || req.CurrentState == nil {
		return nil, func() {}
	}
	state, err := req.CurrentState.Unmarshal(stateType)
	if err != nil {
		return nil, func() {}
	}
	same, handOver := s.ReadsSame(ctx, req.TypeName, state, private)
	if !same {
		return nil, handOver
	}
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, handOver
}

// privateKeys is the private state by its keys. It is false where the framework
// has keys of its own in it, on which it would act.
func privateKeys(private []byte) (map[string][]byte, bool) {
	var keys map[string][]byte
	if len(private) > 0 && json.Unmarshal(private, &keys) != nil {
		return nil, false
	}
	for key := range keys {
		if strings.HasPrefix(key, ".") {
			return nil, false
		}
	}
	return keys, true
}
