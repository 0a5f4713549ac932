package notebook_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
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
	client := s.Client(t)
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
			for i := range rows {
				p.Adopts(kind, &rows[i], "token")
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

// The filters choose notebooks, whatever the service does with them.
func TestQueryFilters(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"list-short"}, {"filter-flavor-exact", "filter-tags-equals"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			filters(t, acctest.New(t, simulator.Options{Answers: answers}))
		})
	}
}

func filters(t *testing.T, s *acctest.Service) {
	t.Helper()
	client, ids := s.Client(t), map[string]string{}
	for _, name := range []string{"plain", "no-lease", "pool", "obs", "workspace", "free"} {
		ids[name] = makeRequest(t, client, name, requests[name])
		becomes(t, s, ids[name], "RUNNING")
	}
	other, failed, frozen, image := "somebody", "START_FAILED", "FROZEN", acctest.OtherImage
	for name, drift := range map[string]simulator.Drift{
		"plain": {Tags: map[string]string{"team": "ml", "stage": "dev"}},
		"pool":  {Status: &failed, Tags: map[string]string{"team": "ml"}},
		"obs":   {UserID: &other, UserName: &other, ImageID: &image},
		"free":  {Status: &frozen},
	} {
		if err := s.Change(ids[name], drift); err != nil {
			t.Fatal(err)
		}
	}
	p := s.Protocol(t, nil)
	const plain, noLease, pool, obs, workspace, free = "plain (RUNNING)", "no-lease (RUNNING)", "pool (START_FAILED)", "obs (RUNNING)", "workspace (RUNNING)", "free (FROZEN)"
	for text, tc := range map[string]struct {
		config acctest.Values
		want   []string
	}{
		"nothing":             {acctest.Values{}, []string{free, noLease, obs, plain, pool, workspace}},
		"name":                {acctest.Values{"name": "p"}, []string{plain, pool, workspace}},
		"status":              {acctest.Values{"status": "start_failed"}, []string{pool}},
		"flavor":              {acctest.Values{"flavor": "modelarts.vm.cpu.8u"}, nil}, // and not that of obs, which begins with it
		"flavor, its own":     {acctest.Values{"flavor": acctest.BucketFlavor}, []string{obs}},
		"image":               {acctest.Values{"image_id": strings.ToUpper(acctest.OtherImage)}, nil},
		"image, as it is":     {acctest.Values{"image_id": acctest.OtherImage}, []string{obs}},
		"pool":                {acctest.Values{"pool_id": acctest.Pool}, []string{pool}},
		"feature":             {acctest.Values{"feature": "default"}, []string{free}},
		"owner":               {acctest.Values{"owner": other}, []string{obs}},
		"one tag":             {acctest.Values{"tags": acctest.Values{"team": "ml"}}, []string{plain, pool}},
		"two tags":            {acctest.Values{"tags": acctest.Values{"team": "ml", "stage": "dev"}}, []string{plain}},
		"no tags":             {acctest.Values{"tags": acctest.Values{}, "failed": true}, []string{free, pool}},
		"without lease":       {acctest.Values{"without_lease": true}, []string{noLease}},
		"with lease":          {acctest.Values{"without_lease": false}, []string{free, obs, plain, pool, workspace}},
		"failed":              {acctest.Values{"failed": true}, []string{free, pool}},
		"not failed":          {acctest.Values{"failed": false, "name": "p"}, []string{plain, workspace}},
		"one workspace":       {acctest.Values{"workspace_ids": []string{simulator.DefaultWorkspace}}, []string{workspace}},
		"one's own":           {acctest.Values{"all": false}, []string{free, noLease, plain, pool, workspace}},
		"all":                 {acctest.Values{"all": true, "without_lease": false, "name": "obs"}, []string{obs}},
		"the provider's own":  {acctest.Values{"region": simulator.DefaultRegion, "name": "pool"}, []string{pool}},
		"null, as in a value": {acctest.Values{"name": nil, "failed": nil, "all": nil, "status": "START_FAILED"}, []string{pool}},
	} {
		if tc.config["workspace_ids"] == nil {
			tc.config["workspace_ids"] = bothWorkspaces["workspace_ids"]
		}
		for _, whole := range []bool{false, true} {
			rows, said := p.Query(t.Context(), acctest.Query{Type: kind, Config: tc.config, Include: whole})
			if got := acctest.Names(rows); len(said) > 0 || !slices.Equal(got, tc.want) {
				t.Errorf("%s: found %q, want %q: %s", text, got, tc.want, acctest.Said(said))
			}
		}
	}
}

