package modelarts

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// Ages are measured by the service's clock, which need not agree with ours.
func TestNowIsTheServicesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := new(Client)
		if now := client.Now(); !now.Equal(time.Now()) {
			t.Errorf("before the first answer it is %s", now)
		}
		theirs := time.Now().Add(-7 * time.Hour).Truncate(time.Second).UTC()
		for _, date := range []string{theirs.Format(http.TimeFormat), "", "yesterday"} { // what says nothing changes nothing
			client.clock.note((&answer{header: http.Header{"Date": {date}}}).date())
		}
		time.Sleep(90 * time.Second)
		if now := client.Now(); !now.Equal(theirs.Add(90 * time.Second)) {
			t.Errorf("it is %s, want %s", now, theirs.Add(90*time.Second))
		}
	})
}
