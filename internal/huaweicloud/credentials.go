package huaweicloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"golang.org/x/sync/singleflight"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/hold"
)

// Credentials are what a request is authenticated with: a key pair that signs
// it, or a token.
type Credentials struct {
	AccessKey string
	SecretKey string
	// SecurityToken belongs to a temporary key pair.
	SecurityToken string
	// AuthToken is an IAM token, in place of a key pair.
	AuthToken string
	// Expires is when they end by what their issuer says. Zero: never, or it is
	// not known.
	Expires time.Time
}

// secrets are what no log and no error may hold.
func (c Credentials) secrets() []string {
	return []string{c.SecretKey, c.SecurityToken, c.AuthToken}
}

// source is where credentials come from.
type source interface {
	// credentials returns the ones that hold now. Errors that are
	// apierror.ErrNoCredentials will not go away.
	credentials(ctx context.Context) (Credentials, error)
}

// static are credentials that somebody else renews, if anybody.
type static Credentials

func (s static) credentials(context.Context) (Credentials, error) { return Credentials(s), nil }

// Credentials are renewed when a fifth of their life is left, five minutes at
// most, and not more often than once in ten seconds: a source may give out the
// same ones for a while, and new ones may be refused too.
const (
	renewalPart  = 5
	renewalMost  = 5 * time.Minute
	renewalPause = 10 * time.Second
)

// keeper holds the credentials of a source for all requests, and renews them. It
// is safe for concurrent use. See design/0009-credentials.md.
type keeper struct {
	source source
	flight singleflight.Group

	mu      sync.Mutex
	current Credentials
	asked   time.Time // when the source was asked last
	due     time.Time // when it is to be asked again; zero: never
	failed  error     // a failure that stays
}

// get returns credentials other than the refused ones, if there can be others.
// One caller asks the source for all; those whose context ends leave it to the
// others. What is still valid is used on when it cannot be renewed.
func (k *keeper) get(ctx context.Context, refused Credentials) (Credentials, error) {
	if current, held, err := k.held(refused); held {
		return current, err
	}
	// Not bound to the first caller's context: the client's limits bound it.
	done := k.flight.DoChan("", func() (any, error) { return nil, k.renew(context.WithoutCancel(ctx)) })
	select {
	case <-ctx.Done():
		return Credentials{}, ctx.Err()
	case result := <-done:
		k.mu.Lock()
		defer k.mu.Unlock()
		usable := k.current != (Credentials{}) && (k.current.Expires.IsZero() || time.Now().Before(k.current.Expires))
		if result.Err != nil && !usable {
			return Credentials{}, result.Err
		}
		return k.current, nil
	}
}

// held returns what there is without asking the source, and whether it will do.
func (k *keeper) held(refused Credentials) (Credentials, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	switch {
	case k.failed != nil:
		return Credentials{}, true, k.failed
	case k.current == (Credentials{}):
		return Credentials{}, false, nil
	case now.Sub(k.asked) < renewalPause:
		return k.current, true, nil
	case k.current == refused, !k.due.IsZero() && !now.Before(k.due):
		return Credentials{}, false, nil
	}
	return k.current, true, nil
}

// renew asks the source. A failure that stays is remembered: ten resources that
// try a wrong password in turn lock the user's account.
func (k *keeper) renew(ctx context.Context) error {
	fresh, err := k.source.credentials(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = time.Now()
	if err != nil {
		if errors.Is(err, apierror.ErrNoCredentials) && k.current == (Credentials{}) {
			k.failed = err
		}
		tflog.Warn(ctx, "No new credentials could be had", map[string]any{"error": err.Error()})
		return err
	}
	k.current, k.due = fresh, time.Time{}
	if !fresh.Expires.IsZero() {
		k.due = fresh.Expires.Add(-min(renewalMost, fresh.Expires.Sub(k.asked)/renewalPart))
	}
	return nil
}

// identity gives each request the credentials of a keeper. One that is refused
// because of them, so that nothing has happened, is sent once more: with new
// ones, or signed afresh where there are no others.
type identity struct {
	keeper   *keeper
	refusals refusals
	next     http.RoundTripper
}

// RoundTrip sends the request.
func (i *identity) RoundTrip(req *http.Request) (*http.Response, error) {
	call := callOf(req.Context())
	if _, err := takeBody(req); err != nil {
		return nil, err
	}
	credentials, err := i.get(req.Context(), Credentials{})
	if err != nil {
		// The source has its own retries.
		call.hopeless = true
		return nil, apierror.NotSent(fmt.Errorf("getting credentials: %w", err))
	}
	call.credentials = credentials
	resp, err := i.next.RoundTrip(req)
	if err != nil || !i.refusals.unauthenticated(resp) {
		return resp, err
	}
	fresh, err := i.get(req.Context(), credentials)
	if err != nil || fresh == credentials && fresh.AuthToken != "" {
		return resp, nil //nolint:nilerr // the refusal says more
	}
	call.credentials = fresh
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return resp, nil //nolint:nilerr // the refusal says more
		}
	}
	return i.next.RoundTrip(req)
}

// get gets credentials for a request, which is held back meanwhile.
func (i *identity) get(ctx context.Context, refused Credentials) (Credentials, error) {
	defer hold.Sent(ctx)
	return i.keeper.get(hold.Back(ctx), refused)
}
