package modelarts

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	// maxShared is how old an answer may be that is shared by reads. Terraform
	// takes about 20 s to refresh a thousand notebooks.
	maxShared = time.Minute
	// gatherPause ends a gathering when no caller has come for so long, and
	// gatherLimit in any case. The first ten reads of a plan come within 20 to
	// 70 ms.
	gatherPause = 25 * time.Millisecond
	gatherLimit = 150 * time.Millisecond
	// fullPipe is how many reads Terraform makes at a time, unless it is told
	// otherwise: when so many wait, more are likely to follow.
	fullPipe = 10
	// pagesAtOnce bounds how many pages of a list are asked for at a time: as
	// many as there would be reads without it.
	pagesAtOnce = fullPipe
	// listLimit bounds the time for a list: notebooks can be read without it.
	listLimit = 30 * time.Second
	// spotCheck is out of how many lists that are read for polls one is checked:
	// one of the notebooks is asked for by its ID too.
	spotCheck = 3
	// doubtFor is for how long no poll is answered by a list after one was found
	// to be behind.
	doubtFor = 15 * time.Second
)

// Reader reads notebooks of one workspace for many callers, out of pages of the list where that
// takes fewer calls than asking for each by its ID. It is safe for concurrent
// use.
//
// Callers that come together are gathered. Whether a list pays is decided as it
// goes: it is not known how many notebooks will be asked for, and how many others
// the list holds is known only once a page of it has been read. A page costs a
// call, like a read of one notebook; so a list is read when it has no more pages
// than notebooks have been asked for, or twice as many when more are likely to
// follow. That is never much dearer than the cheaper of the two ways.
//
// A list only ever confirms: it answers a read with a notebook that is at rest,
// and a poll with one that is still changing. Whatever else it shows, or leaves
// out, is asked for by its ID. See design/0014-reads-out-of-lists.md.
type Reader struct {
	client    *Client
	workspace string
	others    *readers

	mu       sync.Mutex
	listed   map[string]Look // answered by lists, and not taken yet
	returned map[string]returned
	waiting  []*ask
	serving  bool
	asked    int // notebooks that were read since the last whole list
	watchers int
	total    int                  // how many notebooks the list holds
	counted  time.Time            // when that was learnt
	useful   bool                 // the last first page held notebooks that were polled
	refused  time.Time            // when a list failed; zero: never
	polled   int                  // how many lists were read for polls
	checked  map[string]time.Time // when a notebook was last asked for to check a list
	doubted  time.Time            // when a list was found to be behind; zero: never
}

// readers are the readers of one client, by workspace.
type readers struct {
	mu  sync.Mutex
	all map[string]*Reader
}

// Look is a notebook as it was at a certain time. It is shared: do not change
// it.
type Look struct {
	*Notebook
	// At is when the service was asked: what has happened since is not in it.
	At time.Time
	// Listed says that it comes from a list, which may leave out anything but the
	// status.
	Listed bool
}

// ask is a caller who waits.
type ask struct {
	ctx     context.Context
	id      string
	oldest  time.Time // of the answer; zero: maxShared ago
	polling bool      // by somebody who waits for a change
	check   bool      // a list shows it as changing, and is to be checked
	found   Look
	done    chan struct{}
}

// NewReader returns a reader of DefaultWorkspace that asks with the client.
func NewReader(client *Client) *Reader {
	return newReader(client, DefaultWorkspace, &readers{all: make(map[string]*Reader)})
}

func newReader(client *Client, workspaceID string, others *readers) *Reader {
	r := &Reader{
		client: client, workspace: workspaceID, others: others,
		listed: make(map[string]Look), returned: make(map[string]returned), checked: make(map[string]time.Time),
	}
	others.all[workspaceID] = r
	return r
}

// In returns the reader of a workspace, the same one each time; an empty ID means
// DefaultWorkspace. A list is of one workspace, so that callers share an answer
// only when they ask for notebooks of the same one. A notebook that is in another
// workspace than the reader is found all the same, by its ID.
func (r *Reader) In(workspaceID string) *Reader {
	workspaceID = workspace(workspaceID)
	r.others.mu.Lock()
	defer r.others.mu.Unlock()
	if there := r.others.all[workspaceID]; there != nil {
		return there
	}
	return newReader(r.client, workspaceID, r.others)
}

