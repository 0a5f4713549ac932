package provider_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const permissionsGuide = "../../templates/guides/permissions.md.tmpl"

var inBackquotes = regexp.MustCompile("`([^`]+)`")

// guideTable reads a table of the guide on permissions: its rows by their first cell, with
// what stands in backquotes and has a colon in the second.
func guideTable(t *testing.T, heading string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(permissionsGuide)
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "\n## "+heading+"\n")
	table, _, _ = strings.Cut(table, "\n## ")
	rows := map[string][]string{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "| \n"), " | ")
		if !strings.HasPrefix(line, "|") || len(cells) < 2 {
			continue
		}
		actions := []string{}
		for _, action := range inBackquotes.FindAllStringSubmatch(cells[1], -1) {
			if strings.Contains(action[1], ":") {
				actions = append(actions, action[1])
			}
		}
		rows[cells[0]] = actions
	}
	if !found || len(rows) < 10 {
		t.Fatalf("the guide has no table below %q", heading)
	}
	return rows
}

// actionsOf are the actions of the operations of the API, as the guide has them.
func actionsOf(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for cell, actions := range guideTable(t, "Actions by operation of the API") {
		for _, operation := range inBackquotes.FindAllStringSubmatch(cell, -1) {
			all[operation[1]] = actions
		}
	}
	return all
}

// needed are the actions of the calls that a service has got, sorted. Those of IAM have none here.
func needed(t *testing.T, s *acctest.Service) []string {
	t.Helper()
	actions, all := actionsOf(t), map[string]bool{}
	for operation := range s.Operations() {
		needs, named := actions[operation]
		if !named && !strings.HasPrefix(operation, "Keystone") {
			t.Errorf("the guide does not name the operation %s", operation)
		}
		for _, action := range needs {
			all[action] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// allowed are the actions for ModelArts of a policy in examples/permissions, sorted.
func allowed(t *testing.T, policy string) []string {
	t.Helper()
	text, err := os.ReadFile("../../examples/permissions/" + policy)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Version   string
		Statement []struct {
			Effect string
			Action []string
		}
	}
	if err := json.Unmarshal(text, &document); err != nil || document.Version != "1.1" {
		t.Fatalf("%s: version %q, %v", policy, document.Version, err)
	}
	var all []string
	for _, statement := range document.Statement {
		if statement.Effect != "Allow" {
			t.Errorf("%s: a statement has the effect %q", policy, statement.Effect)
		}
		for _, action := range statement.Action {
			if own, of := strings.CutPrefix(action, "modelarts:"); of {
				all = append(all, own)
			}
		}
	}
	slices.Sort(all)
	return all
}

// The guide has each operation that the provider calls, and no other.
func TestPermissionsNameEveryOperation(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var client, callers strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		switch folder := filepath.Base(filepath.Dir(file)); {
		case strings.HasSuffix(file, "_test.go"):
		case folder == "modelarts":
			client.Write(text)
		case folder != "live" && folder != "simulator" && folder != "acctest":
			callers.Write(text)
		}
	}
	called := map[string]bool{}
	for _, operation := range regexp.MustCompile(`operation: +"(\w+)"`).FindAllStringSubmatch(client.String(), -1) {
		method := operation[1]
		if method == "GetAuthorizations" {
			method = "ListAuthorizations"
		}
		called[operation[1]] = strings.Contains(callers.String(), "."+method+"(")
	}
	if len(called) < 30 {
		t.Fatalf("the client has %d operations", len(called))
	}
	named := actionsOf(t)
	for operation, is := range called {
		if _, there := named[operation]; there != is {
			t.Errorf("the provider calls %s: %t; the guide names it: %t", operation, is, there)
		}
	}
	for operation := range named {
		if _, there := called[operation]; !there {
			t.Errorf("the guide names %s, which is no operation of the client", operation)
		}
	}
}

const (
	needyNotebook = `
resource "modelarts_notebook" "test" {
  count    = COUNT
  name     = "NAME"
  flavor   = "FLAVOR"
  image_id = "` + acctest.Image + `"
  pool_id  = POOL
  tags     = TAGS
  volume { category = "EVS" }
  lease                     = { duration = "DURATION" }
  desired_status            = STATUS
  allow_stopping_for_update = true
}
`
	needyMount = `
resource "modelarts_notebook_storage" "test" {
  notebook_id    = modelarts_notebook.test[0].id
  category       = "OBSFS"
  uri            = "obs://lake/a/"
  mount_path     = "/data/a/"
  start_notebook = true
}
`
	needyImage = `
resource "modelarts_image" "test" {
  swr_path = "swr.cn-north-4.myhuaweicloud.com/team/vision:1.0.0"
  tags     = LABELS
}
`
	needySaved = `
resource "modelarts_notebook_image" "test" {
  notebook_id = modelarts_notebook.test[0].id
  namespace   = "team"
  name        = "saved"
  tag         = "1.0.0"
}
`
)

// needy does what the rows of the guide say, and compares what it takes.
type needy struct {
	s    *acctest.Service
	w    *acctest.Workspace
	rows map[string][]string
}

// row does something, and holds the actions of its calls to the guide.
func (n needy) row(t *testing.T, name string, do ...func(*testing.T)) {
	t.Helper()
	n.s.ResetRequests()
	for _, step := range do {
		step(t)
	}
	want, there := n.rows[name]
	slices.Sort(want)
	if got := needed(t, n.s); !there || !slices.Equal(got, want) {
		t.Errorf("%s: the calls need %q, the guide has %q", name, got, want)
	}
	delete(n.rows, name)
}

// apply applies a configuration, in which values stand for names in capital letters.
func (n needy) apply(config string, values ...string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		values = append(values, "COUNT", "1", "NAME", "needy", "FLAVOR", acctest.Flavor, "POOL", "null", "TAGS", "null",
			"DURATION", "2h", "STATUS", "null", "LABELS", "null")
		n.w.Configure(t, n.s.Provider("")+strings.NewReplacer(values...).Replace(config))
		n.w.MustRun(t, "apply", "-auto-approve")
	}
}

