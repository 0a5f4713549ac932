// Package modelarts is a client of the ModelArts API for notebook instances.
//
// It is HTTP and JSON only: signing and retries belong to the http.Client that it
// is given, and what an answer means for a state belongs to the caller. Where
// answers of the service differ in shape from one another, the client brings
// them to one form.
package modelarts

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
)

// maxAnswer bounds what is read of an answer: a page of the largest list is well
// below 1 MiB, and nothing that a broken proxy sends should fill the memory.
const maxAnswer = 16 << 20

// Client calls the API for one project. It is safe for concurrent use.
type Client struct {
	endpoint  *url.URL
	http      *http.Client
	project   func(context.Context) (string, error)
	userAgent string
	writes    writes
	explain   func(error) error      // nil: errors are as they are
	projectID atomic.Pointer[string] // once it is known
	clock     clock
}

// New returns a client of the API at the endpoint, for example
// https://modelarts.cn-north-4.myhuaweicloud.com.
//
// The http.Client signs the requests and may retry what is safe to retry; it
// should not follow redirects. project gives the project ID; it is asked at each
// call and should remember its answer.
func New(endpoint *url.URL, httpClient *http.Client, project func(context.Context) (string, error), userAgent string) *Client {
	return &Client{endpoint: endpoint, http: httpClient, project: project, userAgent: userAgent}
}

// Explain has the error of each call pass through a function, which adds to it who
// called and where. It is called before the client is used, and returns the client.
func (c *Client) Explain(explain func(error) error) *Client {
	c.explain = explain
	return c
}

// explained is an error as callers get it.
func (c *Client) explained(err error) error {
	if err == nil || c.explain == nil {
		return err
	}
	return c.explain(err)
}

// ProjectID returns the ID of the project that the client calls the API for. It
// may look it up at IAM, once.
func (c *Client) ProjectID(ctx context.Context) (string, error) {
	id, err := c.findProject(ctx)
	return id, c.explained(err)
}

func (c *Client) findProject(ctx context.Context) (string, error) {
	id, err := c.project(ctx)
	if err == nil {
		c.projectID.Store(&id)
	}
	return id, err
}

// KnownProjectID is ProjectID if that has been found out already, or empty.
func (c *Client) KnownProjectID() string {
	if id := c.projectID.Load(); id != nil {
		return *id
	}
	return ""
}

// request is one call of the API.
type request struct {
	operation string // the operationId
	method    string
	version   string   // of the API; empty: v1
	path      []string // below /v1/{project_id}
	query     url.Values
	body      any // sent as JSON; nil sends none
}

// answer is a response whose body has been read.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	truncated error // why the body is not whole; nil when it is
}

// checked is implemented by results that are worth nothing without certain
// fields.
type checked interface {
	// check returns ErrUnreadableAnswer when such a field is missing, and
	// ErrNotFound when a read shows an object that no longer exists.
	check(read bool) error
}

// dated is implemented by results that say when the service gave them.
type dated interface {
	// answeredAt takes the time of the Date header; zero: there was none.
	answeredAt(date time.Time)
}

// date is the time of the Date header, by the service's clock and in whole
// seconds; zero: there is none.
func (a *answer) date() time.Time {
	date, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date
}

// send makes a call that has no result. The status alone says whether it has
// worked, so that an empty or broken body does not matter.
func (c *Client) send(ctx context.Context, r request) error {
	_, err := c.do(ctx, r)
	return err
}

// call makes a call and decodes its result.
func call[T any](ctx context.Context, c *Client, r request) (*T, error) {
	got, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	result := new(T)
	err = got.decode(result)
	if result, ok := any(result).(dated); ok && err == nil {
		result.answeredAt(got.date())
	}
	if result, ok := any(result).(checked); ok && err == nil {
		err = result.check(r.method == http.MethodGet)
	}
	if err != nil {
		return nil, &Error{
			Operation: r.operation,
			Status:    got.status,
			Message:   err.Error(),
			RequestID: apierror.RequestID(got.header),
			Err:       err,
		}
	}
	return result, nil
}

