// Package huaweicloud holds what every client of this cloud needs: endpoints,
// credentials, request signing, retries, and the look-up of the project.
//
// A request passes, from the outside in: retries (retry.go), the budget that all
// requests share (budget.go, throttle.go), the credentials (credentials.go), one attempt with
// its time limit and its log line (attempt.go), authentication (auth.go), the
// network (transport.go). So each attempt is signed afresh: a signature is valid
// for 15 minutes only, which waiting may use up. Credentials come from one of
// several sources (sources.go, profile.go, metadata.go).
package huaweicloud

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
)

// Session is an identity at one place of the cloud. It is safe for concurrent
// use.
type Session struct {
	config    Config
	network   http.RoundTripper
	client    *http.Client
	modelArts *url.URL
	iam       *iam

	credentials *keeper

	mu        sync.Mutex
	projectID string
	lookup    *lookup // under way, or nil
}

// New returns a session. It reads the profile, if one is needed, and uses no
// network, so that a configuration that is never used costs nothing. Its errors
// are *ConfigError.
func New(config Config) (*Session, error) { return open(config, nil) }

// open is New over another network, if one is given.
func open(config Config, network http.RoundTripper) (*Session, error) {
	whole, looked, err := config.withProfile()
	if err != nil {
		return nil, &AccessError{&Access{Origins: config.Origins}, err}
	}
	whole.Looked = slices.Concat(config.Looked, looked)
	s, err := whole.open(network)
	if err != nil {
		return nil, &AccessError{&Access{Origins: whole.Origins}, err}
	}
	return s, nil
}

// In returns a session with the same identity in another region, or the session
// itself in its own region. It reaches the region's own endpoints, so it is an
// error, a *ConfigError, if the endpoint of ModelArts is configured. The project
// is the one that has the same name in the other region, and is looked up. It
// uses no network.
func (s *Session) In(region string) (*Session, error) {
	if region == s.config.Region {
		return s, nil
	}
	config, err := s.config.in(region)
	if err != nil {
		return nil, err
	}
	return config.open(s.network)
}

// Region returns the name of the region, which may come from a profile. It is
// empty where the configuration has none.
func (s *Session) Region() string { return s.config.Region }

// open returns a session of a configuration that is complete.
func (c Config) open(network http.RoundTripper) (*Session, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	modelArts, err := c.modelArtsEndpoint()
	if err != nil {
		return nil, err
	}
	endpoints, err := c.iamEndpoints()
	if err != nil {
		return nil, err
	}
	roots, err := c.rootCAs()
	if err != nil {
		return nil, err
	}
	maxRetries := defaultMaxRetries
	if c.MaxRetries != nil {
		maxRetries = *c.MaxRetries
	}
	limits := defaultTimeouts
	if c.RequestTimeout > 0 {
		limits.attempt = c.RequestTimeout
		limits.response = min(limits.response, limits.attempt)
	}
	if network == nil {
		network = newTransport(c.Insecure, roots, limits)
	}
	clients := layers{
		network:      network,
		attemptLimit: limits.attempt,
		maxRetries:   maxRetries,
		budget:       new(budget),
		secrets:      []string{c.Password, c.SecretKey, c.SecurityToken, c.AuthToken},
		refusals:     refusals{c.Retry, c.SignInAgain},
	}
	reach := func(credentials *keeper) *iam {
		i := &iam{client: clients.client(credentials), endpoints: endpoints, userAgent: c.UserAgent}
		if credentials != nil {
			i.domainID = c.DomainID
		}
		return i
	}
	from, err := c.source(reach)
	if err != nil {
		return nil, err
	}
	s := &Session{config: c, network: network, modelArts: modelArts, credentials: &keeper{source: from}, projectID: c.ProjectID}
	s.iam = reach(s.credentials)
	s.client = s.iam.client
	return s, nil
}

// SignIn gets credentials where they must be asked for: with a password, of an
// agency, of the instance. A caller that does so first learns of a wrong password
// once, not with each request. Without it the first request does the same. It is
// ErrNoCredentials when there are none to be had.
func (s *Session) SignIn(ctx context.Context) error {
	_, err := s.credentials.get(ctx, Credentials{})
	return err
}

// source chooses where the credentials come from. reach gives the way to IAM with
// credentials, or with none.
func (c Config) source(reach func(*keeper) *iam) (source, error) {
	var own source
	switch {
	case c.Password != "":
		s := &password{iam: reach(nil), user: c.UserName, password: c.Password, domain: named{c.DomainName, c.DomainID}}
		switch {
		case c.AssumeRole.AgencyName != "":
			s.scope.Domain = &s.domain
		case c.ProjectID != "":
			s.scope.Project = &named{ID: c.ProjectID}
		default:
			s.scope.Project = &named{Name: cmp.Or(c.ProjectName, c.Region)}
		}
		own = s
	case c.hasCredentials():
		own = static{AccessKey: c.AccessKey, SecretKey: c.SecretKey, SecurityToken: c.SecurityToken, AuthToken: c.AuthToken}
	default:
		instance, err := newMetadata(c.Looked)
		if err != nil {
			return nil, err
		}
		own = instance
	}
	if c.AssumeRole.AgencyName == "" {
		return own, nil
	}
	role := c.AssumeRole
	role.Duration = cmp.Or(role.Duration, defaultRoleDuration)
	return &agency{reach(&keeper{source: own}), role}, nil
}

// HTTPClient returns a client that authenticates each request, retries what is
// safe to retry, follows no redirect and gives up within finite time. It hands
// out whole bodies: they have been read when it returns.
func (s *Session) HTTPClient() *http.Client { return s.client }

// ModelArtsEndpoint returns the base URL of the ModelArts API.
func (s *Session) ModelArtsEndpoint() *url.URL {
	endpoint := *s.modelArts
	return &endpoint
}

// ProjectID returns the project of the region. A configured one is returned at
// once. Otherwise it is looked up at the first call, once, however many callers
// there are; a failure is not remembered, and a caller whose context ends leaves
// the others waiting for the same answer.
func (s *Session) ProjectID(ctx context.Context) (string, error) {
	s.mu.Lock()
	if s.projectID != "" {
		defer s.mu.Unlock()
		return s.projectID, nil
	}
	if s.lookup == nil {
		s.lookup = s.startLookup(ctx)
	}
	current := s.lookup
	s.mu.Unlock()

	select {
	case <-current.done:
		return current.projectID, current.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
