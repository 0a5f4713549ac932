package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// controlPrefix is what the paths begin with that command the simulator.
const controlPrefix = "/_simulator/"

// controlPaths serves the methods of Simulator to other processes:
//
//	GET    /_simulator/requests          the log
//	DELETE /_simulator/requests          empty the log
//	GET    /_simulator/faults            the faults
//	POST   /_simulator/faults            inject one; answers {"id": 1}
//	DELETE /_simulator/faults            remove all
//	DELETE /_simulator/faults/{id}       remove one
//	GET    /_simulator/notebooks         what the service knows
//	GET    /_simulator/notebooks/{id}    of one
//	PATCH  /_simulator/notebooks/{id}    let a Drift happen
//	DELETE /_simulator/notebooks/{id}    let it vanish
//	DELETE /_simulator/notebooks/{id}/storage/{storage_id}
//	DELETE /_simulator/sessions          revoke all tokens and temporary keys
//	GET    /_simulator/clock             {"now": ...}
//	POST   /_simulator/clock             {"advance": "90m"}
//	GET    /_simulator/options           without the secrets
//	PATCH  /_simulator/options           change those that are named
//	GET    /_simulator/answers           the open questions, with the answers in force
//	PUT    /_simulator/answers           {"answers": ["gone-404"]}: these at B, all others at A
//	POST   /_simulator/reset             forget all but options and clock
func (s *Simulator) controlPaths() http.Handler {
	mux := http.NewServeMux()
	handle := func(method, path string, serve func(*http.Request) (any, error)) {
		mux.HandleFunc(method+" "+controlPrefix+path, func(w http.ResponseWriter, r *http.Request) {
			body, err := serve(r)
			writeControl(w, body, err)
		})
	}
	handle("GET", "requests", func(*http.Request) (any, error) { return s.Requests(), nil })
	handle("DELETE", "requests", func(*http.Request) (any, error) { s.ResetRequests(); return nil, nil })
	handle("GET", "faults", func(*http.Request) (any, error) { return s.Faults(), nil })
	handle("POST", "faults", s.controlInject)
	handle("DELETE", "faults", func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil })
	handle("DELETE", "faults/{id}", s.controlRemoveFault)
	handle("GET", "notebooks", func(*http.Request) (any, error) { return s.Notebooks(), nil })
	handle("GET", "notebooks/{id}", s.controlNotebook)
	handle("PATCH", "notebooks/{id}", s.controlChange)
	handle("DELETE", "notebooks/{id}", s.controlRemove)
	handle("DELETE", "notebooks/{id}/storage/{storage_id}", s.controlRemoveStorage)
	handle("DELETE", "sessions", func(*http.Request) (any, error) { s.RevokeSessions(); return nil, nil })
	handle("GET", "clock", func(*http.Request) (any, error) { return map[string]time.Time{"now": s.Now()}, nil })
	handle("POST", "clock", s.controlClock)
	handle("GET", "options", func(*http.Request) (any, error) { return s.Options(), nil })
	handle("PATCH", "options", s.controlOptions)
	handle("GET", "answers", func(*http.Request) (any, error) { return s.Answers(), nil })
	handle("PUT", "answers", s.controlAnswers)
	handle("POST", "reset", func(*http.Request) (any, error) { s.Reset(); return nil, nil })
	return mux
}

// errMissing is the error of a control path about something that is not there.
var errMissing = errors.New("there is no such thing")

func writeControl(w http.ResponseWriter, body any, err error) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case errors.Is(err, errMissing):
		w.WriteHeader(http.StatusNotFound)
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

func (s *Simulator) controlInject(r *http.Request) (any, error) {
	var f Fault
	if err := readControl(r, &f); err != nil {
		return nil, err
	}
	id, err := s.inject(f)
	return map[string]int{"id": id}, err
}

func (s *Simulator) controlRemoveFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || !s.RemoveFault(id) {
		return nil, errMissing
	}
	return nil, nil
}

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

func (s *Simulator) controlRemoveStorage(r *http.Request) (any, error) {
	if !s.RemoveStorage(r.PathValue("id"), r.PathValue("storage_id")) {
		return nil, errMissing
	}
	return nil, nil
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
	s.Advance(d)
	return map[string]time.Time{"now": s.Now()}, nil
}

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
