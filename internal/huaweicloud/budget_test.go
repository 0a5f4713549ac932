package huaweicloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// limited is a service that takes so many requests in a second, 50 ms away: a
// bucket of that size, or whole seconds.
type limited struct {
	mu         sync.Mutex
	rate       float64
	windows    bool // counts by whole seconds
	retryAfter string
	code       string // of a refusal that is no 429

	level   float64
	at      time.Time
	taken   []time.Time
	refused []time.Time
	early   int // requests that came before Retry-After had passed
	opens   time.Time
}

func (l *limited) RoundTrip(req *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
	arrived := time.Now()
	time.Sleep(50 * time.Millisecond)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if n := len(l.refused); l.retryAfter != "" && n > 0 && arrived.After(l.refused[n-1]) && arrived.Before(l.opens) {
		l.early++
	}
	answer := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: req}
	if l.takes(now) {
		l.taken = append(l.taken, now)
		return answer, nil
	}
	l.refused = append(l.refused, now)
	answer.StatusCode = http.StatusTooManyRequests
	if l.code != "" {
		answer.StatusCode = http.StatusBadRequest
		answer.Body = io.NopCloser(strings.NewReader(fmt.Sprintf(`{"error_code":%q,"error_msg":"busy"}`, l.code)))
	}
	if l.retryAfter != "" {
		answer.Header.Set("Retry-After", l.retryAfter)
		wait, _ := time.ParseDuration(l.retryAfter + "s")
		l.opens = now.Add(wait)
	}
	return answer, nil
}

func (l *limited) takes(now time.Time) bool {
	switch {
	case l.rate == 0:
		return true
	case l.windows:
		if second := now.Truncate(time.Second); !second.Equal(l.at) {
			l.at, l.level = second, l.rate
		}
	case l.at.IsZero():
		l.at, l.level = now, l.rate
	default:
		l.level = min(l.rate, l.level+l.rate*now.Sub(l.at).Seconds())
		l.at = now
	}
	if l.level < 1 {
		return false
	}
	l.level--
	return true
}

func (l *limited) set(rate float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rate = rate
}

func (l *limited) client() *http.Client {
	config := Config{AccessKey: "AK", SecretKey: "SK", Retry: func(code string) bool { return code == "Service.1" }}
	return newClient(config, l, 90*time.Second, 4)
}

// crowd has many callers make many calls, and fails when one of these does.
func crowd(t *testing.T, client *http.Client, callers, calls int) (took time.Duration) {
	t.Helper()
	began := time.Now()
	queue := make(chan int)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range queue {
				method := "GET"
				req, _ := http.NewRequestWithContext(t.Context(), method, "https://h.example/x", http.NoBody)
				resp, err := client.Do(req)
				if err != nil || resp.StatusCode != 200 {
					t.Errorf("got %v %v after %s", resp, err, time.Since(began))
					continue
				}
				resp.Body.Close()
			}
		})
	}
	for i := range calls {
		queue <- i
	}
	close(queue)
	group.Wait()
	return time.Since(began)
}

// All calls get through, in little more time than the limit makes inevitable,
// and few are refused on the way.
func TestBudget(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		service        *limited
		callers, calls int
		ratio          float64
		refused        float64 // part of all requests
	}{
		{"20 a second", &limited{rate: 20}, 10, 1000, 1.3, 0.06},
		{"20 a second, Retry-After", &limited{rate: 20, retryAfter: "1"}, 10, 1000, 1.3, 0.06},
		{"20 a second, by windows", &limited{rate: 20, windows: true}, 10, 1000, 1.3, 0.08},
		{"20 a second, by windows, Retry-After", &limited{rate: 20, windows: true, retryAfter: "1"}, 10, 1000, 1.4, 0.08},
		{"20 a second, by the code", &limited{rate: 20, code: "Service.1"}, 10, 1000, 1.3, 0.06},
		{"20 a second, by the gateway's code", &limited{rate: 20, code: "APIG.0308"}, 10, 1000, 1.3, 0.06},
		{"100 calls", &limited{rate: 20}, 10, 100, 1.3, 0.15},
		{"one caller", &limited{rate: 5}, 1, 200, 1.3, 0.06},
		{"2 a second", &limited{rate: 2}, 10, 100, 1.3, 0.2},
		{"100 a second", &limited{rate: 100}, 50, 5000, 1.3, 0.06},
		{"a thousand callers", &limited{rate: 20}, 1000, 1000, 1.3, 0.6},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := test.service
				took := crowd(t, l.client(), test.callers, test.calls)
				inevitable := (float64(test.calls) - l.rate) / l.rate // the first second's worth is there at once
				ratio := took.Seconds() / inevitable
				refused := float64(len(l.refused)) / float64(len(l.refused)+len(l.taken))
				t.Logf("%.2f of the inevitable %.0f s, %.1f %% refused", ratio, inevitable, 100*refused)
				if ratio > test.ratio || refused > test.refused {
					t.Errorf("want at most %.2f and %.0f %%", test.ratio, 100*test.refused)
				}
				if l.early > 0 {
					t.Errorf("%d requests were sent before Retry-After had passed", l.early)
				}
			})
		})
	}
}

