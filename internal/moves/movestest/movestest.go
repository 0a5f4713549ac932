// Package movestest holds the moves of a resource to what a state of the vendor's provider
// can have.
package movestest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values/valuestest"
)

// VendorSource is the address of the vendor's provider.
const VendorSource = "registry.terraform.io/huaweicloud/huaweicloud"

// ownSource is another address of this provider.
const ownSource = "mirror.example.com/other/modelarts"

// Move is what is known of the moves to a type of resources.
type Move struct {
	// Type is the type here, and VendorType that of the vendor's provider.
	Type, VendorType string
	// Least is the least that an old state must have, as JSON.
	Least string
	// Needed are the attributes of Least without which there is an error.
	Needed []string
	// Attributes has a row for each attribute that is taken over.
	Attributes []Attribute
	// NotMoved are the vendor's attributes that nothing becomes of, and NotFilled the
	// attributes here that an old state does not fill, each with the reason.
	NotMoved, NotFilled map[string]string
	// Always are the attributes that have one value after each move, as JSON.
	Always map[string]string
	// Vendor are all attributes of the vendor's type.
	Vendor []string
	// Identity is a whole identity, as JSON.
	Identity string
	// Imported reports whether a private state says that the object counts as imported.
	Imported func(private map[string][]byte) bool
}

// Attribute is an attribute of the vendor's provider, and what becomes of it.
type Attribute struct {
	// Vendor is its name, and To the path here, such as "volume.category".
	Vendor, To string
	// Becomes has the values here by the old ones, both as JSON; "-" is an old state
	// without the attribute.
	Becomes map[string]string
}

// Text are the values that a text can have: it stays as it is, and everything that means
// none becomes null.
func Text(text string) map[string]string {
	return map[string]string{text: text, "-": "null", "null": "null", `""`: "null", "[]": "null", "{}": "null", "7": `"7"`, "true": `"true"`}
}

// Upper are the values that a name of a list can have, which is written in upper case.
func Upper(text string) map[string]string {
	return map[string]string{strings.ToLower(text): strings.ToUpper(text), strings.ToUpper(text): strings.ToUpper(text), "-": "null", "null": "null", `""`: "null"}
}

// Server asks a server, as Terraform does before it configures the provider.
type Server struct {
	tfprotov6.ProviderServer
	Move
	state, identity tftypes.Type
}

// New returns the server with the moves to a type.
func New(t testing.TB, server tfprotov6.ProviderServer, m Move) *Server {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return &Server{server, m, schemas.ResourceSchemas[m.Type].ValueType(), identities.IdentitySchemas[m.Type].ValueType()}
}

// With is the least old state with attributes added or changed, as JSON. One that is "-"
// is left out.
func (s *Server) With(t testing.TB, changes map[string]string) string {
	t.Helper()
	var state map[string]json.RawMessage
	if err := json.Unmarshal([]byte(s.Least), &state); err != nil {
		t.Fatal(err)
	}
	for name, text := range changes {
		if state[name] = []byte(text); text == "-" {
			delete(state, name)
		}
	}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Ask moves a state, and returns what is said of it, too.
func (s *Server) Ask(t testing.TB, req tfprotov6.MoveResourceStateRequest) (state values.Value, resp *tfprotov6.MoveResourceStateResponse, said string) {
	t.Helper()
	req.TargetTypeName = s.Type
	resp, err := s.MoveResourceState(t.Context(), &req)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		said += d.Summary + ": " + d.Detail + "\n"
	}
	if resp.TargetState != nil {
		v, err := resp.TargetState.Unmarshal(s.state)
		if err != nil {
			t.Fatal(err)
		}
		state = values.Of(v)
	}
	return state, resp, said
}

// FromVendor moves a state of the vendor's provider.
func (s *Server) FromVendor(t testing.TB, old string) (values.Value, *tfprotov6.MoveResourceStateResponse, string) {
	t.Helper()
	return s.Ask(t, tfprotov6.MoveResourceStateRequest{SourceProviderAddress: VendorSource, SourceTypeName: s.VendorType, SourceState: &tfprotov6.RawState{JSON: []byte(old)}})
}

// JSON is a value of a type out of JSON.
func JSON(t testing.TB, typ tftypes.Type, text string) values.Value {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return values.Of(valuestest.Of(t, typ, v))
}

