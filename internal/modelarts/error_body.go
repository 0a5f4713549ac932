package modelarts

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

// newError reads an answer with a status of failure: the service's JSON, or one
// of the many things that a gateway in front of it sends.
func newError(operation string, got *answer) *Error {
	e := &Error{Operation: operation, Status: got.status, RequestID: requestID(got.header)}
	body := bytes.TrimSpace(got.body)
	switch {
	case got.status < 400:
		// An endpoint that redirects is not the API.
		e.Err = errGateway
		e.Message = "a redirect, which is not followed; is the endpoint right?"
	case strings.Contains(got.header.Get("Content-Type"), "html") || bytes.HasPrefix(body, []byte("<")):
		e.Err = errGateway
		e.Message = fmt.Sprintf("the gateway answered %d with HTML", got.status)
	case !bytes.HasPrefix(body, []byte("{")):
		e.Err = errGateway
		e.Message = oneLine(string(body), 200)
	default:
		e.readJSON(body)
	}
	return e
}

// readJSON takes the code and the text from where this service, its gateway, IAM
// and others put them.
func (e *Error) readJSON(body []byte) {
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
		// Cut off somewhere: which code it held nobody knows. (A field of an
		// unexpected type is only left out.)
		e.Err = errGateway
		e.Message = "the body of the error cannot be read"
		return
	}
	e.Code = oneLine(string(cmp.Or(shape.ErrorCode, shape.CamelErrorCode, shape.Error.Code, shape.Code)), 64)
	e.Message = oneLine(string(cmp.Or(shape.ErrorMsg, shape.CamelErrorMsg, shape.Error.Message, shape.Message)), 500)
	e.RequestID = cmp.Or(e.RequestID, oneLine(string(shape.RequestID), 64))
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

func requestID(header http.Header) string {
	return oneLine(header.Get("X-Request-Id"), 64)
}

// oneLine makes text of others fit for one line of an error or a log: no control
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
		s = string(runes[:limit]) + "…"
	}
	return s
}
