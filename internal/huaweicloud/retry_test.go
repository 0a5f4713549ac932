package huaweicloud

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// step is one attempt of a fake network.
type step struct {
	status int
	header http.Header
	body   io.Reader
	err    error
	// unconnected fails before there is a connection.
	unconnected bool
	// hang answers nothing until the attempt is given up.
	hang bool
}

// network plays steps, the last one again and again, and notes what it saw. In a
// synctest bubble it takes no time.
type network struct {
	t      *testing.T
	steps  []step
	times  []time.Time
	dates  []string
	bodies []string
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	n.t.Helper()
	now := n.steps[min(len(n.times), len(n.steps)-1)]
	n.times = append(n.times, time.Now())
	n.dates = append(n.dates, req.Header.Get("X-Sdk-Date"))
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			n.t.Error(err)
		}
		n.bodies = append(n.bodies, string(body))
	}
	if !now.unconnected {
		httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
	}
	if now.hang {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if now.err != nil {
		return nil, now.err
	}
	body := now.body
	if body == nil {
		body = strings.NewReader(fmt.Sprintf(`{"attempt":%d}`, len(n.times)))
	}
	header := now.header
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: now.status, Header: header, Body: io.NopCloser(body), Request: req}, nil
}

func (n *network) client() *http.Client {
	return newClient(Config{AccessKey: "AK", SecretKey: "SK"}, n, 90*time.Second, 4)
}

var (
	errCut     = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	errNoHost  = &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "h", IsNotFound: true}}
	errNoDNS   = &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "server misbehaving", Name: "h", IsTemporary: true}}
	errCert    = &tls.CertificateVerificationError{Err: errors.New("unknown authority")}
)

func TestRetries(t *testing.T) {
	t.Parallel()
	cut := func() io.Reader {
		return io.MultiReader(strings.NewReader(`{"id":`), failingReader{io.ErrUnexpectedEOF})
	}
	for _, test := range []struct {
		name  string
		steps []step
		read  int // attempts of a GET
		write int // attempts of a POST
	}{
		{"success", []step{{status: 200}}, 1, 1},
		{"refusal", []step{{status: 400}}, 1, 1},
		{"not found", []step{{status: 404}}, 1, 1},
		{"unauthorized once", []step{{status: 401}, {status: 200}}, 2, 2},
		{"unauthorized for good", []step{{status: 401}}, 2, 2},
		{"redirect", []step{{status: 302, header: http.Header{"Location": {"https://elsewhere.example/"}}}}, 1, 1},
		{"throttled once", []step{{status: 429}, {status: 200}}, 2, 2},
		{"timed out in the service", []step{{status: 408}, {status: 200}}, 2, 1},
		{"failed once", []step{{status: 500}, {status: 200}}, 2, 1},
		{"failed for good", []step{{status: 502}}, 5, 1},
		{"cut", []step{{err: errCut}, {status: 200}}, 2, 1},
		{"cut for good", []step{{err: errCut}}, 5, 1},
		{"closed without a word", []step{{err: io.EOF}, {status: 200}}, 2, 1},
		{"answer cut", []step{{status: 200, body: cut()}, {status: 200}}, 2, 1},
		{"no answer in time", []step{{hang: true}, {status: 200}}, 2, 1},
		{"refused connection once", []step{{err: errRefused, unconnected: true}, {status: 200}}, 2, 2},
		{"refused connection for good", []step{{err: errRefused, unconnected: true}}, 3, 3},
		{"no connection in time", []step{{hang: true, unconnected: true}, {status: 200}}, 2, 2},
		{"name server fails once", []step{{err: errNoDNS, unconnected: true}, {status: 200}}, 2, 2},
		{"no such host", []step{{err: errNoHost, unconnected: true}, {status: 200}}, 1, 1},
		{"untrusted certificate", []step{{err: errCert, unconnected: true}, {status: 200}}, 1, 1},
		{"handshake broken off", []step{{err: io.EOF, unconnected: true}, {status: 200}}, 2, 2},
		{"throttled, then cut", []step{{status: 429}, {err: errCut}, {status: 200}}, 3, 2},
		{"refused connection, then cut", []step{{err: errRefused, unconnected: true}, {err: errCut}, {status: 200}}, 3, 2},
	} {
		for method, want := range map[string]int{
			"GET": test.read, "HEAD": test.read, "POST": test.write, "PUT": test.write, "PATCH": test.write, "DELETE": test.write,
		} {
			t.Run(test.name+" "+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					n := &network{t: t, steps: slices.Clone(test.steps)}
					for i := range n.steps {
						if n.steps[i].body != nil {
							n.steps[i].body = cut() // each run reads its own
						}
					}
					req, _ := http.NewRequestWithContext(t.Context(), method, "https://h.example/x", strings.NewReader("body"))
					resp, err := n.client().Do(req)
					if len(n.times) != want {
						t.Errorf("%d attempts, want %d", len(n.times), want)
					}
					for _, body := range n.bodies {
						if body != "body" {
							t.Errorf("body %q", body)
						}
					}
					last := n.steps[min(len(n.times), len(n.steps))-1]
					switch {
					case last.status != 0 && (err != nil || resp.StatusCode != last.status):
						t.Errorf("the last answer was %d, got %v %v", last.status, resp, err)
					case last.status == 0 && last.err != nil && !errors.Is(err, last.err):
						t.Errorf("the last error was %v, got %v", last.err, err)
					case errors.Is(err, context.DeadlineExceeded):
						t.Errorf("the time-out of an attempt looks like the caller's: %v", err)
					}
				})
			})
		}
	}
}

