package notebook

import (
	"context"
	"reflect"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// confirmedBy reports whether an entry of a list confirms the state: it shows what
// a whole answer shows, and all of it is as the state has it. An entry that leaves
// something out may hide a change, and one that shows a change may be behind; both
// times the notebook itself is asked. See design/0014-reads-out-of-lists.md.
func (m *model) confirmedBy(ctx context.Context, nb *modelarts.Notebook, s *settings.Settings) bool {
	if !m.shownBy(nb) {
		return false
	}
	c := newConverter(ctx)
	after := *m
	after.fromAPI(c, nb, s)
	return !c.Diagnostics.HasError() && equal(reflect.ValueOf(*m), reflect.ValueOf(after))
}

// shownBy reports whether an answer shows what every whole one does, and what the
// state has.
func (m *model) shownBy(nb *modelarts.Notebook) bool {
	always := nb.Flavor != nil && nb.Description != nil && nb.Image != nil && nb.Image.ID != "" && nb.Volume != nil &&
		nb.Endpoints != nil && nb.Tags != nil && nb.DataVolumes != nil &&
		nb.Lease != nil && nb.Lease.Enable != nil && nb.Lease.Type != nil
	return always &&
		(nb.CustomSpec != nil || m.CustomSpec.IsNull()) &&
		(nb.Affinity != nil || m.Affinity.IsNull()) &&
		(nb.Pool != nil || m.PoolID.IsNull()) &&
		(nb.RunUser != nil || m.RunUser.IsNull()) &&
		(nb.UserVPC != nil || m.UserVPC.IsNull())
}
