package provider

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// service answers every call with a status and a text.
type service struct {
	status int
	text   string
}

func (s service) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: s.status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(s.text)), Request: req}, nil
}

// A destroy reads data sources, too. Each error of each of them ends with the way
// to destroy what exists, unless the credentials are to blame.
func TestErrorsOfDataSourcesNameTheWayOut(t *testing.T) {
	t.Parallel()
	for _, answer := range []service{
		{http.StatusOK, `{"data":[],"flavors":[],"total":0}`},
		{http.StatusBadRequest, `{"error_code":"ModelArts.0104","error_msg":"no"}`},
		{http.StatusUnauthorized, `{"error_code":"ModelArts.0201","error_msg":"no"}`},
	} {
		project := func(context.Context) (string, error) { return "p", nil }
		client := modelarts.New(&url.URL{Scheme: "https", Host: "h.example"}, &http.Client{Transport: answer}, project, "test")
		s := settings.New(settings.Policy{}, func(string) *settings.Process { return settings.NewProcess(client) })
		for _, newOne := range New("test")().DataSources(t.Context()) {
			d := newOne()
			var about datasource.MetadataResponse
			d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "modelarts"}, &about)
			if configurable, ok := d.(datasource.DataSourceWithConfigure); ok {
				configurable.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: s}, new(datasource.ConfigureResponse))
			}
			var described datasource.SchemaResponse
			d.Schema(t.Context(), datasource.SchemaRequest{}, &described)
			object := described.Schema.Type().TerraformType(t.Context())
			members := map[string]tftypes.Value{}
			for name, member := range object.(tftypes.Object).AttributeTypes {
				members[name] = tftypes.NewValue(member, nil)
			}
			if _, there := members["name"]; there {
				members["name"] = tftypes.NewValue(tftypes.String, "n")
			}
			null := tfsdk.State{Schema: described.Schema, Raw: tftypes.NewValue(object, nil)}
			resp := datasource.ReadResponse{State: null}
			d.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: described.Schema, Raw: tftypes.NewValue(object, members)}}, &resp)
			if answer.status != http.StatusOK && !resp.Diagnostics.HasError() {
				t.Errorf("%s reads what the service refuses", about.TypeName)
			}
			for _, found := range resp.Diagnostics.Errors() {
				if got, want := strings.HasSuffix(found.Detail(), diagnostics.WayOut), answer.status != http.StatusUnauthorized; got != want {
					t.Errorf("%s, HTTP %d: %s: %q: %t", about.TypeName, answer.status, found.Summary(), found.Detail(), got)
				}
			}
		}
	}
}
