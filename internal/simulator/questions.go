package simulator

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Question is one open question of the contract. The sources contradict each
// other on it, or are silent.
type Question struct {
	// ID names the question in Options.Answers.
	ID string `json:"id"`
	// Text is the question; "the same" for that of the row above.
	Text string `json:"question"`
	// A is the answer that the simulator gives by default.
	A string `json:"a"`
	// B is the answer that it gives when Options.Answers names the ID.
	B string `json:"b"`
	// Note says what the simulator does where the contract leaves it open.
	Note string `json:"note,omitempty"`
}

// sameQuestion is the text of a row that shares the question of the row above.
const sameQuestion = "the same"

// Questions returns the open questions, in the order of api/README.md.
func Questions() []Question { return slices.Clone(questionTable) }

// exclusions are the pairs of IDs that contradict each other besides those that
// share a question.
var exclusions = [][2]string{
	// Nothing could be renamed at all.
	{"update-stopped-only", "update-name-running"},
}

// checkAnswers refuses an ID that does not exist, and two that exclude each
// other.
func checkAnswers(ids []string) error {
	group, groups := 0, map[string]int{}
	for _, question := range questionTable {
		if question.Text != sameQuestion {
			group++
		}
		groups[question.ID] = group
	}
	first := map[int]string{}
	for _, id := range ids {
		group, known := groups[id]
		if !known {
			return fmt.Errorf("answers: there is no question %q", id)
		}
		if other := first[group]; other != "" && other != id {
			return fmt.Errorf("answers: %s and %s answer the same question and exclude each other", other, id)
		}
		first[group] = id
	}
	for _, pair := range exclusions {
		if slices.Contains(ids, pair[0]) && slices.Contains(ids, pair[1]) {
			return fmt.Errorf("answers: %s and %s exclude each other", pair[0], pair[1])
		}
	}
	return nil
}

// isB reports whether the answer to a question is B. The caller holds s.mu. It
// panics on an ID that does not exist: a slip would answer A for ever.
func (s *Simulator) isB(id string) bool {
	if !slices.ContainsFunc(questionTable, func(question Question) bool { return question.ID == id }) {
		panic("simulator: there is no question " + id)
	}
	return slices.Contains(s.options.Answers, id)
}

// ParseAnswers reads IDs of questions, separated by commas or by the ends of
// lines. What follows a # on a line is a comment.
func ParseAnswers(text string) []string {
	var ids []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		for _, id := range strings.Split(line, ",") {
			if id = strings.TrimSpace(id); id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// PrintQuestions writes all open questions with both answers, for a reader at a
// terminal.
func PrintQuestions(w io.Writer) error {
	plain := strings.NewReplacer("`", "")
	text := ""
	for _, question := range questionTable {
		if question.Text != sameQuestion {
			text = question.Text
		}
		lines := fmt.Sprintf("  %s\n      %s\n      A: %s\n      B: %s\n", question.ID, text, question.A, question.B)
		if question.Note != "" {
			lines += "      " + question.Note + "\n"
		}
		if _, err := io.WriteString(w, plain.Replace(lines)); err != nil {
			return err
		}
	}
	return nil
}

// AnswerState is a question with the answer that the service gives to it.
type AnswerState struct {
	Question
	// Answer is "A" or "B".
	Answer string `json:"answer"`
}

// Answers returns every open question with the answer that is in force.
func (s *Simulator) Answers() []AnswerState {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]AnswerState, len(questionTable))
	for i, question := range questionTable {
		list[i] = AnswerState{question, "A"}
		if s.isB(question.ID) {
			list[i].Answer = "B"
		}
	}
	return list
}
