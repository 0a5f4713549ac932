package notebook

import (
	"context"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// reading is what a read came to.
type reading struct {
	before, after resourceModel
	nb            *modelarts.Notebook // nil: diags say why
	err           error               // why the notebook could not be read
	diags         diag.Diagnostics
}

// same says whether the state stays as it is. Sets are compared as sets, and
// numbers by their value.
func (r *reading) same() bool { return equal(reflect.ValueOf(r.before), reflect.ValueOf(r.after)) }

// equal compares two models field by field.
func equal(a, b reflect.Value) bool {
	for i := range a.NumField() {
		if a.Type().Field(i).Anonymous {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
			continue
		}
		before, ok := a.Field(i).Interface().(attr.Value)
		after, okToo := b.Field(i).Interface().(attr.Value)
		if !ok || !okToo || !before.Equal(after) {
			return false
		}
	}
	return true
}

// read reads the notebook of a state.
func (r *notebookResource) read(ctx context.Context, state tfsdk.State) *reading {
	got := new(reading)
	got.diags.Append(state.Get(ctx, &got.before)...)
	timeout, diags := got.before.Timeouts.Read(ctx, readTimeout)
	got.diags.Append(diags...)
	if got.diags.HasError() || !r.Ready(&got.diags) {
		return got
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r.Settings.Home().Creates.Claim(got.before.ID.ValueString())
	enough := func(nb *modelarts.Notebook) bool { return got.before.confirmedBy(ctx, nb, r.Settings) }
	if got.before.Name.IsNull() {
		enough = nil // it is being imported
	}
	nb, err := r.instance(got.before.ID.ValueString(), got.before.WorkspaceID.ValueString()).Refresh(ctx, young(&got.before), enough)
	if err != nil {
		got.err = err
		got.diags.Append(diagnostics.Unable("read", "notebook", err))
		return got
	}
	got.nb, got.after = nb, got.before
	if nb.Status != modelarts.StatusDeleted {
		c := newConverter(ctx)
		got.after.fromAPI(c, nb, r.Settings)
		got.diags.Append(c.Diagnostics...)
	}
	return got
}

// ReadsSame reads a notebook and reports whether its state, the private one
// included, stays as it is. handOver gives the answer to the framework's read, if
// that is to come next, so that it need not ask the service again.
func ReadsSame(ctx context.Context, s *settings.Settings, state tftypes.Value, private map[string][]byte) (same bool, handOver func()) {
	keys := privateKeys(private)
	if !remembers(ctx, keys) || owedBy(ctx, keys) != lifecycle.OwesNothing {
		return false, func() {}
	}
	r := new(notebookResource)
	r.Settings = s
	got := r.read(ctx, tfsdk.State{Schema: resourceSchema(), Raw: state})
	same = len(got.diags) == 0 && got.nb.Status != modelarts.StatusDeleted && got.same()
	return same, func() {
		if got.nb != nil || got.err != nil {
			s.Home().Reader.In(got.before.WorkspaceID.ValueString()).Return(got.before.ID.ValueString(), got.nb, got.err)
		}
	}
}
