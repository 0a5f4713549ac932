package notebook

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// lists is a service that answers by the end of the path, without a network. An
// empty text is refused. Lists of flavors are of one feature, NOTEBOOK unless
// another is named.
type lists map[string]string

func (l lists) RoundTrip(req *http.Request) (*http.Response, error) {
	status, text := http.StatusNotFound, `{"error_code":"ModelArts.6309","error_msg":"not found"}`
	for end, answer := range l {
		if !strings.HasSuffix(req.URL.Path, end) {
			continue
		}
		if status, text = http.StatusOK, answer; answer == "" {
			status, text = http.StatusBadRequest, `{"error_code":"ModelArts.0104","error_msg":"no"}`
		}
		if end == "/notebooks/flavors" && req.URL.Query().Get("feature") == "DEFAULT" {
			text = `{"data":[{"id":"free","feature":"DEFAULT"}]}`
		}
		if strings.HasSuffix(end, "/images") && req.URL.Query().Get("type") != "BUILD_IN" {
			text = `{"data":[],"total":0}`
		}
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), Request: req}, nil
}

func (l lists) process() *settings.Process {
	project := func(context.Context) (string, error) { return "p", nil }
	return settings.NewProcess(modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{Transport: l}, project, "test"))
}

// canned are a few flavors, images and pools.
func canned() lists {
	return lists{
		"/notebooks/flavors": `{"data":[
			{"id":"f","arch":"X86_64","category":"CPU","feature":"NOTEBOOK","storages":["EVS","EFS"],"evs_max_size":"100"},
			{"id":"g","arch":"X86_64","category":"CPU","feature":"NOTEBOOK"},
			{"id":"sold","arch":"X86_64","category":"CPU","feature":"NOTEBOOK","sold_out":true},
			{"id":"arm","arch":"AARCH64","category":"ASCEND","feature":"NOTEBOOK"},
			{"id":"shared","arch":"X86_64","category":"CPU","feature":"NOTEBOOK","storages":["EFS_DEDICATED"]}]}`,
		"/notebooks/id/flavors": `{"data":[{"id":"g"},{"id":"arm"}]}`,
		"/images": `{"data":[
			{"id":"i","status":"ACTIVE","arch":"x86_64","resource_categories":["CPU"]},
			{"id":"creating","status":"CREATING","status_message":"soon"},
			{"id":"gpu","status":"ACTIVE","arch":"x86_64","resource_categories":["GPU"]},
			{"id":"ssh","status":"ACTIVE","dev_services":["ssh"]}]}`,
		"/authoring/clusters":          `{"data":[{"pool_id":"p","status":"active","flavors":[{"id":"pf"}]},{"pool_id":"down","status":"ABNORMAL"}]}`,
		"/authoring/features/NOTEBOOK": `{"quota":10,"used":9}`,
		"/authorizations":              `{"auth":[{"user_id":"all-users","type":"agency"}],"total_count":1}`,
	}
}

// inPool is the create of a notebook in a pool.
func inPool(pool, flavor string) plannedCase {
	return plannedCase{creates: true, config: attributes{"pool_id": pool}, plan: attributes{"pool_id": pool, "flavor": flavor, "volume.capacity": 10}}
}

// poolLists is an account with one pool, p, and further members of its entry.
func poolLists(members string) func(lists) {
	return func(l lists) {
		l["/authoring/clusters"] = `{"data":[{"pool_id":"p","logic_cluster_id":"c","status":"ACTIVE"` + members + `}]}`
	}
}

type catalogueCase struct {
	plannedCase
	lists   func(lists)
	summary string // empty: nothing is found
	at      string
	severe  bool
}

