package values_test

import (
	"context"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// privateState is one in memory.
type privateState map[string][]byte

func (k privateState) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	if key == "refused" {
		return []byte(`{"a":"1"}`), diag.Diagnostics{diag.NewErrorDiagnostic("refused", "")}
	}
	return k[key], nil
}

func (k privateState) SetKey(_ context.Context, key string, text []byte) diag.Diagnostics {
	k[key] = text
	return nil
}

// What is noted is read again, and anything else gives nothing, also where a part of it
// could be read.
func TestNoted(t *testing.T) {
	t.Parallel()
	k, some := privateState{"half": []byte(`{"a":"1","b":2}`), "null": []byte("null"), "empty": {}, "other": []byte("1")}, values.Digests{"a": "1"}
	if diags := some.Write(t.Context(), k, "digests"); diags.HasError() {
		t.Fatal(diags)
	}
	for key, want := range map[string]values.Digests{"digests": some, "half": nil, "null": nil, "empty": nil, "other": nil, "missing": nil, "refused": nil} {
		if got := values.DigestsAt(t.Context(), k, key); !maps.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
	if diags := values.Note(t.Context(), k, "flag", true); diags.HasError() || !values.Noted[bool](t.Context(), k, "flag") || values.Noted[bool](t.Context(), k, "digests") {
		t.Errorf("%s, %v", k["flag"], diags)
	}
}
