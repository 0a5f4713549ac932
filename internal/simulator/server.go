package simulator

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// call is a request to an operation. Its handler runs under Simulator.mu.
type call struct {
	now    time.Time
	path   map[string]string
	query  url.Values
	header http.Header
	body   []byte
	// life is the fault that meets the transition that the call begins.
	life *Fault
	// stale is the fault that has the call see an old state.
	stale *Fault
	entry *Request
	// session is who calls; empty for the holder of the permanent keys.
	session session
	// authErr is why an open operation has no session.
	authErr *problem
	baseURL string
}

// answer is what a request is answered with.
type answer struct {
	status int
	// body is marshaled; raw is sent as it is in place of it.
	body        any
	raw         []byte
	contentType string
	header      http.Header
	// code is the error code, for the log.
	code string
}

func ok(body any) *answer { return &answer{status: http.StatusOK, body: body} }

func noContent() *answer { return &answer{status: http.StatusNoContent} }

// bytes is the body as it is sent.
func (a *answer) bytes() ([]byte, error) {
	if a.raw != nil || a.body == nil {
		return a.raw, nil
	}
	return json.Marshal(a.body)
}

// maxBody is the size of a body that the gateway takes.
const maxBody = 12 << 20

// ServeHTTP answers a request to the service, to IAM or to a control path.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) || r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		s.control.ServeHTTP(w, r)
		return
	}
	began := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		// The request never arrived in full, so nothing saw it.
		panic(http.ErrAbortHandler)
	}

	c := &call{query: r.URL.Query(), header: r.Header, body: body, baseURL: "http://" + r.Host, entry: newLogEntry(r, body)}
	c.entry.RequestID = strings.ReplaceAll(uuid.NewString(), "-", "")
	o, values := route(r.Method, r.URL.Path)
	c.path = values
	defer func() { s.tell(c.entry, time.Since(began)) }()

	a, fault := s.admit(r, o, c)
	if a == nil {
		a = s.perform(o, c, fault)
	}
	if fault != nil && fault.AfterEffect {
		wait(r, fault.Delay)
	}
	if a == nil {
		// The way to close a connection without an answer.
		panic(http.ErrAbortHandler)
	}
	s.send(w, c, a)
}

// admit is the gateway: it lets a request pass, with the fault that hits it,
// or answers it.
func (s *Simulator) admit(r *http.Request, o *operation, c *call) (*answer, *Fault) {
	refused, fault := s.check(r, o, c)
	if refused != nil {
		return refused, nil
	}
	if fault != nil && !fault.AfterEffect {
		wait(r, fault.Delay)
	}
	return nil, fault
}

func (s *Simulator) check(r *http.Request, o *operation, c *call) (*answer, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.settle()
	c.entry.Time = now
	s.remember(c.entry)
	if o == nil {
		return refusal("APIG.0101", "").answer(), nil
	}
	c.entry.Operation = o.id
	c.entry.NotebookID = c.path["id"]
	if p := s.authenticate(r, o, c, now); p != nil {
		return p.answer(), nil
	}
	if retryAfter, limited := s.limiter.limited(s.options, now); limited {
		a := refusal("ModelArts.6101", "").answer()
		if retryAfter != "" {
			a.header = http.Header{"Retry-After": {retryAfter}}
		}
		return a, nil
	}
	life, fault := s.takeFaults(o.id, c.path["id"], s.nameOf(c))
	c.life = life
	switch {
	case fault != nil:
		c.entry.FaultKind = fault.Kind
	case life != nil:
		c.entry.FaultKind = life.Kind
	}
	return nil, fault
}

// nameOf is the name of the notebook that a request is about: the existing
// one's, or the one that is to be made.
func (s *Simulator) nameOf(c *call) string {
	if n := s.byID[c.path["id"]]; n != nil {
		return n.Name
	}
	var request struct {
		Name string `json:"name"`
	}
	if c.entry.Operation != "CreateNotebook" || json.Unmarshal(c.body, &request) != nil {
		return ""
	}
	return request.Name
}

// perform does what was asked, unless the fault is in the way. No answer means
// that the connection is to be cut.
func (s *Simulator) perform(o *operation, c *call, fault *Fault) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.settle()
	if fault == nil {
		return s.serve(o, c)
	}
	refused := fault.refusal()
	switch {
	case fault.Kind == FaultCutBefore:
		return nil
	case fault.Kind == FaultNotFound:
		return s.notFound(c, true).answer()
	case fault.Kind == FaultStale:
		c.stale = fault
	case fault.Kind == FaultVanish:
		if n := s.byID[c.path["id"]]; n != nil {
			s.vanish(n, c.now)
		}
	case refused != nil && !fault.AfterEffect:
		return refused
	}
	a := s.serve(o, c)
	if refused != nil {
		return refused
	}
	cut, err := fault.applyAfter(a)
	if err != nil {
		return refusal("ModelArts.6102", err.Error()).answer()
	}
	if cut {
		return nil
	}
	return a
}

func (s *Simulator) serve(o *operation, c *call) *answer {
	a, p := o.serve(s, c)
	if p != nil {
		return p.answer()
	}
	return a
}

// send writes an answer and completes the log.
func (s *Simulator) send(w http.ResponseWriter, c *call, a *answer) {
	data, err := a.bytes()
	if err != nil {
		a = refusal("ModelArts.6102", err.Error()).answer()
		data, _ = a.bytes()
	}
	s.mu.Lock()
	c.entry.Status, c.entry.ErrorCode = a.status, a.code
	now := s.now()
	s.mu.Unlock()

	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	header.Set("Date", now.Format(http.TimeFormat))
	header.Set("X-Request-Id", c.entry.RequestID)
	if a.status != http.StatusNoContent {
		contentType := a.contentType
		if contentType == "" {
			contentType = "application/json"
		}
		header.Set("Content-Type", contentType)
	}
	w.WriteHeader(a.status)
	// The client may be gone by now, which is its own affair.
	_, _ = w.Write(data) //nolint:gosec // JSON to a client of the API, not to a browser.
}

// tell says that a request is over.
func (s *Simulator) tell(r *Request, took time.Duration) {
	s.mu.Lock()
	onRequest, told := s.options.OnRequest, *r
	s.mu.Unlock()
	if onRequest != nil {
		onRequest(told, took)
	}
}

// wait lets time pass before a request goes on. It ends early when the client
// leaves; the request goes on all the same, as one does that has left the
// client's machine.
func wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// limiter is a bucket that fills with the rate of requests that are taken.
type limiter struct {
	level float64
	at    time.Time
}

// limited takes a request out of the bucket or, when that is empty, says what
// the answer's Retry-After is.
func (l *limiter) limited(o Options, now time.Time) (retryAfter string, limited bool) {
	if o.Rate <= 0 {
		return "", false
	}
	size := math.Max(1, math.Ceil(o.Rate))
	if l.at.IsZero() {
		l.level = size
	} else {
		l.level = math.Min(size, l.level+o.Rate*now.Sub(l.at).Seconds())
	}
	l.at = now
	if l.level < 1 {
		return o.RateRetryAfter, true
	}
	l.level--
	return "", false
}
