// Package answers_test leads a notebook through a whole life under each answer
// that the service can give to an open question of the contract, with a real
// Terraform and the provider as a process of its own.
package answers_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/acctest"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

var (
	all          = flag.Bool("answers.all", false, "run a life under every answer and under random combinations, and print the table")
	seed         = flag.Uint64("answers.seed", 1, "seed of the random combinations, and the first of distorted answers")
	combinations = flag.Int("answers.combinations", 20, "number of random combinations")
	only         = flag.String("answers.only", "", "lead the lives whose rows match this alone")
)

// smoke are the rows that each run of the tests leads: A everywhere, and a few
// answers at B.
var smoke = []string{"A everywhere", "endpoint-old-names at B", "stopped-absent at B", "ips-ignored at B", "A everywhere, images", "A everywhere, queries"}

// outcome is a row of the table.
type outcome struct {
	name, problem string
	answers       []string
	exercise      exercise
}

// TestEveryAnswer leads a life under each answer B and under random combinations
// of them, and prints where it holds; without -answers.all under those of smoke.
func TestEveryAnswer(t *testing.T) {
	t.Parallel()
	rows := []*outcome{{name: "A everywhere"}}
	for _, shape := range shapeNames {
		rows = append(rows, &outcome{name: "A everywhere, " + shape, exercise: exercise{shape: shape}})
	}
	for _, name := range slices.Sorted(maps.Keys(extraSteps)) {
		rows = append(rows, &outcome{name: "A everywhere, " + name, exercise: exercise{extra: []string{name}}})
	}
	for _, question := range simulator.Questions() {
		row := &outcome{name: question.ID + " at B", answers: []string{question.ID}, exercise: exercises[question.ID]}
		if row.exercise.unmet == "" {
			rows = append(rows, row)
		}
	}
	inDoors := rand.New(rand.NewPCG(*seed, 2))
	rows = append(rows, doorRows(func() []string { return acctest.RandomAnswers(inDoors, "volume-needs-pool") })...)
	if !*all {
		rows = slices.DeleteFunc(rows, func(row *outcome) bool { return !slices.Contains(smoke, row.name) })
		if len(rows) != len(smoke) {
			t.Fatalf("%d of the rows %q exist", len(rows), smoke)
		}
	}
	random := rand.New(rand.NewPCG(*seed, *seed))
	for i := range extraCombinations() {
		given := acctest.RandomAnswers(random)
		row := &outcome{name: fmt.Sprintf("combination %d", i+1), answers: given, exercise: exercise{shape: shapeNames[random.IntN(len(shapeNames))]}}
		if slices.Contains(given, "volume-needs-pool") {
			row.exercise.shape = "pool"
		}
		rows = append(rows, row)
	}
	rows = slices.DeleteFunc(rows, func(row *outcome) bool { return !regexp.MustCompile(*only).MatchString(row.name) })
	if len(rows) == 0 {
		t.Fatalf("no row matches %q", *only)
	}
	t.Run("lives", func(t *testing.T) {
		for _, row := range rows {
			t.Run(row.name, func(t *testing.T) {
				t.Parallel()
				row.problem = "the test ended early"
				row.problem = live(t, row.answers, row.exercise)
				if row.problem != "" {
					first, _, _ := strings.Cut(row.problem, "\n")
					fmt.Fprintf(os.Stderr, "%s FAILS: %.300s\n", row.name, first) // the table comes at the end
				}
			})
		}
	})
	held := show(rows)
	if held < len(rows) {
		t.Errorf("a life holds under %d of %d", held, len(rows))
	}
}

// extraCombinations is how many random combinations are led.
func extraCombinations() int {
	if *all {
		return *combinations
	}
	return 0
}

// show prints the table and returns how many rows hold.
func show(rows []*outcome) int {
	var text strings.Builder
	held := 0
	for _, row := range rows {
		verdict := "holds"
		if row.problem != "" {
			first, _, _ := strings.Cut(row.problem, "\n")
			verdict = fmt.Sprintf("FAILS: %.200s", first)
		} else {
			held++
		}
		fmt.Fprintf(&text, "%-40s %s\n", row.name, verdict)
		if strings.HasPrefix(row.name, "combination") {
			fmt.Fprintf(&text, "%-40s %s\n", "", strings.Join(row.answers, ","))
		}
	}
	for _, question := range simulator.Questions() {
		if why := exercises[question.ID].unmet; why != "" {
			fmt.Fprintf(&text, "%-40s is not met: %s\n", question.ID, why)
		}
	}
	fmt.Fprintf(&text, "\n%d of %d hold. The combinations are those of seed %d.\n", held, len(rows), *seed)
	fmt.Print(text.String()) //nolint:forbidigo // the table is what "make answers" is for
	return held
}

