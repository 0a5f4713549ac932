package values

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader is a private state that can be read.
type PrivateReader interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is a private state that can be written.
type PrivateWriter interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

// Note writes a value, which can be written as JSON, under a key of a private state.
func Note(ctx context.Context, private PrivateWriter, key string, noted any) diag.Diagnostics {
	text, _ := json.Marshal(noted) // strings, booleans, times, and maps of strings always can be
	return private.SetKey(ctx, key, text)
}

// Noted reads the value under a key of a private state. A private state that cannot be
// read, or that holds something else there, is as good as none: it gives the zero value.
func Noted[T any](ctx context.Context, private PrivateReader, key string) T {
	text, diags := private.GetKey(ctx, key)
	var noted, nothing T
	if diags.HasError() || text == nil || json.Unmarshal(text, &noted) != nil {
		return nothing
	}
	return noted
}

// Digests are digests of values, by argument or by path, as a private state keeps them:
// what is long or secret is not stored twice.
type Digests map[string]string

// DigestsAt reads digests; nil: there are none.
func DigestsAt(ctx context.Context, private PrivateReader, key string) Digests {
	return Noted[Digests](ctx, private, key)
}

// Write writes the digests.
func (d Digests) Write(ctx context.Context, private PrivateWriter, key string) diag.Diagnostics {
	return Note(ctx, private, key, d)
}
