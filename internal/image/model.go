package image

import (
	"cmp"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// Types of an image.
const (
	typeBuildIn   = "BUILD_IN"  // preset by the service
	typeDedicated = "DEDICATED" // saved or registered by the account
)

// model is an image as the API shows it, in Terraform's types.
type model struct {
	ID                 types.String      `tfsdk:"id"`
	Name               types.String      `tfsdk:"name"`
	Tag                types.String      `tfsdk:"tag"`
	Namespace          types.String      `tfsdk:"namespace"`
	Description        types.String      `tfsdk:"description"`
	SWRPath            types.String      `tfsdk:"swr_path"`
	Type               types.String      `tfsdk:"type"`
	Origin             types.String      `tfsdk:"origin"`
	Arch               types.String      `tfsdk:"arch"`
	Status             types.String      `tfsdk:"status"`
	StatusMessage      types.String      `tfsdk:"status_message"`
	ServiceType        types.String      `tfsdk:"service_type"`
	Services           []string          `tfsdk:"services"`
	ResourceCategories []string          `tfsdk:"resource_categories"`
	Visibility         types.String      `tfsdk:"visibility"`
	WorkspaceID        types.String      `tfsdk:"workspace_id"`
	ShowName           types.String      `tfsdk:"show_name"`
	ShowTag            types.String      `tfsdk:"show_tag"`
	Tags               map[string]string `tfsdk:"tags"`
	CreatedAt          timetypes.RFC3339 `tfsdk:"created_at"`
	UpdatedAt          timetypes.RFC3339 `tfsdk:"updated_at"`
}

func fromAPI(i *modelarts.Image) model {
	m := model{
		ID:                 types.StringValue(i.ID),
		Name:               types.StringPointerValue(i.Name),
		Tag:                types.StringPointerValue(i.Tag),
		Namespace:          types.StringPointerValue(i.Namespace),
		Description:        types.StringPointerValue(i.Description),
		SWRPath:            types.StringPointerValue(i.SWRPath),
		Type:               types.StringPointerValue(i.Type),
		Origin:             types.StringPointerValue(i.Origin),
		Arch:               types.StringPointerValue(i.Arch),
		Status:             types.StringValue(string(i.Status)),
		StatusMessage:      types.StringPointerValue(i.StatusMessage),
		ServiceType:        types.StringPointerValue(i.ServiceType),
		Services:           values.Distinct(i.DevServices),
		ResourceCategories: values.Distinct(i.ResourceCategories),
		Visibility:         types.StringPointerValue(i.Visibility),
		WorkspaceID:        types.StringPointerValue(i.WorkspaceID),
		ShowName:           types.StringPointerValue(i.ShowName),
		ShowTag:            types.StringPointerValue(i.ShowTag),
		Tags:               map[string]string{},
		CreatedAt:          values.Timestamp(i.CreateAt),
		UpdatedAt:          values.Timestamp(i.UpdateAt),
	}
	if i.Status == "" {
		m.Status = types.StringNull()
	}
	for _, tag := range i.Tags {
		m.Tags[tag.Key] = values.Deref(tag.Value)
	}
	return m
}

// byAge is the order of images, the newest first. Images of the same age, such
// as the preset ones of one release, come by name, then by tag from the last of
// the alphabet to the first, then by ID, so that no two are equal. One whose age
// is not known comes last.
func byAge(a, b modelarts.Image) int {
	return cmp.Or(
		cmp.Compare(values.Deref(b.CreateAt), values.Deref(a.CreateAt)),
		cmp.Compare(values.Deref(a.Name), values.Deref(b.Name)),
		cmp.Compare(values.Deref(b.Tag), values.Deref(a.Tag)),
		cmp.Compare(a.ID, b.ID),
	)
}

// sorted brings images into their order. One that the service listed twice,
// since the list changed between two pages, is there once.
func sorted(images []modelarts.Image) []modelarts.Image {
	slices.SortFunc(images, byAge)
	return slices.CompactFunc(images, func(a, b modelarts.Image) bool { return a.ID == b.ID })
}
