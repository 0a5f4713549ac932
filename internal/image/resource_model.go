package image

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// managed is what the resources of images have in common: what the service shows of an
// image, and how it is deleted.
type managed struct {
	ID                 types.String      `tfsdk:"id"`
	Region             types.String      `tfsdk:"region"`
	ProjectID          types.String      `tfsdk:"project_id"`
	Name               types.String      `tfsdk:"name"`
	Tag                types.String      `tfsdk:"tag"`
	Namespace          types.String      `tfsdk:"namespace"`
	Description        types.String      `tfsdk:"description"`
	WorkspaceID        types.String      `tfsdk:"workspace_id"`
	SWRPath            types.String      `tfsdk:"swr_path"`
	SWRInstanceID      types.String      `tfsdk:"swr_instance_id"`
	Type               types.String      `tfsdk:"type"`
	Origin             types.String      `tfsdk:"origin"`
	Arch               types.String      `tfsdk:"arch"`
	Status             types.String      `tfsdk:"status"`
	StatusMessage      types.String      `tfsdk:"status_message"`
	ServiceType        types.String      `tfsdk:"service_type"`
	Services           types.Set         `tfsdk:"services"`
	ResourceCategories types.Set         `tfsdk:"resource_categories"`
	Visibility         types.String      `tfsdk:"visibility"`
	FlavorType         types.String      `tfsdk:"flavor_type"`
	Size               types.Int64       `tfsdk:"size"`
	CreatedAt          timetypes.RFC3339 `tfsdk:"created_at"`
	DeleteContent      types.Bool        `tfsdk:"delete_content"`
	Timeouts           timeouts.Value    `tfsdk:"timeouts"`
}

// registeredModel is modelarts_image.
type registeredModel struct {
	managed
	Tags   types.Set    `tfsdk:"tags"`
	ReadMe types.String `tfsdk:"read_me"`
}

// savedModel is modelarts_notebook_image.
type savedModel struct {
	managed
	NotebookID        types.String `tfsdk:"notebook_id"`
	SWRInstanceDomain types.String `tfsdk:"swr_instance_domain"`
	Triggers          types.Map    `tfsdk:"triggers"`
	KeepOnDestroy     types.Bool   `tfsdk:"keep_on_destroy"`
}

// imageModel is a model of a resource.
type imageModel interface {
	// fromAPI overlays the model, which holds the state from before, with an answer.
	fromAPI(c *values.Converter, i *modelarts.Image)
	// shared is what the models of both resources have.
	shared() *managed
}

func (m *managed) shared() *managed { return m }

// fromAPI overlays the model, which holds the state from before, with what the API
// answered. What the answer leaves out stays as it was: absent is not empty. Where the API
// and the state mean the same thing in two spellings, the state's spelling stays. The
// message of the status belongs to the present status.
func (m *managed) fromAPI(c *values.Converter, i *modelarts.Image) {
	m.ID = types.StringValue(i.ID)
	m.Name = values.Keep(m.Name, i.Name)
	m.Tag = values.Keep(m.Tag, i.Tag)
	m.Namespace = values.Keep(m.Namespace, i.Namespace)
	m.Description = values.EmptyAsNull(m.Description, i.Description)
	m.WorkspaceID = values.Keep(m.WorkspaceID, i.WorkspaceID)
	m.SWRPath = values.Keep(m.SWRPath, i.SWRPath)
	m.SWRInstanceID = values.EmptyAsNull(m.SWRInstanceID, i.SWRInstanceID)
	m.Type = values.KeepCase(m.Type, i.Type)
	m.Origin = values.KeepCase(m.Origin, i.Origin)
	m.Arch = values.KeepCase(m.Arch, i.Arch)
	if m.Status = types.StringValue(string(i.Status)); i.Status == "" {
		m.Status = types.StringNull()
	}
	m.StatusMessage = types.StringPointerValue(values.NonEmpty(i.StatusMessage))
	m.ServiceType = values.KeepCase(m.ServiceType, i.ServiceType)
	m.Services = keepSetCase(c, m.Services, i.DevServices)
	m.ResourceCategories = keepSetCase(c, m.ResourceCategories, i.ResourceCategories)
	m.Visibility = values.KeepCase(m.Visibility, i.Visibility)
	if m.FlavorType = values.KeepCase(m.FlavorType, i.FlavorType); m.FlavorType.ValueString() == "" {
		m.FlavorType = types.StringNull()
	}
	m.Size = values.KeepInt(m.Size, i.Size)
	if i.CreateAt != nil {
		m.CreatedAt = values.Timestamp(i.CreateAt)
	}
	if m.CreatedAt.IsUnknown() {
		m.CreatedAt = timetypes.NewRFC3339Null()
	}
}

// keepSetCase is values.KeepCase for sets of enumerations.
func keepSetCase(c *values.Converter, prior types.Set, answered []string) types.Set {
	if answered == nil {
		return c.KeepSet(prior, nil)
	}
	answered = values.Distinct(upper(answered))
	if slices.Equal(values.Distinct(upper(values.Elements[[]string](c, prior))), answered) {
		return c.KeepSet(prior, nil)
	}
	return c.KeepSet(prior, answered)
}

// upper are texts in upper case, as the API writes enumerations; nil stays nil.
func upper(texts []string) []string {
	if texts == nil {
		return nil
	}
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = strings.ToUpper(text)
	}
	return all
}

func (m *registeredModel) fromAPI(c *values.Converter, i *modelarts.Image) {
	m.managed.fromAPI(c, i)
	var keys []string
	for _, tag := range i.Tags {
		keys = append(keys, tag.Key)
	}
	if i.Tags != nil && keys == nil {
		keys = []string{}
	}
	m.Tags = c.KeepSet(m.Tags, keys)
	if m.ReadMe.IsUnknown() {
		m.ReadMe = types.StringNull()
	}
}

// guideFromAPI overlays the model with the guide that a group of images shows.
func (m *registeredModel) guideFromAPI(group *modelarts.ImageGroup) {
	m.ReadMe = values.EmptyAsNull(m.ReadMe, group.ReadMe)
}
