package notebook

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// importDefaults are what the API never answers, or may not: the defaults of the
// schema, so that a configuration without them shows no difference.
var importDefaults = map[string]tftypes.Value{
	"feature":                   tftypes.NewValue(tftypes.String, "NOTEBOOK"),
	"allow_stopping_for_update": tftypes.NewValue(tftypes.Bool, false),
	"deletion_protection":       tftypes.NewValue(tftypes.Bool, false),
}

// imported is the state of a notebook after an import, without its token: a query must
// not copy the secrets of many notebooks into its output.
func imported(ctx context.Context, at location.Identity, nb *modelarts.Notebook, s *settings.Settings) (tftypes.Value, diag.Diagnostics) {
	state := values.Of(tftypes.NewValue(resourceSchema().Type().TerraformType(ctx), nil))
	for name, v := range importDefaults {
		state = state.With(v, name)
	}
	c := newConverter(ctx)
	var m resourceModel
	values.Load(c, state, &m)
	m.ID, m.Region, m.ProjectID = at.ID, at.Region, at.ProjectID
	m.fromAPI(c, nb, s)
	m.Token = types.StringNull()
	return asConfigurable(values.Store(c, &m)).Value, c.Diagnostics
}

// withListedVolume is a notebook with the main volume that a list shows, where the answer
// about it has left the volume out. Without one there is no configuration of it. That the
// list cannot be read is no error: then nothing is known.
func withListedVolume(ctx context.Context, client *modelarts.Client, nb *modelarts.Notebook) *modelarts.Notebook {
	if nb.Volume != nil || nb.Status.Kind() == modelarts.Gone {
		return nb
	}
	asked := modelarts.ListNotebooksQuery{ID: nb.ID, WorkspaceID: values.Deref(nb.WorkspaceID), Feature: values.Deref(nb.Feature)}
	for entry, err := range client.ListNotebooks(ctx, asked) {
		if err == nil && entry.ID == nb.ID && entry.Volume != nil {
			whole := *nb
			whole.Volume = entry.Volume
			return &whole
		}
	}
	return nb
}

// Generated mends a configuration that Terraform generates from the state of a notebook.
// It leaves out what only says the default, and the flavor that the service reports of a
// custom size, which is none that can be asked for.
func Generated(config tftypes.Value) tftypes.Value {
	c := values.Of(config)
	if !c.IsSet() {
		return config
	}
	for name, v := range importDefaults {
		if values.Equal(c.At(name), values.Of(v)) {
			c = c.With(tftypes.NewValue(v.Type(), nil), name)
		}
	}
	if c.At(atFlavor...).Text() == customFlavor && c.At(atSpec...).IsSet() {
		c = c.With(tftypes.NewValue(tftypes.String, nil), atFlavor...)
	}
	return c.Value
}
