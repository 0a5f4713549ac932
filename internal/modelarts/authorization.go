package modelarts

import (
	"context"
	"iter"
	"net/http"
	"strconv"
)

// Authorization lets ModelArts act for a user, or for all users of an account.
// Without one no instance can be created.
type Authorization struct {
	// UserID is a user, or all users: then AllUsers is true.
	UserID   *string `json:"user_id"`
	UserName *string `json:"user_name"`
	// UserType is iam, federate, federation-group, grant or all-users.
	UserType *string `json:"user_type"`
	// Type is AGENCY or CREDENTIAL.
	Type *string `json:"type"`
	// Content is the name of the agency, or the ID of the access key.
	Content *string `json:"content"`
	// CreateTime is UTC in milliseconds.
	CreateTime *int64 `json:"create_time"`
}

// AllUsers reports whether the authorization is for all users. The service
// writes that as all-users, the reference as all.
func (a *Authorization) AllUsers() bool {
	return a.UserID != nil && (*a.UserID == "all-users" || *a.UserID == "all")
}

// AuthorizationRequest is what CreateAuthorization sends.
type AuthorizationRequest struct {
	// UserID is a user, or all-users.
	UserID   *string `json:"user_id,omitempty"`
	UserName *string `json:"user_name,omitempty"`
	// UserType is as in Authorization. Newer models alone have it.
	UserType *string `json:"user_type,omitempty"`
	// Type is agency or credential.
	Type    *string `json:"type,omitempty"`
	Content string  `json:"content"`
	// SecretKey is that of an access key. It is a secret.
	SecretKey *string `json:"secret_key,omitempty"`
}

// authorizationsPerPage is the largest page that the list accepts.
const authorizationsPerPage = 1000

// ListAuthorizations lists who has authorized ModelArts to act for whom, page by
// page. An error ends the sequence. A user may lack the permission for this call
// (HTTP 403), which says nothing about the authorizations.
//
// API: GET /v2/{project_id}/authorizations
func (c *Client) ListAuthorizations(ctx context.Context) iter.Seq2[Authorization, error] {
	return func(yield func(Authorization, error) bool) {
		for number := 0; ; number++ {
			page, err := call[authorizationPage](ctx, c, request{
				version:   "v2",
				operation: "GetAuthorizations",
				method:    http.MethodGet,
				path:      []string{"authorizations"},
				// The offset counts pages here.
				query: queryValues("limit", strconv.Itoa(authorizationsPerPage), "offset", strconv.Itoa(number)),
			})
			if err != nil {
				yield(Authorization{}, err)
				return
			}
			for _, entry := range page.entries() {
				if !yield(entry, nil) {
					return
				}
			}
			if len(page.entries()) < authorizationsPerPage {
				return
			}
		}
	}
}

// authorizationPage is one page of authorizations.
type authorizationPage struct {
	Auth []Authorization `json:"auth"`
	// Content holds the entries in some answers, in place of Auth.
	Content []Authorization `json:"content"`
	// TotalCount is there, or one of the lists, in whatever is a page.
	TotalCount *float64 `json:"total_count"`
}

func (p *authorizationPage) entries() []Authorization {
	if len(p.Auth) > 0 {
		return p.Auth
	}
	return p.Content
}

// check refuses an answer that is no page: it must not pass for the answer that
// there is no authorization.
func (p *authorizationPage) check(bool) error {
	if p.TotalCount == nil && p.Auth == nil && p.Content == nil {
		return errNoList
	}
	return nil
}

// CreateAuthorization lets ModelArts act for a user or for all users, or changes
// for whom and through which agency it does. It needs an administrator of IAM.
//
// API: POST /v2/{project_id}/authorizations
func (c *Client) CreateAuthorization(ctx context.Context, authorization AuthorizationRequest) error {
	return c.send(ctx, request{
		version:   "v2",
		operation: "CreateAuthorization",
		method:    http.MethodPost,
		path:      []string{"authorizations"},
		body:      authorization,
	})
}

// CreateModelArtsAgency makes the agency ma_agency_SUFFIX, or modelarts_agency
// without a suffix, and returns its name. The service refuses it with
// ModelArts.3818 when there is one of that name. It needs an administrator of
// IAM.
//
// API: POST /v2/{project_id}/agency
func (c *Client) CreateModelArtsAgency(ctx context.Context, suffix string) (string, error) {
	answer, err := call[struct {
		AgencyName string `json:"agency_name"`
	}](ctx, c, request{
		version:   "v2",
		operation: "CreateModelArtsAgency",
		method:    http.MethodPost,
		path:      []string{"agency"},
		body:      agencyRequest{AgencyNameSuffix: suffix},
	})
	if err != nil {
		return "", err
	}
	return answer.AgencyName, nil
}

type agencyRequest struct {
	AgencyNameSuffix string `json:"agency_name_suffix,omitempty"`
}
