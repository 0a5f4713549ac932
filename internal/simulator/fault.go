package simulator

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// FaultKind says what a [Fault] does.
type FaultKind string

// Faults of an answer. All happen before the operation has any effect, but
// for those that say otherwise and those with AfterEffect.
const (
	// FaultRefuse answers Status with Code and Message in the service's shape.
	// Code defaults to ModelArts.6102, Status to that of Code.
	FaultRefuse FaultKind = "refuse"
	// FaultHTML answers Status (default 502) with an HTML page.
	FaultHTML FaultKind = "html"
	// FaultUnavailable answers 503 with plain text.
	FaultUnavailable FaultKind = "unavailable"
	// FaultTimeout answers 408 with ModelArts.6100.
	FaultTimeout FaultKind = "timeout"
	// FaultThrottle answers 429 with ModelArts.6101 and RetryAfter, if any.
	FaultThrottle FaultKind = "throttle"
	// FaultUnauthorized answers 401 as the gateway does.
	FaultUnauthorized FaultKind = "unauthorized"
	// FaultDelay waits for Delay and then serves the request.
	FaultDelay FaultKind = "delay"
	// FaultCutBefore closes the connection and does nothing. Mind that the
	// transport of net/http repeats a GET by itself when that happens on a
	// connection that it had used before.
	FaultCutBefore FaultKind = "cut_before"
	// FaultCutAfter does what was asked and closes the connection unanswered.
	FaultCutAfter FaultKind = "cut_after"
	// FaultTruncate does what was asked and answers with half of the body.
	FaultTruncate FaultKind = "truncate"
	// FaultEmpty does what was asked and answers with an empty body.
	FaultEmpty FaultKind = "empty"
	// FaultStale answers a read with the state of Age ago or, without Age,
	// with the state before the last change.
	FaultStale FaultKind = "stale"
	// FaultNotFound answers that the notebook does not exist.
	FaultNotFound FaultKind = "not_found"
	// FaultStatus serves the request and overrides status in the answer with Value.
	FaultStatus FaultKind = "status"
)

// Faults of life. They wait for the operation that begins the transition, so
// Operation can be left empty.
const (
	// FaultCreateFailed ends the next creation in CREATE_FAILED at Step.
	FaultCreateFailed FaultKind = "create_failed"
	// FaultStartFailed ends the next start in START_FAILED at Step.
	FaultStartFailed FaultKind = "start_failed"
	// FaultDataMountFailed has the data volumes of the next creation or start
	// fail to be mounted.
	FaultDataMountFailed FaultKind = "data_mount_failed"
	// FaultStopFailed ends the next stop in ERROR.
	FaultStopFailed FaultKind = "stop_failed"
	// FaultDeleteFailed ends the next deletion in DELETE_FAILED.
	FaultDeleteFailed FaultKind = "delete_failed"
	// FaultSnapshotFailed ends the next saving of an image in CREATE_FAILED.
	FaultSnapshotFailed FaultKind = "snapshot_failed"
	// FaultMountFailed ends the next mount in MOUNT_FAILED.
	FaultMountFailed FaultKind = "mount_failed"
	// FaultUnmountFailed ends the next unmount in UNMOUNT_FAILED.
	FaultUnmountFailed FaultKind = "unmount_failed"
	// FaultVanish removes the notebook just before the request is served.
	FaultVanish FaultKind = "vanish"
)

// Shapes of the body of a refusal.
const (
	ShapeService = "service" // error_code, error_msg
	ShapeCamel   = "camel"   // errorCode, errorMsg
	ShapePlain   = "plain"   // code, message
	ShapeIAM     = "iam"     // {"error": {"code", "message", "title"}}
)

// Fault is something that shall go wrong. It hits the requests that match
// Operation and Notebook, after the first Skip of them, Count times.
type Fault struct {
	// Operation is an operationId of the contract, or the name of an IAM
	// operation. Empty or "*": any.
	Operation string `json:"operation,omitempty"`
	// Notebook is the ID or the name of a notebook. Empty: any.
	Notebook string `json:"notebook,omitempty"`
	// Kind says what happens.
	Kind FaultKind `json:"kind"`
	// Count is the number of requests to hit. Zero: one. Negative: all.
	Count int `json:"count,omitempty"`
	// Skip is the number of matching requests to leave alone first.
	Skip int `json:"skip,omitempty"`
	// Probability is that of hitting a request that matches. Zero: always.
	// A request that is spared counts neither for Count nor for Skip.
	Probability float64 `json:"probability,omitempty"`
	// Seed makes Probability repeatable.
	Seed uint64 `json:"seed,omitempty"`
	// AfterEffect has a refusal come after the operation took effect.
	AfterEffect bool `json:"after_effect,omitempty"`
	// Status, Code and Message describe a refusal.
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Shape is one of the Shape constants. Default: ShapeService.
	Shape string `json:"shape,omitempty"`
	// RetryAfter is the Retry-After header of a refusal. Empty: none.
	RetryAfter string `json:"retry_after,omitempty"`
	// Delay is waited for before anything else or, with AfterEffect, between
	// the effect and the answer, whatever the kind. A client that leaves in
	// the meantime does not take its request back.
	Delay time.Duration `json:"delay,omitempty"`
	// Age is how old a stale answer is.
	Age time.Duration `json:"age,omitempty"`
	// Value is the status that FaultStatus shows.
	Value string `json:"value,omitempty"`
	// Step, 1 to 4, is where a creation or a start fails. Zero: at the last.
	Step int `json:"step,omitempty"`
	// Reason is the fail_reason of a failed transition.
	Reason string `json:"reason,omitempty"`
}

