package modelarts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// service is a project with notebooks, 50 ms away. It counts the calls.
type service struct {
	mu        sync.Mutex
	notebooks []map[string]any
	unlisted  map[string]bool // owned by others, or not known yet to a list
	listError int             // a status to answer lists with
	listed    map[string]any  // what lists show of a notebook in place of what it is
	workspace map[string]string
	lists     int
	shows     int
	writes    int
}

func newService(notebooks int) *service {
	s := &service{unlisted: map[string]bool{}}
	for i := range notebooks {
		s.notebooks = append(s.notebooks, map[string]any{"id": fmt.Sprintf("notebook-%d", i), "name": "n", "status": "RUNNING"})
	}
	return s
}

func (s *service) reader() *Reader {
	endpoint := &url.URL{Scheme: "https", Host: "modelarts.example"}
	project := func(context.Context) (string, error) { return "p", nil }
	return NewReader(New(endpoint, &http.Client{Transport: s}, project, "test"))
}

func (s *service) set(id, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, nb := range s.notebooks {
		if nb["id"] == id {
			nb["status"] = status
		}
	}
}

func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case <-time.After(50 * time.Millisecond):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status, body := s.answer(req)
	text, err := json.Marshal(body)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text)))}, err
}

func (s *service) answer(req *http.Request) (int, any) {
	_, id, single := strings.Cut(req.URL.Path, "/notebooks/")
	id, _, _ = strings.Cut(id, "/")
	if req.Method != http.MethodGet {
		s.writes++
		return http.StatusOK, map[string]any{}
	}
	if single {
		s.shows++
		for _, nb := range s.notebooks {
			if nb["id"] == id {
				return http.StatusOK, nb
			}
		}
		return http.StatusNotFound, map[string]any{"error_code": "ModelArts.6309"}
	}
	s.lists++
	if s.listError != 0 {
		return s.listError, map[string]any{"error_code": "ModelArts.0108"}
	}
	var listed []map[string]any
	for _, nb := range s.notebooks {
		id, _ := nb["id"].(string)
		if s.unlisted[id] || cmp.Or(s.workspace[id], "0") != req.URL.Query().Get("workspace_id") {
			continue
		}
		if len(s.listed) > 0 {
			nb = maps.Clone(nb)
			maps.Copy(nb, s.listed)
			maps.DeleteFunc(nb, func(_ string, v any) bool { return v == nil })
		}
		listed = append(listed, nb)
	}
	limit, _ := strconv.Atoi(req.URL.Query().Get("limit"))
	offset, _ := strconv.Atoi(req.URL.Query().Get("offset"))
	page := listed[min(offset, len(listed)):min(offset+limit, len(listed))]
	return http.StatusOK, map[string]any{"data": page, "total": len(listed)}
}

func (s *service) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lists + s.shows
}

// refresh reads notebooks as Terraform does, some at a time and in no order.
func refresh(t *testing.T, r *Reader, ids []string, parallelism int) {
	t.Helper()
	ids = append([]string(nil), ids...)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	queue := make(chan string)
	var walkers sync.WaitGroup
	for i := range parallelism {
		walkers.Go(func() {
			time.Sleep(time.Duration(i) * 7 * time.Millisecond)
			for id := range queue {
				got, err := r.Read(t.Context(), id)
				if err != nil || got.ID != id || got.Status != StatusRunning {
					t.Errorf("reading %s: %+v, %v", id, got.Notebook, err)
				}
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	walkers.Wait()
}

func ids(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("notebook-%d", i)
	}
	return list
}

// The project look-up is a call more.
func TestReaderCountsCalls(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		read, others, parallelism, most int
	}{
		{1, 0, 10, 1},
		{1, 4999, 10, 1},
		{2, 0, 10, 1},
		{2, 4998, 10, 3},
		{10, 4990, 10, 13},
		{10, 4990, 1, 13},
		{40, 4960, 10, 44},
		{100, 0, 10, 5},
		{100, 200, 10, 23},
		{500, 0, 10, 13},
		{1000, 0, 10, 23},
		{1000, 0, 1, 43},
		{1000, 0, 50, 23},
		{2000, 0, 10, 80},
		{300, 2700, 10, 130},
	} {
		t.Run(fmt.Sprintf("%d of %d by %d", test.read, test.read+test.others, test.parallelism), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(test.read + test.others)
				rand.Shuffle(len(s.notebooks), func(i, j int) { s.notebooks[i], s.notebooks[j] = s.notebooks[j], s.notebooks[i] })
				refresh(t, s.reader(), ids(test.read), test.parallelism)
				t.Logf("%d lists, %d reads", s.lists, s.shows)
				if s.calls() > test.most {
					t.Errorf("%d lists and %d reads, want at most %d calls", s.lists, s.shows, test.most)
				}
			})
		})
	}
}

