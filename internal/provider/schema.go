package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/inputs"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/location"
)

// model is the provider block.
type model struct {
	Region           types.String `tfsdk:"region"`
	AccessKey        types.String `tfsdk:"access_key"`
	SecretKey        types.String `tfsdk:"secret_key"`
	SecurityToken    types.String `tfsdk:"security_token"`
	AuthToken        types.String `tfsdk:"auth_token"`
	UserName         types.String `tfsdk:"user_name"`
	Password         types.String `tfsdk:"password"`
	DomainName       types.String `tfsdk:"domain_name"`
	DomainID         types.String `tfsdk:"domain_id"`
	AssumeRole       types.Object `tfsdk:"assume_role"`
	SharedConfig     types.String `tfsdk:"shared_config_file"`
	Profile          types.String `tfsdk:"profile"`
	ProjectID        types.String `tfsdk:"project_id"`
	ProjectName      types.String `tfsdk:"project_name"`
	Cloud            types.String `tfsdk:"cloud"`
	Endpoints        types.Object `tfsdk:"endpoints"`
	Insecure         types.Bool   `tfsdk:"insecure"`
	CACertFile       types.String `tfsdk:"cacert_file"`
	MaxRetries       types.Int64  `tfsdk:"max_retries"`
	RequestTimeout   types.String `tfsdk:"request_timeout"`
	PollInterval     types.String `tfsdk:"poll_interval"`
	DefaultTags      types.Map    `tfsdk:"default_tags"`
	IgnoreTags       types.Object `tfsdk:"ignore_tags"`
	OmitToken        types.Bool   `tfsdk:"omit_token"`
	PlanChecks       types.String `tfsdk:"plan_checks"`
	RequireAutoStop  types.Bool   `tfsdk:"require_auto_stop"`
	MaxAutoStop      types.String `tfsdk:"max_auto_stop"`
	RequireAccessIPs types.Bool   `tfsdk:"require_access_ips"`
	Release          types.Set    `tfsdk:"release_protection"`
}

type endpointsModel struct {
	ModelArts types.String `tfsdk:"modelarts"`
	IAM       types.String `tfsdk:"iam"`
}

type assumeRoleModel struct {
	AgencyName types.String `tfsdk:"agency_name"`
	DomainName types.String `tfsdk:"domain_name"`
	DomainID   types.String `tfsdk:"domain_id"`
	Duration   types.String `tfsdk:"duration"`
}

type ignoreTagsModel struct {
	Keys     types.Set `tfsdk:"keys"`
	Prefixes types.Set `tfsdk:"key_prefixes"`
}

// environment has the variables that stand in for each argument, in the order
// in which they are looked at. The names are those that users of this cloud
// already have.
var environment = map[string][]string{
	"region":                   {"HW_REGION_NAME"},
	"access_key":               {"HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"},
	"secret_key":               {"HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"},
	"security_token":           {"HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"},
	"auth_token":               {"HW_AUTH_TOKEN"},
	"user_name":                {"HW_USER_NAME"},
	"password":                 {"HW_USER_PASSWORD"},
	"domain_name":              {"HW_DOMAIN_NAME"},
	"domain_id":                {"HW_DOMAIN_ID"},
	"assume_role.agency_name":  {"HW_ASSUME_ROLE_AGENCY_NAME"},
	"assume_role.domain_name":  {"HW_ASSUME_ROLE_DOMAIN_NAME"},
	"assume_role.domain_id":    {"HW_ASSUME_ROLE_DOMAIN_ID"},
	"assume_role.duration":     {"HW_ASSUME_ROLE_DURATION"},
	"shared_config_file":       {"HW_SHARED_CONFIG_FILE"},
	"profile":                  {"HW_PROFILE"},
	"project_id":               {"HW_PROJECT_ID", "HUAWEICLOUD_SDK_PROJECT_ID"},
	"project_name":             {"HW_PROJECT_NAME"},
	"cloud":                    {"HW_CLOUD"},
	"endpoints.modelarts":      {"MODELARTS_ENDPOINT"},
	"endpoints.iam":            {"HW_AUTH_URL"},
	"insecure":                 {"HW_INSECURE"},
	"cacert_file":              {"HW_CACERT_FILE"},
	"max_retries":              {"HW_MAX_RETRIES"},
	"request_timeout":          {"MODELARTS_REQUEST_TIMEOUT"},
	"poll_interval":            {"MODELARTS_POLL_INTERVAL"},
	"default_tags":             {"MODELARTS_DEFAULT_TAGS"},
	"ignore_tags.keys":         {"MODELARTS_IGNORE_TAGS_KEYS"},
	"ignore_tags.key_prefixes": {"MODELARTS_IGNORE_TAGS_KEY_PREFIXES"},
	"omit_token":               {"MODELARTS_OMIT_TOKEN"},
	"plan_checks":              {"MODELARTS_PLAN_CHECKS"},
	"require_auto_stop":        {"MODELARTS_REQUIRE_AUTO_STOP"},
	"max_auto_stop":            {"MODELARTS_MAX_AUTO_STOP"},
	"require_access_ips":       {"MODELARTS_REQUIRE_ACCESS_IPS"},
	"release_protection":       {"MODELARTS_RELEASE_PROTECTION"},
}

