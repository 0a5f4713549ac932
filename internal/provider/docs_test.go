package provider

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Everything that the provider offers has its page in docs/, with every attribute
// in the words of the schema, and an example. "make generate" writes the pages.
func TestDocsAreGenerated(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := New("test")()
	var ps provider.SchemaResponse
	p.Schema(ctx, provider.SchemaRequest{}, &ps)
	described(t, "index.md", descriptions(ps.Schema.Attributes))
	for _, newOne := range p.Resources(ctx) {
		var name resource.MetadataResponse
		var rs resource.SchemaResponse
		newOne().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "modelarts"}, &name)
		newOne().Schema(ctx, resource.SchemaRequest{}, &rs)
		page := strings.TrimPrefix(name.TypeName, "modelarts_")
		described(t, "resources/"+page+".md", descriptions(rs.Schema.Attributes), descriptions(rs.Schema.Blocks))
		exists(t, "resources/"+name.TypeName+"/resource.tf")
		if _, imports := newOne().(resource.ResourceWithImportState); imports {
			exists(t, "resources/"+name.TypeName+"/import.sh")
		}
	}
	for _, newOne := range p.DataSources(ctx) {
		var name datasource.MetadataResponse
		var ds datasource.SchemaResponse
		newOne().Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "modelarts"}, &name)
		newOne().Schema(ctx, datasource.SchemaRequest{}, &ds)
		page := strings.TrimPrefix(name.TypeName, "modelarts_")
		described(t, "data-sources/"+page+".md", descriptions(ds.Schema.Attributes))
		exists(t, "data-sources/"+name.TypeName+"/data-source.tf")
	}
	doorsAreDescribed(t, p)
}

// doorsAreDescribed checks the pages and examples of list resources, actions and
// ephemeral resources. Examples of the first two are files of their own, since
// an older Terraform and OpenTofu cannot read them.
func doorsAreDescribed(t *testing.T, p provider.Provider) {
	t.Helper()
	ctx := context.Background()
	var name resource.MetadataResponse
	request := resource.MetadataRequest{ProviderTypeName: "modelarts"}
	if with, ok := p.(provider.ProviderWithListResources); ok {
		for _, newOne := range with.ListResources(ctx) {
			var ls list.ListResourceSchemaResponse
			newOne().Metadata(ctx, request, &name)
			newOne().ListResourceConfigSchema(ctx, list.ListResourceSchemaRequest{}, &ls)
			described(t, "list-resources/"+strings.TrimPrefix(name.TypeName, "modelarts_")+".md", descriptions(ls.Schema.Attributes))
			exists(t, "list-resources/"+name.TypeName+"/list-resource.tfquery.hcl")
		}
	}
	if with, ok := p.(provider.ProviderWithActions); ok {
		for _, newOne := range with.Actions(ctx) {
			var name action.MetadataResponse
			var as action.SchemaResponse
			newOne().Metadata(ctx, action.MetadataRequest{ProviderTypeName: "modelarts"}, &name)
			newOne().Schema(ctx, action.SchemaRequest{}, &as)
			described(t, "actions/"+strings.TrimPrefix(name.TypeName, "modelarts_")+".md", descriptions(as.Schema.Attributes))
			exists(t, "actions/"+name.TypeName+"/action.tf")
		}
	}
	if with, ok := p.(provider.ProviderWithEphemeralResources); ok {
		for _, newOne := range with.EphemeralResources(ctx) {
			var name ephemeral.MetadataResponse
			var es ephemeral.SchemaResponse
			newOne().Metadata(ctx, ephemeral.MetadataRequest{ProviderTypeName: "modelarts"}, &name)
			newOne().Schema(ctx, ephemeral.SchemaRequest{}, &es)
			described(t, "ephemeral-resources/"+strings.TrimPrefix(name.TypeName, "modelarts_")+".md", descriptions(es.Schema.Attributes))
			exists(t, "ephemeral-resources/"+name.TypeName+"/ephemeral-resource.tf")
		}
	}
}

// descriptions are those of attributes or blocks, by name.
func descriptions[T interface{ GetMarkdownDescription() string }](attributes map[string]T) map[string]string {
	all := make(map[string]string, len(attributes))
	for name, a := range attributes {
		all[name] = a.GetMarkdownDescription()
	}
	return all
}

func described(t *testing.T, page string, groups ...map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		t.Errorf("%v; \"make generate\" writes it", err)
		return
	}
	for _, group := range groups {
		for name, description := range group {
			description = strings.TrimPrefix(description, "Required. ") // of a block, which the page lists as required
			if !strings.Contains(string(text), "- `"+name+"` (") || !strings.Contains(string(text), description) {
				t.Errorf("docs/%s does not describe %s as the schema does: run \"make generate\"", page, name)
			}
		}
	}
}

func exists(t *testing.T, example string) {
	t.Helper()
	if _, err := os.Stat("../../examples/" + example); err != nil {
		t.Error(err)
	}
}

