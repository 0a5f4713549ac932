package notebookstorage_test

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	address  = "modelarts_notebook_storage.test"
	notebook = "modelarts_notebook.test"
)

// arguments are the arguments of a resource, as HCL.
type arguments map[string]string

// lake is a mount with nothing but what is required.
var lake = arguments{
	"notebook_id": notebook + ".id",
	"category":    `"OBSFS"`,
	"uri":         `"obs://team-data/lake/"`,
	"mount_path":  `"/data/lake/"`,
}

// with is a copy with some arguments set or, where the value is empty, removed.
func (a arguments) with(changes arguments) arguments { return acctest.With(a, changes) }

// resource writes a mount of that name in HCL.
func (a arguments) resource(label string) string {
	return acctest.Block("modelarts_notebook_storage", label, a)
}

// notebookWith is the notebook, with further arguments.
func notebookWith(more arguments) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(more)) {
		lines = append(lines, name+" = "+more[name])
	}
	return strings.Replace(acctest.Notebook, `  volume {`, "  "+strings.Join(lines, "\n  ")+"\n  volume {", 1)
}

// config is the configuration of one notebook with one mount.
func config(s *acctest.Service, mount arguments) string {
	return s.Provider("") + notebookWith(nil) + mount.resource("test")
}

// mounts are the mounts of the one notebook, as PATH URI STATUS.
func mounts(t *testing.T, s *acctest.Service) (all []string) {
	t.Helper()
	for _, st := range s.Only(t).Storages {
		all = append(all, st.MountPath+" "+st.URI+" "+st.Status)
	}
	return all
}

// holds checks what is mounted on the one notebook.
func holds(t *testing.T, s *acctest.Service, want ...string) resource.TestCheckFunc {
	t.Helper()
	return func(*terraform.State) error {
		if got := mounts(t, s); !slices.Equal(got, want) {
			return fmt.Errorf("mounted: %q, want %q", got, want)
		}
		return nil
	}
}

const mounted = "/data/lake/ obs://team-data/lake/ MOUNTED"

// idsOf are the parts of the import ID of the mount in a state.
func idsOf(state *terraform.State) (region, notebookID, id string, err error) {
	r, there := state.RootModule().Resources[address]
	if !there || r.Primary == nil {
		return "", "", "", errors.New("the mount is not in the state")
	}
	a := r.Primary.Attributes
	return a["region"], a["notebook_id"], a["id"], nil
}

// attached counts the requests to mount since the last reset.
func attached(s *acctest.Service, want int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if got := s.Operations()["AttachDynamicStorage"]; got != want {
			return fmt.Errorf("%d mounts were requested, want %d", got, want)
		}
		return nil
	}
}

func action(what plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return acctest.Planned(address, what)
}

func TestAccNotebookStorage_life(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	s.Check(t,
		resource.TestStep{
			Config: config(s, lake),
			Check: resource.ComposeTestCheckFunc(
				holds(t, s, mounted),
				resource.TestCheckResourceAttr(address, "status", "MOUNTED"),
				resource.TestCheckResourceAttr(address, "start_notebook", "false"),
				resource.TestCheckNoResourceAttr(address, "failure_reason"),
				resource.TestMatchResourceAttr(address, "id", regexp.MustCompile(`^[0-9a-f-]{36}$`)),
			),
		},
		resource.TestStep{Config: config(s, lake), ConfigPlanChecks: acctest.EmptyPlan()},
		resource.TestStep{ // another spelling is no change
			Config:           config(s, lake.with(arguments{"category": `"obs"`, "uri": `"obs://team-data/lake"`, "mount_path": `"/data/lake"`})),
			ConfigPlanChecks: acctest.EmptyPlan(),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: func(state *terraform.State) (string, error) {
			_, notebookID, id, err := idsOf(state)
			return notebookID + "/" + id, err
		}},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateIdFunc: func(state *terraform.State) (string, error) {
			region, notebookID, id, err := idsOf(state)
			return region + "/" + notebookID + "/" + id, err
		}},
		resource.TestStep{ // nothing is sent for what concerns the provider
			PreConfig:        s.ResetRequests,
			Config:           config(s, lake.with(arguments{"start_notebook": "true", "timeouts": `{ create = "10m" }`})),
			ConfigPlanChecks: action(plancheck.ResourceActionUpdate),
			Check:            s.ExpectWrites(),
		},
		resource.TestStep{
			PreConfig:        s.ResetRequests,
			Config:           config(s, lake.with(arguments{"mount_path": `"/data/other"`})),
			ConfigPlanChecks: action(plancheck.ResourceActionReplace),
			Check:            holds(t, s, "/data/other/ obs://team-data/lake/ MOUNTED"),
		},
		resource.TestStep{
			Config: s.Provider("") + notebookWith(nil),
			Check:  holds(t, s),
		},
	)
}
