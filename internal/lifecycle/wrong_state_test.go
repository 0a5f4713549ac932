package lifecycle

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// A change that is refused in the state of the notebook is made in another state,
// with whatever of its codes the service refuses it.
func TestAnyCodeOfAWrongState(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"6347", "6327", "6958", "6305", "6306", "6307", "6308"} {
		for name, test := range map[string]struct {
			status  string
			options func(*options)
			wish    Wish
			calls   string
		}{
			"a change while running": {
				status: "RUNNING", wish: wish(reflavor, consent, kept), calls: "stop | PUT flavor | start",
			},
			"a name while running": {
				status: "RUNNING", options: func(o *options) { o.anyRefusedRunning = true }, wish: wish(rename, consent, kept), calls: "PUT name | stop | PUT name | start",
			},
			"growth while stopped": {
				status: "STOPPED", options: func(o *options) { o.growRefusedStopped = true }, wish: wish(growth), calls: "PUT disk 20 | start | PUT disk 20 | stop",
			},
			"a name while stopped": {
				status: "STOPPED", options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename), calls: "PUT name | start | PUT name | stop",
			},
			"a name and a flavor while stopped": {
				status: "STOPPED", options: func(o *options) { o.anyRefusedStopped = true }, wish: wish(rename, reflavor),
				calls: "PUT flavor name | PUT flavor | start | PUT name | stop",
			},
		} {
			t.Run(name+" "+code, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					o := quick
					o.refusal = code
					if test.options != nil {
						test.options(&o)
					}
					f := newFake(o, modelarts.Status(test.status))
					out := f.instance().Update(f.limited(t, 30*time.Minute), test.wish)
					if out.Err != nil {
						t.Fatal(out.Err)
					}
					var calls []string
					for _, call := range f.writes() {
						what, _, _ := strings.Cut(call, ":")
						if what, _, _ = strings.Cut(what, " for"); len(calls) == 0 || calls[len(calls)-1] != what {
							calls = append(calls, what)
						}
					}
					if want := strings.Split(test.calls, " | "); !slices.EqualFunc(calls, want, strings.HasPrefix) {
						t.Errorf("the calls are %q, want %q", calls, want)
					}
					if n := f.find("n"); string(n.Status) != test.status {
						t.Errorf("it is %s", n.Status)
					}
				})
			})
		}
	}
}
