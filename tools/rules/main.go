// Command rules checks two rules of this project that no common linter knows. "make lint" runs it.
//
//	go -C tools build -o ../.tools/rules ./rules && .tools/rules -test=false ./...
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/modelarts-community/terraform-provider-modelarts/tools/rules/secrets"
	"github.com/modelarts-community/terraform-provider-modelarts/tools/rules/stateorder"
)

func main() { multichecker.Main(secrets.Analyzer, stateorder.Analyzer) }
