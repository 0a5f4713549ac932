package notebook_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A site that does not know public_network_config is named as a cause, by a create
// and by an update, and the notebook goes on as it was. Without the argument
// nothing of it is sent.
func TestAccNotebook_networkRefused(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Answers: []string{"network-refused"}})
	with := base.with(arguments{"public_network_config": `{ public_network_type = "SHARED" }`})
	refused := acctest.Text("ModelArts.6400: The parameter public_network_config is unknown.")
	advice := acctest.Text("this site of the service may not support it. Remove public_network_config from the configuration")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories, CheckDestroy: s.NothingLeft,
		Steps: []resource.TestStep{
			{Config: config(s, with), ExpectError: refused},
			{Config: config(s, with), ExpectError: advice},
			{Config: config(s, base), Check: s.ExpectWrites("CreateNotebook", "CreateNotebook", "CreateNotebook")},
			{Config: config(s, with), ExpectError: advice},
			{
				PreConfig: func() {
					if status := s.Only(t).Status; status != "RUNNING" {
						t.Errorf("after the refusal the notebook is %s", status)
					}
				},
				Config: config(s, base), PlanOnly: true,
			},
		},
	})
}

// What a service answers of public_network_config unasked is taken, and is neither
// a difference nor a request, after an import as well.
func TestAccNotebook_networkAnswered(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Answers: []string{"network-answered"}})
	shown := acctest.Value(address, "public_network_config.public_network_type", knownvalue.StringExact("NEW"))
	nothing := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories, CheckDestroy: s.NothingLeft,
		Steps: []resource.TestStep{
			{Config: config(s, base)},
			{
				PreConfig: func() {
					drift := simulator.Drift{PublicNetwork: &simulator.PublicNetwork{Type: "NEW"}}
					if err := s.Change(s.Only(t).ID, drift); err != nil {
						t.Fatal(err)
					}
					s.ResetRequests()
				},
				Config: config(s, base), ConfigPlanChecks: nothing,
				ConfigStateChecks: []statecheck.StateCheck{shown}, Check: s.ExpectWrites(),
			},
			{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"allow_stopping_for_update"}},
			{
				PreConfig: func() {
					imported := acctest.NewWorkspace(t, config(s, base))
					imported.MustRun(t, "import", address, s.Only(t).ID)
					if out := imported.MustRun(t, "apply", "-auto-approve"); len(s.Writes()) > 0 {
						t.Errorf("the apply after an import has sent %v:\n%s", s.Writes(), out)
					}
				},
				Config: config(s, base), PlanOnly: true,
			},
		},
	})
}
