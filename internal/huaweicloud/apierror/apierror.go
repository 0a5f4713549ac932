// Package apierror reads the error answers of the cloud's APIs and of the
// gateways in front of them, which come in many shapes.
package apierror

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

// Bounds, in characters, of what is taken over into an error. They hold a whole
// message of the service, and keep a stray page out of a diagnostic.
const (
	maxMessage = 500
	maxPlain   = 200
	maxCode    = 64
)

// Details is what an error answer says. All texts are short, on one line, and
// hold no control characters.
type Details struct {
	// Code is for example APIG.0101 or IAM.0001; empty when the answer had none.
	Code string
	// Message is the text beside the code, or what stands in for it.
	Message string
	// RequestID is what the cloud's support asks for.
	RequestID string
	// RetryAfter is the header of that name as it was given; empty when there was
	// none.
	RetryAfter string
	// Foreign is true for an answer that is not whole JSON: HTML, plain text, no
	// body, a redirect. No API of the cloud has said that.
	Foreign bool
}

// Read reads an answer with the given status, which is not one of success.
func Read(status int, header http.Header, body []byte) Details {
	d := Details{RequestID: RequestID(header), RetryAfter: oneLine(header.Get("Retry-After"), maxCode)}
	body = bytes.TrimSpace(body)
	switch {
	case status < 400:
		d.Foreign = true
		d.Message = "a redirect, which is not followed; is the endpoint right?"
	case strings.Contains(header.Get("Content-Type"), "html") || bytes.HasPrefix(body, []byte("<")):
		d.Foreign = true
		d.Message = fmt.Sprintf("the gateway answered %d with HTML", status)
	case !bytes.HasPrefix(body, []byte("{")):
		d.Foreign = true
		d.Message = oneLine(string(body), maxPlain)
	default:
		d.readJSON(body)
	}
	return d
}

// readJSON takes the code and the text from where ModelArts, the gateway, IAM
// and others put them.
func (d *Details) readJSON(body []byte) {
	var shape struct {
		ErrorCode      text `json:"error_code"`
		ErrorMsg       text `json:"error_msg"`
		CamelErrorCode text `json:"errorCode"`
		CamelErrorMsg  text `json:"errorMsg"`
		Code           text `json:"code"`
		Message        text `json:"message"`
		RequestID      text `json:"request_id"`
		Error          struct {
			Code    text `json:"code"`
			Message text `json:"message"`
		} `json:"error"`
	}
	if err := json.Unmarshal(body, &shape); err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) {
		// Cut off or malformed: the code that it held is not known. (A field of an
		// unexpected type alone is only left out.)
		d.Foreign = true
		d.Message = "the body of the error cannot be read"
		return
	}
	d.Code = oneLine(string(cmp.Or(shape.ErrorCode, shape.CamelErrorCode, shape.Error.Code, shape.Code)), maxCode)
	d.Message = oneLine(string(cmp.Or(shape.ErrorMsg, shape.CamelErrorMsg, shape.Error.Message, shape.Message)), maxMessage)
	d.RequestID = cmp.Or(d.RequestID, oneLine(string(shape.RequestID), maxCode))
}

// RequestID is the ID that an answer carries in its header, or empty.
func RequestID(header http.Header) string {
	return oneLine(header.Get("X-Request-Id"), maxCode)
}

// Format is the text of an error: operation, code, message, status, Retry-After,
// request ID. What is empty is left out.
func Format(operation string, status int, d Details) string {
	var line strings.Builder
	for _, part := range []string{operation, d.Code} {
		if part != "" {
			line.WriteString(part + ": ")
		}
	}
	line.WriteString(cmp.Or(d.Message, http.StatusText(status), "no explanation"))
	fmt.Fprintf(&line, " (HTTP %d", status)
	if d.RetryAfter != "" {
		line.WriteString(", Retry-After: " + d.RetryAfter)
	}
	if d.RequestID != "" {
		line.WriteString(", request ID " + d.RequestID)
	}
	line.WriteString(")")
	return line.String()
}

// text reads a string, or a number as one: some codes are. Anything else counts
// as absent, so that one odd field does not hide the others.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	var n json.Number
	switch {
	case json.Unmarshal(data, &s) == nil:
		*t = text(s)
	case json.Unmarshal(data, &n) == nil:
		*t = text(n)
	}
	return nil
}

// oneLine makes foreign text fit for a line of an error or a log: no control
// characters, single spaces, and at most limit characters.
func oneLine(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		default:
			return -1
		}
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > limit {
		s = string(runes[:limit-1]) + "…"
	}
	return s
}

// ErrNoCredentials means that there are no credentials to call the cloud with,
// and that asking again will not bring any: none were found, or IAM refused the
// ones that others are obtained with.
var ErrNoCredentials = errors.New("no credentials")

// ErrNotSent marks the error of a request that has not left this machine, so
// that it cannot have had an effect.
var ErrNotSent = errors.New("not sent")

// NotSent marks an error with ErrNotSent and leaves its text alone.
func NotSent(err error) error { return notSent{err} }

type notSent struct{ error }

func (e notSent) Unwrap() error        { return e.error }
func (e notSent) Is(target error) bool { return target == ErrNotSent }

// HeldBackError means that a request was not sent before its caller's context
// ended, since the service refused requests because there were too many. It wraps
// the context's error, and is ErrNotSent.
type HeldBackError struct {
	// Status and Details are of the last refusal. It may be that of another
	// request.
	Status int
	Details
	// Err is the context's error.
	Err error
}

// Error names the refusal.
func (e *HeldBackError) Error() string {
	return "not sent in time, because the service refuses requests: " + Format("", e.Status, e.Details)
}

// Unwrap gives the context's error.
func (e *HeldBackError) Unwrap() error { return e.Err }

// Is marks the error with ErrNotSent.
func (e *HeldBackError) Is(target error) bool { return target == ErrNotSent }
