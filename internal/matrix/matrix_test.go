// Package matrix_test lets every operation that the notebook resource uses meet
// every fault that a network, a gateway or the service can have, and looks at
// what is left after one clean apply.
package matrix_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	running = "RUNNING"
	stopped = "STOPPED"

	requestTimeout = time.Second
	refused        = "connection refused"
)

// faults are the columns. Connections are refused to all notebooks alike, so that
// one has a workspace of its own.
var faults = []struct {
	name  string
	fault simulator.Fault
}{
	{refused, simulator.Fault{}},
	{"cut before the request", simulator.Fault{Kind: simulator.FaultCutBefore}},
	{"cut after the effect", simulator.Fault{Kind: simulator.FaultCutAfter}},
	{"500", simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6102"}},
	{"500 after the effect", simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6102", AfterEffect: true}},
	{"502 with HTML", simulator.Fault{Kind: simulator.FaultHTML}},
	{"502 with HTML after the effect", simulator.Fault{Kind: simulator.FaultHTML, AfterEffect: true}},
	{"503", simulator.Fault{Kind: simulator.FaultUnavailable}},
	{"408", simulator.Fault{Kind: simulator.FaultTimeout}},
	{"408 after the effect", simulator.Fault{Kind: simulator.FaultTimeout, AfterEffect: true}},
	{"429", simulator.Fault{Kind: simulator.FaultThrottle}},
	{"429 with Retry-After", simulator.Fault{Kind: simulator.FaultThrottle, RetryAfter: "1"}},
	{"truncated JSON", simulator.Fault{Kind: simulator.FaultTruncate}},
	{"empty body", simulator.Fault{Kind: simulator.FaultEmpty}},
	{"slower than request_timeout", simulator.Fault{Kind: simulator.FaultDelay, Delay: 18 * requestTimeout / 10}},
	{"401", simulator.Fault{Kind: simulator.FaultUnauthorized}},
	{"ModelArts.6355, not ready", simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6355"}},
	{"ModelArts.6357, busy", simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6357"}},
	{"stale read", simulator.Fault{Kind: simulator.FaultStale}},
	{"not found", simulator.Fault{Kind: simulator.FaultNotFound}},
	{"gateway code", simulator.Fault{Kind: simulator.FaultRefuse, Code: "APIG.0101", Status: http.StatusNotFound}},
}

// every is how many faults are passed over in the rows of mounts, images and ignored tags,
// which take longest, where not all are asked for. Each row begins with another fault.
var every = flag.Int("matrix.every", 8, "rows of mounts, images and ignored tags meet every so many faults; 1: all, as in make matrix")

func chosen(row, column int) bool { return (row+column)%max(1, *every) == 0 }

// notebook is what a configuration asks for.
type notebook struct {
	flavor, lease, tag, desired string
	mount                       bool // storage is mounted on it
	ignored                     bool // it has a tag of others, which the provider ignores
}

// row is an operation in the course of a change.
type row struct {
	name, operation string
	before, after   *notebook // nil: there is none
	asleep          bool      // it is stopped before the change
	status          string    // what it must be in the end
	// refuses is the answer after which connections are refused, so that the
	// operation meets it: a method, with a status for a GET. Empty: from the
	// beginning.
	refuses string
	// whole says that the operation concerns no single notebook, so that each
	// fault has a workspace of its own too.
	whole bool
	crowd int // notebooks beside it, so that a list is worth its call
}

var (
	plain  = &notebook{flavor: acctest.Flavor}
	larger = &notebook{flavor: acctest.LargerFlavor}
	lease  = func(duration string) *notebook { return &notebook{flavor: acctest.Flavor, lease: duration} }
	tagged = func(tag string) *notebook { return &notebook{flavor: acctest.Flavor, tag: tag} }
	mounts = func(flavor string) *notebook { return &notebook{flavor: flavor, mount: true} }
	beside = func(tag string) *notebook { return &notebook{flavor: acctest.Flavor, tag: tag, ignored: true} }
	wants  = func(status string) *notebook { return &notebook{flavor: acctest.Flavor, desired: status} }
)

var rows = []row{
	{name: "create", operation: "CreateNotebook", after: plain, status: running},
	{name: "wait for a create", operation: "ShowNotebook", after: plain, status: running, refuses: "POST", whole: true},
	{name: "tags of a create", operation: "CreateNotebookTags", after: tagged("a"), status: running, refuses: "GET " + running},
	{name: "create, then stop", operation: "StopNotebook", after: wants(stopped), status: stopped, refuses: "GET " + running},
	{name: "refresh and update", operation: "ShowNotebook", before: plain, after: larger, status: running, whole: true},
	{name: "stop for an update", operation: "StopNotebook", before: plain, after: larger, status: running, refuses: "GET " + running},
	{name: "update", operation: "UpdateNotebook", before: plain, after: larger, status: running, refuses: "GET " + stopped},
	{name: "start after an update", operation: "StartNotebook", before: plain, after: larger, status: running, refuses: "PUT"},
	{name: "update of a stopped one", operation: "UpdateNotebook", before: plain, after: larger, asleep: true, status: stopped, refuses: "GET " + stopped},
	{name: "stop", operation: "StopNotebook", before: wants(running), after: wants(stopped), status: stopped, refuses: "GET " + running},
	{name: "start", operation: "StartNotebook", before: wants(stopped), after: wants(running), status: running, refuses: "GET " + stopped},
	{name: "renew the lease", operation: "RenewLease", before: lease("2h"), after: lease("8h"), status: running, refuses: "GET " + running},
	{name: "set tags", operation: "CreateNotebookTags", before: tagged("a"), after: tagged("b"), status: running, refuses: "GET " + running},
	{name: "remove tags", operation: "DeleteNotebookTags", before: tagged("a"), after: plain, status: running, refuses: "GET " + running},
	{name: "set tags beside others", operation: "CreateNotebookTags", before: beside("a"), after: beside("b"), status: running, refuses: "GET " + running},
	{name: "remove them", operation: "DeleteNotebookTags", before: beside("a"), after: beside(""), status: running, refuses: "GET " + running},
	{name: "read them", operation: "ShowNotebook", before: beside("a"), after: beside("b"), status: running, whole: true},
	{name: "delete", operation: "DeleteNotebook", before: plain},
	{name: "wait for a delete", operation: "ShowNotebook", before: plain, refuses: "DELETE", whole: true},
	{name: "mount", operation: "AttachDynamicStorage", before: plain, after: mounts(acctest.Flavor), status: running, refuses: "GET " + running},
	{name: "wait for a mount", operation: "ShowDynamicStorage", before: plain, after: mounts(acctest.Flavor), status: running, refuses: "POST"},
	{name: "look before a mount", operation: "ListDynamicStorages", before: plain, after: mounts(acctest.Flavor), status: running, refuses: "GET " + running},
	{name: "refresh of a mount", operation: "ShowDynamicStorage", before: mounts(acctest.Flavor), after: mounts(acctest.LargerFlavor), status: running},
	{name: "look before a restart", operation: "ListDynamicStorages", before: mounts(acctest.Flavor), after: mounts(acctest.LargerFlavor), status: running, refuses: "GET " + running},
	{name: "mount after a restart", operation: "AttachDynamicStorage", before: mounts(acctest.Flavor), after: mounts(acctest.LargerFlavor), status: running, refuses: "PUT"},
	{name: "unmount", operation: "DetachDynamicStorage", before: mounts(acctest.Flavor), after: plain, status: running, refuses: "GET " + running},
	{name: "unmount, then delete", operation: "DetachDynamicStorage", before: mounts(acctest.Flavor), refuses: "GET " + running},
	{name: "find the project", operation: "KeystoneListProjects", before: plain, after: larger, status: running, whole: true},
	{name: "refresh by list", operation: "ListNotebooks", before: plain, after: larger, status: running, whole: true, crowd: 3},
	{name: "flavors of the plan", operation: "ListFlavors", before: plain, after: larger, status: running, whole: true},
	{name: "images of the plan", operation: "ListImage", before: nil, after: plain, status: running, whole: true},
}

// cells of the table.
const (
	atOnce    = "."
	byTheNext = "2"
	wrong     = "X"
	unmet     = "-"
)

func TestMatrix(t *testing.T) {
	var mu sync.Mutex
	table := make([][]string, len(rows))
	t.Cleanup(func() { show(table) })
	for i, r := range rows {
		table[i] = make([]string, len(faults))
		note := func(column int, cell string) {
			mu.Lock()
			defer mu.Unlock()
			table[i][column] = cell
		}
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			together := []int{}
			for column := range faults {
				if (r.mounts() || r.ignores() && r.whole) && !chosen(i, column) {
					continue
				}
				if r.whole || faults[column].name == refused {
					r.meets(t, []int{column}, note)
					continue
				}
				together = append(together, column)
			}
			if len(together) > 0 {
				r.meets(t, together, note)
			}
		})
	}
}

// meets lets the operation meet faults, each with a notebook of its own, and
// checks what is left after a clean apply.
func (r row) meets(t *testing.T, columns []int, note func(int, string)) {
	t.Helper()
	short := 60 * time.Millisecond
	s := acctest.New(t, simulator.Options{CreateTime: short, StartTime: short, StopTime: short, DeleteTime: short})
	w := acctest.NewWorkspace(t, config(s, r.before, columns, r))
	log := filepath.Join(w.Dir, "log")
	w.Setenv("TF_LOG_PROVIDER", "DEBUG")
	w.Setenv("TF_LOG_PATH", log)
	if r.before != nil || r.crowd > 0 {
		w.MustRun(t, "apply", "-auto-approve")
	}
	first := map[string]string{}
	for _, n := range s.Notebooks() {
		first[n.Name] = n.ID
		if r.ignores() {
			if err := s.Change(n.ID, simulator.Drift{Tags: map[string]string{"team": r.before.tag, "owner": "kim"}}); err != nil {
				t.Fatal(err)
			}
		}
		if r.asleep {
			status := stopped
			if err := s.Change(n.ID, simulator.Drift{Status: &status}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r.asleep {
		w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
	}

	w.Configure(t, config(s, r.after, columns, r))
	armed := map[int]int{}
	arm := func() {
		for _, column := range columns {
			f := faults[column].fault
			if f.Kind == "" {
				continue
			}
			if f.Operation = r.operation; !r.whole {
				f.Notebook = name(column)
			}
			armed[column] = s.Inject(f)
		}
	}
	var out string
	missed := map[int]bool{}
	if faults[columns[0]].name == refused {
		out = r.refuse(t, s, w)
		if text, err := os.ReadFile(log); err != nil || !strings.Contains(string(text), refused) {
			t.Errorf("%s: no connection was refused: %v", r.name, err)
			missed[columns[0]] = true
		}
	} else {
		arm()
		out, _ = w.Run(t, "apply", "-auto-approve") // it may well fail
	}
	for _, f := range s.Faults() {
		for column, id := range armed {
			if id == f.ID && f.Hits == 0 {
				t.Errorf("%s: the fault %q hit nothing", r.name, faults[column].name)
				missed[column] = true
			}
		}
	}
	s.ClearFaults()

	clean, err := w.Run(t, "apply", "-auto-approve")
	if err != nil {
		t.Errorf("%s: the clean apply failed:\n%s\nafter\n%s", r.name, clean, out)
	}
	next := ""
	if !r.whole { // those are many
		next, _ = w.Run(t, "plan")
	}
	for _, column := range columns {
		problem := r.unlike(t, s, w, name(column), first[name(column)])
		changes := strings.Contains(next, "modelarts_notebook."+name(column)+" ") || strings.Contains(next, "modelarts_notebook_storage."+name(column)+" ")
		if problem == "" && changes {
			problem = "the next plan is not empty:\n" + next
		}
		switch {
		case problem != "" || err != nil:
			t.Errorf("%s, %s: %s\nThe apply with the fault:\n%s", r.name, faults[column].name, problem, out)
			note(column, wrong)
		case missed[column]:
			note(column, unmet)
		case failed(out, name(column), first[name(column)]):
			note(column, byTheNext)
		default:
			note(column, atOnce)
		}
	}
	if want := len(columns) + r.crowd; len(s.Notebooks()) > want {
		t.Errorf("%s: the service holds %d notebooks for %d", r.name, len(s.Notebooks()), want)
	}
}

// mounts reports whether the row is about a mount.
func (r row) mounts() bool {
	return r.before != nil && r.before.mount || r.after != nil && r.after.mount
}

// ignores reports whether the row is about tags that the provider ignores.
func (r row) ignores() bool { return r.after != nil && r.after.ignored }

// refuse has connections refused when the operation is about to be called.
func (r row) refuse(t *testing.T, s *acctest.Service, w *acctest.Workspace) string {
	t.Helper()
	// The plan has its own process, so that the apply begins with the operation.
	out := w.MustRun(t, "plan", "-out=plan")
	var after func(*http.Request, []byte) bool
	if method, status, _ := strings.Cut(r.refuses, " "); method != "" {
		after = func(req *http.Request, answer []byte) bool {
			return req.Method == method && strings.Contains(req.URL.Path, "/notebooks") && strings.Contains(string(answer), `"status":"`+status)
		}
		if status == "" {
			after = func(req *http.Request, _ []byte) bool {
				return req.Method == method && strings.Contains(req.URL.Path, "/notebooks")
			}
		}
	}
	s.Refuse(1500*time.Millisecond, after)
	applied, _ := w.Run(t, "apply", "plan") // it may well fail
	s.AwaitConnections()
	return out + applied
}

// unlike says in what the service or the state is not what the configuration
// says.
func (r row) unlike(t *testing.T, s *acctest.Service, w *acctest.Workspace, name, first string) string {
	t.Helper()
	var found []simulator.NotebookInfo
	for _, n := range s.Notebooks() {
		if n.Name == name {
			found = append(found, n)
		}
	}
	id, tainted := inState(t, w, name)
	if r.after == nil {
		if len(found) > 0 || id != "" {
			return fmt.Sprintf("left: %+v, in the state: %s", found, id)
		}
		return ""
	}
	if len(found) != 1 {
		return fmt.Sprintf("the service holds %d: %+v", len(found), found)
	}
	n := found[0]
	switch {
	case n.ID != id || tainted:
		return fmt.Sprintf("the state holds %q, tainted: %t, the service %s", id, tainted, n.ID)
	case first != "" && n.ID != first:
		return "the notebook was replaced"
	case n.Status != r.status || n.Flavor != r.after.flavor || n.Tags["team"] != r.after.tag:
		return fmt.Sprintf("the service holds %+v", n)
	case r.ignores() && n.Tags["owner"] != "kim":
		return fmt.Sprintf("the tags are %v", n.Tags)
	case r.after.mount && (len(n.Storages) != 1 || n.Storages[0].Status != "MOUNTED"), !r.after.mount && len(n.Storages) > 0:
		return fmt.Sprintf("what is mounted: %+v", n.Storages)
	case r.after.lease == "8h" && n.Lease.Duration < 8*time.Hour.Milliseconds():
		return fmt.Sprintf("the lease is %+v", n.Lease)
	}
	// Nothing was made twice, or thrown away on the way.
	for _, call := range s.Requests() {
		if call.Operation == "DeleteNotebook" {
			return "a notebook was deleted: " + call.NotebookID
		}
	}
	return ""
}

func inState(t *testing.T, w *acctest.Workspace, label string) (id string, tainted bool) {
	t.Helper()
	var state struct {
		Resources []struct {
			Type      string `json:"type"`
			Name      string `json:"name"`
			Instances []struct {
				Status     string `json:"status"`
				Attributes struct {
					ID string `json:"id"`
				} `json:"attributes"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(w.State(t)), &state); err != nil {
		t.Fatal(err)
	}
	for _, resource := range state.Resources {
		if resource.Name == label && resource.Type == "modelarts_notebook" {
			return resource.Instances[0].Attributes.ID, resource.Instances[0].Status == "tainted"
		}
	}
	return "", false
}

// errorOf finds the resources that the errors of an output are about.
var errorOf = regexp.MustCompile(`with modelarts_notebook(?:_storage)?\.(\w+),`)

func failed(out, label, id string) bool {
	for _, block := range strings.Split(out, "Error: ")[1:] {
		about := ""
		if m := errorOf.FindStringSubmatch(block); len(m) == 2 {
			about = m[1]
		}
		// The errors of a destroy name the ID alone.
		if about == label || about == "" && (id == "" || strings.Contains(strings.Join(strings.Fields(block), ""), id)) {
			return true
		}
	}
	return false
}

func name(column int) string { return fmt.Sprintf("n%02d", column) }

// config asks for one notebook for each column.
func config(s *acctest.Service, n *notebook, columns []int, r row) string {
	more := fmt.Sprintf("request_timeout = %q", requestTimeout)
	if r.operation != "KeystoneListProjects" {
		// The first call of an apply is then one about a notebook.
		more += fmt.Sprintf("\n project_id = %q", s.Options().ProjectID)
	}
	if r.ignores() {
		more += "\n ignore_tags = { keys = [\"owner\"] }"
	}
	if !r.whole {
		more += "\n plan_checks = \"off\""
	}
	text := s.Provider(more)
	for _, column := range columns {
		if n != nil {
			text += n.hcl(name(column))
		}
	}
	for i := range r.crowd {
		text += plain.hcl(fmt.Sprintf("beside%d", i))
	}
	return text
}

func (n *notebook) hcl(label string) string {
	more := ""
	if n.lease != "" {
		more += fmt.Sprintf("  lease = { duration = %q }\n", n.lease)
	}
	if n.tag != "" {
		more += fmt.Sprintf("  tags = { team = %q }\n", n.tag)
	}
	if n.desired != "" {
		more += fmt.Sprintf("  desired_status = %q\n", n.desired)
	}
	return fmt.Sprintf(`
resource "modelarts_notebook" %[1]q {
  name                      = %[1]q
  flavor                    = %[2]q
  image_id                  = %[3]q
  allow_stopping_for_update = true
  volume { category = "EVS" }
%[4]s}
`, label, n.flavor, acctest.Image, more) + n.mountHCL(label)
}

func (n *notebook) mountHCL(label string) string {
	if !n.mount {
		return ""
	}
	return fmt.Sprintf(`
resource "modelarts_notebook_storage" %[1]q {
  notebook_id = modelarts_notebook.%[1]s.id
  category    = "OBSFS"
  uri         = "obs://team-data/lake/"
  mount_path  = "/data/lake/"
}
`, label)
}

// show prints the table.
func show(table [][]string) {
	names := make([][2]string, len(rows))
	for i, r := range rows {
		names[i] = [2]string{r.name, r.operation}
	}
	showRows(names, table)
}

// showRows prints a table of rows with these names and operations.
func showRows(names [][2]string, table [][]string) {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%-24s %-20s", "", "")
	for column := range faults {
		fmt.Fprintf(&text, " %2d", column+1)
	}
	counts := map[string]int{}
	for i, name := range names {
		fmt.Fprintf(&text, "\n%-24s %-20s", name[0], name[1])
		for _, cell := range table[i] {
			if cell == "" {
				cell = unmet
			}
			counts[cell]++
			fmt.Fprintf(&text, " %2s", cell)
		}
	}
	text.WriteString("\n\n")
	for column, f := range faults {
		fmt.Fprintf(&text, "%2d %s\n", column+1, f.name)
	}
	fmt.Fprintf(&text, "\n%s the apply that met the fault did it: %d\n%s the next apply did it: %d\n%s wrong: %d\n%s not met: %d\n",
		atOnce, counts[atOnce], byTheNext, counts[byTheNext], wrong, counts[wrong], unmet, counts[unmet])
	fmt.Print(text.String()) //nolint:forbidigo // the table is what "make matrix" is for
}
