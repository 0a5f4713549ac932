// Package image offers images for notebooks to Terraform.
package image

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/diagnostics"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/modelarts"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/settings"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

var (
	_ datasource.DataSource              = (*imageDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*imageDataSource)(nil)
)

const adviceNoImage = "Change the conditions, or list all images with the data source modelarts_images; type = \"DEDICATED\" lists those of the account."

type imageDataSource struct{ settings.DataSourceAccess }

// NewDataSource is modelarts_image.
func NewDataSource() datasource.DataSource { return &imageDataSource{} }

// choiceModel is what is asked for, and the image that was chosen. Name, tag,
// namespace, type, service_type, arch and workspace_id are both.
type choiceModel struct {
	model
	NameRegex        types.String `tfsdk:"name_regex"`
	ResourceCategory types.String `tfsdk:"resource_category"`
	Service          types.String `tfsdk:"service"`
}

func (d *imageDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_image"
}

func (d *imageDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	// A condition on what the image answers as well.
	both := func(a schema.StringAttribute) schema.StringAttribute {
		a.Computed = true
		return a
	}
	attributes := imageAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"name":              both(optional("Full name.")),
		"name_regex":        regexAttribute(),
		"tag":               both(optional("Full tag.")),
		"namespace":         both(optional("Organization in the container registry.")),
		"type":              both(typeAttribute()),
		"service_type":      both(oneOf(serviceTypes, "What the image is for: `COMMON`, `INFERENCE`, `TRAIN`, `DEV` or `UNKNOWN`, in any letter case; read back in upper case.")),
		"arch":              both(oneOf(archs, "Processor architecture: `X86_64` or `AARCH64`, in any letter case; read back in upper case. The flavor must have the same architecture.")),
		"resource_category": oneOf(categories, "Processor that the image must support, the `category` of the flavor: `CPU`, `GPU` or `ASCEND`, in any letter case."),
		"service":           oneOf(services, "How the image must be reachable: `NOTEBOOK` or `SSH`, in any letter case."),
		"workspace_id":      both(optional("Workspace. Default `0`. The service uses it for `DEDICATED` images only.")),
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "The newest image that matches all conditions and is `ACTIVE`. If no image matches, the error lists the nearest images and the conditions that exclude each. " +
			"**Without `type`, the data source searches only preset images**, as the API does. `type = \"DEDICATED\"` searches those that the account has saved or registered.\n\n" +
			"The newest image is the one that was created last. Preset images of one release have the same age. Among images of the same age, the data source chooses the first name of the alphabet, then the last tag, then the first ID.\n\n" +
			"Each plan chooses the image again. If there is a newer one, the plan shows a change of the notebook's `image_id`, which stops a running notebook. " +
			"To choose only once, when the notebook is created, set `lifecycle { ignore_changes = [image_id] }` in the notebook. To keep one image, set `name` and `tag`, or set its ID in the notebook.\n\nAn attribute that the service does not return is null.",
		Attributes: attributes,
	}
}

func (d *imageDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m choiceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel := d.Limit(ctx)
	defer cancel()
	wanted := newConditions(m.NameRegex, m.Tag, m.Arch, m.ResourceCategory, m.Service)
	wanted.status = string(modelarts.ImageActive)
	query := modelarts.ListImageQuery{
		Type: values.Upper(m.Type).ValueString(), Name: m.Name.ValueString(), Namespace: m.Namespace.ValueString(),
		ServiceType: values.Upper(m.ServiceType).ValueString(), WorkspaceID: m.WorkspaceID.ValueString(),
	}
	if query.Type == "" {
		query.Type = typeBuildIn
	}
	if query.Name != "" {
		part := false
		query.NameFuzzyMatch = &part
	}
	images, err := listImages(ctx, d.Settings.Home().Client, query)
	if err != nil {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("read", "images", err))
		return
	}
	at := slices.IndexFunc(images, func(i modelarts.Image) bool {
		return len(wanted.exclude(&i)) == 0 && (query.Name == "" || values.Deref(i.Name) == query.Name)
	})
	if at < 0 {
		resp.Diagnostics.Append(diagnostics.UnableInPlan("find", "image", noneFits(d.everything(ctx, images), query, wanted)))
		return
	}
	asked := m.model
	m.model = fromAPI(&images[at])
	// What the service was asked for and does not repeat is so all the same.
	m.Type = values.OrElse(m.Type, types.StringValue(query.Type))
	m.Namespace = values.OrElse(m.Namespace, asked.Namespace)
	m.WorkspaceID = values.OrElse(m.WorkspaceID, asked.WorkspaceID)
	m.ServiceType = values.OrElse(m.ServiceType, values.Upper(asked.ServiceType))
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// everything lists the images of both types, to find what is near. That the
// service does not list them is no reason to say less than is known.
func (d *imageDataSource) everything(ctx context.Context, known []modelarts.Image) []modelarts.Image {
	all := slices.Clone(known)
	for _, typ := range imageTypes {
		if more, err := listImages(ctx, d.Settings.Home().Client, modelarts.ListImageQuery{Type: typ}); err == nil {
			all = append(all, more...)
		}
	}
	return sorted(all)
}

// noneFits lists the nearest images: those that the fewest conditions exclude.
// Another name counts for more than the other conditions, unless it begins
// alike, and another type for a little more.
func noneFits(images []modelarts.Image, query modelarts.ListImageQuery, wanted conditions) error {
	var candidates []diagnostics.Candidate
	for i := range images {
		image := &images[i]
		why := wanted.exclude(image)
		distance := float64(len(why))
		if wanted.name != nil && !wanted.name.MatchString(values.Deref(image.Name)) {
			distance++
		}
		unless := func(fits bool, by float64, format string, args ...any) {
			if !fits {
				why = append(why, fmt.Sprintf(format, args...))
				distance += by
			}
		}
		// What the service filters by; an answer that leaves it out says nothing
		// against an image.
		same := func(asked string, field *string) bool { return asked == "" || field == nil || *field == asked }
		name := values.Deref(image.Name)
		unless(same(query.Name, image.Name), unlike(query.Name, name), "has another name (name = %s)", query.Name)
		unless(same(query.Type, image.Type), 1.25, "is %s (type = %s)", values.Deref(image.Type), query.Type)
		unless(same(query.Namespace, image.Namespace), 1, "is in %s (namespace = %s)", values.Deref(image.Namespace), query.Namespace)
		unless(same(query.ServiceType, image.ServiceType), 1, "is for %s (service_type = %s)", values.Deref(image.ServiceType), query.ServiceType)
		unless(values.Deref(image.Type) == typeBuildIn || same(query.WorkspaceID, image.WorkspaceID), 1,
			"is in the workspace %s (workspace_id = %s)", values.Deref(image.WorkspaceID), query.WorkspaceID)
		if len(why) > 0 {
			label := fmt.Sprintf("%s:%s (%s)", orUnknown(name), orUnknown(values.Deref(image.Tag)), image.ID)
			candidates = append(candidates, diagnostics.Candidate{Name: label, Why: why, Distance: distance})
		}
	}
	return diagnostics.NoneFits("images", adviceNoImage, candidates)
}

// unlike is how far a name is from the one that was asked for: 0.5 when one of
// them is the other's beginning, 2 when not even their first letter is the same.
func unlike(asked, name string) float64 {
	asked, name = strings.ToLower(asked), strings.ToLower(name)
	shorter := min(len(asked), len(name))
	if shorter == 0 {
		return 2
	}
	alike := 0
	for alike < shorter && asked[alike] == name[alike] {
		alike++
	}
	return 2 - 1.5*float64(alike)/float64(shorter)
}