// Read reads a notebook that is believed to be at rest. The answer may be a
// minute old, but not older than what this client has written to the notebook. One
// out of a list may leave out or lag behind what Show would say: believe of it
// only what is known already.
// The errors are those of ShowNotebook.
//
// API: GET /v1/{project_id}/notebooks, GET /v1/{project_id}/notebooks/{id}
func (r *Reader) Read(ctx context.Context, id string) (Look, error) {
	if answer, there := r.takeReturned(id); there {
		return answer.look, answer.err
	}
	return r.look(&ask{ctx: ctx, id: id})
}

// returned is the answer to a Read that the caller has returned.
type returned struct {
	look Look
	err  error
}

// Return returns the answer to a Read: the next Read of the notebook gets it in
// place of a new one. Nothing that has been written to the notebook since the
// return may be missing from it: such an answer is dropped.
func (r *Reader) Return(id string, nb *Notebook, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.returned[id] = returned{look: Look{Notebook: nb, At: time.Now()}, err: err}
}

func (r *Reader) takeReturned(id string) (returned, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	answer, there := r.returned[id]
	delete(r.returned, id)
	current := answer.look.At.After(r.client.writes.last(id)) && time.Since(answer.look.At) < maxShared
	return answer, there && current
}

// Poll looks at a notebook that is changing; the answer was asked for at oldest
// or later. Callers who poll again and again should Watch. An answer out of a list
// shows a notebook that is still changing, so that no list ends a wait. The errors
// are those of ShowNotebook.
//
// API: GET /v1/{project_id}/notebooks, GET /v1/{project_id}/notebooks/{id}
func (r *Reader) Poll(ctx context.Context, id string, oldest time.Time) (Look, error) {
	return r.look(&ask{ctx: ctx, id: id, oldest: oldest, polling: true})
}

// Watch announces somebody who is going to poll a notebook for a while, so that
// the polls of several can share a list.
func (r *Reader) Watch() (stop func()) {
	r.count(1)
	return sync.OnceFunc(func() { r.count(-1) })
}

func (r *Reader) count(change int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watchers += change
}

func (r *Reader) look(a *ask) (Look, error) {
	a.done = make(chan struct{})
	r.mu.Lock()
	if !r.take(a) {
		r.waiting = append(r.waiting, a)
		if !r.serving {
			r.serving = true
			go r.serve()
		}
	}
	r.mu.Unlock()
	select {
	case <-a.done:
	case <-a.ctx.Done():
		return Look{}, &NoAnswerError{Operation: "ShowNotebook", Err: a.ctx.Err()}
	}
	if a.found.Notebook != nil {
		return a.found, nil
	}
	look, err := r.Show(a.ctx, a.id)
	changing := err == nil && look.Status.Kind() == Pending
	if a.check && !changing && (err == nil || errors.Is(err, ErrNotFound)) {
		r.mu.Lock()
		r.doubted = time.Now()
		r.mu.Unlock()
	}
	return look, err
}

// Show asks for the notebook by its ID. The errors are those of ShowNotebook.
//
// API: GET /v1/{project_id}/notebooks/{id}
func (r *Reader) Show(ctx context.Context, id string) (Look, error) {
	at := time.Now()
	nb, err := r.client.ShowNotebook(ctx, id)
	return Look{Notebook: nb, At: at}, err
}

// take answers a caller with what a list has brought, if that will do. The
// caller holds r.mu.
func (r *Reader) take(a *ask) bool {
	look, there := r.listed[a.id]
	if !there {
		return false
	}
	oldest := a.oldest
	if oldest.IsZero() {
		oldest = time.Now().Add(-maxShared)
	}
	current := !look.At.Before(oldest) && look.At.After(r.client.writes.last(a.id))
	switch kind := look.Status.Kind(); {
	case !current, look.Status == "":
		return false
	case a.polling && (kind != Pending || a.check || r.doubts()):
		return false
	case !a.polling && kind != Settled:
		return false
	}
	delete(r.listed, a.id)
	a.found = look
	close(a.done)
	return true
}

// doubts reports whether a list was found to be behind so lately that no poll is
// answered by one. The caller holds r.mu.
func (r *Reader) doubts() bool { return !r.doubted.IsZero() && time.Since(r.doubted) < doubtFor }

