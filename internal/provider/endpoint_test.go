package provider

import (
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
)

// Each wrong endpoint is an error that shows what is right.
func TestEndpointsThatCannotWork(t *testing.T) {
	t.Parallel()
	const host = "modelarts.cn-north-4.myhuaweicloud.com"
	for endpoint, problem := range map[string]string{
		"https://" + host:                  "",
		"https://" + host + "/":            "",
		"http://127.0.0.1:8080":            "",
		host:                               "has no scheme",
		"127.0.0.1:8080":                   "has no scheme",
		host + "/v1":                       "has no scheme",
		" https://" + host:                 "is not a URL",
		"ftp://" + host:                    "has another scheme than https",
		"https://":                         "has no host",
		"https://user:secret@" + host:      "contains a user or password",
		"https://" + host + "?x=1":         "contains a query or fragment",
		"https://" + host + "/v1/projects": "contains a path of the API, which the provider adds by itself",
		"http://" + host:                   "begins with http://, which is for loopback addresses only",
	} {
		for argument, example := range map[string]string{"endpoints.modelarts": "https://" + host, "endpoints.iam": "https://iam.myhuaweicloud.com"} {
			c := huaweicloud.Config{Region: "cn-north-4", AccessKey: "AK", SecretKey: "SK"}
			variable := "HW_AUTH_URL"
			if c.Endpoints.IAM = endpoint; argument == "endpoints.modelarts" {
				c.Endpoints, variable = huaweicloud.Endpoints{ModelArts: endpoint}, "MODELARTS_ENDPOINT"
			}
			_, err := huaweicloud.New(c)
			if problem == "" {
				if err != nil {
					t.Errorf("%s = %q: %v", argument, endpoint, err)
				}
				continue
			}
			if err == nil {
				t.Errorf("%s = %q is taken", argument, endpoint)
				continue
			}
			want := "The provider's argument " + argument + " " + problem + ": write https:// and the host alone, such as \"" + example +
				"\". Set it in the provider block, or in the environment as " + variable + "."
			if got := configError(err).Detail(); got != want {
				t.Errorf("%s = %q:\ngot  %s\nwant %s", argument, endpoint, got, want)
			}
		}
	}
}
