package provider

import (
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
)

func TestProcessOfAnotherRegion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		endpoint, region string
		unready          string // in the detail; empty: ready
	}{
		{"", "", ""},
		{"", "ap-southeast-1", ""},
		{"https://h.example", "", ""},
		{"https://h.example", "ap-southeast-1", "The provider's argument endpoints.modelarts is the endpoint of one region"},
		{"", "no/region", "The provider's argument region is not the name of a region"},
	} {
		session, err := huaweicloud.New(huaweicloud.Config{
			Region: "cn-north-4", AccessKey: "AK", SecretKey: "SK", Endpoints: huaweicloud.Endpoints{ModelArts: test.endpoint},
		})
		if err != nil {
			t.Fatal(err)
		}
		p := process(session, test.region, "agent")
		switch {
		case test.unready == "" && (p.Unready != nil || p.Client == nil || p.Reader == nil || p.Catalogue == nil):
			t.Errorf("%+v: %v", test, p.Unready)
		case test.unready != "" && (p.Unready == nil || p.Client != nil || !strings.Contains(p.Unready.Detail(), test.unready)):
			t.Errorf("%+v: %v", test, p.Unready)
		}
	}
}
