package image

import (
	"maps"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
)

// Limits of the API's contract.
const (
	minSWRPath     = 16
	maxSWRPath     = 2048
	maxDescription = 512
	maxReadMe      = 3000
	maxTags        = 20
	maxSavedName   = 128
	maxNamespace   = 64
	maxTag         = 64
)

var (
	swrPathPattern   = regexp.MustCompile(`^[^/\s]+/[^/\s]+/[^:\s]+:[^:/\s]+$`)
	savedNamePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$`)
	namespacePattern = regexp.MustCompile(`^[a-z][A-Za-z0-9._-]*$`)
	tagPattern       = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
)

// readOnly is an attribute that the service gives.
func readOnly(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

// asked is an argument that the service gives a value where none is asked for.
func asked(description string, rules ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Computed: true, Validators: rules}
}

// askedSet is asked for a set of names.
func askedSet(description string, names ...string) schema.SetAttribute {
	return schema.SetAttribute{
		MarkdownDescription: description, Optional: true, Computed: true, ElementType: types.StringType,
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(inputs.OneOf(names...))},
	}
}

// managedAttributes describe what both resources have.
func managedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": readOnly("ID of the image, a UUID: what the `image_id` of a notebook takes."),
		"region": asked("Region where the image lives, for example `cn-north-4`. Default: the provider's. Changing it replaces the image; another region in the provider block does not.",
			location.RegionRules()...),
		"project_id": readOnly("ID of the project where the image lives."),
		"description": schema.StringAttribute{
			MarkdownDescription: "Description: at most 512 characters. Changing it replaces the image.",
			Optional:            true,
			Validators:          []validator.String{inputs.Length(0, maxDescription)},
		},
		"workspace_id": asked("Workspace: `0` (the default one) or 32 lower-case letters and digits. Changing it replaces the image.",
			location.WorkspaceRules()...),
		"swr_instance_id": schema.StringAttribute{
			MarkdownDescription: "ID of the repository of the enterprise container registry. Without it, the image is in the shared one. Changing it replaces the image.",
			Optional:            true,
			Validators:          notEmpty(),
		},
		"type":           readOnly("`DEDICATED`: an image of the account."),
		"status":         readOnly("Status. Notebooks can run an image that is `ACTIVE`."),
		"status_message": readOnly("Why the image has its status, if the service returns a reason."),
		"size":           schema.Int64Attribute{Computed: true, MarkdownDescription: "Size, as the service returns it. The API documents KB, but the values look like bytes."},
		"created_at":     schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: "When the image was registered or saved, in RFC 3339."},
	}
}

// registeredSchema describes modelarts_image.
func registeredSchema() schema.Schema {
	attributes := managedAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"timeouts": timeoutsSchema("10m", "10m"),
		"swr_path": schema.StringAttribute{
			MarkdownDescription: "Address of the image in the container registry: `HOST/ORGANIZATION/NAME:TAG`, 16 to 2,048 characters. The image must have been pushed there. Changing it replaces the image.",
			Required:            true,
			Validators: []validator.String{
				inputs.Length(minSWRPath, maxSWRPath),
				inputs.Matches(swrPathPattern, "must be HOST/ORGANIZATION/NAME:TAG, such as swr.cn-north-4.myhuaweicloud.com/team/vision:1.0.0"),
			},
		},
		"name":      readOnly("Name, taken from `swr_path`."),
		"tag":       readOnly("Tag, taken from `swr_path`."),
		"namespace": readOnly("Organization in the container registry, taken from `swr_path`."),
		"arch":      asked("Processor architecture: `X86_64` (the service's default) or `AARCH64`, in any letter case. Flavors of the same architecture can run the image. Changing it replaces the image.", inputs.OneOf(archs...)),
		"origin":    asked("How the image was made: `CUSTOMIZE` (the service's default) or `IMAGE_SAVE`, in any letter case. Changing it replaces the image.", inputs.OneOf("CUSTOMIZE", "IMAGE_SAVE")),
		"resource_categories": askedSet("Processors that the image supports: `CPU`, `GPU`, `ASCEND`, in any letter case. Without it, the service takes `CPU` and `GPU`. Changing it replaces the image.",
			categories...),
		"service_type": asked("What the image is for: `COMMON`, `INFERENCE`, `TRAIN`, `DEV` or `UNKNOWN` (the service's default), in any letter case. Changing it replaces the image.",
			inputs.OneOf(serviceTypes...)),
		"services": askedSet("How a notebook with the image can be reached: `NOTEBOOK`, `SSH` (the service's default is both), `AI_FLOW`, `MA_STUDIO`, `TENSOR_BOARD`, `WEB_IDE`, in any letter case. Changing it replaces the image.",
			"NOTEBOOK", "SSH", "AI_FLOW", "MA_STUDIO", "TENSOR_BOARD", "WEB_IDE"),
		"visibility": asked("Who can use the image: `PRIVATE` (the service's default), `PUBLIC` or `HIDDEN`, in any letter case. Changing it replaces the image.", inputs.OneOf("PRIVATE", "PUBLIC", "HIDDEN")),
		"flavor_type": schema.StringAttribute{
			MarkdownDescription: "Ascend chip that the image is for, for example `ASCEND_SNT9B`, in any letter case. Changing it replaces the image.",
			Optional:            true,
			Validators:          notEmpty(),
		},
		"tags": schema.SetAttribute{
			MarkdownDescription: "Tags, at most 20. All images of this name in the organization share them, so configure the same tags for each image. They change in place.",
			Optional:            true,
			ElementType:         types.StringType,
			Validators: []validator.Set{
				setvalidator.SizeAtMost(maxTags),
				setvalidator.ValueStringsAre(inputs.TagKey()...),
			},
		},
		"read_me": schema.StringAttribute{
			MarkdownDescription: "Guide to the image: at most 3,000 characters. All images of this name in the organization share it. It changes in place.",
			Optional:            true,
			Validators:          []validator.String{inputs.Length(1, maxReadMe)},
		},
		"delete_content": schema.BoolAttribute{
			MarkdownDescription: "Whether a destroy also deletes the image from the container registry. This works for `PRIVATE` images only. With the default `false`, a destroy only removes the registration.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(false),
		},
	})
	return schema.Schema{
		MarkdownDescription: "Registers an image of the container registry (SWR) for use in notebooks. " +
			"Only `tags` and `read_me` of a registered image can change in place. A change of any other argument replaces the image: it gets a new ID. An attribute that the service does not return is null.",
		Attributes: attributes,
	}
}

// savedSchema describes modelarts_notebook_image.
func savedSchema() schema.Schema {
	attributes := managedAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"timeouts": timeoutsSchema("60m", "30m"),
		"notebook_id": schema.StringAttribute{
			MarkdownDescription: "ID of the notebook to save, a UUID. It must be running: the provider does not start it. Changing it replaces the image.",
			Required:            true,
			Validators:          []validator.String{inputs.NotEmpty(), inputs.Matches(location.UUIDPattern, "must be a UUID, such as f9937afa-4451-42db-a76b-72d624749f66")},
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name: 1 to 128 lower-case letters, digits, `.`, `_` and `-`, with a letter or a digit at either end. Changing it replaces the image.",
			Required:            true,
			Validators: []validator.String{
				inputs.Length(1, maxSavedName),
				inputs.Matches(savedNamePattern, "must be lower-case letters, digits, . _ and -, with a letter or a digit at either end"),
			},
		},
		"namespace": schema.StringAttribute{
			MarkdownDescription: "Organization in the container registry that the image is saved into; it must exist. Up to 64 letters, digits, `.`, `_` and `-`. The first must be a lower-case letter. Changing it replaces the image.",
			Required:            true,
			Validators: []validator.String{
				inputs.Length(1, maxNamespace),
				inputs.Matches(namespacePattern, "must be letters, digits, . _ and -, of which the first is a lower-case letter"),
			},
		},
		"tag": asked("Tag: up to 64 letters, digits, `.`, `_` and `-`. Without it, the service chooses one. The service refuses a tag that exists. Changing it replaces the image.",
			inputs.Length(1, maxTag), inputs.Matches(tagPattern, "must be letters, digits, . _ and -")),
		"swr_instance_domain": schema.StringAttribute{
			MarkdownDescription: "Domain name of the repository of the enterprise container registry, in addition to `swr_instance_id`. Changing it replaces the image.",
			Optional:            true,
			Validators:          notEmpty(),
		},
		"triggers": schema.MapAttribute{
			MarkdownDescription: "Any values. A change of them saves the notebook again, as a new image. Set another `tag`, too, if the old image is kept or is deleted only after the save (`create_before_destroy`).",
			Optional:            true,
			ElementType:         types.StringType,
		},
		"keep_on_destroy": schema.BoolAttribute{
			MarkdownDescription: "Whether a destroy or a replacement keeps the image and only removes it from the state. Default `false`. With `false`, if the saved notebook uses the image, a destroy of both deletes the image after the notebook.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(false),
		},
		"delete_content": schema.BoolAttribute{
			MarkdownDescription: "Whether a destroy also deletes the image from the container registry. Default `true`. With `false`, the content stays and its tag stays taken.",
			Optional:            true, Computed: true, Default: booldefault.StaticBool(true),
		},
		"swr_path":            readOnly("Address in the container registry."),
		"origin":              readOnly("`IMAGE_SAVE`: saved from a notebook."),
		"arch":                readOnly("Processor architecture: `X86_64` or `AARCH64`. Flavors of the same architecture can run the image."),
		"service_type":        readOnly("What the image is for: `COMMON`, `INFERENCE`, `TRAIN`, `DEV` or `UNKNOWN`."),
		"services":            schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "How a notebook with the image can be reached: `NOTEBOOK`, `SSH`."},
		"resource_categories": schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Processors that the image supports: `ASCEND`, `CPU`, `GPU`."},
		"visibility":          readOnly("`PRIVATE` or `PUBLIC`."),
		"flavor_type":         readOnly("Ascend chip that the image is for."),
	})
	return schema.Schema{
		MarkdownDescription: "Saves a running notebook as an image when the resource is created or replaced. This takes minutes. Meanwhile the notebook cannot be used (`SNAPSHOTTING`). " +
			"The image does not contain mounted storage, including the main volume. An attribute that the service does not return is null.",
		Attributes: attributes,
	}
}

// timeoutsSchema are the operations that have a timeout.
func timeoutsSchema(create, other string) schema.Attribute {
	return inputs.Timeouts(map[string]string{
		"create": "How long a create may take, all steps together. Default `" + create + "`.",
		"read":   "How long a read may take. Default `5m`.",
		"update": "How long an update may take, all steps together. Default `" + other + "`.",
		"delete": "How long a delete may take, all steps together. Default `" + other + "`. A destroy uses the value that was applied last.",
	})
}
