package acctest

import (
	"slices"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// notHeldYet are the open questions of the contract (see api/README.md) to which
// the service of the acceptance tests gives answer B, because the provider fails
// under answer A, which is the attested or likelier one. This list must shrink to
// nothing. Each ID stands with what goes wrong under A.
var notHeldYet = []string{
	// The flavor data sources show EFS_DEDICATED as a storage of its own.
	"catalogue-efs-word",
	// OBSFS data volumes come back DYNAMIC, are taken for mounts, and are planned
	// anew each time.
	"data-obsfs-static",
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
