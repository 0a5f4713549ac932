package bench

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// BenchmarkThrottle compares an apply and a plan of a hundred notebooks at a
// service that takes 20 requests in a second with what that limit makes
// inevitable: the time that they take without it, or that so many requests take.
func BenchmarkThrottle(b *testing.B) {
	const n, rate = 100, 20
	run := func(o simulator.Options) (apply, plan float64, applied, planned int) {
		s := service(b, 0, o)
		w := acctest.NewWorkspace(b, notebooks(s, n))
		passed := func() int {
			count := 0
			for _, r := range s.Requests() {
				if r.Status != 429 {
					count++
				}
			}
			s.ResetRequests()
			return count
		}
		apply = seconds(func() { w.MustRun(b, "apply", "-auto-approve", "-parallelism=20") })
		applied = passed()
		plan = seconds(func() { emptyPlan(b, w) })
		planned = passed()
		w.MustRun(b, "destroy", "-auto-approve", "-parallelism=20")
		return apply, plan, applied, planned
	}
	freeApply, freePlan, _, _ := run(simulator.Options{})
	for _, mode := range []struct{ name, retryAfter string }{{"with Retry-After", "1"}, {"without Retry-After", ""}} {
		apply, plan, applied, planned := run(simulator.Options{Rate: rate, RateRetryAfter: mode.retryAfter})
		// A bucket of a second's requests is full at the beginning.
		inevitable := max(freeApply, float64(applied-rate)/rate)
		report(b, "throttling", "apply of 100 at 20/s over the inevitable, "+mode.name, apply/inevitable, "times", 1.3)
		inevitable = max(freePlan, float64(planned-rate)/rate)
		report(b, "throttling", "plan of 100 at 20/s over the inevitable, "+mode.name, plan/inevitable, "times", 1.3)
	}
}
