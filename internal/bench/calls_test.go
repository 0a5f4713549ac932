package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// BenchmarkRefresh counts the calls of a plan, the look-up of the project
// included.
func BenchmarkRefresh(b *testing.B) {
	for _, n := range []int{100, 500, 1000} {
		s := service(b, 0, simulator.Options{})
		w := stocked(b, s, n)
		s.ResetRequests()
		emptyPlan(b, w)
		report(b, "refresh", fmt.Sprintf("calls for %d notebooks, alone in their project", n), float64(len(s.Requests())), "calls", float64(n/50+4))
	}
	s := service(b, 0, simulator.Options{})
	w := stocked(b, s, 10)
	crowd(b, s, 4990)
	s.ResetRequests()
	emptyPlan(b, w)
	report(b, "refresh", "calls for 10 notebooks among 5000", float64(len(s.Requests())), "calls", 10+4)
}

// crowd makes notebooks that are not Terraform's.
func crowd(b *testing.B, s *acctest.Service, n int) {
	b.Helper()
	post := func(path, token string, body any) *http.Response {
		text, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, s.URL+path, bytes.NewReader(text))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if token != "" {
			req.Header.Set("X-Auth-Token", token)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode >= 300 {
			b.Fatalf("POST %s: %s", path, resp.Status)
		}
		return resp
	}
	type object = map[string]any
	o := s.Options()
	token := post("/v3/auth/tokens", "", object{"auth": object{
		"identity": object{"methods": []string{"password"}, "password": object{"user": object{
			"name": o.UserName, "password": o.Password, "domain": object{"name": o.DomainName},
		}}},
		"scope": object{"project": object{"name": o.Region}},
	}}).Header.Get("X-Subject-Token")
	for i := range n {
		post("/v1/"+o.ProjectID+"/notebooks", token, object{
			"name": fmt.Sprintf("other-%d", i), "flavor": acctest.Flavor, "image_id": acctest.Image,
			"volume": object{"category": "EVS", "ownership": "MANAGED", "capacity": 5},
		})
	}
}

// BenchmarkWaiting takes the lateness from the test that measures it in virtual
// time, and counts the looks at notebooks that come up together. Each of them is
// looked at twice by its ID: no list ends a wait, and none shows whether tags that
// were just set are there.
func BenchmarkWaiting(b *testing.B) {
	looks := func(n int) float64 {
		s := service(b, 0, simulator.Options{CreateTime: 12e9})
		w := acctest.NewWorkspace(b, notebooks(s, n))
		w.MustRun(b, "apply", "-auto-approve", "-parallelism=50")
		calls := s.Operations()
		return float64(calls["ShowNotebook"] + calls["ListNotebooks"] + calls["ListAllNotebooks"])
	}
	one := looks(1)
	report(b, "refresh", "looks at one notebook that comes up in 12 s", one, "calls", 0)
	report(b, "refresh", "looks at 50 that come up together", looks(50), "calls", 2*one+4+2*50)

	out, err := exec.CommandContext(b.Context(), "go", "test", "-count=1", "-run=^TestPace$", "-v", "../lifecycle").CombinedOutput()
	if err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	measured := regexp.MustCompile(`=== ATTR  TestPace/([^/]+)/(\S+) pace (\d+) ms late, (\d+) looks`).FindAllStringSubmatch(string(out), -1)
	if len(measured) == 0 {
		b.Fatalf("the test has not measured anything:\n%s", out)
	}
	// By shape of action_progress: how late at worst, as a part of what is allowed,
	// and the calls of two minutes.
	worst, two, where := make(map[string]float64), make(map[string]float64), make(map[string]string)
	for _, m := range measured {
		life, err := time.ParseDuration(m[1])
		if err != nil {
			b.Fatal(err)
		}
		late, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			b.Fatal(err)
		}
		if part := late / max(1500, float64(life.Milliseconds())/20); part > worst[m[2]] {
			worst[m[2]], where[m[2]] = part, m[1]
		}
		if life == 2*time.Minute {
			if two[m[2]], err = strconv.ParseFloat(m[4], 64); err != nil {
				b.Fatal(err)
			}
		}
	}
	for _, shape := range slices.Sorted(maps.Keys(worst)) {
		report(b, "waiting", "late over 1.5 s or 5 %, median, worst life, steps "+shape, worst[shape], "times", 1)
		report(b, "waiting", "calls for a create of 2 minutes, steps "+shape, two[shape], "calls", 30)
	}
	b.Log("the worst lives:", where)
}
