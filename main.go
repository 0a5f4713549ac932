// Terraform-provider-modelarts serves the provider to Terraform.
package main

import (
	"flag"
	"log"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
)

// version is set when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print what to set in Terraform's environment, and wait")
	flag.Parse()

	if err := serve.Provider(provider.New(version)(), *debug); err != nil {
		log.Fatal(err)
	}
}
