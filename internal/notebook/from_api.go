package notebook

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// fromAPI overlays the model, which holds the state from before, with what the
// API answered. Where the API and the state mean the same thing in two spellings,
// the state's spelling stays. What the answer leaves out stays as it was: absent is
// not empty. An empty list removes, but only in an answer about a running notebook:
// some services answer empty lists while a notebook does not run.
//
// These belong to the present status and are null when they are absent:
// fail_reason, url, token, stops_at, billing_items and volume.status; in an answer
// that has their object, the members of image, owner and an endpoint. See
// design/0006-absent-in-answers.md.
func (m *model) fromAPI(c *values.Converter, nb *modelarts.Notebook, s *settings.Settings) {
	nb, first := withoutUnsureEmpties(nb), m.Name.IsNull()
	m.ID = types.StringValue(nb.ID)
	if nb.Name != "" {
		m.Name = types.StringValue(nb.Name)
	}
	m.Description = values.EmptyAsNull(m.Description, nb.Description)
	m.Feature = values.KeepCase(m.Feature, nb.Feature)
	m.customSpecFromAPI(c, nb)
	m.imageFromAPI(c, nb.Image)
	if nb.Pool != nil {
		m.PoolID = values.Keep(m.PoolID, nb.Pool.ID)
		if m.PoolID.IsNull() {
			m.PoolID = values.Keep(m.PoolID, nb.Pool.Name) // the ID of a pool is its name, by all that is known
		}
		m.PoolName = values.Keep(m.PoolName, nb.Pool.Name)
	}
	m.WorkspaceID = values.Keep(m.WorkspaceID, nb.WorkspaceID)
	m.volumeFromAPI(c, nb.Volume)
	m.dataVolumesFromAPI(c, nb.DataVolumes, first)
	m.endpointsFromAPI(c, nb.Endpoints)
	m.sshFromURI(c)
	m.leaseFromAPI(c, nb)
	m.affinityFromAPI(c, nb)
	if nb.RunUser != nil {
		prior := values.Decode[runUserModel](c, m.RunUser)
		m.RunUser = c.Object("run_user", runUserModel{
			UID: values.KeepInt(prior.UID, nb.RunUser.UID),
			GID: values.KeepInt(prior.GID, nb.RunUser.GID),
		})
	}
	if vpc := nb.UserVPC; vpc != nil && vpc.VPCID != nil {
		prior := values.Decode[userVPCModel](c, m.UserVPC)
		m.UserVPC = c.Object("user_vpc", userVPCModel{
			VPCID:            values.Keep(prior.VPCID, vpc.VPCID),
			SubnetID:         values.Keep(prior.SubnetID, vpc.SubnetID),
			SecurityGroupIDs: c.KeepSet(prior.SecurityGroupIDs, vpc.SecurityGroupIDs),
			ConnectCIDRs:     c.KeepSet(prior.ConnectCIDRs, vpc.ConnectCIDRs),
		})
	}
	if network := nb.PublicNetworkConfig; network != nil && network.PublicNetworkType != nil {
		prior := values.Decode[publicNetworkModel](c, m.PublicNetwork)
		m.PublicNetwork = c.Object("public_network_config", publicNetworkModel{values.KeepCase(prior.Type, network.PublicNetworkType)})
	}
	m.tagsFromAPI(c, nb.Tags, s)

	m.Status = types.StringValue(string(nb.Status))
	m.FailReason = types.StringPointerValue(values.NonEmpty(nb.FailReason))
	m.URL = types.StringPointerValue(nb.URL)
	m.tokenFromAPI(nb.Token, s)
	m.BillingItems = c.ListOf(types.StringType, nb.BillingItems)
	if nb.User != nil {
		m.Owner = c.Object("owner", ownerModel{types.StringPointerValue(nb.User.ID), types.StringPointerValue(nb.User.Name)})
	}
	if nb.CreateAt != nil {
		m.CreatedAt = values.Timestamp(nb.CreateAt)
	}
}

// tokenFromAPI keeps the token out of a state where the provider omits it. Where it is
// not known yet whether it does, none is added.
func (m *model) tokenFromAPI(token *string, s *settings.Settings) {
	if s.OmitToken || s.OmitTokenLater && m.Token.IsNull() {
		token = nil
	}
	m.Token = types.StringPointerValue(token)
}