// CheckAttributes holds each attribute to its row, and the tables to the schemas.
func (s *Server) CheckAttributes(t *testing.T) {
	t.Helper()
	for _, a := range s.Attributes {
		for old, want := range a.Becomes {
			s.checkAttribute(t, a, old, want)
		}
	}
	moved := func(of func(Attribute) string, name string) bool {
		return slices.ContainsFunc(s.Attributes, func(a Attribute) bool { return strings.Split(of(a), ".")[0] == name })
	}
	for _, name := range s.Vendor {
		if is := moved(func(a Attribute) string { return a.Vendor }, name); is == (s.NotMoved[name] != "") {
			t.Errorf("the vendor's %s is moved: %t, has a reason not to be: %t", name, is, s.NotMoved[name] != "")
		}
	}
	guide, err := os.ReadFile("../../templates/guides/moving-from-huaweicloud.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range s.Vendor {
		if name != "id" && !regexp.MustCompile("`"+name+"\\b").Match(guide) && !strings.Contains(string(guide), "block `"+name+" {") {
			t.Errorf("the guide does not say what becomes of the vendor's %s", name)
		}
	}
	object, _ := s.state.(tftypes.Object)
	for name := range object.AttributeTypes {
		if is := s.Always[name] != "" || moved(func(a Attribute) string { return a.To }, name); is == (s.NotFilled[name] != "") {
			t.Errorf("%s is filled by a move: %t, has a reason not to be: %t", name, is, s.NotFilled[name] != "")
		}
	}
}

func (s *Server) checkAttribute(t *testing.T, a Attribute, old, want string) {
	t.Helper()
	state, resp, said := s.FromVendor(t, s.With(t, map[string]string{a.Vendor: old}))
	if said != "" {
		t.Errorf("%s = %s: %s", a.Vendor, old, said)
		return
	}
	check := func(name, want string) {
		got := state.At(strings.Split(name, ".")...)
		if expected := JSON(t, got.Type(), want); !values.Equal(got, expected) {
			t.Errorf("%s = %s: %s is %s, want %s", a.Vendor, old, name, got.Value, want)
		}
	}
	check(a.To, want)
	for name, text := range s.Always {
		check(name, text)
	}
	for name := range s.NotFilled {
		check(name, "null")
	}
	if identity, err := resp.TargetIdentity.IdentityData.Unmarshal(s.identity); err != nil || !identity.IsNull() {
		t.Errorf("%s = %s: the identity is %s, %v", a.Vendor, old, identity, err)
	}
	var private map[string][]byte
	if len(resp.TargetPrivate) > 0 {
		if err := json.Unmarshal(resp.TargetPrivate, &private); err != nil {
			t.Error(err)
		}
	}
	if !s.Imported(private) {
		t.Errorf("%s = %s: the private state is %s", a.Vendor, old, resp.TargetPrivate)
	}
}

