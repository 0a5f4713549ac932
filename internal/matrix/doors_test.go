package matrix_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// doorRow is an operation in the use of what there is besides resources: queries, actions,
// the ephemeral access, and the read of a state that was moved. The provider is spoken to as
// Terraform does it, so that each fault takes milliseconds. Each has a service of its own.
type doorRow struct {
	name, operation string
	skip            int    // calls of the operation that are spared
	status          string // of the notebook before; empty: RUNNING
	// use uses the door once. A problem is what must not come of it, also where it ends with
	// an error.
	use func(*used) (said []*tfprotov6.Diagnostic, problem string)
	// readOnly reports that nothing may be called that changes something.
	readOnly bool
	// mounts reports that what is mounted is mounted again, which takes longest: in the tests
	// of each day some faults are passed over.
	mounts bool
}

// used is a service with a notebook, a mount and an image that was saved from it.
type used struct {
	t  *testing.T
	s  *acctest.Service
	p  *acctest.Protocol
	id string
	// mounted reports that something is mounted.
	mounted bool
}

var doorRows = []doorRow{
	{name: "query notebooks", operation: "ListAllNotebooks", use: queries("modelarts_notebook", 1, false), readOnly: true},
	{name: "query, second list", operation: "ListAllNotebooks", skip: 1, use: queries("modelarts_notebook", 1, false), readOnly: true},
	{name: "query whole notebooks", operation: "ShowNotebook", use: queries("modelarts_notebook", 1, true), readOnly: true},
	{name: "query mounts", operation: "ListDynamicStorages", use: queries("modelarts_notebook_storage", 1, true), readOnly: true},
	{name: "query their notebooks", operation: "ListAllNotebooks", use: queries("modelarts_notebook_storage", 1, true), readOnly: true},
	{name: "query images", operation: "ListImage", use: queries("modelarts_image", 3, true), readOnly: true},
	{name: "query whole images", operation: "ShowImage", use: queries("modelarts_image", 3, true), readOnly: true},
	{name: "query, find the project", operation: "KeystoneListProjects", use: queries("modelarts_image", 3, false), readOnly: true},

	{name: "read a moved notebook", operation: "ShowNotebook", use: moved("modelarts_notebook"), readOnly: true},
	{name: "its project", operation: "KeystoneListProjects", use: moved("modelarts_notebook"), readOnly: true},
	{name: "read a moved mount", operation: "ShowDynamicStorage", use: moved("modelarts_notebook_storage"), readOnly: true},
	{name: "read a moved image", operation: "ShowImage", use: moved("modelarts_notebook_image"), readOnly: true},

	{name: "open an access", operation: "ShowNotebook", use: opens, readOnly: true},
	{name: "access, project", operation: "KeystoneListProjects", use: opens, readOnly: true},

	{name: "start: look", operation: "ShowNotebook", status: stopped, use: invokes("start", running)},
	{name: "start: second look", operation: "ShowNotebook", skip: 1, status: stopped, use: invokes("start", running)},
	{name: "start", operation: "StartNotebook", status: stopped, use: invokes("start", running)},
	{name: "start: wait", operation: "ShowNotebook", skip: 2, status: stopped, use: invokes("start", running)},
	{name: "stop: look", operation: "ShowNotebook", use: invokes("stop", stopped)},
	{name: "stop: second look", operation: "ShowNotebook", skip: 1, use: invokes("stop", stopped)},
	{name: "stop", operation: "StopNotebook", use: invokes("stop", stopped)},
	{name: "stop: wait", operation: "ShowNotebook", skip: 2, use: invokes("stop", stopped)},
	{name: "restart: stop", operation: "StopNotebook", use: invokes("restart", running)},
	{name: "restart: second look", operation: "ShowNotebook", skip: 1, use: invokes("restart", running)},
	{name: "restart: start", operation: "StartNotebook", use: invokes("restart", running)},
	{name: "restart: wait", operation: "ShowNotebook", skip: 3, use: invokes("restart", running)},
	{name: "restart: mounts", operation: "ListDynamicStorages", use: invokes("restart", running), mounts: true},
	{name: "restart: mount again", operation: "AttachDynamicStorage", use: invokes("restart", running), mounts: true},
	{name: "renew", operation: "RenewLease", use: invokes("renew_lease", running)},
	{name: "renew: look", operation: "ShowNotebook", use: invokes("renew_lease", running)},
	{name: "renew: second look", operation: "ShowNotebook", skip: 1, use: invokes("renew_lease", running)},
}

