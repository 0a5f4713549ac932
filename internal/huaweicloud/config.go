package huaweicloud

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"unicode"
)

// Config says who calls the cloud, and where. The values are plain: whoever
// makes one has already chosen between arguments, environment and profiles.
type Config struct {
	// Region, for example cn-north-4. It may be empty only where it is not
	// needed: with an endpoint of ModelArts and a ProjectID.
	Region string
	// Cloud replaces the domain of the endpoints. Empty: myhuaweicloud.com, or
	// myhuaweicloud.eu for the regions of the European cloud.
	Cloud string
	// Endpoints replaces the endpoints of single services.
	Endpoints Endpoints

	// AccessKey and SecretKey sign every request.
	AccessKey string
	SecretKey string
	// SecurityToken belongs to a temporary key pair.
	SecurityToken string
	// AuthToken is an IAM token, scoped to the project, in place of a key pair.
	AuthToken string

	// ProjectID of the region. Empty: it is looked up by name when it is first
	// needed.
	ProjectID string
	// ProjectName is the name to look up. Empty: the region's own project, which
	// bears the region's name.
	ProjectName string

	// Insecure switches the verification of certificates off.
	Insecure bool
	// CACertFile is a PEM file of certificates to trust beside the system's.
	CACertFile string
	// MaxRetries is how often a request is sent again at most, where it is safe
	// to send it again. Nil: 4.
	MaxRetries *int
	// UserAgent of the requests that this package makes itself.
	UserAgent string
}

// Endpoints holds the base URL of each service, https://host[:port][/path].
// Loopback hosts may use http. Empty: the region's.
type Endpoints struct {
	ModelArts string
	IAM       string
}

// ConfigError says which field of a Config is wrong, and never shows a secret.
type ConfigError struct {
	// Field is the name of the field in Config, for example SecretKey or
	// Endpoints.IAM.
	Field string
	// Problem completes a sentence that begins with the field's name.
	Problem string
}

// Error names the field and the problem.
func (e *ConfigError) Error() string { return e.Field + " " + e.Problem }

const defaultMaxRetries = 4

var (
	regionPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	domainPattern = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$`)
)

// validate finds what is wrong without the network. Its errors are *ConfigError.
func (c Config) validate() error {
	for _, check := range []func() error{c.validatePlace, c.validateCredentials} {
		if err := check(); err != nil {
			return err
		}
	}
	if c.MaxRetries != nil && *c.MaxRetries < 0 {
		return &ConfigError{"MaxRetries", "must not be negative"}
	}
	return nil
}

func (c Config) validatePlace() error {
	switch {
	case c.Region == "" && c.Endpoints.ModelArts == "":
		return &ConfigError{"Region", "is missing"}
	case c.Region == "" && c.ProjectID == "" && c.ProjectName == "":
		return &ConfigError{"Region", "is missing: without a project ID or name, the project is that of the region"}
	case c.Region == "" && c.ProjectID == "" && c.Endpoints.IAM == "":
		return &ConfigError{"Region", "is missing: it says where to look the project up"}
	case c.Region != "" && !regionPattern.MatchString(c.Region):
		// The region becomes part of host names.
		return &ConfigError{"Region", "is not the name of a region, such as cn-north-4"}
	case c.Cloud != "" && !domainPattern.MatchString(c.Cloud):
		return &ConfigError{"Cloud", "is not a domain, such as myhuaweicloud.com"}
	}
	return nil
}

func (c Config) validateCredentials() error {
	for field, value := range map[string]string{
		"AccessKey": c.AccessKey, "SecretKey": c.SecretKey, "SecurityToken": c.SecurityToken, "AuthToken": c.AuthToken,
	} {
		// A line break from a file of secrets would otherwise fail deep inside
		// net/http, without the name of the culprit.
		if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return &ConfigError{field, "must not contain spaces or line breaks"}
		}
	}
	switch keys := c.AccessKey != "" || c.SecretKey != "" || c.SecurityToken != ""; {
	case c.AuthToken != "" && keys:
		return &ConfigError{"AuthToken", "excludes access key, secret key and security token"}
	case c.AuthToken != "":
		return nil
	case c.AccessKey == "" && keys:
		return &ConfigError{"AccessKey", "is missing beside the secret key or security token"}
	case c.AccessKey == "":
		return &ConfigError{"AccessKey", "is missing: there are no credentials"}
	case c.SecretKey == "":
		return &ConfigError{"SecretKey", "is missing beside the access key"}
	}
	return nil
}

// parseEndpoint takes a base URL; field names it in errors. The URL itself is
// not repeated there: it may hold a password by mistake.
func parseEndpoint(field, raw string) (*url.URL, error) {
	endpoint, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, &ConfigError{field, "is not a URL"}
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		return nil, &ConfigError{field, "must begin with https://"}
	case endpoint.Hostname() == "":
		return nil, &ConfigError{field, "has no host"}
	case endpoint.User != nil:
		return nil, &ConfigError{field, "must not contain a user or password"}
	case endpoint.RawQuery != "" || endpoint.Fragment != "":
		return nil, &ConfigError{field, "must not contain a query or fragment"}
	case endpoint.Scheme == "http" && !isLoopback(endpoint.Hostname()):
		return nil, &ConfigError{field, "must begin with https://; http:// is for loopback addresses only"}
	}
	return endpoint, nil
}

// rootCAs are the system's certificates and those of the file, or nil (the
// system's) without one.
func (c Config) rootCAs() (*x509.CertPool, error) {
	if c.CACertFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.CACertFile)
	if err != nil {
		return nil, &ConfigError{"CACertFile", fmt.Sprintf("cannot be read: %v", err)}
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &ConfigError{"CACertFile", "holds no PEM certificate"}
	}
	return pool, nil
}
