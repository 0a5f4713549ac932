package notebook

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// appliedKey is where the private state keeps the configuration that was applied
// last, by path.
//
// A plan sees the configuration and what the service has now, and cannot tell
// by them alone which of the two has moved. That matters: what a person asks for
// may be refused with an error, but an error for what was changed elsewhere
// would stand in the way of a destroy, which plans first. See
// design/0003-applied-values-in-private-state.md.
const appliedKey = "applied"

type (
	privateReader = values.PrivateReader
	privateWriter = values.PrivateWriter
	digests       = values.Digests
)

// remembers reports whether anything is remembered.
func remembers(ctx context.Context, private privateReader) bool {
	text, diags := private.GetKey(ctx, appliedKey)
	return !diags.HasError() && text != nil
}

// plannedKey is where the private state of a plan keeps the configuration of the
// plan, by path. An apply is given the configuration without ignore_changes, and a
// plan with it. See design/0022-what-is-remembered-and-when.md.
const plannedKey = "planned"

// digestsOf are the digests of all arguments of a configuration.
func digestsOf(configured values.Value) digests {
	all := make(digests, len(arguments))
	for _, a := range arguments {
		all[a.at.String()] = values.Digest(configured.At(a.at...))
	}
	return all
}

// remember notes the configuration that was applied or, after an import, the state
// in its place.
func remember(ctx context.Context, private privateWriter, configured values.Value) diag.Diagnostics {
	return digestsOf(configured).Write(ctx, private, appliedKey)
}

// intend notes the configuration of a plan, for the apply of that plan.
func intend(ctx context.Context, private privateWriter, configured values.Value) diag.Diagnostics {
	return digestsOf(configured).Write(ctx, private, plannedKey)
}

// intended is the configuration of the plan that is being applied: what the plan
// noted or, in a plan of an older version, what the apply was given.
func intended(ctx context.Context, private privateReader, configured values.Value) digests {
	if planned := values.DigestsAt(ctx, private, plannedKey); len(planned) > 0 {
		return planned
	}
	return digestsOf(configured)
}

// rememberOutcome notes what an apply has reached: what was intended but, for the
// arguments that it left undone, what was applied before.
func rememberOutcome(ctx context.Context, before privateReader, after privateWriter, asked digests, undone []place) diag.Diagnostics {
	old, reached := values.DigestsAt(ctx, before, appliedKey), maps.Clone(asked)
	for _, where := range undone {
		delete(reached, where.String())
		if was, there := old[where.String()]; there {
			reached[where.String()] = was
		}
	}
	diags := reached.Write(ctx, after, appliedKey)
	diags.Append(digests(nil).Write(ctx, after, plannedKey)...)
	if len(undone) == 0 && len(formerBy(ctx, before)) > 0 {
		diags.Append(former{}.write(ctx, after)...)
	}
	return diags
}

// appliedBefore reports whether that very value was configured when the notebook
// was last applied, so that a difference was made elsewhere.
func appliedBefore(ctx context.Context, private privateReader, where place, v values.Value) bool {
	return values.DigestsAt(ctx, private, appliedKey)[where.String()] == values.Digest(v)
}

// owedKey is where the private state keeps the power state that an update has not
// restored.
const owedKey = "owed"

// owe notes what is owed.
func owe(ctx context.Context, private privateWriter, what lifecycle.Owed) diag.Diagnostics {
	return values.Note(ctx, private, owedKey, what)
}

// owedBy reads what is owed.
func owedBy(ctx context.Context, private privateReader) lifecycle.Owed {
	return values.Noted[lifecycle.Owed](ctx, private, owedKey)
}

// owedNotedKey is where the private state keeps when something came to be owed. Older
// states have none. See design/0022-what-is-remembered-and-when.md.
const owedNotedKey = "owed_noted"

// noteOwed notes what an update leaves owed.
func noteOwed(ctx context.Context, private privateWriter, out *lifecycle.Outcome) diag.Diagnostics {
	noted := out.Noted
	if out.Owed == lifecycle.OwesNothing {
		noted = lifecycle.Noted{}
	}
	diags := owe(ctx, private, out.Owed)
	diags.Append(values.Note(ctx, private, owedNotedKey, noted)...)
	return diags
}

// owedNoted reads when something came to be owed.
func owedNoted(ctx context.Context, private privateReader) lifecycle.Noted {
	return values.Noted[lifecycle.Noted](ctx, private, owedNotedKey)
}

// protectedKey is where the private state has a protection. See
// design/0020-protection-and-destroys.md.
const protectedKey = "protection"

// protectionNote says of which notebook a private state is, and whether the state
// protects it from removal. It is empty for a notebook whose creation failed.
type protectionNote struct {
	ID string `json:"id"`
	On bool   `json:"on"`
}

// noteProtection notes whether a state protects its notebook, where that is not
// noted.
func noteProtection(ctx context.Context, before privateReader, private privateWriter, state values.Value) diag.Diagnostics {
	now := protectionOf(state)
	if protectionNoted(ctx, before) == now {
		return nil
	}
	return values.Note(ctx, private, protectedKey, now)
}

func protectionOf(state values.Value) protectionNote {
	if state.IsNull() || neverCameUp(state) {
		return protectionNote{}
	}
	return protectionNote{ID: state.At("id").Text(), On: protects(state, nil)}
}

func protectionNoted(ctx context.Context, private privateReader) protectionNote {
	return values.Noted[protectionNote](ctx, private, protectedKey)
}

// leftOverKey is where the private state notes that the notebook is protected and was
// left by a replacement that had created another one already. See
// design/0020-protection-and-destroys.md.
const leftOverKey = "left_over"

func markLeftOver(ctx context.Context, private privateWriter) diag.Diagnostics {
	return values.Note(ctx, private, leftOverKey, true)
}

func leftOver(ctx context.Context, private privateReader) bool {
	return values.Noted[bool](ctx, private, leftOverKey)
}

// importedKey is where the private state notes that the notebook was imported.
const importedKey = "imported"

// markImported notes whether the notebook was imported and not applied since.
func markImported(ctx context.Context, private privateWriter, imported bool) diag.Diagnostics {
	return values.Note(ctx, private, importedKey, imported)
}

func isImported(ctx context.Context, private privateReader) bool {
	return values.Noted[bool](ctx, private, importedKey)
}

// tagsOwedKey is where the private state notes that the tags in the state may
// never have been set: a create sets them by a call of its own, after the notebook
// came up. Nothing else would show it where the service's answers leave out tags
// when there are none.
const tagsOwedKey = "tags_owed"

// oweTags notes whether the tags may be missing.
func oweTags(ctx context.Context, private privateWriter, owed bool) diag.Diagnostics {
	return values.Note(ctx, private, tagsOwedKey, owed)
}

func owesTags(ctx context.Context, private privateReader) bool {
	return values.Noted[bool](ctx, private, tagsOwedKey)
}
