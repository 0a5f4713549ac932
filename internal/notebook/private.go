package notebook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// appliedKey is where the private state keeps the configuration that was applied
// last, by path.
//
// A plan sees the configuration and what the service has now, and cannot tell
// by them alone which of the two has moved. That matters: what a person asks for
// may be refused with an error, but an error for what was changed elsewhere
// would stand in the way of a destroy, which plans first.
const appliedKey = "applied"

type privateReader interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

// remembers says whether anything is remembered.
func remembers(ctx context.Context, private privateReader) bool {
	text, diags := private.GetKey(ctx, appliedKey)
	return !diags.HasError() && text != nil
}

// remember writes down the configuration that is being applied or, after an
// import, the state in its place. Values are kept as digests: the scripts of
// hooks need not be stored twice.
func remember(ctx context.Context, private privateWriter, applied values.Data) diag.Diagnostics {
	var diags diag.Diagnostics
	digests := make(map[string]string, len(arguments))
	for _, a := range arguments {
		digests[a.path.String()] = digest(values.At(ctx, applied, a.path, &diags))
	}
	text, err := json.Marshal(digests)
	if err != nil {
		diags.AddError("Unable to write the private state", err.Error())
		return diags
	}
	diags.Append(private.SetKey(ctx, appliedKey, text)...)
	return diags
}

// appliedBefore says whether that very value was configured when the notebook
// was last applied, so that a difference was made elsewhere.
func appliedBefore(ctx context.Context, private privateReader, where path.Path, v attr.Value) bool {
	text, diags := private.GetKey(ctx, appliedKey)
	digests := map[string]string{}
	if diags.HasError() || text == nil || json.Unmarshal(text, &digests) != nil {
		return false
	}
	return digests[where.String()] == digest(v)
}

func digest(v attr.Value) string {
	sum := sha256.Sum256([]byte(v.String()))
	return hex.EncodeToString(sum[:8])
}
