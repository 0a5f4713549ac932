package modelarts

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// said answers every request with the same words.
type said struct {
	status int
	body   []byte
}

func (s said) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: s.status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(s.body)), Request: req,
	}, nil
}

// every is each operation that reads an answer. A list that goes on for ever is
// left after some pages.
func every(ctx context.Context, c *Client) map[string]error {
	_, show := c.ShowNotebook(ctx, "n")
	_, create := c.CreateNotebook(ctx, NotebookCreateRequest{})
	_, image := c.ShowImage(ctx, "i")
	_, register := c.RegisterImage(ctx, ImageRegisterRequest{})
	_, save := c.CreateImage(ctx, "n", ImageSaveRequest{})
	_, cluster := c.ShowCluster(ctx, "c")
	_, feature := c.ListFeatures(ctx)
	_, lease := c.ShowLease(ctx, "n")
	_, storages := c.ListDynamicStorages(ctx, "n")
	_, mount := c.AttachDynamicStorage(ctx, "n", StorageMountRequest{})
	_, storage := c.ShowDynamicStorage(ctx, "n", "s")
	_, tags := c.ShowNotebookTags(ctx, "")
	return map[string]error{
		"ShowNotebook": show, "CreateNotebook": create, "ShowImage": image, "RegisterImage": register, "CreateImage": save,
		"ShowCluster": cluster, "ListFeatures": feature, "ShowLease": lease, "ListDynamicStorages": storages,
		"AttachDynamicStorage": mount, "ShowDynamicStorage": storage, "ShowNotebookTags": tags,
		"UpdateNotebook":        c.UpdateNotebook(ctx, "n", NotebookUpdateRequest{}),
		"DeleteNotebook":        c.DeleteNotebook(ctx, "n"),
		"ListNotebooks":         first(c.ListNotebooks(ctx, ListNotebooksQuery{})),
		"ListFlavors":           first(c.ListFlavors(ctx, ListFlavorsQuery{})),
		"ListImage":             first(c.ListImage(ctx, ListImageQuery{})),
		"ListImageGroup":        first(c.ListImageGroup(ctx, ListImageGroupQuery{})),
		"ListAuthoringClusters": first(c.ListAuthoringClusters(ctx, ListAuthoringClustersQuery{})),
	}
}

func first[T any](list iter.Seq2[T, error]) error {
	n := 0
	for _, err := range list {
		n++
		if err != nil || n > 200 {
			return err
		}
	}
	return nil
}

// Whatever an answer holds, the client neither panics nor takes it for more than
// it is, and no error repeats what may be secret.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		fullNotebook, `{"data":[` + fullNotebook + `],"total":1}`, `{"total":9223372036854775807,"data":[{}]}`,
		`{"id":"n","status":"DELETED"}`, `{"flavors":[{"id":"f","memory":"4096"}],"total":-1}`, `{"groups":[{"name":"g"}]}`,
		`{"error_code":"ModelArts.6309","error_msg":"no such instance"}`, `{"error":{"code":"IAM.1","message":"m"}}`,
		`[]`, `null`, ``, `{`, `"secret"`, `{"data":{}}`, `{"storages":[null]}`, `<html>`, "\x00\xff",
	} {
		for _, status := range []int{200, 204, 302, 400, 404, 503} {
			f.Add(status, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		c := New(&url.URL{Scheme: "https", Host: "h"}, &http.Client{
			Transport:     said{status, body},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}, func(context.Context) (string, error) { return "p", nil }, "test")
		for operation, err := range every(t.Context(), c) {
			var e *Error
			switch {
			case err == nil && status > 299:
				t.Errorf("%s: the status %d is no success", operation, status)
			case err == nil:
			case !errors.As(err, &e):
				t.Errorf("%s: %T is no *Error", operation, err)
			case status <= 299 && errors.Is(err, ErrUnreadableAnswer) && len(body) > 20 && strings.Contains(err.Error(), string(body)):
				t.Errorf("%s: the error repeats the answer: %v", operation, err)
			case errors.Is(err, ErrNotFound) && !saysGone(body):
				t.Errorf("%s: %d %q became ErrNotFound", operation, status, body)
			case operation == "CreateNotebook" && status <= 299 && !Uncertain(err):
				t.Errorf("a create that the service took counts as refused: %v", err)
			}
		}
	})
}

// saysGone says whether an answer can mean that something does not exist: in the
// service's own words, that is, in JSON and by a code or a status of its own.
func saysGone(body []byte) bool {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return false
	}
	upper := strings.ToUpper(string(body))
	for _, word := range []string{"6309", "6404", "6797", "DELETED", "UNMOUNTED", `\U`} {
		if strings.Contains(upper, word) {
			return true
		}
	}
	return false
}
