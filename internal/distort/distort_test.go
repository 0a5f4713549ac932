package distort_test

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/distort"
)

// service answers each request for a notebook with what it holds.
type service struct{ answer string }

func (s *service) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "999999")
	_, _ = io.WriteString(w, s.answer)
}

// ask sends a request and returns the answer with its members in order.
func ask(t *testing.T, h http.Handler, method, path string) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	if length := recorder.Header().Get("Content-Length"); length != "" {
		t.Errorf("the length %s is that of another answer", length)
	}
	return strings.TrimSpace(recorder.Body.String())
}

func newServer(t *testing.T, s *service, text string) *distort.Server {
	t.Helper()
	chosen, err := distort.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return distort.New(s, time.Second, func(string) []distort.Distortion { return chosen })
}

const base = `{"billing_items":["A","B"],"endpoints":[{"allowed_access_ips":["192.0.2.1"],"service":"SSH"}],"id":"1","name":"n","status":"STOPPED",` +
	`"tags":[{"key":"a","value":"b"}],"volume":{"capacity":5,"category":"OBS","uri":"obs://b/p/"}}`

func TestKinds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"drop volume.uri everywhere always":                      {`,"uri":"obs://b/p/"`, ``},
		"null volume everywhere always":                          {`{"capacity":5,"category":"OBS","uri":"obs://b/p/"}`, `null`},
		"empty volume.capacity everywhere always":                {`"capacity":5`, `"capacity":0`},
		"retype volume.capacity everywhere always":               {`"capacity":5`, `"capacity":"5"`},
		"retype tags everywhere always":                          {`[{"key":"a","value":"b"}]`, `{}`},
		"empty tags everywhere always":                           {`[{"key":"a","value":"b"}]`, `[]`},
		"empty volume everywhere always":                         {`{"capacity":5,"category":"OBS","uri":"obs://b/p/"}`, `{}`},
		"empty name everywhere always":                           {`"name":"n"`, `"name":""`},
		"rename volume.category everywhere always":               {`"category":"OBS","uri":"obs://b/p/"`, `"the_category":"OBS","uri":"obs://b/p/"`},
		"reorder billing_items everywhere always":                {`["A","B"]`, `["B","A"]`},
		"case billing_items everywhere always":                   {`["A","B"]`, `["a","b"]`},
		"case status everywhere always":                          {`"STOPPED"`, `"stopped"`},
		"slash volume.uri everywhere always":                     {`obs://b/p/`, `obs://b/p`},
		"category volume.category everywhere always":             {`"OBS"`, `"OBSFS"`},
		"block endpoints[].allowed_access_ips everywhere always": {`192.0.2.1`, `192.0.2.1/32`},
		"drop endpoints[].allowed_access_ips everywhere always":  {`"allowed_access_ips":["192.0.2.1"],`, ``},
		"drop name details stopped,null name details settled":    {`"name":"n",`, ``},
		"drop volume.uri details running":                        {``, ``},
		"drop volume.uri details pending":                        {``, ``},
		"drop volume.uri lists always":                           {``, ``},
	} {
		got := ask(t, newServer(t, &service{base}, text), http.MethodGet, "/v1/p/notebooks/1")
		if expected := strings.Replace(base, want[0], want[1], 1); got != expected {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, expected)
		}
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	s := &service{`{"data":[{"id":"1","name":"n","status":"RUNNING","url":"u"}],"total":1}`}
	d := newServer(t, s, "drop url lists running")
	if got := ask(t, d, http.MethodGet, "/v1/p/notebooks?limit=10"); strings.Contains(got, `"url"`) || !strings.Contains(got, `"total":1`) {
		t.Errorf("the list is %s", got)
	}
	for _, path := range []string{"/v1/p/notebooks/flavors", "/v1/p/notebooks/1/lease", "/v3/projects", "/v1/p/images"} {
		s.answer = `{"id":"1","name":"n","url":"u"}`
		recorder := httptest.NewRecorder()
		d.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		if got := recorder.Body.String(); got != s.answer {
			t.Errorf("%s is not about a notebook, and answers %s", path, got)
		}
	}
	if hits := d.Hits("1"); len(hits) != 1 || hits[0] != 1 {
		t.Errorf("the hits are %v", hits)
	}
	s.answer = "not JSON"
	if got := ask(t, d, http.MethodGet, "/v1/p/notebooks/1"); got != s.answer {
		t.Errorf("the answer is %s", got)
	}
}

