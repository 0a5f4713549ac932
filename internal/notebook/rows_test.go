package notebook

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// Every attribute of the schema has a row, or a reason not to have one.
func TestEveryArgumentHasARow(t *testing.T) {
	t.Parallel()
	schema := resourceType().(tftypes.Object).AttributeTypes
	var names []string
	for name, typ := range schema {
		if object, ok := typ.(tftypes.Object); ok && name == "volume" {
			for member := range object.AttributeTypes {
				names = append(names, "volume."+member) // each changes in a way of its own
			}
			continue
		}
		names = append(names, name)
	}
	for _, name := range names {
		place := at(strings.Split(name, ".")...)
		_, excepted := notArguments[name]
		if has := row(place) != nil; has == excepted {
			t.Errorf("%s: has a row: %t, has a reason not to have one: %t", name, has, excepted)
		}
	}
	for _, a := range arguments {
		if !slices.Contains(names, a.at.String()) {
			t.Errorf("the row %s is no attribute of the schema", a.at)
		}
	}
	for name := range notArguments {
		if !slices.Contains(names, name) {
			t.Errorf("%s has a reason, and is no attribute of the schema", name)
		}
	}
}

// sample is a change of one argument, and what it is on the wire.
type sample struct {
	was, now any
	// live says that the service takes it in any state of the notebook.
	live bool
	// put is the part of an update request; tags and lease are what their calls
	// take.
	put, tags, lease string
}

// samples has one for each row that does not replace.
var samples = map[string]sample{
	"flavor":      {was: "a", now: "b", put: `{"flavor":"b"}`},
	"custom_spec": {now: map[string]any{"cpu": 2, "memory": 1024, "arch": "arm64"}, put: `{"custom_spec":{"cpu":2,"memory":1024,"arch":"ARM64"}}`},
	"image_id":    {was: "i", now: "j", put: `{"image_id":"j"}`},
	"data_volumes": {
		now: map[string]any{"/data/a/": map[string]any{"category": "obsfs", "uri": "obs://b/", "read_only": false}},
		put: `{"data_volumes":[{"category":"OBSFS","ownership":"DEDICATED","uri":"obs://b/","mount_path":"/data/a/","read_only":false}]}`,
	},
	"endpoints": {
		was: map[string]any{"SSH": map[string]any{"key_pair_names": []any{"k"}}}, now: map[string]any{"SSH": map[string]any{"key_pair_names": []any{"l"}, "allowed_access_ips": []any{"192.0.2.1"}}},
		put: `{"endpoints":[{"service":"SSH","key_pair_names":["l"],"allowed_access_ips":["192.0.2.1"]}]}`,
	},
	"hooks": {
		now: map[string]any{"pre_start": map[string]any{"content": "echo"}},
		put: `{"hooks":{"container_hooks":{"pre_start":{"type":"COMMAND","script":"ZWNobw=="}}}}`,
	},
	"affinity": {
		now: map[string]any{"required": []any{map[string]any{"key": "k", "operator": "In", "values": []any{"v"}}}},
		put: `{"affinity":{"required_during_scheduling_ignored_during_execution":[{"key":"k","operator":"In","values":["v"]}],"preferred_during_scheduling_ignored_during_execution":[]}}`,
	},
	"public_network_config": {
		was: map[string]any{"public_network_type": "SHARED"}, now: map[string]any{"public_network_type": "forbidden"},
		put: `{"public_network_config":{"public_network_type":"FORBIDDEN"}}`,
	},
	"volume.dew_secret_name": {was: "s", now: "t", put: `{"dew_secret_name":"t"}`},
	"name":                   {was: "n", now: "m", live: true, put: `{"name":"m"}`},
	"description":            {was: "d", now: nil, live: true, put: `{"description":""}`},
	"volume.capacity":        {was: 5, now: 10, live: true, put: `{"storage_new_size":10}`},
	"lease": {
		was: map[string]any{"type": "TIMING", "duration": "1h", "enabled": true}, now: map[string]any{"type": "TIMING", "duration": "2h", "enabled": true},
		lease: `{"duration":7200000,"type":"timing"}`,
	},
	"tags":     {},
	"tags_all": {was: map[string]any{"a": "1"}, now: map[string]any{"b": "2"}, tags: `{"removed":["a"],"set":{"b":"2"}}`},
}

