package notebook

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// notebookAttributes describe one notebook, read from the service: the model.
// Their types are those of the resource.
func notebookAttributes() map[string]schema.Attribute {
	attributes := describingAttributes()
	maps.Copy(attributes, storageAttributes())
	maps.Copy(attributes, stateAttributes())
	return attributes
}

// describingAttributes are those of what the notebook is made of.
func describingAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          textOut("ID of the notebook, a UUID."),
		"region":      textOut("Region where the notebook lives."),
		"project_id":  textOut("ID of the project where the notebook lives."),
		"name":        textOut("Name. It need not be unique."),
		"description": textOut("Description."),
		"feature":     textOut("Kind of instance: `NOTEBOOK` (billed) or `DEFAULT` (the free CodeLab instance)."),
		"flavor":      textOut("Flavor ID."),
		"custom_spec": objectOut("Size of a notebook in a dedicated pool, in place of a flavor.", map[string]schema.Attribute{
			"cpu":             decimalOut("CPU cores."),
			"memory":          integerOut("Memory, as in the API, which does not document the unit; its bound suggests MB."),
			"gpu":             decimalOut("GPU cards."),
			"gpu_type":        textOut("GPU type."),
			"arch":            textOut("`X86_64` or `AARCH64`."),
			"category":        textOut("`CPU` or `GPU`."),
			"resource_flavor": textOut("Flavor of the pool node."),
		}),
		"image_id": textOut("ID of the image."),
		"image": objectOut("The image.", map[string]schema.Attribute{
			"name":     textOut("Name."),
			"tag":      textOut("Tag."),
			"swr_path": textOut("Address in the container registry."),
			"arch":     textOut("Processor architecture: `X86_64` or `AARCH64`."),
			"type":     textOut("`BUILD_IN` (preset) or `DEDICATED` (saved or registered by the account)."),
		}),
		"pool_id":      textOut("Dedicated resource pool that the notebook runs in. Null in the public pool."),
		"pool_name":    textOut("Name of the dedicated resource pool. Null in the public pool."),
		"workspace_id": textOut("Workspace; `0` is the default one."),
	}
}

// storageAttributes are those of storage, access and automation.
func storageAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"volume": objectOut("Storage of the notebook.", map[string]schema.Attribute{
			"category":        textOut("`EVS`, `EFS`, `OBS` or `OBSFS`."),
			"ownership":       textOut("`MANAGED` (deleted with the notebook) or `DEDICATED`."),
			"capacity":        integerOut("Size in GB."),
			"uri":             textOut("Source of `DEDICATED` storage."),
			"id":              textOut("ID of the SFS Turbo file system."),
			"dew_secret_name": textOut("Name of the DEW secret that holds the keys to the bucket."),
			"mount_path":      textOut("Directory in the notebook."),
			"status":          textOut("What is being done to the storage, for example `RESIZING`. Null when nothing is."),
		}),
		"data_volumes": byKeyOut("Further storage, by the directory where it is mounted.", map[string]schema.Attribute{
			"category":        textOut("`OBSFS` or `EFS`."),
			"uri":             textOut("Source: `obs://bucket/path/`, or the share path of the file system."),
			"read_only":       truthOut("Always null: the API does not return it."),
			"id":              textOut("ID of the SFS Turbo file system."),
			"dew_secret_name": textOut("Always null: the API does not return it."),
		}),
		"endpoints": byKeyOut("Ways to reach the notebook besides its web page, by service: `SSH` or `NOTEBOOK`.", map[string]schema.Attribute{
			"key_pair_names":     textsOut("Names of the ECS key pairs whose holders may log in."),
			"allowed_access_ips": textsOut("Public IP addresses that may connect over SSH. Null: any."),
		}),
		"lease": objectOut("Automatic stop.", map[string]schema.Attribute{
			"type":     textOut("`TIMING` (stop after a time) or `IDLE` (stop after a time of idleness)."),
			"duration": textOut("Duration of the lease. Null after a restart or a renewal. See `stops_at`."),
			"enabled":  truthOut("Whether the notebook stops automatically."),
		}),
		"affinity": objectOut("Nodes of the dedicated pool to run on, by their labels.", map[string]schema.Attribute{
			"required":  rulesOut("Rules that a node must fulfil.", nil),
			"preferred": rulesOut("Rules that a node should fulfil.", map[string]schema.Attribute{"weight": integerOut("Weight, 0 to 100.")}),
		}),
		"run_user": objectOut("User that the container runs as.", map[string]schema.Attribute{"uid": integerOut("User ID."), "gid": integerOut("Group ID.")}),
		"user_vpc": objectOut("VPC that the notebook has a network card in.", map[string]schema.Attribute{
			"vpc_id":             textOut("ID of the VPC."),
			"subnet_id":          textOut("ID of the subnet."),
			"security_group_ids": textsOut("IDs of the security groups."),
			"connect_cidrs":      textsOut("Further CIDR blocks that are reached through the network card."),
		}),
		"public_network_config": objectOut("The notebook's way to the public network. Null if the service does not return it.", map[string]schema.Attribute{
			"public_network_type": textOut("`SHARED`, `EXCLUSIVE` or `FORBIDDEN`."),
		}),
	}
}

