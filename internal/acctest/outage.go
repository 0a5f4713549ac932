package acctest

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// outage is a listener that can go away for a while, so that connections are
// refused.
type outage struct {
	mu      sync.Mutex
	up      *sync.Cond
	current net.Listener // nil while down
	address net.Addr
	closed  bool
	begins  func(*http.Request, []byte) bool // what the last answer before it is; nil: none is planned
	lasts   time.Duration
}

func listen(t testing.TB) *outage {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &outage{current: l, address: l.Addr()}
	o.up = sync.NewCond(&o.mu)
	return o
}

// Accept waits for a connection, through an outage too.
func (o *outage) Accept() (net.Conn, error) {
	for {
		o.mu.Lock()
		for o.current == nil && !o.closed {
			o.up.Wait()
		}
		l := o.current
		o.mu.Unlock()
		if l == nil {
			return nil, net.ErrClosed
		}
		conn, err := l.Accept()
		if err == nil {
			return conn, nil
		}
		o.mu.Lock()
		over := o.current == l || o.closed // not an outage
		o.mu.Unlock()
		if over {
			return nil, err
		}
	}
}

// Close ends it.
func (o *outage) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.up.Broadcast()
	if o.current == nil {
		return nil
	}
	return o.current.Close()
}

// Addr stays the same through an outage.
func (o *outage) Addr() net.Addr { return o.address }

// down refuses connections for a time. The caller holds o.mu.
func (o *outage) down(d time.Duration) {
	if o.current == nil || o.closed {
		return
	}
	_ = o.current.Close() // a listener: nothing is lost
	o.current = nil
	time.AfterFunc(d, func() {
		for {
			l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", o.address.String())
			o.mu.Lock()
			if err == nil {
				o.current = l
				if o.closed {
					_ = l.Close() // no call waits for it any more
				}
				o.up.Broadcast()
			}
			o.mu.Unlock()
			if err == nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
}

// begin starts an outage that is planned for after an answer, before that answer
// goes out; the connections that are open are closed with it.
func (o *outage) begin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		begins := o.begins
		o.mu.Unlock()
		if begins == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Connection", "close") // so that the next request needs a new one
		answer := &heldWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		o.mu.Lock()
		if o.begins != nil && begins(r, answer.body.Bytes()) {
			o.begins = nil
			o.down(o.lasts)
		}
		o.mu.Unlock()
		w.WriteHeader(answer.status)
		_, _ = w.Write(answer.body.Bytes()) // the client may be gone
	})
}

// heldWriter keeps an answer back.
type heldWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *heldWriter) WriteHeader(status int)      { w.status = status }
func (w *heldWriter) Write(p []byte) (int, error) { return w.body.Write(p) }

// Refuse has the service refuse connections for a time: from the answer on that
// after recognizes or, without it, at once.
func (s *Service) Refuse(lasts time.Duration, after func(r *http.Request, answer []byte) bool) {
	s.outage.mu.Lock()
	defer s.outage.mu.Unlock()
	if after == nil {
		s.outage.down(lasts)
		return
	}
	s.outage.begins, s.outage.lasts = after, lasts
}

// AwaitConnections waits until an outage that has begun is over.
func (s *Service) AwaitConnections() {
	s.outage.mu.Lock()
	defer s.outage.mu.Unlock()
	for s.outage.current == nil && !s.outage.closed {
		s.outage.up.Wait()
	}
}
