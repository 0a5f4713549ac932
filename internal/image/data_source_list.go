package image

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource              = (*listDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*listDataSource)(nil)
)

// The values of the API's enumerations that can be asked for.
var (
	archs        = []string{"X86_64", "AARCH64"}
	categories   = []string{"CPU", "GPU", "ASCEND"}
	imageTypes   = []string{typeBuildIn, typeDedicated}
	services     = []string{"NOTEBOOK", "SSH"}
	serviceTypes = []string{"COMMON", "INFERENCE", "TRAIN", "DEV", "UNKNOWN"}
	statuses     = []string{"INIT", "CREATING", "CREATE_FAILED", "ACTIVE", "ERROR", "DELETED"}
)

type listDataSource struct{ settings.DataSourceAccess }

// NewListDataSource is modelarts_images.
func NewListDataSource() datasource.DataSource { return &listDataSource{} }

type listModel struct {
	Type             types.String `tfsdk:"type"`
	Name             types.String `tfsdk:"name"`
	NameFuzzyMatch   types.Bool   `tfsdk:"name_fuzzy_match"`
	Namespace        types.String `tfsdk:"namespace"`
	ServiceType      types.String `tfsdk:"service_type"`
	WorkspaceID      types.String `tfsdk:"workspace_id"`
	ShowName         types.String `tfsdk:"show_name"`
	ShowTag          types.String `tfsdk:"show_tag"`
	NameRegex        types.String `tfsdk:"name_regex"`
	Tag              types.String `tfsdk:"tag"`
	Arch             types.String `tfsdk:"arch"`
	ResourceCategory types.String `tfsdk:"resource_category"`
	Service          types.String `tfsdk:"service"`
	Status           types.String `tfsdk:"status"`
	Images           []model      `tfsdk:"images"`
}

func (d *listDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_images"
}

func (d *listDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Images that notebooks can run. **Without `type`, only preset images are listed**, as in the API. " +
			"`type = \"DEDICATED\"` lists those that the account has saved or registered. " +
			"All filters are optional. The data source lists the images that match all of them, in any status.\n\n" +
			"The order is the same each time, the newest first: by creation, then by name, then by tag (the last of the alphabet first), then by ID. " +
			"To choose a single image, use [`modelarts_image`](image). An attribute that the service does not return is null.",
		Attributes: map[string]schema.Attribute{
			"type": typeAttribute(),
			"name": schema.StringAttribute{
				MarkdownDescription: "Part of the name, or the full name with `name_fuzzy_match = false`.",
				Optional:            true,
				Validators:          notEmpty(),
			},
			"name_fuzzy_match": schema.BoolAttribute{
				MarkdownDescription: "Whether `name` may be a part of the name. Default `true`.",
				Optional:            true,
			},
			"namespace":         optional("Organization in the container registry."),
			"service_type":      oneOf(serviceTypes, "What the image is for: `COMMON`, `INFERENCE`, `TRAIN`, `DEV` or `UNKNOWN`, in any letter case."),
			"workspace_id":      optional("Workspace. Default `0`. The service uses it for `DEDICATED` images only."),
			"show_name":         optional("Name that the console shows."),
			"show_tag":          optional("Tag that the console shows."),
			"name_regex":        regexAttribute(),
			"tag":               optional("Full tag."),
			"arch":              oneOf(archs, "Processor architecture: `X86_64` or `AARCH64`, in any letter case."),
			"resource_category": oneOf(categories, "Processor that the image supports: `CPU`, `GPU` or `ASCEND`, in any letter case."),
			"service":           oneOf(services, "How the image can be reached: `NOTEBOOK` or `SSH`, in any letter case."),
			"status":            oneOf(statuses, "Status, for example `ACTIVE`, in any letter case."),
			"images": schema.ListNestedAttribute{
				MarkdownDescription: "The images, the newest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: imageAttributes()},
			},
		},
	}
}

