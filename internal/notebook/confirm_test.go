package notebook

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// shownValues are, for each row of the table of arguments, three different
// values: what is applied, what the service shows in its place, and what it shows
// later.
var shownValues = map[string][3]any{
	"region":                 {"r", "s", nil},
	"feature":                {"NOTEBOOK", "DEFAULT", "OTHER"},
	"pool_id":                {"p", "q", nil},
	"workspace_id":           {"0", "1", nil},
	"run_user":               {attributes{"uid": 1}, attributes{"uid": 2}, nil},
	"user_vpc":               {attributes{"vpc_id": "v"}, attributes{"vpc_id": "w"}, nil},
	"volume.category":        {"EVS", "EFS", nil},
	"volume.ownership":       {"MANAGED", "DEDICATED", nil},
	"volume.uri":             {"u", "v", nil},
	"volume.id":              {"a", "b", nil},
	"flavor":                 {"f", "g", nil},
	"custom_spec":            {attributes{"cpu": 2}, attributes{"cpu": 1}, nil},
	"image_id":               {"i", "j", nil},
	"data_volumes":           {attributes{"/a": attributes{"uri": "u"}}, nil, attributes{"/a": attributes{"uri": "v"}}},
	"endpoints":              {attributes{"SSH": attributes{"key_pair_names": []any{"a", "b"}}}, attributes{"SSH": attributes{"key_pair_names": []any{"a"}}}, nil},
	"hooks":                  {attributes{"pre_start": attributes{"content": "c"}}, attributes{"pre_start": attributes{"content": "d"}}, nil},
	"affinity":               {attributes{"required": []any{attributes{"key": "k"}}}, nil, attributes{"required": []any{attributes{"key": "l"}}}},
	"public_network_config":  {attributes{"public_network_type": "SHARED"}, attributes{"public_network_type": "NEW"}, nil},
	"volume.dew_secret_name": {"s", nil, "t"},
	"name":                   {"n", "m", "o"},
	"description":            {"d", nil, "e"},
	"volume.capacity":        {10, 5, 15},
	"lease":                  {attributes{"duration": "1h", "enabled": true}, attributes{"duration": "2h", "enabled": true}, nil},
	"tags":                   {attributes{"a": "1"}, nil, attributes{"a": "2"}},
	"tags_all":               {attributes{"a": "1"}, attributes{}, attributes{"a": "2"}},
}

