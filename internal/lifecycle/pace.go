package lifecycle

import (
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// pace says when to look next at a notebook that is changing: seldom while a
// start prepares storage, compute resources and network, closely while the
// instance initializes, which is what comes last. Changes without steps are
// looked at closely all the time.
//
// The pause counts from when the last answer was asked for, and an answer that
// somebody else has asked for in its second half will do: so those who wait for
// several notebooks fall into one step, and share their calls.
type pace struct {
	longest time.Duration // between two close looks
	seen    time.Time     // when the last look was asked for
	step    int64         // of the start; zero: there are no steps
	pause   time.Duration // after that look
}

// early has for each step but the last what part of the time so far to let pass
// before the next look. Steps take about as long as each other, or at least not
// a small part of what all took before: then no step is slept through.
var early = map[int64]time.Duration{1: 1, 2: 3, 3: 4}

const (
	// late is that part while there is no hint of when the change will end.
	late = 8
	// sparse is how many times as long as between close looks the pauses
	// between early looks are at most.
	sparse = 6
)

// next is how long to wait before the next look.
func (p *pace) next(elapsed time.Duration) time.Duration {
	part, longest := time.Duration(late), p.longest
	if share, isEarly := early[p.step]; isEarly {
		part, longest = share, sparse*p.longest
	}
	p.pause = min(longest, max(p.longest/4, elapsed/part))
	if p.seen.IsZero() {
		return p.pause
	}
	return max(0, time.Until(p.seen.Add(p.pause)))
}

// oldest is how old an answer may be.
func (p *pace) oldest() time.Time {
	if p.seen.IsZero() {
		return time.Now()
	}
	return p.seen.Add(p.pause / 2)
}

// saw notes a look, also one that failed.
func (p *pace) saw(look modelarts.Look, err error) {
	if err != nil {
		p.seen = time.Now()
		return
	}
	p.seen, p.step = look.At, currentStep(look.ActionProgress)
}

// currentStep is the first step that is not completed. When all are, or one has
// failed, the end is near.
func currentStep(steps []modelarts.JobProgress) int64 {
	var current int64
	for _, s := range steps {
		if s.Step == nil || s.Status == nil || *s.Status == "COMPLETED" || *s.Status == "FAILED" {
			continue
		}
		if current == 0 || *s.Step < current {
			current = *s.Step
		}
	}
	return current
}
