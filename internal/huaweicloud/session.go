// Package huaweicloud holds what every client of this cloud needs: endpoints,
// credentials, request signing, retries, and the look-up of the project.
//
// A request passes, from the outside in: retries (retry.go), the budget that all
// requests share (budget.go), one attempt with its time limit and its log line (attempt.go), authentication (auth.go), the
// network (transport.go). So each attempt is signed afresh: a signature is valid
// for 15 minutes only, which waiting may use up.
package huaweicloud

import (
	"context"
	"net/http"
	"net/url"
	"sync"
)

// Session is an identity at one place of the cloud. It is safe for concurrent
// use.
type Session struct {
	config    Config
	client    *http.Client
	modelArts *url.URL
	iam       []*url.URL

	mu        sync.Mutex
	projectID string
	lookup    *lookup // under way, or nil
}

// New returns a session. It uses no network, so that a configuration that is
// never used costs nothing. Its errors are *ConfigError.
func New(config Config) (*Session, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	modelArts, err := config.modelArtsEndpoint()
	if err != nil {
		return nil, err
	}
	iam, err := config.iamEndpoints()
	if err != nil {
		return nil, err
	}
	roots, err := config.rootCAs()
	if err != nil {
		return nil, err
	}
	maxRetries := defaultMaxRetries
	if config.MaxRetries != nil {
		maxRetries = *config.MaxRetries
	}
	limits := defaultTimeouts
	return &Session{
		config:    config,
		client:    newClient(config, newTransport(config.Insecure, roots, limits), limits.attempt, maxRetries),
		modelArts: modelArts,
		iam:       iam,
		projectID: config.ProjectID,
	}, nil
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
//
// API: GET /v3/projects of IAM
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
