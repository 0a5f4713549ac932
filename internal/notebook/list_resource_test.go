package notebook_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const kind = "modelarts_notebook"

// requests are the creates of notebooks as the service takes them, one for each kind.
var requests = map[string]string{
	"plain":     `{}`,
	"no-lease":  `{"duration": -1}`,
	"idle":      `{"lease": {"type": "idle", "duration": 14400000}}`,
	"timing":    `{"lease": {"type": "timing", "duration": 28800000}}`,
	"custom":    `{"flavor": null, "pool_id": "pool41664192", "custom_spec": {"cpu": 2, "memory": 4096}}`,
	"pool":      `{"flavor": "modelarts.pool.visual.2xlarge", "pool_id": "pool41664192"}`,
	"described": `{"description": "a \"b\" ${c} %{d}"}`,
	"endpoints": `{"endpoints": [{"service": "SSH", "key_pair_names": ["a", "b"], "allowed_access_ips": ["192.0.2.1", "2001:db8::1"]}]}`,
	"hooks":     `{"hooks": {"container_hooks": {"pre_start": {"mode": "ASYNC", "script": "ZWNobw==", "type": "COMMAND"}}}}`,
	"affinity":  `{"flavor": "modelarts.pool.visual.2xlarge", "pool_id": "pool41664192", "affinity": {"required": [{"key": "k", "operator": "In", "values": ["v"]}], "preferred": [{"key": "k", "operator": "Exists", "values": [], "weight": 3}]}}`,
	"run-user":  `{"flavor": "modelarts.pool.visual.2xlarge", "pool_id": "pool41664192", "run_user": {"uid": 1000, "gid": 100}}`,
	"vpc":       `{"flavor": "modelarts.pool.visual.2xlarge", "pool_id": "pool41664192", "user_vpc": {"vpc_id": "v", "subnet_id": "s", "security_group_ids": ["g"], "connect_cidrs": ["192.168.0.0/16"]}}`,
	"network":   `{"public_network_config": {"public_network_type": "SHARED"}}`,
	"lake":      `{"data_volumes": [{"category": "OBSFS", "ownership": "DEDICATED", "mount_path": "/data/lake/", "uri": "obs://b/c/"}]}`,
	"share":     `{"data_volumes": [{"category": "EFS", "ownership": "DEDICATED", "mount_path": "/data/share/", "uri": "h:/a", "id": "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"}]}`,
	"efs":       `{"volume": {"category": "EFS", "ownership": "MANAGED", "capacity": 100}}`,
	"dedicated": `{"volume": {"category": "EFS", "ownership": "DEDICATED", "uri": "h:/a", "id": "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"}}`,
	"obs":       `{"flavor": "modelarts.vm.cpu.8u.obs", "volume": {"category": "OBS", "ownership": "DEDICATED", "uri": "obs://b/c/", "dew_secret_name": "s"}}`,
	"obsfs":     `{"flavor": "modelarts.vm.cpu.8u.obs", "volume": {"category": "OBSFS", "ownership": "DEDICATED", "uri": "obs://b/c/", "dew_secret_name": "s"}}`,
	"workspace": `{"workspace_id": "` + simulator.DefaultWorkspace + `"}`,
	"free":      `{"feature": "DEFAULT", "flavor": "modelarts.vm.cpu.free"}`,
}

// makeRequest makes a notebook behind the provider's back, and does not wait.
func makeRequest(t *testing.T, client *modelarts.Client, name, changes string) string {
	t.Helper()
	request := modelarts.NotebookCreateRequest{Name: name}
	plain := fmt.Sprintf(`{"flavor": %q, "image_id": %q, "volume": {"category": "EVS", "ownership": "MANAGED", "capacity": 5}}`, acctest.Flavor, acctest.Image)
	for _, text := range []string{plain, changes} {
		if err := json.Unmarshal([]byte(text), &request); err != nil {
			t.Fatal(err)
		}
	}
	if request.Volume.Category != "EVS" {
		request.Volume = modelarts.VolumeMountRequest{}
		if err := json.Unmarshal([]byte(changes), &request); err != nil {
			t.Fatal(err)
		}
	}
	nb, err := client.CreateNotebook(t.Context(), request)
	if err != nil {
		t.Fatal(name, err)
	}
	return nb.ID
}

