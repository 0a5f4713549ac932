package huaweicloud

import (
	"context"
	"net/http"
	"time"
)

// named is how IAM takes a reference: by name or by ID.
type named struct {
	Name string `json:"name,omitempty"`
	ID   string `json:"id,omitempty"`
}

// password signs in as a user.
type password struct {
	iam            *iam
	user, password string
	domain         named
	scope          scope
}

// scope is what a token is for: a project or, for what is no project's, the
// account.
type scope struct {
	Project *named `json:"project,omitempty"`
	Domain  *named `json:"domain,omitempty"`
}

// credentials gets a token, which lives 24 hours.
//
// API: POST /v3/auth/tokens of IAM
func (p *password) credentials(ctx context.Context) (Credentials, error) {
	type user struct {
		Name     string `json:"name"`
		Password string `json:"password"`
		Domain   named  `json:"domain"`
	}
	var request struct {
		Auth struct {
			Identity struct {
				Methods  []string `json:"methods"`
				Password struct {
					User user `json:"user"`
				} `json:"password"`
			} `json:"identity"`
			Scope scope `json:"scope"`
		} `json:"auth"`
	}
	request.Auth.Identity.Methods = []string{"password"}
	request.Auth.Identity.Password.User = user{p.user, p.password, p.domain}
	request.Auth.Scope = p.scope
	var result struct {
		Token struct {
			ExpiresAt string `json:"expires_at"`
		} `json:"token"`
	}
	// The catalogue is long and is not used here.
	header, err := p.iam.call(ctx, OperationSignIn, http.MethodPost, "v3/auth/tokens?nocatalog=true", request, &result)
	if err != nil {
		return Credentials{}, err
	}
	token := header.Get("X-Subject-Token")
	if token == "" {
		return Credentials{}, unreadable(OperationSignIn, http.StatusCreated, header)
	}
	return Credentials{AuthToken: token, Expires: expiry(result.Token.ExpiresAt)}, nil
}

// agency acts for another account, which has entrusted an agency to the account
// that the client's own credentials belong to.
type agency struct {
	iam *iam
	AssumeRole
}

// credentials gets a temporary key pair.
//
// API: POST /v3.0/OS-CREDENTIAL/securitytokens of IAM
func (a *agency) credentials(ctx context.Context) (Credentials, error) {
	type role struct {
		AgencyName      string `json:"agency_name"`
		DomainName      string `json:"domain_name,omitempty"`
		DomainID        string `json:"domain_id,omitempty"`
		DurationSeconds int    `json:"duration_seconds"`
	}
	var request struct {
		Auth struct {
			Identity struct {
				Methods    []string `json:"methods"`
				AssumeRole role     `json:"assume_role"`
			} `json:"identity"`
		} `json:"auth"`
	}
	request.Auth.Identity.Methods = []string{"assume_role"}
	request.Auth.Identity.AssumeRole = role{a.AgencyName, a.DomainName, a.DomainID, int(a.Duration / time.Second)}
	var result temporaryKey
	header, err := a.iam.call(ctx, OperationAssumeRole, http.MethodPost, "v3.0/OS-CREDENTIAL/securitytokens", request, &result)
	if err != nil {
		return Credentials{}, err
	}
	if !result.complete() {
		return Credentials{}, unreadable(OperationAssumeRole, http.StatusCreated, header)
	}
	return result.credentials(), nil
}

// temporaryKey is how IAM and the metadata of an instance give a key pair out.
type temporaryKey struct {
	Credential struct {
		Access        string `json:"access"`
		Secret        string `json:"secret"`
		SecurityToken string `json:"securitytoken"`
		ExpiresAt     string `json:"expires_at"`
	} `json:"credential"`
}

func (k *temporaryKey) complete() bool {
	return k.Credential.Access != "" && k.Credential.Secret != "" && k.Credential.SecurityToken != ""
}

func (k *temporaryKey) credentials() Credentials {
	return Credentials{
		AccessKey: k.Credential.Access, SecretKey: k.Credential.Secret, SecurityToken: k.Credential.SecurityToken,
		Expires: expiry(k.Credential.ExpiresAt),
	}
}

// expiry reads a time of IAM. What cannot be read is not known: then the
// credentials are renewed when they are refused.
func expiry(text string) time.Time {
	expires, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return expires
}
