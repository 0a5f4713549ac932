package huaweicloud

import "net/http"

// Codes of the gateway in front of every service of the cloud.
const (
	codeThrottled       = "APIG.0308"
	codeUnauthenticated = "APIG.0301"
)

// refusals tells apart why a request was refused: by the gateway's codes, by the
// HTTP status, and by the configuration's functions for the service's codes. Codes
// may come with other statuses than their own.
type refusals struct {
	retry       func(code string) bool             // Config.Retry
	signInAgain func(status int, code string) bool // Config.SignInAgain
}

// throttled reports whether a request was refused because there are too many.
func (r refusals) throttled(resp *http.Response) bool {
	if resp.StatusCode == http.StatusTooManyRequests {
		return true
	}
	code := codeOf(resp)
	return code == codeThrottled || r.retry != nil && r.retry(code)
}

// unauthenticated reports whether a request was refused because of its
// credentials, and new ones may mend that.
func (r refusals) unauthenticated(resp *http.Response) bool {
	code := codeOf(resp)
	switch {
	case code == codeUnauthenticated:
		return true
	case r.signInAgain != nil:
		return r.signInAgain(resp.StatusCode, code)
	default:
		return resp.StatusCode == http.StatusUnauthorized
	}
}
