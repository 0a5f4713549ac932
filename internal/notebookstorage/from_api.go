package notebookstorage

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// fromAPI takes over what an answer shows of a mount. What it leaves out, or spells
// in another way, stays as it was. See design/0006-absent-in-answers.md.
func (m *model) fromAPI(st *modelarts.Storage) {
	m.ID = types.StringValue(st.ID)
	m.Category = keepWhere(lifecycle.SameStorageCategory, m.Category, st.Category)
	m.URI = keepWhere(lifecycle.SameFolder, m.URI, st.URI)
	m.MountPath = keepWhere(lifecycle.SameFolder, m.MountPath, st.MountPath)
	m.EFSID = values.KeepCase(m.EFSID, values.NonEmpty(st.EFSID))
	m.Status = types.StringValue(string(st.Status))
	m.FailureReason = types.StringPointerValue(values.NonEmpty(st.FailureReason))
}

// keepWhere keeps a value that means the same as what is shown.
func keepWhere(same func(a, b string) bool, known types.String, shown *string) types.String {
	if shown == nil || *shown == "" || known.ValueString() != "" && same(known.ValueString(), *shown) {
		return known
	}
	return types.StringValue(*shown)
}

// known takes over what an apply makes known: a planned value stays as it is planned.
func (m *model) known(st *modelarts.Storage) {
	m.ID = types.StringValue(st.ID)
	if st.Status != "" {
		m.Status = types.StringValue(string(st.Status))
	}
	m.FailureReason = types.StringPointerValue(values.NonEmpty(st.FailureReason))
}

// sentence begins with a capital and ends without a full stop.
func sentence(err error) string {
	text := strings.TrimRight(err.Error(), ". ")
	return strings.ToUpper(text[:1]) + text[1:]
}