// catalogueCases makes the cases anew, since each counts in a process of its own.
func catalogueCases() map[string]catalogueCase {
	return map[string]catalogueCase{
		"all is well":                         {plannedCase: plannedCase{creates: true}},
		"nothing changes":                     {plannedCase: plannedCase{state: attributes{"flavor": "gone"}}},
		"a name changes":                      {plannedCase: plannedCase{state: attributes{"flavor": "gone", "image_id": "gone"}, plan: changedName}},
		"a flavor that is not there":          {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "x"}}, summary: "There is no such flavor", at: "flavor", severe: true},
		"no flavor is listed at all":          {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/notebooks/flavors"] = `{"data":[],"total":0}` }, summary: `There is no such flavor (notebook "n")`, at: "flavor"},
		"a flavor of another feature":         {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "free"}}, summary: "There is no such flavor", at: "flavor", severe: true},
		"a flavor of its own feature":         {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "free", "feature": "DEFAULT"}}},
		"a flavor beside a custom size":       {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "x", "custom_spec": attributes{"cpu": 1}}}},
		"a flavor that is not known":          {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": unknown{}}}},
		"a flavor that is sold out":           {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "sold"}}, summary: "The flavor is sold out", at: "flavor", severe: true},
		"a storage that it does not list":     {plannedCase: plannedCase{creates: true, plan: attributes{"volume.category": "obs"}}, summary: `The flavor does not work with the storage (notebook "n")`, at: "volume.category"},
		"a file system that it has":           {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "shared", "volume.category": "EFS", "volume.ownership": "DEDICATED"}}},
		"a storage in small letters":          {plannedCase: plannedCase{creates: true, plan: attributes{"volume.category": "efs"}}},
		"a flavor that lists no storage":      {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "g", "volume.category": "OBS"}}},
		"a disk that is as large as it may":   {plannedCase: plannedCase{creates: true, plan: attributes{"volume.capacity": 100}}},
		"a disk that is too large":            {plannedCase: plannedCase{creates: true, plan: attributes{"volume.capacity": 101}}, summary: "The disk is too large for the flavor", at: "volume.capacity", severe: true},
		"a size of another storage":           {plannedCase: plannedCase{creates: true, plan: attributes{"volume.category": "EFS", "volume.capacity": 101}}},
		"an image that is not there":          {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "x"}}, summary: "There is no such image", at: "image_id", severe: true},
		"an image in large letters":           {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "I"}}},
		"an image that is not ready":          {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "creating"}}, summary: "The image is not active", at: "image_id", severe: true},
		"an image of another architecture":    {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "arm"}}, summary: "The image has another architecture than the flavor", at: "image_id", severe: true},
		"an image of another kind":            {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "gpu"}}, summary: "The image is for another kind of flavor", at: "image_id", severe: true},
		"an image that needs SSH":             {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "ssh"}}, summary: "The image needs an SSH endpoint", at: "endpoints", severe: true},
		"an image that has SSH":               {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "ssh", "endpoints": attributes{"SSH": attributes{}}}}},
		"endpoints that are not known":        {plannedCase: plannedCase{creates: true, plan: attributes{"image_id": "ssh", "endpoints": unknown{}}}},
		"a pool that is not there":            {plannedCase: inPool("x", "f"), summary: `There is no such resource pool (notebook "n")`, at: "pool_id"},
		"a pool by the ID of its cluster":     {plannedCase: inPool("c", "pf"), lists: poolLists(`,"flavors":[{"id":"pf"}]`)},
		"a pool that is down":                 {plannedCase: plannedCase{creates: true, config: attributes{"pool_id": "down"}, plan: attributes{"pool_id": "down"}}, summary: "The resource pool is not active", at: "pool_id", severe: true},
		"a flavor that the pool has":          {plannedCase: plannedCase{creates: true, config: attributes{"pool_id": "p"}, plan: attributes{"pool_id": "p", "flavor": "pf"}}},
		"a flavor that the pool has not":      {plannedCase: inPool("p", "f"), summary: `There is no such flavor (notebook "n")`, at: "flavor"},
		"a flavor that does not exist":        {plannedCase: inPool("p", "x"), summary: `There is no such flavor (notebook "n")`, at: "flavor"},
		"a pool that lists no flavors":        {plannedCase: inPool("p", "x"), lists: poolLists(`,"flavors":[]`)},
		"a pool without a list of flavors":    {plannedCase: inPool("p", "x"), lists: poolLists("")},
		"a flavor that is sold out in a pool": {plannedCase: inPool("p", "pf"), lists: poolLists(`,"flavors":[{"id":"pf","sold_out":true}]`), summary: `The flavor is sold out (notebook "n")`, at: "flavor"},
		"a disk too large for a pool":         {plannedCase: inPool("p", "pf"), lists: poolLists(`,"flavors":[{"id":"pf","evs_max_size":"9"}]`), summary: `The disk is too large for the flavor (notebook "n")`, at: "volume.capacity"},
		"a limit of no disk in a pool":        {plannedCase: inPool("p", "pf"), lists: poolLists(`,"flavors":[{"id":"pf","evs_max_size":"0","storages":[]}]`)},
		"a pool that is not known":            {plannedCase: plannedCase{creates: true, config: attributes{"pool_id": unknown{}}, plan: attributes{"pool_id": unknown{}, "flavor": "x"}}},
		"a pool that is not configured":       {plannedCase: plannedCase{creates: true, plan: attributes{"pool_id": unknown{}, "flavor": "x"}}, summary: "There is no such flavor", at: "flavor", severe: true},
		"a change that it can make":           {plannedCase: plannedCase{config: attributes{"flavor": "g"}, applied: attributes{"flavor": "f"}, plan: attributes{"flavor": "g"}}},
		"a change that it cannot make":        {plannedCase: plannedCase{config: attributes{"flavor": "f"}, applied: attributes{"flavor": "g"}, state: attributes{"flavor": "g"}, plan: attributes{"flavor": "f"}}, summary: "The notebook cannot change to the flavor", at: "flavor", severe: true},
		"sold out, and it cannot change":      {plannedCase: plannedCase{config: attributes{"flavor": "sold"}, applied: attributes{"flavor": "f"}, plan: attributes{"flavor": "sold"}}, summary: "The flavor is sold out", at: "flavor", severe: true},
		"it was changed elsewhere":            {plannedCase: plannedCase{config: attributes{"flavor": "sold"}, plan: attributes{"flavor": "sold"}}, summary: `The flavor is sold out (notebook "n")`, at: "flavor"},
		"one elsewhere, one here":             {plannedCase: plannedCase{config: attributes{"image_id": "gpu"}, applied: attributes{"image_id": "i"}, state: attributes{"flavor": "g"}, plan: attributes{"flavor": "arm", "image_id": "gpu"}}, summary: "The image has another architecture than the flavor", at: "image_id", severe: true},
		"one that it has meanwhile": {plannedCase: plannedCase{plan: attributes{"flavor": "g"}, config: attributes{"flavor": "g"}, applied: attributes{"flavor": "f"}}, lists: func(l lists) {
			l["/notebooks/id/flavors"], l["/notebooks/id"] = `{"data":[{"id":"arm"}]}`, `{"id":"id","name":"n","status":"RUNNING","flavor":"g"}`
		}},
		"a sold out one that it has meanwhile": {plannedCase: plannedCase{plan: attributes{"flavor": "sold"}, config: attributes{"flavor": "sold"}, applied: attributes{"flavor": "f"}}, lists: func(l lists) { l["/notebooks/id"] = `{"id":"id","name":"n","status":"RUNNING","flavor":"sold"}` }},
		"one that it cannot get": {plannedCase: plannedCase{plan: attributes{"flavor": "g"}, config: attributes{"flavor": "g"}, applied: attributes{"flavor": "f"}}, lists: func(l lists) {
			l["/notebooks/id/flavors"], l["/notebooks/id"] = `{"data":[{"id":"arm"}]}`, `{"id":"id","name":"n","status":"RUNNING","flavor":"f"}`
		}, summary: "The notebook cannot change to the flavor", at: "flavor", severe: true},
		"plan_checks is warn":                   {plannedCase: plannedCase{creates: true, policy: settings.Policy{PlanChecks: settings.ChecksWarn}, plan: attributes{"flavor": "x"}}, summary: `There is no such flavor (notebook "n")`, at: "flavor"},
		"plan_checks is off":                    {plannedCase: plannedCase{creates: true, policy: settings.Policy{PlanChecks: settings.ChecksOff}, plan: attributes{"flavor": "x"}}},
		"no catalogue":                          {plannedCase: plannedCase{creates: true, process: new(settings.Process), plan: attributes{"flavor": "x"}}},
		"it cannot be read":                     {plannedCase: plannedCase{creates: true, plan: attributes{"flavor": "x"}}, lists: func(l lists) { l["/notebooks/flavors"], l["/images"] = "", "" }, summary: "The plan could not be checked against the catalogue"},
		"the quota cannot be read":              {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/authoring/features/NOTEBOOK"] = "" }, summary: "The plan could not be checked against the catalogue"},
		"the quota is used up":                  {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/authoring/features/NOTEBOOK"] = `{"quota":9,"used":9}` }, summary: "The quota of notebooks does not suffice"},
		"ModelArts is not authorized":           {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/authorizations"] = `{"auth":[],"total_count":0}` }, summary: "ModelArts may not act for the account"},
		"it is not, and nothing is created":     {plannedCase: plannedCase{plan: changedName}, lists: func(l lists) { l["/authorizations"] = `{"auth":[]}` }},
		"one user has":                          {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/authorizations"] = `{"content":[{"user_id":"u"}]}` }},
		"the authorizations are not to be read": {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/authorizations"] = "" }},
		"the quota does not say":                {plannedCase: plannedCase{creates: true}, lists: func(l lists) { l["/authoring/features/NOTEBOOK"] = `{"quota":9}` }},
	}
}

// Each check of the catalogue finds what it is for: an error for what somebody
// asks for, a warning for what was changed elsewhere, nothing of what is unknown.
func TestCatalogueChecks(t *testing.T) {
	t.Parallel()
	for name, tc := range catalogueCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := canned()
			if tc.lists != nil {
				tc.lists(service)
			}
			if tc.process == nil {
				tc.process = service.process()
			}
			p := tc.planner(t)
			before := p.plan
			p.check()
			var want []string
			if tc.summary != "" {
				want = []string{map[bool]string{true: "error", false: "warning"}[tc.severe] + map[bool]string{true: " at " + tc.at}[tc.at != ""] + ": " + tc.summary}
			}
			if got := said(p.resp.Diagnostics); !slices.Equal(got, want) {
				t.Errorf("said %q, want %q: %v", got, want, p.resp.Diagnostics)
			}
			if len(p.resp.RequiresReplace) > 0 || p.ended || len(differing(p.plan, before)) > 0 {
				t.Error("a check has changed the plan")
			}
		})
	}
}

