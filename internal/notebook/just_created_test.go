package notebook

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// dated answers everything with nothing and a date.
type dated time.Time

func (d dated) RoundTrip(*http.Request) (*http.Response, error) {
	header := http.Header{"Date": {time.Time(d).UTC().Format(http.TimeFormat)}}
	return &http.Response{StatusCode: http.StatusNotFound, Header: header, Body: io.NopCloser(strings.NewReader("{}"))}, nil
}

// Whether a notebook was just created is told by the service's clock, which answers tell.
func TestJustCreatedByTheServicesClock(t *testing.T) {
	t.Parallel()
	theirs := time.Now().Add(-3 * time.Hour)
	client := modelarts.New(&url.URL{Scheme: "https", Host: "example"}, &http.Client{Transport: dated(theirs)},
		func(context.Context) (string, error) { return "p", nil }, "test")
	home := located{location.Place{Process: settings.NewProcess(client)}}
	justCreated := func(age time.Duration) func() bool {
		state := new(resourceModel)
		state.Name = types.StringValue("n")
		state.CreatedAt = timetypes.NewRFC3339TimeValue(theirs.Add(-age))
		return home.justCreated(state)
	}
	fresh, old := justCreated(4*time.Minute), justCreated(6*time.Minute)
	if _, err := client.ShowNotebook(t.Context(), "n"); err == nil {
		t.Fatal("there is no such notebook")
	}
	if !fresh() || old() {
		t.Errorf("after 4 and 6 minutes it is justCreated: %v, %v", fresh(), old())
	}
}
