package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
)

var codeBlock = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?\n)```$")

// pagesOfDocs are the pages below docs/ and the README, by their path.
func pagesOfDocs(t *testing.T) map[string]string {
	t.Helper()
	return provider.TextsOf(t, "docs", "README.md")
}

// Each guide is linked from where its question arises: a page that is no guide.
func TestGuidesAreLinked(t *testing.T) {
	t.Parallel()
	pages := pagesOfDocs(t)
	for guide := range pages {
		folder, name := filepath.Split(guide)
		if filepath.Base(folder) != "guides" {
			continue
		}
		linked := false
		for page, text := range pages {
			linked = linked || filepath.Base(filepath.Dir(page)) != "guides" && strings.Contains(text, "guides/"+name)
		}
		if !linked {
			t.Errorf("no page links to %s", guide)
		}
	}
}

// literals are the strings in the code of the provider.
func literals(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir("..", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				if value, err := strconv.Unquote(text.Value); err == nil {
					all = append(all, value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var verb = regexp.MustCompile(`%(\[\d+\])?[sqdv]`)

// says reports whether a text of the code, which may be a format, becomes the message.
func says(literal, message string) bool {
	if len(verb.ReplaceAllString(literal, "")) < 8 && literal != "Unable to %s %s" {
		return false // almost nothing but values
	}
	format := "^" + verb.ReplaceAllString(regexp.QuoteMeta(literal), ".+") + "$"
	if strings.HasSuffix(literal, " ") {
		format = strings.TrimSuffix(format, "$") // a value follows
	}
	found, err := regexp.MatchString(strings.ReplaceAll(format, `%\[`, `%[`), message)
	return err == nil && found
}

// Each message that a guide explains is one of the provider.
func TestMessagesOfGuidesExist(t *testing.T) {
	t.Parallel()
	texts, messages := literals(t), 0
	for name, page := range pagesOfDocs(t) {
		if !strings.Contains(name, "/guides/") {
			continue
		}
		table := false
		for line := range strings.Lines(page) {
			first, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
			switch {
			case !strings.HasPrefix(line, "|"):
				table = false
			case first == "Message" || first == "Error":
				table = true
			case table:
				for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(first, -1) {
					messages++
					if !slices.ContainsFunc(texts, func(text string) bool { return says(text, found[1]) }) {
						t.Errorf("%s: the provider has no message %q", name, found[1])
					}
				}
			}
		}
	}
	if messages < 30 {
		t.Errorf("the guides explain %d messages", messages)
	}
}

var (
	declared = regexp.MustCompile(`(?m)^(?:(resource|data|ephemeral|action|list) "(\w+)" "(\w+)"|(variable|output|check|module|provider) "(\w+)"|(terraform) \{)`)
	// imported are the addresses that import and moved blocks lead to.
	imported = regexp.MustCompile(`(?m)^ {2}to +=.*$`)
	aliases  = regexp.MustCompile(`(?m)^ {2}alias += "(.*)"$`)
	// variables is how a file with values of variables begins.
	variables = regexp.MustCompile(`^\w+ += `)
	scripts   = regexp.MustCompile(`\$\{path\.module\}/([\w.-]+)"`)
	comments  = regexp.MustCompile(`(?m)^#.*\n`)
	// found are the summary and the file of each error of a validation.
	found = regexp.MustCompile(`(?m)^Error: (.+)\n\n(?: {2}with .*\n)? {2}on (\S+) line`)
	// notAlone are what a block of a page lacks without the rest of a configuration.
	notAlone = regexp.MustCompile(`^(Reference to undeclared|Configuration for import target does not exist|Missing required argument|Provider configuration not present)`)
)

// docBlock is a block of configuration on a page.
type docBlock struct {
	file, config string
	// names are what it declares, each of which a configuration can declare once.
	names []string
}

// newDocBlock prepares a block for a validation, with others in one folder.
func newDocBlock(page string, number int, config string) docBlock {
	b := docBlock{config: config}
	extension := ".tf"
	if strings.HasPrefix(strings.TrimSpace(comments.ReplaceAllString(config, "")), "list ") {
		extension = ".tfquery.hcl"
	}
	b.file = strings.NewReplacer("../", "", "/", "-", ".md", "").Replace(page) + "-" + strconv.Itoa(number) + extension
	others := aliases.FindAllStringSubmatch(config, -1)
	for _, header := range declared.FindAllStringSubmatch(config, -1) {
		if header[4] != "provider" || len(others) == 0 {
			b.names = append(b.names, strings.Join(header[1:], " "))
		}
	}
	for _, to := range imported.FindAllString(config, -1) {
		b.names = append(b.names, strings.ReplaceAll(to, " ", ""))
	}
	if strings.HasPrefix(config, "provider ") || strings.Contains(config, "\nprovider ") {
		// Terraform validates provider blocks only where something uses them.
		b.names = append(b.names, "used")
		b.config += "\ndata \"modelarts_quota\" \"used\" {}\n"
		for _, alias := range others {
			b.names = append(b.names, "alias "+alias[1])
			b.config += "data \"modelarts_quota\" \"" + alias[1] + "\" {\n  provider = modelarts." + alias[1] + "\n}\n"
		}
	}
	return b
}

// docFolder holds blocks of pages that declare different things.
type docFolder struct {
	blocks []docBlock
	names  map[string]bool
}

// docFolders are all blocks of configuration on the pages, in few folders.
func docFolders(t *testing.T) []*docFolder {
	t.Helper()
	var folders []*docFolder
	count := 0
	for page, text := range pagesOfDocs(t) {
		for i, block := range codeBlock.FindAllStringSubmatch(text, -1) {
			// Those with the other provider are applied by the tests of moves and examples, values
			// of variables and those of "terraform test" by the tests of their examples.
			if block[1] != "terraform" || strings.Contains(block[2], "huaweicloud_") || strings.Contains(block[2], "\nrun \"") || variables.MatchString(block[2]) {
				continue
			}
			count++
			b := newDocBlock(page, i, block[2])
			at := slices.IndexFunc(folders, func(f *docFolder) bool {
				return !slices.ContainsFunc(b.names, func(name string) bool { return f.names[name] })
			})
			if at < 0 {
				at, folders = len(folders), append(folders, &docFolder{names: map[string]bool{}})
			}
			folders[at].blocks = append(folders[at].blocks, b)
			for _, name := range b.names {
				folders[at].names[name] = true
			}
		}
	}
	if count < 40 {
		t.Errorf("there are %d blocks", count)
	}
	return folders
}

// Each block of configuration on the pages is valid.
func TestAccConfigurationsOfDocs(t *testing.T) {
	t.Parallel()
	for i, f := range docFolders(t) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			w := acctest.NewNewerWorkspace(t, "")
			for _, b := range f.blocks {
				writeText(t, filepath.Join(w.Dir, b.file), b.config, 0o600)
				for _, script := range scripts.FindAllStringSubmatch(b.config, -1) { // which the page does not show
					writeText(t, filepath.Join(w.Dir, script[1]), "echo\n", 0o600)
				}
				if slices.Contains(b.names, "     terraform") { // it takes the place of that of the workspace
					if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, args := range [][]string{{"validate"}, {"validate", "-query"}} { // the second for list blocks alone
				out, err := w.Run(t, args...)
				if err == nil {
					continue
				}
				for _, problem := range found.FindAllStringSubmatch(out, -1) {
					if !notAlone.MatchString(problem[1]) {
						t.Errorf("%s: %s\n%s", problem[2], problem[1], out)
					}
				}
			}
		})
	}
}