// plan plans, and then refreshes.
func (n needy) plan(t *testing.T) {
	t.Helper()
	n.w.MustRun(t, "plan")
	n.w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
}

func (n needy) destroy(t *testing.T) {
	t.Helper()
	n.w.MustRun(t, "destroy", "-auto-approve")
}

// brokenImage gives the registered image a wrong status, which the next apply corrects.
func (n needy) brokenImage(t *testing.T) {
	t.Helper()
	status := "ERROR"
	for _, i := range n.s.Images() {
		if i.Name == "vision" {
			if err := n.s.ChangeImage(i.ID, simulator.ImageDrift{Status: &status}); err != nil {
				t.Error(err)
			}
		}
	}
}

// protocol does the rows of ephemeral resources, actions and queries.
func (n needy) protocol(t *testing.T) {
	t.Helper()
	p := n.s.Protocol(t, acctest.Values{"project_id": n.s.Options().ProjectID})
	id := n.s.Only(t).ID
	n.row(t, "ephemeral `modelarts_notebook_access`", func(t *testing.T) {
		t.Helper()
		if _, said := p.Open("modelarts_notebook_access", acctest.Values{"notebook_id": id}); len(said) > 0 {
			t.Error(acctest.Said(said))
		}
	})
	act := func(name string) {
		t.Helper()
		n.row(t, "action `"+name+"`", func(t *testing.T) {
			t.Helper()
			config := acctest.Values{"notebook_id": id}
			if name == "modelarts_notebook_renew_lease" {
				config["lease"] = acctest.Values{"duration": "3h"}
			}
			if _, said := p.Invoke(t.Context(), name, config); len(said) > 0 {
				t.Error(acctest.Said(said))
			}
		})
	}
	act("modelarts_notebook_renew_lease")
	act("modelarts_notebook_stop")
	act("modelarts_notebook_start")
	n.apply(needyNotebook + needyMount)(t)
	act("modelarts_notebook_restart")
	for _, kind := range []string{"modelarts_notebook", "modelarts_notebook_storage", "modelarts_image"} {
		n.row(t, "`terraform query` for `"+kind+"`", func(t *testing.T) {
			t.Helper()
			workspaces := []string{"0"}
			configs := []acctest.Values{{"workspace_ids": workspaces}, {"workspace_ids": workspaces, "all": false}}
			if kind == "modelarts_image" {
				configs = configs[:1]
			}
			for _, config := range configs {
				if rows, said := p.Query(t.Context(), acctest.Query{Type: kind, Config: config, Include: true}); len(said) > 0 || len(rows) == 0 {
					t.Errorf("%d rows, %s", len(rows), acctest.Said(said))
				}
			}
		})
	}
	n.apply(needyNotebook)(t)
}

