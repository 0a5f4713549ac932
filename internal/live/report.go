package live

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Row is one question with the answer that was seen.
type Row struct {
	simulator.Question
	// Answer is "A", "B", "neither" or "not asked".
	Answer string
	// Why is what was seen or, for "not asked", the reason.
	Why string
}

// Report is what a life has seen. It holds no secret, no ID of the account and no
// address.
type Report struct {
	// Rows has every open question, in the order of api/README.md.
	Rows []Row
}

// newReport looks for the answer to each question.
func newReport(h *history, o Options) *Report {
	report := new(Report)
	for _, open := range simulator.Questions() {
		q := questions[open.ID]
		v := q.see(h)
		if v.answer == notAsked {
			v.why = whyNot(q, h, o, v.why)
		}
		report.Rows = append(report.Rows, Row{open, v.answer, v.why})
	}
	return report
}

// whyNot says why a question was not asked.
func whyNot(q question, h *history, o Options, seen string) string {
	var missing []string
	for _, n := range q.needs {
		if !n.has(o) {
			missing = append(missing, n.flag)
		}
	}
	switch {
	case len(missing) > 0:
		return "it needs " + strings.Join(missing, " and ")
	case q.chance != "":
		return q.chance
	case seen == notReached && h.ended != "":
		return "the life ended before: " + h.ended
	}
	return seen
}

// Count returns how many questions have an answer.
func (r *Report) Count(answer string) int {
	return len(slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool { return row.Answer != answer }))
}

// WriteTable writes the report for a reader at a terminal.
func (r *Report) WriteTable(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, answer := range []string{answerA, answerB, neither, notAsked} {
		for _, row := range r.Rows {
			if row.Answer == answer {
				fmt.Fprintf(table, "%s\t%s\t%s\n", row.ID, row.Answer, row.Why)
			}
		}
	}
	fmt.Fprintf(table, "\n%d questions: %d A, %d B, %d neither, %d not asked\n",
		len(r.Rows), r.Count(answerA), r.Count(answerB), r.Count(neither), r.Count(notAsked))
	return table.Flush()
}

// Answers returns the IDs of the questions that were answered with B, but for
// those that the simulator cannot give together, which excluded has.
func (r *Report) Answers() (answers, excluded []string) {
	for _, row := range r.Rows {
		if row.Answer != answerB {
			continue
		}
		more := append(slices.Clone(answers), row.ID)
		if (simulator.Options{Answers: more}).Validate() != nil {
			excluded = append(excluded, row.ID)
			continue
		}
		answers = more
	}
	return answers, excluded
}

// WriteFile writes the report in the form that the simulator takes with
// -answers-file: the questions answered with B, and all others as comments.
func (r *Report) WriteFile(w io.Writer) error {
	answers, excluded := r.Answers()
	var text strings.Builder
	text.WriteString("# What the service answers to the open questions of api/README.md, seen by \"make live\".\n" +
		"# simulator -answers-file takes this file: what is no comment has answer B.\n")
	for _, row := range r.Rows {
		switch {
		case slices.Contains(answers, row.ID):
			fmt.Fprintf(&text, "%s # B: %s\n", row.ID, row.Why)
		case slices.Contains(excluded, row.ID):
			fmt.Fprintf(&text, "# %s: B, which the simulator does not give together with another one: %s\n", row.ID, row.Why)
		default:
			fmt.Fprintf(&text, "# %s: %s: %s\n", row.ID, row.Answer, row.Why)
		}
	}
	_, err := io.WriteString(w, text.String())
	return err
}
