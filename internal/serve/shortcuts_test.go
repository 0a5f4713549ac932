package serve

import (
	"context"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The framework acts on keys of its own, so it is asked.
func TestPrivateKeys(t *testing.T) {
	t.Parallel()
	for private, want := range map[string]bool{
		``: true, `{}`: true, `{"applied":"e30="}`: true,
		`{".import_before_read":"dHJ1ZQ==","applied":"e30="}`: false, `[]`: false, `{`: false,
	} {
		if _, ok := privateKeys([]byte(private)); ok != want {
			t.Errorf("%q: got %t", private, ok)
		}
	}
	if keys, _ := privateKeys([]byte(`{"applied":"e30="}`)); string(keys["applied"]) != "{}" {
		t.Errorf("got %q", keys)
	}
}

// offering is a provider with short ways.
type offering struct{ lingering }

func (*offering) FindsNothing(context.Context, string, tfsdk.Config) bool { return false }

func (*offering) PlansNothing(context.Context, string, tftypes.Value, tftypes.Value, map[string][]byte) bool {
	return true
}

func (*offering) ReadsSame(context.Context, string, tftypes.Value, map[string][]byte) (same bool, handOver func()) {
	return true, func() {}
}

func TestShortcutsCanBeSwitchedOff(t *testing.T) {
	for value, want := range map[string]bool{"": true, "on": true, "off": false} {
		t.Setenv(shortcutsVariable, value)
		if got := newServer(new(offering)).shortcuts != nil; got != want {
			t.Errorf("%q: short ways are taken: %t", value, got)
		}
	}
}

// Terraform finds out by the methods of the server what it can do. A method that
// the framework's server has and ours does not would be hidden from Terraform.
func TestServerHidesNoMethod(t *testing.T) {
	t.Parallel()
	framework := reflect.TypeOf(providerserver.NewProtocol6(new(offering))())
	ours := reflect.TypeFor[*server]()
	for i := range framework.NumMethod() {
		method := framework.Method(i)
		if _, there := ours.MethodByName(method.Name); !there {
			t.Errorf("%s is hidden", method.Name)
		}
	}
	if framework.NumMethod() < 20 {
		t.Errorf("the framework's server has %d methods only", framework.NumMethod())
	}
}