// withoutUnsureEmpties is a copy in which what is empty is absent, unless the
// notebook runs: lists, the description, the values of tags.
func withoutUnsureEmpties(nb *modelarts.Notebook) *modelarts.Notebook {
	if nb.Status == modelarts.StatusRunning {
		return nb
	}
	sure := *nb
	sure.Description = values.NonEmpty(sure.Description)
	sure.Tags = unlessEmpty(slices.Clone(sure.Tags))
	for i := range sure.Tags {
		sure.Tags[i].Value = values.NonEmpty(sure.Tags[i].Value)
	}
	sure.Endpoints = unlessEmpty(slices.Clone(sure.Endpoints))
	for i := range sure.Endpoints {
		e := &sure.Endpoints[i]
		e.KeyPairNames, e.AllowedAccessIPs = unlessEmpty(e.KeyPairNames), unlessEmpty(e.AllowedAccessIPs)
	}
	sure.DataVolumes = unlessEmpty(sure.DataVolumes)
	if vpc := sure.UserVPC; vpc != nil && len(vpc.ConnectCIDRs) == 0 {
		card := *vpc
		card.ConnectCIDRs, sure.UserVPC = nil, &card
	}
	if a := sure.Affinity; a != nil && len(a.Required)+len(a.Preferred) == 0 {
		sure.Affinity = nil
	}
	return &sure
}