// CheckSources holds what can be moved to the type and to the last part of the provider's
// address: a mirror or a private registry is as good as the public one. What cannot be
// moved is an error that says what can be done.
func (s *Server) CheckSources(t *testing.T) {
	t.Helper()
	type source struct {
		address, kind, state string
		version              int64
		want                 string // a part of the error
	}
	const empty, foreign = "it is empty, or of a format that Terraform 0.11 wrote", "Unable to Move Resource State"
	sources := map[string]source{
		"the vendor's":            {VendorSource, s.VendorType, s.Least, 0, ""},
		"OpenTofu's registry":     {"registry.opentofu.org/huaweicloud/huaweicloud", s.VendorType, s.Least, 0, ""},
		"a mirror":                {"mirror.example.com:8443/cloud-team/huaweicloud", s.VendorType, s.Least, 0, ""},
		"a later version":         {VendorSource, s.VendorType, s.Least, 1, ""},
		"another provider":        {"registry.terraform.io/huaweicloud/other", s.VendorType, s.Least, 0, foreign},
		"another type":            {VendorSource, "huaweicloud_modelarts_dataset", s.Least, 0, foreign},
		"null":                    {VendorSource, s.VendorType, "null", 0, empty},
		"nothing":                 {VendorSource, s.VendorType, "", 0, empty},
		"no object":               {VendorSource, s.VendorType, "[1]", 0, "Import it instead: "},
		"cut off":                 {VendorSource, s.VendorType, `{"id":`, 0, "it is not a JSON object"},
		"our own, elsewhere":      {ownSource, s.Type, `{"id":"i","news":1}`, 0, ""},
		"our own, empty":          {ownSource, s.Type, `null`, 0, empty},
		"our own, of other types": {ownSource, s.Type, `{"id":["i"]}`, 0, "cannot be moved"},
		"our own, of the future":  {ownSource, s.Type, `{"id":"i"}`, 1, "it has the schema version 1, and this version of the provider writes 0"},
	}
	for _, name := range s.Needed {
		for _, none := range []string{"-", "null", `""`} {
			sources[name+" = "+none] = source{VendorSource, s.VendorType, s.With(t, map[string]string{name: none}), 0, fmt.Sprintf("The state of %s has no %s. Import it instead", s.VendorType, name)}
		}
	}
	for name, tc := range sources {
		if tc.kind == "" {
			continue // the vendor has no such type
		}
		_, resp, said := s.Ask(t, tfprotov6.MoveResourceStateRequest{
			SourceProviderAddress: tc.address, SourceTypeName: tc.kind, SourceSchemaVersion: tc.version, SourceState: &tfprotov6.RawState{JSON: []byte(tc.state)},
		})
		if tc.want == "" && (said != "" || resp.TargetState == nil) || !strings.Contains(said, tc.want) {
			t.Errorf("%s: %q, want %q", name, said, tc.want)
		}
	}
}

// CheckOwn holds a state of the very type, from another host or namespace, to what becomes
// of it: it stays as it is, with its private state, and with its identity if that is
// whole.
func (s *Server) CheckOwn(t *testing.T, old string) {
	t.Helper()
	private := []byte(`{"applied":"eyJuYW1lIjoiMSJ9","imported":"ZmFsc2U="}`)
	identities := map[string]bool{"": false, "null": false, "{}": false, `{"id":"i"}`: false, s.Identity: true}
	var parts map[string]any
	if err := json.Unmarshal([]byte(s.Identity), &parts); err != nil {
		t.Fatal(err)
	}
	for name := range parts {
		part := maps.Clone(parts)
		part[name] = nil
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		identities[string(text)] = false
	}
	for identity, whole := range identities {
		req := tfprotov6.MoveResourceStateRequest{SourceProviderAddress: ownSource, SourceTypeName: s.Type, SourceState: &tfprotov6.RawState{JSON: []byte(old)}, SourcePrivate: private}
		if identity != "" {
			req.SourceIdentity = &tfprotov6.RawState{JSON: []byte(identity)}
		}
		state, resp, said := s.Ask(t, req)
		if want := JSON(t, s.state, old); said != "" || !values.Equal(state, want) {
			t.Errorf("%s: %s\n%s, want\n%s", identity, said, state.Value, want.Value)
			continue
		}
		got, err := resp.TargetIdentity.IdentityData.Unmarshal(s.identity)
		if err != nil || whole == got.IsNull() {
			t.Errorf("%s: the identity is %s, %v", identity, got, err)
		}
		var before, after map[string][]byte
		if json.Unmarshal(private, &before) != nil || json.Unmarshal(resp.TargetPrivate, &after) != nil || fmt.Sprint(before) != fmt.Sprint(after) {
			t.Errorf("%s: the private state is %s", identity, resp.TargetPrivate)
		}
	}
}

// Fuzz holds a move to end with a state or with an error, whatever the old state has.
func (s *Server) Fuzz(f *testing.F) {
	f.Helper()
	for _, a := range s.Attributes {
		for old := range a.Becomes {
			f.Add(s.With(f, map[string]string{a.Vendor: old}))
		}
	}
	f.Add(`{"id":"i","name":"n","volume":[[{}]],"tags":{"a":{"b":1}},"timeouts":[[],{}],"resource_categories":[[],{},1]}`)
	f.Fuzz(func(t *testing.T, old string) {
		if state, _, said := s.FromVendor(t, old); (said == "") == state.IsNull() {
			t.Errorf("%s: the state is %s, the error %q", old, state.Value, said)
		}
	})
}
