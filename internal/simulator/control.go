package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// controlPrefix is what the paths begin with that command the simulator.
const controlPrefix = "/_simulator/"

// ControlPath is a path that commands the simulator or shows what it knows.
type ControlPath struct {
	Method string `json:"method"`
	// Path is the whole path, with {names} where a request has values.
	Path string `json:"path"`
	// Text says what a request to the path does.
	Text string `json:"text"`
	// Example is the body of a request; empty where it has none.
	Example string `json:"example,omitempty"`

	serve func(*Simulator, *http.Request) (any, error)
}

// controlTable is the paths that answer with JSON. The page, the help of the
// command and the paths themselves are made from it.
var controlTable = []ControlPath{
	{Method: "GET", Path: "notebooks", Text: "Return all notebooks with all fields, including tokens.", serve: (*Simulator).controlNotebooks},
	{Method: "GET", Path: "notebooks/{id}", Text: "The same for one notebook.", serve: (*Simulator).controlNotebook},
	{Method: "PATCH", Path: "notebooks/{id}", Text: "Change a notebook outside of Terraform, as a user of the console does. Only the given members change, without validation.", Example: `{"name": "renamed", "tags": {"team": "b"}}`, serve: (*Simulator).controlChange},
	{Method: "DELETE", Path: "notebooks/{id}", Text: "Delete a notebook at once, in any status.", serve: (*Simulator).controlRemove},
	{Method: "POST", Path: "notebooks/{id}/stop", Text: "Stop a running notebook. This takes the configured stop time.", serve: (*Simulator).controlStop},
	{Method: "POST", Path: "notebooks/{id}/start", Text: "Start a stopped notebook, with a lease of one hour.", serve: (*Simulator).controlStart},
	{Method: "DELETE", Path: "notebooks/{id}/storage/{storage_id}", Text: "Remove a mount from a notebook at once.", serve: (*Simulator).controlRemoveStorage},
	{Method: "GET", Path: "clock", Text: "The time by the clock of the service.", serve: (*Simulator).controlNow},
	{Method: "POST", Path: "clock", Text: "Move the clock forward. All events that are due by then happen: leases end, starts finish.", Example: `{"advance": "90m"}`, serve: (*Simulator).controlClock},
	{Method: "GET", Path: "faults", Text: "The active faults, and how many requests each has hit.", serve: (*Simulator).controlFaults},
	{Method: "POST", Path: "faults", Text: "Inject a fault. The response contains its ID.", Example: `{"kind": "throttle", "operation": "ShowNotebook", "count": 3, "retry_after": "1"}`, serve: (*Simulator).controlInject},
	{Method: "GET", Path: "faults/kinds", Text: "The kinds of faults, and the operations that they can hit.", serve: (*Simulator).controlFaultKinds},
	{Method: "DELETE", Path: "faults", Text: "Remove all faults.", serve: (*Simulator).controlClearFaults},
	{Method: "DELETE", Path: "faults/{id}", Text: "Remove one fault.", serve: (*Simulator).controlRemoveFault},
	{Method: "GET", Path: "requests", Text: "The requests to the service and to IAM, the oldest first, without their secrets.", serve: (*Simulator).controlRequests},
	{Method: "DELETE", Path: "requests", Text: "Empty the list of requests.", serve: (*Simulator).controlResetRequests},
	{Method: "GET", Path: "options", Text: "The options in force, without the secrets.", serve: (*Simulator).controlShowOptions},
	{Method: "PATCH", Path: "options", Text: "Change the given options. A new duration applies to transitions that begin after the change.", Example: `{"stop_time": "1m", "quota": 3, "sold_out": ["modelarts.vm.cpu.4u"], "key_pairs": ["team"]}`, serve: (*Simulator).controlOptions},
	{Method: "GET", Path: "answers", Text: "The open questions of the contract, with the answers in force.", serve: (*Simulator).controlShowAnswers},
	{Method: "PUT", Path: "answers", Text: "Use answer B for the given questions, and answer A for all others.", Example: `{"answers": ["gone-404", "tags-lag"]}`, serve: (*Simulator).controlAnswers},
	{Method: "GET", Path: "overview", Text: "What the page shows: notebooks, catalogue, faults and the last requests, without any secret.", serve: (*Simulator).controlOverview},
	{Method: "DELETE", Path: "sessions", Text: "Revoke all tokens and temporary keys.", serve: (*Simulator).controlRevoke},
	{Method: "POST", Path: "reset", Text: "Delete all notebooks, images, faults, sessions and requests. Options and clock stay.", serve: (*Simulator).controlReset},
}

// ControlPaths returns the paths that command the simulator.
func ControlPaths() []ControlPath {
	list := make([]ControlPath, len(controlTable))
	for i, p := range controlTable {
		p.Path = controlPrefix + p.Path
		list[i] = p
	}
	return list
}

// controlPaths serves the methods of Simulator to other processes, and the page.
func (s *Simulator) controlPaths() http.Handler {
	mux := http.NewServeMux()
	for _, path := range controlTable {
		mux.HandleFunc(path.Method+" "+controlPrefix+path.Path, func(w http.ResponseWriter, r *http.Request) {
			body, err := path.serve(s, r)
			writeControl(w, body, err)
		})
	}
	s.pagePaths(mux)
	return guarded(mux)
}

