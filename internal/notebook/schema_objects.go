package notebook

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
)

// This file describes the attributes that are objects, and the block.

func volumeSchema() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "Required. Storage that is mounted at `/home/ma-user/work/`. The table [Storage](#storage) shows which arguments belong together.",
		Validators:          []validator.Object{volumeBlock{}},
		Attributes: map[string]schema.Attribute{
			"category": schema.StringAttribute{
				MarkdownDescription: "`EVS` (block disk), `EFS` (SFS Turbo), `OBSFS` (parallel file system) or `OBS` (bucket), in any letter case. Changing it replaces the notebook.",
				Required:            true,
				Validators:          []validator.String{inputs.OneOf("EVS", "EFS", "OBS", "OBSFS")},
			},
			"ownership": schema.StringAttribute{
				MarkdownDescription: "`MANAGED` (the default: the service owns the storage and deletes it with the notebook) or `DEDICATED` (yours), in any letter case. Changing it replaces the notebook.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString("MANAGED"),
				Validators:          []validator.String{inputs.OneOf("MANAGED", "DEDICATED")},
			},
			"capacity": schema.Int64Attribute{
				MarkdownDescription: "Size in GB, 5 to 4096. Default: 5 for `EVS`; for managed `EFS` the service's default, 50. An EVS disk can grow in place while the notebook runs. Storage cannot shrink.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Int64{inputs.Between(minCapacity, maxCapacity)},
			},
			"uri": schema.StringAttribute{
				MarkdownDescription: "Source of `DEDICATED` storage: the share path of the SFS Turbo file system, or `obs://bucket/path/`. Changing it replaces the notebook.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{inputs.Length(1, maxURI), inputs.OneLine()},
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "ID of the SFS Turbo file system. Changing it replaces the notebook.",
				Optional:            true,
				Computed:            true,
				Validators:          isUUID(),
			},
			"dew_secret_name": schema.StringAttribute{
				MarkdownDescription: "Name of the DEW secret that holds the keys to the bucket. Changing it stops a running notebook.",
				Optional:            true,
				Validators:          secretName(),
			},
			"mount_path": schema.StringAttribute{
				MarkdownDescription: "Directory in the notebook. Null if the service does not return it.",
				Computed:            true,
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "What is being done to the storage, for example `RESIZING`. Null when nothing is.",
				Computed:            true,
			},
		},
	}
}

func secretName() []validator.String {
	return []validator.String{inputs.NotEmpty(), inputs.Matches(secretNamePattern, "must be 1 to 64 letters, digits, hyphens and underscores")}
}

func customSpecSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Size of a notebook in a dedicated pool (`pool_id`), in place of a flavor. Changing it stops a running notebook.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"cpu": schema.Float64Attribute{
				MarkdownDescription: "CPU cores, at least 0.4, with at most two decimals.",
				Required:            true,
				Validators:          []validator.Float64{inputs.From(0.4)},
			},
			"memory": schema.Int64Attribute{
				MarkdownDescription: "Memory, at least 513. The API does not document the unit; its bound suggests MB.",
				Required:            true,
				Validators:          []validator.Int64{inputs.AtLeast(513)},
			},
			"gpu": schema.Float64Attribute{
				MarkdownDescription: "GPU cards. GPU pools only.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.Float64{inputs.From(0)},
			},
			"gpu_type": schema.StringAttribute{
				MarkdownDescription: "GPU type. GPU pools only.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{inputs.Text()},
			},
			"arch": schema.StringAttribute{
				MarkdownDescription: "`X86_64` or `AARCH64`, in any letter case.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{inputs.OneOf("X86_64", "AARCH64")},
			},
			"category": schema.StringAttribute{
				MarkdownDescription: "`CPU` or `GPU`, in any letter case.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{inputs.OneOf("CPU", "GPU")},
			},
			"resource_flavor": schema.StringAttribute{
				MarkdownDescription: "Flavor of the pool node to run on.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{inputs.Text()},
			},
		},
	}
}

