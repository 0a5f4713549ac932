package huaweicloud

import (
	"io"
	"testing"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	configured := refusals{
		retry:       func(code string) bool { return code == "Service.1" },
		signInAgain: func(status int, code string) bool { return code == "Service.2" || code == "" && status == 401 },
	}
	body := func(code string) string { return `{"error_code":"` + code + `","error_msg":"x"}` }
	for _, test := range []struct {
		refusals                   refusals
		status                     int
		body                       string
		throttled, unauthenticated bool
	}{
		{refusals{}, 200, "{}", false, false},
		{refusals{}, 429, "", true, false},
		{refusals{}, 400, body("APIG.0308"), true, false},
		{refusals{}, 400, body("Service.1"), false, false},
		{refusals{}, 401, body("Service.3"), false, true},
		{refusals{}, 403, body("APIG.0301"), false, true},
		{configured, 200, "{}", false, false},
		{configured, 429, body("Service.3"), true, false},
		{configured, 503, body("Service.1"), true, false},
		{configured, 400, body("Service.2"), false, true},
		{configured, 401, body("Service.3"), false, false},
		{configured, 401, "", false, true},
		{configured, 403, body("APIG.0301"), false, true},
	} {
		resp := answer(test.status, test.body)
		if got := test.refusals.throttled(resp); got != test.throttled {
			t.Errorf("%d %s: throttled is %t", test.status, test.body, got)
		}
		if got := test.refusals.unauthenticated(resp); got != test.unauthenticated {
			t.Errorf("%d %s: unauthenticated is %t", test.status, test.body, got)
		}
		if left, err := io.ReadAll(resp.Body); err != nil || string(left) != test.body {
			t.Errorf("%d %s: the body is now %q, %v", test.status, test.body, left, err)
		}
	}
}
