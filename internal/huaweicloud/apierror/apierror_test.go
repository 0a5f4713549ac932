package apierror

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	t.Parallel()
	html := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	for _, test := range []struct {
		name   string
		status int
		header http.Header
		body   string
		want   Details
	}{
		{
			"ModelArts", 400, nil, `{"error_code":"ModelArts.6309","error_msg":"no such instance"}`,
			Details{Code: "ModelArts.6309", Message: "no such instance"},
		},
		{
			"IAM", 401, nil, `{"error":{"code":"IAM.0001","message":"no","title":"Unauthorized"}}`,
			Details{Code: "IAM.0001", Message: "no"},
		},
		{"number as code", 401, nil, `{"error":{"code":401,"message":"no"}}`, Details{Code: "401", Message: "no"}},
		{"camel case", 400, nil, `{"errorCode":"X.1","errorMsg":"no"}`, Details{Code: "X.1", Message: "no"}},
		{"short names", 400, nil, `{"code":"X.1","message":"no"}`, Details{Code: "X.1", Message: "no"}},
		{"odd types", 400, nil, `{"error_code":["a"],"error":"no","code":"X.1"}`, Details{Code: "X.1"}},
		{
			"request ID in the body", 403, nil, `{"error_code":"APIG.0301","request_id":"r"}`,
			Details{Code: "APIG.0301", RequestID: "r"},
		},
		{
			"request ID in the header", 403,
			http.Header{"X-Request-Id": {"h\x00"}},
			`{"error_code":"APIG.0301","request_id":"r"}`,
			Details{Code: "APIG.0301", RequestID: "h"},
		},
		{"HTML by its header", 502, html, `Bad Gateway`, Details{Message: "the gateway answered 502 with HTML", Foreign: true}},
		{"HTML by its looks", 503, nil, "\n<!DOCTYPE html>", Details{Message: "the gateway answered 503 with HTML", Foreign: true}},
		{"plain text", 500, nil, "upstream\n\tconnect  error", Details{Message: "upstream connect error", Foreign: true}},
		{"nothing", 500, nil, " ", Details{Foreign: true}},
		{"cut off", 400, nil, `{"error_code":"ModelArts.63`, Details{Message: "the body of the error cannot be read", Foreign: true}},
		{"redirect", 302, html, "", Details{Message: "a redirect, which is not followed; is the endpoint right?", Foreign: true}},
		{
			"control characters", 400, nil, `{"error_code":"X.1","error_msg":"a\u001b[31m\u0000b\r\nc"}`,
			Details{Code: "X.1", Message: "a[31mb c"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := Read(test.status, test.header, []byte(test.body)); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"ShowNotebook: ModelArts.6309: gone (HTTP 400, request ID r)":      Format("ShowNotebook", 400, Details{Code: "ModelArts.6309", Message: "gone", RequestID: "r"}),
		"ModelArts.6101: busy (HTTP 429, Retry-After: 3600, request ID r)": Format("", 429, Details{Code: "ModelArts.6101", Message: "busy", RetryAfter: "3600", RequestID: "r"}),
		"ShowNotebook: Bad Gateway (HTTP 502)":                             Format("ShowNotebook", 502, Details{}),
		"no explanation (HTTP 799)":                                        Format("", 799, Details{}),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// FuzzRead holds that no answer whatever makes an error that is long, spans
// lines, or is not valid UTF-8.
func FuzzRead(f *testing.F) {
	for _, body := range []string{
		`{"error_code":"ModelArts.6309","error_msg":"x"}`, `{"error":{"code":401,"message":"x"}}`, `{"error":"x"}`,
		`<html>`, `plain`, ``, `{`, `null`, "\xff\xfe", `{"error_msg":"\u2028"}`, strings.Repeat("é", 1000),
	} {
		f.Add(400, "application/json", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		d := Read(status, http.Header{"Content-Type": {contentType}, "X-Request-Id": {contentType}}, body)
		if d.Foreign && d.Code != "" {
			t.Errorf("a code in an answer that is not understood: %+v", d)
		}
		line := Format("ShowNotebook", status, d)
		if utf8.RuneCountInString(line) > 800 || !utf8.ValidString(line) || strings.ContainsAny(line, "\n\r\x00\x1b") {
			t.Errorf("got %q", line)
		}
	})
}
