package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/image"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebook"
)

const (
	notebookName = "modelarts_notebook"
	imageName    = "modelarts_image"
)

// FindsNothing reports of a resource, before the framework is asked, whether its own check
// takes a configuration. See serve.Shortcuts.
func (p *modelArtsProvider) FindsNothing(ctx context.Context, resource string, config tfsdk.Config) bool {
	return resource == notebookName && notebook.FindsNothing(ctx, config)
}

// PlansNothing reports of a resource, before the framework is asked, whether its
// plan is to leave it as it is. See serve.Shortcuts.
func (p *modelArtsProvider) PlansNothing(ctx context.Context, resource string, config, state tftypes.Value, private map[string][]byte) bool {
	s := p.settings.Load()
	return s != nil && resource == notebookName && notebook.PlansNothing(ctx, s, config, state, private)
}

// ReadsSame reads a resource, before the framework is asked, and reports whether
// its state stays as it is. See serve.Shortcuts.
func (p *modelArtsProvider) ReadsSame(ctx context.Context, resource string, state tftypes.Value, private map[string][]byte) (same bool, handOver func()) {
	s := p.settings.Load()
	if s == nil || resource != notebookName {
		return false, func() {}
	}
	return notebook.ReadsSame(ctx, s, state, private)
}

// Generated mends the configuration that Terraform generates from a state. See
// serve.Generates.
func (p *modelArtsProvider) Generated(resource string, config tftypes.Value) tftypes.Value {
	switch resource {
	case notebookName:
		return notebook.Generated(config)
	case imageName:
		return image.Generated(config)
	default:
		return config
	}
}
