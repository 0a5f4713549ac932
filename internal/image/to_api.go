package image

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// toRegister is the request that registers the image. Enumerations are sent in upper
// case, whatever the configuration has.
func (m *registeredModel) toRegister(c *values.Converter) modelarts.ImageRegisterRequest {
	return modelarts.ImageRegisterRequest{
		SWRPath:          m.SWRPath.ValueString(),
		Arch:             values.String(values.Upper(m.Arch)),
		Description:      values.String(m.Description),
		Origin:           values.String(values.Upper(m.Origin)),
		ResourceCategory: enumerations(c, m.ResourceCategories),
		ServiceType:      values.String(values.Upper(m.ServiceType)),
		Services:         enumerations(c, m.Services),
		Visibility:       values.String(values.Upper(m.Visibility)),
		WorkspaceID:      values.String(m.WorkspaceID),
		FlavorType:       values.String(values.Upper(m.FlavorType)),
		Tags:             m.tagKeys(c),
		SWRInstanceID:    values.String(m.SWRInstanceID),
		ReadMe:           values.String(m.ReadMe),
	}
}

// enumerations are the elements of a set as a request has them; nil where the set is
// null or unknown, and so left to the service.
func enumerations(c *values.Converter, set types.Set) []string {
	texts := upper(values.Elements[[]string](c, set))
	if texts == nil {
		return nil
	}
	return values.Distinct(texts)
}

// tagKeys are the tags, sorted; nil: none.
func (m *registeredModel) tagKeys(c *values.Converter) []string {
	if keys := values.Elements[[]string](c, m.Tags); len(keys) > 0 {
		return values.Sorted(keys)
	}
	return nil
}

// toGroup is the request that changes the guide and the tags of the image's group. A tag
// that stays keeps the value that it may have been given elsewhere.
func (m *registeredModel) toGroup(c *values.Converter, readMe, tags bool, shown []modelarts.Tag) modelarts.ImageGroupUpdateRequest {
	var req modelarts.ImageGroupUpdateRequest
	if readMe {
		text := m.ReadMe.ValueString() // empty removes it
		req.ReadMe = &text
	}
	if !tags {
		return req
	}
	req.Tags = []modelarts.Tag{} // none removes them
	for _, key := range m.tagKeys(c) {
		tag := modelarts.Tag{Key: key, Value: new(string)}
		for _, known := range shown {
			if known.Key == key && known.Value != nil {
				tag.Value = known.Value
			}
		}
		req.Tags = append(req.Tags, tag)
	}
	return req
}

// toSave is the request that saves the notebook as the image.
func (m *savedModel) toSave() modelarts.ImageSaveRequest {
	return modelarts.ImageSaveRequest{
		Name:              m.Name.ValueString(),
		Namespace:         m.Namespace.ValueString(),
		Tag:               values.String(m.Tag),
		Description:       values.String(m.Description),
		WorkspaceID:       values.String(m.WorkspaceID),
		SWRInstanceID:     values.String(m.SWRInstanceID),
		SWRInstanceDomain: values.String(m.SWRInstanceDomain),
	}
}
