package notebook

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// effect is what a change of an argument does to the notebook.
type effect int

const (
	inPlace  effect = iota // the service takes it in any state of the notebook
	stops                  // the service takes it only while the notebook is stopped
	replaces               // it cannot change: a new notebook takes its place
)

// place is the path of an attribute below attributes that are objects.
type place []string

func at(names ...string) place { return names }

// path is the place as Terraform's diagnostics have it.
func (p place) path() path.Path {
	where := path.Root(p[0])
	for _, name := range p[1:] {
		where = where.AtName(name)
	}
	return where
}

func (p place) String() string { return strings.Join(p, ".") }

func (p place) is(other place) bool { return slices.Equal(p, other) }

// argument is one row of the table of arguments: all that plan, update, error
// texts and the private state need to know about it. See
// design/0001-one-table-of-effects.md.
type argument struct {
	at     place
	effect effect

	// write puts the planned value into an update request. It is nil where no
	// PUT changes the argument: then another call does, or nothing.
	write func(*values.Converter, *resourceModel, *modelarts.NotebookUpdateRequest)

	// spelling is how the planned value gets the state's spelling. Nil: each value has
	// one spelling.
	spelling spelling

	// always reports that every notebook has it. Where the state has none, an
	// answer has left it out, as can be after an import: that is no difference,
	// least of all one to replace a notebook for.
	always bool

	// alike reports whether an answer shows in one way what a configuration says in
	// the other. Of an imported notebook that is no difference to replace it for.
	alike func(shown, configured string) bool

	// mayHide reports that answers may leave it out, or show it empty, while the notebook
	// does not run, and that a change of it stops nothing: a value that is seen at last, and
	// that the update has not asked for, was set elsewhere in the meantime.
	mayHide bool

	// unknown are the computed attributes that a change makes unknown, besides
	// those of a restart. While the notebook is stopped, a lease changes nothing
	// of them.
	unknown []place
}

// The places that more than one row or rule needs.
var (
	atRegion    = at("region")
	atFlavor    = at("flavor")
	atSpec      = at("custom_spec")
	atImage     = at("image_id")
	atPool      = at("pool_id")
	atAffinity  = at("affinity")
	atCategory  = at("volume", "category")
	atCapacity  = at("volume", "capacity")
	atVolumes   = at("data_volumes")
	atEndpoints = at("endpoints")
	atNetwork   = at("public_network_config")
	atLease     = at("lease")
	atEnabled   = at("lease", "enabled")
	atLeaseType = at("lease", "type")
	atTags      = at("tags")
	atTagsAll   = at("tags_all")
	atStatus    = at("status")
	atDesired   = at("desired_status")
)

// restarted are the attributes that a restart makes unknown. All other computed
// values stay known, so that a rename shows as one line.
var restarted = []place{
	atStatus, at("token"), at("url"), at("ssh_uri"), at("ssh"), at("stops_at"), at("fail_reason"), at("billing_items"),
}

// arguments is the table of arguments, one row each. The attributes of the schema
// that have no row stand in notArguments.
var arguments = []argument{
	{at: atRegion, effect: replaces, always: true},
	{at: at("feature"), effect: replaces, spelling: anyCase, always: true},
	{at: atPool, effect: replaces},
	{at: at("workspace_id"), effect: replaces, always: true},
	{at: at("run_user"), effect: replaces},
	{at: at("user_vpc"), effect: replaces, spelling: canonically},
	{
		at: atCategory, effect: replaces, spelling: anyCase, always: true,
		alike: func(shown, configured string) bool { return isBucket(shown) && isBucket(configured) },
	},
	{at: at("volume", "ownership"), effect: replaces, spelling: anyCase, always: true},
	{at: at("volume", "uri"), effect: replaces, alike: mountPathEqual},
	{at: at("volume", "id"), effect: replaces, spelling: anyCase},

	{at: atFlavor, effect: stops, write: writeFlavor, always: true},
	{
		at: atSpec, effect: stops, write: writeSpec, unknown: []place{atFlavor},
		spelling: member(anyCase, "arch").and(member(anyCase, "category")),
	},
	{at: atImage, effect: stops, write: writeImage, spelling: anyCase, always: true, unknown: []place{at("image")}},
	{at: atVolumes, effect: stops, write: writeDataVolumes, spelling: spelling(canonically).and(sameDataVolumes)},
	{at: atEndpoints, effect: stops, write: writeEndpoints, spelling: canonically},
	{
		at: at("hooks"), effect: stops, write: writeHooks,
		spelling: member(anyCase, "pre_start", "mode").and(member(anyCase, "post_start", "mode")),
	},
	{at: atAffinity, effect: stops, write: writeAffinity, spelling: canonically},
	{
		at: atNetwork, effect: stops, write: writePublicNetwork,
		spelling: member(anyCase, "public_network_type"),
	},
	// People rotate the secret. See design/0004-secret-of-the-volume-in-place.md.
	{at: at("volume", "dew_secret_name"), effect: stops, write: writeVolumeSecret},

	{at: at("name"), effect: inPlace, write: writeName},
	{at: at("description"), effect: inPlace, write: writeDescription},
	{at: atCapacity, effect: inPlace, unknown: []place{at("volume", "status")}}, // by a PUT of its own: lifecycle.Growth
	{
		at: atLease, effect: inPlace, unknown: []place{at("stops_at")}, // by a start or a renewal: lifecycle.LeaseChange
		spelling: member(anyCase, "type").and(member(anyDuration, "duration")),
	},
	{at: atTags, effect: inPlace, spelling: canonically, mayHide: true}, // by calls of their own: lifecycle.TagChange
	{at: atTagsAll, effect: inPlace, mayHide: true},
}

