package modelarts

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file is where the answers of the service are brought to one form: older
// names of fields, letter case of enumerations, numbers in strings, and empty
// values of what can never be empty, which count as absent. No other package
// deals with them.

// UnmarshalJSON fills the times of an answer that has none of its own from the
// lease. A list of which an entry cannot be told from others, because it lacks its
// key, counts as absent.
func (n *Notebook) UnmarshalJSON(data []byte) error {
	type plain Notebook
	if err := json.Unmarshal(data, (*plain)(n)); err != nil {
		return err
	}
	upper(&n.Status)
	forgetEmpty(&n.Feature, &n.Flavor, &n.FailReason, &n.URL, &n.Token, &n.WorkspaceID, &n.UserID)
	upper(n.Feature)
	upperAll(n.BillingItems)
	if slices.ContainsFunc(n.Endpoints, func(e EndpointsRes) bool { return e.Service == nil }) {
		n.Endpoints = nil
	}
	if slices.ContainsFunc(n.DataVolumes, func(v DataVolumeRes) bool { return v.MountPath == nil }) {
		n.DataVolumes = nil
	}
	if slices.ContainsFunc(n.Tags, func(t Tag) bool { return t.Key == "" }) {
		n.Tags = nil
	}
	if a := n.Affinity; a != nil && slices.ContainsFunc(slices.Concat(a.Required, a.Preferred), AffinityRule.unreadable) {
		n.Affinity = nil
	}
	if n.Lease != nil {
		n.CreateAt = firstOf(n.CreateAt, n.Lease.CreateAt)
		n.UpdateAt = firstOf(n.UpdateAt, n.Lease.UpdateAt)
	}
	return nil
}

// answeredAt takes the clock of an answer that has no time of its own.
func (n *Notebook) answeredAt(date time.Time) {
	if n.CurrentTime == nil && !date.IsZero() {
		now := date.UnixMilli()
		n.CurrentTime = &now
	}
}

func (n *Notebook) check(read bool) error {
	switch {
	case n.ID == "":
		return errNoID
	case read && n.Status == "":
		return fmt.Errorf("%w: it holds no status", ErrUnreadableAnswer)
	case read && n.Status.Kind() == Gone:
		return fmt.Errorf("the notebook %w: its status is %s", ErrNotFound, n.Status)
	default:
		return nil
	}
}

// unreadable reports whether a rule lacks what it compares.
func (r AffinityRule) unreadable() bool {
	compares := slices.Contains([]string{"in", "notin", "gt", "lt"}, strings.ToLower(r.Operator))
	return r.Key == "" || r.Operator == "" || compares && len(r.Values) == 0
}

// UnmarshalJSON normalises letter case.
func (s *CustomSpec) UnmarshalJSON(data []byte) error {
	type plain CustomSpec
	if err := json.Unmarshal(data, (*plain)(s)); err != nil {
		return err
	}
	forgetEmpty(&s.GPUType, &s.Arch, &s.Category, &s.ResourceFlavor)
	upper(s.Arch, s.Category)
	return nil
}

// UnmarshalJSON normalises letter case.
func (p *PublicNetworkConfig) UnmarshalJSON(data []byte) error {
	type plain PublicNetworkConfig
	if err := json.Unmarshal(data, (*plain)(p)); err != nil {
		return err
	}
	forgetEmpty(&p.PublicNetworkType)
	upper(p.PublicNetworkType)
	return nil
}

