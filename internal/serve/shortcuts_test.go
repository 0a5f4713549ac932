package serve

import (
	"testing"
)

// The framework acts on keys of its own, so it is asked.
func TestPrivateKeys(t *testing.T) {
	t.Parallel()
	for private, want := range map[string]bool{
		``: true, `{}`: true, `{"applied":"e30="}`: true,
		`{".import_before_read":"dHJ1ZQ==","applied":"e30="}`: false, `[]`: false, `{`: false,
	} {
		if _, ok := privateKeys([]byte(private)); ok != want {
			t.Errorf("%q: got %t", private, ok)
		}
	}
	if keys, _ := privateKeys([]byte(`{"applied":"e30="}`)); string(keys["applied"]) != "{}" {
		t.Errorf("got %q", keys)
	}
}
