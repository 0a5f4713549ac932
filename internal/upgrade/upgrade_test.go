// Package upgrade holds the present code to the states that releases have written.
//
// testdata has a folder for each release whose states differ: the configuration, the
// state that Terraform stored, and the state of the simulator with the objects of it.
// CONTRIBUTING.md says when a folder is added, and how.
package upgrade_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var write = flag.String("upgrade.write", "", "apply testdata/`RELEASE`/main.tf and store the states beside it")

// The files of a fixture.
const (
	configFile    = "main.tf"
	stateFile     = "state.json"
	simulatorFile = "simulator.json"
	takenFile     = "taken.json"
)

// taken says how a fixture was made.
type taken struct {
	At        time.Time `json:"at"`
	Terraform string    `json:"terraform"`
}

// tfState is the part of Terraform's state that the tests read.
type tfState struct {
	TerraformVersion string       `json:"terraform_version"`
	Resources        []tfResource `json:"resources"`
}

type tfResource struct {
	Type      string       `json:"type"`
	Name      string       `json:"name"`
	Instances []tfInstance `json:"instances"`
}

type tfInstance struct {
	SchemaVersion int64           `json:"schema_version"`
	Attributes    json.RawMessage `json:"attributes"`
	Private       string          `json:"private"`
	Identity      json.RawMessage `json:"identity"`
}

// releases are the folders of testdata.
func releases(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob("testdata/*/" + configFile)
	if err != nil || len(folders) == 0 {
		t.Fatal("there are no fixtures", err)
	}
	for i := range folders {
		folders[i] = filepath.Base(filepath.Dir(folders[i]))
	}
	return folders
}

func read(t *testing.T, release, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", release, file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decoded[T any](t *testing.T, text []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// options are those of the simulator in which a fixture is made and used.
var options = simulator.Options{
	CreateTime: 20 * time.Millisecond, StartTime: 20 * time.Millisecond, StopTime: 20 * time.Millisecond,
	SnapshotTime: 20 * time.Millisecond,
}

// block is the provider block of all fixtures.
func block(s *acctest.Service) string { return s.Provider(`default_tags = { by = "terraform" }`) }

// service is a simulator with the objects of a fixture, as much later as is given.
func service(t *testing.T, release string, later time.Duration) *acctest.Service {
	t.Helper()
	state := decoded[map[string]any](t, read(t, release, simulatorFile))
	at := decoded[taken](t, read(t, release, takenFile)).At
	state["clock_offset"] = (later - time.Since(at)).String()
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return acctest.Restored(t, options, text)
}

// The states of each release plan no change: at once, and when the leases have stopped
// the notebooks long ago.
func TestAccUpgrade(t *testing.T) {
	t.Parallel()
	for _, release := range releases(t) {
		for name, later := range map[string]time.Duration{"at once": time.Second, "a year later": 365 * 24 * time.Hour} {
			t.Run(release+", "+name, func(t *testing.T) {
				t.Parallel()
				s := service(t, release, later)
				config := block(s) + string(read(t, release, configFile))
				// A newer Terraform has written the state, with identities. The installed one reads it, too.
				w := acctest.NewWorkspace(t, config)
				if later > time.Minute {
					w.Terraform = acctest.Newer(t)
				}
				if err := os.WriteFile(filepath.Join(w.Dir, "terraform.tfstate"), read(t, release, stateFile), 0o600); err != nil {
					t.Fatal(err)
				}
				// Exit code 2 means that the plan changes something.
				if out, err := w.Run(t, "plan", "-detailed-exitcode"); err != nil {
					t.Errorf("the plan says %v\n%s", err, out)
				}
				if later > time.Minute {
					return
				}
				// Its exit code is 2 where a Terraform only writes the state anew.
				if out := w.MustRun(t, "plan", "-refresh-only"); !strings.Contains(out, "No changes.") {
					t.Errorf("a refresh says\n%s", out)
				}
				// What is in the state can still be changed.
				w.Configure(t, strings.Replace(config, `description = "everything"`, `description = "changed"`, 1))
				if out := w.MustRun(t, "apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
					t.Errorf("the apply says\n%s", out)
				}
			})
		}
	}
}

// withoutPrivate is the one resource that has no private state.
const withoutPrivate = "modelarts_notebook_storage"

// A state of each release is read by the present schemas without a loss, and each
// resource is in a fixture, with its private state and its identity.
func TestStatesAreRead(t *testing.T) {
	t.Parallel()
	p := acctest.New(t, simulator.Options{}).Protocol(t, nil)
	found := map[string]bool{}
	for _, release := range releases(t) {
		for _, r := range decoded[tfState](t, read(t, release, stateFile)).Resources {
			schema, there := p.Schemas.ResourceSchemas[r.Type]
			if !there {
				t.Errorf("%s: %s is no resource any more", release, r.Type)
				continue
			}
			found[r.Type] = true
			for _, i := range r.Instances {
				at := release + ": " + r.Type + "." + r.Name
				if (i.Private == "") != (r.Type == withoutPrivate) || len(i.Identity) == 0 {
					t.Errorf("%s has the private state %q and the identity %q", at, i.Private, i.Identity)
				}
				if i.SchemaVersion > schema.Version {
					t.Errorf("%s has the schema version %d, and the present one is %d", at, i.SchemaVersion, schema.Version)
				}
				resp, err := p.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
					TypeName: r.Type, Version: i.SchemaVersion, RawState: &tfprotov6.RawState{JSON: i.Attributes},
				})
				if err != nil || len(resp.Diagnostics) > 0 {
					t.Errorf("%s: %v %s", at, err, acctest.Said(resp.Diagnostics))
					continue
				}
				if i.SchemaVersion == schema.Version {
					kept(t, at, i.Attributes, resp.UpgradedState, schema.ValueType())
				}
			}
		}
	}
	for name := range p.Schemas.ResourceSchemas {
		if !found[name] {
			t.Errorf("no fixture has a %s", name)
		}
	}
}

