package notebook_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/notebook"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	dataAddress = "data.modelarts_notebook.test"

	byID   = "data \"modelarts_notebook\" \"test\" {\n  id = modelarts_notebook.test.id\n}\n"
	byName = "data \"modelarts_notebook\" \"test\" {\n  name = modelarts_notebook.test.name\n  depends_on = [modelarts_notebook.test, modelarts_notebook.other]\n}\n"
)

// everything is a notebook with as much as one can have.
var everything = base.with(arguments{
	"description": `"about"`,
	"data_volumes": `{
    "/data/lake/" = { category = "OBSFS", uri = "obs://bucket/lake/", dew_secret_name = "secret", read_only = true }
  }`,
	"endpoints": `{ SSH = { key_pair_names = ["b", "a"], allowed_access_ips = ["203.0.113.7"] } }`,
	"lease":     `{ duration = "8h" }`,
	"run_user":  `{ uid = 1000, gid = 100 }`,
	"user_vpc":  `{ vpc_id = "v", subnet_id = "s", security_group_ids = ["g"] }`,
	"tags":      `{ own = "yes" }`,
})

// What the data source says of a notebook is what the resource says of it.
func TestAccNotebookDataSource(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{"by id": byID, "by name": byName} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			// Names that contain the name are of no interest.
			others := base.with(arguments{"name": `"test-2"`}).resource("other")
			checks := []statecheck.StateCheck{
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("data_volumes").AtMapKey("/data/lake/"), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"category": knownvalue.StringExact("OBSFS"), "uri": knownvalue.StringExact("obs://bucket/lake/"),
					"id": knownvalue.Null(), "dew_secret_name": knownvalue.Null(), "read_only": knownvalue.Null(),
				})),
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("tags"), knownvalue.MapExact(map[string]knownvalue.Check{"own": knownvalue.StringExact("yes")})),
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("tags_all"), knownvalue.MapSizeExact(2)),
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("token"), knownvalue.NotNull()),
				statecheck.ExpectSensitiveValue(dataAddress, tfjsonpath.New("token")),
			}
			for _, attribute := range notebook.ModelAttributes() {
				if attribute == "data_volumes" {
					continue // see above
				}
				path := tfjsonpath.New(attribute)
				checks = append(checks, statecheck.CompareValuePairs(address, path, dataAddress, path, compare.ValuesSame()))
			}
			s.Check(t, resource.TestStep{
				Config:            s.Provider(`default_tags = { team = "ml" }`) + everything.resource("test") + others + config,
				ConfigStateChecks: checks,
			})
		})
	}
}

func TestAccNotebookDataSource_omitToken(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Check(t, resource.TestStep{
		Config: s.Provider("omit_token = true") + base.resource("test") + byID +
			"data \"modelarts_notebooks\" \"test\" {\n  depends_on = [modelarts_notebook.test]\n}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("token"), knownvalue.Null()),
			statecheck.ExpectKnownValue("data.modelarts_notebooks.test", tfjsonpath.New("notebooks").AtSliceIndex(0).AtMapKey("url"), knownvalue.NotNull()),
		},
	})
}

// Several notebooks of one name are an error that tells them apart, and one of
// somebody else is found only when it is asked for.
func TestAccNotebookDataSource_name(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	pair := base.resource("test") + base.resource("other")
	const all = "data \"modelarts_notebook\" \"test\" {\n  name = \"test\"\n  all = true\n}\n"
	const mine = "data \"modelarts_notebook\" \"test\" {\n  name = \"test\"\n}\n"
	somebody, theirs := "0123456789abcdef0123456789abcdef", ""
	id := `[0-9a-f]{8}-[0-9a-f-]{27}`
	s.Check(t,
		resource.TestStep{Config: s.Provider("") + pair},
		resource.TestStep{
			Config: s.Provider("") + pair + mine,
			ExpectError: regexp.MustCompile(`(?s)Error: Unable to read notebook\n.*2 notebooks have the name "test":\n` +
				`  - ` + id + `: RUNNING, created at 20\S+Z, owned by simulator-user\n  - ` + id + `: RUNNING, .*\n` +
				`Give the id of one of them in place of the name\.`),
		},
		resource.TestStep{
			PreConfig: func() {
				theirs = s.Notebooks()[0].ID
				if err := s.Change(theirs, simulator.Drift{UserID: &somebody}); err != nil {
					t.Fatal(err)
				}
			},
			Config: s.Provider("") + pair + mine,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(dataAddress, tfjsonpath.New("id"), knownvalue.StringFunc(func(got string) error {
					if got == theirs {
						return fmt.Errorf("the notebook is somebody else's")
					}
					return nil
				})),
			},
		},
		resource.TestStep{Config: s.Provider("") + pair + all, ExpectError: acctest.Text(`2 notebooks have the name "test"`)},
	)
}