// makeRequests makes a notebook of each kind: running ones and stopped ones, with tags and
// with a mount.
func makeRequests(t *testing.T, s *acctest.Service) {
	t.Helper()
	client := clientOf(t, s)
	ids := map[string]string{}
	for name, changes := range requests {
		ids[name] = makeRequest(t, client, name, changes)
	}
	stopped, tags := "STOPPED", map[string]string{"team": "ml", "stage": "dev"}
	for _, name := range []string{"plain", "no-lease", "endpoints", "lake"} {
		ids["stopped-"+name] = makeRequest(t, client, "stopped-"+name, requests[name])
	}
	acctest.Eventually(t, "all notebooks run", func() bool {
		return !slices.ContainsFunc(s.Notebooks(), func(n simulator.NotebookInfo) bool { return n.Status != "RUNNING" })
	})
	for name, id := range ids {
		drift := simulator.Drift{Tags: tags}
		if strings.HasPrefix(name, "stopped-") {
			drift.Status = &stopped
		}
		if err := s.Change(id, drift); err != nil {
			t.Fatal(err)
		}
	}
}

var bothWorkspaces = acctest.Values{"workspace_ids": []string{"0", simulator.DefaultWorkspace}}

// What a query shows of a notebook is what an import of it comes to, and the configuration
// that is generated of it is valid and plans nothing: for each kind of notebook, under each
// answer to an open question of the contract.
func TestQueryGeneratesWhatPlansNothing(t *testing.T) {
	t.Parallel()
	for _, which := range groupsOfAnswers() {
		t.Run(strings.Join(which, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Quota: 100, Answers: which, Lag: 1})
			makeRequests(t, s)
			block := acctest.Values{"default_tags": acctest.Values{"team": "ml"}}
			if hidesTags := func(id string) bool { return strings.HasPrefix(id, "stopped-") }; slices.ContainsFunc(which, hidesTags) {
				block = nil // a plan sets those that are not shown
			}
			p := s.Protocol(t, block)
			rows, said := p.Query(t.Context(), acctest.Query{Type: kind, Config: bothWorkspaces, Include: true})
			if len(rows) != len(s.Notebooks()) || len(said) > 0 {
				t.Fatalf("found %d of %d notebooks: %s", len(rows), len(s.Notebooks()), acctest.Said(said))
			}
			for _, row := range rows {
				adopts(t, p, row)
			}
		})
	}
}

// groupsOfAnswers are the answers B to what an answer about a notebook holds, in few groups
// that can be given together, and none. Under the others some of the notebooks cannot be
// made, or nothing that is shown differs.
func groupsOfAnswers() [][]string {
	groups := [][]string{nil}
	shown := regexp.MustCompile(`^(volume-(absent|status|source|uri|efs-as|obs-as)|data-|list-|stopped-|empty-left|endpoint-|ips-|ssh-|lease-|spec-|server-|network-answered|pool-empty|times-|time-|mount-in-data|image-arch|filter-|workspace-|tags-lag|read-lags|billing-)`)
	for _, q := range simulator.Questions() {
		if !shown.MatchString(q.ID) {
			continue
		}
		last := len(groups) - 1
		more := append(slices.Clone(groups[last]), q.ID)
		if last > 0 && len(more) <= 12 && (simulator.Options{Answers: more}).Validate() == nil {
			groups[last] = more
			continue
		}
		groups = append(groups, []string{q.ID})
	}
	return groups
}

// adopts checks the state and the generated configuration of a row.
func adopts(t *testing.T, p *acctest.Protocol, row acctest.Found) {
	t.Helper()
	state := p.Imports(kind, row)
	if differ, err := without(state, "token").Diff(row.State); err != nil || len(differ) > 0 {
		t.Errorf("%s: the query shows another state than an import: %v %v", row.Name, differ, err)
	}
	config, wrong := p.Generates(kind, row.State)
	if text := acctest.Said(wrong); strings.Contains(text, "ERROR") {
		t.Errorf("%s: the generated configuration is not valid: %s", row.Name, text)
		return
	}
	planned, replaces, said := p.Plans(kind, state, config)
	if differ, err := planned.Diff(state); err != nil || len(differ) > 0 || replaces > 0 || strings.Contains(acctest.Said(said), "ERROR") {
		t.Errorf("%s: the generated configuration changes %v, and replaces for %d attributes: %v\n%s", row.Name, differ, replaces, err, acctest.Said(said))
	}
}

// without is an object in which a member is null.
func without(v tftypes.Value, name string) tftypes.Value {
	var members map[string]tftypes.Value
	if err := v.As(&members); err != nil {
		return v
	}
	members = maps.Clone(members)
	members[name] = tftypes.NewValue(members[name].Type(), nil)
	return tftypes.NewValue(v.Type(), members)
}
