package huaweicloud

import (
	"cmp"
	"maps"
)

// Access says who a session is and where it calls, for the texts of errors. It
// holds no secret.
type Access struct {
	// Kind is how the session identifies itself.
	Kind Kind
	// Project is the ID or the name of the project that is configured, or the
	// region's own; empty: nothing says.
	Project string
	// ModelArts and IAM are the base URLs that are called. IAM is the first of them.
	ModelArts, IAM string
	// Origins says where the value of a field of Config was set, by the name of the
	// field as in ConfigError: for example "in the provider block". Fields that are
	// not set are not in it.
	Origins map[string]string
}

// Kind is a way to identify oneself.
type Kind string

// The kinds. A session that acts for another account has the kind of its own
// credentials.
const (
	KindKeys     Kind = "keys"     // AccessKey, SecretKey, SecurityToken
	KindToken    Kind = "token"    // AuthToken
	KindPassword Kind = "password" // UserName, Password
	KindInstance Kind = "instance" // the metadata of the instance
)

// AccessError is an error of a call, with who called and where.
type AccessError struct {
	Access *Access
	Err    error
}

// Error gives the words of the error.
func (e *AccessError) Error() string { return e.Err.Error() }

// Unwrap gives the error.
func (e *AccessError) Unwrap() error { return e.Err }

// Explain adds to an error of a call who called and where. It returns nil for nil.
func (s *Session) Explain(err error) error {
	if err == nil {
		return nil
	}
	return &AccessError{Access: s.access(), Err: err}
}

func (s *Session) access() *Access {
	c := s.config
	a := &Access{
		Kind: c.kind(), Project: cmp.Or(c.ProjectID, c.ProjectName, c.Region),
		ModelArts: s.modelArts.String(), IAM: s.iam.endpoints[0].String(), Origins: make(map[string]string),
	}
	for field, set := range c.set() {
		if origin := c.Origins[field]; set && origin != "" {
			a.Origins[field] = origin
		}
	}
	return a
}

func (c Config) kind() Kind {
	switch {
	case c.Password != "":
		return KindPassword
	case c.AuthToken != "":
		return KindToken
	case c.hasKeys():
		return KindKeys
	default:
		return KindInstance
	}
}

// set says of each field that errors are about whether it has a value.
func (c Config) set() map[string]bool {
	set := make(map[string]bool)
	for field, value := range map[string]string{
		"Region": c.Region, "Cloud": c.Cloud, "AccessKey": c.AccessKey, "SecretKey": c.SecretKey,
		"SecurityToken": c.SecurityToken, "AuthToken": c.AuthToken, "UserName": c.UserName, "Password": c.Password,
		"DomainName": c.DomainName, "DomainID": c.DomainID, "AssumeRole.AgencyName": c.AssumeRole.AgencyName,
		"AssumeRole.DomainName": c.AssumeRole.DomainName, "AssumeRole.DomainID": c.AssumeRole.DomainID,
		"ProjectID": c.ProjectID, "ProjectName": c.ProjectName, "CACertFile": c.CACertFile,
		"Endpoints.ModelArts": c.Endpoints.ModelArts, "Endpoints.IAM": c.Endpoints.IAM,
	} {
		set[field] = value != ""
	}
	return set
}

// from notes that what was not set before was taken from an origin.
func (c *Config) from(before map[string]bool, origin string) {
	origins := maps.Clone(c.Origins)
	if origins == nil {
		origins = make(map[string]string)
	}
	for field, set := range c.set() {
		if set && !before[field] {
			origins[field] = origin
		}
	}
	c.Origins = origins
}
