package modelarts

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

// sentinels are all that a caller can ask for.
var sentinels = []error{
	ErrNotFound, ErrConflict, ErrNotChangeable, ErrWrongState, ErrStopFirst, ErrNotRunning, ErrNotReady, ErrThrottled, ErrUnreadableAnswer,
}

func TestClasses(t *testing.T) {
	t.Parallel()
	const html = "<html>404</html>"
	service := func(code string) string { return fmt.Sprintf(`{"error_code":%q,"error_msg":"x"}`, code) }
	for _, test := range []struct {
		status    int
		body      string
		image     bool // the operation is ShowImage, not ShowNotebook
		is        []error
		transient bool
		uncertain bool
	}{
		// Not found, and what looks like it.
		{status: 404, body: service("ModelArts.6309"), is: []error{ErrNotFound}},
		{status: 400, body: service("ModelArts.6309"), is: []error{ErrNotFound}},
		{status: 400, body: service("ModelArts.6404"), is: []error{ErrNotFound}},
		{status: 500, body: service("ModelArts.6309"), is: []error{ErrNotFound}},
		{status: 404, body: service(""), transient: true},
		{status: 404, body: `{}`, transient: true},
		{status: 404, body: service("Proxy.404"), transient: true},
		{status: 404, body: `{"error":"gone"}`, transient: true},
		{status: 404, body: service("ModelArts.9999")},
		{status: 404, body: service("ModelArts.6371")},
		{status: 404, body: service("ModelArts.6772")},
		{status: 404, body: service("ModelArts.6357"), is: []error{ErrConflict}},
		{status: 404, body: service("ModelArts.0210")},
		{status: 404, body: service("APIG.0101")},
		{status: 404, body: html, transient: true},
		{status: 404, body: "404 page not found", transient: true},
		{status: 404, body: "", transient: true},
		{status: 404, body: `{"error_code":"ModelArts.63`, transient: true},
		{status: 404, body: service("ModelArts.6797")},
		{status: 404, body: service("ModelArts.6797"), image: true, is: []error{ErrNotFound}},
		{status: 400, body: service("ModelArts.6797"), image: true, is: []error{ErrNotFound}},
		{status: 400, body: service("ModelArts.6404"), image: true, is: []error{ErrNotFound}},
		{status: 403, body: service("ModelArts.0108")},
		{status: 401, body: service("APIG.0301")},

		// The state of the instance.
		{status: 400, body: service("ModelArts.6357"), is: []error{ErrConflict}},
		{status: 400, body: service("ModelArts.6305"), is: []error{ErrConflict, ErrWrongState}},
		{status: 400, body: service("ModelArts.6308"), is: []error{ErrConflict, ErrWrongState}},
		{status: 400, body: service("ModelArts.6347"), is: []error{ErrNotChangeable, ErrWrongState}},
		{status: 400, body: service("ModelArts.6304"), is: []error{ErrStopFirst}},
		{status: 400, body: service("ModelArts.6327"), is: []error{ErrNotRunning, ErrWrongState}},
		{status: 400, body: service("ModelArts.6958"), is: []error{ErrNotRunning, ErrWrongState}},
		{status: 400, body: service("ModelArts.6355"), is: []error{ErrNotReady}, transient: true},
		{status: 400, body: service("ModelArts.6333"), is: []error{ErrNotReady}, transient: true},

		// Later.
		{status: 429, body: service("ModelArts.6101"), is: []error{ErrThrottled}, transient: true},
		{status: 400, body: service("ModelArts.6101"), is: []error{ErrThrottled}, transient: true},
		{status: 429, body: service("APIG.0308"), is: []error{ErrThrottled}, transient: true},
		{status: 429, body: "", is: []error{ErrThrottled}, transient: true},
		{status: 408, body: service("ModelArts.6100"), transient: true, uncertain: true},
		{status: 400, body: service("ModelArts.6102"), transient: true, uncertain: true},
		{status: 400, body: service("ModelArts.6361"), transient: true, uncertain: true},
		{status: 500, body: service("ModelArts.0010"), transient: true, uncertain: true},
		{status: 500, body: "", transient: true, uncertain: true},
		{status: 502, body: html, transient: true, uncertain: true},
		{status: 504, body: service("APIG.0201"), transient: true, uncertain: true},

		// The code knows better than the status.
		{status: 500, body: service("ModelArts.6200")},
		{status: 500, body: service("ModelArts.6357"), is: []error{ErrConflict}},
		{status: 400, body: service("ModelArts.6716")},
		{status: 302, body: ""},
	} {
		t.Run(fmt.Sprintf("%d %s", test.status, test.body), func(t *testing.T) {
			t.Parallel()
			client := answering(t, test.status, test.body)
			client.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			_, err := client.ShowNotebook(t.Context(), notebookID)
			if test.image {
				_, err = client.ShowImage(t.Context(), imageID)
			}
			for _, sentinel := range sentinels {
				if got := errors.Is(err, sentinel); got != slices.Contains(test.is, sentinel) {
					t.Errorf("errors.Is(%v, %v) is %v", err, sentinel, got)
				}
			}
			if got := Transient(err); got != test.transient {
				t.Errorf("Transient(%v) is %v", err, got)
			}
			if got := Uncertain(err); got != test.uncertain {
				t.Errorf("Uncertain(%v) is %v", err, got)
			}
		})
	}
}

