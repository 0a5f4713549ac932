package notebook

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// notInCreate are the arguments that a request for a new notebook does not hold,
// each with the reason.
var notInCreate = map[string]string{
	"region":                      "it says which service is called",
	"tags":                        "set by calls of their own, out of tags_all",
	"tags_all":                    "set by calls of their own",
	"lease.enabled":               "asked for by giving a duration; false is a duration of -1",
	"hooks.pre_start.path":        "content_wo goes before it, and a configuration has only one of the three",
	"hooks.post_start.path":       "the same",
	"hooks.pre_start.content_wo":  "content stands in for it",
	"hooks.post_start.content_wo": "the same",
	"hooks.pre_start.content":     "the same",
	"hooks.post_start.content":    "the same",

	"hooks.pre_start.content_wo_version":  "the provider's own",
	"hooks.post_start.content_wo_version": "the provider's own",
}

// Every argument, and every member of one, is in the request for a new notebook.
func TestEveryArgumentIsInACreate(t *testing.T) {
	t.Parallel()
	special := map[string]any{"lease.duration": "2h"}
	bare := with(t, resourceValue(t, nil), "volume", map[string]any{})
	for _, a := range arguments {
		name := a.at.String()
		if notInCreate[name] != "" {
			continue
		}
		full := filledValue(bare.At(a.at...).Type(), name, special)
		asked := creates(t, with(t, bare, name, full))
		if asked == creates(t, bare) {
			t.Errorf("a create does not ask for %s", name)
		}
		for member, without := range withoutEach(name, full) {
			if notInCreate[member] == "" && asked == creates(t, with(t, bare, name, without)) {
				t.Errorf("a create does not ask for %s", member)
			}
		}
	}
}

// creates is the request for a notebook like this one.
func creates(t *testing.T, plan values.Value) string {
	t.Helper()
	c := newConverter(t.Context())
	text, err := json.Marshal(decoded(t, plan).toCreate(c))
	if err != nil || c.Diagnostics.HasError() {
		t.Fatal(err, c.Diagnostics)
	}
	return string(text)
}

// filledValue is a value in which everything is set, for valueOf. special has
// values for some places.
func filledValue(typ tftypes.Type, name string, special map[string]any) any {
	if v, there := special[name]; there {
		return v
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		object := map[string]any{}
		for member, t := range typ.AttributeTypes {
			object[member] = filledValue(t, name+"."+member, special)
		}
		return object
	case tftypes.Map:
		return map[string]any{"/key/": filledValue(typ.ElementType, name, special)}
	case tftypes.List:
		return []any{filledValue(typ.ElementType, name, special)}
	case tftypes.Set:
		return []any{filledValue(typ.ElementType, name, special)}
	}
	switch {
	case typ.Is(tftypes.Number):
		return 7
	case typ.Is(tftypes.Bool):
		return true
	default:
		return "x"
	}
}

// withoutEach are copies of a value made by filledValue, each with one member
// less, by the name of that member.
func withoutEach(name string, v any) map[string]any {
	all := map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		for key, member := range v {
			inside := name + "." + key
			if key == "/key/" {
				inside = name
			} else {
				less := maps.Clone(v)
				less[key] = nil
				all[inside] = less
			}
			for path, without := range withoutEach(inside, member) {
				less := maps.Clone(v)
				less[key] = without
				all[path] = less
			}
		}
	case []any:
		for path, without := range withoutEach(name, v[0]) {
			all[path] = []any{without}
		}
	}
	return all
}

// neverAnswered are the attributes of the model that the service does not show,
// each with the reason.
var neverAnswered = map[string]string{
	"data_volumes.dew_secret_name": "the contract has it in no answer",
	"region":                       "it is known of the call, see located.place",
	"project_id":                   "it is known of the call, see located.place",
}

// Every attribute of the model is read from an answer that holds everything.
func TestEveryAttributeIsRead(t *testing.T) {
	t.Parallel()
	c := newConverter(t.Context())
	m := blank(c)
	m.fromAPI(c, wholeAnswer(), &settings.Settings{})
	if c.Diagnostics.HasError() {
		t.Fatal(c.Diagnostics)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[model]()) {
		if field.Anonymous {
			continue
		}
		for _, null := range nulls(field.Tag.Get("tfsdk"), reflect.ValueOf(m).FieldByIndex(field.Index).Interface().(attr.Value)) {
			if neverAnswered[null] == "" {
				t.Errorf("%s is not read from the answer", null)
			}
		}
	}
}

