package modelarts

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// namesPause is for how long names are gathered before the list is asked for: the
// first ten plans come within 20 to 70 ms.
const namesPause = 75 * time.Millisecond

// namesLimit bounds the time for the list: a create does without it.
const namesLimit = 10 * time.Second

// Namesakes finds notebooks by their names, for many callers with one call: the
// first page of the list of a workspace is read when it is first asked for, and
// only then. So what it finds exists, and what it does not find may exist all the
// same. It is safe for concurrent use.
type Namesakes struct {
	client *Client

	mu         sync.Mutex
	workspaces map[string]*namesakes
}

// namesakes are those of one workspace.
type namesakes struct {
	names []string // that were asked for so far
	page  once[[]Notebook]
}

// NewNamesakes returns namesakes that are asked for with the client.
func NewNamesakes(client *Client) *Namesakes {
	return &Namesakes{client: client, workspaces: make(map[string]*namesakes)}
}

// Of returns notebooks of a workspace that have a name, each once and by ID. Those
// that are being deleted do not count. An empty workspace ID means
// DefaultWorkspace.
//
// API: GET /v1/{project_id}/notebooks
func (n *Namesakes) Of(ctx context.Context, workspaceID, name string) ([]Notebook, error) {
	workspaceID = workspace(workspaceID)
	n.mu.Lock()
	of := n.workspaces[workspaceID]
	if of == nil {
		of = new(namesakes)
		n.workspaces[workspaceID] = of
	}
	of.names = append(of.names, name)
	n.mu.Unlock()
	page, err := of.page.get(ctx, func(ctx context.Context) ([]Notebook, error) {
		ctx, cancel := context.WithTimeout(ctx, namesLimit)
		defer cancel()
		time.Sleep(namesPause)
		n.mu.Lock()
		query := ListNotebooksQuery{Name: commonStart(of.names), WorkspaceID: workspaceID}
		n.mu.Unlock()
		got, err := pageAt[Notebook](ctx, n.client, listNotebooks(query), notebooksPerPage, 0)
		if err != nil {
			return nil, err
		}
		return got.records(), nil
	})
	var found []Notebook
	for _, nb := range page {
		if nb.Name == name && nb.ID != "" && nb.Status.Kind() != Gone && nb.Status != StatusDeleting {
			found = append(found, nb)
		}
	}
	slices.SortFunc(found, func(a, b Notebook) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(found, func(a, b Notebook) bool { return a.ID == b.ID }), err
}

// commonStart is what all names begin with, which the filter for names finds them
// by.
func commonStart(names []string) string {
	start := names[0]
	for _, name := range names[1:] {
		for !strings.HasPrefix(name, start) {
			runes := []rune(start)
			start = string(runes[:len(runes)-1])
		}
	}
	return start
}
