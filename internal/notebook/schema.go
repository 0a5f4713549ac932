package notebook

import (
	"context"
	"maps"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
)

// Limits of the API's contract.
const (
	maxName         = 128
	maxDescription  = 512
	maxPoolID       = 64
	minCapacity     = 5
	maxCapacity     = 4096
	defaultCapacity = 5 // of an EVS disk
	maxURI          = 1024
	maxMountPath    = 256
	maxAddresses    = 5
	maxTags         = 20
)

var (
	namePattern        = regexp.MustCompile(`^[\p{L}\p{M}\p{N}_-]*$`) // at least one: the length says so
	descriptionPattern = regexp.MustCompile(`^[^<>]*$`)
	secretNamePattern  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	absolutePattern    = regexp.MustCompile(`^/[^/]`)
)

var affinityOperators = []string{"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"}

func isUUID() []validator.String {
	return []validator.String{inputs.NotEmpty(), inputs.Matches(location.UUIDPattern, "must be a UUID, such as e1a07296-22a8-4f05-8bc8-e936c8e54090")}
}

// Schema describes modelarts_notebook. Plan behaviour that goes beyond a
// default (what replaces, what stops, what becomes unknown) is in plan.go.
func (r *notebookResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"timeouts": timeoutsSchema(),
	}
	for _, group := range []map[string]schema.Attribute{
		identityAttributes(), sizeAttributes(), accessAttributes(), tagAttributes(), policyAttributes(), statusAttributes(),
	} {
		maps.Copy(attributes, group)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "A notebook instance of ModelArts: a container with an image, a flavor and storage, reached over the web or SSH.\n\n" +
			"A notebook is billed for storage while it exists, and for computing while it runs. " +
			"Destroying it deletes its managed storage with everything in it.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"volume": volumeSchema(),
		},
	}
}

// identityAttributes are those that name and describe the notebook.
func identityAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "ID of the notebook, a UUID.",
			Computed:            true,
		},
		"region": schema.StringAttribute{
			MarkdownDescription: "Region where the notebook lives, for example `cn-north-4`. Default: the provider's. Changing it replaces the notebook; another region in the provider block does not.",
			Optional:            true,
			Computed:            true,
			Validators:          location.RegionRules(),
		},
		"project_id": schema.StringAttribute{
			MarkdownDescription: "ID of the project where the notebook lives.",
			Computed:            true,
		},
		"name": schema.StringAttribute{
			MarkdownDescription: "Name: 1 to 128 letters of any script, digits, hyphens and underscores; some sites accept Latin letters only. It need not be unique.",
			Required:            true,
			Validators: []validator.String{
				inputs.Length(1, maxName),
				inputs.Matches(namePattern, "must hold only letters, digits, hyphens and underscores"),
			},
		},
		"description": schema.StringAttribute{
			MarkdownDescription: "Description: at most 512 characters, none of `<` and `>`; some sites refuse `& \" ' /` too.",
			Optional:            true,
			Validators: []validator.String{
				inputs.Length(0, maxDescription),
				inputs.Matches(descriptionPattern, "must not hold < or >"),
			},
		},
		"feature": schema.StringAttribute{
			MarkdownDescription: "Kind of instance: `NOTEBOOK` (the default; billed) or `DEFAULT` (the free CodeLab instance, one per user), in any letter case. Changing it replaces the notebook.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString("NOTEBOOK"),
			Validators:          []validator.String{inputs.OneOf("NOTEBOOK", "DEFAULT")},
		},
		"workspace_id": schema.StringAttribute{
			MarkdownDescription: "Workspace: `0` (the default one) or 32 lower-case letters and digits. Changing it replaces the notebook.",
			Optional:            true,
			Computed:            true,
			Validators:          location.WorkspaceRules(),
		},
		"pool_id": schema.StringAttribute{
			MarkdownDescription: "Dedicated resource pool to run in, for example `pool41664192`. Null in the public pool. Changing it replaces the notebook.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{inputs.Length(1, maxPoolID), inputs.OneLine()},
		},
		"pool_name": schema.StringAttribute{
			MarkdownDescription: "Name of the dedicated resource pool. Null in the public pool.",
			Computed:            true,
		},
	}
}

// sizeAttributes are those of what runs: flavor and image.
func sizeAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"flavor": schema.StringAttribute{
			MarkdownDescription: "Flavor ID, for example `modelarts.vm.cpu.2u`. Required unless `custom_spec` is given. Changing it stops a running notebook.",
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{inputs.Text()},
		},
		"custom_spec": customSpecSchema(),
		"image_id": schema.StringAttribute{
			MarkdownDescription: "ID of the image, a UUID. Changing it stops a running notebook. If the notebook was saved as an image and now uses that image, plans show no drift.",
			Required:            true,
			Validators:          isUUID(),
		},
		"image": schema.SingleNestedAttribute{
			MarkdownDescription: "The image that the notebook uses: the one of `image_id`, or one that was saved from the notebook since. A member is null if the service does not return it.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "Name."},
				"tag":      schema.StringAttribute{Computed: true, MarkdownDescription: "Tag."},
				"swr_path": schema.StringAttribute{Computed: true, MarkdownDescription: "Address in the container registry."},
				"arch":     schema.StringAttribute{Computed: true, MarkdownDescription: "Processor architecture: `X86_64` or `AARCH64`."},
				"type":     schema.StringAttribute{Computed: true, MarkdownDescription: "`BUILD_IN` (preset) or `DEDICATED` (saved or registered by the account)."},
			},
		},
	}
}

