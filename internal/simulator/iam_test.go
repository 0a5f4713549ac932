package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/auth/signer"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/request"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

func passwordRequest(password string) object {
	return object{"auth": object{
		"identity": object{
			"methods": []string{"password"},
			"password": object{"user": object{
				"name": simulator.DefaultUserName, "password": password,
				"domain": object{"name": simulator.DefaultDomainName},
			}},
		},
		"scope": object{"project": object{"name": simulator.DefaultRegion}},
	}}
}

func agencyRequest(agency string) object {
	return object{"auth": object{
		"identity": object{
			"methods":     []string{"assume_role"},
			"assume_role": object{"agency_name": agency, "domain_name": simulator.DefaultDomainName, "duration_seconds": 3600},
		},
		"scope": object{"project": object{"name": simulator.DefaultRegion}},
	}}
}

// unsigned sends a request without a signature.
func (c *caller) unsigned(method, target string, body any, header http.Header) response {
	c.t.Helper()
	r := c.signed(method, target, body)
	r.Header.Del("Authorization")
	for name, values := range header {
		r.Header[name] = values
	}
	got, err := c.send(r)
	if err != nil {
		c.t.Fatal(err)
	}
	return got
}

func TestProjects(t *testing.T) {
	c := newCaller(t, simulator.Options{Region: "ap-southeast-1", SubProjects: []string{"team"}})
	all := c.ok("GET", "/v3/projects", nil)
	equal(t, "first", at(t, all, "projects", 0, "name"), "ap-southeast-1")
	equal(t, "second", at(t, all, "projects", 1, "name"), "ap-southeast-1_team")
	one := c.ok("GET", "/v3/projects?name=ap-southeast-1", nil)
	equal(t, "one", len(at(t, one, "projects").([]any)), 1)
	equal(t, "id", at(t, one, "projects", 0, "id"), c.project)
	equal(t, "none", c.ok("GET", "/v3/projects?name=x", nil)["projects"], []any{})
	domain := c.ok("GET", "/v3/auth/domains", nil)
	equal(t, "domain", at(t, domain, "domains", 0, "id"), at(t, one, "projects", 0, "domain_id"))
	if got := c.unsigned("GET", "/v3/projects", nil, nil); got.StatusCode != 401 {
		t.Errorf("status %d without a signature", got.StatusCode)
	}
}

// TestToken signs in, uses the token until it expires, and assumes an agency with it.
func TestToken(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	got := c.unsigned("POST", "/v3/auth/tokens?nocatalog=true", passwordRequest(simulator.DefaultPassword), nil)
	equal(t, "status", got.StatusCode, 201)
	equal(t, "project", at(t, got.members(t), "token", "project", "id"), c.project)
	equal(t, "expires_at", at(t, got.members(t), "token", "expires_at"), "2026-01-03T03:04:05.000000Z")
	token := http.Header{"X-Auth-Token": {got.Header.Get("X-Subject-Token")}}
	equal(t, "list", c.unsigned("GET", c.path("notebooks"), nil, token).StatusCode, 200)

	assumed := c.unsigned("POST", "/v3/auth/tokens", agencyRequest(simulator.DefaultAgencyName), token)
	equal(t, "assume_role", assumed.StatusCode, 201)
	assumedToken := http.Header{"X-Auth-Token": {assumed.Header.Get("X-Subject-Token")}}
	equal(t, "list of the agency", c.unsigned("GET", c.path("notebooks"), nil, assumedToken).StatusCode, 200)
	equal(t, "no such agency", c.unsigned("POST", "/v3/auth/tokens", agencyRequest("x"), token).StatusCode, 403)
	equal(t, "an agency without credentials", c.unsigned("POST", "/v3/auth/tokens", agencyRequest(simulator.DefaultAgencyName), nil).StatusCode, 401)

	c.sim.Advance(24*time.Hour - time.Millisecond)
	equal(t, "at the end", c.unsigned("GET", c.path("notebooks"), nil, token).StatusCode, 200)
	c.sim.Advance(time.Millisecond)
	equal(t, "expired", c.unsigned("GET", c.path("notebooks"), nil, token).StatusCode, 401)
}

func TestTokenRefusals(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	wrong := c.unsigned("POST", "/v3/auth/tokens", passwordRequest("x"), nil)
	equal(t, "status", wrong.StatusCode, 401)
	equal(t, "shape", at(t, wrong.members(t), "error", "code"), 401)
	equal(t, "title", at(t, wrong.members(t), "error", "title"), "Unauthorized")
	body := passwordRequest(simulator.DefaultPassword)
	body["auth"].(object)["scope"] = object{"project": object{"name": "x"}}
	equal(t, "no such project", c.unsigned("POST", "/v3/auth/tokens", body, nil).StatusCode, 401)
	equal(t, "no body", c.unsigned("POST", "/v3/auth/tokens", nil, nil).StatusCode, 400)
	equal(t, "empty", c.unsigned("POST", "/v3/auth/tokens", object{}, nil).StatusCode, 400)

	body["auth"].(object)["scope"] = object{"domain": object{"name": simulator.DefaultDomainName}}
	whole := c.unsigned("POST", "/v3/auth/tokens", body, nil)
	token := http.Header{"X-Auth-Token": {whole.Header.Get("X-Subject-Token")}}
	equal(t, "projects by a token of the domain", c.unsigned("GET", "/v3/projects", nil, token).StatusCode, 200)
	equal(t, "notebooks by it", c.unsigned("GET", c.path("notebooks"), nil, token).StatusCode, 403)
}

