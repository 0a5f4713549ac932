package notebook

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
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

// Each row knows in which spellings its values mean the same, and holds what means
// something else for a change.
func TestSpellingsOfRows(t *testing.T) {
	t.Parallel()
	hook := func(mode string) attributes {
		return attributes{"pre_start": attributes{"path": "/p", "mode": mode}}
	}
	operator := func(text string) attributes {
		return attributes{"required": []any{attributes{"key": "k", "operator": text}}}
	}
	endpoint := func(service string) attributes {
		return attributes{service: attributes{"key_pair_names": []any{"k"}}}
	}
	volume := func(at, category string) attributes {
		return attributes{at: attributes{"category": category, "uri": "obs://b/p/"}}
	}
	spelled := map[string]struct{ was, same, other any }{
		"feature":               {"NOTEBOOK", "Notebook", "DEFAULT"},
		"user_vpc":              {attributes{"vpc_id": "v"}, attributes{"vpc_id": "v"}, attributes{"vpc_id": "V"}},
		"volume.category":       {"EVS", "evs", "EFS"},
		"volume.ownership":      {"MANAGED", "managed", "DEDICATED"},
		"volume.id":             {"0c0a3bd2", "0C0A3BD2", "0c0a3bd3"},
		"custom_spec":           {attributes{"arch": "X86_64", "category": "CPU"}, attributes{"arch": "x86_64", "category": "cpu"}, attributes{"arch": "AARCH64", "category": "CPU"}},
		"image_id":              {"e1a07296", "E1A07296", "e1a07297"},
		"data_volumes":          {volume("/data/a/", "OBSFS"), volume("/data/a", "obsfs"), volume("/data/b/", "OBSFS")},
		"endpoints":             {endpoint("SSH"), endpoint("ssh"), endpoint("OTHER")},
		"hooks":                 {hook("ONCE"), hook("once"), hook("EVERY_START")},
		"affinity":              {operator("In"), operator("IN"), operator("NotIn")},
		"public_network_config": {attributes{"public_network_type": "ENABLE"}, attributes{"public_network_type": "enable"}, attributes{"public_network_type": "DISABLE"}},
		"lease":                 {attributes{"type": "TIMING", "duration": "2h"}, attributes{"type": "timing", "duration": "120m"}, attributes{"type": "TIMING", "duration": "3h"}},
		"tags":                  {attributes{"a": "1"}, attributes{"a": "1"}, attributes{"A": "1"}},
	}
	base := resourceValue(t, existing())
	for _, a := range arguments {
		name := a.at.String()
		v, there := spelled[name]
		if there != (a.spelling != nil) {
			t.Errorf("%s has spellings: %t, and there are values of them: %t", name, a.spelling != nil, there)
			continue
		}
		if !there {
			continue
		}
		value := func(member any) values.Value { return with(t, base, name, member).At(a.at...) }
		was := value(v.was)
		if got := a.spelling(was, value(v.same)); !values.Equal(got, was) {
			t.Errorf("%s: %v becomes %s", name, v.same, got.Value)
		}
		if got := a.spelling(was, value(v.other)); !values.Equal(got, value(v.other)) {
			t.Errorf("%s: %v becomes %s", name, v.other, got.Value)
		}
	}
}
