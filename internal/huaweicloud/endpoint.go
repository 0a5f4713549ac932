package huaweicloud

import (
	"cmp"
	"net/netip"
	"net/url"
	"strings"
)

// domain is what all endpoints end in. The European cloud is one of its own, with
// its own accounts.
func (c Config) domain() string {
	if strings.HasPrefix(c.Region, "eu-west-1") {
		return cmp.Or(c.Cloud, "myhuaweicloud.eu")
	}
	return cmp.Or(c.Cloud, "myhuaweicloud.com")
}

func (c Config) modelArtsEndpoint() (*url.URL, error) {
	usual := "https://modelarts." + cmp.Or(c.Region, "cn-north-4") + "." + c.domain()
	return parseEndpoint("Endpoints.ModelArts", cmp.Or(c.Endpoints.ModelArts, usual), usual)
}

// iamEndpoints are the endpoints of IAM, to be tried in turn while the host does
// not exist: not every region has an IAM of its own.
func (c Config) iamEndpoints() ([]*url.URL, error) {
	candidates := []string{c.Endpoints.IAM}
	if c.Endpoints.IAM == "" {
		candidates = []string{"https://iam." + c.domain()}
		if c.Region != "" {
			candidates = []string{"https://iam." + c.Region + "." + c.domain(), "https://iam." + c.domain()}
		}
	}
	endpoints := make([]*url.URL, len(candidates))
	for i, candidate := range candidates {
		endpoint, err := parseEndpoint("Endpoints.IAM", candidate, "https://iam."+c.domain())
		if err != nil {
			return nil, err
		}
		endpoints[i] = endpoint
	}
	return endpoints, nil
}

// isLoopback takes the one name that every system resolves to itself, and
// addresses; it resolves nothing.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