// TestNothingToMiss holds that an operation which is not about one object never
// says that it does not exist.
func TestNothingToMiss(t *testing.T) {
	t.Parallel()
	for name, operation := range operations {
		if !subjectless[name] {
			continue
		}
		client := answering(t, http.StatusNotFound, `{"error_code":"ModelArts.6404"}`)
		if err := operation.call(t.Context(), client); err == nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range subjectless {
		if _, ok := operations[name]; !ok {
			t.Errorf("%s is no operation", name)
		}
	}
}

func TestWrappedErrors(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("reading: %w", &Error{Status: 404, Code: "ModelArts.6309"})
	if !errors.Is(err, ErrNotFound) {
		t.Error("a wrapped error has lost its meaning")
	}
	if !Transient(fmt.Errorf("reading: %w", &Error{Status: 503})) || Transient(errors.New("other")) || Transient(nil) {
		t.Error("Transient")
	}
	if Transient(&NoAnswerError{Err: context.Canceled}) || Uncertain(nil) || Uncertain(errors.New("other")) {
		t.Error("Uncertain")
	}
}

// A request that was held back is not sent, so nothing has happened; its error says
// why, and which header was given.
func TestHeldBackByARefusal(t *testing.T) {
	t.Parallel()
	held := &apierror.HeldBackError{Status: 429, Details: apierror.Details{Code: "ModelArts.6101", Message: "busy", RetryAfter: "3600"}, Err: context.DeadlineExceeded}
	client := New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{Transport: failing{held}}, func(context.Context) (string, error) { return "p", nil }, "test")
	_, err := client.CreateNotebook(t.Context(), NotebookCreateRequest{})
	if !errors.Is(err, ErrThrottled) || !errors.Is(err, context.DeadlineExceeded) || Uncertain(err) || Transient(err) {
		t.Errorf("got %v", err)
	}
	want := "CreateNotebook: not sent in time, because the service refuses requests: ModelArts.6101: busy (HTTP 429, Retry-After: 3600)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if errors.Is(&NoAnswerError{Err: context.Canceled}, ErrThrottled) {
		t.Error("another request was held back")
	}
}

