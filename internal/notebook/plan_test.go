package notebook

import (
	"os"
	"strings"
	"testing"
)

// summaries are all that a plan can find, each a row of the table in the
// documentation of the resource.
func summaries() []string {
	all := []string{tooManyTags, ignoredTag, incomplete, noNodes, noShrinking, fixedSize, wouldStop, isProtected, importedOther, neverStops, noLease, leaseTooLong, sshIsOpen, quotaTooSmall, notAuthorized, nameIsTaken, catalogueUnread}
	for _, check := range catalogueChecks {
		all = append(all, check.summary)
	}
	return all
}

// The table of the checks in the documentation names everything that a plan can
// find.
func TestDocsNameEverySummary(t *testing.T) {
	t.Parallel()
	text := documentation(t)
	for _, summary := range summaries() {
		if !strings.Contains(text, "| "+summary+" |") {
			t.Errorf("the table of the checks does not name %q", summary)
		}
	}
}

// The table of changes in the documentation names every argument, on the line of
// what its change does.
func TestDocsNameEveryChange(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(documentation(t), "## What a change does")
	section, _, _ = strings.Cut(section, "##")
	said := map[string]effect{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 {
			continue
		}
		does := inPlace
		switch {
		case strings.Contains(cells[2], "replaces the notebook"):
			does = replaces
		case strings.Contains(cells[2], "stopped and started again, once"):
			does = stops
		}
		for name := range strings.SplitSeq(cells[1], ",") {
			said[strings.TrimSpace(name)] = does
		}
	}
	for _, a := range arguments {
		if a.at.is(atTagsAll) {
			continue // it follows from tags
		}
		name := "`" + a.at.String() + "`"
		if a.at[0] == "volume" && a.effect == replaces {
			name = "`volume` otherwise"
		}
		if does, there := said[name]; !there || does != a.effect {
			t.Errorf("the table of changes does not have %s on the line of what its change does", name)
		}
	}
}

func documentation(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../templates/resources/notebook.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
