package huaweicloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// issuer is a source whose keys have the number of their issue for a name.
type issuer struct {
	issued atomic.Int64
	life   time.Duration
	takes  time.Duration
	err    error
}

func (i *issuer) credentials(context.Context) (Credentials, error) {
	time.Sleep(i.takes)
	n := i.issued.Add(1)
	if i.err != nil {
		return Credentials{}, i.err
	}
	c := Credentials{AccessKey: fmt.Sprint("AK", n), SecretKey: "SK"}
	if i.life > 0 {
		c.Expires = time.Now().Add(i.life)
	}
	return c, nil
}

// A hundred callers ask the source once, and again when a fifth of the life is
// left, or five minutes.
func TestKeeperRenewsInTime(t *testing.T) {
	t.Parallel()
	for life, renewed := range map[time.Duration]time.Duration{
		15 * time.Minute: 12 * time.Minute,
		24 * time.Hour:   24*time.Hour - 5*time.Minute,
	} {
		synctest.Test(t, func(t *testing.T) {
			from := &issuer{life: life, takes: time.Second}
			k := &keeper{source: from}
			all := func() {
				var group sync.WaitGroup
				for range 100 {
					group.Go(func() {
						if _, err := k.get(t.Context(), Credentials{}); err != nil {
							t.Error(err)
						}
					})
				}
				group.Wait()
			}
			all()
			time.Sleep(renewed - time.Second)
			all()
			if n := from.issued.Load(); n != 1 {
				t.Errorf("%s: %d issues before the time, want 1", life, n)
			}
			time.Sleep(time.Second)
			all()
			if n := from.issued.Load(); n != 2 {
				t.Errorf("%s: %d issues at the time, want 2", life, n)
			}
		})
	}
}

// What cannot be renewed is used as long as it is valid, and the source is not
// asked by every request.
func TestKeeperUsesWhatIsValid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from := &issuer{life: time.Hour}
		k := &keeper{source: from}
		first, err := k.get(t.Context(), Credentials{})
		if err != nil {
			t.Fatal(err)
		}
		from.err = errors.New("IAM is down")
		time.Sleep(56 * time.Minute)
		for range 10 {
			if got, err := k.get(t.Context(), Credentials{}); err != nil || got != first {
				t.Errorf("%v, %v while the first ones are valid", got, err)
			}
		}
		if n := from.issued.Load(); n != 2 {
			t.Errorf("the source was asked %d times, want 2", n)
		}
		time.Sleep(5 * time.Minute)
		if _, err := k.get(t.Context(), Credentials{}); err == nil {
			t.Error("credentials that have expired are no error")
		}
		from.err = nil
		time.Sleep(2 * time.Minute)
		if got, err := k.get(t.Context(), Credentials{}); err != nil || got == first {
			t.Errorf("%v, %v once IAM is back", got, err)
		}
	})
}

// A failure that stays is not tried again; one that passes is.
func TestKeeperRemembersFailures(t *testing.T) {
	t.Parallel()
	for stays, want := range map[bool]int64{true: 1, false: 10} {
		from := &issuer{err: errors.New("IAM is down")}
		if stays {
			from.err = fmt.Errorf("%w: a wrong password", apierror.ErrNoCredentials)
		}
		k := &keeper{source: from}
		for range 10 {
			if _, err := k.get(t.Context(), Credentials{}); !errors.Is(err, from.err) {
				t.Errorf("got %v", err)
			}
		}
		if n := from.issued.Load(); n != want {
			t.Errorf("stays: %t: the source was asked %d times, want %d", stays, n, want)
		}
	}
}

func TestKeeperLeavesWithItsCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from := &issuer{takes: time.Minute}
		k := &keeper{source: from}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := k.get(ctx, Credentials{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if _, err := k.get(t.Context(), Credentials{}); err != nil || from.issued.Load() != 1 {
			t.Errorf("%v after %d issues: the next caller gets what the first has begun", err, from.issued.Load())
		}
	})
}

// doorkeeper lets requests pass that are signed with an access key.
type doorkeeper struct {
	accepts atomic.Value
	passed  atomic.Int64
	refused atomic.Int64
}

func (d *doorkeeper) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.Contains(req.Header.Get("Authorization"), "Access="+d.accepts.Load().(string)+",") {
		d.passed.Add(1)
		return answer(http.StatusOK, `{}`), nil
	}
	d.refused.Add(1)
	return answer(http.StatusUnauthorized, `{"error_code":"APIG.0301","error_msg":"no"}`), nil
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// Keys that are refused although they should still live are renewed once for all
// who meet the refusal, and their requests, a POST too, are sent again.
func TestRefusedKeysAreRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		from, door := &issuer{life: time.Hour}, &doorkeeper{}
		client := layers{network: door, attemptLimit: time.Minute, maxRetries: 4, budget: new(budget)}.client(&keeper{source: from})
		post := func() int {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://h.example/x", strings.NewReader("body"))
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			return resp.StatusCode
		}
		door.accepts.Store("AK1")
		if got := post(); got != 200 {
			t.Errorf("status %d", got)
		}
		time.Sleep(2 * time.Minute)
		door.accepts.Store("AK2") // AK1 was revoked
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if got := post(); got != 200 {
					t.Errorf("status %d after the keys were revoked", got)
				}
			})
		}
		group.Wait()
		if n := from.issued.Load(); n != 2 {
			t.Errorf("%d issues, want 2", n)
		}
		// When new keys do not help, a crowd of requests does not ask for more.
		time.Sleep(2 * time.Minute)
		door.accepts.Store("none")
		for range 20 {
			if got := post(); got != 401 {
				t.Errorf("status %d", got)
			}
		}
		if n := from.issued.Load(); n != 3 {
			t.Errorf("%d issues, want 3", n)
		}
	})
}

// A request for which there are no credentials has not been sent, which matters
// to whoever asks whether a create may have worked.
func TestNoCredentialsIsNotSent(t *testing.T) {
	t.Parallel()
	from := &issuer{err: fmt.Errorf("%w: a wrong password", apierror.ErrNoCredentials)}
	door := &doorkeeper{}
	client := layers{network: door, attemptLimit: time.Minute, maxRetries: 4, budget: new(budget)}.client(&keeper{source: from})
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://h.example/x", strings.NewReader("body"))
	_, err := client.Do(req)
	if !errors.Is(err, apierror.ErrNotSent) || !errors.Is(err, apierror.ErrNoCredentials) || from.issued.Load() != 1 {
		t.Errorf("got %v after %d questions", err, from.issued.Load())
	}
	if !strings.Contains(err.Error(), "getting credentials: no credentials: a wrong password") {
		t.Errorf("got %v", err)
	}
}
