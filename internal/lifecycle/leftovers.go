package lifecycle

import (
	"slices"
	"sync"
)

// Leftover is an image whose delete waits until the notebook that uses it is deleted, or is
// given another image.
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

// Leave notes that an image is to be deleted when its notebook no longer uses it.
func (l *Leftovers) Leave(notebookID string, image Leftover) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = make(map[string][]Leftover)
	}
	l.of[notebookID] = append(l.of[notebookID], image)
}

// Has reports whether images are to be deleted when a notebook no longer uses them.
func (l *Leftovers) Has(notebookID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.of[notebookID]) > 0
}

// Take returns the images that a notebook no longer uses and that are to be deleted, and
// forgets them.
func (l *Leftovers) Take(notebookID string) []Leftover {
	l.mu.Lock()
	defer l.mu.Unlock()
	images := l.of[notebookID]
	delete(l.of, notebookID)
	return images
}

// Withdraw forgets one image, and reports whether it was still to be deleted: Take has not
// returned it.
func (l *Leftovers) Withdraw(notebookID, imageID string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	images := l.of[notebookID]
	i := slices.IndexFunc(images, func(image Leftover) bool { return image.ID == imageID })
	if i < 0 {
		return false
	}
	l.of[notebookID] = slices.Delete(images, i, i+1)
	return true
}
