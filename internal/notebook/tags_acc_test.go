package notebook_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// tagged is a configuration of one notebook with tags, at a provider with more
// arguments.
func tagged(s *acctest.Service, provider, tags string) string {
	return s.Provider(provider) + base.with(arguments{"tags": tags}).resource("test")
}

// holdsTags compares the tags that the service holds.
func holdsTags(t *testing.T, s *acctest.Service, when string, want map[string]string) {
	t.Helper()
	if got := s.Only(t).Tags; !maps.Equal(got, want) {
		t.Errorf("%s the service holds the tags %v, want %v", when, got, want)
	}
}

const ignoring = `ignore_tags = { keys = ["owner"], key_prefixes = ["billing:"] }`

// What others tag a notebook with, and the provider ignores, is no difference, is in
// neither tags nor tags_all, and stays through changes of other tags and through their
// removal.
func TestAccNotebook_ignoredTags(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, tagged(s, `default_tags = { d = "1", e = "1" }`, `{ a = "1", e = "own" }`))
	w.MustRun(t, "apply", "-auto-approve")
	holdsTags(t, s, "after the create", map[string]string{"a": "1", "d": "1", "e": "own"})

	outside := map[string]string{"owner": "kim", "billing:unit": "x", "_sys_scan": "ok"}
	with := func(tags map[string]string) map[string]string { maps.Copy(tags, outside); return tags }
	drift(t, s, simulator.Drift{Tags: with(map[string]string{"a": "1", "d": "1", "e": "own"})})
	defaults := `default_tags = { d = "1", e = "1" }` + "\n  "
	w.Configure(t, tagged(s, defaults+ignoring, `{ a = "1", e = "own" }`))
	w.MustRun(t, "plan", "-detailed-exitcode")

	w.Configure(t, tagged(s, defaults+ignoring, `{ a = "2", b = "1", e = "own" }`))
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan", "-detailed-exitcode")
	holdsTags(t, s, "after a change", with(map[string]string{"a": "2", "b": "1", "d": "1", "e": "own"}))
	if state := w.State(t); strings.Contains(state, "kim") || strings.Contains(state, "billing:") || strings.Contains(state, "_sys_") {
		t.Errorf("the state shows tags that are ignored:\n%s", state)
	}

	// Without the argument what it has set goes, and nothing else; where it has hidden a
	// default tag, that comes back.
	w.Configure(t, tagged(s, defaults+ignoring, ""))
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan", "-detailed-exitcode")
	holdsTags(t, s, "after the removal", with(map[string]string{"d": "1", "e": "1"}))

	// A state that has the tags, since nothing was ignored when it was read, and is not
	// refreshed before the apply.
	w.Configure(t, tagged(s, defaults, `{ owner = "kim", "billing:unit" = "x", a = "1" }`))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, tagged(s, defaults+ignoring, `{ a = "3" }`))
	w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	w.MustRun(t, "plan", "-detailed-exitcode")
	holdsTags(t, s, "after an apply without a refresh", with(map[string]string{"a": "3", "d": "1", "e": "1"}))
	w.MustRun(t, "destroy", "-auto-approve")
}

// A configuration that sets a tag which the provider ignores is an error that names the
// tag, for a new notebook and for one that has it, and stands in the way of no destroy
// without a refresh.
func TestAccNotebook_ignoredTagIsSet(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	const tags = `{ owner = "kim", "billing:unit" = "x", a = "1" }`
	w := acctest.NewWorkspace(t, tagged(s, ignoring, tags))
	refused := func(when string) {
		t.Helper()
		out, err := w.Run(t, "plan")
		if err == nil || !strings.Contains(acctest.Plain(out), `A tag is set that the provider ignores`) ||
			!strings.Contains(acctest.Plain(out), `The tags of notebook "test" set "billing:unit" and "owner", which the provider's ignore_tags exclude.`) {
			t.Errorf("%s: %v\n%s", when, err, out)
		}
	}
	refused("a create")
	w.Configure(t, tagged(s, "", tags))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, tagged(s, ignoring, tags))
	refused("a notebook that has it")
	w.MustRun(t, "destroy", "-auto-approve", "-refresh=false")
}

// An import does not take over what is ignored, and the configuration that Terraform
// generates for it plans nothing.
func TestAccNotebook_ignoredTagsOfAnImport(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, tagged(s, "", `{ a = "1" }`))
	w.MustRun(t, "apply", "-auto-approve")
	held := map[string]string{"a": "1", "owner": "kim", "billing:unit": "x"}
	drift(t, s, simulator.Drift{Tags: held})
	id := s.Only(t).ID
	w.MustRun(t, "state", "rm", address)

	w.Configure(t, s.Provider(ignoring)+"import {\n  to = "+address+"\n  id = "+quote(id)+"\n}\n")
	w.MustRun(t, "plan", "-generate-config-out=generated.tf")
	text, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `a = "1"`) || strings.Contains(string(text), "kim") || strings.Contains(string(text), "billing:") {
		t.Errorf("the generated configuration is\n%s", text)
	}
	w.MustRun(t, "apply", "-auto-approve")
	w.MustRun(t, "plan", "-detailed-exitcode")
	holdsTags(t, s, "after the import", held)
	w.MustRun(t, "destroy", "-auto-approve")
}

// While it is not known which tags are ignored, none that is new is shown or planned to
// go, and the apply, which knows them, leaves them alone.
func TestAccNotebook_ignoredTagsThatAreNotKnown(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, tagged(s, "", `{ a = "1" }`))
	w.MustRun(t, "apply", "-auto-approve")
	drift(t, s, simulator.Drift{Tags: map[string]string{"a": "1", "owner": "kim"}})
	w.Configure(t, "resource \"terraform_data\" \"key\" { input = \"owner\" }\n"+
		tagged(s, `ignore_tags = { keys = [terraform_data.key.output] }`, `{ a = "2" }`))
	out := w.MustRun(t, "apply", "-auto-approve")
	if !strings.Contains(out, "tags_all") || !strings.Contains(out, "-> (known after apply)") || strings.Contains(out, "kim") {
		t.Errorf("Terraform printed\n%s", out)
	}
	holdsTags(t, s, "after the apply", map[string]string{"a": "2", "owner": "kim"})
	w.MustRun(t, "plan", "-detailed-exitcode")
	w.MustRun(t, "destroy", "-auto-approve")
}

// Data sources show no tag that is ignored, and find notebooks by it.
func TestAccNotebook_ignoredTagsOfDataSources(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	w := acctest.NewWorkspace(t, tagged(s, "", `{ a = "1" }`))
	w.MustRun(t, "apply", "-auto-approve")
	drift(t, s, simulator.Drift{Tags: map[string]string{"a": "1", "owner": "kim"}})
	w.Configure(t, tagged(s, ignoring, `{ a = "1" }`)+`
data "modelarts_notebook" "test" { id = modelarts_notebook.test.id }
data "modelarts_notebooks" "test" { tags = { owner = "kim" } }
output "tags" {
  value = [data.modelarts_notebook.test.tags_all, data.modelarts_notebook.test.tags, data.modelarts_notebooks.test.notebooks[0].tags_all]
}
`)
	w.MustRun(t, "apply", "-auto-approve")
	if out := strings.Join(strings.Fields(w.MustRun(t, "output", "-json", "tags")), ""); out != `[{"a":"1"},{"a":"1"},{"a":"1"}]` {
		t.Errorf("the data sources show %s", out)
	}
	w.MustRun(t, "destroy", "-auto-approve")
}
