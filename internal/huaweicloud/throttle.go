package huaweicloud

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
)

// For how long a refused call waits. Gateways count requests in windows of some
// minutes, so it is sent again for as long as its caller can wait.
const (
	// patient is for how long a call is sent again whose context has no deadline:
	// for more than a window.
	patient = 6 * time.Minute
	// believed is how much of a Retry-After a call takes at first, and twice as
	// much with each refusal, up to a window: one header must not stop it for an
	// hour.
	believed, window = 30 * time.Second, 5 * time.Minute
	// often is after how many refusals a call that is told nothing makes pauses of
	// its own, from soon on, up to seldom.
	often        = 4
	soon, seldom = time.Second, 15 * time.Second
	// lastCall is what is left of the time of a call when it is sent for the last
	// time, at least.
	lastCall = time.Second
)

// patience is how long a call waits that has been refused n times and has some time
// left: what the answer asks for, within limits. When that is too long, half of
// what is left. again is false when there is no time for another attempt: then the
// answer at hand says more than the context's error will.
func patience(n int, asked, left time.Duration) (pause time.Duration, again bool) {
	pause = min(asked, believed<<min(n-1, 10), window)
	if asked == 0 && n > often {
		pause = min(soon<<min(n-often-1, 10), seldom)
	}
	if pause > left-lastCall {
		pause = left / 2
	}
	return pause, left >= 2*lastCall
}

// until is when a call with this context must have ended that begins now.
func until(ctx context.Context) time.Time {
	if deadline, bounded := ctx.Deadline(); bounded {
		return deadline
	}
	return time.Now().Add(patient)
}

// throttle sends requests as the budget allows, and again those that are refused
// because there are too many: then nothing has happened. Such refusals are no
// failures of the one call that meets them, so they do not count as its retries.
type throttle struct {
	budget   *budget
	once     bool // a refused call is not sent again
	refusals refusals
	next     http.RoundTripper
}

// RoundTrip sends the request when it is its turn.
func (t *throttle) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	ctx := req.Context()
	waiting := hold.Back(ctx)
	end := until(waiting)
	var own *apierror.HeldBackError // the last refusal of this call
	for refused := 0; ; {
		if err := t.budget.wait(waiting, refused > 0); err != nil {
			return nil, heldBack(cmp.Or(own, t.budget.held()), err)
		}
		if body != nil {
			req.Body = io.NopCloser(bytes.NewReader(body))
		}
		hold.Sent(ctx)
		sent := time.Now()
		resp, err := t.next.RoundTrip(req)
		if err != nil {
			return resp, err
		}
		if !t.refusals.throttled(resp) {
			t.budget.pass()
			return resp, nil
		}
		refused++
		asked, _ := retryAfter(resp.Header, time.Now())
		own = &apierror.HeldBackError{Status: resp.StatusCode, Details: detailsOf(resp)}
		opens := t.budget.refuse(ctx, sent, asked, own)
		pause, again := patience(refused, asked, time.Until(end))
		if !again || t.once {
			return resp, nil
		}
		hold.Back(ctx)
		// Whoever waits for no longer than all others stands in the queue with them.
		if next := time.Now().Add(pause); next.After(opens) {
			select {
			case <-time.After(pause):
			case <-waiting.Done():
				return nil, heldBack(own, waiting.Err())
			}
		}
	}
}

// heldBack is the error of a call whose context ended before it was sent, or sent
// again. refusal is why it was held back, or nil.
func heldBack(refusal *apierror.HeldBackError, ended error) error {
	if refusal == nil {
		return apierror.NotSent(ended)
	}
	e := *refusal
	e.Err = ended
	return &e
}
