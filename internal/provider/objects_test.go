package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// object is a package that offers something to Terraform.
type object struct {
	name         string
	constructors []string // such as NewResource
	resource     bool     // one of them makes a resource
	imports      []string // of all files but the tests
	tests        []string
}

// offered are the types of the framework that Terraform sees.
var offered = []string{"Resource", "DataSource", "ListResource", "EphemeralResource", "Action"}

// objects reads the packages beside this one, and keeps those that make one of
// what is offered.
func objects(t *testing.T) []object {
	t.Helper()
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*object{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		name := path.Base(filepath.ToSlash(filepath.Dir(file)))
		if found[name] == nil {
			found[name] = &object{name: name}
		}
		found[name].read(t, parsed, strings.HasSuffix(file, "_test.go"))
	}
	var all []object
	for _, o := range found {
		if len(o.constructors) > 0 {
			all = append(all, *o)
		}
	}
	if len(all) < 3 {
		t.Fatalf("only %d packages offer anything", len(all))
	}
	return all
}

func (o *object) read(t *testing.T, file *ast.File, test bool) {
	t.Helper()
	for _, spec := range file.Imports {
		if where, err := strconv.Unquote(spec.Path.Value); err == nil && !test {
			o.imports = append(o.imports, where)
		}
	}
	for _, declaration := range file.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		switch {
		case !ok || f.Recv != nil:
		case test:
			o.tests = append(o.tests, f.Name.Name)
		case f.Type.Results != nil && len(f.Type.Results.List) == 1:
			made, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr)
			if !ok || !f.Name.IsExported() || !slices.Contains(offered, made.Sel.Name) {
				continue
			}
			o.constructors = append(o.constructors, f.Name.Name)
			o.resource = o.resource || made.Sel.Name == "Resource"
		}
	}
}

// Everything that a package offers is in the lists of the provider.
func TestEverythingIsOffered(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("provider.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects(t) {
		for _, constructor := range o.constructors {
			if !strings.Contains(string(list), "\t"+o.name+"."+constructor+",\n") {
				t.Errorf("the provider does not offer %s.%s", o.name, constructor)
			}
		}
	}
}

// The packages of objects stand side by side: none imports another, nor the
// provider.
func TestObjectsStandAlone(t *testing.T) {
	t.Parallel()
	const internal = "github.com/modelarts-community/terraform-provider-modelarts/internal/"
	all := objects(t)
	for _, o := range all {
		for _, imported := range o.imports {
			other := strings.TrimPrefix(imported, internal)
			if other == "provider" || slices.ContainsFunc(all, func(p object) bool { return p.name == other }) {
				t.Errorf("internal/%s imports internal/%s", o.name, other)
			}
		}
	}
}

// Every package with a resource has the acceptance tests that each resource needs.
func TestEveryResourceHasItsTests(t *testing.T) {
	t.Parallel()
	for _, o := range objects(t) {
		for _, suite := range []string{"arguments", "unknown", "disappears", "noSecretsInLogs"} {
			has := func(test string) bool {
				return strings.HasPrefix(test, "TestAcc") && strings.HasSuffix(test, "_"+suite)
			}
			if o.resource && !slices.ContainsFunc(o.tests, has) {
				t.Errorf("internal/%s has no test TestAcc..._%s", o.name, suite)
			}
		}
	}
}