// notArguments are the attributes of the schema without a row, each with the
// reason.
var notArguments = map[string]string{
	"desired_status":            "acts through status, see the rule power",
	"allow_stopping_for_update": "the provider's own: consent",
	"deletion_protection":       "the provider's own",
	"timeouts":                  "the provider's own",

	"id": "computed", "project_id": "computed", "status": "computed", "fail_reason": "computed", "url": "computed", "token": "computed", "ssh_uri": "computed", "ssh": "computed",
	"image": "computed", "pool_name": "computed", "volume.mount_path": "computed", "volume.status": "computed",
	"billing_items": "computed", "owner": "computed", "created_at": "computed", "stops_at": "computed",
}

// sayable are the arguments whose values a message may show: names of lists, numbers,
// durations and IDs. Any other can hold a secret, and Terraform does not hide
// sensitive values in the messages of a provider. See
// design/0023-what-a-message-shows.md.
var sayable = []place{
	atRegion, at("feature"), atPool, at("workspace_id"), at("run_user"), atCategory, at("volume", "ownership"), at("volume", "id"),
	atFlavor, atSpec, atImage, atNetwork, at("name"), atCapacity, atLease,
}

// say writes the value of an argument for a person, or other words where a message may
// not show it.
func say(where place, v values.Value, otherwise string) string {
	if v.IsSet() && !slices.ContainsFunc(sayable, where.is) {
		return otherwise
	}
	return values.Text(v)
}

// row returns the row of an argument.
func row(where place) *argument {
	for i := range arguments {
		if arguments[i].at.is(where) {
			return &arguments[i]
		}
	}
	return nil
}

// ---- how rows are written into an update request ----

func writeName(_ *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.Name = values.String(m.Name)
}

func writeDescription(_ *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	text := m.Description.ValueString() // empty removes it
	req.Description = &text
}

// writeFlavor writes the flavor with the custom size, which a flavor alone would
// end.
func writeFlavor(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.Flavor = values.String(m.Flavor)
	if !m.CustomSpec.IsNull() {
		req.CustomSpec = m.customSpecToAPI(c)
	}
}

// writeSpec writes the custom size. One that goes leaves the flavor to be set,
// also where it is the one that the state has had beside it.
func writeSpec(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	if m.CustomSpec.IsNull() {
		req.Flavor = values.String(m.Flavor)
		return
	}
	req.CustomSpec = m.customSpecToAPI(c)
}

func writeImage(_ *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.ImageID = values.String(values.Lower(m.ImageID))
}

func writeDataVolumes(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.DataVolumes = m.dataVolumesToAPI(c)
}

func writeEndpoints(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.Endpoints = m.endpointsToAPI(c)
}

func writeHooks(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.Hooks = m.hooksToAPI(c)
}

func writeAffinity(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.Affinity = m.affinityToAPI(c)
}

func writePublicNetwork(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	req.PublicNetworkConfig = m.publicNetworkToAPI(c)
}

func writeVolumeSecret(c *values.Converter, m *resourceModel, req *modelarts.NotebookUpdateRequest) {
	name := values.Decode[volumeModel](c, m.Volume).DewSecretName.ValueString() // empty removes it
	req.DewSecretName = &name
}

// ---- spellings ----

// spelling returns the planned value in the state's spelling, as far as the two
// mean the same.
type spelling func(was, now values.Value) values.Value

// and applies two spellings, one after the other.
func (s spelling) and(other spelling) spelling {
	return func(was, now values.Value) values.Value { return other(was, s(was, now)) }
}

// sameText is the spelling of a string, by what makes two strings equal.
func sameText(equal func(was, now string) bool) spelling {
	return func(was, now values.Value) values.Value {
		if was.IsSet() && now.IsSet() && equal(was.Text(), now.Text()) {
			return was
		}
		return now
	}
}

var (
	anyCase     = sameText(strings.EqualFold)
	anyDuration = sameText(sameLease)
)

// member is a spelling of a member of an object.
func member(s spelling, names ...string) spelling {
	return func(was, now values.Value) values.Value {
		old, planned := was.At(names...), now.At(names...)
		spelled := s(old, planned)
		if !now.IsSet() || values.Equal(spelled, planned) {
			return now
		}
		return now.With(spelled.Value, names...)
	}
}

// sameDataVolumes is the spelling of the map of data volumes, whose keys are
// paths with or without a slash at their end. It takes all elements or none,
// since Terraform compares a map as a whole when its keys differ.
func sameDataVolumes(was, now values.Value) values.Value {
	prior, planned := was.Elements(), now.Elements()
	if !was.IsSet() || !now.IsSet() || len(prior) != len(planned) {
		return now
	}
	for key, v := range planned {
		at := slices.IndexFunc(was.Keys(), func(known string) bool { return mountPathEqual(known, key) })
		if at < 0 {
			return now
		}
		known := prior[was.Keys()[at]]
		if !values.Equal(member(anyCase, "category")(known, v), known) {
			return now
		}
	}
	return was
}
