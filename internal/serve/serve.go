// Package serve serves the provider to Terraform and keeps the process light.
package serve

import (
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

const address = "registry.terraform.io/modelarts-community/modelarts"

// Provider serves the provider until Terraform ends it; for a debugger it prints
// what to set in Terraform's environment, and waits.
func Provider(p provider.Provider, debugger bool) error {
	quiet()
	collectLess()
	var options []tf6server.ServeOpt
	if debugger {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		outliveSignals()
	}
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return Protocol6(p) }, options...)
}

// shortcutsVariable is the environment variable that switches the short ways past
// the framework off, when it is "off".
const shortcutsVariable = "MODELARTS_SHORTCUTS"

// Protocol6 is the provider as Terraform speaks to it.
func Protocol6(p provider.Provider) tfprotov6.ProviderServer {
	if prove != "" {
		return Proving(p, func(string) {})
	}
	return newServer(p)
}

// newServer is the framework's server and what stands before it.
func newServer(p provider.Provider) *server {
	inner, ok := providerserver.NewProtocol6(p)().(fullServer)
	if !ok {
		panic("this version of the framework's server cannot do all that is passed on to it")
	}
	s := &server{fullServer: inner, schemas: schemasOf(p)}
	if with, ok := p.(Shortcuts); ok && os.Getenv(shortcutsVariable) != "off" {
		s.shortcuts = &shortcuts{with, s.schemas}
	}
	s.generates, _ = p.(Generates)
	return s
}
