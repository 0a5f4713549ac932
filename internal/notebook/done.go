package notebook

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// setDone gives each change of a wish the function that reports whether an answer shows the
// change already.
func (r *notebookResource) setDone(ctx context.Context, v *view, noted notes, wish *lifecycle.Wish) {
	for i := range wish.Changes {
		where := at(strings.Split(wish.Changes[i].Argument, ".")...)
		wish.Changes[i].Done = func(nb *modelarts.Notebook) bool {
			var diags diag.Diagnostics
			read := r.overlaid(ctx, v.state, nb, &diags)
			if diags.HasError() {
				return false
			}
			if where.is(atFlavor) || where.is(atSpec) { // which are written together
				return v.has(read, noted, atFlavor) && v.has(read, noted, atSpec)
			}
			return v.has(read, noted, where)
		}
	}
}

// has reports whether a state with what an answer shows has what is planned for an
// argument. What the service shows in place of what was applied confirms nothing, and
// neither does what it leaves out: there the state's value stands.
func (v *view) has(read values.Value, noted notes, where place) bool {
	has, a := read.At(where...), row(where)
	wanted := v.plan.At(where...).Fill(has)
	if a.spelling != nil {
		wanted = a.spelling(has, wanted)
	}
	return values.Equal(wanted, has) && noted[where.String()] != values.Digest(has)
}
