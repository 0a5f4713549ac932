package distort

import (
	"slices"
	"strings"
)

// form is the JSON type of a member.
type form int

const (
	text form = iota
	number
	flag // or anything else of which each value means something
	list
	object
)

// Member is a member of an answer.
type Member struct {
	// Path leads to it from the notebook: "volume.uri". Where a step is a list, it
	// ends in [], and all elements are meant: "endpoints[].uri".
	Path string

	form form
	// spellings are the kinds of other spellings that it can have.
	spellings []Kind
}

// Kinds are what can happen to the member.
func (m Member) Kinds() []Kind {
	kinds := append([]Kind{Drop, Null, Rename, Retype}, m.spellings...)
	if m.form != flag {
		kinds = append(kinds, Empty)
	}
	if m.form == list {
		kinds = append(kinds, Reorder)
	}
	if !strings.Contains(m.Path, "[]") {
		kinds = append(kinds, Delay)
	}
	return kinds
}

// Essential are the members without which no client can work, each with the
// reason. In answers about one object they come late or in another spelling at most;
// lists can do without them. The ID is no member at all: a client must send it back
// letter by letter, and a list entry or the answer to a create is about nothing
// without it.
var Essential = map[string]string{
	"status":           "whether a wait is over, and whether a change needs a stop, can be told by nothing else",
	"mount.mount_path": "where storage is to be mounted again after a restart can be told by nothing else",
	"mount.uri":        "what is to be mounted again after a restart can be told by nothing else",
	"mount.status":     "whether storage is mounted can be told by nothing else",
	"own_image.status": "whether an image can be used can be told by nothing else",
}

// Members are the members of a notebook that can be distorted.
func Members() []Member { return slices.Clone(members) }

// MountMembers are the members of what is mounted on a notebook, under mount, and of the
// list of it, under page.
func MountMembers() []Member { return slices.Clone(mountMembers) }

// ImageMembers are the members of an image of the account, under own_image.
func ImageMembers() []Member { return slices.Clone(imageMembers) }

// all are the members of all objects.
func all() []Member { return slices.Concat(members, mountMembers, imageMembers) }

var (
	anyCase  = []Kind{Case}
	slash    = []Kind{Slash}
	category = []Kind{Case, Category}
)

var members = []Member{
	{"name", text, nil},
	{"description", text, nil},
	{"feature", text, anyCase},
	{"flavor", text, nil},
	{"custom_spec", object, nil},
	{"custom_spec.cpu", number, nil},
	{"custom_spec.memory", number, nil},
	{"custom_spec.arch", text, anyCase},
	{"image", object, nil},
	{"image.id", text, anyCase},
	{"image.name", text, nil},
	{"image.tag", text, nil},
	{"image.swr_path", text, nil},
	{"image.arch", text, anyCase},
	{"image.type", text, anyCase},
	{"status", text, anyCase},
	{"action_progress", list, nil},
	{"action_progress[].step", number, nil},
	{"action_progress[].status", text, anyCase},
	{"endpoints", list, nil},
	{"endpoints[].service", text, anyCase},
	{"endpoints[].key_pair_names", list, nil},
	{"endpoints[].allowed_access_ips", list, []Kind{Block}},
	{"endpoints[].uri", text, slash},
	{"lease", object, nil},
	{"lease.create_at", number, nil},
	{"lease.duration", number, nil},
	{"lease.enable", flag, nil},
	{"lease.type", text, anyCase},
	{"lease.update_at", number, nil},
	{"pool", object, nil},
	{"pool.id", text, nil},
	{"pool.name", text, nil},
	{"volume", object, nil},
	{"volume.category", text, category},
	{"volume.ownership", text, anyCase},
	{"volume.capacity", number, nil},
	{"volume.mount_path", text, slash},
	{"volume.uri", text, slash},
	{"volume.id", text, anyCase},
	{"volume.dew_secret_name", text, nil},
	{"volume.mount_type", text, anyCase},
	{"volume.status", text, anyCase},
	{"data_volumes", list, nil},
	{"data_volumes[].category", text, category},
	{"data_volumes[].mount_path", text, slash},
	{"data_volumes[].url", text, slash},
	{"data_volumes[].mount_type", text, anyCase},
	{"data_volumes[].status", text, anyCase},
	{"url", text, slash},
	{"token", text, nil},
	{"workspace_id", text, nil},
	{"billing_items", list, anyCase},
	{"user", object, nil},
	{"user.id", text, nil},
	{"user.name", text, nil},
	{"affinity", object, nil},
	{"affinity.required_during_scheduling_ignored_during_execution", list, nil},
	{"affinity.required_during_scheduling_ignored_during_execution[].operator", text, anyCase},
	{"affinity.required_during_scheduling_ignored_during_execution[].values", list, nil},
	{"affinity.preferred_during_scheduling_ignored_during_execution", list, nil},
	{"affinity.preferred_during_scheduling_ignored_during_execution[].key", text, nil},
	{"affinity.preferred_during_scheduling_ignored_during_execution[].weight", number, nil},
	{"run_user", object, nil},
	{"run_user.uid", flag, nil}, // 0 is another user
	{"run_user.gid", flag, nil},
	{"user_vpc", object, nil},
	{"user_vpc.vpc_id", text, nil},
	{"user_vpc.subnet_id", text, nil},
	{"user_vpc.security_group_ids", list, nil},
	{"user_vpc.connect_cidrs", list, nil},
	{"tags", list, nil},
	{"tags[].key", text, nil},
	{"tags[].value", text, nil},
	{"create_at", number, nil},
	{"update_at", number, nil},
	{"current_time", number, nil},
}

var mountMembers = []Member{
	{"page.total", number, nil},
	{"page.size", number, nil},
	{"mount.category", text, category},
	{"mount.uri", text, slash},
	{"mount.mount_path", text, slash},
	{"mount.mount_type", text, anyCase},
	{"mount.status", text, anyCase},
}

var imageMembers = []Member{
	{"own_image.name", text, nil},
	{"own_image.tag", text, nil},
	{"own_image.namespace", text, nil},
	{"own_image.description", text, nil},
	{"own_image.swr_path", text, nil},
	{"own_image.type", text, anyCase},
	{"own_image.origin", text, anyCase},
	{"own_image.arch", text, anyCase},
	{"own_image.status", text, anyCase},
	{"own_image.service_type", text, anyCase},
	{"own_image.dev_services", list, anyCase},
	{"own_image.resource_categories", list, anyCase},
	{"own_image.visibility", text, anyCase},
	{"own_image.size", number, nil},
	{"own_image.workspace_id", text, nil},
	{"own_image.create_at", number, nil},
	{"own_image.update_at", number, nil},
	{"own_image.tags", list, nil},
}

// olderNames are names that older sources have for a member. All others are
// renamed into an unknown name.
var olderNames = map[string]string{
	"service": "dev_service", "key_pair_names": "ssh_keys", "url": "uri",
}

// renamed is the new name of a member.
func renamed(name string) string {
	if older := olderNames[name]; older != "" {
		return older
	}
	// Not a change of the letter case, which a client may read all the same.
	return "the_" + name
}
