package modelarts

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestNamesakesTakeOneCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		names    []string
		asked    string
		answered string
		want     map[string]string // IDs by name
	}{
		"one": {[]string{"a"}, "name=a", `[{"id":"1","name":"a","status":"RUNNING"},{"id":"2","name":"ab","status":"RUNNING"}]`, map[string]string{"a": "1"}},
		"several": {
			[]string{"team-a", "team-b", "team-a"}, "name=team-",
			`[{"id":"2","name":"team-a","status":"STOPPED"},{"id":"1","name":"team-a","status":"RUNNING"},{"id":"1","name":"team-a","status":"RUNNING"}]`,
			map[string]string{"team-a": "1 2", "team-b": ""},
		},
		"nothing in common": {[]string{"a", "b"}, "name=", `[]`, map[string]string{"a": "", "b": ""}},
		"of many letters":   {[]string{"笔记本", "笔记簿"}, "name=笔记", `[]`, map[string]string{"笔记本": ""}},
		"being deleted":     {[]string{"a"}, "name=a", `[{"id":"1","name":"a","status":"DELETING"},{"id":"2","name":"a","status":"DELETED"}]`, map[string]string{"a": ""}},
		"failed":            {[]string{"a"}, "name=a", `[{"id":"1","name":"a","status":"CREATE_FAILED"},{"name":"a"}]`, map[string]string{"a": "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var asked []string
			c := serving(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				asked = append(asked, "name="+r.URL.Query().Get("name"))
				_, _ = fmt.Fprintf(w, `{"data":%s,"total":0}`, test.answered)
			})
			n := NewNamesakes(c)
			var group sync.WaitGroup
			for _, name := range test.names {
				group.Go(func() {
					if _, err := n.Of(t.Context(), "", name); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			for name, want := range test.want {
				found, err := n.Of(t.Context(), "0", name)
				var ids []string
				for _, nb := range found {
					ids = append(ids, nb.ID)
				}
				if got := strings.Join(ids, " "); err != nil || got != want {
					t.Errorf("%s: found %q, %v; want %q", name, got, err, want)
				}
			}
			if len(asked) != 1 || asked[0] != test.asked {
				t.Errorf("asked for %q, want %s once", asked, test.asked)
			}
		})
	}
}

func TestNamesakesOfAServiceThatRefuses(t *testing.T) {
	t.Parallel()
	calls := 0
	c := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		http.Error(w, `{"error_code":"ModelArts.0112"}`, http.StatusForbidden)
	})
	n := NewNamesakes(c)
	for range 3 {
		if found, err := n.Of(t.Context(), "0", "a"); err == nil || len(found) > 0 {
			t.Errorf("found %v, %v", found, err)
		}
	}
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}