// describe adds the environment variables to the description of an argument.
func describe(argument, text string) string {
	return text + " Environment: `" + strings.Join(environment[argument], "`, `") + "`."
}

// Schema describes the provider block. Every argument is optional, so that the
// environment can give it.
func (p *modelArtsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes := make(map[string]schema.Attribute)
	for _, group := range []map[string]schema.Attribute{accessArguments(), placeArguments(), callArguments(), objectArguments()} {
		for name, a := range group {
			attributes[name] = notEmpty(a)
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Notebook instances of ModelArts on Huawei Cloud.",
		Attributes:          attributes,
	}
}

// notEmpty returns an argument that does not take an empty text: a variable that is
// not set would hide the environment.
func notEmpty(a schema.Attribute) schema.Attribute {
	switch a := a.(type) {
	case schema.StringAttribute:
		if len(a.Validators) == 0 {
			a.Validators = []validator.String{inputs.Text()}
		}
		return a
	case schema.SingleNestedAttribute:
		for name, member := range a.Attributes {
			a.Attributes[name] = notEmpty(member)
		}
		return a
	default:
		return a
	}
}

// accessArguments are those of who calls: credentials and where they come from.
func accessArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"access_key": schema.StringAttribute{
			MarkdownDescription: describe("access_key", "Access key (AK)."),
			Optional:            true,
			Sensitive:           true,
		},
		"secret_key": schema.StringAttribute{
			MarkdownDescription: describe("secret_key", "Secret key (SK)."),
			Optional:            true,
			Sensitive:           true,
		},
		"security_token": schema.StringAttribute{
			MarkdownDescription: describe("security_token", "Security token that belongs to temporary keys."),
			Optional:            true,
			Sensitive:           true,
		},
		"auth_token": schema.StringAttribute{
			MarkdownDescription: describe("auth_token", "IAM token scoped to the project, instead of keys. It is valid for 24 hours."),
			Optional:            true,
			Sensitive:           true,
		},
		"user_name": schema.StringAttribute{
			MarkdownDescription: describe("user_name", "Name of an IAM user, to sign in with `password` instead of keys."),
			Optional:            true,
		},
		"password": schema.StringAttribute{
			MarkdownDescription: describe("password", "Password of the user."),
			Optional:            true,
			Sensitive:           true,
		},
		"domain_name": schema.StringAttribute{
			MarkdownDescription: describe("domain_name", "Name of the account that the user belongs to. A password needs this or `domain_id`."),
			Optional:            true,
		},
		"domain_id": schema.StringAttribute{
			MarkdownDescription: describe("domain_id", "ID of the account that the user or the keys belong to."),
			Optional:            true,
		},
		"assume_role": assumeRoleArgument(),
		"shared_config_file": schema.StringAttribute{
			MarkdownDescription: describe("shared_config_file", "File with profiles, as the command line `hcloud` or the SDKs of Huawei Cloud write it. Default: `~/.hcloud/config.json`, then `~/.huaweicloud/credentials`."),
			Optional:            true,
		},
		"profile": schema.StringAttribute{
			MarkdownDescription: describe("profile", "Profile for the values that neither the block nor the environment sets. Default: the current profile of `hcloud`, or `basic` of the SDKs. The default is used only if there are no other credentials."),
			Optional:            true,
		},
	}
}

