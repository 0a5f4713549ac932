package notebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// The tags of a notebook are its own, the provider's default_tags, those that the
// provider ignores, and the service's, which begin with _sys_. The first two are in
// tags_all and are managed; the others are neither shown nor touched. See
// design/0032-ignored-tags-and-moves.md.

// ignoresTag reports whether the provider is known to ignore the tag of a key.
func ignoresTag(s *settings.Settings, key string) bool { return s != nil && s.IgnoredTags.Has(key) }

// tagsFromAPI reads the tags of an answer; nil: it has none, which says nothing.
func (m *model) tagsFromAPI(c *values.Converter, answered []modelarts.Tag, s *settings.Settings) {
	first := m.TagsAll.IsNull() || m.TagsAll.IsUnknown()
	before := values.Elements[map[string]types.String](c, m.TagsAll)
	hidden := func(key string) bool {
		// While it is not known what is ignored, what was not there before is.
		_, known := before[key]
		return strings.HasPrefix(key, systemTagPrefix) || ignoresTag(s, key) || s.IgnoredTags.Later && !first && !known
	}
	if answered == nil {
		if first {
			m.TagsAll = c.MapOf("tags_all", map[string]string{})
		}
		m.TagsAll, m.Tags = withoutKeys(m.TagsAll, hidden), withoutKeys(m.Tags, hidden)
		return
	}
	prior, defaults := values.Elements[map[string]types.String](c, m.Tags), m.defaultTags(s)
	all, own := map[string]string{}, map[string]string{}
	for _, tag := range answered {
		if hidden(tag.Key) {
			continue
		}
		value := values.Deref(values.String(values.Keep(before[tag.Key], tag.Value)))
		all[tag.Key] = value
		_, asked := prior[tag.Key]
		if d, isDefault := defaults[tag.Key]; asked || !isDefault || d != value {
			own[tag.Key] = value
		}
	}
	m.TagsAll = c.MapOf("tags_all", all)
	if len(own) == 0 && len(prior) == 0 {
		if m.Tags.IsUnknown() {
			m.Tags = types.MapNull(types.StringType)
		}
		return // null stays null, and {} stays {}
	}
	m.Tags = c.MapOf("tags", own)
}

// withoutKeys is a map without some of its elements. One that is null or unknown stays
// so.
func withoutKeys(m types.Map, hidden func(key string) bool) types.Map {
	elements := m.Elements() // a copy
	maps.DeleteFunc(elements, func(key string, _ attr.Value) bool { return hidden(key) })
	if m.IsNull() || m.IsUnknown() || len(elements) == len(m.Elements()) {
		return m
	}
	return types.MapValueMust(types.StringType, elements)
}

// defaultTags are the provider's default_tags; while they are not known, those that the
// notebook had when it was last read: of all its tags those that are not its own.
func (m *model) defaultTags(s *settings.Settings) map[string]string {
	if !s.DefaultTagsLater {
		return s.DefaultTags
	}
	defaults := map[string]string{}
	own := m.Tags.Elements()
	for key, v := range m.TagsAll.Elements() {
		if text, ok := v.(types.String); ok && own[key] == nil {
			defaults[key] = text.ValueString()
		}
	}
	return defaults
}

// toTags are the tags to set, and those to remove with their old values, to get from one set of tags
// to another.
//
// Where the tags to get to are not known even in the apply, as default_tags may be, there
// are none to set and none to remove. A tag that the provider ignores is neither.
func toTags(c *values.Converter, from, to types.Map, s *settings.Settings) (set, remove []modelarts.Tag) {
	if to.IsUnknown() {
		return nil, nil
	}
	old, now := values.Elements[map[string]types.String](c, from), values.Elements[map[string]string](c, to)
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if was, there := old[key]; !ignoresTag(s, key) && (!there || was.ValueString() != now[key]) {
			v := now[key]
			set = append(set, modelarts.Tag{Key: key, Value: &v})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(old)) {
		if _, stays := now[key]; !stays && !ignoresTag(s, key) {
			was := old[key].ValueString()
			remove = append(remove, modelarts.Tag{Key: key, Value: &was})
		}
	}
	return set, remove
}

// allTags are the provider's default_tags under the notebook's own; unknown where
// one of the two is.
func (v *view) allTags() values.Value {
	own := v.plan.At(atTags...)
	t := v.plan.At(atTagsAll...).Type()
	if !own.IsKnown() || v.settings == nil || v.settings.DefaultTagsLater || v.settings.IgnoredTags.Later || v.settings.Home().Unready != nil {
		return values.Of(tftypes.NewValue(t, tftypes.UnknownValue))
	}
	all := make(map[string]tftypes.Value)
	for key, tag := range v.settings.DefaultTags {
		all[key] = tftypes.NewValue(tftypes.String, tag)
	}
	maps.Copy(all, raw(own.Elements()))
	return values.Of(tftypes.NewValue(t, all))
}

// whole is a map of tags that is unknown as a whole where one value is: a plan shows
// what the apply sets, or that it is not known.
func whole(tags values.Value) values.Value {
	if tags.IsFullyKnown() {
		return tags
	}
	return values.Of(tftypes.NewValue(tags.Type(), tftypes.UnknownValue))
}

func raw(elements map[string]values.Value) map[string]tftypes.Value {
	members := make(map[string]tftypes.Value, len(elements))
	for key, v := range elements {
		members[key] = v.Value
	}
	return members
}

// tagsKept reports whether the notebook has its own tags, the defaults and no
// others.
func (v *view) tagsKept() bool {
	all := v.allTags()
	return values.Equal(whole(all), v.plan.At(atTagsAll...)) && len(all.Keys()) <= maxTags
}

// tags plans tags_all.
func (p *planner) tags() {
	all := p.allTags()
	p.set(atTagsAll, whole(all).Value)
	if n := len(all.Keys()); n > maxTags {
		detail := fmt.Sprintf("With the provider's default_tags the notebook has %d tags, and the service takes %d at most.", n, maxTags)
		if p.elsewhere(atTags) {
			p.warnAt(atTags, fmt.Sprintf("%s (notebook %q)", tooManyTags, p.name()), "%s", detail)
			return
		}
		p.refuse(atTags, tooManyTags, "%s", detail)
	}
}

// ignoredButSet are the keys of the configured tags that the provider ignores.
func (v *view) ignoredButSet() []string {
	var keys []string
	for _, key := range v.config.At(atTags...).Keys() {
		if ignoresTag(v.settings, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (v *view) setsNoIgnoredTag() bool { return len(v.ignoredButSet()) == 0 }

// refuseIgnoredTags refuses to set what the provider is told to leave alone.
func (p *planner) refuseIgnoredTags() {
	quoted := p.ignoredButSet()
	if len(quoted) == 0 {
		return
	}
	for i, key := range quoted {
		quoted[i] = fmt.Sprintf("%q", key)
	}
	p.refuse(atTags, ignoredTag, "The tags of notebook %q set %s, which the provider's ignore_tags exclude. "+
		"Remove it from tags or from ignore_tags.", p.name(), diagnostics.Enumerate(quoted, ""))
}
