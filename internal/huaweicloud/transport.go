package huaweicloud

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// timeouts bound the phases of one attempt. Without each of them, a host that
// accepts connections and says nothing would hold an apply for ever.
type timeouts struct {
	dial     time.Duration
	tls      time.Duration
	response time.Duration // from the request being sent to the headers of the answer
	attempt  time.Duration // all of it, with the body
}

var defaultTimeouts = timeouts{
	dial:     5 * time.Second,
	tls:      10 * time.Second,
	response: 60 * time.Second,
	attempt:  90 * time.Second,
}

// newTransport returns the way to the network.
func newTransport(insecure bool, roots *x509.CertPool, limits timeouts) *http.Transport {
	// HTTP/1.1 only. net/http itself sends a request again when it believes that
	// to be safe. Over HTTP/1.1 it does so for reads, and for a write of which
	// not one byte was written to a connection that had gone stale: then no
	// instance was created. Over HTTP/2 it also repeats a POST that the server
	// reset with a protocol error.
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: limits.dial}).DialContext,
		TLSHandshakeTimeout:   limits.tls,
		ResponseHeaderTimeout: limits.response,
		// Terraform makes ten calls at a time. Half a minute is less than what
		// gateways keep an idle connection for: a write that meets one just being
		// closed cannot be retried.
		MaxIdleConnsPerHost: 10,
		IdleConnTimeout:     30 * time.Second,
		Protocols:           &protocols,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            roots,
			InsecureSkipVerify: insecure, //nolint:gosec // the user's own choice, off by default
		},
	}
}
