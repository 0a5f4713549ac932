//go:build prove

package serve

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Protocol6 is the provider as Terraform speaks to it, for the programs that
// tests run: each shortcut is held to what the framework says.
func Protocol6(p provider.Provider) tfprotov6.ProviderServer {
	with, ok := p.(Shortcuts)
	if !ok {
		panic("the provider knows no shortcuts to prove")
	}
	return Proving(with, func(string) {})
}
