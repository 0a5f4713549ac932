package notebook

import (
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
)

// fromAPI overlays the model, which holds the state from before, with what the
// API answered. A scalar or an object that the answer leaves out stays as it was:
// absent is not zero. A collection that it leaves out is empty, once the notebook
// has settled; before that it may just not be there yet. Where the API and the
// state say the same thing in two spellings, the state's spelling stays.
func (m *model) fromAPI(c *converter, nb *modelarts.Notebook, s *settings.Settings) {
	if nb.Status.Kind() != modelarts.Pending {
		nb = withEmptyCollections(nb)
	}
	m.ID = types.StringValue(nb.ID)
	m.Name = keep(m.Name, &nb.Name)
	m.Description = emptyAsNull(m.Description, nb.Description)
	m.Feature = keepCase(m.Feature, nb.Feature)
	m.customSpecFromAPI(c, nb)
	m.imageFromAPI(c, nb.Image)
	if nb.Pool != nil {
		m.PoolID = keep(m.PoolID, nb.Pool.ID)
		m.PoolName = keep(m.PoolName, nb.Pool.Name)
	}
	m.WorkspaceID = keep(m.WorkspaceID, nb.WorkspaceID)
	m.volumeFromAPI(c, nb.Volume)
	m.dataVolumesFromAPI(c, nb.DataVolumes)
	m.endpointsFromAPI(c, nb.Endpoints)
	m.leaseFromAPI(c, nb)
	m.affinityFromAPI(c, nb.Affinity)
	if nb.RunUser != nil {
		prior := decode[runUserModel](c, m.RunUser)
		m.RunUser = c.object("run_user", runUserModel{
			UID: keepInt(prior.UID, nb.RunUser.UID),
			GID: keepInt(prior.GID, nb.RunUser.GID),
		})
	}
	if vpc := nb.UserVPC; vpc != nil && vpc.VPCID != nil {
		prior := decode[userVPCModel](c, m.UserVPC)
		m.UserVPC = c.object("user_vpc", userVPCModel{
			VPCID:            keep(prior.VPCID, vpc.VPCID),
			SubnetID:         keep(prior.SubnetID, vpc.SubnetID),
			SecurityGroupIDs: c.keepSet(prior.SecurityGroupIDs, vpc.SecurityGroupIDs),
			ConnectCIDRs:     c.keepSet(prior.ConnectCIDRs, vpc.ConnectCIDRs),
		})
	}
	m.tagsFromAPI(c, nb.Tags, s.DefaultTags)

	m.Status = types.StringValue(string(nb.Status))
	m.FailReason = types.StringPointerValue(nb.FailReason)
	m.URL = types.StringPointerValue(nb.URL)
	m.Token = types.StringPointerValue(nb.Token)
	if s.OmitToken {
		m.Token = types.StringNull()
	}
	billing, diags := types.ListValueFrom(c.ctx, types.StringType, nb.BillingItems)
	c.diags.Append(diags...)
	m.BillingItems = billing
	if nb.User != nil {
		m.Owner = c.object("owner", ownerModel{types.StringPointerValue(nb.User.ID), types.StringPointerValue(nb.User.Name)})
	}
	if nb.CreateAt != nil {
		m.CreatedAt = timestamp(*nb.CreateAt)
	}
}

// withEmptyCollections is a copy in which what is absent is empty.
func withEmptyCollections(nb *modelarts.Notebook) *modelarts.Notebook {
	full := *nb
	if full.Tags == nil {
		full.Tags = []modelarts.Tag{}
	}
	if full.Endpoints == nil {
		full.Endpoints = []modelarts.EndpointsRes{}
	}
	if full.DataVolumes == nil {
		full.DataVolumes = []modelarts.DataVolumeRes{}
	}
	if full.Affinity == nil {
		full.Affinity = &modelarts.Affinity{}
	}
	return &full
}

