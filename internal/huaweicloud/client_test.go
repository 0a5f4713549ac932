package huaweicloud

import (
	"net/http"
	"time"
)

// newClient is a client with the keys or the token of a configuration.
func newClient(config Config, network http.RoundTripper, attemptLimit time.Duration, maxRetries int) *http.Client {
	l := layers{network: network, attemptLimit: attemptLimit, maxRetries: maxRetries, budget: new(budget), refusals: refusals{config.Retry, config.SignInAgain}}
	return l.client(&keeper{source: static{
		AccessKey: config.AccessKey, SecretKey: config.SecretKey, SecurityToken: config.SecurityToken, AuthToken: config.AuthToken,
	}})
}
