package catalogue_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// The first candidate in stock is chosen, and the next one when it sells out.
func TestAccFlavorDataSource_candidates(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	config := s.Data("modelarts_flavor", `candidates = ["modelarts.vm.gpu.none", "modelarts.vm.gpu.v100", "modelarts.vm.gpu.t4"]`)
	chosen := func(id string) []statecheck.StateCheck {
		return []statecheck.StateCheck{acctest.Value("data.modelarts_flavor.test", "id", knownvalue.StringExact(id))}
	}
	sellOut := func(ids ...string) func() {
		return func() { s.Configure(func(o *simulator.Options) { o.SoldOut = ids }) }
	}
	example, err := os.ReadFile("../../examples/data-sources/modelarts_flavor/candidates.tf")
	if err != nil {
		t.Fatal(err)
	}
	acctest.Check(t,
		resource.TestStep{
			Config:            s.Provider("") + string(example),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("gpu", knownvalue.StringExact("modelarts.vm.gpu.v100"))},
		},
		resource.TestStep{Config: config, ConfigStateChecks: chosen("modelarts.vm.gpu.v100")},
		resource.TestStep{PreConfig: sellOut("modelarts.vm.gpu.v100"), Config: config, ConfigStateChecks: chosen("modelarts.vm.gpu.t4")},
		resource.TestStep{
			PreConfig: sellOut("modelarts.vm.gpu.v100", "modelarts.vm.gpu.t4"), Config: config,
			ExpectError: regexp.MustCompile(`(?s)- modelarts.vm.gpu.none: the service lists no such flavor \(type = MANAGED\)\s+- modelarts.vm.gpu.v100: is sold out \(include_sold_out = false\)\s+- modelarts.vm.gpu.t4: is sold out`),
		},
		resource.TestStep{
			PreConfig: sellOut(), Config: s.Data("modelarts_flavor", "candidates = [\"modelarts.vm.gpu.t4\"]\ncategory = \"CPU\""),
			ExpectError: regexp.MustCompile(`- modelarts.vm.gpu.t4: is GPU \(category = CPU\)`),
		},
		resource.TestStep{Config: s.Data("modelarts_flavor", "candidates = []"), ExpectError: regexp.MustCompile(`Attribute candidates is empty`)},
		resource.TestStep{Config: config, ConfigStateChecks: chosen("modelarts.vm.gpu.v100")},
	)
}

// Whether ModelArts may act is known or not, in the words of the example's check.
func TestAccAuthorizationDataSource(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../examples/data-sources/modelarts_authorization/data-source.tf")
	if err != nil {
		t.Fatal(err)
	}
	const address = "data.modelarts_authorization.test"
	for name, tc := range map[string]struct {
		options    simulator.Options
		authorized knownvalue.Check
		entries    int
		warns      bool
	}{
		"yes":            {simulator.Options{}, knownvalue.Bool(true), 1, false},
		"yes, elsewhere": {simulator.Options{Answers: []string{"agency-in-content", "agency-all"}}, knownvalue.Bool(true), 1, false},
		"no":             {simulator.Options{NoAuthorization: true}, knownvalue.Bool(false), 0, true},
		"no, elsewhere":  {simulator.Options{NoAuthorization: true, Answers: []string{"agency-in-content"}}, knownvalue.Bool(false), 0, true},
		"not known":      {simulator.Options{ForbidAuthorizations: true}, knownvalue.Null(), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, tc.options)
			known := !tc.options.ForbidAuthorizations
			reason := knownvalue.Check(knownvalue.Null())
			if !known {
				reason = knownvalue.StringRegexp(regexp.MustCompile("may not read the authorizations: .*ModelArts.0112"))
			}
			acctest.Check(t, resource.TestStep{
				Config: s.Data("modelarts_authorization", ""),
				ConfigStateChecks: []statecheck.StateCheck{
					acctest.Value(address, "authorized", tc.authorized),
					acctest.Value(address, "known", knownvalue.Bool(known)),
					acctest.Value(address, "reason", reason),
					acctest.Value(address, "user_id", knownvalue.NotNull()),
					acctest.Value(address, "authorizations", knownvalue.ListSizeExact(tc.entries)),
				},
			})
			w := acctest.NewWorkspace(t, s.Provider("")+string(example))
			out := w.MustRun(t, "apply", "-auto-approve")
			if got := strings.Contains(out, "Check block assertion failed"); got != tc.warns {
				t.Errorf("the check warns: %t\n%s", got, out)
			}
		})
	}
}
