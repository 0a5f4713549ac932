package notebook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// ValidateConfig checks what no single attribute can: which arguments go
// together. It needs no network and no credentials, and passes over whatever is
// not known yet.
func (r *notebookResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config resourceModel
	c := newConverter(ctx)
	// Config.Get takes as long as the rest of a validation, which Terraform asks for often.
	values.Load(c, values.Of(req.Config.Raw), &config)
	if c.Diagnostics.HasError() {
		resp.Diagnostics.Append(c.Diagnostics...)
		return
	}
	v := &validation{Converter: c, config: &config}
	v.flavor()
	v.volume()
	v.dataVolumes()
	v.endpoints()
	v.lease()
	v.hooks()
	v.affinity()
	resp.Diagnostics.Append(v.Diagnostics...)
}

// FindsNothing reports whether ValidateConfig has nothing to say of a configuration. It needs
// no configured provider.
func FindsNothing(ctx context.Context, config tfsdk.Config) bool {
	var resp resource.ValidateConfigResponse
	new(notebookResource).ValidateConfig(ctx, resource.ValidateConfigRequest{Config: config}, &resp)
	return len(resp.Diagnostics) == 0
}

type validation struct {
	*values.Converter
	config *resourceModel
}

func (v *validation) fail(where path.Path, summary, format string, args ...any) {
	v.Diagnostics.Append(diag.NewAttributeErrorDiagnostic(where, summary, fmt.Sprintf(format, args...)))
}

func (v *validation) warn(where path.Path, summary, format string, args ...any) {
	v.Diagnostics.Append(diag.NewAttributeWarningDiagnostic(where, summary, fmt.Sprintf(format, args...)))
}

func (v *validation) flavor() {
	if v.config.Flavor.IsNull() && v.config.CustomSpec.IsNull() {
		v.fail(path.Root("flavor"), "No flavor",
			"Give the notebook a size: flavor, for example \"modelarts.vm.cpu.2u\", or custom_spec for a notebook in a dedicated pool.")
	}
	if !v.config.CustomSpec.IsNull() && !v.config.CustomSpec.IsUnknown() && v.config.PoolID.IsNull() {
		v.fail(path.Root("custom_spec"), "custom_spec needs a dedicated pool",
			"Only dedicated resource pools have notebooks of a custom size: set pool_id, or use flavor in place of custom_spec.")
	}
}

// storage is one row of the table of storage that the service takes.
type storage struct {
	category, ownership string
	// What the row needs and what it does not take, by argument of volume. What answers
	// need not show of what it needs is unanswered: see sources.go.
	needs, unanswered, refuses []string
	// Sources disagree on whether it works outside of a dedicated pool.
	unsureWithoutPool bool
}

var mainStorage = []storage{
	{categoryEVS, ownershipManaged, nil, nil, []string{"uri", "id", "dew_secret_name"}, false},
	{categoryEFS, ownershipManaged, nil, nil, []string{"uri", "id", "dew_secret_name"}, false},
	{categoryEFS, ownershipDedicated, []string{"uri", "id"}, nil, []string{"capacity", "dew_secret_name"}, true},
	{categoryOBS, ownershipDedicated, nil, []string{"uri", "dew_secret_name"}, []string{"capacity", "id"}, true},
	{categoryOBSFS, ownershipDedicated, nil, []string{"uri", "dew_secret_name"}, []string{"capacity", "id"}, true},
}

func (v *validation) volume() {
	if v.config.Volume.IsNull() || v.config.Volume.IsUnknown() {
		return
	}
	volume := values.Decode[volumeModel](v.Converter, v.config.Volume)
	if volume.Category.IsNull() || volume.Category.IsUnknown() || volume.Ownership.IsUnknown() {
		return
	}
	category, ownership := strings.ToUpper(volume.Category.ValueString()), strings.ToUpper(volume.Ownership.ValueString())
	switch ownership {
	case "":
		ownership = ownershipManaged
	case ownershipManaged, ownershipDedicated:
	default:
		return // the validator of the attribute says so
	}
	given := map[string]attr.Value{
		"capacity": volume.Capacity, "uri": volume.URI, "id": volume.ID, "dew_secret_name": volume.DewSecretName,
	}

	var owners []string
	for _, row := range mainStorage {
		if row.category != category {
			continue
		}
		owners = append(owners, row.ownership)
		if row.ownership != ownership {
			continue
		}
		for _, name := range row.needs {
			if given[name].IsNull() {
				v.fail(path.Root("volume").AtName(name), "Missing "+name,
					"Storage of category %s and ownership %s needs volume.%s: %s.", category, ownership, name, meaning[name])
			}
		}
		for _, name := range row.refuses {
			if !given[name].IsNull() && !given[name].IsUnknown() {
				v.fail(path.Root("volume").AtName(name), "Superfluous "+name,
					"Storage of category %s and ownership %s takes no volume.%s. Remove it, or choose another category or ownership.", category, ownership, name)
			}
		}
		if row.unsureWithoutPool && v.config.PoolID.IsNull() {
			v.warn(path.Root("volume").AtName("category"), fmt.Sprintf("%s storage of notebook %q may need a dedicated pool", category, v.config.Name.ValueString()),
				"Some sources say that the service takes %s storage of ownership %s only with pool_id. If the create is refused, set pool_id.", category, ownership)
		}
		v.bucket(path.Root("volume").AtName("uri"), category, volume.URI)
		return
	}
	if len(owners) > 0 {
		v.fail(path.Root("volume").AtName("ownership"), "Category and ownership do not go together",
			"%s storage cannot be %s: set ownership = \"%s\".", category, ownership, strings.Join(owners, "\" or \""))
	}
}

