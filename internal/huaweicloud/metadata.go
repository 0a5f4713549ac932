package huaweicloud

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

const (
	// metadataAddress is the same on every instance, and reached without leaving
	// its host.
	metadataAddress = "http://169.254.169.254"
	// metadataVariable replaces it, by a loopback address: for tests.
	metadataVariable = "MODELARTS_METADATA_ENDPOINT"
	// metadataTime is what the whole conversation may take. Outside the cloud no
	// server answers.
	metadataTime = 2 * time.Second
	metadataMost = 64 << 10
)

// metadata asks the instance that this process runs on for the keys of its
// agency. It is the last source: looked holds where else credentials were looked
// for, for the error when there are none here either.
type metadata struct {
	endpoint *url.URL
	looked   []string
	client   *http.Client
}

func newMetadata(looked []string) (*metadata, error) {
	raw := cmp.Or(os.Getenv(metadataVariable), metadataAddress)
	endpoint, err := url.Parse(raw)
	if err != nil || raw != metadataAddress && (endpoint.Scheme != "http" || !isLoopback(endpoint.Hostname())) {
		return nil, fmt.Errorf("the environment variable %s must be an http:// URL of a loopback address", metadataVariable)
	}
	// No proxy: it would answer with the keys of its own instance.
	return &metadata{endpoint, looked, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: noRedirect}}, nil
}

// credentials gets a temporary key pair.
//
// API: GET /openstack/latest/securitykey of the instance's metadata
func (m *metadata) credentials(ctx context.Context) (Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTime)
	defer cancel()
	key, err := m.key(ctx)
	switch {
	case err == nil:
		return key.credentials(), nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("no answer within %s", metadataTime)
	}
	return Credentials{}, fmt.Errorf("%w were found. Looked for: %s; the metadata of the instance at %s (%w)",
		apierror.ErrNoCredentials, strings.Join(m.looked, "; "), m.endpoint, err)
}

func (m *metadata) key(ctx context.Context) (*temporaryKey, error) {
	// Instances can be set to take only requests with a token of their own.
	// Others do not know of tokens.
	var token string
	status, body, err := m.ask(ctx, http.MethodPut, "/meta-data/latest/api/token", "X-Metadata-Token-Ttl-Seconds", "60")
	if err != nil {
		return nil, err
	}
	if status == http.StatusOK {
		token = string(body)
	}
	status, body, err = m.ask(ctx, http.MethodGet, "/openstack/latest/securitykey", "X-Metadata-Token", token)
	var key temporaryKey
	switch {
	case err != nil:
		return nil, err
	case status != http.StatusOK:
		return nil, fmt.Errorf("HTTP %d: does the instance have an agency?", status)
	case json.Unmarshal(body, &key) != nil || !key.complete():
		return nil, errors.New("the answer cannot be read")
	}
	return &key, nil
}

func (m *metadata) ask(ctx context.Context, method, path, name, value string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, m.endpoint.JoinPath(path).String(), http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	if value != "" {
		req.Header.Set(name, value)
	}
	resp, err := m.client.Do(req)
	if err != nil {
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, metadataMost))
	return resp.StatusCode, body, err
}
