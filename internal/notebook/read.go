package notebook

import (
	"context"
	"maps"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// reading is what a read came to.
type reading struct {
	before, after resourceModel
	// state is what the read comes to, and notes what the service still does not
	// confirm of it.
	state   values.Value
	notes   notes
	changed bool                // state is not the one that was given
	nb      *modelarts.Notebook // nil: diags say why
	now     time.Time           // of the answer, by the service's clock
	err     error               // why the notebook could not be read
	refused *settings.Process   // in which no call can be made as the provider is configured; nil: calls can be made
	diags   diag.Diagnostics

	reader *modelarts.Reader // that was asked
	where  model             // the notebook's ID, region and project
}

// same reports whether the models are equal. Sets are compared as sets, and
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

// read reads the notebook of a state with its notes. Where its tags are owed, an
// answer without tags is believed.
func (r *notebookResource) read(ctx context.Context, state values.Value, noted notes, tagsOwed bool) *reading {
	got, c := &reading{state: state, notes: notes{}}, newConverter(ctx)
	values.Load(c, state, &got.before)
	got.diags.Append(c.Diagnostics...)
	timeout, diags := got.before.Timeouts.Read(ctx, readTimeout)
	got.diags.Append(diags...)
	if got.diags.HasError() {
		return got
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	home, ok := r.locate(ctx, &got.before.model, &got.diags)
	if !ok {
		if home.Refused {
			got.refused = home.Process
		}
		return got
	}
	id, workspace := got.before.ID.ValueString(), got.before.WorkspaceID.ValueString()
	got.reader, got.where = home.Reader.In(workspace), got.before.model
	home.place(&got.where)
	home.Creates.Claim(id)
	confirmed := false // by an entry of a list: the answer changes nothing
	enough := func(nb *modelarts.Notebook) bool {
		confirmed = got.before.confirmedBy(ctx, nb, r.Settings)
		return confirmed
	}
	if got.before.Name.IsNull() {
		enough = nil // it is being imported
	}
	nb, err := home.Instance(id, workspace).Refresh(ctx, home.justCreated(&got.before), enough)
	if err != nil {
		got.err = err
		if diagnostics.NoAccess(err) {
			got.refused = home.Process
		}
		got.diags.Append(diagnostics.UnableInPlan("read", "notebook", err))
		return got
	}
	if enough == nil {
		nb = withListedVolume(ctx, home.Client, nb)
	}
	got.nb, got.now, got.after = nb, home.Client.Now(), got.before
	if nb.Status != modelarts.StatusDeleted {
		r.take(ctx, got, home, confirmed, tagsOwed, noted)
	}
	return got
}

// take writes what the notebook shows into the reading. Where an entry of a list has
// confirmed what is known, it leaves that as it is.
func (r *notebookResource) take(ctx context.Context, got *reading, home located, confirmed, tagsOwed bool, noted notes) {
	c, before := newConverter(ctx), got.state
	if !confirmed {
		got.after.fromAPI(c, got.nb, r.Settings)
	}
	if tagsOwed && len(got.nb.Tags) == 0 && got.nb.Status.Kind() != modelarts.Pending {
		got.after.tagsFromAPI(c, []modelarts.Tag{}, r.Settings)
	}
	home.place(&got.after.model)
	read, known, same := before, noted, got.same() // writing a state takes longer than comparing two models
	if !same {
		read, known = r.keepImage(ctx, before, values.Store(c, &got.after), got.nb, noted)
	}
	got.state, got.notes = unconfirmed(before, read, known)
	got.changed = !same && !values.Equal(got.state, before)
	got.diags.Append(c.Diagnostics...)
}

// saidAlready reports whether a notebook cannot be read for a reason that the refresh
// has given for another one: the run ends with one error, and not with one for each
// notebook. The state stays as it is.
func (r *reading) saidAlready() bool {
	known := r.before.model
	return r.refused != nil && !known.Name.IsNull() && !known.Region.IsNull() && !known.ProjectID.IsNull() &&
		!r.refused.AccessRefused.CompareAndSwap(false, true)
}

// ReadsSame reads a notebook and reports whether its state, the private one
// included, stays as it is. handOver gives the answer to the framework's read, if
// that is to come next, so that it need not ask the service again.
func ReadsSame(ctx context.Context, s *settings.Settings, state tftypes.Value, private map[string][]byte) (same bool, handOver func()) {
	keys := privateKeys(private)
	if !remembers(ctx, keys) || owedBy(ctx, keys) != lifecycle.OwesNothing || owesTags(ctx, keys) ||
		protectionNoted(ctx, keys) != protectionOf(values.Of(state)) {
		return false, func() {}
	}
	r := new(notebookResource)
	r.Settings = s
	noted := notedBy(ctx, keys)
	got := r.read(ctx, values.Of(state), noted, false)
	same = len(got.diags) == 0 && got.nb.Status != modelarts.StatusDeleted && !got.changed && maps.Equal(got.notes, noted)
	return same, func() {
		if got.nb != nil || got.err != nil {
			got.reader.Return(got.before.ID.ValueString(), got.nb, got.err)
		}
	}
}
