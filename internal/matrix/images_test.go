package matrix_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// imageRow is an operation on an image in the course of a change. Each fault has a
// workspace of its own.
type imageRow struct {
	name, operation string
	before, after   string // the configuration, besides the notebook
	images          int    // that there are in the end
}

const (
	registeredImage = `
resource "modelarts_image" "test" {
  swr_path = "swr.example.com/team/vision:1.0.0"
  read_me  = %q
}
`
	savedImage = `
resource "modelarts_notebook_image" "test" {
  notebook_id = modelarts_notebook.beside.id
  namespace   = "team"
  name        = "vision"
  tag         = "1.0.0"
}
`
)

var imageRows = []imageRow{
	{name: "register an image", operation: "RegisterImage", after: fmt.Sprintf(registeredImage, "a"), images: 1},
	{name: "wait for a registration", operation: "ShowImage", after: fmt.Sprintf(registeredImage, "a"), images: 1},
	{name: "find the group", operation: "ListImageGroup", before: fmt.Sprintf(registeredImage, "a"), after: fmt.Sprintf(registeredImage, "b"), images: 1},
	{name: "change the group", operation: "UpdateImageGroup", before: fmt.Sprintf(registeredImage, "a"), after: fmt.Sprintf(registeredImage, "b"), images: 1},
	{name: "delete a registration", operation: "DeleteImage", before: fmt.Sprintf(registeredImage, "a")},
	{name: "save a notebook", operation: "CreateImage", after: savedImage, images: 1},
	{name: "wait for a save", operation: "ShowImage", after: savedImage, images: 1},
	{name: "delete a saved image", operation: "DeleteImage", before: savedImage},
}

// Every operation on an image meets every fault that an answer can have.
func TestImageMatrix(t *testing.T) {
	table := make([][]string, len(imageRows))
	names := make([][2]string, len(imageRows))
	t.Cleanup(func() { showRows(names, table) })
	for i, r := range imageRows {
		table[i], names[i] = make([]string, len(faults)), [2]string{r.name, r.operation}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			met := false
			for column, f := range faults {
				if f.name != refused && chosen(i, column) {
					table[i][column] = r.meets(t, column)
					met = met || table[i][column] != unmet
				}
			}
			if !met {
				t.Errorf("%s: nothing called %s", r.name, r.operation)
			}
		})
	}
}

// meets lets the operation meet a fault, and checks what is left after a clean apply.
func (r imageRow) meets(t *testing.T, column int) string {
	t.Helper()
	const short = 60 * time.Millisecond
	s := acctest.New(t, simulator.Options{CreateTime: short, SnapshotTime: short, Answers: []string{"image-kept"}})
	config := func(images string) string {
		return s.Provider(fmt.Sprintf("request_timeout = %q\n project_id = %q", requestTimeout, s.Options().ProjectID)) + plain.hcl("beside") + images
	}
	w := acctest.NewWorkspace(t, config(r.before))
	w.MustRun(t, "apply", "-auto-approve")
	w.Configure(t, config(r.after))
	f := faults[column].fault
	f.Operation = r.operation
	s.Inject(f)
	out, err := w.Run(t, "apply", "-auto-approve")
	missed := s.Faults()[0].Hits == 0
	s.ClearFaults()
	clean, failed := w.Run(t, "apply", "-auto-approve")
	next, _ := w.Run(t, "plan")
	problem := ""
	switch {
	case failed != nil:
		problem = "the clean apply failed:\n" + clean
	case !strings.Contains(next, "No changes."):
		problem = "the next plan is not empty:\n" + next
	case len(s.Images()) != r.images:
		problem = fmt.Sprintf("the service holds %+v", s.Images())
	case strings.Contains(w.State(t), `"tainted"`):
		problem = "the state holds a tainted image"
	}
	switch {
	case problem != "":
		t.Errorf("%s, %s: %s\nThe apply with the fault:\n%s", r.name, faults[column].name, problem, out)
		return wrong
	case missed:
		return unmet
	case err != nil:
		return byTheNext
	default:
		return atOnce
	}
}