func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	images, err := listImages(ctx, d.Settings.Home().Client, modelarts.ListImageQuery{
		Type: values.Upper(m.Type).ValueString(), Name: m.Name.ValueString(), NameFuzzyMatch: m.NameFuzzyMatch.ValueBoolPointer(), Namespace: m.Namespace.ValueString(),
		ServiceType: values.Upper(m.ServiceType).ValueString(), WorkspaceID: m.WorkspaceID.ValueString(), ShowName: m.ShowName.ValueString(), ShowTag: m.ShowTag.ValueString(),
	})
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "images", err))
		return
	}
	wanted := newConditions(m.NameRegex, m.Tag, m.Arch, m.ResourceCategory, m.Service)
	wanted.status = values.Upper(m.Status).ValueString()
	m.Images = []model{}
	for i := range images {
		if len(wanted.exclude(&images[i])) == 0 {
			m.Images = append(m.Images, fromAPI(&images[i]))
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// listImages reads images and brings them into their order.
func listImages(ctx context.Context, client *modelarts.Client, query modelarts.ListImageQuery) ([]modelarts.Image, error) {
	var images []modelarts.Image
	for i, err := range client.ListImage(ctx, query) {
		if err != nil {
			return nil, err
		}
		images = append(images, i)
	}
	return sorted(images), nil
}

// conditions are those that the service cannot filter by. Empty ones hold for
// every image.
type conditions struct {
	name                         *regexp.Regexp
	tag, arch, category, service string
	status                       string
}

func newConditions(nameRegex, tag, arch, category, service types.String) conditions {
	c := conditions{tag: tag.ValueString(), arch: values.Upper(arch).ValueString(), category: values.Upper(category).ValueString(), service: values.Upper(service).ValueString()}
	if !nameRegex.IsNull() {
		c.name = regexp.MustCompile(nameRegex.ValueString()) // its validator has compiled it
	}
	return c
}

// exclude says which of the conditions an image does not fulfil.
func (c *conditions) exclude(i *modelarts.Image) (why []string) {
	unless := func(fits bool, reason string) {
		if !fits {
			why = append(why, reason)
		}
	}
	unless(c.name == nil || c.name.MatchString(values.Deref(i.Name)), "has another name (name_regex = "+quoteRegex(c.name)+")")
	unless(c.tag == "" || values.Deref(i.Tag) == c.tag, "has the tag "+orUnknown(values.Deref(i.Tag))+" (tag = "+c.tag+")")
	unless(c.arch == "" || values.Deref(i.Arch) == c.arch, "is "+orUnknown(values.Deref(i.Arch))+" (arch = "+c.arch+")")
	unless(c.category == "" || slices.Contains(i.ResourceCategories, c.category),
		"supports "+orUnknown(strings.Join(values.Distinct(i.ResourceCategories), ", "))+" (resource_category = "+c.category+")")
	unless(c.service == "" || slices.Contains(i.DevServices, c.service),
		"is reached by "+orUnknown(strings.Join(values.Distinct(i.DevServices), ", "))+" (service = "+c.service+")")
	reason := "is " + orUnknown(string(i.Status)) + ", not " + c.status
	if message := values.Deref(i.StatusMessage); message != "" {
		reason += ": " + strings.TrimSuffix(message, ".")
	}
	unless(c.status == "" || string(i.Status) == c.status, reason)
	return why
}

func quoteRegex(r *regexp.Regexp) string {
	if r == nil {
		return ""
	}
	return r.String()
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func notEmpty() []validator.String {
	return []validator.String{inputs.Text()}
}

func optional(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: notEmpty()}
}

func oneOf(allowed []string, description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Optional: true,
		Validators: []validator.String{inputs.OneOf(allowed...)},
	}
}

func typeAttribute() schema.StringAttribute {
	return oneOf(imageTypes, "`BUILD_IN` (preset; the default) or `DEDICATED` (saved or registered by the account), in any letter case.")
}

func regexAttribute() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Regular expression ([RE2](https://github.com/google/re2/wiki/Syntax)) that must match the name or a part of it. `^pytorch` matches the beginning of the name.",
		Optional:            true,
		Validators:          []validator.String{regularExpression{}},
	}
}

// imageAttributes describe one image, read from the service.
func imageAttributes() map[string]schema.Attribute {
	read := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	at := func(description string) schema.StringAttribute {
		a := read(description)
		a.CustomType = timetypes.RFC3339Type{}
		return a
	}
	return map[string]schema.Attribute{
		"id":                  read("ID, a UUID: what the `image_id` of a notebook takes."),
		"name":                read("Name."),
		"tag":                 read("Tag."),
		"namespace":           read("Organization in the container registry."),
		"description":         read("Description."),
		"swr_path":            read("Address in the container registry."),
		"type":                read("`BUILD_IN` (preset) or `DEDICATED` (saved or registered by the account)."),
		"origin":              read("How a `DEDICATED` image was made: `CUSTOMIZE` (registered) or `IMAGE_SAVE` (saved from a notebook)."),
		"arch":                read("Processor architecture: `X86_64` or `AARCH64`. The flavor must have the same architecture."),
		"status":              read("Status. Notebooks can run an image that is `ACTIVE`."),
		"status_message":      read("Why the image has its status."),
		"service_type":        read("What the image is for: `COMMON`, `INFERENCE`, `TRAIN`, `DEV` or `UNKNOWN`."),
		"services":            schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "How a notebook with the image can be reached: `NOTEBOOK`, `SSH`. One with `SSH` alone needs an SSH endpoint."},
		"resource_categories": schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Processors that the image supports: `ASCEND`, `CPU`, `GPU`. The `category` of the flavor must be one of them."},
		"visibility":          read("`PRIVATE` or `PUBLIC`."),
		"workspace_id":        read("Workspace."),
		"show_name":           read("Name that the console shows."),
		"show_tag":            read("Tag that the console shows."),
		"tags":                schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Tags of the image."},
		"created_at":          at("When the image was created, in RFC 3339."),
		"updated_at":          at("When the image was last changed, in RFC 3339."),
	}
}