func (m *model) customSpecFromAPI(c *converter, nb *modelarts.Notebook) {
	custom := nb.Flavor != nil && *nb.Flavor == customFlavor
	// A flavor that was given beside custom_spec is not what the service reports.
	if !custom || m.Flavor.IsNull() || m.Flavor.IsUnknown() || m.CustomSpec.IsNull() {
		m.Flavor = keep(m.Flavor, nb.Flavor)
	}
	if !custom || nb.CustomSpec == nil {
		if nb.Flavor != nil && !custom {
			m.CustomSpec = c.nullObject("custom_spec")
		}
		return
	}
	prior, spec := decode[customSpecModel](c, m.CustomSpec), nb.CustomSpec
	m.CustomSpec = c.object("custom_spec", customSpecModel{
		CPU:            types.Float64Value(spec.CPU),
		Memory:         types.Int64Value(int64(spec.Memory)),
		GPU:            keepFloat(prior.GPU, spec.GPU),
		GPUType:        keep(prior.GPUType, spec.GPUType),
		Arch:           keepCase(prior.Arch, spec.Arch),
		Category:       keepCase(prior.Category, spec.Category),
		ResourceFlavor: keep(prior.ResourceFlavor, spec.ResourceFlavor),
	})
}

func (m *model) imageFromAPI(c *converter, image *modelarts.Image) {
	if image == nil {
		return
	}
	if image.ID != "" {
		m.ImageID = keepCase(m.ImageID, &image.ID)
	}
	m.Image = c.object("image", imageModel{
		Name:    types.StringPointerValue(image.Name),
		Tag:     types.StringPointerValue(image.Tag),
		SWRPath: types.StringPointerValue(image.SWRPath),
		Arch:    types.StringPointerValue(image.Arch),
		Type:    types.StringPointerValue(image.Type),
	})
}

func (m *model) volumeFromAPI(c *converter, volume *modelarts.VolumeRes) {
	if volume == nil {
		return
	}
	prior := decode[volumeModel](c, m.Volume)
	status := types.StringNull()
	if volume.Status.Pending() {
		status = types.StringValue(string(volume.Status))
	}
	m.Volume = c.object("volume", volumeModel{
		Category:      keepCase(prior.Category, volume.Category),
		Ownership:     keepCase(ownershipOr(prior.Ownership), volume.Ownership),
		Capacity:      keepInt(prior.Capacity, volume.Capacity),
		URI:           keep(prior.URI, volume.URI),
		ID:            keep(prior.ID, volume.ID),
		DewSecretName: emptyAsNull(prior.DewSecretName, volume.DewSecretName),
		MountPath:     keep(prior.MountPath, volume.MountPath),
		Status:        status,
	})
}

// ownershipOr is the default where nothing is known: what an answer leaves out
// after an import must not look like a change.
func ownershipOr(known types.String) types.String {
	if known.IsNull() {
		return types.StringValue(ownershipManaged)
	}
	return known
}