// decode reads the JSON body. Its errors are ErrUnreadableAnswer and never hold
// text of the body, which may be secret.
func (a *answer) decode(result any) error {
	switch body := bytes.TrimSpace(a.body); {
	case a.truncated != nil:
		return fmt.Errorf("%w: it is not complete: %w", ErrUnreadableAnswer, a.truncated)
	case len(body) == 0 || string(body) == "null":
		return fmt.Errorf("%w: it is empty", ErrUnreadableAnswer)
	default:
		if err := unmarshal(body, result); err != nil {
			return fmt.Errorf("%w: %w", ErrUnreadableAnswer, err)
		}
		return nil
	}
}

// do sends the request and returns an answer with a status of success. Any other
// status is an *Error, and no status at all a *NoAnswerError.
func (c *Client) do(ctx context.Context, r request) (*answer, error) {
	got, err := c.exchange(ctx, r)
	return got, c.explained(err)
}

func (c *Client) exchange(ctx context.Context, r request) (*answer, error) {
	project, err := c.findProject(hold.Back(ctx))
	hold.Sent(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.operation, err)
	}
	if r.method != http.MethodGet && len(r.path) > 1 {
		// Also after it: the write may take effect at any time in between.
		c.writes.note(r.path[1])
		defer c.writes.note(r.path[1])
	}

	var connected atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	req, err := c.newRequest(traced, r, project)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.operation, err)
	}
	resp, err := c.http.Do(req)
	if errors.Is(err, apierror.ErrNoCredentials) {
		return nil, fmt.Errorf("%s: %w", r.operation, cause(ctx, err)) // it will not do later either
	}
	if err != nil {
		// There may have been a connection, to where credentials come from.
		sent := connected.Load() && !errors.Is(err, apierror.ErrNotSent)
		return nil, &NoAnswerError{Operation: r.operation, Sent: sent, Err: cause(ctx, err)}
	}
	defer resp.Body.Close()

	got := &answer{status: resp.StatusCode, header: resp.Header}
	c.clock.note(got.date())
	got.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil && r.method == http.MethodGet:
		return nil, &NoAnswerError{Operation: r.operation, Sent: true, Err: cause(ctx, err)}
	case err != nil:
		got.truncated = cause(ctx, err)
	case len(got.body) > maxAnswer:
		got.truncated = errors.New("it is too large")
	}
	if got.status < 200 || got.status > 299 {
		return nil, newError(r.operation, got)
	}
	return got, nil
}

func (c *Client) newRequest(ctx context.Context, r request, project string) (*http.Request, error) {
	target, err := c.target(append([]string{cmp.Or(r.version, "v1"), project}, r.path...))
	if err != nil {
		return nil, err
	}
	target.RawQuery = r.query.Encode()

	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	req.Header.Set("X-Language", "en-us") // the Chinese site answers in Chinese otherwise
	req.Header.Set("X-Project-Id", project)
	return req, nil
}

// target is the endpoint with the segments added to its path, each escaped. A
// segment that is empty or dots would name another object: DELETE on an empty ID
// must not become a DELETE on the list.
func (c *Client) target(segments []string) (*url.URL, error) {
	escaped := strings.TrimRight(c.endpoint.EscapedPath(), "/")
	for _, segment := range segments {
		if segment == "" || segment == "." || segment == ".." {
			return nil, fmt.Errorf("%q is not an ID", segment)
		}
		escaped += "/" + url.PathEscape(segment)
	}
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, err
	}
	target := *c.endpoint
	target.Path, target.RawPath = path, escaped
	return &target, nil
}

// cause is what the caller should see of a transport error. When their context
// has ended it is the context's error. Otherwise it must not look like it: the
// timeout of an attempt also claims to be context.DeadlineExceeded, and a waiter
// that believed it would give up at the first slow answer.
func cause(ctx context.Context, err error) error {
	if held := (*apierror.HeldBackError)(nil); errors.As(err, &held) {
		return held // it wraps the context's error
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err // what it adds, method and URL, the operation says better
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return errors.New(err.Error())
	}
	return err
}

// queryValues takes names and values in turn, and leaves out empty values.
func queryValues(pairs ...string) url.Values {
	values := make(url.Values)
	for i := 0; i < len(pairs); i += 2 {
		if name, value := pairs[i], pairs[i+1]; value != "" {
			values.Set(name, value)
		}
	}
	return values
}