func assumeRoleArgument() schema.Attribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Act for another account, through an agency that it has entrusted to this one. The provider uses its other credentials to get temporary keys, and renews them before they expire.",
		Optional:            true,
		Attributes: map[string]schema.Attribute{
			"agency_name": schema.StringAttribute{
				MarkdownDescription: describe("assume_role.agency_name", "Name of the agency."),
				Optional:            true,
			},
			"domain_name": schema.StringAttribute{
				MarkdownDescription: describe("assume_role.domain_name", "Name of the account that has made the agency. This or `domain_id` is needed."),
				Optional:            true,
			},
			"domain_id": schema.StringAttribute{
				MarkdownDescription: describe("assume_role.domain_id", "ID of the account that has made the agency."),
				Optional:            true,
			},
			"duration": schema.StringAttribute{
				MarkdownDescription: describe("assume_role.duration", "How long the temporary keys are valid, from `15m` to `24h`. Default `1h`."),
				Optional:            true,
				Validators:          []validator.String{roleDuration},
			},
		},
	}
}

// placeArguments are those of what is called: region, project and endpoints.
func placeArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"region": schema.StringAttribute{
			MarkdownDescription: describe("region", "Region, for example `cn-north-4`."),
			Optional:            true,
		},
		"project_id": schema.StringAttribute{
			MarkdownDescription: describe("project_id", "Project of the region. Without it the project is looked up by name."),
			Optional:            true,
		},
		"project_name": schema.StringAttribute{
			MarkdownDescription: describe("project_name", "Name of the project to look up. Default: the region's own project, which has the region's name."),
			Optional:            true,
		},
		"cloud": schema.StringAttribute{
			MarkdownDescription: describe("cloud", "Domain of the cloud's endpoints. Default: `myhuaweicloud.com`, or `myhuaweicloud.eu` for the regions that begin with `eu-west-1`."),
			Optional:            true,
		},
		"endpoints": schema.SingleNestedAttribute{
			MarkdownDescription: "Endpoints to use instead of the region's. `https://`, or `http://` for loopback addresses.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"modelarts": schema.StringAttribute{
					MarkdownDescription: describe("endpoints.modelarts", "Endpoint of ModelArts. Default: `https://modelarts.REGION.CLOUD`."),
					Optional:            true,
				},
				"iam": schema.StringAttribute{
					MarkdownDescription: describe("endpoints.iam", "Endpoint of IAM. Default: `https://iam.REGION.CLOUD`, or `https://iam.CLOUD` for a region without its own IAM endpoint."),
					Optional:            true,
				},
			},
		},
	}
}

// callArguments are those of how it is called.
func callArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"insecure": schema.BoolAttribute{
			MarkdownDescription: describe("insecure", "Do not verify the certificates of the endpoints. For tests only. Default `false`."),
			Optional:            true,
		},
		"cacert_file": schema.StringAttribute{
			MarkdownDescription: describe("cacert_file", "PEM file with certificates to trust besides the system's."),
			Optional:            true,
		},
		"max_retries": schema.Int64Attribute{
			MarkdownDescription: describe("max_retries", "How often the provider retries a call that failed on the network. It retries reads, and calls that cannot have had an effect. `0` disables these retries. If the service throttles calls, all calls slow down together. Throttled calls are retried until the timeout of the operation and do not count. The provider waits as long as `Retry-After` requests, but at most 30 seconds at first and five minutes later, and never more than half of the remaining time. Default `4`."),
			Optional:            true,
			Validators:          []validator.Int64{inputs.Between(0, 20)},
		},
		"request_timeout": schema.StringAttribute{
			MarkdownDescription: describe("request_timeout", "How long one attempt of a call may take, including the whole response, from `1s` to `10m`. Default `90s`."),
			Optional:            true,
			Validators:          []validator.String{requestTimeout},
		},
		"poll_interval": schema.StringAttribute{
			MarkdownDescription: describe("poll_interval", "Approximate interval between two status checks while a notebook changes its status, for example `\"2s\"`. In longer waits the interval grows to a tenth of the elapsed time, up to ten times this value. Default `2s`."),
			Optional:            true,
			Validators:          []validator.String{pollInterval},
		},
	}
}

