// Package api holds the OpenAPI contract of the ModelArts notebook API, which
// the client and the simulator are both held to in the tests.
package api

import _ "embed"

// Contract is the OpenAPI 3.0 document, in YAML.
//
//go:embed modelarts-notebooks.openapi.yaml
var Contract []byte
