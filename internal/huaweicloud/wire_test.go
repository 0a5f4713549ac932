package huaweicloud

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// The tests of this file use the real transport and real connections.

func wireClient(t *testing.T, config Config) *http.Client {
	t.Helper()
	roots, err := config.rootCAs()
	if err != nil {
		t.Fatal(err)
	}
	transport := newTransport(config.Insecure, roots, defaultTimeouts)
	t.Cleanup(transport.CloseIdleConnections)
	config.AccessKey, config.SecretKey = "AK", "SK"
	return newClient(config, transport, time.Minute, 1)
}

// TestWriteIsNeverSentTwice cuts connections after a request has arrived: a
// fresh one, and one that has been used before, which net/http itself may try to
// save by sending again.
func TestWriteIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		for _, reused := range []bool{false, true} {
			for _, body := range []string{"", `{"name":"n"}`} {
				t.Run(method, func(t *testing.T) {
					t.Parallel()
					var writes atomic.Int32
					server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if r.Method == "GET" {
							return
						}
						writes.Add(1)
						io.Copy(io.Discard, r.Body)
						conn, _, err := http.NewResponseController(w).Hijack()
						if err != nil {
							t.Error(err)
							return
						}
						conn.Close()
					}))
					defer server.Close()
					client := wireClient(t, Config{})
					if reused {
						get(t, client, server.URL)
					}
					req, _ := http.NewRequest(method, server.URL, strings.NewReader(body))
					if _, err := client.Do(req); err == nil {
						t.Error("no error")
					}
					if got := writes.Load(); got != 1 {
						t.Errorf("sent %d times", got)
					}
				})
			}
		}
	}
}

// TestStaleConnection closes the idle connection while a write is on its way to
// it: either the write never left and goes over a new connection, or it fails.
// In no case does it arrive twice.
func TestStaleConnection(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var writes atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close() // after the first answer, although it promises to stay
				req, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				io.Copy(io.Discard, req.Body)
				if req.Method == "POST" {
					writes.Add(1)
				}
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			}()
		}
	}()
	client := wireClient(t, Config{})
	target := "http://" + listener.Addr().String()
	for i := range int32(50) {
		get(t, client, target)
		before := writes.Load()
		resp, err := client.Post(target, "application/json", strings.NewReader("{}"))
		if err == nil {
			resp.Body.Close()
		}
		if sent := writes.Load() - before; sent > 1 || err == nil && sent != 1 {
			t.Fatalf("round %d: sent %d times, error %v", i, sent, err)
		}
	}
}

func TestTruncatedReadIsRepeated(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"id":`)
			return
		}
		io.WriteString(w, `{"id":"a"}`)
	}))
	defer server.Close()
	resp, err := wireClient(t, Config{}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != `{"id":"a"}` || calls.Load() != 2 {
		t.Errorf("got %s %v after %d calls", body, err, calls.Load())
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/x" {
				t.Error("followed")
			}
			http.Redirect(w, r, "/elsewhere", status)
		}))
		for _, method := range []string{"GET", "POST"} {
			req, _ := http.NewRequest(method, server.URL+"/x", strings.NewReader("{}"))
			resp, err := wireClient(t, Config{}).Do(req)
			if err != nil || resp.StatusCode != status {
				t.Errorf("%s %d: %v %v", method, status, resp, err)
			}
		}
		server.Close()
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		chunk := bytes.Repeat([]byte("x"), 1<<20)
		for range 20 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	resp, err := wireClient(t, Config{}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); err != nil || len(body) != maxBody {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("over %s", r.Proto)
		}
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = discardLog()
	server.StartTLS()
	defer server.Close()

	file := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	get(t, wireClient(t, Config{CACertFile: file}), server.URL)
	get(t, wireClient(t, Config{Insecure: true}), server.URL)
	if _, err := wireClient(t, Config{}).Get(server.URL); err == nil {
		t.Error("took a certificate that no known authority has signed")
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	server.Config.ErrorLog = discardLog()
	server.StartTLS()
	defer server.Close()
	if _, err := wireClient(t, Config{Insecure: true}).Get(server.URL); err == nil {
		t.Error("spoke TLS 1.1")
	}
}

// TestLog holds what the log says of each attempt, and that at no level it says
// a secret.
func TestLog(t *testing.T) {
	t.Parallel()
	secrets := []string{"SECRET-KEY", "SECURITY-TOKEN", "NOTEBOOK-TOKEN", "REQUEST-BODY", "Signature"}
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "req-1")
		w.Header().Set("Retry-After", "0")
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusTooManyRequests)
		}
		io.WriteString(w, `{"token":"NOTEBOOK-TOKEN"}`)
	}))
	defer server.Close()

	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	config := Config{AccessKey: "AK", SecretKey: "SECRET-KEY", SecurityToken: "SECURITY-TOKEN"}
	client := newClient(config, newTransport(false, nil, defaultTimeouts), time.Minute, 4)
	req, _ := http.NewRequestWithContext(ctx, "POST", server.URL+"/v1/p/x%2Fy?a=b", strings.NewReader("REQUEST-BODY"))
	if _, err := client.Do(req); err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
	lines, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil || len(lines) != 3 {
		t.Fatalf("%d lines %v", len(lines), err)
	}
	if lines[1]["@level"] != "warn" || lines[1]["requests_per_second"] != float64(first) {
		t.Errorf("the log does not say that the service throttles: %v", lines[1])
	}
	lines = slices.Delete(lines, 1, 2)
	for i, status := range []float64{429, 200} {
		want := fmt.Sprintf(`^POST /v1/p/x%%2Fy %v [0-9]+ms%s$`, status, []string{"", ", attempt 2"}[i])
		if message, _ := lines[i]["@message"].(string); !regexp.MustCompile(want).MatchString(message) {
			t.Errorf("line %d is %q, want %s", i+1, message, want)
		}
		for field, want := range map[string]any{
			"@level": "debug", "method": "POST", "path": "/v1/p/x%2Fy", "query": "a=b",
			"status": status, "request_id": "req-1", "attempt": float64(i + 1),
		} {
			if got := lines[i][field]; got != want {
				t.Errorf("line %d: %s is %v, want %v", i+1, field, got, want)
			}
		}
	}
}

// TestEchoedSecrets is about a gateway that quotes what it refuses.
func TestEchoedSecrets(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error_code":"APIG.0301","error_msg":"bad token `+r.Header.Get("X-Auth-Token")+`"}`)
	}))
	defer server.Close()
	config := Config{AuthToken: "TOKEN-OF-SOMEBODY"}
	resp, err := newClient(config, newTransport(false, nil, defaultTimeouts), time.Minute, 0).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); err != nil || strings.Contains(string(body), config.AuthToken) {
		t.Errorf("got %s %v", body, err)
	}
}