func (m *model) dataVolumesFromAPI(c *converter, answered []modelarts.DataVolumeRes) {
	if answered == nil {
		return
	}
	prior := elements[map[string]dataVolumeModel](c, m.DataVolumes)
	volumes := make(map[string]dataVolumeModel, len(answered))
	for _, v := range answered {
		if v.MountPath == nil || v.MountType != nil && *v.MountType == mountDynamic {
			continue
		}
		path := sameMountPath(prior, *v.MountPath)
		was, known := prior[path]
		now := dataVolumeModel{
			Category:      keepCase(was.Category, v.Category),
			URI:           keep(was.URI, v.URI),
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
		m.DataVolumes = types.MapNull(m.DataVolumes.ElementType(c.ctx))
		return
	}
	m.DataVolumes = c.mapOf("data_volumes", volumes)
}

func (m *model) endpointsFromAPI(c *converter, answered []modelarts.EndpointsRes) {
	m.SSHURI = types.StringNull()
	if answered == nil {
		return
	}
	prior := elements[map[string]endpointModel](c, m.Endpoints)
	endpoints := map[string]endpointModel{}
	for _, e := range answered {
		if e.Service == nil {
			continue
		}
		if *e.Service == serviceSSH {
			m.SSHURI = types.StringPointerValue(e.URI)
		}
		// The service may add an entry of its own that configures nothing.
		if _, asked := prior[*e.Service]; asked || len(e.KeyPairNames)+len(e.AllowedAccessIPs) > 0 {
			endpoints[*e.Service] = endpointModel{c.stringSet(e.KeyPairNames), c.stringSet(e.AllowedAccessIPs)}
		}
	}
	// Nor must it answer one that configures nothing.
	for service, e := range prior {
		if _, there := endpoints[service]; !there && e.KeyPairNames.IsNull() && e.AllowedAccessIPs.IsNull() {
			endpoints[service] = e
		}
	}
	if len(endpoints) == 0 {
		m.Endpoints = types.MapNull(m.Endpoints.ElementType(c.ctx))
		return
	}
	m.Endpoints = c.mapOf("endpoints", endpoints)
}

// leaseFromAPI reads what kind of lease a notebook has and when it ends. How
// long it was asked to be is never read back: the answer counts from the
// creation, and what is left is not a difference.
func (m *model) leaseFromAPI(c *converter, nb *modelarts.Notebook) {
	lease := nb.Lease
	m.StopsAt = timetypes.NewRFC3339Null()
	if lease == nil {
		return
	}
	running := nb.Status == modelarts.StatusRunning
	enabled := lease.Enable == nil || *lease.Enable
	timing := lease.Type == nil || *lease.Type == leaseTiming
	if running && enabled && timing && lease.CreateAt != nil && lease.Duration != nil {
		m.StopsAt = timestamp(*lease.CreateAt + *lease.Duration)
	}
	first := m.Lease.IsNull() || m.Lease.IsUnknown()
	if !running && !first {
		return // the lease of the next start is not there yet
	}
	now := decode[leaseModel](c, m.Lease)
	now.Type = keepCase(now.Type, lease.Type)
	if lease.Enable != nil {
		now.Enabled = types.BoolValue(enabled)
	}
	if now.Duration.IsUnknown() || first {
		now.Duration = askedLease(lease)
	}
	m.Lease = c.object("lease", now)
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

func (m *model) affinityFromAPI(c *converter, answered *modelarts.Affinity) {
	if answered == nil {
		return
	}
	if len(answered.Required)+len(answered.Preferred) == 0 {
		m.Affinity = c.nullObject("affinity")
		return
	}
	prior := decode[affinityModel](c, m.Affinity)
	required, preferred := []requiredRuleModel(nil), []preferredRuleModel(nil)
	for _, r := range answered.Required {
		required = append(required, c.rule(r))
	}
	for _, r := range answered.Preferred {
		preferred = append(preferred, preferredRuleModel{c.rule(r), types.Int64PointerValue(r.Weight)})
	}
	t := c.types["affinity"].(types.ObjectType).AttrTypes //nolint:forcetypeassert // fixed by the schema
	now := affinityModel{
		Required:  c.rules(t["required"], required, len(required)),
		Preferred: c.rules(t["preferred"], preferred, len(preferred)),
	}
	if sameElements(prior.Required, now.Required) && sameElements(prior.Preferred, now.Preferred) {
		return // the order of rules means nothing
	}
	m.Affinity = c.object("affinity", now)
}

func (c *converter) rule(r modelarts.AffinityRule) requiredRuleModel {
	operator := r.Operator
	for _, known := range affinityOperators {
		if strings.EqualFold(known, operator) {
			operator = known
		}
	}
	return requiredRuleModel{types.StringValue(r.Key), types.StringValue(operator), c.stringSet(r.Values)}
}

func (c *converter) rules(t attr.Type, rules any, n int) types.List {
	element := t.(types.ListType).ElemType //nolint:forcetypeassert // fixed by the schema
	if n == 0 {
		return types.ListNull(element)
	}
	list, diags := types.ListValueFrom(c.ctx, element, rules)
	c.diags.Append(diags...)
	return list
}

func (m *model) tagsFromAPI(c *converter, answered []modelarts.Tag, defaults map[string]string) {
	if answered == nil {
		if m.TagsAll.IsNull() || m.TagsAll.IsUnknown() {
			m.TagsAll = c.mapOf("tags_all", map[string]string{})
		}
		return
	}
	prior := elements[map[string]types.String](c, m.Tags)
	all, own := map[string]string{}, map[string]string{}
	for _, tag := range answered {
		if strings.HasPrefix(tag.Key, systemTagPrefix) {
			continue
		}
		value := ""
		if tag.Value != nil {
			value = *tag.Value
		}
		all[tag.Key] = value
		_, asked := prior[tag.Key]
		if d, isDefault := defaults[tag.Key]; asked || !isDefault || d != value {
			own[tag.Key] = value
		}
	}
	m.TagsAll = c.mapOf("tags_all", all)
	if len(own) == 0 && len(prior) == 0 {
		if m.Tags.IsUnknown() {
			m.Tags = types.MapNull(types.StringType)
		}
		return // null stays null, and {} stays {}
	}
	m.Tags = c.mapOf("tags", own)
}
