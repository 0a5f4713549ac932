package serve

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// lines cuts the paths of diagnostics, so that Terraform shows the line that each
// is about. Terraform finds the line of an attribute of a body (the resource, or a
// block in it), and of an entry of an attribute that is a map or a list. A path that
// goes on, to a member of an object, leads it to no line: it shows the first line of
// the resource then. See design/0025-what-cannot-work.md.
type lines struct {
	schemas func() *tfprotov6.GetProviderSchemaResponse
}

func newLines(inner tfprotov6.ProviderServer) *lines {
	return &lines{sync.OnceValue(func() *tfprotov6.GetProviderSchemaResponse {
		schemas, err := inner.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			return new(tfprotov6.GetProviderSchemaResponse)
		}
		return schemas
	})}
}

// cut cuts the paths of an answer about a resource, a data source or, without a
// name, about the provider block.
func (l *lines) cut(name string, answer any) {
	for _, d := range diagnosticsOf(answer) {
		if d != nil && d.Attribute != nil && len(d.Attribute.Steps()) > 1 {
			d.Attribute = tftypes.NewAttributePathWithSteps(shown(l.body(name), d.Attribute.Steps()))
		}
	}
}

// body is the body of the schema of that name; nil: there is none.
func (l *lines) body(name string) *tfprotov6.SchemaBlock {
	schemas := l.schemas()
	s := schemas.Provider
	if name != "" {
		s = schemas.ResourceSchemas[name]
	}
	if s == nil {
		s = schemas.DataSourceSchemas[name]
	}
	if s == nil {
		return nil
	}
	return s.Block
}

// shown is the part of a path whose line Terraform shows.
func shown(body *tfprotov6.SchemaBlock, steps []tftypes.AttributePathStep) []tftypes.AttributePathStep {
	for i := 0; i < len(steps); i++ {
		name, named := steps[i].(tftypes.AttributeName)
		if !named {
			continue // the key of a block
		}
		if body = blockIn(body, string(name)); body != nil {
			continue
		}
		if i+1 < len(steps) {
			switch steps[i+1].(type) {
			case tftypes.ElementKeyString, tftypes.ElementKeyInt:
				i++
			}
		}
		return steps[:i+1]
	}
	return steps
}

// blockIn is the body of the block of a name; nil: the name is an attribute's.
func blockIn(body *tfprotov6.SchemaBlock, name string) *tfprotov6.SchemaBlock {
	if body == nil {
		return nil
	}
	for _, b := range body.BlockTypes {
		if b.TypeName == name {
			return b.Block
		}
	}
	return nil
}

// diagnosticsOf are the diagnostics of an answer of the server.
func diagnosticsOf(answer any) []*tfprotov6.Diagnostic {
	switch a := answer.(type) {
	case *tfprotov6.ValidateProviderConfigResponse:
		return a.Diagnostics
	case *tfprotov6.ConfigureProviderResponse:
		return a.Diagnostics
	case *tfprotov6.ValidateResourceConfigResponse:
		return a.Diagnostics
	case *tfprotov6.PlanResourceChangeResponse:
		return a.Diagnostics
	case *tfprotov6.ApplyResourceChangeResponse:
		return a.Diagnostics
	case *tfprotov6.ReadResourceResponse:
		return a.Diagnostics
	case *tfprotov6.ValidateDataResourceConfigResponse:
		return a.Diagnostics
	case *tfprotov6.ReadDataSourceResponse:
		return a.Diagnostics
	default:
		return nil
	}
}
