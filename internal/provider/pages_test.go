package provider

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// section is a part of a page that begins with a heading of the second level.
type section struct {
	title string
	text  string
}

// block is a block of code on a page.
type block struct {
	language, code string
}

// sections are the parts of a page, the first of which has no title. Lines of code are
// no headings.
func sections(page string) []section {
	parts, code := []section{{}}, false
	for _, line := range strings.Split(page, "\n") {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if title, found := strings.CutPrefix(line, "## "); found && !code {
			parts = append(parts, section{title: title})
			continue
		}
		parts[len(parts)-1].text += line + "\n"
	}
	return parts
}

var fence = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?\n)```$")

// blocks are the blocks of code in a text.
func blocks(text string) []block {
	var all []block
	for _, found := range fence.FindAllStringSubmatch(text, -1) {
		all = append(all, block{found[1], found[2]})
	}
	return all
}

// doorPages are the pages of everything that the provider offers, by name.
func doorPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, kind := range []string{"resources", "data-sources", "list-resources", "actions", "ephemeral-resources"} {
		files, err := filepath.Glob("../../docs/" + kind + "/*.md")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no pages: %v", kind, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pages[kind+"/"+filepath.Base(file)] = string(text)
		}
	}
	return pages
}

// Pages have the order that users of registries know: examples, the schema, notes and
// tables, moves, imports.
func TestPagesAreInOrder(t *testing.T) {
	t.Parallel()
	for name, page := range doorPages(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := sections(page)
			var titles []string
			for _, part := range parts[1:] {
				titles = append(titles, part.title)
			}
			if len(titles) < 2 || titles[0] != "Example Usage" || titles[1] != "Schema" {
				t.Fatalf("the sections are %q, and not the examples, the schema, and the rest", titles)
			}
			if strings.Contains(parts[0].text, "\n|") {
				t.Error("a table is before the examples")
			}
			last := slices.DeleteFunc(slices.Clone(titles), func(title string) bool { return title != "Move" && title != "Import" })
			if !slices.Equal(last, titles[len(titles)-len(last):]) || slices.Contains(last[:max(len(last)-1, 0)], "Import") {
				t.Errorf("the sections are %q: Move and Import are not the last", titles)
			}
			examplesAreTitled(t, parts[1].text)
			if strings.HasPrefix(name, "resources/") {
				importsAreInOrder(t, parts[len(parts)-1])
			}
		})
	}
}

// examplesAreTitled checks that each of several examples has a title, and that the first
// one is the shortest.
func examplesAreTitled(t *testing.T, text string) {
	t.Helper()
	examples := blocks(text)
	if len(examples) == 0 {
		t.Error("there is no example")
	}
	if strings.Contains(text, "\n|") {
		t.Error("a table is among the examples")
	}
	for i, example := range examples {
		if len(examples) > 1 && strings.Count(text, "\n### ") != len(examples) {
			t.Errorf("%d examples have %d titles", len(examples), strings.Count(text, "\n### "))
		}
		if strings.Count(example.code, "\n") < strings.Count(examples[0].code, "\n") {
			t.Errorf("example %d is shorter than the first", i+1)
		}
		if objects := regexp.MustCompile(`(?m)^(list|data|action|ephemeral) `).FindAllString(example.code, -1); len(objects) > 1 && objects[0] == objects[1] {
			t.Errorf("example %d shows several: each has a title of its own", i+1)
		}
	}
}

// importsAreInOrder checks the section on imports: the block, that with an identity, the
// schema of the identity, the command.
func importsAreInOrder(t *testing.T, part section) {
	t.Helper()
	if part.title != "Import" {
		t.Fatalf("the last section is %q", part.title)
	}
	at := -1
	for _, want := range []string{"  id = ", "  identity = {", "### Identity Schema", "\nterraform import "} {
		i := strings.Index(part.text, want)
		if i <= at {
			t.Errorf("%q is missing, or not where it is expected, in\n%s", want, part.text)
		}
		at = max(at, i)
	}
}

// A block is never required by its schema. The page of a notebook shows that its storage is.
func TestVolumeIsShownAsRequired(t *testing.T) {
	t.Parallel()
	page := doorPages(t)["resources/notebook.md"]
	_, required, _ := strings.Cut(page, "\n### Required\n")
	required, _, _ = strings.Cut(required, "\n### ")
	if !strings.Contains(required, "\n- `volume` (Block) ") || strings.Count(page, "- `volume` (") != 1 {
		t.Errorf("required are:\n%s", required)
	}
}

// neverNull are computed attributes that always
// have a value.
var neverNull = []string{"authorizations", "id", "known", "name", "namespace", "project_id", "status", "tag", "tags_all"}

// nullWhere is the sentence of a schema for all of its attributes.
const nullWhere = "An attribute that the service does not return is null."

// The description of each computed attribute says when it is null, or the description of
// the whole does.
func TestComputedAttributesSayWhenTheyAreNull(t *testing.T) {
	t.Parallel()
	p, ctx := New("test")(), t.Context()
	for _, newOne := range p.Resources(ctx) {
		var rs resource.SchemaResponse
		newOne().Schema(ctx, resource.SchemaRequest{}, &rs)
		sayWhenNull(t, rs.Schema.MarkdownDescription, rs.Schema.Attributes)
	}
	for _, newOne := range p.DataSources(ctx) {
		var ds datasource.SchemaResponse
		newOne().Schema(ctx, datasource.SchemaRequest{}, &ds)
		sayWhenNull(t, ds.Schema.MarkdownDescription, ds.Schema.Attributes)
	}
	for _, newOne := range p.(provider.ProviderWithEphemeralResources).EphemeralResources(ctx) {
		var es ephemeral.SchemaResponse
		newOne().Schema(ctx, ephemeral.SchemaRequest{}, &es)
		sayWhenNull(t, es.Schema.MarkdownDescription, es.Schema.Attributes)
	}
}

func sayWhenNull[T interface {
	GetMarkdownDescription() string
	IsComputed() bool
	IsOptional() bool
}](t *testing.T, whole string, attributes map[string]T) {
	t.Helper()
	for name, a := range attributes {
		said := strings.Contains(strings.ToLower(a.GetMarkdownDescription()), "null") || strings.Contains(whole, nullWhere)
		if a.IsComputed() && !a.IsOptional() && !slices.Contains(neverNull, name) && !said {
			t.Errorf("%.40s…: it is not said when %s is null: %q", whole, name, a.GetMarkdownDescription())
		}
	}
}

// A reader sees what the values of these look like.
func TestAddressesAndTimesHaveExamples(t *testing.T) {
	t.Parallel()
	for name, page := range doorPages(t) {
		for attribute, example := range map[string]string{"url": "`https://", "ssh_uri": "`ssh://", "stops_at": "`20"} {
			_, line, found := strings.Cut(page, "- `"+attribute+"` (")
			line, _, _ = strings.Cut(line, "\n")
			if found && !strings.Contains(line, "for example "+example) {
				t.Errorf("%s: %s has no example: %q", name, attribute, line)
			}
		}
	}
}
