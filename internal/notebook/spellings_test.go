package notebook

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What an answer spells otherwise keeps the spelling of the state; what means
// something else does not.
func TestSpellings(t *testing.T) {
	t.Parallel()
	c := newConverter(t.Context())
	texts := map[string]func(types.String, *string) types.String{"path": keepPath, "category": keepCategory}
	for _, tc := range []struct{ kind, prior, answered, want string }{
		{"path", "obs://b/p/", "obs://b/p", "obs://b/p/"},
		{"path", "obs://b/p", "obs://b/p/", "obs://b/p"},
		{"path", "obs://b/p", "obs://b/P", "obs://b/P"},
		{"category", "obs", "OBSFS", "obs"},
		{"category", "OBSFS", "OBS", "OBSFS"},
		{"category", "efs", "EFS", "efs"},
		{"category", "EVS", "OBS", "OBS"},
	} {
		if got := texts[tc.kind](types.StringValue(tc.prior), &tc.answered).ValueString(); got != tc.want {
			t.Errorf("%s %s is answered %s, and becomes %s", tc.kind, tc.prior, tc.answered, got)
		}
	}
	set := func(list ...string) types.Set {
		elements := make([]attr.Value, len(list))
		for i, text := range list {
			elements[i] = types.StringValue(text)
		}
		return types.SetValueMust(types.StringType, elements)
	}
	prior := set("192.0.2.1", "2001:DB8:0::1", "here")
	for _, tc := range []struct {
		answered []string
		same     bool
	}{
		{[]string{"here", "2001:db8::1/128", "192.0.2.1/32"}, true},
		{[]string{"here", "2001:db8::2", "192.0.2.1"}, false},
		{[]string{"192.0.2.1"}, false},
		{nil, true},
		{[]string{}, false},
	} {
		if got := keepAddresses(c, prior, tc.answered); got.Equal(prior) != tc.same {
			t.Errorf("%v becomes %v", tc.answered, got)
		}
	}
}
