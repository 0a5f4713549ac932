// Command changelog checks the fragments in .changelog, which are the changes that are not
// released, and prints the section of CHANGELOG.md that they make. With a version it writes
// that section into CHANGELOG.md, and deletes the fragments.
//
//	go -C tools run ./changelog .. [VERSION]
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// kinds are the last parts of the names of fragments, and the headings of a section in their order.
var kinds = []struct{ name, heading string }{
	{"breaking", "Breaking changes"},
	{"security", "Security"},
	{"added", "Added"},
	{"changed", "Changed"},
	{"fixed", "Fixed"},
}

var (
	fragmentName = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)*\.(breaking|security|added|changed|fixed)\.md$`)
	versionText  = regexp.MustCompile(`^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$`)
	codeSpan     = regexp.MustCompile("`[^`]+`")
)

// fragments are the changes that are not released.
type fragments struct {
	byKind map[string][]string // paragraphs, in the order of the names of their files
	files  []string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("usage: changelog FOLDER [VERSION]")
	}
	unreleased, err := read(filepath.Join(args[0], ".changelog"))
	if err != nil {
		return err
	}
	if len(args) == 1 {
		fmt.Print(unreleased.section("Unreleased"))
		return nil
	}
	return unreleased.release(filepath.Join(args[0], "CHANGELOG.md"), args[1], time.Now())
}

// read reads and checks the fragments of a folder. The README.md there is not a fragment. The
// error has a line for each fault of each fragment.
func read(folder string) (fragments, error) {
	found := fragments{byKind: map[string][]string{}}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return found, err
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(words(a.Name()), words(b.Name())) })
	var faults []error
	for _, entry := range entries {
		if entry.Name() == "README.md" {
			continue
		}
		file := filepath.Join(folder, entry.Name())
		text, err := os.ReadFile(file)
		if err != nil {
			return found, err
		}
		paragraph := strings.TrimSpace(string(text))
		for _, fault := range faultsOf(entry.Name(), paragraph) {
			faults = append(faults, fmt.Errorf(".changelog/%s: %s", entry.Name(), fault))
		}
		if kind := fragmentName.FindStringSubmatch(entry.Name()); kind != nil {
			found.byKind[kind[1]] = append(found.byKind[kind[1]], strings.Join(strings.Fields(paragraph), " "))
			found.files = append(found.files, file)
		}
	}
	return found, errors.Join(faults...)
}

// words are the name of a fragment without its kind: "notebook" comes before "notebook-lease".
func words(name string) string {
	before, _, _ := strings.Cut(name, ".")
	return before
}

// faultsOf says what is wrong with a fragment. Without a fault it is empty.
func faultsOf(name, paragraph string) (faults []string) {
	if !fragmentName.MatchString(name) {
		faults = append(faults, "its name must be words-of-the-change.KIND.md, where KIND is breaking, security, added, changed or fixed")
	}
	if strings.Contains(paragraph, "\n\n") || strings.HasPrefix(paragraph, "- ") || strings.HasPrefix(paragraph, "#") {
		faults = append(faults, "it must be one paragraph, without a heading or a list")
	}
	if !strings.HasSuffix(paragraph, ".") {
		faults = append(faults, "it must end with a full stop")
	}
	if !codeSpan.MatchString(paragraph) {
		faults = append(faults, "it must name what changes, such as an argument, a resource, a variable or a command, in backticks")
	}
	return faults
}

// section is the part of CHANGELOG.md with a heading.
func (f fragments) section(heading string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "## %s\n", heading)
	for _, kind := range kinds {
		if len(f.byKind[kind.name]) > 0 {
			fmt.Fprintf(&text, "\n### %s\n\n- %s\n", kind.heading, strings.Join(f.byKind[kind.name], "\n- "))
		}
	}
	return text.String()
}

// release writes the section of a version before those of earlier versions, and deletes the fragments.
func (f fragments) release(changelog, version string, day time.Time) error {
	if !versionText.MatchString(version) {
		return fmt.Errorf("%q is not a version such as 0.1.0", version)
	}
	if len(f.files) == 0 {
		return errors.New("there are no fragments: nothing has changed since the last release")
	}
	before, err := os.ReadFile(changelog)
	if err != nil {
		return err
	}
	if strings.Contains(string(before), "\n## "+version+" ") {
		return fmt.Errorf("%s has a section of %s already", changelog, version)
	}
	head, earlier, released := strings.Cut(string(before), "\n## ")
	text := strings.TrimSpace(head) + "\n\n" + f.section(version+" ("+day.UTC().Format(time.DateOnly)+")")
	if released {
		text += "\n## " + earlier
	}
	if err := os.WriteFile(changelog, []byte(text), 0o600); err != nil {
		return err
	}
	for _, file := range f.files {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}
