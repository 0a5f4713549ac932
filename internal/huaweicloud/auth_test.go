package huaweicloud

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// sdkDate is how the gateway wants the time.
const sdkDate = "20060102T150405Z"

// signature is the gateway's side, written from the description of the scheme
// alone: it checks exactly the headers that the client has named.
func signature(secretKey, method, path, rawQuery string, header func(string) string, signed []string, body string) string {
	encode := func(s string) string {
		var encoded strings.Builder
		for _, b := range []byte(s) {
			if 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || strings.IndexByte("-_.~", b) >= 0 {
				encoded.WriteByte(b)
			} else {
				fmt.Fprintf(&encoded, "%%%02X", b)
			}
		}
		return encoded.String()
	}
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return hex.EncodeToString(sum[:])
	}

	segments := strings.Split(path, "/")
	for i := range segments {
		segments[i] = encode(segments[i])
	}
	path = strings.TrimSuffix(strings.Join(segments, "/"), "/") + "/"

	var query []string
	values, _ := url.ParseQuery(rawQuery)
	for name, list := range values {
		for _, value := range list {
			query = append(query, encode(name)+"="+encode(value))
		}
	}
	slices.Sort(query)

	var headers strings.Builder
	for _, name := range signed {
		headers.WriteString(name + ":" + strings.TrimSpace(header(name)) + "\n")
	}
	canonical := strings.Join([]string{
		method, path, strings.Join(query, "&"), headers.String(), strings.Join(signed, ";"), hash(body),
	}, "\n")
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte("SDK-HMAC-SHA256\n" + header("x-sdk-date") + "\n" + hash(canonical)))
	return hex.EncodeToString(mac.Sum(nil))
}

// TestVerifier checks the verifier against the published vectors.
func TestVerifier(t *testing.T) {
	t.Parallel()
	headers := map[string]string{
		"content-type": "application/json", "host": "h.example", "user-agent": "ua", "x-project-id": "p", "x-sdk-date": "20260101T000000Z",
	}
	signed := []string{"content-type", "host", "user-agent", "x-project-id", "x-sdk-date"}
	for query, want := range map[string]string{
		"limit=50&offset=0": "5c0b77d2ac6446dafce574e359b3ddda8c0b02303026aa20cbaac533c9db3f98",
		"":                  "65b1d328ed2e580f47c10ae7fb2819d017e9b3a48573ee320d730d9c606c0c64",
	} {
		got := signature("SK", "GET", "/v1/p/notebooks", query, func(name string) string { return headers[name] }, signed, "")
		if got != want {
			t.Errorf("query %q: got %s", query, got)
		}
	}
}

// verify checks a request as it has arrived, and returns the signed headers.
func verify(t *testing.T, r *http.Request, body string) []string {
	t.Helper()
	var access, names, got string
	authorization := strings.ReplaceAll(r.Header.Get("Authorization"), ",", "")
	if _, err := fmt.Sscanf(authorization, "SDK-HMAC-SHA256 Access=%s SignedHeaders=%s Signature=%s", &access, &names, &got); err != nil {
		t.Errorf("Authorization %q: %v", authorization, err)
		return nil
	}
	header := func(name string) string {
		if name == "host" {
			return r.Host
		}
		return r.Header.Get(name)
	}
	signed := strings.Split(names, ";")
	if want := signature("SK", r.Method, r.URL.Path, r.URL.RawQuery, header, signed, body); got != want {
		t.Errorf("%s %s: the signature is wrong", r.Method, r.RequestURI)
	}
	if access != "AK" || !slices.IsSorted(signed) || !slices.Contains(signed, "host") || !slices.Contains(signed, "x-sdk-date") {
		t.Errorf("Authorization %q", authorization)
	}
	if date, err := time.Parse(sdkDate, r.Header.Get("X-Sdk-Date")); err != nil || time.Since(date).Abs() > 15*time.Minute {
		t.Errorf("X-Sdk-Date %q", r.Header.Get("X-Sdk-Date"))
	}
	return signed
}

