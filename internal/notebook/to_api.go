package notebook

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/lifecycle"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// toCreate is the request for a notebook like this one.
func (m *resourceModel) toCreate(c *values.Converter) modelarts.NotebookCreateRequest {
	volume := values.Decode[volumeModel](c, m.Volume)
	req := modelarts.NotebookCreateRequest{
		Name:        m.Name.ValueString(),
		Description: values.String(m.Description),
		Feature:     values.String(values.Upper(m.Feature)),
		Flavor:      values.String(m.Flavor),
		CustomSpec:  m.customSpecToAPI(c),
		ImageID:     strings.ToLower(m.ImageID.ValueString()),
		PoolID:      values.String(m.PoolID),
		Volume: modelarts.VolumeMountRequest{
			Category:      strings.ToUpper(volume.Category.ValueString()),
			Ownership:     strings.ToUpper(volume.Ownership.ValueString()),
			Capacity:      volume.sizeToAPI(),
			URI:           values.String(volume.URI),
			ID:            values.String(values.Lower(volume.ID)),
			DewSecretName: values.String(volume.DewSecretName),
		},
		WorkspaceID: values.String(m.WorkspaceID),
	}
	if len(m.DataVolumes.Elements()) > 0 {
		req.DataVolumes = m.dataVolumesToAPI(c)
	}
	if len(m.Endpoints.Elements()) > 0 {
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
		user := values.Decode[runUserModel](c, m.RunUser)
		req.RunUser = &modelarts.RunUser{UID: values.Int(user.UID), GID: values.Int(user.GID)}
	}
	if !m.UserVPC.IsNull() && !m.UserVPC.IsUnknown() {
		vpc := values.Decode[userVPCModel](c, m.UserVPC)
		req.UserVPC = &modelarts.UserVpcRequest{
			VPCID:            vpc.VPCID.ValueString(),
			SubnetID:         vpc.SubnetID.ValueString(),
			SecurityGroupIDs: values.Sorted(values.Elements[[]string](c, vpc.SecurityGroupIDs)),
			ConnectCIDRs:     values.Sorted(values.Elements[[]string](c, vpc.ConnectCIDRs)),
		}
	}
	req.PublicNetworkConfig = m.publicNetworkToAPI(c)
	return req
}

// sizeToAPI is the size that a create asks for. That of a disk is always sent, since
// some sites refuse a disk without one; it is not planned where the category was
// not known.
func (v *volumeModel) sizeToAPI() *int64 {
	if size := values.Int(v.Capacity); size != nil || !isManagedDisk(v.Category.ValueString(), v.Ownership.ValueString()) {
		return size
	}
	size := int64(defaultCapacity)
	return &size
}

// isManagedDisk reports whether storage is an EVS disk of the service's.
func isManagedDisk(category, ownership string) bool {
	return strings.EqualFold(category, categoryEVS) && strings.EqualFold(ownership, ownershipManaged)
}

// publicNetworkToAPI is nil where there is none: a service may not know it.
func (m *resourceModel) publicNetworkToAPI(c *values.Converter) *modelarts.PublicNetworkConfig {
	if m.PublicNetwork.IsNull() || m.PublicNetwork.IsUnknown() {
		return nil
	}
	network := values.Decode[publicNetworkModel](c, m.PublicNetwork)
	return &modelarts.PublicNetworkConfig{PublicNetworkType: values.String(values.Upper(network.Type))}
}

func (m *resourceModel) customSpecToAPI(c *values.Converter) *modelarts.CustomSpec {
	if m.CustomSpec.IsNull() || m.CustomSpec.IsUnknown() {
		return nil
	}
	spec := values.Decode[customSpecModel](c, m.CustomSpec)
	return &modelarts.CustomSpec{
		CPU:            spec.CPU.ValueFloat64(),
		Memory:         float64(spec.Memory.ValueInt64()),
		GPU:            values.Float(spec.GPU),
		GPUType:        values.String(spec.GPUType),
		Arch:           values.String(values.Upper(spec.Arch)),
		Category:       values.String(values.Upper(spec.Category)),
		ResourceFlavor: values.String(spec.ResourceFlavor),
	}
}