// kept fails where a stored attribute is not in what was read.
func kept(t *testing.T, at string, stored json.RawMessage, now *tfprotov6.DynamicValue, typ tftypes.Type) {
	t.Helper()
	value, err := now.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	for name, was := range decoded[map[string]any](t, stored) {
		if v, there := attributes[name]; !there || (was == nil) != v.IsNull() {
			t.Errorf("%s: %s was stored as %v, and is read as %s", at, name, was, v)
		}
	}
}

// The first release stores version 0 of every schema. A change of a schema that an
// older state does not fit raises its version, brings an upgrader of the state, and a
// line here.
func TestSchemaVersions(t *testing.T) {
	t.Parallel()
	versions := map[string]int64{}
	p := acctest.New(t, simulator.Options{}).Protocol(t, nil)
	identities, err := p.ProviderServerWithListResource.(tfprotov6.ProviderServer).GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range p.Schemas.ResourceSchemas {
		if schema.Version != versions[name] {
			t.Errorf("%s has the schema version %d, want %d", name, schema.Version, versions[name])
		}
		if identity := identities.IdentitySchemas[name]; identity == nil || identity.Version != 0 {
			t.Errorf("%s has the identity %v, want one of version 0", name, identity)
		}
	}
}

// This makes the fixture of a release from its main.tf: with -upgrade.write that of the
// release, and without it that of the last one in a folder that is thrown away, so that the
// configuration can be applied when the next one is due.
func TestAccUpgrade_write(t *testing.T) {
	t.Parallel()
	all := releases(t)
	release, folder := all[len(all)-1], t.TempDir()
	if *write != "" {
		release, folder = *write, filepath.Join("testdata", *write)
	}
	s := acctest.New(t, options)
	w := acctest.NewNewerWorkspace(t, block(s)+string(read(t, release, configFile)))
	w.MustRun(t, "apply", "-auto-approve")
	for _, i := range s.Images() {
		if err := s.ChangeImage(i.ID, simulator.ImageDrift{Description: new("changed elsewhere")}); err != nil {
			t.Fatal(err)
		}
	}
	// The save has changed the image of a notebook since that was applied, and a
	// description that was changed elsewhere is in the state. What was applied is in the
	// private state only: without it, the plan would replace the images.
	w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
	id := idOf(t, w, "imported")
	w.MustRun(t, "state", "rm", importedAddress)
	w.MustRun(t, "import", importedAddress, id)
	w.MustRun(t, "apply", "-refresh-only", "-auto-approve")
	if out, err := w.Run(t, "plan", "-detailed-exitcode"); err != nil {
		t.Fatalf("the plan says %v\n%s", err, out)
	}

	state := w.State(t)
	note, err := json.MarshalIndent(taken{time.Now().UTC().Truncate(time.Second), decoded[tfState](t, []byte(state)).TerraformVersion}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string][]byte{stateFile: []byte(state), simulatorFile: objects, takenFile: note} {
		if err := os.WriteFile(filepath.Join(folder, file), append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// importedAddress is of the notebook that a fixture has imported and not applied since.
const importedAddress = "modelarts_notebook.imported"

// idOf is the ID of the notebook with a name.
func idOf(t *testing.T, w *acctest.Workspace, name string) string {
	t.Helper()
	for _, r := range decoded[tfState](t, []byte(w.State(t))).Resources {
		if r.Type == "modelarts_notebook" && r.Name == name {
			return decoded[struct {
				ID string `json:"id"`
			}](t, r.Instances[0].Attributes).ID
		}
	}
	t.Fatalf("there is no notebook %s", name)
	return ""
}