// life is one notebook with the service that it lives in.
type life struct {
	t *testing.T
	s *acctest.Service
	w *acctest.Workspace
	// id is that of the notebook.
	id    string
	shape shape
	// text are the arguments that are configured.
	text string
	// beside are the resources that are configured beside it.
	beside string
	// block are further arguments of the provider.
	block string
	// met is the log of the calls before the last reset.
	met []string
}

// slots bounds how many lives are led at a time: each runs several processes.
var slots = make(chan struct{}, 2)

// live leads one notebook through its whole life and says what went wrong first;
// nothing when nothing did.
func live(t *testing.T, answers []string, e exercise) string {
	t.Helper()
	slots <- struct{}{}
	defer func() { <-slots }()
	const quick = 30 * time.Millisecond
	s := acctest.New(t, simulator.Options{
		Answers: answers, CreateTime: quick, StartTime: quick, StopTime: quick, DeleteTime: quick, ResizeTime: quick,
		SnapshotTime: 10 * quick, MountTime: quick, Lag: 200 * time.Millisecond,
	})
	l := &life{t: t, s: s, w: acctest.NewWorkspace(t, ""), shape: shapes[cmp.Or(e.shape, "disk")]}
	steps := l.theDoor(e.door)
	if e.door == "" {
		steps = l.whole(e.extra)
	}
	for _, step := range steps {
		if problem := step.do(); problem != "" {
			return step.name + ": " + problem
		}
	}
	return l.unmet(e)
}

// whole are the steps of a whole life of a notebook, with further ones of these names.
func (l *life) whole(extra []string) []step {
	return slices.Concat([]step{
		{"create", func() string { return l.stage(created, "RUNNING") }},
		{"plan after the create", l.emptyPlan},
		{"change of everything", func() string { return l.stage(changedAll, "RUNNING") }},
		{"plan after the change", l.emptyPlan},
		{"stopped behind its back", l.stopBehindItsBack},
		{"change while stopped", func() string { return l.stage(asleep, "STOPPED") }},
		{"plan after that change", l.emptyPlan},
		{"start", func() string { return l.stage(awake, "RUNNING") }},
		{"plan after the start", l.emptyPlan},
		{"import", l.importIt},
	}, l.extras(extra), []step{
		{"destroy", l.destroy},
		{"lost create", l.lostCreate},
		{"destroy of what was found", l.destroy},
	})
}

// step is a part of a life.
type step struct {
	name string
	do   func() string
}

// unmet says what the life was to ask the service and has not.
func (l *life) unmet(e exercise) string {
	l.remember()
	if e.meets == "" || slices.ContainsFunc(l.met, regexp.MustCompile(e.meets).MatchString) {
		return ""
	}
	return "the life has not met the answer: nothing like " + e.meets + " was called"
}

// remember keeps the log of the calls: operation, query, body and code of the
// refusal.
func (l *life) remember() {
	for _, r := range l.s.Requests() {
		l.met = append(l.met, fmt.Sprintf("%s %s %s %s", r.Operation, r.Query, r.Body, r.ErrorCode))
	}
	l.s.ResetRequests()
}

// stage applies a stage of the configuration.
func (l *life) stage(at stage, status string) string {
	l.t.Helper()
	return l.apply(l.shape.hcl("life", at), status)
}

var dataVolumes = regexp.MustCompile(`(?m)^ *data_volumes .*\n`)

// place is what Terraform says of where an error is.
var place = regexp.MustCompile(` with modelarts_notebook\.life, on main\.tf line \d+, in resource "modelarts_notebook" "life": \d+: resource "modelarts_notebook" "life" \{`)

