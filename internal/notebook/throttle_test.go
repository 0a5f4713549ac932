package notebook_test

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// A service that takes 20 requests in a second makes an apply of a hundred
// notebooks slow, and nothing more.
func TestAccNotebook_throttled(t *testing.T) {
	t.Parallel()
	const n = 100
	for name, retryAfter := range map[string]string{"with Retry-After": "1", "without": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.New(t, simulator.Options{Rate: 20, RateRetryAfter: retryAfter})
			w := acctest.NewWorkspace(t, many(s, n, base.with(arguments{"tags": `{ team = "vision" }`})))
			for _, args := range [][]string{{"apply", "-auto-approve", "-parallelism=20"}, {"plan", "-detailed-exitcode"}, {"destroy", "-auto-approve", "-parallelism=20"}} {
				s.ResetRequests()
				w.MustRun(t, args...)
				refused := 0
				for _, r := range s.Requests() {
					if r.Status == 429 {
						refused++
					}
				}
				all := len(s.Requests())
				t.Logf("%s: %d requests, %d of them refused", args[0], all, refused)
				if args[0] == "apply" && (refused == 0 || len(s.Notebooks()) != n) {
					t.Errorf("%d notebooks were made, %d requests were refused", len(s.Notebooks()), refused)
				}
				if refused > 25+all/10 { // those under way when the first is refused, and one now and then
					t.Errorf("%s: %d of %d requests were refused", args[0], refused, all)
				}
			}
			if left := s.Notebooks(); len(left) > 0 {
				t.Errorf("%d notebooks are left", len(left))
			}
		})
	}
}
