package huaweicloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
)

// retryAfters are headers, with what they ask for.
var retryAfters = []struct {
	name  string
	value func() string
	asks  time.Duration
}{
	{"none", func() string { return "" }, 0},
	{"0", func() string { return "0" }, 0},
	{"1", func() string { return "1" }, time.Second},
	{"30", func() string { return "30" }, 30 * time.Second},
	{"3600", func() string { return "3600" }, time.Hour},
	{"86400", func() string { return "86400" }, 24 * time.Hour},
	{"a date", func() string { return time.Now().Add(time.Hour).UTC().Format(http.TimeFormat) }, time.Hour},
	{"a date gone by", func() string { return time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0},
	{"nonsense", func() string { return "soon" }, 0},
	{"negative", func() string { return "-3600" }, 0},
	{"too large", func() string { return "99999999999999999999" }, 0},
}

// operations are the kinds of calls, each with the deadlines that it may have; zero:
// none, as in a data source.
var operations = []struct {
	name, method string
	unbroken     bool
	deadlines    []time.Duration
}{
	{"read", http.MethodGet, false, []time.Duration{time.Second, 10 * time.Second, 5 * time.Minute}},
	{"list in a data source", http.MethodGet, false, []time.Duration{0}},
	{"create", http.MethodPost, true, []time.Duration{10 * time.Second, time.Minute, 30 * time.Minute}},
	{"update", http.MethodPut, false, []time.Duration{10 * time.Second, time.Minute, time.Hour}},
	{"delete", http.MethodDelete, false, []time.Duration{10 * time.Second, time.Minute, 30 * time.Minute}},
}

// eachCall runs a test for each header, operation and deadline.
func eachCall(t *testing.T, test func(t *testing.T, header http.Header, asks, deadline time.Duration, send func(*http.Client) (*http.Response, error))) {
	for _, header := range retryAfters {
		for _, op := range operations {
			for _, deadline := range op.deadlines {
				t.Run(fmt.Sprintf("%s/%s/%s", header.name, op.name, deadline), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						ctx, cancel := context.WithCancel(t.Context())
						if deadline > 0 {
							ctx, cancel = context.WithTimeout(t.Context(), deadline)
						}
						defer cancel()
						h := http.Header{}
						if value := header.value(); value != "" {
							h.Set("Retry-After", value)
						}
						test(t, h, header.asks, deadline, func(client *http.Client) (*http.Response, error) {
							if op.unbroken {
								unbroken, cancel := hold.Unbroken(ctx, time.Minute)
								defer cancel()
								ctx = unbroken
							}
							req, _ := http.NewRequestWithContext(ctx, op.method, "https://h.example/x", http.NoBody)
							return client.Do(req)
						})
					})
				})
			}
		}
	}
}

// One refusal costs what it asks for, half a minute at most, and no call its time.
func TestOneRetryAfterCostsLittle(t *testing.T) {
	t.Parallel()
	eachCall(t, func(t *testing.T, header http.Header, asks, deadline time.Duration, send func(*http.Client) (*http.Response, error)) {
		n := &network{t: t, steps: []step{{status: 429, header: header}, {status: 200}}}
		began := time.Now()
		resp, err := send(n.client())
		took := time.Since(began)
		if deadline == time.Second { // there is no time for a second attempt
			if err != nil || resp.StatusCode != 429 || took != 0 {
				t.Errorf("got %v %v after %s", resp, err, took)
			}
			return
		}
		if err != nil || resp.StatusCode != 200 || len(n.times) != 2 {
			t.Fatalf("got %v %v after %d attempts", resp, err, len(n.times))
		}
		least := min(asks, 30*time.Second)
		if deadline > 0 && least > deadline-time.Second {
			least = deadline / 2
		}
		if took < least || took > least+time.Second {
			t.Errorf("it took %s, want %s", took, least)
		}
	})
}