// What a list does not hold, or not at rest, is asked for by its ID.
func TestReaderConfirms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		make  func(*service)
		want  Status
		gone  bool
		shows int
	}{
		{"settled", func(*service) {}, StatusRunning, false, 0},
		{"stopped", func(s *service) { s.set("notebook-3", "STOPPED") }, StatusStopped, false, 0},
		{"missing", func(s *service) { s.unlisted["notebook-3"] = true }, StatusRunning, false, 1},
		{"starting", func(s *service) { s.set("notebook-3", "STARTING") }, StatusStarting, false, 1},
		{"failed", func(s *service) { s.set("notebook-3", "ERROR") }, StatusError, false, 1},
		{"of a new status", func(s *service) { s.set("notebook-3", "MOVING") }, "MOVING", false, 1},
		{"deleted", func(s *service) { s.set("notebook-3", "DELETED") }, "", true, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(10)
				test.make(s)
				r := s.reader()
				var readers sync.WaitGroup
				for _, id := range ids(10) {
					readers.Go(func() {
						got, err := r.Read(t.Context(), id)
						switch {
						case id != "notebook-3":
						case test.gone:
							if !errors.Is(err, ErrNotFound) {
								t.Errorf("got %v, want ErrNotFound", err)
							}
						case err != nil || got.Status != test.want:
							t.Errorf("got %+v, %v", got.Notebook, err)
						}
					})
				}
				readers.Wait()
				if s.shows != test.shows || s.lists != 1 {
					t.Errorf("%d lists and %d reads, want 1 and %d", s.lists, s.shows, test.shows)
				}
			})
		})
	}
}

// An answer is shared for a minute, and not beyond a write.
func TestReaderIsNeverOlderThanAWrite(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		between func(*testing.T, *service, *Reader)
		want    Status
	}{
		{"fresh", func(_ *testing.T, s *service, _ *Reader) {
			time.Sleep(59 * time.Second)
			s.set("notebook-90", "STOPPED")
		}, StatusRunning},
		{"a minute old", func(_ *testing.T, s *service, _ *Reader) {
			time.Sleep(61 * time.Second)
			s.set("notebook-90", "STOPPED")
		}, StatusStopped},
		{"written", func(t *testing.T, s *service, r *Reader) {
			if err := r.client.StopNotebook(t.Context(), "notebook-90"); err != nil {
				t.Error(err)
			}
			s.set("notebook-90", "STOPPED")
		}, StatusStopped},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(100)
				r := s.reader()
				refresh(t, r, ids(90), 10)
				test.between(t, s, r)
				if got, err := r.Read(t.Context(), "notebook-90"); err != nil || got.Status != test.want {
					t.Errorf("got %s, %v; want %s", got.Status, err, test.want)
				}
			})
		})
	}
}

// A list that began before a write ended does not tell what came of it.
func TestReaderDuringAWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(10)
		r := s.reader()
		var writer sync.WaitGroup
		writer.Go(func() {
			time.Sleep(60 * time.Millisecond) // after the list has been asked for
			if err := r.client.StopNotebook(t.Context(), "notebook-0"); err != nil {
				t.Error(err)
			}
			s.set("notebook-0", "STOPPED")
		})
		refresh(t, r, ids(10)[1:], 9)
		writer.Wait()
		if got, err := r.Read(t.Context(), "notebook-0"); err != nil || got.Status != StatusStopped {
			t.Errorf("got %s, %v", got.Status, err)
		}
	})
}

// Those who may not list can read.
func TestReaderWithoutLists(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusInternalServerError} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(100)
			s.listError = status
			refresh(t, s.reader(), ids(100), 10)
			if s.lists != 1 || s.shows != 100 {
				t.Errorf("%d lists and %d reads, want 1 and 100", s.lists, s.shows)
			}
		})
	}
}