// Every change arrives at the service, alone and together with every other, on a
// running and on a stopped notebook, and is what the state holds afterwards.
func TestEveryChangeArrives(t *testing.T) {
	t.Parallel()
	var names []string
	for _, a := range arguments {
		if a.effect == replaces {
			continue
		}
		if _, there := samples[a.at.String()]; !there {
			t.Errorf("there is no sample of %s", a.at)
		}
		if !a.at.is(atTags) { // which acts through tags_all, and has its sample there
			names = append(names, a.at.String())
		}
	}
	for _, status := range []modelarts.Status{modelarts.StatusRunning, modelarts.StatusStopped} {
		arrives(t, status, names...)
		for _, one := range names {
			for _, other := range names {
				arrives(t, status, one, other)
			}
		}
	}
}

func arrives(t *testing.T, status modelarts.Status, names ...string) {
	t.Helper()
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	state := resourceValue(t, map[string]any{"id": "id", "name": "n", "status": string(status), "volume": map[string]any{"category": "EVS"}})
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		state = with(t, state, name, samples[name].was)
	}
	plan := with(t, state, "allow_stopping_for_update", true)
	var want wire
	for _, name := range names {
		s := samples[name]
		plan = with(t, plan, name, s.now)
		for text, into := range map[string]any{s.put: &want.put, s.tags: &want.tags, s.lease: &want.lease} {
			if text != "" {
				mustUnmarshal(t, text, into)
			}
		}
	}
	if slices.Contains(names, "flavor") && !plan.At("custom_spec").IsNull() && !slices.Contains(names, "custom_spec") {
		t.Fatal("a flavor beside a custom size needs a sample of its own")
	}

	service := &recorder{nb: modelarts.Notebook{ID: "id", Status: status}}
	v := &view{ctx: t.Context(), private: privateKeys(nil), settings: &settings.Settings{}, config: plan, state: state, plan: plan}
	c := newConverter(t.Context())
	wish, empty := toUpdate(c, v, decoded(t, plan), decoded(t, plan), decoded(t, state))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	instance := lifecycle.Instance{Service: service, Reader: service, ID: "id", PollInterval: time.Microsecond}
	out := instance.Update(ctx, wish)
	if out.Err != nil || c.Diagnostics.HasError() {
		t.Fatalf("%s, %v: %v %v", status, names, out.Err, c.Diagnostics)
	}
	if empty {
		t.Errorf("%s, %v: the update is empty", status, names)
	}
	if service.lease != nil && status == modelarts.StatusRunning && want.lease == nil {
		service.lease = nil // a start has given the lease that there was
	}
	if status == modelarts.StatusStopped {
		want.lease = nil // the next start gives it
	}
	if !reflect.DeepEqual(service.wire, want) {
		t.Errorf("%s, %v:\narrived %v\nwant    %v", status, names, service.wire, want)
	}
	for _, name := range names {
		if !slices.Contains(out.Applied, name) {
			t.Errorf("%s, %v: %s was not applied", status, names, name)
		}
	}
	if got := applied(state, plan, out.Applied); !values.Equal(got, plan) {
		t.Errorf("%s, %v: the state after it differs from the plan", status, names)
	}
}

// wire is what has arrived.
type wire struct {
	put, tags, lease map[string]any
}

// isLive reports whether the service takes a field of an update request in any
// state of the notebook.
func isLive(field string) bool {
	for _, s := range samples {
		if s.live && strings.HasPrefix(s.put, `{"`+field+`":`) {
			return true
		}
	}
	return false
}

// recorder is a service with one notebook, which changes its status at once.
type recorder struct {
	lifecycle.Service // for the calls that no update makes here
	nb                modelarts.Notebook
	wire
}

func (r *recorder) ListDynamicStorages(context.Context, string) ([]modelarts.Storage, error) {
	return nil, nil
}

func (r *recorder) CreateNotebook(context.Context, modelarts.NotebookCreateRequest) (*modelarts.Notebook, error) {
	panic("an update creates nothing")
}

func (r *recorder) ListNotebooks(context.Context, modelarts.ListNotebooksQuery) iter.Seq2[modelarts.Notebook, error] {
	panic("an update lists nothing")
}

func (r *recorder) DeleteNotebook(context.Context, string) error {
	panic("an update deletes nothing")
}

