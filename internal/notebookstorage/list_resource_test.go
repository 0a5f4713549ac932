package notebookstorage_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

const listed = "modelarts_notebook_storage"

// makeMounts makes three notebooks behind the provider's back: one with two mounts and a data
// volume, one with a mount in a pool, and one with a mount that is stopped.
func makeMounts(t *testing.T, s *acctest.Service) map[string]string {
	t.Helper()
	client, ids, capacity := s.Client(t), map[string]string{}, int64(5)
	flavor, poolFlavor, pool := acctest.Flavor, acctest.PoolFlavor, acctest.Pool
	path, uri, dedicated := "/data/own/", "obs://own/", "DEDICATED"
	for _, name := range []string{"two", "pooled", "stopped"} {
		request := modelarts.NotebookCreateRequest{
			Name: name, Flavor: &flavor, ImageID: acctest.Image, Volume: modelarts.VolumeMountRequest{Category: "EVS", Ownership: "MANAGED", Capacity: &capacity},
		}
		switch name {
		case "two":
			request.DataVolumes = []modelarts.DataVolumeMountRequest{{Category: "OBSFS", Ownership: &dedicated, MountPath: &path, URI: &uri}}
		case "pooled":
			request.Flavor, request.PoolID = &poolFlavor, &pool
		}
		nb, err := client.CreateNotebook(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		ids[name] = nb.ID
		acctest.Eventually(t, "it runs", func() bool { n, _ := s.Notebook(nb.ID); return n.Status == "RUNNING" })
	}
	efs := "0c0a3bd2-0a5c-4a0e-9a3b-1f6f2f0f4a11"
	for _, m := range []struct {
		on      string
		request modelarts.StorageMountRequest
	}{
		{"two", modelarts.StorageMountRequest{Category: "OBSFS", MountPath: "/data/lake/", URI: "obs://team-data/lake/"}},
		{"two", modelarts.StorageMountRequest{Category: "OBSFS", MountPath: "/data/models/", URI: "obs://team-data/models/"}},
		{"pooled", modelarts.StorageMountRequest{Category: "EFS", MountPath: "/data/share/", URI: "share.example.com:/a/", EFSID: &efs}},
		{"stopped", modelarts.StorageMountRequest{Category: "OBSFS", MountPath: "/data/lake/", URI: "obs://team-data/lake/"}},
	} {
		st, err := client.AttachDynamicStorage(t.Context(), ids[m.on], m.request)
		if err != nil {
			t.Fatal(m.on, err)
		}
		acctest.Eventually(t, "it is mounted", func() bool {
			seen, err := client.ShowDynamicStorage(t.Context(), ids[m.on], st.ID)
			return err == nil && seen.Status == modelarts.StorageMounted
		})
	}
	stopped := "STOPPED"
	if err := s.Change(ids["stopped"], simulator.Drift{Status: &stopped}); err != nil {
		t.Fatal(err)
	}
	return ids
}

// What a query shows of a mount is what an import of it comes to, and the configuration that
// is generated of it plans nothing. Data volumes are no mounts, whatever the service lists.
func TestQueryGeneratesWhatPlansNothing(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"mount-in-data"}, {"data-in-mounts"}, {"list-short", "list-lags"}, {"volume-uri-slash"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers, Lag: 1})
			ids := makeMounts(t, s)
			p := s.Protocol(t, nil)
			for _, name := range []string{"two", "pooled"} {
				rows, said := p.Query(t.Context(), acctest.Query{Type: listed, Config: acctest.Values{"notebook_id": ids[name]}, Include: true})
				if want := map[string]int{"two": 2, "pooled": 1}[name]; len(rows) != want || len(said) > 0 {
					t.Errorf("%s: found %q, want %d: %s", name, acctest.Names(rows), want, acctest.Said(said))
				}
				for i := range rows {
					p.Adopts(listed, &rows[i])
				}
			}
		})
	}
}

