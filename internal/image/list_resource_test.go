package image_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// registers registers an image behind the provider's back.
func registers(t *testing.T, client *modelarts.Client, path string, change func(*modelarts.ImageRegisterRequest)) *modelarts.Image {
	t.Helper()
	request := modelarts.ImageRegisterRequest{SWRPath: path}
	if change != nil {
		change(&request)
	}
	image, err := client.RegisterImage(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return image
}

// registerAll registers an image of each kind.
func registerAll(t *testing.T, s *acctest.Service) {
	t.Helper()
	client := s.Client(t)
	registers(t, client, "swr.example.com/team/plain:1", nil)
	registers(t, client, "swr.example.com/team/arm:1", func(r *modelarts.ImageRegisterRequest) {
		r.Arch, r.ResourceCategory, r.Services = new("AARCH64"), []string{"ASCEND"}, []string{"SSH"}
		r.Description, r.Visibility, r.ServiceType = new("for \"Ascend\""), new("PRIVATE"), new("DEV")
		r.Tags, r.ReadMe = []string{"a", "b"}, new("How to use it")
	})
	registers(t, client, "swr.example.com/team/saved:1", func(r *modelarts.ImageRegisterRequest) { r.Origin = new("IMAGE_SAVE") })
	registers(t, client, "swr.example.com/other/there:1", func(r *modelarts.ImageRegisterRequest) { r.WorkspaceID = new(simulator.DefaultWorkspace) })
}

var everyWorkspace = []string{"0", simulator.DefaultWorkspace}

// What a query shows of an image is what an import of it comes to, and the configuration
// that is generated of it plans nothing. (Of one that has failed, a plan has the service
// look at it again.)
func TestQueryGeneratesWhatPlansNothing(t *testing.T) {
	t.Parallel()
	for _, answers := range [][]string{nil, {"image-arch-upper"}, {"image-list-all"}, {"groups-in-data"}, {"workspace-all"}} {
		t.Run(strings.Join(answers, " "), func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Answers: answers})
			registerAll(t, s)
			p := s.Protocol(t, nil)
			rows, said := p.Query(t.Context(), acctest.Query{Type: "modelarts_image", Config: acctest.Values{"workspace_ids": everyWorkspace, "failed": false}, Include: true})
			if len(rows) != 5 || len(said) > 0 {
				t.Fatalf("found %d images, want 5: %s", len(rows), acctest.Said(said))
			}
			for i := range rows {
				p.Adopts("modelarts_image", &rows[i])
			}
		})
	}
}

// The filters choose images, whatever the service does with them.
func TestQueryFilters(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	registerAll(t, s)
	p := s.Protocol(t, nil)
	for text, tc := range map[string]struct {
		config acctest.Values
		want   []string
	}{
		"nothing":      {acctest.Values{}, []string{"arm:1 (ACTIVE)", "broken-image:1.0.0 (ERROR)", "plain:1 (ACTIVE)", "saved:1 (ACTIVE)", "team-image:1.0.0 (ACTIVE)", "there:1 (ACTIVE)"}},
		"name":         {acctest.Values{"name": "lai"}, []string{"plain:1 (ACTIVE)"}},
		"namespace":    {acctest.Values{"namespace": "other"}, []string{"there:1 (ACTIVE)"}},
		"status":       {acctest.Values{"status": "error"}, []string{"broken-image:1.0.0 (ERROR)"}},
		"origin":       {acctest.Values{"origin": "image_save"}, []string{"saved:1 (ACTIVE)"}},
		"arch":         {acctest.Values{"arch": "aarch64"}, []string{"arm:1 (ACTIVE)"}},
		"failed":       {acctest.Values{"failed": true}, []string{"broken-image:1.0.0 (ERROR)"}},
		"not failed":   {acctest.Values{"failed": false, "arch": "AARCH64"}, []string{"arm:1 (ACTIVE)"}},
		"one of them":  {acctest.Values{"workspace_ids": []string{simulator.DefaultWorkspace}}, []string{"there:1 (ACTIVE)"}},
		"other region": {acctest.Values{"region": "cn-south-1"}, nil},
	} {
		if tc.config["workspace_ids"] == nil {
			tc.config["workspace_ids"] = everyWorkspace
		}
		rows, said := p.Query(t.Context(), acctest.Query{Type: "modelarts_image", Config: tc.config})
		got := acctest.Names(rows)
		if failed := len(said) > 0; failed != (text == "other region") || !slices.Equal(got, tc.want) {
			t.Errorf("%s: found %q, want %q: %s", text, got, tc.want, acctest.Said(said))
		}
	}
	_, said := p.Query(t.Context(), acctest.Query{Type: "modelarts_image", Config: acctest.Values{}})
	if text := acctest.Said(said); !strings.Contains(text, "Only images of the workspace 0 are listed") {
		t.Errorf("the workspaces that are left out are not named: %s", text)
	}
}

// An error between two lists ends the query, and nothing passes for the whole.
func TestQueryFailsAsAWhole(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	client := s.Client(t)
	for i := range 120 {
		registers(t, client, fmt.Sprintf("swr.example.com/team/n%d:1", i), nil)
	}
	p := s.Protocol(t, acctest.Values{"max_retries": 0})
	s.Inject(simulator.Fault{Operation: "ListImage", Kind: simulator.FaultRefuse, Status: 500, Code: "ModelArts.6102", Skip: 1})
	query := acctest.Query{Type: "modelarts_image", Config: acctest.Values{"workspace_ids": everyWorkspace}, Limit: 1000}
	if rows, said := p.Query(t.Context(), query); rows != nil || !strings.Contains(acctest.Said(said), "ERROR: Unable to list images: ListImage: ModelArts.6102") {
		t.Errorf("found %d images: %s", len(rows), acctest.Said(said))
	}
	if rows, said := p.Query(t.Context(), query); len(rows) != 122 || len(said) > 0 {
		t.Errorf("found %d images: %s", len(rows), acctest.Said(said))
	}
	query.Limit = 0
	if rows, said := p.Query(t.Context(), query); len(rows) != 100 || !strings.Contains(acctest.Said(said), "WARNING: There are more than 100 images") {
		t.Errorf("found %d images: %s", len(rows), acctest.Said(said))
	}
}

// The example of the documentation finds images that are then imported without a change.
func TestAccImageQuery_example(t *testing.T) {
	t.Parallel()
	s := acctest.New(t, simulator.Options{})
	registerAll(t, s)
	query, plan := s.QueryExample(t, "modelarts_image")
	if !strings.Contains(query, "list.modelarts_image.team") || strings.Count(query, "saved:1 (ACTIVE)") != 2 {
		t.Errorf("the query found:\n%s", query)
	}
	if !strings.Contains(plan, "4 to import, 0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan is:\n%s", plan)
	}
}
