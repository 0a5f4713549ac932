package notebook

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What a plan without changes accepted counts as made elsewhere when it is changed
// elsewhere, and what a person writes afterwards does not: for each argument.
func TestAcceptedIsRemembered(t *testing.T) {
	t.Parallel()
	bare := resourceValue(t, attributes{"volume": attributes{}})
	for _, a := range arguments {
		name := a.at.String()
		fill := func(text string, number int) values.Value {
			v, err := tftypes.Transform(with(t, bare, name, filledValue(bare.At(a.at...).Type(), name, nil)).Value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
				switch {
				case !v.IsKnown() || v.IsNull():
				case v.Type().Is(tftypes.String):
					return tftypes.NewValue(tftypes.String, text), nil
				case v.Type().Is(tftypes.Number):
					return tftypes.NewValue(tftypes.Number, number), nil
				}
				return v, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return values.Of(v)
		}
		null := bare.With(tftypes.NewValue(bare.At(a.at...).Type(), nil), a.at...)
		had, has, other := fill("a", 5), fill("b", 20), fill("c", 10)
		if values.Equal(had.At(a.at...), has.At(a.at...)) {
			t.Fatalf("%s: the values of the test are alike", name)
		}
		for what, tc := range map[string]struct {
			was, is, planned values.Value
			elsewhere        bool
		}{
			"the value from before":         {had, has, had, true},
			"none, as before":               {null, has, null, true},
			"another value":                 {had, has, other, false},
			"none, where there was one":     {had, has, null, false},
			"a value, where there was none": {null, has, other, false},
			"a value that is gone":          {had, null, had, true},
		} {
			private := privateKeys{}
			must(t, remember(t.Context(), private, with(t, bare, "description", "applied"))) // other than all of these
			private[appliedKey] = []byte(`{}`)
			must(t, noteFormer(t.Context(), private, private, tc.was, tc.is))
			v := &view{ctx: t.Context(), private: private, config: tc.planned, state: tc.is, plan: tc.planned}
			if got := v.elsewhere(a.at); got != tc.elsewhere {
				t.Errorf("%s, %s: made elsewhere: %t", name, what, got)
			}
			later := tc.was
			must(t, noteFormer(t.Context(), private, private, tc.is, other)) // it drifts on
			if v.state = other; !values.Equal(later.At(a.at...), other.At(a.at...)) {
				if v.plan = later; !v.elsewhere(a.at) {
					t.Errorf("%s, %s: forgotten after a second change", name, what)
				}
			}
			must(t, rememberOutcome(t.Context(), private, private, digests{}, nil))
			if len(formerBy(t.Context(), private)) > 0 {
				t.Errorf("%s, %s: remembered after an apply", name, what)
			}
		}
	}
}

// The spelling does not count, and a part of an object counts for itself.
func TestAcceptedInAnotherSpelling(t *testing.T) {
	t.Parallel()
	for what, tc := range map[string]struct {
		at, was, is, planned string
		value                func(string) any
		elsewhere            bool
	}{
		"a category":          {"volume.category", "EVS", "EFS", "evs", func(s string) any { return s }, true},
		"an image":            {"image_id", "abc", "d", "ABC", func(s string) any { return s }, true},
		"a name":              {"name", "n", "m", "N", func(s string) any { return s }, false},
		"a duration":          {"lease", "1h", "2h", "60m", func(s string) any { return attributes{"duration": s, "enabled": true} }, true},
		"another duration":    {"lease", "1h", "2h", "3h", func(s string) any { return attributes{"duration": s, "enabled": true} }, false},
		"a kind":              {"custom_spec", "X86", "ARM", "x86", func(s string) any { return attributes{"arch": s, "memory": 1} }, true},
		"a slash":             {"data_volumes", "/a", "/b", "/a/", func(s string) any { return attributes{s: attributes{"category": "EFS", "uri": "u"}} }, true},
		"a service":           {"endpoints", "SSH", "X", "ssh", func(s string) any { return attributes{s: attributes{"allowed_access_ips": []any{"1.1.1.1"}}} }, true},
		"part of an endpoint": {"endpoints", "1.1.1.1", "2.2.2.2", "1.1.1.1", func(s string) any { return attributes{"SSH": attributes{"allowed_access_ips": []any{s}}} }, true},
	} {
		state := func(text string) values.Value {
			return with(t, resourceValue(t, existing()), tc.at, tc.value(text))
		}
		private := privateKeys{appliedKey: []byte(`{}`)}
		must(t, noteFormer(t.Context(), private, private, state(tc.was), state(tc.is)))
		v := &view{ctx: t.Context(), private: private, config: state(tc.planned), state: state(tc.is), plan: state(tc.planned)}
		if got := v.elsewhere(at(strings.Split(tc.at, ".")...)); got != tc.elsewhere {
			t.Errorf("%s: made elsewhere: %t", what, got)
		}
	}
}
