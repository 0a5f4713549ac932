package notebook

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What was applied is known again, by argument; another value is not.
func TestRememberedIsAppliedBefore(t *testing.T) {
	t.Parallel()
	all := filledValue(resourceType(), "", nil).(attributes)
	all["endpoints"] = attributes{"SSH": attributes{"key_pair_names": []any{"a", "b"}}}
	all["affinity"] = attributes{"required": []any{attributes{"key": "k", "values": []any{"a", "b"}}}}
	all["user_vpc"] = attributes{"security_group_ids": []any{"a", "b"}}
	config, nothing := resourceValue(t, all), resourceValue(t, nil)

	private := privateKeys{}
	if remembers(t.Context(), private) || appliedBefore(t.Context(), private, atFlavor, config.At("flavor")) {
		t.Error("something is remembered before anything was")
	}
	must(t, remember(t.Context(), private, config))
	if !remembers(t.Context(), private) {
		t.Error("nothing is remembered")
	}
	for _, a := range arguments {
		if !appliedBefore(t.Context(), private, a.at, config.At(a.at...)) {
			t.Errorf("%s is not known again", a.at)
		}
		if appliedBefore(t.Context(), private, a.at, nothing.At(a.at...)) {
			t.Errorf("%s: null is taken for what was configured", a.at)
		}
		unknown := values.Of(tftypes.NewValue(config.At(a.at...).Type(), tftypes.UnknownValue))
		if appliedBefore(t.Context(), private, a.at, unknown) {
			t.Errorf("%s: unknown is taken for what was configured", a.at)
		}
	}
	if appliedBefore(t.Context(), private, at("status"), config.At("status")) {
		t.Error("an attribute without a row was applied before")
	}
	for _, name := range []string{"endpoints", "affinity", "user_vpc"} {
		other := with(t, config, "endpoints", attributes{"SSH": attributes{"key_pair_names": []any{"b", "a"}}})
		other = with(t, other, "affinity", attributes{"required": []any{attributes{"key": "k", "values": []any{"b", "a"}}}})
		other = with(t, other, "user_vpc", attributes{"security_group_ids": []any{"b", "a"}})
		if !appliedBefore(t.Context(), private, at(name), other.At(name)) {
			t.Errorf("%s: a set in another order is not known again", name)
		}
	}
	must(t, remember(t.Context(), private, nothing))
	if appliedBefore(t.Context(), private, atFlavor, config.At("flavor")) || !appliedBefore(t.Context(), private, atFlavor, nothing.At("flavor")) {
		t.Error("the configuration before the last is remembered")
	}
}

// What is owed is read again, and nothing is owed of what was never noted.
func TestOwedIsReadAgain(t *testing.T) {
	t.Parallel()
	private := privateKeys{}
	if owed := owedBy(t.Context(), private); owed != lifecycle.OwesNothing {
		t.Errorf("of nothing: %q", owed)
	}
	for _, owed := range []lifecycle.Owed{lifecycle.OwesStart, lifecycle.OwesStop, lifecycle.OwesRetry, lifecycle.OwesNothing} {
		must(t, owe(t.Context(), private, owed))
		if got := owedBy(t.Context(), private); got != owed {
			t.Errorf("%q became %q", owed, got)
		}
	}
}

// unreadable is a private state that cannot be read.
type unreadable struct{ privateKeys }

func (u unreadable) GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics) {
	text, _ := u.privateKeys.GetKey(ctx, key)
	return text, diag.Diagnostics{diag.NewErrorDiagnostic("unreadable", "")}
}

// A private state that holds no such thing is as good as none.
func TestGarbageInThePrivateState(t *testing.T) {
	t.Parallel()
	config := resourceValue(t, attributes{"flavor": "f"})
	for _, text := range []string{``, `null`, `{`, `[]`, `1`, `"flavor"`, `{"flavor":1}`, `{"flavor":null}`, `{"flavor":""}`, `{"other":"x"}`, "\x00"} {
		private := privateKeys{appliedKey: []byte(text), owedKey: []byte(text), tagsOwedKey: []byte(text), importedKey: []byte(text), unconfirmedKey: []byte(text), owedNotedKey: []byte(text), formerKey: []byte(text)}
		if !owedNoted(t.Context(), private).At.IsZero() {
			t.Errorf("%q: something was noted as owed", text)
		}
		if v := (&view{ctx: t.Context(), private: private, state: resourceValue(t, nil), plan: config}); v.takenBack(atFlavor) {
			t.Errorf("%q: the state had the flavor", text)
		}
		if owesTags(t.Context(), private) || isImported(t.Context(), private) {
			t.Errorf("%q: tags are owed, or it was imported", text)
		}
		if left := notedBy(t.Context(), private); left["flavor"] == values.Digest(config.At("flavor")) {
			t.Errorf("%q: the flavor is noted", text)
		}
		if appliedBefore(t.Context(), private, atFlavor, config.At("flavor")) {
			t.Errorf("%q: the flavor was applied before", text)
		}
		if owed := owedBy(t.Context(), private); owed.Next("STOPPED")+owed.Next("RUNNING") != "" {
			t.Errorf("%q: %q is owed", text, owed)
		}
	}
	whole := privateKeys{}
	must(t, remember(t.Context(), whole, config))
	must(t, owe(t.Context(), whole, lifecycle.OwesStart))
	must(t, oweTags(t.Context(), whole, true))
	must(t, markImported(t.Context(), whole, true))
	must(t, note(t.Context(), whole, notes{"flavor": "x"}))
	if !owesTags(t.Context(), whole) || !isImported(t.Context(), whole) || notedBy(t.Context(), whole)["flavor"] != "x" {
		t.Error("what was noted is not read again")
	}
	u := unreadable{whole}
	if owesTags(t.Context(), u) || isImported(t.Context(), u) || len(notedBy(t.Context(), u)) > 0 {
		t.Error("a note that cannot be read is believed")
	}
	if remembers(t.Context(), u) || appliedBefore(t.Context(), u, atFlavor, config.At("flavor")) || owedBy(t.Context(), u) != lifecycle.OwesNothing {
		t.Error("a private state that cannot be read is believed")
	}
}
