package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// repository is a folder with fragments and, unless it is empty, a CHANGELOG.md.
func repository(t *testing.T, changelog string, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, ".changelog"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(".changelog/README.md", "Not a fragment")
	for name, text := range files {
		write(".changelog/"+name, text)
	}
	if changelog != "" {
		write("CHANGELOG.md", changelog)
	}
	return folder
}

// changes are fragments of each kind.
var changes = map[string]string{
	"tags-of-images.fixed.md":   "Changes of `tags` are\nsent once.\n",
	"a-new-argument.added.md":   "The argument `note` of `modelarts_notebook`.\n",
	"a-new.added.md":            "`lease` may be null.\n",
	"secrets.security.md":       "No log has `token`.\n",
	"words.changed.md":          "`name` is shorter.\n",
	"old-terraform.breaking.md": "`terraform` 0.15 is too old.\n",
}

func TestFragmentsAreChecked(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"good.added.md", "`x` is new.\n", ""},
		{"wrapped-line.security.md", "`x` is\nnew.\n", ""},
		{"no-kind.md", "`x` is new.\n", "its name must be"},
		{"unknown.new.md", "`x` is new.\n", "its name must be"},
		{"Upper.added.md", "`x` is new.\n", "its name must be"},
		{"two.added.md", "`x` is new.\n\n`y` is new.\n", "one paragraph"},
		{"list.added.md", "- `x` is new.\n", "one paragraph"},
		{"stop.added.md", "`x` is new\n", "full stop"},
		{"empty.added.md", "\n", "full stop"},
		{"span.added.md", "Something is new.\n", "in backticks"},
	} {
		_, err := read(filepath.Join(repository(t, "", map[string]string{test.name: test.text}), ".changelog"))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), ".changelog/"+test.name+": ") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %q", test.name, err, test.want)
		}
	}
	if err := run([]string{repository(t, "", map[string]string{"a.x.md": "A.", "b.added.md": "B"})}); err == nil || len(strings.Split(err.Error(), "\n")) != 4 {
		t.Errorf("the faults are\n%v", err)
	}
}

func TestRelease(t *testing.T) {
	const head, earlier = "# Changelog\n\nUnreleased changes are elsewhere.\n", "\n## 0.1.0 (2026-01-02)\n\n### Added\n\n- All.\n"
	const section = "\n## 0.2.0 (2026-03-04)\n\n### Breaking changes\n\n- `terraform` 0.15 is too old.\n\n### Security\n\n- No log has `token`.\n\n### Added\n\n- `lease` may be null.\n- The argument `note` of `modelarts_notebook`.\n\n### Changed\n\n- `name` is shorter.\n\n### Fixed\n\n- Changes of `tags` are sent once.\n"
	day := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for before, want := range map[string]string{head: head + section, head + earlier: head + section + earlier} {
		folder := repository(t, before, changes)
		unreleased, err := read(filepath.Join(folder, ".changelog"))
		if err != nil {
			t.Fatal(err)
		}
		changelog := filepath.Join(folder, "CHANGELOG.md")
		if err := unreleased.release(changelog, "0.2.0", day); err != nil {
			t.Fatal(err)
		}
		if after, err := os.ReadFile(changelog); err != nil || string(after) != want {
			t.Errorf("%v: CHANGELOG.md is\n%s\nwant\n%s", err, after, want)
		}
		if left, err := os.ReadDir(filepath.Join(folder, ".changelog")); err != nil || len(left) != 1 || left[0].Name() != "README.md" {
			t.Errorf("%v: these fragments are left: %v", err, left)
		}
	}
}

func TestReleaseIsRefused(t *testing.T) {
	const changelog = "# Changelog\n\n## 0.2.0 (2026-01-02)\n"
	for _, test := range []struct {
		version, want string
		files         map[string]string
	}{
		{"v0.3.0", "is not a version", changes},
		{"0.2.0", "has a section of 0.2.0", changes},
		{"0.3.0", "no fragments", nil},
		{"0.3.0", "full stop", map[string]string{"a.added.md": "`x`"}},
	} {
		folder := repository(t, changelog, test.files)
		if err := run([]string{folder, test.version}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %q", test.version, err, test.want)
		}
		left, err := os.ReadDir(filepath.Join(folder, ".changelog"))
		if text, read := os.ReadFile(filepath.Join(folder, "CHANGELOG.md")); err != nil || read != nil || string(text) != changelog || len(left) != len(test.files)+1 {
			t.Errorf("%s: a release that was refused wrote something", test.version)
		}
	}
}
