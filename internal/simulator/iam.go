package simulator

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// tokenLife is how long a token lives.
const tokenLife = 24 * time.Hour

// The life of temporary keys, in seconds.
const (
	keyLifeDefault = 900
	keyLifeMax     = 86400
)

// iamTime is the form of IAM's times.
const iamTime = "2006-01-02T15:04:05.000000Z"

// project is a project of the account, as IAM answers it.
type project struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	DomainID    string            `json:"domain_id"`
	ParentID    string            `json:"parent_id"`
	IsDomain    bool              `json:"is_domain"`
	Enabled     bool              `json:"enabled"`
	Links       map[string]string `json:"links"`
}

type iamDomain struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// projects are those of the account: the region's own and those below it.
func (s *Simulator) projects() []project {
	list := []project{{
		ID: s.options.ProjectID, Name: s.options.Region, DomainID: s.domainID, ParentID: s.domainID, Enabled: true,
	}}
	for _, name := range s.options.SubProjects {
		full := s.options.Region + "_" + name
		list = append(list, project{
			ID: idOf("project", full), Name: full, DomainID: s.domainID, ParentID: s.options.ProjectID, Enabled: true,
		})
	}
	return list
}

// iamError is the body of IAM's own refusals.
func iamError(status int, message string) map[string]any {
	return map[string]any{"error": map[string]any{
		"code": status, "message": message, "title": http.StatusText(status),
	}}
}

func iamRefusal(status int, message string) *answer {
	return &answer{status: status, body: iamError(status, message), code: fmt.Sprint(status)}
}

// iamProblem is a problem of the reader in the shape that IAM answers.
func iamProblem(p *problem) *answer {
	return iamRefusal(http.StatusBadRequest, p.message)
}

func (s *Simulator) listProjects(c *call) (*answer, *problem) {
	found := []project{}
	for _, p := range s.projects() {
		if name := c.query.Get("name"); name != "" && name != p.Name {
			continue
		}
		if id := c.query.Get("domain_id"); id != "" && id != p.DomainID {
			continue
		}
		p.Links = map[string]string{"self": c.baseURL + "/v3/projects/" + p.ID}
		found = append(found, p)
	}
	return ok(map[string]any{
		"projects": found,
		"links":    map[string]any{"self": c.baseURL + "/v3/projects", "next": nil, "previous": nil},
	}), nil
}

func (s *Simulator) listAuthDomains(c *call) (*answer, *problem) {
	return ok(map[string]any{
		"domains": []map[string]any{{
			"id": s.domainID, "name": s.options.DomainName, "description": "", "enabled": true,
			"links": map[string]string{"self": c.baseURL + "/v3/domains/" + s.domainID},
		}},
		"links": map[string]any{"self": c.baseURL + "/v3/auth/domains", "next": nil, "previous": nil},
	}), nil
}

// createToken signs in with a password, or assumes an agency.
func (s *Simulator) createToken(c *call) (*answer, *problem) {
	body, p := readBody(c.body)
	if p != nil {
		return iamProblem(p), nil
	}
	auth := orEmpty(body.object("auth"), body)
	identity := orEmpty(auth.object("identity"), body)
	methods := identity.texts("methods")
	if p := body.failure(); p != nil {
		return iamProblem(p), nil
	}
	method := ""
	if len(methods) == 1 {
		method = methods[0]
	}
	switch method {
	case "password":
		if refused := s.checkPassword(identity); refused != nil {
			return refused, nil
		}
	case "assume_role":
		if refused := s.checkAgency(c, identity); refused != nil {
			return refused, nil
		}
	default:
		return iamRefusal(http.StatusBadRequest, "The identity method is not supported."), nil
	}
	scope, refused := s.scope(auth)
	if refused != nil {
		return refused, nil
	}
	scope.expires = c.now.Add(tokenLife)
	// Real tokens are about this long, which headers and logs must bear.
	token := "MII" + strings.Repeat(strings.ReplaceAll(uuid.NewString(), "-", ""), 40)
	s.tokens[token] = *scope
	return &answer{
		status: http.StatusCreated,
		header: http.Header{"X-Subject-Token": {token}},
		body:   map[string]any{"token": s.describeToken(*scope, method, c.now)},
	}, nil
}

// orEmpty stands for an object that is absent.
func orEmpty(r, parent *reader) *reader {
	if r == nil {
		return &reader{members: map[string]any{}, problem: parent.problem}
	}
	return r
}

func (s *Simulator) checkPassword(identity *reader) *answer {
	password := orEmpty(identity.object("password"), identity)
	user := orEmpty(password.object("user"), identity)
	domain := orEmpty(user.object("domain"), identity)
	rightUser := user.textOr("name", "") == s.options.UserName || user.textOr("id", "") == s.userID
	rightDomain := user.has("id") || s.isDomain(domain.textOr("name", ""), domain.textOr("id", ""))
	rightPassword := user.textOr("password", "") == s.options.Password
	if p := identity.failure(); p != nil {
		return iamProblem(p)
	}
	if !rightUser || !rightDomain || !rightPassword {
		return iamRefusal(http.StatusUnauthorized, "The username or password is wrong.")
	}
	return nil
}