// A service that refuses for good is asked for as long as the call may take, not
// too often, and the refusal is what the caller sees.
func TestRefusedUntilTheTimeIsUp(t *testing.T) {
	t.Parallel()
	eachCall(t, func(t *testing.T, header http.Header, asks, deadline time.Duration, send func(*http.Client) (*http.Response, error)) {
		n := &network{t: t, steps: []step{{status: 429, header: header}}}
		began := time.Now()
		resp, err := send(n.client())
		took := time.Since(began)
		if err != nil || resp.StatusCode != 429 || resp.Header.Get("Retry-After") != header.Get("Retry-After") {
			t.Errorf("got %v %v", resp, err)
		}
		if deadline == 0 {
			deadline = patient
		}
		if took > deadline || took < deadline-2*time.Second {
			t.Errorf("it took %s of %s", took, deadline)
		}
		most := 12 + int(deadline/(15*time.Second))
		if asks == time.Second {
			most = 5 + int(deadline/time.Second) // what it asks for
		}
		if asks > 30*time.Second {
			most = 24 // doubling pauses, pauses of five minutes, and halves of what is left
		}
		if len(n.times) > most {
			t.Errorf("%d attempts in %s, want %d at most", len(n.times), took, most)
		}
	})
}

// A window of five minutes, which the service may tell or not, is waited through.
func TestThrottledForFiveMinutes(t *testing.T) {
	t.Parallel()
	for _, tells := range []string{"what is left", "an hour", "nothing"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
			t.Run(tells+" "+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					began := time.Now()
					n := windowed(func() (http.Header, bool) {
						left := 5*time.Minute - time.Since(began)
						h := http.Header{}
						switch tells {
						case "what is left":
							h.Set("Retry-After", fmt.Sprint(int(left.Seconds())+1))
						case "an hour":
							h.Set("Retry-After", "3600")
						}
						return h, left > 0
					})
					ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
					defer cancel()
					unbroken, cancel := hold.Unbroken(ctx, time.Minute)
					defer cancel()
					req, _ := http.NewRequestWithContext(unbroken, method, "https://h.example/x", http.NoBody)
					resp, err := newClient(Config{AccessKey: "AK", SecretKey: "SK"}, n, 90*time.Second, 4).Do(req)
					if took := time.Since(began); err != nil || resp.StatusCode != 200 || took > 8*time.Minute {
						t.Errorf("got %v %v after %s", resp, err, took)
					}
				})
			})
		}
	}
}

// windowed is a service that refuses while a function says so.
type windowed func() (http.Header, bool)

func (w windowed) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(50 * time.Millisecond)
	status := http.StatusOK
	header, refuses := w()
	if refuses {
		status = http.StatusTooManyRequests
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader("{}")), Request: req}, nil
}

// One operation that is refused again and again does not stop the others: they
// wait for half a minute at most, and get through most of the time.
func TestOneRefusedOperationStopsNoOther(t *testing.T) {
	t.Parallel()
	for _, retryAfter := range []string{"", "1", "10", "30", "60", "3600"} {
		t.Run(retryAfter, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newClient(Config{AccessKey: "AK", SecretKey: "SK"}, perMethod(retryAfter), 90*time.Second, 4)
				ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
				defer cancel()
				for range 5 {
					go func() {
						req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "https://h.example/x", http.NoBody)
						if resp, err := client.Do(req); err == nil {
							_ = resp.Body.Close()
						}
					}()
				}
				time.Sleep(time.Second)
				var reads int
				var longest time.Duration
				for began := time.Now(); time.Since(began) < 10*time.Minute; reads++ {
					asked := time.Now()
					get(t, client, "https://h.example/x")
					longest = max(longest, time.Since(asked))
					time.Sleep(2 * time.Second)
				}
				if longest > 45*time.Second || reads < 100 {
					t.Errorf("%d reads in ten minutes, the longest took %s", reads, longest)
				}
				cancel()
				synctest.Wait()
			})
		})
	}
}

// perMethod refuses each POST, with this Retry-After.
type perMethod string

