package serve

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Proving is the provider as Terraform speaks to it, for tests: wherever a shortcut is taken, the framework
// answers too, and a difference is an error of the call. It tells of each
// shortcut that was taken by the name of the call.
func Proving(p Shortcuts, taken func(call string)) tfprotov6.ProviderServer {
	return &proving{newServer(p), taken}
}

type proving struct {
	*server
	taken func(call string)
}

func (s *proving) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	short := s.shortcuts.plan(req)
	whole, err := s.fullServer.PlanResourceChange(ctx, req)
	if short == nil || err != nil {
		return whole, err
	}
	s.taken("PlanResourceChange")
	clean := len(whole.Diagnostics) == 0 && len(whole.RequiresReplace) == 0 && whole.Deferred == nil && whole.PlannedIdentity == nil
	return short, s.same(req.TypeName, clean, short.PlannedState, whole.PlannedState, short.PlannedPrivate, whole.PlannedPrivate)
}

func (s *proving) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, short := s.shortcuts.read(ctx, req)
	whole, err := s.fullServer.ReadResource(ctx, req)
	if short == nil || err != nil {
		return whole, err
	}
	s.taken("ReadResource")
	clean := len(whole.Diagnostics) == 0 && whole.Deferred == nil && whole.NewIdentity == nil
	return short, s.same(req.TypeName, clean, short.NewState, whole.NewState, short.Private, whole.Private)
}

// same compares the shortcut's answer with the framework's. clean says that
// there was nothing else in the latter.
func (s *proving) same(resource string, clean bool, short, whole *tfprotov6.DynamicValue, shortPrivate, wholePrivate []byte) error {
	if !clean {
		return fmt.Errorf("the shortcut for %s has left something out", resource)
	}
	stateType := s.shortcuts.types()[resource]
	got, err := short.Unmarshal(stateType)
	if err != nil {
		return err
	}
	want, err := whole.Unmarshal(stateType)
	if err != nil {
		return err
	}
	if !got.Equal(want) {
		return fmt.Errorf("the shortcut for %s has come to another state:\n%s\n%s", resource, got, want)
	}
	gotKeys, known := privateKeys(shortPrivate)
	wantKeys, knownToo := privateKeys(wholePrivate)
	if !known || !knownToo || !maps.EqualFunc(gotKeys, wantKeys, bytes.Equal) {
		return fmt.Errorf("the shortcut for %s has come to another private state: %v and not %v", resource,
			slices.Sorted(maps.Keys(gotKeys)), slices.Sorted(maps.Keys(wantKeys)))
	}
	return nil
}