func TestAccNotebookDataSource_errors(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	for name, tc := range map[string]struct{ arguments, want string }{
		"no such id":        {`id = "f9937afa-4451-42db-a76b-72d624749f66"`, "Error: Unable to read notebook"},
		"no such id, which": {`id = "f9937afa-4451-42db-a76b-72d624749f66"`, "There is no notebook f9937afa-4451-42db-a76b-72d624749f66 in the project and the region"},
		"no such name":      {`name = "nobody"`, `The credentials' user has no notebook of the name "nobody" in the workspace 0; with all = true those of all users are looked at.`},
		"no such name, all": {"name = \"nobody\"\nall = true", `No user of the project has a notebook of the name "nobody" in the workspace 0.`},
		"neither":           {``, "Exactly one of these attributes must be configured: [id,name]"},
		"both":              {"name = \"a\"\nid = \"f9937afa-4451-42db-a76b-72d624749f66\"", "Exactly one of these attributes must be configured: [id,name]"},
		"not an id":         {`id = "test"`, "Attribute id must be a UUID, such as e1a07296-22a8-4f05-8bc8-e936c8e54090."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.Check(t, resource.TestStep{
				Config: s.Provider("") + "data \"modelarts_notebook\" \"test\" {\n" + tc.arguments + "\n}\n", ExpectError: acctest.Text(tc.want),
			})
		})
	}
}

