package values

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	str  = tftypes.String
	num  = tftypes.Number
	flag = tftypes.Bool
	set  = tftypes.Set{ElementType: str}
	list = tftypes.List{ElementType: str}
	dict = tftypes.Map{ElementType: str}

	inner = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"type": str, "duration": num}}
	outer = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"name": str, "size": num, "on": flag, "ips": set, "names": list, "tags": dict, "lease": inner,
		"endpoints": tftypes.Map{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"ips": set}}},
	}}
)

func of(t tftypes.Type, v any) Value { return Value{tftypes.NewValue(t, v)} }

func text(s string) tftypes.Value { return tftypes.NewValue(str, s) }

func texts(t tftypes.Type, all ...string) Value {
	elements := make([]tftypes.Value, 0, len(all))
	for _, s := range all {
		elements = append(elements, text(s))
	}
	return of(t, elements)
}

func TestMayBecome(t *testing.T) {
	t.Parallel()
	object := func(kind, duration any) Value {
		return of(inner, map[string]tftypes.Value{"type": tftypes.NewValue(str, kind), "duration": tftypes.NewValue(num, duration)})
	}
	later := tftypes.UnknownValue
	names := func(typ tftypes.Type, all ...any) Value {
		elements := []tftypes.Value{}
		for _, v := range all {
			elements = append(elements, tftypes.NewValue(str, v))
		}
		return of(typ, elements)
	}
	for name, tc := range map[string]struct {
		v, other Value
		want     bool
	}{
		"unknown":                     {unknown(str), of(str, "a"), true},
		"unknown, null":               {unknown(inner), of(inner, nil), true},
		"the same":                    {of(str, "a"), of(str, "a"), true},
		"another":                     {of(str, "a"), of(str, "b"), false},
		"null":                        {of(str, nil), of(str, "b"), false},
		"a member":                    {object("a", later), object("a", 1), true},
		"a member beside another":     {object("b", later), object("a", 1), false},
		"an object, null":             {object("a", later), of(inner, nil), false},
		"a set":                       {names(set, later), names(set, "a", "b"), true},
		"a list":                      {names(list, "a", later), names(list, "a", "b"), true},
		"a list of another length":    {names(list, "a", later), names(list, "a"), false},
		"a list with another element": {names(list, "a", later), names(list, "b", "c"), false},
	} {
		if got := MayBecome(tc.v, tc.other); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestUnknownWhere(t *testing.T) {
	t.Parallel()
	plan := of(inner, map[string]tftypes.Value{"type": text("a"), "duration": tftypes.NewValue(num, 1)})
	config := of(inner, map[string]tftypes.Value{"type": tftypes.NewValue(str, tftypes.UnknownValue), "duration": tftypes.NewValue(num, nil)})
	if got := plan.UnknownWhere(config); got.At("type").IsKnown() || got.At("duration").Int() != 1 {
		t.Errorf("a member: %s", got)
	}
	if got := plan.UnknownWhere(unknown(inner)); !got.IsKnown() || got.At("type").IsKnown() || got.At("duration").IsKnown() {
		t.Errorf("an object: %s", got)
	}
	if got := of(inner, nil).UnknownWhere(unknown(inner)); got.IsKnown() {
		t.Errorf("null: %s", got)
	}
}

func unknown(t tftypes.Type) Value { return of(t, tftypes.UnknownValue) }

func null(t tftypes.Type) Value { return of(t, nil) }

// object is an object of the type outer in which all that is not given is null.
func object(given map[string]Value) Value {
	members := make(map[string]tftypes.Value)
	for name, t := range outer.AttributeTypes {
		members[name] = tftypes.NewValue(t, nil)
		if v, there := given[name]; there {
			members[name] = v.Value
		}
	}
	return of(outer, members)
}

func leaseOf(kind, duration any) Value {
	return of(inner, map[string]tftypes.Value{"type": tftypes.NewValue(str, kind), "duration": tftypes.NewValue(num, duration)})
}

func endpointsOf(ips Value) Value {
	t := outer.AttributeTypes["endpoints"].(tftypes.Map).ElementType
	return of(outer.AttributeTypes["endpoints"], map[string]tftypes.Value{
		"SSH": tftypes.NewValue(t, map[string]tftypes.Value{"ips": ips.Value}),
	})
}

func TestAtFindsMembersAndKeepsNullAndUnknown(t *testing.T) {
	whole := object(map[string]Value{
		"name": of(str, "n"), "tags": of(dict, map[string]tftypes.Value{"a": text("1")}), "lease": leaseOf("IDLE", 5),
		"endpoints": endpointsOf(texts(set, "10.0.0.1")),
	})
	for name, test := range map[string]struct {
		of   Value
		at   []string
		want Value
	}{
		"itself":                             {whole, nil, whole},
		"an attribute":                       {whole, []string{"name"}, of(str, "n")},
		"an attribute that is null":          {whole, []string{"size"}, null(num)},
		"an element of a map":                {whole, []string{"tags", "a"}, of(str, "1")},
		"an element that is not there":       {whole, []string{"tags", "b"}, null(str)},
		"an attribute in an object":          {whole, []string{"lease", "duration"}, of(num, 5)},
		"an attribute in an object in a map": {whole, []string{"endpoints", "SSH", "ips"}, texts(set, "10.0.0.1")},
		"below an element that is not there": {whole, []string{"endpoints", "NOTEBOOK", "ips"}, null(set)},
		"below an object that is null":       {null(outer), []string{"lease", "type"}, null(str)},
		"below an object that is unknown":    {unknown(outer), []string{"lease", "type"}, unknown(str)},
		"below a map that is unknown":        {object(map[string]Value{"tags": unknown(dict)}), []string{"tags", "a"}, unknown(str)},
		"below a map that is null":           {object(nil), []string{"tags", "a"}, null(str)},
		"an attribute that does not exist":   {whole, []string{"nothing"}, null(tftypes.DynamicPseudoType)},
		"below a string":                     {of(str, "n"), []string{"nothing"}, null(tftypes.DynamicPseudoType)},
		"below a string that is unknown":     {unknown(str), []string{"nothing"}, unknown(tftypes.DynamicPseudoType)},
		"below a list":                       {texts(list, "a"), []string{"a"}, null(tftypes.DynamicPseudoType)},
	} {
		if got := test.of.At(test.at...); !got.Equal(test.want.Value) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestScalarsOfTheWrongKindAreEmpty(t *testing.T) {
	for name, test := range map[string]struct {
		v       Value
		text    string
		yes, no bool
		number  int64
		set     bool
	}{
		"a string":           {v: of(str, "s"), text: "s", set: true},
		"an empty string":    {v: of(str, ""), set: true},
		"a null string":      {v: null(str)},
		"an unknown string":  {v: unknown(str)},
		"true":               {v: of(flag, true), yes: true, set: true},
		"false":              {v: of(flag, false), no: true, set: true},
		"a null boolean":     {v: null(flag)},
		"an unknown boolean": {v: unknown(flag)},
		"a number":           {v: of(num, 7), number: 7, set: true},
		"a negative number":  {v: of(num, -7), number: -7, set: true},
		"a large number":     {v: of(num, big.NewFloat(259_200_000)), number: 259_200_000, set: true},
		"a null number":      {v: null(num)},
		"an unknown number":  {v: unknown(num)},
		"a set":              {v: texts(set, "a"), set: true},
		"an object":          {v: leaseOf(nil, nil), set: true},
	} {
		v := test.v
		if v.Text() != test.text || v.True() != test.yes || v.False() != test.no || v.Int() != test.number || v.IsSet() != test.set {
			t.Errorf("%s: text %q, true %v, false %v, number %d, set %v", name, v.Text(), v.True(), v.False(), v.Int(), v.IsSet())
		}
	}
}

func TestElementsAndKeysOfMapsAndObjects(t *testing.T) {
	tags := of(dict, map[string]tftypes.Value{"b": text("2"), "a": text("1")})
	for name, test := range map[string]struct {
		v    Value
		keys []string
	}{
		"a map":          {tags, []string{"a", "b"}},
		"an object":      {leaseOf("IDLE", nil), []string{"duration", "type"}},
		"an empty map":   {of(dict, map[string]tftypes.Value{}), nil},
		"a null map":     {null(dict), nil},
		"an unknown map": {unknown(dict), nil},
		"a list":         {texts(list, "a"), nil},
		"a string":       {of(str, "a"), nil},
	} {
		if got := test.v.Keys(); !slices.Equal(got, test.keys) || len(test.v.Elements()) != len(test.keys) {
			t.Errorf("%s: the keys are %q, the elements %v", name, got, test.v.Elements())
		}
	}
	if got := tags.Elements()["b"].Text(); got != "2" {
		t.Errorf("the element is %q", got)
	}
}

func TestWithReplacesInACopy(t *testing.T) {
	whole := object(map[string]Value{"name": of(str, "n"), "lease": leaseOf("IDLE", 5), "tags": of(dict, map[string]tftypes.Value{"a": text("1")})})
	before := whole.Copy()
	for name, test := range map[string]struct {
		of   Value
		new  Value
		at   []string
		want Value
	}{
		"itself":                   {whole, of(str, "x"), nil, of(str, "x")},
		"an attribute":             {whole, of(str, "x"), []string{"name"}, object(map[string]Value{"name": of(str, "x"), "lease": whole.At("lease"), "tags": whole.At("tags")})},
		"one in an object":         {leaseOf("IDLE", 5), of(num, 6), []string{"duration"}, leaseOf("IDLE", 6)},
		"one in an object of it":   {whole, of(num, 6), []string{"lease", "duration"}, object(map[string]Value{"name": of(str, "n"), "lease": leaseOf("IDLE", 6), "tags": whole.At("tags")})},
		"one in a null object":     {object(nil), of(num, 6), []string{"lease", "duration"}, object(map[string]Value{"lease": leaseOf(nil, 6)})},
		"one in an unknown object": {object(map[string]Value{"lease": unknown(inner)}), of(num, 6), []string{"lease", "duration"}, object(map[string]Value{"lease": leaseOf(nil, 6)})},
		"an element":               {whole.At("tags"), of(str, "2"), []string{"a"}, of(dict, map[string]tftypes.Value{"a": text("2")})},
		"a new element":            {whole.At("tags"), of(str, "2"), []string{"b"}, of(dict, map[string]tftypes.Value{"a": text("1"), "b": text("2")})},
		"one of a null map":        {null(dict), of(str, "2"), []string{"b"}, of(dict, map[string]tftypes.Value{"b": text("2")})},
	} {
		if got := test.of.With(test.new.Value, test.at...); !got.Equal(test.want.Value) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if !whole.Equal(before) {
		t.Error("the value itself has changed")
	}
}

// different values, of which no two are equal.
var different = map[string]Value{
	"a string":           of(str, "1"),
	"another string":     of(str, "2"),
	"an empty string":    of(str, ""),
	"null":               null(str),
	"unknown":            unknown(str),
	"true":               of(flag, true),
	"false":              of(flag, false),
	"a number":           of(num, 1),
	"another number":     of(num, 1.5),
	"a large number":     of(num, big.NewFloat(259_200_000)),
	"a larger number":    of(num, big.NewFloat(259_200_001)),
	"an empty list":      of(list, []tftypes.Value{}),
	"a list":             texts(list, "1", "2"),
	"the list backwards": texts(list, "2", "1"),
	"a shorter list":     texts(list, "1"),
	"a joined list":      texts(list, "1,2"),
	"an empty set":       of(set, []tftypes.Value{}),
	"a set":              texts(set, "1", "3"),
	"a set twice":        texts(set, "1", "3", "3"),
	"another set":        texts(set, "1", "4"),
	"an empty map":       of(dict, map[string]tftypes.Value{}),
	"a map":              of(dict, map[string]tftypes.Value{"a": text("1")}),
	"another key":        of(dict, map[string]tftypes.Value{"b": text("1")}),
	"another value":      of(dict, map[string]tftypes.Value{"a": text("2")}),
	"a larger map":       of(dict, map[string]tftypes.Value{"a": text("1"), "b": text("1")}),
	"an object":          leaseOf("IDLE", 1),
	"another object":     leaseOf("IDLE", nil),
	"an object, unknown": leaseOf("IDLE", tftypes.UnknownValue),
	"deep":               object(map[string]Value{"endpoints": endpointsOf(texts(set, "1", "2"))}),
	"deep, another":      object(map[string]Value{"endpoints": endpointsOf(texts(set, "1", "5"))}),
	"deep, empty":        object(map[string]Value{"endpoints": endpointsOf(of(set, []tftypes.Value{}))}),
	"deep, null":         object(map[string]Value{"endpoints": endpointsOf(null(set))}),
}

// Each pair is equal.
var equal = map[string][2]Value{
	"strings":                   {of(str, "1"), of(str, "1")},
	"numbers, made differently": {of(num, 1), of(num, big.NewFloat(1))},
	"fractions":                 {of(num, 0.25), of(num, big.NewFloat(0.25))},
	"null and null":             {null(inner), null(inner)},
	"unknown and unknown":       {unknown(inner), unknown(inner)},
	"sets in another order":     {texts(set, "1", "2", "3"), texts(set, "3", "1", "2")},
	"sets deep inside":          {object(map[string]Value{"endpoints": endpointsOf(texts(set, "1", "2"))}), object(map[string]Value{"endpoints": endpointsOf(texts(set, "2", "1"))})},
	"sets of sets":              {setOf(texts(set, "1", "2"), texts(set, "3")), setOf(texts(set, "3"), texts(set, "2", "1"))},
	"lists":                     {texts(list, "1", "2"), texts(list, "1", "2")},
	"empty lists":               {of(list, []tftypes.Value{}), of(list, []tftypes.Value{})},
	"maps":                      {of(dict, map[string]tftypes.Value{"a": text("1"), "b": text("2")}), of(dict, map[string]tftypes.Value{"b": text("2"), "a": text("1")})},
}

func setOf(sets ...Value) Value {
	elements := make([]tftypes.Value, 0, len(sets))
	for _, s := range sets {
		elements = append(elements, s.Value)
	}
	return of(tftypes.Set{ElementType: set}, elements)
}

func TestEqualAndDigestTellValuesApart(t *testing.T) {
	for name, a := range different {
		for other, b := range different {
			if Equal(a, b) != (name == other) && a.Type().Equal(b.Type()) {
				t.Errorf("%s and %s: Equal says %v", name, other, Equal(a, b))
			}
			if (Digest(a) == Digest(b)) != (name == other) && a.Type().Equal(b.Type()) {
				t.Errorf("%s and %s: the digests are %s and %s", name, other, Digest(a), Digest(b))
			}
		}
	}
}

func TestEqualValuesHaveEqualDigests(t *testing.T) {
	for name, pair := range equal {
		if !Equal(pair[0], pair[1]) || !Equal(pair[1], pair[0]) {
			t.Errorf("%s are not equal", name)
		}
		if Digest(pair[0]) != Digest(pair[1]) {
			t.Errorf("%s have the digests %s and %s", name, Digest(pair[0]), Digest(pair[1]))
		}
	}
	if n := len(Digest(of(str, "1"))); n != 16 {
		t.Errorf("a digest has %d characters", n)
	}
}

// Digests are kept in the private state of users, and the next version compares
// them with its own.
func TestDigestStaysAsItIs(t *testing.T) {
	v := object(map[string]Value{
		"name": of(str, "n"), "size": of(num, 50), "on": of(flag, true), "ips": texts(set, "b", "a"), "names": texts(list, "b", "a"),
		"tags": of(dict, map[string]tftypes.Value{"a": text("1")}), "lease": unknown(inner),
	})
	if got, want := Digest(v), "9818b178222421b0"; got != want {
		t.Errorf("the digest is %s, want %s", got, want)
	}
}

func TestSameValuesInAnyOrder(t *testing.T) {
	for name, test := range map[string]struct {
		a, b Value
		same bool
	}{
		"the same":       {texts(list, "1", "2"), texts(list, "1", "2"), true},
		"another order":  {texts(list, "1", "2"), texts(list, "2", "1"), true},
		"one twice":      {texts(list, "1", "1", "2"), texts(list, "1", "2", "2"), false},
		"one more":       {texts(list, "1"), texts(list, "1", "2"), false},
		"null and empty": {null(list), of(list, []tftypes.Value{}), true},
		"another":        {texts(list, "1"), texts(list, "2"), false},
	} {
		if sameElements(test.a.list(), test.b.list()) != test.same {
			t.Errorf("%s: %v", name, !test.same)
		}
	}
}

func TestFillFillsWhatIsUnknown(t *testing.T) {
	from := object(map[string]Value{
		"name": of(str, "read"), "size": of(num, 5), "lease": leaseOf("IDLE", 8), "tags": of(dict, map[string]tftypes.Value{"a": text("1")}),
	})
	for name, test := range map[string]struct{ v, from, want Value }{
		"all of it":                    {unknown(outer), from, from},
		"an attribute":                 {object(map[string]Value{"name": unknown(str), "on": of(flag, true)}), from, object(map[string]Value{"name": of(str, "read"), "on": of(flag, true)})},
		"one in an object":             {object(map[string]Value{"lease": leaseOf("TIMING", tftypes.UnknownValue)}), from, object(map[string]Value{"lease": leaseOf("TIMING", 8)})},
		"an object":                    {object(map[string]Value{"lease": unknown(inner)}), from, object(map[string]Value{"lease": leaseOf("IDLE", 8)})},
		"an element":                   {object(map[string]Value{"tags": of(dict, map[string]tftypes.Value{"a": tftypes.NewValue(str, tftypes.UnknownValue)})}), from, object(map[string]Value{"tags": of(dict, map[string]tftypes.Value{"a": text("1")})})},
		"an element that is not there": {object(map[string]Value{"tags": of(dict, map[string]tftypes.Value{"b": tftypes.NewValue(str, tftypes.UnknownValue)})}), from, object(map[string]Value{"tags": of(dict, map[string]tftypes.Value{"b": tftypes.NewValue(str, nil)})})},
		"with null":                    {object(map[string]Value{"on": unknown(flag)}), from, object(nil)},
		"nothing that is known":        {object(map[string]Value{"name": of(str, "own")}), from, object(map[string]Value{"name": of(str, "own")})},
		"not null":                     {object(nil), from, object(nil)},
		"not with another type":        {unknown(str), from, unknown(str)},
		"not with what is unknown":     {unknown(str), unknown(str), unknown(str)},
		"not in a list":                {of(list, []tftypes.Value{tftypes.NewValue(str, tftypes.UnknownValue)}), texts(list, "a"), of(list, []tftypes.Value{tftypes.NewValue(str, tftypes.UnknownValue)})},
		"from nothing, with null":      {object(map[string]Value{"name": unknown(str)}), null(outer), object(nil)},
		"from the unknown, stays so":   {object(map[string]Value{"name": unknown(str)}), unknown(outer), object(map[string]Value{"name": unknown(str)})},
	} {
		if got := test.v.Fill(test.from); !got.Equal(test.want.Value) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestFillUnsetFillsOnlyWhereNothingIsConfigured(t *testing.T) {
	from := object(map[string]Value{"name": of(str, "read"), "lease": leaseOf("IDLE", 8)})
	plan := object(map[string]Value{"name": unknown(str), "lease": leaseOf(tftypes.UnknownValue, tftypes.UnknownValue)})
	for name, test := range map[string]struct{ config, want Value }{
		"nothing is configured":        {object(nil), object(map[string]Value{"name": of(str, "read"), "lease": leaseOf("IDLE", 8)})},
		"all is configured as unknown": {object(map[string]Value{"name": unknown(str), "lease": unknown(inner)}), plan},
		"a part is configured":         {object(map[string]Value{"lease": leaseOf(nil, tftypes.UnknownValue)}), object(map[string]Value{"name": of(str, "read"), "lease": leaseOf("IDLE", tftypes.UnknownValue)})},
		"there is no configuration":    {null(outer), object(map[string]Value{"name": of(str, "read"), "lease": leaseOf("IDLE", 8)})},
		"the configuration is unknown": {unknown(outer), plan},
	} {
		if got := plan.FillUnset(from, test.config); !got.Equal(test.want.Value) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestNullUnknownLeavesNothingUnknown(t *testing.T) {
	unknownText := tftypes.NewValue(str, tftypes.UnknownValue)
	for name, test := range map[string]struct{ v, want Value }{
		"a value":      {unknown(str), null(str)},
		"a known one":  {of(str, "a"), of(str, "a")},
		"null":         {null(outer), null(outer)},
		"an attribute": {object(map[string]Value{"name": unknown(str), "size": of(num, 5)}), object(map[string]Value{"size": of(num, 5)})},
		"deep inside":  {object(map[string]Value{"lease": leaseOf("IDLE", tftypes.UnknownValue)}), object(map[string]Value{"lease": leaseOf("IDLE", nil)})},
		"in a map":     {of(dict, map[string]tftypes.Value{"a": unknownText, "b": text("1")}), of(dict, map[string]tftypes.Value{"a": tftypes.NewValue(str, nil), "b": text("1")})},
		"in a list":    {of(list, []tftypes.Value{text("a"), unknownText}), of(list, []tftypes.Value{text("a"), tftypes.NewValue(str, nil)})},
		"in a set":     {of(set, []tftypes.Value{text("a"), unknownText}), of(set, []tftypes.Value{text("a"), tftypes.NewValue(str, nil)})},
		"an object":    {unknown(inner), null(inner)},
	} {
		if got := test.v.NullUnknown(); !got.Equal(test.want.Value) || !got.IsFullyKnown() {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestTextIsShortAndReadable(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", maxText)
	for _, tc := range []struct {
		v    Value
		want string
	}{
		{of(str, "a"), `"a"`},
		{of(str, ""), `""`},
		{of(str, "a\n\"b\""), `"a\n\"b\""`},
		{null(str), "none"},
		{null(outer), "none"},
		{unknown(str), "a value that is not known yet"},
		{of(num, 10), "10"},
		{of(num, 28800000), "28800000"},
		{of(num, 0.5), "0.5"},
		{of(flag, true), "true"},
		{of(flag, false), "false"},
		{texts(list, "b", "a"), `["b", "a"]`},
		{texts(set, "a"), `["a"]`},
		{texts(list), "[]"},
		{texts(set), "[]"},
		{of(dict, map[string]tftypes.Value{}), "{}"},
		{of(dict, map[string]tftypes.Value{"/data/a": text("x"), "b": text("y")}), `{ "/data/a" = "x", "b" = "y" }`},
		{object(nil), "{}"},
		{object(map[string]Value{"name": of(str, "n"), "ips": unknown(set), "size": of(num, 5)}), `{ ips = a value that is not known yet, name = "n", size = 5 }`},
		{of(str, long), `"` + long[:2*(maxText-2)] + "…"},
	} {
		if got := Text(tc.v); got != tc.want {
			t.Errorf("%s is written %s, want %s", tc.v, got, tc.want)
		}
	}
	if n := len([]rune(Text(of(str, long)))); n != maxText {
		t.Errorf("a long text has %d characters, want %d", n, maxText)
	}
}
