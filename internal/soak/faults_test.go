package soak_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// hits is the part of all calls that a fault hits.
const hits = 0.2

// faults are the faults of answers, each with its share of the hits. Those that
// no client can know to be passing (a refused signature, a notebook that is
// denied) are rarer: most of them end the apply, and what comes after the first
// one is worth seeing too.
var faults = []struct {
	name  string
	share float64
	fault simulator.Fault
}{
	{"cut before the request", 2, simulator.Fault{Kind: simulator.FaultCutBefore}},
	{"cut after the effect", 3, simulator.Fault{Kind: simulator.FaultCutAfter}},
	{"500", 2, simulator.Fault{Kind: simulator.FaultRefuse}},
	{"500 after the effect", 2, simulator.Fault{Kind: simulator.FaultRefuse, AfterEffect: true}},
	{"502 with HTML", 1, simulator.Fault{Kind: simulator.FaultHTML}},
	{"502 with HTML after the effect", 1, simulator.Fault{Kind: simulator.FaultHTML, AfterEffect: true}},
	{"503", 1, simulator.Fault{Kind: simulator.FaultUnavailable}},
	{"408", 1, simulator.Fault{Kind: simulator.FaultTimeout}},
	{"408 after the effect", 1, simulator.Fault{Kind: simulator.FaultTimeout, AfterEffect: true}},
	{"429", 0.5, simulator.Fault{Kind: simulator.FaultThrottle}},
	{"429 with Retry-After", 0.5, simulator.Fault{Kind: simulator.FaultThrottle, RetryAfter: "1"}},
	{"truncated JSON", 2, simulator.Fault{Kind: simulator.FaultTruncate}},
	{"empty body", 2, simulator.Fault{Kind: simulator.FaultEmpty}},
	{"slow", 1, simulator.Fault{Kind: simulator.FaultDelay, Delay: 300 * time.Millisecond}},
	{"slow after the effect", 1, simulator.Fault{Kind: simulator.FaultDelay, Delay: 300 * time.Millisecond, AfterEffect: true}},
	{"stale", 3, simulator.Fault{Kind: simulator.FaultStale, Age: 150 * time.Millisecond}},
	{"ModelArts.6355", 2, simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6355"}},
	{"ModelArts.6357", 0.7, simulator.Fault{Kind: simulator.FaultRefuse, Code: "ModelArts.6357"}},
	{"401", 0.5, simulator.Fault{Kind: simulator.FaultUnauthorized}},
	{"not found", 0.7, simulator.Fault{Kind: simulator.FaultNotFound}},
	{"gateway code", 0.5, simulator.Fault{Kind: simulator.FaultRefuse, Code: "APIG.0101", Status: http.StatusNotFound}},
}

// failures are the faults of life, with their probabilities: what a notebook
// can fail at by itself.
var failures = []struct {
	name        string
	probability float64
	fault       simulator.Fault
}{
	{"creation fails", 0.06, simulator.Fault{Kind: simulator.FaultCreateFailed}},
	{"start fails", 0.1, simulator.Fault{Kind: simulator.FaultStartFailed}},
	{"deletion fails", 0.05, simulator.Fault{Kind: simulator.FaultDeleteFailed}},
	{"saving fails", 0.1, simulator.Fault{Kind: simulator.FaultSnapshotFailed}},
}

// arm has the service break a fifth of the calls from now on, and returns what
// ends that and counts the hits by name.
func arm(s *acctest.Service, random *rand.Rand) (disarm func() map[string]int) {
	names := map[int]string{}
	inject := func(name string, f simulator.Fault, probability float64) {
		f.Count, f.Probability, f.Seed = -1, probability, random.Uint64()
		names[s.Inject(f)] = name
	}
	// A service that denies a notebook of which a deletion has just failed could
	// not be told from one that has deleted it.
	without := pick(random, []simulator.FaultKind{simulator.FaultNotFound, simulator.FaultDeleteFailed})
	all := 0.0
	for _, f := range faults {
		if f.fault.Kind != without {
			all += f.share
		}
	}
	// The first fault that hits a call is the only one, so that each is asked
	// about what those before it have spared.
	spared := 1.0
	for _, f := range faults {
		if f.fault.Kind == without {
			continue
		}
		share := hits * f.share / all
		inject(f.name, f.fault, share/spared)
		spared -= share
	}
	for _, f := range failures {
		if f.fault.Kind == without {
			continue
		}
		// Where no start leads out of START_FAILED, no client can repair it.
		if f.fault.Kind == simulator.FaultStartFailed && !slices.Contains(s.Options().Answers, "start-failed-taken") {
			continue
		}
		inject(f.name, f.fault, f.probability)
	}
	return func() map[string]int {
		counts := map[string]int{}
		for _, f := range s.Faults() {
			counts[names[f.ID]] += f.Hits
		}
		s.ClearFaults()
		return counts
	}
}
