package provider_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/provider"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/serve"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const (
	vendorAddress = acctest.VendorSource
	ownAddress    = "registry.terraform.io/modelarts-community/modelarts"
)

// movedBlocks matches the blocks "moved" of a configuration.
var movedBlocks = regexp.MustCompile(`(?m)^moved \{\n(.*\n)*?\}\n`)

// vendorImage is the one image that was saved, in a state of the vendor's provider.
func vendorImage(t *testing.T, s *acctest.Service, notebook string) acctest.VendorInstance {
	t.Helper()
	for _, i := range s.Images() {
		if i.Origin == "IMAGE_SAVE" {
			return acctest.VendorImage(i, notebook)
		}
	}
	t.Fatal("no image was saved")
	return acctest.VendorInstance{}
}

// moving is the example of the guide, its service with all that it has, and a state of
// the vendor's provider.
type moving struct {
	service *acctest.Service
	config  string
	state   []acctest.VendorInstance
	// own are the attributes that this provider has of the same objects, by type and name.
	own map[string]map[string]any
}

// newMoving makes what the example of the guide has, as if another provider had.
func newMoving(t *testing.T) *moving {
	t.Helper()
	example, err := os.ReadFile("../../examples/moving/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	m := &moving{service: acctest.New(t, simulator.Options{}), config: string(example)}
	w := acctest.NewWorkspace(t, m.service.Provider("")+movedBlocks.ReplaceAllString(m.config, ""))
	w.MustRun(t, "apply", "-auto-approve")
	saved := len(m.service.Images())
	if saved != 1 {
		t.Fatalf("the service holds %d images of the account", saved)
	}
	byName := make(map[string]simulator.NotebookInfo)
	for _, n := range m.service.Notebooks() {
		byName[n.Name] = n
	}
	stopped := "STOPPED"
	if err := m.service.Change(byName["stopped"].ID, simulator.Drift{Status: &stopped}); err != nil {
		t.Fatal(err)
	}
	w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
	m.own = attributesIn(t, w)
	disk, share, mounted := byName["disk"], byName["share"], byName["mounted"]
	m.state = []acctest.VendorInstance{
		acctest.VendorNotebook(disk, map[string]any{
			"tags":     map[string]any{"team": "vision", "stage": "dev"},
			"timeouts": map[string]any{"create": "20m", "update": nil, "delete": "10m"},
		}),
		acctest.VendorNotebook(share, map[string]any{
			"key_pair": "my-key-pair", "allowed_access_ips": []any{"203.0.113.8", "203.0.113.7"}, "ssh_uri": "ssh://ma-user@dev.example.com:30581",
			"volume": []any{map[string]any{
				"type": "EFS", "ownership": "DEDICATED", "size": 0, "uri": share.Volume.URI, "id": share.Volume.ID, "mount_path": "/home/ma-user/work/",
			}},
		}),
		acctest.VendorNotebook(byName["stopped"], map[string]any{"status": "STOPPED"}),
		acctest.VendorNotebook(mounted, map[string]any{"mount_storages": []any{map[string]any{
			"id": mounted.Storages[0].ID, "type": "OBSFS", "mount_path": "/data/lake/", "path": mounted.Storages[0].URI, "status": "MOUNTED",
		}}}),
	}
	m.state = append(m.state, vendorImage(t, m.service, mounted.ID), acctest.VendorMount(mounted))
	// The vendor's provider shows the image that the notebook was saved as, and goes on with.
	m.own["modelarts_notebook.mounted"]["image_id"] = mounted.ImageID
	m.service.ResetRequests()
	return m
}

// workspace is one with the configuration of the example and a state of the vendor's
// provider.
func (m *moving) workspace(t *testing.T, vendor string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, m.service.Provider("")+m.config)
	w.InstallVendor(t, "huaweicloud/huaweicloud")
	w.WriteVendorState(t, vendor, m.state...)
	return w
}

// programs are those that move states, with the address that a state has for the vendor's
// provider. OpenTofu takes part where it is in PATH. An empty path is a newer Terraform,
// which knows identities.
func programs(t *testing.T) map[string]struct{ path, vendor string } {
	t.Helper()
	all := map[string]struct{ path, vendor string }{"terraform": {"terraform", vendorAddress}, "a newer one": {"", vendorAddress}}
	if tofu, err := exec.LookPath("tofu"); err == nil {
		all["OpenTofu"] = struct{ path, vendor string }{tofu, "registry.opentofu.org/huaweicloud/huaweicloud"}
		all["OpenTofu, a state of Terraform"] = struct{ path, vendor string }{tofu, vendorAddress}
	}
	return all
}

// attributesIn are the attributes of the resources in the state, by type and name.
func attributesIn(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(w.State(t)), &state); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]map[string]any)
	for _, r := range state.Resources {
		all[r.Type+"."+r.Name] = r.Instances[0].Attributes
	}
	return all
}