func (p perMethod) RoundTrip(req *http.Request) (*http.Response, error) {
	return windowed(func() (http.Header, bool) {
		h := http.Header{}
		if p != "" && req.Method == http.MethodPost {
			h.Set("Retry-After", string(p))
		}
		return h, req.Method == http.MethodPost
	}).RoundTrip(req)
}

// A call that comes while all wait, and has less time than that, is sent all the
// same.
func TestShortCallsAreSentWhileAllWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := &network{t: t, steps: []step{{status: 429, header: http.Header{"Retry-After": {"3600"}}}, {status: 200}}}
		client := n.client()
		go func() {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://h.example/x", http.NoBody)
			if resp, err := client.Do(req); err == nil {
				_ = resp.Body.Close()
			}
		}()
		time.Sleep(time.Second)
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://h.example/x", http.NoBody)
		resp, err := client.Do(req)
		if took := time.Since(began); err != nil || resp.StatusCode != 200 || took != 10*time.Second {
			t.Errorf("got %v %v after %s", resp, err, took)
		}
		time.Sleep(time.Minute)
	})
}

// A call that is given up while it is held back has not been sent, and says why:
// by its own refusal, or by that of another call.
func TestHeldBackSaysWhy(t *testing.T) {
	t.Parallel()
	for _, unbroken := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := &limited{rate: 1, retryAfter: "30", code: "Service.1"}
			client := l.client()
			get(t, client, "https://h.example/x")
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error, 2)
			for range 2 {
				go func() {
					ctx := ctx
					if unbroken {
						sent, cancel := hold.Unbroken(ctx, time.Minute)
						defer cancel()
						ctx = sent
					}
					req, _ := http.NewRequestWithContext(ctx, http.MethodPost, "https://h.example/x", http.NoBody)
					_, err := client.Do(req) //nolint:bodyclose // there is none
					failed <- err
				}()
				time.Sleep(time.Second)
			}
			began := time.Now()
			cancel()
			for range 2 {
				err := <-failed
				var held *apierror.HeldBackError
				if !errors.As(err, &held) || !errors.Is(err, context.Canceled) || !errors.Is(err, apierror.ErrNotSent) {
					t.Fatalf("got %v", err)
				}
				if want := "because the service refuses requests: Service.1: busy (HTTP 400, Retry-After: 30)"; !strings.Contains(held.Error(), want) {
					t.Errorf("got %q, want %q", held, want)
				}
			}
			if took := time.Since(began); took != 0 {
				t.Errorf("the cancel took %s", took)
			}
		})
	}
}

// A service that is unavailable is believed no longer than one that refuses.
func TestUnavailableWithRetryAfter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		header   string
		deadline time.Duration
		wait     time.Duration
	}{{"7", 0, 7 * time.Second}, {"3600", 0, 30 * time.Second}, {"3600", 10 * time.Second, 5 * time.Second}, {"0", 0, 0}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			if test.deadline > 0 {
				ctx, cancel = context.WithTimeout(t.Context(), test.deadline)
			}
			defer cancel()
			n := &network{t: t, steps: []step{{status: 503, header: http.Header{"Retry-After": {test.header}}}, {status: 200}}}
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://h.example/x", http.NoBody)
			began := time.Now()
			resp, err := n.client().Do(req)
			if took := time.Since(began); err != nil || resp.StatusCode != 200 || took != test.wait {
				t.Errorf("%s: got %v %v after %s", test.header, resp, err, took)
			}
		})
	}
}

// A date is one of the service's clock.
func TestRetryAfterByTheServicesClock(t *testing.T) {
	t.Parallel()
	theirs := time.Date(2026, 1, 1, 5, 0, 0, 0, time.UTC)
	header := http.Header{"Date": {theirs.Format(http.TimeFormat)}, "Retry-After": {theirs.Add(20 * time.Second).Format(http.TimeFormat)}}
	if wait, asked := retryAfter(header, theirs.Add(-3*time.Hour)); wait != 20*time.Second || !asked {
		t.Errorf("got %s %v", wait, asked)
	}
}
