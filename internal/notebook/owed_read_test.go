package notebook

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
)

// A refresh clears what is owed when its answer is newer than the note of it. What
// another token means is a matter of the lifecycle; an older state has no such note.
func TestReadClearsWhatIsOwed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		owed  lifecycle.Owed
		shown string
		age   time.Duration // zero: not noted
		want  lifecycle.Owed
	}{
		{lifecycle.OwesStart, "RUNNING", time.Second, lifecycle.OwesStart},
		{lifecycle.OwesStart, "RUNNING", time.Minute, lifecycle.OwesNothing},
		{lifecycle.OwesStart, "RUNNING", 0, lifecycle.OwesNothing},
		{lifecycle.OwesStart, "STOPPED", time.Minute, lifecycle.OwesStart},
		{lifecycle.OwesStop, "STOPPED", time.Second, lifecycle.OwesStop},
		{lifecycle.OwesStop, "STOPPED", time.Minute, lifecycle.OwesNothing},
		{lifecycle.OwesStop, "STOPPED", 0, lifecycle.OwesNothing},
		{lifecycle.OwesStop, "START_FAILED", time.Minute, lifecycle.OwesRetry},
		{lifecycle.OwesRetry, "RUNNING", time.Second, lifecycle.OwesRetry},
		{lifecycle.OwesRetry, "RUNNING", time.Minute, lifecycle.OwesNothing},
	} {
		private := privateKeys{}
		state := resourceValue(t, existing())
		must(t, remember(t.Context(), private, state))
		if tc.age == 0 {
			must(t, owe(t.Context(), private, tc.owed))
		} else {
			must(t, noteOwed(t.Context(), private, &lifecycle.Outcome{Owed: tc.owed, Noted: lifecycle.Noted{At: time.Now().Add(-tc.age)}}))
		}
		text, _ := json.Marshal(map[string][]byte(private))
		service := &oneNotebook{first: fmt.Sprintf(`{"id":"id","name":"n","status":%q,"flavor":"f","image":{"id":"i"},"volume":{},"lease":{},"token":"shown"}`, tc.shown)}
		resp, err := overProtocol(t, service).ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "modelarts_notebook", CurrentState: dynamic(t, state), Private: text,
		})
		if err != nil || len(resp.Diagnostics) > 0 {
			t.Fatal(err, resp.Diagnostics)
		}
		left := privateKeys{}
		mustUnmarshal(t, string(resp.Private), (*map[string][]byte)(&left))
		if got := owedBy(t.Context(), left); got != tc.want {
			t.Errorf("%q was owed for %s, and it is %s: %q is owed, want %q", tc.owed, tc.age, tc.shown, got, tc.want)
		}
	}
}