// sameAsOwn compares what a move has come to with what this provider has of the same
// objects, attribute by attribute.
func (m *moving) sameAsOwn(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	moved := attributesIn(t, w)
	if len(moved) != len(m.own) {
		t.Errorf("the state has %d resources, want %d", len(moved), len(m.own))
	}
	for address, own := range m.own {
		if lease, is := own["lease"].(map[string]any); is {
			lease["type"] = nil // as after an import: it means nothing of a lease that is off
		}
		for name, want := range own {
			sameJSON(t, address+": "+name, moved[address][name], want)
		}
	}
}

// Each resource can be moved from its own type under another address, as from a mirror.
func TestEveryResourceMovesFromAnotherAddress(t *testing.T) {
	t.Parallel()
	server := serve.Protocol6(provider.New("test")())
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for kind := range schemas.ResourceSchemas {
		resp, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: "mirror.example.com/other/modelarts", SourceTypeName: kind, TargetTypeName: kind,
			SourceState: &tfprotov6.RawState{JSON: []byte(`{"id": "i"}`)},
		})
		if err != nil || len(resp.Diagnostics) > 0 {
			t.Errorf("%s: %v %v", kind, err, resp.Diagnostics)
		}
	}
}

// A state of the vendor's provider is taken over without a call that changes anything,
// and the plan after it is empty.
func TestAccProvider_move(t *testing.T) {
	t.Parallel()
	for name, program := range programs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMoving(t)
			w := m.workspace(t, program.vendor)
			if w.Terraform = program.path; w.Terraform == "" {
				w.Terraform = acctest.Newer(t)
			}
			before := m.service.Notebooks()
			out := w.MustRun(t, "apply", "-auto-approve")
			if !strings.Contains(out, "Apply complete! Resources: 0 added, 0 changed, 0 destroyed.") || strings.Contains(out, "Warning: Notebook") {
				t.Errorf("it printed\n%s", out)
			}
			w.MustRun(t, "plan", "-detailed-exitcode")
			m.sameAsOwn(t, w)
			if writes := m.service.Writes(); len(writes) > 0 {
				t.Errorf("calls were made that change something: %q", writes)
			}
			for i, n := range m.service.Notebooks() {
				if n.Status != before[i].Status || n.ID != before[i].ID {
					t.Errorf("the notebook %q was %s and is %s", n.Name, before[i].Status, n.Status)
				}
			}
			if state := w.State(t); strings.Contains(state, program.vendor) || strings.Contains(state, `"huaweicloud_`) {
				t.Errorf("the state still names the vendor's provider:\n%s", state)
			}
		})
	}
}

// A notebook that was saved as an image, and whose old state has not been refreshed since,
// keeps its image without ignore_changes.
func TestAccProvider_moveOfANotebookThatWasSaved(t *testing.T) {
	t.Parallel()
	m := newMoving(t)
	const mounted = 3
	m.state[mounted].Attributes["image_id"] = acctest.Image
	m.config = regexp.MustCompile(`(?m)^ {2}lifecycle \{\n(.*\n)*? {2}\}\n`).ReplaceAllString(m.config, "")
	w := m.workspace(t, vendorAddress)
	if out := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(out, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("Terraform printed\n%s", out)
	}
	w.MustRun(t, "plan", "-detailed-exitcode")
	if writes := m.service.Writes(); len(writes) > 0 {
		t.Errorf("calls were made that change something: %q", writes)
	}
}

// A configuration that differs from the old state in what cannot change is an error of the
// plan, with and without a refresh, and replaces nothing.
func TestAccProvider_moveReplacesNothing(t *testing.T) {
	t.Parallel()
	m := newMoving(t)
	m.config = strings.Replace(m.config, "    category = \"EVS\"\n    capacity = 20\n", "    category = \"EFS\"\n", 1)
	for _, refresh := range []string{"-refresh=true", "-refresh=false"} {
		w := m.workspace(t, vendorAddress)
		out, err := w.Run(t, "plan", refresh)
		if err == nil || !strings.Contains(out, "The imported notebook differs in what cannot change") || strings.Contains(out, "must be replaced") {
			t.Errorf("%s: %v\n%s", refresh, err, out)
		}
	}
}

