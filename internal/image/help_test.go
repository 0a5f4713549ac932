package image_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
)

func at(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

// texts checks a set of texts.
func texts(want ...string) knownvalue.Check {
	all := make([]knownvalue.Check, len(want))
	for i, text := range want {
		all[i] = knownvalue.StringExact(text)
	}
	return knownvalue.SetExact(all)
}

// checkImages runs steps, and fails when an image or a notebook is left after the destroy.
func checkImages(t *testing.T, s *acctest.Service, steps ...resource.TestStep) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories, Steps: steps,
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{},
		CheckDestroy: func(state *terraform.State) error {
			if left := s.Images(); len(left) > 0 {
				return fmt.Errorf("%d images are left, the first %+v", len(left), left[0])
			}
			return s.NothingLeft(state)
		},
	})
}
