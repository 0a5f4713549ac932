package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Request is a request that was received. Secrets are left out of it.
type Request struct {
	// Time is when it was received, by the clock of the service.
	Time   time.Time   `json:"time"`
	Method string      `json:"method"`
	Path   string      `json:"path"`
	Query  string      `json:"query,omitempty"`
	Header http.Header `json:"header,omitempty"`
	// Body is the JSON that was sent, secrets replaced. Other text is dropped.
	Body json.RawMessage `json:"body,omitempty"`
	// Operation is the operationId of the contract, or the name of an IAM
	// operation. Empty: no such operation.
	Operation string `json:"operation,omitempty"`
	// NotebookID is the notebook that the request was about; for a create, the
	// one that it made.
	NotebookID string `json:"notebook_id,omitempty"`
	// RequestID is the X-Request-Id of the answer.
	RequestID string `json:"request_id"`
	// Auth is "signature", "token", or empty when the request was refused or
	// needed no authentication.
	Auth string `json:"auth,omitempty"`
	// Status is that of the answer; zero while there is none, and when the
	// connection was cut.
	Status int `json:"status"`
	// ErrorCode is that of a refusal.
	ErrorCode string `json:"error_code,omitempty"`
	// FaultKind is the kind of the fault that hit, if one did.
	FaultKind FaultKind `json:"fault,omitempty"`
}

// Requests copies the log of the requests, in the order of their arrival. A
// request is in it from its arrival on, before it is answered.
func (s *Simulator) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Request, len(s.log))
	for i, r := range s.log {
		list[i] = *r
	}
	return list
}

// maxLog bounds the memory of a simulator that runs for long. The oldest half
// is forgotten when it is reached.
const maxLog = 100000

// remember adds a request to the log. The caller holds s.mu.
func (s *Simulator) remember(r *Request) {
	if len(s.log) == maxLog {
		s.log = slices.Clone(s.log[maxLog/2:])
	}
	s.log = append(s.log, r)
}

// ResetRequests empties the log.
func (s *Simulator) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

// newLogEntry describes a request without its secrets.
func newLogEntry(r *http.Request, body []byte) *Request {
	header := r.Header.Clone()
	for _, name := range secretHeaders {
		if header.Get(name) != "" {
			header.Set(name, redacted)
		}
	}
	return &Request{
		Method: r.Method,
		Path:   r.URL.Path,
		Query:  redactQuery(r.URL.Query(), r.URL.RawQuery),
		Header: header,
		Body:   redactBody(body),
	}
}

const redacted = "REDACTED"

var secretHeaders = []string{"Authorization", "X-Auth-Token", "X-Security-Token", "X-Subject-Token", "X-Metadata-Token", "Cookie", "Proxy-Authorization"}

// secretMembers are the members of bodies, and the parameters of queries, that
// hold secrets. The "token" of a sign-in is an object that holds one as "id".
var secretMembers = []string{"password", "token", "secret", "securitytoken", "secret_key", "passcode"}

func redactQuery(values url.Values, raw string) string {
	found := false
	for name := range values {
		if slices.Contains(secretMembers, name) {
			values.Set(name, redacted)
			found = true
		}
	}
	if !found {
		return raw
	}
	return values.Encode()
}

func redactBody(body []byte) json.RawMessage {
	// Numbers stay as they were written, so that a log can be compared.
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if len(body) == 0 || decoder.Decode(&value) != nil {
		return nil
	}
	clean, err := json.Marshal(redactValue(value, ""))
	if err != nil {
		return nil
	}
	return clean
}

func redactValue(value any, name string) any {
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			value[key] = redactValue(member, key)
		}
		if name == "token" && value["id"] != nil {
			value["id"] = redacted
		}
	case []any:
		for i, element := range value {
			value[i] = redactValue(element, name)
		}
	case string:
		if slices.Contains(secretMembers, name) {
			return redacted
		}
	}
	return value
}