// UnmarshalJSON takes the text of a step under both its names.
func (p *JobProgress) UnmarshalJSON(data []byte) error {
	type plain JobProgress
	wire := struct {
		*plain
		StepDescription lenient[string] `json:"step_description"`
	}{plain: (*plain)(p)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	upper(p.Status)
	p.Description = firstOf(p.Description, wire.StepDescription.value)
	return nil
}

// UnmarshalJSON takes the service and the key pairs under both their names.
func (e *EndpointsRes) UnmarshalJSON(data []byte) error {
	type plain EndpointsRes
	wire := struct {
		*plain
		DevService lenient[string]   `json:"dev_service"`
		SSHKeys    lenient[[]string] `json:"ssh_keys"`
	}{plain: (*plain)(e)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	e.Service = firstOf(e.Service, wire.DevService.value)
	forgetEmpty(&e.Service, &e.URI)
	upper(e.Service)
	if len(e.KeyPairNames) == 0 && wire.SSHKeys.value != nil {
		e.KeyPairNames = *wire.SSHKeys.value
	}
	return nil
}

// UnmarshalJSON normalises letter case.
func (a *Authorization) UnmarshalJSON(data []byte) error {
	type plain Authorization
	if err := json.Unmarshal(data, (*plain)(a)); err != nil {
		return err
	}
	upper(a.Type)
	return nil
}

// UnmarshalJSON normalises letter case.
func (l *Lease) UnmarshalJSON(data []byte) error {
	type plain Lease
	if err := json.Unmarshal(data, (*plain)(l)); err != nil {
		return err
	}
	forgetEmpty(&l.Type)
	forgetZero(&l.CreateAt, &l.Duration, &l.UpdateAt)
	upper(l.Type)
	return nil
}

// UnmarshalJSON gives the categories one name.
func (v *VolumeRes) UnmarshalJSON(data []byte) error {
	type plain VolumeRes
	if err := json.Unmarshal(data, (*plain)(v)); err != nil {
		return err
	}
	forgetEmpty(&v.Category, &v.Ownership, &v.MountPath, &v.URI, &v.ID, &v.DewSecretName, &v.MountType)
	forgetZero(&v.Capacity)
	upper(v.Category, v.Ownership, v.MountType)
	upper(&v.Status)
	renameSFS(v.Category)
	return nil
}

// UnmarshalJSON takes the source under both its names, and gives the categories
// one name.
func (v *DataVolumeRes) UnmarshalJSON(data []byte) error {
	type plain DataVolumeRes
	wire := struct {
		*plain
		URL lenient[string] `json:"url"`
	}{plain: (*plain)(v)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	forgetEmpty(&v.ID, &v.Category, &v.MountPath, &v.URI, &wire.URL.value, &v.MountType)
	v.URI = firstOf(v.URI, wire.URL.value)
	upper(v.Category, v.MountType)
	upper(&v.Status)
	renameSFS(v.Category)
	return nil
}

// UnmarshalJSON takes the CIDR blocks as a list or as one string.
func (v *UserVpcRes) UnmarshalJSON(data []byte) error {
	type plain UserVpcRes
	wire := struct {
		*plain
		ConnectCIDRs stringList `json:"connect_cidrs"`
	}{plain: (*plain)(v)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	v.ConnectCIDRs = wire.ConnectCIDRs
	forgetEmpty(&v.VPCID, &v.SubnetID)
	if len(v.SecurityGroupIDs) == 0 {
		v.SecurityGroupIDs = nil
	}
	return nil
}

// UnmarshalJSON forgets what is empty.
func (p *Pool) UnmarshalJSON(data []byte) error {
	type plain Pool
	if err := json.Unmarshal(data, (*plain)(p)); err != nil {
		return err
	}
	forgetEmpty(&p.ID, &p.Name)
	return nil
}

// UnmarshalJSON forgets what is empty.
func (u *User) UnmarshalJSON(data []byte) error {
	type plain User
	if err := json.Unmarshal(data, (*plain)(u)); err != nil {
		return err
	}
	forgetEmpty(&u.ID, &u.Name)
	return nil
}

// UnmarshalJSON normalises letter case.
func (i *Image) UnmarshalJSON(data []byte) error {
	type plain Image
	if err := json.Unmarshal(data, (*plain)(i)); err != nil {
		return err
	}
	forgetEmpty(&i.Name, &i.Tag, &i.SWRPath, &i.Arch, &i.Type)
	upper(i.Type, i.Origin, i.Arch, i.ServiceType, i.Visibility)
	upper(&i.Status)
	upperAll(i.DevServices)
	upperAll(i.ResourceCategories)
	upperAll(i.SupportResCategories)
	return nil
}

func (i *Image) check(read bool) error {
	switch {
	case i.ID == "":
		return errNoID
	case read && i.Status.Kind() == Gone:
		return fmt.Errorf("the image %w: its status is %s", ErrNotFound, i.Status)
	default:
		return nil
	}
}

// UnmarshalJSON normalises letter case.
func (s *Storage) UnmarshalJSON(data []byte) error {
	type plain Storage
	if err := json.Unmarshal(data, (*plain)(s)); err != nil {
		return err
	}
	upper(s.Category, s.MountType)
	upper(&s.Status)
	return nil
}

func (s *Storage) check(read bool) error {
	switch {
	case s.ID == "":
		return errNoID
	case read && s.Status.Kind() == Gone:
		return fmt.Errorf("the mount %w: its status is %s", ErrNotFound, s.Status)
	default:
		return nil
	}
}

// UnmarshalJSON reads the largest volume, a string, as the number that it is.
func (f *Flavor) UnmarshalJSON(data []byte) error {
	type plain Flavor
	wire := struct {
		*plain
		EVSMaxSize number `json:"evs_max_size"`
	}{plain: (*plain)(f)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	f.EVSMaxSize = wire.EVSMaxSize.value
	upper(f.Arch, f.Category, f.Feature)
	f.Storages = storageNames(f.Storages)
	return nil
}

// UnmarshalJSON normalises letter case.
func (c *Cluster) UnmarshalJSON(data []byte) error {
	type plain Cluster
	if err := json.Unmarshal(data, (*plain)(c)); err != nil {
		return err
	}
	upper(c.Type, c.Status)
	return nil
}

// UnmarshalJSON reads the memory and the largest volume, strings here, as the
// numbers that they are.
func (f *ClusterFlavor) UnmarshalJSON(data []byte) error {
	type plain ClusterFlavor
	wire := struct {
		*plain
		Memory     number `json:"memory"`
		EVSMaxSize number `json:"evs_max_size"`
	}{plain: (*plain)(f)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	f.Memory = wire.Memory.value
	f.EVSMaxSize = wire.EVSMaxSize.value
	upper(f.Arch, f.Category, f.Feature)
	f.Storages = storageNames(f.Storages)
	return nil
}

// errNoID is the answer to a create or a read that does not say what object it
// is about.
var errNoID = fmt.Errorf("%w: it holds no ID", ErrUnreadableAnswer)

// number reads a whole number that is a string in some answers. Text that is no
// number counts as absent.
type number struct{ value *int64 }

func (n *number) UnmarshalJSON(data []byte) error {
	text := strings.TrimSpace(strings.Trim(string(data), `"`))
	value, err := strconv.ParseFloat(text, 64) // 64.0 is seen too
	if err == nil && math.Abs(value) < 1<<53 {
		whole := int64(value)
		n.value = &whole
	}
	return nil
}

// stringList reads a list of strings that is one string in some answers, with
// commas between several. Anything else counts as absent.
type stringList []string

func (l *stringList) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*[]string)(l)) == nil {
		return nil
	}
	var text string
	if json.Unmarshal(data, &text) != nil {
		*l = nil
		return nil //nolint:nilerr // it counts as absent
	}
	*l = splitList(text)
	return nil
}

func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

// lenient reads what a member may hold under another name. What is of another type, or null,
// counts as absent.
type lenient[T any] struct{ value *T }

func (l *lenient[T]) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &l.value) != nil {
		l.value = nil
	}
	return nil
}

// renameSFS gives SFS Turbo the name that requests use for it.
func renameSFS(category *string) {
	if category != nil && *category == "SFS" {
		*category = "EFS"
	}
}

// storageNames gives the storages of a flavor the names that requests use for them,
// each once: a file system of one's own, EFS_DEDICATED, is EFS there.
func storageNames(list []string) []string {
	upperAll(list)
	for i := range list {
		if list[i] == "EFS_DEDICATED" {
			list[i] = "EFS"
		}
		renameSFS(&list[i])
	}
	distinct := list[:0]
	for _, name := range list {
		if !slices.Contains(distinct, name) {
			distinct = append(distinct, name)
		}
	}
	return distinct
}

func upper[S ~string](fields ...*S) {
	for _, field := range fields {
		if field != nil {
			*field = S(strings.ToUpper(string(*field)))
		}
	}
}

func upperAll(list []string) {
	for i := range list {
		list[i] = strings.ToUpper(list[i])
	}
}

// forgetEmpty makes absent the texts that are empty.
func forgetEmpty(fields ...**string) {
	for _, field := range fields {
		if *field != nil && **field == "" {
			*field = nil
		}
	}
}

// forgetZero makes absent the numbers that are zero.
func forgetZero(fields ...**int64) {
	for _, field := range fields {
		if *field != nil && **field == 0 {
			*field = nil
		}
	}
}

func firstOf[T any](fields ...*T) *T {
	for _, field := range fields {
		if field != nil {
			return field
		}
	}
	return nil
}