var faultTimes = []string{"delay", "age"}

// MarshalJSON writes the fault with its durations as text.
func (f Fault) MarshalJSON() ([]byte, error) {
	type plain Fault
	return durationsToText(plain(f), faultTimes)
}

// UnmarshalJSON reads what MarshalJSON writes. It refuses members that it does
// not know.
func (f *Fault) UnmarshalJSON(data []byte) error {
	type plain Fault
	data, err := durationsFromText(data, faultTimes)
	if err != nil {
		return err
	}
	return unmarshalKnown(data, (*plain)(f))
}

// lifeOperations are the operations that the faults of life wait for.
var lifeOperations = map[FaultKind][]string{
	FaultCreateFailed:    {"CreateNotebook"},
	FaultStartFailed:     {"StartNotebook"},
	FaultDataMountFailed: {"CreateNotebook", "StartNotebook"},
	FaultStopFailed:      {"StopNotebook"},
	FaultDeleteFailed:    {"DeleteNotebook"},
	FaultSnapshotFailed:  {"CreateImage"},
	FaultMountFailed:     {"AttachDynamicStorage"},
	FaultUnmountFailed:   {"DetachDynamicStorage"},
}

// answerKinds are the faults that are no faults of life.
var answerKinds = []FaultKind{
	FaultRefuse, FaultHTML, FaultUnavailable, FaultTimeout, FaultThrottle, FaultUnauthorized, FaultDelay,
	FaultCutBefore, FaultCutAfter, FaultTruncate, FaultEmpty, FaultStale, FaultNotFound, FaultStatus, FaultVanish,
}

func (f Fault) validate() error {
	if lifeOperations[f.Kind] == nil && !slices.Contains(answerKinds, f.Kind) {
		return fmt.Errorf("unknown kind of fault %q", f.Kind)
	}
	if f.Operation != "" && f.Operation != "*" && !knownOperation(f.Operation) {
		return fmt.Errorf("unknown operation %q", f.Operation)
	}
	if f.Step < 0 || f.Step > 4 {
		return fmt.Errorf("step %d is not one of 1 to 4", f.Step)
	}
	if shapes := []string{"", ShapeService, ShapeCamel, ShapePlain, ShapeIAM}; !slices.Contains(shapes, f.Shape) {
		return fmt.Errorf("unknown shape %q", f.Shape)
	}
	return nil
}

// InjectedFault is a fault that waits for requests.
type InjectedFault struct {
	ID    int   `json:"id"`
	Fault Fault `json:"fault"`
	// Hits is the number of requests that it has hit.
	Hits int `json:"hits"`
}

// armedFault is an injected fault with what it needs to decide.
type armedFault struct {
	InjectedFault
	matched int
	random  *rand.Rand
}

// take reports whether the fault hits a request, and counts it.
func (f *armedFault) take(operation, id, name string) bool {
	switch {
	case f.Fault.Operation != "" && f.Fault.Operation != "*" && f.Fault.Operation != operation:
		return false
	case lifeOperations[f.Fault.Kind] != nil && !slices.Contains(lifeOperations[f.Fault.Kind], operation):
		return false
	case f.Fault.Notebook != "" && f.Fault.Notebook != id && f.Fault.Notebook != name && !f.hitsPages(operation):
		return false
	case f.spent():
		return false
	case f.Fault.Probability > 0 && f.random.Float64() >= f.Fault.Probability:
		return false
	}
	f.matched++
	if f.matched <= f.Fault.Skip {
		return false
	}
	f.Hits++
	return true
}

// hitsPages reports whether a fault of one notebook shows on the pages that
// list many.
func (f *armedFault) hitsPages(operation string) bool {
	return listOperations[operation] && (f.Fault.Kind == FaultStatus || f.Fault.Kind == FaultStale)
}