// A caller who leaves does not wait, and does not take the others along.
func TestReaderCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(100)
		r := s.reader()
		ctx, cancel := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		began := time.Now()
		readers.Go(func() {
			_, err := r.Read(ctx, "notebook-99")
			if !errors.Is(err, context.Canceled) || time.Since(began) != 30*time.Millisecond {
				t.Errorf("got %v after %s", err, time.Since(began))
			}
		})
		readers.Go(func() { refresh(t, r, ids(50), 10) })
		time.Sleep(30 * time.Millisecond)
		cancel()
		readers.Wait()
	})
}

// Many who poll cost as much as one.
func TestReaderSharesPolls(t *testing.T) {
	t.Parallel()
	const polls, apart = 20, 2 * time.Second
	poll := func(notebooks, others int) *service {
		s := newService(notebooks + others)
		synctest.Test(t, func(t *testing.T) {
			r := s.reader()
			var watchers sync.WaitGroup
			for i, id := range ids(notebooks) {
				s.set(id, "CREATING")
				watchers.Go(func() {
					defer r.Watch()()
					time.Sleep(time.Duration(i) * 39 * time.Millisecond)
					last := time.Now()
					for range polls {
						time.Sleep(time.Until(last.Add(apart)))
						got, err := r.Poll(t.Context(), id, last.Add(apart/2))
						if err != nil || got.Status != StatusCreating || got.At.Before(last.Add(apart/2)) {
							t.Errorf("got %+v, %v", got, err)
						}
						last = got.At
					}
				})
			}
			watchers.Wait()
		})
		return s
	}
	if one := poll(1, 0); one.calls() != polls {
		t.Errorf("one costs %d calls, want %d", one.calls(), polls)
	}
	if fifty := poll(50, 0); fifty.calls() > polls+polls/2 {
		t.Errorf("50 cost %d calls, want at most half more than %d", fifty.calls(), polls)
	}
	if fifty := poll(50, 2000); fifty.calls() > polls+polls/2 {
		t.Errorf("50 among 2000 that are older cost %d calls, want at most half more than %d", fifty.calls(), polls)
	}
}

// A list that goes on to show notebooks as changing, or does not say what their
// status is, delays no caller for long.
func TestReaderFindsOutAListThatIsBehind(t *testing.T) {
	t.Parallel()
	for name, listed := range map[string]map[string]any{
		"it stays at CREATING": {"status": "CREATING"},
		"it has no status":     {"status": nil},
		"it says RUNNING":      {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(50)
				s.listed = listed
				r := s.reader()
				var watchers sync.WaitGroup
				began := time.Now()
				for _, id := range ids(50) {
					watchers.Go(func() {
						defer r.Watch()()
						for {
							asked := time.Now()
							got, err := r.Poll(t.Context(), id, asked)
							switch {
							case err != nil:
								t.Error(err)
								return
							case got.Status == StatusRunning && got.Listed:
								t.Error("a list has ended a wait")
								return
							case got.Status == StatusRunning:
								return
							}
							time.Sleep(2 * time.Second)
						}
					})
				}
				watchers.Wait()
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("they waited %s", took)
				}
			})
		})
	}
}

// Each workspace has a list of its own.
func TestReaderOfAWorkspace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(100)
		s.workspace = map[string]string{}
		for _, id := range ids(60)[10:] {
			s.workspace[id] = "team"
		}
		r := s.reader()
		refresh(t, r.In("team"), ids(60)[10:], 10)
		if s.lists == 0 || s.shows > 10 {
			t.Errorf("50 of the workspace took %d lists and %d reads", s.lists, s.shows)
		}
		s.lists, s.shows = 0, 0
		refresh(t, r.In(""), ids(10), 10) // of which list 0 has ten among fifty
		refresh(t, r.In("0"), ids(60)[10:20], 10)
		if s.shows != 10 {
			t.Errorf("ten that are in another workspace took %d reads", s.shows)
		}
		team := r.In("team")
		if r.In("team") != team || r.In("") != r {
			t.Error("a workspace has more than one reader")
		}
	})
}
