package notebook

import (
	"context"
	"maps"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// PlansNothing says of a notebook whose proposed state is its prior one whether
// that is what ModifyPlan would come to, with nothing to say of it, in a provider
// that is ready. It looks at each reason that there can be to plan something all
// the same; where it cannot tell, it says false.
func PlansNothing(s *settings.Settings, config, state map[string]any, private map[string][]byte) bool {
	status := modelarts.Status(word(state["status"]))
	desired := word(state["desired_status"])
	return status.Kind() == modelarts.Settled && (desired == "" || desired == string(status)) &&
		owedBy(context.Background(), privateKeys(private)) == owesNothing &&
		(!s.OmitToken || state["token"] == nil) &&
		tagsKept(state, s.DefaultTags) && leaseKept(config, state) && leaseAllowed(state, s) && resourceDefaults().kept(config, state)
}

func word(v any) string {
	s, _ := v.(string)
	return s
}

// tagsKept says whether the notebook has its own tags, the defaults and no others.
func tagsKept(state map[string]any, defaultTags map[string]string) bool {
	all, there := state["tags_all"].(map[string]any)
	own, _ := state["tags"].(map[string]any)
	want := make(map[string]any, len(all))
	for key, v := range defaultTags {
		want[key] = v
	}
	maps.Copy(want, own)
	return there && len(want) <= maxTags && maps.Equal(all, want)
}

// leaseKept says whether a lease that is given a duration or a type is enabled.
func leaseKept(config, state map[string]any) bool {
	asked, _ := config["lease"].(map[string]any)
	has, _ := state["lease"].(map[string]any)
	on, _ := has["enabled"].(bool)
	return on || asked["enabled"] != nil || asked["duration"] == nil && asked["type"] == nil
}

// leaseAllowed says whether the guardrails have nothing to say of the lease: they
// warn of an old one too.
func leaseAllowed(state map[string]any, s *settings.Settings) bool {
	lease, _ := state["lease"].(map[string]any)
	on, known := lease["enabled"].(bool)
	if known && !on {
		return !s.RequireAutoStop && s.MaxAutoStop == 0
	}
	duration := word(lease["duration"])
	if s.MaxAutoStop == 0 || duration == "" {
		return true
	}
	d, err := parseLease(duration)
	return err == nil && d <= s.MaxAutoStop
}

// defaultValues are the defaults of a schema's attributes, and of what is nested
// in them.
type defaultValues struct {
	own    map[string]any
	nested map[string]*defaultValues
	each   *defaultValues // of a map: those of each element
}

var resourceDefaults = sync.OnceValue(func() *defaultValues {
	s := resourceSchema()
	d := defaultsOf(s.Attributes)
	for name, b := range s.Blocks {
		if single, ok := b.(schema.SingleNestedBlock); ok {
			d.nested[name] = defaultsOf(single.Attributes)
		}
	}
	return d
})

func defaultsOf(attributes map[string]schema.Attribute) *defaultValues {
	ctx := context.Background()
	d := &defaultValues{own: make(map[string]any), nested: make(map[string]*defaultValues)}
	for name, a := range attributes {
		switch a := a.(type) {
		case schema.StringAttribute:
			if a.Default != nil {
				var resp defaults.StringResponse
				a.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
				d.own[name] = resp.PlanValue.ValueString()
			}
		case schema.BoolAttribute:
			if a.Default != nil {
				var resp defaults.BoolResponse
				a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &resp)
				d.own[name] = resp.PlanValue.ValueBool()
			}
		case schema.SingleNestedAttribute:
			d.nested[name] = defaultsOf(a.Attributes)
		case schema.MapNestedAttribute:
			d.nested[name] = &defaultValues{each: defaultsOf(a.NestedObject.Attributes)}
		}
	}
	return d
}

// kept says whether the state has the default wherever the configuration has
// nothing. The proposed state does not say so: it takes what the configuration
// leaves out from the prior one.
func (d *defaultValues) kept(config, state any) bool {
	has, there := state.(map[string]any)
	if !there {
		return state == nil
	}
	given, _ := config.(map[string]any)
	if d.each != nil {
		for key, element := range has {
			if !d.each.kept(given[key], element) {
				return false
			}
		}
		return true
	}
	for name, v := range d.own {
		if given[name] == nil && has[name] != v {
			return false
		}
	}
	for name, inner := range d.nested {
		if !inner.kept(given[name], has[name]) {
			return false
		}
	}
	return true
}

// privateKeys is a private state outside of the framework.
type privateKeys map[string][]byte

func (p privateKeys) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

// reading is what a read came to.
type reading struct {
	before, after resourceModel
	nb            *modelarts.Notebook // nil: diags say why
	diags         diag.Diagnostics
}

// same says whether the state stays as it is. Sets are compared as sets, and
// numbers by their value.
func (r *reading) same() bool { return equal(reflect.ValueOf(r.before), reflect.ValueOf(r.after)) }

// equal compares two models field by field.
func equal(a, b reflect.Value) bool {
	for i := range a.NumField() {
		if a.Type().Field(i).Anonymous {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
			continue
		}
		before, ok := a.Field(i).Interface().(attr.Value)
		after, okToo := b.Field(i).Interface().(attr.Value)
		if !ok || !okToo || !before.Equal(after) {
			return false
		}
	}
	return true
}

type readingKey struct{}

// read reads the notebook of a state, unless ReadsSame has just done it.
func (r *notebookResource) read(ctx context.Context, state tfsdk.State) *reading {
	if got, done := ctx.Value(readingKey{}).(*reading); done {
		return got
	}
	got := new(reading)
	got.diags.Append(state.Get(ctx, &got.before)...)
	timeout, diags := got.before.Timeouts.Read(ctx, readTimeout)
	got.diags.Append(diags...)
	if got.diags.HasError() || !r.Ready(&got.diags) {
		return got
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	nb, err := r.instance(got.before.ID.ValueString()).refresh(ctx, &got.before)
	if err != nil {
		got.diags.Append(diagnostics.Unable("read", "notebook", err))
		return got
	}
	got.nb, got.after = nb, got.before
	if nb.Status != modelarts.StatusDeleted {
		c := newConverter(ctx)
		got.after.fromAPI(c, nb, r.Settings)
		got.diags.Append(c.Diagnostics...)
	}
	return got
}

// ReadsSame reads a notebook and says whether its state, the private one
// included, stays as it is. The context that it returns spares Read to read once
// more.
func ReadsSame(ctx context.Context, s *settings.Settings, state tftypes.Value, private map[string][]byte) (context.Context, bool) {
	keys := privateKeys(private)
	if !remembers(ctx, keys) || owedBy(ctx, keys) != owesNothing {
		return ctx, false
	}
	r := new(notebookResource)
	r.Settings = s
	got := r.read(ctx, tfsdk.State{Schema: resourceSchema(), Raw: state})
	same := len(got.diags) == 0 && got.nb.Status != modelarts.StatusDeleted && got.same()
	return context.WithValue(ctx, readingKey{}, got), same
}