func dataVolumesSchema() schema.Attribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: "Further storage, by the directory where it is mounted, for example `\"/data/lake/\"`. Changing it stops a running notebook.",
		Optional:            true,
		Validators: []validator.Map{
			mapvalidator.KeysAre(
				inputs.Length(1, maxMountPath),
				inputs.Matches(absolutePattern, "must be the absolute path of a directory in the notebook, such as /data/lake/"),
			),
		},
		NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{
				"category": schema.StringAttribute{
					MarkdownDescription: "`OBSFS` (parallel file system) or `EFS` (SFS Turbo), in any letter case. The service accepts `OBS` buckets here but never mounts them: mount the same bucket as `OBSFS`.",
					Required:            true,
					Validators:          []validator.String{dataVolumeCategory()},
				},
				"uri": schema.StringAttribute{
					MarkdownDescription: "Source: `obs://bucket/path/`, or the share path of the SFS Turbo file system. Required, except for an imported notebook until `data_volumes` changes: the service does not always return it.",
					Optional:            true,
					Validators:          []validator.String{inputs.Length(1, maxURI), inputs.OneLine()},
				},
				"read_only": schema.BoolAttribute{
					MarkdownDescription: "Mount it read-only. Default `false`.",
					Optional:            true,
					Computed:            true,
					Default:             booldefault.StaticBool(false),
				},
				"id": schema.StringAttribute{
					MarkdownDescription: "ID of the SFS Turbo file system. Required for `EFS`, with the same exception.",
					Optional:            true,
					Validators:          isUUID(),
				},
				"dew_secret_name": schema.StringAttribute{
					MarkdownDescription: "Name of the DEW secret that holds the keys to the bucket.",
					Optional:            true,
					Validators:          secretName(),
				},
			},
		},
	}
}

func endpointsSchema() schema.Attribute {
	return schema.MapNestedAttribute{
		MarkdownDescription: "Ways to reach the notebook besides its web page, by service: `SSH` or `NOTEBOOK`, in any letter case. Changing them stops a running notebook.",
		Optional:            true,
		Validators: []validator.Map{
			mapvalidator.KeysAre(inputs.OneOf("SSH", "NOTEBOOK")),
		},
		NestedObject: schema.NestedAttributeObject{
			Attributes: map[string]schema.Attribute{
				"key_pair_names": schema.SetAttribute{
					MarkdownDescription: "Names of the ECS key pairs whose holders may log in. `SSH` needs at least one.",
					Optional:            true,
					ElementType:         types.StringType,
					Validators: []validator.Set{
						setvalidator.ValueStringsAre(inputs.Text()),
					},
				},
				"allowed_access_ips": schema.SetAttribute{
					MarkdownDescription: "Public IP addresses that may connect over SSH, at most 5. Without it, any address may.",
					Optional:            true,
					ElementType:         types.StringType,
					Validators: []validator.Set{
						addresses{},
						setvalidator.ValueStringsAre(ipAddress()),
					},
				},
			},
		},
	}
}

func leaseSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Automatic stop. Without it the service stops a notebook one hour after each start. " +
			"Changing it renews the lease of a running notebook; the remaining time of a lease never causes a change in a plan. " +
			"Removing it from the configuration does not change the notebook.",
		Optional: true,
		Computed: true,
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				MarkdownDescription: "`TIMING` (stop after a time; the service's default) or `IDLE` (stop after a time of idleness), in any letter case.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{inputs.OneOf("TIMING", "IDLE")},
			},
			"duration": schema.StringAttribute{
				MarkdownDescription: "How long, from 1 to 72 hours: `\"8h\"`, `\"90m\"`, or a whole number of milliseconds as in the API. It counts from each start or renewal.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{leaseDuration()},
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "`false`: never stop automatically. Switching the automatic stop of a running notebook off requires a restart, because the service accepts this setting only in a start.",
				Optional:            true,
				Computed:            true,
			},
		},
	}
}

func hooksSchema() schema.Attribute {
	hook := func(description string) schema.Attribute {
		return schema.SingleNestedAttribute{
			MarkdownDescription: description,
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"content": schema.StringAttribute{
					MarkdownDescription: "Text of the script. The provider encodes it for the API. State and saved plans contain it in plain text: for a script with a secret, use `content_wo`. Exactly one of `content`, `content_wo` and `path`.",
					Optional:            true,
					Validators:          []validator.String{inputs.NotEmpty()},
				},
				"content_wo": schema.StringAttribute{
					MarkdownDescription: "Text of a script that neither state nor plan stores. The provider sends it with a create, and when `content_wo_version` or another argument of `hooks` changes. It needs Terraform 1.11 or OpenTofu 1.11, or newer.",
					Optional:            true,
					WriteOnly:           true,
					Validators:          []validator.String{inputs.NotEmpty()},
				},
				"content_wo_version": schema.Int64Attribute{
					MarkdownDescription: "Version of `content_wo`, required with it. Increase it to send a changed script. Changing it stops a running notebook.",
					Optional:            true,
					Validators:          []validator.Int64{inputs.AtLeast(0)},
				},
				"path": schema.StringAttribute{
					MarkdownDescription: "Absolute path of a script in the notebook. Exactly one of `content`, `content_wo` and `path`.",
					Optional:            true,
					Validators: []validator.String{
						inputs.NotEmpty(),
						inputs.Matches(absolutePattern, "must be the absolute path of a file in the notebook, such as /home/ma-user/work/start.sh"),
					},
				},
				"mode": schema.StringAttribute{
					MarkdownDescription: "`BLOCK` (the start waits for the script) or `ASYNC` (the default: the start does not wait), in any letter case.",
					Optional:            true,
					Computed:            true,
					Default:             stringdefault.StaticString("ASYNC"),
					Validators:          []validator.String{inputs.OneOf("BLOCK", "ASYNC")},
				},
			},
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Scripts that run at each start. Changing them stops a running notebook. The API never returns them, so plans show no drift, and an import does not read them. State and plan contain the scripts, unless you use `content_wo`.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"pre_start":  hook("Script that runs before the notebook's service starts."),
			"post_start": hook("Script that runs after the notebook's service has started."),
		},
	}
}

