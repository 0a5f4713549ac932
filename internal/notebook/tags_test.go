package notebook

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// mapOf is a map out of "a=1 b=2"; "null" and "unknown" are those.
func mapOf(text string) types.Map {
	switch text {
	case "null":
		return types.MapNull(types.StringType)
	case "unknown":
		return types.MapUnknown(types.StringType)
	}
	elements := make(map[string]string)
	for pair := range strings.FieldsSeq(text) {
		key, value, _ := strings.Cut(pair, "=")
		elements[key] = value
	}
	m, _ := types.MapValueFrom(context.Background(), types.StringType, elements)
	return m
}

// The tags of an answer become tags and tags_all; those that the provider ignores are in
// neither, whether they were in the state before or not.
func TestTagsFromAPI(t *testing.T) {
	t.Parallel()
	ignoring := settings.IgnoredTags{Keys: []string{"owner"}, Prefixes: []string{"bill:"}}
	later := settings.IgnoredTags{Keys: []string{"owner"}, Later: true}
	for name, tc := range map[string]struct {
		policy            settings.Policy
		tags, all         string // before
		answered          string // "-": the answer has no tags
		wantTags, wantAll string
	}{
		"none are ignored":         {tags: "null", all: "", answered: "owner=kim", wantTags: "owner=kim", wantAll: "owner=kim"},
		"a key":                    {policy: settings.Policy{IgnoredTags: ignoring}, tags: "a=1", all: "a=1", answered: "a=1 owner=kim owner2=x Owner=y", wantTags: "a=1 owner2=x Owner=y", wantAll: "a=1 owner2=x Owner=y"},
		"a prefix":                 {policy: settings.Policy{IgnoredTags: ignoring}, tags: "a=1", all: "a=1", answered: "a=1 bill:x=1 bill:=2 bill=3", wantTags: "a=1 bill=3", wantAll: "a=1 bill=3"},
		"nothing else":             {policy: settings.Policy{IgnoredTags: ignoring}, tags: "null", all: "", answered: "owner=kim _sys_a=1", wantTags: "null", wantAll: ""},
		"{} stays {}":              {policy: settings.Policy{IgnoredTags: ignoring}, tags: "", all: "", answered: "owner=kim", wantTags: "", wantAll: ""},
		"one that was there":       {policy: settings.Policy{IgnoredTags: ignoring}, tags: "a=1 owner=kim", all: "a=1 owner=kim", answered: "a=1 owner=kim", wantTags: "a=1", wantAll: "a=1"},
		"one that was there alone": {policy: settings.Policy{IgnoredTags: ignoring}, tags: "owner=kim", all: "owner=kim", answered: "owner=kim", wantTags: "", wantAll: ""},
		"no tags in the answer":    {policy: settings.Policy{IgnoredTags: ignoring}, tags: "a=1 owner=kim", all: "a=1 bill:x=1 owner=kim", answered: "-", wantTags: "a=1", wantAll: "a=1"},
		"no tags at all":           {policy: settings.Policy{IgnoredTags: ignoring}, tags: "null", all: "null", answered: "-", wantTags: "null", wantAll: ""},
		"an import":                {policy: settings.Policy{IgnoredTags: ignoring}, tags: "null", all: "null", answered: "a=1 owner=kim", wantTags: "a=1", wantAll: "a=1"},
		"a create":                 {policy: settings.Policy{IgnoredTags: ignoring}, tags: "a=1", all: "unknown", answered: "a=1 owner=kim", wantTags: "a=1", wantAll: "a=1"},
		"a default":                {policy: settings.Policy{IgnoredTags: ignoring, DefaultTags: map[string]string{"d": "1"}}, tags: "null", all: "d=1", answered: "d=1 owner=kim", wantTags: "null", wantAll: "d=1"},
		"one's own and a default":  {policy: settings.Policy{DefaultTags: map[string]string{"d": "1"}}, tags: "d=1", all: "d=1", answered: "d=1", wantTags: "d=1", wantAll: "d=1"},
		// What is ignored is not known: what was not there before is left alone.
		"later":                 {policy: settings.Policy{IgnoredTags: later}, tags: "a=1", all: "a=1 d=1", answered: "a=2 d=1 stray=1", wantTags: "a=2 d=1", wantAll: "a=2 d=1"},
		"later, one is known":   {policy: settings.Policy{IgnoredTags: later}, tags: "owner=kim", all: "owner=kim", answered: "owner=kim", wantTags: "", wantAll: ""},
		"later, an import":      {policy: settings.Policy{IgnoredTags: later}, tags: "null", all: "null", answered: "a=1 owner=kim", wantTags: "a=1", wantAll: "a=1"},
		"later, no tags at all": {policy: settings.Policy{IgnoredTags: later}, tags: "null", all: "", answered: "stray=1", wantTags: "null", wantAll: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m model
			m.Tags, m.TagsAll = mapOf(tc.tags), mapOf(tc.all)
			var answered []modelarts.Tag
			if tc.answered != "-" {
				answered = []modelarts.Tag{}
				for pair := range strings.FieldsSeq(tc.answered) {
					key, value, _ := strings.Cut(pair, "=")
					answered = append(answered, modelarts.Tag{Key: key, Value: &value})
				}
			}
			c := newConverter(t.Context())
			m.tagsFromAPI(c, answered, settings.New(tc.policy, nil))
			must(t, c.Diagnostics)
			if !m.Tags.Equal(mapOf(tc.wantTags)) || !m.TagsAll.Equal(mapOf(tc.wantAll)) {
				t.Errorf("tags are %s, want %s; tags_all is %s, want %s", m.Tags, tc.wantTags, m.TagsAll, tc.wantAll)
			}
		})
	}
}

