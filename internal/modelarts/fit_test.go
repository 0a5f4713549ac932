package modelarts

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
)

// whole are answers with every kind of member.
var whole = map[string]struct {
	json string
	into func() any
}{
	"notebook": {`{"id":"n","name":"x","status":"RUNNING","create_at":1700000000000,"update_at":1700000000000,
		"volume":{"category":"EVS","capacity":10,"ownership":"MANAGED","mount_path":"/w"},
		"lease":{"create_at":1,"duration":3600000,"enable":true,"type":"TIMING","update_at":2},
		"data_volumes":[{"mount_path":"/data/a","category":"OBSFS","uri":"obs://b/a/"}],
		"endpoints":[{"service":"SSH","allowed_access_ips":["192.0.2.1"],"key_pair_names":["a"],"uri":"ssh://h:1"}],
		"image":{"id":"i","name":"n","size":1,"create_at":2},"tags":[{"key":"a","value":"b"}],
		"pool":{"id":"p","name":"q"},"user":{"id":"u","name":"v"},"action_progress":[{"step":1,"status":"WAITING","description":"d"}],
		"billing_items":["ALL"],"custom_spec":{"cpu":1.5,"memory":2},"workspace_id":"0"}`, func() any { return new(Notebook) }},
	"notebook with other names": {`{"id":"n","name":"x","status":"RUNNING","data_volumes":[{"mount_path":"/data/a","url":"obs://b/a/"}],
		"endpoints":[{"dev_service":"SSH","ssh_keys":["a"]}],"action_progress":[{"step":1,"step_description":"d"}],
		"user_vpc":{"vpc_id":"v","connect_cidrs":"192.0.2.0/24"}}`, func() any { return new(Notebook) }},
	"flavor":        {`{"flavor_id":"f","evs_max_size":"100","storages":["EVS"],"vcpus":2,"sold_out":false}`, func() any { return new(Flavor) }},
	"pool's flavor": {`{"flavor_id":"f","memory":"8","evs_max_size":"100","storages":["EVS"],"vcpus":2}`, func() any { return new(ClusterFlavor) }},
	"image": {`{"id":"i","name":"n","namespace":"s","status":"ACTIVE","size":10,"create_at":2,"tag":"1","arch":"X86_64",
		"resource_categories":["CPU"],"dev_services":["SSH"],"swr_path":"swr"}`, func() any { return new(Image) }},
	"mount": {`{"id":"m","category":"OBSFS","mount_path":"/data/a/","uri":"obs://b/a/","status":"MOUNTED"}`, func() any { return new(Storage) }},
}

// A member of another JSON type costs at most itself: everything else is read as before.
func TestOddTypes(t *testing.T) {
	t.Parallel()
	odd := []any{nil, true, 7, 7.5, "7", "text", "true", []any{}, []any{7}, []any{"a"}, map[string]any{}, []any{map[string]any{}}}
	for name, answer := range whole {
		var plain any
		if err := json.Unmarshal([]byte(answer.json), &plain); err != nil {
			t.Fatal(err)
		}
		for _, where := range places(plain) {
			for _, other := range odd {
				var changed any
				_ = json.Unmarshal([]byte(answer.json), &changed)
				replace(changed, where, other)
				data, _ := json.Marshal(changed)
				got, want := answer.into(), answer.into()
				if err := unmarshal(data, got); err != nil {
					t.Errorf("%s, %v = %v: %v", name, where, other, err)
				}
				// Without the member on the way that is in the object itself.
				remove(changed, where[0])
				data, _ = json.Marshal(changed)
				if err := unmarshal(data, want); err != nil {
					t.Fatal(err)
				}
				if field, differs := otherThan(got, want, where[0].(string)); differs {
					t.Errorf("%s, %v = %v: it changes %s", name, where, other, field)
				}
			}
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	var n Notebook
	err := unmarshal([]byte(`{"id": 12, "name": "n", "status": "RUNNING", "create_at": "1700000000000", "volume": {"category": "EVS", "capacity": "10"},
		"lease": {"enable": "true", "duration": 3600000.0}, "custom_spec": {"CPU": "2.5"}, "tags": {}, "pool": [], "billing_items": "ALL"}`), &n)
	switch {
	case err != nil:
		t.Error(err)
	case n.ID != "12", *n.CreateAt != 1700000000000, *n.Volume.Capacity != 10, !*n.Lease.Enable, *n.Lease.Duration != 3600000, n.CustomSpec.CPU != 2.5:
		t.Errorf("it is read as %+v", n)
	case n.Tags != nil, n.Pool != nil, !slices.Equal(n.BillingItems, []string{"ALL"}):
		t.Errorf("what cannot be read is %v, %v, %v", n.Tags, n.Pool, n.BillingItems)
	}
	for _, data := range []string{`[]`, `"text"`, `{"id": "n"`, `12`} {
		if err := unmarshal([]byte(data), new(Notebook)); err == nil {
			t.Errorf("%s is read as a notebook", data)
		}
	}
}

// places are the ways to all members and entries of a value.
func places(value any) (all [][]any) {
	below := func(step, next any) {
		all = append(all, []any{step})
		for _, rest := range places(next) {
			all = append(all, append([]any{step}, rest...))
		}
	}
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			below(name, value[name])
		}
	case []any:
		for i, entry := range value {
			below(i, entry)
		}
	}
	return all
}

func replace(in any, where []any, by any) {
	last := len(where) == 1
	switch in := in.(type) {
	case map[string]any:
		if name := where[0].(string); last {
			in[name] = by
		} else {
			replace(in[name], where[1:], by)
		}
	case []any:
		if i := where[0].(int); last {
			in[i] = by
		} else {
			replace(in[i], where[1:], by)
		}
	}
}

func remove(in, name any) { delete(in.(map[string]any), name.(string)) }

// otherThan finds a field that differs, but for the one of a member and those that are taken
// from it.
func otherThan(got, want any, member string) (string, bool) {
	a, b := reflect.ValueOf(got).Elem(), reflect.ValueOf(want).Elem()
	taken := map[string][]string{"lease": {"create_at", "update_at"}}[member]
	for i := range a.NumField() {
		name := a.Type().Field(i).Tag.Get("json")
		if name != member && !slices.Contains(taken, name) && !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			return name, true
		}
	}
	return "", false
}