// meaning says what an argument of volume is, for the error that asks for it.
var meaning = map[string]string{
	"uri":             "where the storage is, the share path of the SFS Turbo file system or obs://bucket/path/",
	"id":              "the ID of the SFS Turbo file system",
	"dew_secret_name": "the name of the DEW secret with the keys to the bucket",
}

// bucket checks the address of a bucket.
func (v *validation) bucket(where path.Path, category string, uri types.String) {
	if category != categoryOBS && category != categoryOBSFS || uri.IsNull() || uri.IsUnknown() {
		return
	}
	if rest, ok := strings.CutPrefix(uri.ValueString(), "obs://"); !ok || rest == "" || strings.HasPrefix(rest, "/") {
		v.fail(where, "Invalid address of a bucket", "Attribute %s is not the address of a bucket: write obs://bucket/path/.", where)
	}
}

func (v *validation) dataVolumes() {
	root := path.Root("data_volumes")
	seen := map[string]string{}
	for mount, object := range v.config.DataVolumes.Elements() {
		where := root.AtMapKey(mount)
		clean := strings.TrimRight(mount, "/")
		if other, twice := seen[clean]; twice {
			v.fail(where, "Two data volumes at one directory", "%q and %q are the same directory: keep one of them.", other, mount)
		}
		seen[clean] = mount
		if clean == "/home/ma-user/work" {
			v.fail(where, "The directory is taken", "%s is where the main volume is mounted. Mount the data volume elsewhere, for example below /data/.", mount)
		}
		o, ok := object.(types.Object)
		if !ok || o.IsNull() || o.IsUnknown() {
			continue
		}
		volume := values.Decode[dataVolumeModel](v.Converter, o)
		category := strings.ToUpper(volume.Category.ValueString())
		v.bucket(where.AtName("uri"), category, volume.URI)
	}
}

func (v *validation) endpoints() {
	seen := map[string]string{}
	for service, object := range v.config.Endpoints.Elements() {
		if other, twice := seen[strings.ToUpper(service)]; twice {
			v.fail(path.Root("endpoints").AtMapKey(service), "Two endpoints of one service", "%q and %q are the same service: keep one of them.", other, service)
		}
		seen[strings.ToUpper(service)] = service
		o, ok := object.(types.Object)
		if !isSSH(service) || !ok || o.IsNull() || o.IsUnknown() {
			continue
		}
		if keys := values.Decode[endpointModel](v.Converter, o).KeyPairNames; !keys.IsUnknown() && len(keys.Elements()) == 0 {
			where := path.Root("endpoints").AtMapKey(service).AtName("key_pair_names")
			v.fail(where, "Missing key pair", "The SSH endpoint needs %s: at least one ECS key pair whose holder may log in.", where)
		}
	}
}

func (v *validation) lease() {
	if v.config.Lease.IsNull() || v.config.Lease.IsUnknown() {
		return
	}
	checkLease(values.Decode[leaseModel](v.Converter, v.config.Lease), true, v.fail)
}

// checkLease checks that the members of a lease go together. canBeOff reports whether it
// has the member enabled.
func checkLease(lease leaseModel, canBeOff bool, fail func(where path.Path, summary, format string, args ...any)) {
	if lease.Duration.IsNull() && !lease.Enabled.IsUnknown() && (lease.Enabled.IsNull() || lease.Enabled.ValueBool()) {
		otherwise := ""
		if canBeOff {
			otherwise = ", or enabled = false for a notebook that never stops by itself"
		}
		fail(path.Root("lease").AtName("duration"), "Missing lease.duration",
			"A lease needs lease.duration, such as \"8h\"%s. "+
				"Terraform drops a misspelt name within braces without a word: check the spelling.", otherwise)
	}
	if lease.Enabled.IsNull() || lease.Enabled.IsUnknown() || lease.Enabled.ValueBool() {
		return
	}
	for _, a := range []struct {
		name  string
		value types.String
	}{{"duration", lease.Duration}, {"type", lease.Type}} {
		if !a.value.IsNull() && !a.value.IsUnknown() {
			fail(path.Root("lease").AtName(a.name), "A lease that is switched off has no "+a.name,
				"lease.enabled = false means that the notebook never stops by itself. Remove lease.%s, or set enabled = true.", a.name)
		}
	}
}