// What comes late is shown as it was until the delay has passed since the request
// that changed it.
func TestDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &service{`{"description":"old","id":"1","name":"n","status":"RUNNING"}`}
		d := newServer(t, s, "delay description everywhere always,delay status details always")
		const path = "/v1/p/notebooks/1"
		expect := func(when, description, status string) {
			t.Helper()
			var got struct{ Description, Status string }
			if err := json.Unmarshal([]byte(ask(t, d, http.MethodGet, path)), &got); err != nil {
				t.Fatal(err)
			}
			if got.Description != description || got.Status != status {
				t.Errorf("%s: %+v, want %s and %s", when, got, description, status)
			}
		}
		expect("at the first sight", "", "RUNNING")
		time.Sleep(time.Second)
		expect("a second later", "old", "RUNNING")
		s.answer = `{"description":"new","id":"1","name":"n","status":"RUNNING"}`
		if got := ask(t, d, http.MethodPut, path); !strings.Contains(got, "new") {
			t.Errorf("the change answers %s", got)
		}
		expect("after a change", "old", "RUNNING")
		time.Sleep(time.Second)
		expect("a second after a change", "new", "RUNNING")
		s.answer = `{"description":"new","id":"1","name":"n","status":"STOPPED"}`
		expect("after a stop", "new", "RUNNING")
		time.Sleep(time.Second)
		expect("a second after a stop", "new", "STOPPED")
	})
}

// Whatever is random can be written down and read again, and leaves what is
// essential.
func TestRandom(t *testing.T) {
	t.Parallel()
	random, seen := rand.New(rand.NewPCG(1, 1)), map[distort.Kind]int{}
	for range 10_000 {
		d := distort.Random(random, distort.Members())
		seen[d.Kind]++
		again, err := distort.Parse(d.String())
		if err != nil || len(again) != 1 || again[0] != d {
			t.Fatalf("%s is read as %v: %v", d, again, err)
		}
	}
	if len(seen) != 11 {
		t.Errorf("the kinds are %v", seen)
	}
	for _, text := range []string{"", "drop name", "drop fail_reason lists always", "drop status details always", "null status everywhere settled", "drop id lists always", "fold name lists always", "drop name here always", "drop name lists never"} {
		if _, err := distort.Parse(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// What is said of mounts, of the list of them and of images is distorted, too, as was chosen
// for their notebook or by their name.
func TestMountsAndImages(t *testing.T) {
	t.Parallel()
	s := &service{base}
	d := newServer(t, s, "slash mount.uri everywhere always,drop mount.category lists running,drop page.total lists always,null own_image.tag details always,case own_image.arch lists always,drop mount.mount_type details stopped")
	ask(t, d, http.MethodGet, "/v1/p/notebooks/1") // which is STOPPED
	const one = `{"category":"OBSFS","id":"m","mount_path":"/data/a/","mount_type":"DYNAMIC","status":"MOUNTED","uri":"obs://b/p/"}`
	image := func(arch, tag string) string {
		return `{"arch":"` + arch + `","id":"i","name":"n","status":"ACTIVE","tag":` + tag + `}`
	}
	for _, tc := range []struct{ method, path, answer, want string }{
		{http.MethodGet, "/v1/p/notebooks/1/storage", `{"data":[` + one + `],"total":1}`, `{"data":[` + strings.Replace(one, "p/\"", "p\"", 1) + `]}`},
		{http.MethodPost, "/v1/p/notebooks/1/storage", one, `{"category":"OBSFS","id":"m","mount_path":"/data/a/","status":"MOUNTED","uri":"obs://b/p"}`},
		{http.MethodGet, "/v1/p/notebooks/1/storage/m", one, `{"category":"OBSFS","id":"m","mount_path":"/data/a/","status":"MOUNTED","uri":"obs://b/p"}`},
		{http.MethodGet, "/v1/p/notebooks/2/storage/m", one, one}, // of which nothing is known
		{http.MethodPost, "/v1/p/notebooks/1/create-image", image("x86_64", `"1"`), image("x86_64", "null")},
		{http.MethodGet, "/v1/p/images/i", image("x86_64", `"1"`), image("x86_64", "null")},
		{http.MethodGet, "/v1/p/images?limit=1", `{"data":[` + image("x86_64", `"1"`) + `],"total":1}`, `{"data":[` + image("X86_64", `"1"`) + `],"total":1}`},
	} {
		s.answer = tc.answer
		if got := ask(t, d, tc.method, tc.path); got != tc.want {
			t.Errorf("%s %s: %s\nwant %s", tc.method, tc.path, got, tc.want)
		}
	}
	random, seen := rand.New(rand.NewPCG(1, 1)), map[string]bool{}
	for range 5000 {
		of := distort.MountMembers()
		if random.IntN(2) == 0 {
			of = distort.ImageMembers()
		}
		d := distort.Random(random, of)
		if seen[d.Member] = true; d.Validate() != nil {
			t.Errorf("%s is not valid", d)
		}
	}
	if want := len(distort.MountMembers()) + len(distort.ImageMembers()); len(seen) != want {
		t.Errorf("%d of %d members are distorted", len(seen), want)
	}
}