// What a query is not to be asked for is an error of its configuration.
func TestQueryConfiguration(t *testing.T) {
	t.Parallel()
	p := acctest.New(t, simulator.Options{}).Protocol(t, nil)
	for want, config := range map[string]acctest.Values{
		"ERROR: Empty value: Attribute name is empty":                                               {"name": ""},
		"WARNING: Unknown status LATE":                                                              {"status": "late"},
		"ERROR: Not one of the values that exist: Attribute feature is":                             {"feature": "LAB"},
		"must be 0 (the default workspace), or 32 lower-case letters and digits":                    {"workspace_ids": []string{"default"}},
		"Attribute region must be the name of a region":                                             {"region": "Beijing 4"},
		"ERROR: Empty list: Attribute workspace_ids is empty":                                       {"workspace_ids": []string{}},
		"ERROR: The query is not known yet: A filter of this list block depends on a value":         {"name": tftypes.UnknownValue},
		"ERROR: The query is not known yet: A filter of this list block depends on a value that is": {"without_lease": tftypes.UnknownValue},
	} {
		rows, said := p.Query(t.Context(), acctest.Query{Type: kind, Config: config})
		if text := acctest.Said(said); !strings.Contains(text, want) || len(rows) > 0 {
			t.Errorf("%v: found %d, and said: %s; want %s", config, len(rows), text, want)
		}
	}
}

// What a query does not cover is a warning, unless the configuration says that it is meant.
func TestQueryNamesItsGaps(t *testing.T) {
	t.Parallel()
	const gapOfUsers, gapOfWorkspaces = "WARNING: Notebooks of other users are not listed", "WARNING: Only notebooks of the workspace 0 are listed"
	refusal := simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.0108", Count: -1}
	for text, tc := range map[string]struct {
		refused bool
		config  acctest.Values
		found   int
		want    []string // in what is said
	}{
		"nothing":            {false, acctest.Values{}, 2, []string{gapOfWorkspaces}},
		"refused":            {true, acctest.Values{}, 1, []string{gapOfWorkspaces, gapOfUsers}},
		"refused and meant":  {true, acctest.Values{"all": false, "workspace_ids": []string{"0"}}, 1, nil},
		"refused and wanted": {true, acctest.Values{"all": true, "workspace_ids": []string{"0"}}, 0, []string{"ERROR: Unable to list notebooks: ListAllNotebooks: ModelArts.0108"}},
		"all that there are": {false, bothWorkspaces, 3, nil},
		"refused, in both":   {true, bothWorkspaces, 2, []string{gapOfUsers}},
	} {
		s := acctest.New(t, simulator.Options{})
		client, other := s.Client(t), "somebody"
		for _, name := range []string{"plain", "workspace", "timing"} {
			makeRequest(t, client, name, requests[name])
		}
		if err := s.Change(s.Notebooks()[2].ID, simulator.Drift{UserID: &other, UserName: &other}); err != nil {
			t.Fatal(err)
		}
		if tc.refused {
			s.Inject(refusal)
		}
		rows, said := s.Protocol(t, nil).Query(t.Context(), acctest.Query{Type: kind, Config: tc.config})
		if len(rows) != tc.found || len(said) != len(tc.want) {
			t.Errorf("%s: found %q, want %d: %s", text, acctest.Names(rows), tc.found, acctest.Said(said))
		}
		for _, want := range tc.want {
			if !strings.Contains(acctest.Said(said), want) {
				t.Errorf("%s: said %s, want %s", text, acctest.Said(said), want)
			}
		}
	}
}

