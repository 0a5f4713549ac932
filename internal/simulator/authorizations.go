package simulator

import (
	"cmp"
	"slices"
)

// authorization lets ModelArts act for a user, or for all users.
type authorization struct {
	UserID     string  `json:"user_id"`
	UserName   *string `json:"user_name"`
	Type       string  `json:"type"`
	Content    string  `json:"content"`
	CreateTime int64   `json:"create_time"`
}

const (
	// allUsers is the user_id of an authorization for everybody.
	allUsers = "all-users"
	// allUsersToo is how the reference spells it.
	allUsersToo = "all"

	// defaultAgency is the agency that is made without a suffix.
	defaultAgency = "modelarts_agency"
)

// resetAuthorizations puts back the authorization and the agency that the
// account begins with, or none.
func (s *Simulator) resetAuthorizations() {
	s.authorizations, s.agencies = nil, nil
	if s.options.NoAuthorization {
		return
	}
	s.agencies = []string{defaultAgency}
	s.authorizations = []authorization{{UserID: allUsers, Type: "agency", Content: defaultAgency, CreateTime: firstImageTime}}
}

// checkAuthorized refuses a create while ModelArts may not act for the user.
func (s *Simulator) checkAuthorized() *problem {
	if slices.ContainsFunc(s.authorizations, func(a authorization) bool { return a.UserID == allUsers || a.UserID == s.userID }) {
		return nil
	}
	if s.isB("agency-6379") {
		return refusal("ModelArts.6379", "")
	}
	return refusal("ModelArts.6701", "")
}

// getAuthorizations lists the authorizations. The offset counts pages.
func (s *Simulator) getAuthorizations(c *call) (*answer, *problem) {
	if s.options.ForbidAuthorizations {
		return nil, refusal("ModelArts.0112", "")
	}
	list := slices.Clone(s.authorizations)
	sorted, p := queryEnum(c.query, "sort_by", "user_name", "user_name", "create_time")
	if p != nil {
		return nil, p
	}
	order, p := queryEnum(c.query, "order", "ASC", "ASC", "DESC", "asc", "desc")
	if p != nil {
		return nil, p
	}
	slices.SortStableFunc(list, func(a, b authorization) int {
		by := cmp.Compare(a.UserID, b.UserID)
		if sorted == "create_time" {
			by = cmp.Compare(a.CreateTime, b.CreateTime)
		}
		if order == "DESC" || order == "desc" {
			return -by
		}
		return by
	})
	limit, p := queryInt(c.query, "limit", 1000)
	if p != nil {
		return nil, p
	}
	number, p := queryInt(c.query, "offset", 0)
	switch {
	case p != nil:
		return nil, p
	case limit < 1 || limit > 1000 || number < 0:
		return nil, refusal("ModelArts.6336", "The value of limit must be from 1 to 1000, that of offset not negative.")
	}
	begin := min(number*limit, int64(len(list)))
	rest := list[begin:min(begin+limit, int64(len(list)))]
	if rest == nil {
		rest = []authorization{}
	}
	rest = slices.Clone(rest)
	for i := range rest {
		if rest[i].UserID == allUsers && s.isB("agency-all") {
			rest[i].UserID = allUsersToo
		}
	}
	if s.isB("agency-in-content") {
		return ok(map[string]any{"total_count": len(list), "content": rest}), nil
	}
	return ok(map[string]any{"total_count": len(list), "auth": rest}), nil
}

// createAuthorization makes an authorization, or changes that of the same user.
func (s *Simulator) createAuthorization(c *call) (*answer, *problem) {
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	body.require("content", "user_id")
	made := authorization{
		UserID:     body.textOr("user_id", ""),
		UserName:   body.text("user_name"),
		Type:       body.exactEnum("type", "agency", "agency", "credential"),
		Content:    body.textOr("content", ""),
		CreateTime: c.now.UnixMilli(),
	}
	body.exactEnum("user_type", "iam", "iam", "federate", "federation-group", "grant", allUsers)
	if made.Type == "credential" {
		body.require("secret_key")
	}
	if len(made.UserID) > 32 {
		body.wrongValue("user_id", "it is longer than 32 characters")
	}
	if len(made.Content) > 64 {
		body.wrongValue("content", "it is longer than 64 characters")
	}
	if p := body.failure(); p != nil {
		return nil, p
	}
	if made.UserID == allUsersToo && s.isB("agency-all") {
		made.UserID = allUsers
	}
	if made.UserID != allUsers && made.UserID != s.userID {
		return nil, refusal("ModelArts.0420", "")
	}
	if made.Type == "agency" && !slices.Contains(s.agencies, made.Content) {
		return nil, refusal("ModelArts.6376", "")
	}
	s.authorizations = slices.DeleteFunc(slices.Clone(s.authorizations), func(a authorization) bool { return a.UserID == made.UserID })
	s.authorizations = append(s.authorizations, made)
	return ok(map[string]any{"result": true}), nil
}

// createAgency makes the agency that ModelArts acts through.
func (s *Simulator) createAgency(c *call) (*answer, *problem) {
	body, p := readBody(c.body)
	if p != nil {
		return nil, p
	}
	name := defaultAgency
	if suffix := body.textOr("agency_name_suffix", ""); suffix != "" {
		if len(suffix) > 50 {
			body.wrongValue("agency_name_suffix", "it is longer than 50 characters")
		}
		name = "ma_agency_" + suffix
	}
	if p := body.failure(); p != nil {
		return nil, p
	}
	if slices.Contains(s.agencies, name) {
		return nil, refusal("ModelArts.3818", "")
	}
	s.agencies = append(slices.Clone(s.agencies), name)
	return ok(map[string]string{"agency_name": name}), nil
}
