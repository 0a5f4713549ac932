package live

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// TestEveryQuestionIsThere holds the table to the open questions of the contract.
func TestEveryQuestionIsThere(t *testing.T) {
	open := map[string]bool{}
	for _, question := range simulator.Questions() {
		open[question.ID] = true
		if questions[question.ID].see == nil {
			t.Errorf("nothing looks for the answer to %s", question.ID)
		}
	}
	for id := range questions {
		if !open[id] {
			t.Errorf("%s is no open question", id)
		}
	}
}

// TestNothingSeen reports a life without any exchange as not asked, with a reason
// for each question.
func TestNothingSeen(t *testing.T) {
	for id, q := range questions {
		if v := q.see(new(history)); v.answer != notAsked || v.why == "" {
			t.Errorf("%s: %s: %q", id, v.answer, v.why)
		}
	}
}