// Each record of a decision is in the list of records, has its three parts, and is
// named in the code where the question comes up; and each that is named exists.
func TestRecordsAreNamed(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile("../../design/README.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	err = filepath.WalkDir("..", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		code, err := os.ReadFile(file)
		for _, record := range regexp.MustCompile(`design/(\d{4}-[a-z0-9-]+\.md)`).FindAllStringSubmatch(string(code), -1) {
			named[record[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	records, err := filepath.Glob("../../design/0*.md")
	if err != nil || len(records) == 0 {
		t.Fatal("there are no records", err)
	}
	for _, file := range records {
		record := filepath.Base(file)
		if !strings.Contains(string(index), "]("+record+")") {
			t.Errorf("design/README.md does not list %s", record)
		}
		if !named[record] {
			t.Errorf("no code names design/%s", record)
		}
		delete(named, record)
		text, err := os.ReadFile(file)
		for _, part := range []string{"\nDecided on 20", "**Context.**", "**Decision.**", "**Consequences.**"} {
			if err != nil || !strings.Contains(string(text), part) {
				t.Errorf("design/%s lacks %q", record, strings.TrimSpace(part))
			}
		}
	}
	for record := range named {
		t.Errorf("the code names design/%s, which does not exist", record)
	}
}

var testNames = regexp.MustCompile("`((?:Test|Benchmark)[A-Za-z_]+)`")

// What the README claims is held by tests that there are.
func TestReadmeNamesTests(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	files, err := filepath.Glob("../*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	named := testNames.FindAllStringSubmatch(string(readme), -1)
	if len(named) < 5 {
		t.Errorf("the README names %d tests", len(named))
	}
	for _, name := range named {
		if !strings.Contains(tests.String(), "func "+name[1]+"(") {
			t.Errorf("the README names %s, which does not exist", name[1])
		}
	}
}

var makeTargets = regexp.MustCompile(`(?m)^([a-z-]+):.*## `)

// A reader of the recipes finds each target of make.
func TestContributingNamesEveryTarget(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../GNUmakefile")
	if err != nil {
		t.Fatal(err)
	}
	contributing, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	targets := makeTargets.FindAllStringSubmatch(string(makefile), -1)
	if len(targets) < 10 {
		t.Errorf("the makefile has %d targets", len(targets))
	}
	for _, target := range targets {
		if name := target[1]; name != "help" && !strings.Contains(string(contributing), "`make "+name) {
			t.Errorf("CONTRIBUTING.md does not name make %s", name)
		}
	}
}

// readTwice are phrases that a stranger reads twice, each with what to write instead.
var readTwice = []struct{ phrase, instead string }{
	{`\bnobody\b|\bno one\b`, `the passive voice`},
	{`\bsome(body|one)\b|\bby whomever\b`, `"a user", or "outside of Terraform"`},
	{`\b(cuts?|takes?) nothing\b`, `"never shortens"`},
	{`\bgives? way\b`, `"waits", or "ends"`},
	{`\bwould have it\b`, `"Actions are idempotent"`},
	{`\b(the|a) service (says|answers|knows|tells|believes|looks|gives)\b`, `"the service returns"`},
	{`\b(the|a) (API|provider|plan|simulator) (knows|believes|tells|looks)\b`, `"returns", "reads" or "shows"`},
	{`\b(is|are|be) believed\b`, `"the provider uses" or "accepts"`},
	{`\bin the words of\b`, `"as the service returns it"`},
	{`\bnothing of (it|them|the)\b`, `what the state, the plan or the lease does not contain`},
	{`\bcounts? for nothing\b`, `"is ignored"`},
	{`\bthat is to\b`, `"that will"`},
	{`\bleads? out of\b`, `"recovers"`},
	{`\b(is|are|be) waited for\b|\bwaited through\b`, `"waits for", with who waits`},
	{`\b(is|are|be) (taken over|looked for)\b`, `"adopts" or "searches for", with who does it`},
	{`\bgoes on with\b`, `"uses"`},
	{`\ball the same\b`, `"still"`},
	{`\bof the very name\b|\bvery name\b`, `"exactly the same name"`},
}

// schemaTexts are the string literals of descriptions in the code below internal/, by place.
func schemaTexts(t *testing.T) map[string]string {
	t.Helper()
	texts, set := map[string]string{}, token.NewFileSet()
	err := filepath.WalkDir("..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			field, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			if key, ok := field.Key.(*ast.Ident); !ok || key.Name != "MarkdownDescription" && key.Name != "Description" {
				return true
			}
			ast.Inspect(field.Value, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
					texts[set.Position(text.Pos()).String()] = text.Value
				}
				return true
			})
			return true
		})
		return nil
	})
	if err != nil || len(texts) < 100 {
		t.Fatalf("%d descriptions: %v", len(texts), err)
	}
	return texts
}

// TextsOf are the files of this repository below some roots, by their path from here.
func TextsOf(t *testing.T, roots ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, root := range roots {
		err := filepath.WalkDir("../../"+root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			texts[filepath.Clean(name)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return texts
}

// Users and contributors read each sentence once: none holds a phrase of readTwice.
func TestDocsAreReadOnce(t *testing.T) {
	t.Parallel()
	texts := schemaTexts(t)
	maps.Copy(texts, TextsOf(t, "docs", "templates", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".changelog", "RELEASING.md", "SECURITY.md"))
	for _, row := range readTwice {
		phrase := regexp.MustCompile(`(?i)` + row.phrase)
		for place, text := range texts {
			for i, line := range strings.Split(text, "\n") {
				if found := phrase.FindString(line); found != "" {
					t.Errorf("%s, line %d of it: in place of %q write %s", place, i+1, found, row.instead)
				}
			}
		}
	}
}
