package notebook_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const address = "modelarts_notebook.test"

// takesFailedStarts is a service on which a start leads out of START_FAILED, which
// is an open question of the contract. Most tests of what a start does that is
// owed need it: on others a failed start is the end.
var takesFailedStarts = simulator.Options{Answers: []string{"start-failed-taken"}}

// arguments are the arguments of a notebook, as HCL.
type arguments map[string]string

// base is a notebook with nothing but what is required, and the consent to be
// stopped.
var base = arguments{
	"name":                      `"test"`,
	"flavor":                    quote(acctest.Flavor),
	"image_id":                  quote(acctest.Image),
	"volume":                    `{ category = "EVS" }`,
	"allow_stopping_for_update": "true",
}

// with is a copy with some arguments set or, where the value is empty, removed.
func (a arguments) with(changes arguments) arguments { return acctest.With(a, changes) }

// resource writes a notebook of that name in HCL.
func (a arguments) resource(label string) string {
	return acctest.Block("modelarts_notebook", label, a)
}

// config is the configuration of one notebook at a service.
func config(s *acctest.Service, a arguments) string {
	return s.Provider("") + a.resource("test")
}

func quote(s string) string { return fmt.Sprintf("%q", s) }

// idOf reads the ID of a notebook in the state.
func idOf(state *terraform.State, address string) (string, error) {
	r, there := state.RootModule().Resources[address]
	if !there || r.Primary == nil || r.Primary.ID == "" {
		return "", errors.New(address + " is not in the state")
	}
	return r.Primary.ID, nil
}

// sameNotebook checks in each step that the notebook is still the first one.
func sameNotebook(t *testing.T) func(*terraform.State) error {
	t.Helper()
	first := ""
	return func(state *terraform.State) error {
		id, err := idOf(state, address)
		if first == "" {
			first = id
		}
		if id != first {
			return fmt.Errorf("the notebook was replaced: %s is not %s", id, first)
		}
		return err
	}
}
