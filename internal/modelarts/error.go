package modelarts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// What an error means, for errors.Is.
var (
	// ErrNotFound means that the object which the operation is about does not
	// exist. See (*Error).Is for what counts.
	ErrNotFound = errors.New("does not exist")
	// ErrConflict means that another operation is under way, or that the object
	// is in the target state already: look at its status before deciding.
	ErrConflict = errors.New("conflicts with the state of the instance")
	// ErrNotChangeable means that a field cannot change in the state that the
	// instance is in: change the state.
	ErrNotChangeable = errors.New("cannot change in this state of the instance")
	// ErrWrongState means that the state of the instance does not allow the
	// operation: it is for updates and mounts what ErrConflict is for starts, stops
	// and deletes. ErrNotChangeable and ErrNotRunning are cases of it, and so are
	// the codes of an instance that runs, starts, is stopped or stops (6305 to
	// 6308), but not ModelArts.6357.
	ErrWrongState = errors.New("not possible in this state of the instance")
	// ErrStopFirst means that the instance must be stopped before.
	ErrStopFirst = errors.New("the instance must be stopped before")
	// ErrNotRunning means that the operation needs a running instance.
	ErrNotRunning = errors.New("the instance is not running")
	// ErrMountPath means that a mount path is refused: it is taken, or not allowed.
	ErrMountPath = errors.New("the mount path is refused")
	// ErrNotReady means that the service refused for now, because the instance is
	// initializing or recovering. Nothing has happened: try again in a minute.
	ErrNotReady = errors.New("the instance is not ready yet")
	// ErrInUse means that the service has refused to delete an image, which it does
	// while something uses the image. No source names the code.
	ErrInUse = errors.New("may be in use")
	// ErrThrottled means that the service is busy. Nothing has happened: try
	// again later.
	ErrThrottled = errors.New("the service is busy")
	// ErrUnreadableAnswer means that the service answered with success and with
	// a body that is empty, cut off or malformed. What was asked for has
	// happened.
	ErrUnreadableAnswer = errors.New("the answer cannot be read")
)

// errForeign marks an error answer that is not in the words of the service or of
// the cloud's gateway, as a proxy's: it is not JSON, or has neither's code.
var errForeign = errors.New("not an answer of the service")

// Error is an answer of the service that is not the one asked for. Match it with
// errors.Is and the sentinels of this package, never by its text.
type Error struct {
	// Operation is the operationId of the API, for example ShowNotebook.
	Operation string
	// Status is the HTTP status.
	Status int
	// Code is the service's error code, for example ModelArts.6309, or the
	// gateway's, for example APIG.0101. Empty when the answer had none.
	Code string
	// Message is the service's own text, shortened, on one line.
	Message string
	// RequestID is what the service's support asks for.
	RequestID string
	// RetryAfter is the header of that name as it was given; empty when there was
	// none.
	RetryAfter string
	// Err is what the client found wrong with an answer: ErrUnreadableAnswer,
	// ErrNotFound for an object that is shown as deleted. It is nil for an error
	// in the service's own words.
	Err error
}

// newError reads an answer with a status of failure.
func newError(operation string, got *answer) *Error {
	details := apierror.Read(got.status, got.header, got.body)
	e := &Error{
		Operation:  operation,
		Status:     got.status,
		Code:       details.Code,
		Message:    details.Message,
		RequestID:  details.RequestID,
		RetryAfter: details.RetryAfter,
	}
	if details.Foreign || !strings.HasPrefix(e.Code, codePrefix) && !strings.HasPrefix(e.Code, gatewayPrefix) {
		e.Err = errForeign
	}
	return e
}

// Error says which operation failed, and the service's code, text, status and
// request ID. It is short and holds no secret.
func (e *Error) Error() string {
	return apierror.Format(e.Operation, e.Status, apierror.Details{
		Code: e.Code, Message: e.Message, RequestID: e.RequestID, RetryAfter: e.RetryAfter,
	})
}

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

// Is gives the sentinels of this package their meaning.
//
// ErrNotFound takes somebody's notebook out of the Terraform state, so it is
// narrow. It counts: ModelArts.6309 and .6404; .6797 for an operation on an
// image; an object shown as deleted. It does not count: ModelArts.6357 (the
// instance is busy); a 404 with any other code or none, JSON or not, which
// proxies and wrong endpoints answer for every object there is; and any answer to
// an operation that is not about one object, such as a list or a create.
func (e *Error) Is(target error) bool {
	c, known := lookUp(e.Code)
	switch target {
	case ErrNotFound:
		return !subjectless[e.Operation] &&
			(errors.Is(c.class, ErrNotFound) || errors.Is(c.class, errNoImage) && aboutImage[e.Operation])
	case ErrThrottled:
		return errors.Is(c.class, ErrThrottled) || !known && e.Status == http.StatusTooManyRequests
	case ErrConflict, ErrNotChangeable, ErrWrongState, ErrStopFirst, ErrNotRunning, ErrNotReady, ErrMountPath:
		return errors.Is(c.class, target)
	case ErrInUse:
		refused := e.Status == http.StatusBadRequest || e.Status == http.StatusConflict
		return e.Operation == "DeleteImage" && refused && (c.advice == AdviceImageTag || !known && strings.HasPrefix(e.Code, codePrefix))
	default:
		return false // errors.Is goes on with Unwrap
	}
}