// TestTemporaryKeys assumes an agency by permanent keys and signs with its own.
func TestTemporaryKeys(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	got := c.call("POST", "/v3.0/OS-CREDENTIAL/securitytokens", agencyRequest(simulator.DefaultAgencyName))
	equal(t, "status", got.StatusCode, 201)
	credential, _ := at(t, got.members(t), "credential").(object)
	equal(t, "expires_at", credential["expires_at"], "2026-01-02T04:04:05.000000Z")
	call := func(securityToken string, signed bool) int {
		builder := request.NewHttpRequestBuilder().WithEndpoint(c.url).WithMethod("GET").WithPath(c.path("notebooks")).
			AddHeaderParam("X-Sdk-Date", epoch.Format("20060102T150405Z")).
			AddHeaderParam("host", strings.TrimPrefix(c.url, "http://"))
		if signed {
			builder.AddHeaderParam("X-Security-Token", securityToken)
		}
		added, err := signer.Sign(builder.Build(), credential["access"].(string), credential["secret"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return c.unsigned("GET", c.path("notebooks"), nil, http.Header{
			"Authorization": {added["Authorization"]}, "X-Security-Token": {securityToken},
		}).StatusCode
	}
	token := credential["securitytoken"].(string)
	equal(t, "token signed", call(token, true), 200)
	t.Run("revoked", func(t *testing.T) {
		other := newCaller(t, simulator.Options{})
		signIn := other.unsigned("POST", "/v3/auth/tokens", passwordRequest(simulator.DefaultPassword), nil)
		session := http.Header{"X-Auth-Token": {signIn.Header.Get("X-Subject-Token")}}
		equal(t, "before", other.unsigned("GET", other.path("notebooks"), nil, session).StatusCode, 200)
		other.sim.RevokeSessions()
		equal(t, "after", other.unsigned("GET", other.path("notebooks"), nil, session).StatusCode, 401)
	})
	equal(t, "token beside the signature", call(token, false), 200)
	equal(t, "another token", call("x", false), 401)
	equal(t, "no token", call("", false), 401)
	c.sim.Advance(time.Hour)
	equal(t, "expired", call(token, true), 401)

	short := agencyRequest(simulator.DefaultAgencyName)
	short["auth"].(object)["identity"].(object)["assume_role"].(object)["duration_seconds"] = 60
	equal(t, "too short", c.call("POST", "/v3.0/OS-CREDENTIAL/securitytokens", short).StatusCode, 400)
}

// TestKeysOfAToken makes temporary keys of the caller's own token, and of one
// in the body.
func TestKeysOfAToken(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	signIn := c.unsigned("POST", "/v3/auth/tokens", passwordRequest(simulator.DefaultPassword), nil)
	token := signIn.Header.Get("X-Subject-Token")
	keys := func(id string, header http.Header) int {
		member := object{"duration_seconds": 900}
		if id != "" {
			member["id"] = id
		}
		return c.unsigned("POST", "/v3.0/OS-CREDENTIAL/securitytokens", object{
			"auth": object{"identity": object{"methods": []string{"token"}, "token": member}},
		}, header).StatusCode
	}
	equal(t, "token of the request", keys("", http.Header{"X-Auth-Token": {token}}), 201)
	equal(t, "token in the body", keys(token, nil), 201)
	equal(t, "no token", keys("", nil), 401)
	equal(t, "another token", keys("x", nil), 401)
	for _, r := range c.sim.Requests() {
		if strings.Contains(string(r.Body), token) {
			t.Errorf("the log holds the token: %s", r.Body)
		}
	}
}

// TestMetadata gets keys of the instance's agency, with a token where it must be,
// and calls the service with them until they are revoked.
func TestMetadata(t *testing.T) {
	c := newCaller(t, simulator.Options{})
	key := func(token string) response {
		return c.unsigned("GET", "/openstack/latest/securitykey", nil, http.Header{"X-Metadata-Token": {token}})
	}
	got := key("")
	equal(t, "status", got.StatusCode, 200)
	equal(t, "expires_at", at(t, got.members(t), "credential", "expires_at"), "2026-01-03T03:04:05.000000Z")
	for _, seconds := range []string{"", "0", "21601"} {
		refused := c.unsigned("PUT", "/meta-data/latest/api/token", nil, http.Header{"X-Metadata-Token-Ttl-Seconds": {seconds}})
		equal(t, "status of a token for "+seconds, refused.StatusCode, 400)
	}

	c.sim.Configure(func(o *simulator.Options) { o.MetadataTokens = true })
	equal(t, "without a token", key("").StatusCode, 401)
	made := c.unsigned("PUT", "/meta-data/latest/api/token", nil, http.Header{"X-Metadata-Token-Ttl-Seconds": {"60"}})
	token := string(made.body)
	equal(t, "with a token", key(token).StatusCode, 200)
	for _, r := range c.sim.Requests() {
		if strings.Contains(strings.Join(r.Header["X-Metadata-Token"], ""), token) {
			t.Error("the log holds the token")
		}
	}
	c.sim.Advance(time.Minute)
	equal(t, "with an old token", key(token).StatusCode, 401)
	c.sim.Configure(func(o *simulator.Options) { o.MetadataTokens, o.NoInstanceAgency = false, true })
	equal(t, "no agency", key("").StatusCode, 401)
}