// accessAttributes are those of storage, access and automation.
func accessAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"data_volumes":          dataVolumesSchema(),
		"endpoints":             endpointsSchema(),
		"lease":                 leaseSchema(),
		"hooks":                 hooksSchema(),
		"affinity":              affinitySchema(),
		"run_user":              runUserSchema(),
		"user_vpc":              userVPCSchema(),
		"public_network_config": publicNetworkSchema(),
	}
}

// tagAttributes are those of the tags.
func tagAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"tags": schema.MapAttribute{
			MarkdownDescription: "Tags, at most 20. The provider adds its `default_tags`; see `tags_all`. If both set a key, `tags` overrides `default_tags`. The next apply removes a tag that was set outside of Terraform, unless the provider's `ignore_tags` list it. Without `tags` in the configuration, only the default tags remain.",
			Optional:            true,
			ElementType:         types.StringType,
			Validators: []validator.Map{
				mapvalidator.SizeAtMost(maxTags),
				mapvalidator.KeysAre(inputs.TagKey()...),
				mapvalidator.ValueStringsAre(inputs.TagValue()...),
			},
		},
		"tags_all": schema.MapAttribute{
			MarkdownDescription: "All tags of the notebook: `tags`, and those `default_tags` of the provider whose keys `tags` does not set. State and plan show them in plain text, even if they are sensitive in the provider block.",
			Computed:            true,
			ElementType:         types.StringType,
		},
	}
}

// policyAttributes are the provider's own: they decide what it may do to the notebook.
func policyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"desired_status": schema.StringAttribute{
			MarkdownDescription: "`RUNNING` or `STOPPED`, in any letter case. Each apply starts or stops the notebook to match it, also after its lease has stopped it. Without it, the provider does not manage the power state.",
			Optional:            true,
			Validators:          []validator.String{inputs.OneOf("RUNNING", "STOPPED")},
		},
		"allow_stopping_for_update": schema.BoolAttribute{
			MarkdownDescription: "Consent to stop a running notebook for a change that requires it, and to start it again. Without it, the plan of such a change fails. Default `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"deletion_protection": schema.BoolAttribute{
			MarkdownDescription: "Refuse to destroy or replace the notebook. Default `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
	}
}

// statusAttributes are those that the service reports.
func statusAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"status": schema.StringAttribute{
			MarkdownDescription: "Status, for example `RUNNING`, `STOPPED` or `CREATE_FAILED`.",
			Computed:            true,
		},
		"fail_reason": schema.StringAttribute{
			MarkdownDescription: "Why the notebook failed. Null if it has not failed.",
			Computed:            true,
		},
		"url": schema.StringAttribute{
			MarkdownDescription: "Address of the notebook's web page, for example `https://authoring-modelarts-cn-north-4.huaweicloud.com/f9937afa-4451-42db-a76b-72d624749f66/lab`. Opening it needs `token`. Null if the service does not return it: until the notebook has run, and on some sites while it is stopped.",
			Computed:            true,
		},
		"token": schema.StringAttribute{
			MarkdownDescription: "Secret that authenticates at `url`. It changes at each start. Null if the provider has `omit_token = true`, and if the service does not return it.",
			Computed:            true,
			Sensitive:           true,
		},
		"ssh_uri": schema.StringAttribute{
			MarkdownDescription: "Where to connect over SSH, as the service returns it, for example `ssh://ma-user@dev-modelarts-cn-north-4.huaweicloud.com:30000`. See `ssh` for its parts. Null without an SSH endpoint, and until the notebook has run.",
			Computed:            true,
		},
		"ssh": schema.SingleNestedAttribute{
			MarkdownDescription: "Where to connect over SSH, in parts: `ssh -p PORT USER@HOST`. Null while there is no `ssh_uri`: without an SSH endpoint, and until the notebook has run.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"host": schema.StringAttribute{Computed: true, MarkdownDescription: sshHostText},
				"port": schema.Int64Attribute{Computed: true, MarkdownDescription: sshPortText},
				"user": schema.StringAttribute{Computed: true, MarkdownDescription: sshUserText},
			},
		},
		"billing_items": schema.ListAttribute{
			MarkdownDescription: "What is being billed: `STORAGE`, `COMPUTE` or `ALL`. Null if the service does not return it.",
			Computed:            true,
			ElementType:         types.StringType,
		},
		"owner": schema.SingleNestedAttribute{
			MarkdownDescription: "User who owns the notebook. Null if the service does not return it.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "IAM user ID."},
				"name": schema.StringAttribute{Computed: true, MarkdownDescription: "IAM user name."},
			},
		},
		"created_at": schema.StringAttribute{
			MarkdownDescription: "When the notebook was created, in RFC 3339. Null if the service does not return it.",
			CustomType:          timetypes.RFC3339Type{},
			Computed:            true,
		},
		"stops_at": schema.StringAttribute{
			MarkdownDescription: "When the lease stops the notebook, in RFC 3339, for example `2026-01-31T18:00:00Z`. Null while it is not running, has no automatic stop, or stops when idle.",
			CustomType:          timetypes.RFC3339Type{},
			Computed:            true,
		},
	}
}