// stateAttributes are those of its tags and of its present state.
func stateAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"tags":        tagsOut("Tags, without the provider's `default_tags` and without those of its `ignore_tags`."),
		"tags_all":    tagsOut("All tags, without those of the provider's `ignore_tags`."),
		"status":      textOut("Status, for example `RUNNING`, `STOPPED` or `CREATE_FAILED`."),
		"fail_reason": textOut("Why the notebook failed. Null if it has not failed."),
		"url":         textOut("Address of the notebook's web page, for example `https://authoring-modelarts-cn-north-4.huaweicloud.com/f9937afa-4451-42db-a76b-72d624749f66/lab`. Opening it needs `token`. Null if the service does not return it: until the notebook has run, and on some sites while it is stopped."),
		"token": schema.StringAttribute{
			MarkdownDescription: "Secret that authenticates at `url`. It changes at each start. Null if the provider has `omit_token = true`, and if the service does not return it.",
			Computed:            true,
			Sensitive:           true,
		},
		"ssh_uri": textOut("Where to connect over SSH, as the service returns it, for example `ssh://ma-user@dev-modelarts-cn-north-4.huaweicloud.com:30000`. See `ssh` for its parts. Null without an SSH endpoint, and until the notebook has run."),
		"ssh": objectOut("Where to connect over SSH, in parts: `ssh -p PORT USER@HOST`. Null while there is no `ssh_uri`.", map[string]schema.Attribute{
			"host": textOut(sshHostText),
			"port": integerOut(sshPortText),
			"user": textOut(sshUserText),
		}),
		"billing_items": schema.ListAttribute{
			MarkdownDescription: "What is being billed: `STORAGE`, `COMPUTE` or `ALL`.", Computed: true, ElementType: types.StringType,
		},
		"owner":      objectOut("User who owns the notebook.", map[string]schema.Attribute{"id": textOut("IAM user ID."), "name": textOut("IAM user name.")}),
		"created_at": timeOut("When the notebook was created, in RFC 3339."),
		"stops_at":   timeOut("When the lease stops the notebook, in RFC 3339, for example `2026-01-31T18:00:00Z`. Null while it is not running, has no automatic stop, or stops when idle."),
	}
}

// textOut is a string that the service answers.
func textOut(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

// integerOut is a whole number that the service answers.
func integerOut(description string) schema.Attribute {
	return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
}

// decimalOut is a number that the service answers.
func decimalOut(description string) schema.Attribute {
	return schema.Float64Attribute{MarkdownDescription: description, Computed: true}
}

// truthOut is a boolean that the service answers.
func truthOut(description string) schema.Attribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

// timeOut is a time in RFC 3339 that the service answers.
func timeOut(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
}

// textsOut is a set of strings that the service answers.
func textsOut(description string) schema.Attribute {
	return schema.SetAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}

// tagsOut is a map of strings that the service answers.
func tagsOut(description string) schema.Attribute {
	return schema.MapAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
}

// objectOut is an object that the service answers.
func objectOut(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.SingleNestedAttribute{MarkdownDescription: description, Computed: true, Attributes: attributes}
}

// byKeyOut is a map of objects that the service answers.
func byKeyOut(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.MapNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: attributes}}
}

// rulesOut is a list of affinity rules that the service answers.
func rulesOut(description string, further map[string]schema.Attribute) schema.Attribute {
	rule := map[string]schema.Attribute{
		"key":      textOut("Key of the node label."),
		"operator": textOut("`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`."),
		"values":   textsOut("Values of the label."),
	}
	maps.Copy(rule, further)
	return schema.ListNestedAttribute{MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: rule}}
}
