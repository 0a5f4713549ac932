package lifecycle

import (
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// pace says when to look next at a notebook that is changing. The age of the wait
// decides: a change that has gone on for long is looked at less often, so that its
// end is noticed late by a small part of what it took. The steps of a start only
// make looks closer, since nothing says that steps take equally long, or that they
// are told at all. See design/0019-times-and-not-counts.md.
//
// The pause counts from when the last answer was asked for, and an answer that
// somebody else has asked for in its second half will do: so those who wait for
// several notebooks fall into one step, and share their calls.
type pace struct {
	interval time.Duration // Instance.PollInterval
	seen     time.Time     // when the last look was asked for
	pause    time.Duration // after that look
	lastStep bool          // that look showed a start in its last step
	since    time.Duration // how old the wait was when a look first showed that; zero: none has
}

// next is how long to wait before the next look, in a wait of that age.
func (p *pace) next(elapsed time.Duration) time.Duration {
	p.pause = pauseAfter(p.interval, elapsed)
	if p.lastStep && p.since == 0 {
		p.since = elapsed
	}
	// The last step may also be the one that takes long. Then looks become seldom
	// again.
	if p.since > 0 && elapsed <= p.since*3/2 {
		p.pause = min(p.pause, 6*p.interval)
	}
	if p.seen.IsZero() {
		return p.pause
	}
	return max(0, time.Until(p.seen.Add(p.pause)))
}

// pauseAfter is the pause between two looks in a wait of an age: three quarters of
// the interval at first, then somewhat more than it, and in the end a part of the
// age, up to ten intervals. With 2 s the end of a wait is noticed within 1.5 s or
// 5 % of it, in the median, and a wait of two minutes takes 30 looks.
func pauseAfter(interval, elapsed time.Duration) time.Duration {
	early := min(interval*3/4+elapsed/11, interval*6/5)
	return max(early, min(elapsed*2/21, 10*interval))
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
	p.seen, p.lastStep = look.At, inLastStep(look.ActionProgress)
}

// lastStep is the number of the last step of a start.
const lastStep = 4

// inLastStep reports whether all steps before the last have ended. A step that has
// failed has ended.
func inLastStep(steps []modelarts.JobProgress) bool {
	for _, s := range steps {
		ended := s.Status != nil && (*s.Status == "COMPLETED" || *s.Status == "FAILED")
		if s.Step == nil || *s.Step != lastStep && !ended {
			return false
		}
	}
	return len(steps) > 0
}