// The life of a note, for each row: what is shown as applied makes none; what is
// shown otherwise makes one, with a warning that comes once; while the service
// shows the same, a refresh changes nothing; the configured value ends the note,
// and so does any other, which is a difference.
func TestWhatIsNotConfirmed(t *testing.T) {
	t.Parallel()
	for _, a := range arguments {
		name := a.at.String()
		v, there := shownValues[name]
		if !there {
			t.Errorf("there are no values of %s", name)
			continue
		}
		base := resourceValue(t, existing())
		applied, otherwise, third := with(t, base, name, v[0]), with(t, base, name, v[1]), with(t, base, name, v[2])

		if after, fresh := confirm(applied, applied, applied, applied, notes{}); len(after)+len(fresh) > 0 {
			t.Errorf("%s, shown as applied: %v, %v", name, after, fresh)
		}
		// Tags may have been hidden before the update: what it has not changed is drift.
		prior := applied
		if a.mayHide {
			if drift, fresh := confirm(applied, applied, applied, otherwise, notes{}); len(drift)+len(fresh) > 0 {
				t.Errorf("%s, changed elsewhere while it was hidden: warned of %v, notes %v", name, fresh, drift)
			}
			prior = third
		}
		after, fresh := confirm(prior, applied, applied, otherwise, notes{})
		if !slices.Equal(slices.Collect(maps.Keys(after)), []string{name}) {
			t.Errorf("%s, shown otherwise: the notes are %v", name, after)
		}
		warned := len(fresh) == 1 && fresh[0].is(a.at)
		if !warned && !a.at.is(atTagsAll) || warned && a.at.is(atTagsAll) { // which says nothing that tags do not
			t.Errorf("%s, shown otherwise: warned of %v", name, fresh)
		}
		for _, where := range fresh {
			diags := notConfirmed(applied, otherwise, fresh)
			detail := diags[0].Detail()
			if len(diags) != 1 || diags.HasError() || !strings.Contains(detail, "  - "+shownInstead(where, applied.At(where...), otherwise.At(where...))+"\n") {
				t.Errorf("%s: the warning is %q", name, diags)
			}
		}
		// It was changed elsewhere before the update, which changes something else.
		if drift, fresh := confirm(applied, otherwise, applied, otherwise, notes{}); len(drift)+len(fresh) > 0 {
			t.Errorf("%s, changed elsewhere before: warned of %v, notes %v", name, fresh, drift)
		}
		if asked, _ := confirm(third, otherwise, applied, otherwise, notes{}); len(asked) != 1 {
			t.Errorf("%s, shown as before a change: notes %v", name, asked)
		}
		if again, fresh := confirm(applied, applied, applied, otherwise, after); len(fresh) > 0 || !maps.Equal(again, after) {
			t.Errorf("%s, the same again: warned of %v, notes %v", name, fresh, again)
		}
		if _, fresh := confirm(applied, applied, applied, third, after); len(fresh) != 1 && !a.mayHide {
			t.Errorf("%s, a third value after the next apply: warned of %v", name, fresh)
		}

		if _, fresh := confirm(third, third, applied, otherwise, after); len(fresh) != 1 && !a.at.is(atTagsAll) {
			t.Errorf("%s, changed by the apply, and shown as before: warned of %v", name, fresh)
		}

		if state, left := unconfirmed(applied, otherwise, after); !values.Equal(state, applied) || !maps.Equal(left, after) {
			t.Errorf("%s, the same at a refresh: %q differ, notes %v", name, differing(state, applied), left)
		}
		if state, left := unconfirmed(applied, applied, after); !values.Equal(state, applied) || len(left) > 0 {
			t.Errorf("%s, the configured value at a refresh: %q differ, notes %v", name, differing(state, applied), left)
		}
		// Of a notebook that does not run, the configured value may be what the state has, and not
		// what the answer shows.
		stopped := with(t, applied, "status", "STOPPED")
		if state, left := unconfirmed(applied, stopped, after); !values.Equal(state, stopped) || !maps.Equal(left, after) {
			t.Errorf("%s, hidden at a refresh: %q differ, notes %v", name, differing(state, stopped), left)
		}
		if left, fresh := confirm(third, stopped, stopped, stopped, after); len(fresh) > 0 || !maps.Equal(left, after) {
			t.Errorf("%s, hidden in an apply that changes it: warned of %v, notes %v", name, fresh, left)
		}
		if state, left := unconfirmed(applied, third, after); !values.Equal(state, third) || len(left) > 0 {
			t.Errorf("%s, a third value at a refresh: %q differ, notes %v", name, differing(state, third), left)
		}
		// Without a note, it is a difference.
		if state, left := unconfirmed(applied, otherwise, notes{}); !values.Equal(state, otherwise) || len(left) > 0 {
			t.Errorf("%s, without a note: %q differ, notes %v", name, differing(state, otherwise), left)
		}
	}
}

// A note hides nothing else, and one of something that is no argument nothing at
// all.
func TestNotesHideNothingElse(t *testing.T) {
	t.Parallel()
	state := resourceValue(t, existing())
	read := with(t, with(t, state, "description", "elsewhere"), "fail_reason", "r")
	n := notes{"flavor": values.Digest(state.At("image_id")), "fail_reason": values.Digest(read.At("fail_reason")), "volume": values.Digest(read.At("volume")), "no.such": "x"}
	if after, left := unconfirmed(state, read, n); !values.Equal(after, read) || len(left) > 0 {
		t.Errorf("%q differ, notes %v", differing(after, read), left)
	}
	if diags := notConfirmed(state, read, nil); len(diags) > 0 {
		t.Errorf("of nothing: %q", said(diags))
	}
	// Two at once are one warning.
	other := with(t, with(t, state, "flavor", "g"), "name", "m")
	_, fresh := confirm(state, state, state, other, notes{})
	if diags := notConfirmed(state, other, fresh); len(fresh) != 2 || len(diags) != 1 || !strings.Contains(diags[0].Summary(), `"n"`) {
		t.Errorf("two: %v, %q", fresh, said(diags))
	}
}

// The warning and the error of what would replace the notebook name both values,
// and the way out.
func TestTextsOfWhatIsNotReplaced(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		plannedCase
		says []string
	}{
		"elsewhere": {plannedCase{plan: attributes{"volume.category": "EFS"}}, []string{`volume.category is "EVS", and the configuration has "EFS", as when it was last applied`, "terraform apply -replace=ADDRESS"}},
		"imported":  {plannedCase{imported: true, plan: attributes{"volume.category": "EFS"}}, []string{`was imported with volume.category = "EVS", and the configuration has "EFS"`, `set volume.category to "EVS"`, "terraform state rm"}},
		"a secret": {
			plannedCase{imported: true, state: attributes{"volume.uri": "s3cret"}, plan: attributes{"volume.uri": "s4cret"}},
			[]string{"was imported with volume.uri = a value, and the configuration has another one", "set volume.uri to what terraform state show prints"},
		},
	} {
		p := tc.planner(t)
		p.keepForeign()
		if len(p.resp.Diagnostics) != 1 {
			t.Fatalf("%s: said %q", name, said(p.resp.Diagnostics))
		}
		if detail := p.resp.Diagnostics[0].Detail(); strings.Contains(detail, "cret\"") {
			t.Errorf("%s: a value that may be a secret is in %q", name, detail)
		}
		for _, text := range tc.says {
			if detail := p.resp.Diagnostics[0].Detail(); !strings.Contains(detail, text) {
				t.Errorf("%s: %q is not in %q", name, text, detail)
			}
		}
	}
}

