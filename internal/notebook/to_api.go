package notebook

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
)

// toCreate is the request for a notebook like this one.
func (m *resourceModel) toCreate(c *converter) modelarts.NotebookCreateRequest {
	volume := decode[volumeModel](c, m.Volume)
	req := modelarts.NotebookCreateRequest{
		Name:        m.Name.ValueString(),
		Description: value(m.Description),
		Feature:     value(m.Feature),
		Flavor:      value(m.Flavor),
		CustomSpec:  m.customSpecToAPI(c),
		ImageID:     m.ImageID.ValueString(),
		PoolID:      value(m.PoolID),
		Volume: modelarts.VolumeMountRequest{
			Category:      strings.ToUpper(volume.Category.ValueString()),
			Ownership:     strings.ToUpper(volume.Ownership.ValueString()),
			Capacity:      valueInt(volume.Capacity),
			URI:           value(volume.URI),
			ID:            value(volume.ID),
			DewSecretName: value(volume.DewSecretName),
		},
		WorkspaceID: value(m.WorkspaceID),
	}
	if !m.DataVolumes.IsNull() {
		req.DataVolumes = m.dataVolumesToAPI(c)
	}
	if !m.Endpoints.IsNull() {
		req.Endpoints = m.endpointsToAPI(c)
	}
	if !m.Hooks.IsNull() {
		req.Hooks = m.hooksToAPI(c)
	}
	if !m.Affinity.IsNull() {
		req.Affinity = m.affinityToAPI(c)
	}
	if asked := m.askedLease(c); asked.Off {
		duration := lifecycle.NoAutomaticStop
		req.Duration = &duration
	} else {
		req.Lease = asked.Request()
	}
	if !m.RunUser.IsNull() && !m.RunUser.IsUnknown() {
		user := decode[runUserModel](c, m.RunUser)
		req.RunUser = &modelarts.RunUser{UID: valueInt(user.UID), GID: valueInt(user.GID)}
	}
	if !m.UserVPC.IsNull() && !m.UserVPC.IsUnknown() {
		vpc := decode[userVPCModel](c, m.UserVPC)
		req.UserVPC = &modelarts.UserVpcRequest{
			VPCID:            vpc.VPCID.ValueString(),
			SubnetID:         vpc.SubnetID.ValueString(),
			SecurityGroupIDs: sorted(elements[[]string](c, vpc.SecurityGroupIDs)),
			ConnectCIDRs:     sorted(elements[[]string](c, vpc.ConnectCIDRs)),
		}
	}
	return req
}

func (m *resourceModel) customSpecToAPI(c *converter) *modelarts.CustomSpec {
	if m.CustomSpec.IsNull() || m.CustomSpec.IsUnknown() {
		return nil
	}
	spec := decode[customSpecModel](c, m.CustomSpec)
	return &modelarts.CustomSpec{
		CPU:            spec.CPU.ValueFloat64(),
		Memory:         float64(spec.Memory.ValueInt64()),
		GPU:            valueFloat(spec.GPU),
		GPUType:        value(spec.GPUType),
		Arch:           upper(spec.Arch),
		Category:       upper(spec.Category),
		ResourceFlavor: value(spec.ResourceFlavor),
	}
}

// dataVolumesToAPI is never nil: an empty list removes all.
func (m *resourceModel) dataVolumesToAPI(c *converter) []modelarts.DataVolumeMountRequest {
	volumes := elements[map[string]dataVolumeModel](c, m.DataVolumes)
	dedicated := ownershipDedicated
	req := make([]modelarts.DataVolumeMountRequest, 0, len(volumes))
	for _, path := range slices.Sorted(maps.Keys(volumes)) {
		v := volumes[path]
		req = append(req, modelarts.DataVolumeMountRequest{
			Category:      strings.ToUpper(v.Category.ValueString()),
			Ownership:     &dedicated,
			URI:           value(v.URI),
			ID:            value(v.ID),
			MountPath:     &path,
			ReadOnly:      valueBool(v.ReadOnly),
			DewSecretName: value(v.DewSecretName),
		})
	}
	return req
}

// endpointsToAPI is never nil: an empty list removes all.
func (m *resourceModel) endpointsToAPI(c *converter) []modelarts.EndpointsReq {
	endpoints := elements[map[string]endpointModel](c, m.Endpoints)
	req := make([]modelarts.EndpointsReq, 0, len(endpoints))
	for _, service := range slices.Sorted(maps.Keys(endpoints)) {
		e := endpoints[service]
		req = append(req, modelarts.EndpointsReq{
			Service:          &service,
			KeyPairNames:     sorted(elements[[]string](c, e.KeyPairNames)),
			AllowedAccessIPs: sorted(elements[[]string](c, e.AllowedAccessIPs)),
		})
	}
	return req
}

// hooksToAPI is never nil: without a script it removes both.
func (m *resourceModel) hooksToAPI(c *converter) *modelarts.CustomHooks {
	hooks := decode[hooksModel](c, m.Hooks)
	return &modelarts.CustomHooks{ContainerHooks: &modelarts.ContainerHooks{
		PreStart:  c.hook(hooks.PreStart),
		PostStart: c.hook(hooks.PostStart),
	}}
}

func (c *converter) hook(object types.Object) *modelarts.HookConfig {
	if object.IsNull() || object.IsUnknown() {
		return nil
	}
	hook := decode[hookModel](c, object)
	typ, script := hookScript, hook.Path.ValueString()
	if !hook.Content.IsNull() {
		typ, script = hookCommand, base64.StdEncoding.EncodeToString([]byte(hook.Content.ValueString()))
	}
	return &modelarts.HookConfig{Type: &typ, Script: &script, Mode: upper(hook.Mode)}
}

// affinityToAPI is never nil: with no rules it removes them.
func (m *resourceModel) affinityToAPI(c *converter) *modelarts.Affinity {
	affinity := decode[affinityModel](c, m.Affinity)
	req := &modelarts.Affinity{Required: []modelarts.AffinityRule{}, Preferred: []modelarts.AffinityRule{}}
	for _, r := range elements[[]requiredRuleModel](c, affinity.Required) {
		req.Required = append(req.Required, c.ruleToAPI(r))
	}
	for _, r := range elements[[]preferredRuleModel](c, affinity.Preferred) {
		rule := c.ruleToAPI(r.requiredRuleModel)
		rule.Weight = valueInt(r.Weight)
		req.Preferred = append(req.Preferred, rule)
	}
	return req
}

func (c *converter) ruleToAPI(r requiredRuleModel) modelarts.AffinityRule {
	values := sorted(elements[[]string](c, r.Values))
	if values == nil {
		values = []string{} // the field is required, also where it says nothing
	}
	return modelarts.AffinityRule{Key: r.Key.ValueString(), Operator: r.Operator.ValueString(), Values: values}
}

// askedLease is the lease that the model asks for.
func (m *model) askedLease(c *converter) lifecycle.Lease {
	lease := decode[leaseModel](c, m.Lease)
	if !lease.Enabled.IsNull() && !lease.Enabled.IsUnknown() && !lease.Enabled.ValueBool() {
		return lifecycle.Lease{Off: true}
	}
	asked := lifecycle.Lease{Type: strings.ToUpper(lease.Type.ValueString())}
	if d, err := parseLease(lease.Duration.ValueString()); err == nil {
		ms := d.Milliseconds()
		asked.Duration = &ms
	}
	return asked
}