// failing is a network that fails.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// An error names the Retry-After of its answer.
func TestRetryAfterInErrors(t *testing.T) {
	t.Parallel()
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	if _, err := client.ShowNotebook(t.Context(), notebookID); err == nil || !strings.Contains(err.Error(), "(HTTP 429, Retry-After: 86400)") {
		t.Errorf("got %v", err)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for status, want := range map[Status]Kind{
		StatusInit: Pending, StatusCreating: Pending, StatusStarting: Pending, StatusStopping: Pending,
		StatusSnapshotting: Pending, StatusDeleting: Pending, StatusRunning: Settled, StatusStopped: Settled,
		StatusFrozen: Settled, StatusCreateFailed: Failed, StatusStartFailed: Failed, StatusDeleteFailed: Failed,
		StatusError: Failed, StatusDeleted: Gone, "REBOOTING": Pending, "": Pending,
	} {
		if got := status.Kind(); got != want {
			t.Errorf("%s is %s, want %s", status, got, want)
		}
	}
	for status, want := range map[ImageStatus]Kind{
		ImageInit: Pending, ImageCreating: Pending, ImageActive: Settled, ImageCreateFailed: Failed,
		ImageError: Failed, ImageDeleted: Gone,
	} {
		if got := status.Kind(); got != want {
			t.Errorf("%s is %s, want %s", status, got, want)
		}
	}
	for status, want := range map[StorageStatus]Kind{
		StorageMounting: Pending, StorageMounted: Settled, StorageMountFailed: Failed,
		StorageUnmounting: Pending, StorageUnmountFailed: Failed, StorageUnmounted: Gone,
	} {
		if got := status.Kind(); got != want {
			t.Errorf("%s is %s, want %s", status, got, want)
		}
	}
	for status, want := range map[VolumeStatus]bool{
		VolumeResizing: true, "INITIALIZING": true, "DELETING": true, "IN_USE": false, "": false,
	} {
		if got := status.Pending(); got != want {
			t.Errorf("volume status %q pending is %v", status, got)
		}
	}
}

// A request that was held back for want of credentials has had no effect, though
// there was a connection to where they come from; and where none are to be had,
// another try is of no use.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	for stays, err := range map[bool]error{
		false: apierror.NotSent(errors.New("IAM is down")),
		true:  apierror.NotSent(fmt.Errorf("%w: a wrong password", apierror.ErrNoCredentials)),
	} {
		c := New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{Transport: connecting{err}}, func(context.Context) (string, error) { return "p", nil }, "ua")
		_, got := c.CreateNotebook(t.Context(), NotebookCreateRequest{})
		if got == nil || Uncertain(got) || Transient(got) == stays {
			t.Errorf("%v: uncertain: %t, transient: %t", got, Uncertain(got), Transient(got))
		}
	}
}

// connecting fails once there is a connection.
type connecting struct{ err error }

func (c connecting) RoundTrip(req *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(req.Context()).GotConn(httptrace.GotConnInfo{})
	return nil, c.err
}

// A refusal as invalid doubts the field that only the newest model has, where the
// request held it.
func TestDoubtedField(t *testing.T) {
	t.Parallel()
	network := &PublicNetworkConfig{PublicNetworkType: to("SHARED")}
	for name, test := range map[string]struct {
		status  int
		code    string
		sent    *PublicNetworkConfig
		doubted bool
	}{
		"refused as invalid":  {400, "ModelArts.6400", network, true},
		"refused without it":  {400, "ModelArts.6400", nil, false},
		"refused otherwise":   {400, "ModelArts.6335", network, false},
		"the service is down": {500, "ModelArts.0010", network, false},
	} {
		client := answering(t, test.status, fmt.Sprintf(`{"error_code":%q,"error_msg":"x"}`, test.code))
		_, created := client.CreateNotebook(t.Context(), NotebookCreateRequest{PublicNetworkConfig: test.sent})
		updated := client.UpdateNotebook(t.Context(), "id", NotebookUpdateRequest{PublicNetworkConfig: test.sent})
		for _, err := range []error{created, updated} {
			var doubted *DoubtedFieldError
			var refused *Error
			if errors.As(err, &doubted) != test.doubted || !errors.As(err, &refused) || refused.Code != test.code || err.Error() != refused.Error() {
				t.Errorf("%s: %#v", name, err)
			}
			if test.doubted && doubted.Field != "public_network_config" {
				t.Errorf("%s: doubts %q", name, doubted.Field)
			}
		}
	}
	if err := doubtNetwork(nil, network); err != nil {
		t.Error(err)
	}
}
