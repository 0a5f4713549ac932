package lifecycle

import "sync"

// Leftover is an image whose delete waits until the notebook is deleted that uses it.
type Leftover struct {
	ID          string
	SWRPath     string
	WithContent bool // the content of the container registry goes with it
}

// Leftovers keeps the leftovers of one process, by the ID of the notebook. The zero value is
// ready, and safe for concurrent use. See design/0028-images.md.
type Leftovers struct {
	mu sync.Mutex
	of map[string][]Leftover
}

// Leave notes that an image is to be deleted after a notebook.
func (l *Leftovers) Leave(notebookID string, image Leftover) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = make(map[string][]Leftover)
	}
	l.of[notebookID] = append(l.of[notebookID], image)
}

// Take returns the images that are to be deleted after a notebook, and forgets them.
func (l *Leftovers) Take(notebookID string) []Leftover {
	l.mu.Lock()
	defer l.mu.Unlock()
	images := l.of[notebookID]
	delete(l.of, notebookID)
	return images
}