// A change of tags sets and removes what differs, and nothing that the provider
// ignores.
func TestChangesOfTags(t *testing.T) {
	t.Parallel()
	ignoring := settings.IgnoredTags{Keys: []string{"owner"}, Prefixes: []string{"bill:"}}
	for name, tc := range map[string]struct {
		ignored     settings.IgnoredTags
		from, to    string
		set, remove string
	}{
		"the same":                    {from: "a=1", to: "a=1"},
		"one more, one less":          {from: "a=1 b=2", to: "b=3 c=4", set: "b=3 c=4", remove: "a=1"},
		"all":                         {from: "a=1 b=2", to: "", remove: "a=1 b=2"},
		"of a new notebook":           {from: "null", to: "a=1", set: "a=1"},
		"to what is not known":        {from: "a=1", to: "unknown"},
		"an ignored one stays":        {ignored: ignoring, from: "a=1 owner=kim bill:x=1", to: "", remove: "a=1"},
		"an ignored one is not set":   {ignored: ignoring, from: "", to: "a=1 owner=kim bill:x=1", set: "a=1"},
		"an ignored one keeps":        {ignored: ignoring, from: "owner=kim", to: "owner=lee"},
		"one that begins otherwise":   {ignored: ignoring, from: "owners=x Bill:x=1", to: "", remove: "Bill:x=1 owners=x"},
		"an ignored one that is left": {ignored: ignoring, from: "owner=kim a=1", to: "a=2", set: "a=2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConverter(t.Context())
			set, remove := toTags(c, mapOf(tc.from), mapOf(tc.to), settings.New(settings.Policy{IgnoredTags: tc.ignored}, nil))
			must(t, c.Diagnostics)
			text := func(tags []modelarts.Tag) string {
				var words []string
				for _, tag := range tags {
					words = append(words, fmt.Sprintf("%s=%s", tag.Key, *tag.Value))
				}
				return strings.Join(words, " ")
			}
			if text(set) != tc.set || text(remove) != tc.remove {
				t.Errorf("set %q, want %q; remove %q, want %q", text(set), tc.set, text(remove), tc.remove)
			}
		})
	}
}
