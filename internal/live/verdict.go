package live

import (
	"fmt"
	"slices"
	"strings"
)

// Verdicts on a question.
const (
	answerA = "A"
	answerB = "B"
	// neither is an answer that is none of the two.
	neither = "neither"
	// notAsked is a question that nothing was seen of.
	notAsked = "not asked"
)

// verdict is what was seen of a question.
type verdict struct {
	answer string
	// why is what was seen or, for notAsked, why nothing was. It holds nothing
	// secret.
	why string
}

func a(why any) verdict     { return verdict{answerA, fmt.Sprint(why)} }
func b(why any) verdict     { return verdict{answerB, fmt.Sprint(why)} }
func other(why any) verdict { return verdict{neither, fmt.Sprint(why)} }

// unseen is a question that the exchanges say nothing of.
func unseen(why any) verdict { return verdict{notAsked, fmt.Sprint(why)} }

// unclear is unseen because of an exchange that says nothing.
func unclear(e *exchange) verdict {
	if e != nil && e.code != "" {
		return unseen(e.String() + ", which says nothing of the question")
	}
	return unseen(e)
}

// either is A or B.
func either(isB bool, why any) verdict {
	if isB {
		return b(why)
	}
	return a(why)
}

// see looks for the answer to a question.
type see func(*history) verdict

// Outcomes that byOutcome knows beside codes.
const (
	wasTaken = "taken"
	// anyRefusal is a refusal with a code that is not named.
	anyRefusal = "refused"
)

// byOutcome decides by what became of a request: by "taken", by the code of the
// refusal, or by "refused" for all other codes.
func byOutcome(label string, answers map[string]string) see {
	return func(h *history) verdict { return judge(h.of(label), answers) }
}

func judge(e *exchange, answers map[string]string) verdict {
	got := e.outcome()
	if got == "" {
		return unclear(e)
	}
	answer, known := answers[got]
	if !known && got != wasTaken {
		answer, known = answers[anyRefusal]
	}
	if !known {
		return other(e)
	}
	return verdict{answer, e.String()}
}

// wrongState are the codes that refuse a change in the status that there is.
var wrongState = []string{"6347", "6327", "6305", "6306", "6307", "6308"}

// byState decides by whether a change is taken in a status: taken is the answer
// when it is, refused when the refusal is because of the status.
func byState(label, taken, refused string) see {
	return func(h *history) verdict { return judgeState(h.of(label), taken, refused) }
}

func judgeState(e *exchange, taken, refused string) verdict {
	answers := map[string]string{wasTaken: taken}
	for _, code := range wrongState {
		answers[code] = refused
	}
	return judge(e, answers)
}

// agreed is what all that were seen say. When they contradict each other, it is
// neither.
func agreed(verdicts ...verdict) verdict {
	var seen []verdict
	for _, v := range verdicts {
		if v.answer != notAsked {
			seen = append(seen, v)
		}
	}
	if len(seen) == 0 {
		return verdicts[0]
	}
	var reasons []string
	for _, v := range seen {
		if !slices.Contains(reasons, v.why) {
			reasons = append(reasons, v.why)
		}
	}
	why := strings.Join(reasons, "; ")
	for _, v := range seen {
		if v.answer != seen[0].answer {
			return other(why)
		}
	}
	return verdict{seen[0].answer, why}
}

// members decides by which members an object has: A when it has all of the first
// and none of the second, B the other way round.
func members(what object, name string, ofA, ofB []string) verdict {
	has := func(names []string) int {
		return len(slices.DeleteFunc(slices.Clone(names), func(name string) bool {
			_, there := what[name]
			return !there
		}))
	}
	inA, inB := has(ofA), has(ofB)
	why := fmt.Sprintf("%s has %s", name, strings.Join(present(what, slices.Concat(ofA, ofB)), ", "))
	if inA+inB == 0 {
		why = fmt.Sprintf("%s has none of %s", name, strings.Join(slices.Concat(ofA, ofB), ", "))
	}
	switch {
	case what == nil:
		return unseen(name + " was not seen")
	case inA == len(ofA) && inB == 0:
		return a(why)
	case inA == 0 && inB == len(ofB):
		return b(why)
	}
	return other(why)
}

// present are the names that an object has.
func present(what object, names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, there := what[name]
		return !there
	})
}

// whole is the object that an answer is; nil when the request was not taken.
func whole(e *exchange) object {
	if !e.taken() {
		return nil
	}
	o, _ := e.body.(object)
	return o
}

// state is how a member is: "absent", "null", "empty" or "full".
func state(what object, name string) string {
	value, there := what[name]
	switch value := value.(type) {
	case nil:
		if there {
			return "null"
		}
		return "absent"
	case []any:
		if len(value) == 0 {
			return "empty"
		}
	case object:
		if len(value) == 0 {
			return "empty"
		}
	case string:
		if value == "" {
			return "empty"
		}
	}
	return "full"
}