// serve gathers callers and answers them, until none waits.
func (r *Reader) serve() {
	for {
		r.gather()
		r.mu.Lock()
		batch := r.waiting
		r.waiting = nil
		batch = slices.DeleteFunc(batch, r.take)
		r.mu.Unlock()

		for _, a := range r.fromList(batch) {
			close(a.done)
		}

		r.mu.Lock()
		if len(r.waiting) == 0 {
			r.serving = false
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
	}
}

// gather waits until callers stop coming.
func (r *Reader) gather() {
	for began, before := time.Now(), -1; time.Since(began) < gatherLimit; time.Sleep(gatherPause) {
		r.mu.Lock()
		now := len(r.waiting)
		r.mu.Unlock()
		if now == before {
			return
		}
		before = now
	}
}

// fromList answers callers out of the list, as far as that pays, and returns the
// others: they ask by the ID.
func (r *Reader) fromList(batch []*ask) []*ask {
	polls, affordable := r.demand(batch)
	if max(polls, affordable) < 2 || !r.mayPay(polls, affordable) {
		return batch
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), listLimit)
	defer cancel()
	if !r.readPage(ctx, 0) {
		return batch
	}
	r.spotCheck(batch)
	left := r.answer(batch)
	r.mu.Lock()
	r.useful = polls > 0 && len(left) < len(batch)
	rest := pages(r.total) - 1
	r.mu.Unlock()
	if len(left) == 0 || rest > max(affordable, min(polls, len(left))) {
		return left
	}
	r.readPages(ctx, rest)
	return r.answer(left)
}

// spotCheck has one of those who poll ask by the ID although a list would answer:
// the one whose notebook was checked the longest ago. A list that goes on to show
// notebooks as changing is found out so, at the price of few calls.
func (r *Reader) spotCheck(batch []*ask) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var next *ask
	for _, a := range batch {
		listed, there := r.listed[a.id]
		if !a.polling || !there || listed.Status.Kind() != Pending {
			continue
		}
		if next == nil || r.checked[a.id].Before(r.checked[next.id]) {
			next = a
		}
	}
	if next == nil {
		return
	}
	r.polled++
	if r.polled%spotCheck == 0 {
		next.check, r.checked[next.id] = true, time.Now()
	}
}

// demand is how many of a batch a list may serve that poll, or may poll soon, and how many calls a
// whole list is worth to those who read.
func (r *Reader) demand(batch []*ask) (polls, affordable int) {
	for _, a := range batch {
		if a.polling {
			polls++
		}
	}
	reads := len(batch) - polls
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked += reads
	switch {
	case reads >= fullPipe:
		affordable = 2 * r.asked
	case reads > 0:
		affordable = r.asked
	}
	switch {
	case r.doubts():
		polls = 0 // a list is of no use to them
	case polls > 0:
		polls = max(polls, r.watchers)
	}
	return polls, affordable
}

// mayPay says whether the first page of the list is worth a call, by what is
// known of the list.
func (r *Reader) mayPay(polls, affordable int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.refused.IsZero() && time.Since(r.refused) < maxShared:
		return false
	case r.counted.IsZero() || time.Since(r.counted) > maxShared:
		return true
	default:
		return pages(r.total) <= max(polls, affordable) || polls > 1 && r.useful
	}
}

func pages(notebooks int) int { return (notebooks + notebooksPerPage - 1) / notebooksPerPage }

// readPages reads the pages after the first. What was asked for so far has paid
// for them.
func (r *Reader) readPages(ctx context.Context, rest int) {
	r.mu.Lock()
	r.asked = 0
	r.mu.Unlock()
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range min(rest, pagesAtOnce) {
		workers.Go(func() {
			for number := range numbers {
				r.readPage(ctx, number)
			}
		})
	}
	for number := range rest {
		numbers <- number + 1
	}
	close(numbers)
	workers.Wait()
}

// readPage reads one page of the list; false if that failed.
func (r *Reader) readPage(ctx context.Context, number int) bool {
	at := time.Now()
	got, err := pageAt[Notebook](ctx, r.client, listNotebooks(ListNotebooksQuery{WorkspaceID: r.workspace}), notebooksPerPage, number*notebooksPerPage)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		// The caller may not be allowed to list, or only this one call failed:
		// the notebooks can be read all the same.
		r.refused = at
		return false
	}
	for _, nb := range got.records() {
		if older, there := r.listed[nb.ID]; nb.ID != "" && (!there || older.At.Before(at)) {
			r.listed[nb.ID] = Look{Notebook: &nb, At: at, Listed: true}
		}
	}
	r.counted, r.total = at, number*notebooksPerPage+len(got.records())
	if got.Total != nil {
		r.total = int(*got.Total)
	}
	return true
}

// answer answers those whom the list has brought what they need, and returns the
// others.
func (r *Reader) answer(batch []*ask) (left []*ask) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(batch), r.take)
}

// writes remembers when each notebook was last written to.
type writes struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (w *writes) note(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.at == nil {
		w.at = make(map[string]time.Time)
	}
	w.at[id] = time.Now()
}

func (w *writes) last(id string) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at[id]
}