// configure writes the configuration of the notebook, or one without it.
func (l *life) configure(arguments string) {
	l.t.Helper()
	l.text = arguments
	if slices.Contains(l.s.Options().Answers, "volume-needs-pool") && !strings.Contains(arguments, "pool_id") {
		// The notebook is in no pool, so it can have no such volume.
		arguments = dataVolumes.ReplaceAllString(arguments, "")
	}
	if l.isB("catalogue-pool-other-id") && strings.Contains(arguments, "pool_id") {
		arguments = strings.ReplaceAll(arguments, acctest.Pool, l.clusterID())
	}
	text := l.s.Provider(fmt.Sprintf("project_id = %q\n", l.s.Options().ProjectID) + l.block)
	if arguments != "" {
		text += "\nresource \"modelarts_notebook\" \"life\" {\n" + arguments + "}\n" + l.beside
	}
	l.w.Configure(l.t, text)
}

// run runs Terraform and returns its first error.
func (l *life) run(args ...string) (out, problem string) {
	l.t.Helper()
	out, err := l.w.Run(l.t, args...)
	if err == nil {
		return out, ""
	}
	_, after, found := strings.Cut(out, "Error: ")
	if !found {
		return out, err.Error() + "\n" + out
	}
	return out, place.ReplaceAllString(strings.Join(strings.Fields(after), " "), ":")
}

// apply applies a configuration. The notebook must be the same one afterwards,
// in the status.
func (l *life) apply(arguments, status string) string {
	l.t.Helper()
	l.configure(arguments)
	if _, problem := l.run("apply", "-auto-approve"); problem != "" {
		return problem
	}
	notebooks := l.s.Notebooks()
	if len(notebooks) != 1 {
		return fmt.Sprintf("the service holds %d notebooks", len(notebooks))
	}
	if n := notebooks[0]; l.id == "" {
		l.id = n.ID
	} else if l.id != n.ID {
		return "the notebook was replaced"
	}
	if got := notebooks[0].Status; got != status {
		return fmt.Sprintf("the notebook is %s, not %s", got, status)
	}
	return ""
}

// emptyPlan wants a plan that changes nothing, once what comes late has come.
func (l *life) emptyPlan() string {
	l.t.Helper()
	time.Sleep(l.s.Options().Lag)
	out, problem := l.run("plan")
	switch {
	case problem != "":
		return problem
	case !strings.Contains(out, "No changes."):
		return "the plan is not empty: " + firstChange(out) + "\n" + out
	}
	return ""
}

// firstChange is the first line of a plan that changes something, and is not
// the consequence of another change.
func firstChange(out string) string {
	for line := range strings.Lines(out) {
		trimmed := strings.TrimSpace(line)
		for _, mark := range []string{"~ ", "+ ", "- ", "-/+ ", "+/- "} {
			caused := strings.Contains(trimmed, "resource \"") || strings.Contains(trimmed, "billing_items") || strings.Contains(line, "(known after apply)")
			if strings.HasPrefix(trimmed, mark) && strings.Contains(trimmed, "=") && !caused {
				return trimmed
			}
		}
	}
	return "see the output"
}

func (l *life) stopBehindItsBack() string {
	l.t.Helper()
	stopped := "STOPPED"
	if err := l.s.Change(l.id, simulator.Drift{Status: &stopped}); err != nil {
		return err.Error()
	}
	return l.emptyPlan()
}

// importIt imports the notebook into a workspace of its own: nothing may be
// replaced.
func (l *life) importIt() string {
	l.t.Helper()
	before := l.w
	defer func() { l.w = before }()
	l.w = acctest.NewWorkspace(l.t, "")
	l.configure(l.text)
	if _, problem := l.run("import", "modelarts_notebook.life", l.id); problem != "" {
		return problem
	}
	out, problem := l.run("plan")
	if strings.Contains(out, "must be replaced") {
		return "the plan replaces the notebook\n" + out
	}
	return problem
}

// destroy leaves nothing behind.
func (l *life) destroy() string {
	l.t.Helper()
	if _, problem := l.run("destroy", "-auto-approve"); problem != "" {
		return problem
	}
	if left := len(l.s.Notebooks()); left > 0 {
		return fmt.Sprintf("the service holds %d notebooks", left)
	}
	l.id = ""
	return ""
}

// lostCreate loses the answer to a create: the notebook must be found, and made
// once.
func (l *life) lostCreate() string {
	l.t.Helper()
	l.s.Inject(simulator.Fault{Kind: simulator.FaultCutAfter, Operation: "CreateNotebook"})
	l.remember()
	problem := l.stage(created, "RUNNING")
	if made := l.s.Operations()["CreateNotebook"]; made != 1 {
		return fmt.Sprintf("%d creates were sent", made)
	}
	return problem
}
