package huaweicloud

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// maxBody bounds what is read of an answer: one byte more than any client of
// this repository takes, so that it can tell that there was more.
const maxBody = 16<<20 + 1

// attempter makes one attempt: with a time limit, the whole body included, and
// one line in the log. It never logs headers or bodies.
type attempter struct {
	limit   time.Duration
	secrets []string // to be kept out of error answers, besides those of the credentials
	next    http.RoundTripper
}

// RoundTrip sends the request and reads the answer.
func (a *attempter) RoundTrip(req *http.Request) (*http.Response, error) {
	caller := req.Context()
	ctx, cancel := context.WithTimeout(caller, a.limit)
	defer cancel()
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})

	begin := time.Now()
	call := callOf(caller)
	resp, err := a.next.RoundTrip(req.Clone(ctx))
	if err == nil {
		err = a.readBody(resp, call)
	}
	call.record(err, connected.Load())
	if err != nil {
		resp, err = nil, a.explain(ctx, caller, err)
	}
	logAttempt(req, resp, err, call.attempts, time.Since(begin))
	return resp, err
}

// explain makes sure that only the end of the caller's own context looks like
// context.DeadlineExceeded. The time-outs of net and net/http claim to be the
// same, and a waiter that believed them would give up at the first slow answer.
func (a *attempter) explain(ctx, caller context.Context, err error) error {
	switch {
	case caller.Err() != nil:
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("no complete answer within %s", a.limit)
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New(err.Error())
	default:
		return err
	}
}

// readBody replaces the body by what it holds. A body that breaks off is an error
// of the attempt when the request may be sent again. Otherwise the status is too
// precious to be lost: it says whether a write has worked. Then the error comes
// to light where the body ends.
func (a *attempter) readBody(resp *http.Response, call *call) error {
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil && call.repeatable {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if resp.StatusCode >= 400 {
		// A gateway that refuses a signature may quote the headers that it saw.
		for _, secret := range slices.Concat(a.secrets, call.credentials.secrets()) {
			if secret != "" {
				body = bytes.ReplaceAll(body, []byte(secret), []byte("[redacted]"))
			}
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	if err != nil {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{err}))
		resp.ContentLength = -1
	}
	return nil
}

// codeOf is the error code of an answer that refuses; its body stays readable.
func codeOf(resp *http.Response) string {
	if resp.StatusCode < 400 {
		return ""
	}
	return detailsOf(resp).Code
}

// detailsOf is what an answer that refuses says; its body stays readable. It has
// been read by readBody, so nothing is waited for.
func detailsOf(resp *http.Response) apierror.Details {
	body, err := io.ReadAll(resp.Body)
	if err == nil {
		err = io.EOF
	}
	resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failingReader{err}))
	return apierror.Read(resp.StatusCode, resp.Header, body)
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// call is what the layers need to know of a call and its attempts so far. Those
// follow each other, so it needs no lock.
type call struct {
	repeatable  bool           // whether it may be made twice
	deadline    time.Time      // after which nothing is sent again
	wait        *time.Duration // before the next attempt, when the last answer asked for one
	credentials Credentials    // of the attempt that is under way
	attempts    int
	unconnected int  // attempts for which no connection was made
	connected   bool // whether the last one had a connection
	hopeless    bool // whether the last one failed in a way that stays
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return new(call)
}

func (c *call) record(err error, connected bool) {
	c.attempts++
	c.connected = connected
	if !connected {
		c.unconnected++
	}
	var unresolved *net.DNSError
	var untrusted *tls.CertificateVerificationError
	c.hopeless = errors.As(err, &unresolved) && unresolved.IsNotFound || errors.As(err, &untrusted)
}

func isRead(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// logAttempt writes one line about an attempt, with the call in its message: "GET
// /v1/P/notebooks/N 200 35ms".
func logAttempt(req *http.Request, resp *http.Response, err error, attempt int, took time.Duration) {
	fields := map[string]any{
		"method":      req.Method,
		"path":        req.URL.EscapedPath(),
		"query":       req.URL.RawQuery,
		"attempt":     attempt,
		"duration_ms": took.Milliseconds(),
	}
	outcome := "no answer"
	if resp != nil {
		outcome = strconv.Itoa(resp.StatusCode)
		fields["status"] = resp.StatusCode
		fields["request_id"] = apierror.RequestID(resp.Header)
	}
	line := fmt.Sprintf("%s %s %s %dms", req.Method, req.URL.EscapedPath(), outcome, took.Milliseconds())
	if attempt > 1 {
		line += fmt.Sprintf(", attempt %d", attempt)
	}
	if err != nil {
		fields["error"] = err.Error()
		line += ": " + err.Error()
	}
	tflog.Debug(req.Context(), line, fields)
}