// The filters choose mounts, and what is not covered is a warning.
func TestQueryFilters(t *testing.T) {
	t.Parallel()
	const lakeOnTwo, models, share = "/data/lake/ on two (MOUNTED)", "/data/models/ on two (MOUNTED)", "/data/share/ on pooled (MOUNTED)"
	s := acctest.New(t, simulator.Options{Answers: []string{"mount-list-running"}})
	ids := makeMounts(t, s)
	p := s.Protocol(t, nil)
	for text, tc := range map[string]struct {
		config acctest.Values
		want   []string
	}{
		"nothing":    {acctest.Values{}, []string{lakeOnTwo, models, share}},
		"category":   {acctest.Values{"category": "obs"}, []string{lakeOnTwo, models}},
		"uri":        {acctest.Values{"uri": "models"}, []string{models}},
		"mount path": {acctest.Values{"mount_path": "/data/models"}, []string{models}},
		"status":     {acctest.Values{"status": "mount_failed"}, nil},
		"failed":     {acctest.Values{"failed": true}, nil},
		"not failed": {acctest.Values{"failed": false, "category": "efs"}, []string{share}},
	} {
		tc.config["workspace_ids"] = []string{"0"}
		rows, said := p.Query(t.Context(), acctest.Query{Type: listed, Config: tc.config})
		if got := acctest.Names(rows); !slices.Equal(got, tc.want) || len(said) != 1 || !strings.HasPrefix(acctest.Said(said), "WARNING: The mounts of notebook "+ids["stopped"]+" are not listed") {
			t.Errorf("%s: found %q, want %q: %s", text, got, tc.want, acctest.Said(said))
		}
	}
	for want, config := range map[string]acctest.Values{
		"WARNING: Only mounts of the workspace 0 are listed": {},
		"ERROR: Unable to list mounts: There is no notebook": {"notebook_id": "f9937afa-4451-42db-a76b-72d624749f66"},
		"must be the ID of a notebook":                       {"notebook_id": "two"},
		"Attribute category is":                              {"category": "EVS"},
	} {
		if _, said := p.Query(t.Context(), acctest.Query{Type: listed, Config: config}); !strings.Contains(acctest.Said(said), want) {
			t.Errorf("%v: said %s, want %s", config, acctest.Said(said), want)
		}
	}
	rows, said := p.Query(t.Context(), acctest.Query{Type: listed, Config: acctest.Values{"notebook_id": ids["two"]}, Limit: 1})
	if len(rows) != 1 || !strings.Contains(acctest.Said(said), "WARNING: There are more than 1 mounts") {
		t.Errorf("found %q: %s", acctest.Names(rows), acctest.Said(said))
	}
	s.Inject(simulator.Fault{Operation: "ListDynamicStorages", Kind: simulator.FaultRefuse, Status: 400, Code: "ModelArts.6336"})
	if rows, said := p.Query(t.Context(), acctest.Query{Type: listed, Config: acctest.Values{"workspace_ids": []string{"0"}}}); rows != nil || !strings.Contains(acctest.Said(said), "ERROR: Unable to list mounts") {
		t.Errorf("found %q: %s", acctest.Names(rows), acctest.Said(said))
	}
}

// The example of the documentation finds mounts that are then imported without a change.
func TestAccNotebookStorageQuery_example(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	ids := makeMounts(t, s)
	if err := s.Change(ids["stopped"], simulator.Drift{Status: &running}); err != nil {
		t.Fatal(err)
	}
	query, plan := s.QueryExample(t, listed)
	if strings.Count(query, "list.modelarts_notebook_storage.lake  ") < 1 {
		t.Errorf("the query found:\n%s", query)
	}
	if !regexp.MustCompile(`[12] to import, 0 to add, 0 to change, 0 to destroy`).MatchString(plan) {
		t.Errorf("the plan is:\n%s", plan)
	}
}

var running = "RUNNING"
