package notebook

import (
	"context"
	"encoding/json"

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

type privateReader interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

// remembers reports whether anything is remembered.
func remembers(ctx context.Context, private privateReader) bool {
	text, diags := private.GetKey(ctx, appliedKey)
	return !diags.HasError() && text != nil
}

// remember notes the configuration that is being applied or, after an import, the
// state in its place. Values are kept as digests: the scripts of hooks need not be
// stored twice.
func remember(ctx context.Context, private privateWriter, configured values.Value) diag.Diagnostics {
	digests := make(map[string]string, len(arguments))
	for _, a := range arguments {
		digests[a.at.String()] = values.Digest(configured.At(a.at...))
	}
	text, _ := json.Marshal(digests) // a map of strings always can be
	return private.SetKey(ctx, appliedKey, text)
}

// appliedBefore reports whether that very value was configured when the notebook
// was last applied, so that a difference was made elsewhere.
func appliedBefore(ctx context.Context, private privateReader, where place, v values.Value) bool {
	text, diags := private.GetKey(ctx, appliedKey)
	digests := map[string]string{}
	if diags.HasError() || text == nil || json.Unmarshal(text, &digests) != nil {
		return false
	}
	return digests[where.String()] == values.Digest(v)
}

// owedKey is where the private state keeps the power state that an update has not
// restored.
const owedKey = "owed"

// owe notes what is owed.
func owe(ctx context.Context, private privateWriter, what lifecycle.Owed) diag.Diagnostics {
	text, _ := json.Marshal(what) // a string always can be
	return private.SetKey(ctx, owedKey, text)
}

// owedBy reads what is owed.
func owedBy(ctx context.Context, private privateReader) lifecycle.Owed {
	text, diags := private.GetKey(ctx, owedKey)
	var what lifecycle.Owed
	if diags.HasError() || text == nil || json.Unmarshal(text, &what) != nil {
		return lifecycle.OwesNothing
	}
	return what
}

// protectedKey is where the private state has the ID of a notebook that the state
// protects; empty: it does not. See design/0020-protection-and-destroys.md.
const protectedKey = "protected"

// noteProtection notes whether a state protects its notebook, where that is not
// noted.
func noteProtection(ctx context.Context, before privateReader, private privateWriter, state values.Value) diag.Diagnostics {
	id := protectionOf(state)
	if protectedID(ctx, before) == id {
		return nil
	}
	text, _ := json.Marshal(id) // a string always can be
	return private.SetKey(ctx, protectedKey, text)
}

// protectionOf is the ID of the notebook where the state protects it, or empty.
func protectionOf(state values.Value) string {
	if !protects(state, nil) {
		return ""
	}
	return state.At("id").Text()
}

func protectedID(ctx context.Context, private privateReader) (id string) {
	text, diags := private.GetKey(ctx, protectedKey)
	if diags.HasError() || text == nil || json.Unmarshal(text, &id) != nil {
		return ""
	}
	return id
}

// refusedKey is where the private state notes that a delete was refused because the
// notebook is protected. See design/0020-protection-and-destroys.md.
const refusedKey = "delete_refused"

func refuseDelete(ctx context.Context, private privateWriter, refused bool) diag.Diagnostics {
	text, _ := json.Marshal(refused) // a boolean always can be
	return private.SetKey(ctx, refusedKey, text)
}

func deleteRefused(ctx context.Context, private privateReader) bool {
	text, diags := private.GetKey(ctx, refusedKey)
	return !diags.HasError() && string(text) == "true"
}

// importedKey is where the private state notes that the notebook was imported.
const importedKey = "imported"

// markImported notes whether the notebook was imported and not applied since.
func markImported(ctx context.Context, private privateWriter, imported bool) diag.Diagnostics {
	text, _ := json.Marshal(imported) // a boolean always can be
	return private.SetKey(ctx, importedKey, text)
}

func isImported(ctx context.Context, private privateReader) bool {
	text, diags := private.GetKey(ctx, importedKey)
	return !diags.HasError() && string(text) == "true"
}

// tagsOwedKey is where the private state notes that the tags in the state may
// never have been set: a create sets them by a call of its own, after the notebook
// came up. Nothing else would show it where the service's answers leave out tags
// when there are none.
const tagsOwedKey = "tags_owed"

// oweTags notes whether the tags may be missing.
func oweTags(ctx context.Context, private privateWriter, owed bool) diag.Diagnostics {
	text, _ := json.Marshal(owed) // a boolean always can be
	return private.SetKey(ctx, tagsOwedKey, text)
}

func owesTags(ctx context.Context, private privateReader) bool {
	text, diags := private.GetKey(ctx, tagsOwedKey)
	return !diags.HasError() && string(text) == "true"
}
