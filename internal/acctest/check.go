package acctest

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// Notebook is the configuration of a notebook with nothing but what is required,
// modelarts_notebook.test.
const Notebook = `
resource "modelarts_notebook" "test" {
  name     = "test"
  flavor   = "` + Flavor + `"
  image_id = "` + Image + `"
  volume { category = "EVS" }
}
`

// Check runs steps with the provider, one after the other.
func Check(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps})
}

// Check runs steps with the provider, and fails when the service holds a notebook
// after the destroy at their end.
func (s *Service) Check(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: Factories, Steps: steps, CheckDestroy: s.NothingLeft})
}

// EmptyPlan checks that the plan of a step changes nothing.
func EmptyPlan() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
}

// Planned checks what the plan of a step does with a resource.
func Planned(address string, action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)}}
}

// NothingLeft checks that the service holds no notebook.
func (s *Service) NothingLeft(*terraform.State) error {
	if left := s.Notebooks(); len(left) > 0 {
		return fmt.Errorf("%d notebooks are left, the first with status %s", len(left), left[0].Status)
	}
	return nil
}

// ExpectWrites checks the calls that changed something since the last reset, as
// Writes lists them.
func (s *Service) ExpectWrites(want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := s.Writes(); !slices.Equal(got, want) {
			return fmt.Errorf("the service was asked\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
		return nil
	}
}

// Queries lists the different queries of an operation since the last reset, in
// alphabetical order and without their paging: Terraform may read a data source
// more than once in a step, and reads several side by side.
func (s *Service) Queries(operation string) ([]string, error) {
	var queries []string
	for _, r := range s.Requests() {
		if r.Operation != operation {
			continue
		}
		query, err := url.ParseQuery(r.Query)
		if err != nil {
			return nil, err
		}
		query.Del("limit")
		query.Del("offset")
		if q := query.Encode(); !slices.Contains(queries, q) {
			queries = append(queries, q)
		}
	}
	slices.Sort(queries)
	return queries, nil
}

// ExpectQueries checks the queries of an operation, as Queries lists them.
func (s *Service) ExpectQueries(operation string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := s.Queries(operation)
		if err == nil && !slices.Equal(got, want) {
			err = fmt.Errorf("the queries of %s were %q, want %q", operation, got, want)
		}
		return err
	}
}

// Data returns the configuration of one data source, called test, at the service.
func (s *Service) Data(kind, arguments string) string {
	return s.Provider("") + fmt.Sprintf("data %q \"test\" {\n%s\n}\n", kind, arguments)
}

// Value checks an attribute of a resource or data source. Dots separate the steps
// of the path, and whole numbers are indexes of lists: "pools.0.flavors.1.id".
func Value(address, path string, v knownvalue.Check) statecheck.StateCheck {
	first, rest, _ := strings.Cut(path, ".")
	p := tfjsonpath.New(first)
	for step := range strings.SplitSeq(rest, ".") {
		if i, err := strconv.Atoi(step); err == nil {
			p = p.AtSliceIndex(i)
		} else if step != "" {
			p = p.AtMapKey(step)
		}
	}
	return statecheck.ExpectKnownValue(address, p, v)
}

// Texts checks a list of texts.
func Texts(want ...string) knownvalue.Check {
	list := make([]knownvalue.Check, len(want))
	for i, name := range want {
		list[i] = knownvalue.StringExact(name)
	}
	return knownvalue.ListExact(list)
}

// Text matches a text as Terraform prints it in an error: any white space, as of
// a wrapped line, for a space.
func Text(s string) *regexp.Regexp {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = regexp.QuoteMeta(w)
	}
	return regexp.MustCompile(strings.Join(words, `\s+`))
}

// Plain undoes the wrapping and the frames of the errors in what Terraform
// printed.
func Plain(out string) string {
	out = strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(out)
	return strings.Join(strings.Fields(out), " ")
}