func (f *armedFault) spent() bool {
	return f.Fault.Count >= 0 && f.Hits >= max(f.Fault.Count, 1)
}

// Inject arms a fault and returns the ID that it can be removed by. It panics
// on a fault of unknown kind, operation, shape or step: such a fault would
// never hit, and the test that asked for it would test nothing.
func (s *Simulator) Inject(f Fault) int {
	id, err := s.inject(f)
	if err != nil {
		panic("simulator: " + err.Error())
	}
	return id
}

func (s *Simulator) inject(f Fault) (int, error) {
	if err := f.validate(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faultID++
	s.faults = append(s.faults, &armedFault{
		InjectedFault: InjectedFault{ID: s.faultID, Fault: f},
		random:        rand.New(rand.NewPCG(f.Seed, f.Seed)), //nolint:gosec // A repeatable sequence is wanted; nothing is secret.
	})
	return s.faultID, nil
}

// Faults lists the faults that were injected and not removed, the spent ones too.
func (s *Simulator) Faults() []InjectedFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]InjectedFault, len(s.faults))
	for i, f := range s.faults {
		list[i] = f.InjectedFault
	}
	return list
}

// RemoveFault removes one fault and reports whether it was there.
func (s *Simulator) RemoveFault(id int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.faults)
	s.faults = slices.DeleteFunc(s.faults, func(f *armedFault) bool { return f.ID == id })
	return len(s.faults) < before
}

// ClearFaults removes every fault.
func (s *Simulator) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFaults returns the faults that hit a request: at most one of the
// answer, which comes second, and at most one of life. The caller holds s.mu.
func (s *Simulator) takeFaults(operation, id, name string) (life, answer *Fault) {
	for _, f := range s.faults {
		slot := &answer
		if lifeOperations[f.Fault.Kind] != nil {
			slot = &life
		}
		if *slot == nil && f.take(operation, id, name) {
			*slot = &f.Fault
		}
	}
	return life, answer
}

// refusal is the answer of a fault that refuses, or nil.
func (f *Fault) refusal() *answer {
	var a *answer
	switch f.Kind {
	case FaultRefuse:
		code := f.Code
		if code == "" {
			code = "ModelArts.6102"
		}
		a = f.shaped(refusal(code, f.Message))
	case FaultHTML:
		a = &answer{
			status: http.StatusBadGateway, contentType: "text/html",
			raw: []byte("<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n"),
		}
	case FaultUnavailable:
		a = &answer{status: http.StatusServiceUnavailable, contentType: "text/plain", raw: []byte("Service Unavailable\n")}
	case FaultTimeout:
		a = f.shaped(refusal("ModelArts.6100", f.Message))
	case FaultThrottle:
		a = f.shaped(refusal("ModelArts.6101", f.Message))
	case FaultUnauthorized:
		a = f.shaped(refusal("APIG.0301", "Incorrect IAM authentication information: decrypt token fail"))
	default:
		return nil
	}
	if f.Status != 0 {
		a.status = f.Status
	}
	if f.RetryAfter != "" {
		a.header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return a
}

func (f *Fault) shaped(p *problem) *answer {
	if f.Status != 0 {
		p.status = f.Status
	}
	a := p.answer()
	switch f.Shape {
	case ShapeCamel:
		a.body = map[string]string{"errorCode": p.code, "errorMsg": p.message}
	case ShapePlain:
		a.body = map[string]string{"code": p.code, "message": p.message}
	case ShapeIAM:
		a.body = iamError(p.status, p.message)
	}
	return a
}

// applyAfter changes the answer of an operation that took effect. It reports
// whether the connection is to be cut in place of an answer.
func (f *Fault) applyAfter(a *answer) (cut bool, err error) {
	switch f.Kind {
	case FaultCutAfter:
		return true, nil
	case FaultTruncate:
		data, err := a.bytes()
		if err != nil {
			return false, err
		}
		a.raw = data[:len(data)/2]
	case FaultEmpty:
		a.raw = []byte{}
	case FaultStatus:
		data, err := a.bytes()
		if err != nil {
			return false, err
		}
		var members map[string]any
		if json.Unmarshal(data, &members) == nil {
			overrideStatus(members, f.Notebook, f.Value)
			a.raw, err = json.Marshal(members)
		}
		return false, err
	}
	return false, nil
}

// overrideStatus writes value over the status of a notebook, or over that of
// the notebooks of a page.
func overrideStatus(members map[string]any, notebook, value string) {
	if members["status"] != nil {
		members["status"] = value
	}
	page, _ := members["data"].([]any)
	for _, entry := range page {
		entry, ok := entry.(map[string]any)
		if ok && (notebook == "" || notebook == entry["id"] || notebook == entry["name"]) {
			entry["status"] = value
		}
	}
}