// A plan that reads nothing takes over what the old state has, attribute by attribute.
func TestAccProvider_moveWithoutARefresh(t *testing.T) {
	t.Parallel()
	m := newMoving(t)
	w := m.workspace(t, vendorAddress)
	out := w.MustRun(t, "apply", "-auto-approve", "-refresh=false")
	// Terraform calls it a change that a state without sensitive attributes has one now.
	if !strings.Contains(out, "Apply complete! Resources: 0 added, 4 changed, 0 destroyed.") {
		t.Errorf("Terraform printed\n%s", out)
	}
	moved := attributesIn(t, w)
	disk, share, saved := moved["modelarts_notebook.disk"], moved["modelarts_notebook.share"], moved["modelarts_notebook_image.saved"]
	lake, mounted := moved["modelarts_notebook_storage.lake"], moved["modelarts_notebook.mounted"]
	for name, want := range map[string]any{
		"notebook_id": mounted["id"], "category": "OBSFS", "uri": "obs://my-file-system/lake/", "mount_path": "/data/lake/", "status": "MOUNTED", "start_notebook": false,
	} {
		sameJSON(t, "lake: "+name, lake[name], want)
	}
	sameJSON(t, "mounted: data_volumes", mounted["data_volumes"], nil)
	for name, want := range map[string]any{
		"id": disk["id"], "region": simulator.DefaultRegion, "name": "disk", "description": "a notebook with a disk", "flavor": "modelarts.vm.cpu.2u",
		"tags": map[string]any{"team": "vision", "stage": "dev"}, "tags_all": map[string]any{"team": "vision", "stage": "dev"},
		"lease": map[string]any{"enabled": false, "type": nil, "duration": nil}, "endpoints": nil, "status": "RUNNING", "deletion_protection": false,
		"timeouts": map[string]any{"create": "20m", "delete": "10m", "read": nil, "update": nil},
	} {
		sameJSON(t, "disk: "+name, disk[name], want)
	}
	for name, want := range map[string]any{
		"name": "share", "description": nil, "ssh_uri": "ssh://ma-user@dev.example.com:30581", "timeouts": nil, "tags": nil, "tags_all": map[string]any{},
		"endpoints": map[string]any{"SSH": map[string]any{"key_pair_names": []any{"my-key-pair"}, "allowed_access_ips": []any{"203.0.113.7", "203.0.113.8"}}},
	} {
		sameJSON(t, "share: "+name, share[name], want)
	}
	for name, want := range map[string]any{"name": "mounted", "tag": "1.0.0", "keep_on_destroy": true, "description": nil, "created_at": "2026-08-01T10:20:30Z", "arch": "X86_64"} {
		sameJSON(t, "saved: "+name, saved[name], want)
	}
	w.MustRun(t, "plan", "-detailed-exitcode", "-refresh=false")
	w.MustRun(t, "plan", "-detailed-exitcode")
	if writes := m.service.Writes(); len(writes) > 0 {
		t.Errorf("calls were made that change something: %q", writes)
	}
}

// Where a command line cannot move across types, an import with a block "removed" comes
// to the same.
func TestAccProvider_moveByImport(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../examples/moving/by-import/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	for name, program := range programs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			config := string(example)
			_, resource, _ := strings.Cut(config, "\nresource ")
			w := acctest.NewWorkspace(t, s.Provider("")+"resource "+resource)
			w.MustRun(t, "apply", "-auto-approve")
			n := s.Only(t)

			w = acctest.NewWorkspace(t, s.Provider("")+strings.ReplaceAll(config, "f9937afa-4451-42db-a76b-72d624749f66", n.ID))
			if w.Terraform = program.path; w.Terraform == "" {
				w.Terraform = acctest.Newer(t)
			}
			w.InstallVendor(t, "huaweicloud/huaweicloud")
			w.WriteVendorState(t, program.vendor, acctest.VendorNotebook(n, nil))
			s.ResetRequests()
			if out := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
				t.Errorf("it printed\n%s", out)
			}
			w.MustRun(t, "plan", "-detailed-exitcode")
			if state := w.State(t); len(s.Writes()) > 0 || strings.Contains(state, program.vendor) {
				t.Errorf("calls were made: %q; the state is\n%s", s.Writes(), state)
			}
		})
	}
}

// A notebook of this provider under another host and namespace, as a mirror or a fork
// has it, is taken over as it is, with and without an identity in the state.
func TestAccProvider_moveFromAnotherAddress(t *testing.T) {
	t.Parallel()
	const mirror = "mirror.example.com/other/modelarts"
	for name, newer := range map[string]bool{"terraform": false, "a newer one": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{})
			workspace := acctest.NewWorkspace
			if newer {
				workspace = acctest.NewNewerWorkspace
			}
			w := workspace(t, s.Provider("")+acctest.Notebook)
			w.InstallAs(t, mirror)
			w.MustRun(t, "apply", "-auto-approve")
			old := strings.ReplaceAll(w.State(t), ownAddress, mirror)
			if strings.Contains(old, `"identity": {`) != newer {
				t.Errorf("the state is\n%s", old)
			}
			if err := os.WriteFile(filepath.Join(w.Dir, "terraform.tfstate"), []byte(old), 0o600); err != nil {
				t.Fatal(err)
			}
			s.ResetRequests()
			w.Configure(t, s.Provider("")+strings.ReplaceAll(acctest.Notebook, `"test" {`, `"moved" {`)+
				"moved {\n  from = modelarts_notebook.test\n  to   = modelarts_notebook.moved\n}\n")
			if out := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(out, "0 added, 0 changed, 0 destroyed") {
				t.Errorf("Terraform printed\n%s", out)
			}
			w.MustRun(t, "plan", "-detailed-exitcode")
			if state := w.State(t); len(s.Writes()) > 0 || strings.Contains(state, mirror) || strings.Contains(state, `"identity": {`) != newer {
				t.Errorf("calls were made: %q; the state is\n%s", s.Writes(), state)
			}
			w.MustRun(t, "destroy", "-auto-approve")
		})
	}
}

func sameJSON(t *testing.T, what string, got, want any) {
	t.Helper()
	a, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("%s is %s, want %s", what, a, b)
	}
}