// data does the rows of data sources, on a notebook that Terraform does not manage.
func (n needy) data(t *testing.T) {
	t.Helper()
	other := needy{n.s, acctest.NewWorkspace(t, ""), nil}
	other.apply(needyNotebook)(t)
	read := func(kind, arguments string) func(*testing.T) {
		return n.apply("data \"" + kind + "\" \"test\" {\n" + arguments + "\n}\n")
	}
	n.row(t, "data sources `modelarts_notebook`, `modelarts_notebooks`", read("modelarts_notebook", `name = "needy"`),
		read("modelarts_notebook", `id = "`+n.s.Only(t).ID+`"`), read("modelarts_notebooks", ""), read("modelarts_notebooks", "all = true"))
	n.row(t, "data sources `modelarts_flavor`, `modelarts_flavors`, `modelarts_quota`", read("modelarts_flavor", `category = "CPU"`),
		read("modelarts_flavors", ""), read("modelarts_quota", ""))
	n.row(t, "data sources `modelarts_image`, `modelarts_images`", read("modelarts_image", `name_regex = "^pytorch"`), read("modelarts_images", ""))
	n.row(t, "data source `modelarts_pools`", read("modelarts_pools", ""))
	n.row(t, "data source `modelarts_authorization`", read("modelarts_authorization", ""))
	other.destroy(t)
}

// The actions in the guide are those of the calls that the provider makes, and the policies
// hold what they say.
func TestAccPermissions(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Answers: []string{"image-kept"}})
	n := needy{s, acctest.NewWorkspace(t, ""), guideTable(t, "Actions by what you do")}
	delete(n.rows, "What you do")
	delete(n.rows, "---")
	var notebooks, reads []string
	for name, actions := range n.rows {
		if !strings.Contains(name, "_image`") && !strings.Contains(name, "query") {
			notebooks = append(notebooks, actions...)
		}
		if strings.HasPrefix(name, "plan") || strings.HasPrefix(name, "data source") || strings.HasPrefix(name, "ephemeral") {
			reads = append(reads, actions...)
		}
	}
	for policy, want := range map[string][]string{"notebooks.json": notebooks, "read-only.json": reads} {
		slices.Sort(want)
		want = slices.DeleteFunc(slices.Compact(want), func(action string) bool { return action == "notebook:listAllNotebooks" })
		if got := allowed(t, policy); !slices.Equal(got, want) {
			t.Errorf("%s allows %q, the guide has %q", policy, got, want)
		}
	}

	pooled := needy{s, acctest.NewWorkspace(t, ""), nil}
	n.row(t, "create `modelarts_notebook`", pooled.apply(needyNotebook, "POOL", `"`+acctest.Pool+`"`), n.apply(needyNotebook, "COUNT", "3"))
	n.row(t, "plan or refresh `modelarts_notebook`", pooled.plan, n.plan)
	pooled.destroy(t)
	n.apply(needyNotebook)(t)
	n.row(t, "change its `lease`", n.apply(needyNotebook, "DURATION", "3h"))
	n.row(t, "change its name, description, tags or disk size", n.apply(needyNotebook, "DURATION", "3h", "TAGS", `{ a = "b" }`), n.apply(needyNotebook, "DURATION", "3h", "NAME", "needier"))
	n.apply(needyNotebook + needyMount)(t)
	n.row(t, "change what needs a stop", n.apply(needyNotebook+needyMount, "FLAVOR", acctest.LargerFlavor))
	n.row(t, "plan or refresh `modelarts_notebook_storage`", n.plan)
	n.apply(needyNotebook)(t)
	n.row(t, "change its `desired_status`", n.apply(needyNotebook, "STATUS", `"STOPPED"`), n.apply(needyNotebook, "STATUS", `"RUNNING"`))
	mount, unmount, stop := n.apply(needyNotebook+needyMount), n.apply(needyNotebook), func(t *testing.T) {
		t.Helper()
		if err := s.StopNotebook(s.Only(t).ID); err != nil {
			t.Error(err)
		}
	}
	n.row(t, "create and destroy `modelarts_notebook_storage`", []func(*testing.T){mount, unmount, stop, mount, unmount}...)
	if err := s.StartNotebook(s.Only(t).ID); err != nil {
		t.Fatal(err)
	}
	n.row(t, "create and destroy `modelarts_notebook_image`", n.apply(needyNotebook+needySaved), n.apply(needyNotebook))
	n.protocol(t)
	n.row(t, "destroy it", n.destroy)

	n.row(t, "create, change and destroy `modelarts_image`", n.apply(needyImage), n.brokenImage, n.apply(needyImage, "LABELS", `["a"]`), n.destroy)
	n.apply(needyImage)(t)
	n.row(t, "plan or refresh `modelarts_image`, `modelarts_notebook_image`", n.plan)
	n.destroy(t)
	n.data(t)
	for name := range n.rows {
		t.Errorf("the row %q of the guide is not tested", name)
	}
}