// TestLastAnswer holds that the last answer reaches the caller whole, and not an
// error that counts attempts.
func TestLastAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &network{t: t, steps: []step{{status: 503}}}
		resp, err := n.client().Get("https://h.example/x")
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != `{"attempt":5}` {
			t.Errorf("got %s %v", body, err)
		}
	})
}

// TestCutWriteKeepsItsStatus holds that a write whose answer breaks off is still
// known to have worked.
func TestCutWriteKeepsItsStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := io.MultiReader(strings.NewReader(`{"id":`), failingReader{io.ErrUnexpectedEOF})
		n := &network{t: t, steps: []step{{status: 201, body: body}}}
		resp, err := n.client().Post("https://h.example/x", "application/json", strings.NewReader("{}"))
		if err != nil || resp.StatusCode != 201 {
			t.Fatal(resp, err)
		}
		if got, err := io.ReadAll(resp.Body); string(got) != `{"id":` || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %q %v", got, err)
		}
	})
}

func TestEachAttemptIsSignedAfresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &network{t: t, steps: []step{{status: 429, header: http.Header{"Retry-After": {"1200"}}}, {status: 200}}}
		get(t, n.client(), "https://h.example/x")
		for i, date := range n.dates {
			if want := n.times[i].UTC().Format(sdkDate); date != want {
				t.Errorf("attempt %d is dated %s, want %s", i+1, date, want)
			}
		}
	})
}

func TestWaits(t *testing.T) {
	t.Parallel()
	const paced = time.Second / first // the pause that one refusal leaves
	for _, test := range []struct {
		name        string
		header      func(now time.Time) string
		least, most time.Duration
	}{
		{"seconds", func(time.Time) string { return "7" }, 7 * time.Second, 7 * time.Second},
		{"zero", func(time.Time) string { return "0" }, 0, paced},
		{"date", func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second, 9 * time.Second},
		{"date gone by", func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0, paced},
		{"nothing", func(time.Time) string { return "" }, paced, paced},
		{"nonsense", func(time.Time) string { return "-1" }, paced, paced},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				header := http.Header{"Retry-After": {test.header(time.Now())}}
				n := &network{t: t, steps: []step{{status: 429, header: header}, {status: 200}}}
				get(t, n.client(), "https://h.example/x")
				if wait := n.times[1].Sub(n.times[0]); wait < test.least || wait > test.most {
					t.Errorf("waited %s", wait)
				}
			})
		})
	}
}

