package modelarts

import (
	"context"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"github.com/modelarts-community/terraform-provider-modelarts/api"
)

// contract is the contract for tests: unknown fields of a request, which the
// service would ignore in silence, are errors.
var contract = sync.OnceValue(func() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		panic(err)
	}
	doc.Servers = nil // the test server is not one of them
	closed := false
	for name, schema := range doc.Components.Schemas {
		if strings.HasSuffix(name, "Request") || strings.HasSuffix(name, "Req") || name == "Empty" {
			schema.Value.AdditionalProperties = openapi3.BoolSchema{Has: &closed}
		}
	}
	return doc
})

var router = sync.OnceValue(func() routers.Router {
	router, err := legacy.NewRouter(contract())
	if err != nil {
		panic(err)
	}
	return router
})

// validated answers a request after holding both to the contract, and returns
// the operationId.
func validated(t *testing.T, w http.ResponseWriter, r *http.Request, status int, answer string) string {
	t.Helper()
	route, params, err := router().FindRoute(r)
	if err != nil {
		t.Errorf("%s %s: %v", r.Method, r.URL, err)
		return ""
	}
	for name := range r.URL.Query() {
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			t.Errorf("%s has no query parameter %s", route.Operation.OperationID, name)
		}
	}
	for name, want := range map[string]string{
		"X-Project-Id": project, "X-Language": "en-us", "User-Agent": "test/1",
		"Accept": "application/json", "Content-Type": "application/json",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("header %s is %q, want %q", name, got, want)
		}
	}
	request := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
		t.Error(err)
	}
	w.Header().Set("X-Request-Id", requestHex)
	if answer != "" {
		w.Header().Set("Content-Type", "application/json")
	}
	err = openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: status, Header: w.Header(), Body: io.NopCloser(strings.NewReader(answer)),
	})
	if err != nil {
		t.Error(err)
	}
	w.WriteHeader(status)
	io.WriteString(w, answer)
	return route.Operation.OperationID
}

// serve starts a server and returns a client of it.
func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	endpoint, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return New(endpoint, server.Client(), func(context.Context) (string, error) { return project, nil }, "test/1")
}

func all[T any](list iter.Seq2[T, error]) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

func to[T any](value T) *T { return &value }