// makeMany makes notebooks, most of them in the first workspace.
func makeMany(t *testing.T, s *acctest.Service, here, there int) {
	t.Helper()
	client := s.Client(t)
	for i := range here + there {
		changes := `{}`
		if i >= here {
			changes = requests["workspace"]
		}
		makeRequest(t, client, fmt.Sprintf("n%03d", i), changes)
	}
	acctest.Eventually(t, "all notebooks run", func() bool {
		return !slices.ContainsFunc(s.Notebooks(), func(n simulator.NotebookInfo) bool { return n.Status != "RUNNING" })
	})
}

// pages are the requests for lists since the last reset.
func pages(s *acctest.Service) []string {
	var all []string
	for _, r := range s.Requests() {
		if query, err := url.ParseQuery(r.Query); err == nil && strings.HasPrefix(r.Operation, "List") {
			all = append(all, fmt.Sprintf("%s %s %s %s+%s", r.Operation, query.Get("workspace_id"), query.Get("feature"), query.Get("offset"), query.Get("limit")))
		}
	}
	return all
}

// wholePages are those of 120 notebooks in two workspaces.
var wholePages = []string{
	"ListAllNotebooks 0 NOTEBOOK 0+50", "ListAllNotebooks 0 NOTEBOOK 50+50", "ListAllNotebooks 0 DEFAULT 0+50",
	"ListAllNotebooks " + simulator.DefaultWorkspace + " NOTEBOOK 0+50", "ListAllNotebooks " + simulator.DefaultWorkspace + " DEFAULT 0+50",
}

// A query of many notebooks is complete, in pages of 50, and says so where it is not. What
// comes first is shown before the next page is asked for.
func TestQueryOfMany(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Quota: 200})
	makeMany(t, s, 70, 50)
	p := s.Protocol(t, acctest.Values{"max_retries": 1})
	whole := acctest.Query{Type: kind, Config: bothWorkspaces, Limit: 120}
	s.ResetRequests()
	if rows, said := p.Query(t.Context(), whole); len(rows) != 120 || len(slices.Compact(acctest.Names(rows))) != 120 || len(said) > 0 {
		t.Errorf("found %d notebooks: %s", len(rows), acctest.Said(said))
	}
	if got := pages(s); !slices.Equal(got, wholePages) {
		t.Errorf("asked for %q, want %q", got, wholePages)
	}

	for _, limit := range []int64{1, 50, 119} {
		cut := whole
		cut.Limit = limit
		rows, said := p.Query(t.Context(), cut)
		want := fmt.Sprintf("WARNING: There are more than %d notebooks", limit)
		if int64(len(rows)) != limit || len(said) != 1 || !strings.HasPrefix(acctest.Said(said), want) {
			t.Errorf("limit %d: found %d notebooks: %s", limit, len(rows), acctest.Said(said))
		}
	}
	first := whole
	first.Limit = 10
	s.ResetRequests()
	if _, said := p.Query(t.Context(), first); len(said) != 1 || !slices.Equal(pages(s), wholePages[:1]) {
		t.Errorf("ten of many asked for %q: %s", pages(s), acctest.Said(said))
	}

	// A failure in the middle is that of the whole; one that passes is not seen.
	for _, skip := range []int{1, 3} {
		s.Inject(simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultRefuse, Status: 400, Code: "ModelArts.6336", Skip: skip})
		if rows, said := p.Query(t.Context(), whole); rows != nil || !strings.Contains(acctest.Said(said), "ERROR: Unable to list notebooks: ListAllNotebooks: ModelArts.6336") {
			t.Errorf("after %d pages: found %d notebooks: %s", skip, len(rows), acctest.Said(said))
		}
	}
	s.Inject(simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultThrottle, Skip: 2, RetryAfter: "0"})
	if rows, said := p.Query(t.Context(), whole); len(rows) != 120 || len(said) > 0 {
		t.Errorf("throttled: found %d notebooks: %s", len(rows), acctest.Said(said))
	}
}

