package serve

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// prove is set, to anything, when the provider is built for tests: with
// -ldflags "-X .../internal/serve.prove=yes".
var prove string

// Proving is Protocol6 for tests: wherever a shortcut is taken, the framework
// answers too, and a difference is an error of the call. It tells of each
// shortcut by the name of the call.
func Proving(p provider.Provider, taken func(call string)) tfprotov6.ProviderServer {
	s := newServer(p)
	s.proof = &proof{taken}
	return s
}

// proof holds shortcuts to what the framework says; nil: it believes them.
type proof struct {
	taken func(call string)
}

func (p *proof) validate(ctx context.Context, s *server, req *tfprotov6.ValidateResourceConfigRequest) error {
	if p == nil {
		return nil
	}
	p.taken("ValidateResourceConfig")
	full, err := s.validateFully(ctx, req)
	if err != nil {
		return err
	}
	if len(full.Diagnostics) > 0 {
		return fmt.Errorf("the shortcut for %s has left out: %s", req.TypeName, full.Diagnostics[0].Summary)
	}
	return nil
}

func (p *proof) plan(ctx context.Context, s *server, req *tfprotov6.PlanResourceChangeRequest, short *tfprotov6.PlanResourceChangeResponse) error {
	if p == nil {
		return nil
	}
	p.taken("PlanResourceChange")
	full, err := call(ctx, req, s.fullServer.PlanResourceChange)
	if err != nil {
		return err
	}
	clean := len(full.Diagnostics) == 0 && len(full.RequiresReplace) == 0 && full.Deferred == nil && sameIdentity(short.PlannedIdentity, full.PlannedIdentity)
	return s.same(req.TypeName, clean, short.PlannedState, full.PlannedState, short.PlannedPrivate, full.PlannedPrivate)
}

func (p *proof) read(ctx context.Context, s *server, req *tfprotov6.ReadResourceRequest, short *tfprotov6.ReadResourceResponse, handOver func()) error {
	if p == nil {
		return nil
	}
	p.taken("ReadResource")
	handOver() // what is compared is what is made of one answer
	full, err := call(ctx, req, s.fullServer.ReadResource)
	if err != nil {
		return err
	}
	clean := len(full.Diagnostics) == 0 && full.Deferred == nil && sameIdentity(short.NewIdentity, full.NewIdentity)
	return s.same(req.TypeName, clean, short.NewState, full.NewState, short.Private, full.Private)
}

// same compares the shortcut's answer with the framework's. clean says that
// there was nothing else in the latter.
func (s *server) same(resource string, clean bool, short, full *tfprotov6.DynamicValue, shortPrivate, fullPrivate []byte) error {
	if !clean {
		return fmt.Errorf("the shortcut for %s has left something out", resource)
	}
	stateType := s.schemas().resources[resource].typ
	got, err := short.Unmarshal(stateType)
	if err != nil {
		return err
	}
	want, err := full.Unmarshal(stateType)
	if err != nil {
		return err
	}
	differences, err := got.Diff(want)
	if err != nil {
		return err
	}
	if len(differences) > 0 {
		places := make([]string, len(differences)) // and not the values: one may be the token
		for i, d := range differences {
			places[i] = d.Path.String()
		}
		return fmt.Errorf("the shortcut for %s has come to another state: %s", resource, strings.Join(places, ", "))
	}
	gotKeys, known := privateKeys(shortPrivate)
	wantKeys, knownToo := privateKeys(fullPrivate)
	if !known || !knownToo || !maps.EqualFunc(gotKeys, wantKeys, bytes.Equal) {
		return fmt.Errorf("the shortcut for %s has come to another private state: %v and not %v", resource,
			slices.Sorted(maps.Keys(gotKeys)), slices.Sorted(maps.Keys(wantKeys)))
	}
	return nil
}

// sameIdentity compares the identities of two answers, as they are sent. A client
// that sends none, which does not know identities, needs none.
func sameIdentity(short, full *tfprotov6.ResourceIdentityData) bool {
	if short == nil || full == nil || short.IdentityData == nil || full.IdentityData == nil {
		return short == nil
	}
	return bytes.Equal(short.IdentityData.MsgPack, full.IdentityData.MsgPack)
}
