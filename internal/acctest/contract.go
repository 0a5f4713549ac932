package acctest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/modelarts-community/terraform-provider-modelarts/api"
)

// contract is the router of the API's OpenAPI document.
var contract = sync.OnceValues(func() (routers.Router, error) {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC4122))
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // any host
	return gorillamux.NewRouter(doc)
})

// holdToContract fails the test when a request of the provider is not valid
// under the contract, or an answer of the service is not. Answers are passed
// over while faulty says that the service has been told to break them.
func holdToContract(t testing.TB, next http.Handler, faulty func() bool) http.Handler {
	t.Helper()
	router, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/v1/") && !strings.HasPrefix(r.URL.Path, "/v2/") {
			next.ServeHTTP(w, r) // IAM and the controls of the simulator
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("%s %s: reading the request: %v", r.Method, r.URL.Path, err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))

		input := &openapi3filter.RequestValidationInput{
			Request: r,
			Options: &openapi3filter.Options{
				AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
				SkipSettingDefaults: true, // they would be written into the request, which is signed
			},
		}
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Errorf("%s %s is not in the contract: %v", r.Method, r.URL.Path, err)
		} else {
			input.Route, input.PathParams = route, params
			if err := openapi3filter.ValidateRequest(context.WithoutCancel(r.Context()), input); err != nil {
				t.Errorf("%s %s: the request breaks the contract: %v\n%s", r.Method, r.URL, err, body)
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(body))

		answer := &copyingWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		if route == nil || faulty() {
			return
		}
		err = openapi3filter.ValidateResponse(context.WithoutCancel(r.Context()), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: answer.status, Header: answer.Header(),
			Body:    io.NopCloser(bytes.NewReader(answer.body.Bytes())),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		})
		if err != nil {
			t.Errorf("%s %s: the answer breaks the contract: %v\n%s", r.Method, r.URL, err, answer.body.Bytes())
		}
	})
}

// copyingWriter keeps a copy of what it passes on.
type copyingWriter struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *copyingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *copyingWriter) Write(p []byte) (int, error) {
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets the simulator reach the connection, to cut it.
func (w *copyingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