// Every operation of a door meets every fault that an answer can have. The door does what
// it is to do, or says so in an error, after which it can be used again.
func TestDoorMatrix(t *testing.T) {
	t.Parallel()
	table, names := make([][]string, len(doorRows)), make([][2]string, len(doorRows))
	t.Cleanup(func() { showRows(names, table) })
	// They wait more than they work, so that they are more at a time than -parallel says.
	var rows sync.WaitGroup
	defer rows.Wait()
	for i, r := range doorRows {
		table[i], names[i] = make([]string, len(faults)), [2]string{r.name, r.operation}
		rows.Go(func() {
			t.Run(r.name, func(t *testing.T) {
				met := false
				for column, f := range faults {
					if f.name != refused && (!r.mounts || chosen(i, column)) {
						table[i][column] = r.meets(t, column)
						met = met || table[i][column] != unmet
					}
				}
				if !met {
					t.Errorf("%s: nothing called %s", r.name, r.operation)
				}
			})
		})
	}
}

func (r doorRow) meets(t *testing.T, column int) string {
	t.Helper()
	u := newUsed(t, r.readOnly || r.mounts)
	if r.status != "" {
		if err := u.s.Change(u.id, simulator.Drift{Status: &r.status}); err != nil {
			t.Fatal(err)
		}
	}
	u.s.ResetRequests()
	f := faults[column].fault
	if f.Operation, f.Skip = r.operation, r.skip; f.Kind == simulator.FaultStale {
		f.Age = time.Minute
	}
	u.s.Inject(f)
	wrongly := func(format string, args ...any) string {
		t.Errorf("%s, %s: %s", r.name, faults[column].name, fmt.Sprintf(format, args...))
		return wrong
	}
	said, problem := r.use(u)
	if problem != "" {
		return wrongly("%s: %s", problem, acctest.Said(said))
	}
	missed := u.s.Faults()[0].Hits == 0
	cell := atOnce
	if text := acctest.Said(said); strings.Contains(text, "ERROR") {
		cell = byTheNext
		u.s.ClearFaults()
		again, problem := r.again(u, said)
		if problem != "" || strings.Contains(acctest.Said(again), "ERROR") {
			return wrongly("it cannot be done again: %s %s\nafter %s", problem, acctest.Said(again), text)
		}
	}
	if calls := u.s.Writes(); r.readOnly && len(calls) > 0 {
		return wrongly("it called %q", calls)
	}
	if mounts, _ := u.s.Notebook(u.id); len(mounts.Storages) > 1 {
		return wrongly("mounted: %+v", mounts.Storages)
	}
	if missed {
		return unmet
	}
	return cell
}

// again uses the door again. A restart that has left the notebook stopped says to start it.
func (r doorRow) again(u *used, said []*tfprotov6.Diagnostic) ([]*tfprotov6.Diagnostic, string) {
	n, _ := u.s.Notebook(u.id)
	if strings.HasPrefix(r.name, "restart") && n.Status == stopped {
		if !strings.Contains(acctest.Said(said), "start it with the action modelarts_notebook_start") {
			return said, "the notebook is stopped, and the error does not say how to start it"
		}
		return invokes("start", running)(u)
	}
	return r.use(u)
}

