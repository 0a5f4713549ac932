// Terraform-provider-modelarts serves the provider to Terraform.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
)

// version is set when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print what to set in Terraform's environment, and wait")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/modelarts-community/modelarts",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