func (r *recorder) UpdateNotebook(_ context.Context, _ string, change modelarts.NotebookUpdateRequest) error {
	text, err := json.Marshal(change)
	if err != nil {
		return err
	}
	if r.put == nil {
		r.put = map[string]any{}
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	for field, v := range fields {
		if r.nb.Status == modelarts.StatusRunning && !isLive(field) {
			return &modelarts.Error{Operation: "UpdateNotebook", Status: 400, Code: "ModelArts.6347"}
		}
		if _, twice := r.put[field]; twice {
			return fmt.Errorf("%s was sent twice", field)
		}
		r.put[field] = v
	}
	return nil
}

func (r *recorder) StartNotebook(_ context.Context, _ string, query modelarts.StartNotebookQuery) error {
	r.nb.Status = modelarts.StatusRunning
	r.lease = map[string]any{"duration": float64(*query.Duration), "type": query.Type}
	return nil
}

func (r *recorder) StopNotebook(context.Context, string) error {
	r.nb.Status = modelarts.StatusStopped
	return nil
}

func (r *recorder) RenewLease(_ context.Context, _ string, lease modelarts.LeaseReq) error {
	r.lease = map[string]any{"duration": float64(*lease.Duration), "type": *lease.Type}
	return nil
}

func (r *recorder) CreateNotebookTags(_ context.Context, _, _ string, tags []modelarts.Tag) error {
	set := map[string]any{}
	for _, tag := range tags {
		set[tag.Key] = *tag.Value
	}
	r.setTags("set", set)
	return nil
}

func (r *recorder) DeleteNotebookTags(_ context.Context, _, _ string, tags []modelarts.Tag) error {
	var removed []any
	for _, tag := range tags {
		removed = append(removed, tag.Key)
	}
	r.setTags("removed", removed)
	return nil
}

func (r *recorder) setTags(key string, v any) {
	if r.tags == nil {
		r.tags = map[string]any{}
	}
	r.tags[key] = v
}

func (r *recorder) Show(context.Context, string) (modelarts.Look, error) {
	nb := r.nb
	return modelarts.Look{Notebook: &nb, At: time.Now()}, nil
}

func (r *recorder) Read(ctx context.Context, id string) (modelarts.Look, error) {
	return r.Show(ctx, id)
}

func (r *recorder) Poll(ctx context.Context, id string, _ time.Time) (modelarts.Look, error) {
	return r.Show(ctx, id)
}

func (r *recorder) Watch() func() { return func() {} }

// ---- values for tests ----

var resourceType = sync.OnceValue(func() tftypes.Type {
	return resourceSchema().Type().TerraformType(context.Background())
})

// resourceValue is a value of the resource in which all but what is given is
// null.
func resourceValue(t testing.TB, attributes map[string]any) values.Value {
	t.Helper()
	return values.Of(valueOf(t, resourceType(), attributes))
}

// with replaces the value at a path such as "volume.capacity".
func with(t testing.TB, v values.Value, name string, member any) values.Value {
	t.Helper()
	names := strings.Split(name, ".")
	return v.With(valueOf(t, v.At(names...).Type(), member), names...)
}

// unknown stands for an unknown value in what valueOf takes.
type unknown struct{}

// valueOf is a Terraform value made of maps, slices, strings, numbers and
// booleans.
func valueOf(t testing.TB, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case int:
		return tftypes.NewValue(typ, new(big.Float).SetInt64(int64(v)))
	case map[string]any:
		members := map[string]tftypes.Value{}
		if object, ok := typ.(tftypes.Object); ok {
			for name, member := range object.AttributeTypes {
				members[name] = valueOf(t, member, v[name])
			}
			for name := range v {
				if _, there := object.AttributeTypes[name]; !there {
					t.Fatalf("there is no attribute %s", name)
				}
			}
			return tftypes.NewValue(typ, members)
		}
		for name, member := range v {
			members[name] = valueOf(t, typ.(tftypes.Map).ElementType, member)
		}
		return tftypes.NewValue(typ, members)
	case []any:
		var element tftypes.Type
		switch typ := typ.(type) {
		case tftypes.Set:
			element = typ.ElementType
		case tftypes.List:
			element = typ.ElementType
		}
		var elements []tftypes.Value
		for _, e := range v {
			elements = append(elements, valueOf(t, element, e))
		}
		return tftypes.NewValue(typ, elements)
	default:
		return tftypes.NewValue(typ, v)
	}
}

// decoded is a value of the resource as a model. It goes through the types alone:
// a state of the framework walks the schema for each attribute.
func decoded(t testing.TB, v values.Value) *resourceModel {
	t.Helper()
	object, err := resourceSchema().Type().ValueFromTerraform(t.Context(), v.Value)
	if err != nil {
		t.Fatal(err)
	}
	var m resourceModel
	must(t, object.(types.Object).As(t.Context(), &m, basetypes.ObjectAsOptions{}))
	return &m
}

// encoded is a model as a value of the resource.
func encoded(t testing.TB, m *resourceModel) values.Value {
	t.Helper()
	object, diags := types.ObjectValueFrom(t.Context(), attributeTypes(), m)
	must(t, diags)
	v, err := object.ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return values.Of(v)
}

func must(t testing.TB, diags diag.Diagnostics) {
	t.Helper()
	if diags.HasError() {
		t.Fatal(diags)
	}
}

func mustUnmarshal(t testing.TB, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}
