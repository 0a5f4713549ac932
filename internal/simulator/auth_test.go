package simulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestSignatureVectors checks the signatures that the API's notes give.
func TestSignatureVectors(t *testing.T) {
	for name, test := range map[string]struct{ target, want string }{
		"query":    {"https://h.example/v1/p/notebooks?limit=50&offset=0", "5c0b77d2ac6446dafce574e359b3ddda8c0b02303026aa20cbaac533c9db3f98"},
		"no query": {"https://h.example/v1/p/notebooks", "65b1d328ed2e580f47c10ae7fb2819d017e9b3a48573ee320d730d9c606c0c64"},
	} {
		t.Run(name, func(t *testing.T) {
			sim := New(Options{
				AccessKey: "AK", SecretKey: "SK", ProjectID: "p",
				Clock: func() time.Time { return time.Date(2026, 1, 1, 0, 14, 0, 0, time.UTC) },
			})
			r := httptest.NewRequest(http.MethodGet, test.target, http.NoBody)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("User-Agent", "ua")
			r.Header.Set("X-Project-Id", "p")
			r.Header.Set("X-Sdk-Date", "20260101T000000Z")
			headers := "content-type;host;user-agent;x-project-id;x-sdk-date"
			if got := sign("SK", "20260101T000000Z", canonicalRequest(r, nil, strings.Split(headers, ";"))); got != test.want {
				t.Errorf("signature %s, want %s", got, test.want)
			}
			r.Header.Set("Authorization", "SDK-HMAC-SHA256 Access=AK, SignedHeaders="+headers+", Signature="+test.want)
			w := httptest.NewRecorder()
			sim.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Errorf("status %d: %s", w.Code, w.Body)
			}
		})
	}
}
