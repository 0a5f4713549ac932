package simulator

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
)

const (
	featureDefault  = "DEFAULT"
	featureNotebook = "NOTEBOOK"

	firstSSHPort = 30000
	lastSSHPort  = 39999
)

// find finds the notebook of a request's path.
func (s *Simulator) find(c *call) (*notebook, *problem) {
	id := c.path["id"]
	if uuid.Validate(id) != nil {
		return nil, refusal("ModelArts.6336", "The instance ID is not a UUID.")
	}
	if n := s.byID[id]; n != nil && n.ProjectID == c.path["project_id"] {
		return n, nil
	}
	return nil, s.notFound()
}

// notRunning is why an operation that needs a running notebook is refused.
func (s *Simulator) notRunning(n *notebook) *problem {
	if n.Status == statusFrozen {
		return refusal("ModelArts.6326", "")
	}
	return refusal("ModelArts.6327", "")
}

func (s *Simulator) showNotebook(c *call) (*answer, *problem) {
	n, p := s.find(c)
	gone := s.gone[c.path["id"]]
	if p != nil && (gone == nil || gone.ProjectID != c.path["project_id"]) {
		return nil, p
	}
	if c.stale != nil {
		if n == nil {
			n = gone
		}
		if n = n.asOf(c.now, c.stale.Age); n == nil || n.Status == statusDeleted {
			return nil, s.notFound()
		}
	}
	switch {
	case n != nil:
		return ok(s.fully(n, c.now)), nil
	case s.options.NotFound == NotFoundDeleted:
		return ok(s.briefly(gone)), nil
	default:
		return nil, p
	}
}

func (s *Simulator) listNotebooks(c *call) (*answer, *problem) {
	// Without owner these are the caller's own.
	return s.listOf(c, cmp.Or(c.query.Get("owner"), s.userID))
}

func (s *Simulator) listAllNotebooks(c *call) (*answer, *problem) {
	return s.listOf(c, c.query.Get("owner"))
}

// listOf lists the notebooks of one owner, or of all.
func (s *Simulator) listOf(c *call, owner string) (*answer, *problem) {
	if limit := c.query.Get("limit"); limit != "" && !slices.Contains([]string{"10", "20", "50"}, limit) {
		return nil, refusal("ModelArts.6336", "The value of the parameter limit is none of 10, 20, 50.")
	}
	keep, p := s.filter(c, owner)
	if p != nil {
		return nil, p
	}
	var list []*notebook
	for _, n := range s.notebooks {
		if c.stale != nil && (c.stale.Notebook == "" || c.stale.Notebook == n.ID || c.stale.Notebook == n.Name) {
			if n = n.asOf(c.now, c.stale.Age); n == nil {
				continue
			}
		}
		if keep(n) {
			list = append(list, n)
		}
	}
	p = sortBy(c.query, list, "create_at", "DESC", map[string]func(a, b *notebook) int{
		"create_at": func(a, b *notebook) int { return a.CreatedAt.Compare(b.CreatedAt) },
		"update_at": func(a, b *notebook) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
		"name":      func(a, b *notebook) int { return cmp.Compare(a.Name, b.Name) },
		"status":    func(a, b *notebook) int { return cmp.Compare(a.Status, b.Status) },
		"flavor":    func(a, b *notebook) int { return cmp.Compare(a.Flavor, b.Flavor) },
	})
	if p != nil {
		return nil, p
	}
	numbers, rest, p := paginate(c.query, list, 10)
	if p != nil {
		return nil, p
	}
	data := make([]*notebookAnswer, len(rest))
	for i, n := range rest {
		data[i] = s.fully(n, c.now)
	}
	return ok(struct {
		page
		Data []*notebookAnswer `json:"data"`
	}{numbers, data}), nil
}