// The rule is idle where nothing changes, and follows no error.
func TestCatalogueRule(t *testing.T) {
	t.Parallel()
	same, changed := plannedCase{idle: true}, plannedCase{plan: changedName}
	same.check(t, "catalogue")
	changed.check(t, "catalogue")
	p := (&plannedCase{creates: true, process: canned().process(), plan: attributes{"flavor": "x"}}).planner(t)
	p.resp.Diagnostics.AddError("another", "error")
	p.check()
	if len(p.resp.Diagnostics) != 1 {
		t.Errorf("after an error: %q", said(p.resp.Diagnostics))
	}
}

// The quota is warned of once, by the notebook with which it is used up, and so is
// a catalogue that cannot be read.
func TestQuotaIsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lists lists
		want  []int // warnings of each plan
	}{
		"quota":     {canned(), []int{0, 1, 0}},
		"catalogue": {lists{"/flavors": "", "/images": "", "/NOTEBOOK": ""}, []int{1, 0, 0}},
	} {
		process := tc.lists.process()
		var got []int
		for range tc.want {
			p := (&plannedCase{creates: true, process: process}).planner(t)
			p.check()
			got = append(got, len(p.resp.Diagnostics.Warnings()))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: warnings %v, want %v", name, got, tc.want)
		}
	}
}
