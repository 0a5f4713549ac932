package distort

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Server distorts the answers of a service. Use [New].
type Server struct {
	service http.Handler
	delay   time.Duration
	choose  func(name string) []Distortion

	mu        sync.Mutex
	notebooks map[string]*notebook // by ID
}

// notebook is what is known of a notebook of the service.
type notebook struct {
	distortions []Distortion
	hits        []int
	status      string                // as the service showed it last
	moved       time.Time             // when a request changed it, or its status was seen to change
	now, before map[string]remembered // by member that comes late: the value seen last, and the one before that time
}

// remembered is a value that a member had, or that it was absent.
type remembered struct {
	value any
	there bool
}

// New distorts what the service answers about each notebook, with its mounts, and about
// each image as choose says. It asks once for each, by the name under which it is seen
// first. What comes late comes after the delay.
func New(service http.Handler, delay time.Duration, choose func(name string) []Distortion) *Server {
	return &Server{service: service, delay: delay, choose: choose, notebooks: map[string]*notebook{}}
}

// Hits counts the answers that each distortion of a notebook has changed, in the
// order in which they were chosen. It is nil for a notebook that no answer was
// about.
func (s *Server) Hits(id string) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.notebooks[id]; n != nil {
		return append([]int{}, n.hits...)
	}
	return nil
}

// ServeHTTP lets the service answer, and distorts what it says of notebooks.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, about := topicOf(r.URL.Path)
	if about == none {
		s.service.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet {
		s.moved(id)
	}
	answer := &heldWriter{ResponseWriter: w, status: http.StatusOK}
	s.service.ServeHTTP(answer, r)
	if r.Method != http.MethodGet {
		s.moved(id)
	}
	body := answer.body.Bytes()
	if answer.status < http.StatusBadRequest {
		body = s.distorted(body, id, about, r.Method == http.MethodGet)
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(answer.status)
	_, _ = w.Write(body) // the client may be gone
}

// topic is what an answer is about.
type topic string

const (
	none      topic = ""
	notebooks topic = "notebooks"
	mounts    topic = "mounts"
	images    topic = "images"
)

// topicOf is what the answer to a request is about, by its path, and the notebook or
// image; the ID is empty in the path of all. Paths whose answers are neither notebooks nor
// mounts nor images are not meant.
func topicOf(path string) (id string, about topic) {
	if !strings.HasPrefix(path, "/v1/") {
		return "", none
	}
	if _, after, found := strings.Cut(path, "/images"); found {
		if id = strings.Trim(after, "/"); strings.Contains(id, "/") || id == "group" {
			return "", none
		}
		return id, images
	}
	_, after, found := strings.Cut(path, "/notebooks")
	if !found {
		return "", none
	}
	steps := strings.Split(strings.Trim(after, "/"), "/")
	switch {
	case after == "" || after == "/" || after == "/all":
		return "", notebooks
	case len(steps) == 1 && steps[0] != "flavors" && steps[0] != "tags",
		len(steps) == 2 && (steps[1] == "start" || steps[1] == "stop"):
		return steps[0], notebooks
	case len(steps) == 2 && steps[1] == "create-image":
		return "", images
	case len(steps) <= 3 && len(steps) > 1 && steps[1] == "storage":
		return steps[0], mounts
	}
	return "", none
}

// moved notes that a request has changed a notebook.
func (s *Server) moved(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.notebooks[id]; n != nil {
		n.move(s.delay)
	}
}

// move notes that a notebook has changed. What is still late from a change before
// stays as it is shown.
func (n *notebook) move(delay time.Duration) {
	if time.Since(n.moved) >= delay {
		n.before = maps.Clone(n.now)
	}
	n.moved = time.Now()
}

// distorted is an answer after its distortions. id is that of the path. Only the
// answers to reads come late: those to changes hold what the change has made.
func (s *Server) distorted(body []byte, id string, about topic, read bool) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var answer map[string]any
	if decoder.Decode(&answer) != nil {
		return body
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	entries, isList := answer["data"].([]any)
	place, each := Details, []any{answer}
	if isList && (id == "" || about == mounts) {
		place, each = Lists, entries
	}
	for _, entry := range each {
		if entry, ok := entry.(map[string]any); ok {
			s.distort(holderOf(entry, about), id, place, read)
		}
	}
	if about == mounts && isList {
		s.distort(map[string]any{"page": answer}, id, Lists, read)
	}
	changed, err := json.Marshal(answer)
	if err != nil {
		return body
	}
	return changed
}

// holderOf is an answer as the paths of its members lead to it.
func holderOf(entry map[string]any, about topic) map[string]any {
	switch about {
	case mounts:
		return map[string]any{"mount": entry}
	case images:
		return map[string]any{"own_image": entry, "id": entry["id"], "name": entry["name"], "status": entry["status"]}
	default:
		return entry
	}
}

// distort changes what an answer says of one notebook.
func (s *Server) distort(answer map[string]any, id string, place Place, read bool) {
	if own, ok := answer["id"].(string); ok {
		id = own
	}
	n := s.notebooks[id]
	if n == nil {
		name, _ := answer["name"].(string)
		if id == "" || name == "" {
			return
		}
		chosen := s.choose(name)
		n = &notebook{distortions: chosen, hits: make([]int, len(chosen)), moved: time.Now(), now: map[string]remembered{}}
		s.notebooks[id] = n
	}
	if status, ok := answer["status"].(string); ok && status != n.status {
		n.status = status
		n.move(s.delay)
	}
	late := time.Since(n.moved) < s.delay
	for i, d := range n.distortions {
		here := (d.Place == Everywhere || d.Place == place) && n.is(d.While)
		switch {
		case d.Kind == Delay && read:
			if n.late(answer, d.Member, late && here) {
				n.hits[i]++
			}
		case d.Kind != Delay && here && d.change(answer):
			n.hits[i]++
		}
	}
}

// is says whether the notebook is in one of the statuses.
func (n *notebook) is(while While) bool {
	pending := strings.HasSuffix(n.status, "ING") && n.status != "RUNNING" || n.status == "INIT"
	switch while {
	case Pending:
		return pending
	case Settled:
		return !pending
	case Running:
		return n.status == "RUNNING"
	case Stopped:
		return !pending && n.status != "RUNNING"
	default:
		return true
	}
}

// late remembers what a member is, and puts what it was before into an answer
// while the new value is late. It reports whether the answer has changed. A status
// that was never seen is shown: see [Essential].
func (n *notebook) late(answer map[string]any, member string, late bool) (changed bool) {
	eachParent(answer, member, func(parent map[string]any, name string) {
		value, there := parent[name]
		n.now[member] = remembered{value, there}
		was, known := n.before[member]
		switch {
		case !late || !known && Essential[member] != "":
		case was.there:
			parent[name] = was.value
			changed = !there || !same(was.value, value)
		default:
			delete(parent, name)
			changed = there
		}
	})
	return changed
}

// heldWriter keeps an answer back.
type heldWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *heldWriter) WriteHeader(status int)      { w.status = status }
func (w *heldWriter) Write(p []byte) (int, error) { return w.body.Write(p) }

// Unwrap lets the service reach the connection, to cut it.
func (w *heldWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
