package huaweicloud

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Config says who calls the cloud, and where. The values are plain: whoever
// makes one has already chosen between arguments and environment. A profile
// fills in what is left open.
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
	// UserName and Password of an IAM user, in place of a key pair. They need
	// DomainName or DomainID.
	UserName string
	Password string
	// DomainName or DomainID is the account of the user or of the key pair.
	DomainName string
	DomainID   string
	// AssumeRole has the session act for another account.
	AssumeRole AssumeRole
	// SharedConfigFile is the file with profiles: ~/.hcloud/config.json of the
	// vendor's command line, ~/.huaweicloud/credentials of its SDKs, or another of
	// one of these forms. Empty: these two.
	SharedConfigFile string
	// Profile is the name of a profile. Empty: the current one of the command
	// line, basic of the SDKs.
	Profile string
	// Looked says where credentials have been looked for in vain, for the error
	// when there are none in the profiles and in the instance's metadata either.
	Looked []string

	// Origins says where the value of each field was set, for the texts of errors,
	// by the name of the field as in ConfigError: for example "in the provider
	// block". What comes from a profile is added. It may be nil.
	Origins map[string]string

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
	// RequestTimeout bounds each attempt of a request, with the whole answer.
	// Zero: 90 seconds.
	RequestTimeout time.Duration
	// UserAgent of the requests that this package makes itself.
	UserAgent string

	// Retry reports whether a request, a write too, that was refused with an error
	// code of the service can be sent again as it is, because there were too many
	// requests and nothing has happened. Nil: the status 429 alone means so, and
	// the gateway's code.
	Retry func(code string) bool
	// SignInAgain reports whether an answer with a status and an error code of the
	// service refuses the credentials, so that nothing has happened and the request
	// can be sent once more with new ones. Nil: the status 401 alone means so, and
	// the gateway's code.
	SignInAgain func(status int, code string) bool
}

// AssumeRole is an agency that another account has entrusted to this one.
type AssumeRole struct {
	// AgencyName is its name. Empty: no agency.
	AgencyName string
	// DomainName or DomainID is the account that has made the agency.
	DomainName string
	DomainID   string
	// Duration is how long its keys live, 15 minutes to 24 hours; they are
	// renewed. Zero: one hour.
	Duration time.Duration
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

const (
	defaultMaxRetries   = 4
	defaultRoleDuration = time.Hour
	minRoleDuration     = 15 * time.Minute
	maxRoleDuration     = 24 * time.Hour
)

var (
	regionPattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	apiPath       = regexp.MustCompile(`^/v\d+(\.\d+)?(/|$)`)
	domainPattern = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$`)
)

// validate finds what is wrong without the network. Its errors are *ConfigError.
func (c Config) validate() error {
	for _, check := range []func() error{c.validatePlace, c.validateSecrets, c.validateCredentials, c.validateRole} {
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

// in returns the configuration for another region. What belongs to one region is
// left out, or takes its name from the other.
func (c Config) in(region string) (Config, error) {
	if c.Endpoints.ModelArts != "" {
		return c, &ConfigError{"Endpoints.ModelArts", fmt.Sprintf("is the endpoint of one region, and the region %s has another: leave it out", region)}
	}
	// The name of a project is the region's, or begins with it.
	rest, ofRegion := strings.CutPrefix(c.ProjectName, c.Region+"_")
	c.ProjectID, c.ProjectName = "", ""
	if ofRegion {
		c.ProjectName = region + "_" + rest
	}
	c.Region = region
	return c, nil
}

// hasCredentials says whether there are credentials of any kind, whole or not.
func (c Config) hasCredentials() bool {
	return c.hasKeys() || c.AuthToken != "" || c.UserName != "" || c.Password != ""
}

func (c Config) hasKeys() bool {
	return c.AccessKey != "" || c.SecretKey != "" || c.SecurityToken != ""
}

func (c Config) validateSecrets() error {
	for field, value := range map[string]string{
		"AccessKey": c.AccessKey, "SecretKey": c.SecretKey, "SecurityToken": c.SecurityToken, "AuthToken": c.AuthToken,
	} {
		// A line break from a file of secrets would otherwise fail deep inside
		// net/http, without the name of the culprit.
		if strings.ContainsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return &ConfigError{field, "must not contain spaces or line breaks"}
		}
	}
	if strings.ContainsFunc(c.Password, unicode.IsControl) {
		return &ConfigError{"Password", "must not contain line breaks"}
	}
	return nil
}

func (c Config) validateCredentials() error {
	switch {
	case c.AuthToken != "" && c.hasKeys():
		return &ConfigError{"AuthToken", "excludes access key, secret key and security token"}
	case c.Password != "" && (c.hasKeys() || c.AuthToken != ""):
		return &ConfigError{"Password", "excludes keys and tokens"}
	case c.AccessKey == "" && c.hasKeys():
		return &ConfigError{"AccessKey", "is missing beside the secret key or security token"}
	case c.AccessKey != "" && c.SecretKey == "":
		return &ConfigError{"SecretKey", "is missing beside the access key"}
	case c.UserName != "" && !c.hasKeys() && c.AuthToken == "" && c.Password == "":
		return &ConfigError{"Password", "is missing beside the user name"}
	case c.Password != "" && c.UserName == "":
		return &ConfigError{"UserName", "is missing beside the password"}
	case c.Password != "" && c.DomainName == "" && c.DomainID == "":
		return &ConfigError{"DomainName", "is missing: it is the account that the user belongs to"}
	}
	return nil
}

func (c Config) validateRole() error {
	role := c.AssumeRole
	switch {
	case role.AgencyName == "" && role != (AssumeRole{}):
		return &ConfigError{"AssumeRole.AgencyName", "is missing beside the others"}
	case role.AgencyName != "" && role.DomainName == "" && role.DomainID == "":
		return &ConfigError{"AssumeRole.DomainName", "is missing: it is the account that has made the agency"}
	case role.Duration != 0 && (role.Duration < minRoleDuration || role.Duration > maxRoleDuration):
		return &ConfigError{"AssumeRole.Duration", fmt.Sprintf("is out of range: keys of an agency live from %s to %s", minRoleDuration, maxRoleDuration)}
	}
	return nil
}

// parseEndpoint takes a base URL; field names it in errors, which show an example
// of what is right. The URL itself is not repeated there: it may hold a password by
// mistake.
func parseEndpoint(field, raw, example string) (*url.URL, error) {
	endpoint, err := url.Parse(raw)
	var problem string
	switch {
	case !strings.Contains(raw, "://"):
		problem = "has no scheme"
	case err != nil:
		problem = "is not a URL"
	case endpoint.Scheme != "https" && endpoint.Scheme != "http":
		problem = "has another scheme than https"
	case endpoint.Hostname() == "":
		problem = "has no host"
	case endpoint.User != nil:
		problem = "contains a user or password"
	case endpoint.RawQuery != "" || endpoint.Fragment != "":
		problem = "contains a query or fragment"
	case apiPath.MatchString(endpoint.Path): // any other can be that of a proxy
		problem = "contains a path of the API, which the provider adds by itself"
	case endpoint.Scheme == "http" && !isLoopback(endpoint.Hostname()):
		problem = "begins with http://, which is for loopback addresses only"
	default:
		return endpoint, nil
	}
	return nil, &ConfigError{field, fmt.Sprintf("%s: write https:// and the host alone, such as %q", problem, example)}
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