// subjectless are the operations whose path names no single object, or none that
// could be missing.
var subjectless = map[string]bool{
	"ListNotebooks": true, "ListAllNotebooks": true, "CreateNotebook": true,
	"ListFlavors": true, "ShowNotebookTags": true, "ListFeatures": true,
	"ListImage": true, "ListImageGroup": true, "RegisterImage": true,
	"ListAuthoringClusters": true,
}

var aboutImage = map[string]bool{"ShowImage": true, "DeleteImage": true}

// DoubtedFieldError means that the service refused a request as invalid
// (ModelArts.6400) which held a field that only the newest model of the API has:
// the site that was called may not know the field.
type DoubtedFieldError struct {
	// Field is the name of the field, for example public_network_config.
	Field string
	// Err is the refusal, an *Error.
	Err error
}

// Error gives the words of the refusal.
func (e *DoubtedFieldError) Error() string { return e.Err.Error() }

// Unwrap gives the refusal.
func (e *DoubtedFieldError) Unwrap() error { return e.Err }

// doubtNetwork makes a refusal as invalid of a request with a
// public_network_config one that doubts this field. It returns any other error as
// it is.
func doubtNetwork(err error, sent *PublicNetworkConfig) error {
	var refused *Error
	if sent == nil || !errors.As(err, &refused) || refused.Code != codePrefix+"6400" {
		return err
	}
	return &DoubtedFieldError{Field: "public_network_config", Err: err}
}

// NoAnswerError means that no answer came: the connection failed or was cut, an
// attempt timed out, or the caller's context ended.
type NoAnswerError struct {
	// Operation is the operationId of the API, for example ShowNotebook.
	Operation string
	// Sent says whether the request may have reached the service. It is false
	// when no connection was ever made.
	Sent bool
	// Err is the cause. It is the context's error if and only if the caller's
	// context ended.
	Err error
}

// Error names the operation and the cause.
func (e *NoAnswerError) Error() string {
	if errors.Is(e, ErrThrottled) {
		return fmt.Sprintf("%s: %v", e.Operation, e.Err)
	}
	return fmt.Sprintf("%s: no answer: %v", e.Operation, e.Err)
}

// Unwrap gives the cause.
func (e *NoAnswerError) Unwrap() error { return e.Err }

// Is says that a request which was held back, since the service refuses requests
// because there are too many, is ErrThrottled: nothing has happened.
func (e *NoAnswerError) Is(target error) bool {
	return target == ErrThrottled && errors.As(e.Err, new(*apierror.HeldBackError))
}

// Transient says whether the same call may succeed if it is simply made again
// later, as a poll is: connections that fail, attempts that time out, 408, 429,
// 5xx, ErrNotReady, and reads whose answer cannot be read; one of these is a 404
// that has no code of the service or of the cloud's gateway. It is false once the
// caller's own context has ended. It says nothing on whether a write has
// happened: see Uncertain.
func Transient(err error) bool {
	var none *NoAnswerError
	if errors.As(err, &none) {
		return !errors.Is(none, context.Canceled) && !errors.Is(none, context.DeadlineExceeded)
	}
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if errors.Is(e, ErrUnreadableAnswer) || errors.Is(e, errForeign) && e.Status == http.StatusNotFound {
		return strings.HasPrefix(e.Operation, "Show") || strings.HasPrefix(e.Operation, "List")
	}
	return errors.Is(e, ErrNotReady) || errors.Is(e, ErrThrottled) || e.unsure()
}

// Uncertain says whether a write that failed with err may have taken effect all
// the same, so that a create must not be repeated before somebody has looked.
func Uncertain(err error) bool {
	var none *NoAnswerError
	if errors.As(err, &none) {
		return none.Sent
	}
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	return errors.Is(e, ErrUnreadableAnswer) || e.unsure()
}

// unsure reports whether the code, or the status where the code is not
// documented, leaves open what has happened.
func (e *Error) unsure() bool {
	c, known := lookUp(e.Code)
	return errors.Is(c.class, errUnsure) || !known && (e.Status == http.StatusRequestTimeout || e.Status >= 500)
}