// unlessEmpty is a list, or nil where it is empty.
func unlessEmpty[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func (m *model) customSpecFromAPI(c *values.Converter, nb *modelarts.Notebook) {
	custom := nb.Flavor != nil && *nb.Flavor == customFlavor
	// A flavor that was given beside custom_spec is not what the service reports.
	if !custom || m.Flavor.IsNull() || m.Flavor.IsUnknown() || m.CustomSpec.IsNull() {
		m.Flavor = values.Keep(m.Flavor, nb.Flavor)
	}
	if !custom || nb.CustomSpec == nil {
		if nb.Flavor != nil && !custom {
			m.CustomSpec = c.NullObject("custom_spec")
		}
		return
	}
	prior, spec := values.Decode[customSpecModel](c, m.CustomSpec), nb.CustomSpec
	m.CustomSpec = c.Object("custom_spec", customSpecModel{
		CPU:            types.Float64Value(cmp.Or(spec.CPU, prior.CPU.ValueFloat64())),
		Memory:         types.Int64Value(cmp.Or(int64(spec.Memory), prior.Memory.ValueInt64())),
		GPU:            values.KeepFloat(prior.GPU, spec.GPU),
		GPUType:        values.Keep(prior.GPUType, spec.GPUType),
		Arch:           values.KeepCase(prior.Arch, spec.Arch),
		Category:       values.KeepCase(prior.Category, spec.Category),
		ResourceFlavor: values.Keep(prior.ResourceFlavor, spec.ResourceFlavor),
	})
}

func (m *model) imageFromAPI(c *values.Converter, image *modelarts.Image) {
	if image == nil {
		return
	}
	if image.ID != "" {
		m.ImageID = values.KeepCase(m.ImageID, &image.ID)
	}
	m.Image = c.Object("image", imageModel{
		Name:    types.StringPointerValue(image.Name),
		Tag:     types.StringPointerValue(image.Tag),
		SWRPath: types.StringPointerValue(image.SWRPath),
		Arch:    types.StringPointerValue(image.Arch),
		Type:    types.StringPointerValue(image.Type),
	})
}

func (m *model) volumeFromAPI(c *values.Converter, volume *modelarts.VolumeRes) {
	if volume == nil {
		return
	}
	prior := values.Decode[volumeModel](c, m.Volume)
	status := types.StringNull()
	if volume.Status.Pending() {
		status = types.StringValue(string(volume.Status))
	}
	m.Volume = c.Object("volume", volumeModel{
		Category:      keepCategory(prior.Category, volume.Category),
		Ownership:     values.KeepCase(ownershipOf(prior.Ownership, volume), volume.Ownership),
		Capacity:      values.KeepInt(prior.Capacity, volume.Capacity),
		URI:           keepPath(prior.URI, volume.URI),
		ID:            values.KeepCase(prior.ID, volume.ID),
		DewSecretName: values.EmptyAsNull(prior.DewSecretName, volume.DewSecretName),
		MountPath:     keepPath(prior.MountPath, volume.MountPath),
		Status:        status,
	})
}

// ownershipOf is the ownership of a volume by what is known and else by what the
// volume is: what an answer leaves out after an import must not look like a change.
// Buckets are dedicated, and so is what has a source.
func ownershipOf(known types.String, volume *modelarts.VolumeRes) types.String {
	switch {
	case !known.IsNull():
		return known
	case isBucket(values.Deref(volume.Category)), volume.URI != nil, volume.ID != nil:
		return types.StringValue(ownershipDedicated)
	case volume.Category == nil:
		return known // nothing tells what the volume is
	default:
		return types.StringValue(ownershipManaged)
	}
}

// dataVolumesFromAPI reads the data volumes. One that is shown as DYNAMIC can be a
// mount on the running notebook just as well. So it counts where its path is known,
// and where nothing is known yet, as in an import: first.
func (m *model) dataVolumesFromAPI(c *values.Converter, answered []modelarts.DataVolumeRes, first bool) {
	if answered == nil {
		return
	}
	prior := values.DecodeMap[dataVolumeModel](c, m.DataVolumes)
	volumes := make(map[string]dataVolumeModel, len(answered))
	for _, v := range answered {
		if v.MountPath == nil {
			continue
		}
		path := sameMountPath(prior, *v.MountPath)
		was, known := prior[path]
		if !known && !first && v.MountType != nil && *v.MountType == mountDynamic {
			continue // somebody has mounted it on the running notebook
		}
		now := dataVolumeModel{
			Category:      keepCategory(was.Category, v.Category),
			URI:           keepPath(was.URI, v.URI),
			ReadOnly:      was.ReadOnly,
			ID:            was.ID,
			DewSecretName: was.DewSecretName,
		}
		if !known {
			// What the API does not answer is taken to be the default. The ID is
			// the file system's only where there is one.
			now.ReadOnly = types.BoolValue(false)
			now.ID, now.DewSecretName = types.StringNull(), types.StringNull()
			if strings.EqualFold(now.Category.ValueString(), categoryEFS) {
				now.ID = types.StringPointerValue(v.ID)
			}
		}
		volumes[path] = now
	}
	if len(volumes) == 0 {
		if isEmpty(m.DataVolumes) {
			return // {} stays {}
		}
		m.DataVolumes = types.MapNull(m.DataVolumes.ElementType(c.Context))
		return
	}
	m.DataVolumes = values.ObjectMap(c, "data_volumes", volumes)
}

func (m *model) endpointsFromAPI(c *values.Converter, answered []modelarts.EndpointsRes) {
	if answered == nil {
		return
	}
	m.SSHURI = types.StringNull()
	prior := values.DecodeMap[endpointModel](c, m.Endpoints)
	endpoints := map[string]endpointModel{}
	for _, e := range answered {
		if e.Service == nil {
			continue
		}
		service := spelledService(prior, *e.Service)
		if strings.EqualFold(service, serviceSSH) {
			m.SSHURI = types.StringPointerValue(e.URI)
		}
		// The service may add an entry of its own that configures nothing.
		if was, asked := prior[service]; asked || len(e.KeyPairNames)+len(e.AllowedAccessIPs) > 0 {
			endpoints[service] = endpointModel{c.KeepSet(was.KeyPairNames, e.KeyPairNames), keepAddresses(c, was.AllowedAccessIPs, e.AllowedAccessIPs)}
		}
	}
	// Nor must it answer one that configures nothing.
	for service, e := range prior {
		if _, there := endpoints[service]; !there && e.KeyPairNames.IsNull() && e.AllowedAccessIPs.IsNull() {
			endpoints[service] = e
		}
	}
	if len(endpoints) == 0 {
		if isEmpty(m.Endpoints) {
			return // {} stays {}
		}
		m.Endpoints = types.MapNull(m.Endpoints.ElementType(c.Context))
		return
	}
	m.Endpoints = values.ObjectMap(c, "endpoints", endpoints)
}

// spelledService is the key under which the state has a service, or the service
// itself.
func spelledService(prior map[string]endpointModel, service string) string {
	for known := range prior {
		if strings.EqualFold(known, service) {
			return known
		}
	}
	return service
}

// isEmpty reports whether a map is known and has no elements: {}, and not null.
func isEmpty(m types.Map) bool {
	return !m.IsNull() && !m.IsUnknown() && len(m.Elements()) == 0
}

// leaseFromAPI reads what kind of lease a notebook has and when it ends. How
// long it was asked to be is never read back: the answer counts from the
// creation, and what is left is not a difference.
func (m *model) leaseFromAPI(c *values.Converter, nb *modelarts.Notebook) {
	lease := nb.Lease
	m.StopsAt = timetypes.NewRFC3339Null()
	if lease == nil {
		return
	}
	running := nb.Status == modelarts.StatusRunning
	enabled := lease.Enable == nil || *lease.Enable
	timing := lease.Type == nil || *lease.Type == leaseTiming
	if running && enabled && timing && lease.CreateAt != nil && lease.Duration != nil {
		ends := *lease.CreateAt + *lease.Duration
		m.StopsAt = values.Timestamp(&ends)
	}
	first := m.Lease.IsNull() || m.Lease.IsUnknown()
	if !running && !first {
		return // the lease of the next start is not there yet
	}
	now := values.Decode[leaseModel](c, m.Lease)
	if enabled || now.Type.IsNull() || now.Type.IsUnknown() { // of one that is off it means nothing
		now.Type = values.KeepCase(now.Type, lease.Type)
	}
	if lease.Enable != nil {
		now.Enabled = types.BoolValue(enabled)
	}
	if now.Duration.IsUnknown() || first {
		now.Duration = askedLease(lease)
	}
	m.Lease = c.Object("lease", now)
}

// askedLease tells how long a lease was asked to be while that can be told: as
// long as the notebook has neither been started again nor had its lease
// renewed, the answer is what was asked for. After that it is that plus an odd
// number of milliseconds, which is how the two are told apart.
func askedLease(lease *modelarts.Lease) types.String {
	if lease.Duration == nil || lease.Enable != nil && !*lease.Enable {
		return types.StringNull()
	}
	asked := time.Duration(*lease.Duration) * time.Millisecond
	if asked < lifecycle.MinLease || asked > lifecycle.MaxLease || asked%time.Minute != 0 {
		return types.StringNull()
	}
	return types.StringValue(formatLease(asked))
}

// affinityFromAPI reads the affinity of an answer. While the notebook does not run, a list of
// rules that is empty is not believed, and neither is a weight of 0.
func (m *model) affinityFromAPI(c *values.Converter, nb *modelarts.Notebook) {
	answered := nb.Affinity
	if answered == nil {
		return
	}
	if len(answered.Required)+len(answered.Preferred) == 0 {
		m.Affinity = c.NullObject("affinity")
		return
	}
	prior := values.Decode[affinityModel](c, m.Affinity)
	required, preferred := []requiredRuleModel(nil), []preferredRuleModel(nil)
	for _, r := range answered.Required {
		required = append(required, affinityRule(c, r))
	}
	for _, r := range answered.Preferred {
		preferred = append(preferred, preferredRuleModel{affinityRule(c, r), types.Int64PointerValue(r.Weight)})
	}
	t := c.AttributeTypes("affinity")
	now := affinityModel{
		Required:  affinityRules(c, t["required"], required, len(required)),
		Preferred: affinityRules(c, t["preferred"], preferred, len(preferred)),
	}
	if nb.Status != modelarts.StatusRunning {
		now.Required, now.Preferred = keepRules(prior.Required, now.Required), keepRules(prior.Preferred, now.Preferred)
	}
	if values.SameElements(asSent(prior.Required), now.Required) && values.SameElements(asSent(prior.Preferred), now.Preferred) {
		return // the order of rules means nothing
	}
	m.Affinity = c.Object("affinity", now)
}

// keepRules are the rules of an answer, or the known ones where it has none, or one with an
// empty weight.
func keepRules(known, answered types.List) types.List {
	weightless := func(rule attr.Value) bool {
		o, _ := rule.(types.Object)
		weight, there := o.Attributes()["weight"].(types.Int64)
		return there && weight.ValueInt64() == 0
	}
	if len(known.Elements()) > 0 && (len(answered.Elements()) == 0 || slices.ContainsFunc(answered.Elements(), weightless)) {
		return known
	}
	return answered
}

func affinityRule(c *values.Converter, r modelarts.AffinityRule) requiredRuleModel {
	return requiredRuleModel{types.StringValue(r.Key), types.StringValue(affinityOperator(r.Operator)), c.StringSet(r.Values)}
}

// asSent are rules in the spelling that is sent.
func asSent(rules types.List) types.List {
	elements := slices.Clone(rules.Elements())
	for i, element := range elements {
		rule, ok := element.(types.Object)
		if !ok || rule.IsNull() || rule.IsUnknown() {
			continue
		}
		members := maps.Clone(rule.Attributes())
		if operator, ok := members["operator"].(types.String); ok && !operator.IsUnknown() {
			members["operator"] = types.StringValue(affinityOperator(operator.ValueString()))
		}
		if labels, ok := members["values"].(types.Set); ok && !labels.IsUnknown() && len(labels.Elements()) == 0 {
			members["values"] = types.SetNull(types.StringType)
		}
		elements[i] = types.ObjectValueMust(rule.AttributeTypes(context.Background()), members)
	}
	if len(elements) == 0 {
		return rules
	}
	return types.ListValueMust(rules.ElementType(context.Background()), elements)
}

func affinityRules(c *values.Converter, t attr.Type, rules any, n int) types.List {
	element := t.(types.ListType).ElemType //nolint:forcetypeassert // fixed by the schema
	if n == 0 {
		return types.ListNull(element)
	}
	return c.ListOf(element, rules)
}

// sameMountPath is the key under which the state has that directory, or the
// directory itself.
func sameMountPath(prior map[string]dataVolumeModel, path string) string {
	for known := range prior {
		if mountPathEqual(known, path) {
			return known
		}
	}
	return path
}

func mountPathEqual(a, b string) bool {
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}
