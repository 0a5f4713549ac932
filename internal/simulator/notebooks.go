package simulator

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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
	once := false
	if gone := s.gone[id]; gone != nil {
		once = gone.ProjectID == c.path["project_id"]
	}
	n := s.byID[id]
	late := n != nil && c.entry.Method == http.MethodGet && s.isB("read-lags") && c.now.Before(n.CreatedAt.Add(s.lasts(s.options.Lag)))
	if n == nil || late || n.ProjectID != c.path["project_id"] {
		return nil, s.notFound(c, once)
	}
	return n, nil
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
			return nil, s.notFound(c, true)
		}
	}
	switch {
	case n != nil:
		return ok(s.detail(n, c.now)), nil
	case s.isB("gone-deleted") && !s.options.PlainNotFound:
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
	for _, n := range s.listed(c.now) {
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
		data[i] = s.entry(n, c.now)
	}
	return ok(struct {
		page
		Data []*notebookAnswer `json:"data"`
	}{numbers, data}), nil
}

// listed are the notebooks that lists hold, in the states that they show.
func (s *Simulator) listed(now time.Time) []*notebook {
	if !s.isB("list-lags") {
		return s.notebooks
	}
	var list []*notebook
	gone := slices.SortedFunc(maps.Values(s.gone), func(a, b *notebook) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, n := range slices.Concat(s.notebooks, gone) {
		if then := n.asOf(now, s.lasts(s.options.Lag)); then != nil && then.Status != statusDeleted {
			list = append(list, then)
		}
	}
	return list
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
	tags := s.queryTags(query)
	workspace := s.workspaceOf(query)
	if older := query.Get("workspaceId"); older != "" && query.Get("workspace_id") == "" {
		// The older spelling of the parameter is still taken.
		workspace = older
	}
	is := func(wanted, value string) bool { return wanted == "" || wanted == value }
	return func(n *notebook) bool {
		return n.ProjectID == c.path["project_id"] &&
			n.Feature == feature &&
			is(owner, n.UserID) &&
			is(status, n.Status) &&
			is(workspace, n.WorkspaceID) &&
			is(query.Get("id"), n.ID) &&
			s.hasFlavor(n, query.Get("flavor")) &&
			is(query.Get("image_id"), n.ImageID) &&
			is(query.Get("pool_id"), n.PoolID) &&
			strings.Contains(n.Name, query.Get("name")) &&
			strings.Contains(n.Description, query.Get("description")) &&
			strings.Contains(n.PoolID, query.Get("pool_name")) &&
			strings.Contains(n.image.SWRPath, query.Get("swr_path")) &&
			strings.Contains(n.UserName, query.Get("username")) &&
			is(query.Get("ip"), n.address()) &&
			(billing == "" || slices.Contains(s.billingItems(n), billing)) &&
			hasTags(s.seenTags(n, c.now), tags)
	}, nil
}

// hasFlavor reports whether the filter for the flavor finds a notebook. One with
// a custom_spec is never found by it.
func (s *Simulator) hasFlavor(n *notebook, filter string) bool {
	switch {
	case filter == "":
		return true
	case n.CustomSpec != nil:
		return false
	case s.isB("filter-flavor-exact"):
		return n.Flavor == filter
	}
	return strings.Contains(n.Flavor, filter)
}

// address is that of the node, while there is one.
func (n *notebook) address() string {
	if n.Status == statusRunning || n.Status == statusSnapshotting {
		return "172.16.0.10"
	}
	return ""
}

// queryTags reads the tags of a query, pairs or keys alone with commas between
// them.
func (s *Simulator) queryTags(query url.Values) []tagPair {
	separator := "|"
	if s.isB("filter-tags-equals") {
		separator = "="
	}
	var tags []tagPair
	for _, text := range query["tags"] {
		for pair := range strings.SplitSeq(text, ",") {
			if pair == "" {
				continue
			}
			key, value, _ := strings.Cut(pair, separator)
			tags = append(tags, tagPair{key, value})
		}
	}
	return tags
}

func hasTags(have map[string]string, tags []tagPair) bool {
	for _, tag := range tags {
		value, has := have[tag.Key]
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
	lease, p := s.queryLease(c.query, c.now)
	if p != nil {
		return nil, p
	}
	switch {
	case n.Status == statusFrozen || s.options.Frozen:
		return nil, refusal("ModelArts.6326", "")
	case !s.startable(n):
		return nil, s.conflict(n)
	case s.isB("catalogue-start-sold-out") && s.soldOut(n):
		return nil, refusal("ModelArts.6716", "")
	}
	n.Lease = lease
	s.beginStart(n, c.now, c.life)
	n.touch(c.now)
	return ok(s.briefly(n)), nil
}

// startable reports whether a start is taken in the status that there is.
func (s *Simulator) startable(n *notebook) bool {
	switch n.Status {
	case statusStopped:
		return true
	case statusStartFailed:
		return s.isB("start-failed-taken")
	case statusCreateFailed:
		return s.isB("start-create-failed-taken")
	case statusError:
		return s.isB("start-error-taken")
	}
	return false
}

// soldOut reports whether the flavor of a notebook is sold out.
func (s *Simulator) soldOut(n *notebook) bool {
	offered, _ := s.offered(n.PoolID)
	return slices.ContainsFunc(offered, func(f flavor) bool { return f.ID == n.Flavor && f.SoldOut })
}

// snapshotOpen reports whether a notebook is being saved and can be used all the
// same.
func (s *Simulator) snapshotOpen(n *notebook) bool {
	return n.Status == statusSnapshotting && s.isB("image-snapshot-open")
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
	case n.Status != statusRunning && !s.snapshotOpen(n) && (n.Status != statusError || !s.isB("start-error-taken")):
		return nil, s.conflict(n)
	}
	s.beginStop(n, c.now, c.life)
	n.touch(c.now)
	return ok(s.briefly(n)), nil
}

// statusCodes are the codes that name the status that an instance has.
var statusCodes = map[string]string{
	statusRunning:  "ModelArts.6305",
	statusStarting: "ModelArts.6306",
	statusStopped:  "ModelArts.6307",
	statusStopping: "ModelArts.6308",
}

// conflict is why a start or a stop is refused in the status that there is.
func (s *Simulator) conflict(n *notebook) *problem {
	exact := statusCodes[n.Status]
	if s.isB("conflict-exact") && exact != "" {
		return refusal(exact, "")
	}
	return refusal("ModelArts.6357", "")
}

func (s *Simulator) deleteNotebook(c *call) (*answer, *problem) {
	n, p := s.find(c)
	switch {
	case p != nil:
		return nil, p
	case slices.Contains(pendingStatuses, n.Status) && !s.snapshotOpen(n):
		return nil, refusal("ModelArts.6357", "")
	case s.isB("delete-stopped-only") && (n.Status == statusRunning || s.snapshotOpen(n)):
		return nil, refusal("ModelArts.6304", "")
	}
	s.beginDelete(n, c.now, c.life)
	n.touch(c.now)
	if s.isB("delete-no-content") {
		return &answer{status: http.StatusNoContent}, nil
	}
	return ok(s.briefly(n)), nil
}
