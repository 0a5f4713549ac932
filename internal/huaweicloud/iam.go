package huaweicloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// Error is an error answer of IAM.
type Error struct {
	// Operation is for example KeystoneListProjects.
	Operation string
	// Status is the HTTP status.
	Status int
	// Code is for example IAM.0001 or APIG.0301; empty when the answer had none.
	Code string
	// Message is IAM's own text, shortened, on one line.
	Message string
	// RequestID is what the cloud's support asks for.
	RequestID string
	// RetryAfter is the header of that name as it was given, or empty.
	RetryAfter string
}

// Error says which operation failed, and IAM's code, text, status and request ID.
func (e *Error) Error() string {
	return apierror.Format(e.Operation, e.Status, apierror.Details{
		Code: e.Code, Message: e.Message, RequestID: e.RequestID, RetryAfter: e.RetryAfter,
	})
}

// Refused reports whether IAM would refuse the same call again.
func (e *Error) Refused() bool {
	return e.Status >= 400 && e.Status < 500 && e.Status != http.StatusRequestTimeout && e.Status != http.StatusTooManyRequests
}

// Is says that IAM's refusal of what credentials are obtained with will stay.
func (e *Error) Is(target error) bool {
	return target == apierror.ErrNoCredentials && e.Refused() && e.Operation != listProjects
}

// Operations of IAM, as its reference names them.
const (
	// OperationSignIn gets a token for a password.
	OperationSignIn = "KeystoneCreateUserTokenByPassword"
	// OperationAssumeRole gets temporary keys of an agency.
	OperationAssumeRole = "CreateTemporaryAccessKeyByAgency"

	listProjects = "KeystoneListProjects"
)

// iam calls IAM.
type iam struct {
	client    *http.Client
	endpoints []*url.URL // to be tried in turn while the host does not exist
	userAgent string
	domainID  string // of the account, where it is known
}

// How often a call is made whose answer cannot be read, for example because it was cut, and
// the pause in between.
const (
	tries = 3
	pause = 300 * time.Millisecond
)

// call makes a call whose result is JSON, and returns the header of the answer. It makes it
// again where the answer cannot be read: all calls here may be made twice.
func (i *iam) call(ctx context.Context, operation, method, target string, request, result any) (http.Header, error) {
	for left := tries - 1; ; left-- {
		header, err := i.callOnce(ctx, operation, method, target, request, result)
		if left == 0 || !errors.As(err, new(*unreadableError)) {
			return header, err
		}
		select {
		case <-ctx.Done():
			return header, err
		case <-time.After(pause):
		}
	}
}

func (i *iam) callOnce(ctx context.Context, operation, method, target string, request, result any) (http.Header, error) {
	var body []byte
	if request != nil {
		var err error
		if body, err = json.Marshal(request); err != nil {
			return nil, err
		}
	}
	var resp *http.Response
	var err error
	for _, endpoint := range i.endpoints {
		resp, err = i.send(ctx, method, endpoint, target, body)
		if missing := (*net.DNSError)(nil); !errors.As(err, &missing) || !missing.IsNotFound {
			break
		}
	}
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err // what it adds, method and URL, the operation says better
		}
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body) // bounded by the client
	if err != nil {
		return nil, &unreadableError{fmt.Errorf("%s: %w", operation, err)}
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		details := apierror.Read(resp.StatusCode, resp.Header, answer)
		return nil, &Error{
			Operation:  operation,
			Status:     resp.StatusCode,
			Code:       details.Code,
			Message:    details.Message,
			RequestID:  details.RequestID,
			RetryAfter: details.RetryAfter,
		}
	}
	if err := json.Unmarshal(answer, result); err != nil {
		return nil, unreadable(operation, resp.StatusCode, resp.Header)
	}
	return resp.Header, nil
}

// unreadableError means that an answer was not read to its end, or does not hold what it
// should.
type unreadableError struct{ error }

func (e *unreadableError) Unwrap() error { return e.error }

// unreadable is the error of an answer that does not hold what it should. It does
// not repeat it: it may be secret.
func unreadable(operation string, status int, header http.Header) error {
	return &unreadableError{&Error{Operation: operation, Status: status, Message: "the answer cannot be read", RequestID: apierror.RequestID(header)}}
}

func (i *iam) send(ctx context.Context, method string, endpoint *url.URL, target string, body []byte) (*http.Response, error) {
	path, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	to := endpoint.JoinPath(path.Path)
	to.RawQuery = path.RawQuery
	req, err := http.NewRequestWithContext(context.WithValue(ctx, repeatableKey{}, true), method, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", i.userAgent)
	req.Header.Set("X-Language", "en-us")
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json;charset=utf8")
	}
	if i.domainID != "" {
		req.Header.Set("X-Domain-Id", i.domainID)
	}
	return i.client.Do(req)
}
