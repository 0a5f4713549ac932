package huaweicloud

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	sdkrequest "github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"
)

// authenticator adds the credentials of its call to each request that passes: a
// token, or a signature made with a key pair.
type authenticator struct{ next http.RoundTripper }

// RoundTrip sends an authenticated copy of the request.
func (a *authenticator) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	credentials := callOf(req.Context()).credentials
	switch {
	case credentials.AuthToken != "":
		req.Header.Set("X-Auth-Token", credentials.AuthToken)
		return a.next.RoundTrip(req)
	case credentials.AccessKey == "": // what gets a token with a password
		return a.next.RoundTrip(req)
	case credentials.SecurityToken != "":
		req.Header.Set("X-Security-Token", credentials.SecurityToken)
	}
	if err := sign(req, credentials); err != nil {
		return nil, fmt.Errorf("signing the request: %w", err)
	}
	return a.next.RoundTrip(req)
}

// sign sets X-Sdk-Date and Authorization. It hands the vendor's signer exactly
// what goes over the wire:
//
//   - the path decoded, since the signer encodes each segment itself;
//   - the query as lists of values, wrapped the way its own clients do;
//   - the body as a string: any other value it would encode as JSON a second
//     time;
//   - Host, and the headers that begin with X-, the token of a temporary key
//     among them. The others do not change what a request does, and proxies
//     rewrite some of them; Content-Type the signer leaves out in any case.
func sign(req *http.Request, credentials Credentials) error {
	body, err := takeBody(req)
	if err != nil {
		return err
	}
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	builder := sdkrequest.NewHttpRequestBuilder().
		WithEndpoint(req.URL.Scheme+"://"+host).
		WithMethod(req.Method).
		WithPath(req.URL.Path).
		WithBody("", string(body)).
		AddHeaderParam(signer.HeaderHost, host)
	for name, values := range req.URL.Query() {
		builder.AddQueryParam(name, reflect.ValueOf(values))
	}
	for name, values := range req.Header {
		if strings.HasPrefix(name, "X-") && len(values) == 1 {
			builder.AddHeaderParam(name, values[0])
		}
	}
	headers, err := signer.Sign(builder.Build(), credentials.AccessKey, credentials.SecretKey)
	if err != nil {
		return err
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	return nil
}

// takeBody returns the whole body and leaves an equal one in its place.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer req.Body.Close()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.ContentLength = int64(len(body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, err = req.GetBody()
	return body, err
}
