package simulator

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// tagPair is a tag, as the service returns it.
type tagPair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// maxTags is how many tags a request can name. That a notebook has a limit is
// not documented.
const maxTags = 20

// sortedTags lists tags by their keys.
func sortedTags(tags map[string]string) []tagPair {
	var list []tagPair
	for key, value := range tags {
		list = append(list, tagPair{key, value})
	}
	slices.SortFunc(list, func(a, b tagPair) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// readTags reads the tags of a request.
func readTags(body *reader) map[string]string {
	tags := map[string]string{}
	body.require("tags")
	for _, r := range body.objects("tags") {
		r.require("key")
		key, value := r.textOr("key", ""), r.textOr("value", "")
		if key != "" && !validTag(key, 128, "_.:=+-@") || strings.HasPrefix(key, "_sys_") || strings.TrimSpace(key) != key {
			r.wrongValue("key", "1 to 128 letters, digits, spaces and _.:=+-@, neither beginning with _sys_ nor beginning or ending with a space")
		}
		if !validTag(value, 255, "_.:=+-@/") {
			r.wrongValue("value", "at most 255 letters, digits, spaces and _.:=+-@/")
		}
		tags[key] = value
	}
	if len(body.objects("tags")) > maxTags {
		body.wrongValue("tags", fmt.Sprintf("there are more than %d", maxTags))
	}
	return tags
}

func validTag(text string, maxLength int, marks string) bool {
	return utf8.RuneCountInString(text) <= maxLength && !strings.ContainsFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != ' ' && !strings.ContainsRune(marks, c)
	})
}

// changeTags serves both operations on the tags of a notebook.
func (s *Simulator) changeTags(c *call, change func(have, named map[string]string)) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	if workspace := s.workspaceOf(c.query); workspace != "" && workspace != n.WorkspaceID {
		return nil, s.notFound(c, false)
	}
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	named := readTags(body)
	if p := body.failure(); p != nil {
		return nil, p
	}
	have := maps.Clone(n.Tags)
	if have == nil {
		have = map[string]string{}
	}
	change(have, named)
	n.Tags = have
	n.touch(c.now)
	return noContent(), nil
}

func (s *Simulator) createNotebookTags(c *call) (*answer, *problem) {
	return s.changeTags(c, func(have, named map[string]string) { maps.Copy(have, named) })
}

func (s *Simulator) deleteNotebookTags(c *call) (*answer, *problem) {
	return s.changeTags(c, func(have, named map[string]string) {
		maps.DeleteFunc(have, func(key, value string) bool {
			namedValue, isNamed := named[key]
			return isNamed && (value == namedValue || s.isB("tags-key-enough"))
		})
	})
}

// tagValues is a key with all the values that it has on notebooks.
type tagValues struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

func (s *Simulator) showNotebookTags(c *call) (*answer, *problem) {
	workspace := s.workspaceOf(c.query)
	values := map[string]map[string]bool{}
	for _, n := range s.notebooks {
		if n.ProjectID != c.path["project_id"] || workspace != "" && workspace != n.WorkspaceID {
			continue
		}
		for key, value := range s.seenTags(n, c.now) {
			if values[key] == nil {
				values[key] = map[string]bool{}
			}
			values[key][value] = true
		}
	}
	list := []tagValues{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, tagValues{key, slices.Sorted(maps.Keys(values[key]))})
	}
	return ok(map[string]any{"tags": list}), nil
}

// seenTags are the tags of a notebook, as answers show them.
func (s *Simulator) seenTags(n *notebook, now time.Time) map[string]string {
	if !s.isB("tags-lag") {
		return n.Tags
	}
	if present := s.byID[n.ID]; present != nil {
		n = present
	}
	if n = n.asOf(now, s.lasts(s.options.Lag)); n == nil {
		return nil
	}
	return n.Tags
}

// workspaceOf is the workspace that a query is about; empty for all of them.
func (s *Simulator) workspaceOf(query url.Values) string {
	if s.isB("workspace-all") {
		return query.Get("workspace_id")
	}
	return cmp.Or(query.Get("workspace_id"), "0")
}