// No caller sends anything while Retry-After runs.
func TestBudgetIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &limited{rate: 1, retryAfter: "7"}
		client := l.client()
		get(t, client, "https://h.example/x")
		var group sync.WaitGroup
		begin := time.Now()
		group.Go(func() { get(t, client, "https://h.example/refused") })
		time.Sleep(time.Second)
		group.Go(func() { get(t, client, "https://h.example/newcomer") })
		group.Wait()
		if next := l.taken[1].Sub(begin); l.early > 0 || next < 7*time.Second || next > 8*time.Second {
			t.Errorf("%d requests came too early, the next was taken after %s", l.early, next)
		}
	})
}

// A service that refuses for no reason of ours, once, costs little; one whose
// limit changes is followed.
func TestBudgetRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &limited{rate: 20}
		client := l.client()
		crowd(t, client, 10, 200)
		l.set(5)
		if took := crowd(t, client, 10, 100); took > 26*time.Second {
			t.Errorf("100 calls at 5 a second took %s", took)
		}
		l.set(20)
		if took := crowd(t, client, 10, 600); took > 45*time.Second {
			t.Errorf("600 calls at 20 a second again took %s", took)
		}
		l.set(0)
		if took := crowd(t, client, 10, 4000); took > 60*time.Second {
			t.Errorf("4000 calls without a limit took %s", took)
		}
		if took := crowd(t, client, 10, 400); took > 3*time.Second {
			t.Errorf("400 calls, later, took %s: the limit is remembered for ever", took)
		}
	})
}

// A call that is refused for good is handed out in the end.
func TestThrottledForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &network{t: t, steps: []step{{status: 429}}}
		begin := time.Now()
		req, _ := http.NewRequestWithContext(t.Context(), "POST", "https://h.example/x", http.NoBody)
		resp, err := n.client().Do(req)
		if err != nil || resp.StatusCode != 429 {
			t.Fatalf("got %v %v", resp, err)
		}
		if took := time.Since(begin); took < patient-2*lastCall || took > patient || len(n.times) > 40 {
			t.Errorf("it took %s and %d attempts", took, len(n.times))
		}
	})
}

// A caller that is cancelled leaves the queue at once, and the others do not wait for it.
func TestCancelEndsTheQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &limited{rate: 1, retryAfter: "30"}
		client := l.client()
		get(t, client, "https://h.example/x")
		begin := time.Now()
		var group sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		for range 20 {
			group.Go(func() {
				req, _ := http.NewRequestWithContext(ctx, "GET", "https://h.example/x", http.NoBody)
				_, err := client.Do(req)
				if !errors.Is(err, context.Canceled) || time.Since(begin) != 5*time.Second {
					t.Errorf("got %v after %s", err, time.Since(begin))
				}
			})
		}
		time.Sleep(5 * time.Second)
		cancel()
		group.Wait()
		get(t, client, "https://h.example/x")
		if took := time.Since(begin); took < 30*time.Second || took > 31*time.Second {
			t.Errorf("the next call took %s", took)
		}
	})
}
