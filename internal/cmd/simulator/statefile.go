package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// stateFile keeps what a service knows in a file. It is the handler of the
// service: whatever can have changed something is followed by a save.
type stateFile struct {
	name    string
	service *simulator.Simulator

	mu sync.Mutex
	// written is what the file holds since it was read or written last; nil: there
	// is no file.
	written []byte
	// failed is that the last save did not work, which is logged once.
	failed bool
	// hits is how often faults had been met at the last save. A read that meets one uses
	// it up.
	hits int
}

// openState makes a service from a file, or an empty one where there is no file.
// A file that cannot be read as a state is an error, and is left as it is.
func openState(name string, options simulator.Options) (*stateFile, error) {
	f := &stateFile{name: name}
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.service = simulator.New(options)
	case err != nil:
		return nil, fmt.Errorf("state file: %w", err)
	default:
		f.written = data
		if f.service, err = simulator.Restore(options, data); err != nil {
			return nil, fmt.Errorf("state file %s: %w. The file is unchanged: use another file, or move it away to begin with an empty state", name, err)
		}
	}
	// A folder that cannot be written to is an error now and not later.
	if err := f.save(); err != nil {
		return nil, err
	}
	return f, nil
}

// save writes the file. It does nothing without one. A file that somebody else
// has written since, such as another simulator, is an error and is left as it is.
func (f *stateFile) save() error {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	hits := f.met() // before the state: what is met since is saved once more
	state, err := f.service.State()
	if err != nil {
		return fmt.Errorf("state file: %w", err)
	}
	present, err := os.ReadFile(f.name)
	switch {
	case err == nil && !bytes.Equal(present, f.written):
		return fmt.Errorf("state file %s: another program changed it, so it is not overwritten", f.name)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("state file: %w", err)
	}
	if err := writeFile(f.name, state); err != nil {
		return fmt.Errorf("state file: %w", err)
	}
	f.written, f.hits = state, hits
	return nil
}

// met is how often faults have been met.
func (f *stateFile) met() int {
	hits := 0
	for _, fault := range f.service.Faults() {
		hits += fault.Hits
	}
	return hits
}

// unchanged reports whether a request can have changed nothing.
func (f *stateFile) unchanged(r *http.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && f.met() == f.hits
}

// ServeHTTP serves a request, and saves what it has changed.
func (f *stateFile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A connection that is cut ends the handler with a panic, after the effect.
	defer func() {
		if f.unchanged(r) {
			return
		}
		err := f.save()
		f.mu.Lock()
		defer f.mu.Unlock()
		if err != nil && !f.failed {
			log.Printf("simulator: %v", err)
		}
		f.failed = err != nil
	}()
	f.service.ServeHTTP(w, r)
}
