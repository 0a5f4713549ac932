package acctest

import (
	"math/rand/v2"
	"slices"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

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