func TestAccNotebooksDataSource(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	notebooks := base.with(arguments{"name": `"c-first"`, "tags": `{ team = "ml", stage = "dev" }`}).resource("first") +
		base.with(arguments{"name": `"a-second"`, "flavor": quote(acctest.LargerFlavor), "desired_status": `"STOPPED"`}).resource("second") +
		base.with(arguments{"name": `"b-third"`, "pool_id": quote(acctest.Pool), "flavor": quote(acctest.PoolFlavor)}).resource("third") +
		base.with(arguments{"name": `"b-fourth"`, "image_id": quote(acctest.OtherImage), "workspace_id": quote(simulator.DefaultWorkspace)}).resource("fourth") +
		base.with(arguments{"name": `"d-free"`, "feature": `"DEFAULT"`, "flavor": `"modelarts.vm.cpu.free"`}).resource("free")
	somebody := "0123456789abcdef0123456789abcdef"

	config, checks := s.Provider("")+notebooks, []statecheck.StateCheck(nil)
	for i, tc := range []struct {
		arguments string
		want      []string
	}{
		{``, []string{"a-second", "b-third", "c-first"}},
		{`all = true`, []string{"a-second", "b-third", "c-first"}},
		{"all = true\nowner = \"" + somebody + "\"\nworkspace_id = \"" + simulator.DefaultWorkspace + `"`, []string{"b-fourth"}},
		{`name = "b-"`, []string{"b-third"}},
		{`status = "stopped"`, []string{"a-second"}},
		{`flavor = "` + acctest.LargerFlavor + `"`, []string{"a-second"}},
		{"all = true\nimage_id = \"" + acctest.OtherImage + "\"\nworkspace_id = \"" + simulator.DefaultWorkspace + `"`, []string{"b-fourth"}},
		{`pool_id = "` + acctest.Pool + `"`, []string{"b-third"}},
		{"all = true\nworkspace_id = \"" + simulator.DefaultWorkspace + `"`, []string{"b-fourth"}},
		{`feature = "default"`, []string{"d-free"}},
		{`billing = "compute"`, []string{"b-third", "c-first"}},
		{`tags = { team = "ml" }`, []string{"c-first"}},
		{`tags = { team = "ml", stage = "live" }`, []string{}},
		{`id = modelarts_notebook.third.id`, []string{"b-third"}},
	} {
		config += fmt.Sprintf("data \"modelarts_notebooks\" \"test%d\" {\n%s\n}\noutput \"names%d\" { value = data.modelarts_notebooks.test%d.notebooks[*].name }\n", i, tc.arguments, i, i)
		names := make([]knownvalue.Check, len(tc.want))
		for i, name := range tc.want {
			names[i] = knownvalue.StringExact(name)
		}
		checks = append(checks, statecheck.ExpectKnownOutputValue(fmt.Sprintf("names%d", i), knownvalue.ListExact(names)))
	}
	const first = "data.modelarts_notebooks.test1"
	at := tfjsonpath.New("notebooks").AtSliceIndex(0)
	checks = append(checks,
		statecheck.CompareValuePairs(first, at.AtMapKey("id"), "modelarts_notebook.second", tfjsonpath.New("id"), compare.ValuesSame()),
		statecheck.CompareValuePairs(first, at.AtMapKey("volume"), "modelarts_notebook.second", tfjsonpath.New("volume"), compare.ValuesSame()),
	)
	s.Check(t,
		resource.TestStep{Config: s.Provider("") + notebooks},
		resource.TestStep{
			PreConfig: func() {
				for _, nb := range s.Notebooks() {
					if nb.Name == "b-fourth" {
						if err := s.Change(nb.ID, simulator.Drift{UserID: &somebody}); err != nil {
							t.Fatal(err)
						}
					}
				}
				s.ResetRequests()
			},
			Config: config, ConfigStateChecks: checks,
			Check: listQueries(s,
				"ListAllNotebooks image_id="+acctest.OtherImage+"&workspace_id="+simulator.DefaultWorkspace,
				"ListAllNotebooks owner="+somebody+"&workspace_id="+simulator.DefaultWorkspace,
				"ListAllNotebooks workspace_id=0",
				"ListAllNotebooks workspace_id="+simulator.DefaultWorkspace,
				"ListNotebooks billing=COMPUTE&workspace_id=0",
				"ListNotebooks feature=DEFAULT&workspace_id=0",
				"ListNotebooks flavor="+acctest.LargerFlavor+"&workspace_id=0",
				"ListNotebooks id=ID",
				"ListNotebooks name=b-&workspace_id=0",
				"ListNotebooks pool_id="+acctest.Pool+"&workspace_id=0",
				"ListNotebooks status=STOPPED&workspace_id=0",
				"ListNotebooks workspace_id=0"),
		},
	)
}

// idQuery is the filter by an ID, which is another in each run.
var idQuery = regexp.MustCompile(`^id=.*`)

// listQueries checks the different queries for notebooks since the last reset,
// each behind its operation.
func listQueries(s *acctest.Service, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for _, operation := range []string{"ListAllNotebooks", "ListNotebooks"} {
			queries, err := s.Queries(operation)
			if err != nil {
				return err
			}
			for _, q := range queries {
				got = append(got, operation+" "+idQuery.ReplaceAllString(q, "id=ID"))
			}
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("the queries were %q, want %q", got, want)
		}
		return nil
	}
}

func TestAccNotebooksDataSource_errors(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Inject(simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0108", Count: -1})
	for name, tc := range map[string]struct {
		arguments string
		want      *regexp.Regexp
	}{
		"refused": {`all = true`, regexp.MustCompile("(?s)Error: Unable to read notebooks.*ModelArts.0108")},
		"billing": {`billing = "AIR"`, acctest.Text(`Attribute billing is "AIR": it must be STORAGE, COMPUTE or ALL, in any letter case.`)},
		"feature": {`feature = ""`, acctest.Text(`Attribute feature is "": it must be NOTEBOOK or DEFAULT, in any letter case.`)},
		"empty":   {`name = ""`, acctest.Text(`Attribute name is empty: write a value`)},
		"no tag":  {`tags = { a = null }`, acctest.Text(`Attribute tags["a"] is null.`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.Check(t, resource.TestStep{
				Config: s.Provider("") + "data \"modelarts_notebooks\" \"test\" {\n" + tc.arguments + "\n}\n", ExpectError: tc.want,
			})
		})
	}
}
