package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebook"
)

const notebookName = "modelarts_notebook"

// PlansNothing says of a resource, before the framework is asked, whether its
// plan is to leave it as it is. See serve.Shortcuts.
func (p *modelArtsProvider) PlansNothing(resource string, config, state map[string]any, private map[string][]byte) bool {
	s := p.settings.Load()
	return s != nil && resource == notebookName && notebook.PlansNothing(s, config, state, private)
}

// ReadsSame reads a resource, before the framework is asked, and says whether its
// state stays as it is. See serve.Shortcuts.
func (p *modelArtsProvider) ReadsSame(ctx context.Context, resource string, state tftypes.Value, private map[string][]byte) (context.Context, bool) {
	s := p.settings.Load()
	if s == nil || resource != notebookName {
		return ctx, false
	}
	return notebook.ReadsSame(ctx, s, state, private)
}
