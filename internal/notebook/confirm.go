package notebook

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// unconfirmedKey is where the private state keeps what the service shows in place
// of what was applied, by argument.
//
// A service can leave an argument out of its answers, show it in another form, or
// ignore it. Without a note, each plan would show a difference and each apply
// would make the change again, with a stop of the notebook. So the apply warns
// once, and from then on the value that the service showed is no difference. See
// design/0016-what-the-service-does-not-confirm.md.
const unconfirmedKey = "unconfirmed"

// notes hold, by argument, the digest of what the service shows, or whatever.
type notes map[string]string

// whatever is the note of an argument that was never configured and that the service may
// have set by itself. The first value that the service shows is noted in its place.
const whatever = "*"

// shown is the digest of a value that the service shows, and whether it is the one that is
// noted for the argument.
func (n notes) shown(where place, read values.Value) (digest string, noted bool) {
	digest = values.Digest(read.At(where...))
	return digest, n[where.String()] == digest || n[where.String()] == whatever
}

// waiting are the notes of arguments of which the service has shown nothing yet.
func (n notes) waiting(state values.Value) notes {
	left := notes{}
	for name, digest := range n {
		if digest == whatever && state.At(strings.Split(name, ".")...).IsNull() {
			left[name] = whatever
		}
	}
	return left
}

// keeps reports whether the note of an argument stays although an answer shows no other value
// than the state has. Answers may hide arguments while a notebook does not run, and show again
// what is noted when it runs.
func (n notes) keeps(where place, read values.Value) bool {
	digest, there := n[where.String()]
	return there && digest != whatever && read.At(atStatus...).Text() != string(modelarts.StatusRunning)
}

// notedBy reads the notes.
func notedBy(ctx context.Context, private privateReader) notes {
	if n := values.Noted[notes](ctx, private, unconfirmedKey); n != nil {
		return n
	}
	return notes{}
}

// note writes the notes.
func note(ctx context.Context, private privateWriter, n notes) diag.Diagnostics {
	return values.Note(ctx, private, unconfirmedKey, n)
}

// confirm compares what was applied with what a refresh makes of the service's
// answer. It returns the notes of what differs, and the arguments to warn of: those
// that no such note was there for, and those that this apply has changed from what
// prior holds.
//
// first is what a refresh would have made of the answer at the start of the update.
// What this apply has not changed, and was shown so at its start already, is no answer
// to the apply: it was changed elsewhere after the plan, and the next plan shows it.
// Nor is any value of tags that it has not changed: answers may hide tags while the
// notebook does not run.
func confirm(prior, first, state, read values.Value, before notes) (after notes, fresh []place) {
	after = before.waiting(state)
	for _, a := range arguments {
		if values.Equal(state.At(a.at...), read.At(a.at...)) {
			if before.keeps(a.at, read) {
				after[a.at.String()] = before[a.at.String()]
			}
			continue
		}
		digest, noted := before.shown(a.at, read)
		changed := !values.Equal(prior.At(a.at...), state.At(a.at...))
		if !changed && !noted && (a.mayHide || values.Equal(first.At(a.at...), read.At(a.at...))) {
			continue
		}
		after[a.at.String()] = digest
		if (changed || !noted) && !a.at.is(atTagsAll) { // tags stands for both
			fresh = append(fresh, a.at)
		}
	}
	return after, fresh
}

// unconfirmed takes back what a refresh has changed where the service shows only
// what it showed after the last apply. A note ends when the service shows anything
// else, or the applied value while the notebook runs.
func unconfirmed(before, read values.Value, n notes) (after values.Value, left notes) {
	after, left = read, n.waiting(read)
	for _, name := range slices.Sorted(maps.Keys(n)) {
		where := at(strings.Split(name, ".")...)
		digest, noted := n.shown(where, read)
		switch {
		case row(where) == nil || left[name] != "":
		case noted:
			after, left[name] = after.With(before.At(where...).Value, where...), digest
		case n.keeps(where, read) && values.Equal(before.At(where...), read.At(where...)):
			left[name] = n[name]
		}
	}
	return after, left
}

// notConfirmed warns of what the service does not show as it was applied.
func notConfirmed(state, read values.Value, fresh []place) diag.Diagnostics {
	var diags diag.Diagnostics
	if len(fresh) == 0 {
		return diags
	}
	lines := make([]string, len(fresh))
	for i, where := range fresh {
		lines[i] = "  - " + shownInstead(where, state.At(where...), read.At(where...))
	}
	diags.AddWarning(fmt.Sprintf("Notebook %q is not shown as it was applied", state.At("name").Text()),
		fmt.Sprintf("The service accepted the changes of the notebook %s, but returns other values:\n%s\n\n"+
			"Plans show no drift for these while the service returns the same values. To try again, change the argument and apply.",
			state.At("id").Text(), strings.Join(lines, "\n")))
	return diags
}

// shownInstead says what the service shows in the place of what was applied. Values
// that may be secrets are left out.
func shownInstead(where place, applied, shown values.Value) string {
	if slices.ContainsFunc(sayable, where.is) {
		return fmt.Sprintf("%s: %s was applied, and the service shows %s", where, values.Text(applied), values.Text(shown))
	}
	switch {
	case !applied.IsSet():
		return fmt.Sprintf("%s: none was applied, and the service shows some", where)
	case !shown.IsSet():
		return fmt.Sprintf("%s: the service does not show what was applied", where)
	}
	return fmt.Sprintf("%s: the service shows another value than the one that was applied", where)
}