// newUsed makes what is used, a while ago, so that an older answer shows it too.
func newUsed(t *testing.T, mounted bool) *used {
	t.Helper()
	const short = 10 * time.Millisecond
	s := acctest.New(t, simulator.Options{CreateTime: short, StartTime: short, StopTime: short, MountTime: short, SnapshotTime: short})
	flavor, capacity, tag := acctest.Flavor, int64(5), "1.0.0"
	client := s.Client(t)
	nb, err := client.CreateNotebook(t.Context(), modelarts.NotebookCreateRequest{
		Name: "test", Flavor: &flavor, ImageID: acctest.Image, Volume: modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED", Capacity: &capacity},
		Endpoints: []modelarts.EndpointsReq{{Service: new("SSH"), KeyPairNames: []string{"key"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	u := &used{t: t, s: s, id: nb.ID, mounted: mounted}
	u.becomes(running)
	if mounted {
		if _, err := client.AttachDynamicStorage(t.Context(), u.id, modelarts.StorageMountRequest{Category: "OBSFS", MountPath: "/data/lake/", URI: "obs://team-data/lake/"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.CreateImage(t.Context(), u.id, modelarts.ImageSaveRequest{Name: "saved", Namespace: "team", Tag: &tag}); err != nil {
		t.Fatal(err)
	}
	u.becomes(running)
	s.Advance(10 * time.Minute)
	u.p = s.Protocol(t, acctest.Values{"request_timeout": requestTimeout.String()})
	return u
}

func (u *used) becomes(status string) {
	u.t.Helper()
	acctest.Eventually(u.t, "the notebook is "+status, func() bool {
		n, there := u.s.Notebook(u.id)
		return there && n.Status == status
	})
}

// queries lists objects of a type, of which there are so many. A query shows all of them,
// or none and an error.
func queries(resource string, there int, whole bool) func(*used) ([]*tfprotov6.Diagnostic, string) {
	return func(u *used) ([]*tfprotov6.Diagnostic, string) {
		config := acctest.Values{"workspace_ids": []string{"0", simulator.DefaultWorkspace}}
		rows, said := u.p.Query(u.t.Context(), acctest.Query{Type: resource, Config: config, Include: whole})
		failed := strings.Contains(acctest.Said(said), "ERROR")
		if !failed && len(rows) != there || failed && len(rows) > 0 {
			return said, fmt.Sprintf("%d of %d objects are shown", len(rows), there)
		}
		if slices.ContainsFunc(rows, func(row acctest.Found) bool { return whole && row.State.IsNull() }) {
			return said, "a state is not there"
		}
		return said, ""
	}
}

// moved takes over an object from a state of the vendor's provider and reads it. It stays
// what it is.
func moved(resource string) func(*used) ([]*tfprotov6.Diagnostic, string) {
	return func(u *used) ([]*tfprotov6.Diagnostic, string) {
		n, _ := u.s.Notebook(u.id)
		images := u.s.Images()
		from := map[string]acctest.VendorInstance{
			"modelarts_notebook":         acctest.VendorNotebook(n, map[string]any{"key_pair": "key"}),
			"modelarts_notebook_storage": acctest.VendorMount(n), "modelarts_notebook_image": acctest.VendorImage(images[len(images)-1], u.id),
		}[resource]
		state := u.p.Moves(resource, from)
		after, said := u.p.Reads(resource, state)
		if strings.Contains(acctest.Said(said), "ERROR") {
			return said, ""
		}
		if after.IsNull() {
			return said, "it is taken for gone"
		}
		was, now := attributes(state), attributes(after)
		if !now["id"].Equal(was["id"]) || now["project_id"].IsNull() {
			return said, fmt.Sprintf("the ID was %s and is %s, in the project %s", was["id"], now["id"], now["project_id"])
		}
		return said, ""
	}
}

func attributes(v tftypes.Value) map[string]tftypes.Value {
	all := map[string]tftypes.Value{}
	_ = v.As(&all) // none of what is no object
	return all
}

// opens opens the access of the notebook. No error shows the token.
func opens(u *used) ([]*tfprotov6.Diagnostic, string) {
	got, said := u.p.Open("modelarts_notebook_access", acctest.Values{"notebook_id": u.id})
	n, _ := u.s.Notebook(u.id)
	switch failed := strings.Contains(acctest.Said(said), "ERROR"); {
	case strings.Contains(acctest.Said(said), n.Token):
		return said, "the token is shown"
	case !failed && got["token"] != n.Token:
		return said, fmt.Sprintf("the access is %v", got)
	}
	return said, ""
}

// invokes invokes an action, after which the notebook has the status and its mount.
func invokes(action, status string) func(*used) ([]*tfprotov6.Diagnostic, string) {
	return func(u *used) ([]*tfprotov6.Diagnostic, string) {
		with := acctest.Values{"notebook_id": u.id}
		if action == "renew_lease" {
			with["lease"] = acctest.Values{"duration": "8h"}
		}
		_, said := u.p.Invoke(u.t.Context(), "modelarts_notebook_"+action, with)
		if strings.Contains(acctest.Said(said), "ERROR") {
			return said, ""
		}
		n, _ := u.s.Notebook(u.id)
		switch {
		case n.Status != status:
			return said, "it ends well, and the notebook is " + n.Status
		case action == "renew_lease" && n.Lease.Duration < 7*time.Hour.Milliseconds():
			return said, fmt.Sprintf("it ends well, and the lease is %+v", n.Lease)
		case action == "restart" && u.mounted && (len(n.Storages) != 1 || n.Storages[0].Status != "MOUNTED") && !strings.Contains(acctest.Said(said), "WARNING"):
			return said, fmt.Sprintf("it ends well, and what is mounted is %+v", n.Storages)
		}
		return said, ""
	}
}
