package huaweicloud

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// Bounds of the waits between attempts, where the answer does not name one.
const (
	minWait = 500 * time.Millisecond
	maxWait = 15 * time.Second
)

// maxUnconnected is how often an attempt that got no connection is repeated: a
// wrong endpoint should be reported within seconds.
const maxUnconnected = 2

// layers are what the clients of a session share.
type layers struct {
	network      http.RoundTripper
	attemptLimit time.Duration
	maxRetries   int
	budget       *budget
	secrets      []string // of the configuration, to be kept out of error answers
	refusals     refusals
}

// client puts the layers together; see the comment of the package. Without a
// keeper of credentials its requests are not authenticated.
func (l layers) client(credentials *keeper) *http.Client {
	var next http.RoundTripper = &attempter{limit: l.attemptLimit, secrets: l.secrets, next: &authenticator{next: l.network}}
	if credentials != nil {
		next = &identity{keeper: credentials, refusals: l.refusals, next: next}
	}
	throttled := &throttle{budget: l.budget, once: l.maxRetries == 0, refusals: l.refusals, next: next}
	retries := &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: throttled, CheckRedirect: noRedirect},
		RetryMax:     l.maxRetries,
		RetryWaitMin: minWait,
		RetryWaitMax: maxWait,
		CheckRetry:   checkRetry,
		Backoff:      backoff,
		// The last answer is what the caller wants to see, not a count.
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return &http.Client{
		Transport:     &retrier{next: &retryablehttp.RoundTripper{Client: retries}},
		CheckRedirect: noRedirect,
	}
}

// noRedirect hands a redirect out as the answer. None of the APIs redirects, and
// following one would send a signed request to a host that is not in the configuration.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// repeatableKey marks the context of a write that may be made twice, as asking for
// a token is.
type repeatableKey struct{}

// retrier begins a call: the memory that its attempts share.
type retrier struct{ next http.RoundTripper }

// RoundTrip sends a copy of the request, as often as needed.
func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	ctx := req.Context()
	ctx = context.WithValue(ctx, callKey{}, &call{
		repeatable: isRead(req.Method) || ctx.Value(repeatableKey{}) != nil,
		deadline:   until(ctx),
	})
	return r.next.RoundTrip(req.WithContext(ctx))
}

// checkRetry decides whether to send a request again. A read: after a failed
// connection, a time-out, 408 and 5xx. A write only where it is certain that
// nothing has happened: when there was no connection to send it over. Nothing
// makes a create twice. Requests that were refused because there were too many
// are the budget's business.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	call := callOf(ctx)
	var again bool
	switch {
	case ctx.Err() != nil:
		again = false
	case err != nil && (call.hopeless || errors.Is(err, apierror.ErrNotSent)):
		again = false // what held it back has its own patience
	case err != nil && !call.connected:
		again = call.unconnected <= maxUnconnected
	case err != nil:
		again = call.repeatable
	case resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode >= 500:
		again = call.repeatable
	}
	call.wait = nil
	if again && resp != nil {
		if asked, given := retryAfter(resp.Header, time.Now()); given {
			var wait time.Duration
			wait, again = patience(call.attempts, asked, time.Until(call.deadline))
			call.wait = &wait
		}
	}
	return again, nil
}

// backoff is the wait before the next attempt: what the answer asks for, within the
// limits of patience, or else a time that doubles with each attempt, half of it at random so
// that ten resources that failed together do not come back together.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	if resp != nil && resp.Request != nil {
		if asked := callOf(resp.Request.Context()).wait; asked != nil {
			return *asked
		}
	}
	wait := most
	if attempt < 16 { // further shifts could overflow
		wait = min(least<<attempt, most)
	}
	return wait/2 + rand.N(wait/2+1) //nolint:gosec // a pause is no secret
}

// retryAfter reads the header Retry-After: a number of seconds, or a date by the
// clock of the answer, where it has one, else by ours.
func retryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if date, err := http.ParseTime(value); err == nil {
		if theirs, err := http.ParseTime(header.Get("Date")); err == nil {
			now = theirs
		}
		return max(0, date.Sub(now)), true
	}
	return 0, false
}
