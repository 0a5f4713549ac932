package acctest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// Log has the runs to come write all that Terraform and the provider log. It returns how
// to read that.
func (w *Workspace) Log() func(t testing.TB) string {
	file := filepath.Join(w.Dir, "terraform.log")
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", file)
	return func(t testing.TB) string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

var authorizationHeader = regexp.MustCompile(`(?i)\bauthorization["':= ]`)

// NoSecrets checks that no secret is in what Terraform logged and printed: neither the
// secret key nor a token of a notebook nor the header that is made of the keys. calls are
// texts of which the log holds each, if it tells of the calls to the service.
func NoSecrets(t testing.TB, logged, printed string, tokens []string, calls ...string) {
	t.Helper()
	for _, call := range calls {
		if !strings.Contains(logged, call) {
			t.Errorf("the log does not tell of %q, so its silence proves nothing", call)
		}
	}
	everything := logged + printed
	for _, secret := range append([]string{simulator.DefaultSecretKey, "SDK-HMAC-SHA256"}, tokens...) {
		if secret == "" {
			t.Error("a token is empty: there is nothing to look for")
			continue
		}
		if i := strings.Index(everything, secret); i >= 0 {
			t.Errorf("%q is in the log: …%s…", secret, everything[max(0, i-200):min(len(everything), i+50)])
		}
	}
	if found := authorizationHeader.FindString(everything); found != "" {
		t.Errorf("the log holds an authorization header: %q", found)
	}
}
