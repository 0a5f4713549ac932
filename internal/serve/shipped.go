//go:build !prove

package serve

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Protocol6 is the provider as Terraform speaks to it.
func Protocol6(p provider.Provider) tfprotov6.ProviderServer { return newServer(p) }