func (v *validation) hooks() {
	if v.config.Hooks.IsNull() || v.config.Hooks.IsUnknown() {
		return
	}
	root := path.Root("hooks")
	hooks := values.Decode[hooksModel](v.Converter, v.config.Hooks)
	if hooks.PreStart.IsNull() && hooks.PostStart.IsNull() {
		v.fail(root, "No hook", "hooks needs pre_start, post_start or both. To have no hooks, remove it.")
	}
	for name, object := range map[string]types.Object{"pre_start": hooks.PreStart, "post_start": hooks.PostStart} {
		if object.IsNull() || object.IsUnknown() {
			continue
		}
		hook := values.Decode[hookModel](v.Converter, object)
		v.hook(root.AtName(name), name, hook)
	}
}

// hook checks one hook.
func (v *validation) hook(where path.Path, name string, hook hookModel) {
	var given []string
	unknown := false
	for _, a := range []struct {
		name  string
		value types.String
	}{{"content", hook.Content}, {"content_wo", hook.ContentWO}, {"path", hook.Path}} {
		if unknown = unknown || a.value.IsUnknown(); !a.value.IsNull() && !a.value.IsUnknown() {
			given = append(given, a.name)
		}
	}
	switch {
	case len(given) == 0 && !unknown:
		v.fail(where, "No script", "hooks.%s needs a script: content, its text, content_wo, the same kept out of the state, or path, a file in the notebook.", name)
	case len(given) > 1:
		v.fail(where, "Two scripts", "hooks.%s has %s: keep one of them.", name, diagnostics.Enumerate(given, ""))
	}
	switch {
	case hook.ContentWO.IsUnknown() || hook.ContentWOVersion.IsUnknown(): // either may turn out to be null
	case !hook.ContentWO.IsNull() && hook.ContentWOVersion.IsNull():
		v.fail(where.AtName("content_wo_version"), "Missing content_wo_version",
			"hooks.%s.content_wo is kept nowhere, so that a change of it cannot be seen: add content_wo_version = 1, and raise it when the script changes.", name)
	case hook.ContentWO.IsNull() && !hook.ContentWOVersion.IsNull():
		v.fail(where.AtName("content_wo_version"), "Superfluous content_wo_version", "hooks.%s has content_wo_version without content_wo: remove it.", name)
	}
	for member, text := range map[string]types.String{"content": hook.Content, "content_wo": hook.ContentWO} {
		first, _, _ := strings.Cut(text.ValueString(), "\n")
		if strings.HasPrefix(first, "#!") && strings.HasSuffix(first, "\r") {
			v.warn(where.AtName(member), fmt.Sprintf("A script of notebook %q has the line ends of Windows", v.config.Name.ValueString()),
				"The first line of hooks.%s.%s ends in CRLF, so that Linux looks for an interpreter whose name ends in a carriage return, and the script fails. "+
					"Save the file with LF, or write replace(file(\"...\"), \"\\r\\n\", \"\\n\").", name, member)
		}
	}
}

func (v *validation) affinity() {
	if v.config.Affinity.IsNull() || v.config.Affinity.IsUnknown() {
		return
	}
	root := path.Root("affinity")
	affinity := values.Decode[affinityModel](v.Converter, v.config.Affinity)
	if !affinity.Required.IsUnknown() && !affinity.Preferred.IsUnknown() && len(affinity.Required.Elements())+len(affinity.Preferred.Elements()) == 0 {
		v.fail(root, "No affinity rule", "affinity needs required, preferred or both. To have no rules, remove it.")
	}
	for name, rules := range map[string]types.List{"required": affinity.Required, "preferred": affinity.Preferred} {
		for i, element := range rules.Elements() {
			o, ok := element.(types.Object)
			if !ok || o.IsNull() || o.IsUnknown() {
				continue
			}
			operator, _ := o.Attributes()["operator"].(types.String)
			labels, _ := o.Attributes()["values"].(types.Set)
			v.rule(root.AtName(name).AtListIndex(i).AtName("values"), operator, labels)
		}
	}
}

// rule checks that a rule has as many values as its operator compares with.
func (v *validation) rule(where path.Path, operator types.String, labels types.Set) {
	if operator.IsUnknown() || labels.IsUnknown() {
		return
	}
	n := len(labels.Elements())
	if n > 1 && slices.ContainsFunc(labels.Elements(), attr.Value.IsUnknown) {
		return // two of them may turn out to be one
	}
	switch op := affinityOperator(operator.ValueString()); op {
	case "In", "NotIn":
		if n == 0 {
			v.fail(where, "Missing values", "Attribute %s: the operator %s needs at least one value.", where, op)
		}
	case "Gt", "Lt":
		if n != 1 {
			v.fail(where, "Not one value", "Attribute %s: the operator %s compares with exactly one value, and %d are given.", where, op, n)
		}
	case "Exists", "DoesNotExist":
		if n != 0 {
			v.fail(where, "Superfluous values", "Attribute %s: the operator %s compares with no value. Remove it.", where, op)
		}
	}
}