// filter reads the filters of a list.
func (s *Simulator) filter(c *call, owner string) (keep func(*notebook) bool, p *problem) {
	query := c.query
	feature, p := queryEnum(query, "feature", featureNotebook, featureDefault, featureNotebook)
	if p != nil {
		return nil, p
	}
	status, p := queryEnum(query, "status", "", append(slices.Clone(pendingStatuses),
		statusRunning, statusStopped, statusCreateFailed, statusStartFailed, statusDeleteFailed, statusError,
		statusDeleted, statusFrozen)...)
	if p != nil {
		return nil, p
	}
	billing, p := queryEnum(query, "billing", "", "STORAGE", "COMPUTE", "ALL")
	if p != nil {
		return nil, p
	}
	tags := queryTags(query)
	// The older spelling of the parameter is still taken.
	workspace := cmp.Or(query.Get("workspace_id"), query.Get("workspaceId"))
	is := func(wanted, value string) bool { return wanted == "" || wanted == value }
	return func(n *notebook) bool {
		return n.ProjectID == c.path["project_id"] &&
			n.Feature == feature &&
			is(owner, n.UserID) &&
			is(status, n.Status) &&
			is(workspace, n.WorkspaceID) &&
			is(query.Get("id"), n.ID) &&
			is(query.Get("flavor"), n.Flavor) &&
			is(query.Get("image_id"), n.ImageID) &&
			is(query.Get("pool_id"), n.PoolID) &&
			strings.Contains(n.Name, query.Get("name")) &&
			(billing == "" || slices.Contains(s.billingItems(n), billing)) &&
			hasTags(n, tags)
	}, nil
}

// queryTags reads the tags of a query, key=value pairs or keys alone with
// commas between them. The form is not documented.
func queryTags(query url.Values) []tagPair {
	var tags []tagPair
	for _, text := range query["tags"] {
		for pair := range strings.SplitSeq(text, ",") {
			if pair == "" {
				continue
			}
			key, value, _ := strings.Cut(pair, "=")
			tags = append(tags, tagPair{key, value})
		}
	}
	return tags
}

func hasTags(n *notebook, tags []tagPair) bool {
	for _, tag := range tags {
		value, has := n.Tags[tag.Key]
		if !has || tag.Value != "" && tag.Value != value {
			return false
		}
	}
	return true
}

func (s *Simulator) startNotebook(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	if _, p := readOptionalBody(c.body); p != nil {
		return nil, p
	}
	lease, p := queryLease(c.query, c.now)
	if p != nil {
		return nil, p
	}
	switch {
	case n.Status == statusFrozen || s.options.Frozen:
		return nil, refusal("ModelArts.6326", "")
	case n.Status != statusStopped && n.Status != statusStartFailed:
		return nil, s.conflict(n)
	}
	n.Lease = lease
	s.beginStart(n, c.now, c.life)
	n.touch(c.now)
	return ok(s.briefly(n)), nil
}

func (s *Simulator) stopNotebook(c *call) (*answer, *problem) {
	n, p := s.find(c)
	if p != nil {
		return nil, p
	}
	if _, p := readOptionalBody(c.body); p != nil {
		return nil, p
	}
	switch {
	case n.Status == statusFrozen:
		return nil, refusal("ModelArts.6326", "")
	case n.Status != statusRunning && n.Status != statusError:
		return nil, s.conflict(n)
	}
	s.beginStop(n, c.now, c.life)
	n.touch(c.now)
	return ok(s.briefly(n)), nil
}

// conflict is why a start or a stop is refused in the status that there is.
func (s *Simulator) conflict(n *notebook) *problem {
	exact := map[string]string{
		statusRunning:  "ModelArts.6305",
		statusStarting: "ModelArts.6306",
		statusStopped:  "ModelArts.6307",
		statusStopping: "ModelArts.6308",
	}[n.Status]
	if s.options.ExactConflicts && exact != "" {
		return refusal(exact, "")
	}
	return refusal("ModelArts.6357", "")
}

func (s *Simulator) deleteNotebook(c *call) (*answer, *problem) {
	n, p := s.find(c)
	switch {
	case p != nil:
		return nil, p
	case slices.Contains(pendingStatuses, n.Status):
		return nil, refusal("ModelArts.6357", "")
	case s.options.StrictDelete && n.Status == statusRunning:
		return nil, refusal("ModelArts.6304", "")
	}
	s.beginDelete(n, c.now, c.life)
	n.touch(c.now)
	if s.options.DeleteNoContent {
		return &answer{status: http.StatusNoContent}, nil
	}
	return ok(s.briefly(n)), nil
}
