package simulator

import (
	"reflect"
	"slices"
	"testing"
)

// TestEveryFieldIsSaved names every field of what a service knows. A new one has
// to be saved in state.go, or be named here as one that is not.
func TestEveryFieldIsSaved(t *testing.T) {
	for _, known := range []struct {
		of           reflect.Type
		saved, other []string
	}{
		{
			reflect.TypeFor[Simulator](),
			[]string{
				"offset", "notebooks", "byID", "gone", "images", "groups", "authorizations", "agencies", "tokens", "keys",
				"metadataTokens", "faults", "faultID", "sshPorts",
			},
			// From the options, or of this run alone.
			[]string{"userID", "domainID", "control", "mu", "options", "log", "limiter"},
		},
		{
			reflect.TypeFor[notebook](),
			[]string{
				"NotebookInfo", "image", "since", "phase", "startup", "resize", "savedImage", "savedAt", "remounting", "remountAt", "sshPort",
			},
			[]string{"history"},
		},
		{reflect.TypeFor[phase](), []string{"from", "until", "to", "reason", "step"}, nil},
		{reflect.TypeFor[resize](), []string{"to", "until"}, nil},
		{reflect.TypeFor[session](), []string{"projectID", "wholeDomain", "expires"}, nil},
		{reflect.TypeFor[temporaryKey](), []string{"secret", "securityToken", "session"}, nil},
		{reflect.TypeFor[groupText](), []string{"readMe", "tags"}, nil},
		{reflect.TypeFor[armedFault](), []string{"InjectedFault", "matched"}, []string{"random"}},
	} {
		for i := range known.of.NumField() {
			if name := known.of.Field(i).Name; !slices.Contains(slices.Concat(known.saved, known.other), name) {
				t.Errorf("%s.%s is neither saved nor named as one that is not", known.of, name)
			}
		}
	}
	// Exported fields are saved by encoding/json; these are the others.
	for _, known := range []struct {
		of     reflect.Type
		hidden []string
	}{
		{reflect.TypeFor[image](), []string{"projectID", "saving"}},
		{reflect.TypeFor[Storage](), []string{"phase", "parked"}},
		{reflect.TypeFor[NotebookInfo](), nil},
		{reflect.TypeFor[authorization](), nil},
	} {
		for i := range known.of.NumField() {
			if field := known.of.Field(i); !field.IsExported() && !slices.Contains(known.hidden, field.Name) {
				t.Errorf("%s.%s is not saved", known.of, field.Name)
			}
		}
	}
}