func ignoreTagsArgument() schema.Attribute {
	keys := func(argument, text string) schema.Attribute {
		return schema.SetAttribute{
			MarkdownDescription: describe(argument, text) + " There, separated by commas.",
			Optional:            true,
			ElementType:         types.StringType,
			Validators:          []validator.Set{setvalidator.ValueStringsAre(inputs.Text())},
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: "Tags that the provider ignores because other tools set them. `tags` and `tags_all` of resources and data sources do not show them. The provider never changes or removes them. " +
			"Setting one of them in `tags` or `default_tags` is an error.",
		Optional: true,
		Attributes: map[string]schema.Attribute{
			"keys":         keys("ignore_tags.keys", "Whole keys of tags, for example `owner`; upper and lower case differ."),
			"key_prefixes": keys("ignore_tags.key_prefixes", "Beginnings of keys, for example `billing:`."),
		},
	}
}

// objectArguments are those of what becomes of notebooks and their plans.
func objectArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"default_tags": schema.MapAttribute{
			MarkdownDescription: describe("default_tags", "Tags for every notebook, unless its own `tags` set the same key.") + " There, as `key=value,key=value`.",
			Optional:            true,
			ElementType:         types.StringType,
			Validators:          []validator.Map{mapvalidator.KeysAre(inputs.TagKey()...), mapvalidator.ValueStringsAre(inputs.TagValue()...)},
		},
		"ignore_tags": ignoreTagsArgument(),
		"omit_token": schema.BoolAttribute{
			MarkdownDescription: describe("omit_token", "Keep the notebooks' tokens out of the state. Default `false`."),
			Optional:            true,
		},
		"plan_checks": schema.StringAttribute{
			MarkdownDescription: describe("plan_checks", "What a plan does about a flavor, image, pool or disk that the service will refuse, in any letter case: `error` (the default), `warn`, or `off` (no check)."),
			Optional:            true,
			Validators:          []validator.String{inputs.OneOf("error", "warn", "off")},
		},
		"require_auto_stop": schema.BoolAttribute{
			MarkdownDescription: describe("require_auto_stop", "Refuse notebooks without automatic stop (`lease.enabled = false`). Default `false`."),
			Optional:            true,
		},
		"require_access_ips": schema.BoolAttribute{
			MarkdownDescription: describe("require_access_ips", "Refuse SSH endpoints that any address can reach (without `allowed_access_ips`). With `false`, a plan warns about them. Default `false`."),
			Optional:            true,
		},
		"max_auto_stop": schema.StringAttribute{
			MarkdownDescription: describe("max_auto_stop", "Longest lease that a notebook may have, from `1h` to `72h`. A notebook without automatic stop is refused, too. Default: any."),
			Optional:            true,
			Validators:          []validator.String{maxAutoStop},
		},
		"release_protection": schema.SetAttribute{
			MarkdownDescription: describe("release_protection", "IDs of notebooks whose `deletion_protection` is ignored. Use it for one run, to destroy or replace protected notebooks that are no longer in a configuration. A value that is unknown in the plan releases no notebook.") + " There, separated by commas.",
			Optional:            true,
			ElementType:         types.StringType,
			Validators:          []validator.Set{setvalidator.ValueStringsAre(inputs.Matches(location.UUIDPattern, "must be the ID of a notebook, a UUID"))},
		},
	}
}