func TestBackoffGrows(t *testing.T) {
	t.Parallel()
	for attempt, want := range []time.Duration{minWait, 2 * minWait, 4 * minWait, 8 * minWait, 16 * minWait, maxWait, maxWait} {
		for range 100 {
			if wait := backoff(minWait, maxWait, attempt, nil); wait < want/2 || wait > want {
				t.Fatalf("attempt %d: %s", attempt, wait)
			}
		}
	}
	if wait := backoff(minWait, maxWait, 1000, nil); wait < maxWait/2 || wait > maxWait {
		t.Errorf("attempt 1000: %s", wait)
	}
}

func TestCancelEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(3*time.Second, cancel)
		n := &network{t: t, steps: []step{{status: 429, header: http.Header{"Retry-After": {"60"}}}}}
		req, _ := http.NewRequestWithContext(ctx, "GET", "https://h.example/x", http.NoBody)
		_, err := n.client().Do(req)
		if !errors.Is(err, context.Canceled) || len(n.times) != 1 || time.Since(begin) != 3*time.Second {
			t.Errorf("got %v after %d attempts and %s", err, len(n.times), time.Since(begin))
		}
	})
}

func TestCancelEndsTheAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		n := &network{t: t, steps: []step{{hang: true}}}
		req, _ := http.NewRequestWithContext(ctx, "GET", "https://h.example/x", http.NoBody)
		_, err := n.client().Do(req)
		if !errors.Is(err, context.DeadlineExceeded) || len(n.times) != 1 || time.Since(begin) != 3*time.Second {
			t.Errorf("got %v after %d attempts and %s", err, len(n.times), time.Since(begin))
		}
	})
}

func TestAttemptHasATimeLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		n := &network{t: t, steps: []step{{hang: true}}}
		_, err := n.client().Post("https://h.example/x", "application/json", nil)
		if err == nil || errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != 90*time.Second {
			t.Errorf("got %v after %s", err, time.Since(begin))
		}
	})
}

// TestTimeoutsOfTheNetwork holds that the time-outs of dialling and of headers,
// which claim to be context.DeadlineExceeded, do not look like the caller's.
func TestTimeoutsOfTheNetwork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		timeout := &net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}
		n := &network{t: t, steps: []step{{err: timeout, unconnected: true}}}
		_, err := n.client().Get("https://h.example/x")
		if err == nil || errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), timeout.Error()) || len(n.times) != 3 {
			t.Errorf("got %v after %d attempts", err, len(n.times))
		}
	})
}

func TestNoRetries(t *testing.T) {
	t.Parallel()
	for _, now := range []step{{status: 503}, {status: 429}, {err: errCut}, {err: errRefused, unconnected: true}} {
		n := &network{t: t, steps: []step{now}}
		resp, err := newClient(Config{AccessKey: "AK", SecretKey: "SK"}, n, time.Minute, 0).Get("https://h.example/x")
		if len(n.times) != 1 || (err == nil) != (now.err == nil) || err == nil && resp.StatusCode != now.status {
			t.Errorf("got %v %v after %d attempts", resp, err, len(n.times))
		}
	}
}

// FuzzRetryAfter holds that no header makes a negative wait, and that seconds
// are taken to the second.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{
		"", "0", "120", "-1", "1e9", "99999999999999999999", " 5 ", "Fri, 31 Dec 1999 23:59:59 GMT",
		"Friday, 31-Dec-99 23:59:59 GMT", "Fri Dec 31 23:59:59 1999", "Fri, 31 Dec 9999 23:59:59 GMT",
	} {
		f.Add(value, uint16(120))
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, value string, seconds uint16) {
		if wait, ok := retryAfter(http.Header{"Retry-After": {value}}, now); wait < 0 || !ok && wait != 0 {
			t.Errorf("%q: %s %v", value, wait, ok)
		}
		want := time.Duration(seconds) * time.Second
		if wait, ok := retryAfter(http.Header{"Retry-After": {fmt.Sprint(seconds)}}, now); wait != want || !ok {
			t.Errorf("%d: %s %v", seconds, wait, ok)
		}
	})
}
