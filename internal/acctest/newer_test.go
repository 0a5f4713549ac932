package acctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The installed Terraform is taken where it has list resources, else the one that
// was built, else none.
func TestNewer(t *testing.T) { // not parallel: a fork elsewhere holds a program open that is being written
	script, err := os.ReadFile("../../tools/newer-terraform.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ installed, built, want string }{
		{"1.15.9", "1.15.9", "installed"},
		{"1.14.0", "1.15.9", "installed"},
		{"1.17.0-alpha20261101", "1.15.9", "installed"},
		{"2.0.0", "1.15.9", "installed"},
		{"1.13.5", "1.15.9", "built"},
		{"1.9.8", "1.15.9", "built"},
		{"0.15.0", "1.15.9", "built"},
		{"1.16.1", "1.15.9", "built"}, // does not take import blocks
		{"1.16.3", "1.15.9", "installed"},
		{"", "1.15.9", "built"},
		{"1.11.4", "", ""},
		{"", "", ""},
	} {
		t.Run(tc.installed+" and "+tc.built, func(t *testing.T) {
			root := t.TempDir()
			program(t, filepath.Join(root, "tools", "newer-terraform.sh"), string(script))
			for folder, version := range map[string]string{"path": tc.installed, ".tools/bin": tc.built} {
				answer := "exit 1"
				if version != "" {
					answer = fmt.Sprintf(`printf '{\n  "terraform_version": %q,\n  "platform": "linux_amd64"\n}\n'`, version)
				}
				program(t, filepath.Join(root, folder, "terraform"), "#!/bin/sh\n"+answer+"\n")
			}
			cmd := exec.Command(filepath.Join(root, "tools", "newer-terraform.sh"))
			cmd.Env = []string{"PATH=" + filepath.Join(root, "path") + ":" + os.Getenv("PATH")}
			out, err := cmd.Output()
			folder := map[string]string{"installed": "path", "built": ".tools/bin"}[tc.want]
			if want := filepath.Join(root, folder, "terraform"); folder != "" && strings.TrimSpace(string(out)) != want {
				t.Errorf("got %q (%v), want %s", out, err, want)
			}
			if folder == "" && (err == nil || len(out) > 0) {
				t.Errorf("got %q (%v), want none", out, err)
			}
		})
	}
}

// program writes a file that can be executed.
func program(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}