func affinitySchema() schema.Attribute {
	rule := func() map[string]schema.Attribute {
		return map[string]schema.Attribute{
			"key": schema.StringAttribute{
				MarkdownDescription: "Key of the node label.",
				Required:            true,
				Validators:          []validator.String{inputs.Text()},
			},
			"operator": schema.StringAttribute{
				MarkdownDescription: "`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`, in any letter case.",
				Required:            true,
				Validators:          []validator.String{inputs.OneOf(affinityOperators...)},
			},
			"values": schema.SetAttribute{
				MarkdownDescription: "Values of the label: at least one for `In` and `NotIn`, one for `Gt` and `Lt`, none for the others.",
				Optional:            true,
				ElementType:         types.StringType,
			},
		}
	}
	preferred := rule()
	preferred["weight"] = schema.Int64Attribute{
		MarkdownDescription: "Weight, 0 to 100.",
		Required:            true,
		Validators:          []validator.Int64{inputs.Between(0, 100)},
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Nodes of the dedicated pool to run on, by their labels. Changing it stops a running notebook.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"required": schema.ListNestedAttribute{
				MarkdownDescription: "Rules that a node must fulfil.",
				Optional:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: rule()},
			},
			"preferred": schema.ListNestedAttribute{
				MarkdownDescription: "Rules that a node should fulfil.",
				Optional:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: preferred},
			},
		},
	}
}

func runUserSchema() schema.Attribute {
	id := func(description string) schema.Attribute {
		return schema.Int64Attribute{
			MarkdownDescription: description,
			Optional:            true,
			Computed:            true,
			Validators:          []validator.Int64{inputs.AtLeast(0)},
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: "User that the container runs as. Changing it replaces the notebook.",
		Optional:            true,
		Computed:            true,
		Attributes:          map[string]schema.Attribute{"uid": id("User ID."), "gid": id("Group ID.")},
	}
}

func userVPCSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "VPC that the notebook gets a network card in. Changing it replaces the notebook.",
		Optional:            true,
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"vpc_id": schema.StringAttribute{
				MarkdownDescription: "ID of the VPC.",
				Required:            true,
				Validators:          []validator.String{inputs.Text()},
			},
			"subnet_id": schema.StringAttribute{
				MarkdownDescription: "ID of the subnet.",
				Required:            true,
				Validators:          []validator.String{inputs.Text()},
			},
			"security_group_ids": schema.SetAttribute{
				MarkdownDescription: "IDs of the security groups.",
				Required:            true,
				ElementType:         types.StringType,
				Validators:          []validator.Set{inputs.NotEmptySet(": write the ID of at least one security group"), setvalidator.ValueStringsAre(inputs.Text())},
			},
			"connect_cidrs": schema.SetAttribute{
				MarkdownDescription: "Further CIDR blocks that are reached through the network card.",
				Optional:            true,
				Computed:            true,
				ElementType:         types.StringType,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(cidrBlock())},
			},
		},
	}
}

// publicNetworkSchema is computed, so that a notebook keeps what it has when the
// argument is removed from the configuration, and so that what a service answers
// unasked is no difference.
func publicNetworkSchema() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "The notebook's way to the public network. Changing it stops a running notebook. " +
			"Only the newest model of the API has it, and some sites may refuse it. The provider sends it only if it is configured. " +
			"If the service does not return it, plans show no drift, and an import does not read it. " +
			"Removing it from the configuration does not change the notebook.",
		Optional: true,
		Computed: true,
		Attributes: map[string]schema.Attribute{
			"public_network_type": schema.StringAttribute{
				MarkdownDescription: "`SHARED` (a way that is shared with others), `EXCLUSIVE` (one of its own) or `FORBIDDEN` (none), in any letter case.",
				Required:            true,
				Validators:          []validator.String{inputs.OneOf("SHARED", "EXCLUSIVE", "FORBIDDEN")},
			},
		},
	}
}

// timeoutsSchema are the operations that have a timeout.
func timeoutsSchema() schema.Attribute {
	return inputs.Timeouts(map[string]string{
		"create": "How long a create may take, all steps together. Default `30m`.",
		"read":   "How long a read may take. Default `5m`.",
		"update": "How long an update may take, all steps together. Default `60m`.",
		"delete": "How long a delete may take, all steps together. Default `30m`. A destroy uses the value that was applied last.",
	})
}