// dataVolumesToAPI is never nil: an empty list removes all.
func (m *resourceModel) dataVolumesToAPI(c *values.Converter) []modelarts.DataVolumeMountRequest {
	volumes := values.DecodeWholeMap[dataVolumeModel](c, "data_volumes", m.DataVolumes)
	dedicated := ownershipDedicated
	req := make([]modelarts.DataVolumeMountRequest, 0, len(volumes))
	for _, path := range slices.Sorted(maps.Keys(volumes)) {
		v := volumes[path]
		req = append(req, modelarts.DataVolumeMountRequest{
			Category:      strings.ToUpper(v.Category.ValueString()),
			Ownership:     &dedicated,
			URI:           values.String(v.URI),
			ID:            values.String(values.Lower(v.ID)),
			MountPath:     &path,
			ReadOnly:      values.Bool(v.ReadOnly),
			DewSecretName: values.String(v.DewSecretName),
		})
	}
	return req
}

// endpointsToAPI is never nil: an empty list removes all.
func (m *resourceModel) endpointsToAPI(c *values.Converter) []modelarts.EndpointsReq {
	endpoints := values.DecodeWholeMap[endpointModel](c, "endpoints", m.Endpoints)
	req := make([]modelarts.EndpointsReq, 0, len(endpoints))
	for _, service := range slices.Sorted(maps.Keys(endpoints)) {
		e, name := endpoints[service], strings.ToUpper(service)
		req = append(req, modelarts.EndpointsReq{
			Service:          &name,
			KeyPairNames:     values.Sorted(values.Elements[[]string](c, e.KeyPairNames)),
			AllowedAccessIPs: values.Sorted(values.Elements[[]string](c, e.AllowedAccessIPs)),
		})
	}
	return req
}

// hooksToAPI is never nil: without a script it removes both.
func (m *resourceModel) hooksToAPI(c *values.Converter) *modelarts.CustomHooks {
	hooks := values.Decode[hooksModel](c, m.Hooks)
	return &modelarts.CustomHooks{ContainerHooks: &modelarts.ContainerHooks{
		PreStart:  hookToAPI(c, hooks.PreStart),
		PostStart: hookToAPI(c, hooks.PostStart),
	}}
}

func hookToAPI(c *values.Converter, object types.Object) *modelarts.HookConfig {
	if object.IsNull() || object.IsUnknown() {
		return nil
	}
	hook := values.Decode[hookModel](c, object)
	typ, script := hookScript, hook.Path.ValueString()
	if content := values.OrElse(hook.ContentWO, hook.Content); !content.IsNull() {
		typ, script = hookCommand, base64.StdEncoding.EncodeToString([]byte(content.ValueString()))
	}
	return &modelarts.HookConfig{Type: &typ, Script: &script, Mode: values.String(values.Upper(hook.Mode))}
}

// affinityToAPI is never nil: with no rules it removes them.
func (m *resourceModel) affinityToAPI(c *values.Converter) *modelarts.Affinity {
	affinity := values.Decode[affinityModel](c, m.Affinity)
	req := &modelarts.Affinity{Required: []modelarts.AffinityRule{}, Preferred: []modelarts.AffinityRule{}}
	for _, r := range values.Elements[[]requiredRuleModel](c, affinity.Required) {
		req.Required = append(req.Required, ruleToAPI(c, r))
	}
	for _, r := range values.Elements[[]preferredRuleModel](c, affinity.Preferred) {
		rule := ruleToAPI(c, r.requiredRuleModel)
		rule.Weight = values.Int(r.Weight)
		req.Preferred = append(req.Preferred, rule)
	}
	return req
}

func ruleToAPI(c *values.Converter, r requiredRuleModel) modelarts.AffinityRule {
	labels := values.Sorted(values.Elements[[]string](c, r.Values))
	if labels == nil {
		labels = []string{} // the field is required, also where it is empty
	}
	return modelarts.AffinityRule{Key: r.Key.ValueString(), Operator: affinityOperator(r.Operator.ValueString()), Values: labels}
}

// affinityOperator is an operator as it is sent. One that is not known stays as it is.
func affinityOperator(text string) string {
	for _, known := range affinityOperators {
		if strings.EqualFold(known, text) {
			return known
		}
	}
	return text
}

// askedLease is the lease that the model asks for.
func (m *model) askedLease(c *values.Converter) lifecycle.Lease {
	lease := values.Decode[leaseModel](c, m.Lease)
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