// Each notebook of a query with resources is read by its ID: one that two answers in a row say
// is gone by then is no row, one that may not be read is a warning, and any other error is that of the query.
func TestQueryReadsByID(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	makeMany(t, s, 3, 0)
	p := s.Protocol(t, acctest.Values{"max_retries": 0})
	for text, tc := range map[string]struct {
		fault simulator.Fault
		found int
		want  string
	}{
		"gone":             {simulator.Fault{Kind: simulator.FaultRefuse, Status: 400, Code: "ModelArts.6309", Count: 2}, 2, ""},
		"gone in one":      {simulator.Fault{Kind: simulator.FaultRefuse, Status: 400, Code: "ModelArts.6309"}, 3, ""},
		"shown as deleted": {simulator.Fault{Kind: simulator.FaultStatus, Value: "DELETED", Count: 2}, 2, ""},
		"not allowed":      {simulator.Fault{Kind: simulator.FaultRefuse, Status: 403, Code: "ModelArts.6407"}, 2, "WARNING: Notebook " + s.Notebooks()[1].ID + " is left out"},
		"a failure":        {simulator.Fault{Kind: simulator.FaultRefuse, Status: 500, Code: "ModelArts.6102"}, 0, "ERROR: Unable to list notebooks: ShowNotebook: ModelArts.6102"},
		"a proxy":          {simulator.Fault{Kind: simulator.FaultHTML, Status: 404}, 0, "ERROR: Unable to list notebooks: ShowNotebook"},
	} {
		tc.fault.Operation, tc.fault.Notebook = "ShowNotebook", s.Notebooks()[1].ID
		s.Inject(tc.fault)
		rows, said := p.Query(t.Context(), acctest.Query{Type: kind, Config: acctest.Values{"workspace_ids": []string{"0"}}, Include: true})
		if got := acctest.Said(said); len(rows) != tc.found || !strings.HasPrefix(got, tc.want) || (tc.want == "") != (got == "") {
			t.Errorf("%s: found %q: %s", text, acctest.Names(rows), got)
		}
		s.FaultsHit(t)
	}
}

// A query that is cancelled ends with an error and asks for nothing more.
func TestQueryIsCancelled(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{Quota: 200})
	makeMany(t, s, 60, 0)
	p := s.Protocol(t, nil)
	s.Inject(simulator.Fault{Operation: "ListAllNotebooks", Kind: simulator.FaultDelay, Delay: 30 * time.Second, Skip: 1})
	s.ResetRequests()
	go func() {
		acctest.Eventually(t, "the second page was asked for", func() bool { return len(pages(s)) == 2 })
		if _, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
			t.Error(err)
		}
	}()
	began := time.Now()
	rows, said := p.Query(t.Context(), acctest.Query{Type: kind, Config: acctest.Values{"workspace_ids": []string{"0"}}, Limit: 1000})
	if rows != nil || !strings.Contains(acctest.Said(said), "ERROR: The query was cancelled") || time.Since(began) > 20*time.Second {
		t.Errorf("found %d notebooks after %s: %s", len(rows), time.Since(began), acctest.Said(said))
	}
	if got := pages(s); len(got) != 2 {
		t.Errorf("asked for %q", got)
	}
}

// Another region is asked with its own project, and a project that the credentials do not
// have is an error.
func TestQueryElsewhere(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	makeMany(t, s, 1, 0)
	config := acctest.Values{"workspace_ids": []string{"0"}}
	rows, said := s.Protocol(t, nil).Query(t.Context(), acctest.Query{Type: kind, Config: config})
	if len(rows) != 1 || rows[0].Identity["project_id"] != s.Options().ProjectID || rows[0].Identity["region"] != simulator.DefaultRegion {
		t.Errorf("found %v: %s", rows, acctest.Said(said))
	}
	wrong := s.Protocol(t, acctest.Values{"project_id": "00000000000000000000000000000000"})
	if rows, said := wrong.Query(t.Context(), acctest.Query{Type: kind, Config: config}); rows != nil || !strings.Contains(acctest.Said(said), "project_id (set in the provider block)") {
		t.Errorf("wrong project: found %d: %s", len(rows), acctest.Said(said))
	}
	config["region"] = "cn-south-1"
	if rows, said := s.Protocol(t, nil).Query(t.Context(), acctest.Query{Type: kind, Config: config}); rows != nil || !strings.Contains(acctest.Said(said), "ERROR") {
		t.Errorf("a region that the account has no project in: found %d: %s", len(rows), acctest.Said(said))
	}
}