// TestSignature sends requests of every shape over the wire, and verifies what
// has arrived.
func TestSignature(t *testing.T) {
	t.Parallel()
	config := Config{AccessKey: "AK", SecretKey: "SK", SecurityToken: "STS"}
	for _, test := range []struct {
		method, target, body string
		header               http.Header
	}{
		{method: "GET", target: "/"},
		{method: "GET", target: ""},
		{method: "GET", target: "/v1/p/notebooks"},
		{method: "GET", target: "/v1/p/notebooks/"},
		{method: "GET", target: "/v1//p/./notebooks"},
		{method: "GET", target: "/v1/p/a%20b%2Fc%25d+e~_.-;:@&=$,!*'()"},
		{method: "GET", target: "/v1/ü/日本語/%F0%9F%98%80"},
		{method: "GET", target: "/v1/{project_id}/x"},
		{method: "GET", target: "/x?limit=50&offset=0"},
		{method: "GET", target: "/x?b=2&a=1&b=1&b=10&a="},
		{method: "GET", target: "/x?empty&name=a+b%2Bc%20d&tags=k%3Dv%26w"},
		{method: "GET", target: "/x?q=%C3%BC%E6%97%A5&sort_key=a,b&z=~_.-*"},
		{method: "HEAD", target: "/x"},
		{method: "POST", target: "/x", body: `{"name":"ü & <b>","n":1}` + "\n"},
		{method: "POST", target: "/x"},
		{method: "PUT", target: "/x?a=b", body: "{}"},
		{method: "PATCH", target: "/x", body: "not JSON"},
		{method: "DELETE", target: "/x", body: `{"tags":[{"key":"a"}]}`},
		{method: "POST", target: "/x", body: "a=b", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}},
		{method: "POST", target: "/x", body: strings.Repeat("x", 1<<20), header: http.Header{"Content-Type": {"application/json"}}},
		{method: "GET", target: "/x", header: http.Header{"X-Project-Id": {"  p  "}, "X-Language": {"en-us"}, "X-Odd_name": {"1"}, "Accept": {"*/*"}}},
		{method: "GET", target: "/x", header: http.Header{"X-Twice": {"1", "2"}}},
	} {
		t.Run(test.method+" "+test.target, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil || string(body) != test.body {
					t.Errorf("the body has changed: %.100q %v", body, err)
				}
				signed := verify(t, r, string(body))
				if !slices.Contains(signed, "x-security-token") || r.Header.Get("X-Security-Token") != "STS" {
					t.Errorf("the token of a temporary key is not sent and signed: %s", signed)
				}
				if test.header.Get("X-Project-Id") != "" && !slices.Contains(signed, "x-project-id") {
					t.Errorf("the project is not signed: %s", signed)
				}
			}))
			defer server.Close()
			req, err := http.NewRequest(test.method, server.URL+test.target, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			for name, values := range test.header {
				req.Header[name] = values
			}
			resp, err := newClient(config, server.Client().Transport, time.Minute, 0).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if req.Header.Get("Authorization") != "" {
				t.Error("the caller's request has been changed")
			}
		})
	}
}

func TestPermanentKeysSendNoToken(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		verify(t, r, "")
		if _, ok := r.Header["X-Security-Token"]; ok {
			t.Error("an empty token is sent")
		}
	}))
	defer server.Close()
	get(t, newClient(Config{AccessKey: "AK", SecretKey: "SK"}, server.Client().Transport, time.Minute, 0), server.URL)
}

func TestToken(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Auth-Token") != "TOKEN" || r.Header.Get("Authorization") != "" {
			t.Errorf("headers %v", r.Header)
		}
	}))
	defer server.Close()
	get(t, newClient(Config{AuthToken: "TOKEN"}, server.Client().Transport, time.Minute, 0), server.URL)
}

func get(t *testing.T, client *http.Client, target string) *http.Response {
	t.Helper()
	resp, err := client.Get(target)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}