// nulls are the places in a value where nothing is set.
func nulls(name string, v attr.Value) []string {
	if v.IsNull() || v.IsUnknown() {
		return []string{name}
	}
	var all []string
	switch v := v.(type) {
	case types.Object:
		for member, inner := range v.Attributes() {
			all = append(all, nulls(name+"."+member, inner)...)
		}
	case types.Map:
		for _, inner := range v.Elements() {
			all = append(all, nulls(name, inner)...)
		}
	case types.List:
		for _, inner := range v.Elements() {
			all = append(all, nulls(name, inner)...)
		}
	}
	return all
}

// wholeAnswer is an answer that leaves nothing out, about a running notebook.
func wholeAnswer() *modelarts.Notebook {
	nb := new(modelarts.Notebook)
	fill(reflect.ValueOf(nb).Elem())
	custom, ssh, timing, static := customFlavor, serviceSSH, leaseTiming, "STATIC"
	efs, hour := categoryEFS, int64(3_600_000)
	nb.Status, nb.Flavor = modelarts.StatusRunning, &custom
	nb.Endpoints[0].Service = &ssh
	nb.Lease.Type, nb.Lease.Duration = &timing, &hour
	nb.Volume.Status = modelarts.VolumeResizing
	nb.DataVolumes[0].MountType, nb.DataVolumes[0].Category = &static, &efs
	return nb
}

// fill sets everything in a value of a type of the client.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	default:
		panic(fmt.Sprintf("a %s cannot be filled", v.Type()))
	}
}

// An entry of a list that leaves something out is not enough for a read where
// that would change the state, or may hide a change: the notebook is asked for by
// its ID then. So is one that shows something else.
func TestWhatAListLeavesOut(t *testing.T) {
	t.Parallel()
	c := newConverter(t.Context())
	for name, answer := range map[string]func() *modelarts.Notebook{
		"everything": wholeAnswer,
		"an endpoint without a request for one": func() *modelarts.Notebook {
			nb := wholeAnswer()
			nb.Endpoints[0].KeyPairNames, nb.Endpoints[0].AllowedAccessIPs = nil, nil
			return nb
		},
	} {
		before := blank(c)
		before.fromAPI(c, answer(), &settings.Settings{})
		for i := range reflect.TypeFor[modelarts.Notebook]().NumField() {
			field := reflect.TypeFor[modelarts.Notebook]().Field(i)
			if field.Type.Kind() != reflect.Pointer && field.Type.Kind() != reflect.Slice {
				continue // an ID, a name and a status are in every entry
			}
			nb, after := answer(), before
			reflect.ValueOf(nb).Elem().Field(i).SetZero()
			after.fromAPI(c, nb, &settings.Settings{})
			if !equal(reflect.ValueOf(before), reflect.ValueOf(after)) && before.confirmedBy(t.Context(), nb, &settings.Settings{}) {
				t.Errorf("an entry without %s would change the state, and is believed (%s)", field.Name, name)
			}
		}
		for _, may := range []string{"Description", "Flavor", "Image", "Volume", "Endpoints", "Tags", "DataVolumes", "Lease", "Affinity", "RunUser", "UserVPC", "Pool"} {
			nb := answer()
			reflect.ValueOf(nb).Elem().FieldByName(may).SetZero()
			if before.confirmedBy(t.Context(), nb, &settings.Settings{}) {
				t.Errorf("an entry without %s may hide a change, and is believed (%s)", may, name)
			}
		}
		for what, change := range map[string]func(*modelarts.Notebook){
			"another name":        func(nb *modelarts.Notebook) { nb.Name = "other" },
			"another status":      func(nb *modelarts.Notebook) { nb.Status = modelarts.StatusStopped },
			"another key pair":    func(nb *modelarts.Notebook) { nb.Endpoints[0].KeyPairNames = []string{"other"} },
			"no address":          func(nb *modelarts.Notebook) { nb.Endpoints[0].URI = nil },
			"no path of an image": func(nb *modelarts.Notebook) { nb.Image.SWRPath = nil },
			"no type of a lease":  func(nb *modelarts.Notebook) { nb.Lease.Type = nil },
		} {
			nb := answer()
			change(nb)
			if before.confirmedBy(t.Context(), nb, &settings.Settings{}) {
				t.Errorf("an entry with %s is believed (%s)", what, name)
			}
		}
		if !before.confirmedBy(t.Context(), answer(), &settings.Settings{}) {
			t.Errorf("an entry that shows what is known is not believed (%s)", name)
		}
	}
	if c.Diagnostics.HasError() {
		t.Fatal(c.Diagnostics)
	}
}
