package notebook

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// notInTheModel are the members of an answer that no attribute shows.
var notInTheModel = map[string]string{
	"affinity.required_during_scheduling_ignored_during_execution.weight": "of preferred rules only",
	"action_progress": "the steps of a start, for texts", "user_id": "owner.id has it", "is_need_credentials": "not offered", "ip": "not offered",
	"jupyter_version": "not offered", "update_at": "not offered", "current_time": "the clock of the service",
	"volume.read_only": "cannot be asked for", "volume.mount_type": "always STATIC", "volume.evs_sku_code": "not offered",
	"data_volumes.status": "of mounts only", "lease.update_at": "not offered", "user.domain": "not offered",
	"run_user.user_name": "not offered", "run_user.group_name": "not offered", "user_vpc.port_id": "not offered", "user_vpc.port_ip": "not offered",
}

// The answers of the table name every member of a notebook that the client reads,
// or there is a reason why the model does not have it.
func TestTableNamesEveryMemberOfAnAnswer(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, r := range readings {
		for _, a := range r.answers {
			for text := range strings.SplitSeq(a.text, " | ") {
				var members any
				mustUnmarshal(t, text, &members)
				collect(named, "", members)
			}
		}
	}
	known := membersOf("", reflect.TypeFor[modelarts.Notebook]())
	for _, name := range known {
		if reason := notInTheModel[name]; named[name] == (reason != "") && !strings.HasPrefix(name, "user.domain.") && !strings.HasPrefix(name, "action_progress.") {
			t.Errorf("%s: is in an answer of the table: %t, has a reason not to be: %q", name, named[name], reason)
		}
	}
	for name := range notInTheModel {
		if !slices.Contains(known, name) {
			t.Errorf("%s is no member of a notebook", name)
		}
	}
}

func collect(names map[string]bool, prefix string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			names[prefix+name] = true
			collect(names, prefix+name+".", member)
		}
	case []any:
		for _, element := range v {
			collect(names, prefix, element)
		}
	}
}

// membersOf are the JSON members of a type; those of an image are left to their
// own table.
func membersOf(prefix string, typ reflect.Type) []string {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		typ = typ.Elem()
	}
	var names []string
	if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[modelarts.Image]() {
		return names
	}
	for i := range typ.NumField() {
		field := typ.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names = append(names, prefix+name)
		names = append(names, membersOf(prefix+name+".", field.Type)...)
	}
	return names
}
