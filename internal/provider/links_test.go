package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	headingLine  = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInAnchor  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are the names by which links reach the headings of a page, and those that it sets itself.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, heading := range headingLine.FindAllStringSubmatch(page, -1) {
		all[strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading[1]), ""), " ", "-")] = true
	}
	for _, id := range regexp.MustCompile(`<a id="([^"]+)">`).FindAllStringSubmatch(page, -1) {
		all[id[1]] = true
	}
	return all
}

// Each link from a page to another one, or to a heading, has a target. In the registry a
// page can be named without its extension.
func TestLinksHaveTargets(t *testing.T) {
	t.Parallel()
	pages := TextsOf(t, "docs", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".changelog")
	links := 0
	for page, text := range pages {
		for _, found := range markdownLink.FindAllStringSubmatch(text, -1) {
			to, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(to, "://") {
				continue
			}
			links++
			target := page
			if to != "" {
				target = filepath.Join(filepath.Dir(page), to)
				if _, is := pages[target+".md"]; is {
					target += ".md"
				}
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link %s: %v", page, found[1], err)
				continue
			}
			if other, is := pages[target]; is && anchor != "" && !anchors(other)[anchor] {
				t.Errorf("%s: the link %s: there is no such heading", page, found[1])
			}
		}
	}
	if len(pages) < 20 || links < 100 {
		t.Errorf("there are %d links on %d pages", links, len(pages))
	}
}