// guarded keeps other web pages in a user's browser away from the paths that ask
// for no credentials. A request that changes something must not come from
// another origin, and the name that a browser uses must be one of this machine,
// since another name can be pointed at this machine by whoever owns it. Programs
// that are no browsers are not concerned.
// See design/0031-the-simulator-as-a-tool.md.
func guarded(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeControl(w, nil, fmt.Errorf("%w: the request comes from a page of another origin", errForbidden))
	}))
	inside := sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			writeControl(w, nil, fmt.Errorf("%w: %q is not a name of this machine; use 127.0.0.1 or localhost", errForbidden, r.Host))
			return
		}
		inside.ServeHTTP(w, r)
	})
}

// isLocal reports whether a Host header names this machine. Programs that speak
// HTTP/1.0 may send none.
func isLocal(hostPort string) bool {
	host := hostPort
	if name, _, err := net.SplitHostPort(hostPort); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// errMissing, errConflict and errForbidden are the errors of control paths that
// have a status of their own; all others are 400.
var (
	errMissing   = errors.New("there is no such thing")
	errConflict  = errors.New("not in this status")
	errForbidden = errors.New("refused")
)

func writeControl(w http.ResponseWriter, body any, err error) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	switch {
	case errors.Is(err, errMissing):
		w.WriteHeader(http.StatusNotFound)
	case errors.Is(err, errConflict):
		w.WriteHeader(http.StatusConflict)
	case errors.Is(err, errForbidden):
		w.WriteHeader(http.StatusForbidden)
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
	case body == nil:
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if err != nil {
		body = map[string]string{"error": err.Error()}
	}
	// The client may be gone, and cannot be told.
	_ = json.NewEncoder(w).Encode(body)
}

// readControl reads the body of a control path.
func readControl(r *http.Request, into any) error {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	return unmarshalKnown(data, into)
}

func (s *Simulator) controlNotebooks(*http.Request) (any, error) { return s.Notebooks(), nil }

func (s *Simulator) controlNotebook(r *http.Request) (any, error) {
	n, known := s.Notebook(r.PathValue("id"))
	if !known {
		return nil, errMissing
	}
	return n, nil
}

func (s *Simulator) controlChange(r *http.Request) (any, error) {
	var d Drift
	if err := readControl(r, &d); err != nil {
		return nil, err
	}
	if err := s.Change(r.PathValue("id"), d); err != nil {
		return nil, err
	}
	return s.controlNotebook(r)
}

func (s *Simulator) controlRemove(r *http.Request) (any, error) {
	if !s.Remove(r.PathValue("id")) {
		return nil, errMissing
	}
	return nil, nil
}

func (s *Simulator) controlStop(r *http.Request) (any, error) {
	if err := s.StopNotebook(r.PathValue("id")); err != nil {
		return nil, err
	}
	return s.controlNotebook(r)
}

func (s *Simulator) controlStart(r *http.Request) (any, error) {
	if err := s.StartNotebook(r.PathValue("id")); err != nil {
		return nil, err
	}
	return s.controlNotebook(r)
}

func (s *Simulator) controlRemoveStorage(r *http.Request) (any, error) {
	if !s.RemoveStorage(r.PathValue("id"), r.PathValue("storage_id")) {
		return nil, errMissing
	}
	return nil, nil
}

func (s *Simulator) controlNow(*http.Request) (any, error) {
	return map[string]time.Time{"now": s.Now()}, nil
}

func (s *Simulator) controlClock(r *http.Request) (any, error) {
	var request struct {
		Advance string `json:"advance"`
	}
	if err := readControl(r, &request); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(request.Advance)
	if err != nil {
		return nil, err
	}
	if d < 0 {
		return nil, fmt.Errorf("advance: %s is negative, and the clock moves forward only", d)
	}
	s.Advance(d)
	return s.controlNow(r)
}

func (s *Simulator) controlFaults(*http.Request) (any, error) { return s.Faults(), nil }

func (s *Simulator) controlFaultKinds(*http.Request) (any, error) {
	return struct {
		Kinds      []FaultText `json:"kinds"`
		Operations []string    `json:"operations"`
	}{FaultKinds(), operationNames()}, nil
}

func (s *Simulator) controlInject(r *http.Request) (any, error) {
	var f Fault
	if err := readControl(r, &f); err != nil {
		return nil, err
	}
	id, err := s.inject(f)
	return map[string]int{"id": id}, err
}

func (s *Simulator) controlClearFaults(*http.Request) (any, error) {
	s.ClearFaults()
	return nil, nil
}

func (s *Simulator) controlRemoveFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || !s.RemoveFault(id) {
		return nil, errMissing
	}
	return nil, nil
}

func (s *Simulator) controlRequests(*http.Request) (any, error) { return s.Requests(), nil }

func (s *Simulator) controlResetRequests(*http.Request) (any, error) {
	s.ResetRequests()
	return nil, nil
}

func (s *Simulator) controlShowOptions(*http.Request) (any, error) { return s.Options(), nil }

func (s *Simulator) controlOptions(r *http.Request) (any, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	err = s.configure(func(o *Options) error { return json.Unmarshal(data, o) })
	if err != nil {
		return nil, err
	}
	return s.Options(), nil
}

func (s *Simulator) controlShowAnswers(*http.Request) (any, error) { return s.Answers(), nil }

func (s *Simulator) controlAnswers(r *http.Request) (any, error) {
	var request struct {
		Answers []string `json:"answers"`
	}
	if err := readControl(r, &request); err != nil {
		return nil, err
	}
	err := s.configure(func(o *Options) error {
		o.Answers = request.Answers
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Answers(), nil
}

func (s *Simulator) controlOverview(*http.Request) (any, error) { return s.overview(), nil }

func (s *Simulator) controlRevoke(*http.Request) (any, error) {
	s.RevokeSessions()
	return nil, nil
}

func (s *Simulator) controlReset(*http.Request) (any, error) {
	s.Reset()
	return nil, nil
}