// Of an imported notebook, what an answer leaves out is no difference where it
// would replace it; once it was applied, it is one.
func TestImportedLeavesOut(t *testing.T) {
	t.Parallel()
	for _, a := range arguments {
		name := a.at.String()
		for _, imported := range []bool{false, true} {
			tc := plannedCase{imported: imported, state: attributes{name: nil}, plan: attributes{name: shownValues[name][0]}}
			p := tc.planner(t)
			if p.imported() != imported {
				t.Fatal("the note of the import is lost")
			}
			want := !a.always && (a.effect != replaces || !imported)
			if got := p.differs(a.at); got != want {
				t.Errorf("%s was left out, imported: %t: differs: %t", name, imported, got)
			}
		}
	}
	// So it is with what answers show otherwise.
	for place, values := range map[string][2]string{"volume.category": {"OBSFS", "OBS"}, "volume.uri": {"obs://b/p", "obs://b/p/"}} {
		for _, imported := range []bool{false, true} {
			tc := plannedCase{imported: imported, state: attributes{place: values[0]}, plan: attributes{place: values[1]}}
			if got := tc.planner(t).differs(at(strings.Split(place, ".")...)); got == imported {
				t.Errorf("%s, imported: %t: differs: %t", place, imported, got)
			}
		}
	}
	// So it is with a part of an object.
	for uid, want := range map[int]bool{1000: false, 1001: true} {
		tc := plannedCase{imported: true, state: attributes{"run_user": attributes{"uid": uid}}, plan: attributes{"run_user": attributes{"uid": 1000, "gid": 100}}}
		if got := tc.planner(t).differs(at("run_user")); got != want {
			t.Errorf("the user %d without a group differs: %t", uid, got)
		}
	}
}

// What can be a secret is not in the message.
func TestShownInstead(t *testing.T) {
	t.Parallel()
	base := resourceValue(t, existing())
	for _, tc := range []struct {
		where          place
		applied, shown any
		want           string
	}{
		{at("name"), "n", "m", `name: "n" was applied, and the service shows "m"`},
		{at("name"), nil, "m", `name: none was applied, and the service shows "m"`},
		{at("description"), "one", "two", "description: the service shows another value than the one that was applied"},
		{at("description"), "one", nil, "description: the service does not show what was applied"},
		{at("description"), nil, "two", "description: none was applied, and the service shows some"},
	} {
		applied, shown := with(t, base, tc.where.String(), tc.applied).At(tc.where...), with(t, base, tc.where.String(), tc.shown).At(tc.where...)
		if got := shownInstead(tc.where, applied, shown); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
	}
}

// What a moved notebook has of itself is noted as soon as the service shows it, with or
// without an apply before that, and is drift only where it changes afterwards.
func TestWhatTheServiceHasOfItself(t *testing.T) {
	t.Parallel()
	none := resourceValue(t, existing())
	shows := func(key string) values.Value {
		return with(t, none, "affinity", attributes{"required": []any{attributes{"key": key}}})
	}
	some, other, moved := shows("node"), shows("gpu"), notes{"affinity": whatever}

	if state, left := unconfirmed(none, none, moved); !values.Equal(state, none) || !maps.Equal(left, moved) {
		t.Errorf("hidden: %q differ, notes %v", differing(state, none), left)
	}
	state, left := unconfirmed(none, some, moved)
	if !values.Equal(state, none) || left["affinity"] != values.Digest(some.At("affinity")) {
		t.Errorf("shown: %q differ, notes %v", differing(state, none), left)
	}
	if state, left := unconfirmed(none, other, left); !values.Equal(state, other) || len(left) > 0 {
		t.Errorf("changed afterwards: %q differ, notes %v", differing(state, other), left)
	}
	for name, tc := range map[string]struct {
		applied, read values.Value
		after         notes
		fresh         int
	}{
		"hidden in an apply":      {none, none, moved, 0},
		"shown in an apply":       {none, some, left, 0},
		"configured, and shown":   {some, some, notes{}, 0},
		"configured, and ignored": {other, some, left, 1},
	} {
		if after, fresh := confirm(none, tc.read, tc.applied, tc.read, moved); !maps.Equal(after, tc.after) || len(fresh) != tc.fresh {
			t.Errorf("%s: warned of %v, notes %v", name, fresh, after)
		}
	}
}
