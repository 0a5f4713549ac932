package notebook_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var update = flag.Bool("update", false, "write the guides that tests check")

const guide = "../../templates/guides/what-a-change-does.md"

const guideHead = `---
page_title: "What a change does"
description: |-
  What terraform plan shows for each kind of change of a notebook.
---

<!-- Written by "go test ./internal/notebook -run TestAccGuide -update"; the same test fails when the provider's words are others. -->

# What a change does

What ` + "`terraform plan`" + ` shows for changes of one running notebook:

`

const guideConfig = `resource "modelarts_notebook" "test" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
    capacity = 20
  }
}
`

var (
	anyUUID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	anyTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
)

// The guide holds what Terraform really prints.
func TestAccGuide_whatAChangeDoes(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	notebook := arguments{
		"name": `"training"`, "flavor": quote(acctest.Flavor), "image_id": quote(acctest.Image), "volume": `{ category = "EVS", capacity = 20 }`,
	}
	w := acctest.NewWorkspace(t, config(s, notebook))
	w.MustRun(t, "apply", "-auto-approve")
	id := s.Only(t).ID

	consent := arguments{"allow_stopping_for_update": "true"}
	protected := notebook.with(arguments{"deletion_protection": "true"})
	var table, plans strings.Builder
	table.WriteString("| Change | What the plan says |\n|---|---|\n")
	for _, tc := range []struct {
		title string
		setUp arguments // applied before; nil: the notebook as it is
		then  arguments
		args  []string
		said  string // for the table, and to be found in what is printed
		how   string
	}{
		{"Another name", nil, notebook.with(arguments{"name": `"trained"`}), []string{"plan"}, "1 to change", "in place; nothing stops"},
		{"A tag", nil, notebook.with(arguments{"tags": `{ team = "vision" }`}), []string{"plan"}, "1 to change", "in place; nothing stops"},
		{"A lease", nil, notebook.with(arguments{"lease": `{ duration = "8h" }`}), []string{"plan"}, "1 to change", "in place; the lease is renewed"},
		{"A larger disk", nil, notebook.with(arguments{"volume": `{ category = "EVS", capacity = 50 }`}), []string{"plan"}, "1 to change", "in place; the notebook goes on running"},
		{"A smaller disk", nil, notebook.with(arguments{"volume": `{ category = "EVS", capacity = 10 }`}), []string{"plan"}, "A disk cannot shrink", "an error"},
		{"Another flavor, without consent", nil, notebook.with(arguments{"flavor": quote(acctest.LargerFlavor)}), []string{"plan"}, "The notebook would have to be stopped", "an error"},
		{"Another flavor, with consent", nil, notebook.with(consent).with(arguments{"flavor": quote(acctest.LargerFlavor)}), []string{"plan"}, `Notebook "training" will be stopped and started`, "in place, with one stop and one start"},
		{"Another image, with consent", nil, notebook.with(consent).with(arguments{"image_id": quote(acctest.OtherImage)}), []string{"plan"}, `Notebook "training" will be stopped and started`, "in place, with one stop and one start"},
		{"Another category of storage", nil, notebook.with(arguments{"volume": `{ category = "EFS" }`}), []string{"plan"}, `Notebook "training" will be replaced`, "a new notebook; the old one's storage is deleted"},
		{"Stopping it", nil, notebook.with(arguments{"desired_status": `"STOPPED"`}), []string{"plan"}, `Notebook "training" will be stopped`, "one stop"},
		{"A destroy", nil, notebook, []string{"plan", "-destroy"}, `Notebook "training" will be deleted with its storage`, "the managed storage goes too"},
		{"A destroy under protection", protected, protected, []string{"plan", "-destroy"}, "The notebook is protected", "an error"},
	} {
		if tc.setUp != nil {
			w.Configure(t, config(s, tc.setUp))
			w.MustRun(t, "apply", "-auto-approve")
		}
		w.Configure(t, config(s, tc.then))
		out, _ := w.Run(t, tc.args...)
		if !strings.Contains(acctest.Plain(out), tc.said) {
			t.Errorf("%s: Terraform printed\n%s\nwithout: %s", tc.title, out, tc.said)
		}
		fmt.Fprintf(&table, "| [%s](#%s) | %s: %s |\n", tc.title, strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(tc.title, ",", "")), " ", "-"), tc.how, tc.said)
		fmt.Fprintf(&plans, "\n## %s\n\n```text\n%s\n```\n", tc.title, shown(out, id))
	}
	w.Configure(t, config(s, notebook))
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "destroy", "-auto-approve")

	text := guideHead + "```terraform\n" + guideConfig + "```\n\n" + table.String() + plans.String()
	if *update {
		if err := os.WriteFile(guide, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	written, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != text {
		t.Errorf("%s does not show what Terraform prints; write it with -update. It would be:\n%s", guide, text)
	}
}

// shown is the part of Terraform's output that tells of the change, without what
// differs from run to run.
func shown(out, id string) string {
	for _, start := range []string{"Terraform will perform the following actions:\n", "Error: "} {
		if i := strings.Index(out, start); i >= 0 {
			out = strings.TrimPrefix(out[i:], start)
			if start == "Error: " {
				out = start + out
			}
			break
		}
	}
	if i := strings.Index(out, "─────"); i >= 0 {
		// Terraform's closing remark stands between the plan and the warnings.
		if j := strings.Index(out[i:], "Warning: "); j >= 0 {
			out = out[:i] + out[i+j:]
		} else {
			out = out[:i]
		}
	}
	out = strings.Split(out, "\n─────")[0]
	out = strings.ReplaceAll(out, id, "ID")
	out = anyTime.ReplaceAllString(out, "2026-01-01T00:00:00Z")
	out = anyUUID.ReplaceAllStringFunc(out, func(u string) string {
		if u == acctest.Image || u == acctest.OtherImage {
			return u
		}
		return "ID"
	})
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var kept []string
	for _, l := range lines {
		l = strings.TrimRight(l, " ")
		if strings.HasPrefix(l, "  with modelarts_notebook.") {
			l = strings.TrimSuffix(l, ",")
		}
		if strings.HasPrefix(strings.TrimSpace(l), "on main.tf line ") || regexp.MustCompile(`^\s*\d+: `).MatchString(l) {
			continue
		}
		kept = append(kept, l)
	}
	return regexp.MustCompile(`\n{3,}`).ReplaceAllString(strings.Join(kept, "\n"), "\n\n")
}