// isDomain reports whether the account is meant.
func (s *Simulator) isDomain(name, id string) bool {
	return name == s.options.DomainName || id == s.domainID
}

// checkAgency checks that a caller that is known asks for the agency that there is.
func (s *Simulator) checkAgency(c *call, identity *reader) *answer {
	if c.authErr != nil {
		return iamRefusal(http.StatusUnauthorized, "The request you have made requires authentication.")
	}
	role := orEmpty(identity.object("assume_role"), identity)
	agency := role.textOr("agency_name", role.textOr("xrole_name", ""))
	known := agency == s.options.AgencyName && s.isDomain(role.textOr("domain_name", ""), role.textOr("domain_id", ""))
	if p := identity.failure(); p != nil {
		return iamProblem(p)
	}
	if !known {
		return iamRefusal(http.StatusForbidden, "You are not authorized to perform the requested action: the agency does not exist.")
	}
	return nil
}

// scope reads what a token shall be for.
func (s *Simulator) scope(auth *reader) (*session, *answer) {
	scope := orEmpty(auth.object("scope"), auth)
	wanted := scope.object("project")
	if p := auth.failure(); p != nil {
		return nil, iamProblem(p)
	}
	if wanted == nil {
		return &session{wholeDomain: true}, nil
	}
	name, id := wanted.textOr("name", ""), wanted.textOr("id", "")
	for _, p := range s.projects() {
		if name == p.Name || id == p.ID {
			return &session{projectID: p.ID}, nil
		}
	}
	return nil, iamRefusal(http.StatusUnauthorized, "The project of the scope does not exist.")
}

// describeToken is the body that comes with a token.
func (s *Simulator) describeToken(scope session, method string, now time.Time) map[string]any {
	domain := iamDomain{ID: s.domainID, Name: s.options.DomainName}
	token := map[string]any{
		"methods":    []string{method},
		"issued_at":  now.Format(iamTime),
		"expires_at": scope.expires.Format(iamTime),
		"catalog":    []any{},
		"roles":      []map[string]string{{"id": "0", "name": "te_admin"}},
		"user": map[string]any{
			"id": s.userID, "name": s.options.UserName, "domain": domain, "password_expires_at": "",
		},
	}
	for _, p := range s.projects() {
		if p.ID == scope.projectID {
			token["project"] = map[string]any{"id": p.ID, "name": p.Name, "domain": domain}
		}
	}
	if scope.wholeDomain {
		token["domain"] = domain
	}
	return token
}

// createTemporaryKey makes a temporary key of an agency, or of a token.
func (s *Simulator) createTemporaryKey(c *call) (*answer, *problem) {
	body, p := readBody(c.body)
	if p != nil {
		return iamProblem(p), nil
	}
	auth := orEmpty(body.object("auth"), body)
	identity := orEmpty(auth.object("identity"), body)
	methods := identity.texts("methods")
	if p := body.failure(); p != nil {
		return iamProblem(p), nil
	}
	var from *reader
	switch {
	case len(methods) == 1 && methods[0] == "assume_role":
		if refused := s.checkAgency(c, identity); refused != nil {
			return refused, nil
		}
		from = orEmpty(identity.object("assume_role"), body)
	case len(methods) == 1 && methods[0] == "token":
		from = orEmpty(identity.object("token"), body)
		if refused := s.checkToken(c, from); refused != nil {
			return refused, nil
		}
	default:
		return iamRefusal(http.StatusBadRequest, "The identity method is not supported."), nil
	}
	seconds := int64(keyLifeDefault)
	set(&seconds, from.integer("duration_seconds"))
	if p := body.failure(); p != nil {
		return iamProblem(p), nil
	}
	if seconds < keyLifeDefault || seconds > keyLifeMax {
		return iamRefusal(http.StatusBadRequest, "duration_seconds must be from 900 to 86400."), nil
	}
	key := s.newTemporaryKey(c.now.Add(time.Duration(seconds) * time.Second))
	return &answer{status: http.StatusCreated, body: key}, nil
}

// newTemporaryKey makes a temporary key, in the form that it is given out in. It
// is for every project, also when it was asked for with a token that is for one.
func (s *Simulator) newTemporaryKey(expires time.Time) map[string]any {
	scope := session{expires: expires}
	access := "HST" + strings.ToUpper(idOf("access", uuid.NewString())[:17])
	key := temporaryKey{
		secret:        idOf("secret", uuid.NewString()),
		securityToken: idOf("security token", uuid.NewString()),
		session:       scope,
	}
	s.keys[access] = key
	return map[string]any{"credential": map[string]string{
		"access": access, "secret": key.secret, "securitytoken": key.securityToken,
		"expires_at": scope.expires.Format(iamTime),
	}}
}

// checkToken checks the token that temporary keys are asked for: the one in
// the body or, without one there, that of the request.
func (s *Simulator) checkToken(c *call, from *reader) *answer {
	id := from.textOr("id", "")
	if id == "" && c.entry.Auth == authToken {
		return nil
	}
	found, known := s.tokens[id]
	if !known || !c.now.Before(found.expires) {
		return iamRefusal(http.StatusUnauthorized, "The token is invalid.")
	}
	return nil
}
